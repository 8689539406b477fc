/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-check-dialog"

#include "config.h"

#include "ui/sp-check-dialog.h"

#include <glib/gi18n.h>

#include "services/sp-session-keys.h"
#include "ui/sp-error-text.h"
#include "ui/sp-problem-text.h"
#include "ui/sp-salvage-dialog.h"
#include "ui/sp-shown-path.h"
#include "ui/sp-ui.h"
#include "ui/sp-window.h"

/* More rows say no more, and a list box of thousands is slow. */
#define MAX_ROWS    100
#define COPY_SUFFIX "-as-found"

struct _SpCheckDialog {
  AdwWindow parent_instance;

  SpSession *session;        /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) (nullable) while the vault is being checked */
  char *copy_path;           /* (nullable) while that is asked for, or done */
  GPtrArray *rows;           /* (element-type GtkWidget) of the problems */

  GtkWidget *accept_row;
  AdwStatusPage *failed_page;
  GtkLabel *intro_label;
  AdwPreferencesRow *keep_row;
  GtkLabel *message_label;
  GtkStack *pages;
  AdwPreferencesGroup *problems_group;
  GtkProgressBar *progress_bar;
  GtkLabel *progress_label;
  AdwStatusPage *sound_page;
  GtkSpinner *spinner;
};

G_DEFINE_FINAL_TYPE (SpCheckDialog, sp_check_dialog, ADW_TYPE_WINDOW)

static void
show_page (SpCheckDialog *self, const char *name)
{
  gtk_stack_set_visible_child_name (self->pages, name);
  gtk_spinner_set_spinning (self->spinner, g_str_equal (name, "accepting"));
}

static void
show_message (SpCheckDialog *self, const char *text)
{
  gtk_label_set_text (self->message_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message_label), text != NULL);
}

/* ---- what is wrong ---------------------------------------------------------------------------------- */

static char *
dup_date (gint64 time_ms)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time_ms / 1000);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  return local != NULL ? g_date_time_format (local, "%x %R") : g_strdup ("");
}

static char *
dup_intro (SpCheckDialog *self)
{
  const SpVaultInfo *info = sp_session_peek_info (self->session);
  gint64 seen_ms = info != NULL ? info->pin_seen_ms : 0;
  g_autofree char *date = seen_ms > 0 ? dup_date (seen_ms) : NULL;

  switch (sp_session_get_vault_state (self->session)) {
  case SP_VAULT_STATE_DAMAGED:
    return g_strdup (_("Some of what this vault should hold is missing, damaged, or not what it should be. It is "
          "open for reading only, so that nothing more is lost."));
  case SP_VAULT_STATE_OLDER:
    if (date == NULL)
      return g_strdup (_("A newer state of this vault was seen on this computer."));
    /* Translators: %s is a date and a time. */
    return g_strdup_printf (
        _("A newer state of this vault was seen on this computer on %s. This file "
                              "may be a backup that was put back, or somebody exchanged it. It is "
                              "open for reading only."),
           date);
  case SP_VAULT_STATE_FORKED:
    return g_strdup (
        _("This copy of the vault lacks changes that were seen on this computer, and has "
                       "others instead: two copies were changed apart from each other, or somebody "
                       "exchanged the file. It is open for reading only."));
  case SP_VAULT_STATE_READ_ONLY:
  case SP_VAULT_STATE_SOUND:
  default:
    return g_strdup (_("The check found something. All that is not named here holds."));
  }
}

static void
add_row (SpCheckDialog *self, const char *title, const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 2);
  if (subtitle != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_preferences_group_add (self->problems_group, row);
  g_ptr_array_add (self->rows, row);
}

static void
clear_rows (SpCheckDialog *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->problems_group, g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
}

