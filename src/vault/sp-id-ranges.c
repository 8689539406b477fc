/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which rows something names, and so which ones nothing does. */

#define G_LOG_DOMAIN "sp-id-ranges"

#include "config.h"

#include "vault/sp-vault-inspect.h"

typedef struct {
  const GArray *ranges;
  GArray *foreign;
} Search;

/**
 * sp_id_ranges_add: (skip)
 * @ranges: (element-type SpIdRange): ranges
 * @first: first row id that is named
 * @last: last one
 */
void
sp_id_ranges_add (GArray *ranges, guint64 first, guint64 last)
{
  SpIdRange range = { first, last };

  g_array_append_val (ranges, range);
}

static gint
compare_ranges (gconstpointer a, gconstpointer b)
{
  guint64 first_a = ((const SpIdRange *) a)->first;
  guint64 first_b = ((const SpIdRange *) b)->first;

  return (first_a > first_b) - (first_a < first_b);
}

/**
 * sp_id_ranges_sort: (skip)
 * @ranges: (element-type SpIdRange): ranges
 *
 * Returns: how many overlap the one before, that is: name what is named already
 */
guint
sp_id_ranges_sort (GArray *ranges)
{
  guint n = 0;

  g_array_sort (ranges, compare_ranges);
  for (guint i = 1; i < ranges->len; i++)
    n += g_array_index (ranges, SpIdRange, i).first <=
         g_array_index (ranges, SpIdRange, i - 1).last;
  return n;
}

static gboolean
is_named (const GArray *ranges, guint64 id)
{
  guint low = 0, high = ranges->len;

  while (low < high) {
    guint middle = low + (high - low) / 2;

    if (g_array_index (ranges, SpIdRange, middle).first <= id)
      low = middle + 1;
    else
      high = middle;
  }
  return low > 0 && g_array_index (ranges, SpIdRange, low - 1).last >= id;
}

static gboolean
visit_row (guint64 id, guint64 revision, const guint8 *data, gsize len, gpointer user_data)
{
  Search *search = user_data;

  if (!is_named (search->ranges, id))
    g_array_append_val (search->foreign, id);
  return TRUE;
}

/**
 * sp_vault_find_foreign: (skip)
 * @self: a vault
 * @table: a table
 * @ranges: (element-type SpIdRange): what is named, sorted
 * @out_complete: (out): %FALSE when not all rows could be reached
 * @error: return location for a [error@VaultError]
 *
 * Returns: (transfer full) (element-type guint64): the rows that nothing names
 */
GArray *
sp_vault_find_foreign (SpVault *self,
                       SpRecords table,
                       const GArray *ranges,
                       gboolean *out_complete,
                       GError **error)
{
  Search search = { ranges, g_array_new (FALSE, FALSE, sizeof (guint64)) };

  if (sp_records_visit (self->db, table, visit_row, &search, out_complete, error))
    return search.foreign;
  g_array_unref (search.foreign);
  sp_vault_translate (error);
  return NULL;
}
