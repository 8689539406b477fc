/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-application"

#include "config.h"

#include "app/sp-application.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <stdlib.h>

#include "services/sp-auto-lock.h"
#include "services/sp-session.h"
#include "services/sp-settings.h"
#include "ui/sp-clipboard.h"
#include "ui/sp-recovery-dialog.h"
#include "ui/sp-ui.h"
#include "ui/sp-window.h"

#define VARIABLE "SECUREPASS_VAULT"
/* COMPAT (gtk-4.16): these are switched off by GDK_DISABLE. */
#define DISABLING_MINOR 16
#define RENDERER        "GSK_RENDERER"

struct _SpApplication {
  AdwApplication parent_instance;

  SpSession *session;           /* (owned) (nullable) before startup */
  SpSettings *settings;         /* (owned) (nullable) before startup */
  SpAutoLock *auto_lock;        /* (owned) (nullable) before startup */
  SpClipboard *clipboard;       /* (owned) (nullable) before startup */
  SpWindow *window;             /* (nullable) weak */
  const char *drawing_variable; /* (nullable) of the environment, until GTK has read it */
  gboolean has_set_renderer;    /* which is another one */
  gboolean quitting;
};

G_DEFINE_FINAL_TYPE (SpApplication, sp_application, ADW_TYPE_APPLICATION)

typedef struct {
  const char *action; /* with its target */
  const char *key;
  enum {
    ANYWHERE,
    NOT_IN_TEXT,      /* where it does something else */
    NOT_IN_KEPT_TEXT, /* nor where something is written; what is searched for is not */
  } where;
} Key;

/* data/ui/sp-shortcuts.ui shows them. */
static const Key keys[] = {
  { "app.quit", "<Control>q" },
  { "win.back", "<Alt>Left" },
  { "win.copy('otp')", "<Control>t" },
  { "win.copy('password')", "<Control><Shift>c" },
  { "win.copy('username')", "<Control>b" },
  { "win.copy-selected", "<Control>c" },
  { "win.edit-item", "<Control>e" },
  { "win.generator", "<Control>g" },
  { "win.lock", "<Control>l" },
  { "win.main-menu", "F10" },
  { "win.new-item('login')", "<Control>n" },
  { "win.next-pane", "F6" },
  { "win.preferences", "<Control>comma" },
  { "win.previous-pane", "<Shift>F6" },
  { "win.search", "<Control>f" },
  { "win.tag-items", "<Control><Shift>t" },
  { "win.trash-item", "Delete", NOT_IN_TEXT },
  { "win.undo", "<Control>z", NOT_IN_KEPT_TEXT },
};

static void
set_key (SpApplication *self, const Key *key, gboolean wanted)
{
  const char *const accels[] = { wanted ? key->key : NULL, NULL };

  gtk_application_set_accels_for_action (GTK_APPLICATION (self), key->action, accels);
}

/* ---- how it is drawn -------------------------------------------------------------------------------- */

/* By the processor: a window of lists and forms is drawn by it in some milliseconds, while the libraries of OpenGL alone
 * take tens of megabytes and a good part of the time to the first frame; and what shows a password is not handed to a
 * driver, whose memory nobody wipes. The environment is the only way to say so. It is said before there are threads, and
 * taken back as soon as GTK has read it: it is not for the browser that opens a link. Who chose a renderer has it. */
static void
draw_by_processor (SpApplication *self)
{
  const char *renderer = g_getenv (RENDERER);
  gboolean is_new = gtk_get_minor_version () >= DISABLING_MINOR;
  const char *variable = is_new ? "GDK_DISABLE" : "GDK_DEBUG";

  if ((renderer != NULL && !g_str_equal (renderer, "cairo")) || g_getenv (variable) != NULL)
    return;
  if (g_setenv (variable, is_new ? "gl,vulkan" : "gl-disable", FALSE))
    self->drawing_variable = variable;
  self->has_set_renderer = renderer == NULL && g_setenv (RENDERER, "cairo", FALSE);
}

/* GTK reads one when it opens the display, the other when it shows the first window. */
static void
clean_environment (SpApplication *self)
{
  if (self->drawing_variable != NULL)
    g_unsetenv (self->drawing_variable);
  self->drawing_variable = NULL;
  if (self->has_set_renderer && self->window != NULL)
    g_unsetenv (RENDERER);
  self->has_set_renderer = self->has_set_renderer && self->window == NULL;
}

/* ---- what the settings say -------------------------------------------------------------------------- */

/* The schema of the build that the program runs from, else of where it is installed. */
static SpSettings *
load_settings (GError **error)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = g_path_get_dirname (program != NULL ? program : "");
  g_autofree char *build = g_build_filename (folder, "..", "..", "data", NULL);
  const char *const folders[] = { g_str_has_suffix (folder, "/src/app") ? build : SP_SCHEMADIR,
                                  NULL };

  return sp_settings_new (folders, error);
}

