/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-recovery-key-dialog"

#include "config.h"

#include "ui/sp-recovery-key-dialog.h"

#include <glib/gi18n.h>

#include "services/sp-session-recovery.h"
#include "ui/sp-error-text.h"
#include "ui/sp-modal.h"
#include "ui/sp-recovery-sheet.h"
#include "ui/sp-secret-row.h"
#include "ui/sp-ui.h"
#include "ui/sp-window.h"

/* As they stand in the row. */
static const int expiry_years[] = { 0, 1, 2 };

struct _SpRecoveryKeyDialog {
  AdwWindow parent_instance;

  SpSession *session;     /* (owned) (nullable) */
  SpClipboard *clipboard; /* (owned) (nullable) */
  SpSettings *settings;   /* (owned) (nullable) of a new vault */
  SpNewRecoveryKey *key;  /* (owned) (nullable) once it is made */
  gboolean busy;          /* its slot is being added */

  GtkWidget *continue_button;
  AdwComboRow *expiry_row;
  GtkLabel *message_label;
  AdwEntryRow *name_row;
  GtkStack *pages;
  SpSecretRow *password_row;
  SpRecoverySheet *sheet;
  GtkButton *cancel_button;
};

G_DEFINE_FINAL_TYPE (SpRecoveryKeyDialog, sp_recovery_key_dialog, ADW_TYPE_WINDOW)

static void
show_error (SpRecoveryKeyDialog *self, const GError *error)
{
  g_autofree char *text = error != NULL ? sp_error_text (error) : NULL;

  gtk_label_set_text (self->message_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message_label), text != NULL);
}

/* ---- making it -------------------------------------------------------------------------------------- */

/* The same day in some years. */
static gint64
get_expiry (SpRecoveryKeyDialog *self, gint64 now_ms)
{
  guint selected = adw_combo_row_get_selected (self->expiry_row);
  int years = selected < G_N_ELEMENTS (expiry_years) ? expiry_years[selected] : 0;
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (now_ms / 1000);
  g_autoptr (GDateTime) then = now != NULL ? g_date_time_add_years (now, years) : NULL;

  return years > 0 && then != NULL ? g_date_time_to_unix (then) * 1000 : 0;
}

static void
make_key (SpRecoveryKeyDialog *self)
{
  gint64 now_ms = sp_session_now_ms (self->session);
  const char *vault = sp_session_get_name (self->session);
  g_autofree char *name = g_strstrip (
      g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name_row))));
  g_autoptr (GPtrArray) keys = NULL;
  g_autoptr (GError) error = NULL;

  if (self->key != NULL)
    return;
  self->key = sp_new_recovery_key_new (name, now_ms, get_expiry (self, now_ms), &error);
  show_error (self, error);
  if (self->key == NULL)
    return;
  keys = g_ptr_array_new ();
  g_ptr_array_add (keys, self->key);
  sp_recovery_sheet_begin (self->sheet, self->clipboard, vault != NULL ? vault : "", keys);
  gtk_widget_set_visible (self->continue_button, FALSE);
  gtk_stack_set_visible_child_name (self->pages, "sheet");
}

static void
checked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpRecoveryKeyDialog) self = SP_RECOVERY_KEY_DIALOG (user_data);
  g_autoptr (GError) error = NULL;
  gboolean ok = sp_session_check_factors_finish (SP_SESSION (object), result, &error);

  if (self->session == NULL) /* disposed */
    return;
  self->busy = FALSE;
  gtk_widget_set_sensitive (self->continue_button, TRUE);
  if (ok) {
    make_key (self);
    return;
  }
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_error (self, error);
  sp_secret_row_select (self->password_row);
}

/* Who made the vault a moment ago has just typed the password. */
static void
continue_cb (SpRecoveryKeyDialog *self)
{
  g_autoptr (SpSecret) password = sp_secret_row_dup_secret (self->password_row);
  const SpKeyslotFactors factors = { .secret = password };

  if (self->settings != NULL) {
    make_key (self);
    return;
  }
  if (self->busy || sp_secret_is_empty (password))
    return;
  self->busy = TRUE;
  gtk_widget_set_sensitive (self->continue_button, FALSE);
  show_error (self, NULL);
  sp_session_check_factors_async (self->session, &factors, NULL, checked_cb, g_object_ref (self));
}

/* ---- adding it -------------------------------------------------------------------------------------- */

static void
added_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpRecoveryKeyDialog) self = SP_RECOVERY_KEY_DIALOG (user_data);
  g_autoptr (GtkWindow) parent = NULL;
  g_autoptr (GError) error = NULL;
  gboolean ok = sp_session_change_slot_finish (SP_SESSION (object), result, &error);

  if (self->session == NULL) /* disposed */
    return;
  self->busy = FALSE;
  gtk_widget_set_sensitive (GTK_WIDGET (self->sheet), TRUE);
  if (!ok) {
    if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      show_error (self, error);
    return;
  }
  g_set_object (&parent, gtk_window_get_transient_for (GTK_WINDOW (self)));
  gtk_window_destroy (GTK_WINDOW (self));
  if (SP_IS_WINDOW (parent))
    sp_window_toast (GTK_WIDGET (parent), _("The recovery key opens the vault from now on"));
}

