/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Opening: from a path to a connection that is set up as VAULT-FORMAT.md §2.1 says, over a file that has
 * been checked. The order matters: what a hostile or foreign file could make SQLite do is switched off
 * before the first statement reads its schema, and a file in WAL mode is refused before SQLite would make
 * files beside it. */

#define G_LOG_DOMAIN "sp-db"

#include "config.h"

#include "store/sp-db.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/sp-db-durability.h"
#include "store/sp-db-private.h"
#include "store/sp-migrations.h"

#define BUSY_TIMEOUT_MS 10000
#define MAX_BLOB_LEN    (64 * 1024 * 1024)
#define HEADER_LEN      100
/* Opening a vault reads each page of the index once. A larger cache would keep them in memory that is new to the
 * process, which costs more than reading them. */
#define READ_CACHE_KIB 128

/**
 * sp_db_sync_folder:
 * @path: a file
 * @error: return location for the error
 *
 * Makes a new name durable.
 *
 * Returns: whether its folder was synced
 */
gboolean
sp_db_sync_folder (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean done;

  if (fd < 0)
    return sp_db_fail_errno (errno, "The folder could not be opened", error);
  /* Some file systems cannot sync a folder, and say so with EINVAL. */
  done = fsync (fd) == 0 || errno == EINVAL;
  if (!done)
    (void) sp_db_fail_errno (errno, "The folder could not be saved", error);
  close (fd);
  return done;
}

/**
 * sp_db_create_file:
 * @path: where nothing is yet
 * @error: return location for the error
 *
 * SQLite would create the file with the process's umask; this one is 0600 from the start. It is closed
 * again before SQLite opens it.
 *
 * Returns: whether the file was made
 */
gboolean
sp_db_create_file (const char *path, GError **error)
{
  int fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

  if (fd < 0)
    return sp_db_fail_errno (errno, "The file could not be made", error);
  close (fd);
  if (sp_db_sync_folder (path, error))
    return TRUE;
  sp_db_remove_file (path);
  return FALSE;
}

/**
 * sp_db_remove_file:
 * @path: a file that sp_db_create_file() made and that did not become whole
 */
void
sp_db_remove_file (const char *path)
{
  g_autofree char *journal = g_strconcat (path, "-journal", NULL);

  (void) g_unlink (path);
  (void) g_unlink (journal);
}

