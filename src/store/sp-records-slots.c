/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The two tables of key slots (VAULT-FORMAT.md §4), which hold the same rows. */

#define G_LOG_DOMAIN "sp-records"

#include "config.h"

#include "store/sp-records.h"

#include "store/sp-db-private.h"

#define N_COPIES 2

/* The seal lists at most 64 slots; a file with more rows is not read to the end. */
#define MAX_ROWS 256

static const char *const select_sql[N_COPIES] = {
  "SELECT id, revision, changing, fixed FROM slot_a ORDER BY id",
  "SELECT id, revision, changing, fixed FROM slot_b ORDER BY id",
};

/**
 * sp_slot_row_free:
 * @self: (transfer full) (nullable): a row
 */
void
sp_slot_row_free (SpSlotRow *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->fixed, g_bytes_unref);
  g_clear_pointer (&self->changing, g_bytes_unref);
  g_free (self);
}

static SpSlotRow *
read_slot (SpStatement *statement)
{
  g_autoptr (SpSlotRow) row = g_new0 (SpSlotRow, 1);
  const guint8 *data;
  gsize len;

  if (!sp_records_read_row (statement, &row->position, &row->revision, &data, &len) ||
      sqlite3_column_type (statement, 3) != SQLITE_BLOB)
    return NULL;
  row->changing = g_bytes_new (data, len);
  row->fixed = g_bytes_new (sqlite3_column_blob (statement, 3),
                            (gsize) sqlite3_column_bytes (statement, 3));
  return g_steal_pointer (&row);
}

/* Whether the table could be read at all; damage on the way clears `complete`. */
static gboolean
read_copy (SpDb *db, guint copy, GPtrArray *rows, gboolean *complete, GError **error)
{
  g_autoptr (SpStatement) statement = NULL;
  int code;

  if (!sp_db_prepare (db, &statement, select_sql[copy], SP_DB_WHILE_READING, error))
    return FALSE;
  while ((code = sqlite3_step (statement)) == SQLITE_ROW && rows->len < MAX_ROWS) {
    SpSlotRow *row = read_slot (statement);

    if (row != NULL)
      g_ptr_array_add (rows, row);
    else
      *complete = FALSE;
  }
  if (code == SQLITE_ROW || sp_db_code_is_damage (code)) {
    *complete = FALSE;
    return TRUE;
  }
  return code == SQLITE_DONE || sp_db_fail (db->handle, code, SP_DB_WHILE_READING, error);
}

/**
 * sp_slot_rows_read:
 * @db: a database
 * @copy: 0 for `slot_a`, 1 for `slot_b`
 * @out_complete: (out): %FALSE when there was damage
 * @error: return location for the error
 *
 * Returns: (transfer full) (nullable) (element-type SpSlotRow): the rows that can be reached; %NULL if the
 *   table could not be read for another reason than damage
 */
GPtrArray *
sp_slot_rows_read (SpDb *db, guint copy, gboolean *out_complete, GError **error)
{
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) local = NULL;
  gboolean complete = TRUE;

  g_return_val_if_fail (db != NULL && copy < N_COPIES && out_complete != NULL, NULL);

  rows = g_ptr_array_new_with_free_func ((GDestroyNotify) sp_slot_row_free);
  if (!read_copy (db, copy, rows, &complete, &local)) {
    if (!g_error_matches (local, SP_STORE_ERROR, SP_STORE_ERROR_SCHEMA) &&
        !g_error_matches (local, SP_STORE_ERROR, SP_STORE_ERROR_CORRUPT)) {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
    complete = FALSE;
  }
  *out_complete = complete;
  return g_steal_pointer (&rows);
}

static gboolean
put_copy (SpDb *db, const char *sql, const SpSlotRow *row, GError **error)
{
  g_autoptr (SpStatement) statement = NULL;
  gsize fixed_len;
  gsize changing_len;
  gconstpointer fixed = g_bytes_get_data (row->fixed, &fixed_len);
  gconstpointer changing = g_bytes_get_data (row->changing, &changing_len);

  if (!sp_db_prepare (db, &statement, sql, SP_DB_WHILE_WRITING, error))
    return FALSE;
  sqlite3_bind_int64 (statement, 1, (gint64) row->position);
  sqlite3_bind_int64 (statement, 2, (gint64) row->revision);
  if (sqlite3_bind_blob64 (statement, 3, fixed_len > 0 ? fixed : "", fixed_len, SQLITE_STATIC) !=
          SQLITE_OK ||
      sqlite3_bind_blob64 (statement, 4, changing_len > 0 ? changing : "", changing_len,
                           SQLITE_STATIC) != SQLITE_OK)
    return sp_db_fail (db->handle, SQLITE_TOOBIG, SP_DB_WHILE_WRITING, error);
  return sp_db_step_write (db, statement, error);
}

/**
 * sp_slot_rows_put:
 * @db: a database in a write transaction
 * @row: a slot; stored or replaced in both tables
 * @error: return location for the error
 *
 * Returns: whether it was stored
 */
gboolean
sp_slot_rows_put (SpDb *db, const SpSlotRow *row, GError **error)
{
  g_return_val_if_fail (db != NULL && db->transaction == SP_DB_WRITING, FALSE);
  g_return_val_if_fail (row != NULL && row->fixed != NULL && row->changing != NULL, FALSE);

  if (row->position > G_MAXINT64 || row->revision > G_MAXINT64) {
    g_set_error_literal (
        error, SP_STORE_ERROR, SP_STORE_ERROR_CORRUPT,
        "A key slot's number is larger than the format allows. Nothing was changed.");
    return FALSE;
  }
  return put_copy (db,
                   "REPLACE INTO slot_a (id, revision, fixed, changing) VALUES (?1, ?2, ?3, ?4)",
                   row, error) &&
         put_copy (db,
                   "REPLACE INTO slot_b (id, revision, fixed, changing) VALUES (?1, ?2, ?3, ?4)",
                   row, error);
}

static gboolean
delete_copy (SpDb *db, const char *sql, guint64 position, GError **error)
{
  g_autoptr (SpStatement) statement = NULL;

  if (!sp_db_prepare (db, &statement, sql, SP_DB_WHILE_WRITING, error))
    return FALSE;
  sqlite3_bind_int64 (statement, 1, (gint64) position);
  return sp_db_step_write (db, statement, error);
}

/**
 * sp_slot_rows_delete:
 * @db: a database in a write transaction
 * @position: the slot's number
 * @error: return location for the error
 *
 * Returns: whether neither table has such a slot now
 */
gboolean
sp_slot_rows_delete (SpDb *db, guint64 position, GError **error)
{
  g_return_val_if_fail (db != NULL && db->transaction == SP_DB_WRITING, FALSE);

  return position > G_MAXINT64 ||
         (delete_copy (db, "DELETE FROM slot_a WHERE id = ?1", position, error) &&
          delete_copy (db, "DELETE FROM slot_b WHERE id = ?1", position, error));
}
