/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Text goes from where it lies into an SpWriter, whose pages are wiped, and from there to the stream: no
 * copy is left in the heap. The buffer is handed on whenever it is nearly full, so that it never grows.
 *
 * An error of the stream is kept; from then on all output is dropped, and each flush reports it. Misuse (a
 * value without a key in an object, brackets that do not match) is a programmer's error. */

#define G_LOG_DOMAIN "sp-json-writer"

#include "config.h"

#include "base/sp-json-writer.h"

#include <math.h>
#include <string.h>

#include "base/sp-reader.h"

#define DEPTH_MAX 32
#define FLUSH_LEN ((gsize) 48 * 1024)

/* U+FFFD, what stands for bytes that are not UTF-8. */
#define REPLACEMENT "\xef\xbf\xbd"

typedef struct {
  gboolean is_object;
  gboolean has_members;
  gboolean has_key; /* a key was written whose value is due */
} Frame;

struct _SpJsonWriter {
  GOutputStream *stream; /* (owned) */
  SpWriter *buffer;      /* (owned) */
  GError *error;         /* (owned) (nullable) the stream's first */
  gboolean pretty;
  guint depth;
  Frame frames[DEPTH_MAX + 1]; /* [0] is the document, an array of one value */
};

static void
put (SpJsonWriter *self, const char *text, gsize len)
{
  if (self->error == NULL)
    sp_writer_fixed (self->buffer, (const guint8 *) text, len);
}

static void
put_text (SpJsonWriter *self, const char *text)
{
  put (self, text, strlen (text));
}

static void
send_buffer (SpJsonWriter *self)
{
  gsize len;
  const guint8 *data = sp_writer_peek (self->buffer, &len);

  if (self->error == NULL && len > 0)
    (void) g_output_stream_write_all (self->stream, data, len, NULL, NULL, &self->error);
  sp_writer_reset (self->buffer);
}

static void
put_line_break (SpJsonWriter *self)
{
  if (!self->pretty)
    return;

  put_text (self, "\n");
  for (guint i = 0; i < self->depth; i++)
    put_text (self, "  ");
}

/* What comes before a key, or before a value that needs none. */
static void
begin_member (SpJsonWriter *self)
{
  Frame *frame = &self->frames[self->depth];

  if (frame->has_members)
    put_text (self, ",");
  if (self->depth > 0)
    put_line_break (self);
  frame->has_members = TRUE;
}

static void
begin_value (SpJsonWriter *self)
{
  Frame *frame = &self->frames[self->depth];

  if (frame->is_object) {
    g_assert (frame->has_key);
    frame->has_key = FALSE;
    return;
  }
  g_assert (self->depth > 0 || !frame->has_members);
  begin_member (self);
}

static void
end_value (SpJsonWriter *self)
{
  if (self->depth == 0)
    put_text (self, "\n");
  if (sp_writer_get_length (self->buffer) >= FLUSH_LEN)
    send_buffer (self);
}

static void
open_frame (SpJsonWriter *self, gboolean is_object)
{
  g_assert (self->depth < DEPTH_MAX);

  begin_value (self);
  put_text (self, is_object ? "{" : "[");
  self->depth++;
  self->frames[self->depth] = (Frame){ .is_object = is_object };
}

static void
close_frame (SpJsonWriter *self, gboolean is_object)
{
  Frame frame = self->frames[self->depth];

  g_assert (self->depth > 0 && frame.is_object == is_object && !frame.has_key);

  self->depth--;
  if (frame.has_members)
    put_line_break (self);
  put_text (self, is_object ? "}" : "]");
  end_value (self);
}

/* RFC 8259 section 7: quote, backslash and control characters must be escaped. That does not include DEL and
 * the C1 controls, but a terminal may obey them, and JSON is also printed to terminals. */
static void
put_escape (SpJsonWriter *self, guint8 c)
{
  static const char named[][2] = { { '"', '"' },  { '\\', '\\' }, { '\b', 'b' }, { '\f', 'f' },
                                   { '\n', 'n' }, { '\r', 'r' },  { '\t', 't' } };
  static const char digits[] = "0123456789abcdef";
  char escape[6] = { '\\', 'u', '0', '0', digits[c >> 4], digits[c & 0x0f] };

  for (gsize i = 0; i < G_N_ELEMENTS (named); i++) {
    if ((guint8) named[i][0] == c) {
      escape[1] = named[i][1];
      put (self, escape, 2);
      return;
    }
  }
  put (self, escape, sizeof escape);
}

/* How many bytes from `data` on may be written as they are. */
static gsize
plain_length (const guint8 *data, gsize len)
{
  gsize i = 0;

  while (i < len) {
    gunichar c;

    if (data[i] < 0x20 || data[i] == 0x7f || data[i] == '"' || data[i] == '\\')
      break;
    if (data[i] < 0x80) {
      i++;
      continue;
    }
    c = g_utf8_get_char_validated ((const char *) data + i, (gssize) MIN (len - i, 6));
    if (c == (gunichar) -1 || c == (gunichar) -2 || c < 0xa0)
      break;
    i += (gsize) g_unichar_to_utf8 (c, NULL);
  }
  return i;
}

/* U+0080 to U+009F: the second byte is the character's number. */
static gboolean
is_c1_control (const guint8 *data, gsize len)
{
  return len >= 2 && data[0] == 0xc2 && data[1] >= 0x80 && data[1] < 0xa0;
}

static void
put_string (SpJsonWriter *self, const guint8 *data, gsize len)
{
  put_text (self, "\"");
  while (len > 0) {
    gsize plain = plain_length (data, len);

    put (self, (const char *) data, plain);
    data += plain;
    len -= plain;
    if (len == 0)
      break;
    if (is_c1_control (data, len)) {
      data++;
      len--;
      put_escape (self, *data);
    } else if (*data < 0x80) {
      put_escape (self, *data);
    } else {
      put_text (self, REPLACEMENT);
    }
    data++;
    len--;
  }
  put_text (self, "\"");
}

