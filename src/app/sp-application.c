/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-application"

#include "config.h"

#include "app/sp-application.h"

#include <glib/gi18n.h>

#include "services/sp-session.h"
#include "ui/sp-clipboard.h"
#include "ui/sp-ui.h"
#include "ui/sp-window.h"

#define VARIABLE     "SECUREPASS_VAULT"
#define TRASH_ACTION "win.trash-item"

struct _SpApplication {
  AdwApplication parent_instance;

  SpSession *session;     /* (owned) (nullable) before startup */
  SpClipboard *clipboard; /* (owned) (nullable) before startup */
  SpWindow *window;       /* (nullable) weak */
  gboolean quitting;
};

G_DEFINE_FINAL_TYPE (SpApplication, sp_application, ADW_TYPE_APPLICATION)

typedef struct {
  const char *action; /* with its target */
  const char *key;
} Key;

static const Key keys[] = {
  { "win.search", "<Control>f" },      { "win.new-item('login')", "<Control>n" },
  { "win.edit-item", "<Control>e" },   { "win.copy('username')", "<Control>b" },
  { "win.copy('otp')", "<Control>t" }, { "win.copy('password')", "<Control><Shift>c" },
  { "win.lock", "<Control>l" },        { TRASH_ACTION, "Delete" },
  { "win.back", "<Alt>Left" },         { "app.quit", "<Control>q" },
};

static void
set_key (SpApplication *self, const Key *key, gboolean wanted)
{
  const char *const accels[] = { wanted ? key->key : NULL, NULL };

  gtk_application_set_accels_for_action (GTK_APPLICATION (self), key->action, accels);
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

/* What is being saved is saved before the process ends; the user need not look on. */
static void
quit (SpApplication *self)
{
  if (self->quitting || (self->window != NULL && !sp_window_may_close (self->window)))
    return;
  self->quitting = TRUE;
  sp_session_lock (self->session, SP_LOCK_BY_USER);
  sp_clipboard_clear (self->clipboard);
  if (self->window != NULL)
    gtk_widget_set_visible (GTK_WIDGET (self->window), FALSE);
  sp_session_flush_async (self->session, flush_cb, g_object_ref (self));
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
  const char *const developers[] = { "The SecurePass developers", NULL };

  adw_show_about_window (
      self->window != NULL ? GTK_WINDOW (self->window) : NULL, "application-icon", SP_APP_ID,
      "application-name", "SecurePass", "comments",
      _("Your passwords, in one encrypted file on your own computer."), "copyright",
         "© The SecurePass developers", "developer-name", "The SecurePass authors", "developers",
         developers, "license-type", GTK_LICENSE_GPL_3_0, "version", SP_VERSION,
         /* Translators: your names, one a line; they are shown in the window “About”. */
         "translator-credits", _("translator-credits"), NULL);
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

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (g_str_equal (keys[i].action, TRASH_ACTION))
      set_key (self, &keys[i], !in_text);
}

static void
present (SpApplication *self)
{
  if (self->window == NULL) {
    g_set_weak_pointer (&self->window,
                        sp_window_new (GTK_APPLICATION (self), self->session, self->clipboard));
    g_signal_connect_object (self->window, "close-request", G_CALLBACK (window_close_request_cb),
                             self, 0);
    g_signal_connect_object (self->window, "notify::focus-widget", G_CALLBACK (window_focus_cb),
                             self, G_CONNECT_SWAPPED);
    gtk_window_set_default_size (GTK_WINDOW (self->window), 1100, 720);
  }
  gtk_window_present (GTK_WINDOW (self->window));
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

static void
sp_application_startup (GApplication *application)
{
  SpApplication *self = SP_APPLICATION (application);
  const char *named = g_getenv (VARIABLE);
  g_autofree char *state_dir = g_build_filename (g_get_user_state_dir (), "securepass", NULL);
  g_autofree char *path = NULL;

  G_APPLICATION_CLASS (sp_application_parent_class)->startup (application);
  if (named != NULL && *named != '\0')
    path = g_strdup (named);
  else
    path = g_build_filename (g_get_user_data_dir (), "securepass", "vault.securepass", NULL);
  self->session = sp_session_new (state_dir, NULL);
  sp_session_set_path (self->session, path);
  self->clipboard = sp_clipboard_new (gdk_display_get_default (), self->session);
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
  g_clear_object (&self->clipboard);
  g_clear_object (&self->session);
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
}

SpApplication *
sp_application_new (void)
{
  return g_object_new (SP_TYPE_APPLICATION, "application-id", SP_APP_ID, "flags",
                       G_APPLICATION_HANDLES_OPEN, "resource-base-path", SP_RESOURCE, NULL);
}
