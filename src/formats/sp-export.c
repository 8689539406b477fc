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
#include "vault/sp-vault-slots.h"

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
count_items (SpVault *vault, const SpExportRun *run, gboolean with_trash)
{
  SpVaultInfo info;

  if (run->numbers != NULL)
    return run->n_numbers;
  sp_vault_get_info (vault, &info);
  return with_trash ? info.n_items + info.n_trashed : info.n_items;
}

/* Whether all that is asked for is there: better said before the first byte is written. */
static gboolean
check_numbers (SpVault *vault, const SpExportRun *run, GError **error)
{
  const SpSnapshot *snapshot = sp_vault_get_snapshot (vault);

  for (gsize i = 0; run->numbers != NULL && i < run->n_numbers; i++) {
    if (sp_snapshot_find_number (snapshot, run->numbers[i]) == SP_POSITION_NONE) {
      g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NOT_FOUND,
                           "One of the items is not in the vault any more. Nothing was exported.");
      return FALSE;
    }
  }
  return TRUE;
}

/* Logs the export before it happens: one that was broken off has let something out, too. */
gboolean
sp_export_begin (SpVault *vault, const SpExportRun *run, gboolean with_trash, GError **error)
{
  if (sp_vault_must_set_password (vault)) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_READ_ONLY,
                         "The vault was opened with a recovery key: a new master password comes "
                         "first. Nothing was exported.");
    return FALSE;
  }
  if (!check_numbers (vault, run, error))
    return FALSE;
  if (!sp_vault_is_writable (vault))
    return TRUE;
  return sp_vault_log (vault, SP_EVENT_EXPORTED, NULL, count_items (vault, run, with_trash), error);
}

/* (element-type guint64), pointing into `run`; NULL is all. */
static GHashTable *
make_set (const SpExportRun *run)
{
  GHashTable *set;

  if (run->numbers == NULL)
    return NULL;
  set = g_hash_table_new (g_int64_hash, g_int64_equal);
  for (gsize i = 0; i < run->n_numbers; i++)
    g_hash_table_add (set, (gpointer) (guintptr) &run->numbers[i]);
  return set;
}

static gboolean
is_wanted (const SpOverview *overview, GHashTable *set, gboolean with_trash)
{
  if (set != NULL)
    return g_hash_table_contains (set, &overview->number);
  return with_trash || (overview->flags & SP_OVERVIEW_TRASHED) == 0;
}

gboolean
sp_export_each (SpVault *vault,
                const SpExportRun *run,
                gboolean with_trash,
                SpExportItem function,
                gpointer data,
                GError **error)
{
  g_autoptr (SpSnapshot) snapshot = sp_snapshot_ref (sp_vault_get_snapshot (vault));
  g_autoptr (GHashTable) set = make_set (run);
  guint64 n_items = count_items (vault, run, with_trash);
  guint64 n_done = 0;
  SpPosition position = sp_snapshot_first (snapshot);

  for (; position != SP_POSITION_NONE; position = sp_snapshot_next (snapshot, position)) {
    g_autoptr (SpItem) item = NULL;
    SpOverview overview;

    if (g_cancellable_set_error_if_cancelled (run->cancellable, error))
      return FALSE;
    sp_snapshot_get_overview (snapshot, position, &overview);
    if (!is_wanted (&overview, set, with_trash))
      continue;
    item = sp_vault_load (vault, overview.number, error);
    if (item == NULL || !function (vault, item, data, error))
      return FALSE;
    n_done++;
    if (run->progress != NULL)
      run->progress (n_done, n_items, run->progress_data);
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
 * @run: (nullable): what to leave out, whom to tell; stopped between items
 * @error: return location for a SP_VAULT_ERROR, the stream's error, or G_IO_ERROR_CANCELLED
 *
 * Writes everything of every item, in the clear (docs/EXPORT.md).
 *
 * Returns: %TRUE if all of it was written
 */
gboolean
sp_export_json (SpVault *vault, GOutputStream *stream, const SpExportRun *run, GError **error)
{
  static const SpExportRun defaults = { 0 };
  g_autoptr (SpJsonWriter) writer = NULL;
  gboolean with_trash;
  JsonExport export;

  g_return_val_if_fail (vault != NULL && G_IS_OUTPUT_STREAM (stream), FALSE);

  if (run == NULL)
    run = &defaults;
  with_trash = (run->flags & SP_EXPORT_NO_TRASH) == 0;
  if (!sp_export_begin (vault, run, with_trash, error))
    return FALSE;

  writer = sp_json_writer_new (stream, TRUE);
  export = (JsonExport){ writer, run->flags, 0 };
  sp_json_begin_object (writer);
  write_head (writer, vault);
  sp_json_key (writer, "items");
  sp_json_begin_array (writer);
  if (!sp_export_each (vault, run, with_trash, write_json_item, &export, error))
    return FALSE;
  sp_json_end_array (writer);
  sp_json_end_object (writer);
  return sp_json_writer_flush (writer, error);
}
