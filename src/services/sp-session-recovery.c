/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The plan of a rotation is the thread's: the main loop has what was made known of it. It is forgotten with the vault, and
 * when another one is made. */

#define G_LOG_DOMAIN "sp-session-recovery"

#include "config.h"

#include "services/sp-session-recovery.h"

#include "password/sp-recovery-key.h"
#include "services/sp-session-private.h"

typedef struct {
  SpSecret *secret;   /* (nullable) */
  SpSecret *key_file; /* (nullable) */
  SpSecret *new_secret;
  SpSecret *new_key_file;
  SpId id;
  gboolean has_id;
  char *name;
  gint64 expires_ms;

  GPtrArray *slots; /* out: (element-type SpSlotInfo) */
  SpKeyPlan *plan;  /* out */
} Call;

static SpSecret *
ref_or_null (const SpSecret *secret)
{
  return secret != NULL ? sp_secret_ref (secret) : NULL;
}

static Call *
call_new (const SpKeyslotFactors *factors, const SpId *id)
{
  Call *self = g_new0 (Call, 1);

  if (factors != NULL) {
    self->secret = ref_or_null (factors->secret);
    self->key_file = ref_or_null (factors->key_file);
  }
  if (id != NULL) {
    self->id = *id;
    self->has_id = TRUE;
  }
  return self;
}

static void
call_free (gpointer data)
{
  Call *self = data;

  g_clear_pointer (&self->secret, sp_secret_unref);
  g_clear_pointer (&self->key_file, sp_secret_unref);
  g_clear_pointer (&self->new_secret, sp_secret_unref);
  g_clear_pointer (&self->new_key_file, sp_secret_unref);
  g_free (self->name);
  g_clear_pointer (&self->slots, g_ptr_array_unref);
  g_clear_pointer (&self->plan, sp_key_plan_free);
  g_free (self);
}

void
sp_new_recovery_key_free (SpNewRecoveryKey *self)
{
  g_free (self->name);
  sp_secret_unref (self->key);
  g_free (self);
}

void
sp_key_plan_free (SpKeyPlan *self)
{
  g_ptr_array_unref (self->keys);
  g_ptr_array_unref (self->lost);
  g_free (self);
}

gboolean
sp_session_is_recovering (SpSession *self)
{
  g_return_val_if_fail (SP_IS_SESSION (self), FALSE);
  return self->recovering;
}

/* ---- looking ---------------------------------------------------------------------------------------- */

static gboolean
list_slots (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Call *call = data;

  if (!sp_vault_refresh (vault, NULL, error))
    return FALSE;
  call->slots = sp_vault_list_slots (vault, error);
  return call->slots != NULL;
}

void
sp_session_list_slots_async (SpSession *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  sp_session_run_async (self, SP_JOB_INTERACTIVE, list_slots, call_new (NULL, NULL), call_free,
                        cancellable, callback, user_data);
}

GPtrArray *
sp_session_list_slots_finish (SpSession *self, GAsyncResult *result, GError **error)
{
  Call *call = sp_session_run_finish (self, result, error);

  return call != NULL ? g_steal_pointer (&call->slots) : NULL;
}

/* ---- a proof ---------------------------------------------------------------------------------------- */

/* By the slots that are there now, as another process may have changed them. */
static gboolean
check_now (SpVault *vault, const Call *call, GError **error)
{
  const SpKeyslotFactors factors = { .secret = call->secret, .key_file = call->key_file };

  return sp_vault_refresh (vault, NULL, error) && sp_vault_check_factors (vault, &factors, error);
}

static gboolean
check_factors (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  return check_now (vault, data, error);
}

void
sp_session_check_factors_async (SpSession *self,
                                const SpKeyslotFactors *factors,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  sp_session_run_async (self, SP_JOB_INTERACTIVE | SP_JOB_ABANDON, check_factors,
                        call_new (factors, NULL), call_free, cancellable, callback, user_data);
}

gboolean
sp_session_check_factors_finish (SpSession *self, GAsyncResult *result, GError **error)
{
  return sp_session_run_finish (self, result, error) != NULL;
}

/* ---- one slot --------------------------------------------------------------------------------------- */

SpNewRecoveryKey *
sp_new_recovery_key_new (const char *name, gint64 created_ms, gint64 expires_ms, GError **error)
{
  g_autoptr (SpSecret) key = sp_recovery_key_new (error);
  SpNewRecoveryKey *self;

  if (key == NULL)
    return NULL;
  self = g_new0 (SpNewRecoveryKey, 1);
  self->name = g_strdup (name);
  self->created_ms = created_ms;
  self->expires_ms = expires_ms;
  self->key = g_steal_pointer (&key);
  return self;
}

static gboolean
add_recovery_key (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  const Call *call = data;

  return sp_vault_add_made_recovery_key (vault, call->new_secret, call->name, call->expires_ms,
                                         NULL, error);
}

