/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is typed on one line goes into an entry buffer of locked memory, without undo, whatever the kind: people write
 * secrets anywhere. A concealed text of several lines is in the text view only while it is revealed. */

#define G_LOG_DOMAIN "sp-field-editor"

#include "config.h"

#include "ui/sp-field-editor.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/sp-wipe.h"
#include "password/sp-otp.h"
#include "ui/sp-date-picker.h"
#include "ui/sp-error-text.h"
#include "ui/sp-generator-view.h"
#include "ui/sp-secret-text.h"
#include "ui/sp-ui.h"

struct _SpFieldEditor {
  AdwPreferencesRow parent_instance;

  char *name;
  char *label; /* (nullable) of a template field that has one all the same; kept */
  char *section;
  SpFieldKind kind;
  SpSecret *concealed; /* (owned) (nullable) the text of several lines that is not in the view */
  gboolean has_own_label;
  gboolean revealed;

  GtkLabel *check_label;
  AdwBin *date_bin;
  GtkWidget *dots_label;
  GtkWidget *generate_button;
  GtkPopover *generate_popover;
  GtkWidget *handle;
  GtkLabel *name_label;
  GtkText *name_text;
  GtkWidget *reveal_button;
  GtkText *value_text;
  GtkTextView *value_view;
};

G_DEFINE_FINAL_TYPE (SpFieldEditor, sp_field_editor, ADW_TYPE_PREFERENCES_ROW)

enum {
  SIGNAL_CHANGED,
  SIGNAL_REMOVE,
  SIGNAL_MOVE,
  SIGNAL_SECTION,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static gboolean
is_multiline (SpFieldEditor *self)
{
  return self->kind == SP_FIELD_MULTILINE || self->kind == SP_FIELD_HIDDEN_MULTILINE;
}

static SpSecret *
dup_view_text (SpFieldEditor *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->value_view);
  GtkTextIter start;
  GtkTextIter end;
  SpSecret *secret;
  char *text;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  text = gtk_text_buffer_get_text (buffer, &start, &end, TRUE);
  secret = sp_secret_new_text (text);
  sp_wipe (text, strlen (text));
  g_free (text);
  return secret;
}

static SpSecret *
dup_value (SpFieldEditor *self)
{
  if (!is_multiline (self))
    return sp_secret_new_text (gtk_editable_get_text (GTK_EDITABLE (self->value_text)));
  if (self->concealed != NULL)
    return sp_secret_ref (self->concealed);
  return dup_view_text (self);
}

/* ---- concealing ------------------------------------------------------------------------------------- */

static void
move_into_view (SpFieldEditor *self)
{
  if (self->concealed == NULL)
    return;
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->value_view),
                            sp_secret_peek_text (self->concealed),
                            (int) sp_secret_get_length (self->concealed));
  g_clear_pointer (&self->concealed, sp_secret_unref);
}

static void
move_out_of_view (SpFieldEditor *self)
{
  if (self->concealed != NULL)
    return;
  self->concealed = dup_view_text (self);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->value_view), "", 0);
}

