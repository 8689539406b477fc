/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-export-dialog"

#include "config.h"

#include "ui/sp-export-dialog.h"

#include <glib/gi18n.h>
#include <string.h>

#include "services/sp-session-transfer.h"
#include "ui/sp-error-text.h"
#include "ui/sp-modal.h"
#include "ui/sp-secret-row.h"
#include "ui/sp-shown-path.h"
#include "ui/sp-ui.h"

#define MAX_STEM_LEN 120

struct _SpExportDialog {
  AdwWindow parent_instance;

  SpSession *session;            /* (owned) (nullable) */
  GArray *numbers;               /* (element-type guint64) (owned) (nullable) */
  GFile *file;                   /* (owned) (nullable) */
  GCancellable *cancellable;     /* (owned) (nullable) while it runs */
  GtkFileChooserNative *chooser; /* (owned) (nullable) while it is open */
  guint64 n_items;               /* as the progress says */

  GtkWidget *cancel_button;
  GtkWidget *choose_button;
  GtkCheckButton *csv_button;
  GtkWidget *done_button;
  AdwStatusPage *done_page;
  GtkWidget *export_button;
  AdwActionRow *file_row;
  GtkWidget *folder_button;
  GtkWidget *history_row;
  GtkSwitch *history_switch;
  GtkCheckButton *json_button;
  GtkLabel *message_label;
  GtkRevealer *message_revealer;
  GtkStack *pages;
  SpSecretRow *password_row;
  GtkProgressBar *progress_bar;
  GtkWidget *stop_button;
  AdwWindowTitle *title;
  GtkWidget *trash_row;
  GtkSwitch *trash_switch;
};

G_DEFINE_FINAL_TYPE (SpExportDialog, sp_export_dialog, ADW_TYPE_WINDOW)

enum {
  PROP_0,
  PROP_SESSION,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

/* ---- what is shown ---------------------------------------------------------------------------------- */

static gboolean
is_csv (SpExportDialog *self)
{
  return gtk_check_button_get_active (self->csv_button);
}

static void
update_buttons (SpExportDialog *self)
{
  const char *page = gtk_stack_get_visible_child_name (self->pages);
  gboolean form = g_strcmp0 (page, "form") == 0;

  gtk_widget_set_visible (self->cancel_button, form);
  gtk_widget_set_visible (self->export_button, form);
  gtk_widget_set_sensitive (self->export_button,
                            self->file != NULL && !sp_secret_row_is_empty (self->password_row));
  gtk_widget_set_visible (self->history_row, !is_csv (self));
  gtk_widget_set_visible (self->trash_row, !is_csv (self) && self->numbers == NULL);
}

static void
go_to (SpExportDialog *self, const char *page)
{
  gtk_stack_set_visible_child_name (self->pages, page);
  update_buttons (self);
}

static void
show_message (SpExportDialog *self, const GError *error)
{
  g_autofree char *text = error != NULL ? sp_error_text (error) : NULL;

  if (text != NULL)
    gtk_label_set_text (self->message_label, text);
  gtk_revealer_set_reveal_child (self->message_revealer, text != NULL);
}

static char *
dup_shown_file (SpExportDialog *self)
{
  const char *path = g_file_peek_path (self->file);

  return path != NULL ? sp_dup_shown_path (path) : g_file_get_uri (self->file);
}

static void
show_file (SpExportDialog *self)
{
  g_autofree char *shown = self->file != NULL ? dup_shown_file (self)
                                              : g_strdup (_ ("None is chosen yet"));

  adw_action_row_set_subtitle (self->file_row, shown);
}

static void
password_changed_cb (SpExportDialog *self)
{
  show_message (self, NULL);
  update_buttons (self);
}

/* A file that was chosen as another kind is not that file any more: whether it may be replaced was asked of its name. */
static void
format_changed_cb (SpExportDialog *self)
{
  g_clear_object (&self->file);
  show_file (self);
  update_buttons (self);
}

/* ---- where to --------------------------------------------------------------------------------------- */

/* "Personal.csv" */
static char *
dup_proposed_name (SpExportDialog *self)
{
  const char *name = sp_session_get_name (self->session);
  g_autofree char *stem = g_strstrip (g_strdup (name != NULL ? name : ""));

  g_strdelimit (stem, G_DIR_SEPARATOR_S, '-');
  if (*stem == '\0' || *stem == '.' || strlen (stem) > MAX_STEM_LEN) {
    g_free (stem);
    stem = g_strdup ("vault");
  }
  return g_strconcat (stem, is_csv (self) ? ".csv" : ".json", NULL);
}

static void
file_chosen_cb (SpExportDialog *self, int response)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));

  if (self->session == NULL)
    return;
  if (response != GTK_RESPONSE_ACCEPT || file == NULL)
    return;
  g_set_object (&self->file, file);
  show_message (self, NULL);
  show_file (self);
  update_buttons (self);
  (void) gtk_widget_grab_focus (GTK_WIDGET (self->password_row));
}