void
sp_session_add_recovery_key_async (SpSession *self,
                                   const SpNewRecoveryKey *key,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  Call *call = call_new (NULL, NULL);

  call->new_secret = sp_secret_ref (key->key);
  call->name = g_strdup (key->name);
  call->expires_ms = key->expires_ms;
  sp_session_run_async (self, SP_JOB_INTERACTIVE | SP_JOB_HOME, add_recovery_key, call, call_free,
                        NULL, callback, user_data);
}

static gboolean
rename_slot (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  const Call *call = data;

  return sp_vault_rename_slot (vault, &call->id, call->name, error);
}

void
sp_session_rename_slot_async (SpSession *self,
                              const SpId *id,
                              const char *name,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  Call *call = call_new (NULL, id);

  call->name = g_strdup (name);
  sp_session_run_async (self, SP_JOB_INTERACTIVE | SP_JOB_HOME, rename_slot, call, call_free, NULL,
                        callback, user_data);
}

static gboolean
set_slot_expiry (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  const Call *call = data;

  return sp_vault_set_slot_expiry (vault, &call->id, call->expires_ms, error);
}

void
sp_session_set_slot_expiry_async (SpSession *self,
                                  const SpId *id,
                                  gint64 expires_ms,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  Call *call = call_new (NULL, id);

  call->expires_ms = expires_ms;
  sp_session_run_async (self, SP_JOB_INTERACTIVE | SP_JOB_HOME, set_slot_expiry, call, call_free,
                        NULL, callback, user_data);
}

static gboolean
remove_slot (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  const Call *call = data;

  return sp_vault_remove_slot (vault, &call->id, error);
}

void
sp_session_remove_slot_async (SpSession *self,
                              const SpId *id,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  sp_session_run_async (self, SP_JOB_INTERACTIVE | SP_JOB_HOME, remove_slot, call_new (NULL, id),
                        call_free, NULL, callback, user_data);
}

static gboolean
change_factors (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  const Call *call = data;
  const SpKeyslotFactors factors = { .secret = call->new_secret, .key_file = call->new_key_file };

  return check_now (vault, call, error) &&
         sp_vault_change_password_with (vault, NULL, &factors, NULL, error);
}

void
sp_session_change_factors_async (SpSession *self,
                                 const SpKeyslotFactors *old_factors,
                                 const SpKeyslotFactors *new_factors,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  Call *call = call_new (old_factors, NULL);

  call->new_secret = ref_or_null (new_factors->secret);
  call->new_key_file = ref_or_null (new_factors->key_file);
  sp_session_run_async (self, SP_JOB_INTERACTIVE | SP_JOB_HOME, change_factors, call, call_free,
                        NULL, callback, user_data);
}

gboolean
sp_session_change_slot_finish (SpSession *self, GAsyncResult *result, GError **error)
{
  return sp_session_run_finish (self, result, error) != NULL;
}

/* ---- a plan ----------------------------------------------------------------------------------------- */

static SpNewRecoveryKey *
new_recovery_key (const SpSlotInfo *slot, gint64 now_ms, SpSecret *key)
{
  SpNewRecoveryKey *self = g_new0 (SpNewRecoveryKey, 1);

  self->name = g_strdup (slot->name);
  self->created_ms = now_ms;
  self->expires_ms = slot->expires_ms;
  self->key = key;
  return self;
}

/* Every recovery key that would be lost gets a successor. */
static SpKeyPlan *
describe_plan (SpRotation *plan, gint64 now_ms, GError **error)
{
  g_autoptr (GPtrArray) lost = sp_rotation_list_lost (plan);
  g_autoptr (SpKeyPlan) self = g_new0 (SpKeyPlan, 1);

  self->keys = g_ptr_array_new_with_free_func ((GDestroyNotify) sp_new_recovery_key_free);
  self->lost = g_ptr_array_new_with_free_func ((GDestroyNotify) sp_slot_info_free);
  for (guint i = 0; i < lost->len; i++) {
    const SpSlotInfo *slot = g_ptr_array_index (lost, i);
    SpSecret *key;

    if (slot->kind != SP_SLOT_RECOVERY || sp_slot_info_is_expired (slot, now_ms))
      continue;
    key = sp_rotation_renew_recovery_key (plan, &slot->id, error);
    if (key == NULL)
      return NULL;
    g_ptr_array_add (self->keys, new_recovery_key (slot, now_ms, key));
  }
  g_ptr_array_unref (self->lost);
  self->lost = sp_rotation_list_lost (plan);
  return g_steal_pointer (&self);
}

