/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The session's face to the main loop: what it knows of the vault, opening and locking.
 *
 * An opening counts `epoch` up. Jobs carry the number they were queued under, so that nothing meant for one
 * opening is done to, or said of, the next. */

#define G_LOG_DOMAIN "sp-session"

#include "config.h"

#include <glib/gstdio.h>

#include "services/sp-session-private.h"
#include "vault/sp-vault-log.h"
#include "vault/sp-vault-repair.h"

G_DEFINE_FINAL_TYPE (SpSession, sp_session, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_STATE,
  PROP_PATH,
  PROP_NAME,
  PROP_WRITABLE,
  PROP_KEEPS_EDITS,
  N_PROPS,
};

enum {
  SIGNAL_CHANGED,
  SIGNAL_LOCKING,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

/* ---- what is known of the vault --------------------------------------------------------------------- */

static SpProblem *
copy_problem (const SpProblem *problem)
{
  SpProblem *copy = g_new (SpProblem, 1);

  *copy = *problem;
  copy->title = g_strdup (problem->title);
  copy->text = g_strdup (problem->text);
  return copy;
}

/* In the thread. */
SpSessionView *
sp_session_view_new (SpVault *vault)
{
  SpSessionView *self = g_new0 (SpSessionView, 1);
  const GPtrArray *problems = sp_vault_peek_problems (vault);

  self->snapshot = sp_snapshot_ref (sp_vault_get_snapshot (vault));
  self->name = sp_vault_dup_name (vault);
  self->state = sp_vault_get_state (vault);
  self->must_set_password = self->state == SP_VAULT_STATE_SOUND &&
                            sp_vault_must_set_password (vault);
  self->writable = sp_vault_is_writable (vault);
  sp_vault_get_info (vault, &self->info);
  sp_vault_get_timings (vault, &self->timings);
  self->location_warning = g_strdup (sp_vault_get_location_warning (vault));
  self->problems = g_ptr_array_new_with_free_func ((GDestroyNotify) sp_problem_free);
  for (guint i = 0; i < problems->len; i++)
    g_ptr_array_add (self->problems, copy_problem (g_ptr_array_index (problems, i)));
  return self;
}

void
sp_session_view_free (SpSessionView *self)
{
  sp_snapshot_unref (self->snapshot);
  g_free (self->name);
  g_free (self->location_warning);
  g_ptr_array_unref (self->problems);
  g_free (self);
}

static void
notify_view (SpSession *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WRITABLE]);
}

void
sp_session_announce (SpSession *self)
{
  g_object_freeze_notify (G_OBJECT (self));
  notify_view (self);
  g_object_thaw_notify (G_OBJECT (self));
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
sp_session_take_view (SpSession *self, SpSessionView *view)
{
  g_clear_pointer (&self->view, sp_session_view_free);
  self->view = view;
  if (self->state == SP_SESSION_OPEN)
    sp_session_announce (self);
}

/* A file that was writable when it was opened need not stay so: its folder may be mounted anew, or closed. */
void
sp_session_note_failure (SpSession *self, const GError *error)
{
  if (self->state != SP_SESSION_OPEN || self->view == NULL || !self->view->writable ||
      self->view->refused ||
      (!g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_READ_ONLY) &&
       !g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_PERMISSION)))
    return;
  self->view->refused = TRUE;
  sp_session_announce (self);
}

