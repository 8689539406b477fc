/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What was not saved: it is gone on with, or asked about before it is left. */

#define G_LOG_DOMAIN "sp-browser-drafts"

#include "config.h"

#include "ui/sp-browser-private.h"

static void
choose_draft_cb (gpointer user_data)
{
  SpBrowser *self = SP_BROWSER (user_data);

  if (self->draft_bar != NULL)
    (void) sp_draft_bar_choose (self->draft_bar, &self->next_draft);
}

static void
draft_chosen_cb (SpBrowser *self)
{
  g_autoptr (SpDraft) draft = NULL;

  if (sp_item_editor_is_editing (self->item_editor)) {
    self->next_draft = sp_draft_bar_peek_chosen (self->draft_bar)->item->id;
    sp_item_editor_leave (self->item_editor, choose_draft_cb, self);
    return;
  }
  draft = sp_draft_bar_take_chosen (self->draft_bar);
  if (draft->item->number != 0) {
    sp_browser_show_item (self, draft->item->number);
    sp_item_list_select (self->item_list, draft->item->number);
  }
  sp_item_editor_continue (self->item_editor, draft);
  sp_browser_show_editor (self);
}

void
sp_browser_set_draft_bar (SpBrowser *self, SpDraftBar *bar)
{
  g_return_if_fail (SP_IS_BROWSER (self) && SP_IS_DRAFT_BAR (bar));

  g_set_weak_pointer (&self->draft_bar, bar);
  g_signal_connect_object (bar, "chosen", G_CALLBACK (draft_chosen_cb), self, G_CONNECT_SWAPPED);
}

gboolean
sp_browser_may_leave (SpBrowser *self, SpItemEditorThen then, gpointer user_data)
{
  g_return_val_if_fail (SP_IS_BROWSER (self), TRUE);

  if (!sp_item_editor_has_changes (self->item_editor))
    return TRUE;
  sp_item_editor_leave (self->item_editor, then, user_data);
  return FALSE;
}
