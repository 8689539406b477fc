/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Rows of the common shape (VAULT-FORMAT.md §2.2). Each statement is prepared once per table and reset
 * before a function returns, so that no lock outlives the call outside of a transaction; a row that is
 * read is copied into the table's buffer for that reason.
 *
 * SQLite's integers are signed: numbers above 2^63 - 1 can be neither stored nor found, and a row that
 * has a negative one is damaged. */

#define G_LOG_DOMAIN "sp-records"

#include "config.h"

#include "store/sp-records.h"

#include <string.h>

#include "store/sp-db-private.h"

/* Longer rows spill over onto pages of their own: a little less than a page of 2,048 bytes. */
#define OVERFLOW_LEN 1900

static const char *const names[SP_N_RECORDS] = {
  [SP_RECORDS_SEAL_A] = "seal_a",   [SP_RECORDS_SEAL_B] = "seal_b",
  [SP_RECORDS_SETTING] = "setting", [SP_RECORDS_INDEX_BLOCK] = "index_block",
  [SP_RECORDS_PAGE] = "page",       [SP_RECORDS_DETAIL] = "detail",
  [SP_RECORDS_HISTORY] = "history", [SP_RECORDS_ATTACHMENT] = "attachment",
  [SP_RECORDS_AUDIT] = "audit",     [SP_RECORDS_DRAFT] = "draft",
};

/**
 * sp_records_get_name:
 * @table: a table
 *
 * Returns: its name in the file
 */
const char *
sp_records_get_name (SpRecords table)
{
  g_return_val_if_fail ((guint) table < SP_N_RECORDS, NULL);

  return names[table];
}

static SpStatement *
prepare (SpDb *db, SpRecords table, SpRecordsStatement which, GError **error)
{
  /* REPLACE on a table without indices overwrites the row's cell where it stands if the length is the same. */
  static const char *const patterns[SP_RECORDS_N_STATEMENTS] = {
    [SP_RECORDS_STATEMENT_GET] = "SELECT id, revision, data FROM %s WHERE id = ?1",
    [SP_RECORDS_STATEMENT_PUT] = "REPLACE INTO %s (id, revision, data) VALUES (?1, ?2, ?3)",
    /* An integer takes one byte more from each of these bounds on (SQLite's record format, serial types). */
    [SP_RECORDS_STATEMENT_EMPTY] =
        "UPDATE %s SET data = x'' WHERE id = ?1 AND (length (data) <> ?2"
        " OR (revision > 127) <> (?3 > 127) OR (revision > 32767) <> (?3 > 32767)"
        " OR (revision > 8388607) <> (?3 > 8388607) OR (revision > 2147483647) <> (?3 > 2147483647)"
        " OR (revision > 140737488355327) <> (?3 > 140737488355327))",
    /* SQLite overwrites a cell and its overflow pages where they stand if it has looked at the cell before, which
     * the condition on the revision makes it do. */
    [SP_RECORDS_STATEMENT_OVERWRITE] =
        "UPDATE %s SET revision = ?2, data = ?3 WHERE id = ?1 AND revision >= 0",
    [SP_RECORDS_STATEMENT_DELETE] = "DELETE FROM %s WHERE id = ?1",
    [SP_RECORDS_STATEMENT_DELETE_RANGE] = "DELETE FROM %s WHERE id BETWEEN ?1 AND ?2",
    [SP_RECORDS_STATEMENT_COUNT] = "SELECT count (*) FROM %s",
  };
  SpStatement **statement = &db->tables[table].statements[which];
  char sql[400];

  if (*statement != NULL)
    return *statement;
  sqlite3_snprintf (sizeof sql, sql, patterns[which], names[table]);
  if (!sp_db_prepare (db, statement, sql,
                      which == SP_RECORDS_STATEMENT_GET || which == SP_RECORDS_STATEMENT_COUNT
                          ? SP_DB_WHILE_READING
                          : SP_DB_WHILE_WRITING,
                      error))
    return NULL;
  return *statement;
}

