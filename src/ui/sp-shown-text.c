/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Control characters have pictures in Unicode. What steers the reading direction has none: it is written as its
 * number, so that a name like "report[U+202E]fdp.exe" says what it is. Line ends and tabs are left alone. */

#define G_LOG_DOMAIN "sp-shown-text"

#include "config.h"

#include "ui/sp-shown-text.h"

#define MAX_FORM_LEN   16
#define FIRST_PICTURE  0x2400
#define DELETE_PICTURE 0x2421

static gboolean
is_shown_as_number (gunichar c)
{
  return (c >= 0x80 && c < 0xa0) || c == 0x2028 || c == 0x2029 || (c >= 0x202a && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

/* What stands for a character; its length. */
static gsize
make_form (gunichar c, char out_form[static MAX_FORM_LEN])
{
  if (is_shown_as_number (c))
    return (gsize) g_snprintf (out_form, MAX_FORM_LEN, "[U+%04X]", c);
  if (c < 0x20 && c != '\n' && c != '\t')
    c += FIRST_PICTURE;
  else if (c == 0x7f)
    c = DELETE_PICTURE;
  return (gsize) g_unichar_to_utf8 (c, out_form);
}

/**
 * sp_shown_text_append:
 * @buffer: where to
 * @text: UTF-8 text
 * @max_chars: how many characters of it at most
 *
 * Appends the text so that nothing in it is hidden. It may be a secret.
 */
void
sp_shown_text_append (SpSecretBuffer *buffer, const char *text, gsize max_chars)
{
  const char *c = text;

  g_return_if_fail (buffer != NULL && text != NULL);

  for (gsize i = 0; i < max_chars && *c != '\0'; i++, c += g_utf8_skip[(guchar) *c]) {
    char form[MAX_FORM_LEN];
    gsize len = make_form (g_utf8_get_char (c), form);

    sp_secret_buffer_append (buffer, (const guint8 *) form, len);
  }
}

/**
 * sp_dup_shown_text:
 * @text: UTF-8 text, nothing secret
 * @max_chars: how many characters are shown; an ellipsis stands for the others
 *
 * Returns: (transfer full): the text so that nothing in it is hidden
 */
char *
sp_dup_shown_text (const char *text, gsize max_chars)
{
  GString *shown;
  const char *c = text;

  g_return_val_if_fail (text != NULL, NULL);

  shown = g_string_new (NULL);
  for (gsize i = 0; i < max_chars && *c != '\0'; i++, c += g_utf8_skip[(guchar) *c]) {
    char form[MAX_FORM_LEN];
    gsize len = make_form (g_utf8_get_char (c), form);

    g_string_append_len (shown, form, (gssize) len);
  }
  if (*c != '\0')
    g_string_append (shown, "…");
  return g_string_free (shown, FALSE);
}
