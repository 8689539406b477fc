/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The reader under all others: any bytes, read by any sequence of steps. The input's first byte says how many
 * bytes behind it are the steps; the rest is read. No step moves past the end, and after one that fails, every
 * further one does. */

#include "config.h"

#include "base/sp-reader.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize len);

static gboolean
read_number (SpReader *reader, guint step)
{
  guint8 u8 = 0;
  guint16 u16 = 0;
  guint32 u32 = 0;
  guint64 u64 = 0;

  switch (step) {
  case 0:
    return sp_reader_u8 (reader, &u8);
  case 1:
    return sp_reader_u16 (reader, &u16);
  case 2:
    return sp_reader_u32 (reader, &u32);
  case 3:
    return sp_reader_u64 (reader, &u64);
  default:
    if (!sp_reader_varint_max (reader, G_MAXUINT64 >> step, &u64))
      return FALSE;
    g_assert_cmpuint (u64, <=, G_MAXUINT64 >> step);
    return TRUE;
  }
}

static gboolean
read_bytes (SpReader *reader, guint step)
{
  guint8 copy[16];
  const guint8 *data = NULL;
  const char *text = NULL;
  gsize len = 0;

  switch (step) {
  case 10:
    return sp_reader_fixed (reader, 3, &data);
  case 11:
    return sp_reader_copy (reader, copy, sizeof copy);
  case 12:
    return sp_reader_copy (reader, copy, 0);
  case 13:
    return sp_reader_bytes (reader, &data, &len);
  case 14:
    if (!sp_reader_string (reader, &text, &len))
      return FALSE;
    g_assert_true (g_utf8_validate (text, (gssize) len, NULL) && text[len] == '\0');
    return TRUE;
  case 15:
    return sp_reader_zeros_to_end (reader);
  default:
    sp_reader_fail (reader);
    return FALSE;
  }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize len)
{
  gsize n_steps = len > 0 ? MIN (data[0], len - 1) : 0;
  const guint8 *steps = data + 1;
  SpReader reader;

  if (len == 0)
    return 0;

  sp_reader_init (&reader, data + 1 + n_steps, len - 1 - n_steps);
  for (gsize i = 0; i < n_steps; i++) {
    gboolean had_failed = reader.failed;
    gsize remaining = sp_reader_get_remaining (&reader);
    guint step = steps[i] % 17;
    gboolean read = step < 10 ? read_number (&reader, step) : read_bytes (&reader, step);

    g_assert_true (read != reader.failed);
    g_assert_true (reader.failed || !had_failed);
    g_assert_cmpuint (sp_reader_get_remaining (&reader), <=, remaining);
  }
  g_assert_true (sp_reader_finish (&reader) ==
                 (!reader.failed && sp_reader_get_remaining (&reader) == 0));
  return 0;
}
