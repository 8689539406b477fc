/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The boxed lists: one for each run of fields under the same heading, then notes, tags and attachments. */

#define G_LOG_DOMAIN "sp-item-page"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/sp-item-page-private.h"

/* Of a row of an attachment, and of its buttons. */
#define ATTACHMENT_NUMBER "attachment-number"

static void
set_attachment_number (gpointer widget, guint64 number)
{
  g_object_set_data_full (G_OBJECT (widget), ATTACHMENT_NUMBER, g_memdup2 (&number, sizeof number),
                          g_free);
}

static guint64
get_attachment_number (gpointer widget)
{
  return *(guint64 *) g_object_get_data (G_OBJECT (widget), ATTACHMENT_NUMBER);
}

static void
row_copy_cb (SpItemPage *self, SpFieldRow *row)
{
  sp_item_page_copy_row (self, row);
}

static void
row_open_cb (SpItemPage *self, SpFieldRow *row)
{
  sp_item_page_open_row (self, row);
}

static void
row_large_type_cb (SpItemPage *self, SpFieldRow *row)
{
  sp_item_page_enlarge_row (self, row);
}

static void
row_next_code_cb (SpItemPage *self, SpFieldRow *row)
{
  sp_item_page_take_code (self, row, FALSE);
}

static void
row_revealed_cb (SpItemPage *self, SpFieldRow *row)
{
  sp_session_touch (self->session, self->number, SP_EVENT_ITEM_VIEWED);
}

static void
row_activated_cb (SpItemPage *self, GtkListBoxRow *row)
{
  if (SP_IS_FIELD_ROW (row))
    sp_item_page_copy_row (self, SP_FIELD_ROW (row));
  else if (g_object_get_data (G_OBJECT (row), ATTACHMENT_NUMBER) != NULL)
    sp_item_page_preview_attachment (self, get_attachment_number (row));
}

/* A list with an optional heading over it. */
static GtkListBox *
add_group (SpItemPage *self, const char *heading)
{
  GtkWidget *group = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *list = gtk_list_box_new ();

  if (heading != NULL && *heading != '\0') {
    GtkWidget *label = gtk_label_new (heading);

    gtk_label_set_xalign (GTK_LABEL (label), 0);
    gtk_label_set_wrap (GTK_LABEL (label), TRUE);
    gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
    gtk_widget_add_css_class (label, "heading");
    gtk_box_append (GTK_BOX (group), label);
    gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, heading,
                                    -1);
  }
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  g_signal_connect_object (list, "row-activated", G_CALLBACK (row_activated_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (group), list);
  gtk_box_append (self->groups, group);
  return GTK_LIST_BOX (list);
}