void
sp_session_set_state (SpSession *self, SpSessionState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

/* ---- closing ---------------------------------------------------------------------------------------- */

typedef struct {
  gboolean log; /* it was open, and may be written */
  SpLockReason reason;
  gboolean discard; /* it was made for somebody who did not wait for it */
} Closing;

/* In the thread. A plan does not outlive its vault. */
void
sp_session_close_vault (SpSession *self)
{
  g_clear_pointer (&self->plan, sp_rotation_free);
  g_clear_pointer (&self->vault, sp_vault_close);
}

/* A vault nobody wants any more leaves nothing behind that was not there before. */
static void
discard (SpSession *self)
{
  g_autofree char *path = g_strdup (sp_vault_get_path (self->vault));

  sp_session_close_vault (self);
  if (g_unlink (path) != 0)
    g_warning ("A vault that was given up could not be removed.");
}

static gboolean
close_vault (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  SpSession *self = job->session;
  const Closing *closing = data;

  if (self->vault == NULL || self->vault_epoch != job->epoch)
    return TRUE;
  if (closing->log)
    sp_session_log_end (self, self->vault, job->epoch, closing->reason);
  sp_session_drop_idle_quick_unlock (self->vault);
  if (closing->discard)
    discard (self);
  sp_session_close_vault (self);
  return TRUE;
}

void
sp_session_push_close (SpSession *self, gboolean log, gboolean discard_it)
{
  Closing *data = g_new (Closing, 1);

  data->log = log;
  data->reason = self->lock_reason;
  data->discard = discard_it;
  sp_session_queue_push (self, SP_JOB_INTERACTIVE | SP_JOB_ANY_STATE | SP_JOB_HOME, close_vault,
                         data, g_free, NULL, NULL, NULL, NULL);
}

/**
 * sp_session_lock:
 * @self: a session
 * @reason: why
 *
 * Locks: from here on nothing of the vault can be seen, and what waits in the queue answers
 * %G_IO_ERROR_CANCELLED, but for jobs of %SP_JOB_HOME. The vault is closed, and its keys are wiped, once those are
 * done and the lock is logged. While the vault is being opened, the opening is given up; otherwise, when it is
 * locked, nothing happens.
 */
void
sp_session_lock (SpSession *self, SpLockReason reason)
{
  gboolean was_open, missing;

  g_return_if_fail (SP_IS_SESSION (self));

  if (self->state == SP_SESSION_LOCKED || self->locking)
    return;
  was_open = self->state == SP_SESSION_OPEN;
  self->lock_reason = reason;
  self->recovering = FALSE;
  self->locking = TRUE;
  if (was_open)
    g_signal_emit (self, signals[SIGNAL_LOCKING], 0, (int) reason);
  self->locking = FALSE;
  missing = sp_session_is_missing (self);
  sp_session_watch_stop (self);
  g_clear_pointer (&self->view, sp_session_view_free);
  sp_session_queue_drop (self);
  /* Into a file that is another one by now, or none, nothing is written. */
  sp_session_push_close (self, was_open && !missing && reason != SP_LOCK_REPLACED,
                         !was_open && self->creating);
  g_object_freeze_notify (G_OBJECT (self));
  sp_session_set_state (self, SP_SESSION_LOCKED);
  if (was_open)
    notify_view (self);
  g_object_thaw_notify (G_OBJECT (self));
}

SpLockReason
sp_session_get_lock_reason (SpSession *self)
{
  g_return_val_if_fail (SP_IS_SESSION (self), SP_LOCK_BY_USER);
  return self->lock_reason;
}

static gboolean
do_nothing (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  return TRUE;
}

void
sp_session_flush_async (SpSession *self, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (SP_IS_SESSION (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, sp_session_flush_async);
  sp_session_queue_push (self, SP_JOB_LONG | SP_JOB_ANY_STATE, do_nothing, NULL, NULL, NULL, NULL,
                         NULL, task);
}

gboolean
sp_session_flush_finish (SpSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
sp_session_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SpSession *self = SP_SESSION (object);

  switch (prop_id) {
  case PROP_STATE:
    g_value_set_int (value, (int) self->state);
    break;
  case PROP_PATH:
    g_value_set_string (value, self->path);
    break;
  case PROP_NAME:
    g_value_set_string (value, sp_session_get_name (self));
    break;
  case PROP_WRITABLE:
    g_value_set_boolean (value, sp_session_is_writable (self));
    break;
  case PROP_KEEPS_EDITS:
    g_value_set_boolean (value, self->kept_edits->len > 0);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
sp_session_finalize (GObject *object)
{
  SpSession *self = SP_SESSION (object);

  sp_session_watch_stop (self);
  sp_session_queue_stop (self);
  g_clear_pointer (&self->view, sp_session_view_free);
  g_array_unref (self->uses);
  g_ptr_array_unref (self->kept_edits);
  g_free (self->path);
  g_free (self->state_dir);
  g_main_context_unref (self->context);
  G_OBJECT_CLASS (sp_session_parent_class)->finalize (object);
}

static void
sp_session_class_init (SpSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = sp_session_get_property;
  object_class->finalize = sp_session_finalize;

  /* SpSessionState */
  properties[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, 0, SP_SESSION_OPEN, 0, flags);
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_WRITABLE] = g_param_spec_boolean ("writable", NULL, NULL, FALSE, flags);
  properties[PROP_KEEPS_EDITS] = g_param_spec_boolean ("keeps-edits", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", SP_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_LOCKING] = g_signal_new ("locking", SP_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
sp_session_init (SpSession *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->uses = g_array_new (FALSE, FALSE, sizeof (SpSessionUse));
  sp_session_init_drafts (self);
  sp_session_queue_start (self);
}

SpSession *
sp_session_new (const char *state_dir, const SpClock *clock)
{
  SpSession *self = g_object_new (SP_TYPE_SESSION, NULL);

  self->state_dir = g_strdup (state_dir);
  self->clock = clock != NULL ? *clock : *sp_clock_get_system ();
  return self;
}

SpSessionState
sp_session_get_state (SpSession *self)
{
  g_return_val_if_fail (SP_IS_SESSION (self), SP_SESSION_LOCKED);
  return self->state;
}

/**
 * sp_session_is_held:
 * @self: a session
 *
 * Returns: whether there are keys in memory: the vault is open, or was opened with a recovery key and waits for its new
 *   master password
 */
gboolean
sp_session_is_held (SpSession *self)
{
  return sp_session_get_state (self) == SP_SESSION_OPEN || self->recovering;
}

gboolean
sp_session_is_open (SpSession *self)
{
  return sp_session_get_state (self) == SP_SESSION_OPEN;
}

const char *
sp_session_get_path (SpSession *self)
{
  g_return_val_if_fail (SP_IS_SESSION (self), NULL);
  return self->path;
}

void
sp_session_set_path (SpSession *self, const char *path)
{
  g_return_if_fail (SP_IS_SESSION (self) && self->state == SP_SESSION_LOCKED);

  if (g_strcmp0 (self->path, path) == 0)
    return;
  g_free (self->path);
  self->path = g_strdup (path);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PATH]);
}

gint64
sp_session_now_ms (SpSession *self)
{
  g_return_val_if_fail (SP_IS_SESSION (self), 0);
  return sp_clock_now_ms (&self->clock);
}

/* What was captured before the state is OPEN is not shown yet. */
static const SpSessionView *
peek_view (SpSession *self)
{
  g_return_val_if_fail (SP_IS_SESSION (self), NULL);
  return self->state == SP_SESSION_OPEN ? self->view : NULL;
}

const char *
sp_session_get_name (SpSession *self)
{
  const SpSessionView *view = peek_view (self);

  return view != NULL ? view->name : NULL;
}

SpSnapshot *
sp_session_get_snapshot (SpSession *self)
{
  const SpSessionView *view = peek_view (self);

  return view != NULL ? view->snapshot : NULL;
}

gboolean
sp_session_is_writable (SpSession *self)
{
  const SpSessionView *view = peek_view (self);

  return view != NULL && view->writable;
}

/**
 * sp_session_was_refused:
 * @self: a session
 *
 * Returns: whether the last change could not be written, although the vault was writable when it was opened
 */
gboolean
sp_session_was_refused (SpSession *self)
{
  const SpSessionView *view = peek_view (self);

  return view != NULL && view->refused;
}

gboolean
sp_session_is_missing (SpSession *self)
{
  const SpSessionView *view = peek_view (self);

  return view != NULL && view->missing;
}

SpVaultState
sp_session_get_vault_state (SpSession *self)
{
  const SpSessionView *view = peek_view (self);

  return view != NULL ? view->state : SP_VAULT_STATE_SOUND;
}

const SpVaultInfo *
sp_session_peek_info (SpSession *self)
{
  const SpSessionView *view = peek_view (self);

  return view != NULL ? &view->info : NULL;
}

const SpVaultTimings *
sp_session_peek_timings (SpSession *self)
{
  const SpSessionView *view = peek_view (self);

  return view != NULL ? &view->timings : NULL;
}

const GPtrArray *
sp_session_peek_problems (SpSession *self)
{
  const SpSessionView *view = peek_view (self);

  return view != NULL ? view->problems : NULL;
}

const char *
sp_session_get_location_warning (SpSession *self)
{
  const SpSessionView *view = peek_view (self);

  return view != NULL ? view->location_warning : NULL;
}
