/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is done with the item that is shown. Each goes through the session; the page follows when it has changed. */

#define G_LOG_DOMAIN "sp-item-page"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/sp-history-window.h"
#include "ui/sp-item-page-private.h"
#include "ui/sp-large-type-window.h"
#include "ui/sp-window.h"

/* ---- copying and opening ---------------------------------------------------------------------------- */

void
sp_item_page_copy_row (SpItemPage *self, SpFieldRow *row)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autoptr (SpSecret) value = NULL;

  if (sp_field_row_is_counter (row) && !sp_field_row_has_code (row)) {
    sp_item_page_take_code (self, row, TRUE);
    return;
  }
  value = sp_field_row_dup_copy (row, &error);
  if (value == NULL) {
    sp_window_toast_error (GTK_WIDGET (self), error);
    return;
  }
  if (self->clipboard == NULL)
    return;
  sp_clipboard_copy (self->clipboard, value, sp_field_row_get_label (row));
  sp_session_touch (self->session, self->number, SP_EVENT_ITEM_COPIED);
  /* Translators: %s is the name of a field, such as "Password". */
  text = g_strdup_printf (_ ("%s copied"), sp_field_row_get_label (row));
  sp_window_toast (GTK_WIDGET (self), text);
}

void
sp_item_page_enlarge_row (SpItemPage *self, SpFieldRow *row)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  g_autoptr (SpSecret) value = sp_field_row_dup_copy (row, NULL);

  if (value == NULL || self->item == NULL || !GTK_IS_WINDOW (root))
    return;
  sp_large_type_window_present (GTK_WINDOW (root), self->session, self->item->title,
                                sp_field_row_get_label (row), value);
  sp_session_touch (self->session, self->number, SP_EVENT_ITEM_VIEWED);
}

static void
shown_uri_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpItemPage) self = SP_ITEM_PAGE (user_data);
  g_autoptr (GError) error = NULL;

  if (!gtk_show_uri_full_finish (GTK_WINDOW (object), result, &error))
    sp_window_toast_error (GTK_WIDGET (self), error);
}

void
sp_item_page_open_row (SpItemPage *self, SpFieldRow *row)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  g_autoptr (SpSecret) link = sp_field_row_dup_link (row);

  if (link == NULL || !GTK_IS_WINDOW (root))
    return;
  gtk_show_uri_full (GTK_WINDOW (root), sp_secret_peek_text (link), GDK_CURRENT_TIME, NULL,
                     shown_uri_cb, g_object_ref (self));
  sp_session_touch (self->session, self->number, SP_EVENT_ITEM_USED);
}

/* ---- changes ---------------------------------------------------------------------------------------- */

static void
changed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpItemPage) self = SP_ITEM_PAGE (user_data);
  g_autoptr (GError) error = NULL;

  if (sp_session_change_finish (SP_SESSION (object), result, &error))
    return;
  sp_window_toast_error (GTK_WIDGET (self), error);
  sp_item_page_update_actions (self);
}

void
sp_item_page_change (SpItemPage *self, SpChange change)
{
  if (self->item != NULL)
    sp_session_change_async (self->session, change, NULL, &self->number, 1, changed_cb,
                             g_object_ref (self));
}

static void
duplicated_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpItemPage) self = SP_ITEM_PAGE (user_data);
  g_autoptr (GError) error = NULL;

  if (sp_session_duplicate_finish (SP_SESSION (object), result, &error) == 0)
    sp_window_toast_error (GTK_WIDGET (self), error);
  else
    sp_window_toast (GTK_WIDGET (self), _ ("Duplicated"));
}

static void
duplicate_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SpItemPage *self = SP_ITEM_PAGE (widget);
  g_autofree char *title = NULL;

  if (self->item == NULL)
    return;
  /* Translators: the title of a copy; %s is the title of the item that it was made of. */
  title = g_strdup_printf (_ ("%s (copy)"), self->item->title);
  sp_session_duplicate_async (self->session, self->number, title, duplicated_cb,
                              g_object_ref (self));
}

static void
archive_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  sp_item_page_change (SP_ITEM_PAGE (widget), SP_CHANGE_ARCHIVE);
}

static void
unarchive_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  sp_item_page_change (SP_ITEM_PAGE (widget), SP_CHANGE_UNARCHIVE);
}

static void
restore_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  sp_item_page_change (SP_ITEM_PAGE (widget), SP_CHANGE_RESTORE);
}