static void
show_problems (SpCheckDialog *self, const GPtrArray *problems)
{
  SpVaultState state = sp_session_get_vault_state (self->session);
  g_autofree char *intro = dup_intro (self);

  clear_rows (self);
  for (guint i = 0; i < MIN (problems->len, MAX_ROWS); i++) {
    const SpProblem *problem = g_ptr_array_index (problems, i);
    g_autofree char *title = sp_problem_dup_subject (problem);
    g_autofree char *text = sp_problem_dup_text (problem);

    add_row (self, title, text);
  }
  if (problems->len > MAX_ROWS) {
    guint more = problems->len - MAX_ROWS;
    g_autofree char *text = g_strdup_printf (ngettext ("And %u more", "And %u more", more), more);

    add_row (self, text, NULL);
  }
  gtk_widget_set_visible (GTK_WIDGET (self->problems_group), problems->len > 0);
  gtk_label_set_text (self->intro_label, intro);
  adw_preferences_row_set_title (self->keep_row, sp_session_is_writable (self->session)
                                 ? _("Leave It as It Is")
                                 : _("Keep It Open for Reading Only"));
  gtk_widget_set_visible (self->accept_row, state != SP_VAULT_STATE_READ_ONLY);
  show_page (self, "problems");
  (void) gtk_widget_grab_focus (GTK_WIDGET (self->keep_row));
}

/* ---- checking --------------------------------------------------------------------------------------- */

static void
progress_cb (guint64 done, guint64 total, gpointer user_data)
{
  SpCheckDialog *self = SP_CHECK_DIALOG (user_data);
  g_autofree char *text = NULL;

  if (self->session == NULL || total == 0)
    return;
  /* Translators: how many items of how many are checked. */
  text = g_strdup_printf (ngettext ("%lu of %lu item", "%lu of %lu items", (gulong) total),
                          (gulong) done, (gulong) total);
  gtk_progress_bar_set_fraction (self->progress_bar, (double) done / (double) total);
  gtk_label_set_text (self->progress_label, text);
}

static void
show_sound (SpCheckDialog *self)
{
  const SpVaultInfo *info = sp_session_peek_info (self->session);
  gulong n_items = info != NULL ? (gulong) (info->n_items + info->n_trashed) : 0;
  g_autofree char *text = g_strdup_printf (
      ngettext ("The item, its earlier versions and attachments, the activity and the file were "
                "checked, and hold.",
                "All %lu items, their earlier versions and attachments, the activity and the file "
                "were checked, and hold.",
                n_items),
      n_items);

  adw_status_page_set_description (self->sound_page, text);
  show_page (self, "sound");
}

static void
checked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpCheckDialog) self = SP_CHECK_DIALOG (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) problems = sp_session_verify_finish (SP_SESSION (object), result, &error);
  SpVaultState state;

  if (self->session == NULL) /* disposed */
    return;
  g_clear_object (&self->cancellable);
  state = sp_session_get_vault_state (self->session);
  if (problems == NULL) {
    g_autofree char *text = sp_error_text (error);
    g_autofree char *escaped = g_markup_escape_text (text, -1);

    adw_status_page_set_description (self->failed_page, escaped);
    show_page (self, "failed");
  } else if (problems->len > 0 || state == SP_VAULT_STATE_OLDER || state == SP_VAULT_STATE_FORKED) {
    show_problems (self, problems);
  } else {
    show_sound (self);
  }
}

static void
check_cb (SpCheckDialog *self)
{
  if (self->cancellable != NULL)
    return;
  show_message (self, NULL);
  gtk_progress_bar_set_fraction (self->progress_bar, 0);
  gtk_label_set_text (self->progress_label, "");
  show_page (self, "running");
  self->cancellable = g_cancellable_new ();
  sp_session_verify_async (self->session, progress_cb, self, self->cancellable, checked_cb,
                           g_object_ref (self));
}

/* ---- what can be done ------------------------------------------------------------------------------- */

static void
keep_cb (SpCheckDialog *self)
{
  gtk_window_close (GTK_WINDOW (self));
}

static void
salvage_cb (SpCheckDialog *self)
{
  gtk_window_present (sp_salvage_dialog_new (GTK_WINDOW (self), self->session));
}

static void
accepted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpCheckDialog) self = SP_CHECK_DIALOG (user_data);
  g_autoptr (GError) error = NULL;
  gboolean ok = sp_session_accept_finish (SP_SESSION (object), result, &error);

  if (self->session == NULL) /* disposed */
    return;
  g_clear_pointer (&self->copy_path, g_free);
  if (ok) {
    GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));

    if (parent != NULL)
      sp_window_toast (GTK_WIDGET (parent), _("The vault can be changed again"));
    gtk_window_destroy (GTK_WINDOW (self));
    return;
  }
  show_page (self, "problems");
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_autofree char *text = sp_error_text (error);

    show_message (self, text);
  }
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, SpCheckDialog *self)
{
  if (self->session == NULL || self->copy_path == NULL)
    return;
  if (!g_str_equal (response, "accept")) {
    g_clear_pointer (&self->copy_path, g_free);
    return;
  }
  show_page (self, "accepting");
  sp_session_accept_async (self->session, self->copy_path, accepted_cb, g_object_ref (self));
}

