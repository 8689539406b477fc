/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From SQLite's result codes, and errno, to SpStoreError and a sentence for people: what happened, and
 * what is safe. A message promises "Nothing was changed." only where that is certain. It never quotes
 * sqlite3_errmsg() about SQL that carries values; ours are bound, so it cannot leak a record. */

#define G_LOG_DOMAIN "sp-db"

#include "config.h"

#include "store/sp-db-private.h"

#include <errno.h>

G_DEFINE_QUARK (sp_store_error, sp_store_error)

static const char *
promise (int code, SpDbWhile doing)
{
  /* The journal is deleted, or may be: the change stands, though perhaps not after a power loss. */
  if (doing == SP_DB_WHILE_COMMITTING &&
      (code == SQLITE_IOERR_DIR_FSYNC || code == SQLITE_IOERR_DELETE ||
       code == SQLITE_IOERR_CLOSE || code == SQLITE_IOERR_UNLOCK))
    return "It is not certain that the last change was saved; everything before it is safe.";
  if (doing == SP_DB_WHILE_COMMITTING)
    return "The last change was not saved; everything before it is safe.";
  return "Nothing was changed.";
}

static gboolean
fail (GError **error, SpStoreError kind, const char *what, const char *safe)
{
  g_set_error (error, SP_STORE_ERROR, kind, "%s %s", what, safe);
  return FALSE;
}

static SpStoreError
errno_to_error (int errnum)
{
  switch (errnum) {
  case ENOENT:
  case ENOTDIR:
    return SP_STORE_ERROR_NOT_FOUND;
  case EEXIST:
    return SP_STORE_ERROR_EXISTS;
  case EACCES:
  case EPERM:
    return SP_STORE_ERROR_PERMISSION;
  case EROFS:
    return SP_STORE_ERROR_READ_ONLY;
  case ENOSPC:
  case EDQUOT:
  case EFBIG:
    return SP_STORE_ERROR_NO_SPACE;
  default:
    return SP_STORE_ERROR_IO;
  }
}

static const char *
errno_to_sentence (int errnum)
{
  switch (errnum) {
  case ENOENT:
    return "There is no such file.";
  case ENOTDIR:
    return "A part of the file's path is not a folder.";
  case EEXIST:
    return "There is a file of that name already.";
  case EACCES:
  case EPERM:
    return "The system does not permit access to the file or its folder.";
  case EROFS:
    return "The disk is mounted read-only.";
  case ENOSPC:
    return "The disk is full.";
  case EDQUOT:
    return "Your disk quota is used up.";
  case EFBIG:
    return "The file would become larger than the system allows.";
  case EMFILE:
  case ENFILE:
    return "Too many files are open.";
  default:
    return NULL;
  }
}

static gboolean
fail_errno (int errnum, const char *what, const char *safe, GError **error)
{
  const char *sentence = errno_to_sentence (errnum);
  g_autofree char *text = NULL;

  if (sentence != NULL)
    return fail (error, errno_to_error (errnum), sentence, safe);
  text = g_strdup_printf ("%s: %s.", what, g_strerror (errnum));
  return fail (error, errno_to_error (errnum), text, safe);
}

/**
 * sp_db_fail_errno:
 * @errnum: what a system call left in errno
 * @what: what failed, without a full stop; used when errno says too little by itself
 * @error: return location for the error
 *
 * Returns: %FALSE
 */
gboolean
sp_db_fail_errno (int errnum, const char *what, GError **error)
{
  return fail_errno (errnum, what, "Nothing was changed.", error);
}

/**
 * sp_db_fail_row:
 * @table: the table's name
 * @error: return location for the error
 *
 * Sets the error for a row whose columns are not of the format's types.
 *
 * Returns: %FALSE
 */
gboolean
sp_db_fail_row (const char *table, GError **error)
{
  g_set_error (error, SP_STORE_ERROR, SP_STORE_ERROR_CORRUPT,
               "A row of the table \"%s\" is not of the vault's format. Nothing was changed.",
               table);
  return FALSE;
}

/**
 * sp_db_code_is_damage:
 * @code: an extended result code
 *
 * Returns: whether it says that bytes of the file cannot be used, while others may well be
 */
