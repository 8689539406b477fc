/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Key slots and the vault as a whole. What takes a KDF, or changes the file for good, says in its contract
 * (sp-session-keys.h) how far it can still be called off; an answer always tells what is in the file. */

#define G_LOG_DOMAIN "sp-session-keys"

#include "config.h"

#include "services/sp-session-keys.h"

#include <glib/gstdio.h>

#include "services/sp-session-private.h"

typedef struct {
  SpSecret *password;
  SpSecret *new_password;
  char *text; /* a name, a path */
  char *path; /* of the vault */
  char *state_dir;
  SpClock clock;

  GPtrArray *problems;     /* out: (element-type SpProblem) */
  SpSalvageReport *report; /* out */
  GPtrArray *left;         /* out: (element-type filename) */
} Call;

static void
call_free (gpointer data)
{
  Call *self = data;

  g_clear_pointer (&self->password, sp_secret_unref);
  g_clear_pointer (&self->new_password, sp_secret_unref);
  g_free (self->text);
  g_free (self->path);
  g_free (self->state_dir);
  g_clear_pointer (&self->problems, g_ptr_array_unref);
  g_clear_pointer (&self->report, sp_salvage_report_free);
  g_clear_pointer (&self->left, g_ptr_array_unref);
  g_free (self);
}

static gboolean
was_cancelled (SpJob *job, GError **error)
{
  return g_cancellable_set_error_if_cancelled (sp_job_get_cancellable (job), error);
}

/* By the slots that are there now, as another process may have changed them. */
static gboolean
check_now (SpVault *vault, const SpSecret *password, GError **error)
{
  return sp_vault_refresh (vault, NULL, error) && sp_vault_check_password (vault, password, error);
}

/* ---- passwords -------------------------------------------------------------------------------------- */

static gboolean
check_password (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Call *call = data;

  return check_now (vault, call->password, error);
}

void
sp_session_check_password_async (SpSession *self,
                                 const SpSecret *password,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  Call *call = g_new0 (Call, 1);

  call->password = sp_secret_ref (password);
  sp_session_run_async (self, SP_JOB_INTERACTIVE | SP_JOB_ABANDON, check_password, call, call_free,
                        cancellable, callback, user_data);
}

gboolean
sp_session_check_password_finish (SpSession *self, GAsyncResult *result, GError **error)
{
  return sp_session_run_finish (self, result, error) != NULL;
}

/* Where nothing can be changed, nothing is asked either. */
static gboolean
require_writable (SpVault *vault, GError **error)
{
  if (sp_vault_is_writable (vault))
    return TRUE;
  g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_READ_ONLY,
                       "The vault is read-only. Nothing was changed.");
  return FALSE;
}

static gboolean
change_password (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Call *call = data;

  return require_writable (vault, error) && check_now (vault, call->password, error) &&
         !was_cancelled (job, error) &&
         sp_vault_change_password (vault, NULL, call->new_password, NULL, error);
}

void
sp_session_change_password_async (SpSession *self,
                                  const SpSecret *old_password,
                                  const SpSecret *new_password,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  Call *call = g_new0 (Call, 1);

  call->password = sp_secret_ref (old_password);
  call->new_password = sp_secret_ref (new_password);
  sp_session_run_async (self, SP_JOB_INTERACTIVE | SP_JOB_HOME, change_password, call, call_free,
                        cancellable, callback, user_data);
}

gboolean
sp_session_change_password_finish (SpSession *self, GAsyncResult *result, GError **error)
{
  return sp_session_run_finish (self, result, error) != NULL;
}

/* ---- the vault as a whole --------------------------------------------------------------------------- */

static gboolean
rename_vault (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Call *call = data;

  return sp_vault_set_name (vault, call->text, error);
}

void
sp_session_rename_async (SpSession *self,
                         const char *name,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  Call *call = g_new0 (Call, 1);

  call->text = g_strdup (name);
  sp_session_run_async (self, SP_JOB_INTERACTIVE | SP_JOB_HOME, rename_vault, call, call_free, NULL,
                        callback, user_data);
}

gboolean
sp_session_rename_finish (SpSession *self, GAsyncResult *result, GError **error)
{
  return sp_session_run_finish (self, result, error) != NULL;
}

static void
report_progress (guint64 done, guint64 total, gpointer data)
{
  sp_job_report (data, done, total);
}

static gboolean
verify (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Call *call = data;

  call->problems = sp_vault_verify (vault, report_progress, job, sp_job_get_cancellable (job),
                                    error);
  return call->problems != NULL;
}

