/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Going through a vault. The positions are those of one snapshot, held from the first to the last item; an
 * item that was purged meanwhile is an error, for an export says that it is complete. */

#define G_LOG_DOMAIN "sp-export"

#include "config.h"

#include "formats/sp-export.h"

#include "base/sp-clock.h"
#include "formats/sp-export-private.h"
#include "vault/sp-vault-items.h"
#include "vault/sp-vault-log.h"

#define FORMAT_NAME    "securepass-export"
#define FORMAT_VERSION 1
/* The writer's buffer is handed on after so many items, or each one with its history may be large. */
#define ITEMS_BETWEEN_FLUSHES 64

typedef struct {
  SpJsonWriter *writer;
  SpExportFlags flags;
  guint n_items;
} JsonExport;

static guint64
count_items (SpVault *vault, gboolean with_trash)
{
  SpVaultInfo info;

  sp_vault_get_info (vault, &info);
  return with_trash ? info.n_items + info.n_trashed : info.n_items;
}

/* Logs the export before it happens: one that was broken off has let something out, too. */
gboolean
sp_export_begin (SpVault *vault, gboolean with_trash, GError **error)
{
  if (!sp_vault_is_writable (vault))
    return TRUE;
  return sp_vault_log (vault, SP_EVENT_EXPORTED, NULL, count_items (vault, with_trash), error);
}

gboolean
sp_export_each (SpVault *vault,
                gboolean with_trash,
                SpExportItem function,
                gpointer data,
                GCancellable *cancellable,
                GError **error)
{
  g_autoptr (SpSnapshot) snapshot = sp_snapshot_ref (sp_vault_get_snapshot (vault));
  SpPosition position = sp_snapshot_first (snapshot);

  for (; position != SP_POSITION_NONE; position = sp_snapshot_next (snapshot, position)) {
    g_autoptr (SpItem) item = NULL;
    SpOverview overview;

    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    sp_snapshot_get_overview (snapshot, position, &overview);
    if (!with_trash && (overview.flags & SP_OVERVIEW_TRASHED) != 0)
      continue;
    item = sp_vault_load (vault, overview.number, error);
    if (item == NULL || !function (vault, item, data, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
write_json_item (SpVault *vault, SpItem *item, gpointer data, GError **error)
{
  JsonExport *export = data;
  g_autoptr (GPtrArray) history = NULL;

  if ((export->flags & SP_EXPORT_NO_HISTORY) == 0) {
    history = sp_vault_load_history (vault, item->number, error);
    if (history == NULL)
      return FALSE;
  }
  sp_export_write_item (export->writer, item, history, export->flags);
  export->n_items++;
  if (export->n_items % ITEMS_BETWEEN_FLUSHES != 0)
    return TRUE;
  return sp_json_writer_flush (export->writer, error);
}

static void
write_head (SpJsonWriter *writer, SpVault *vault)
{
  g_autofree char *name = sp_vault_dup_name (vault);
  g_autofree char *now = sp_time_to_iso8601 (sp_clock_now_ms (NULL) / 1000 * 1000);
  char id[SP_ID_STRING_LEN + 1];
  SpVaultInfo info;

  sp_vault_get_info (vault, &info);
  sp_id_to_string (&info.vault_id, id);
  sp_json_key (writer, "format");
  sp_json_string (writer, FORMAT_NAME);
  sp_json_key (writer, "version");
  sp_json_int (writer, FORMAT_VERSION);
  sp_json_key (writer, "exported");
  sp_json_string (writer, now);
  sp_json_key (writer, "vault");
  sp_json_begin_object (writer);
  sp_json_key (writer, "id");
  sp_json_string (writer, id);
  sp_json_key (writer, "name");
  sp_json_string (writer, name);
  sp_json_end_object (writer);
}

/**
 * sp_export_json:
 * @vault: an open vault
 * @stream: where to write; not closed
 * @flags: what to leave out
 * @cancellable: (nullable): stops it between items
 * @error: return location for a SP_VAULT_ERROR, the stream's error, or G_IO_ERROR_CANCELLED
 *
 * Writes everything of every item, in the clear (docs/EXPORT.md).
 *
 * Returns: %TRUE if all of it was written
 */
gboolean
sp_export_json (SpVault *vault,
                GOutputStream *stream,
                SpExportFlags flags,
                GCancellable *cancellable,
                GError **error)
{
  gboolean with_trash = (flags & SP_EXPORT_NO_TRASH) == 0;
  g_autoptr (SpJsonWriter) writer = NULL;
  JsonExport export;

  g_return_val_if_fail (vault != NULL && G_IS_OUTPUT_STREAM (stream), FALSE);

  if (!sp_export_begin (vault, with_trash, error))
    return FALSE;

  writer = sp_json_writer_new (stream, TRUE);
  export = (JsonExport){ writer, flags, 0 };
  sp_json_begin_object (writer);
  write_head (writer, vault);
  sp_json_key (writer, "items");
  sp_json_begin_array (writer);
  if (!sp_export_each (vault, with_trash, write_json_item, &export, cancellable, error))
    return FALSE;
  sp_json_end_array (writer);
  sp_json_end_object (writer);
  return sp_json_writer_flush (writer, error);
}
