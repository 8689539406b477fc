/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-window"

#include "config.h"

#include <glib/gi18n.h>

#include "services/sp-session-drafts.h"
#include "ui/sp-draft-bar.h"
#include "ui/sp-import-assistant.h"
#include "ui/sp-new-vault-page.h"
#include "ui/sp-notice-bar.h"
#include "ui/sp-recovery-bar.h"
#include "ui/sp-ui.h"
#include "ui/sp-unlock-page.h"
#include "ui/sp-welcome-page.h"
#include "ui/sp-window-private.h"

G_DEFINE_FINAL_TYPE (SpWindow, sp_window, ADW_TYPE_APPLICATION_WINDOW)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_CLIPBOARD,
  PROP_SETTINGS,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

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
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (sp_recovery_bar_new (self->session, self->settings)));
  gtk_stack_add_named (self->pages, box, "browser");
  sp_browser_set_draft_bar (self->browser, SP_DRAFT_BAR (draft_bar));
  sp_browser_set_settings (self->browser, self->settings);
  sp_browser_set_key_capture (self->browser, GTK_WIDGET (self));
  update_vaults_menu (self);
}

/* Styles its widgets, shapes their text and gives them their places, as if the browser were shown: all that is left to
 * do when it is, is to draw it with what it then has. */
static void
lay_out_browser (SpWindow *self)
{
  GtkWidget *page = gtk_stack_get_child_by_name (self->pages, "browser");
  int width = gtk_widget_get_width (GTK_WIDGET (self->pages));
  int height = gtk_widget_get_height (GTK_WIDGET (self->pages));
  int minimum;

  if (gtk_stack_get_visible_child (self->pages) == page || width == 0)
    return;
  gtk_widget_measure (page, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  width = MAX (width, minimum);
  gtk_widget_measure (page, GTK_ORIENTATION_VERTICAL, width, &minimum, NULL, NULL, NULL);
  gtk_widget_allocate (page, width, MAX (height, minimum), -1, NULL);
}

/* One step each time it is called, between which keys are heard. */
static gboolean
prepare_cb (gpointer user_data)
{
  SpWindow *self = SP_WINDOW (user_data);

  if (self->browser == NULL) {
    ensure_browser (self);
    return G_SOURCE_CONTINUE;
  }
  if (sp_browser_prepare (self->browser))
    return G_SOURCE_CONTINUE;
  self->prepare_id = 0;
  lay_out_browser (self);
  return G_SOURCE_REMOVE;
}

static void
prepare_later (SpWindow *self)
{
  if (self->prepare_id == 0)
    self->prepare_id = g_idle_add_full (G_PRIORITY_LOW, prepare_cb, self, NULL);
}

/* While the KDF runs; what moves on the screen meanwhile may keep the window from being idle. */
static void
prepare_now (SpWindow *self)
{
  gboolean wanted = self->browser == NULL || self->prepare_id != 0;

  ensure_browser (self);
  if (!wanted)
    return;
  g_clear_handle_id (&self->prepare_id, g_source_remove);
  self->prepare_id = g_idle_add_full (GDK_PRIORITY_REDRAW - 1, prepare_cb, self, NULL);
}

/* In the first frame; what is idle comes after it. */
static gboolean
first_frame_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  prepare_later (SP_WINDOW (widget));
  return G_SOURCE_REMOVE;
}

/* ---- the focus -------------------------------------------------------------------------------------- */

/* By itself a stack gives the focus back to what had it when the page was left, and be that in a menu that has closed. */
static void
focus_page (SpWindow *self)
{
  GtkWidget *page = gtk_stack_get_visible_child (self->pages);

  if (self->browser != NULL && gtk_widget_is_ancestor (GTK_WIDGET (self->browser), page))
    page = GTK_WIDGET (self->browser);
  (void) gtk_widget_grab_focus (page);
}

static gboolean
has_focus (SpWindow *self)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  return focus != NULL && gtk_widget_get_mapped (focus);
}

static gboolean
refocus_cb (gpointer user_data)
{
  SpWindow *self = SP_WINDOW (user_data);

  self->refocus_id = 0;
  if (!has_focus (self))
    focus_page (self);
  return G_SOURCE_REMOVE;
}

/* What is hidden has it no longer, and GTK does not always find the next: without it, no key does anything. It may be
 * on its way to something else, so that is looked at later. */
static void
focus_cb (SpWindow *self)
{
  if (self->refocus_id == 0 && gtk_widget_get_mapped (GTK_WIDGET (self)) && !has_focus (self))
    self->refocus_id = g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, refocus_cb, self, NULL);
}

/* ---- the pages -------------------------------------------------------------------------------------- */

static GtkWidget *
make_page (SpWindow *self, const char *name)
{
  GtkWidget *page;

  if (g_str_equal (name, "create"))
    return g_object_new (SP_TYPE_NEW_VAULT_PAGE, "session", self->session, NULL);
  if (g_str_equal (name, "unlock"))
    return g_object_new (SP_TYPE_UNLOCK_PAGE, "session", self->session, NULL);
  page = g_object_new (SP_TYPE_WELCOME_PAGE, "session", self->session, NULL);
  sp_welcome_page_set_recent (SP_WELCOME_PAGE (page), self->recent);
  return page;
}

/* What was never shown is not made: the first frame has one of them. */
void
sp_window_show_page (SpWindow *self, const char *name)
{
  if (gtk_stack_get_child_by_name (self->pages, name) == NULL)
    gtk_stack_add_named (self->pages, make_page (self, name), name);
  gtk_stack_set_visible_child_name (self->pages, name);
}

