/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-unlock-page"

#include "config.h"

#include "ui/sp-unlock-page.h"

#include <glib/gi18n.h>

#include "services/sp-secret-file.h"
#include "services/sp-session-quick.h"
#include "services/sp-session-recovery.h"
#include "ui/sp-entry-error.h"
#include "ui/sp-error-text.h"
#include "ui/sp-secret-row.h"
#include "ui/sp-shown-path.h"
#include "ui/sp-ui.h"

#define SUFFIX ".securepass"

struct _SpUnlockPage {
  AdwBin parent_instance;

  SpSession *session;            /* (owned) (nullable) */
  GCancellable *cancellable;     /* (owned) (nullable) while the vault is being opened */
  guint wait_id;                 /* while it is too early for another try */
  gint64 wait_end_us;            /* by the monotonic clock */
  GFile *key_file;               /* (owned) (nullable) that belongs to the password */
  GtkFileChooserNative *chooser; /* (owned) (nullable) while it is open */

  GtkStack *button_stack;
  GtkWidget *cancel_button;
  GtkWidget *forget_key_file_button;
  AdwActionRow *key_file_row;
  GtkLabel *message_label;
  SpSecretRow *password_row;
  GtkWidget *quick_button;
  GtkSpinner *spinner;
  AdwStatusPage *status_page;
  GtkWidget *unlock_button;
};

G_DEFINE_FINAL_TYPE (SpUnlockPage, sp_unlock_page, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SESSION,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

/* ---- what is shown ---------------------------------------------------------------------------------- */

static gboolean
is_busy (SpUnlockPage *self)
{
  return self->cancellable != NULL;
}

static void
update_buttons (SpUnlockPage *self)
{
  gboolean busy = is_busy (self);

  gtk_stack_set_visible_child_name (self->button_stack, busy ? "busy" : "idle");
  gtk_spinner_set_spinning (self->spinner, busy);
  /* Before what has it turns insensitive: GTK does not take it from there in order. */
  if (busy)
    (void) gtk_widget_grab_focus (self->cancel_button);
  gtk_widget_set_sensitive (GTK_WIDGET (self->password_row), !busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->key_file_row), !busy);
  gtk_widget_set_sensitive (self->quick_button, !busy);
  gtk_widget_set_sensitive (self->unlock_button,
                            self->wait_id == 0 && !sp_secret_row_is_empty (self->password_row));
}

static void
show_message (SpUnlockPage *self, const char *text)
{
  gtk_label_set_text (self->message_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message_label), text != NULL);
}

static void
show_error (SpUnlockPage *self, const char *text)
{
  show_message (self, text);
  sp_entry_set_error (ADW_ENTRY_ROW (self->password_row), text);
}

static void
show_path (SpUnlockPage *self)
{
  const char *path = self->session != NULL ? sp_session_get_path (self->session) : NULL;
  g_autofree char *name = path != NULL ? g_filename_display_basename (path) : NULL;
  g_autofree char *folder = path != NULL ? g_path_get_dirname (path) : NULL;
  g_autofree char *shown = folder != NULL ? sp_dup_shown_path (folder) : NULL;
  g_autofree char *escaped = shown != NULL ? g_markup_escape_text (shown, -1) : NULL;

  if (name != NULL && strlen (name) > strlen (SUFFIX) && g_str_has_suffix (name, SUFFIX))
    name[strlen (name) - strlen (SUFFIX)] = '\0';
  adw_status_page_set_title (self->status_page, name != NULL ? name : "");
  adw_status_page_set_description (self->status_page, escaped);
}

static void
forget (SpUnlockPage *self)
{
  g_clear_handle_id (&self->wait_id, g_source_remove);
  show_error (self, NULL);
  sp_secret_row_clear (self->password_row);
  update_buttons (self);
}

/* ---- the key file ----------------------------------------------------------------------------------- */

