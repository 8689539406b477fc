/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The session is OPENING from the moment the key is found right until all is done; nothing of the vault can be seen meanwhile.
 * Whoever closes the dialog, or does not come back before the vault locks by itself, gives up. */

#define G_LOG_DOMAIN "sp-recovery-dialog"

#include "config.h"

#include "ui/sp-recovery-dialog.h"

#include <glib/gi18n.h>

#include "services/sp-session-recovery.h"
#include "ui/sp-error-text.h"
#include "ui/sp-modal.h"
#include "ui/sp-new-password.h"
#include "ui/sp-recovery-entry.h"
#include "ui/sp-recovery-sheet.h"
#include "ui/sp-shown-text.h"
#include "ui/sp-ui.h"
#include "ui/sp-window.h"

#define SUFFIX ".securepass"

struct _SpRecoveryDialog {
  AdwWindow parent_instance;

  SpSession *session;        /* (owned) (nullable) */
  SpClipboard *clipboard;    /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) (nullable) while something is under way */
  char *vault;               /* its name, as far as it is known */

  GtkWidget *busy_box;
  GtkLabel *busy_label;
  GtkButton *continue_button;
  SpRecoveryEntry *key_entry;
  GtkLabel *lost_label;
  GtkLabel *message_label;
  SpNewPassword *new_password;
  GtkStack *pages;
  GtkProgressBar *progress_bar;
  SpRecoverySheet *sheet;
  GtkSpinner *spinner;
};

G_DEFINE_FINAL_TYPE (SpRecoveryDialog, sp_recovery_dialog, ADW_TYPE_WINDOW)

/* ---- what is shown ---------------------------------------------------------------------------------- */

static gboolean
is_on (SpRecoveryDialog *self, const char *page)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->pages), page) == 0;
}

static gboolean
can_continue (SpRecoveryDialog *self)
{
  if (is_on (self, "key"))
    return sp_recovery_entry_is_complete (self->key_entry);
  return is_on (self, "password") && sp_new_password_is_acceptable (self->new_password);
}

static void
update (SpRecoveryDialog *self)
{
  gboolean busy = self->cancellable != NULL;

  gtk_widget_set_visible (self->busy_box, busy && !is_on (self, "progress"));
  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->pages), !busy);
  gtk_widget_set_visible (GTK_WIDGET (self->continue_button),
                          is_on (self, "key") || is_on (self, "password"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->continue_button), !busy && can_continue (self));
}

static void
show_message (SpRecoveryDialog *self, const char *text)
{
  gtk_label_set_text (self->message_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message_label), text != NULL);
}

static void
go_to (SpRecoveryDialog *self, const char *page)
{
  gtk_stack_set_visible_child_name (self->pages, page);
  show_message (self, NULL);
  update (self);
}

static void
begin (SpRecoveryDialog *self, const char *text)
{
  gtk_label_set_text (self->busy_label, text);
  show_message (self, NULL);
  self->cancellable = g_cancellable_new ();
  update (self);
}

/* FALSE when there is nobody to tell any more. */
static gboolean
end (SpRecoveryDialog *self, const GError *error)
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
changed_cb (SpRecoveryDialog *self)
{
  show_message (self, NULL);
  update (self);
}

/* ---- the key ---------------------------------------------------------------------------------------- */

/* The sentences of sp_error_text() are about passwords. */
static const char *
get_key_error (const GError *error)
{
  if (g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY))
    return _("The recovery key is complete, but it is not, or no longer, one of this vault.");
  if (g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_EXPIRED))
    return _("The time of this recovery key is over, if this computer’s date is right. Nothing was "
             "changed.");
  return NULL;
}

static void
unlocked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpRecoveryDialog) self = SP_RECOVERY_DIALOG (user_data);
  SpSession *session = SP_SESSION (object);
  g_autoptr (GError) error = NULL;
  gboolean ok = sp_session_unlock_finish (session, result, &error);

  if (!end (self, ok || get_key_error (error) != NULL ? NULL : error))
    return;
  if (!ok) {
    if (get_key_error (error) != NULL)
      sp_recovery_entry_show_error (self->key_entry, get_key_error (error));
    (void) gtk_widget_grab_focus (GTK_WIDGET (self->key_entry));
  } else if (sp_session_is_recovering (session)) {
    go_to (self, "password");
    sp_new_password_focus (self->new_password);
  }
}

