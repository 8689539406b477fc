/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-rename-dialog"

#include "config.h"

#include "ui/sp-rename-dialog.h"

#include "services/sp-session-keys.h"
#include "ui/sp-error-text.h"
#include "ui/sp-ui.h"

struct _SpRenameDialog {
  AdwWindow parent_instance;

  SpSession *session; /* (owned) (nullable) */
  gboolean busy;

  GtkLabel *message_label;
  AdwEntryRow *name_row;
  GtkWidget *rename_button;
};

G_DEFINE_FINAL_TYPE (SpRenameDialog, sp_rename_dialog, ADW_TYPE_WINDOW)

static char *
dup_name (SpRenameDialog *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name_row))));
}

static void
show_message (SpRenameDialog *self, const char *text)
{
  gtk_label_set_text (self->message_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message_label), text != NULL);
}

static void
update (SpRenameDialog *self)
{
  g_autofree char *name = dup_name (self);

  gtk_widget_set_sensitive (GTK_WIDGET (self->name_row), !self->busy);
  gtk_widget_set_sensitive (self->rename_button, !self->busy && *name != '\0');
}

static void
name_changed_cb (SpRenameDialog *self)
{
  show_message (self, NULL);
  update (self);
}

static void
renamed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpRenameDialog) self = SP_RENAME_DIALOG (user_data);
  g_autoptr (GError) error = NULL;
  gboolean ok = sp_session_rename_finish (SP_SESSION (object), result, &error);

  if (self->session == NULL) /* disposed */
    return;
  self->busy = FALSE;
  update (self);
  if (ok) {
    gtk_window_destroy (GTK_WINDOW (self));
  } else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_autofree char *text = sp_error_text (error);

    show_message (self, text);
    (void) gtk_widget_grab_focus (GTK_WIDGET (self->name_row));
  }
}

static void
rename_cb (SpRenameDialog *self)
{
  g_autofree char *name = dup_name (self);

  if (!gtk_widget_get_sensitive (self->rename_button))
    return;
  show_message (self, NULL);
  self->busy = TRUE;
  update (self);
  sp_session_rename_async (self->session, name, renamed_cb, g_object_ref (self));
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
session_state_cb (SpRenameDialog *self)
{
  if (!sp_session_is_open (self->session))
    gtk_window_destroy (GTK_WINDOW (self));
}

static void
sp_rename_dialog_dispose (GObject *object)
{
  SpRenameDialog *self = SP_RENAME_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_RENAME_DIALOG);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sp_rename_dialog_parent_class)->dispose (object);
}

static void
sp_rename_dialog_class_init (SpRenameDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sp_rename_dialog_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, SP_UI_RESOURCE "/sp-rename-dialog.ui");
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, rename_cb);
  gtk_widget_class_bind_template_child (widget_class, SpRenameDialog, message_label);
  gtk_widget_class_bind_template_child (widget_class, SpRenameDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, SpRenameDialog, rename_button);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
sp_rename_dialog_init (SpRenameDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
sp_rename_dialog_new (GtkWindow *parent, SpSession *session)
{
  SpRenameDialog *self = g_object_new (SP_TYPE_RENAME_DIALOG, "transient-for", parent, NULL);
  const char *name = sp_session_get_name (session);

  self->session = g_object_ref (session);
  gtk_editable_set_text (GTK_EDITABLE (self->name_row), name != NULL ? name : "");
  g_signal_connect_object (session, "notify::state", G_CALLBACK (session_state_cb), self,
                           G_CONNECT_SWAPPED);
  (void) gtk_widget_grab_focus (GTK_WIDGET (self->name_row));
  return GTK_WINDOW (self);
}