static void
put_value (SpJsonWriter *self, const char *text)
{
  g_return_if_fail (self != NULL);

  begin_value (self);
  put_text (self, text);
  end_value (self);
}

/**
 * sp_json_writer_new:
 * @stream: where the text goes; it is not closed
 * @pretty: whether to break lines and indent
 *
 * Returns: (transfer full): a writer for one JSON value
 */
SpJsonWriter *
sp_json_writer_new (GOutputStream *stream, gboolean pretty)
{
  SpJsonWriter *self;

  g_return_val_if_fail (G_IS_OUTPUT_STREAM (stream), NULL);

  self = g_new0 (SpJsonWriter, 1);
  self->stream = g_object_ref (stream);
  self->buffer = sp_writer_new ();
  self->pretty = pretty;
  return self;
}

/**
 * sp_json_writer_free:
 * @self: (nullable): a writer
 *
 * Wipes what was not flushed and frees the writer.
 */
void
sp_json_writer_free (SpJsonWriter *self)
{
  if (self == NULL)
    return;

  sp_writer_free (self->buffer);
  g_clear_error (&self->error);
  g_object_unref (self->stream);
  g_free (self);
}

/**
 * sp_json_begin_object:
 * @self: a writer
 *
 * Begins an object; they and arrays nest at most 32 deep.
 */
void
sp_json_begin_object (SpJsonWriter *self)
{
  g_return_if_fail (self != NULL);
  open_frame (self, TRUE);
}

/**
 * sp_json_end_object:
 * @self: a writer
 */
void
sp_json_end_object (SpJsonWriter *self)
{
  g_return_if_fail (self != NULL);
  close_frame (self, TRUE);
}

/**
 * sp_json_begin_array:
 * @self: a writer
 *
 * Begins an array; they and objects nest at most 32 deep.
 */
void
sp_json_begin_array (SpJsonWriter *self)
{
  g_return_if_fail (self != NULL);
  open_frame (self, FALSE);
}

/**
 * sp_json_end_array:
 * @self: a writer
 */
void
sp_json_end_array (SpJsonWriter *self)
{
  g_return_if_fail (self != NULL);
  close_frame (self, FALSE);
}

/**
 * sp_json_key:
 * @self: a writer, in an object
 * @name: the name of the value that is written next
 */
void
sp_json_key (SpJsonWriter *self, const char *name)
{
  Frame *frame;

  g_return_if_fail (self != NULL && name != NULL);

  frame = &self->frames[self->depth];
  g_assert (frame->is_object && !frame->has_key);
  begin_member (self);
  frame->has_key = TRUE;
  put_string (self, (const guint8 *) name, strlen (name));
  put_text (self, self->pretty ? ": " : ":");
}

/**
 * sp_json_string:
 * @self: a writer
 * @value: (nullable): text, in which what is not UTF-8 becomes U+FFFD; %NULL writes null
 */
void
sp_json_string (SpJsonWriter *self, const char *value)
{
  g_return_if_fail (self != NULL);

  if (value == NULL) {
    sp_json_null (self);
    return;
  }
  begin_value (self);
  put_string (self, (const guint8 *) value, strlen (value));
  end_value (self);
}

/**
 * sp_json_secret:
 * @self: a writer
 * @value: (nullable): secret text, in which what is not UTF-8 becomes U+FFFD; %NULL writes null
 */
void
sp_json_secret (SpJsonWriter *self, const SpSecret *value)
{
  const guint8 *data;
  gsize len;

  g_return_if_fail (self != NULL);

  if (value == NULL) {
    sp_json_null (self);
    return;
  }
  data = sp_secret_peek (value, &len);
  begin_value (self);
  put_string (self, data, len);
  end_value (self);
}

/**
 * sp_json_int:
 * @self: a writer
 * @value: a number
 */
void
sp_json_int (SpJsonWriter *self, gint64 value)
{
  char text[24];

  g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT, value);
  put_value (self, text);
}

/**
 * sp_json_double:
 * @self: a writer
 * @value: a number; JSON has no infinity and no NaN, which are written as null
 * @decimals: how many digits to write after the point, 0 to 17
 */
void
sp_json_double (SpJsonWriter *self, double value, int decimals)
{
  char format[8];
  /* The largest double has 309 digits before the point. */
  char text[352];

  g_return_if_fail (decimals >= 0 && decimals <= 17);

  if (!isfinite (value)) {
    sp_json_null (self);
    return;
  }
  g_snprintf (format, sizeof format, "%%.%df", decimals);
  put_value (self, g_ascii_formatd (text, sizeof text, format, value));
}

/**
 * sp_json_bool:
 * @self: a writer
 * @value: true or false
 */
void
sp_json_bool (SpJsonWriter *self, gboolean value)
{
  put_value (self, value ? "true" : "false");
}

/**
 * sp_json_null:
 * @self: a writer
 */
void
sp_json_null (SpJsonWriter *self)
{
  put_value (self, "null");
}

/**
 * sp_json_writer_flush:
 * @self: a writer
 * @error: return location for the stream's error
 *
 * Hands what was written so far to the stream. After the document's last bracket, everything has gone out.
 *
 * Returns: %FALSE, with @error set, if this or anything before it failed
 */
gboolean
sp_json_writer_flush (SpJsonWriter *self, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  send_buffer (self);
  if (self->error == NULL)
    (void) g_output_stream_flush (self->stream, NULL, &self->error);
  if (self->error == NULL)
    return TRUE;

  g_propagate_error (error, g_error_copy (self->error));
  return FALSE;
}