static void
use_key (SpRecoveryDialog *self)
{
  g_autoptr (SpSecret) key = sp_recovery_entry_dup_key (self->key_entry);
  const SpKeyslotFactors factors = { .secret = key };

  if (key == NULL || sp_session_get_state (self->session) != SP_SESSION_LOCKED)
    return;
  begin (self, _("Trying the recovery key…"));
  sp_session_unlock_with_async (self->session, SP_SLOT_RECOVERY, &factors, self->cancellable,
                                unlocked_cb, g_object_ref (self));
}

/* ---- the password ----------------------------------------------------------------------------------- */

/* Other passwords: recovery keys have their successors. */
static void
show_lost (SpRecoveryDialog *self, const GPtrArray *lost)
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
  g_autoptr (SpRecoveryDialog) self = SP_RECOVERY_DIALOG (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (SpKeyPlan) plan = sp_session_plan_finish (SP_SESSION (object), result, &error);

  if (!end (self, error) || plan == NULL)
    return;
  show_lost (self, plan->lost);
  sp_recovery_sheet_begin (self->sheet, self->clipboard, self->vault, plan->keys);
  go_to (self, "sheet");
}

static void
set_password (SpRecoveryDialog *self)
{
  g_autoptr (SpSecret) password = sp_new_password_dup_secret (self->new_password);
  const SpKeyslotFactors factors = { .secret = password };

  sp_new_password_conceal (self->new_password);
  begin (self, _("Preparing the new master password…"));
  sp_session_plan_recovery_async (self->session, &factors, self->cancellable, planned_cb,
                                  g_object_ref (self));
}

static void
continue_cb (SpRecoveryDialog *self)
{
  if (self->cancellable != NULL || !can_continue (self))
    return;
  if (is_on (self, "key"))
    use_key (self);
  else
    set_password (self);
}

/* ---- the end ---------------------------------------------------------------------------------------- */

static void
progress_cb (guint64 done, guint64 total, gpointer user_data)
{
  SpRecoveryDialog *self = SP_RECOVERY_DIALOG (user_data);

  if (self->session != NULL && total > 0)
    gtk_progress_bar_set_fraction (self->progress_bar, (double) done / (double) total);
}

static void
rotated_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpRecoveryDialog) self = SP_RECOVERY_DIALOG (user_data);
  g_autoptr (GtkWindow) parent = NULL;
  g_autoptr (GError) error = NULL;
  gboolean ok = sp_session_rotate_finish (SP_SESSION (object), result, &error);

  if (!end (self, error))
    return;
  if (!ok) {
    gtk_stack_set_visible_child_name (self->pages, "sheet");
    update (self);
    return;
  }
  g_set_object (&parent, gtk_window_get_transient_for (GTK_WINDOW (self)));
  gtk_window_destroy (GTK_WINDOW (self));
  if (parent != NULL)
    sp_window_toast (GTK_WIDGET (parent),
                     _("The new master password holds, and the old recovery keys are void"));
}

static void
confirmed_cb (SpRecoveryDialog *self)
{
  gtk_progress_bar_set_fraction (self->progress_bar, 0);
  begin (self, "");
  go_to (self, "progress");
  sp_session_rotate_async (self->session, progress_cb, self, self->cancellable, rotated_cb,
                           g_object_ref (self));
}

/* ---- the object ------------------------------------------------------------------------------------- */

/* Locked, it was given up. Open without a new password, it is a vault that cannot be written, and is shown as it is. */
static void
session_state_cb (SpRecoveryDialog *self)
{
  SpSessionState state = sp_session_get_state (self->session);

  if ((state == SP_SESSION_LOCKED && !is_on (self, "key")) ||
      (state == SP_SESSION_OPEN && is_on (self, "key")))
    gtk_window_destroy (GTK_WINDOW (self));
}

