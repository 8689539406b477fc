/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One item as one row. The first ten columns are called as KeePassXC calls them, so that it and whoever reads its files
 * (Bitwarden, for one) find what they look for; ours follow. Every cell is quoted, quotes are doubled,
 * lines end in LF.
 *
 * Whatever has no column goes into "Fields", one a line, "name: value", with the template's name or the label
 * of a custom field; further lines of a value begin with a tab. */

#define G_LOG_DOMAIN "sp-export-csv-row"

#include "config.h"

#include <string.h>

#include "base/sp-clock.h"
#include "formats/sp-export-private.h"

/* clang-format off */
static const char *const header[] = {
  "Group", "Title", "Username", "Password", "URL", "Notes", "TOTP", "Last Modified", "Created", "Tags",
  "Type", "Favourite", "Archived", "Expires", "Additional URLs", "Fields",
};
/* clang-format on */

/* Which of its fields an item's columns show; the others are for "Fields". */
static const char *const column_fields[] = { "username", "password", "otp" };

static void
append (SpSecretBuffer *out, const char *text, gsize len)
{
  sp_secret_buffer_append (out, (const guint8 *) text, len);
}

/* Text inside a quoted cell. */
static void
append_escaped (SpSecretBuffer *out, const char *text, gsize len)
{
  const char *end = text + len;

  while (text < end) {
    const char *quote = memchr (text, '"', (gsize) (end - text));
    gsize n = (gsize) ((quote != NULL ? quote : end) - text);

    append (out, text, n);
    if (quote == NULL)
      return;
    append (out, "\"\"", 2);
    text = quote + 1;
  }
}

static void
begin_cell (SpSecretBuffer *out, gboolean is_first)
{
  if (!is_first)
    append (out, ",", 1);
  append (out, "\"", 1);
}

static void
end_cell (SpSecretBuffer *out)
{
  append (out, "\"", 1);
}

static void
append_text_cell (SpSecretBuffer *out, const char *text)
{
  begin_cell (out, FALSE);
  append_escaped (out, text, strlen (text));
  end_cell (out);
}

static void
append_secret_cell (SpSecretBuffer *out, const SpSecret *value)
{
  gsize len = 0;
  const guint8 *data = value != NULL ? sp_secret_peek (value, &len) : NULL;

  begin_cell (out, FALSE);
  if (len > 0)
    append_escaped (out, (const char *) data, len);
  end_cell (out);
}

static void
append_time_cell (SpSecretBuffer *out, gint64 ms)
{
  g_autofree char *text = ms != 0 ? sp_time_to_iso8601 (ms) : NULL;

  append_text_cell (out, text != NULL ? text : "");
}

static void
append_tags_cell (SpSecretBuffer *out, const GPtrArray *tags)
{
  begin_cell (out, FALSE);
  for (guint i = 1; i < tags->len; i++) {
    const char *tag = g_ptr_array_index (tags, i);

    if (i > 1)
      append (out, ";", 1);
    append_escaped (out, tag, strlen (tag));
  }
  end_cell (out);
}

static gboolean
is_url (const SpField *field)
{
  return g_strcmp0 (field->name, "url") == 0;
}

/* The field that a column shows: the first of its name. */
static gboolean
has_column (const SpItem *item, const SpField *field)
{
  for (gsize i = 0; i < G_N_ELEMENTS (column_fields); i++) {
    if (g_strcmp0 (field->name, column_fields[i]) == 0)
      return sp_item_find_field (item, field->name) == field;
  }
  return is_url (field);
}

static void
append_further_urls_cell (SpSecretBuffer *out, const SpItem *item)
{
  const SpField *first = sp_item_find_field (item, "url");
  gboolean any = FALSE;

  begin_cell (out, FALSE);
  for (guint i = 0; i < item->fields->len; i++) {
    const SpField *field = g_ptr_array_index (item->fields, i);
    gsize len;
    const guint8 *data;

    if (!is_url (field) || field == first)
      continue;
    if (any)
      append (out, "\n", 1);
    data = sp_secret_peek (field->value, &len);
    append_escaped (out, (const char *) data, len);
    any = TRUE;
  }
  end_cell (out);
}

/* "name: value", where each line of the value but the first is indented by a tab. */
static void
append_line_field (SpSecretBuffer *out, const SpField *field)
{
  const char *name = field->name != NULL ? field->name : field->label != NULL ? field->label : "";
  gsize len;
  const char *p = (const char *) sp_secret_peek (field->value, &len);
  const char *end = p + len;

  append_escaped (out, name, strlen (name));
  append (out, ": ", 2);
  while (p < end) {
    const char *newline = memchr (p, '\n', (gsize) (end - p));
    gsize n = (gsize) ((newline != NULL ? newline : end) - p);

    append_escaped (out, p, n);
    if (newline == NULL)
      return;
    append (out, "\n\t", 2);
    p = newline + 1;
  }
}

static void
append_fields_cell (SpSecretBuffer *out, const SpItem *item)
{
  gboolean any = FALSE;

  begin_cell (out, FALSE);
  for (guint i = 0; i < item->fields->len; i++) {
    const SpField *field = g_ptr_array_index (item->fields, i);

    if (has_column (item, field))
      continue;
    if (any)
      append (out, "\n", 1);
    append_line_field (out, field);
    any = TRUE;
  }
  end_cell (out);
}

void
sp_export_csv_header (SpSecretBuffer *out)
{
  for (gsize i = 0; i < G_N_ELEMENTS (header); i++) {
    begin_cell (out, i == 0);
    append (out, header[i], strlen (header[i]));
    end_cell (out);
  }
  append (out, "\n", 1);
}

void
sp_export_csv_row (SpSecretBuffer *out, const SpItem *item)
{
  const SpItemTypeInfo *info = sp_item_type_get_info (item->type);
  const char *group = item->tags->len > 0 ? g_ptr_array_index (item->tags, 0) : "";

  begin_cell (out, TRUE);
  append_escaped (out, group, strlen (group));
  end_cell (out);
  append_text_cell (out, item->title);
  append_secret_cell (out, sp_item_peek_value (item, "username"));
  append_secret_cell (out, sp_item_peek_value (item, "password"));
  append_secret_cell (out, sp_item_peek_value (item, "url"));
  append_secret_cell (out, item->notes);
  append_secret_cell (out, sp_item_peek_value (item, "otp"));
  append_time_cell (out, item->modified_ms);
  append_time_cell (out, item->created_ms);
  append_tags_cell (out, item->tags);
  append_text_cell (out, info != NULL ? info->name : "");
  append_text_cell (out, item->favourite ? "1" : "0");
  append_text_cell (out, item->archived ? "1" : "0");
  append_time_cell (out, item->expires_ms);
  append_further_urls_cell (out, item);
  append_fields_cell (out, item);
  append (out, "\n", 1);
}
