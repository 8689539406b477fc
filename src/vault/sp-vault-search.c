/* SPDX-License-Identifier: GPL-3.0-or-later */

/* in:all: besides the overviews, the notes and the fields that are not concealed. Decrypts every item, so it
 * is done only when asked for; concealed fields are not searched, whatever is asked for. */

#define G_LOG_DOMAIN "sp-vault-search"

#include "config.h"

#include <string.h>

#include "base/sp-wipe.h"
#include "vault/sp-query.h"
#include "vault/sp-scan.h"
#include "vault/sp-vault-items.h"
#include "vault/sp-vault-private.h"

static gboolean
text_has (const char *text, const char *word)
{
  char *folded = sp_search_fold (text);
  gboolean found = strstr (folded, word) != NULL;

  sp_wipe (folded, strlen (folded));
  g_free (folded);
  return found;
}

static gboolean
item_has (const SpItem *item, const char *word)
{
  if (text_has (item->title, word) || text_has (sp_secret_peek_text (item->notes), word))
    return TRUE;
  for (guint i = 0; i < item->fields->len; i++) {
    const SpField *field = g_ptr_array_index (item->fields, i);

    if (field->label != NULL && text_has (field->label, word))
      return TRUE;
    if (!sp_field_kind_is_secret (field->kind) &&
        text_has (sp_secret_peek_text (field->value), word))
      return TRUE;
  }
  return FALSE;
}

/* An item that cannot be read is found by what its overview says. */
static gboolean
matches_all (SpVault *self, const SpQuery *query, const SpPage *page, const SpPageRecord *record)
{
  g_autoptr (SpItem) item = NULL;

  for (guint i = 0; i < query->words->len; i++) {
    const char *word = g_ptr_array_index (query->words, i);

    if (sp_scan (page->fold + record->fold_offset, record->fold_len, word, strlen (word)) != NULL)
      continue;
    if (item == NULL)
      item = sp_vault_load (self, record->number, NULL);
    if (item == NULL || !item_has (item, word))
      return FALSE;
  }
  return TRUE;
}

/**
 * sp_vault_search:
 * @self: a vault
 * @query: what is asked
 * @previous: (nullable): the results of an earlier query
 * @cancellable: (nullable): to cancel a search of everything
 * @error: return location for a [error@VaultError]
 *
 * Returns: (transfer full): what was found, best first; `NULL` with CANCELLED
 */
SpResults *
sp_vault_search (SpVault *self,
                 const SpQuery *query,
                 SpResults *previous,
                 GCancellable *cancellable,
                 GError **error)
{
  g_autoptr (GArray) hits = NULL;
  gint64 now_ms = sp_vault_now (self);
  /* Reading details may catch up with another process, and so replace the vault's own snapshot. */
  g_autoptr (SpSnapshot) snapshot = sp_snapshot_ref (self->snapshot);

  if (!sp_query_wants_all (query) || query->words->len == 0)
    return sp_search (snapshot, query, previous, now_ms);

  hits = g_array_new (FALSE, FALSE, sizeof (SpHit));
  for (SpPosition i = sp_snapshot_first (snapshot); i != SP_POSITION_NONE;
       i = sp_snapshot_next (snapshot, i)) {
    const SpPage *page;
    const SpPageRecord *record = sp_snapshot_peek_record (snapshot, i, &page);

    if (g_cancellable_is_cancelled (cancellable)) {
      g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_CANCELLED, "Cancelled.");
      return NULL;
    }
    if (sp_query_filter (query, page, record, now_ms) && matches_all (self, query, page, record)) {
      SpHit hit = sp_hit_new (query, page, record, i);

      g_array_append_val (hits, hit);
    }
  }
  return sp_results_new (snapshot, query, hits);
}
