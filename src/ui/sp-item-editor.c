/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The widgets are the edit: sp_item_editor_collect() makes the item of them. Whether there are changes is told by
 * comparing it with the one that was collected at the beginning. While there are, SpDraftKeeper keeps them. */

#define G_LOG_DOMAIN "sp-item-editor"

#include "config.h"

#include "ui/sp-item-editor.h"

#include <glib/gi18n.h>

#include "services/sp-session-drafts.h"
#include "services/sp-session-items.h"
#include "ui/sp-date-picker.h"
#include "ui/sp-error-text.h"
#include "ui/sp-item-editor-private.h"
#include "ui/sp-ui.h"
#include "vault/sp-vault-error.h"

G_DEFINE_FINAL_TYPE (SpItemEditor, sp_item_editor, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SESSION,
  N_PROPS,
};

enum {
  SIGNAL_DONE,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

void
sp_item_editor_changed (SpItemEditor *self)
{
  if (self->drafts != NULL)
    sp_draft_keeper_changed (self->drafts);
}

static gboolean
has_changes (SpItemEditor *self)
{
  g_autoptr (SpItem) item = NULL;
  gint64 ms;

  if (self->base == NULL)
    return FALSE;
  if (self->unchanged == NULL)
    return TRUE;
  item = sp_item_editor_collect (self);
  return !sp_item_editor_get_expires (self, &ms) || !sp_item_equal_content (item, self->unchanged);
}

static SpItem *
collect_draft (gpointer user_data)
{
  SpItemEditor *self = SP_ITEM_EDITOR (user_data);

  return has_changes (self) ? sp_item_editor_collect (self) : NULL;
}

/* ---- the beginning and the end ---------------------------------------------------------------------- */

static void
forget (SpItemEditor *self)
{
  sp_draft_keeper_end (self->drafts, FALSE);
  sp_item_editor_close_question (self);
  self->then = NULL;
  g_cancellable_cancel (self->reloading);
  g_clear_object (&self->reloading);
  self->edit_count++;
  self->saving = FALSE;
  g_clear_pointer (&self->base, sp_item_free);
  g_clear_pointer (&self->unchanged, sp_item_free);
  sp_item_editor_clear (self);
  gtk_revealer_set_reveal_child (self->error_strip, FALSE);
}

/* Saved or dropped, there is nothing left to be offered again. */
static void
finish (SpItemEditor *self, guint64 number)
{
  SpItemEditorThen then = self->then;
  gpointer then_data = self->then_data;

  sp_draft_keeper_end (self->drafts, TRUE);
  forget (self);
  g_signal_emit (self, signals[SIGNAL_DONE], 0, number);
  if (then != NULL)
    then (then_data);
}

static void
expires_changed_cb (SpItemEditor *self)
{
  gint64 ms;
  gboolean valid = self->base == NULL || sp_item_editor_get_expires (self, &ms);

  if (valid)
    gtk_widget_remove_css_class (GTK_WIDGET (self->expires_row), "error");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->expires_row), "error");
  sp_item_editor_changed (self);
}

/* ---- saving ----------------------------------------------------------------------------------------- */

static void
show_strip (SpItemEditor *self, const char *text, const char *button, const char *action)
{
  gtk_label_set_text (self->error_label, text);
  gtk_widget_remove_css_class (GTK_WIDGET (self->error_label), "error");
  gtk_widget_set_visible (GTK_WIDGET (self->error_button), button != NULL);
  if (button != NULL) {
    gtk_button_set_label (self->error_button, button);
    gtk_actionable_set_action_name (GTK_ACTIONABLE (self->error_button), action);
  }
  gtk_revealer_set_reveal_child (self->error_strip, TRUE);
}

void
sp_item_editor_show_error (SpItemEditor *self,
                           const char *text,
                           const char *button,
                           const char *action)
{
  self->then = NULL;
  show_strip (self, text, button, action);
  gtk_widget_add_css_class (GTK_WIDGET (self->error_label), "error");
}

static void
set_saving (SpItemEditor *self, gboolean saving)
{
  self->saving = saving;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "editor.save", !saving);
}

/* An item without an id cannot be kept, but it can be edited. */
void
sp_item_editor_begin (SpItemEditor *self, const SpItem *item, gboolean from_draft)
{
  g_autoptr (GError) error = NULL;

  forget (self);
  set_saving (self, FALSE);
  self->base = sp_item_copy (item);
  sp_item_editor_fill (self, item);
  if (!from_draft)
    self->unchanged = sp_item_editor_collect (self);
  if (sp_session_name_draft (self->base, &error))
    sp_draft_keeper_begin (self->drafts, self->session, &self->base->id, from_draft);
  else
    g_warning ("What is being edited cannot be kept: %s", error->message);
  gtk_widget_grab_focus (GTK_WIDGET (self->title_row));
}

