/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One file at a time. Each choice that matters (file, format, columns, encoding) asks for a new preview, and gives up the
 * one that is still on its way. While the import runs, closing the window cancels it. */

#define G_LOG_DOMAIN "sp-import-assistant"

#include "config.h"

#include "ui/sp-import-assistant.h"

#include <glib/gi18n.h>

#include "services/sp-session-transfer.h"
#include "ui/sp-error-text.h"
#include "ui/sp-import-report.h"
#include "ui/sp-import-review.h"
#include "ui/sp-modal.h"
#include "ui/sp-ui.h"
#include "ui/sp-window.h"

#define MAX_EXAMPLES 5

struct _SpImportAssistant {
  AdwWindow parent_instance;

  SpSession *session;            /* (owned) (nullable) */
  GFile *file;                   /* (owned) (nullable) that is reviewed */
  GFile *wanted;                 /* (owned) (nullable) that is being looked at */
  gboolean windows_1252;         /* the user consents, for `wanted` */
  GCancellable *preview;         /* (owned) (nullable) while one is made */
  GCancellable *import;          /* (owned) (nullable) while it runs */
  GtkFileChooserNative *chooser; /* (owned) (nullable) while it is open */
  GtkWidget *opener;             /* (unowned) (nullable) the window below, since an import began */
  char *toast;                   /* (nullable) what the window below says afterwards */

  GtkWidget *cancel_button;
  GtkWidget *choose_button;
  GtkWidget *consent_button;
  GtkWidget *done_button;
  GtkLabel *formats_label;
  GtkWidget *import_button;
  GtkLabel *message_label;
  GtkRevealer *message_revealer;
  GtkStack *pages;
  GtkProgressBar *progress_bar;
  SpImportReport *report;
  SpImportReview *review;
  GtkSpinner *spinner;
  GtkWidget *stop_button;
};

G_DEFINE_FINAL_TYPE (SpImportAssistant, sp_import_assistant, ADW_TYPE_WINDOW)

enum {
  PROP_0,
  PROP_SESSION,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

/* ---- what is shown ---------------------------------------------------------------------------------- */

static gboolean
is_on (SpImportAssistant *self, const char *page)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->pages), page) == 0;
}

static void
update_buttons (SpImportAssistant *self)
{
  gboolean busy = self->preview != NULL;

  gtk_widget_set_visible (self->cancel_button, is_on (self, "choose") || is_on (self, "review"));
  gtk_widget_set_visible (self->import_button, is_on (self, "review"));
  gtk_widget_set_visible (self->done_button, is_on (self, "report"));
  gtk_widget_set_sensitive (self->import_button, !busy && sp_import_review_is_ready (self->review));
  gtk_spinner_set_spinning (self->spinner, busy);
}

static void
go_to (SpImportAssistant *self, const char *page)
{
  gtk_stack_set_visible_child_name (self->pages, page);
  update_buttons (self);
}

static void
show_message (SpImportAssistant *self, const GError *error)
{
  g_autofree char *text = NULL;
  gboolean encoding = error != NULL && !self->windows_1252 &&
                      g_error_matches (error, SP_FORMAT_ERROR, SP_FORMAT_ERROR_ENCODING);

  if (error != NULL) {
    text = sp_error_text (error);
    gtk_label_set_text (self->message_label, text);
    gtk_widget_set_visible (self->consent_button, encoding);
  }
  gtk_revealer_set_reveal_child (self->message_revealer, error != NULL);
  if (encoding)
    (void) gtk_widget_grab_focus (self->consent_button);
}

/* ---- the preview ------------------------------------------------------------------------------------ */

static void
take_preview (SpImportAssistant *self, SpImportPreview *preview)
{
  gboolean first = !is_on (self, "review");

  g_set_object (&self->file, self->wanted);
  sp_import_review_show (self->review, preview);
  show_message (self, NULL);
  go_to (self, "review");
  if (first && gtk_widget_get_sensitive (self->import_button))
    (void) gtk_widget_grab_focus (self->import_button);
}

/* What is shown is what was reviewed last. */
static void
refuse_preview (SpImportAssistant *self, const GError *error)
{
  if (self->file != NULL && g_file_equal (self->file, self->wanted))
    sp_import_review_revert (self->review);
  else
    go_to (self, "choose");
  show_message (self, error);
  update_buttons (self);
}

