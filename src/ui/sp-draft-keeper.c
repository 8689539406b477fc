/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Nothing is written while nothing changes, and at most once in KEEP_SECONDS while somebody types: a draft is a small
 * transaction of the vault's thread, which the window does not wait for. */

#define G_LOG_DOMAIN "sp-draft-keeper"

#include "config.h"

#include "ui/sp-draft-keeper.h"

#include "services/sp-session-drafts.h"

#define KEEP_SECONDS 2

struct _SpDraftKeeper {
  SpDraftCollect collect;
  gpointer user_data;

  SpSession *session; /* (owned) (nullable) while there is an edit */
  SpId id;
  SpItem *last;  /* (owned) (nullable) what was kept last */
  gboolean kept; /* there is, or will be, a draft in the vault */
  guint keep_id;
};

SpDraftKeeper *
sp_draft_keeper_new (SpDraftCollect collect, gpointer user_data)
{
  SpDraftKeeper *self = g_new0 (SpDraftKeeper, 1);

  self->collect = collect;
  self->user_data = user_data;
  return self;
}

void
sp_draft_keeper_free (SpDraftKeeper *self)
{
  sp_draft_keeper_end (self, FALSE);
  g_free (self);
}

void
sp_draft_keeper_begin (SpDraftKeeper *self, SpSession *session, const SpId *id, gboolean kept)
{
  sp_draft_keeper_end (self, FALSE);
  self->session = g_object_ref (session);
  self->id = *id;
  self->kept = kept;
  if (kept)
    sp_session_set_editing (session, TRUE);
}

static void
drop (SpDraftKeeper *self)
{
  if (self->kept)
    sp_session_drop_draft (self->session, &self->id);
  self->kept = FALSE;
  sp_session_set_editing (self->session, FALSE);
  g_clear_pointer (&self->last, sp_item_free);
}

void
sp_draft_keeper_keep (SpDraftKeeper *self)
{
  g_autoptr (SpItem) item = NULL;

  g_clear_handle_id (&self->keep_id, g_source_remove);
  if (self->session == NULL)
    return;
  item = self->collect (self->user_data);
  if (item == NULL) {
    drop (self);
    return;
  }
  if (self->last != NULL && sp_item_equal_content (self->last, item))
    return;
  sp_session_save_draft (self->session, item);
  self->kept = TRUE;
  g_clear_pointer (&self->last, sp_item_free);
  self->last = g_steal_pointer (&item);
}

void
sp_draft_keeper_keep_last (SpDraftKeeper *self)
{
  g_clear_pointer (&self->last, sp_item_free);
  sp_draft_keeper_keep (self);
}

static gboolean
keep_cb (gpointer user_data)
{
  SpDraftKeeper *self = user_data;

  self->keep_id = 0;
  sp_draft_keeper_keep (self);
  return G_SOURCE_REMOVE;
}

void
sp_draft_keeper_changed (SpDraftKeeper *self)
{
  if (self->session == NULL)
    return;
  sp_session_set_editing (self->session, TRUE);
  if (self->keep_id == 0)
    self->keep_id = g_timeout_add_seconds (KEEP_SECONDS, keep_cb, self);
}

void
sp_draft_keeper_end (SpDraftKeeper *self, gboolean drop_it)
{
  g_clear_handle_id (&self->keep_id, g_source_remove);
  if (self->session != NULL && drop_it)
    drop (self);
  if (self->session != NULL)
    sp_session_set_editing (self->session, FALSE);
  g_clear_pointer (&self->last, sp_item_free);
  g_clear_object (&self->session);
  self->kept = FALSE;
}