static void
saved_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpItemEditor) self = sp_item_editor_call_finish (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (SpItem) saved = sp_session_save_item_finish (SP_SESSION (object), result, &error);
  g_autofree char *text = NULL;

  if (self == NULL) {
    if (saved == NULL)
      g_warning ("An item could not be saved after its editor was left.");
    return;
  }
  set_saving (self, FALSE);
  if (saved != NULL) {
    finish (self, saved->number);
    return;
  }
  text = sp_error_text (error);
  if (g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_CONFLICT))
    sp_item_editor_show_error (self, text, _("_Decide…"), "editor.decide");
  else if (g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NOT_FOUND))
    sp_item_editor_show_error (self, _("This item was deleted elsewhere in the meantime."),
                                        _("_Save as New"), "editor.save-as-new");
  else
    sp_item_editor_show_error (self, text, _("_Try Again"), "editor.save");
}

void
sp_item_editor_save (SpItemEditor *self)
{
  g_autoptr (SpItem) item = NULL;
  gint64 expires_ms;

  if (self->base == NULL || self->saving)
    return;
  if (!sp_item_editor_get_expires (self, &expires_ms)) {
    sp_item_editor_show_error (
        self, _("The expiry date must be written as year-month-day, such as 2030-12-31."), NULL,
                 NULL);
    gtk_widget_grab_focus (GTK_WIDGET (self->expires_row));
    return;
  }
  item = sp_item_editor_collect (self);
  gtk_revealer_set_reveal_child (self->error_strip, FALSE);
  set_saving (self, TRUE);
  sp_session_save_item_async (self->session, item, saved_cb, sp_item_editor_call_new (self));
}

static void
save_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  sp_item_editor_save (SP_ITEM_EDITOR (widget));
}

/* What it had attached went with it. */
static void
save_as_new_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SpItemEditor *self = SP_ITEM_EDITOR (widget);

  if (self->base == NULL || self->saving)
    return;
  self->base->number = 0;
  self->base->revision = 0;
  g_ptr_array_set_size (self->base->attachments, 0);
  sp_item_editor_save (self);
}

/* ---- the other actions ------------------------------------------------------------------------------ */

static void
cancel_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  sp_item_editor_leave (SP_ITEM_EDITOR (widget), NULL, NULL);
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
session_locking_cb (SpItemEditor *self)
{
  sp_draft_keeper_keep_last (self->drafts);
}

/* What was kept of it stays. */
static void
session_state_cb (SpItemEditor *self)
{
  if (sp_session_is_open (self->session) || self->base == NULL)
    return;
  forget (self);
  g_signal_emit (self, signals[SIGNAL_DONE], 0, (guint64) 0);
}