static void
appearance_cb (SpApplication *self)
{
  static const AdwColorScheme schemes[] = {
    [SP_APPEARANCE_SYSTEM] = ADW_COLOR_SCHEME_DEFAULT,
    [SP_APPEARANCE_LIGHT] = ADW_COLOR_SCHEME_FORCE_LIGHT,
    [SP_APPEARANCE_DARK] = ADW_COLOR_SCHEME_FORCE_DARK,
  };

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      schemes[sp_settings_get_appearance (self->settings)]);
}

static void
clipboard_seconds_cb (SpApplication *self)
{
  sp_clipboard_set_seconds (self->clipboard, sp_settings_get_clipboard_seconds (self->settings));
}

static void
session_state_cb (SpApplication *self)
{
  if (sp_session_is_open (self->session))
    sp_settings_add_recent_vault (self->settings, sp_session_get_path (self->session));
}

/* In a sandbox there is none; then nobody tells that the computer goes to sleep. */
static void
system_bus_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpApplication) self = SP_APPLICATION (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, &error);

  if (bus == NULL) {
    g_debug ("No system bus: %s", error->message);
    return;
  }
  /* A bus that is restarted is no reason to end. */
  g_dbus_connection_set_exit_on_close (bus, FALSE);
  if (self->auto_lock != NULL)
    sp_auto_lock_set_system_bus (self->auto_lock, bus);
}

static void
start_auto_lock (SpApplication *self)
{
  GDBusConnection *bus = g_application_get_dbus_connection (G_APPLICATION (self));

  self->auto_lock = sp_auto_lock_new (self->session, self->settings, NULL);
  if (bus != NULL)
    sp_auto_lock_set_session_bus (self->auto_lock, bus);
  g_bus_get (G_BUS_TYPE_SYSTEM, NULL, system_bus_cb, g_object_ref (self));
}

static void
follow_settings (SpApplication *self)
{
  g_signal_connect_object (self->settings, "changed::" SP_SETTING_APPEARANCE,
                           G_CALLBACK (appearance_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->settings, "changed::" SP_SETTING_CLIPBOARD_SECONDS,
                           G_CALLBACK (clipboard_seconds_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::state", G_CALLBACK (session_state_cb), self,
                           G_CONNECT_SWAPPED);
  appearance_cb (self);
  clipboard_seconds_cb (self);
  start_auto_lock (self);
}

/* ---- the end ---------------------------------------------------------------------------------------- */

static void
flush_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpApplication) self = SP_APPLICATION (user_data);
  g_autoptr (GError) error = NULL;

  if (!sp_session_flush_finish (SP_SESSION (object), result, &error))
    g_warning ("Not everything could be brought home: %s", error->message);
  sp_clipboard_clear (self->clipboard);
  g_application_quit (G_APPLICATION (self));
}

static void
keep_window_size (SpApplication *self)
{
  int width;
  int height;

  gtk_window_get_default_size (GTK_WINDOW (self->window), &width, &height);
  sp_settings_set_window_size (self->settings, width, height);
  sp_settings_set_window_maximized (self->settings,
                                    gtk_window_is_maximized (GTK_WINDOW (self->window)));
}

/* What is being saved is saved before the process ends, and what is being edited is kept; the user need not look on. */
static void
quit_now (SpApplication *self)
{
  if (self->quitting)
    return;
  self->quitting = TRUE;
  sp_session_lock (self->session, SP_LOCK_BY_USER);
  sp_clipboard_clear (self->clipboard);
  if (self->window != NULL) {
    keep_window_size (self);
    gtk_widget_set_visible (GTK_WIDGET (self->window), FALSE);
  }
  sp_session_flush_async (self->session, flush_cb, g_object_ref (self));
}

static void
quit (SpApplication *self)
{
  if (self->window == NULL || sp_window_may_close (self->window))
    quit_now (self);
}

/* The session of the user ends, for one. */
static gboolean
terminated_cb (gpointer user_data)
{
  quit_now (SP_APPLICATION (user_data));
  return G_SOURCE_CONTINUE;
}

static gboolean
window_close_request_cb (GtkWindow *window, SpApplication *self)
{
  quit (self);
  return TRUE;
}

/* ---- actions ---------------------------------------------------------------------------------------- */

