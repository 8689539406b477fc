/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See the header. Every file method does three things: count, fail if it is to fail, else hand on to the
 * real file; the result codes of failures are those of SQLite's unix file system for the same errno. */

#include "config.h"

#include "sp-fault-vfs.h"

#include <errno.h>
#include <sqlite3.h>

struct _SpFaultVfs {
  sqlite3_vfs vfs;
  sqlite3_vfs *real;
  guint64 count;
  GByteArray *trace;  /* (nullable) borrowed */
  GPtrArray *records; /* (nullable) borrowed */

  SpFaultKind kind;
  guint64 fail_at;
  gboolean forever;
  guint n_failed;
  int last_errno;
};

typedef struct {
  sqlite3_file base;
  SpFaultVfs *owner;
  guint file;
  gboolean
      is_new_journal; /* its first sync syncs the folder, too, as in SQLite's unix file system */
  sqlite3_file *real; /* follows this struct */
} FaultFile;

gboolean
sp_fault_kind_applies (SpFaultKind kind, SpFaultOperation operation)
{
  gboolean changes = operation == SP_FAULT_WRITE || operation == SP_FAULT_TRUNCATE ||
                     operation == SP_FAULT_DELETE || operation == SP_FAULT_OPEN;

  switch (kind) {
  case SP_FAULT_EIO:
    return operation != SP_FAULT_CLOSE;
  case SP_FAULT_ENOSPC:
    return operation == SP_FAULT_WRITE || operation == SP_FAULT_SYNC || operation == SP_FAULT_OPEN;
  case SP_FAULT_EROFS:
    return changes;
  case SP_FAULT_SHORT_WRITE:
    return operation == SP_FAULT_WRITE;
  case SP_FAULT_EIO_SYNC:
    return operation == SP_FAULT_SYNC || operation == SP_FAULT_DELETE;
  case SP_FAULT_NONE:
  default:
    return FALSE;
  }
}

/* Counts the operation; SP_FAULT_NONE unless it is to fail. */
static SpFaultKind
begin (SpFaultVfs *self, SpFaultOperation operation)
{
  guint64 number = self->count++;

  if (self->trace != NULL) {
    guint8 byte = (guint8) operation;

    g_byte_array_append (self->trace, &byte, 1);
  }
  if (!sp_fault_kind_applies (self->kind, operation) || number < self->fail_at ||
      (number > self->fail_at && !self->forever))
    return SP_FAULT_NONE;
  self->n_failed++;
  switch (self->kind) {
  case SP_FAULT_ENOSPC:
    self->last_errno = ENOSPC;
    break;
  case SP_FAULT_EROFS:
    self->last_errno = EROFS;
    break;
  case SP_FAULT_SHORT_WRITE:
    self->last_errno = 0;
    break;
  case SP_FAULT_NONE:
  case SP_FAULT_EIO:
  case SP_FAULT_EIO_SYNC:
  default:
    self->last_errno = EIO;
    break;
  }
  return self->kind;
}

static SpFaultRecord *
add_record (SpFaultVfs *self, SpFaultOperation operation, guint file)
{
  SpFaultRecord *record;

  if (self->records == NULL)
    return NULL;
  record = g_new0 (SpFaultRecord, 1);
  record->number = self->count - 1;
  record->operation = operation;
  record->file = file;
  g_ptr_array_add (self->records, record);
  return record;
}

/* ---- files ---- */

static int
fault_close (sqlite3_file *base)
{
  FaultFile *self = (FaultFile *) base;

  (void) begin (self->owner, SP_FAULT_CLOSE);
  return self->real->pMethods->xClose (self->real);
}

static int
fault_read (sqlite3_file *base, void *data, int len, sqlite3_int64 offset)
{
  FaultFile *self = (FaultFile *) base;

  if (begin (self->owner, SP_FAULT_READ) != SP_FAULT_NONE)
    return SQLITE_IOERR_READ;
  return self->real->pMethods->xRead (self->real, data, len, offset);
}

static int
fault_write (sqlite3_file *base, const void *data, int len, sqlite3_int64 offset)
{
  FaultFile *self = (FaultFile *) base;
  SpFaultKind kind = begin (self->owner, SP_FAULT_WRITE);
  SpFaultRecord *record;

  if (kind == SP_FAULT_SHORT_WRITE)
    (void) self->real->pMethods->xWrite (self->real, data, (len + 1) / 2, offset);
  if (kind == SP_FAULT_SHORT_WRITE || kind == SP_FAULT_ENOSPC)
    return SQLITE_FULL;
  if (kind != SP_FAULT_NONE)
    return SQLITE_IOERR_WRITE;
  record = add_record (self->owner, SP_FAULT_WRITE, self->file);
  if (record != NULL) {
    record->offset = (gsize) offset;
    record->data = g_bytes_new (data, (gsize) len);
  }
  return self->real->pMethods->xWrite (self->real, data, len, offset);
}