static void
confirmed_cb (SpRecoveryKeyDialog *self)
{
  if (self->busy)
    return;
  self->busy = TRUE;
  gtk_widget_set_sensitive (GTK_WIDGET (self->sheet), FALSE);
  show_error (self, NULL);
  sp_session_add_recovery_key_async (self->session, self->key, added_cb, g_object_ref (self));
}

/* ---- doing without ---------------------------------------------------------------------------------- */

static gboolean
destroy_cb (gpointer user_data)
{
  gtk_window_destroy (GTK_WINDOW (user_data));
  return G_SOURCE_REMOVE;
}

/* Not while the question, which goes with the dialog, is still answering. */
static void
without_cb (SpRecoveryKeyDialog *self, const char *response)
{
  if (self->session == NULL || !g_str_equal (response, "without"))
    return;
  sp_settings_add_recovery_reminder (self->settings, sp_session_get_path (self->session));
  g_idle_add_full (G_PRIORITY_DEFAULT, destroy_cb, g_object_ref (self), g_object_unref);
}

static void
ask_whether_meant (SpRecoveryKeyDialog *self)
{
  GtkWidget *dialog = adw_message_dialog_new (
      GTK_WINDOW (self),
      _("Without a Recovery Key?"),
         _("If the master password is forgotten, nobody can open this vault again, and everything in it is "
              "lost."));

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "back", _("_Go Back"));
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "without", _("_Do Without"));
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "without",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "back");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "back");
  g_signal_connect_object (dialog, "response", G_CALLBACK (without_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static gboolean
sp_recovery_key_dialog_close_request (GtkWindow *window)
{
  SpRecoveryKeyDialog *self = SP_RECOVERY_KEY_DIALOG (window);

  if (self->settings != NULL && sp_session_is_open (self->session)) {
    ask_whether_meant (self);
    return TRUE;
  }
  return GTK_WINDOW_CLASS (sp_recovery_key_dialog_parent_class)->close_request (window);
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
session_state_cb (SpRecoveryKeyDialog *self)
{
  if (!sp_session_is_open (self->session))
    gtk_window_destroy (GTK_WINDOW (self));
}

static void
sp_recovery_key_dialog_dispose (GObject *object)
{
  SpRecoveryKeyDialog *self = SP_RECOVERY_KEY_DIALOG (object);

  if (self->sheet != NULL)
    sp_recovery_sheet_clear (self->sheet);
  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_RECOVERY_KEY_DIALOG);
  g_clear_pointer (&self->key, sp_new_recovery_key_free);
  g_clear_object (&self->clipboard);
  g_clear_object (&self->session);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (sp_recovery_key_dialog_parent_class)->dispose (object);
}

static void
sp_recovery_key_dialog_class_init (SpRecoveryKeyDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sp_recovery_key_dialog_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = sp_recovery_key_dialog_close_request;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               SP_UI_RESOURCE "/sp-recovery-key-dialog.ui");
  gtk_widget_class_bind_template_callback (widget_class, confirmed_cb);
  gtk_widget_class_bind_template_callback (widget_class, continue_cb);
  gtk_widget_class_bind_template_child (widget_class, SpRecoveryKeyDialog, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, SpRecoveryKeyDialog, continue_button);
  gtk_widget_class_bind_template_child (widget_class, SpRecoveryKeyDialog, expiry_row);
  gtk_widget_class_bind_template_child (widget_class, SpRecoveryKeyDialog, message_label);
  gtk_widget_class_bind_template_child (widget_class, SpRecoveryKeyDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, SpRecoveryKeyDialog, pages);
  gtk_widget_class_bind_template_child (widget_class, SpRecoveryKeyDialog, password_row);
  gtk_widget_class_bind_template_child (widget_class, SpRecoveryKeyDialog, sheet);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
sp_recovery_key_dialog_init (SpRecoveryKeyDialog *self)
{
  g_type_ensure (SP_TYPE_RECOVERY_SHEET);
  g_type_ensure (SP_TYPE_SECRET_ROW);
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
sp_recovery_key_dialog_new (GtkWindow *parent,
                            SpSession *session,
                            SpClipboard *clipboard,
                            SpSettings *settings)
{
  SpRecoveryKeyDialog *self = g_object_new (SP_TYPE_RECOVERY_KEY_DIALOG, "transient-for", parent,
                                            NULL);

  self->session = g_object_ref (session);
  self->clipboard = g_object_ref (clipboard);
  if (settings != NULL)
    self->settings = g_object_ref (settings);
  /* Translators: where a recovery key is kept, as its first name. */
  gtk_editable_set_text (GTK_EDITABLE (self->name_row), _("Drawer"));
  gtk_widget_set_visible (GTK_WIDGET (self->password_row), settings == NULL);
  if (settings != NULL)
    gtk_button_set_label (self->cancel_button, _("_Not Now"));
  sp_modal_keep_focus (GTK_WINDOW (self), parent);
  g_signal_connect_object (session, "notify::state", G_CALLBACK (session_state_cb), self,
                           G_CONNECT_SWAPPED);
  (void) gtk_widget_grab_focus (self->continue_button);
  return GTK_WINDOW (self);
}
