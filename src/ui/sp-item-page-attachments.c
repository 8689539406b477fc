/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Attachments: a file is read and written by the session's thread, never here. */

#define G_LOG_DOMAIN "sp-item-page"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/sp-item-page-private.h"
#include "ui/sp-preview-window.h"
#include "ui/sp-window.h"

/* What a file chooser was opened for: the item may be another one when it answers. */
typedef struct {
  SpItemPage *page;         /* (owned) */
  guint64 number;           /* of the item */
  SpAttachment *attachment; /* (owned) (nullable) to be saved */
} Choice;

static void
choice_free (Choice *self)
{
  g_object_unref (self->page);
  g_clear_pointer (&self->attachment, sp_attachment_free);
  g_free (self);
}

static Choice *
choice_new (SpItemPage *page, const SpAttachment *attachment)
{
  Choice *self = g_new0 (Choice, 1);

  self->page = g_object_ref (page);
  self->number = page->number;
  self->attachment = attachment != NULL ? sp_attachment_copy (attachment) : NULL;
  return self;
}

static const SpAttachment *
find_attachment (SpItemPage *self, guint64 number)
{
  for (guint i = 0; self->item != NULL && i < self->item->attachments->len; i++) {
    const SpAttachment *attachment = g_ptr_array_index (self->item->attachments, i);

    if (attachment->number == number)
      return attachment;
  }
  return NULL;
}

/* ---- saving ----------------------------------------------------------------------------------------- */

static void
saved_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpItemPage) self = SP_ITEM_PAGE (user_data);
  g_autoptr (GError) error = NULL;

  if (sp_session_save_attachment_finish (SP_SESSION (object), result, &error))
    sp_window_toast (GTK_WIDGET (self), _ ("Attachment saved"));
  else
    sp_window_toast_error (GTK_WIDGET (self), error);
}

static void
place_chosen_cb (GtkFileChooserNative *chooser, int response, Choice *choice)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  SpItemPage *self = choice->page;

  if (response == GTK_RESPONSE_ACCEPT && file != NULL && self->session != NULL)
    sp_session_save_attachment_async (self->session, choice->attachment, file, self->files,
                                      saved_cb, g_object_ref (self));
  choice_free (choice);
  g_object_unref (chooser);
}

void
sp_item_page_save_attachment (SpItemPage *self, guint64 number)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  const char *title = _ ("Save the Attachment");
  const char *accept = _ ("_Save");
  const char *cancel = _ ("_Cancel");
  const SpAttachment *attachment = find_attachment (self, number);
  GtkFileChooserNative *chooser;

  if (attachment == NULL || !GTK_IS_WINDOW (root))
    return;
  chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (root), GTK_FILE_CHOOSER_ACTION_SAVE,
                                         accept, cancel);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), attachment->name);
  g_signal_connect (chooser, "response", G_CALLBACK (place_chosen_cb),
                    choice_new (self, attachment));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/* ---- showing and removing --------------------------------------------------------------------------- */

void
sp_item_page_preview_attachment (SpItemPage *self, guint64 number)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  const SpAttachment *attachment = find_attachment (self, number);

  if (attachment == NULL || !GTK_IS_WINDOW (root))
    return;
  sp_preview_window_present (GTK_WINDOW (root), self->session, attachment);
  sp_session_touch (self->session, self->number, SP_EVENT_ITEM_VIEWED);
}

typedef struct {
  SpItemPage *page; /* (owned) */
  guint64 number;   /* of the item */
} Detaching;

static void
detached_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autofree Detaching *detaching = user_data;
  g_autoptr (SpItemPage) self = detaching->page;
  g_autoptr (GError) error = NULL;

  if (sp_session_detach_finish (SP_SESSION (object), result, &error)) {
    sp_window_toast_undo_version (GTK_WIDGET (self), SP_SESSION (object), detaching->number,
                                  _("Attachment removed"));
    return;
  }
  sp_window_toast_error (GTK_WIDGET (self), error);
  /* Its button is to be had again. */
  if (self->item != NULL)
    sp_item_page_build_rows (self);
}

void
sp_item_page_detach (SpItemPage *self, guint64 number)
{
  Detaching *detaching;

  if (self->item == NULL)
    return;
  detaching = g_new0 (Detaching, 1);
  detaching->page = g_object_ref (self);
  detaching->number = self->number;
  sp_session_detach_async (self->session, self->number, number, detached_cb, detaching);
}

/* ---- adding ----------------------------------------------------------------------------------------- */

static void
attached_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpItemPage) self = SP_ITEM_PAGE (user_data);
  g_autoptr (GError) error = NULL;

  if (sp_session_attach_finish (SP_SESSION (object), result, &error))
    sp_window_toast (GTK_WIDGET (self), _ ("Attachment added"));
  else
    sp_window_toast_error (GTK_WIDGET (self), error);
}

static void
attach_to (SpItemPage *self, guint64 number, GFile *file)
{
  sp_session_attach_async (self->session, number, file, self->files, attached_cb,
                           g_object_ref (self));
}

static void
file_chosen_cb (GtkFileChooserNative *chooser, int response, Choice *choice)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));

  if (response == GTK_RESPONSE_ACCEPT && file != NULL && choice->page->session != NULL)
    attach_to (choice->page, choice->number, file);
  choice_free (choice);
  g_object_unref (chooser);
}

static void
attach_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SpItemPage *self = SP_ITEM_PAGE (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  const char *title = _ ("Add an Attachment");
  const char *accept = _ ("_Add");
  const char *cancel = _ ("_Cancel");
  GtkFileChooserNative *chooser;

  if (self->item == NULL || !GTK_IS_WINDOW (root))
    return;
  chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (root), GTK_FILE_CHOOSER_ACTION_OPEN,
                                         accept, cancel);
  g_signal_connect (chooser, "response", G_CALLBACK (file_chosen_cb), choice_new (self, NULL));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

void
sp_item_page_attach (SpItemPage *self, GFile *file)
{
  if (self->item != NULL)
    attach_to (self, self->number, file);
}

void
sp_item_page_install_attachments (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "item.attach", NULL, attach_action);
}
