/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One job after the other: first what is shown, then what is verified, in pieces that keep nobody waiting for long. A
 * change of the vault starts with what is new, and goes on from what was read and verified. */

#define G_LOG_DOMAIN "sp-activity-log"

#include "config.h"

#include "services/sp-activity-log.h"

#include <string.h>

#include "services/sp-activity-private.h"
#include "services/sp-session-job.h"

#define FIRST_ENTRIES 1000  /* read after an unlock */
#define LOAD_AT_ONCE  10000 /* 15 ms of the thread */
#define CHECK_AT_ONCE 5000  /* 10 ms */
#define RETRY_MS      1000

struct _SpActivityLog {
  GObject parent_instance;

  SpSession *session;        /* (owned) */
  GCancellable *cancellable; /* (owned) (nullable) of the job that runs */
  guint retry_id;
  gboolean wants_all;
  gboolean forward;

  /* While the vault is open. */
  SpLog *log;        /* (owned) (nullable) */
  SpId current;      /* the session's id */
  guint64 forwarded; /* the last entry that the journal has, or shall not have */
  SpLogCheck *check; /* (owned) (nullable) none while the thread has it */
  guint64 sequence;  /* of the vault's state that was verified up to */
  gboolean checked;  /* all of that state */
  gint64 verified_ms;
  guint64 verified;
  GArray *faults; /* (element-type SpLogFault) (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (SpActivityLog, sp_activity_log, G_TYPE_OBJECT)

enum {
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void go_on (SpActivityLog *self);

/* ---- jobs ------------------------------------------------------------------------------------------- */

typedef struct {
  SpLog *before; /* (owned) (nullable) */
  guint max;
  SpLog *log;        /* (owned) out */
  SpLogCheck *check; /* (owned) in and out */
  SpId current;      /* out */
  guint64 sequence;  /* out */
} Call;

static void
call_free (gpointer data)
{
  Call *self = data;

  g_clear_pointer (&self->before, sp_log_unref);
  g_clear_pointer (&self->log, sp_log_unref);
  g_clear_pointer (&self->check, sp_log_check_free);
  g_free (self);
}

static gboolean
load (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Call *call = data;

  call->log = sp_vault_load_log (vault, call->before, call->max, error);
  call->current = *sp_vault_get_session_id (vault);
  return call->log != NULL;
}

static gboolean
check (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Call *call = data;
  SpVaultInfo info;

  if (!sp_vault_check_log (vault, call->check, CHECK_AT_ONCE, error))
    return FALSE;
  sp_vault_get_info (vault, &info);
  call->sequence = info.sequence;
  return TRUE;
}

static gboolean
retry_cb (gpointer user_data)
{
  SpActivityLog *self = user_data;

  self->retry_id = 0;
  go_on (self);
  return G_SOURCE_REMOVE;
}

/* That another process writes, or the disk fails for a moment, is no finding; the next look may tell more. */
static void
try_later (SpActivityLog *self, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_BUSY))
    g_warning ("The activity log could not be read: %s", error->message);
  g_clear_handle_id (&self->retry_id, g_source_remove);
  self->retry_id = g_timeout_add (RETRY_MS, retry_cb, self);
}

static Call *
finish (SpActivityLog *self, GObject *session, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  Call *call = sp_session_run_finish (SP_SESSION (session), result, &error);

  /* Of a vault that was locked meanwhile nothing is taken. */
  if (g_cancellable_is_cancelled (self->cancellable))
    return NULL;
  g_clear_object (&self->cancellable);
  if (call == NULL)
    try_later (self, error);
  return call;
}

/* ---- forwarding ------------------------------------------------------------------------------------- */

static gboolean
is_of_this_session (SpActivityLog *self, const SpLogEntry *entry)
{
  return sp_id_equal (&entry->session, &self->current) || entry->while_locked;
}

/* What was there before this unlock is not handed on again. */
static void
find_forwarded (SpActivityLog *self)
{
  guint64 number = sp_log_get_newest (self->log);
  guint64 lowest = number + 1 - sp_log_get_n_entries (self->log);

  while (number >= lowest && number > 0 &&
         is_of_this_session (self, sp_log_get (self->log, number)))
    number--;
  self->forwarded = number;
}

static void
forward (SpActivityLog *self)
{
  guint64 newest = sp_log_get_newest (self->log);

  if (newest - MIN (newest, self->forwarded) > sp_log_get_n_entries (self->log))
    find_forwarded (self);
  while (self->forwarded < newest) {
    const SpLogEntry *entry = sp_log_get (self->log, ++self->forwarded);

    if (self->forward && entry->kind != 0)
      sp_activity_forward (entry);
  }
}

/* ---- one step after the other ----------------------------------------------------------------------- */

static void
load_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpActivityLog) self = SP_ACTIVITY_LOG (user_data);
  Call *call = finish (self, object, result);
  gboolean first = self->log == NULL;

  if (call == NULL)
    return;
  if (call->log != self->log) {
    g_clear_pointer (&self->log, sp_log_unref);
    self->log = g_steal_pointer (&call->log);
    self->current = call->current;
    if (first)
      find_forwarded (self);
    forward (self);
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  }
  go_on (self);
}

static void
take_check (SpActivityLog *self, Call *call)
{
  guint64 first;

  self->check = g_steal_pointer (&call->check);
  self->sequence = call->sequence;
  self->checked = sp_log_check_is_complete (self->check);
  if (!self->checked)
    return;
  sp_log_check_get_range (self->check, &first, &self->verified);
  self->verified_ms = sp_session_now_ms (self->session);
  g_clear_pointer (&self->faults, g_array_unref);
  self->faults = sp_log_check_dup_faults (self->check);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
check_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpActivityLog) self = SP_ACTIVITY_LOG (user_data);
  Call *call = finish (self, object, result);

  if (call == NULL)
    return;
  take_check (self, call);
  go_on (self);
}

