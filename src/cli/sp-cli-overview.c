/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table borrows its cells from the snapshot: no copy of a title is made but for the line printed. */

#define G_LOG_DOMAIN "sp-cli-overview"

#include "config.h"

#include "cli/sp-cli-overview.h"

#include <glib/gi18n.h>

#include "cli/sp-cli-item.h"
#include "cli/sp-cli-table.h"
#include "formats/sp-export.h"

static void
print_json (SpCli *self, const SpSnapshot *snapshot, const SpPosition *positions, gsize n)
{
  SpJsonWriter *writer = sp_cli_get_json (self);

  sp_json_begin_array (writer);
  for (gsize i = 0; i < n; i++) {
    SpOverview overview;

    sp_snapshot_get_overview (snapshot, positions[i], &overview);
    sp_export_write_overview (writer, &overview);
  }
  sp_json_end_array (writer);
}

/**
 * sp_cli_print_overviews:
 * @self: a run
 * @snapshot: where the positions lead
 * @positions: (array length=n): items
 * @n: how many
 *
 * Prints a row for each item, or an object in an array with `--json`.
 */
void
sp_cli_print_overviews (SpCli *self,
                        const SpSnapshot *snapshot,
                        const SpPosition *positions,
                        gsize n)
{
  g_autoptr (SpCliTable) table = NULL;

  if (sp_cli_wants_json (self)) {
    print_json (self, snapshot, positions, n);
    return;
  }
  table = sp_cli_table_new (5);
  for (gsize i = 0; i < n; i++) {
    const SpItemTypeInfo *info;
    SpOverview overview;
    char id[9];

    sp_snapshot_get_overview (snapshot, positions[i], &overview);
    info = sp_item_type_get_info (overview.type);
    sp_cli_id_to_short (overview.id, id);
    sp_cli_table_add_copy (table, id);
    sp_cli_table_add (table, info != NULL ? info->name : "?");
    sp_cli_table_add (table, overview.title);
    sp_cli_table_add (table, overview.subtitle);
    sp_cli_table_add (table, overview.n_urls > 0 ? overview.first_url : "");
  }
  sp_cli_table_print (table, sp_cli_get_output (self));
}