gboolean
sp_db_code_is_damage (int code)
{
  switch (code & 0xff) {
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
  case SQLITE_TOOBIG: /* a length in a damaged row */
    return TRUE;
  case SQLITE_IOERR:
    return code == SQLITE_IOERR_READ || code == SQLITE_IOERR_SHORT_READ ||
           code == SQLITE_IOERR_CORRUPTFS;
  default:
    return FALSE;
  }
}

static gboolean
fail_read_only (int code, const char *safe, GError **error)
{
  switch (code) {
  case SQLITE_READONLY_ROLLBACK:
  case SQLITE_READONLY_CANTINIT:
  case SQLITE_READONLY_RECOVERY:
    return fail (error, SP_STORE_ERROR_READ_ONLY,
                 "A change was interrupted in this file and must be taken back before it can be "
                 "read, but the file or its folder is read-only.",
                 safe);
  case SQLITE_READONLY_DIRECTORY:
    return fail (error, SP_STORE_ERROR_READ_ONLY, "The file's folder cannot be written.", safe);
  case SQLITE_READONLY_DBMOVED:
    return fail (error, SP_STORE_ERROR_IO, "The file was moved or replaced.", safe);
  default:
    return fail (error, SP_STORE_ERROR_READ_ONLY, "The file cannot be written.", safe);
  }
}

static gboolean
fail_input_output (int code, int errnum, SpDbWhile doing, GError **error)
{
  const char *safe = promise (code, doing);
  const char *what = "The disk reported an error while the file was written";

  if (code == SQLITE_IOERR_READ || code == SQLITE_IOERR_SHORT_READ)
    what = "The disk reported an error while the file was read";
  else if (code == SQLITE_IOERR_LOCK || code == SQLITE_IOERR_RDLOCK ||
           code == SQLITE_IOERR_UNLOCK || code == SQLITE_IOERR_CHECKRESERVEDLOCK)
    what = "The file could not be locked";
  if (errnum != 0)
    return fail_errno (errnum, what, safe, error);
  g_set_error (error, SP_STORE_ERROR, SP_STORE_ERROR_IO, "%s (%d). %s", what, code, safe);
  return FALSE;
}

/**
 * sp_db_fail:
 * @handle: (nullable): the connection, asked for the system's error
 * @code: the extended result code
 * @doing: what was going on
 * @error: return location for the error
 *
 * Returns: %FALSE
 */
gboolean
sp_db_fail (sqlite3 *handle, int code, SpDbWhile doing, GError **error)
{
  const char *safe = promise (code, doing);
  int errnum = handle != NULL ? sqlite3_system_errno (handle) : 0;

  switch (code & 0xff) {
  case SQLITE_FULL:
    return fail (error, SP_STORE_ERROR_NO_SPACE, "The disk is full.", safe);
  case SQLITE_IOERR:
    return fail_input_output (code, errnum, doing, error);
  case SQLITE_CANTOPEN:
    return fail_errno (errnum != 0 ? errnum : EIO, "The file or its journal could not be opened",
                       safe, error);
  case SQLITE_PERM:
  case SQLITE_AUTH:
    return fail_errno (EACCES, "", safe, error);
  case SQLITE_READONLY:
    return fail_read_only (code, safe, error);
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return fail (error, SP_STORE_ERROR_BUSY, "Another program is using the file right now.", safe);
  case SQLITE_CORRUPT:
    return fail (error, SP_STORE_ERROR_CORRUPT, "The file is damaged.", safe);
  case SQLITE_NOTADB:
    return fail (error, SP_STORE_ERROR_NOT_OURS, "The file is not a vault.", safe);
  case SQLITE_NOMEM:
    return fail (error, SP_STORE_ERROR_IO, "There is not enough memory.", safe);
  case SQLITE_TOOBIG:
    return fail (error, SP_STORE_ERROR_CORRUPT, "A record is larger than the format allows.", safe);
  default:
    g_set_error (error, SP_STORE_ERROR,
                 doing == SP_DB_WHILE_OPENING ? SP_STORE_ERROR_SCHEMA : SP_STORE_ERROR_IO,
                 "SQLite refused (%d: %s). %s", code,
                 handle != NULL ? sqlite3_errmsg (handle) : sqlite3_errstr (code), safe);
    return FALSE;
  }
}
