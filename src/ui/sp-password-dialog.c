/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-password-dialog"

#include "config.h"

#include "ui/sp-password-dialog.h"

#include <glib/gi18n.h>

#include "services/sp-session-keys.h"
#include "ui/sp-error-text.h"
#include "ui/sp-new-password.h"
#include "ui/sp-secret-row.h"
#include "ui/sp-ui.h"
#include "ui/sp-window.h"

struct _SpPasswordDialog {
  AdwWindow parent_instance;

  SpSession *session;        /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) (nullable) while the password is being changed */

  GtkWidget *busy_box;
  GtkWidget *change_button;
  GtkWidget *form;
  GtkLabel *message_label;
  SpNewPassword *new_password;
  SpSecretRow *old_row;
  GtkSpinner *spinner;
};

G_DEFINE_FINAL_TYPE (SpPasswordDialog, sp_password_dialog, ADW_TYPE_WINDOW)

static gboolean
is_busy (SpPasswordDialog *self)
{
  return self->cancellable != NULL;
}

static void
update (SpPasswordDialog *self)
{
  gboolean busy = is_busy (self);

  gtk_widget_set_visible (self->busy_box, busy);
  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_widget_set_sensitive (self->form, !busy);
  gtk_widget_set_sensitive (self->change_button,
                            !busy && !sp_secret_row_is_empty (self->old_row) &&
                                sp_new_password_is_acceptable (self->new_password));
}

static void
show_message (SpPasswordDialog *self, const char *text)
{
  gtk_label_set_text (self->message_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message_label), text != NULL);
}

static void
old_changed_cb (SpPasswordDialog *self)
{
  show_message (self, NULL);
  update (self);
}

static void
old_activated_cb (SpPasswordDialog *self)
{
  sp_new_password_focus (self->new_password);
}

static void
new_changed_cb (SpPasswordDialog *self)
{
  show_message (self, NULL);
  update (self);
}

/* ---- changing --------------------------------------------------------------------------------------- */

typedef struct {
  SpPasswordDialog *self; /* (owned) */
  GtkWindow *parent;      /* (owned) (nullable) tells the result, also when the dialog is gone */
} Change;

static void
show_error (SpPasswordDialog *self, const GError *error)
{
  g_autofree char *text = sp_error_text (error);

  show_message (self, text);
  if (g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY))
    sp_secret_row_select (self->old_row);
}

static void
changed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autofree Change *change = user_data;
  g_autoptr (SpPasswordDialog) self = change->self;
  g_autoptr (GtkWindow) parent = change->parent;
  g_autoptr (GError) error = NULL;
  gboolean ok = sp_session_change_password_finish (SP_SESSION (object), result, &error);
  gboolean gone = self->session == NULL;

  if (!gone) {
    g_clear_object (&self->cancellable);
    update (self);
  }
  if (ok && parent != NULL)
    sp_window_toast (GTK_WIDGET (parent), _("The master password was changed"));
  else if (!ok && gone && parent != NULL)
    sp_window_toast_error (GTK_WIDGET (parent), error);
  else if (!ok && !gone && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_error (self, error);
  if (ok && !gone)
    gtk_window_destroy (GTK_WINDOW (self));
}

static void
change_cb (SpPasswordDialog *self)
{
  g_autoptr (SpSecret) old_password = NULL;
  g_autoptr (SpSecret) new_password = NULL;
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));
  Change *change;

  if (!gtk_widget_get_sensitive (self->change_button))
    return;
  old_password = sp_secret_row_dup_secret (self->old_row);
  new_password = sp_new_password_dup_secret (self->new_password);
  if (sp_secret_equal (old_password, new_password)) {
    show_message (self, _("The new password is the present one."));
    return;
  }
  sp_secret_row_set_revealed (self->old_row, FALSE);
  sp_new_password_conceal (self->new_password);
  show_message (self, NULL);
  self->cancellable = g_cancellable_new ();
  update (self);
  change = g_new0 (Change, 1);
  change->self = g_object_ref (self);
  if (parent != NULL)
    change->parent = g_object_ref (parent);
  sp_session_change_password_async (self->session, old_password, new_password, self->cancellable,
                                    changed_cb, change);
}

/* What has begun to be written is not stopped; its end is told by the window. */
static void
cancel_cb (SpPasswordDialog *self)
{
  gtk_window_close (GTK_WINDOW (self));
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
session_state_cb (SpPasswordDialog *self)
{
  if (!sp_session_is_open (self->session))
    gtk_window_destroy (GTK_WINDOW (self));
}

static gboolean
sp_password_dialog_close_request (GtkWindow *window)
{
  SpPasswordDialog *self = SP_PASSWORD_DIALOG (window);

  g_cancellable_cancel (self->cancellable);
  return GTK_WINDOW_CLASS (sp_password_dialog_parent_class)->close_request (window);
}

static void
sp_password_dialog_dispose (GObject *object)
{
  SpPasswordDialog *self = SP_PASSWORD_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_PASSWORD_DIALOG);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sp_password_dialog_parent_class)->dispose (object);
}

static void
sp_password_dialog_class_init (SpPasswordDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sp_password_dialog_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = sp_password_dialog_close_request;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               SP_UI_RESOURCE "/sp-password-dialog.ui");
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, change_cb);
  gtk_widget_class_bind_template_callback (widget_class, new_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, old_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, old_changed_cb);
  gtk_widget_class_bind_template_child (widget_class, SpPasswordDialog, busy_box);
  gtk_widget_class_bind_template_child (widget_class, SpPasswordDialog, change_button);
  gtk_widget_class_bind_template_child (widget_class, SpPasswordDialog, form);
  gtk_widget_class_bind_template_child (widget_class, SpPasswordDialog, message_label);
  gtk_widget_class_bind_template_child (widget_class, SpPasswordDialog, new_password);
  gtk_widget_class_bind_template_child (widget_class, SpPasswordDialog, old_row);
  gtk_widget_class_bind_template_child (widget_class, SpPasswordDialog, spinner);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
sp_password_dialog_init (SpPasswordDialog *self)
{
  g_type_ensure (SP_TYPE_NEW_PASSWORD);
  g_type_ensure (SP_TYPE_SECRET_ROW);
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
sp_password_dialog_new (GtkWindow *parent, SpSession *session)
{
  SpPasswordDialog *self = g_object_new (SP_TYPE_PASSWORD_DIALOG, "transient-for", parent, NULL);

  self->session = g_object_ref (session);
  sp_new_password_set_name (self->new_password, sp_session_get_name (session));
  g_signal_connect_object (session, "notify::state", G_CALLBACK (session_state_cb), self,
                           G_CONNECT_SWAPPED);
  (void) gtk_widget_grab_focus (GTK_WIDGET (self->old_row));
  return GTK_WINDOW (self);
}