/**
 * sp_records_read_row:
 * @statement: stands on a row of (id, revision, data)
 * @out_id: (out): the row's number
 * @out_revision: (out): its revision
 * @out_data: (out): its bytes, never %NULL; valid until @statement moves on
 * @out_len: (out): how many
 *
 * Returns: whether the columns are of the types that the format says
 */
gboolean
sp_records_read_row (SpStatement *statement,
                     guint64 *out_id,
                     guint64 *out_revision,
                     const guint8 **out_data,
                     gsize *out_len)
{
  gint64 id = sqlite3_column_int64 (statement, 0);
  gint64 revision = sqlite3_column_int64 (statement, 1);
  const guint8 *data;
  int len;

  if (id < 0 || revision < 0 || sqlite3_column_type (statement, 1) != SQLITE_INTEGER ||
      sqlite3_column_type (statement, 2) != SQLITE_BLOB)
    return FALSE;
  data = sqlite3_column_blob (statement, 2);
  len = sqlite3_column_bytes (statement, 2);
  if (data == NULL && len != 0) /* out of memory */
    return FALSE;
  *out_id = (guint64) id;
  *out_revision = (guint64) revision;
  *out_data = data != NULL ? data : (const guint8 *) "";
  *out_len = (gsize) len;
  return TRUE;
}

/* Copies the row that `statement` stands on into the table's buffer. */
static gboolean
keep_row (SpStatement *statement, SpRecordsTable *table, guint64 *out_revision, gsize *out_len)
{
  const guint8 *data;
  guint64 id;
  gsize len;

  if (!sp_records_read_row (statement, &id, out_revision, &data, &len))
    return FALSE;
  if (len > table->buffer_size || table->buffer == NULL) {
    g_free (table->buffer);
    table->buffer_size = MAX (len, 1024);
    table->buffer = g_malloc (table->buffer_size); /* at most SQLITE_LIMIT_LENGTH */
  }
  memcpy (table->buffer, data, len);
  *out_len = len;
  return TRUE;
}

/**
 * sp_records_get:
 * @db: a database
 * @table: a table
 * @id: the row's number
 * @out_revision: (out): its revision; 0 when there is no such row
 * @out_data: (out) (nullable): its bytes, or %NULL when there is no such row
 * @out_len: (out): how many
 * @error: return location for the error
 *
 * The bytes are valid until the next call for this table, or sp_records_done().
 *
 * Returns: %FALSE only if the table could not be read
 */
gboolean
sp_records_get (SpDb *db,
                SpRecords table,
                guint64 id,
                guint64 *out_revision,
                const guint8 **out_data,
                gsize *out_len,
                GError **error)
{
  SpStatement *statement;
  guint64 revision = 0;
  gsize len = 0;
  gboolean done;
  gboolean found;
  int code;

  g_return_val_if_fail (db != NULL && (guint) table < SP_N_RECORDS, FALSE);
  g_return_val_if_fail (out_revision != NULL && out_data != NULL && out_len != NULL, FALSE);

  statement = prepare (db, table, SP_RECORDS_STATEMENT_GET, error);
  if (statement == NULL)
    return FALSE;
  code = SQLITE_DONE;
  if (id <= G_MAXINT64) {
    sqlite3_bind_int64 (statement, 1, (gint64) id);
    code = sqlite3_step (statement);
  }
  found = code == SQLITE_ROW;
  if (found)
    done = keep_row (statement, &db->tables[table], &revision, &len) ||
           sp_db_fail_row (names[table], error);
  else
    done = code == SQLITE_DONE || sp_db_fail (db->handle, code, SP_DB_WHILE_READING, error);
  sqlite3_reset (statement);
  if (!done)
    return FALSE;
  *out_revision = revision;
  *out_data = found ? db->tables[table].buffer : NULL;
  *out_len = len;
  return TRUE;
}

/**
 * sp_records_done:
 * @db: a database
 * @table: a table
 *
 * Gives back the memory that the last sp_records_get() used, where it was much.
 */
void
sp_records_done (SpDb *db, SpRecords table)
{
  g_return_if_fail (db != NULL && (guint) table < SP_N_RECORDS);

  if (db->tables[table].buffer_size <= 128 * 1024)
    return;
  g_clear_pointer (&db->tables[table].buffer, g_free);
  db->tables[table].buffer_size = 0;
}