static void
purge_response_cb (SpItemPage *self, const char *response, AdwMessageDialog *dialog)
{
  const guint64 *number = g_object_get_data (G_OBJECT (dialog), "number");

  /* Another item may be shown by now. */
  if (g_str_equal (response, "purge") && *number == self->number)
    sp_item_page_change (self, SP_CHANGE_PURGE);
}

static void
purge_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SpItemPage *self = SP_ITEM_PAGE (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  AdwMessageDialog *dialog;

  if (self->item == NULL || !GTK_IS_WINDOW (root))
    return;
  dialog = ADW_MESSAGE_DIALOG (
      adw_message_dialog_new (GTK_WINDOW (root), _ ("Delete This Item for Good?"), NULL));
  /* Translators: %s is the title of an item. */
  adw_message_dialog_format_body (
      dialog, _ ("“%s”, its history and its attachments cannot be brought back."),
                 self->item->title);
  adw_message_dialog_add_response (dialog, "cancel", _ ("_Cancel"));
  adw_message_dialog_add_response (dialog, "purge", _ ("_Delete for Good"));
  adw_message_dialog_set_response_appearance (dialog, "purge", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "number", g_memdup2 (&self->number, sizeof (guint64)),
                          g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (purge_response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- versions --------------------------------------------------------------------------------------- */

void
sp_item_page_show_history (SpItemPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  g_return_if_fail (SP_IS_ITEM_PAGE (self));

  if (self->item != NULL && self->clipboard != NULL && GTK_IS_WINDOW (root))
    sp_history_window_present (GTK_WINDOW (root), self->session, self->clipboard, self->number,
                               self->conceal_seconds);
}

static void
undone_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpItemPage) self = SP_ITEM_PAGE (user_data);
  g_autoptr (GError) error = NULL;

  if (!sp_session_restore_version_finish (SP_SESSION (object), result, &error))
    sp_window_toast_error (GTK_WIDGET (self), error);
}

void
sp_item_page_undo_version (SpItemPage *self, guint64 number, guint64 revision)
{
  SpSnapshot *snapshot = sp_session_get_snapshot (self->session);
  SpPosition position = SP_POSITION_NONE;
  SpOverview overview;

  g_return_if_fail (SP_IS_ITEM_PAGE (self));

  if (snapshot != NULL)
    position = sp_snapshot_find_number (snapshot, number);
  if (position != SP_POSITION_NONE) {
    sp_snapshot_get_overview (snapshot, position, &overview);
    if (overview.revision == revision) {
      sp_session_restore_version_async (self->session, number, 0, undone_cb, g_object_ref (self));
      return;
    }
  }
  sp_window_toast (
      GTK_WIDGET (self),
      _ ("The item was changed again since then. Its history has the earlier versions."));
}

/* ---- which of them there are ------------------------------------------------------------------------ */

void
sp_item_page_update_actions (SpItemPage *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean writable = self->item != NULL && self->session != NULL &&
                      sp_session_is_writable (self->session);
  gboolean live = writable && !self->item->trashed;
  gboolean trashed = writable && self->item->trashed;
  gboolean favourite = self->item != NULL && self->item->favourite;
  const char *text = favourite ? _ ("Remove From Favourites") : _ ("Add to Favourites");

  gtk_widget_action_set_enabled (widget, "item.archive", live && !self->item->archived);
  gtk_widget_action_set_enabled (widget, "item.unarchive", live && self->item->archived);
  gtk_widget_action_set_enabled (widget, "item.attach", live);
  gtk_widget_action_set_enabled (widget, "item.duplicate", live);
  gtk_widget_action_set_enabled (widget, "item.restore", trashed);
  gtk_widget_action_set_enabled (widget, "item.purge", trashed);

  gtk_widget_set_visible (self->edit_button, live);
  gtk_widget_set_visible (GTK_WIDGET (self->favourite_button), live);
  gtk_widget_set_visible (GTK_WIDGET (self->menu_button), writable);
  gtk_menu_button_set_menu_model (self->menu_button, trashed ? self->trash_menu : self->item_menu);
  gtk_toggle_button_set_active (self->favourite_button, favourite);
  gtk_button_set_icon_name (GTK_BUTTON (self->favourite_button),
                            favourite ? "sp-favourite-filled-symbolic" : "sp-favourite-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->favourite_button), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->favourite_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

void
sp_item_page_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "item.archive", NULL, archive_action);
  gtk_widget_class_install_action (widget_class, "item.duplicate", NULL, duplicate_action);
  gtk_widget_class_install_action (widget_class, "item.purge", NULL, purge_action);
  gtk_widget_class_install_action (widget_class, "item.restore", NULL, restore_action);
  gtk_widget_class_install_action (widget_class, "item.unarchive", NULL, unarchive_action);
}
