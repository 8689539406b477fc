/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The writer's buffer is one block of wiped pages that doubles when it is full. All that lies behind the
 * length is zero, so that padding needs no writing, and a reset wipes only what was used.
 *
 * Whatever is written can be read back: a string that SpReader would refuse is a programmer's error. */

#define G_LOG_DOMAIN "sp-writer"

#include "config.h"

#include "base/sp-reader.h"

#include <string.h>

#include "base/sp-pages.h"
#include "base/sp-wipe.h"

#define FIRST_CAPACITY ((gsize) 64 * 1024)
#define VARINT_MAX_LEN 10

struct _SpWriter {
  guint8 *data;
  gsize capacity;
  gsize len;
};

static guint8 *
alloc_pages (gsize size)
{
  guint8 *data = sp_pages_alloc (size, SP_PAGES_DEFAULT);

  if (data == NULL)
    g_error ("no memory for a buffer of %" G_GSIZE_FORMAT " bytes", size);
  return data;
}

/**
 * sp_writer_new:
 *
 * Returns: (transfer full): an empty writer
 */
SpWriter *
sp_writer_new (void)
{
  SpWriter *self = g_new0 (SpWriter, 1);

  self->data = alloc_pages (FIRST_CAPACITY);
  self->capacity = FIRST_CAPACITY;
  return self;
}

/**
 * sp_writer_free:
 * @self: (nullable): a writer
 *
 * Wipes what was written and frees the writer.
 */
void
sp_writer_free (SpWriter *self)
{
  if (self == NULL)
    return;

  sp_wipe (self->data, self->len);
  sp_pages_free (self->data, self->capacity, SP_PAGES_WIPED);
  g_free (self);
}

/**
 * sp_writer_reset:
 * @self: a writer
 *
 * Wipes what was written and starts again, in the same memory.
 */
void
sp_writer_reset (SpWriter *self)
{
  g_return_if_fail (self != NULL);

  sp_wipe (self->data, self->len);
  self->len = 0;
}

/**
 * sp_writer_peek:
 * @self: a writer
 * @out_len: (out) (optional): how many bytes there are
 *
 * Returns: (transfer none): what was written, until the next call on @self
 */
const guint8 *
sp_writer_peek (const SpWriter *self, gsize *out_len)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (out_len != NULL)
    *out_len = self->len;
  return self->data;
}

/**
 * sp_writer_get_length:
 * @self: a writer
 *
 * Returns: how many bytes were written
 */
gsize
sp_writer_get_length (const SpWriter *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->len;
}

static void
grow (SpWriter *self, gsize needed)
{
  gsize capacity = self->capacity;
  guint8 *data;

  while (capacity < needed) {
    if (capacity > G_MAXSIZE / 2)
      g_error ("a record of %" G_GSIZE_FORMAT " bytes is too large", needed);
    capacity *= 2;
  }

  data = alloc_pages (capacity);
  memcpy (data, self->data, self->len);
  sp_wipe (self->data, self->len);
  sp_pages_free (self->data, self->capacity, SP_PAGES_WIPED);
  self->data = data;
  self->capacity = capacity;
}

/* Adds `len` bytes, still zero, and returns where they start. */
static guint8 *
extend (SpWriter *self, gsize len)
{
  guint8 *data;
  gsize needed;

  if (!g_size_checked_add (&needed, self->len, len))
    g_error ("a record of over %" G_GSIZE_FORMAT " bytes is too large", self->len);
  if (G_UNLIKELY (needed > self->capacity))
    grow (self, needed);

  data = self->data + self->len;
  self->len = needed;
  return data;
}

/**
 * sp_writer_u8:
 * @self: a writer
 * @value: one byte
 */
void
sp_writer_u8 (SpWriter *self, guint8 value)
{
  *extend (self, 1) = value;
}

/**
 * sp_writer_u16:
 * @self: a writer
 * @value: two bytes, written little-endian
 */
