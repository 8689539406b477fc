/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Nothing is written before all new recovery keys are on paper. */

#define G_LOG_DOMAIN "sp-rotation-dialog"

#include "config.h"

#include "ui/sp-rotation-dialog.h"

#include <glib/gi18n.h>

#include "services/sp-session-recovery.h"
#include "ui/sp-error-text.h"
#include "ui/sp-modal.h"
#include "ui/sp-recovery-sheet.h"
#include "ui/sp-secret-row.h"
#include "ui/sp-shown-text.h"
#include "ui/sp-ui.h"

struct _SpRotationDialog {
  AdwWindow parent_instance;

  SpSession *session;        /* (owned) (nullable) */
  SpClipboard *clipboard;    /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) (nullable) while something is under way */
  gboolean revokes;
  SpId revoked;

  GtkWidget *busy_box;
  GtkWidget *continue_button;
  AdwPreferencesGroup *group;
  GtkLabel *lost_label;
  GtkLabel *message_label;
  GtkStack *pages;
  SpSecretRow *password_row;
  GtkProgressBar *progress_bar;
  SpRecoverySheet *sheet;
  GtkSpinner *spinner;
};

G_DEFINE_FINAL_TYPE (SpRotationDialog, sp_rotation_dialog, ADW_TYPE_WINDOW)

static gboolean
is_on (SpRotationDialog *self, const char *page)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->pages), page) == 0;
}

static void
update (SpRotationDialog *self)
{
  gboolean busy = self->cancellable != NULL;

  gtk_widget_set_visible (self->busy_box, busy && !is_on (self, "progress"));
  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->pages), !busy);
  gtk_widget_set_visible (self->continue_button, is_on (self, "password"));
  gtk_widget_set_sensitive (self->continue_button,
                            !busy && !sp_secret_row_is_empty (self->password_row));
}

static void
show_message (SpRotationDialog *self, const char *text)
{
  gtk_label_set_text (self->message_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message_label), text != NULL);
}

static void
go_to (SpRotationDialog *self, const char *page)
{
  gtk_stack_set_visible_child_name (self->pages, page);
  show_message (self, NULL);
  update (self);
}

static void
begin (SpRotationDialog *self)
{
  show_message (self, NULL);
  self->cancellable = g_cancellable_new ();
  update (self);
}

/* FALSE when there is nobody to tell any more. */
static gboolean
end (SpRotationDialog *self, const GError *error)
{
  if (self->session == NULL)
    return FALSE;
  g_clear_object (&self->cancellable);
  update (self);
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_autofree char *text = sp_error_text (error);

    show_message (self, text);
  }
  return TRUE;
}

static void
password_changed_cb (SpRotationDialog *self)
{
  show_message (self, NULL);
  update (self);
}

/* ---- carrying it out -------------------------------------------------------------------------------- */

static void
progress_cb (guint64 done, guint64 total, gpointer user_data)
{
  SpRotationDialog *self = SP_ROTATION_DIALOG (user_data);

  if (self->session != NULL && total > 0)
    gtk_progress_bar_set_fraction (self->progress_bar, (double) done / (double) total);
}

static void
rotated_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpRotationDialog) self = SP_ROTATION_DIALOG (user_data);
  g_autoptr (GError) error = NULL;
  gboolean ok = sp_session_rotate_finish (SP_SESSION (object), result, &error);

  if (!end (self, error))
    return;
  if (ok) {
    gtk_window_destroy (GTK_WINDOW (self));
    return;
  }
  /* What was planned may not hold any more: from the beginning. */
  gtk_stack_set_visible_child_name (self->pages, "password");
  update (self);
}

static void
rotate (SpRotationDialog *self)
{
  gtk_progress_bar_set_fraction (self->progress_bar, 0);
  begin (self);
  gtk_stack_set_visible_child_name (self->pages, "progress");
  update (self);
  sp_session_rotate_async (self->session, progress_cb, self, self->cancellable, rotated_cb,
                           g_object_ref (self));
}

/* ---- planning --------------------------------------------------------------------------------------- */

static void
show_lost (SpRotationDialog *self, const GPtrArray *lost)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < lost->len; i++) {
    const SpSlotInfo *slot = g_ptr_array_index (lost, i);
    g_autofree char *name = sp_dup_shown_text (slot->name, SP_SHOWN_TITLE_MAX);

    if (text->len > 0)
      g_string_append_c (text, '\n');
    /* Translators: %s is the name of a key slot. */
    g_string_append_printf (text, _("The key slot “%s” will no longer open the vault."),
                                     *name != '\0' ? name : C_ ("key slot", "without a name"));
  }
  gtk_label_set_text (self->lost_label, text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->lost_label), text->len > 0);
}

