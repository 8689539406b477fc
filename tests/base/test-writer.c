/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The writer, and that the reader reads all that it writes, and nothing cut short. */

#include "config.h"

#include <string.h>

#include "base/sp-reader.h"
#include "common/sp-test.h"

static void
test_layout (void)
{
  g_autoptr (SpWriter) writer = sp_writer_new ();
  gsize len;
  const guint8 *data;

  sp_writer_u8 (writer, 0x81);
  sp_writer_u16 (writer, 0x8201);
  sp_writer_u32 (writer, 0x84030201);
  sp_writer_u64 (writer, G_GUINT64_CONSTANT (0x8807060504030201));
  sp_writer_varint (writer, 624485);
  sp_writer_fixed (writer, (const guint8 *) "fix", 3);
  sp_writer_bytes (writer, (const guint8 *) "b\0", 2);
  sp_writer_string (writer, "caf\xc3\xa9");
  sp_writer_string_len (writer, "cut here", 3);
  sp_writer_bytes (writer, NULL, 0);

  data = sp_writer_peek (writer, &len);
  sp_test_assert_hex (data, len,
                      "81 0182 01020384 0102030405060788 e58e26 666978 026200 05636166c3a900 "
                      "0363757400 00");
  g_assert_cmpuint (sp_writer_get_length (writer), ==, len);
}

static void
test_pad (void)
{
  for (gsize len = 0; len < 40; len++) {
    g_autoptr (SpWriter) writer = sp_writer_new ();
    gsize padded_len;
    const guint8 *data;
    SpReader reader;
    const guint8 *content;

    for (gsize i = 0; i < len; i++)
      sp_writer_u8 (writer, 0xff);
    sp_writer_pad (writer, 16);
    data = sp_writer_peek (writer, &padded_len);
    g_assert_cmpuint (padded_len, ==, (len + 15) / 16 * 16);
    sp_reader_init (&reader, data, padded_len);
    g_assert_true (sp_reader_fixed (&reader, len, &content));
    g_assert_true (sp_reader_zeros_to_end (&reader));
  }
}

/* Padding relies on what lies behind the length being zero. */
static void
test_pad_after_reset (void)
{
  g_autoptr (SpWriter) writer = sp_writer_new ();

  sp_writer_fixed (writer, (const guint8 *) "secret secret secret", 20);
  sp_writer_reset (writer);
  g_assert_cmpuint (sp_writer_get_length (writer), ==, 0);
  sp_writer_u8 (writer, 1);
  sp_writer_pad (writer, 32);
  sp_test_assert_hex (sp_writer_peek (writer, NULL), 32,
                      "0100000000000000000000000000000000000000000000000000000000000000");
}

static void
test_reset_wipes (void)
{
  g_autoptr (SpWriter) writer = sp_writer_new ();
  const guint8 *data;

  sp_writer_string (writer, "a canary");
  data = sp_writer_peek (writer, NULL);
  sp_writer_reset (writer);
  g_assert_true (sp_writer_peek (writer, NULL) == data);
  sp_test_assert_hex (data, 10, "00000000000000000000");
}

static void
test_set_u32_at (void)
{
  g_autoptr (SpWriter) writer = sp_writer_new ();

  sp_writer_u8 (writer, 0xee);
  sp_writer_u32 (writer, 0);
  sp_writer_u8 (writer, 0xee);
  sp_writer_set_u32_at (writer, 1, 0x01020304);
  sp_test_assert_hex (sp_writer_peek (writer, NULL), 6, "ee04030201ee");
}

static void
test_grows (void)
{
  g_autoptr (SpWriter) writer = sp_writer_new ();
  gsize n_words = 300000;
  gsize len;
  const guint8 *data;
  SpReader reader;
  gsize n_wrong = 0;

  for (guint32 i = 0; i < n_words; i++)
    sp_writer_u32 (writer, i);
  data = sp_writer_peek (writer, &len);
  sp_reader_init (&reader, data, len);
  for (guint32 i = 0; i < n_words; i++) {
    guint32 word;

    n_wrong += !sp_reader_u32 (&reader, &word) || word != i;
  }
  g_assert_cmpuint (n_wrong, ==, 0);
  g_assert_true (sp_reader_finish (&reader));
}