static void
previewed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpImportAssistant) self = SP_IMPORT_ASSISTANT (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (SpImportPreview) preview = sp_session_preview_import_finish (SP_SESSION (object),
                                                                          result, &error);

  /* Another one is on its way, or nobody looks any more. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->session == NULL)
    return;
  g_clear_object (&self->preview);
  if (preview != NULL)
    take_preview (self, g_steal_pointer (&preview));
  else
    refuse_preview (self, error);
}

static void
get_options (SpImportAssistant *self, SpImportOptions *out_options)
{
  const GPtrArray *targets = sp_import_review_peek_targets (self->review);

  *out_options = (SpImportOptions){
    .format = sp_import_review_get_format (self->review),
    .targets = (const char *const *) targets->pdata,
    .n_targets = targets->len,
    .windows_1252 = self->windows_1252,
  };
}

static void
start_preview (SpImportAssistant *self)
{
  SpImportOptions options;

  if (self->preview != NULL)
    g_cancellable_cancel (self->preview);
  g_clear_object (&self->preview);
  self->preview = g_cancellable_new ();
  get_options (self, &options);
  update_buttons (self);
  sp_session_preview_import_async (self->session, self->wanted, &options, MAX_EXAMPLES,
                                   self->preview, previewed_cb, g_object_ref (self));
}

static void
review_changed_cb (SpImportAssistant *self)
{
  if (self->wanted != NULL)
    start_preview (self);
}

static void
consent_cb (SpImportAssistant *self)
{
  if (self->wanted == NULL)
    return;
  self->windows_1252 = TRUE;
  show_message (self, NULL);
  start_preview (self);
}

/* ---- choosing a file -------------------------------------------------------------------------------- */

static void
set_file (SpImportAssistant *self, GFile *file)
{
  if (self->import != NULL || is_on (self, "report"))
    return;
  g_set_object (&self->wanted, file);
  g_clear_object (&self->file);
  self->windows_1252 = FALSE;
  sp_import_review_forget (self->review);
  sp_import_review_set_file (self->review, file);
  show_message (self, NULL);
  start_preview (self);
}

static void
file_chosen_cb (SpImportAssistant *self, int response)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));

  if (self->session == NULL)
    return;
  if (response == GTK_RESPONSE_ACCEPT && file != NULL)
    set_file (self, file);
}

static void
add_filter (GtkFileChooser *chooser, const char *name, const char *suffix)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  if (suffix != NULL)
    gtk_file_filter_add_suffix (filter, suffix);
  else
    gtk_file_filter_add_pattern (filter, "*");
  gtk_file_chooser_add_filter (chooser, filter);
}

static void
choose_cb (SpImportAssistant *self)
{
  const char *title = _ ("Choose the File to Import");
  const char *accept = _ ("_Open");
  const char *cancel = _ ("_Cancel");

  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (self),
                                               GTK_FILE_CHOOSER_ACTION_OPEN, accept, cancel);
  add_filter (GTK_FILE_CHOOSER (self->chooser), _ ("Tables (CSV)"), "csv");
  add_filter (GTK_FILE_CHOOSER (self->chooser), _ ("All files"), NULL);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (file_chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static gboolean
drop_cb (GtkDropTarget *target, const GValue *value, double x, double y, SpImportAssistant *self)
{
  const GSList *files = g_value_get_boxed (value);

  if (files == NULL || self->import != NULL || is_on (self, "report"))
    return FALSE;
  set_file (self, G_FILE (files->data));
  return TRUE;
}

/* ---- importing -------------------------------------------------------------------------------------- */

static void
progress_cb (guint64 done, guint64 total, gpointer user_data)
{
  SpImportAssistant *self = SP_IMPORT_ASSISTANT (user_data);
  g_autofree char *text = NULL;

  if (self->session == NULL || total == 0)
    return;
  if (done < total)
    /* Translators: how many rows of a table are done: %1$'u of %2$'u. */
    text = g_strdup_printf (_ ("%1$'u of %2$'u rows"), (guint) done, (guint) total);
  else
    text = g_strdup (_ ("Saving…"));
  gtk_progress_bar_set_fraction (self->progress_bar, (double) done / (double) total);
  gtk_progress_bar_set_text (self->progress_bar, text);
}

/* The vault was locked meanwhile, and this window closed. */
static void
tell_from_afar (SpImportAssistant *self, gboolean ok, const SpImportSummary *summary)
{
  g_autofree char *text = NULL;

  if (self->opener == NULL)
    return;
  if (ok)
    text = sp_import_report_dup_headline (summary);
  else
    text = g_strdup (_("The vault was locked during the import. Nothing was imported."));
  sp_window_toast_until_seen (self->opener, text);
}

static void
imported_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpImportAssistant) self = SP_IMPORT_ASSISTANT (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) notes = NULL;
  SpImportSummary summary;
  gboolean ok = sp_session_import_finish (SP_SESSION (object), result, &summary, &notes, &error);

  if (self->session == NULL) {
    tell_from_afar (self, ok, &summary);
    return;
  }
  g_clear_object (&self->import);
  if (!ok) {
    go_to (self, "review");
    show_message (self, g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? NULL : error);
    return;
  }
  if (summary.n_added + summary.n_updated > 0)
    self->toast = sp_import_report_dup_headline (&summary);
  sp_import_review_forget (self->review);
  sp_import_report_show (self->report, self->file, &summary, notes);
  go_to (self, "report");
  (void) gtk_widget_grab_focus (self->done_button);
}

