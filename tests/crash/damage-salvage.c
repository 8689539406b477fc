/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Salvaging is held against what SQLite alone can reach: a second connection, as forgiving as SQLite can be, looks for
 * each record of the model by its number. */

#include "config.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "damage.h"
#include "vault/sp-vault-repair.h"

typedef struct {
  Damage *damage;
  sqlite3 *db;
  gboolean slot;
  GHashTable *items; /* (element-type DamageItem) those whose detail is reached */
  guint n_history;
  guint n_attachments;
} Reach;

static gboolean
reaches (Reach *self, const DamageRow *row)
{
  g_autofree char *sql = g_strdup_printf (
      "SELECT revision, data FROM %s WHERE id = %" G_GUINT64_FORMAT, row->table, row->id);
  sqlite3_stmt *statement = NULL;
  gboolean same = FALSE;
  gsize len;
  const guint8 *data = g_bytes_get_data (row->data, &len);

  if (sqlite3_prepare_v2 (self->db, sql, -1, &statement, NULL) == SQLITE_OK &&
      sqlite3_step (statement) == SQLITE_ROW)
    same = sqlite3_column_int64 (statement, 0) == row->revision &&
           sqlite3_column_type (statement, 1) == SQLITE_BLOB &&
           (gsize) sqlite3_column_bytes (statement, 1) == len &&
           (len == 0 || memcmp (sqlite3_column_blob (statement, 1), data, len) == 0);
  sqlite3_finalize (statement);
  return same;
}

static gboolean
reaches_all (Reach *self, const GArray *rows)
{
  for (guint i = 0; i < rows->len; i++) {
    if (!reaches (self, &g_array_index (rows, DamageRow, i)))
      return FALSE;
  }
  return TRUE;
}

static void
reach_item (Reach *self, DamageItem *item)
{
  if (!reaches (self, &item->detail))
    return;
  g_hash_table_add (self->items, item);
  for (guint i = 0; i < item->history->len; i++) {
    if (!reaches (self, &g_array_index (item->history, DamageRow, i)))
      break;
    self->n_history++;
  }
  if (item->attachments->len > 0 && reaches_all (self, item->attachments))
    self->n_attachments++;
}

static gboolean
reach_slot (Reach *self, const char *table)
{
  g_autofree char *sql = g_strdup_printf ("SELECT fixed, revision, changing FROM %s WHERE id > 0",
                                          table);
  gsize len;
  const guint8 *fixed = g_bytes_get_data (self->damage->model->slot_fixed, &len);
  sqlite3_stmt *statement = NULL;
  gboolean found = FALSE;

  if (sqlite3_prepare_v2 (self->db, sql, -1, &statement, NULL) == SQLITE_OK) {
    while (!found && sqlite3_step (statement) == SQLITE_ROW)
      found = sqlite3_column_type (statement, 0) == SQLITE_BLOB &&
              sqlite3_column_type (statement, 1) == SQLITE_INTEGER &&
              sqlite3_column_type (statement, 2) == SQLITE_BLOB &&
              (gsize) sqlite3_column_bytes (statement, 0) == len &&
              memcmp (sqlite3_column_blob (statement, 0), fixed, len) == 0;
  }
  sqlite3_finalize (statement);
  return found;
}

/* Immutable: nothing beside the file is looked at or made. */
static void
reach_all (Reach *self)
{
  g_autofree char *uri = g_strdup_printf ("file:%s?immutable=1", self->damage->path);
  GHashTableIter iter;
  gpointer item;

  self->items = g_hash_table_new (NULL, NULL);
  if (sqlite3_open_v2 (uri, &self->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL) == SQLITE_OK) {
    /* Makes SQLite forgive a schema of which a part is damaged, and a file that ends too early. */
    (void) sqlite3_db_config (self->db, SQLITE_DBCONFIG_WRITABLE_SCHEMA, 1, NULL);
    self->slot = reach_slot (self, "slot_a") || reach_slot (self, "slot_b");
    g_hash_table_iter_init (&iter, self->damage->model->items);
    while (self->slot && g_hash_table_iter_next (&iter, NULL, &item))
      reach_item (self, item);
  }
  sqlite3_close (self->db);
}

static void
check_clean (Damage *self, SpVault *vault)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) problems = sp_vault_verify (vault, NULL, NULL, NULL, &error);

  if (problems == NULL || problems->len > 0 || sp_vault_get_state (vault) != SP_VAULT_STATE_SOUND)
    damage_fail (self, "what was salvaged does not verify: %s",
                 problems == NULL    ? error->message
                 : problems->len > 0 ? ((const SpProblem *) g_ptr_array_index (problems, 0))->text
                                     : "not sound");
}

static void
check_brought (Reach *self, SpVault *vault, const SpSalvageReport *report)
{
  DamageFound found;
  GHashTableIter iter;
  gpointer item;

  damage_compare (self->damage, vault, &found);
  g_atomic_int_add (&self->damage->counts->n_salvaged, (gint) g_hash_table_size (found.read));
  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, &item, NULL)) {
    if (!g_hash_table_contains (found.read, item))
      damage_fail (self->damage, "\"%s\" can be reached, but was not salvaged",
                   ((DamageItem *) item)->title);
  }
  if (found.n_history < self->n_history)
    damage_fail (self->damage, "%u earlier versions were salvaged, %u can be reached",
                 found.n_history, self->n_history);
  if (found.n_attachments < self->n_attachments)
    damage_fail (self->damage, "%u attachments were salvaged, %u can be reached",
                 found.n_attachments, self->n_attachments);
  if (report->n_items != g_hash_table_size (found.read) || report->n_unproven != found.n_unproven)
    damage_fail (
        self->damage, "the report tells of %u items, %u of them unproven: %u and %u are there",
        report->n_items, report->n_unproven, g_hash_table_size (found.read), found.n_unproven);
  damage_found_clear (&found);
}

static void
check_target (Reach *self, const char *target, const SpSalvageReport *report)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpVault) vault = sp_vault_open (target, self->damage->model->password,
                                             SP_VAULT_OPEN_DEFAULT, NULL, &error);

  if (vault == NULL) {
    damage_fail (self->damage, "what was salvaged does not open: %s", error->message);
    return;
  }
  check_brought (self, vault, report);
  check_clean (self->damage, vault);
}

static void
check_untouched (Damage *self, const GByteArray *file)
{
  g_autofree char *data = NULL;
  gsize len;

  g_assert_true (g_file_get_contents (self->path, &data, &len, NULL));
  if (len != file->len || memcmp (data, file->data, len) != 0)
    damage_fail (self, "salvaging wrote to the damaged file");
}

void
damage_check_salvage (Damage *self, const GByteArray *file)
{
  g_autofree char *target = g_build_filename (self->folder, "salvaged.securepass", NULL);
  g_autoptr (SpSalvageReport) report = NULL;
  g_autoptr (GError) error = NULL;
  Reach reach = { .damage = self };

  reach_all (&reach);
  g_atomic_int_add (&self->counts->n_reached, (gint) g_hash_table_size (reach.items));
  report = sp_vault_salvage (self->path, self->model->password, target, NULL, &error);
  check_untouched (self, file);
  if (report != NULL) {
    g_atomic_int_inc (&self->counts->n_salvages);
    check_target (&reach, target, report);
    (void) g_unlink (target);
  } else if (g_hash_table_size (reach.items) > 0) {
    damage_fail (self, "%u items can be reached, but nothing was salvaged: %s",
                 g_hash_table_size (reach.items), error->message);
  }
  self->reached = reach.items;
}