static gboolean
sp_recovery_dialog_close_request (GtkWindow *window)
{
  SpRecoveryDialog *self = SP_RECOVERY_DIALOG (window);

  /* What has begun to be written is called off, or done: the answer says which. */
  if (self->cancellable != NULL && is_on (self, "progress")) {
    g_cancellable_cancel (self->cancellable);
    return TRUE;
  }
  g_cancellable_cancel (self->cancellable);
  if (sp_session_get_state (self->session) == SP_SESSION_OPENING)
    sp_session_lock (self->session, SP_LOCK_BY_USER);
  return GTK_WINDOW_CLASS (sp_recovery_dialog_parent_class)->close_request (window);
}

static void
sp_recovery_dialog_dispose (GObject *object)
{
  SpRecoveryDialog *self = SP_RECOVERY_DIALOG (object);

  if (self->sheet != NULL)
    sp_recovery_sheet_clear (self->sheet);
  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_RECOVERY_DIALOG);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->clipboard);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sp_recovery_dialog_parent_class)->dispose (object);
}

static void
sp_recovery_dialog_finalize (GObject *object)
{
  g_free (SP_RECOVERY_DIALOG (object)->vault);
  G_OBJECT_CLASS (sp_recovery_dialog_parent_class)->finalize (object);
}

static void
sp_recovery_dialog_class_init (SpRecoveryDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sp_recovery_dialog_dispose;
  object_class->finalize = sp_recovery_dialog_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = sp_recovery_dialog_close_request;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               SP_UI_RESOURCE "/sp-recovery-dialog.ui");
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, confirmed_cb);
  gtk_widget_class_bind_template_callback (widget_class, continue_cb);
  gtk_widget_class_bind_template_child (widget_class, SpRecoveryDialog, busy_box);
  gtk_widget_class_bind_template_child (widget_class, SpRecoveryDialog, busy_label);
  gtk_widget_class_bind_template_child (widget_class, SpRecoveryDialog, continue_button);
  gtk_widget_class_bind_template_child (widget_class, SpRecoveryDialog, key_entry);
  gtk_widget_class_bind_template_child (widget_class, SpRecoveryDialog, lost_label);
  gtk_widget_class_bind_template_child (widget_class, SpRecoveryDialog, message_label);
  gtk_widget_class_bind_template_child (widget_class, SpRecoveryDialog, new_password);
  gtk_widget_class_bind_template_child (widget_class, SpRecoveryDialog, pages);
  gtk_widget_class_bind_template_child (widget_class, SpRecoveryDialog, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, SpRecoveryDialog, sheet);
  gtk_widget_class_bind_template_child (widget_class, SpRecoveryDialog, spinner);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
sp_recovery_dialog_init (SpRecoveryDialog *self)
{
  g_type_ensure (SP_TYPE_NEW_PASSWORD);
  g_type_ensure (SP_TYPE_RECOVERY_ENTRY);
  g_type_ensure (SP_TYPE_RECOVERY_SHEET);
  gtk_widget_init_template (GTK_WIDGET (self));
}

static char *
dup_name_of_file (const char *path)
{
  g_autofree char *name = g_filename_display_basename (path);

  if (strlen (name) > strlen (SUFFIX) && g_str_has_suffix (name, SUFFIX))
    name[strlen (name) - strlen (SUFFIX)] = '\0';
  return g_steal_pointer (&name);
}

GtkWindow *
sp_recovery_dialog_new (GtkWindow *parent, SpSession *session, SpClipboard *clipboard)
{
  SpRecoveryDialog *self = g_object_new (SP_TYPE_RECOVERY_DIALOG, "transient-for", parent, NULL);

  self->session = g_object_ref (session);
  self->clipboard = g_object_ref (clipboard);
  self->vault = dup_name_of_file (sp_session_get_path (session));
  sp_new_password_set_name (self->new_password, self->vault);
  g_signal_connect_object (session, "notify::state", G_CALLBACK (session_state_cb), self,
                           G_CONNECT_SWAPPED);
  sp_modal_keep_focus (GTK_WINDOW (self), parent);
  update (self);
  (void) gtk_widget_grab_focus (GTK_WIDGET (self->key_entry));
  return GTK_WINDOW (self);
}
