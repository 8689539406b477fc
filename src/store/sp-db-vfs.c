/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SQLite reads page by page, and an index is read by thousands of pages, three in a row for each page of overviews: one
 * system call brings all three. What was read ahead is kept while the file is locked, since nobody else can write it
 * then, and until this process writes itself. Everything else is passed on to the default VFS, which is looked up each
 * time, as tests change it.
 *
 * Methods of version 1 are all that is offered: neither memory maps nor a write-ahead log, which vaults never use. */

#define G_LOG_DOMAIN "sp-db"

#include "config.h"

#include <string.h>

#include "store/sp-db-private.h"

#define PAGE_LEN  2048 /* VAULT-FORMAT.md §2.1 */
#define AHEAD_LEN (3 * PAGE_LEN)

typedef struct {
  sqlite3_file base;
  sqlite3_file *real; /* (owned) */
  gboolean is_main;
  int lock;
  sqlite3_int64 ahead_at; /* where `ahead` lies in the file; -1 when nothing is held */
  guint8 ahead[AHEAD_LEN];
} File;

static sqlite3_vfs *
get_real (void)
{
  return sqlite3_vfs_find (NULL);
}

static File *
to_file (sqlite3_file *base)
{
  return (File *) (gpointer) base;
}

static int
file_close (sqlite3_file *base)
{
  File *self = to_file (base);
  int code = self->real->pMethods->xClose (self->real);

  g_clear_pointer (&self->real, g_free);
  return code;
}

static int
file_read (sqlite3_file *base, void *out_data, int len, sqlite3_int64 at)
{
  File *self = to_file (base);
  sqlite3_file *real = self->real;

  if (!self->is_main || self->lock == SQLITE_LOCK_NONE || len != PAGE_LEN)
    return real->pMethods->xRead (real, out_data, len, at);

  if (self->ahead_at < 0 || at < self->ahead_at || at > self->ahead_at + AHEAD_LEN - len) {
    self->ahead_at = -1;
    /* The end of the file, or something wrong: SQLite is to be told of the page that it asked for. */
    if (real->pMethods->xRead (real, self->ahead, AHEAD_LEN, at) != SQLITE_OK)
      return real->pMethods->xRead (real, out_data, len, at);
    self->ahead_at = at;
  }
  memcpy (out_data, self->ahead + (at - self->ahead_at), (gsize) len);
  return SQLITE_OK;
}

static int
file_write (sqlite3_file *base, const void *data, int len, sqlite3_int64 at)
{
  File *self = to_file (base);

  self->ahead_at = -1;
  return self->real->pMethods->xWrite (self->real, data, len, at);
}

static int
file_truncate (sqlite3_file *base, sqlite3_int64 len)
{
  File *self = to_file (base);

  self->ahead_at = -1;
  return self->real->pMethods->xTruncate (self->real, len);
}

static int
file_sync (sqlite3_file *base, int flags)
{
  sqlite3_file *real = to_file (base)->real;

  return real->pMethods->xSync (real, flags);
}

static int
file_get_size (sqlite3_file *base, sqlite3_int64 *out_len)
{
  sqlite3_file *real = to_file (base)->real;

  return real->pMethods->xFileSize (real, out_len);
}

static int
file_lock (sqlite3_file *base, int level)
{
  File *self = to_file (base);
  int code = self->real->pMethods->xLock (self->real, level);

  if (code == SQLITE_OK)
    self->lock = MAX (self->lock, level);
  return code;
}

static int
file_unlock (sqlite3_file *base, int level)
{
  File *self = to_file (base);

  /* Whether it succeeds or not, nothing may be relied on any more. */
  if (level == SQLITE_LOCK_NONE)
    self->ahead_at = -1;
  self->lock = MIN (self->lock, level);
  return self->real->pMethods->xUnlock (self->real, level);
}

static int
file_check_reserved_lock (sqlite3_file *base, int *out_locked)
{
  sqlite3_file *real = to_file (base)->real;

  return real->pMethods->xCheckReservedLock (real, out_locked);
}

static int
file_control (sqlite3_file *base, int operation, void *argument)
{
  sqlite3_file *real = to_file (base)->real;

  return real->pMethods->xFileControl (real, operation, argument);
}