static void
planned_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpRotationDialog) self = SP_ROTATION_DIALOG (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (SpKeyPlan) plan = sp_session_plan_finish (SP_SESSION (object), result, &error);
  const char *name;

  if (!end (self, error))
    return;
  if (plan == NULL) {
    sp_secret_row_select (self->password_row);
    return;
  }
  show_lost (self, plan->lost);
  name = sp_session_get_name (self->session);
  gtk_widget_set_visible (GTK_WIDGET (self->sheet), plan->keys->len > 0);
  if (plan->keys->len > 0)
    sp_recovery_sheet_begin (self->sheet, self->clipboard, name != NULL ? name : "", plan->keys);
  if (plan->keys->len > 0)
    go_to (self, "sheet");
  else
    go_to (self, "ready");
}

static void
continue_cb (SpRotationDialog *self)
{
  g_autoptr (SpSecret) password = sp_secret_row_dup_secret (self->password_row);
  const SpKeyslotFactors factors = { .secret = password };

  if (self->cancellable != NULL || sp_secret_is_empty (password))
    return;
  sp_secret_row_set_revealed (self->password_row, FALSE);
  begin (self);
  sp_session_plan_rotation_async (self->session, &factors, self->revokes ? &self->revoked : NULL,
                                  self->cancellable, planned_cb, g_object_ref (self));
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
session_state_cb (SpRotationDialog *self)
{
  if (!sp_session_is_open (self->session))
    gtk_window_destroy (GTK_WINDOW (self));
}

static gboolean
sp_rotation_dialog_close_request (GtkWindow *window)
{
  SpRotationDialog *self = SP_ROTATION_DIALOG (window);

  g_cancellable_cancel (self->cancellable);
  /* What has begun to be written is called off, or done: the answer says which. */
  if (self->cancellable != NULL && is_on (self, "progress"))
    return TRUE;
  return GTK_WINDOW_CLASS (sp_rotation_dialog_parent_class)->close_request (window);
}

static void
sp_rotation_dialog_dispose (GObject *object)
{
  SpRotationDialog *self = SP_ROTATION_DIALOG (object);

  if (self->sheet != NULL)
    sp_recovery_sheet_clear (self->sheet);
  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_ROTATION_DIALOG);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->clipboard);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sp_rotation_dialog_parent_class)->dispose (object);
}

static void
sp_rotation_dialog_class_init (SpRotationDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sp_rotation_dialog_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = sp_rotation_dialog_close_request;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               SP_UI_RESOURCE "/sp-rotation-dialog.ui");
  gtk_widget_class_bind_template_callback (widget_class, continue_cb);
  gtk_widget_class_bind_template_callback (widget_class, password_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, rotate);
  gtk_widget_class_bind_template_child (widget_class, SpRotationDialog, busy_box);
  gtk_widget_class_bind_template_child (widget_class, SpRotationDialog, continue_button);
  gtk_widget_class_bind_template_child (widget_class, SpRotationDialog, group);
  gtk_widget_class_bind_template_child (widget_class, SpRotationDialog, lost_label);
  gtk_widget_class_bind_template_child (widget_class, SpRotationDialog, message_label);
  gtk_widget_class_bind_template_child (widget_class, SpRotationDialog, pages);
  gtk_widget_class_bind_template_child (widget_class, SpRotationDialog, password_row);
  gtk_widget_class_bind_template_child (widget_class, SpRotationDialog, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, SpRotationDialog, sheet);
  gtk_widget_class_bind_template_child (widget_class, SpRotationDialog, spinner);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
sp_rotation_dialog_init (SpRotationDialog *self)
{
  g_type_ensure (SP_TYPE_RECOVERY_SHEET);
  g_type_ensure (SP_TYPE_SECRET_ROW);
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
sp_rotation_dialog_new (GtkWindow *parent,
                        SpSession *session,
                        SpClipboard *clipboard,
                        const SpSlotInfo *revoked)
{
  SpRotationDialog *self = g_object_new (SP_TYPE_ROTATION_DIALOG, "transient-for", parent, NULL);

  self->session = g_object_ref (session);
  self->clipboard = g_object_ref (clipboard);
  if (revoked != NULL) {
    g_autofree char *name = sp_dup_shown_text (revoked->name, SP_SHOWN_TITLE_MAX);
    /* Translators: %s is the name of a key slot. */
    g_autofree char *title = g_strdup_printf (
        _("Revoke “%s”"), *name != '\0' ? name : C_ ("key slot", "without a name"));
    g_autofree char *escaped = g_markup_escape_text (title, -1);

    self->revokes = TRUE;
    self->revoked = revoked->id;
    adw_preferences_group_set_title (self->group, escaped);
  }
  sp_modal_keep_focus (GTK_WINDOW (self), parent);
  g_signal_connect_object (session, "notify::state", G_CALLBACK (session_state_cb), self,
                           G_CONNECT_SWAPPED);
  update (self);
  (void) gtk_widget_grab_focus (GTK_WIDGET (self->password_row));
  return GTK_WINDOW (self);
}
