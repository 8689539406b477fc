/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Encodings: a byte-order mark decides (UTF-8, UTF-16 in either order); without one, UTF-16 is known by a
 * zero beside each of the first two characters, and all else must be UTF-8. Windows-1252 looks like
 * anything, so it is only read with consent.
 *
 * The text never leaves wiped pages. Growing copies; a hint of the stream's size spares that. */

#define G_LOG_DOMAIN "sp-csv-text"

#include "config.h"

#include "formats/sp-csv-text.h"

#include <string.h>

#include "base/sp-pages.h"
#include "formats/sp-csv.h"
#include "formats/sp-format-error.h"

#define FIRST_CAPACITY ((gsize) 64 * 1024)
#define HUGE_FROM      ((gsize) 2 * 1024 * 1024)
/* Room that a UTF-16 unit or a Windows-1252 byte may need at most in UTF-8. */
#define UTF8_MAX_PER_UNIT 3

/* What Windows-1252 has at 0x80 to 0x9F (the WHATWG Encoding Standard's index: where Microsoft's table
 * has a hole, the control character of that number, so that no byte is lost). */
static const guint16 windows_1252[32] = {
  0x20ac, 0x0081, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
  0x2039, 0x0152, 0x008d, 0x017d, 0x008f, 0x0090, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
  0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x009d, 0x017e, 0x0178,
};

static SpPagesFlags
flags_for (gsize capacity)
{
  return capacity >= HUGE_FROM ? SP_PAGES_HUGE : SP_PAGES_DEFAULT;
}

void
sp_csv_text_clear (SpCsvText *self)
{
  if (self->data != NULL)
    sp_pages_free (self->data, self->capacity, flags_for (self->capacity));
  *self = (SpCsvText){ 0 };
}

/* Makes room for at least `capacity` bytes in all. */
gboolean
sp_csv_text_reserve (SpCsvText *self, gsize capacity, GError **error)
{
  char *data;

  if (self->data != NULL && capacity <= self->capacity)
    return TRUE;
  capacity = MAX (capacity, FIRST_CAPACITY);
  if (self->data != NULL)
    capacity = MAX (capacity, self->capacity * 2);

  data = sp_pages_alloc (capacity, flags_for (capacity));
  if (data == NULL) {
    g_set_error (error, SP_FORMAT_ERROR, SP_FORMAT_ERROR_TOO_LARGE,
                 "There is not enough memory to read the file.");
    return FALSE;
  }
  if (self->data != NULL) {
    memcpy (data, self->data, self->len);
    sp_pages_free (self->data, self->capacity, flags_for (self->capacity));
  }
  self->data = data;
  self->capacity = capacity;
  return TRUE;
}

static gboolean
check_size (guint64 size, GError **error)
{
  if (size <= SP_CSV_MAX_SIZE)
    return TRUE;

  g_set_error (error, SP_FORMAT_ERROR, SP_FORMAT_ERROR_TOO_LARGE,
               "The file is larger than %" G_GUINT64_FORMAT " MiB.", SP_CSV_MAX_SIZE >> 20);
  return FALSE;
}

gboolean
sp_csv_text_append (SpCsvText *self, const guint8 *data, gsize len, GError **error)
{
  if (!check_size ((guint64) self->len + len, error) ||
      !sp_csv_text_reserve (self, self->len + len, error))
    return FALSE;

  if (len > 0)
    memcpy (self->data + self->len, data, len);
  self->len += len;
  return TRUE;
}

/* The bytes still to come, where the stream can tell; 0 where it cannot. */
static gsize
guess_size (GInputStream *stream, GCancellable *cancellable)
{
  GSeekable *seekable;
  goffset here;
  goffset end;

  if (!G_IS_SEEKABLE (stream) || !g_seekable_can_seek (G_SEEKABLE (stream)))
    return 0;

  seekable = G_SEEKABLE (stream);
  here = g_seekable_tell (seekable);
  if (!g_seekable_seek (seekable, 0, G_SEEK_END, cancellable, NULL))
    return 0;
  end = g_seekable_tell (seekable);
  if (!g_seekable_seek (seekable, here, G_SEEK_SET, cancellable, NULL) || end <= here)
    return 0;
  return (gsize) MIN ((guint64) (end - here), SP_CSV_MAX_SIZE);
}

/* Reads the stream to its end; the stream's own error is passed on. */
gboolean
sp_csv_text_read (SpCsvText *self, GInputStream *stream, GCancellable *cancellable, GError **error)
{
  gssize n = 1;

  /* One byte more than is expected, so that the end is found without growing. */
  if (!sp_csv_text_reserve (self, guess_size (stream, cancellable) + 1, error))
    return FALSE;

  while (n > 0) {
    if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
        !check_size (self->len, error) ||
        (self->len == self->capacity && !sp_csv_text_reserve (self, self->len + 1, error)))
      return FALSE;
    n = g_input_stream_read (stream, self->data + self->len, self->capacity - self->len,
                             cancellable, error);
    if (n < 0)
      return FALSE;
    self->len += (gsize) n;
  }
  return TRUE;
}