static void
update_revealed (SpFieldEditor *self)
{
  gboolean secret = sp_field_kind_is_secret (self->kind);
  gboolean shown = !secret || self->revealed;
  const char *text = self->revealed ? _ ("Conceal") : _ ("Reveal");

  gtk_widget_set_visible (self->reveal_button, secret);
  gtk_button_set_icon_name (GTK_BUTTON (self->reveal_button),
                            self->revealed ? "sp-conceal-symbolic" : "sp-reveal-symbolic");
  gtk_widget_set_tooltip_text (self->reveal_button, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->reveal_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  if (!is_multiline (self)) {
    sp_secret_text_set_visible (self->value_text, shown);
    return;
  }
  if (shown)
    move_into_view (self);
  else
    move_out_of_view (self);
  gtk_widget_set_visible (GTK_WIDGET (self->value_view), shown);
  gtk_widget_set_visible (self->dots_label, !shown);
}

static void
reveal_clicked_cb (SpFieldEditor *self)
{
  self->revealed = !self->revealed;
  update_revealed (self);
}

/* Whether a one-time code can be made of it is told while it is typed, not when it is needed. */
static void
check_value (SpFieldEditor *self)
{
  g_autoptr (SpSecret) value = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (SpOtp) otp = NULL;
  g_autofree char *text = NULL;

  if (self->kind != SP_FIELD_OTP)
    return;
  value = dup_value (self);
  if (!sp_secret_is_empty (value))
    otp = sp_otp_parse (value, &error);
  gtk_widget_set_visible (GTK_WIDGET (self->check_label), error != NULL);
  if (error != NULL)
    text = sp_error_text (error);
  gtk_label_set_text (self->check_label, text != NULL ? text : "");
}

static void
changed_cb (SpFieldEditor *self)
{
  check_value (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
generator_use_cb (SpGeneratorView *generator, SpFieldEditor *self)
{
  g_autoptr (SpSecret) secret = sp_generator_view_dup_secret (generator);

  if (secret != NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->value_text), sp_secret_peek_text (secret));
  gtk_popover_popdown (self->generate_popover);
  gtk_widget_grab_focus (GTK_WIDGET (self->value_text));
}

/* ---- moving ----------------------------------------------------------------------------------------- */

static GdkContentProvider *
drag_prepare_cb (SpFieldEditor *self, double x, double y, GtkDragSource *source)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (GTK_WIDGET (self));

  gtk_drag_source_set_icon (source, paintable, (int) x, (int) y);
  return gdk_content_provider_new_typed (SP_TYPE_FIELD_EDITOR, self);
}

/* Dropped on this row, the other one takes its place. */
static gboolean
drop_cb (SpFieldEditor *self, const GValue *value)
{
  SpFieldEditor *other = g_value_get_object (value);
  int by;

  if (other == NULL || other == self ||
      gtk_widget_get_parent (GTK_WIDGET (other)) != gtk_widget_get_parent (GTK_WIDGET (self)))
    return FALSE;
  by = gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (self)) -
       gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (other));
  g_signal_emit (other, signals[SIGNAL_MOVE], 0, by);
  return TRUE;
}

static void
set_up_dragging (SpFieldEditor *self)
{
  GtkDragSource *source = gtk_drag_source_new ();
  GtkDropTarget *target = gtk_drop_target_new (SP_TYPE_FIELD_EDITOR, GDK_ACTION_MOVE);

  gtk_drag_source_set_actions (source, GDK_ACTION_MOVE);
  g_signal_connect_object (source, "prepare", G_CALLBACK (drag_prepare_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (self->handle, GTK_EVENT_CONTROLLER (source));
  g_signal_connect_object (target, "drop", G_CALLBACK (drop_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
move_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  g_signal_emit (widget, signals[SIGNAL_MOVE], 0, g_variant_get_int32 (parameter));
}

static void
remove_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  g_signal_emit (widget, signals[SIGNAL_REMOVE], 0);
}

/* What was being edited stays, as it may only be another pane that is looked at; but nobody sees it come back. */
static void
sp_field_editor_unmap (GtkWidget *widget)
{
  SpFieldEditor *self = SP_FIELD_EDITOR (widget);
  g_autoptr (SpSecret) value = dup_value (self);

  if (self->revealed && !sp_secret_is_empty (value)) {
    self->revealed = FALSE;
    update_revealed (self);
  }
  GTK_WIDGET_CLASS (sp_field_editor_parent_class)->unmap (widget);
}

static void
section_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  g_signal_emit (widget, signals[SIGNAL_SECTION], 0);
}

static void
sp_field_editor_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), SP_TYPE_FIELD_EDITOR);
  G_OBJECT_CLASS (sp_field_editor_parent_class)->dispose (object);
}

