/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-security-window"

#include "config.h"

#include "ui/sp-security-window.h"

#include <glib/gi18n.h>

#include "services/sp-session-recovery.h"
#include "ui/sp-child-window.h"
#include "ui/sp-error-text.h"
#include "ui/sp-modal.h"
#include "ui/sp-recovery-key-dialog.h"
#include "ui/sp-rotation-dialog.h"
#include "ui/sp-shown-text.h"
#include "ui/sp-shown-time.h"
#include "ui/sp-ui.h"

struct _SpSecurityWindow {
  AdwWindow parent_instance;

  SpSession *session;     /* (owned) (nullable) */
  SpClipboard *clipboard; /* (owned) (nullable) */
  GPtrArray *slots;       /* (element-type SpSlotInfo) (owned) (nullable) as listed last */
  GPtrArray *rows;        /* (element-type GtkWidget) in the group */
  guint n_slots;          /* as the session told last */
  guint32 key_epoch;

  GtkWidget *buttons;
  AdwPreferencesGroup *slots_group;
  GtkLabel *warning_label;
};

G_DEFINE_FINAL_TYPE (SpSecurityWindow, sp_security_window, ADW_TYPE_WINDOW)

/* ---- the slots -------------------------------------------------------------------------------------- */

static const char *
get_kind (const SpSlotInfo *slot)
{
  switch (slot->kind) {
  case SP_SLOT_PASSWORD:
    return (slot->factors & SP_FACTOR_KEY_FILE) != 0 ? _("Master password and key file")
                                                     : _("Master password");
  case SP_SLOT_RECOVERY:
    return _("Recovery key");
  case SP_SLOT_QUICK:
    return _("Quick unlock");
  default:
    return _("Of a later version");
  }
}

static void
take_line (GString *text, char *line)
{
  g_string_append_c (text, '\n');
  g_string_append (text, line);
  g_free (line);
}

static char *
dup_subtitle (const SpSlotInfo *slot)
{
  g_autoptr (GString) text = g_string_new (get_kind (slot));
  g_autofree char *created = sp_shown_date (slot->created_ms);
  g_autofree char *used = slot->used_ms != 0 ? sp_shown_date (slot->used_ms) : NULL;

  /* Translators: %s is a date. */
  take_line (text, g_strdup_printf (_("Made on %s"), created));
  if (used != NULL)
    /* Translators: %s is a date. */
    take_line (text, g_strdup_printf (_("Last used on %s"), used));
  if (slot->expires_ms == SP_SLOT_EXPIRY_UNKNOWN) {
    take_line (text, g_strdup (_("Nobody knows when it expires")));
  } else if (slot->expires_ms != 0) {
    g_autofree char *expires = sp_shown_date (slot->expires_ms);

    /* Translators: %s is a date. */
    take_line (text, g_strdup_printf (_("Expires on %s"), expires));
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static GtkWidget *
make_revoke_button (const char *name, guint position)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (_("Re_voke…"));
  /* Translators: %s is the name of a key slot. */
  g_autofree char *label = g_strdup_printf (_("Revoke “%s”"), name);

  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "security.revoke");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "u", position);
  return button;
}

/* What opened this session stays: it is asked for. */
static GtkWidget *
make_row (const SpSlotInfo *slot, guint position)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *shown = sp_dup_shown_text (slot->name, SP_SHOWN_TITLE_MAX);
  const char *name = *shown != '\0' ? shown : get_kind (slot);
  g_autofree char *subtitle = dup_subtitle (slot);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  if (!slot->is_current)
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), make_revoke_button (name, position));
  return row;
}

static void
show_warning (SpSecurityWindow *self)
{
  guint n_for_good = 0;

  for (guint i = 0; i < self->slots->len; i++) {
    const SpSlotInfo *slot = g_ptr_array_index (self->slots, i);

    n_for_good += slot->kind != SP_SLOT_QUICK && slot->expires_ms == 0;
  }
  gtk_widget_set_visible (GTK_WIDGET (self->warning_label), n_for_good < 2);
}