static void
choose_cb (SpExportDialog *self)
{
  const char *title = _ ("Export to a File");
  const char *accept = _ ("_Choose");
  const char *cancel = _ ("_Cancel");
  g_autofree char *name = dup_proposed_name (self);

  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (self),
                                               GTK_FILE_CHOOSER_ACTION_SAVE, accept, cancel);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), name);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (file_chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* ---- exporting -------------------------------------------------------------------------------------- */

static void
progress_cb (guint64 done, guint64 total, gpointer user_data)
{
  SpExportDialog *self = SP_EXPORT_DIALOG (user_data);
  g_autofree char *text = NULL;

  if (self->session == NULL || total == 0)
    return;
  self->n_items = total;
  /* Translators: how many items are done: %1$'u of %2$'u. */
  text = g_strdup_printf (_ ("%1$'u of %2$'u items"), (guint) done, (guint) total);
  gtk_progress_bar_set_fraction (self->progress_bar, (double) done / (double) total);
  gtk_progress_bar_set_text (self->progress_bar, text);
}

static gboolean
can_open_folder (SpExportDialog *self)
{
  g_autoptr (GAppInfo) program = g_app_info_get_default_for_type ("inode/directory", FALSE);

  return program != NULL && g_file_peek_path (self->file) != NULL;
}

static void
show_done (SpExportDialog *self)
{
  guint n = (guint) self->n_items;
  /* Translators: %'u is a number of items. */
  g_autofree char *title = g_strdup_printf (ngettext ("%'u item exported", "%'u items exported", n),
                                            n);
  g_autofree char *shown = dup_shown_file (self);
  g_autofree char *escaped = g_markup_escape_text (shown, -1);

  adw_status_page_set_title (self->done_page, title);
  adw_status_page_set_description (self->done_page, escaped);
  gtk_widget_set_visible (self->folder_button, can_open_folder (self));
  go_to (self, "done");
  (void) gtk_widget_grab_focus (self->done_button);
}

static void
exported_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpExportDialog) self = SP_EXPORT_DIALOG (user_data);
  g_autoptr (GError) error = NULL;
  gboolean ok = sp_session_export_finish (SP_SESSION (object), result, &error);

  if (self->session == NULL)
    return;
  g_clear_object (&self->cancellable);
  if (ok) {
    show_done (self);
    return;
  }
  go_to (self, "form");
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_message (self, error);
  if (g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY))
    sp_secret_row_select (self->password_row);
}

static SpExportFlags
get_flags (SpExportDialog *self)
{
  SpExportFlags flags = SP_EXPORT_DEFAULT;

  if (!gtk_switch_get_active (self->history_switch))
    flags |= SP_EXPORT_NO_HISTORY;
  if (!gtk_switch_get_active (self->trash_switch))
    flags |= SP_EXPORT_NO_TRASH;
  return flags;
}