static gboolean
check_number (guint64 number, GError **error)
{
  if (number <= G_MAXINT64)
    return TRUE;
  g_set_error_literal (error, SP_STORE_ERROR, SP_STORE_ERROR_CORRUPT,
                       "A record's number is larger than the format allows. Nothing was changed.");
  return FALSE;
}

typedef struct {
  guint64 id;
  guint64 revision;
  const guint8 *data;
  gsize len;
} Row;

/* A row of another length than before is a new cell, whose overflow pages SQLite takes before it gives the
 * old ones back; these are then wiped (secure_delete), and a save writes twice as many pages. A large row is
 * emptied first, so that its pages are free when the new one needs them. */
static gboolean
empty_row (SpDb *db, SpRecords table, const Row *row, GError **error)
{
  SpStatement *statement = prepare (db, table, SP_RECORDS_STATEMENT_EMPTY, error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, (gint64) row->id);
  sqlite3_bind_int64 (statement, 2, (gint64) row->len);
  sqlite3_bind_int64 (statement, 3, (gint64) row->revision);
  return sp_db_step_write (db, statement, error);
}

/* Without data, zeros. */
static int
bind_data (SpStatement *statement, const Row *row)
{
  if (row->len > 0 && row->data == NULL)
    return sqlite3_bind_zeroblob64 (statement, 3, row->len);
  return sqlite3_bind_blob64 (statement, 3, row->len > 0 ? row->data : (const guint8 *) "",
                              row->len, SQLITE_STATIC);
}

static gboolean
write_row (SpDb *db, SpRecords table, SpRecordsStatement which, const Row *row, GError **error)
{
  SpStatement *statement = prepare (db, table, which, error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, (gint64) row->id);
  sqlite3_bind_int64 (statement, 2, (gint64) row->revision);
  /* Bound without a copy; an oversized blob leaves NULL bound, which the schema refuses, so look. */
  if (bind_data (statement, row) != SQLITE_OK)
    return sp_db_fail (db->handle, SQLITE_TOOBIG, SP_DB_WHILE_WRITING, error);
  return sp_db_step_write (db, statement, error);
}

/**
 * sp_records_put:
 * @db: a database, in a write transaction unless this is to be one of its own
 * @table: a table
 * @id: the row's number
 * @revision: its revision
 * @data: (array length=len) (nullable): its bytes
 * @len: how many
 * @error: return location for the error
 *
 * Returns: whether the row was stored
 */
gboolean
sp_records_put (SpDb *db,
                SpRecords table,
                guint64 id,
                guint64 revision,
                const guint8 *data,
                gsize len,
                GError **error)
{
  const Row row = { id, revision, data, len };

  g_return_val_if_fail (db != NULL && (guint) table < SP_N_RECORDS, FALSE);
  g_return_val_if_fail (data != NULL || len == 0, FALSE);
  g_return_val_if_fail (db->transaction != SP_DB_READING, FALSE);

  if (!check_number (id, error) || !check_number (revision, error))
    return FALSE;
  if (len < OVERFLOW_LEN || db->transaction != SP_DB_WRITING)
    return write_row (db, table, SP_RECORDS_STATEMENT_PUT, &row, error);
  if (!empty_row (db, table, &row, error) ||
      !write_row (db, table, SP_RECORDS_STATEMENT_OVERWRITE, &row, error))
    return FALSE;
  return sqlite3_changes (db->handle) > 0 ||
         write_row (db, table, SP_RECORDS_STATEMENT_PUT, &row, error);
}

/**
 * sp_records_put_new:
 * @db: a database, in a write transaction
 * @table: a table
 * @id: a number larger than those of all rows
 * @revision: its revision
 * @data: (array length=len): its bytes
 * @len: how many
 * @room: by how many bytes this row or one near it will probably grow
 * @error: return location for the error
 *
 * Stores a new row so that there is room for growth near it. SQLite fills its pages to the last byte when rows come
 * in order; the first that grows is then spread over three neighbours, with all of them in the journal. So the row is
 * first put where there is room for more.
 *
 * Returns: whether the row was stored
 */
