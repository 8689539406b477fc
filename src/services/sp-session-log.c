/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the session itself writes into the activity log: that an item was looked at, copied or used, and that the
 * vault was locked. Uses are gathered while the thread is busy, and written together; what is left of them when the
 * vault is locked is written then, so that none is hidden by locking at once. */

#define G_LOG_DOMAIN "sp-session-log"

#include "config.h"

#include "services/sp-session-items.h"
#include "services/sp-session-private.h"

/* Those of other openings are of no use any more. */
static GArray *
take_uses (SpSession *self, guint epoch)
{
  GArray *uses;

  g_mutex_lock (&self->mutex);
  uses = g_steal_pointer (&self->uses);
  self->uses = g_array_new (FALSE, FALSE, sizeof (SpSessionUse));
  g_mutex_unlock (&self->mutex);
  for (guint i = uses->len; i > 0; i--)
    if (g_array_index (uses, SpSessionUse, i - 1).epoch != epoch)
      g_array_remove_index (uses, i - 1);
  return uses;
}

/* In a batch. An item that was deleted meanwhile has no uses to count. */
static gboolean
write_uses (SpVault *vault, const GArray *uses, GError **error)
{
  for (guint i = 0; i < uses->len; i++) {
    const SpSessionUse *use = &g_array_index (uses, SpSessionUse, i);
    GError *local_error = NULL;

    if (sp_vault_touch (vault, use->number, use->kind, &local_error))
      continue;
    if (!g_error_matches (local_error, SP_VAULT_ERROR, SP_VAULT_ERROR_NOT_FOUND)) {
      g_propagate_error (error, local_error);
      return FALSE;
    }
    g_error_free (local_error);
  }
  return TRUE;
}

static gboolean
end_batch (SpVault *vault, gboolean done, GError **error)
{
  if (done)
    return sp_vault_commit (vault, error);
  sp_vault_rollback (vault);
  return FALSE;
}

static gboolean
log_uses (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  g_autoptr (GArray) uses = take_uses (job->session, job->epoch);

  return uses->len == 0 || (sp_vault_begin (vault, SP_BATCH_EDIT, error) &&
                            end_batch (vault, write_uses (vault, uses, error), error));
}

static void
log_uses_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (sp_session_run_finish (SP_SESSION (object), result, &error) == NULL && error != NULL &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_warning ("A use was not counted: %s", error->message);
}

void
sp_session_touch (SpSession *self, guint64 number, SpEventKind kind)
{
  const SpSessionUse use = { self->epoch, number, kind };
  gboolean first;

  g_return_if_fail (SP_IS_SESSION (self));

  if (!sp_session_is_writable (self))
    return;
  g_mutex_lock (&self->mutex);
  if (self->uses->len > 0 && g_array_index (self->uses, SpSessionUse, 0).epoch != self->epoch)
    g_array_set_size (self->uses, 0);
  g_array_append_val (self->uses, use);
  first = self->uses->len == 1;
  g_mutex_unlock (&self->mutex);
  if (first)
    sp_session_run_async (self, SP_JOB_BACKGROUND, log_uses, NULL, NULL, NULL, log_uses_cb, NULL);
}

void
sp_session_log_end (SpSession *self, SpVault *vault, guint epoch, SpLockReason reason)
{
  g_autoptr (GArray) uses = take_uses (self, epoch);
  g_autoptr (GError) error = NULL;

  if (!sp_vault_is_writable (vault))
    return;
  if (!sp_vault_begin (vault, SP_BATCH_EDIT, &error) ||
      !end_batch (vault,
                  write_uses (vault, uses, &error) &&
                      sp_vault_log (vault, SP_EVENT_LOCKED, NULL, (guint64) reason + 1, &error),
                  &error)) {
    /* A file that is another one, or gone, has no place for it. */
    if (g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_REPLACED))
      g_debug ("The lock is not in the log: %s", error->message);
    else
      g_warning ("That the vault was locked could not be logged: %s", error->message);
  }
}
