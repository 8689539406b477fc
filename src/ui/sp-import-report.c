/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-import-report"

#include "config.h"

#include "ui/sp-import-report.h"

#include <glib/gi18n.h>

#include "ui/sp-error-text.h"
#include "ui/sp-import-undo.h"
#include "ui/sp-shown-path.h"
#include "ui/sp-ui.h"

#define MAX_NOTE_ROWS 100u /* of each kind; how many more there are is said */
#define MAX_TITLE_LEN 200  /* characters */

struct _SpImportReport {
  AdwBin parent_instance;

  SpSession *session;        /* (owned) (nullable) */
  GFile *file;               /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) */
  GtkWidget *question;       /* (nullable) weak */

  AdwPreferencesGroup *counts_group;
  GtkWidget *delete_button;
  AdwPreferencesGroup *file_group;
  AdwActionRow *file_row;
  GtkLabel *headline;
  GtkImage *icon;
  AdwPreferencesGroup *notes_group;
  GtkWidget *undo_button;
  AdwPreferencesGroup *undo_group;
};

G_DEFINE_FINAL_TYPE (SpImportReport, sp_import_report, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SESSION,
  N_PROPS,
};

enum {
  SIGNAL_UNDONE,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static const char *const note_titles[] = {
  [SP_IMPORT_NOTE_DUPLICATE] = N_ ("In the vault already, left out"),
  [SP_IMPORT_NOTE_REPEATED] = N_ ("The same as an earlier row, left out"),
  [SP_IMPORT_NOTE_BAD_OTP] = N_ ("No one-time code can be made of what stands there"),
  [SP_IMPORT_NOTE_LONG_ROW] = N_ ("More cells than the table has columns; kept as hidden fields"),
  [SP_IMPORT_NOTE_UNTITLED] = N_ ("Had no title, and got one"),
};

/* ---- counts ----------------------------------------------------------------------------------------- */

static void
add_count (SpImportReport *self, const char *title, guint n)
{
  GtkWidget *row;
  GtkWidget *label;
  /* Translators: a number, with separators between thousands. */
  g_autofree char *number = g_strdup_printf (_ ("%'u"), n);

  if (n == 0)
    return;
  row = adw_action_row_new ();
  label = gtk_label_new (number);
  gtk_widget_add_css_class (label, "numeric");
  gtk_widget_add_css_class (label, "dim-label");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  adw_preferences_group_add (self->counts_group, row);
}

static void
show_counts (SpImportReport *self, const SpImportSummary *summary)
{
  add_count (self, _ ("Rows in the file"), summary->n_rows);
  add_count (self, _ ("New items"), summary->n_added);
  add_count (self, _ ("Items updated"), summary->n_updated);
  add_count (self, _ ("Left out, as they are there already"), summary->n_skipped);
  add_count (self, _ ("Empty rows"), summary->n_blank);
}

/* ---- notes ------------------------------------------------------------------------------------------ */

/* The item's title, for as long as it is there. */
static char *
dup_title (SpImportReport *self, guint64 number)
{
  SpSnapshot *snapshot = self->session != NULL ? sp_session_get_snapshot (self->session) : NULL;
  SpPosition position = SP_POSITION_NONE;
  SpOverview overview;

  if (snapshot != NULL && number != 0)
    position = sp_snapshot_find_number (snapshot, number);
  if (position == SP_POSITION_NONE)
    return NULL;
  sp_snapshot_get_overview (snapshot, position, &overview);
  if (g_utf8_strlen (overview.title, -1) > MAX_TITLE_LEN)
    return g_utf8_substring (overview.title, 0, MAX_TITLE_LEN);
  return g_strdup (overview.title);
}

static void
add_note (SpImportReport *self, AdwExpanderRow *expander, const SpImportNote *note)
{
  GtkWidget *row = adw_action_row_new ();
  /* Translators: a row of a table, by its number; 1 is the first line of the file. */
  g_autofree char *place = g_strdup_printf (_ ("Row %'u"), note->row);
  g_autofree char *title = dup_title (self, note->number);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  if (title != NULL) {
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), g_strdelimit (title, "\r\n\t", ' '));
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), place);
  } else {
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), place);
  }
  adw_expander_row_add_row (expander, row);
}

