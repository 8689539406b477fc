/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-window"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/sp-check-dialog.h"
#include "ui/sp-delete-dialog.h"
#include "ui/sp-export-dialog.h"
#include "ui/sp-generator-window.h"
#include "ui/sp-import-assistant.h"
#include "ui/sp-import-undo.h"
#include "ui/sp-password-dialog.h"
#include "ui/sp-preferences-window.h"
#include "ui/sp-quick-unlock-dialog.h"
#include "ui/sp-recovery-dialog.h"
#include "ui/sp-recovery-key-dialog.h"
#include "ui/sp-rename-dialog.h"
#include "ui/sp-security-window.h"
#include "ui/sp-window-private.h"

static const char *const open_actions[] = {
  "win.key-slots", "win.activity",      "win.item-activity", "win.back",      "win.check-vault",
  "win.copy",      "win.copy-selected", "win.delete-vault",  "win.export",    "win.generator",
  "win.history",   "win.large-type",    "win.lock",          "win.next-pane", "win.previous-pane",
  "win.search",    "win.show-problems",
};
/* What changes the vault: not when it is open for reading only; SpNoticeBar says why. */
static const char *const writing_actions[] = {
  "win.change-password",    "win.edit-item",    "win.empty-trash",  "win.recovery-key",
  "win.first-recovery-key", "win.new-item",     "win.rename-vault", "win.tag-items",
  "win.trash-item",         "win.undo",         "win.undo-change",  "win.undo-import",
  "win.undo-version",       "win.quick-unlock",
};
static const char *const locked_actions[] = { "win.page", "win.open-vault", "win.recover" };

static void
activity_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  sp_window_show_activity (SP_WINDOW (widget), FALSE);
}

static void
item_activity_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  sp_window_show_activity (SP_WINDOW (widget), TRUE);
}

static void
back_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  (void) sp_browser_go_back (SP_WINDOW (widget)->browser);
}

/* What is marked in a text, as everywhere; else the password of the item that is shown. */
static void
copy_selected_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (widget));
  gboolean marked = FALSE;

  if (GTK_IS_EDITABLE (focus))
    marked = gtk_editable_get_selection_bounds (GTK_EDITABLE (focus), NULL, NULL);
  else if (GTK_IS_TEXT_VIEW (focus))
    marked = gtk_text_buffer_get_has_selection (gtk_text_view_get_buffer (GTK_TEXT_VIEW (focus)));
  else if (GTK_IS_LABEL (focus))
    marked = gtk_label_get_selection_bounds (GTK_LABEL (focus), NULL, NULL);
  if (marked)
    (void) gtk_widget_activate_action (focus, "clipboard.copy", NULL);
  else
    sp_browser_copy (SP_WINDOW (widget)->browser, "password");
}

static void
next_pane_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  sp_browser_next_pane (SP_WINDOW (widget)->browser, FALSE);
}

static void
previous_pane_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  sp_browser_next_pane (SP_WINDOW (widget)->browser, TRUE);
}

static void
tag_items_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  sp_browser_tag (SP_WINDOW (widget)->browser);
}

static void
quick_unlock_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  gtk_window_present (
      sp_quick_unlock_dialog_new (GTK_WINDOW (widget), SP_WINDOW (widget)->session));
}

static void
change_password_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  gtk_window_present (sp_password_dialog_new (GTK_WINDOW (widget), SP_WINDOW (widget)->session));
}

static void
check_vault_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  gtk_window_present (sp_check_dialog_new (GTK_WINDOW (widget), SP_WINDOW (widget)->session, TRUE));
}

static void
copy_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  sp_browser_copy (SP_WINDOW (widget)->browser, g_variant_get_string (parameter, NULL));
}

static GtkWidget *
find_menu_button (GtkWidget *widget)
{
  GtkWidget *found = NULL;

  if (!gtk_widget_get_mapped (widget))
    return NULL;
  if (GTK_IS_MENU_BUTTON (widget) && gtk_menu_button_get_primary (GTK_MENU_BUTTON (widget)))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_menu_button (child);
  return found;
}

/* GTK's own key for it does nothing where the button is folded away. */
static void
main_menu_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SpWindow *self = SP_WINDOW (widget);
  GtkWidget *button = find_menu_button (GTK_WIDGET (self->pages));

  if (button != NULL)
    gtk_menu_button_popup (GTK_MENU_BUTTON (button));
  else if (sp_session_is_open (self->session))
    sp_browser_show_menu (self->browser);
}

static void
delete_vault_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  gtk_window_present (sp_delete_dialog_new (GTK_WINDOW (widget), SP_WINDOW (widget)->session));
}

static void
edit_item_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  sp_browser_edit_item (SP_WINDOW (widget)->browser);
}

static void
export_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  sp_export_dialog_present (GTK_WINDOW (widget), SP_WINDOW (widget)->session, NULL, 0);
}

/* Without a vault, one is made first. */
static void
import_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SpWindow *self = SP_WINDOW (widget);

  if (sp_session_is_open (self->session)) {
    sp_import_assistant_present (GTK_WINDOW (self), self->session);
    return;
  }
  self->import_wanted = TRUE;
  sp_window_show_page (self, "create");
  sp_window_toast (widget, _ ("First make a vault; then choose the file to import"));
}