static void
export_cb (SpExportDialog *self)
{
  g_autoptr (SpSecret) password = NULL;
  SpExportFormat format = is_csv (self) ? SP_EXPORT_FORMAT_CSV : SP_EXPORT_FORMAT_JSON;

  if (self->cancellable != NULL || !gtk_widget_get_sensitive (self->export_button))
    return;
  password = sp_secret_row_dup_secret (self->password_row);
  self->cancellable = g_cancellable_new ();
  self->n_items = 0;
  show_message (self, NULL);
  gtk_progress_bar_set_fraction (self->progress_bar, 0);
  gtk_progress_bar_set_text (self->progress_bar, _ ("Checking the password…"));
  go_to (self, "progress");
  (void) gtk_widget_grab_focus (self->stop_button);
  sp_session_export_async (self->session, password, self->file, format, get_flags (self),
                           self->numbers != NULL ? &g_array_index (self->numbers, guint64, 0)
                                                 : NULL,
                           self->numbers != NULL ? self->numbers->len : 0, progress_cb, self,
                           self->cancellable, exported_cb, g_object_ref (self));
}

static void
opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpExportDialog) self = SP_EXPORT_DIALOG (user_data);
  g_autoptr (GError) error = NULL;

  if (!gtk_show_uri_full_finish (GTK_WINDOW (object), result, &error) && self->session != NULL)
    show_message (self, error);
}

static void
open_folder_cb (SpExportDialog *self)
{
  g_autoptr (GFile) folder = g_file_get_parent (self->file);
  g_autofree char *uri = folder != NULL ? g_file_get_uri (folder) : NULL;

  if (uri != NULL)
    gtk_show_uri_full (GTK_WINDOW (self), uri, GDK_CURRENT_TIME, NULL, opened_cb,
                       g_object_ref (self));
}

/* ---- the end ---------------------------------------------------------------------------------------- */

static gboolean
sp_export_dialog_close_request (GtkWindow *window)
{
  SpExportDialog *self = SP_EXPORT_DIALOG (window);

  if (self->cancellable != NULL) {
    g_cancellable_cancel (self->cancellable);
    gtk_progress_bar_set_text (self->progress_bar, _ ("Cancelling…"));
    return TRUE;
  }
  return GTK_WINDOW_CLASS (sp_export_dialog_parent_class)->close_request (window);
}