static void
test_grows_at_once (void)
{
  g_autoptr (SpWriter) writer = sp_writer_new ();
  gsize len = 1000000;
  g_autofree guint8 *block = g_malloc (len);

  memset (block, 0x77, len);
  sp_writer_u8 (writer, 1);
  sp_writer_fixed (writer, block, len);
  g_assert_cmpuint (sp_writer_get_length (writer), ==, len + 1);
  sp_test_assert_mem (sp_writer_peek (writer, NULL) + 1, len, block, len);
}

static void
test_not_dumped (void)
{
  g_autoptr (SpWriter) writer = sp_writer_new ();

  g_assert_true (sp_test_mapping_has_flag (sp_writer_peek (writer, NULL), "dd"));
}

static void
test_refuses_unreadable_text (void)
{
  if (g_test_subprocess ()) {
    g_autoptr (SpWriter) writer = sp_writer_new ();

    sp_writer_string (writer, "not UTF-8: \xff");
    return;
  }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*sp_text_is_valid*");
}

/* A record of every type, made of random numbers that a second run makes again to compare. */
enum {
  N_FIELDS = 8
};

static void
write_field (SpWriter *writer, guint64 *state, guint type)
{
  guint64 number = sp_test_random (state) >> (sp_test_random (state) % 64);
  guint8 bytes[300];
  gsize len = number % sizeof bytes;

  sp_test_random_fill (state, bytes, sizeof bytes);
  switch (type) {
  case 0:
    sp_writer_u8 (writer, (guint8) number);
    break;
  case 1:
    sp_writer_u16 (writer, (guint16) number);
    break;
  case 2:
    sp_writer_u32 (writer, (guint32) number);
    break;
  case 3:
    sp_writer_u64 (writer, number);
    break;
  case 4:
    sp_writer_varint (writer, number);
    break;
  case 5:
    sp_writer_fixed (writer, bytes, len);
    break;
  case 6:
    sp_writer_bytes (writer, bytes, len);
    break;
  default:
    for (gsize i = 0; i < len; i++)
      bytes[i] = (guint8) (bytes[i] % 127 + 1);
    sp_writer_string_len (writer, (const char *) bytes, len);
    break;
  }
}

static void
compare_block (SpReader *reader, guint type, const guint8 *expected, gsize expected_len)
{
  const guint8 *data;
  const char *string;
  gsize len = expected_len;

  if (type == 5) {
    g_assert_true (sp_reader_fixed (reader, expected_len, &data));
  } else if (type == 6) {
    g_assert_true (sp_reader_bytes (reader, &data, &len));
  } else {
    g_assert_true (sp_reader_string (reader, &string, &len));
    data = (const guint8 *) string;
  }
  sp_test_assert_mem (data, len, expected, expected_len);
}

static void
compare_field (SpReader *reader, guint64 *state, guint type)
{
  guint64 number = sp_test_random (state) >> (sp_test_random (state) % 64);
  guint8 bytes[300];
  gsize len = number % sizeof bytes;
  guint8 u8;
  guint16 u16;
  guint32 u32;
  guint64 u64;

  sp_test_random_fill (state, bytes, sizeof bytes);
  switch (type) {
  case 0:
    g_assert_true (sp_reader_u8 (reader, &u8) && u8 == (guint8) number);
    break;
  case 1:
    g_assert_true (sp_reader_u16 (reader, &u16) && u16 == (guint16) number);
    break;
  case 2:
    g_assert_true (sp_reader_u32 (reader, &u32) && u32 == (guint32) number);
    break;
  case 3:
    g_assert_true (sp_reader_u64 (reader, &u64) && u64 == number);
    break;
  case 4:
    g_assert_true (sp_reader_varint (reader, &u64) && u64 == number);
    break;
  default:
    for (gsize i = 0; type == 7 && i < len; i++)
      bytes[i] = (guint8) (bytes[i] % 127 + 1);
    compare_block (reader, type, bytes, len);
    break;
  }
}

