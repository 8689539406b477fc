/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Another type loses nothing: what it has no field for becomes a field of the item's own with the same name, and a field of
 * the item's own that is called like one of the type becomes that one. */

#define G_LOG_DOMAIN "sp-item-editor"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/sp-item-editor-private.h"

static const SpFieldTemplate *
find_by_label (const SpItemTypeInfo *info, const SpField *field)
{
  for (gsize i = 0; i < info->n_fields; i++)
    if (info->fields[i].kind == field->kind && field->label != NULL &&
        g_str_equal (_(info->fields[i].label), field->label))
      return &info->fields[i];
  return NULL;
}

static void
convert_field (SpItem *item, SpField *field, const SpItemTypeInfo *info)
{
  const SpFieldTemplate *template = field->name == NULL ? find_by_label (info, field) : NULL;

  if (field->name != NULL && sp_item_type_find_field (info, field->name) == NULL) {
    char *label = g_strdup (sp_item_get_field_label (item, field));

    g_free (field->label);
    field->label = label;
    g_clear_pointer (&field->name, g_free);
  } else if (template != NULL && sp_item_find_field (item, template->name) == NULL) {
    g_clear_pointer (&field->label, g_free);
    field->name = g_strdup (template->name);
  }
}

void
sp_item_editor_type_cb (SpItemEditor *self)
{
  gsize n;
  const SpItemTypeInfo *types = sp_item_type_list (&n);
  guint selected = adw_combo_row_get_selected (self->type_row);
  const SpItemTypeInfo *info = selected < n ? &types[selected] : NULL;
  g_autoptr (SpItem) item = NULL;

  if (self->filling || self->base == NULL || info == NULL || info->type == self->base->type)
    return;
  item = sp_item_editor_collect (self);
  for (guint i = 0; i < item->fields->len; i++)
    convert_field (item, g_ptr_array_index (item->fields, i), info);
  item->type = info->type;
  self->base->type = info->type;
  sp_item_editor_clear_fields (self);
  sp_item_editor_fill_fields (self, item);
  sp_item_editor_changed (self);
}

/* A type of a later version is left as it is. */
void
sp_item_editor_fill_type (SpItemEditor *self)
{
  gsize n;
  const SpItemTypeInfo *types = sp_item_type_list (&n);
  gboolean known = FALSE;

  if (adw_combo_row_get_model (self->type_row) == NULL) {
    g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);

    for (gsize i = 0; i < n; i++)
      gtk_string_list_append (labels, _(types[i].label));
    adw_combo_row_set_model (self->type_row, G_LIST_MODEL (labels));
  }
  for (gsize i = 0; i < n; i++)
    if (types[i].type == self->base->type) {
      adw_combo_row_set_selected (self->type_row, (guint) i);
      known = TRUE;
    }
  gtk_widget_set_visible (GTK_WIDGET (self->type_row), known);
}
