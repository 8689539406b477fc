/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-salvage-dialog"

#include "config.h"

#include "ui/sp-salvage-dialog.h"

#include <glib/gi18n.h>

#include "services/sp-session-keys.h"
#include "ui/sp-error-text.h"
#include "ui/sp-secret-row.h"
#include "ui/sp-shown-path.h"
#include "ui/sp-ui.h"

#define TARGET_SUFFIX "-salvaged"

struct _SpSalvageDialog {
  AdwWindow parent_instance;

  SpSession *session;        /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) (nullable) while it is being done */
  char *target_path;

  GtkWidget *busy_box;
  GtkButton *cancel_button;
  AdwStatusPage *done_page;
  AdwPreferencesGroup *group;
  GtkLabel *message_label;
  GtkStack *pages;
  SpSecretRow *password_row;
  GtkWidget *salvage_button;
  GtkSpinner *spinner;
};

G_DEFINE_FINAL_TYPE (SpSalvageDialog, sp_salvage_dialog, ADW_TYPE_WINDOW)

static void
update (SpSalvageDialog *self)
{
  gboolean busy = self->cancellable != NULL;

  gtk_widget_set_visible (self->busy_box, busy);
  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->password_row), !busy);
  gtk_widget_set_sensitive (self->salvage_button,
                            !busy && !sp_secret_row_is_empty (self->password_row));
}

static void
show_message (SpSalvageDialog *self, const char *text)
{
  gtk_label_set_text (self->message_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message_label), text != NULL);
}

static void
show_target (SpSalvageDialog *self)
{
  g_autofree char *shown = sp_dup_shown_path (self->target_path);
  g_autofree char *escaped = g_markup_escape_text (shown, -1);
  /* Translators: %s is the path of the file that the new vault will be. */
  g_autofree char *text = g_strdup_printf (
      _("All that can be read is brought into a new vault with the same password: the file %s"),
         escaped);

  adw_preferences_group_set_description (self->group, text);
}

static void
password_changed_cb (SpSalvageDialog *self)
{
  show_message (self, NULL);
  update (self);
}

/* ---- salvaging -------------------------------------------------------------------------------------- */

static void
take_line (GString *text, char *line)
{
  if (text->len > 0)
    g_string_append_c (text, '\n');
  g_string_append (text, line);
  g_free (line);
}

static void
show_done (SpSalvageDialog *self, const SpSalvageReport *report)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint n = report->n_items;

  take_line (
      text, g_strdup_printf (
                ngettext ("%u item was brought into it.", "%u items were brought into it.", n), n));
  n = report->n_unproven;
  if (n > 0)
    take_line (text,
               g_strdup_printf (ngettext ("%u of them may be older than it was, or purged.",
                                          "%u of them may be older than they were, or purged.", n),
                                n));
  n = report->n_lost;
  if (n > 0)
    take_line (text, g_strdup_printf (ngettext ("%u item is lost.", "%u items are lost.", n), n));
  n = report->n_attachments_lost;
  if (n > 0)
    take_line (text, g_strdup_printf (
                         ngettext ("%u attachment is lost.", "%u attachments are lost.", n), n));
  adw_status_page_set_description (self->done_page, text->str);
  gtk_button_set_label (self->cancel_button, _("_Close"));
  gtk_widget_set_visible (self->salvage_button, FALSE);
  gtk_stack_set_visible_child_name (self->pages, "done");
}

static void
salvaged_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpSalvageDialog) self = SP_SALVAGE_DIALOG (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (SpSalvageReport) report = sp_session_salvage_finish (SP_SESSION (object), result,
                                                                  &error);

  if (self->session == NULL) /* disposed */
    return;
  g_clear_object (&self->cancellable);
  update (self);
  if (report != NULL) {
    show_done (self, report);
  } else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_autofree char *text = sp_error_text (error);

    show_message (self, text);
    sp_secret_row_select (self->password_row);
  }
}

static void
salvage_cb (SpSalvageDialog *self)
{
  g_autoptr (SpSecret) password = NULL;

  if (!gtk_widget_get_sensitive (self->salvage_button))
    return;
  password = sp_secret_row_dup_secret (self->password_row);
  sp_secret_row_set_revealed (self->password_row, FALSE);
  show_message (self, NULL);
  self->cancellable = g_cancellable_new ();
  update (self);
  sp_session_salvage_async (self->session, password, self->target_path, self->cancellable,
                            salvaged_cb, g_object_ref (self));
}

/* Locking takes this dialog with it. */
static void
open_cb (SpSalvageDialog *self)
{
  g_autoptr (SpSession) session = g_object_ref (self->session);
  g_autofree char *path = g_strdup (self->target_path);

  sp_session_lock (session, SP_LOCK_BY_USER);
  sp_session_set_path (session, path);
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
session_state_cb (SpSalvageDialog *self)
{
  if (!sp_session_is_open (self->session))
    gtk_window_destroy (GTK_WINDOW (self));
}

static gboolean
sp_salvage_dialog_close_request (GtkWindow *window)
{
  g_cancellable_cancel (SP_SALVAGE_DIALOG (window)->cancellable);
  return GTK_WINDOW_CLASS (sp_salvage_dialog_parent_class)->close_request (window);
}

static void
sp_salvage_dialog_dispose (GObject *object)
{
  SpSalvageDialog *self = SP_SALVAGE_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_SALVAGE_DIALOG);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sp_salvage_dialog_parent_class)->dispose (object);
}

static void
sp_salvage_dialog_finalize (GObject *object)
{
  g_free (SP_SALVAGE_DIALOG (object)->target_path);
  G_OBJECT_CLASS (sp_salvage_dialog_parent_class)->finalize (object);
}

static void
sp_salvage_dialog_class_init (SpSalvageDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sp_salvage_dialog_dispose;
  object_class->finalize = sp_salvage_dialog_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = sp_salvage_dialog_close_request;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               SP_UI_RESOURCE "/sp-salvage-dialog.ui");
  gtk_widget_class_bind_template_callback (widget_class, open_cb);
  gtk_widget_class_bind_template_callback (widget_class, password_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, salvage_cb);
  gtk_widget_class_bind_template_child (widget_class, SpSalvageDialog, busy_box);
  gtk_widget_class_bind_template_child (widget_class, SpSalvageDialog, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, SpSalvageDialog, done_page);
  gtk_widget_class_bind_template_child (widget_class, SpSalvageDialog, group);
  gtk_widget_class_bind_template_child (widget_class, SpSalvageDialog, message_label);
  gtk_widget_class_bind_template_child (widget_class, SpSalvageDialog, pages);
  gtk_widget_class_bind_template_child (widget_class, SpSalvageDialog, password_row);
  gtk_widget_class_bind_template_child (widget_class, SpSalvageDialog, salvage_button);
  gtk_widget_class_bind_template_child (widget_class, SpSalvageDialog, spinner);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
sp_salvage_dialog_init (SpSalvageDialog *self)
{
  g_type_ensure (SP_TYPE_SECRET_ROW);
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
sp_salvage_dialog_new (GtkWindow *parent, SpSession *session)
{
  SpSalvageDialog *self = g_object_new (SP_TYPE_SALVAGE_DIALOG, "transient-for", parent, NULL);

  self->session = g_object_ref (session);
  self->target_path = sp_dup_free_path_beside (sp_session_get_path (session), TARGET_SUFFIX);
  show_target (self);
  g_signal_connect_object (session, "notify::state", G_CALLBACK (session_state_cb), self,
                           G_CONNECT_SWAPPED);
  (void) gtk_widget_grab_focus (GTK_WIDGET (self->password_row));
  return GTK_WINDOW (self);
}
