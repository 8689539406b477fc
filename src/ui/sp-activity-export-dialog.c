/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-activity-export-dialog"

#include "config.h"

#include "ui/sp-activity-export-dialog.h"

#include <glib/gi18n.h>

#include "ui/sp-child-window.h"
#include "ui/sp-error-text.h"
#include "ui/sp-modal.h"
#include "ui/sp-secret-row.h"
#include "ui/sp-shown-path.h"
#include "ui/sp-ui.h"

struct _SpActivityExportDialog {
  AdwWindow parent_instance;

  SpActivityLog *activity; /* (owned) */
  GArray *numbers;         /* (element-type guint64) (owned) */
  SpActivityExported done;
  GFile *file;                   /* (owned) (nullable) */
  GCancellable *cancellable;     /* (owned) (nullable) while it runs */
  GtkFileChooserNative *chooser; /* (owned) (nullable) while it is open */

  GtkWidget *choose_button;
  GtkCheckButton *csv_button;
  GtkWidget *export_button;
  AdwActionRow *file_row;
  GtkWidget *form;
  GtkLabel *message_label;
  GtkRevealer *message_revealer;
  SpSecretRow *password_row;
  GtkSpinner *spinner;
};

G_DEFINE_FINAL_TYPE (SpActivityExportDialog, sp_activity_export_dialog, ADW_TYPE_WINDOW)

static gboolean
is_csv (SpActivityExportDialog *self)
{
  return gtk_check_button_get_active (self->csv_button);
}

static void
update (SpActivityExportDialog *self)
{
  gboolean runs = self->cancellable != NULL;

  gtk_widget_set_sensitive (self->form, !runs);
  gtk_widget_set_sensitive (self->export_button, !runs && self->file != NULL &&
                                                     !sp_secret_row_is_empty (self->password_row));
  gtk_spinner_set_spinning (self->spinner, runs);
}

static void
show_message (SpActivityExportDialog *self, const GError *error)
{
  g_autofree char *text = error != NULL ? sp_error_text (error) : NULL;

  if (text != NULL)
    gtk_label_set_text (self->message_label, text);
  gtk_revealer_set_reveal_child (self->message_revealer, text != NULL);
}

static void
show_file (SpActivityExportDialog *self)
{
  const char *path = self->file != NULL ? g_file_peek_path (self->file) : NULL;
  g_autofree char *shown = path != NULL         ? sp_dup_shown_path (path)
                           : self->file != NULL ? g_file_get_uri (self->file)
                                                : g_strdup (_ ("None is chosen yet"));

  adw_action_row_set_subtitle (self->file_row, shown);
}

static void
password_changed_cb (SpActivityExportDialog *self)
{
  show_message (self, NULL);
  update (self);
}

/* Whether a file may be replaced was asked of its name. */
static void
format_changed_cb (SpActivityExportDialog *self)
{
  g_clear_object (&self->file);
  show_file (self);
  update (self);
}

static void
file_chosen_cb (SpActivityExportDialog *self, int response)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));

  if (self->activity == NULL || response != GTK_RESPONSE_ACCEPT || file == NULL)
    return;
  g_set_object (&self->file, file);
  show_message (self, NULL);
  show_file (self);
  update (self);
  (void) gtk_widget_grab_focus (GTK_WIDGET (self->password_row));
}

static void
choose_cb (SpActivityExportDialog *self)
{
  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (_ ("Export to a File"), GTK_WINDOW (self),
                                                  GTK_FILE_CHOOSER_ACTION_SAVE,
                                                  _ ("_Choose"), _ ("_Cancel"));
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser),
                                     is_csv (self) ? "activity.csv" : "activity.json");
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (file_chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
exported_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpActivityExportDialog) self = SP_ACTIVITY_EXPORT_DIALOG (user_data);
  g_autoptr (GError) error = NULL;
  GtkWindow *parent;

  if (self->activity == NULL)
    return;
  g_clear_object (&self->cancellable);
  if (sp_activity_log_export_finish (self->activity, result, &error)) {
    parent = gtk_window_get_transient_for (GTK_WINDOW (self));
    if (parent != NULL)
      self->done (parent);
    gtk_window_destroy (GTK_WINDOW (self));
    return;
  }
  update (self);
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_message (self, error);
  if (g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY))
    sp_secret_row_select (self->password_row);
}

