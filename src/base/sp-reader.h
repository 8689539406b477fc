/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpReader reads bytes that nobody has vouched for; SpWriter writes what SpReader reads.
 *
 * All integers are little-endian. A varint is LEB128, at most ten bytes, in its shortest form. A
 * string is a varint length, that many bytes of UTF-8 without NUL, and one NUL, so that it can be used
 * in place as a C string. Bytes are a varint length and that many bytes.
 *
 * SpReader: every function returns FALSE (and sets the failed flag, which stays) when the input ends
 * too early or is malformed; out parameters are then zero or NULL. So a caller may read a whole record
 * and check sp_reader_finish() once, as long as it does not act on a value in between. Pointers lead
 * into the input.
 *
 * SpWriter grows in pages that are wiped (sp-pages.h), for plaintexts hold secrets. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  const guint8 *data;
  gsize len;
  gsize position;
  gboolean failed;
} SpReader;

void sp_reader_init (SpReader *self, const guint8 *data, gsize len);
gsize sp_reader_get_remaining (const SpReader *self);
gboolean sp_reader_u8 (SpReader *self, guint8 *out_value);
gboolean sp_reader_u16 (SpReader *self, guint16 *out_value);
gboolean sp_reader_u32 (SpReader *self, guint32 *out_value);
gboolean sp_reader_u64 (SpReader *self, guint64 *out_value);
gboolean sp_reader_varint (SpReader *self, guint64 *out_value);
gboolean sp_reader_varint_max (SpReader *self, guint64 max, guint64 *out_value);
gboolean sp_reader_fixed (SpReader *self, gsize len, const guint8 **out_data);
gboolean sp_reader_copy (SpReader *self, guint8 *out_data, gsize len);
gboolean sp_reader_bytes (SpReader *self, const guint8 **out_data, gsize *out_len);
gboolean sp_reader_string (SpReader *self, const char **out_string, gsize *out_len);
gboolean sp_reader_zeros_to_end (SpReader *self);
void sp_reader_fail (SpReader *self);
gboolean sp_reader_finish (const SpReader *self) G_GNUC_WARN_UNUSED_RESULT;

/* UTF-8 without NUL: all that a string may be. SpWriter aborts on another, rather than write a record
 * that nobody can read back, so ask first about text from outside. */
gboolean sp_text_is_valid (const guint8 *data, gsize len);

typedef struct _SpWriter SpWriter;

SpWriter *sp_writer_new (void) G_GNUC_WARN_UNUSED_RESULT;
void sp_writer_free (SpWriter *self);
void sp_writer_reset (SpWriter *self);
const guint8 *sp_writer_peek (const SpWriter *self, gsize *out_len);
gsize sp_writer_get_length (const SpWriter *self);
void sp_writer_u8 (SpWriter *self, guint8 value);
void sp_writer_u16 (SpWriter *self, guint16 value);
void sp_writer_u32 (SpWriter *self, guint32 value);
void sp_writer_u64 (SpWriter *self, guint64 value);
void sp_writer_varint (SpWriter *self, guint64 value);
void sp_writer_fixed (SpWriter *self, const guint8 *data, gsize len);
void sp_writer_bytes (SpWriter *self, const guint8 *data, gsize len);
void sp_writer_string (SpWriter *self, const char *string);
void sp_writer_string_len (SpWriter *self, const char *string, gsize len);
void sp_writer_pad (SpWriter *self, gsize multiple);
void sp_writer_set_u32_at (SpWriter *self, gsize position, guint32 value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpWriter, sp_writer_free)

G_END_DECLS
