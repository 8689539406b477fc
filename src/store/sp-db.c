/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Transactions of one connection. Invariants: at most one transaction is open; `transaction` says which
 * kind the caller asked for, and SQLite's autocommit flag says whether it still stands, since SQLite
 * rolls back by itself on some errors. After a failed commit there is none. */

#define G_LOG_DOMAIN "sp-db"

#include "config.h"

#include "store/sp-db.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/sp-db-private.h"

void
sp_statement_finish (SpStatement *self)
{
  sqlite3_finalize (self);
}

/**
 * sp_db_exec:
 * @handle: a connection
 * @sql: a script of ours
 * @doing: what the script is for
 * @error: return location for the error
 *
 * Returns: whether all of it ran
 */
gboolean
sp_db_exec (sqlite3 *handle, const char *sql, SpDbWhile doing, GError **error)
{
  int code = sqlite3_exec (handle, sql, NULL, NULL, NULL);

  return code == SQLITE_OK || sp_db_fail (handle, code, doing, error);
}

/**
 * sp_db_query_int:
 * @handle: a connection
 * @sql: a query that gives one number
 * @out_value: (out): the number
 * @error: return location for the error
 *
 * Returns: whether there was one
 */
gboolean
sp_db_query_int (sqlite3 *handle, const char *sql, gint64 *out_value, GError **error)
{
  g_autoptr (SpStatement) statement = NULL;
  int code = sqlite3_prepare_v2 (handle, sql, -1, &statement, NULL);

  if (code == SQLITE_OK)
    code = sqlite3_step (statement);
  if (code != SQLITE_ROW)
    return sp_db_fail (handle, code == SQLITE_DONE ? SQLITE_CORRUPT : code, SP_DB_WHILE_OPENING,
                       error);
  *out_value = sqlite3_column_int64 (statement, 0);
  return TRUE;
}

/**
 * sp_db_prepare:
 * @self: an open database
 * @statement: (inout): where the prepared statement is kept
 * @sql: what to prepare, if nothing was prepared yet
 * @doing: what it is for
 * @error: return location for the error
 *
 * Returns: whether @statement can be used
 */
gboolean
sp_db_prepare (SpDb *self,
               SpStatement **statement,
               const char *sql,
               SpDbWhile doing,
               GError **error)
{
  int code;

  if (*statement != NULL)
    return TRUE;
  code = sqlite3_prepare_v3 (self->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, statement, NULL);
  if (code == SQLITE_OK)
    return TRUE;
  /* A plain SQLITE_ERROR is a table or column that is not there, which happens in a lenient opening. */
  if (code == SQLITE_ERROR) {
    g_set_error (error, SP_STORE_ERROR, SP_STORE_ERROR_SCHEMA,
                 "The file lacks a part that a vault has (%s). Nothing was changed.",
                 sqlite3_errmsg (self->handle));
    return FALSE;
  }
  return sp_db_fail (self->handle, code, doing, error);
}

/**
 * sp_db_step_write:
 * @self: an open database
 * @statement: a statement with all its values bound
 * @error: return location for the error
 *
 * Returns: whether it was done; it is reset either way
 */
gboolean
sp_db_step_write (SpDb *self, SpStatement *statement, GError **error)
{
  int code;

  if (self->transaction == SP_DB_WRITING && sqlite3_get_autocommit (self->handle)) {
    g_set_error_literal (
        error, SP_STORE_ERROR, SP_STORE_ERROR_IO,
        "An earlier error has already taken this change back. Nothing was changed.");
    return FALSE;
  }
  code = sqlite3_step (statement);
  if (code == SQLITE_DONE || code == SQLITE_ROW) {
    sqlite3_reset (statement);
    return TRUE;
  }
  (void) sp_db_fail (self->handle, code,
                     sqlite3_get_autocommit (self->handle) && self->transaction == SP_DB_IDLE
                         ? SP_DB_WHILE_COMMITTING
                         : SP_DB_WHILE_WRITING,
                     error);
  sqlite3_reset (statement);
  return FALSE;
}

/* Runs one of the statements without a table, and takes an integer from its first row, if wanted. */
static gboolean
run (SpDb *self, SpDbStatement which, SpDbWhile doing, gint64 *out_value, GError **error)
{
  static const char *const sql[] = {
    [SP_DB_STATEMENT_BEGIN] = "BEGIN",
    [SP_DB_STATEMENT_BEGIN_WRITE] = "BEGIN IMMEDIATE",
    [SP_DB_STATEMENT_BEGIN_EXCLUSIVE] = "BEGIN EXCLUSIVE",
    [SP_DB_STATEMENT_FIRST_READ] = "SELECT count (*) FROM sqlite_schema LIMIT 1",
    [SP_DB_STATEMENT_COMMIT] = "COMMIT",
    [SP_DB_STATEMENT_WIDEN_CACHE] = "PRAGMA cache_size = -2000", /* SQLite's own default */
    [SP_DB_STATEMENT_DATA_VERSION] = "PRAGMA data_version",
  };
  gboolean done;
  int code;

  if (!sp_db_prepare (self, &self->statements[which], sql[which], doing, error))
    return FALSE;
  code = sqlite3_step (self->statements[which]);
  if (code == SQLITE_ROW && out_value != NULL)
    *out_value = sqlite3_column_int64 (self->statements[which], 0);
  done = code == SQLITE_ROW || code == SQLITE_DONE || sp_db_fail (self->handle, code, doing, error);
  sqlite3_reset (self->statements[which]);
  return done;
}

