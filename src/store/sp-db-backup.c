/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A copy of a database into a new file, of one state of it, whoever writes meanwhile. Nothing half-made
 * stays behind. */

#define G_LOG_DOMAIN "sp-db"

#include "config.h"

#include "store/sp-db.h"

#include "store/sp-db-private.h"

static gboolean
copy_all (SpDb *self, sqlite3 *target, GError **error)
{
  sqlite3_backup *backup = sqlite3_backup_init (target, "main", self->handle, "main");
  int step;
  int code;

  if (backup == NULL)
    return sp_db_fail (target, sqlite3_extended_errcode (target), SP_DB_WHILE_WRITING, error);
  step = sqlite3_backup_step (backup, -1);
  code = sqlite3_backup_finish (backup);
  if (step == SQLITE_DONE)
    return TRUE;
  return sp_db_fail (target, step == SQLITE_OK ? code : step, SP_DB_WHILE_WRITING, error);
}

/**
 * sp_db_backup:
 * @self: a database that is not being written
 * @target_path: (type filename): where nothing is yet
 * @error: return location for the error
 *
 * Inside sp_db_begin_read() the copy is of the state that is being read. It is durable when this
 * returns %TRUE.
 *
 * Returns: whether the copy was made
 */
gboolean
sp_db_backup (SpDb *self, const char *target_path, GError **error)
{
  sqlite3 *target = NULL;
  gboolean done;
  int code;

  g_return_val_if_fail (self != NULL && target_path != NULL, FALSE);
  g_return_val_if_fail (self->transaction != SP_DB_WRITING, FALSE);

  if (!sp_db_create_file (target_path, error))
    return FALSE;
  code = sqlite3_open_v2 (target_path, &target,
                          SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE |
                              SQLITE_OPEN_EXRESCODE,
                          NULL);
  done = code == SQLITE_OK || sp_db_fail (target, code, SP_DB_WHILE_OPENING, error);
  if (done)
    sp_db_restrict (target, SP_DB_READ_WRITE);
  done = done && sp_db_configure (target, error) && copy_all (self, target, error);
  sqlite3_close (target);
  if (!done)
    sp_db_remove_file (target_path);
  return done;
}
