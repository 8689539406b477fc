/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A section is what fields that follow each other have in common: its name stands over the first of them. */

#define G_LOG_DOMAIN "sp-item-editor"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/sp-item-editor-private.h"

#define MAX_NAME 200

static SpFieldEditor *
get_row (SpItemEditor *self, int index)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->fields, index);

  return row != NULL ? SP_FIELD_EDITOR (row) : NULL;
}

/* Behind the last field of the section that it is in now. */
static void
move_to_section (SpItemEditor *self, SpFieldEditor *row)
{
  const char *section = sp_field_editor_get_section (row);
  SpFieldEditor *other;
  int position = 0;

  g_object_ref (row);
  gtk_list_box_remove (self->fields, GTK_WIDGET (row));
  for (int i = 0; (other = get_row (self, i)) != NULL; i++)
    if (g_strcmp0 (sp_field_editor_get_section (other), section) == 0)
      position = i + 1;
    else if (position == 0 && get_row (self, i + 1) == NULL && section != NULL)
      position = i + 1;
  gtk_list_box_insert (self->fields, GTK_WIDGET (row), position);
  sp_field_editor_focus (row);
  g_object_unref (row);
}

/* Without a name there is no section; its fields stay. */
static void
rename_section (SpItemEditor *self, const char *before, const char *after)
{
  SpFieldEditor *row;

  for (int i = 0; (row = get_row (self, i)) != NULL; i++)
    if (g_strcmp0 (sp_field_editor_get_section (row), before) == 0)
      sp_field_editor_set_section (row, after);
}

static void
section_response_cb (SpItemEditor *self, const char *response, AdwMessageDialog *dialog)
{
  GtkWidget *entry = adw_message_dialog_get_extra_child (dialog);
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))));
  const char *section = *name != '\0' ? name : NULL;

  if (!g_str_equal (response, "set") || self->base == NULL)
    return;
  if (self->asked_section != NULL) {
    rename_section (self, self->asked_section, section);
  } else if (self->asked_row != NULL) {
    sp_field_editor_set_section (self->asked_row, section);
    move_to_section (self, self->asked_row);
  }
  gtk_list_box_invalidate_headers (self->fields);
  sp_item_editor_changed (self);
}

static void
ask_name (SpItemEditor *self, SpFieldEditor *row, const char *section)
{
  GtkWidget *entry = gtk_entry_new ();
  const char *now = section != NULL ? section : sp_field_editor_get_section (row);
  AdwMessageDialog *dialog = sp_item_editor_ask (
      self, section != NULL
      ? _("Rename the Section")
      : _("Section of the Field"), _("Without a name, the fields stay and the section goes."),
                                       G_CALLBACK (section_response_cb));

  g_set_weak_pointer (&self->asked_row, row);
  g_free (self->asked_section);
  self->asked_section = g_strdup (section);
  gtk_entry_set_max_length (GTK_ENTRY (entry), MAX_NAME);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_editable_set_text (GTK_EDITABLE (entry), now != NULL ? now : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Name of the section"), -1);
  adw_message_dialog_set_extra_child (dialog, entry);
  adw_message_dialog_add_response (dialog, "set", _("_Set"));
  adw_message_dialog_set_response_appearance (dialog, "set", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "set");
  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (entry);
}

void
sp_item_editor_ask_section (SpItemEditor *self, SpFieldEditor *row)
{
  ask_name (self, row, NULL);
}

static void
rename_clicked_cb (SpItemEditor *self, GtkWidget *button)
{
  ask_name (self, NULL, g_object_get_data (G_OBJECT (button), "section"));
}

static GtkWidget *
new_header (SpItemEditor *self, const char *section)
{
  GtkWidget *header = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (section);
  GtkWidget *button = gtk_button_new_from_icon_name ("document-edit-symbolic");

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, "heading");
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _("Rename the Section"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Rename the Section"), -1);
  g_object_set_data_full (G_OBJECT (button), "section", g_strdup (section), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (rename_clicked_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_css_class (header, "sp-section");
  gtk_box_append (GTK_BOX (header), label);
  gtk_box_append (GTK_BOX (header), button);
  return header;
}

static void
update_header (GtkListBoxRow *row, GtkListBoxRow *before, gpointer user_data)
{
  const char *section = sp_field_editor_get_section (SP_FIELD_EDITOR (row));

  gtk_list_box_row_set_header (row, NULL);
  if (section == NULL || *section == '\0' ||
      (before != NULL &&
       g_strcmp0 (section, sp_field_editor_get_section (SP_FIELD_EDITOR (before))) == 0))
    return;
  gtk_list_box_row_set_header (row, new_header (SP_ITEM_EDITOR (user_data), section));
}

/* A section comes with its first field. */
static void
add_section_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SpItemEditor *self = SP_ITEM_EDITOR (widget);
  g_autoptr (SpSecret) nothing = sp_secret_new_text ("");
  g_autoptr (SpItem) scratch = NULL;

  if (self->base == NULL)
    return;
  scratch = sp_item_new (self->base->type, "");
  ask_name (self,
            sp_item_editor_insert_field (
                self, sp_item_add_custom (scratch, NULL, "", SP_FIELD_TEXT, nothing), -1),
            NULL);
}

void
sp_item_editor_install_sections (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "editor.add-section", NULL, add_section_action);
}

void
sp_item_editor_init_sections (SpItemEditor *self)
{
  gtk_list_box_set_header_func (self->fields, update_header, self, NULL);
}