void
sp_writer_u16 (SpWriter *self, guint16 value)
{
  guint16 little = GUINT16_TO_LE (value);

  memcpy (extend (self, sizeof little), &little, sizeof little);
}

/**
 * sp_writer_u32:
 * @self: a writer
 * @value: four bytes, written little-endian
 */
void
sp_writer_u32 (SpWriter *self, guint32 value)
{
  guint32 little = GUINT32_TO_LE (value);

  memcpy (extend (self, sizeof little), &little, sizeof little);
}

/**
 * sp_writer_u64:
 * @self: a writer
 * @value: eight bytes, written little-endian
 */
void
sp_writer_u64 (SpWriter *self, guint64 value)
{
  guint64 little = GUINT64_TO_LE (value);

  memcpy (extend (self, sizeof little), &little, sizeof little);
}

/**
 * sp_writer_varint:
 * @self: a writer
 * @value: a number, written as unsigned LEB128 in its shortest form
 */
void
sp_writer_varint (SpWriter *self, guint64 value)
{
  guint8 bytes[VARINT_MAX_LEN];
  gsize len = 0;

  while (value >= 0x80) {
    bytes[len++] = (guint8) (value & 0x7f) | 0x80;
    value >>= 7;
  }
  bytes[len++] = (guint8) value;
  memcpy (extend (self, len), bytes, len);
}

/**
 * sp_writer_fixed:
 * @self: a writer
 * @data: (array length=len) (nullable): bytes, not those of @self
 * @len: how many
 *
 * Writes bytes whose number the reader knows.
 */
void
sp_writer_fixed (SpWriter *self, const guint8 *data, gsize len)
{
  g_return_if_fail (data != NULL || len == 0);

  if (len > 0)
    memcpy (extend (self, len), data, len);
}

/**
 * sp_writer_bytes:
 * @self: a writer
 * @data: (array length=len) (nullable): bytes, not those of @self
 * @len: how many
 *
 * Writes a varint length and the bytes.
 */
void
sp_writer_bytes (SpWriter *self, const guint8 *data, gsize len)
{
  sp_writer_varint (self, len);
  sp_writer_fixed (self, data, len);
}

/**
 * sp_writer_string:
 * @self: a writer
 * @string: UTF-8
 *
 * Writes a varint length, the text and one NUL.
 */
void
sp_writer_string (SpWriter *self, const char *string)
{
  g_return_if_fail (string != NULL);

  sp_writer_string_len (self, string, strlen (string));
}

/**
 * sp_writer_string_len:
 * @self: a writer
 * @string: (nullable): UTF-8 without NUL, not that of @self
 * @len: its length in bytes
 *
 * Writes a varint length, the text and one NUL. Aborts on text that sp_text_is_valid() refuses.
 */
void
sp_writer_string_len (SpWriter *self, const char *string, gsize len)
{
  g_assert (string != NULL || len == 0);
  g_assert (sp_text_is_valid ((const guint8 *) string, len));

  sp_writer_varint (self, len);
  sp_writer_fixed (self, (const guint8 *) string, len);
  sp_writer_u8 (self, 0);
}

/**
 * sp_writer_pad:
 * @self: a writer
 * @multiple: over 0
 *
 * Appends as few zeros as make the length a multiple of @multiple, none if it is one.
 */
void
sp_writer_pad (SpWriter *self, gsize multiple)
{
  g_return_if_fail (multiple > 0);

  extend (self, (multiple - self->len % multiple) % multiple);
}

/**
 * sp_writer_set_u32_at:
 * @self: a writer
 * @position: where four bytes were already written
 * @value: what to write over them, little-endian
 */
void
sp_writer_set_u32_at (SpWriter *self, gsize position, guint32 value)
{
  guint32 little = GUINT32_TO_LE (value);

  g_return_if_fail (self->len >= sizeof little && position <= self->len - sizeof little);

  memcpy (self->data + position, &little, sizeof little);
}
