/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is written while the vault is locked (VAULT-FORMAT.md §10): the count of failures, and sealed
 * events. Anyone who can write the file can forge both, so each is bounded here. */

#define G_LOG_DOMAIN "sp-records"

#include "config.h"

#include "store/sp-records.h"

#include <string.h>

#include "store/sp-db-private.h"

#define EVENT_KEY_LEN 32

/* VAULT-FORMAT.md §10: no more rows than this are ever read, whatever the file has, and none longer. */
#define MAX_EVENTS    256
#define MAX_EVENT_LEN 4096

static gboolean
take_lockout (SpStatement *statement,
              guint64 *out_failures,
              gint64 *out_last_ms,
              guint8 out_event_key[static EVENT_KEY_LEN])
{
  gint64 failures = sqlite3_column_int64 (statement, 0);

  if (sqlite3_column_type (statement, 0) != SQLITE_INTEGER || failures < 0 ||
      sqlite3_column_type (statement, 1) != SQLITE_INTEGER ||
      sqlite3_column_type (statement, 2) != SQLITE_BLOB ||
      sqlite3_column_bytes (statement, 2) != EVENT_KEY_LEN)
    return FALSE;
  *out_failures = (guint64) failures;
  *out_last_ms = sqlite3_column_int64 (statement, 1);
  memcpy (out_event_key, sqlite3_column_blob (statement, 2), EVENT_KEY_LEN);
  return TRUE;
}

/**
 * sp_lockout_read:
 * @db: a database
 * @out_failures: (out): failures since the last unlock
 * @out_last_ms: (out): when the last one was, in milliseconds since 1970
 * @out_event_key: (out caller-allocates): the key that events are sealed to
 * @error: return location for the error
 *
 * Returns: %FALSE with %SP_STORE_ERROR_CORRUPT also when there is no such row
 */
gboolean
sp_lockout_read (SpDb *db,
                 guint64 *out_failures,
                 gint64 *out_last_ms,
                 guint8 out_event_key[static EVENT_KEY_LEN],
                 GError **error)
{
  g_autoptr (SpStatement) statement = NULL;
  int code;

  g_return_val_if_fail (db != NULL && out_failures != NULL && out_last_ms != NULL, FALSE);

  if (!sp_db_prepare (db, &statement,
                      "SELECT failures, last_ms, event_key FROM lockout WHERE id = 1",
                      SP_DB_WHILE_READING, error))
    return FALSE;
  code = sqlite3_step (statement);
  if (code != SQLITE_ROW && code != SQLITE_DONE)
    return sp_db_fail (db->handle, code, SP_DB_WHILE_READING, error);
  return (code == SQLITE_ROW &&
          take_lockout (statement, out_failures, out_last_ms, out_event_key)) ||
         sp_db_fail_row ("lockout", error);
}

/**
 * sp_lockout_write:
 * @db: a database, in a write transaction unless this is to be one of its own
 * @failures: failures since the last unlock
 * @last_ms: when the last one was, in milliseconds since 1970
 * @event_key: the key that events are sealed to
 * @error: return location for the error
 *
 * Returns: whether it was stored
 */
gboolean
sp_lockout_write (SpDb *db,
                  guint64 failures,
                  gint64 last_ms,
                  const guint8 event_key[static EVENT_KEY_LEN],
                  GError **error)
{
  g_autoptr (SpStatement) statement = NULL;

  g_return_val_if_fail (db != NULL && db->transaction != SP_DB_READING, FALSE);

  if (!sp_db_prepare (
          db, &statement,
          "INSERT INTO lockout (id, failures, last_ms, event_key, limits) VALUES (1, ?1, ?2, ?3, x'')"
          " ON CONFLICT (id) DO UPDATE SET failures = ?1, last_ms = ?2, event_key = ?3",
          SP_DB_WHILE_WRITING, error))
    return FALSE;
  sqlite3_bind_int64 (statement, 1, (gint64) MIN (failures, (guint64) G_MAXINT64));
  sqlite3_bind_int64 (statement, 2, last_ms);
  sqlite3_bind_blob (statement, 3, event_key, EVENT_KEY_LEN, SQLITE_STATIC);
  return sp_db_step_write (db, statement, error);
}

/**
 * sp_locked_event_add:
 * @db: a database, in a write transaction unless this is to be one of its own
 * @data: the sealed event
 * @max_rows: when there are as many, this one is not added
 * @error: return location for the error
 *
 * Returns: %FALSE if the table could not be written
 */
gboolean
sp_locked_event_add (SpDb *db, GBytes *data, guint max_rows, GError **error)
{
  g_autoptr (SpStatement) statement = NULL;
  gsize len;
  gconstpointer bytes;

  g_return_val_if_fail (db != NULL && db->transaction != SP_DB_READING && data != NULL, FALSE);
  g_return_val_if_fail (g_bytes_get_size (data) <= MAX_EVENT_LEN, FALSE);

  if (!sp_db_prepare (
          db, &statement,
          "INSERT INTO locked_event (data) SELECT ?1 WHERE (SELECT count (*) FROM locked_event) < ?2",
          SP_DB_WHILE_WRITING, error))
    return FALSE;
  bytes = g_bytes_get_data (data, &len);
  sqlite3_bind_blob64 (statement, 1, len > 0 ? bytes : "", len, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 2, max_rows);
  return sp_db_step_write (db, statement, error);
}

/**
 * sp_locked_event_read:
 * @db: a database
 * @error: return location for the error
 *
 * Events that are damaged or absurdly long are left out: they prove nothing.
 *
 * Returns: (transfer full) (nullable) (element-type GBytes): the sealed events, oldest first
 */
GPtrArray *
sp_locked_event_read (SpDb *db, GError **error)
{
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (SpStatement) statement = NULL;
  int code;

  g_return_val_if_fail (db != NULL, NULL);

  if (!sp_db_prepare (db, &statement, "SELECT data FROM locked_event ORDER BY id",
                      SP_DB_WHILE_READING, error))
    return NULL;
  while ((code = sqlite3_step (statement)) == SQLITE_ROW && events->len < MAX_EVENTS) {
    int len = sqlite3_column_bytes (statement, 0);

    if (sqlite3_column_type (statement, 0) == SQLITE_BLOB && len <= MAX_EVENT_LEN)
      g_ptr_array_add (events, g_bytes_new (sqlite3_column_blob (statement, 0), (gsize) len));
  }
  if (code != SQLITE_ROW && code != SQLITE_DONE) {
    (void) sp_db_fail (db->handle, code, SP_DB_WHILE_READING, error);
    return NULL;
  }
  return g_steal_pointer (&events);
}

/**
 * sp_locked_event_clear:
 * @db: a database, in a write transaction unless this is to be one of its own
 * @error: return location for the error
 *
 * Returns: whether the table is empty now
 */
gboolean
sp_locked_event_clear (SpDb *db, GError **error)
{
  g_autoptr (SpStatement) statement = NULL;

  g_return_val_if_fail (db != NULL && db->transaction != SP_DB_READING, FALSE);

  return sp_db_prepare (db, &statement, "DELETE FROM locked_event", SP_DB_WHILE_WRITING, error) &&
         sp_db_step_write (db, statement, error);
}