static void
accept_cb (SpCheckDialog *self)
{
  g_autofree char *shown = NULL;
  GtkWidget *dialog;

  show_message (self, NULL);
  g_free (self->copy_path);
  self->copy_path = sp_dup_free_path_beside (sp_session_get_path (self->session), COPY_SUFFIX);
  shown = sp_dup_shown_path (self->copy_path);
  dialog = adw_message_dialog_new (GTK_WINDOW (self), _("Keep Only What Is Proven?"), NULL);
  adw_message_dialog_format_body (
      ADW_MESSAGE_DIALOG (dialog),
      /* Translators: %s is the path of a file. */
      _("What is damaged or missing is let go, and this state counts as the right one from now on. "
        "The file as it is now is kept as\n%s"),
         shown);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel",
                                    _("_Cancel"), "accept", _("_Keep What Is Proven"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "accept",
                                              ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
session_state_cb (SpCheckDialog *self)
{
  if (!sp_session_is_open (self->session))
    gtk_window_destroy (GTK_WINDOW (self));
}

static gboolean
sp_check_dialog_close_request (GtkWindow *window)
{
  g_cancellable_cancel (SP_CHECK_DIALOG (window)->cancellable);
  return GTK_WINDOW_CLASS (sp_check_dialog_parent_class)->close_request (window);
}

static void
sp_check_dialog_dispose (GObject *object)
{
  SpCheckDialog *self = SP_CHECK_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_CHECK_DIALOG);
  g_ptr_array_set_size (self->rows, 0);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sp_check_dialog_parent_class)->dispose (object);
}

static void
sp_check_dialog_finalize (GObject *object)
{
  SpCheckDialog *self = SP_CHECK_DIALOG (object);

  g_free (self->copy_path);
  g_ptr_array_unref (self->rows);
  G_OBJECT_CLASS (sp_check_dialog_parent_class)->finalize (object);
}

static void
sp_check_dialog_class_init (SpCheckDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sp_check_dialog_dispose;
  object_class->finalize = sp_check_dialog_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = sp_check_dialog_close_request;

  gtk_widget_class_set_template_from_resource (widget_class, SP_UI_RESOURCE "/sp-check-dialog.ui");
  gtk_widget_class_bind_template_callback (widget_class, accept_cb);
  gtk_widget_class_bind_template_callback (widget_class, check_cb);
  gtk_widget_class_bind_template_callback (widget_class, keep_cb);
  gtk_widget_class_bind_template_callback (widget_class, salvage_cb);
  gtk_widget_class_bind_template_child (widget_class, SpCheckDialog, accept_row);
  gtk_widget_class_bind_template_child (widget_class, SpCheckDialog, failed_page);
  gtk_widget_class_bind_template_child (widget_class, SpCheckDialog, intro_label);
  gtk_widget_class_bind_template_child (widget_class, SpCheckDialog, keep_row);
  gtk_widget_class_bind_template_child (widget_class, SpCheckDialog, message_label);
  gtk_widget_class_bind_template_child (widget_class, SpCheckDialog, pages);
  gtk_widget_class_bind_template_child (widget_class, SpCheckDialog, problems_group);
  gtk_widget_class_bind_template_child (widget_class, SpCheckDialog, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, SpCheckDialog, progress_label);
  gtk_widget_class_bind_template_child (widget_class, SpCheckDialog, sound_page);
  gtk_widget_class_bind_template_child (widget_class, SpCheckDialog, spinner);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
sp_check_dialog_init (SpCheckDialog *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
sp_check_dialog_new (GtkWindow *parent, SpSession *session, gboolean check)
{
  SpCheckDialog *self = g_object_new (SP_TYPE_CHECK_DIALOG, "transient-for", parent, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "notify::state", G_CALLBACK (session_state_cb), self,
                           G_CONNECT_SWAPPED);
  if (check)
    check_cb (self);
  else
    show_problems (self, sp_session_peek_problems (session));
  return GTK_WINDOW (self);
}