static void
sp_item_editor_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SpItemEditor *self = SP_ITEM_EDITOR (object);

  switch (prop_id) {
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
sp_item_editor_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  SpItemEditor *self = SP_ITEM_EDITOR (object);

  switch (prop_id) {
  case PROP_SESSION:
    if (!g_set_object (&self->session, g_value_get_object (value)))
      break;
    g_signal_group_set_target (self->session_signals, self->session);
    g_object_notify_by_pspec (object, pspec);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
sp_item_editor_dispose (GObject *object)
{
  SpItemEditor *self = SP_ITEM_EDITOR (object);

  self->edit_count++;
  g_cancellable_cancel (self->reloading);
  g_clear_object (&self->reloading);
  g_clear_object (&self->session_signals);
  g_clear_pointer (&self->drafts, sp_draft_keeper_free);
  sp_item_editor_close_question (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_ITEM_EDITOR);
  g_clear_pointer (&self->base, sp_item_free);
  g_clear_pointer (&self->unchanged, sp_item_free);
  g_clear_pointer (&self->removed, sp_field_free);
  g_clear_pointer (&self->asked_section, g_free);
  g_clear_weak_pointer (&self->asked_row);
  g_clear_pointer (&self->vault_tags, g_strfreev);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sp_item_editor_parent_class)->dispose (object);
}

static void
sp_item_editor_class_init (SpItemEditorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sp_item_editor_dispose;
  object_class->get_property = sp_item_editor_get_property;
  object_class->set_property = sp_item_editor_set_property;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, SP_TYPE_SESSION,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
                                                      G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_DONE] = g_signal_new ("done", SP_TYPE_ITEM_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT64);

  gtk_widget_class_set_template_from_resource (widget_class, SP_UI_RESOURCE "/sp-item-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, SpItemEditor, error_button);
  gtk_widget_class_bind_template_child (widget_class, SpItemEditor, error_label);
  gtk_widget_class_bind_template_child (widget_class, SpItemEditor, error_strip);
  gtk_widget_class_bind_template_child (widget_class, SpItemEditor, expires_row);
  gtk_widget_class_bind_template_child (widget_class, SpItemEditor, favourite_switch);
  gtk_widget_class_bind_template_child (widget_class, SpItemEditor, fields);
  gtk_widget_class_bind_template_child (widget_class, SpItemEditor, notes_view);
  gtk_widget_class_bind_template_child (widget_class, SpItemEditor, suggestions);
  gtk_widget_class_bind_template_child (widget_class, SpItemEditor, suggestions_row);
  gtk_widget_class_bind_template_child (widget_class, SpItemEditor, tags_row);
  gtk_widget_class_bind_template_child (widget_class, SpItemEditor, title_row);
  gtk_widget_class_bind_template_child (widget_class, SpItemEditor, toasts);
  gtk_widget_class_bind_template_child (widget_class, SpItemEditor, type_row);
  gtk_widget_class_bind_template_child (widget_class, SpItemEditor, window_title);
  gtk_widget_class_bind_template_callback_full (widget_class, "changed_cb",
                                                G_CALLBACK (sp_item_editor_changed));
  gtk_widget_class_bind_template_callback (widget_class, expires_changed_cb);
  gtk_widget_class_bind_template_callback_full (widget_class, "suggest_tags_cb",
                                                G_CALLBACK (sp_item_editor_suggest_tags));
  gtk_widget_class_bind_template_callback_full (widget_class, "type_cb",
                                                G_CALLBACK (sp_item_editor_type_cb));

  gtk_widget_class_install_action (widget_class, "editor.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "editor.save", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "editor.save-as-new", NULL, save_as_new_action);
  sp_item_editor_install_elsewhere (widget_class);
  sp_item_editor_install_fields (widget_class);
  sp_item_editor_install_sections (widget_class);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK, "editor.save",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "editor.cancel", NULL);
}

static void
sp_item_editor_init (SpItemEditor *self)
{
  self->drafts = sp_draft_keeper_new (collect_draft, self);
  self->session_signals = g_signal_group_new (SP_TYPE_SESSION);
  g_signal_group_connect_swapped (self->session_signals, "locking", G_CALLBACK (session_locking_cb),
                                  self);
  g_signal_group_connect_swapped (self->session_signals, "notify::state",
                                  G_CALLBACK (session_state_cb), self);
  gtk_widget_init_template (GTK_WIDGET (self));
  sp_item_editor_init_sections (self);
  adw_entry_row_add_suffix (self->expires_row,
                            sp_date_picker_new (GTK_EDITABLE (self->expires_row)));
  gtk_text_buffer_set_enable_undo (gtk_text_view_get_buffer (self->notes_view), FALSE);
  g_signal_connect_object (gtk_text_view_get_buffer (self->notes_view), "changed",
                           G_CALLBACK (sp_item_editor_changed), self, G_CONNECT_SWAPPED);
}

/* ---- for the browser -------------------------------------------------------------------------------- */

void
sp_item_editor_edit (SpItemEditor *self, const SpItem *item)
{
  g_return_if_fail (SP_IS_ITEM_EDITOR (self) && item != NULL);
  sp_item_editor_begin (self, item, FALSE);
}

void
sp_item_editor_continue (SpItemEditor *self, const SpDraft *draft)
{
  const SpItem *item;

  g_return_if_fail (SP_IS_ITEM_EDITOR (self) && draft != NULL);

  item = draft->item;
  sp_item_editor_begin (self, item, TRUE);
  if (item->number != 0)
    show_strip (self, draft->moved
                ? _("You had not saved this, and the item was changed elsewhere since.")
                : _("You had not saved this yet."), _("_Start Over"), "editor.start-over");
}

gboolean
sp_item_editor_is_editing (SpItemEditor *self)
{
  g_return_val_if_fail (SP_IS_ITEM_EDITOR (self), FALSE);
  return self->base != NULL;
}

gboolean
sp_item_editor_has_changes (SpItemEditor *self)
{
  g_return_val_if_fail (SP_IS_ITEM_EDITOR (self), FALSE);
  return has_changes (self);
}

static void
leave_response_cb (SpItemEditor *self, const char *response)
{
  if (self->base == NULL)
    return;
  if (g_str_equal (response, "discard"))
    finish (self, self->base->number);
  else if (g_str_equal (response, "save"))
    sp_item_editor_save (self);
  else
    self->then = NULL;
}

void
sp_item_editor_leave (SpItemEditor *self, SpItemEditorThen then, gpointer user_data)
{
  AdwMessageDialog *dialog;

  g_return_if_fail (SP_IS_ITEM_EDITOR (self));

  if (self->base == NULL) {
    if (then != NULL)
      then (user_data);
    return;
  }
  self->then = then;
  self->then_data = user_data;
  if (self->saving)
    return;
  if (!has_changes (self)) {
    finish (self, self->base->number);
    return;
  }
  dialog = sp_item_editor_ask (self, _("Save Changes?"),
                                        _("What you changed in this item is not saved yet."),
                                           G_CALLBACK (leave_response_cb));
  adw_message_dialog_add_response (dialog, "discard", _("_Discard"));
  adw_message_dialog_add_response (dialog, "save", _("_Save"));
  adw_message_dialog_set_response_appearance (dialog, "discard", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_response_appearance (dialog, "save", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "save");
  gtk_window_present (GTK_WINDOW (dialog));
}
