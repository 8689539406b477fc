/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The first line of the input is a format's name, the second a mapping (either may be empty), the rest a file. Whatever
 * they are, the file is refused with an error, or each of its rows makes an item that could be stored. */

#include "config.h"

#include <string.h>

#include "formats/sp-import.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize len);

/* Takes a line off the input; NULL for an empty one. */
static char *
take_line (const guint8 **data, gsize *len)
{
  const guint8 *end = *len > 0 ? memchr (*data, '\n', *len) : NULL;
  gsize n = end != NULL ? (gsize) (end - *data) : *len;
  char *line = n > 0 ? g_utf8_make_valid ((const char *) *data, (gssize) n) : NULL;

  *data += end != NULL ? n + 1 : n;
  *len -= end != NULL ? n + 1 : n;
  return line;
}

static void
check_item (const SpItem *item)
{
  g_assert_true (*item->title != '\0' && g_utf8_validate (item->title, -1, NULL));
  g_assert_nonnull (sp_item_type_get_info (item->type));
  g_assert_true (g_utf8_validate (sp_secret_peek_text (item->notes), -1, NULL));
  for (guint i = 0; i < item->tags->len; i++)
    g_assert_true (g_utf8_validate (g_ptr_array_index (item->tags, i), -1, NULL));
  for (guint i = 0; i < item->fields->len; i++) {
    const SpField *field = g_ptr_array_index (item->fields, i);

    g_assert_true (field->name != NULL || g_utf8_validate (field->label, -1, NULL));
    g_assert_true (g_utf8_validate (sp_secret_peek_text (field->value), -1, NULL));
  }
}

static guint
check_items (SpImport *import)
{
  guint n = 0;
  SpItem *item;

  sp_import_rewind (import);
  while ((item = sp_import_next (import)) != NULL) {
    check_item (item);
    sp_item_free (item);
    n++;
  }
  return n;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize len)
{
  g_autofree char *format = take_line (&data, &len);
  g_autofree char *mapping = take_line (&data, &len);
  const char *const mappings[] = { mapping, NULL };
  const SpImportOptions options = { format, mappings, TRUE };
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (data, (gssize) len, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (SpImport) import = sp_import_open (stream, &options, NULL, &error);
  guint n;

  g_assert_true ((import == NULL) == (error != NULL));
  if (import == NULL)
    return 0;
  for (guint i = 0; i < sp_import_get_n_columns (import); i++) {
    g_assert_true (*sp_import_get_column (import, i) != '\0');
    g_assert_true (*sp_import_get_target (import, i) != '\0');
  }
  n = check_items (import);
  g_assert_cmpuint (n, <=, sp_import_get_n_rows (import));
  g_assert_cmpuint (check_items (import), ==, n);
  return 0;
}