/**
 * sp_db_close:
 * @self: (transfer full) (nullable): a database
 *
 * Rolls back what was not committed, and closes the file.
 */
void
sp_db_close (SpDb *self)
{
  if (self == NULL)
    return;
  sp_db_rollback (self);
  for (guint i = 0; i < SP_DB_N_STATEMENTS; i++)
    sqlite3_finalize (self->statements[i]);
  for (guint i = 0; i < SP_N_RECORDS; i++) {
    for (guint j = 0; j < SP_RECORDS_N_STATEMENTS; j++)
      sqlite3_finalize (self->tables[i].statements[j]);
    g_free (self->tables[i].buffer);
  }
  if (sqlite3_close (self->handle) != SQLITE_OK)
    g_critical ("a statement was left open");
  g_free (self->path);
  g_free (self->folder);
  g_free (self);
}

/**
 * sp_db_is_read_only:
 * @self: a database
 *
 * The folder counts too, since a change needs a journal in it.
 *
 * Returns: whether nothing can be written
 */
gboolean
sp_db_is_read_only (const SpDb *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return (self->flags & SP_DB_READ_ONLY) != 0 || sqlite3_db_readonly (self->handle, "main") != 0 ||
         faccessat (AT_FDCWD, self->folder, W_OK | X_OK, AT_EACCESS) != 0;
}

/**
 * sp_db_get_format:
 * @self: a database
 *
 * Returns: its `user_version`
 */
guint32
sp_db_get_format (const SpDb *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->format;
}

/**
 * sp_db_is_same_file:
 * @self: a database
 *
 * Compares device and inode with those taken at opening. The file is not opened for it: closing any
 * descriptor of it would drop the POSIX locks that SQLite holds.
 *
 * Returns: whether the path still leads to the file that is open
 */
gboolean
sp_db_is_same_file (const SpDb *self)
{
  struct stat status;

  g_return_val_if_fail (self != NULL, FALSE);

  return stat (self->path, &status) == 0 && status.st_dev == self->device &&
         status.st_ino == self->inode;
}

/**
 * sp_db_set_busy_timeout:
 * @self: a database
 * @ms: how long to wait for other programs' locks, in milliseconds
 */
void
sp_db_set_busy_timeout (SpDb *self, guint ms)
{
  g_return_if_fail (self != NULL);

  sqlite3_busy_timeout (self->handle, (int) MIN (ms, (guint) G_MAXINT));
}

/**
 * sp_db_begin_read:
 * @self: a database without a transaction
 * @error: return location for the error
 *
 * Begins to read one state of the file; sp_db_end_read() ends it.
 *
 * Returns: whether it was begun
 */
gboolean
sp_db_begin_read (SpDb *self, GError **error)
{
  g_return_val_if_fail (self != NULL && self->transaction == SP_DB_IDLE, FALSE);

  if (!run (self, SP_DB_STATEMENT_BEGIN, SP_DB_WHILE_READING, NULL, error))
    return FALSE;
  self->transaction = SP_DB_READING;
  /* BEGIN alone takes no lock. */
  if (run (self, SP_DB_STATEMENT_FIRST_READ, SP_DB_WHILE_READING, NULL, error))
    return TRUE;
  sp_db_rollback (self);
  return FALSE;
}

/**
 * sp_db_end_read:
 * @self: a database that is being read
 */
void
sp_db_end_read (SpDb *self)
{
  g_return_if_fail (self != NULL && self->transaction == SP_DB_READING);

  sp_db_rollback (self);
}

static gboolean
begin_write (SpDb *self, SpDbStatement how, GError **error)
{
  if (sp_db_is_read_only (self)) {
    g_set_error_literal (error, SP_STORE_ERROR, SP_STORE_ERROR_READ_ONLY,
                         "The file or its folder cannot be written. Nothing was changed.");
    return FALSE;
  }
  /* What does not fit is written before the commit, each time with a sync. */
  if (!self->wide && !run (self, SP_DB_STATEMENT_WIDEN_CACHE, SP_DB_WHILE_WRITING, NULL, error))
    return FALSE;
  self->wide = TRUE;
  if (!run (self, how, SP_DB_WHILE_WRITING, NULL, error))
    return FALSE;
  self->transaction = SP_DB_WRITING;
  return TRUE;
}

/**
 * sp_db_begin_write:
 * @self: a database without a transaction
 * @error: return location for the error
 *
 * Others go on reading until the commit.
 *
 * Returns: whether it was begun
 */
