/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-session-drafts"

#include "config.h"

#include "services/sp-session-drafts.h"

#include "crypto/sp-random.h"
#include "services/sp-session-job.h"
#include "vault/sp-vault-repair.h"

typedef struct {
  SpItem *item;      /* in, to be kept */
  SpId id;           /* in, to be dropped */
  GPtrArray *drafts; /* out */
} Call;

static void
call_free (gpointer data)
{
  Call *self = data;

  g_clear_pointer (&self->item, sp_item_free);
  g_clear_pointer (&self->drafts, g_ptr_array_unref);
  g_free (self);
}

/**
 * sp_session_name_draft:
 * @item: an item
 * @error: return location for a GError
 *
 * Gives @item an id if it has none. Stored, it will have the same.
 *
 * Returns: whether it has one; if not, there is no randomness to be had
 */
gboolean
sp_session_name_draft (SpItem *item, GError **error)
{
  return !sp_id_is_null (&item->id) || sp_random_id (&item->id, error);
}

static void
warn (const char *what, const GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_warning ("%s: %s", what, error->message);
}

/* ---- keeping and dropping --------------------------------------------------------------------------- */

static gboolean
save_draft (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Call *call = data;

  return sp_vault_save_draft (vault, call->item, error);
}

static void
save_draft_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (sp_session_run_finish (SP_SESSION (object), result, &error) == NULL)
    warn ("What is being edited could not be kept", error);
}

void
sp_session_save_draft (SpSession *self, const SpItem *item)
{
  Call *call;

  g_return_if_fail (SP_IS_SESSION (self) && !sp_id_is_null (&item->id));

  if (!sp_session_is_writable (self))
    return;
  call = g_new0 (Call, 1);
  call->item = sp_item_copy (item);
  sp_session_run_async (self, SP_JOB_INTERACTIVE | SP_JOB_HOME, save_draft, call, call_free, NULL,
                        save_draft_cb, NULL);
}

static gboolean
drop_draft (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Call *call = data;

  return sp_vault_drop_draft (vault, &call->id, error);
}

static void
drop_draft_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (sp_session_run_finish (SP_SESSION (object), result, &error) == NULL)
    warn ("A draft could not be dropped", error);
}

void
sp_session_drop_draft (SpSession *self, const SpId *id)
{
  Call *call;

  g_return_if_fail (SP_IS_SESSION (self) && !sp_id_is_null (id));

  if (!sp_session_is_writable (self))
    return;
  call = g_new0 (Call, 1);
  call->id = *id;
  sp_session_run_async (self, SP_JOB_INTERACTIVE | SP_JOB_HOME, drop_draft, call, call_free, NULL,
                        drop_draft_cb, NULL);
}

/* ---- loading ---------------------------------------------------------------------------------------- */

static gboolean
load_drafts (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Call *call = data;
  g_autoptr (GPtrArray) problems = NULL;

  call->drafts = sp_vault_load_drafts (vault, &problems, error);
  for (guint i = 0; problems != NULL && i < problems->len; i++)
    g_warning ("%s", ((const SpProblem *) g_ptr_array_index (problems, i))->text);
  return call->drafts != NULL;
}

void
sp_session_load_drafts_async (SpSession *self,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  sp_session_run_async (self, SP_JOB_INTERACTIVE | SP_JOB_ABANDON, load_drafts, g_new0 (Call, 1),
                        call_free, cancellable, callback, user_data);
}

GPtrArray *
sp_session_load_drafts_finish (SpSession *self, GAsyncResult *result, GError **error)
{
  Call *call = sp_session_run_finish (self, result, error);

  return call != NULL ? g_steal_pointer (&call->drafts) : NULL;
}