static gboolean
keep_plan (SpJob *job, Call *call, SpRotation *plan, GError **error)
{
  SpSession *session = job->session;

  call->plan = describe_plan (plan, sp_clock_now_ms (&session->clock), error);
  if (call->plan == NULL) {
    sp_rotation_free (plan);
    return FALSE;
  }
  g_clear_pointer (&session->plan, sp_rotation_free);
  session->plan = plan;
  return TRUE;
}

static gboolean
plan_rotation (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Call *call = data;
  const SpKeyslotFactors factors = { .secret = call->secret, .key_file = call->key_file };
  g_autoptr (SpRotation) plan = sp_rotation_new (vault, error);

  return plan != NULL && sp_rotation_keep (plan, SP_SLOT_PASSWORD, &factors, error) &&
         (!call->has_id || sp_rotation_drop (plan, &call->id, error)) &&
         keep_plan (job, call, g_steal_pointer (&plan), error);
}

void
sp_session_plan_rotation_async (SpSession *self,
                                const SpKeyslotFactors *factors,
                                const SpId *dropped,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  sp_session_run_async (self, SP_JOB_INTERACTIVE | SP_JOB_ABANDON, plan_rotation,
                        call_new (factors, dropped), call_free, cancellable, callback, user_data);
}

/* A job that runs while there is nothing to be seen of the vault yet. */
static void
run_while_recovering (SpSession *self,
                      SpJobFunc run,
                      Call *call,
                      SpJobProgress progress,
                      gpointer progress_data,
                      GCancellable *cancellable,
                      GTask *task)
{
  if (!self->recovering) {
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
    g_object_unref (task);
    call_free (call);
    return;
  }
  sp_session_queue_push (self, SP_JOB_INTERACTIVE | SP_JOB_ANY_STATE, run, call, call_free,
                         progress, progress_data, cancellable, task);
}

/* It may have been closed, or be another one, since. */
static gboolean
is_still_held (SpVault *vault, SpJob *job, GError **error)
{
  if (vault != NULL && job->session->vault_epoch == job->epoch)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
  return FALSE;
}

static gboolean
plan_recovery (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Call *call = data;
  const SpKeyslotFactors factors = { .secret = call->secret, .key_file = call->key_file };
  g_autoptr (SpRotation) plan = NULL;

  if (!is_still_held (vault, job, error))
    return FALSE;
  plan = sp_rotation_new (vault, error);
  return plan != NULL && sp_rotation_set_password (plan, NULL, &factors, NULL, error) &&
         keep_plan (job, call, g_steal_pointer (&plan), error);
}

void
sp_session_plan_recovery_async (SpSession *self,
                                const SpKeyslotFactors *new_factors,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, sp_session_plan_recovery_async);
  run_while_recovering (self, plan_recovery, call_new (new_factors, NULL), NULL, NULL, cancellable,
                        task);
}

SpKeyPlan *
sp_session_plan_finish (SpSession *self, GAsyncResult *result, GError **error)
{
  Call *call = sp_session_run_finish (self, result, error);

  return call != NULL ? g_steal_pointer (&call->plan) : NULL;
}

/* ---- carrying it out -------------------------------------------------------------------------------- */

static void
report_progress (guint64 done, guint64 total, gpointer data)
{
  sp_job_report (data, done, total);
}

static gboolean
rotate (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  SpSession *session = job->session;
  gboolean done;

  if (!is_still_held (vault, job, error))
    return FALSE;
  if (session->plan == NULL) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID,
                         "Nothing was planned. Nothing was changed.");
    return FALSE;
  }
  done = sp_vault_rotate_keys (vault, session->plan, report_progress, job,
                               sp_job_get_cancellable (job), error);
  if (done)
    g_clear_pointer (&session->plan, sp_rotation_free);
  return done;
}

static void
rotated_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  SpSession *self = SP_SESSION (object);
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;
  guint epoch = GPOINTER_TO_UINT (g_task_get_task_data (task));
  gboolean ok = sp_session_run_finish (self, result, &error) != NULL;

  if (ok && epoch == self->epoch && self->recovering)
    sp_session_become_open (self);
  if (ok)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
sp_session_rotate_async (SpSession *self,
                         SpJobProgress progress,
                         gpointer progress_data,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GTask *task;
  Call *call;

  g_return_if_fail (SP_IS_SESSION (self));

  task = g_task_new (self, NULL, callback, user_data);
  call = call_new (NULL, NULL);
  g_task_set_source_tag (task, sp_session_rotate_async);
  g_task_set_task_data (task, GUINT_TO_POINTER (self->epoch), NULL);
  if (self->recovering)
    run_while_recovering (self, rotate, call, progress, progress_data, cancellable,
                          g_task_new (self, NULL, rotated_cb, task));
  else
    sp_session_run_reporting_async (self, SP_JOB_INTERACTIVE, rotate, call, call_free, progress,
                                    progress_data, cancellable, rotated_cb, task);
}

gboolean
sp_session_rotate_finish (SpSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
