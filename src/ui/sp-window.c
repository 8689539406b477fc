/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-window"

#include "config.h"

#include "ui/sp-window.h"

#include <glib/gi18n.h>

#include "ui/sp-browser.h"
#include "ui/sp-check-dialog.h"
#include "ui/sp-delete-dialog.h"
#include "ui/sp-draft-bar.h"
#include "ui/sp-error-text.h"
#include "ui/sp-export-dialog.h"
#include "ui/sp-generator-window.h"
#include "ui/sp-import-assistant.h"
#include "ui/sp-import-undo.h"
#include "ui/sp-new-vault-page.h"
#include "ui/sp-notice-bar.h"
#include "ui/sp-password-dialog.h"
#include "ui/sp-preferences-window.h"
#include "ui/sp-recent-vaults.h"
#include "ui/sp-rename-dialog.h"
#include "ui/sp-ui.h"
#include "ui/sp-unlock-page.h"
#include "ui/sp-welcome-page.h"

#define ACTION_TOAST_SECONDS 8

struct _SpWindow {
  AdwApplicationWindow parent_instance;

  SpSession *session;     /* (owned) */
  SpClipboard *clipboard; /* (owned) */
  SpSettings *settings;   /* (owned) */
  SpRecentVaults *recent; /* (owned) (nullable) after dispose */
  GPtrArray *generated;   /* (element-type SpSecret) (owned) since the vault was opened */
  gboolean import_wanted; /* once the vault that is being made is open */

  SpBrowser *browser; /* (nullable) until ensure_browser() */
  guint prepare_id;   /* idle source */
  SpNewVaultPage *new_vault_page;
  GtkStack *pages;
  AdwToast *offer; /* (nullable) weak; the last one with a button */
  AdwToastOverlay *toasts;
  SpUnlockPage *unlock_page;
  SpWelcomePage *welcome_page;
};

G_DEFINE_FINAL_TYPE (SpWindow, sp_window, ADW_TYPE_APPLICATION_WINDOW)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_CLIPBOARD,
  PROP_SETTINGS,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static const char *const open_actions[] = {
  "win.back",      "win.check-vault",   "win.copy",    "win.copy-selected", "win.delete-vault",
  "win.export",    "win.generator",     "win.history", "win.large-type",    "win.lock",
  "win.next-pane", "win.previous-pane", "win.search",  "win.show-problems",
};
/* What changes the vault: not when it is open for reading only; SpNoticeBar says why. */
static const char *const writing_actions[] = {
  "win.change-password", "win.edit-item",   "win.empty-trash",  "win.new-item",
  "win.rename-vault",    "win.tag-items",   "win.trash-item",   "win.undo",
  "win.undo-change",     "win.undo-import", "win.undo-version",
};
static const char *const locked_actions[] = { "win.page", "win.open-vault" };

static void
update_writing (SpWindow *self)
{
  gboolean writable = sp_session_is_writable (self->session);

  for (gsize i = 0; i < G_N_ELEMENTS (writing_actions); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), writing_actions[i], writable);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.import",
                                 writable ||
                                     sp_session_get_state (self->session) == SP_SESSION_LOCKED);
}

/* ---- what an open vault is shown with --------------------------------------------------------------- */

/* A line of a menu is not markup, but has mnemonics. */
static char *
dup_menu_label (const SpRecentVault *vault)
{
  g_auto (GStrv) parts = g_strsplit (vault->shown_path, "_", -1);
  g_autofree char *path = g_strjoinv ("__", parts);

  /* Translators: %s is the path of a file that is not there any more. */
  return vault->missing ? g_strdup_printf (_("%s (missing)"), path) : g_steal_pointer (&path);
}

static void
update_vaults_menu (SpWindow *self)
{
  const GPtrArray *vaults = sp_recent_vaults_peek (self->recent);
  GMenu *menu;

  if (self->browser == NULL)
    return;
  menu = sp_browser_get_vaults_menu (self->browser);
  g_menu_remove_all (menu);
  for (guint i = 0; i < vaults->len; i++) {
    const SpRecentVault *vault = g_ptr_array_index (vaults, i);
    g_autofree char *label = dup_menu_label (vault);
    g_autoptr (GMenuItem) item = NULL;

    if (g_strcmp0 (vault->path, sp_session_get_path (self->session)) == 0)
      continue;
    item = g_menu_item_new (label, NULL);
    g_menu_item_set_action_and_target_value (item, "win.open-recent",
                                             g_variant_new_bytestring (vault->path));
    g_menu_append_item (menu, item);
  }
}

