/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpDisk: what may be on a disk after the power was cut, from the operations that SpFaultVfs recorded.
 *
 * The model, for a file and its journal in one folder:
 * - A kill of the process loses nothing that was written; the write that it hit may have ended at any
 *   sector (512 bytes).
 * - A power cut keeps what was synced. Of what was written since, each sector is there or not, by itself and in any order; a
 *   sector behind the synced end may also be there as zeros, since a file's size and its contents are
 *   kept apart. A truncation that was not synced may have happened or not.
 * - Making and deleting a file are changes of the folder: until the folder is synced, each may have
 *   happened or not. A deleted file that comes back has contents by the same rules.
 * - A sector is never garbled: it is as before or as after. SQLite, too, asks as much of a disk
 *   (SQLITE_IOCAP_POWERSAFE_OVERWRITE). */

#pragma once

#include "sp-fault-vfs.h"

G_BEGIN_DECLS

#define SP_DISK_SECTOR  512
#define SP_N_DISK_FILES 2

typedef struct _SpDisk SpDisk;

/* The database exists, with these contents; no journal. */
SpDisk *sp_disk_new (const guint8 *data, gsize len) G_GNUC_WARN_UNUSED_RESULT;
void sp_disk_free (SpDisk *self);
void sp_disk_apply (SpDisk *self, const SpFaultRecord *record);

typedef enum {
  SP_DISK_KILLED,     /* between two operations */
  SP_DISK_TORN,       /* killed within the operation `next`, if it is a write */
  SP_DISK_OLDEST,     /* power cut: nothing that was not synced is there */
  SP_DISK_ANY,        /* power cut: anything that the model allows, by chance */
  SP_DISK_FOLDER_OLD, /* power cut: all contents are there, but no change of the folder */
} SpDiskDamage;
#define SP_N_DISK_DAMAGES 5

/* What is there: NULL for a file that is not. (transfer full) */
void sp_disk_materialise (const SpDisk *self,
                          SpDiskDamage damage,
                          const SpFaultRecord *next,
                          guint64 *random_state,
                          GByteArray *out_files[static SP_N_DISK_FILES]);
const char *sp_disk_damage_to_name (SpDiskDamage damage);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpDisk, sp_disk_free)

G_END_DECLS