gboolean
sp_db_begin_write (SpDb *self, GError **error)
{
  g_return_val_if_fail (self != NULL && self->transaction == SP_DB_IDLE, FALSE);

  return begin_write (self, SP_DB_STATEMENT_BEGIN_WRITE, error);
}

/**
 * sp_db_begin_exclusive:
 * @self: a database without a transaction
 * @error: return location for the error
 *
 * For long changes. Readers are kept out from the start: otherwise one of them could make the commit
 * fail as busy after minutes of work.
 *
 * Returns: whether it was begun
 */
gboolean
sp_db_begin_exclusive (SpDb *self, GError **error)
{
  g_return_val_if_fail (self != NULL && self->transaction == SP_DB_IDLE, FALSE);

  return begin_write (self, SP_DB_STATEMENT_BEGIN_EXCLUSIVE, error);
}

/**
 * sp_db_commit:
 * @self: a database that is being written
 * @error: return location for the error
 *
 * The change is durable when this returns %TRUE. When it returns %FALSE there is no transaction any
 * more, and the file must be read again: an error after the commit point (deleting the journal, syncing the
 * folder) leaves the change in the file, and the message then says that it is not certain.
 *
 * Returns: whether the change was saved
 */
gboolean
sp_db_commit (SpDb *self, GError **error)
{
  g_return_val_if_fail (self != NULL && self->transaction == SP_DB_WRITING, FALSE);

  if (sqlite3_get_autocommit (self->handle)) {
    self->transaction = SP_DB_IDLE;
    g_set_error_literal (
        error, SP_STORE_ERROR, SP_STORE_ERROR_IO,
        "An earlier error has already taken this change back. Nothing was changed.");
    return FALSE;
  }
  if (run (self, SP_DB_STATEMENT_COMMIT, SP_DB_WHILE_COMMITTING, NULL, error)) {
    self->transaction = SP_DB_IDLE;
    return TRUE;
  }
  sp_db_rollback (self);
  return FALSE;
}

/**
 * sp_db_rollback:
 * @self: a database
 *
 * Ends a transaction, if there is one, without its changes. An error here leaves the journal, from which
 * the next reader rolls back, so there is nothing to report.
 */
void
sp_db_rollback (SpDb *self)
{
  g_return_if_fail (self != NULL);

  self->transaction = SP_DB_IDLE;
  if (self->handle != NULL && !sqlite3_get_autocommit (self->handle))
    (void) sqlite3_exec (self->handle, "ROLLBACK", NULL, NULL, NULL);
}

/**
 * sp_db_in_transaction:
 * @self: a database
 *
 * Returns: whether a transaction was begun and not ended
 */
gboolean
sp_db_in_transaction (const SpDb *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->transaction != SP_DB_IDLE;
}

/**
 * sp_db_get_data_version:
 * @self: a database
 * @out_version: (out): a number that is another one after each commit, of this connection or any other
 * @error: return location for the error
 *
 * PRAGMA data_version leaves out this connection's own commits, so it only serves to look at the file; the
 * number is the pager's.
 *
 * Returns: whether it could be read
 */
gboolean
sp_db_get_data_version (SpDb *self, guint32 *out_version, GError **error)
{
  guint32 version = 0;
  gint64 unused;
  int code;

  g_return_val_if_fail (self != NULL && out_version != NULL, FALSE);

  if (!run (self, SP_DB_STATEMENT_DATA_VERSION, SP_DB_WHILE_READING, &unused, error))
    return FALSE;
  code = sqlite3_file_control (self->handle, "main", SQLITE_FCNTL_DATA_VERSION, &version);
  if (code != SQLITE_OK)
    return sp_db_fail (self->handle, code, SP_DB_WHILE_READING, error);
  *out_version = version;
  return TRUE;
}

/**
 * sp_db_check:
 * @self: a database
 * @error: return location for the error
 *
 * Has SQLite look at all its own structures.
 *
 * Returns: (transfer full) (element-type utf8): what it complains of; empty when all is well
 */
GPtrArray *
sp_db_check (SpDb *self, GError **error)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (SpStatement) statement = NULL;
  int code;

  g_return_val_if_fail (self != NULL, NULL);

  code = sqlite3_prepare_v2 (self->handle, "PRAGMA integrity_check", -1, &statement, NULL);
  while (code == SQLITE_OK || code == SQLITE_ROW) {
    code = sqlite3_step (statement);
    if (code == SQLITE_ROW)
      g_ptr_array_add (lines, g_strdup ((const char *) sqlite3_column_text (statement, 0)));
  }
  if (sp_db_code_is_damage (code))
    g_ptr_array_add (lines, g_strdup (sqlite3_errstr (code)));
  else if (code != SQLITE_DONE && !sp_db_fail (self->handle, code, SP_DB_WHILE_READING, error))
    return NULL;
  if (lines->len == 1 && g_strcmp0 (g_ptr_array_index (lines, 0), "ok") == 0)
    g_ptr_array_set_size (lines, 0);
  return g_steal_pointer (&lines);
}