static void
undo_import_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  sp_import_undo (widget, SP_WINDOW (widget)->session);
}

static void
history_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  sp_browser_show_history (SP_WINDOW (widget)->browser);
}

static void
large_type_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  sp_browser_show_large_type (SP_WINDOW (widget)->browser);
}

static void
generator_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SpWindow *self = SP_WINDOW (widget);

  sp_generator_window_present (GTK_WINDOW (self), self->session, self->clipboard, self->generated,
                               self->settings);
}

static void
key_slots_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SpWindow *self = SP_WINDOW (widget);

  sp_security_window_present (GTK_WINDOW (self), self->session, self->clipboard);
}

static void
lock_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  sp_session_lock (SP_WINDOW (widget)->session, SP_LOCK_BY_USER);
}

static void
new_item_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  const SpItemTypeInfo *info = sp_item_type_from_name (g_variant_get_string (parameter, NULL));

  if (info != NULL)
    sp_browser_new_item (SP_WINDOW (widget)->browser, info->type);
}

static void
present_recovery_key_dialog (SpWindow *self, SpSettings *settings)
{
  gtk_window_present (
      sp_recovery_key_dialog_new (GTK_WINDOW (self), self->session, self->clipboard, settings));
}

static void
recovery_key_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  present_recovery_key_dialog (SP_WINDOW (widget), NULL);
}

static gboolean
has_window_over_it (SpWindow *self)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *link = windows; link != NULL; link = link->next)
    if (gtk_window_get_transient_for (link->data) == GTK_WINDOW (self) &&
        gtk_widget_get_visible (link->data))
      return TRUE;
  return FALSE;
}

/* For a vault that was just made. Who made it for an import is in the middle of that, and is reminded later. */
static void
first_recovery_key_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SpWindow *self = SP_WINDOW (widget);

  if (has_window_over_it (self))
    sp_settings_add_recovery_reminder (self->settings, sp_session_get_path (self->session));
  else
    present_recovery_key_dialog (self, self->settings);
}

static void
recover_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SpWindow *self = SP_WINDOW (widget);

  if (sp_session_get_path (self->session) != NULL)
    gtk_window_present (sp_recovery_dialog_new (GTK_WINDOW (self), self->session, self->clipboard));
}

static void
rename_vault_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  gtk_window_present (sp_rename_dialog_new (GTK_WINDOW (widget), SP_WINDOW (widget)->session));
}

static void
search_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  sp_browser_search (SP_WINDOW (widget)->browser);
}

static void
show_problems_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  gtk_window_present (
      sp_check_dialog_new (GTK_WINDOW (widget), SP_WINDOW (widget)->session, FALSE));
}

static void
trash_item_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  sp_browser_trash (SP_WINDOW (widget)->browser);
}

static void
empty_trash_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  sp_browser_empty_trash (SP_WINDOW (widget)->browser);
}

static void
undo_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  sp_browser_undo (SP_WINDOW (widget)->browser,
                   parameter != NULL ? g_variant_get_uint32 (parameter) : 0);
}

static void
undo_version_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  guint64 number;
  guint64 revision;

  g_variant_get (parameter, "(tt)", &number, &revision);
  sp_browser_undo_version (SP_WINDOW (widget)->browser, number, revision);
}

static void
page_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SP_WINDOW (widget)->import_wanted = FALSE;
  sp_window_show_page (SP_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
vault_chosen_cb (SpWindow *self, int response, GtkFileChooserNative *chooser)
{
  g_autoptr (GtkFileChooserNative) owned = chooser;
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (owned));
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

  if (response != GTK_RESPONSE_ACCEPT || path == NULL ||
      sp_session_get_state (self->session) != SP_SESSION_LOCKED)
    return;
  self->import_wanted = FALSE;
  sp_session_set_path (self->session, path);
  sp_window_show_page (self, "unlock");
}

static void
open_vault_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (
      _ ("Open a Vault"), GTK_WINDOW (widget), GTK_FILE_CHOOSER_ACTION_OPEN,
         _ ("_Open"), _ ("_Cancel"));

  g_signal_connect_object (chooser, "response", G_CALLBACK (vault_chosen_cb), widget,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/* ---- other vaults, and the preferences -------------------------------------------------------------- */

/* What is being edited is kept at the lock. */
static void
leave_vault (SpWindow *self)
{
  sp_session_lock (self->session, SP_LOCK_BY_USER);
}

static void
open_recent_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SpWindow *self = SP_WINDOW (widget);

  leave_vault (self);
  sp_session_set_path (self->session, g_variant_get_bytestring (parameter));
  sp_window_show_page (self, "unlock");
}

static void
forget_recent_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  sp_settings_forget_recent_vault (SP_WINDOW (widget)->settings,
                                   g_variant_get_bytestring (parameter));
}

static gboolean
has_others (SpWindow *self)
{
  const GPtrArray *vaults = sp_recent_vaults_peek (self->recent);
  const char *path = sp_session_get_path (self->session);

  for (guint i = 0; i < vaults->len; i++)
    if (g_strcmp0 (((const SpRecentVault *) g_ptr_array_index (vaults, i))->path, path) != 0)
      return TRUE;
  return FALSE;
}