static void
show_notes_of (SpImportReport *self, const GArray *notes, SpImportNoteKind kind)
{
  GtkWidget *row = g_object_ref_sink (adw_expander_row_new ());
  AdwExpanderRow *expander = ADW_EXPANDER_ROW (row);
  g_autofree char *subtitle = NULL;
  guint n = 0;

  for (guint i = 0; i < notes->len; i++) {
    const SpImportNote *note = &g_array_index (notes, SpImportNote, i);

    if (note->kind != kind)
      continue;
    if (n < MAX_NOTE_ROWS)
      add_note (self, expander, note);
    n++;
  }
  if (n > MAX_NOTE_ROWS)
    /* Translators: the first %2$'u of %1$'u rows are listed. */
    subtitle = g_strdup_printf (_ ("%1$'u rows; the first %2$'u are listed"), n, MAX_NOTE_ROWS);
  else
    /* Translators: %'u is the number of rows of a table. */
    subtitle = g_strdup_printf (ngettext ("%'u row", "%'u rows", n), n);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (note_titles[kind]));
  adw_expander_row_set_subtitle (expander, subtitle);
  if (n > 0)
    adw_preferences_group_add (self->notes_group, row);
  g_object_unref (row);
}

static void
show_notes (SpImportReport *self, const GArray *notes)
{
  for (gsize kind = 0; kind < G_N_ELEMENTS (note_titles); kind++)
    show_notes_of (self, notes, (SpImportNoteKind) kind);
  gtk_widget_set_visible (GTK_WIDGET (self->notes_group), notes->len > 0);
}

/* ---- the file --------------------------------------------------------------------------------------- */

static void
show_file (SpImportReport *self)
{
  g_autofree char *name = g_file_get_basename (self->file);
  g_autofree char *shown_name = g_filename_display_name (name);
  g_autoptr (GFile) folder = g_file_get_parent (self->file);
  const char *path = folder != NULL ? g_file_peek_path (folder) : NULL;
  g_autofree char *shown_folder = path != NULL ? sp_dup_shown_path (path)
                                               : g_file_get_uri (self->file);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->file_row), shown_name);
  adw_action_row_set_subtitle (self->file_row, shown_folder);
  adw_preferences_group_set_description (
      self->file_group,
      _ ("Whoever can read it knows every password in it. Delete it, unless it is still needed."));
}

static void
deleted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpImportReport) self = SP_IMPORT_REPORT (user_data);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (g_file_delete_finish (G_FILE (object), result, &error)) {
    gtk_widget_set_visible (self->delete_button, FALSE);
    adw_preferences_group_set_title (self->file_group, _ ("The File Is Deleted"));
    adw_preferences_group_set_description (
        self->file_group, _ ("Copies of it may still be in backups, snapshots or other places."));
    return;
  }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  text = sp_error_text (error);
  gtk_widget_set_sensitive (self->delete_button, TRUE);
  adw_preferences_group_set_title (self->file_group, _ ("The File Could Not Be Deleted"));
  adw_preferences_group_set_description (self->file_group, text);
}

static void
question_response_cb (SpImportReport *self, const char *response)
{
  if (!g_str_equal (response, "delete") || self->file == NULL)
    return;
  gtk_widget_set_sensitive (self->delete_button, FALSE);
  g_file_delete_async (self->file, G_PRIORITY_DEFAULT, self->cancellable, deleted_cb,
                       g_object_ref (self));
}

static void
delete_cb (SpImportReport *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  g_autofree char *name = g_file_get_basename (self->file);
  g_autofree char *shown = g_filename_display_name (name);
  /* Translators: %s is the name of a file. */
  g_autofree char *heading = g_strdup_printf (_ ("Delete “%s”?"), shown);
  GtkWidget *dialog;

  if (self->question != NULL || !GTK_IS_WINDOW (root))
    return;
  dialog = adw_message_dialog_new (GTK_WINDOW (root), heading, NULL);
  adw_message_dialog_set_body (
      ADW_MESSAGE_DIALOG (dialog),
      _ ("It is deleted at once, not moved to the trash. That does not wipe it: what was in it may "
         "be recovered from the disk for some time, and stays in backups, snapshots and "
         "synchronised copies. If that worries you, change the passwords that matter most."));
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"));
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "delete", _ ("_Delete"));
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "delete",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  gtk_window_set_destroy_with_parent (GTK_WINDOW (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (question_response_cb), self,
                           G_CONNECT_SWAPPED);
  g_set_weak_pointer (&self->question, dialog);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- taking it back --------------------------------------------------------------------------------- */

static void
undone_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpImportReport) self = SP_IMPORT_REPORT (user_data);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  guint n_undone;
  guint n_kept;

  if (sp_session_undo_import_finish (SP_SESSION (object), result, &n_undone, &n_kept, &error)) {
    if (self->session == NULL) /* disposed */
      return;
    text = sp_import_undo_dup_text (n_undone, n_kept);
    gtk_image_set_from_icon_name (self->icon, "edit-undo-symbolic");
    gtk_widget_set_visible (GTK_WIDGET (self->counts_group), FALSE);
    gtk_widget_set_visible (GTK_WIDGET (self->notes_group), FALSE);
    gtk_widget_set_visible (GTK_WIDGET (self->undo_group), FALSE);
    g_signal_emit (self, signals[SIGNAL_UNDONE], 0);
  } else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->session == NULL) {
    return;
  } else {
    text = sp_error_text (error);
    gtk_widget_set_sensitive (self->undo_button, TRUE);
  }
  gtk_label_set_text (self->headline, text);
}