static void
show_slots (SpSecurityWindow *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->slots_group, g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; i < self->slots->len; i++) {
    GtkWidget *row = make_row (g_ptr_array_index (self->slots, i), i);

    adw_preferences_group_add (self->slots_group, row);
    g_ptr_array_add (self->rows, row);
  }
  show_warning (self);
}

static void
slots_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpSecurityWindow) self = SP_SECURITY_WINDOW (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) slots = sp_session_list_slots_finish (SP_SESSION (object), result, &error);

  if (self->session == NULL) /* disposed */
    return;
  if (slots != NULL) {
    g_clear_pointer (&self->slots, g_ptr_array_unref);
    self->slots = g_steal_pointer (&slots);
    show_slots (self);
  } else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_autofree char *text = sp_error_text (error);

    adw_preferences_group_set_description (self->slots_group, text);
  }
}

static void
session_changed_cb (SpSecurityWindow *self)
{
  const SpVaultInfo *info = sp_session_peek_info (self->session);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "security.revoke",
                                 sp_session_is_writable (self->session));
  gtk_widget_set_sensitive (self->buttons, sp_session_is_writable (self->session));
  if (info == NULL || (info->n_slots == self->n_slots && info->key_epoch == self->key_epoch))
    return;
  self->n_slots = info->n_slots;
  self->key_epoch = info->key_epoch;
  sp_session_list_slots_async (self->session, NULL, slots_cb, g_object_ref (self));
}

/* ---- what is done with them ------------------------------------------------------------------------- */

static void
revoke_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SpSecurityWindow *self = SP_SECURITY_WINDOW (widget);
  guint position = g_variant_get_uint32 (parameter);

  if (self->slots != NULL && position < self->slots->len)
    gtk_window_present (sp_rotation_dialog_new (GTK_WINDOW (self), self->session, self->clipboard,
                                                g_ptr_array_index (self->slots, position)));
}

static void
new_key_cb (SpSecurityWindow *self)
{
  gtk_window_present (
      sp_recovery_key_dialog_new (GTK_WINDOW (self), self->session, self->clipboard, NULL));
}

static void
replace_cb (SpSecurityWindow *self)
{
  gtk_window_present (
      sp_rotation_dialog_new (GTK_WINDOW (self), self->session, self->clipboard, NULL));
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
sp_security_window_dispose (GObject *object)
{
  SpSecurityWindow *self = SP_SECURITY_WINDOW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_SECURITY_WINDOW);
  g_clear_pointer (&self->slots, g_ptr_array_unref);
  g_clear_object (&self->clipboard);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sp_security_window_parent_class)->dispose (object);
}

static void
sp_security_window_finalize (GObject *object)
{
  g_ptr_array_unref (SP_SECURITY_WINDOW (object)->rows);
  G_OBJECT_CLASS (sp_security_window_parent_class)->finalize (object);
}

static void
sp_security_window_class_init (SpSecurityWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sp_security_window_dispose;
  object_class->finalize = sp_security_window_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               SP_UI_RESOURCE "/sp-security-window.ui");
  gtk_widget_class_bind_template_callback (widget_class, new_key_cb);
  gtk_widget_class_bind_template_callback (widget_class, replace_cb);
  gtk_widget_class_bind_template_child (widget_class, SpSecurityWindow, buttons);
  gtk_widget_class_bind_template_child (widget_class, SpSecurityWindow, slots_group);
  gtk_widget_class_bind_template_child (widget_class, SpSecurityWindow, warning_label);
  gtk_widget_class_install_action (widget_class, "security.revoke", "u", revoke_action);
}

static void
sp_security_window_init (SpSecurityWindow *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
sp_security_window_present (GtkWindow *parent, SpSession *session, SpClipboard *clipboard)
{
  SpSecurityWindow *self = g_object_new (SP_TYPE_SECURITY_WINDOW, NULL);

  self->session = g_object_ref (session);
  self->clipboard = g_object_ref (clipboard);
  g_signal_connect_object (session, "changed", G_CALLBACK (session_changed_cb), self,
                           G_CONNECT_SWAPPED);
  session_changed_cb (self);
  sp_child_window_set_up (GTK_WINDOW (self), parent, session);
  sp_modal_keep_focus (GTK_WINDOW (self), parent);
  gtk_window_present (GTK_WINDOW (self));
}