static void
about_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SpApplication *self = SP_APPLICATION (user_data);
  const char *developers[] = { _("The SecurePass developers"), NULL };
  g_autofree char *copyright = g_strconcat ("© ", _("The SecurePass developers"), NULL);
  AdwAboutWindow *window = ADW_ABOUT_WINDOW (adw_about_window_new ());

  adw_about_window_set_application_icon (window, SP_APP_ID);
  adw_about_window_set_application_name (window, "SecurePass");
  adw_about_window_set_comments (window,
                                 _("Your passwords, in one encrypted file on your own computer."));
  adw_about_window_set_copyright (window, copyright);
  adw_about_window_set_developer_name (window, _("The SecurePass developers"));
  adw_about_window_set_developers (window, developers);
  adw_about_window_set_license_type (window, GTK_LICENSE_GPL_3_0);
  adw_about_window_set_version (window, SP_VERSION);
  /* Translators: your names, one a line; they are shown in the window “About”. */
  adw_about_window_set_translator_credits (window, _("translator-credits"));
  adw_about_window_add_legal_section (
      window,
      _("The words of generated passphrases"), "© 2016 Electronic Frontier Foundation",
         GTK_LICENSE_CUSTOM,
         "EFF Long Wordlist, <a href=\"https://creativecommons.org/licenses/by/3.0/us/\">CC BY 3.0 "
         "US</a>");
  if (self->window != NULL)
    gtk_window_set_transient_for (GTK_WINDOW (window), GTK_WINDOW (self->window));
  gtk_window_present (GTK_WINDOW (window));
}

static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  quit (SP_APPLICATION (user_data));
}

static const GActionEntry actions[] = {
  { .name = "about", .activate = about_action },
  { .name = "quit", .activate = quit_action },
};

/* ---- the window ------------------------------------------------------------------------------------- */

/* A key of the application comes before the one of the text that has the focus, where Delete deletes a character. */
static void
window_focus_cb (SpApplication *self)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self->window));
  gboolean in_text = GTK_IS_EDITABLE (focus) || GTK_IS_TEXT_VIEW (focus);
  /* It gets the focus when the last row that was found is deleted, and remembers nothing to be undone. */
  gboolean in_search = in_text && gtk_widget_get_ancestor (focus, GTK_TYPE_SEARCH_ENTRY) != NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (keys[i].where != ANYWHERE)
      set_key (self, &keys[i], !in_text || (in_search && keys[i].where == NOT_IN_KEPT_TEXT));
}

static gboolean
input_cb (GtkEventController *controller, GdkEvent *event, SpApplication *self)
{
  sp_auto_lock_touch (self->auto_lock);
  return GDK_EVENT_PROPAGATE;
}

static gboolean
quit_key_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  quit (SP_APPLICATION (user_data));
  return GDK_EVENT_STOP;
}

/* In a file chooser it is the key for typing where the file is. */
static gboolean
lock_key_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  SpApplication *self = SP_APPLICATION (user_data);

  if (!sp_session_is_held (self->session) || GTK_IS_FILE_CHOOSER (widget))
    return GDK_EVENT_PROPAGATE;
  sp_session_lock (self->session, SP_LOCK_BY_USER);
  return GDK_EVENT_STOP;
}

/* The actions of the main window, and so their keys, end where a window over it begins. */
static void
add_keys (SpApplication *self, GtkWidget *window)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();
  GtkShortcutController *shortcuts = GTK_SHORTCUT_CONTROLLER (controller);

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (
      shortcuts, gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_q, GDK_CONTROL_MASK),
                                   gtk_callback_action_new (quit_key_cb, self, NULL)));
  gtk_shortcut_controller_add_shortcut (
      shortcuts, gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_l, GDK_CONTROL_MASK),
                                   gtk_callback_action_new (lock_key_cb, self, NULL)));
  gtk_widget_add_controller (window, controller);
}

/* What asks about the vault, or shows something of it, goes when it is locked, and nothing stands before the page that
 * unlocks it. Windows that know of the session have gone by themselves by now. */
static void
session_locked_cb (SpApplication *self)
{
  GListModel *toplevels = gtk_window_get_toplevels ();
  g_autoptr (GPtrArray) windows = g_ptr_array_new_with_free_func (g_object_unref);

  if (sp_session_get_state (self->session) != SP_SESSION_LOCKED)
    return;
  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    g_ptr_array_add (windows, g_list_model_get_item (toplevels, i));
  for (guint i = 0; i < windows->len; i++) {
    GtkWindow *window = g_ptr_array_index (windows, i);

    /* Trying a recovery key that is wrong locks nothing that was open. */
    if (window != GTK_WINDOW (self->window) && !SP_IS_RECOVERY_DIALOG (window) &&
        gtk_widget_get_visible (GTK_WIDGET (window)))
      gtk_window_close (window);
  }
}

