/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The session's thread and its queue.
 *
 * A job goes main loop -> queue -> thread -> main loop. Its task is touched by the main loop only; the thread
 * sees the function, the data and the job's own cancellable. A job that the thread has taken always comes
 * back, so whatever its data holds is freed in the main loop. */

#define G_LOG_DOMAIN "sp-session-queue"

#include "config.h"

#include "crypto/sp-crypto.h"
#include "services/sp-session-private.h"

#define PROGRESS_INTERVAL_US (G_USEC_PER_SEC / 20)

static void
job_free (SpJob *self)
{
  g_assert (self->task == NULL);

  if (self->outer != NULL)
    g_cancellable_disconnect (self->outer, self->outer_handler);
  g_clear_object (&self->outer);
  g_clear_object (&self->cancellable);
  if (self->free_data != NULL)
    self->free_data (self->data);
  g_clear_error (&self->error);
  g_clear_pointer (&self->view, sp_session_view_free);
  g_mutex_clear (&self->progress_mutex);
  g_object_unref (self->session);
  g_free (self);
}

static gboolean
set_cancelled (SpJob *job)
{
  g_set_error_literal (&job->error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
  return FALSE;
}

/* In the main loop. The task keeps the job, and so its data, until the answer was read. */
static void
answer (SpJob *job)
{
  g_autoptr (GTask) task = g_steal_pointer (&job->task);

  if (task == NULL) {
    job_free (job);
    return;
  }
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  if (job->ok)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&job->error));
}

static gboolean
complete_cb (gpointer user_data)
{
  SpJob *job = user_data;
  g_autoptr (SpSession) session = g_object_ref (job->session);
  gboolean replaced = !job->ok &&
                      g_error_matches (job->error, SP_VAULT_ERROR, SP_VAULT_ERROR_REPLACED);
  gboolean missing = job->missing;
  guint epoch = job->epoch;

  job->progress = NULL;
  /* What was read before the vault was locked is not shown after it. */
  if ((job->flags & (SP_JOB_HOME | SP_JOB_ANY_STATE)) == 0 &&
      (epoch != session->epoch || session->state != SP_SESSION_OPEN)) {
    g_clear_error (&job->error);
    job->ok = set_cancelled (job);
  }
  if (job->view != NULL && epoch == session->epoch && session->state != SP_SESSION_LOCKED)
    sp_session_take_view (session, g_steal_pointer (&job->view));
  if (!job->ok && epoch == session->epoch)
    sp_session_note_failure (session, job->error);
  answer (job);
  if (replaced && epoch == session->epoch)
    sp_session_watch_lost (session, missing);
  return G_SOURCE_REMOVE;
}

/* Never at once, also when called from the main loop: the caller may hold the mutex. */
static void
call_in_main_loop (SpJob *job, GSourceFunc function)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, function, job, NULL);
  g_source_set_static_name (source, "[securepass] job");
  g_source_attach (source, job->session->context);
}

/* Whether the engine or GIO says it, a caller has one thing to look for. */
static void
unify_cancelled (SpJob *job)
{
  if (!job->ok && g_error_matches (job->error, SP_VAULT_ERROR, SP_VAULT_ERROR_CANCELLED)) {
    g_clear_error (&job->error);
    (void) set_cancelled (job);
  }
}

static gboolean
is_opening (const SpJob *job)
{
  return (job->flags & SP_JOB_ANY_STATE) != 0 && (job->flags & SP_JOB_ABANDON) != 0;
}

static void
capture (SpSession *self, SpJob *job)
{
  g_autoptr (SpSessionView) view = sp_session_view_new (self->vault);

  if (self->seen_snapshot == view->snapshot && self->seen_state == view->state &&
      self->seen_sequence == view->info.sequence && !is_opening (job))
    return;
  g_clear_pointer (&self->seen_snapshot, sp_snapshot_unref);
  self->seen_snapshot = sp_snapshot_ref (view->snapshot);
  self->seen_state = view->state;
  self->seen_sequence = view->info.sequence;
  job->view = g_steal_pointer (&view);
}

