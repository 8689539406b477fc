/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The rows of the fields: which there are, and in which order. */

#define G_LOG_DOMAIN "sp-item-editor"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/sp-item-editor-private.h"

static void
forget_removed (SpItemEditor *self)
{
  g_clear_pointer (&self->removed, sp_field_free);
}

static void
toast_dismissed_cb (SpItemEditor *self, AdwToast *toast)
{
  if (g_object_get_data (G_OBJECT (toast), "field") == self->removed)
    forget_removed (self);
}

static void
remove_row (SpItemEditor *self, SpFieldEditor *row)
{
  sp_field_editor_clear (row);
  gtk_list_box_remove (self->fields, GTK_WIDGET (row));
}

static void
field_remove_cb (SpItemEditor *self, SpFieldEditor *row)
{
  AdwToast *toast = adw_toast_new (_("Field removed"));

  forget_removed (self);
  self->removed = sp_field_editor_dup_field (row);
  self->removed_position = gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row));
  remove_row (self, row);
  adw_toast_set_button_label (toast, _("Undo"));
  adw_toast_set_action_name (toast, "editor.undo-remove");
  g_object_set_data (G_OBJECT (toast), "field", self->removed);
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (toast_dismissed_cb), self,
                           G_CONNECT_SWAPPED);
  adw_toast_overlay_add_toast (self->toasts, toast);
  sp_item_editor_changed (self);
}

static void
undo_remove_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SpItemEditor *self = SP_ITEM_EDITOR (widget);

  if (self->removed == NULL || self->base == NULL)
    return;
  sp_field_editor_focus (sp_item_editor_insert_field (self, self->removed, self->removed_position));
  forget_removed (self);
  sp_item_editor_changed (self);
}

static void
field_move_cb (SpItemEditor *self, int by, SpFieldEditor *row)
{
  int position = gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row)) + by;

  if (gtk_list_box_get_row_at_index (self->fields, position) == NULL)
    return;
  g_object_ref (row);
  gtk_list_box_remove (self->fields, GTK_WIDGET (row));
  gtk_list_box_insert (self->fields, GTK_WIDGET (row), position);
  sp_field_editor_focus (row);
  g_object_unref (row);
  sp_item_editor_changed (self);
}

SpFieldEditor *
sp_item_editor_insert_field (SpItemEditor *self, const SpField *field, int position)
{
  const char *label = field->name != NULL ? sp_item_get_field_label (self->base, field) : NULL;
  SpFieldEditor *row = sp_field_editor_new (field, label);

  g_signal_connect_object (row, "changed", G_CALLBACK (sp_item_editor_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "remove", G_CALLBACK (field_remove_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "section", G_CALLBACK (sp_item_editor_ask_section), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "move", G_CALLBACK (field_move_cb), self, G_CONNECT_SWAPPED);
  gtk_list_box_insert (self->fields, GTK_WIDGET (row), position);
  return row;
}

/* Another website of a type that has one is a field of the template; all else is the item's own. */
static void
add_field_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SpItemEditor *self = SP_ITEM_EDITOR (widget);
  g_autoptr (SpSecret) nothing = sp_secret_new_text ("");
  g_autoptr (SpItem) scratch = NULL;
  const SpItemTypeInfo *info;
  SpField *field;
  SpFieldKind kind;

  if (self->base == NULL ||
      !sp_field_kind_from_name (g_variant_get_string (parameter, NULL), &kind))
    return;
  info = sp_item_type_get_info (self->base->type);
  scratch = sp_item_new (self->base->type, "");
  if (kind == SP_FIELD_URL && info != NULL && sp_item_type_find_field (info, "url") != NULL)
    field = sp_item_add_field (scratch, "url", nothing);
  else
    field = sp_item_add_custom (scratch, NULL, "", kind, nothing);
  sp_field_editor_focus (sp_item_editor_insert_field (self, field, -1));
}

void
sp_item_editor_install_fields (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "editor.add-field", "s", add_field_action);
  gtk_widget_class_install_action (widget_class, "editor.undo-remove", NULL, undo_remove_action);
}

/* Those of the item, and of the template's those that it lacks, each after its predecessor. */
void
sp_item_editor_fill_fields (SpItemEditor *self, const SpItem *item)
{
  const SpItemTypeInfo *info = sp_item_type_get_info (item->type);
  g_autoptr (SpItem) whole = sp_item_copy (item);
  g_autoptr (SpSecret) nothing = sp_secret_new_text ("");

  for (gsize i = 0; info != NULL && i < info->n_fields; i++)
    if (sp_item_find_field (whole, info->fields[i].name) == NULL)
      (void) sp_item_set_field (whole, info->fields[i].name, nothing);
  for (guint i = 0; i < whole->fields->len; i++)
    (void) sp_item_editor_insert_field (self, g_ptr_array_index (whole->fields, i), -1);
}

void
sp_item_editor_clear_fields (SpItemEditor *self)
{
  GtkListBoxRow *row;

  forget_removed (self);
  while ((row = gtk_list_box_get_row_at_index (self->fields, 0)) != NULL)
    remove_row (self, SP_FIELD_EDITOR (row));
}
