/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is asked about an edit, and what is done when its item was changed elsewhere. */

#define G_LOG_DOMAIN "sp-item-editor"

#include "config.h"

#include <glib/gi18n.h>

#include "services/sp-session-items.h"
#include "ui/sp-error-text.h"
#include "ui/sp-item-editor-private.h"

void
sp_item_editor_close_question (SpItemEditor *self)
{
  GtkWindow *question = self->question;

  g_clear_weak_pointer (&self->question);
  if (question != NULL)
    gtk_window_destroy (question);
}

SpItemEditorCall *
sp_item_editor_call_new (SpItemEditor *self)
{
  SpItemEditorCall *call = g_new (SpItemEditorCall, 1);

  call->editor = g_object_ref (self);
  call->edit_count = self->edit_count;
  return call;
}

/* The editor, if it is still at the same edit. */
SpItemEditor *
sp_item_editor_call_finish (SpItemEditorCall *call)
{
  SpItemEditor *self = call->editor;

  if (self->edit_count != call->edit_count)
    g_clear_object (&self);
  g_free (call);
  return self;
}

static void
reloaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpItemEditor) self = sp_item_editor_call_finish (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (SpItem) item = sp_session_load_item_finish (SP_SESSION (object), result, &error);
  g_autofree char *text = NULL;

  if (self == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (item == NULL) {
    text = sp_error_text (error);
    sp_item_editor_show_error (self, text, _("_Try Again"), "editor.save");
  } else if (self->overwriting) {
    /* The widgets are the edit; what it is saved over is another state, which its history keeps. */
    sp_item_free (self->base);
    self->base = g_steal_pointer (&item);
    sp_item_editor_save (self);
  } else {
    sp_draft_keeper_end (self->drafts, TRUE);
    sp_item_editor_begin (self, item, FALSE);
  }
}

static void
reload (SpItemEditor *self, gboolean overwriting)
{
  g_cancellable_cancel (self->reloading);
  g_clear_object (&self->reloading);
  self->reloading = g_cancellable_new ();
  self->overwriting = overwriting;
  sp_session_load_item_async (self->session, self->base->number, self->reloading, reloaded_cb,
                              sp_item_editor_call_new (self));
}

/* It closes itself. */
static void
answered_cb (SpItemEditor *self)
{
  g_clear_weak_pointer (&self->question);
}

/* A question about this edit, of which there is one at a time; it goes when the edit goes. */
AdwMessageDialog *
sp_item_editor_ask (SpItemEditor *self,
                    const char *heading,
                    const char *body,
                    GCallback response_cb)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  AdwMessageDialog *dialog;

  sp_item_editor_close_question (self);
  dialog = ADW_MESSAGE_DIALOG (
      adw_message_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, heading, NULL));
  adw_message_dialog_set_body (dialog, body);
  adw_message_dialog_add_response (dialog, "cancel", _("_Go On Editing"));
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (answered_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (dialog, "response", response_cb, self, G_CONNECT_SWAPPED);
  g_set_weak_pointer (&self->question, GTK_WINDOW (dialog));
  return dialog;
}

static void
decide_response_cb (SpItemEditor *self, const char *response)
{
  if (self->base == NULL || self->saving)
    return;
  if (g_str_equal (response, "theirs"))
    reload (self, FALSE);
  else if (g_str_equal (response, "mine"))
    reload (self, TRUE);
}

static void
decide_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SpItemEditor *self = SP_ITEM_EDITOR (widget);
  AdwMessageDialog *dialog;

  if (self->base == NULL || self->saving)
    return;
  dialog = sp_item_editor_ask (
      self,
      _("Changed in Two Places"),
         _("This item was changed elsewhere while you were editing it. If you save yours, the "
                  "other version stays in the item’s history."),
            G_CALLBACK (decide_response_cb));
  adw_message_dialog_add_response (dialog, "theirs", _("_Discard Mine"));
  adw_message_dialog_add_response (dialog, "mine", _("_Save Mine"));
  adw_message_dialog_set_response_appearance (dialog, "theirs", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_response_appearance (dialog, "mine", ADW_RESPONSE_SUGGESTED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
start_over_response_cb (SpItemEditor *self, const char *response)
{
  if (self->base != NULL && !self->saving && g_str_equal (response, "discard"))
    reload (self, FALSE);
}

static void
start_over_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SpItemEditor *self = SP_ITEM_EDITOR (widget);
  AdwMessageDialog *dialog;

  if (self->base == NULL || self->base->number == 0 || self->saving)
    return;
  dialog = sp_item_editor_ask (self, _("Start Over?"),
                                        _("What you changed in this item will be lost."),
                                           G_CALLBACK (start_over_response_cb));
  adw_message_dialog_add_response (dialog, "discard", _("_Discard"));
  adw_message_dialog_set_response_appearance (dialog, "discard", ADW_RESPONSE_DESTRUCTIVE);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
sp_item_editor_install_elsewhere (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "editor.decide", NULL, decide_action);
  gtk_widget_class_install_action (widget_class, "editor.start-over", NULL, start_over_action);
}
