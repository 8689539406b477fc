/* SPDX-License-Identifier: GPL-3.0-or-later */

/* An item may come from an import or another person, so a click must not do more than a browser, a mail program or a
 * telephone does with an address. Other schemes start whatever is registered for them, with what the item says:
 * file: and smb: open programs and documents, javascript: and data: run in the browser's page, ssh: and sftp: have been
 * handed to a command line as options. They can be copied, not opened. */

#define G_LOG_DOMAIN "sp-link"

#include "config.h"

#include "ui/sp-link.h"

#include <string.h>

static const char *const opened_schemes[] = { "http", "https", "mailto", "tel", NULL };

/* What no address has: it would be taken for two, or shown as something else. */
static gboolean
has_odd_character (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_find_next_char (p, NULL)) {
    gunichar c = g_utf8_get_char (p);

    if (g_unichar_isspace (c) || g_unichar_iscntrl (c) || g_unichar_type (c) == G_UNICODE_FORMAT ||
        c == '<' || c == '>' || c == '"' || c == '\\')
      return TRUE;
  }
  return FALSE;
}

/* "localhost:8080" has no scheme, though it looks so. */
static gboolean
is_port (const char *text)
{
  gsize n = strspn (text, "0123456789");

  return n > 0 && n <= 5 && (text[n] == '\0' || text[n] == '/' || text[n] == '?');
}

/* Some mail programs attach the file that an address names. */
static gboolean
attaches_file (const char *text)
{
  g_autofree char *query = strchr (text, '?') != NULL ? g_ascii_strdown (strchr (text, '?'), -1)
                                                      : NULL;

  return query != NULL && strstr (query, "attach") != NULL;
}

static SpSecret *
prefix (const char *scheme, const char *text)
{
  g_autoptr (SpSecretBuffer) buffer = sp_secret_buffer_new ();

  sp_secret_buffer_append_text (buffer, scheme);
  sp_secret_buffer_append_text (buffer, text);
  return sp_secret_buffer_finish (buffer);
}

static SpSecret *
complete_url (const SpSecret *value)
{
  const char *text = sp_secret_peek_text (value);
  const char *scheme = g_uri_peek_scheme (text);

  if (*text == '\0' || has_odd_character (text))
    return NULL;
  if (scheme != NULL && g_strv_contains (opened_schemes, scheme))
    return g_str_equal (scheme, "mailto") && attaches_file (text) ? NULL : sp_secret_ref (value);
  if (strstr (text, "://") != NULL || *text == '/' || *text == '-' ||
      (scheme != NULL && !is_port (text + strlen (scheme) + 1)))
    return NULL;
  return prefix ("https://", text);
}

static SpSecret *
complete_email (const SpSecret *value)
{
  const char *text = sp_secret_peek_text (value);
  const char *at = strchr (text, '@');

  if (at == NULL || at == text || at[1] == '\0' || strpbrk (text, "?&%:,;") != NULL ||
      has_odd_character (text))
    return NULL;
  return prefix ("mailto:", text);
}

/* As people write it, with spaces, brackets and strokes: "+43 (1) 234-56". */
static SpSecret *
complete_phone (const SpSecret *value)
{
  const char *text = sp_secret_peek_text (value);
  g_autoptr (SpSecretBuffer) buffer = sp_secret_buffer_new ();
  const gsize start = strlen ("tel:");

  sp_secret_buffer_append_text (buffer, "tel:");
  for (const char *p = text; *p != '\0'; p++) {
    gboolean first = sp_secret_buffer_get_length (buffer) == start;

    if (g_ascii_isdigit (*p) || (*p == '+' && first))
      sp_secret_buffer_append (buffer, (const guint8 *) p, 1);
    else if (strchr (" ()-/.", *p) == NULL)
      return NULL;
  }
  if (sp_secret_buffer_get_length (buffer) < start + 3)
    return NULL;
  return sp_secret_buffer_finish (buffer);
}

/**
 * sp_link_new:
 * @kind: of a field
 * @value: its value, UTF-8
 *
 * Returns: (transfer full) (nullable): the address to open, or `NULL` if there is none that is opened
 */
SpSecret *
sp_link_new (SpFieldKind kind, const SpSecret *value)
{
  g_return_val_if_fail (value != NULL, NULL);

  if (kind == SP_FIELD_URL)
    return complete_url (value);
  if (kind == SP_FIELD_EMAIL)
    return complete_email (value);
  return kind == SP_FIELD_PHONE ? complete_phone (value) : NULL;
}