static void
undo_cb (SpImportReport *self)
{
  if (self->session == NULL)
    return;
  gtk_widget_set_sensitive (self->undo_button, FALSE);
  sp_session_undo_import_async (self->session, undone_cb, g_object_ref (self));
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
sp_import_report_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SpImportReport *self = SP_IMPORT_REPORT (object);

  switch (prop_id) {
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
sp_import_report_set_property (GObject *object,
                               guint prop_id,
                               const GValue *value,
                               GParamSpec *pspec)
{
  SpImportReport *self = SP_IMPORT_REPORT (object);

  switch (prop_id) {
  case PROP_SESSION:
    if (g_set_object (&self->session, g_value_get_object (value)))
      g_object_notify_by_pspec (object, pspec);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
sp_import_report_dispose (GObject *object)
{
  SpImportReport *self = SP_IMPORT_REPORT (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_weak_pointer (&self->question);
  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_IMPORT_REPORT);
  g_clear_object (&self->file);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sp_import_report_parent_class)->dispose (object);
}

static void
sp_import_report_finalize (GObject *object)
{
  g_object_unref (SP_IMPORT_REPORT (object)->cancellable);
  G_OBJECT_CLASS (sp_import_report_parent_class)->finalize (object);
}

static void
sp_import_report_class_init (SpImportReportClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sp_import_report_dispose;
  object_class->finalize = sp_import_report_finalize;
  object_class->get_property = sp_import_report_get_property;
  object_class->set_property = sp_import_report_set_property;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, SP_TYPE_SESSION,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
                                                      G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SIGNAL_UNDONE] = g_signal_new ("undone", SP_TYPE_IMPORT_REPORT, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, SP_UI_RESOURCE "/sp-import-report.ui");
  gtk_widget_class_bind_template_callback (widget_class, delete_cb);
  gtk_widget_class_bind_template_callback (widget_class, undo_cb);
  gtk_widget_class_bind_template_child (widget_class, SpImportReport, counts_group);
  gtk_widget_class_bind_template_child (widget_class, SpImportReport, delete_button);
  gtk_widget_class_bind_template_child (widget_class, SpImportReport, file_group);
  gtk_widget_class_bind_template_child (widget_class, SpImportReport, file_row);
  gtk_widget_class_bind_template_child (widget_class, SpImportReport, headline);
  gtk_widget_class_bind_template_child (widget_class, SpImportReport, icon);
  gtk_widget_class_bind_template_child (widget_class, SpImportReport, notes_group);
  gtk_widget_class_bind_template_child (widget_class, SpImportReport, undo_button);
  gtk_widget_class_bind_template_child (widget_class, SpImportReport, undo_group);
}

static void
sp_import_report_init (SpImportReport *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

char *
sp_import_report_dup_headline (const SpImportSummary *summary)
{
  guint n = summary->n_added + summary->n_updated;

  if (n == 0)
    return g_strdup (_ ("Nothing new in the file"));
  /* Translators: %'u is a number of items. */
  return g_strdup_printf (ngettext ("%'u item imported", "%'u items imported", n), n);
}

void
sp_import_report_show (SpImportReport *self,
                       GFile *file,
                       const SpImportSummary *summary,
                       const GArray *notes)
{
  g_autofree char *headline = NULL;

  g_return_if_fail (SP_IS_IMPORT_REPORT (self) && self->file == NULL);

  headline = sp_import_report_dup_headline (summary);
  self->file = g_object_ref (file);
  gtk_label_set_text (self->headline, headline);
  gtk_widget_set_visible (GTK_WIDGET (self->undo_group), summary->n_added + summary->n_updated > 0);
  show_counts (self, summary);
  show_notes (self, notes);
  show_file (self);
}