static void
run (SpSession *self, SpJob *job)
{
  gboolean any = (job->flags & SP_JOB_ANY_STATE) != 0;
  gboolean there = self->vault != NULL && self->vault_epoch == job->epoch;

  if ((!any && !there) ||
      (g_cancellable_is_cancelled (job->cancellable) && (job->flags & SP_JOB_HOME) == 0)) {
    job->ok = set_cancelled (job);
    return;
  }
  job->ok = job->run (self->vault, job, job->data, &job->error);
  unify_cancelled (job);
  /* What was moved away may come back, as it is. */
  job->missing = self->vault != NULL && !job->ok &&
                 g_error_matches (job->error, SP_VAULT_ERROR, SP_VAULT_ERROR_REPLACED) &&
                 !g_file_test (sp_vault_get_path (self->vault), G_FILE_TEST_EXISTS);
  if (self->vault != NULL)
    capture (self, job);
  else
    g_clear_pointer (&self->seen_snapshot, sp_snapshot_unref);
}

static SpJob *
pop_locked (SpSession *self)
{
  for (guint i = 0; i < SP_JOB_N_PRIORITIES; i++)
    if (!g_queue_is_empty (&self->queues[i]))
      return g_queue_pop_head (&self->queues[i]);
  return NULL;
}

static gpointer
thread_main (gpointer data)
{
  SpSession *self = data;
  g_autoptr (GError) error = NULL;

  /* The first use of the crypto library costs some milliseconds: not after the password was typed. */
  if (!sp_crypto_init (&error))
    g_critical ("%s", error->message);

  g_mutex_lock (&self->mutex);
  while (TRUE) {
    SpJob *job = pop_locked (self);

    if (job == NULL && self->stopping)
      break;
    if (job == NULL) {
      g_cond_wait (&self->wake, &self->mutex);
      continue;
    }
    self->running = job;
    g_mutex_unlock (&self->mutex);
    run (self, job);
    g_mutex_lock (&self->mutex);
    self->running = NULL;
    g_mutex_unlock (&self->mutex);
    call_in_main_loop (job, complete_cb);
    g_mutex_lock (&self->mutex);
  }
  g_mutex_unlock (&self->mutex);

  g_clear_pointer (&self->seen_snapshot, sp_snapshot_unref);
  sp_session_close_vault (self);
  return NULL;
}

void
sp_session_queue_start (SpSession *self)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->wake);
  for (guint i = 0; i < SP_JOB_N_PRIORITIES; i++)
    g_queue_init (&self->queues[i]);
  self->thread = g_thread_new ("vault", thread_main, self);
}

/* Every job holds the session, so there is none left. */
void
sp_session_queue_stop (SpSession *self)
{
  g_mutex_lock (&self->mutex);
  self->stopping = TRUE;
  g_cond_signal (&self->wake);
  g_mutex_unlock (&self->mutex);
  g_thread_join (self->thread);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->wake);
}

