/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Kills and power cuts: the script runs once and is recorded; what may be on the disk before each
 * operation is then made from the record, and opened. */

#include "config.h"

#include "crash.h"

typedef struct {
  GPtrArray *records; /* (element-type SpFaultRecord) (owned) */
  GArray *ends;       /* (element-type guint64) number of operations after each step */
  GPtrArray *sides;   /* (element-type CrashSide) (owned) after each step */
  guint64 n_operations;
} Recording;

static void
recording_clear (Recording *self)
{
  g_ptr_array_unref (self->records);
  g_array_unref (self->ends);
  g_ptr_array_unref (self->sides);
}

static void
record (Crash *self, Recording *out)
{
  g_autoptr (GError) error = NULL;
  gpointer session = NULL;
  const CrashSubject *subject = self->subject;

  out->records = sp_fault_records_new ();
  out->ends = g_array_new (FALSE, FALSE, sizeof (guint64));
  out->sides = g_ptr_array_new_with_free_func ((GDestroyNotify) g_hash_table_unref);
  crash_clear_folder (self);
  crash_write_side (self, NULL);
  sp_fault_vfs_reset_count (self->vfs);
  sp_fault_vfs_record (self->vfs, out->records);
  for (guint step = 0; step < subject->n_steps; step++) {
    gboolean done;
    guint64 count;

    if (step == 0)
      session = subject->create (self->folder, &error);
    done = session != NULL && (step == 0 || subject->run (session, step, &error));
    if (!done)
      g_error ("step %u fails without any fault: %s", step, error->message);
    count = sp_fault_vfs_get_count (self->vfs);
    g_array_append_val (out->ends, count);
    g_ptr_array_add (out->sides, crash_read_side (self));
  }
  sp_fault_vfs_record (self->vfs, NULL);
  out->n_operations = sp_fault_vfs_get_count (self->vfs);
  subject->close (session);
}

static void
try_disk (Crash *self,
          const Recording *recording,
          const SpDisk *disk,
          SpDiskDamage damage,
          const SpFaultRecord *next,
          gint step,
          guint64 seed)
{
  GByteArray *files[SP_N_DISK_FILES];
  guint64 state = seed * 2 + 1;
  g_autofree char *what = g_strdup_printf (
      "%s before operation %" G_GUINT64_FORMAT " (%s) of step %d, seed %" G_GUINT64_FORMAT,
      sp_disk_damage_to_name (damage), next != NULL ? next->number : 0,
      next != NULL ? sp_fault_operation_to_name (next->operation) : "none", step, seed);

  sp_disk_materialise (disk, damage, next, &state, files);
  crash_write_disk (self, files);
  crash_write_side (self, step > 0 ? g_ptr_array_index (recording->sides, step - 1) : NULL);
  for (guint i = 0; i < SP_N_DISK_FILES; i++)
    g_clear_pointer (&files[i], g_byte_array_unref);
  crash_check (self, step - 1, step, what);
  g_atomic_int_inc (&self->counts->n_disks[damage]);
}

/* `next` is the operation before which it happens, `last` the one before that. */
static void
try_all (Crash *self,
         const Recording *recording,
         const SpDisk *disk,
         const SpFaultRecord *last,
         const SpFaultRecord *next,
         gint step,
         guint64 index)
{
  /* A sync changes only what a power cut can take away. */
  if (last == NULL || last->operation != SP_FAULT_SYNC)
    try_disk (self, recording, disk, SP_DISK_KILLED, next, step, index);
  if (next != NULL && next->operation == SP_FAULT_WRITE &&
      g_bytes_get_size (next->data) > SP_DISK_SECTOR)
    try_disk (self, recording, disk, SP_DISK_TORN, next, step, index);
  try_disk (self, recording, disk, SP_DISK_OLDEST, next, step, index);
  try_disk (self, recording, disk, SP_DISK_FOLDER_OLD, next, step, index);
  for (guint i = 0; i < self->n_chances; i++)
    try_disk (self, recording, disk, SP_DISK_ANY, next, step, index * self->n_chances + i);
}

void
crash_run_kills (Crash *self)
{
  Recording recording = { 0 };
  g_autoptr (SpDisk) disk = sp_disk_new (NULL, 0);
  const SpFaultRecord *last = NULL;
  gint step = 0;

  record (self, &recording);
  if (self->job == 0) {
    self->counts->n_operations = (gint) recording.n_operations;
    self->counts->n_changes = (gint) recording.records->len;
  }
  for (guint i = 0; i <= recording.records->len && !crash_has_enough (self); i++) {
    const SpFaultRecord *next = i < recording.records->len
                                    ? g_ptr_array_index (recording.records, i)
                                    : NULL;

    while (step < (gint) recording.ends->len &&
           (next == NULL || next->number >= g_array_index (recording.ends, guint64, step)))
      step++;
    if (next == NULL)
      step = (gint) recording.ends->len - 1;
    if (crash_is_chosen (self, i) || next == NULL)
      try_all (self, &recording, disk, last, next, step, i);
    if (next != NULL)
      sp_disk_apply (disk, next);
    last = next;
  }
  recording_clear (&recording);
}