static int
fault_truncate (sqlite3_file *base, sqlite3_int64 size)
{
  FaultFile *self = (FaultFile *) base;
  SpFaultRecord *record;

  if (begin (self->owner, SP_FAULT_TRUNCATE) != SP_FAULT_NONE)
    return SQLITE_IOERR_TRUNCATE;
  record = add_record (self->owner, SP_FAULT_TRUNCATE, self->file);
  if (record != NULL)
    record->offset = (gsize) size;
  return self->real->pMethods->xTruncate (self->real, size);
}

static int
fault_sync (sqlite3_file *base, int flags)
{
  FaultFile *self = (FaultFile *) base;
  SpFaultRecord *record;

  if (begin (self->owner, SP_FAULT_SYNC) != SP_FAULT_NONE)
    return SQLITE_IOERR_FSYNC;
  record = add_record (self->owner, SP_FAULT_SYNC, self->file);
  if (record != NULL)
    record->sync = self->is_new_journal;
  self->is_new_journal = FALSE;
  return self->real->pMethods->xSync (self->real, flags);
}

static int
fault_file_size (sqlite3_file *base, sqlite3_int64 *out_size)
{
  FaultFile *self = (FaultFile *) base;

  if (begin (self->owner, SP_FAULT_FILE_SIZE) != SP_FAULT_NONE)
    return SQLITE_IOERR_FSTAT;
  return self->real->pMethods->xFileSize (self->real, out_size);
}

static int
fault_lock (sqlite3_file *base, int level)
{
  FaultFile *self = (FaultFile *) base;

  if (begin (self->owner, SP_FAULT_LOCK) != SP_FAULT_NONE)
    return SQLITE_IOERR_LOCK;
  return self->real->pMethods->xLock (self->real, level);
}

static int
fault_unlock (sqlite3_file *base, int level)
{
  FaultFile *self = (FaultFile *) base;
  gboolean fails = begin (self->owner, SP_FAULT_UNLOCK) != SP_FAULT_NONE;
  int code = self->real->pMethods->xUnlock (self->real, level);

  return fails ? SQLITE_IOERR_UNLOCK : code;
}

static int
fault_check_reserved_lock (sqlite3_file *base, int *out_locked)
{
  FaultFile *self = (FaultFile *) base;

  if (begin (self->owner, SP_FAULT_CHECK_LOCK) != SP_FAULT_NONE)
    return SQLITE_IOERR_CHECKRESERVEDLOCK;
  return self->real->pMethods->xCheckReservedLock (self->real, out_locked);
}

static int
fault_file_control (sqlite3_file *base, int operation, void *argument)
{
  FaultFile *self = (FaultFile *) base;

  return self->real->pMethods->xFileControl (self->real, operation, argument);
}

static int
fault_sector_size (sqlite3_file *base)
{
  FaultFile *self = (FaultFile *) base;

  return self->real->pMethods->xSectorSize (self->real);
}

static int
fault_device_characteristics (sqlite3_file *base)
{
  FaultFile *self = (FaultFile *) base;

  return self->real->pMethods->xDeviceCharacteristics (self->real);
}

/* Version 1: no memory maps and no shared memory, so nothing passes by the counter. */
static const sqlite3_io_methods fault_methods = {
  .iVersion = 1,
  .xClose = fault_close,
  .xRead = fault_read,
  .xWrite = fault_write,
  .xTruncate = fault_truncate,
  .xSync = fault_sync,
  .xFileSize = fault_file_size,
  .xLock = fault_lock,
  .xUnlock = fault_unlock,
  .xCheckReservedLock = fault_check_reserved_lock,
  .xFileControl = fault_file_control,
  .xSectorSize = fault_sector_size,
  .xDeviceCharacteristics = fault_device_characteristics,
};

/* ---- the file system ---- */

static SpFaultVfs *
get_self (sqlite3_vfs *vfs)
{
  return vfs->pAppData;
}

static guint
get_file_of_name (const char *path)
{
  return g_str_has_suffix (path, "-journal") ? 1 : 0;
}

static int
fault_open (sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags, int *out_flags)
{
  SpFaultVfs *self = get_self (vfs);
  FaultFile *file = (FaultFile *) base;
  int code;

  base->pMethods = NULL;
  if (begin (self, SP_FAULT_OPEN) != SP_FAULT_NONE)
    return SQLITE_CANTOPEN;
  file->owner = self;
  file->real = (sqlite3_file *) (gpointer) (file + 1);
  file->file = get_file_of_name (path != NULL ? path : "");
  file->is_new_journal = (flags & SQLITE_OPEN_CREATE) != 0 &&
                         (flags & SQLITE_OPEN_MAIN_JOURNAL) != 0;
  code = self->real->xOpen (self->real, path, file->real, flags, out_flags);
  if (file->real->pMethods != NULL)
    base->pMethods = &fault_methods;
  if (code == SQLITE_OK && file->is_new_journal)
    (void) add_record (self, SP_FAULT_OPEN, file->file);
  return code;
}

