/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The crash suite: a subject runs a script of steps, each of them one change that is acknowledged when it
 * returns; the suite kills it, cuts its power and lets its disk fail at each operation, and asks
 * afterwards whether the file holds exactly what was acknowledged, or that and the step that was going
 * on.
 *
 * State n is what there is after step n; step 0 makes the file.
 *
 * A subject may keep files of its own outside of SQLite, in the side folder (crash_get_side_folder()). What it had
 * there when a step was acknowledged is there again when that state is opened: the strictest case, since a
 * crash could only have left something older. */

#pragma once

#include "sp-disk.h"
#include "sp-fault-vfs.h"

G_BEGIN_DECLS

typedef struct {
  const char *name;
  const char *file_name;
  guint n_steps;
  gpointer (*create) (const char *folder, GError **error);
  /* With what opens state `state`, in which `folder` was last seen (or was a moment later). */
  gpointer (*open) (const char *folder, guint state, GError **error);
  void (*close) (gpointer session);
  gboolean (*run) (gpointer session, guint step, GError **error);
  /* Verifies everything; a text that is the same for the same contents. */
  char *(*observe) (gpointer session, GError **error);
  /* What observe() must say: from the script alone, without the subject. */
  char *(*expect) (guint state);
} CrashSubject;

/* Each program defines these two. A mutant is expected to fail, and its name says what it does. */
extern const CrashSubject crash_subject;
extern const char *const crash_mutant;

/* Shared between the parent and its children. */
typedef struct {
  gint n_operations; /* of the whole script */
  gint n_changes;    /* of these: change what is on the disk */
  gint n_disks[SP_N_DISK_DAMAGES];
  gint n_faults[SP_N_FAULT_KINDS];
  gint n_failures;
} CrashCounts;

typedef struct {
  const CrashSubject *subject;
  SpFaultVfs *vfs;
  CrashCounts *counts;
  char *base;       /* scratch, holds the two below */
  char *folder;     /* for the file */
  char *side;       /* for what the subject keeps beside it */
  GPtrArray *texts; /* (element-type utf8) expected, by state */
  guint job;        /* of `n_jobs` */
  guint n_jobs;
  guint sample;    /* one in so many is tried; 1 is all */
  guint n_chances; /* how often chance is asked for each disk */
  guint max_failures;
} Crash;

/* The side folder's files: name, contents. */
typedef GHashTable CrashSide; /* (element-type utf8 GBytes) */

char *crash_get_side_folder (const char *folder) G_GNUC_WARN_UNUSED_RESULT;
CrashSide *crash_read_side (Crash *self) G_GNUC_WARN_UNUSED_RESULT;
void crash_write_side (Crash *self, CrashSide *side); /* NULL: none */

void crash_run_kills (Crash *self);
void crash_run_faults (Crash *self);

gboolean crash_is_chosen (const Crash *self, guint64 number);
void crash_fail (Crash *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
gboolean crash_has_enough (const Crash *self);
char *crash_get_path (const Crash *self);
void crash_write_disk (Crash *self, GByteArray *files[static SP_N_DISK_FILES]);
GByteArray *crash_read_file (Crash *self) G_GNUC_WARN_UNUSED_RESULT;
void crash_clear_folder (Crash *self);
/* What step `step` left behind must be one of the states from `lowest` to `highest` (-1: no file yet, anything). */
void crash_check (Crash *self, gint lowest, gint highest, const char *what);

G_END_DECLS