static void
limit (sqlite3 *handle, SpDbFlags flags)
{
  static const int limits[][2] = {
    { SQLITE_LIMIT_LENGTH, MAX_BLOB_LEN }, { SQLITE_LIMIT_SQL_LENGTH, 100000 },
    { SQLITE_LIMIT_COLUMN, 64 },           { SQLITE_LIMIT_EXPR_DEPTH, 100 },
    { SQLITE_LIMIT_COMPOUND_SELECT, 4 },   { SQLITE_LIMIT_FUNCTION_ARG, 16 },
    { SQLITE_LIMIT_ATTACHED, 0 },          { SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 100 },
    { SQLITE_LIMIT_VARIABLE_NUMBER, 16 },  { SQLITE_LIMIT_TRIGGER_DEPTH, 1 },
    { SQLITE_LIMIT_WORKER_THREADS, 0 },
  };
  /* Salvage reads a schema of which a part may not parse; it writes nothing. */
  gboolean forgiving = (flags & SP_DB_LENIENT) != 0 && (flags & SP_DB_READ_ONLY) != 0;
  const int options[][2] = {
    { SQLITE_DBCONFIG_DEFENSIVE, !forgiving },
    { SQLITE_DBCONFIG_WRITABLE_SCHEMA, forgiving },
    { SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
    { SQLITE_DBCONFIG_ENABLE_TRIGGER, 0 },
    { SQLITE_DBCONFIG_ENABLE_VIEW, 0 },
    { SQLITE_DBCONFIG_ENABLE_FKEY, 0 },
    { SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
    { SQLITE_DBCONFIG_DQS_DML, 0 },
    { SQLITE_DBCONFIG_DQS_DDL, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    sqlite3_limit (handle, limits[i][0], limits[i][1]);
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    (void) sqlite3_db_config (handle, options[i][0], options[i][1], NULL);
}

/**
 * sp_db_restrict:
 * @handle: a new connection
 * @flags: how it is opened
 *
 * Sets what must hold before anything of the file is looked at.
 */
void
sp_db_restrict (sqlite3 *handle, SpDbFlags flags)
{
  sqlite3_extended_result_codes (handle, 1);
  sqlite3_busy_timeout (handle, BUSY_TIMEOUT_MS);
  limit (handle, flags);
}

/**
 * sp_db_configure:
 * @handle: a connection
 * @error: return location for the error
 *
 * Sets how the file is read and written. Some of these pragmas read the schema, and so the file.
 *
 * Returns: whether all of it could be set
 */
gboolean
sp_db_configure (sqlite3 *handle, GError **error)
{
  g_autofree char *sql = NULL;

  sql = g_strdup_printf ("PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON;"
                         "PRAGMA mmap_size = 0; PRAGMA locking_mode = NORMAL;"
                         "PRAGMA cache_size = -" G_STRINGIFY (
                             READ_CACHE_KIB) ";"
                                             "PRAGMA secure_delete = ON; PRAGMA synchronous = %s;",
                         sp_db_synchronous);
  return sp_db_exec (handle, sql, SP_DB_WHILE_OPENING, error);
}

static gboolean
fail_not_ours (const char *what, GError **error)
{
  g_set_error (error, SP_STORE_ERROR, SP_STORE_ERROR_NOT_OURS, "%s Nothing was changed.", what);
  return FALSE;
}

static gboolean
check_path (const char *path, GError **error)
{
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  struct stat status;

  if (stat (path, &status) != 0)
    return sp_db_fail_errno (errno, "The file cannot be reached", error);
  if (S_ISDIR (status.st_mode))
    return fail_not_ours ("This is a folder, not a vault.", error);
  if (!S_ISREG (status.st_mode)) /* opening a pipe would wait for ever */
    return fail_not_ours ("This is not an ordinary file, so it is not a vault.", error);
  if (g_access (log, F_OK) == 0) {
    g_set_error_literal (
        error, SP_STORE_ERROR, SP_STORE_ERROR_SCHEMA,
        "There is a write-ahead log beside the file, which a vault never has: another "
        "program has opened it. Nothing was changed.");
    return FALSE;
  }
  return TRUE;
}

/* Looks at the database header through SQLite's own descriptor. Only bytes that no transaction changes:
 * a journal may be waiting to be rolled back. */
static gboolean
check_header (sqlite3 *handle, GError **error)
{
  guint8 header[HEADER_LEN] = { 0 };
  sqlite3_file *file = NULL;
  int code = sqlite3_file_control (handle, "main", SQLITE_FCNTL_FILE_POINTER, &file);

  if (code == SQLITE_OK && file != NULL && file->pMethods != NULL)
    code = file->pMethods->xRead (file, header, sizeof header, 0);
  /* A short file is told by what it has not got. */
  if (code != SQLITE_OK && code != SQLITE_IOERR_SHORT_READ)
    return sp_db_fail (handle, code, SP_DB_WHILE_READING, error);
  if (memcmp (header, "SQLite format 3", 16) != 0)
    return fail_not_ours ("The file is not a vault.", error);
  if (header[18] != 1 || header[19] != 1) {
    g_set_error_literal (
        error, SP_STORE_ERROR, SP_STORE_ERROR_SCHEMA,
        "The file is in a write-ahead mode that vaults never use: another program has "
        "changed it. Nothing was changed.");
    return FALSE;
  }
  return TRUE;
}

static gboolean
has_our_tables (sqlite3 *handle)
{
  gint64 n = 0;

  return sp_db_query_int (handle,
                          "SELECT count (*) FROM sqlite_schema WHERE type = 'table' AND name IN "
                          "('slot_a', 'slot_b', 'seal_a', 'seal_b', 'detail', 'page')",
                          &n, NULL) &&
         n > 0;
}

static gboolean
check_contents (SpDb *self, GError **error)
{
  gint64 id = 0;
  gint64 version = 0;

  if (!sp_db_query_int (self->handle, "PRAGMA application_id", &id, error) ||
      !sp_db_query_int (self->handle, "PRAGMA user_version", &version, error))
    return FALSE;
  self->format = (guint32) version;
  if ((self->flags & SP_DB_LENIENT) != 0)
    return id == SP_DB_APPLICATION_ID || has_our_tables (self->handle) ||
           fail_not_ours ("The file is a database, but not a vault.", error);
  if (id != SP_DB_APPLICATION_ID)
    return fail_not_ours ("The file is a database, but not a vault.", error);
  if (self->format > sp_schema_get_version ()) {
    g_set_error (error, SP_STORE_ERROR, SP_STORE_ERROR_NEWER_FORMAT,
                 "The vault has format %u; this version of the program knows formats up to %u. "
                 "Nothing was changed.",
                 self->format, sp_schema_get_version ());
    return FALSE;
  }
  if (self->format == 0) {
    g_set_error_literal (
        error, SP_STORE_ERROR, SP_STORE_ERROR_SCHEMA,
        "The file is not a sound vault: it has no format version. Nothing was changed.");
    return FALSE;
  }
  return self->format < sp_schema_get_version () || sp_schema_check (self->handle, error);
}

static gboolean
check_journal_mode (SpDb *self, GError **error)
{
  g_autoptr (SpStatement) statement = NULL;
  int code = sqlite3_prepare_v2 (self->handle, "PRAGMA journal_mode = DELETE", -1, &statement,
                                 NULL);

  if (code == SQLITE_OK)
    code = sqlite3_step (statement);
  if (code != SQLITE_ROW)
    return sp_db_fail (self->handle, code, SP_DB_WHILE_OPENING, error);
  if (g_strcmp0 ((const char *) sqlite3_column_text (statement, 0), "delete") == 0)
    return TRUE;
  g_set_error_literal (error, SP_STORE_ERROR, SP_STORE_ERROR_SCHEMA,
                       "The file cannot be used with a rollback journal. Nothing was changed.");
  return FALSE;
}

static gboolean
open_handle (SpDb *self, gboolean read_only, GError **error)
{
  int flags = read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  /* One thread at a time is the caller's promise, so SQLite needs no lock of its own. */
  int code = sqlite3_open_v2 (self->path, &self->handle,
                              flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE |
                                  SQLITE_OPEN_EXRESCODE,
                              sp_db_get_vfs ());

  if (code != SQLITE_OK)
    return sp_db_fail (self->handle, code, SP_DB_WHILE_OPENING, error);
  sp_db_restrict (self->handle, self->flags);
  return TRUE;
}

static gboolean
remember_file (SpDb *self, GError **error)
{
  const char *resolved = sqlite3_db_filename (self->handle, "main");
  struct stat status;

  if (stat (self->path, &status) != 0)
    return sp_db_fail_errno (errno, "The file cannot be reached", error);
  self->device = status.st_dev;
  self->inode = status.st_ino;
  self->folder = g_path_get_dirname (resolved != NULL ? resolved : self->path);
  return TRUE;
}

/* A reader that may not write cannot roll back a journal that a killed writer left. Where the file itself
 * may be written, that is done here, as any reader of a SQLite file does. */
static void
recover (SpDb *self)
{
  g_clear_pointer (&self->handle, sqlite3_close);
  if (open_handle (self, FALSE, NULL))
    (void) sqlite3_exec (self->handle, "PRAGMA schema_version", NULL, NULL, NULL);
  g_clear_pointer (&self->handle, sqlite3_close);
}

/* The first read, which rolls back a journal, if there is one. */
static gboolean
read_first (SpDb *self, GError **error)
{
  gint64 unused;

  if ((self->flags & SP_DB_READ_ONLY) == 0 ||
      sp_db_query_int (self->handle, "PRAGMA schema_version", &unused, NULL) ||
      sqlite3_extended_errcode (self->handle) != SQLITE_READONLY_ROLLBACK)
    return TRUE;
  recover (self);
  return open_handle (self, TRUE, error);
}

/* With its check of whole pages on, SQLite gives up a page for one bad cell; salvage takes the others. */
static gboolean
forgive_cells (SpDb *self, GError **error)
{
  return (self->flags & SP_DB_LENIENT) == 0 ||
         sp_db_exec (self->handle, "PRAGMA cell_size_check = OFF", SP_DB_WHILE_OPENING, error);
}

static gboolean
open_existing (SpDb *self, GError **error)
{
  gboolean read_only = (self->flags & SP_DB_READ_ONLY) != 0;

  return check_path (self->path, error) && open_handle (self, read_only, error) &&
         check_header (self->handle, error) && read_first (self, error) &&
         sp_db_configure (self->handle, error) && forgive_cells (self, error) &&
         check_contents (self, error) && check_journal_mode (self, error) &&
         remember_file (self, error);
}

static gboolean
make_new (SpDb *self, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    return sp_db_fail_errno (errno, "The folder could not be made", error);
  if (!sp_db_create_file (self->path, error))
    return FALSE;
  if (open_handle (self, FALSE, error) && sp_db_configure (self->handle, error) &&
      check_journal_mode (self, error) &&
      sp_db_exec (self->handle, sp_schema_get_sql (), SP_DB_WHILE_OPENING, error) &&
      check_contents (self, error) && remember_file (self, error))
    return TRUE;
  g_clear_pointer (&self->handle, sqlite3_close);
  sp_db_remove_file (self->path);
  return FALSE;
}

/**
 * sp_db_open:
 * @path: (type filename): the file
 * @flags: how
 * @error: return location for the error
 *
 * Opens a database of records, or makes one. Its format, and for the newest format its schema, have been
 * checked when this returns. %SP_DB_LENIENT skips these checks as far as it can, and with
 * %SP_DB_READ_ONLY also reads a schema of which a part is damaged.
 *
 * Returns: (transfer full) (nullable): the database
 */
SpDb *
sp_db_open (const char *path, SpDbFlags flags, GError **error)
{
  g_autoptr (SpDb) self = NULL;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail ((flags & SP_DB_CREATE) == 0 || flags == SP_DB_CREATE, NULL);

  self = g_new0 (SpDb, 1);
  self->flags = flags;
  /* Absolute, so that names that SQLite treats in a special way (":memory:", "") are plain files. */
  if (g_path_is_absolute (path)) {
    self->path = g_strdup (path);
  } else {
    g_autofree char *here = g_get_current_dir ();

    self->path = g_build_filename (here, path, NULL);
  }
  if ((flags & SP_DB_CREATE) != 0 ? !make_new (self, error) : !open_existing (self, error))
    return NULL;
  return g_steal_pointer (&self);
}