static gboolean
abandoned_cb (gpointer user_data)
{
  g_task_return_new_error (G_TASK (user_data), G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
  return G_SOURCE_REMOVE;
}

/* Answers without waiting for the job's end; not at once either, as the caller is in the middle of something. */
static void
abandon (SpJob *job)
{
  g_cancellable_cancel (job->cancellable);
  if ((job->flags & SP_JOB_ABANDON) != 0 && job->task != NULL) {
    g_autoptr (GSource) source = g_idle_source_new ();

    g_source_set_priority (source, G_PRIORITY_DEFAULT);
    g_source_set_callback (source, abandoned_cb, g_steal_pointer (&job->task), g_object_unref);
    g_source_set_static_name (source, "[securepass] abandoned");
    g_source_attach (source, job->session->context);
  }
}

static void
outer_cancelled_cb (GCancellable *outer, gpointer user_data)
{
  abandon (user_data);
}

/* In the main loop. */
void
sp_session_queue_push (SpSession *self,
                       SpJobFlags flags,
                       SpJobFunc run_job,
                       gpointer data,
                       GDestroyNotify free_data,
                       SpJobProgress progress,
                       gpointer progress_data,
                       GCancellable *cancellable,
                       GTask *task)
{
  SpJob *job = g_new0 (SpJob, 1);

  job->session = g_object_ref (self);
  job->flags = flags;
  job->epoch = self->epoch;
  job->run = run_job;
  job->data = data;
  job->free_data = free_data;
  job->task = task;
  job->cancellable = g_cancellable_new ();
  g_mutex_init (&job->progress_mutex);
  job->progress = progress;
  job->progress_data = progress_data;
  if (cancellable != NULL) {
    job->outer = g_object_ref (cancellable);
    job->outer_handler = g_cancellable_connect (cancellable, G_CALLBACK (outer_cancelled_cb), job,
                                                NULL);
  }

  g_mutex_lock (&self->mutex);
  g_queue_push_tail (&self->queues[flags & SP_JOB_PRIORITY_MASK], job);
  g_cond_signal (&self->wake);
  g_mutex_unlock (&self->mutex);
}

void
sp_session_queue_drop (SpSession *self)
{
  const SpJobFlags kept = SP_JOB_HOME | SP_JOB_ANY_STATE;

  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < SP_JOB_N_PRIORITIES; i++) {
    GList *next;

    for (GList *link = self->queues[i].head; link != NULL; link = next) {
      SpJob *job = link->data;

      next = link->next;
      if (is_opening (job))
        abandon (job);
      if ((job->flags & kept) != 0)
        continue;
      g_queue_delete_link (&self->queues[i], link);
      job->ok = set_cancelled (job);
      call_in_main_loop (job, complete_cb);
    }
  }
  if (self->running != NULL && is_opening (self->running))
    abandon (self->running);
  else if (self->running != NULL && (self->running->flags & kept) == 0)
    g_cancellable_cancel (self->running->cancellable);
  g_mutex_unlock (&self->mutex);
}

void
sp_session_run_reporting_async (SpSession *self,
                                SpJobFlags flags,
                                SpJobFunc run_job,
                                gpointer data,
                                GDestroyNotify free_data,
                                SpJobProgress progress,
                                gpointer progress_data,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  GTask *task;

  g_return_if_fail (SP_IS_SESSION (self));
  g_return_if_fail ((flags & SP_JOB_HOME) == 0 ||
                    (flags & SP_JOB_PRIORITY_MASK) == SP_JOB_INTERACTIVE);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, sp_session_run_async);
  if (self->state != SP_SESSION_OPEN || g_cancellable_is_cancelled (cancellable)) {
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
    g_object_unref (task);
    if (free_data != NULL)
      free_data (data);
    return;
  }
  sp_session_queue_push (self, flags, run_job, data, free_data, progress, progress_data,
                         cancellable, task);
}

void
sp_session_run_async (SpSession *self,
                      SpJobFlags flags,
                      SpJobFunc run_job,
                      gpointer data,
                      GDestroyNotify free_data,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  sp_session_run_reporting_async (self, flags, run_job, data, free_data, NULL, NULL, cancellable,
                                  callback, user_data);
}

gpointer
sp_session_run_finish (SpSession *self, GAsyncResult *result, GError **error)
{
  SpJob *job;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  job = g_task_get_task_data (G_TASK (result));
  return job->data != NULL ? job->data : self;
}

GCancellable *
sp_job_get_cancellable (SpJob *self)
{
  return self->cancellable;
}

/* ---- progress --------------------------------------------------------------------------------------- */

/* Reports come before the job's end in the main loop's queue, so the job is still there. */
static gboolean
progress_cb (gpointer user_data)
{
  SpJob *job = user_data;
  guint64 done;
  guint64 total;

  g_mutex_lock (&job->progress_mutex);
  done = job->progress_done;
  total = job->progress_total;
  g_mutex_unlock (&job->progress_mutex);
  if (job->progress != NULL && job->task != NULL)
    job->progress (done, total, job->progress_data);
  return G_SOURCE_REMOVE;
}

void
sp_job_report (SpJob *self, guint64 done, guint64 total)
{
  gint64 now = g_get_monotonic_time ();

  if (self->progress == NULL || (done != total && now - self->progress_us < PROGRESS_INTERVAL_US))
    return;
  self->progress_us = now;
  g_mutex_lock (&self->progress_mutex);
  self->progress_done = done;
  self->progress_total = total;
  g_mutex_unlock (&self->progress_mutex);
  call_in_main_loop (self, progress_cb);
}
