/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-quick-unlock-dialog"

#include "config.h"

#include "ui/sp-quick-unlock-dialog.h"

#include <glib/gi18n.h>

#include "services/sp-session-quick.h"
#include "ui/sp-error-text.h"
#include "ui/sp-secret-row.h"
#include "ui/sp-shown-time.h"
#include "ui/sp-ui.h"
#include "ui/sp-window.h"

/* As the layout lists them. */
static const guint hours[] = { 1, 4, 12, 24 };

struct _SpQuickUnlockDialog {
  AdwWindow parent_instance;

  SpSession *session;        /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) (nullable) while something is under way */

  GtkWidget *busy_box;
  GtkWidget *form;
  AdwComboRow *hours_row;
  GtkLabel *message_label;
  AdwPreferencesGroup *on_group;
  SpSecretRow *password_row;
  GtkSpinner *spinner;
  GtkWidget *turn_on_button;
};

G_DEFINE_FINAL_TYPE (SpQuickUnlockDialog, sp_quick_unlock_dialog, ADW_TYPE_WINDOW)

static void
update (SpQuickUnlockDialog *self)
{
  gboolean busy = self->cancellable != NULL;

  gtk_widget_set_visible (self->busy_box, busy);
  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_widget_set_sensitive (self->form, !busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->on_group), !busy);
  gtk_widget_set_sensitive (self->turn_on_button,
                            !busy && !sp_secret_row_is_empty (self->password_row));
}

static void
show_message (SpQuickUnlockDialog *self, const char *text)
{
  gtk_label_set_text (self->message_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message_label), text != NULL);
}

static void
show_state (SpQuickUnlockDialog *self)
{
  gint64 until_ms = sp_session_get_quick_unlock (self->session);
  g_autofree char *until = until_ms != 0 ? sp_shown_time (until_ms) : NULL;
  g_autofree char *text = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->on_group), until != NULL);
  if (until == NULL)
    return;
  /* Translators: %s is a date with a time. */
  text = g_strdup_printf (_("It is on until %s."), until);
  adw_preferences_group_set_description (self->on_group, text);
}

static void
password_changed_cb (SpQuickUnlockDialog *self)
{
  show_message (self, NULL);
  update (self);
}

/* ---- on and off ------------------------------------------------------------------------------------- */

typedef struct {
  SpQuickUnlockDialog *self; /* (owned) */
  GtkWindow *parent;         /* (owned) (nullable) tells the result, also when the dialog is gone */
} Call;

static Call *
call_begin (SpQuickUnlockDialog *self)
{
  Call *call = g_new0 (Call, 1);

  show_message (self, NULL);
  self->cancellable = g_cancellable_new ();
  update (self);
  call->self = g_object_ref (self);
  g_set_object (&call->parent, gtk_window_get_transient_for (GTK_WINDOW (self)));
  return call;
}

/* `error` NULL: done. */
static void
call_end (Call *call, const GError *error, const char *done)
{
  g_autoptr (SpQuickUnlockDialog) self = call->self;
  g_autoptr (GtkWindow) parent = call->parent;
  gboolean gone = self->session == NULL;
  g_autofree char *text = error != NULL ? sp_error_text (error) : NULL;

  g_free (call);
  if (!gone) {
    g_clear_object (&self->cancellable);
    update (self);
  }
  if (error == NULL && parent != NULL)
    sp_window_toast (GTK_WIDGET (parent), done);
  if (error == NULL && !gone)
    gtk_window_destroy (GTK_WINDOW (self));
  if (error == NULL || gone || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  show_message (self, text);
  sp_secret_row_select (self->password_row);
}

static void
turned_on_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  (void) sp_session_set_quick_unlock_finish (SP_SESSION (object), result, &error);
  call_end (user_data, error, _("Quick unlock is on"));
}

static void
turn_on_cb (SpQuickUnlockDialog *self)
{
  g_autoptr (SpSecret) password = NULL;
  SpKeyslotFactors proof = { 0 };
  Call *call;
  guint selected = adw_combo_row_get_selected (self->hours_row);

  if (!gtk_widget_get_sensitive (self->turn_on_button) || selected >= G_N_ELEMENTS (hours))
    return;
  password = sp_secret_row_dup_secret (self->password_row);
  proof.secret = password;
  sp_secret_row_set_revealed (self->password_row, FALSE);
  call = call_begin (self);
  sp_session_set_quick_unlock_async (self->session, &proof, hours[selected], self->cancellable,
                                     turned_on_cb, call);
}

static void
turned_off_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  (void) sp_session_remove_quick_unlock_finish (SP_SESSION (object), result, &error);
  call_end (user_data, error, _("Quick unlock is off"));
}

static void
turn_off_cb (SpQuickUnlockDialog *self)
{
  sp_session_remove_quick_unlock_async (self->session, turned_off_cb, call_begin (self));
}

static void
cancel_cb (SpQuickUnlockDialog *self)
{
  gtk_window_close (GTK_WINDOW (self));
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
session_state_cb (SpQuickUnlockDialog *self)
{
  if (!sp_session_is_open (self->session))
    gtk_window_destroy (GTK_WINDOW (self));
}

static gboolean
sp_quick_unlock_dialog_close_request (GtkWindow *window)
{
  g_cancellable_cancel (SP_QUICK_UNLOCK_DIALOG (window)->cancellable);
  return GTK_WINDOW_CLASS (sp_quick_unlock_dialog_parent_class)->close_request (window);
}

static void
sp_quick_unlock_dialog_dispose (GObject *object)
{
  SpQuickUnlockDialog *self = SP_QUICK_UNLOCK_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_QUICK_UNLOCK_DIALOG);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sp_quick_unlock_dialog_parent_class)->dispose (object);
}

static void
sp_quick_unlock_dialog_class_init (SpQuickUnlockDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sp_quick_unlock_dialog_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = sp_quick_unlock_dialog_close_request;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               SP_UI_RESOURCE "/sp-quick-unlock-dialog.ui");
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, password_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, turn_off_cb);
  gtk_widget_class_bind_template_callback (widget_class, turn_on_cb);
  gtk_widget_class_bind_template_child (widget_class, SpQuickUnlockDialog, busy_box);
  gtk_widget_class_bind_template_child (widget_class, SpQuickUnlockDialog, form);
  gtk_widget_class_bind_template_child (widget_class, SpQuickUnlockDialog, hours_row);
  gtk_widget_class_bind_template_child (widget_class, SpQuickUnlockDialog, message_label);
  gtk_widget_class_bind_template_child (widget_class, SpQuickUnlockDialog, on_group);
  gtk_widget_class_bind_template_child (widget_class, SpQuickUnlockDialog, password_row);
  gtk_widget_class_bind_template_child (widget_class, SpQuickUnlockDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, SpQuickUnlockDialog, turn_on_button);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
sp_quick_unlock_dialog_init (SpQuickUnlockDialog *self)
{
  g_type_ensure (SP_TYPE_SECRET_ROW);
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
sp_quick_unlock_dialog_new (GtkWindow *parent, SpSession *session)
{
  SpQuickUnlockDialog *self = g_object_new (SP_TYPE_QUICK_UNLOCK_DIALOG, "transient-for", parent,
                                            NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "notify::state", G_CALLBACK (session_state_cb), self,
                           G_CONNECT_SWAPPED);
  show_state (self);
  update (self);
  (void) gtk_widget_grab_focus (GTK_WIDGET (self->password_row));
  return GTK_WINDOW (self);
}
