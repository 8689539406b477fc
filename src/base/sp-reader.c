/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The reader is total: any bytes give values or the failed flag, and no read leaves the input. Each
 * function takes what it needs through take(), the only place that moves the position. Once failed, it
 * stays so, and every out parameter is zero or NULL. */

#define G_LOG_DOMAIN "sp-reader"

#include "config.h"

#include "base/sp-reader.h"

#include <string.h>

#define VARINT_MAX_LEN 10

#define ASCII_HIGH_BITS G_GUINT64_CONSTANT (0x8080808080808080)
#define ASCII_ONES      G_GUINT64_CONSTANT (0x0101010101010101)

/**
 * sp_reader_init:
 * @self: (out caller-allocates): a reader
 * @data: (array length=len) (nullable): the input, which must outlive the reader and what it gives out
 * @len: its size in bytes
 */
void
sp_reader_init (SpReader *self, const guint8 *data, gsize len)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (data != NULL || len == 0);

  /* Arithmetic on NULL is undefined, even adding nothing. */
  self->data = data != NULL ? data : (const guint8 *) "";
  self->len = len;
  self->position = 0;
  self->failed = FALSE;
}

/**
 * sp_reader_get_remaining:
 * @self: a reader
 *
 * Returns: how many bytes are left; zero once it has failed
 */
gsize
sp_reader_get_remaining (const SpReader *self)
{
  return self->failed ? 0 : self->len - self->position;
}

/* The next `len` bytes, or NULL and a failed reader. */
static const guint8 *
take (SpReader *self, gsize len)
{
  const guint8 *data;

  if (self->failed || len > self->len - self->position) {
    self->failed = TRUE;
    return NULL;
  }

  data = self->data + self->position;
  self->position += len;
  return data;
}

/**
 * sp_reader_u8:
 * @self: a reader
 * @out_value: (out): one byte
 *
 * Returns: %FALSE if there is none
 */
gboolean
sp_reader_u8 (SpReader *self, guint8 *out_value)
{
  const guint8 *data = take (self, 1);

  *out_value = data != NULL ? data[0] : 0;
  return data != NULL;
}

/**
 * sp_reader_u16:
 * @self: a reader
 * @out_value: (out): two bytes, little-endian
 *
 * Returns: %FALSE if there are not that many
 */
gboolean
sp_reader_u16 (SpReader *self, guint16 *out_value)
{
  const guint8 *data = take (self, sizeof *out_value);
  guint16 value = 0;

  if (data != NULL)
    memcpy (&value, data, sizeof value);
  *out_value = GUINT16_FROM_LE (value);
  return data != NULL;
}

/**
 * sp_reader_u32:
 * @self: a reader
 * @out_value: (out): four bytes, little-endian
 *
 * Returns: %FALSE if there are not that many
 */
gboolean
sp_reader_u32 (SpReader *self, guint32 *out_value)
{
  const guint8 *data = take (self, sizeof *out_value);
  guint32 value = 0;

  if (data != NULL)
    memcpy (&value, data, sizeof value);
  *out_value = GUINT32_FROM_LE (value);
  return data != NULL;
}

/**
 * sp_reader_u64:
 * @self: a reader
 * @out_value: (out): eight bytes, little-endian
 *
 * Returns: %FALSE if there are not that many
 */
gboolean
sp_reader_u64 (SpReader *self, guint64 *out_value)
{
  const guint8 *data = take (self, sizeof *out_value);
  guint64 value = 0;

  if (data != NULL)
    memcpy (&value, data, sizeof value);
  *out_value = GUINT64_FROM_LE (value);
  return data != NULL;
}

/**
 * sp_reader_varint:
 * @self: a reader
 * @out_value: (out): an unsigned LEB128 number
 *
 * Reads seven bits a byte, lowest first, the high bit saying that more follow. Only the shortest form is
 * read, so that a value has one encoding, and only what fits 64 bits.
 *
 * Returns: %FALSE if it is not that
 */
gboolean
sp_reader_varint (SpReader *self, guint64 *out_value)
{
  guint64 value = 0;

  *out_value = 0;
  for (guint i = 0; i < VARINT_MAX_LEN; i++) {
    const guint8 *byte = take (self, 1);

    if (byte == NULL)
      return FALSE;
    value |= (guint64) (*byte & 0x7f) << (7 * i);
    if ((*byte & 0x80) != 0)
      continue;

    /* A last byte of zero adds nothing, and the tenth has room for one bit. */
    if ((i > 0 && *byte == 0) || (i == VARINT_MAX_LEN - 1 && *byte > 1))
      break;
    *out_value = value;
    return TRUE;
  }

  self->failed = TRUE;
  return FALSE;
}

/**
 * sp_reader_varint_max:
 * @self: a reader
 * @max: the largest value that makes sense
 * @out_value: (out): the number
 *
 * Like sp_reader_varint(), refusing what is over @max: for counts and lengths.
 *
 * Returns: %FALSE if it is not that
 */