static void
run (SpActivityLog *self,
     SpJobFlags flags,
     SpJobFunc function,
     Call *call,
     GAsyncReadyCallback done)
{
  self->cancellable = g_cancellable_new ();
  sp_session_run_async (self->session, flags, function, call, call_free, self->cancellable, done,
                        g_object_ref (self));
}

static gboolean
is_behind (SpActivityLog *self, const SpVaultInfo *info)
{
  return self->log == NULL || sp_log_get_total (self->log) != info->n_log_entries ||
         sp_log_get_newest (self->log) != info->last_log_entry;
}

static void
go_on (SpActivityLog *self)
{
  const SpVaultInfo *info = sp_session_peek_info (self->session);
  Call *call;

  if (info == NULL || !sp_session_is_open (self->session) || self->cancellable != NULL ||
      self->retry_id != 0)
    return;
  call = g_new0 (Call, 1);
  if (is_behind (self, info) || (self->wants_all && !sp_log_is_complete (self->log))) {
    call->before = self->log != NULL ? sp_log_ref (self->log) : NULL;
    call->max = self->log == NULL ? FIRST_ENTRIES : LOAD_AT_ONCE;
    run (self, self->log == NULL ? SP_JOB_BACKGROUND : SP_JOB_LONG, load, call, load_cb);
  } else if (!self->checked || self->sequence != info->sequence) {
    call->check = self->check != NULL ? g_steal_pointer (&self->check) : sp_log_check_new ();
    run (self, SP_JOB_LONG, check, call, check_cb);
  } else {
    call_free (call);
  }
}

static void
forget (SpActivityLog *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->retry_id, g_source_remove);
  g_clear_pointer (&self->log, sp_log_unref);
  g_clear_pointer (&self->check, sp_log_check_free);
  g_clear_pointer (&self->faults, g_array_unref);
  memset (&self->current, 0, sizeof self->current);
  self->forwarded = self->sequence = self->verified = 0;
  self->verified_ms = 0;
  self->checked = self->wants_all = FALSE;
}

static void
session_changed_cb (SpActivityLog *self)
{
  if (sp_session_is_open (self->session)) {
    go_on (self);
  } else if (self->log != NULL || self->cancellable != NULL) {
    forget (self);
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  }
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
sp_activity_log_dispose (GObject *object)
{
  SpActivityLog *self = SP_ACTIVITY_LOG (object);

  forget (self);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sp_activity_log_parent_class)->dispose (object);
}

static void
sp_activity_log_class_init (SpActivityLogClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = sp_activity_log_dispose;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", SP_TYPE_ACTIVITY_LOG, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
sp_activity_log_init (SpActivityLog *self)
{
}

/**
 * sp_activity_log_new:
 * @session: a session
 *
 * Returns: (transfer full): its activity log, now and whenever it is open
 */
SpActivityLog *
sp_activity_log_new (SpSession *session)
{
  SpActivityLog *self = g_object_new (SP_TYPE_ACTIVITY_LOG, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "changed", G_CALLBACK (session_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::state", G_CALLBACK (session_changed_cb), self,
                           G_CONNECT_SWAPPED);
  session_changed_cb (self);
  return self;
}

SpSession *
sp_activity_log_get_session (SpActivityLog *self)
{
  g_return_val_if_fail (SP_IS_ACTIVITY_LOG (self), NULL);
  return self->session;
}

void
sp_activity_log_load_all (SpActivityLog *self)
{
  g_return_if_fail (SP_IS_ACTIVITY_LOG (self));

  if (!sp_session_is_open (self->session))
    return;
  self->wants_all = TRUE;
  go_on (self);
}

SpLog *
sp_activity_log_get_log (SpActivityLog *self)
{
  g_return_val_if_fail (SP_IS_ACTIVITY_LOG (self), NULL);
  return self->log;
}

gboolean
sp_activity_log_is_loaded (SpActivityLog *self)
{
  g_return_val_if_fail (SP_IS_ACTIVITY_LOG (self), FALSE);
  return self->log != NULL && sp_log_is_complete (self->log);
}

gint64
sp_activity_log_get_verified_ms (SpActivityLog *self)
{
  g_return_val_if_fail (SP_IS_ACTIVITY_LOG (self), 0);
  return self->verified_ms;
}

guint64
sp_activity_log_get_verified (SpActivityLog *self)
{
  g_return_val_if_fail (SP_IS_ACTIVITY_LOG (self), 0);
  return self->verified;
}

const GArray *
sp_activity_log_peek_faults (SpActivityLog *self)
{
  g_return_val_if_fail (SP_IS_ACTIVITY_LOG (self), NULL);
  return self->faults;
}

SpAlarms
sp_activity_log_find_alarms (SpActivityLog *self, guint64 after)
{
  SpAlarms alarms = 0;

  g_return_val_if_fail (SP_IS_ACTIVITY_LOG (self), 0);

  if (self->log != NULL)
    alarms = sp_activity_find_alarms (self->log, &self->current, after,
                                      sp_session_now_ms (self->session));
  if (self->faults != NULL && self->faults->len > 0)
    alarms |= SP_ALARM_FAULTS;
  return alarms;
}

void
sp_activity_log_set_forward (SpActivityLog *self, gboolean wanted)
{
  g_return_if_fail (SP_IS_ACTIVITY_LOG (self));
  self->forward = wanted;
}