/* (nullable) `file`; its name alone, as the whole path tells who looks on where it is kept. */
static void
set_key_file (SpUnlockPage *self, GFile *file)
{
  g_autofree char *name = file != NULL ? g_file_get_basename (file) : NULL;
  g_autofree char *shown = name != NULL ? g_filename_display_name (name) : NULL;

  g_set_object (&self->key_file, file);
  adw_action_row_set_subtitle (self->key_file_row,
                               shown != NULL ? shown : _("None is chosen yet"));
  gtk_widget_set_visible (self->forget_key_file_button, file != NULL);
}

static void
key_file_chosen_cb (SpUnlockPage *self, int response)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));

  if (self->session == NULL || response != GTK_RESPONSE_ACCEPT || file == NULL)
    return;
  set_key_file (self, file);
  if (self->wait_id == 0)
    show_error (self, NULL);
  (void) gtk_widget_grab_focus (GTK_WIDGET (self->password_row));
}

static void
choose_key_file_cb (SpUnlockPage *self)
{
  GtkWindow *parent = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));

  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (_("Choose the Key File"), parent, GTK_FILE_CHOOSER_ACTION_OPEN, _("_Choose"), _("_Cancel"));
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (key_file_chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
forget_key_file_cb (SpUnlockPage *self)
{
  set_key_file (self, NULL);
}

/* The slots of a vault may ask for different things: only the engine's sentence tells that a key file may be what is missing. */
static gboolean
is_about_key_file (const GError *error)
{
  return g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_KEY_FILE_NEEDED) ||
         g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_KEY_FILE_OTHER) ||
         (g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY) &&
          strstr (error->message, "key file") != NULL);
}

static void
look_for_quick_unlock (SpUnlockPage *self)
{
  gboolean there = self->session != NULL && sp_session_get_quick_unlock (self->session) != 0;

  if (!there && gtk_widget_has_focus (self->quick_button))
    (void) gtk_widget_grab_focus (GTK_WIDGET (self->password_row));
  gtk_widget_set_visible (self->quick_button, there);
}

static void
session_path_cb (SpUnlockPage *self)
{
  show_path (self);
  forget (self);
  set_key_file (self, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->key_file_row), FALSE);
  look_for_quick_unlock (self);
}

/* ---- waiting after failures ------------------------------------------------------------------------- */

static gboolean
wait_cb (gpointer user_data)
{
  SpUnlockPage *self = SP_UNLOCK_PAGE (user_data);
  gint64 left_us = self->wait_end_us - g_get_monotonic_time ();
  g_autofree char *text = NULL;
  guint left;

  if (left_us <= 0) {
    self->wait_id = 0;
    show_error (self, NULL);
    update_buttons (self);
    return G_SOURCE_REMOVE;
  }
  left = (guint) ((left_us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
  /* Translators: %u counts down the seconds after which a password may be tried again. */
  text = g_strdup_printf (ngettext ("Too many failed attempts. Try again in %u second.",
                                    "Too many failed attempts. Try again in %u seconds.", left),
                          left);
  show_message (self, text);
  return G_SOURCE_CONTINUE;
}

static void
begin_to_wait (SpUnlockPage *self, guint seconds)
{
  g_clear_handle_id (&self->wait_id, g_source_remove);
  self->wait_end_us = g_get_monotonic_time () + (gint64) seconds * G_USEC_PER_SEC;
  self->wait_id = g_timeout_add_seconds (1, wait_cb, self);
  (void) wait_cb (self);
  /* Once: a screen reader does not count down. */
  sp_entry_set_error (ADW_ENTRY_ROW (self->password_row), gtk_label_get_text (self->message_label));
}

/* ---- unlocking -------------------------------------------------------------------------------------- */

static void
show_failure (SpUnlockPage *self, const GError *error)
{
  guint seconds = sp_error_get_wait_seconds (error);

  if (seconds > 0) {
    begin_to_wait (self, seconds);
  } else {
    g_autofree char *text = sp_error_text (error);

    if (is_about_key_file (error))
      gtk_widget_set_visible (GTK_WIDGET (self->key_file_row), TRUE);
    show_error (self, text);
  }
  update_buttons (self);
  sp_secret_row_select (self->password_row);
}

/* `error` NULL: the vault is open. */
static void
end_unlocking (SpUnlockPage *self, const GError *error)
{
  g_clear_object (&self->cancellable);
  if (error == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    forget (self);
  else
    show_failure (self, error);
  if (error != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)))
    (void) gtk_widget_grab_focus (GTK_WIDGET (self->password_row));
}

static void
unlocked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpUnlockPage) self = SP_UNLOCK_PAGE (user_data);
  g_autoptr (GError) error = NULL;

  (void) sp_session_unlock_finish (SP_SESSION (object), result, &error);
  if (self->session == NULL) /* disposed */
    return;
  end_unlocking (self, error);
}