static void
append_unichar (SpCsvText *text, gunichar c)
{
  text->len += (gsize) g_unichar_to_utf8 (c, text->data + text->len);
}

static void
replace_text (SpCsvText *self, SpCsvText *other)
{
  sp_csv_text_clear (self);
  *self = *other;
  *other = (SpCsvText){ 0 };
}

static gunichar
utf16_unit (const SpCsvText *text, gsize position, gboolean big_endian)
{
  guint8 first = (guint8) text->data[position];
  guint8 second = (guint8) text->data[position + 1];

  return big_endian ? (gunichar) (first << 8 | second) : (gunichar) (second << 8 | first);
}

/* FALSE for a half character. Room was made. */
static gboolean
convert_utf16 (const SpCsvText *text, gboolean big_endian, SpCsvText *out)
{
  gsize position = text->start;

  while (position + 2 <= text->len) {
    gunichar c = utf16_unit (text, position, big_endian);

    position += 2;
    if (c >= 0xd800 && c < 0xdc00 && position + 2 <= text->len) {
      gunichar low = utf16_unit (text, position, big_endian);

      if (low < 0xdc00 || low > 0xdfff)
        return FALSE;
      position += 2;
      c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
    }
    if (c >= 0xd800 && c <= 0xdfff)
      return FALSE;
    append_unichar (out, c);
  }
  return position == text->len;
}

static gboolean
decode_utf16 (SpCsvText *self, gboolean big_endian, GError **error)
{
  SpCsvText out = { 0 };
  gboolean good;

  if (!sp_csv_text_reserve (&out, (self->len - self->start) / 2 * UTF8_MAX_PER_UNIT + 1, error))
    return FALSE;

  good = convert_utf16 (self, big_endian, &out);
  if (good)
    replace_text (self, &out);
  sp_csv_text_clear (&out);
  if (!good)
    g_set_error (error, SP_FORMAT_ERROR, SP_FORMAT_ERROR_ENCODING,
                 "The file begins as UTF-16 text, but is broken further on.");
  return good;
}

static gboolean
decode_windows_1252 (SpCsvText *self, GError **error)
{
  SpCsvText out = { 0 };

  if (!sp_csv_text_reserve (&out, (self->len - self->start) * UTF8_MAX_PER_UNIT + 1, error))
    return FALSE;

  for (gsize i = self->start; i < self->len; i++) {
    guint8 byte = (guint8) self->data[i];

    append_unichar (&out, byte >= 0x80 && byte < 0xa0 ? windows_1252[byte - 0x80] : byte);
  }
  replace_text (self, &out);
  return TRUE;
}

static gboolean
begins_with (const SpCsvText *self, const char *bytes, gsize n)
{
  return self->len >= n && memcmp (self->data, bytes, n) == 0;
}

/* Finds the first byte that is not text; FINE if there is none. */
SpCsvTextFault
sp_csv_text_check (const SpCsvText *self, gsize *out_offset)
{
  const char *begin = self->data + self->start;
  gsize len = self->len - self->start;
  const char *end = NULL;
  const char *nul = len > 0 ? memchr (begin, 0, len) : NULL;

  /* A NUL first: a binary file is better described by it than by its encoding. */
  if (nul != NULL) {
    *out_offset = (gsize) (nul - self->data);
    return SP_CSV_TEXT_NUL;
  }
  if (!g_utf8_validate_len (begin, len, &end)) {
    *out_offset = (gsize) (end - self->data);
    return SP_CSV_TEXT_NOT_UTF8;
  }
  return SP_CSV_TEXT_FINE;
}

/* Leaves UTF-8 behind `start`, as far as the bytes allow: the caller checks. */
gboolean
sp_csv_text_decode (SpCsvText *self, gboolean windows_1252_too, GError **error)
{
  gsize offset;

  if (begins_with (self, "\xef\xbb\xbf", 3)) {
    self->start = 3;
    return TRUE;
  }
  if (begins_with (self, "\xff\xfe", 2) || begins_with (self, "\xfe\xff", 2)) {
    self->start = 2;
    return decode_utf16 (self, self->data[0] == '\xfe', error);
  }
  if (self->len >= 4 && self->data[0] != 0 && self->data[1] == 0 && self->data[2] != 0 &&
      self->data[3] == 0)
    return decode_utf16 (self, FALSE, error);
  if (self->len >= 4 && self->data[0] == 0 && self->data[1] != 0 && self->data[2] == 0 &&
      self->data[3] != 0)
    return decode_utf16 (self, TRUE, error);

  if (windows_1252_too && sp_csv_text_check (self, &offset) == SP_CSV_TEXT_NOT_UTF8)
    return decode_windows_1252 (self, error);
  return TRUE;
}