static void
import_cb (SpImportAssistant *self)
{
  SpImportOptions options;

  if (self->import != NULL || self->preview != NULL || self->file == NULL)
    return;
  self->import = g_cancellable_new ();
  g_set_weak_pointer (&self->opener, GTK_WIDGET (gtk_window_get_transient_for (GTK_WINDOW (self))));
  get_options (self, &options);
  show_message (self, NULL);
  gtk_progress_bar_set_fraction (self->progress_bar, 0);
  gtk_progress_bar_set_text (self->progress_bar, _ ("Reading the file…"));
  go_to (self, "progress");
  (void) gtk_widget_grab_focus (self->stop_button);
  sp_session_import_async (self->session, self->file, &options,
                           sp_import_review_get_duplicates (self->review), progress_cb, self,
                           self->import, imported_cb, g_object_ref (self));
}

/* It was said where the import was. */
static void
undone_cb (SpImportAssistant *self)
{
  g_clear_pointer (&self->toast, g_free);
}

/* ---- the end ---------------------------------------------------------------------------------------- */

static gboolean
sp_import_assistant_close_request (GtkWindow *window)
{
  SpImportAssistant *self = SP_IMPORT_ASSISTANT (window);
  GtkWindow *parent = gtk_window_get_transient_for (window);

  if (self->import != NULL) {
    g_cancellable_cancel (self->import);
    return TRUE;
  }
  if (self->toast != NULL && parent != NULL)
    sp_window_toast_action (GTK_WIDGET (parent), self->toast, _ ("_Undo"), "win.undo-import", NULL);
  return GTK_WINDOW_CLASS (sp_import_assistant_parent_class)->close_request (window);
}

static void
session_state_cb (SpImportAssistant *self)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));

  if (self->session == NULL || sp_session_is_open (self->session))
    return;
  /* Its report may not have been seen. */
  if (self->toast != NULL && parent != NULL)
    sp_window_toast_until_seen (GTK_WIDGET (parent), self->toast);
  gtk_window_destroy (GTK_WINDOW (self));
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
sp_import_assistant_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SpImportAssistant *self = SP_IMPORT_ASSISTANT (object);

  switch (prop_id) {
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
sp_import_assistant_set_property (GObject *object,
                                  guint prop_id,
                                  const GValue *value,
                                  GParamSpec *pspec)
{
  SpImportAssistant *self = SP_IMPORT_ASSISTANT (object);

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
sp_import_assistant_dispose (GObject *object)
{
  SpImportAssistant *self = SP_IMPORT_ASSISTANT (object);

  if (self->preview != NULL)
    g_cancellable_cancel (self->preview);
  if (self->import != NULL)
    g_cancellable_cancel (self->import);
  g_clear_object (&self->preview);
  g_clear_object (&self->import);
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_IMPORT_ASSISTANT);
  g_clear_object (&self->file);
  g_clear_object (&self->wanted);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sp_import_assistant_parent_class)->dispose (object);
}