static void
tell_of_state (SpWindow *self, SpSessionState state)
{
  if (state == SP_SESSION_OPEN) {
    self->was_open = TRUE;
    if (self->lock_toast != NULL)
      adw_toast_dismiss (self->lock_toast);
  } else if (state == SP_SESSION_LOCKED && self->was_open) {
    self->was_open = FALSE;
    sp_window_drop_toasts (self);
    sp_window_tell_of_lock (self);
  }
}

/* Which page fits what the session is in; a locked vault may also be left for another one. */
static void
update_page (SpWindow *self)
{
  SpSessionState state = sp_session_get_state (self->session);
  const char *path = sp_session_get_path (self->session);
  const char *shown = gtk_stack_get_visible_child_name (self->pages);

  sp_window_update_actions (self);
  if (state != SP_SESSION_OPEN)
    g_ptr_array_set_size (self->generated, 0);
  tell_of_state (self, state);
  if (state == SP_SESSION_OPENING)
    prepare_now (self);
  else if (state == SP_SESSION_LOCKED && self->browser != NULL)
    prepare_later (self);
  /* Who has waited for the KDF does not wait for a page to fade. */
  if (state == SP_SESSION_OPEN)
    gtk_stack_set_visible_child_full (self->pages, "browser", GTK_STACK_TRANSITION_TYPE_NONE);
  else if (state == SP_SESSION_OPENING || g_strcmp0 (shown, "create") == 0)
    return;
  else if (path != NULL &&
           (g_file_test (path, G_FILE_TEST_EXISTS) || sp_session_keeps_edits (self->session)))
    sp_window_show_page (self, "unlock");
  else
    sp_window_show_page (self, "welcome");
}

/* What was being edited goes home in the last moment, and that it could not comes later than the lock. The file may be back
 * when the vault is to be unlocked. */
static void
keeps_edits_cb (SpWindow *self)
{
  self->may_lose = FALSE;
  if (sp_session_get_state (self->session) != SP_SESSION_LOCKED)
    return;
  update_page (self);
  sp_window_tell_of_lock (self);
}

/* Called after the session knows all of the vault. */
static void
session_changed_cb (SpWindow *self)
{
  sp_window_update_actions (self);
  if (!self->import_wanted || !sp_session_is_open (self->session))
    return;
  self->import_wanted = FALSE;
  if (sp_session_is_writable (self->session))
    sp_import_assistant_present (GTK_WINDOW (self), self->session);
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
  g_signal_connect_object (self->recent, "changed", G_CALLBACK (update_vaults_menu), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::path", G_CALLBACK (update_vaults_menu), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_tick_callback (GTK_WIDGET (self), first_frame_cb, NULL, NULL);
  g_signal_connect_object (self->session, "notify::state", G_CALLBACK (update_page), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "changed", G_CALLBACK (session_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::keeps-edits", G_CALLBACK (keeps_edits_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::path", G_CALLBACK (update_page), self,
                           G_CONNECT_SWAPPED);
  /* After the panes know what there is to show. */
  g_signal_connect_object (self->session, "notify::state", G_CALLBACK (focus_page), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  sp_window_watch_activity (self);
  update_page (self);
  focus_page (self);
}

static void
sp_window_dispose (GObject *object)
{
  SpWindow *self = SP_WINDOW (object);

  g_clear_weak_pointer (&self->lock_toast);
  g_clear_weak_pointer (&self->offer);
  g_clear_handle_id (&self->prepare_id, g_source_remove);
  g_clear_handle_id (&self->refocus_id, g_source_remove);
  self->browser = NULL;
  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_WINDOW);
  g_clear_object (&self->activity);
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
  g_ptr_array_unref (SP_WINDOW (object)->told);
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
  gtk_widget_class_bind_template_child (widget_class, SpWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, SpWindow, toasts);
  gtk_widget_class_bind_template_callback (widget_class, focus_page);
  sp_window_install_actions (widget_class);
}

static void
sp_window_init (SpWindow *self)
{
  self->generated = g_ptr_array_new_with_free_func ((GDestroyNotify) sp_secret_unref);
  self->told = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self, "notify::focus-widget", G_CALLBACK (focus_cb), NULL);
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

static void
lose_response_cb (SpWindow *self, const char *response)
{
  self->may_lose = g_str_equal (response, "quit");
  if (self->may_lose)
    close_cb (self);
}

static void
ask_to_lose (SpWindow *self)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (
      adw_message_dialog_new (GTK_WINDOW (self), _("Lose What You Were Editing?"), NULL));

  adw_message_dialog_set_body (
      dialog, _("It could not be written to the vault, and is kept only for as long as SecurePass "
                "runs. Unlock the vault when its file can be written, and it is offered again."));
  adw_message_dialog_add_response (dialog, "cancel", _("_Cancel"));
  adw_message_dialog_add_response (dialog, "quit", _("_Quit"));
  adw_message_dialog_set_response_appearance (dialog, "quit", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (lose_response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/**
 * sp_window_may_close:
 * @self: a window
 *
 * Asks what is to become of an edit that is not saved, or could not be, and closes the window again when that is settled.
 *
 * Returns: whether there was nothing to ask
 */
gboolean
sp_window_may_close (SpWindow *self)
{
  g_return_val_if_fail (SP_IS_WINDOW (self), TRUE);
  if (self->browser != NULL && !sp_browser_may_leave (self->browser, close_cb, self))
    return FALSE;
  if (!sp_session_keeps_edits (self->session) || self->may_lose)
    return TRUE;
  ask_to_lose (self);
  return FALSE;
}