/* In whichever window, dialogs included, somebody is there. */
static void
toplevels_changed_cb (GListModel *toplevels,
                      guint position,
                      guint n_removed,
                      guint n_added,
                      SpApplication *self)
{
  for (guint i = position; i < position + n_added; i++) {
    g_autoptr (GtkWidget) window = g_list_model_get_item (toplevels, i);
    GtkEventController *controller = gtk_event_controller_legacy_new ();

    gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
    g_signal_connect_object (controller, "event", G_CALLBACK (input_cb), self, 0);
    gtk_widget_add_controller (window, controller);
    if (!SP_IS_WINDOW (window))
      add_keys (self, window);
  }
}

static void
present (SpApplication *self)
{
  int width;
  int height;

  if (self->window == NULL) {
    g_set_weak_pointer (&self->window, sp_window_new (GTK_APPLICATION (self), self->session,
                                                      self->clipboard, self->settings));
    g_signal_connect_object (self->window, "close-request", G_CALLBACK (window_close_request_cb),
                             self, 0);
    g_signal_connect_object (self->window, "notify::focus-widget", G_CALLBACK (window_focus_cb),
                             self, G_CONNECT_SWAPPED);
    sp_settings_get_window_size (self->settings, &width, &height);
    gtk_window_set_default_size (GTK_WINDOW (self->window), width, height);
    if (sp_settings_get_window_maximized (self->settings))
      gtk_window_maximize (GTK_WINDOW (self->window));
  }
  gtk_window_present (GTK_WINDOW (self->window));
  clean_environment (self);
}

static void
sp_application_activate (GApplication *application)
{
  SpApplication *self = SP_APPLICATION (application);

  if (!self->quitting)
    present (self);
}

static void
sp_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  SpApplication *self = SP_APPLICATION (application);
  g_autofree char *path = g_file_get_path (files[0]);

  if (self->quitting)
    return;
  if (path != NULL && g_strcmp0 (path, sp_session_get_path (self->session)) != 0) {
    sp_session_lock (self->session, SP_LOCK_BY_USER);
    sp_session_set_path (self->session, path);
  }
  present (self);
  if (path == NULL)
    sp_window_toast (GTK_WIDGET (self->window), _("Only a vault on this computer can be opened."));
}

/* The vault that the user names, or had open last, or the one that a user who has one vault has. */
static char *
dup_first_path (SpApplication *self)
{
  const char *named = g_getenv (VARIABLE);
  g_auto (GStrv) recent = sp_settings_dup_recent_vaults (self->settings);

  if (named != NULL && *named != '\0')
    return g_strdup (named);
  if (recent[0] != NULL)
    return g_strdup (recent[0]);
  return g_build_filename (g_get_user_data_dir (), "securepass", "vault.securepass", NULL);
}

static void
sp_application_startup (GApplication *application)
{
  SpApplication *self = SP_APPLICATION (application);
  g_autofree char *state_dir = g_build_filename (g_get_user_state_dir (), "securepass", NULL);
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  G_APPLICATION_CLASS (sp_application_parent_class)->startup (application);
  clean_environment (self);
  self->settings = load_settings (&error);
  if (self->settings == NULL) {
    g_printerr ("%s\n", error->message);
    exit (EXIT_FAILURE);
  }
  path = dup_first_path (self);
  self->session = sp_session_new (state_dir, NULL);
  sp_session_set_path (self->session, path);
  self->clipboard = sp_clipboard_new (gdk_display_get_default (), self->session);
  follow_settings (self);
  g_signal_connect_object (gtk_window_get_toplevels (), "items-changed",
                           G_CALLBACK (toplevels_changed_cb), self, 0);
  g_signal_connect_object (self->session, "notify::state", G_CALLBACK (session_locked_cb), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_unix_signal_add (SIGHUP, terminated_cb, self);
  g_unix_signal_add (SIGINT, terminated_cb, self);
  g_unix_signal_add (SIGTERM, terminated_cb, self);
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    set_key (self, &keys[i], TRUE);
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
sp_application_dispose (GObject *object)
{
  SpApplication *self = SP_APPLICATION (object);

  g_clear_weak_pointer (&self->window);
  g_clear_object (&self->auto_lock);
  g_clear_object (&self->clipboard);
  g_clear_object (&self->session);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (sp_application_parent_class)->dispose (object);
}

static void
sp_application_class_init (SpApplicationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  object_class->dispose = sp_application_dispose;
  application_class->activate = sp_application_activate;
  application_class->open = sp_application_open;
  application_class->startup = sp_application_startup;
}

static void
sp_application_init (SpApplication *self)
{
  draw_by_processor (self);
}

SpApplication *
sp_application_new (void)
{
  return g_object_new (SP_TYPE_APPLICATION, "application-id", SP_APP_ID, "flags",
                       G_APPLICATION_HANDLES_OPEN, "resource-base-path", SP_RESOURCE, NULL);
}