/* It is the most of all that there is to make, and the first frame does not wait for it: it is made when that has been
 * painted, or, if somebody is quicker, when a vault begins to be opened. */
static void
ensure_browser (SpWindow *self)
{
  GtkWidget *box, *draft_bar, *notice_bar;

  g_clear_handle_id (&self->prepare_id, g_source_remove);
  if (self->browser != NULL)
    return;
  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  self->browser = g_object_new (SP_TYPE_BROWSER, "session", self->session, "clipboard",
                                self->clipboard, "vexpand", TRUE, NULL);
  draft_bar = g_object_new (SP_TYPE_DRAFT_BAR, "session", self->session, NULL);
  notice_bar = g_object_new (SP_TYPE_NOTICE_BAR, "session", self->session, NULL);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->browser));
  gtk_box_append (GTK_BOX (box), draft_bar);
  gtk_box_append (GTK_BOX (box), notice_bar);
  gtk_stack_add_named (self->pages, box, "browser");
  sp_browser_set_draft_bar (self->browser, SP_DRAFT_BAR (draft_bar));
  sp_browser_set_settings (self->browser, self->settings);
  sp_browser_set_key_capture (self->browser, GTK_WIDGET (self));
  update_vaults_menu (self);
}

static gboolean
prepare_cb (gpointer user_data)
{
  SpWindow *self = SP_WINDOW (user_data);

  self->prepare_id = 0;
  ensure_browser (self);
  return G_SOURCE_REMOVE;
}

/* In the first frame; what is idle comes after it. */
static gboolean
first_frame_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  SpWindow *self = SP_WINDOW (widget);

  if (self->browser == NULL)
    self->prepare_id = g_idle_add_full (G_PRIORITY_LOW, prepare_cb, self, NULL);
  return G_SOURCE_REMOVE;
}

/* Which page fits what the session is in; a locked vault may also be left for another one. */
static void
update_page (SpWindow *self)
{
  SpSessionState state = sp_session_get_state (self->session);
  const char *path = sp_session_get_path (self->session);
  const char *shown = gtk_stack_get_visible_child_name (self->pages);

  for (gsize i = 0; i < G_N_ELEMENTS (open_actions); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), open_actions[i], state == SP_SESSION_OPEN);
  for (gsize i = 0; i < G_N_ELEMENTS (locked_actions); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), locked_actions[i],
                                   state == SP_SESSION_LOCKED);
  update_writing (self);
  if (state != SP_SESSION_OPEN)
    g_ptr_array_set_size (self->generated, 0);
  /* Who has waited for the KDF does not wait for a page to fade. */
  if (state == SP_SESSION_OPEN)
    gtk_stack_set_visible_child_full (self->pages, "browser", GTK_STACK_TRANSITION_TYPE_NONE);
  else if (state == SP_SESSION_OPENING || g_strcmp0 (shown, "create") == 0)
    return;
  else if (path != NULL && g_file_test (path, G_FILE_TEST_EXISTS))
    gtk_stack_set_visible_child_name (self->pages, "unlock");
  else
    gtk_stack_set_visible_child_name (self->pages, "welcome");
}

/* ---- actions ---------------------------------------------------------------------------------------- */

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
  gtk_stack_set_visible_child_name (self->pages, "create");
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

  sp_generator_window_present (GTK_WINDOW (self), self->session, self->clipboard, self->generated);
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
  gtk_stack_set_visible_child_name (SP_WINDOW (widget)->pages,
                                    g_variant_get_string (parameter, NULL));
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
  gtk_stack_set_visible_child_name (self->pages, "unlock");
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

/* Called after the session knows all of the vault. */
static void
session_changed_cb (SpWindow *self)
{
  update_writing (self);
  if (!self->import_wanted || !sp_session_is_open (self->session))
    return;
  self->import_wanted = FALSE;
  if (sp_session_is_writable (self->session))
    sp_import_assistant_present (GTK_WINDOW (self), self->session);
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
  gtk_stack_set_visible_child_name (self->pages, "unlock");
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
  gtk_stack_set_visible_child_name (self->pages, "welcome");
}