static void
unlock_with (SpUnlockPage *self, const SpSecret *password, const SpSecret *key_file)
{
  const SpKeyslotFactors factors = { .secret = password, .key_file = key_file };

  sp_session_unlock_with_async (self->session, SP_SLOT_PASSWORD, &factors, self->cancellable,
                                unlocked_cb, g_object_ref (self));
}

typedef struct {
  SpUnlockPage *page; /* (owned) */
  SpSecret *password; /* (owned) */
} Loading;

static void
loading_free (Loading *self)
{
  g_object_unref (self->page);
  sp_secret_unref (self->password);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Loading, loading_free)

static void
key_file_loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Loading) loading = user_data;
  SpUnlockPage *self = loading->page;
  g_autoptr (GError) error = NULL;
  g_autoptr (SpSecret) key = sp_key_file_load_finish (G_FILE (object), result, &error);

  if (self->session == NULL) /* disposed */
    return;
  if (key != NULL && sp_session_get_state (self->session) == SP_SESSION_LOCKED) {
    unlock_with (self, loading->password, key);
    return;
  }
  g_clear_object (&self->cancellable);
  if (key != NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    forget (self);
  else
    show_failure (self, error);
}

static void
unlock_cb (SpUnlockPage *self)
{
  g_autoptr (SpSecret) password = NULL;
  Loading *loading;

  if (is_busy (self) || self->wait_id != 0 || sp_secret_row_is_empty (self->password_row) ||
      sp_session_get_state (self->session) != SP_SESSION_LOCKED)
    return;
  password = sp_secret_row_dup_secret (self->password_row);
  sp_secret_row_set_revealed (self->password_row, FALSE);
  show_error (self, NULL);
  self->cancellable = g_cancellable_new ();
  update_buttons (self);
  if (self->key_file == NULL) {
    unlock_with (self, password, NULL);
    return;
  }
  loading = g_new0 (Loading, 1);
  loading->page = g_object_ref (self);
  loading->password = g_steal_pointer (&password);
  sp_key_file_load_async (self->key_file, self->cancellable, key_file_loaded_cb, loading);
}

/* ---- without a password ----------------------------------------------------------------------------- */

static gboolean
is_over (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ||
         g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY) ||
         g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_EXPIRED);
}

static void
unlocked_quickly_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpUnlockPage) self = SP_UNLOCK_PAGE (user_data);
  g_autoptr (GError) error = NULL;

  (void) sp_session_unlock_quickly_finish (SP_SESSION (object), result, &error);
  if (self->session == NULL) /* disposed */
    return;
  end_unlocking (self, error);
  if (is_over (error)) {
    gtk_widget_set_visible (self->quick_button, FALSE);
    show_error (self, _("The quick unlock is over. Type the master password."));
  }
}

static void
unlock_quickly_cb (SpUnlockPage *self)
{
  if (is_busy (self) || sp_session_get_state (self->session) != SP_SESSION_LOCKED)
    return;
  forget (self);
  self->cancellable = g_cancellable_new ();
  update_buttons (self);
  sp_session_unlock_quickly_async (self->session, self->cancellable, unlocked_quickly_cb,
                                   g_object_ref (self));
}