static void
sp_import_assistant_finalize (GObject *object)
{
  SpImportAssistant *self = SP_IMPORT_ASSISTANT (object);

  g_clear_weak_pointer (&self->opener);
  g_free (self->toast);
  G_OBJECT_CLASS (sp_import_assistant_parent_class)->finalize (object);
}

static void
sp_import_assistant_class_init (SpImportAssistantClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sp_import_assistant_dispose;
  object_class->finalize = sp_import_assistant_finalize;
  object_class->get_property = sp_import_assistant_get_property;
  object_class->set_property = sp_import_assistant_set_property;
  GTK_WINDOW_CLASS (klass)->close_request = sp_import_assistant_close_request;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, SP_TYPE_SESSION,
                                                  G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY |
                                                      G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               SP_UI_RESOURCE "/sp-import-assistant.ui");
  gtk_widget_class_bind_template_callback (widget_class, choose_cb);
  gtk_widget_class_bind_template_callback (widget_class, consent_cb);
  gtk_widget_class_bind_template_callback (widget_class, import_cb);
  gtk_widget_class_bind_template_callback (widget_class, review_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, undone_cb);
  gtk_widget_class_bind_template_child (widget_class, SpImportAssistant, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, SpImportAssistant, choose_button);
  gtk_widget_class_bind_template_child (widget_class, SpImportAssistant, consent_button);
  gtk_widget_class_bind_template_child (widget_class, SpImportAssistant, done_button);
  gtk_widget_class_bind_template_child (widget_class, SpImportAssistant, formats_label);
  gtk_widget_class_bind_template_child (widget_class, SpImportAssistant, import_button);
  gtk_widget_class_bind_template_child (widget_class, SpImportAssistant, message_label);
  gtk_widget_class_bind_template_child (widget_class, SpImportAssistant, message_revealer);
  gtk_widget_class_bind_template_child (widget_class, SpImportAssistant, pages);
  gtk_widget_class_bind_template_child (widget_class, SpImportAssistant, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, SpImportAssistant, report);
  gtk_widget_class_bind_template_child (widget_class, SpImportAssistant, review);
  gtk_widget_class_bind_template_child (widget_class, SpImportAssistant, spinner);
  gtk_widget_class_bind_template_child (widget_class, SpImportAssistant, stop_button);
}

/* "Bitwarden, Chrome, …": so that people see theirs among them. */
static void
show_formats (SpImportAssistant *self)
{
  g_autoptr (GString) names = g_string_new (NULL);
  g_autofree char *text = NULL;
  gsize n_formats;
  const SpImportFormat *formats = sp_import_list_formats (&n_formats);

  for (gsize i = 0; i < n_formats; i++) {
    if (g_str_equal (formats[i].name, "generic"))
      continue;
    if (names->len > 0)
      g_string_append (names, ", ");
    g_string_append (names, formats[i].label);
  }
  /* Translators: %s is a list of password managers, parted by commas. */
  text = g_strdup_printf (
      _ ("Known are the files of %s. Of others, you can say what each column is."), names->str);
  gtk_label_set_text (self->formats_label, text);
}

static void
add_drop_target (SpImportAssistant *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect_object (target, "drop", G_CALLBACK (drop_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

static void
sp_import_assistant_init (SpImportAssistant *self)
{
  g_type_ensure (SP_TYPE_IMPORT_REPORT);
  g_type_ensure (SP_TYPE_IMPORT_REVIEW);
  gtk_widget_init_template (GTK_WIDGET (self));
  add_drop_target (self);
  show_formats (self);
  update_buttons (self);
  (void) gtk_widget_grab_focus (self->choose_button);
}

void
sp_import_assistant_present (GtkWindow *parent, SpSession *session)
{
  GtkWidget *self;

  g_return_if_fail (GTK_IS_WINDOW (parent) && SP_IS_SESSION (session));
  g_return_if_fail (sp_session_is_open (session));

  self = g_object_new (SP_TYPE_IMPORT_ASSISTANT, "session", session, "transient-for", parent, NULL);
  sp_modal_keep_focus (GTK_WINDOW (self), parent);
  gtk_window_present (GTK_WINDOW (self));
}