static void
test_round_trip (void)
{
  g_autoptr (SpWriter) writer = sp_writer_new ();
  guint64 state = 99;

  for (guint round = 0; round < 500; round++) {
    guint64 before = state;
    guint8 types[20];
    SpReader reader;
    gsize len;
    const guint8 *data;

    sp_writer_reset (writer);
    sp_test_random_fill (&state, types, sizeof types);
    for (gsize i = 0; i < sizeof types; i++)
      write_field (writer, &state, types[i] % N_FIELDS);

    data = sp_writer_peek (writer, &len);
    sp_reader_init (&reader, data, len);
    state = before;
    sp_test_random_fill (&state, types, sizeof types);
    for (gsize i = 0; i < sizeof types; i++)
      compare_field (&reader, &state, types[i] % N_FIELDS);
    g_assert_true (sp_reader_finish (&reader));
  }
}

static gboolean
read_record (const guint8 *data, gsize len)
{
  SpReader reader;
  guint8 u8;
  guint16 u16;
  guint32 u32;
  guint64 u64;
  const guint8 *bytes;
  const char *string;
  gsize bytes_len;

  sp_reader_init (&reader, data, len);
  sp_reader_u8 (&reader, &u8);
  sp_reader_u16 (&reader, &u16);
  sp_reader_u32 (&reader, &u32);
  sp_reader_u64 (&reader, &u64);
  sp_reader_varint (&reader, &u64);
  sp_reader_bytes (&reader, &bytes, &bytes_len);
  sp_reader_string (&reader, &string, NULL);
  sp_reader_fixed (&reader, 4, &bytes);
  return sp_reader_finish (&reader);
}

/* Each truncation, each also in memory of exactly that size for the sanitizers. */
static void
test_every_truncation (void)
{
  g_autoptr (SpWriter) writer = sp_writer_new ();
  gsize whole;
  const guint8 *data;

  sp_writer_u8 (writer, 1);
  sp_writer_u16 (writer, 2);
  sp_writer_u32 (writer, 3);
  sp_writer_u64 (writer, 4);
  sp_writer_varint (writer, 1000000);
  sp_writer_bytes (writer, (const guint8 *) "some bytes", 10);
  sp_writer_string (writer, "some text, \xc3\xa4\xc3\xb6\xc3\xbc");
  sp_writer_fixed (writer, (const guint8 *) "last", 4);
  data = sp_writer_peek (writer, &whole);

  for (gsize len = 0; len < whole; len++) {
    g_autofree guint8 *copy = g_memdup2 (data, len);

    g_assert_false (read_record (copy, len));
  }
  g_assert_true (read_record (data, whole));
  g_assert_false (read_record (data, whole + 1));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/writer/layout", test_layout);
  g_test_add_func ("/base/writer/pad", test_pad);
  g_test_add_func ("/base/writer/pad-after-reset", test_pad_after_reset);
  g_test_add_func ("/base/writer/reset-wipes", test_reset_wipes);
  g_test_add_func ("/base/writer/set-u32-at", test_set_u32_at);
  g_test_add_func ("/base/writer/grows", test_grows);
  g_test_add_func ("/base/writer/grows-at-once", test_grows_at_once);
  g_test_add_func ("/base/writer/not-dumped", test_not_dumped);
  g_test_add_func ("/base/writer/refuses-unreadable-text", test_refuses_unreadable_text);
  g_test_add_func ("/base/writer/round-trip", test_round_trip);
  g_test_add_func ("/base/writer/every-truncation", test_every_truncation);

  return sp_test_run ();
}