gboolean
sp_reader_varint_max (SpReader *self, guint64 max, guint64 *out_value)
{
  if (!sp_reader_varint (self, out_value))
    return FALSE;
  if (*out_value <= max)
    return TRUE;

  *out_value = 0;
  self->failed = TRUE;
  return FALSE;
}

/**
 * sp_reader_fixed:
 * @self: a reader
 * @len: how many bytes
 * @out_data: (out) (transfer none): where they lie in the input
 *
 * Returns: %FALSE if there are not that many
 */
gboolean
sp_reader_fixed (SpReader *self, gsize len, const guint8 **out_data)
{
  *out_data = take (self, len);
  return !self->failed;
}

/**
 * sp_reader_copy:
 * @self: a reader
 * @out_data: (out caller-allocates) (array length=len): a copy of the bytes, zeros on failure
 * @len: how many bytes
 *
 * Returns: %FALSE if there are not that many
 */
gboolean
sp_reader_copy (SpReader *self, guint8 *out_data, gsize len)
{
  const guint8 *data = take (self, len);

  if (len == 0)
    return !self->failed;
  if (data == NULL)
    memset (out_data, 0, len);
  else
    memcpy (out_data, data, len);
  return data != NULL;
}

/**
 * sp_reader_bytes:
 * @self: a reader
 * @out_data: (out) (transfer none): where the bytes lie in the input
 * @out_len: (out): how many they are
 *
 * Reads a varint length and that many bytes.
 *
 * Returns: %FALSE if there are not that many
 */
gboolean
sp_reader_bytes (SpReader *self, const guint8 **out_data, gsize *out_len)
{
  guint64 len;

  *out_data = NULL;
  *out_len = 0;
  if (!sp_reader_varint_max (self, self->len, &len) ||
      !sp_reader_fixed (self, (gsize) len, out_data))
    return FALSE;

  *out_len = (gsize) len;
  return TRUE;
}

/* TRUE if all bytes are ASCII and none is NUL: eight at a time, by the test for a zero byte that is exact
 * where no high bit is set. */
static gboolean
is_plain_ascii (const guint8 *data, gsize len)
{
  guint64 bad = 0;
  gsize i = 0;

  for (; i + sizeof (guint64) <= len; i += sizeof (guint64)) {
    guint64 word;

    memcpy (&word, data + i, sizeof word);
    bad |= (word | (word - ASCII_ONES)) & ASCII_HIGH_BITS;
  }
  for (; i < len; i++)
    bad |= ((guint64) data[i] | ((guint64) data[i] - 1)) & 0x80;
  return bad == 0;
}

/**
 * sp_text_is_valid:
 * @data: (array length=len) (nullable): bytes
 * @len: how many
 *
 * Returns: %TRUE if they are UTF-8 without a NUL among them, what SpWriter writes and SpReader reads
 */
gboolean
sp_text_is_valid (const guint8 *data, gsize len)
{
  if (len == 0 || is_plain_ascii (data, len))
    return TRUE;
  return g_utf8_validate_len ((const char *) data, len, NULL);
}

/**
 * sp_reader_string:
 * @self: a reader
 * @out_string: (out) (transfer none): the text in the input, with its NUL
 * @out_len: (out) (optional): its length in bytes, without the NUL
 *
 * Reads a varint length, that many bytes of UTF-8 without NUL, and one NUL.
 *
 * Returns: %FALSE if it is not that
 */
gboolean
sp_reader_string (SpReader *self, const char **out_string, gsize *out_len)
{
  guint64 len;
  const guint8 *data;

  *out_string = NULL;
  if (out_len != NULL)
    *out_len = 0;

  if (!sp_reader_varint_max (self, self->len, &len))
    return FALSE;
  /* No overflow: what was read of a varint is at least one byte, so len is below G_MAXSIZE. */
  data = len < self->len ? take (self, (gsize) len + 1) : NULL;
  if (data == NULL || data[len] != '\0' || !sp_text_is_valid (data, (gsize) len)) {
    self->failed = TRUE;
    return FALSE;
  }

  *out_string = (const char *) data;
  if (out_len != NULL)
    *out_len = (gsize) len;
  return TRUE;
}

/**
 * sp_reader_zeros_to_end:
 * @self: a reader
 *
 * Reads the padding of sp_writer_pad(): all that is left, which must be zeros.
 *
 * Returns: %FALSE if it is not
 */
gboolean
sp_reader_zeros_to_end (SpReader *self)
{
  gsize len = sp_reader_get_remaining (self);
  const guint8 *data = take (self, len);
  guint8 any = 0;

  if (data == NULL)
    return !self->failed;
  for (gsize i = 0; i < len; i++)
    any |= data[i];
  if (any != 0)
    self->failed = TRUE;
  return any == 0;
}

/**
 * sp_reader_fail:
 * @self: a reader
 *
 * Marks the input as malformed: for callers that find a value out of its range.
 */
void
sp_reader_fail (SpReader *self)
{
  self->failed = TRUE;
}

/**
 * sp_reader_finish:
 * @self: a reader
 *
 * Returns: %TRUE if nothing failed and the input was read to its end
 */
gboolean
sp_reader_finish (const SpReader *self)
{
  return !self->failed && self->position == self->len;
}
