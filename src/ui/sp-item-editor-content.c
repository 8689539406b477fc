/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From the item into the widgets and back. */

#define G_LOG_DOMAIN "sp-item-editor"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/sp-clock.h"
#include "base/sp-wipe.h"
#include "ui/sp-item-editor-private.h"

static void
set_notes (SpItemEditor *self, const SpSecret *notes)
{
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->notes_view),
                            sp_secret_peek_text (notes), (int) sp_secret_get_length (notes));
}

static SpSecret *
dup_notes (SpItemEditor *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->notes_view);
  GtkTextIter start;
  GtkTextIter end;
  SpSecret *notes;
  char *text;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  text = gtk_text_buffer_get_text (buffer, &start, &end, TRUE);
  notes = sp_secret_new_text (text);
  sp_wipe (text, strlen (text));
  g_free (text);
  return notes;
}

static void
set_expires (SpItemEditor *self, gint64 ms)
{
  g_autofree char *text = ms != 0 ? sp_time_to_iso8601 (ms) : g_strdup ("");
  char *time = strchr (text, 'T');

  if (time != NULL)
    *time = '\0';
  gtk_editable_set_text (GTK_EDITABLE (self->expires_row), text);
}

/* The end of a day is kept to the second if that day was not touched. FALSE when it is no date. */
gboolean
sp_item_editor_get_expires (SpItemEditor *self, gint64 *out_ms)
{
  g_autofree char *day = g_strstrip (
      g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->expires_row))));
  g_autofree char *before = NULL;
  g_autofree char *text = NULL;

  if (*day == '\0') {
    *out_ms = 0;
    return TRUE;
  }
  before = self->base->expires_ms != 0 ? sp_time_to_iso8601 (self->base->expires_ms) : NULL;
  if (before != NULL && strlen (day) == 10 && g_str_has_prefix (before, day)) {
    *out_ms = self->base->expires_ms;
    return TRUE;
  }
  text = g_strconcat (day, "T00:00:00Z", NULL);
  return sp_time_from_iso8601 (text, out_ms);
}

static void
set_tags (SpItem *item, const char *text)
{
  g_auto (GStrv) tags = g_strsplit (text, ",", -1);

  g_ptr_array_set_size (item->tags, 0);
  for (gsize i = 0; tags[i] != NULL; i++)
    sp_item_add_tag (item, tags[i]);
}

SpItem *
sp_item_editor_collect (SpItemEditor *self)
{
  SpItem *item = sp_item_copy (self->base);
  g_autoptr (SpSecret) notes = dup_notes (self);
  GtkListBoxRow *row;

  sp_item_set_title (item, gtk_editable_get_text (GTK_EDITABLE (self->title_row)));
  sp_item_set_notes (item, notes);
  set_tags (item, gtk_editable_get_text (GTK_EDITABLE (self->tags_row)));
  item->favourite = gtk_switch_get_active (self->favourite_switch);
  if (!sp_item_editor_get_expires (self, &item->expires_ms))
    item->expires_ms = self->base->expires_ms;
  g_ptr_array_set_size (item->fields, 0);
  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->fields, i)) != NULL; i++)
    if (!sp_field_editor_is_empty (SP_FIELD_EDITOR (row)))
      g_ptr_array_add (item->fields, sp_field_editor_dup_field (SP_FIELD_EDITOR (row)));
  return item;
}

void
sp_item_editor_fill (SpItemEditor *self, const SpItem *item)
{
  g_autofree char **tags = g_new0 (char *, item->tags->len + 1);
  g_autofree char *joined = NULL;

  self->filling = TRUE;
  sp_item_editor_fill_type (self);
  sp_item_editor_load_tags (self);
  gtk_editable_set_text (GTK_EDITABLE (self->title_row), item->title);
  sp_item_editor_fill_fields (self, item);
  set_notes (self, item->notes);
  for (guint i = 0; i < item->tags->len; i++)
    tags[i] = g_ptr_array_index (item->tags, i);
  joined = g_strjoinv (", ", tags);
  gtk_editable_set_text (GTK_EDITABLE (self->tags_row), joined);
  set_expires (self, item->expires_ms);
  gtk_switch_set_active (self->favourite_switch, item->favourite);
  self->filling = FALSE;
  adw_window_title_set_title (self->window_title,
                              item->number == 0 ? _("New Item") : _("Edit Item"));
}

void
sp_item_editor_clear (SpItemEditor *self)
{
  g_autoptr (SpSecret) nothing = sp_secret_new_text ("");

  g_clear_pointer (&self->vault_tags, g_strfreev);
  sp_item_editor_clear_fields (self);
  set_notes (self, nothing);
  gtk_editable_set_text (GTK_EDITABLE (self->title_row), "");
  gtk_editable_set_text (GTK_EDITABLE (self->tags_row), "");
  gtk_editable_set_text (GTK_EDITABLE (self->expires_row), "");
}
