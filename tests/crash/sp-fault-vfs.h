/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpFaultVfs: a SQLite file system between SQLite and the real one. It counts every operation on
 * databases and their journals, can make one of them fail, or all from one on, and can write down what
 * changes the disk, for SpDisk to play back.
 *
 * One at a time; it becomes the default of the process. Operations of one thread only. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  SP_FAULT_OPEN,
  SP_FAULT_CLOSE,
  SP_FAULT_READ,
  SP_FAULT_WRITE,
  SP_FAULT_TRUNCATE,
  SP_FAULT_SYNC,
  SP_FAULT_FILE_SIZE,
  SP_FAULT_LOCK,
  SP_FAULT_UNLOCK,
  SP_FAULT_CHECK_LOCK,
  SP_FAULT_DELETE,
  SP_FAULT_ACCESS,
} SpFaultOperation;
#define SP_N_FAULT_OPERATIONS 12

typedef enum {
  SP_FAULT_NONE,
  SP_FAULT_EIO,         /* any operation */
  SP_FAULT_ENOSPC,      /* what takes space: making a file, writing, syncing */
  SP_FAULT_EROFS,       /* what changes the disk, as when the kernel remounts it read-only */
  SP_FAULT_SHORT_WRITE, /* a write that ends in the middle, for want of space */
  SP_FAULT_EIO_SYNC,    /* syncing a file, or the folder after a deletion that was done */
} SpFaultKind;
#define SP_N_FAULT_KINDS 6

/* An operation that changes the disk, or makes changes durable. */
typedef struct {
  guint64 number; /* among all operations, from 0 */
  SpFaultOperation operation;
  guint file;    /* as in SpDisk: 0 is the database, 1 its journal */
  gsize offset;  /* of a write; the new size of a truncation */
  GBytes *data;  /* (nullable) of a write */
  gboolean sync; /* the folder is synced as well */
} SpFaultRecord;

typedef struct _SpFaultVfs SpFaultVfs;

SpFaultVfs *sp_fault_vfs_new (void) G_GNUC_WARN_UNUSED_RESULT; /* and registers it */
void sp_fault_vfs_free (SpFaultVfs *self);

guint64 sp_fault_vfs_get_count (const SpFaultVfs *self);
void sp_fault_vfs_reset_count (SpFaultVfs *self);

/* NULL stops. (element-type SpFaultRecord), borrowed until then. */
void sp_fault_vfs_record (SpFaultVfs *self, GPtrArray *records);
GPtrArray *sp_fault_records_new (void) G_GNUC_WARN_UNUSED_RESULT;

/* Operation `number`, counted from the last reset, fails, and if `forever` all later ones that can. */
void sp_fault_vfs_fail (SpFaultVfs *self, SpFaultKind kind, guint64 number, gboolean forever);
guint sp_fault_vfs_get_n_failed (const SpFaultVfs *self); /* since sp_fault_vfs_fail() */

/* NULL stops. Each operation appends its SpFaultOperation. */
void sp_fault_vfs_trace (SpFaultVfs *self, GByteArray *trace);
gboolean sp_fault_kind_applies (SpFaultKind kind, SpFaultOperation operation);

const char *sp_fault_kind_to_name (SpFaultKind kind);
const char *sp_fault_operation_to_name (SpFaultOperation operation);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpFaultVfs, sp_fault_vfs_free)

G_END_DECLS