static void
add_row (SpItemPage *self,
         GtkListBox *list,
         const char *label,
         SpFieldKind kind,
         const SpSecret *value)
{
  SpFieldRow *row = sp_field_row_new (self->session, label, kind, value);

  sp_field_row_set_conceal_seconds (row, self->conceal_seconds);
  g_signal_connect_object (row, "copy", G_CALLBACK (row_copy_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "large-type", G_CALLBACK (row_large_type_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "next-code", G_CALLBACK (row_next_code_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "open-link", G_CALLBACK (row_open_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "revealed", G_CALLBACK (row_revealed_cb), self, G_CONNECT_SWAPPED);
  gtk_list_box_append (list, GTK_WIDGET (row));
  g_ptr_array_add (self->rows, g_object_ref (row));
}

static void
add_fields (SpItemPage *self)
{
  const char *section = NULL;
  GtkListBox *list = NULL;

  for (guint i = 0; i < self->item->fields->len; i++) {
    const SpField *field = g_ptr_array_index (self->item->fields, i);

    if (sp_secret_is_empty (field->value))
      continue;
    if (list == NULL || g_strcmp0 (section, field->section) != 0)
      list = add_group (self, field->section);
    section = field->section;
    add_row (self, list, sp_item_get_field_label (self->item, field), field->kind, field->value);
  }
}

static void
add_tags (SpItemPage *self)
{
  GtkWidget *flow;
  GtkListBox *list;
  GtkWidget *row;

  if (self->item->tags->len == 0)
    return;
  list = add_group (self, _ ("Tags"));
  flow = gtk_flow_box_new ();
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (flow), GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (flow), 16);
  gtk_widget_add_css_class (flow, "sp-tags");
  for (guint i = 0; i < self->item->tags->len; i++) {
    GtkWidget *label = gtk_label_new (g_ptr_array_index (self->item->tags, i));

    gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
    gtk_widget_add_css_class (label, "sp-tag");
    gtk_widget_set_halign (label, GTK_ALIGN_START);
    gtk_flow_box_append (GTK_FLOW_BOX (flow), label);
    gtk_widget_set_focusable (gtk_widget_get_parent (label), FALSE);
  }
  row = gtk_list_box_row_new ();
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), flow);
  gtk_list_box_append (list, row);
}

static void
save_clicked_cb (SpItemPage *self, GtkWidget *button)
{
  sp_item_page_save_attachment (self, get_attachment_number (button));
}

static void
detach_clicked_cb (SpItemPage *self, GtkWidget *button)
{
  gtk_widget_set_sensitive (button, FALSE);
  sp_item_page_detach (self, get_attachment_number (button));
}

static GtkWidget *
new_attachment_button (SpItemPage *self,
                       const SpAttachment *attachment,
                       const char *icon,
                       const char *text,
                       GCallback clicked_cb)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  set_attachment_number (button, attachment->number);
  g_signal_connect_object (button, "clicked", clicked_cb, self, G_CONNECT_SWAPPED);
  return button;
}

static GtkWidget *
new_attachment_row (SpItemPage *self, const SpAttachment *attachment)
{
  g_autofree char *size = g_format_size (attachment->size);
  GtkWidget *row = adw_action_row_new ();
  gboolean live = sp_session_is_writable (self->session) && !self->item->trashed;

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), attachment->name);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 2);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), size);
  adw_action_row_set_icon_name (ADW_ACTION_ROW (row), "sp-attachment-symbolic");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             new_attachment_button (self, attachment, "document-save-symbolic",
                                                    _("Save…"), G_CALLBACK (save_clicked_cb)));
  if (live)
    adw_action_row_add_suffix (
        ADW_ACTION_ROW (row), new_attachment_button (self, attachment, "sp-trash-symbolic",
                                                     _("Remove"), G_CALLBACK (detach_clicked_cb)));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_widget_set_tooltip_text (row, _("Show"));
  set_attachment_number (row, attachment->number);
  return row;
}

static void
add_attachments (SpItemPage *self)
{
  GtkListBox *list = NULL;
  GtkWidget *row;

  for (guint i = 0; i < self->item->attachments->len; i++) {
    if (list == NULL)
      list = add_group (self, _("Attachments"));
    gtk_list_box_append (list,
                         new_attachment_row (self, g_ptr_array_index (self->item->attachments, i)));
  }
  if (list == NULL || self->item->trashed || !sp_session_is_writable (self->session))
    return;
  row = adw_action_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Add an Attachment…"));
  adw_action_row_set_icon_name (ADW_ACTION_ROW (row), "list-add-symbolic");
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "item.attach");
  gtk_list_box_append (list, row);
}

void
sp_item_page_clear_rows (SpItemPage *self)
{
  GtkWidget *child;

  for (guint i = 0; i < self->rows->len; i++)
    sp_field_row_conceal (g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->groups))) != NULL)
    gtk_box_remove (self->groups, child);
}

void
sp_item_page_build_rows (SpItemPage *self)
{
  sp_item_page_clear_rows (self);
  add_fields (self);
  if (!sp_secret_is_empty (self->item->notes))
    add_row (self, add_group (self, NULL), _ ("Notes"), SP_FIELD_MULTILINE, self->item->notes);
  add_tags (self);
  add_attachments (self);
}