static void
preferences_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SpWindow *self = SP_WINDOW (widget);

  gtk_window_present (GTK_WINDOW (
      sp_preferences_window_new (GTK_WINDOW (self), self->session, self->settings, self->recent)));
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
sp_window_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SpWindow *self = SP_WINDOW (object);

  switch (prop_id) {
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
  case PROP_CLIPBOARD:
    g_value_set_object (value, self->clipboard);
    break;
  case PROP_SETTINGS:
    g_value_set_object (value, self->settings);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
sp_window_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  SpWindow *self = SP_WINDOW (object);

  switch (prop_id) {
  case PROP_SESSION:
    self->session = g_value_dup_object (value);
    break;
  case PROP_CLIPBOARD:
    self->clipboard = g_value_dup_object (value);
    break;
  case PROP_SETTINGS:
    self->settings = g_value_dup_object (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
sp_window_constructed (GObject *object)
{
  SpWindow *self = SP_WINDOW (object);

  G_OBJECT_CLASS (sp_window_parent_class)->constructed (object);
  self->recent = sp_recent_vaults_new (self->settings);
  sp_welcome_page_set_recent (self->welcome_page, self->recent);
  g_signal_connect_object (self->recent, "changed", G_CALLBACK (update_vaults_menu), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::path", G_CALLBACK (update_vaults_menu), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_tick_callback (GTK_WIDGET (self), first_frame_cb, NULL, NULL);
  g_signal_connect_object (self->session, "notify::state", G_CALLBACK (update_page), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "changed", G_CALLBACK (session_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::path", G_CALLBACK (update_page), self,
                           G_CONNECT_SWAPPED);
  update_page (self);
}

static void
sp_window_dispose (GObject *object)
{
  SpWindow *self = SP_WINDOW (object);

  g_clear_weak_pointer (&self->offer);
  g_clear_handle_id (&self->prepare_id, g_source_remove);
  self->browser = NULL;
  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_WINDOW);
  g_clear_object (&self->clipboard);
  g_clear_object (&self->recent);
  g_clear_object (&self->session);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (sp_window_parent_class)->dispose (object);
}

static void
sp_window_finalize (GObject *object)
{
  g_ptr_array_unref (SP_WINDOW (object)->generated);
  G_OBJECT_CLASS (sp_window_parent_class)->finalize (object);
}

static void
sp_window_class_init (SpWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = sp_window_constructed;
  object_class->dispose = sp_window_dispose;
  object_class->finalize = sp_window_finalize;
  object_class->get_property = sp_window_get_property;
  object_class->set_property = sp_window_set_property;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, SP_TYPE_SESSION, flags);
  properties[PROP_CLIPBOARD] = g_param_spec_object ("clipboard", NULL, NULL, SP_TYPE_CLIPBOARD,
                                                    flags);
  properties[PROP_SETTINGS] = g_param_spec_object ("settings", NULL, NULL, SP_TYPE_SETTINGS, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, SP_UI_RESOURCE "/sp-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SpWindow, new_vault_page);
  gtk_widget_class_bind_template_child (widget_class, SpWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, SpWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, SpWindow, unlock_page);
  gtk_widget_class_bind_template_child (widget_class, SpWindow, welcome_page);

  gtk_widget_class_install_action (widget_class, "win.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "win.change-password", NULL,
                                   change_password_action);
  gtk_widget_class_install_action (widget_class, "win.check-vault", NULL, check_vault_action);
  gtk_widget_class_install_action (widget_class, "win.copy", "s", copy_action);
  gtk_widget_class_install_action (widget_class, "win.copy-selected", NULL, copy_selected_action);
  gtk_widget_class_install_action (widget_class, "win.delete-vault", NULL, delete_vault_action);
  gtk_widget_class_install_action (widget_class, "win.edit-item", NULL, edit_item_action);
  gtk_widget_class_install_action (widget_class, "win.empty-trash", NULL, empty_trash_action);
  gtk_widget_class_install_action (widget_class, "win.export", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "win.forget-recent", "ay", forget_recent_action);
  gtk_widget_class_install_action (widget_class, "win.generator", NULL, generator_action);
  gtk_widget_class_install_action (widget_class, "win.history", NULL, history_action);
  gtk_widget_class_install_action (widget_class, "win.import", NULL, import_action);
  gtk_widget_class_install_action (widget_class, "win.large-type", NULL, large_type_action);
  gtk_widget_class_install_action (widget_class, "win.lock", NULL, lock_action);
  gtk_widget_class_install_action (widget_class, "win.new-item", "s", new_item_action);
  gtk_widget_class_install_action (widget_class, "win.next-pane", NULL, next_pane_action);
  gtk_widget_class_install_action (widget_class, "win.open-recent", "ay", open_recent_action);
  gtk_widget_class_install_action (widget_class, "win.open-vault", NULL, open_vault_action);
  gtk_widget_class_install_action (widget_class, "win.other-vault", NULL, other_vault_action);
  gtk_widget_class_install_action (widget_class, "win.page", "s", page_action);
  gtk_widget_class_install_action (widget_class, "win.preferences", NULL, preferences_action);
  gtk_widget_class_install_action (widget_class, "win.previous-pane", NULL, previous_pane_action);
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
sp_window_init (SpWindow *self)
{
  g_type_ensure (SP_TYPE_BROWSER);
  g_type_ensure (SP_TYPE_DRAFT_BAR);
  g_type_ensure (SP_TYPE_NEW_VAULT_PAGE);
  g_type_ensure (SP_TYPE_NOTICE_BAR);
  g_type_ensure (SP_TYPE_UNLOCK_PAGE);
  g_type_ensure (SP_TYPE_WELCOME_PAGE);
  self->generated = g_ptr_array_new_with_free_func ((GDestroyNotify) sp_secret_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
}

SpWindow *
sp_window_new (GtkApplication *application,
               SpSession *session,
               SpClipboard *clipboard,
               SpSettings *settings)
{
  return g_object_new (SP_TYPE_WINDOW, "application", application, "session", session, "clipboard",
                       clipboard, "settings", settings, NULL);
}

/* ---- leaving ---------------------------------------------------------------------------------------- */

static void
close_cb (gpointer user_data)
{
  gtk_window_close (GTK_WINDOW (user_data));
}

/**
 * sp_window_may_close:
 * @self: a window
 *
 * Asks what is to become of an edit that is not saved, and closes the window again when that is settled.
 *
 * Returns: whether there was nothing to ask
 */
gboolean
sp_window_may_close (SpWindow *self)
{
  g_return_val_if_fail (SP_IS_WINDOW (self), TRUE);
  return self->browser == NULL || sp_browser_may_leave (self->browser, close_cb, self);
}

/* ---- toasts ----------------------------------------------------------------------------------------- */

static void
add_toast (GtkWidget *widget, AdwToast *toast)
{
  GtkWidget *window = gtk_widget_get_ancestor (widget, SP_TYPE_WINDOW);
  SpWindow *self = window != NULL ? SP_WINDOW (window) : NULL;

  if (self == NULL) {
    g_object_unref (toast);
    return;
  }
  /* A toast waits for the one before it; what it offered is overtaken by what was done since. */
  if (self->offer != NULL)
    adw_toast_dismiss (self->offer);
  if (adw_toast_get_button_label (toast) != NULL)
    g_set_weak_pointer (&self->offer, toast);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

void
sp_window_toast (GtkWidget *widget, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  add_toast (widget, adw_toast_new (escaped));
}

void
sp_window_toast_error (GtkWidget *widget, const GError *error)
{
  g_autofree char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  text = sp_error_text (error);
  sp_window_toast (widget, text);
}

void
sp_window_toast_action (GtkWidget *widget,
                        const char *text,
                        const char *button,
                        const char *action,
                        GVariant *target)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  AdwToast *toast = adw_toast_new (escaped);

  adw_toast_set_button_label (toast, button);
  adw_toast_set_action_name (toast, action);
  adw_toast_set_action_target_value (toast, target);
  adw_toast_set_timeout (toast, ACTION_TOAST_SECONDS);
  add_toast (widget, toast);
}

void
sp_window_toast_undo_version (GtkWidget *widget,
                              SpSession *session,
                              guint64 number,
                              const char *text)
{
  SpSnapshot *snapshot = sp_session_get_snapshot (session);
  SpPosition position = snapshot != NULL ? sp_snapshot_find_number (snapshot, number)
                                         : SP_POSITION_NONE;
  SpOverview overview;

  if (position == SP_POSITION_NONE)
    return;
  sp_snapshot_get_overview (snapshot, position, &overview);
  sp_window_toast_action (widget, text,
                          _("Undo"), "win.undo-version",
                             g_variant_new ("(tt)", number, overview.revision));
}
