/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The keyring is asked in threads of their own, since it may ask somebody for its password; the vault's thread never waits
 * for it. The halves are put in their places before the slot is made, so that there is never a slot whose key nobody has;
 * when it is not made, they are taken away again. */

#define G_LOG_DOMAIN "sp-session-quick"

#include "config.h"

#include "services/sp-session-quick.h"

#include "crypto/sp-random.h"
#include "services/sp-quick-unlock.h"
#include "services/sp-session-private.h"
#include "services/sp-session-recovery.h"
#include "vault/sp-vault-quick.h"

#define MS_PER_HOUR G_GINT64_CONSTANT (3600000)

typedef struct {
  char *path;
  char *label;
  SpId vault_id;
  gint64 expires_ms;
  SpSecret *key;
} Halves;

static Halves *
halves_new (const char *path)
{
  Halves *self = g_new0 (Halves, 1);

  self->path = g_strdup (path);
  return self;
}

static void
halves_free (gpointer data)
{
  Halves *self = data;

  g_free (self->path);
  g_free (self->label);
  g_clear_pointer (&self->key, sp_secret_unref);
  g_free (self);
}

static void
forget_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  sp_quick_unlock_forget (((const Halves *) data)->path);
  g_task_return_boolean (task, TRUE);
}

void
sp_session_forget_quick_unlock (const char *path)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);

  g_task_set_source_tag (task, sp_session_forget_quick_unlock);
  g_task_set_task_data (task, halves_new (path), halves_free);
  g_task_run_in_thread (task, forget_in_thread);
}

/* ---- setting it ------------------------------------------------------------------------------------- */

static gboolean
set_slot (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  const Halves *halves = data;

  return sp_vault_set_quick_unlock (vault, halves->key, halves->expires_ms, error);
}

static void
set_slot_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  const Halves *halves = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (sp_session_run_finish (SP_SESSION (object), result, &error) != NULL) {
    g_task_return_boolean (task, TRUE);
    return;
  }
  sp_session_forget_quick_unlock (halves->path);
  g_task_return_error (task, g_steal_pointer (&error));
}

static void
save_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Halves *halves = data;
  GError *error = NULL;

  halves->key = sp_random_secret (SP_QUICK_KEY_LEN, &error);
  if (halves->key != NULL &&
      sp_quick_unlock_save (halves->path, &halves->vault_id, halves->label, halves->expires_ms,
                            halves->key, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
saved_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  SpSession *self = g_task_get_source_object (task);
  Halves *halves = g_task_get_task_data (task);
  Halves *slot;
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  slot = halves_new (halves->path);
  slot->key = sp_secret_ref (halves->key);
  slot->expires_ms = halves->expires_ms;
  sp_session_run_async (self, SP_JOB_INTERACTIVE, set_slot, slot, halves_free, NULL, set_slot_cb,
                        g_steal_pointer (&task));
}

static void
checked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  SpSession *self = SP_SESSION (object);
  g_autoptr (GTask) task = G_TASK (user_data);
  Halves *halves = g_task_get_task_data (task);
  g_autoptr (GTask) inner = NULL;
  g_autoptr (GError) error = NULL;

  if (!sp_session_check_factors_finish (self, result, &error)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  if (self->view == NULL || g_strcmp0 (self->path, halves->path) != 0) {
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
    return;
  }
  /* The key stays with the call, whose data outlives the thread's. */
  halves->vault_id = self->view->info.vault_id;
  halves->label = g_strdup_printf ("SecurePass: %s", self->view->name);
  inner = g_task_new (NULL, g_task_get_cancellable (task), saved_cb, g_object_ref (task));
  g_task_set_source_tag (inner, checked_cb);
  g_task_set_task_data (inner, halves, NULL);
  g_task_run_in_thread (inner, save_in_thread);
}

void
sp_session_set_quick_unlock_async (SpSession *self,
                                   const SpKeyslotFactors *proof,
                                   guint hours,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  GTask *task;
  Halves *halves;

  g_return_if_fail (SP_IS_SESSION (self) && proof != NULL && proof->secret != NULL);
  g_return_if_fail (hours >= 1 && hours <= SP_SESSION_MAX_QUICK_HOURS);

  halves = halves_new (self->path);
  halves->expires_ms = sp_session_now_ms (self) + hours * MS_PER_HOUR;
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sp_session_set_quick_unlock_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, halves, halves_free);
  sp_session_check_factors_async (self, proof, cancellable, checked_cb, task);
}