static void
session_state_cb (SpExportDialog *self)
{
  if (self->session != NULL && !sp_session_is_open (self->session))
    gtk_window_destroy (GTK_WINDOW (self));
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
sp_export_dialog_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SpExportDialog *self = SP_EXPORT_DIALOG (object);

  switch (prop_id) {
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
sp_export_dialog_set_property (GObject *object,
                               guint prop_id,
                               const GValue *value,
                               GParamSpec *pspec)
{
  SpExportDialog *self = SP_EXPORT_DIALOG (object);

  switch (prop_id) {
  case PROP_SESSION:
    self->session = g_value_dup_object (value);
    g_signal_connect_object (self->session, "notify::state", G_CALLBACK (session_state_cb), self,
                             G_CONNECT_SWAPPED);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
sp_export_dialog_dispose (GObject *object)
{
  SpExportDialog *self = SP_EXPORT_DIALOG (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_EXPORT_DIALOG);
  g_clear_object (&self->file);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sp_export_dialog_parent_class)->dispose (object);
}

static void
sp_export_dialog_finalize (GObject *object)
{
  g_clear_pointer (&SP_EXPORT_DIALOG (object)->numbers, g_array_unref);
  G_OBJECT_CLASS (sp_export_dialog_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, SP_UI_RESOURCE "/sp-export-dialog.ui");
  gtk_widget_class_bind_template_callback (widget_class, choose_cb);
  gtk_widget_class_bind_template_callback (widget_class, export_cb);
  gtk_widget_class_bind_template_callback (widget_class, format_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, open_folder_cb);
  gtk_widget_class_bind_template_callback (widget_class, password_changed_cb);
  gtk_widget_class_bind_template_child (widget_class, SpExportDialog, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, SpExportDialog, choose_button);
  gtk_widget_class_bind_template_child (widget_class, SpExportDialog, csv_button);
  gtk_widget_class_bind_template_child (widget_class, SpExportDialog, done_button);
  gtk_widget_class_bind_template_child (widget_class, SpExportDialog, done_page);
  gtk_widget_class_bind_template_child (widget_class, SpExportDialog, export_button);
  gtk_widget_class_bind_template_child (widget_class, SpExportDialog, file_row);
  gtk_widget_class_bind_template_child (widget_class, SpExportDialog, folder_button);
  gtk_widget_class_bind_template_child (widget_class, SpExportDialog, history_row);
  gtk_widget_class_bind_template_child (widget_class, SpExportDialog, history_switch);
  gtk_widget_class_bind_template_child (widget_class, SpExportDialog, json_button);
  gtk_widget_class_bind_template_child (widget_class, SpExportDialog, message_label);
  gtk_widget_class_bind_template_child (widget_class, SpExportDialog, message_revealer);
  gtk_widget_class_bind_template_child (widget_class, SpExportDialog, pages);
  gtk_widget_class_bind_template_child (widget_class, SpExportDialog, password_row);
  gtk_widget_class_bind_template_child (widget_class, SpExportDialog, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, SpExportDialog, stop_button);
  gtk_widget_class_bind_template_child (widget_class, SpExportDialog, title);
  gtk_widget_class_bind_template_child (widget_class, SpExportDialog, trash_row);
  gtk_widget_class_bind_template_child (widget_class, SpExportDialog, trash_switch);
}

static void
sp_export_dialog_class_init (SpExportDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = sp_export_dialog_dispose;
  object_class->finalize = sp_export_dialog_finalize;
  object_class->get_property = sp_export_dialog_get_property;
  object_class->set_property = sp_export_dialog_set_property;
  GTK_WINDOW_CLASS (klass)->close_request = sp_export_dialog_close_request;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, SP_TYPE_SESSION,
                                                  G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY |
                                                      G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  bind_template (GTK_WIDGET_CLASS (klass));
}

static void
sp_export_dialog_init (SpExportDialog *self)
{
  g_type_ensure (SP_TYPE_SECRET_ROW);
  gtk_widget_init_template (GTK_WIDGET (self));
  show_file (self);
  update_buttons (self);
  (void) gtk_widget_grab_focus (self->choose_button);
}

static void
show_title (SpExportDialog *self)
{
  guint n = self->numbers != NULL ? self->numbers->len : 0;
  g_autofree char *text = NULL;

  if (n == 0)
    text = g_strdup (_ ("Export the Vault"));
  else
    /* Translators: %'u is a number of items. */
    text = g_strdup_printf (ngettext ("Export %'u Item", "Export %'u Items", n), n);
  adw_window_title_set_title (self->title, text);
  gtk_window_set_title (GTK_WINDOW (self), text);
}

void
sp_export_dialog_present (GtkWindow *parent,
                          SpSession *session,
                          const guint64 *numbers,
                          gsize n_numbers)
{
  SpExportDialog *self;

  g_return_if_fail (GTK_IS_WINDOW (parent) && SP_IS_SESSION (session));
  g_return_if_fail (sp_session_is_open (session));
  g_return_if_fail ((numbers == NULL) == (n_numbers == 0) && n_numbers <= G_MAXUINT);

  self = g_object_new (SP_TYPE_EXPORT_DIALOG, "session", session, "transient-for", parent, NULL);
  if (numbers != NULL) {
    self->numbers = g_array_new (FALSE, FALSE, sizeof (guint64));
    g_array_append_vals (self->numbers, numbers, (guint) n_numbers);
  }
  show_title (self);
  update_buttons (self);
  sp_modal_keep_focus (GTK_WINDOW (self), parent);
  gtk_window_present (GTK_WINDOW (self));
}
