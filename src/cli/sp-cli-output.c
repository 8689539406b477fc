/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A title can hold anything, also what would clear the screen, move the cursor, set the window's title or
 * turn the reading direction around. Such characters are shown as \x1b or \u202e. Output is UTF-8 whatever
 * the locale says: a password that is changed by a conversion is no password. */

#define G_LOG_DOMAIN "sp-cli-output"

#include "config.h"

#include "cli/sp-cli-output.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#include "base/sp-wipe.h"
#include "cli/sp-cli-error.h"

#define FLUSH_AT (32 * 1024)

struct _SpCliOutput {
  int fd;
  SpSecretBuffer *buffer; /* (owned) */
  int failed;             /* errno of the first write that failed; 0 */
};

/**
 * sp_cli_output_new:
 * @fd: an open descriptor; not closed by this
 *
 * Returns: (transfer full): an output onto @fd
 */
SpCliOutput *
sp_cli_output_new (int fd)
{
  SpCliOutput *self = g_new0 (SpCliOutput, 1);

  self->fd = fd;
  self->buffer = sp_secret_buffer_new ();
  return self;
}

/**
 * sp_cli_output_free:
 * @self: (transfer full) (nullable): an output
 *
 * Wipes what was not flushed; it is not written.
 */
void
sp_cli_output_free (SpCliOutput *self)
{
  if (self == NULL)
    return;
  sp_secret_buffer_free (self->buffer);
  g_free (self);
}

/**
 * sp_cli_write_all:
 * @fd: an open descriptor
 * @data: (array length=len): bytes
 * @len: how many
 *
 * Writes all of it, however many calls that takes.
 *
 * Returns: %FALSE, with `errno` set, if not everything could be written
 */
gboolean
sp_cli_write_all (int fd, const char *data, gsize len)
{
  while (len > 0) {
    gssize n = write (fd, data, len);

    if (n < 0 && errno != EINTR)
      return FALSE;
    if (n > 0) {
      data += n;
      len -= (gsize) n;
    }
  }
  return TRUE;
}

/**
 * sp_cli_output_send:
 * @self: an output
 *
 * Writes what has been gathered. If that fails, nothing more is written, and sp_cli_output_flush() tells.
 */
void
sp_cli_output_send (SpCliOutput *self)
{
  const char *data = (const char *) sp_secret_buffer_peek (self->buffer);

  if (self->failed == 0 &&
      !sp_cli_write_all (self->fd, data, sp_secret_buffer_get_length (self->buffer)))
    self->failed = errno;
  sp_secret_buffer_truncate (self->buffer, 0);
}

/**
 * sp_cli_output_raw:
 * @self: an output
 * @data: (array length=len): bytes, written as they are
 * @len: how many
 */
void
sp_cli_output_raw (SpCliOutput *self, const char *data, gsize len)
{
  g_return_if_fail (self != NULL);

  sp_secret_buffer_append (self->buffer, (const guint8 *) data, len);
  if (sp_secret_buffer_get_length (self->buffer) >= FLUSH_AT)
    sp_cli_output_send (self);
}