static int
fault_delete (sqlite3_vfs *vfs, const char *path, int sync_folder)
{
  SpFaultVfs *self = get_self (vfs);
  SpFaultKind kind = begin (self, SP_FAULT_DELETE);
  SpFaultRecord *record;
  int code;

  if (kind != SP_FAULT_NONE && kind != SP_FAULT_EIO_SYNC)
    return SQLITE_IOERR_DELETE;
  code = self->real->xDelete (self->real, path, sync_folder);
  if (kind == SP_FAULT_EIO_SYNC && sync_folder != 0)
    return SQLITE_IOERR_DIR_FSYNC;
  record = code == SQLITE_OK ? add_record (self, SP_FAULT_DELETE, get_file_of_name (path)) : NULL;
  if (record != NULL)
    record->sync = sync_folder != 0;
  return code;
}

static int
fault_access (sqlite3_vfs *vfs, const char *path, int flags, int *out_result)
{
  SpFaultVfs *self = get_self (vfs);

  if (begin (self, SP_FAULT_ACCESS) != SP_FAULT_NONE)
    return SQLITE_IOERR_ACCESS;
  return self->real->xAccess (self->real, path, flags, out_result);
}

static int
fault_full_pathname (sqlite3_vfs *vfs, const char *path, int size, char *out_path)
{
  SpFaultVfs *self = get_self (vfs);

  return self->real->xFullPathname (self->real, path, size, out_path);
}

static int
fault_randomness (sqlite3_vfs *vfs, int size, char *out_bytes)
{
  SpFaultVfs *self = get_self (vfs);

  return self->real->xRandomness (self->real, size, out_bytes);
}

static int
fault_sleep (sqlite3_vfs *vfs, int microseconds)
{
  SpFaultVfs *self = get_self (vfs);

  return self->real->xSleep (self->real, microseconds);
}

static int
fault_current_time (sqlite3_vfs *vfs, double *out_time)
{
  SpFaultVfs *self = get_self (vfs);

  return self->real->xCurrentTime (self->real, out_time);
}

static int
fault_get_last_error (sqlite3_vfs *vfs, int size, char *out_text)
{
  return get_self (vfs)->last_errno;
}

/**
 * sp_fault_vfs_new:
 *
 * Registers itself as the default file system of SQLite in this process.
 *
 * Returns: (transfer full): the file system
 */
SpFaultVfs *
sp_fault_vfs_new (void)
{
  SpFaultVfs *self = g_new0 (SpFaultVfs, 1);

  self->real = sqlite3_vfs_find (NULL);
  g_assert_nonnull (self->real);
  self->vfs = (sqlite3_vfs){
    .iVersion = 1,
    .szOsFile = (int) sizeof (FaultFile) + self->real->szOsFile,
    .mxPathname = self->real->mxPathname,
    .zName = "fault",
    .pAppData = self,
    .xOpen = fault_open,
    .xDelete = fault_delete,
    .xAccess = fault_access,
    .xFullPathname = fault_full_pathname,
    .xRandomness = fault_randomness,
    .xSleep = fault_sleep,
    .xCurrentTime = fault_current_time,
    .xGetLastError = fault_get_last_error,
  };
  g_assert_cmpint (sqlite3_vfs_register (&self->vfs, TRUE), ==, SQLITE_OK);
  return self;
}

void
sp_fault_vfs_free (SpFaultVfs *self)
{
  if (self == NULL)
    return;
  sqlite3_vfs_unregister (&self->vfs);
  sqlite3_vfs_register (self->real, TRUE);
  g_free (self);
}

guint64
sp_fault_vfs_get_count (const SpFaultVfs *self)
{
  return self->count;
}

void
sp_fault_vfs_reset_count (SpFaultVfs *self)
{
  self->count = 0;
}

static void
record_free (gpointer data)
{
  SpFaultRecord *self = data;

  g_clear_pointer (&self->data, g_bytes_unref);
  g_free (self);
}

GPtrArray *
sp_fault_records_new (void)
{
  return g_ptr_array_new_with_free_func (record_free);
}

void
sp_fault_vfs_record (SpFaultVfs *self, GPtrArray *records)
{
  self->records = records;
}

void
sp_fault_vfs_trace (SpFaultVfs *self, GByteArray *trace)
{
  self->trace = trace;
}

void
sp_fault_vfs_fail (SpFaultVfs *self, SpFaultKind kind, guint64 number, gboolean forever)
{
  self->kind = kind;
  self->fail_at = number;
  self->forever = forever;
  self->n_failed = 0;
  self->last_errno = 0;
}

guint
sp_fault_vfs_get_n_failed (const SpFaultVfs *self)
{
  return self->n_failed;
}

const char *
sp_fault_kind_to_name (SpFaultKind kind)
{
  static const char *const names[SP_N_FAULT_KINDS] = {
    "none", "EIO", "ENOSPC", "EROFS", "short write", "EIO at sync",
  };

  return names[kind];
}

const char *
sp_fault_operation_to_name (SpFaultOperation operation)
{
  static const char *const names[SP_N_FAULT_OPERATIONS] = {
    "open", "close", "read",   "write",      "truncate", "sync",
    "size", "lock",  "unlock", "check lock", "delete",   "access",
  };

  return names[operation];
}
