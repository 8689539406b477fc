/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Opening: by whatever key slot, and of a new vault. Opened with a recovery key, a vault is held, but not shown, until it has
 * a new master password (sp-session-recovery.h). */

#define G_LOG_DOMAIN "sp-session-open"

#include "config.h"

#include "services/sp-session-private.h"
#include "services/sp-session-recovery.h"

typedef struct {
  char *path;
  char *name; /* creating; else NULL */
  char *state_dir;
  SpClock clock;
  SpSlotKind kind;
  SpSecret *secret;
  SpSecret *key_file; /* (nullable) */
} Opening;

static void
opening_free (gpointer data)
{
  Opening *self = data;

  g_free (self->path);
  g_free (self->name);
  g_free (self->state_dir);
  sp_secret_unref (self->secret);
  g_clear_pointer (&self->key_file, sp_secret_unref);
  g_free (self);
}

static gboolean
open_vault (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  SpSession *session = job->session;
  const Opening *self = data;
  const SpVaultEnvironment environment = { .state_dir = self->state_dir, .clock = &self->clock };

  const SpKeyslotFactors factors = { .secret = self->secret, .key_file = self->key_file };

  sp_session_close_vault (session);
  if (self->name != NULL)
    session->vault = sp_vault_create (self->path, self->name, self->secret, NULL, &environment,
                                      error);
  else
    session->vault = sp_vault_open_with (self->path, self->kind, &factors, SP_VAULT_OPEN_DEFAULT,
                                         &environment, error);
  session->vault_epoch = job->epoch;
  return session->vault != NULL;
}

/* In the main loop, once the vault can be shown. */
void
sp_session_become_open (SpSession *self)
{
  self->recovering = FALSE;
  sp_session_bring_home (self);
  sp_session_watch_start (self);
  sp_session_set_state (self, SP_SESSION_OPEN);
  sp_session_announce (self);
  /* What was written between the opening and the watch. */
  sp_session_watch_look (self);
}

static void
open_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  SpSession *self = SP_SESSION (object);
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;
  guint epoch = GPOINTER_TO_UINT (g_task_get_task_data (task));
  gboolean ok = sp_session_run_finish (self, result, &error) != NULL;

  if (epoch != self->epoch || self->state != SP_SESSION_OPENING) {
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
    return;
  }
  if (!ok) {
    /* When it was abandoned, the thread may yet bring, or have brought, a vault that nobody wants. */
    sp_session_push_close (self, FALSE, self->creating);
    g_clear_pointer (&self->view, sp_session_view_free);
    sp_session_set_state (self, SP_SESSION_LOCKED);
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  g_debug ("Opened: KDF %.1f ms, then %.1f ms", (double) self->view->timings.kdf_us / 1000,
           (double) self->view->timings.open_us / 1000);
  if (self->view->must_set_password) {
    self->recovering = TRUE;
    /* Whoever locks it by itself has something to lock from now on. */
    g_object_notify (G_OBJECT (self), "state");
  } else {
    sp_session_become_open (self);
  }
  g_task_return_boolean (task, TRUE);
}

static void
open_async (SpSession *self,
            const char *name,
            SpSlotKind kind,
            const SpKeyslotFactors *factors,
            GCancellable *cancellable,
            GTask *task)
{
  Opening *data = g_new0 (Opening, 1);
  GTask *inner;

  data->path = g_strdup (self->path);
  data->name = g_strdup (name);
  data->state_dir = g_strdup (self->state_dir);
  data->clock = self->clock;
  data->kind = kind;
  data->secret = sp_secret_ref (factors->secret);
  data->key_file = factors->key_file != NULL ? sp_secret_ref (factors->key_file) : NULL;

  self->epoch++;
  self->creating = name != NULL;
  self->recovering = FALSE;
  g_task_set_task_data (task, GUINT_TO_POINTER (self->epoch), NULL);
  sp_session_set_state (self, SP_SESSION_OPENING);
  inner = g_task_new (self, NULL, open_cb, task);
  sp_session_queue_push (self, SP_JOB_INTERACTIVE | SP_JOB_ANY_STATE | SP_JOB_ABANDON, open_vault,
                         data, opening_free, NULL, NULL, cancellable, inner);
}

void
sp_session_create_async (SpSession *self,
                         const char *path,
                         const char *name,
                         const SpSecret *password,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  const SpKeyslotFactors factors = { .secret = password };
  GTask *task;

  g_return_if_fail (SP_IS_SESSION (self) && self->state == SP_SESSION_LOCKED);
  g_return_if_fail (path != NULL && name != NULL && password != NULL);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, sp_session_create_async);
  sp_session_set_path (self, path);
  open_async (self, name, SP_SLOT_PASSWORD, &factors, cancellable, task);
}

gboolean
sp_session_create_finish (SpSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
sp_session_unlock_async (SpSession *self,
                         const SpSecret *password,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  const SpKeyslotFactors factors = { .secret = password };

  sp_session_unlock_with_async (self, SP_SLOT_PASSWORD, &factors, cancellable, callback, user_data);
}

void
sp_session_unlock_with_async (SpSession *self,
                              SpSlotKind kind,
                              const SpKeyslotFactors *factors,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  GTask *task;

  g_return_if_fail (SP_IS_SESSION (self) && self->state == SP_SESSION_LOCKED);
  g_return_if_fail (self->path != NULL && factors != NULL && factors->secret != NULL);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, sp_session_unlock_with_async);
  open_async (self, NULL, kind, factors, cancellable, task);
}

gboolean
sp_session_unlock_finish (SpSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