gboolean
sp_session_set_quick_unlock_finish (SpSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- taking it away --------------------------------------------------------------------------------- */

static gboolean
remove_slot (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  return sp_vault_remove_quick_unlock (vault, error);
}

void
sp_session_remove_quick_unlock_async (SpSession *self,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  g_return_if_fail (SP_IS_SESSION (self));

  sp_session_forget_quick_unlock (self->path);
  sp_session_run_async (self, SP_JOB_INTERACTIVE | SP_JOB_HOME, remove_slot,
                        halves_new (self->path), halves_free, NULL, callback, user_data);
}

gboolean
sp_session_remove_quick_unlock_finish (SpSession *self, GAsyncResult *result, GError **error)
{
  return sp_session_run_finish (self, result, error) != NULL;
}

/* In the thread. A change of the password took its slot away, here or elsewhere. */
void
sp_session_drop_idle_quick_unlock (SpVault *vault)
{
  const char *path = sp_vault_get_path (vault);
  gint64 expires_ms;

  if (sp_quick_unlock_get_expiry (path) != 0 &&
      sp_vault_get_quick_unlock (vault, &expires_ms, NULL) && expires_ms == 0)
    sp_session_forget_quick_unlock (path);
}

/* ---- using it --------------------------------------------------------------------------------------- */

gint64
sp_session_get_quick_unlock (SpSession *self)
{
  gint64 expires_ms;

  g_return_val_if_fail (SP_IS_SESSION (self), 0);

  expires_ms = self->path != NULL ? sp_quick_unlock_get_expiry (self->path) : 0;
  return expires_ms > sp_session_now_ms (self) ? expires_ms : 0;
}

static void
load_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Halves *halves = data;
  GError *error = NULL;

  halves->key = sp_quick_unlock_load (halves->path, cancellable, &error);
  if (halves->key != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
unlocked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  const Halves *halves = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (sp_session_unlock_finish (SP_SESSION (object), result, &error)) {
    g_task_return_boolean (task, TRUE);
    return;
  }
  if (g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY) ||
      g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_EXPIRED))
    sp_session_forget_quick_unlock (halves->path);
  g_task_return_error (task, g_steal_pointer (&error));
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  SpSession *self = g_task_get_source_object (task);
  const Halves *halves = g_task_get_task_data (task);
  SpKeyslotFactors factors = { 0 };
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  /* Somebody may have typed the password meanwhile, or gone to another vault. */
  if (self->state != SP_SESSION_LOCKED || g_strcmp0 (self->path, halves->path) != 0) {
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
    return;
  }
  factors.secret = halves->key;
  sp_session_unlock_with_async (self, SP_SLOT_QUICK, &factors, g_task_get_cancellable (task),
                                unlocked_cb, g_object_ref (task));
}

void
sp_session_unlock_quickly_async (SpSession *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  GTask *task, *inner;

  g_return_if_fail (SP_IS_SESSION (self) && self->state == SP_SESSION_LOCKED && self->path != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sp_session_unlock_quickly_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, halves_new (self->path), halves_free);
  /* Without the session, which a thread that ends must not be the last to hold. */
  inner = g_task_new (NULL, cancellable, loaded_cb, task);
  g_task_set_source_tag (inner, load_in_thread);
  g_task_set_task_data (inner, g_task_get_task_data (task), NULL);
  g_task_run_in_thread (inner, load_in_thread);
  g_object_unref (inner);
}

gboolean
sp_session_unlock_quickly_finish (SpSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