static void
cancel_cb (SpUnlockPage *self)
{
  if (is_busy (self))
    g_cancellable_cancel (self->cancellable);
}

static void
password_changed_cb (SpUnlockPage *self)
{
  if (self->wait_id == 0)
    show_error (self, NULL);
  update_buttons (self);
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
set_session (SpUnlockPage *self, SpSession *session)
{
  if (!g_set_object (&self->session, session))
    return;
  if (session != NULL)
    g_signal_connect_object (session, "notify::path", G_CALLBACK (session_path_cb), self,
                             G_CONNECT_SWAPPED);
  show_path (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}

static gboolean
sp_unlock_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (SP_UNLOCK_PAGE (widget)->password_row));
}

static void
sp_unlock_page_map (GtkWidget *widget)
{
  look_for_quick_unlock (SP_UNLOCK_PAGE (widget));
  GTK_WIDGET_CLASS (sp_unlock_page_parent_class)->map (widget);
}

static void
sp_unlock_page_unmap (GtkWidget *widget)
{
  SpUnlockPage *self = SP_UNLOCK_PAGE (widget);

  forget (self);
  GTK_WIDGET_CLASS (sp_unlock_page_parent_class)->unmap (widget);
}

static void
sp_unlock_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SpUnlockPage *self = SP_UNLOCK_PAGE (object);

  switch (prop_id) {
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
sp_unlock_page_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  SpUnlockPage *self = SP_UNLOCK_PAGE (object);

  switch (prop_id) {
  case PROP_SESSION:
    set_session (self, g_value_get_object (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
sp_unlock_page_dispose (GObject *object)
{
  SpUnlockPage *self = SP_UNLOCK_PAGE (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->wait_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_UNLOCK_PAGE);
  g_clear_object (&self->chooser);
  g_clear_object (&self->key_file);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sp_unlock_page_parent_class)->dispose (object);
}

static void
sp_unlock_page_class_init (SpUnlockPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sp_unlock_page_dispose;
  object_class->get_property = sp_unlock_page_get_property;
  object_class->set_property = sp_unlock_page_set_property;
  widget_class->grab_focus = sp_unlock_page_grab_focus;
  widget_class->map = sp_unlock_page_map;
  widget_class->unmap = sp_unlock_page_unmap;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, SP_TYPE_SESSION,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
                                                      G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, SP_UI_RESOURCE "/sp-unlock-page.ui");
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_key_file_cb);
  gtk_widget_class_bind_template_callback (widget_class, forget_key_file_cb);
  gtk_widget_class_bind_template_callback (widget_class, password_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, unlock_cb);
  gtk_widget_class_bind_template_callback (widget_class, unlock_quickly_cb);
  gtk_widget_class_bind_template_child (widget_class, SpUnlockPage, button_stack);
  gtk_widget_class_bind_template_child (widget_class, SpUnlockPage, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, SpUnlockPage, forget_key_file_button);
  gtk_widget_class_bind_template_child (widget_class, SpUnlockPage, key_file_row);
  gtk_widget_class_bind_template_child (widget_class, SpUnlockPage, message_label);
  gtk_widget_class_bind_template_child (widget_class, SpUnlockPage, password_row);
  gtk_widget_class_bind_template_child (widget_class, SpUnlockPage, quick_button);
  gtk_widget_class_bind_template_child (widget_class, SpUnlockPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, SpUnlockPage, status_page);
  gtk_widget_class_bind_template_child (widget_class, SpUnlockPage, unlock_button);
}

static void
sp_unlock_page_init (SpUnlockPage *self)
{
  g_type_ensure (SP_TYPE_SECRET_ROW);
  gtk_widget_init_template (GTK_WIDGET (self));
  set_key_file (self, NULL);
}
