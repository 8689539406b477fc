/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-session-drafts"

#include "config.h"

#include "services/sp-session-drafts.h"

#include "crypto/sp-random.h"
#include "services/sp-session-private.h"
#include "vault/sp-vault-repair.h"

typedef struct {
  SpItem *item;      /* in, to be kept */
  SpId id;           /* in, of the item */
  GBytes *sealed;    /* in, to be brought home; out, what could not be written */
  GPtrArray *drafts; /* out */
} Call;

static void
call_free (gpointer data)
{
  Call *self = data;

  g_clear_pointer (&self->item, sp_item_free);
  g_clear_pointer (&self->sealed, g_bytes_unref);
  g_clear_pointer (&self->drafts, g_ptr_array_unref);
  g_free (self);
}

typedef struct {
  SpId id; /* of the item */
  GBytes *sealed;
} KeptEdit;

static void
kept_edit_free (gpointer data)
{
  KeptEdit *self = data;

  g_bytes_unref (self->sealed);
  g_free (self);
}

void
sp_session_init_drafts (SpSession *self)
{
  self->kept_edits = g_ptr_array_new_with_free_func (kept_edit_free);
}

gboolean
sp_session_keeps_edits (SpSession *self)
{
  g_return_val_if_fail (SP_IS_SESSION (self), FALSE);
  return self->kept_edits->len > 0;
}

void
sp_session_set_editing (SpSession *self, gboolean editing)
{
  g_return_if_fail (SP_IS_SESSION (self));

  if (self->editing == editing)
    return;
  self->editing = editing;
  if (!editing && sp_session_is_missing (self))
    sp_session_watch_look (self);
}

/* In place of what was kept of that item before; NULL: nothing is. */
static void
keep_edit (SpSession *self, const SpId *id, GBytes *sealed)
{
  gboolean before = self->kept_edits->len > 0;
  KeptEdit *edit;

  for (guint i = self->kept_edits->len; i > 0; i--)
    if (sp_id_equal (&((const KeptEdit *) g_ptr_array_index (self->kept_edits, i - 1))->id, id))
      g_ptr_array_remove_index (self->kept_edits, i - 1);
  if (sealed != NULL) {
    edit = g_new (KeptEdit, 1);
    edit->id = *id;
    edit->sealed = g_bytes_ref (sealed);
    g_ptr_array_add (self->kept_edits, edit);
  }
  if (before != (self->kept_edits->len > 0))
    g_object_notify (G_OBJECT (self), "keeps-edits");
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
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
      !g_error_matches (error, SP_VAULT_ERROR,
                        SP_VAULT_ERROR_REPLACED)) /* that is told otherwise */
    g_warning ("%s: %s", what, error->message);
}

/* ---- keeping and dropping --------------------------------------------------------------------------- */

static gboolean
save_draft (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Call *call = data;
  g_autoptr (GError) local_error = NULL;

  if (sp_vault_save_draft (vault, call->item, error))
    return TRUE;
  call->sealed = sp_vault_seal_draft (vault, call->item, &local_error);
  return FALSE;
}

static void
save_draft_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  SpSession *self = SP_SESSION (object);
  const SpJob *job = g_task_get_task_data (G_TASK (result));
  const Call *call = job != NULL ? job->data : NULL;
  g_autoptr (GError) error = NULL;

  gboolean ok = sp_session_run_finish (self, result, &error) != NULL;

  if (call != NULL && (ok || call->sealed != NULL))
    keep_edit (self, &call->id, call->sealed);
  else
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
  call->id = item->id;
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
  keep_edit (self, id, NULL);
  call = g_new0 (Call, 1);
  call->id = *id;
  sp_session_run_async (self, SP_JOB_INTERACTIVE | SP_JOB_HOME, drop_draft, call, call_free, NULL,
                        drop_draft_cb, NULL);
}

/* ---- what could not be written ---------------------------------------------------------------------- */

static gboolean
bring_home (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Call *call = data;

  call->item = sp_vault_open_draft (vault, call->sealed, error);
  return call->item != NULL && sp_vault_save_draft (vault, call->item, error);
}

/* It was another vault's, or cannot be written yet: it stays. */
static void
bring_home_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  SpSession *self = SP_SESSION (object);
  g_autoptr (GError) error = NULL;
  const Call *call = sp_session_run_finish (self, result, &error);

  if (call != NULL)
    keep_edit (self, &call->id, NULL);
  else
    g_debug ("An edit is still kept outside of its vault: %s", error->message);
}

void
sp_session_bring_home (SpSession *self)
{
  for (guint i = 0; i < self->kept_edits->len; i++) {
    const KeptEdit *edit = g_ptr_array_index (self->kept_edits, i);
    Call *call = g_new0 (Call, 1);

    call->id = edit->id;
    call->sealed = g_bytes_ref (edit->sealed);
    sp_session_queue_push (self, SP_JOB_INTERACTIVE | SP_JOB_HOME, bring_home, call, call_free,
                           NULL, NULL, NULL, g_task_new (self, NULL, bring_home_cb, NULL));
  }
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
