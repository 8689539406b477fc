/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Failing disks: each step is run again and again from the state before it, with one operation after
 * the other failing, once or from then on. Then the fault is lifted, and the file opened. */

#include "config.h"

#include <string.h>

#include "crash.h"

typedef struct {
  guint step;
  SpFaultKind kind;
  guint64 number;
  SpFaultOperation operation;
  gboolean forever;
} Fault;

/* The state before a step: NULL before the first. */
typedef struct {
  GByteArray *file;
  CrashSide *side;
} Before;

static void
before_clear (Before *self)
{
  g_clear_pointer (&self->file, g_byte_array_unref);
  g_clear_pointer (&self->side, g_hash_table_unref);
}

/* Puts the state before the step in place, and opens it. */
static gpointer
begin (Crash *self, const Before *before, guint step)
{
  g_autoptr (GError) error = NULL;
  GByteArray *files[SP_N_DISK_FILES] = { before->file, NULL };
  gpointer session;

  crash_write_disk (self, files);
  crash_write_side (self, before->side);
  if (step == 0)
    return NULL;
  session = self->subject->open (self->folder, step - 1, &error);
  if (session == NULL)
    g_error ("state %u does not open: %s", step - 1, error->message);
  return session;
}

static gboolean
run_step (Crash *self, gpointer *session, guint step, GError **error)
{
  if (step > 0)
    return self->subject->run (*session, step, error);
  *session = self->subject->create (self->folder, error);
  return *session != NULL;
}

/* Whether an error keeps its promise is asked of the file afterwards; here, that it makes one. */
static void
check_sentence (Crash *self, const GError *error, const char *what)
{
  gboolean promises = strstr (error->message, "Nothing was changed.") != NULL ||
                      strstr (error->message, "was not saved") != NULL ||
                      strstr (error->message, "not certain") != NULL;

  if (!promises || !g_str_has_suffix (error->message, "."))
    crash_fail (self, "%s: the error does not say what is safe: %s", what, error->message);
}

static void
try_fault (Crash *self, const Before *before, const Fault *fault)
{
  gpointer session = begin (self, before, fault->step);
  g_autoptr (GError) error = NULL;
  gint step = (gint) fault->step;
  gint lowest = step - 1;
  gint highest = step;
  gboolean done;
  g_autofree char *what = g_strdup_printf (
      "%s %s at operation %" G_GUINT64_FORMAT " (%s) of step %u",
      sp_fault_kind_to_name (fault->kind), fault->forever ? "from then on" : "once", fault->number,
      sp_fault_operation_to_name (fault->operation), fault->step);

  sp_fault_vfs_reset_count (self->vfs);
  sp_fault_vfs_fail (self->vfs, fault->kind, fault->number, fault->forever);
  done = run_step (self, &session, fault->step, &error);
  if (!fault->forever)
    sp_fault_vfs_fail (self->vfs, SP_FAULT_NONE, 0, FALSE);
  if (done)
    lowest = step;
  else
    check_sentence (self, error, what);
  if (!done && strstr (error->message, "not certain") == NULL) {
    highest = step - 1;
    /* The disk is well again, so the same session must be able to do it. */
    if (!fault->forever) {
      g_clear_error (&error);
      if (run_step (self, &session, fault->step, &error))
        lowest = highest = step;
      else
        crash_fail (self, "%s: cannot be done again: %s", what, error->message);
    }
  }
  if (session != NULL)
    self->subject->close (session);
  sp_fault_vfs_fail (self->vfs, SP_FAULT_NONE, 0, FALSE);
  if (highest >= 0)
    crash_check (self, lowest, highest, what);
  g_atomic_int_inc (&self->counts->n_faults[fault->kind]);
}

/* Runs the step without a fault; returns which operations it makes, and leaves its state in the folder. */
static GByteArray *
trace_step (Crash *self, const Before *before, guint step)
{
  g_autoptr (GError) error = NULL;
  GByteArray *trace = g_byte_array_new ();
  gpointer session = begin (self, before, step);

  sp_fault_vfs_trace (self->vfs, trace);
  if (!run_step (self, &session, step, &error))
    g_error ("step %u fails without any fault: %s", step, error->message);
  sp_fault_vfs_trace (self->vfs, NULL);
  self->subject->close (session);
  return trace;
}

static void
try_operation (Crash *self,
               const Before *before,
               guint step,
               guint64 number,
               SpFaultOperation operation)
{
  for (guint kind = SP_FAULT_NONE + 1; kind < SP_N_FAULT_KINDS; kind++) {
    for (guint forever = 0; forever < 2; forever++) {
      Fault fault = { .step = step,
                      .kind = kind,
                      .number = number,
                      .operation = operation,
                      .forever = forever != 0 };

      /* The numbers of different steps do not begin alike, lest a sample always hits the same places. */
      if (sp_fault_kind_applies (kind, operation) &&
          crash_is_chosen (self,
                           ((step * 100003 + number) * SP_N_FAULT_KINDS + kind) * 2 + forever))
        try_fault (self, before, &fault);
    }
  }
}

void
crash_run_faults (Crash *self)
{
  Before before = { 0 };

  for (guint step = 0; step < self->subject->n_steps && !crash_has_enough (self); step++) {
    g_autoptr (GByteArray) trace = trace_step (self, &before, step);
    Before after = { .file = crash_read_file (self), .side = crash_read_side (self) };

    for (guint64 number = 0; number < trace->len && !crash_has_enough (self); number++)
      try_operation (self, &before, step, number, trace->data[number]);
    before_clear (&before);
    before = after;
  }
  before_clear (&before);
}