static void
sp_field_editor_finalize (GObject *object)
{
  SpFieldEditor *self = SP_FIELD_EDITOR (object);

  g_clear_pointer (&self->concealed, sp_secret_unref);
  g_free (self->label);
  g_free (self->name);
  g_free (self->section);
  G_OBJECT_CLASS (sp_field_editor_parent_class)->finalize (object);
}

static void
sp_field_editor_class_init (SpFieldEditorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sp_field_editor_dispose;
  object_class->finalize = sp_field_editor_finalize;
  widget_class->unmap = sp_field_editor_unmap;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", SP_TYPE_FIELD_EDITOR, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_REMOVE] = g_signal_new ("remove", SP_TYPE_FIELD_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_MOVE] = g_signal_new ("move", SP_TYPE_FIELD_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);

  signals[SIGNAL_SECTION] = g_signal_new ("section", SP_TYPE_FIELD_EDITOR, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, SP_UI_RESOURCE "/sp-field-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, SpFieldEditor, check_label);
  gtk_widget_class_bind_template_child (widget_class, SpFieldEditor, date_bin);
  gtk_widget_class_bind_template_child (widget_class, SpFieldEditor, dots_label);
  gtk_widget_class_bind_template_child (widget_class, SpFieldEditor, generate_button);
  gtk_widget_class_bind_template_child (widget_class, SpFieldEditor, generate_popover);
  gtk_widget_class_bind_template_child (widget_class, SpFieldEditor, handle);
  gtk_widget_class_bind_template_child (widget_class, SpFieldEditor, name_label);
  gtk_widget_class_bind_template_child (widget_class, SpFieldEditor, name_text);
  gtk_widget_class_bind_template_child (widget_class, SpFieldEditor, reveal_button);
  gtk_widget_class_bind_template_child (widget_class, SpFieldEditor, value_text);
  gtk_widget_class_bind_template_child (widget_class, SpFieldEditor, value_view);
  gtk_widget_class_bind_template_callback (widget_class, generator_use_cb);
  gtk_widget_class_bind_template_callback (widget_class, reveal_clicked_cb);
  gtk_widget_class_install_action (widget_class, "field.move", "i", move_action);
  gtk_widget_class_install_action (widget_class, "field.remove", NULL, remove_action);
  gtk_widget_class_install_action (widget_class, "field.section", NULL, section_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Up, GDK_ALT_MASK, "field.move", "i",
                                       -1);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Down, GDK_ALT_MASK, "field.move", "i",
                                       1);
}

