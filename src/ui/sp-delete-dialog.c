/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-delete-dialog"

#include "config.h"

#include "ui/sp-delete-dialog.h"

#include <glib/gi18n.h>

#include "services/sp-session-keys.h"
#include "ui/sp-error-text.h"
#include "ui/sp-secret-row.h"
#include "ui/sp-shown-path.h"
#include "ui/sp-ui.h"
#include "ui/sp-window.h"

struct _SpDeleteDialog {
  AdwWindow parent_instance;

  SpSession *session;        /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) (nullable) while the vault is being deleted */

  GtkWidget *busy_box;
  GtkWidget *delete_button;
  AdwActionRow *items_row;
  GtkLabel *message_label;
  SpSecretRow *password_row;
  GtkSpinner *spinner;
  AdwActionRow *vault_row;
};

G_DEFINE_FINAL_TYPE (SpDeleteDialog, sp_delete_dialog, ADW_TYPE_WINDOW)

static void
update (SpDeleteDialog *self)
{
  gboolean busy = self->cancellable != NULL;

  gtk_widget_set_visible (self->busy_box, busy);
  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->password_row), !busy);
  gtk_widget_set_sensitive (self->delete_button,
                            !busy && !sp_secret_row_is_empty (self->password_row));
}

static void
show_message (SpDeleteDialog *self, const char *text)
{
  gtk_label_set_text (self->message_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message_label), text != NULL);
}

static void
show_vault (SpDeleteDialog *self)
{
  const SpVaultInfo *info = sp_session_peek_info (self->session);
  const char *name = sp_session_get_name (self->session);
  g_autofree char *path = sp_dup_shown_path (sp_session_get_path (self->session));
  gulong n_items = info != NULL ? (gulong) info->n_items : 0;
  g_autofree char *items = g_strdup_printf (ngettext ("%lu item", "%lu items", n_items), n_items);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->vault_row), name != NULL ? name : "");
  adw_action_row_set_subtitle (self->vault_row, path);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->items_row), items);
}

static void
password_changed_cb (SpDeleteDialog *self)
{
  show_message (self, NULL);
  update (self);
}

/* ---- deleting --------------------------------------------------------------------------------------- */

typedef struct {
  SpDeleteDialog *self; /* (owned) */
  GtkWindow *parent;    /* (owned) (nullable) tells the result, also when the dialog is gone */
} Deletion;

static void
tell_left (GtkWindow *parent, const GPtrArray *left)
{
  g_autoptr (GString) list = g_string_new (NULL);
  GtkWidget *dialog;

  for (guint i = 0; i < left->len; i++) {
    g_autofree char *path = sp_dup_shown_path (g_ptr_array_index (left, i));

    g_string_append_printf (list, "%s%s", i > 0 ? "\n" : "", path);
  }
  dialog = adw_message_dialog_new (parent, _("Some Files Are Still There"), NULL);
  adw_message_dialog_format_body (
      ADW_MESSAGE_DIALOG (dialog),
      /* Translators: %s is a list of files, one a line. */
      _("The vault was deleted, but these files could not be. Please delete them yourself:\n\n%s"),
         list->str);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
tell_deleted (GtkWindow *parent, const char *path, const GPtrArray *left)
{
  (void) gtk_widget_activate_action (GTK_WIDGET (parent), "win.forget-recent", "^ay", path);
  (void) gtk_widget_activate_action (GTK_WIDGET (parent), "win.page", "s", "welcome");
  if (left->len > 0)
    tell_left (parent, left);
  else
    sp_window_toast (GTK_WIDGET (parent), _("The vault was deleted"));
}

static void
deleted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autofree Deletion *deletion = user_data;
  g_autoptr (SpDeleteDialog) self = deletion->self;
  g_autoptr (GtkWindow) parent = deletion->parent;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) left = sp_session_delete_vault_finish (SP_SESSION (object), result, &error);

  if (left != NULL && parent != NULL)
    tell_deleted (parent, sp_session_get_path (SP_SESSION (object)), left);
  if (self->session == NULL) /* disposed: the vault was locked, or deleted */
    return;
  g_clear_object (&self->cancellable);
  update (self);
  if (left == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_autofree char *text = sp_error_text (error);

    show_message (self, text);
    sp_secret_row_select (self->password_row);
  }
}

static void
delete_cb (SpDeleteDialog *self)
{
  g_autoptr (SpSecret) password = NULL;
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));
  Deletion *deletion;

  if (!gtk_widget_get_sensitive (self->delete_button))
    return;
  password = sp_secret_row_dup_secret (self->password_row);
  sp_secret_row_set_revealed (self->password_row, FALSE);
  show_message (self, NULL);
  self->cancellable = g_cancellable_new ();
  update (self);
  deletion = g_new0 (Deletion, 1);
  deletion->self = g_object_ref (self);
  if (parent != NULL)
    deletion->parent = g_object_ref (parent);
  sp_session_delete_vault_async (self->session, password, self->cancellable, deleted_cb, deletion);
}

static void
cancel_cb (SpDeleteDialog *self)
{
  gtk_window_close (GTK_WINDOW (self));
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
session_state_cb (SpDeleteDialog *self)
{
  if (!sp_session_is_open (self->session))
    gtk_window_destroy (GTK_WINDOW (self));
}

static gboolean
sp_delete_dialog_close_request (GtkWindow *window)
{
  g_cancellable_cancel (SP_DELETE_DIALOG (window)->cancellable);
  return GTK_WINDOW_CLASS (sp_delete_dialog_parent_class)->close_request (window);
}

static void
sp_delete_dialog_dispose (GObject *object)
{
  SpDeleteDialog *self = SP_DELETE_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_DELETE_DIALOG);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sp_delete_dialog_parent_class)->dispose (object);
}

static void
sp_delete_dialog_class_init (SpDeleteDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sp_delete_dialog_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = sp_delete_dialog_close_request;

  gtk_widget_class_set_template_from_resource (widget_class, SP_UI_RESOURCE "/sp-delete-dialog.ui");
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, delete_cb);
  gtk_widget_class_bind_template_callback (widget_class, password_changed_cb);
  gtk_widget_class_bind_template_child (widget_class, SpDeleteDialog, busy_box);
  gtk_widget_class_bind_template_child (widget_class, SpDeleteDialog, delete_button);
  gtk_widget_class_bind_template_child (widget_class, SpDeleteDialog, items_row);
  gtk_widget_class_bind_template_child (widget_class, SpDeleteDialog, message_label);
  gtk_widget_class_bind_template_child (widget_class, SpDeleteDialog, password_row);
  gtk_widget_class_bind_template_child (widget_class, SpDeleteDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, SpDeleteDialog, vault_row);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
sp_delete_dialog_init (SpDeleteDialog *self)
{
  g_type_ensure (SP_TYPE_SECRET_ROW);
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
sp_delete_dialog_new (GtkWindow *parent, SpSession *session)
{
  SpDeleteDialog *self = g_object_new (SP_TYPE_DELETE_DIALOG, "transient-for", parent, NULL);

  self->session = g_object_ref (session);
  show_vault (self);
  g_signal_connect_object (session, "notify::state", G_CALLBACK (session_state_cb), self,
                           G_CONNECT_SWAPPED);
  (void) gtk_widget_grab_focus (GTK_WIDGET (self->password_row));
  return GTK_WINDOW (self);
}