static gboolean
is_harmless (gunichar c)
{
  if (c < 0x20 || (c >= 0x7f && c < 0xa0))
    return FALSE;
  /* Marks and overrides of direction, line and paragraph separators, the byte-order mark. */
  return !(c == 0x061c || (c >= 0x200e && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0xfeff);
}

/* How many bytes from here on are plain ASCII: nearly all of nearly every text. */
static gsize
plain_length (const char *text)
{
  gsize len = 0;

  while (text[len] >= 0x20 && text[len] < 0x7f)
    len++;
  return len;
}

#define ESCAPE_MAX_LEN 12

/* Writes the visible form of the character at *text, moves *text behind it, and returns the columns that
 * it takes. The form is the character itself where that is harmless. */
static guint
next_visible (const char **text, char out_form[static ESCAPE_MAX_LEN])
{
  gunichar c = g_utf8_get_char_validated (*text, -1);
  guint len;

  if (c == (gunichar) -1 || c == (gunichar) -2) {
    g_snprintf (out_form, ESCAPE_MAX_LEN, "\\x%02x", (guint) (guchar) * *text);
    *text += 1;
    return 4;
  }
  len = (guint) g_unichar_to_utf8 (c, NULL);
  if (is_harmless (c)) {
    memcpy (out_form, *text, len);
    out_form[len] = '\0';
    *text += len;
    return g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
  }
  *text += len;
  return (guint) g_snprintf (out_form, ESCAPE_MAX_LEN, c < 0x80 ? "\\x%02x" : "\\u%04x", c);
}

/**
 * sp_cli_output_text:
 * @self: an output
 * @text: any bytes
 *
 * Writes @text with everything that a terminal would obey made visible.
 */
void
sp_cli_output_text (SpCliOutput *self, const char *text)
{
  char form[ESCAPE_MAX_LEN];

  g_return_if_fail (text != NULL);

  while (*text != '\0') {
    gsize len = plain_length (text);

    sp_cli_output_raw (self, text, len);
    text += len;
    if (*text == '\0')
      break;
    (void) next_visible (&text, form);
    sp_cli_output_raw (self, form, strlen (form));
  }
  SP_WIPE_ARRAY (form);
}

/**
 * sp_cli_output_lines:
 * @self: an output
 * @text: any bytes, maybe with newlines and tabs, which are kept
 * @indent: what stands before every line but the first
 */
void
sp_cli_output_lines (SpCliOutput *self, const char *text, const char *indent)
{
  char form[ESCAPE_MAX_LEN];

  g_return_if_fail (text != NULL && indent != NULL);

  while (*text != '\0') {
    if (*text == '\n') {
      sp_cli_output_raw (self, "\n", 1);
      text++;
      if (*text != '\0')
        sp_cli_output_raw (self, indent, strlen (indent));
    } else if (*text == '\t') {
      sp_cli_output_raw (self, "\t", 1);
      text++;
    } else if (text[0] == '\r' && text[1] == '\n') {
      text++;
    } else {
      (void) next_visible (&text, form);
      sp_cli_output_raw (self, form, strlen (form));
    }
  }
  SP_WIPE_ARRAY (form);
}

/**
 * sp_cli_output_format:
 * @self: an output
 * @format: a format of ours; its values are not secret and not a user's text
 */
void
sp_cli_output_format (SpCliOutput *self, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  sp_cli_output_raw (self, text, strlen (text));
}

/**
 * sp_cli_output_pad:
 * @self: an output
 * @n: how many spaces
 */
void
sp_cli_output_pad (SpCliOutput *self, guint n)
{
  static const char spaces[] = "                                                ";

  while (n > 0) {
    guint len = MIN (n, (guint) strlen (spaces));

    sp_cli_output_raw (self, spaces, len);
    n -= len;
  }
}

/**
 * sp_cli_output_flush:
 * @self: an output
 * @error: return location for a #GIOErrorEnum
 *
 * Writes what has been gathered.
 *
 * Returns: %FALSE, with @error set, if this or an earlier write failed
 */
gboolean
sp_cli_output_flush (SpCliOutput *self, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  sp_cli_output_send (self);
  if (self->failed == 0)
    return TRUE;
  sp_cli_error_set_errno (error, self->failed, _("The output cannot be written"));
  return FALSE;
}

/**
 * sp_cli_escape:
 * @text: any bytes, not secret
 *
 * Makes one line of it, too: a title in a sentence must not begin a line that looks like ours.
 *
 * Returns: (transfer full): @text with everything that a terminal would obey made visible
 */
char *
sp_cli_escape (const char *text)
{
  GString *safe = g_string_new (NULL);
  char form[ESCAPE_MAX_LEN];

  while (*text != '\0') {
    (void) next_visible (&text, form);
    g_string_append (safe, form);
  }
  return g_string_free (safe, FALSE);
}

/**
 * sp_cli_text_get_width:
 * @text: any bytes
 *
 * Returns: how many columns of a terminal sp_cli_output_text() fills with @text
 */
guint
sp_cli_text_get_width (const char *text)
{
  char form[ESCAPE_MAX_LEN];
  guint width = 0;

  while (*text != '\0') {
    gsize len = plain_length (text);

    text += len;
    width += (guint) len;
    if (*text != '\0')
      width += next_visible (&text, form);
  }
  return width;
}