void
sp_session_verify_async (SpSession *self,
                         SpJobProgress progress,
                         gpointer progress_data,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  sp_session_run_reporting_async (self, SP_JOB_LONG, verify, g_new0 (Call, 1), call_free, progress,
                                  progress_data, cancellable, callback, user_data);
}

GPtrArray *
sp_session_verify_finish (SpSession *self, GAsyncResult *result, GError **error)
{
  Call *call = sp_session_run_finish (self, result, error);

  return call != NULL ? g_steal_pointer (&call->problems) : NULL;
}

/* A copy that nobody was told of would only lie about. */
static gboolean
accept (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Call *call = data;
  gboolean existed = g_file_test (call->text, G_FILE_TEST_EXISTS);
  GError *local_error = NULL;

  if (sp_vault_accept (vault, call->text, &local_error))
    return TRUE;
  if (!existed && !g_error_matches (local_error, SP_VAULT_ERROR, SP_VAULT_ERROR_EXISTS) &&
      g_file_test (call->text, G_FILE_TEST_EXISTS) && g_unlink (call->text) != 0)
    g_warning ("The copy of a vault that was not accepted could not be removed.");
  g_propagate_error (error, local_error);
  return FALSE;
}

void
sp_session_accept_async (SpSession *self,
                         const char *copy_path,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  Call *call = g_new0 (Call, 1);

  call->text = g_strdup (copy_path);
  sp_session_run_async (self, SP_JOB_INTERACTIVE | SP_JOB_HOME, accept, call, call_free, NULL,
                        callback, user_data);
}

gboolean
sp_session_accept_finish (SpSession *self, GAsyncResult *result, GError **error)
{
  return sp_session_run_finish (self, result, error) != NULL;
}

static gboolean
salvage (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Call *call = data;
  const SpVaultEnvironment environment = { .state_dir = call->state_dir, .clock = &call->clock };

  call->report = sp_vault_salvage (call->path, call->password, call->text, &environment, error);
  if (call->report == NULL)
    return FALSE;
  if (!was_cancelled (job, error))
    return TRUE;
  if (g_unlink (call->text) != 0)
    g_warning ("A salvaged vault that nobody wants any more could not be removed.");
  return FALSE;
}

void
sp_session_salvage_async (SpSession *self,
                          const SpSecret *password,
                          const char *target_path,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  Call *call = g_new0 (Call, 1);

  call->password = sp_secret_ref (password);
  call->text = g_strdup (target_path);
  call->path = g_strdup (self->path);
  call->state_dir = g_strdup (self->state_dir);
  call->clock = self->clock;
  sp_session_run_async (self, SP_JOB_LONG, salvage, call, call_free, cancellable, callback,
                        user_data);
}

SpSalvageReport *
sp_session_salvage_finish (SpSession *self, GAsyncResult *result, GError **error)
{
  Call *call = sp_session_run_finish (self, result, error);

  return call != NULL ? g_steal_pointer (&call->report) : NULL;
}

/* ---- deleting --------------------------------------------------------------------------------------- */

static gboolean
delete_vault (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Call *call = data;

  if (!check_now (vault, call->password, error) || was_cancelled (job, error) ||
      !sp_vault_delete (vault, &call->left, error))
    return FALSE;
  sp_session_forget_quick_unlock (sp_vault_get_path (vault));
  sp_session_close_vault (job->session);
  return TRUE;
}

/* When the vault was locked in the moment between deleting and telling, it is gone all the same. */
static Call *
peek_deleted (GAsyncResult *result)
{
  SpJob *job = g_task_get_task_data (G_TASK (result));
  Call *call = job != NULL ? job->data : NULL;

  return call != NULL && call->left != NULL ? call : NULL;
}

static void
vault_deleted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  SpSession *self = SP_SESSION (object);
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;
  Call *call = peek_deleted (result);
  gboolean open = sp_session_run_finish (self, result, &error) != NULL;

  if (call == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  if (open)
    sp_session_lock (self, SP_LOCK_BY_USER);
  g_task_return_pointer (task, g_steal_pointer (&call->left), (GDestroyNotify) g_ptr_array_unref);
}

void
sp_session_delete_vault_async (SpSession *self,
                               const SpSecret *password,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  Call *call = g_new0 (Call, 1);

  g_task_set_source_tag (task, sp_session_delete_vault_async);
  call->password = sp_secret_ref (password);
  sp_session_run_async (self, SP_JOB_INTERACTIVE, delete_vault, call, call_free, cancellable,
                        vault_deleted_cb, task);
}

GPtrArray *
sp_session_delete_vault_finish (SpSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
