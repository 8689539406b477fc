/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Values go from guarded memory into the guarded buffer of the output, and nowhere else. */

#define G_LOG_DOMAIN "sp-cli-item"

#include "config.h"

#include "cli/sp-cli-item.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/sp-clock.h"

#define CONCEALED   "••••"
#define LABEL_WIDTH 18
#define INDENT      "  "

static gboolean
label_matches (const SpField *field, const char *name, gboolean any_case)
{
  g_autofree char *a = NULL;
  g_autofree char *b = NULL;

  if (field->label == NULL)
    return FALSE;
  if (!any_case)
    return g_str_equal (field->label, name);
  a = g_utf8_casefold (field->label, -1);
  b = g_utf8_casefold (name, -1);
  return g_str_equal (a, b);
}

/**
 * sp_cli_item_match_fields:
 * @item: an item
 * @name: what the user calls the field
 *
 * Returns: (transfer container) (element-type SpField): the fields that are meant, in their order
 */
GPtrArray *
sp_cli_item_match_fields (const SpItem *item, const char *name)
{
  GPtrArray *found = g_ptr_array_new ();

  for (guint round = 0; round < 3 && found->len == 0; round++) {
    for (guint i = 0; i < item->fields->len; i++) {
      SpField *field = item->fields->pdata[i];

      if (round == 0 ? g_strcmp0 (field->name, name) == 0 : label_matches (field, name, round == 2))
        g_ptr_array_add (found, field);
    }
  }
  return found;
}

/**
 * sp_cli_item_has_template_field:
 * @item: an item
 * @name: a template field's name
 *
 * Returns: whether the item's type knows that field
 */
gboolean
sp_cli_item_has_template_field (const SpItem *item, const char *name)
{
  const SpItemTypeInfo *info = sp_item_type_get_info (item->type);

  return info != NULL && sp_item_type_find_field (info, name) != NULL;
}

/**
 * sp_cli_item_list_fields:
 * @item: an item
 *
 * Returns: (transfer full): the names that its fields can be called by, for an error's text
 */
char *
sp_cli_item_list_fields (const SpItem *item)
{
  const SpItemTypeInfo *info = sp_item_type_get_info (item->type);
  GString *text = g_string_new (NULL);

  for (gsize i = 0; info != NULL && i < info->n_fields; i++)
    g_string_append_printf (text, "%s, ", info->fields[i].name);
  g_string_append (text, "title, notes");
  for (guint i = 0; i < item->fields->len; i++) {
    const SpField *field = item->fields->pdata[i];

    if (field->label != NULL)
      g_string_append_printf (text, ", %s", field->label);
  }
  return g_string_free (text, FALSE);
}

static void
print_label (SpCliOutput *output, const char *label)
{
  guint width = sp_cli_text_get_width (label) + 1;

  sp_cli_output_text (output, label);
  sp_cli_output_raw (output, ":", 1);
  sp_cli_output_pad (output, width < LABEL_WIDTH ? LABEL_WIDTH - width : 1);
}

static void
print_line (SpCliOutput *output, const char *label, const char *value)
{
  if (*value == '\0')
    return;
  print_label (output, label);
  sp_cli_output_lines (output, value, INDENT);
  sp_cli_output_raw (output, "\n", 1);
}

static void
print_date (SpCliOutput *output, const char *label, gint64 ms)
{
  g_autoptr (GDateTime) time = ms != 0 ? g_date_time_new_from_unix_local (ms / 1000) : NULL;
  g_autofree char *text = time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M") : NULL;

  if (text != NULL)
    print_line (output, label, text);
}

static void
print_field (SpCliOutput *output, const SpItem *item, const SpField *field, gboolean reveal)
{
  const char *label = sp_item_get_field_label (item, field);
  gboolean concealed = sp_field_kind_is_secret (field->kind) && !reveal;

  if (sp_secret_is_empty (field->value) && field->name != NULL)
    return;
  print_label (output, label);
  if (sp_secret_is_empty (field->value))
    sp_cli_output_raw (output, "-", 1);
  else if (concealed)
    sp_cli_output_raw (output, CONCEALED, strlen (CONCEALED));
  else
    sp_cli_output_lines (output, sp_secret_peek_text (field->value), INDENT);
  sp_cli_output_raw (output, "\n", 1);
}