gboolean
sp_records_put_new (SpDb *db,
                    SpRecords table,
                    guint64 id,
                    guint64 revision,
                    const guint8 *data,
                    gsize len,
                    gsize room,
                    GError **error)
{
  const Row larger = { id, revision, NULL, len + room };

  g_return_val_if_fail (db != NULL && (guint) table < SP_N_RECORDS, FALSE);
  g_return_val_if_fail (db->transaction == SP_DB_WRITING, FALSE);

  /* A row on pages of its own has no neighbours there. */
  if (larger.len < OVERFLOW_LEN &&
      (!check_number (id, error) || !check_number (revision, error) ||
       !write_row (db, table, SP_RECORDS_STATEMENT_PUT, &larger, error)))
    return FALSE;
  return sp_records_put (db, table, id, revision, data, len, error);
}

/**
 * sp_records_delete:
 * @db: a database, in a write transaction unless this is to be one of its own
 * @table: a table
 * @id: the row's number
 * @error: return location for the error
 *
 * Returns: whether there is no such row now; that there was none is no error
 */
gboolean
sp_records_delete (SpDb *db, SpRecords table, guint64 id, GError **error)
{
  SpStatement *statement;

  g_return_val_if_fail (db != NULL && (guint) table < SP_N_RECORDS, FALSE);
  g_return_val_if_fail (db->transaction != SP_DB_READING, FALSE);

  if (id > G_MAXINT64)
    return TRUE;
  statement = prepare (db, table, SP_RECORDS_STATEMENT_DELETE, error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, (gint64) id);
  return sp_db_step_write (db, statement, error);
}

/**
 * sp_records_delete_range:
 * @db: a database, in a write transaction unless this is to be one of its own
 * @table: a table
 * @first: the lowest number to delete
 * @last: the highest
 * @error: return location for the error
 *
 * Returns: whether there are no rows in that range now
 */
gboolean
sp_records_delete_range (SpDb *db, SpRecords table, guint64 first, guint64 last, GError **error)
{
  SpStatement *statement;

  g_return_val_if_fail (db != NULL && (guint) table < SP_N_RECORDS, FALSE);
  g_return_val_if_fail (db->transaction != SP_DB_READING, FALSE);

  if (first > last || first > G_MAXINT64)
    return TRUE;
  statement = prepare (db, table, SP_RECORDS_STATEMENT_DELETE_RANGE, error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, (gint64) first);
  sqlite3_bind_int64 (statement, 2, (gint64) MIN (last, (guint64) G_MAXINT64));
  return sp_db_step_write (db, statement, error);
}

/**
 * sp_records_delete_unnumbered:
 * @db: a database, in a write transaction unless this is to be one of its own
 * @table: a table
 * @error: return location for the error
 *
 * Returns: whether there are no rows now whose id is none that a record can have
 */
gboolean
sp_records_delete_unnumbered (SpDb *db, SpRecords table, GError **error)
{
  SpStatement *statement;

  g_return_val_if_fail (db != NULL && (guint) table < SP_N_RECORDS, FALSE);
  g_return_val_if_fail (db->transaction != SP_DB_READING, FALSE);

  statement = prepare (db, table, SP_RECORDS_STATEMENT_DELETE_RANGE, error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, G_MININT64);
  sqlite3_bind_int64 (statement, 2, -1);
  return sp_db_step_write (db, statement, error);
}

/**
 * sp_records_count:
 * @db: a database
 * @table: a table
 * @out_n: (out): how many rows it has
 * @error: return location for the error
 *
 * Returns: whether they could be counted
 */
gboolean
sp_records_count (SpDb *db, SpRecords table, guint64 *out_n, GError **error)
{
  SpStatement *statement;
  gboolean done;
  int code;

  g_return_val_if_fail (db != NULL && (guint) table < SP_N_RECORDS && out_n != NULL, FALSE);

  statement = prepare (db, table, SP_RECORDS_STATEMENT_COUNT, error);
  if (statement == NULL)
    return FALSE;
  code = sqlite3_step (statement);
  done = code == SQLITE_ROW || sp_db_fail (db->handle, code, SP_DB_WHILE_READING, error);
  if (done)
    *out_n = (guint64) sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);
  return done;
}
