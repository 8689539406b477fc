/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From an older format to the newest, in one transaction, after a copy was made. The copy and the first
 * write happen under one shared lock, so the copy is of exactly the state that is migrated: where another
 * process writes in between, taking the write lock fails as busy, and nothing has happened. */

#define G_LOG_DOMAIN "sp-migrations"

#include "config.h"

#include "store/sp-migrations.h"

#include "store/sp-db-private.h"

static gboolean
run_step (SpDb *db, const SpMigration *step, GError **error)
{
  g_autofree char *version = NULL;

  if (step->from != db->format) {
    g_set_error (error, SP_STORE_ERROR, SP_STORE_ERROR_SCHEMA,
                 "There is no way from format %u to a newer one. Nothing was changed.", db->format);
    return FALSE;
  }
  /* The version first: it takes the write lock. */
  version = g_strdup_printf ("PRAGMA user_version = %u", step->from + 1);
  if (!sp_db_exec (db->handle, version, SP_DB_WHILE_WRITING, error) ||
      !sp_db_exec (db->handle, step->sql, SP_DB_WHILE_WRITING, error))
    return FALSE;
  db->format = step->from + 1;
  return TRUE;
}

static gboolean
run_steps (SpDb *db, const SpMigration *steps, GError **error)
{
  while (steps->sql != NULL && steps->from < db->format)
    steps++;
  for (; steps->sql != NULL; steps++) {
    if (!run_step (db, steps, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_up_to_date (SpDb *db, const SpMigration *steps)
{
  for (; steps->sql != NULL; steps++) {
    if (steps->from >= db->format)
      return FALSE;
  }
  return TRUE;
}

/**
 * sp_migrations_run:
 * @db: a database without a transaction
 * @steps: in ascending order, ended by a row whose `sql` is %NULL
 * @backup_path: (type filename): where the copy goes; nothing must be there
 * @error: return location for the error
 *
 * Does nothing, not even a copy, when there is no step from the file's format on. When a step fails the
 * file is as it was, and the copy stays, being whole.
 *
 * Returns: whether the file has the format that the last step leads to
 */
gboolean
sp_migrations_run (SpDb *db, const SpMigration *steps, const char *backup_path, GError **error)
{
  guint32 before;

  g_return_val_if_fail (db != NULL && steps != NULL && backup_path != NULL, FALSE);
  g_return_val_if_fail (db->transaction == SP_DB_IDLE, FALSE);

  if (is_up_to_date (db, steps))
    return TRUE;
  if (sp_db_is_read_only (db)) {
    g_set_error_literal (
        error, SP_STORE_ERROR, SP_STORE_ERROR_READ_ONLY,
        "The vault has an older format and cannot be written, so it cannot be brought "
        "up to date. Nothing was changed.");
    return FALSE;
  }
  before = db->format;
  if (!sp_db_begin_read (db, error))
    return FALSE;
  if (!sp_db_backup (db, backup_path, error)) {
    sp_db_rollback (db);
    return FALSE;
  }
  db->transaction = SP_DB_WRITING;
  if (run_steps (db, steps, error) && sp_db_commit (db, error))
    return TRUE;
  sp_db_rollback (db);
  db->format = before;
  return FALSE;
}