static void
sp_field_editor_init (SpFieldEditor *self)
{
  g_type_ensure (SP_TYPE_GENERATOR_VIEW);
  gtk_widget_init_template (GTK_WIDGET (self));
  set_up_dragging (self);
  sp_secret_text_set_up (self->value_text);
  gtk_text_buffer_set_enable_undo (gtk_text_view_get_buffer (self->value_view), FALSE);
  g_signal_connect_object (self->name_text, "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->value_text, "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_text_view_get_buffer (self->value_view), "changed",
                           G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
}

static GtkInputPurpose
get_purpose (SpFieldKind kind)
{
  if (sp_field_kind_is_secret (kind))
    return GTK_INPUT_PURPOSE_PASSWORD;
  if (kind == SP_FIELD_EMAIL)
    return GTK_INPUT_PURPOSE_EMAIL;
  if (kind == SP_FIELD_URL)
    return GTK_INPUT_PURPOSE_URL;
  return kind == SP_FIELD_PHONE ? GTK_INPUT_PURPOSE_PHONE : GTK_INPUT_PURPOSE_FREE_FORM;
}

SpFieldEditor *
sp_field_editor_new (const SpField *field, const char *label)
{
  SpFieldEditor *self;
  const char *shown;

  g_return_val_if_fail (field != NULL, NULL);

  self = g_object_new (SP_TYPE_FIELD_EDITOR, NULL);
  self->name = g_strdup (field->name);
  self->label = label != NULL ? g_strdup (field->label) : NULL;
  self->section = g_strdup (field->section);
  self->kind = field->kind;
  self->has_own_label = label == NULL;
  shown = label != NULL ? label : _ ("Value");
  gtk_label_set_text (self->name_label, shown);
  gtk_widget_set_visible (GTK_WIDGET (self->name_label), label != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->name_text), label == NULL);
  if (field->label != NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->name_text), field->label);
  gtk_text_set_input_purpose (self->value_text, get_purpose (self->kind));
  if (sp_field_kind_is_secret (self->kind)) {
    sp_secret_text_guard (self->value_text);
    sp_secret_text_guard_view (self->value_view);
  }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->value_text), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  shown, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->value_view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  shown, -1);
  gtk_widget_set_visible (GTK_WIDGET (self->value_text), !is_multiline (self));
  gtk_widget_set_visible (self->generate_button, self->kind == SP_FIELD_HIDDEN);
  if (is_multiline (self))
    self->concealed = sp_secret_ref (field->value);
  else
    gtk_editable_set_text (GTK_EDITABLE (self->value_text), sp_secret_peek_text (field->value));
  self->revealed = self->kind == SP_FIELD_HIDDEN_MULTILINE && sp_secret_is_empty (field->value);
  if (self->kind == SP_FIELD_DATE) {
    adw_bin_set_child (self->date_bin, sp_date_picker_new (GTK_EDITABLE (self->value_text)));
    gtk_widget_set_visible (GTK_WIDGET (self->date_bin), TRUE);
  }
  update_revealed (self);
  check_value (self);
  return self;
}

SpField *
sp_field_editor_dup_field (SpFieldEditor *self)
{
  SpField field = { .kind = SP_FIELD_TEXT };
  g_autoptr (SpSecret) value = NULL;

  g_return_val_if_fail (SP_IS_FIELD_EDITOR (self), NULL);

  value = dup_value (self);
  field.name = self->name;
  field.label = self->label;
  field.section = self->section;
  field.kind = self->kind;
  field.value = value;
  if (self->has_own_label) {
    g_autofree char *label = g_strstrip (
        g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name_text))));

    field.label = label;
    return sp_field_copy (&field);
  }
  return sp_field_copy (&field);
}

const char *
sp_field_editor_get_section (SpFieldEditor *self)
{
  g_return_val_if_fail (SP_IS_FIELD_EDITOR (self), NULL);
  return self->section;
}

void
sp_field_editor_set_section (SpFieldEditor *self, const char *section)
{
  g_return_if_fail (SP_IS_FIELD_EDITOR (self));

  g_free (self->section);
  self->section = g_strdup (section);
}

gboolean
sp_field_editor_is_empty (SpFieldEditor *self)
{
  g_autoptr (SpField) field = NULL;

  g_return_val_if_fail (SP_IS_FIELD_EDITOR (self), TRUE);

  field = sp_field_editor_dup_field (self);
  return sp_secret_is_empty (field->value) && (field->label == NULL || *field->label == '\0');
}

void
sp_field_editor_focus (SpFieldEditor *self)
{
  g_return_if_fail (SP_IS_FIELD_EDITOR (self));

  if (self->has_own_label)
    gtk_widget_grab_focus (GTK_WIDGET (self->name_text));
  else if (is_multiline (self))
    gtk_widget_grab_focus (GTK_WIDGET (self->value_view));
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->value_text));
}

void
sp_field_editor_clear (SpFieldEditor *self)
{
  g_return_if_fail (SP_IS_FIELD_EDITOR (self));

  gtk_editable_set_text (GTK_EDITABLE (self->value_text), "");
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->value_view), "", 0);
  g_clear_pointer (&self->concealed, sp_secret_unref);
}