/* Where there is nothing to choose from, the file is asked for at once. */
static void
other_vault_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SpWindow *self = SP_WINDOW (widget);

  leave_vault (self);
  if (!has_others (self)) {
    (void) gtk_widget_activate_action (widget, "win.open-vault", NULL);
    return;
  }
  sp_window_show_page (self, "welcome");
}

static void
preferences_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SpWindow *self = SP_WINDOW (widget);

  gtk_window_present (GTK_WINDOW (
      sp_preferences_window_new (GTK_WINDOW (self), self->session, self->settings, self->recent)));
}

/* ---- which of them there are ------------------------------------------------------------------------ */

void
sp_window_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.activity", NULL, activity_action);
  gtk_widget_class_install_action (widget_class, "win.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "win.quick-unlock", NULL, quick_unlock_action);
  gtk_widget_class_install_action (widget_class, "win.change-password", NULL,
                                   change_password_action);
  gtk_widget_class_install_action (widget_class, "win.check-vault", NULL, check_vault_action);
  gtk_widget_class_install_action (widget_class, "win.copy", "s", copy_action);
  gtk_widget_class_install_action (widget_class, "win.copy-selected", NULL, copy_selected_action);
  gtk_widget_class_install_action (widget_class, "win.delete-vault", NULL, delete_vault_action);
  gtk_widget_class_install_action (widget_class, "win.edit-item", NULL, edit_item_action);
  gtk_widget_class_install_action (widget_class, "win.empty-trash", NULL, empty_trash_action);
  gtk_widget_class_install_action (widget_class, "win.export", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "win.first-recovery-key", NULL,
                                   first_recovery_key_action);
  gtk_widget_class_install_action (widget_class, "win.forget-recent", "ay", forget_recent_action);
  gtk_widget_class_install_action (widget_class, "win.generator", NULL, generator_action);
  gtk_widget_class_install_action (widget_class, "win.history", NULL, history_action);
  gtk_widget_class_install_action (widget_class, "win.import", NULL, import_action);
  gtk_widget_class_install_action (widget_class, "win.item-activity", NULL, item_activity_action);
  gtk_widget_class_install_action (widget_class, "win.key-slots", NULL, key_slots_action);
  gtk_widget_class_install_action (widget_class, "win.large-type", NULL, large_type_action);
  gtk_widget_class_install_action (widget_class, "win.lock", NULL, lock_action);
  gtk_widget_class_install_action (widget_class, "win.main-menu", NULL, main_menu_action);
  gtk_widget_class_install_action (widget_class, "win.new-item", "s", new_item_action);
  gtk_widget_class_install_action (widget_class, "win.next-pane", NULL, next_pane_action);
  gtk_widget_class_install_action (widget_class, "win.open-recent", "ay", open_recent_action);
  gtk_widget_class_install_action (widget_class, "win.open-vault", NULL, open_vault_action);
  gtk_widget_class_install_action (widget_class, "win.other-vault", NULL, other_vault_action);
  gtk_widget_class_install_action (widget_class, "win.page", "s", page_action);
  gtk_widget_class_install_action (widget_class, "win.preferences", NULL, preferences_action);
  gtk_widget_class_install_action (widget_class, "win.previous-pane", NULL, previous_pane_action);
  gtk_widget_class_install_action (widget_class, "win.recover", NULL, recover_action);
  gtk_widget_class_install_action (widget_class, "win.recovery-key", NULL, recovery_key_action);
  gtk_widget_class_install_action (widget_class, "win.rename-vault", NULL, rename_vault_action);
  gtk_widget_class_install_action (widget_class, "win.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "win.show-problems", NULL, show_problems_action);
  gtk_widget_class_install_action (widget_class, "win.tag-items", NULL, tag_items_action);
  gtk_widget_class_install_action (widget_class, "win.trash-item", NULL, trash_item_action);
  gtk_widget_class_install_action (widget_class, "win.undo", NULL, undo_action);
  gtk_widget_class_install_action (widget_class, "win.undo-change", "u", undo_action);
  gtk_widget_class_install_action (widget_class, "win.undo-import", NULL, undo_import_action);
  gtk_widget_class_install_action (widget_class, "win.undo-version", "(tt)", undo_version_action);
}

static void
enable (SpWindow *self, const char *const *names, gsize n, gboolean enabled)
{
  for (gsize i = 0; i < n; i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), names[i], enabled);
}

void
sp_window_update_actions (SpWindow *self)
{
  SpSessionState state = sp_session_get_state (self->session);
  gboolean locked = state == SP_SESSION_LOCKED;
  gboolean writable = sp_session_is_writable (self->session);

  enable (self, open_actions, G_N_ELEMENTS (open_actions), state == SP_SESSION_OPEN);
  enable (self, locked_actions, G_N_ELEMENTS (locked_actions), locked);
  enable (self, writing_actions, G_N_ELEMENTS (writing_actions), writable);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.import", writable || locked);
}