static void
export_cb (SpActivityExportDialog *self)
{
  g_autoptr (SpSecret) password = NULL;

  if (self->cancellable != NULL || !gtk_widget_get_sensitive (self->export_button))
    return;
  password = sp_secret_row_dup_secret (self->password_row);
  self->cancellable = g_cancellable_new ();
  show_message (self, NULL);
  update (self);
  sp_activity_log_export_async (self->activity, password, self->file, !is_csv (self), self->numbers,
                                self->cancellable, exported_cb, g_object_ref (self));
}

static void
sp_activity_export_dialog_dispose (GObject *object)
{
  SpActivityExportDialog *self = SP_ACTIVITY_EXPORT_DIALOG (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_ACTIVITY_EXPORT_DIALOG);
  g_clear_object (&self->file);
  g_clear_object (&self->activity);
  g_clear_pointer (&self->numbers, g_array_unref);
  G_OBJECT_CLASS (sp_activity_export_dialog_parent_class)->dispose (object);
}

static void
sp_activity_export_dialog_class_init (SpActivityExportDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sp_activity_export_dialog_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               SP_UI_RESOURCE "/sp-activity-export-dialog.ui");
  gtk_widget_class_bind_template_callback (widget_class, choose_cb);
  gtk_widget_class_bind_template_callback (widget_class, export_cb);
  gtk_widget_class_bind_template_callback (widget_class, format_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, password_changed_cb);
  gtk_widget_class_bind_template_child (widget_class, SpActivityExportDialog, choose_button);
  gtk_widget_class_bind_template_child (widget_class, SpActivityExportDialog, csv_button);
  gtk_widget_class_bind_template_child (widget_class, SpActivityExportDialog, export_button);
  gtk_widget_class_bind_template_child (widget_class, SpActivityExportDialog, file_row);
  gtk_widget_class_bind_template_child (widget_class, SpActivityExportDialog, form);
  gtk_widget_class_bind_template_child (widget_class, SpActivityExportDialog, message_label);
  gtk_widget_class_bind_template_child (widget_class, SpActivityExportDialog, message_revealer);
  gtk_widget_class_bind_template_child (widget_class, SpActivityExportDialog, password_row);
  gtk_widget_class_bind_template_child (widget_class, SpActivityExportDialog, spinner);
}

static void
sp_activity_export_dialog_init (SpActivityExportDialog *self)
{
  g_type_ensure (SP_TYPE_SECRET_ROW);
  gtk_widget_init_template (GTK_WIDGET (self));
  show_file (self);
  update (self);
  (void) gtk_widget_grab_focus (self->choose_button);
}

void
sp_activity_export_dialog_present (GtkWindow *parent,
                                   SpActivityLog *activity,
                                   const GArray *numbers,
                                   SpActivityExported done)
{
  SpActivityExportDialog *self;

  g_return_if_fail (GTK_IS_WINDOW (parent) && SP_IS_ACTIVITY_LOG (activity) && done != NULL);

  self = g_object_new (SP_TYPE_ACTIVITY_EXPORT_DIALOG, NULL);
  self->activity = g_object_ref (activity);
  self->numbers = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_array_append_vals (self->numbers, numbers->data, numbers->len);
  self->done = done;
  sp_child_window_set_up (GTK_WINDOW (self), parent, sp_activity_log_get_session (activity));
  sp_modal_keep_focus (GTK_WINDOW (self), parent);
  gtk_window_present (GTK_WINDOW (self));
}