static void
print_fields (SpCliOutput *output, const SpItem *item, gboolean reveal)
{
  const char *section = NULL;

  for (guint i = 0; i < item->fields->len; i++) {
    const SpField *field = item->fields->pdata[i];

    if (field->section != NULL && g_strcmp0 (field->section, section) != 0) {
      sp_cli_output_text (output, field->section);
      sp_cli_output_raw (output, "\n", 1);
    }
    section = field->section;
    print_field (output, item, field, reveal);
  }
}

static void
print_tags (SpCliOutput *output, const SpItem *item)
{
  if (item->tags->len == 0)
    return;
  print_label (output, _("Tags"));
  for (guint i = 0; i < item->tags->len; i++) {
    if (i > 0)
      sp_cli_output_raw (output, ", ", 2);
    sp_cli_output_text (output, item->tags->pdata[i]);
  }
  sp_cli_output_raw (output, "\n", 1);
}

static void
print_attachments (SpCliOutput *output, const SpItem *item)
{
  for (guint i = 0; i < item->attachments->len; i++) {
    const SpAttachment *attachment = item->attachments->pdata[i];
    g_autofree char *size = g_format_size (attachment->size);

    print_label (output, _("Attachment"));
    sp_cli_output_text (output, attachment->name);
    sp_cli_output_format (output, " (%s)\n", size);
  }
}

static void
print_state (SpCliOutput *output, const SpItem *item)
{
  GString *text = g_string_new (NULL);

  if (item->favourite)
    g_string_append_printf (text, "%s, ", _("favourite"));
  if (item->archived)
    g_string_append_printf (text, "%s, ", _("archived"));
  if (item->trashed)
    g_string_append_printf (text, "%s, ", _("in the trash"));
  if (item->unproven)
    g_string_append_printf (text, "%s, ", _("unproven: may be older, or was purged"));
  if (text->len > 0)
    g_string_truncate (text, text->len - 2);
  print_line (output, _("State"), text->str);
  g_string_free (text, TRUE);
}

/**
 * sp_cli_item_print:
 * @output: where to
 * @item: an item
 * @n_history: how many earlier versions there are
 * @reveal: whether concealed values are shown
 *
 * Prints the item for a person.
 */
void
sp_cli_item_print (SpCliOutput *output, const SpItem *item, guint n_history, gboolean reveal)
{
  const SpItemTypeInfo *info = sp_item_type_get_info (item->type);
  g_autofree char *versions = NULL;
  char id[SP_ID_STRING_LEN + 1];

  sp_id_to_string (&item->id, id);
  print_line (output, _("Title"), item->title);
  print_line (output, _("Type"), info != NULL ? _ (info->label) : _("of a later version"));
  print_line (output, _("ID"), id);
  print_state (output, item);
  print_fields (output, item, reveal);
  print_tags (output, item);
  print_line (output, _("Notes"), sp_secret_peek_text (item->notes));
  print_attachments (output, item);
  print_date (output, _("Created"), item->created_ms);
  print_date (output, _("Changed"), item->modified_ms);
  print_date (output, _("Expires"), item->expires_ms);
  if (n_history > 0) {
    versions = g_strdup_printf ("%u", n_history);
    print_line (output, _("Earlier versions"), versions);
  }
}

/**
 * sp_cli_id_to_short:
 * @id: an id
 * @out_text: (out): its first eight hexadecimal digits
 */
void
sp_cli_id_to_short (const SpId *id, char out_text[static 9])
{
  char text[SP_ID_STRING_LEN + 1];

  sp_id_to_string (id, text);
  g_strlcpy (out_text, text, 9);
}