static int
file_get_sector_size (sqlite3_file *base)
{
  sqlite3_file *real = to_file (base)->real;

  return real->pMethods->xSectorSize (real);
}

static int
file_get_characteristics (sqlite3_file *base)
{
  sqlite3_file *real = to_file (base)->real;

  return real->pMethods->xDeviceCharacteristics (real);
}

static const sqlite3_io_methods file_methods = {
  .iVersion = 1,
  .xClose = file_close,
  .xRead = file_read,
  .xWrite = file_write,
  .xTruncate = file_truncate,
  .xSync = file_sync,
  .xFileSize = file_get_size,
  .xLock = file_lock,
  .xUnlock = file_unlock,
  .xCheckReservedLock = file_check_reserved_lock,
  .xFileControl = file_control,
  .xSectorSize = file_get_sector_size,
  .xDeviceCharacteristics = file_get_characteristics,
};

static int
vfs_open (sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *out_flags)
{
  sqlite3_vfs *real = get_real ();
  File *self = to_file (base);
  int code;

  memset (self, 0, sizeof *self);
  self->ahead_at = -1;
  self->is_main = (flags & SQLITE_OPEN_MAIN_DB) != 0;
  self->real = g_malloc0 ((gsize) real->szOsFile);
  code = real->xOpen (real, name, self->real, flags, out_flags);
  if (code == SQLITE_OK) {
    self->base.pMethods = &file_methods;
    return code;
  }
  /* A file that could not be opened may want to be closed all the same. */
  if (self->real->pMethods != NULL)
    self->real->pMethods->xClose (self->real);
  g_clear_pointer (&self->real, g_free);
  return code;
}

static int
vfs_delete (sqlite3_vfs *vfs, const char *name, int sync_folder)
{
  sqlite3_vfs *real = get_real ();

  return real->xDelete (real, name, sync_folder);
}

static int
vfs_access (sqlite3_vfs *vfs, const char *name, int flags, int *out_result)
{
  sqlite3_vfs *real = get_real ();

  /* A vault with one beside it is not opened (sp-db-open.c); one that is put there later says nothing of an open vault. */
  if (g_str_has_suffix (name, "-wal")) {
    *out_result = 0;
    return SQLITE_OK;
  }
  return real->xAccess (real, name, flags, out_result);
}

static int
vfs_get_full_path (sqlite3_vfs *vfs, const char *name, int len, char *out_path)
{
  sqlite3_vfs *real = get_real ();

  return real->xFullPathname (real, name, len, out_path);
}

static int
vfs_get_random (sqlite3_vfs *vfs, int len, char *out_data)
{
  sqlite3_vfs *real = get_real ();

  return real->xRandomness (real, len, out_data);
}

static int
vfs_sleep (sqlite3_vfs *vfs, int us)
{
  sqlite3_vfs *real = get_real ();

  return real->xSleep (real, us);
}

static int
vfs_get_time (sqlite3_vfs *vfs, double *out_days)
{
  sqlite3_vfs *real = get_real ();

  return real->xCurrentTime (real, out_days);
}

static int
vfs_get_last_error (sqlite3_vfs *vfs, int len, char *out_text)
{
  sqlite3_vfs *real = get_real ();

  return real->xGetLastError (real, len, out_text);
}

/**
 * sp_db_get_vfs: (skip)
 *
 * Returns: the name of the VFS that vaults are opened with
 */
const char *
sp_db_get_vfs (void)
{
  static sqlite3_vfs vfs = {
    .iVersion = 1,
    .szOsFile = sizeof (File),
    .zName = "securepass",
    .xOpen = vfs_open,
    .xDelete = vfs_delete,
    .xAccess = vfs_access,
    .xFullPathname = vfs_get_full_path,
    .xRandomness = vfs_get_random,
    .xSleep = vfs_sleep,
    .xCurrentTime = vfs_get_time,
    .xGetLastError = vfs_get_last_error,
  };
  static gsize registered = 0;

  if (g_once_init_enter (&registered)) {
    /* SQLite itself fails first if it cannot be initialised: there is no default then. */
    vfs.mxPathname = get_real () != NULL ? get_real ()->mxPathname : 0;
    (void) sqlite3_vfs_register (&vfs, FALSE);
    g_once_init_leave (&registered, 1);
  }
  return vfs.zName;
}
