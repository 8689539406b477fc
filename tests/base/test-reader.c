/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The reader by itself: each type at its edges, what is malformed, and any bytes whatever. */

#include "config.h"

#include "base/sp-reader.h"

#include <string.h>

#include "common/sp-test.h"

#define READER(literal) reader_for_bytes ((const guint8 *) (literal), sizeof (literal) - 1)

static SpReader
reader_for_bytes (const guint8 *data, gsize len)
{
  SpReader reader;

  sp_reader_init (&reader, data, len);
  return reader;
}

static void
test_integers (void)
{
  guint8 u8;
  guint16 u16;
  guint32 u32;
  guint64 u64;
  SpReader reader = READER ("\x81\x01\x82\x01\x02\x03\x84\x01\x02\x03\x04\x05\x06\x07\x88");

  g_assert_true (sp_reader_u8 (&reader, &u8));
  g_assert_cmpuint (u8, ==, 0x81);
  g_assert_true (sp_reader_u16 (&reader, &u16));
  g_assert_cmpuint (u16, ==, 0x8201);
  g_assert_true (sp_reader_u32 (&reader, &u32));
  g_assert_cmpuint (u32, ==, 0x84030201);
  g_assert_cmpuint (sp_reader_get_remaining (&reader), ==, 8);
  g_assert_false (sp_reader_finish (&reader));
  g_assert_true (sp_reader_u64 (&reader, &u64));
  g_assert_cmpuint (u64, ==, G_GUINT64_CONSTANT (0x8807060504030201));
  g_assert_true (sp_reader_finish (&reader));
}

static void
test_integers_too_short (void)
{
  guint8 u8 = 1;
  guint16 u16 = 1;
  guint32 u32 = 1;
  guint64 u64 = 1;
  SpReader for_u8 = READER ("");
  SpReader for_u16 = READER ("\x01");
  SpReader for_u32 = READER ("\x01\x02\x03");
  SpReader for_u64 = READER ("\x01\x02\x03\x04\x05\x06\x07");

  g_assert_false (sp_reader_u8 (&for_u8, &u8));
  g_assert_false (sp_reader_u16 (&for_u16, &u16));
  g_assert_false (sp_reader_u32 (&for_u32, &u32));
  g_assert_false (sp_reader_u64 (&for_u64, &u64));
  g_assert_cmpuint (u8, ==, 0);
  g_assert_cmpuint (u16, ==, 0);
  g_assert_cmpuint (u32, ==, 0);
  g_assert_cmpuint (u64, ==, 0);
}

static void
test_failed_stays (void)
{
  guint32 u32;
  guint8 u8 = 1;
  SpReader reader = READER ("\x01\x02");

  g_assert_false (sp_reader_u32 (&reader, &u32));
  g_assert_false (sp_reader_u8 (&reader, &u8));
  g_assert_cmpuint (u8, ==, 0);
  g_assert_cmpuint (sp_reader_get_remaining (&reader), ==, 0);
  g_assert_false (sp_reader_zeros_to_end (&reader));
  g_assert_false (sp_reader_finish (&reader));
}

static void
test_fail (void)
{
  SpReader reader = READER ("");

  g_assert_true (sp_reader_finish (&reader));
  sp_reader_fail (&reader);
  g_assert_false (sp_reader_finish (&reader));
}

static void
test_no_input (void)
{
  SpReader reader;
  const guint8 *data;
  guint8 copy;

  sp_reader_init (&reader, NULL, 0);
  g_assert_true (sp_reader_fixed (&reader, 0, &data));
  g_assert_true (sp_reader_copy (&reader, &copy, 0));
  g_assert_true (sp_reader_zeros_to_end (&reader));
  g_assert_true (sp_reader_finish (&reader));
}

typedef struct {
  const char *hex;
  guint64 value;
} VarintVector;

/* 624485 is the example of the DWARF 4 standard's section 7.6; the others are the edges of each length. */
static void
test_varint (void)
{
  static const VarintVector vectors[] = {
    { "00", 0 },
    { "01", 1 },
    { "7f", 127 },
    { "8001", 128 },
    { "e58e26", 624485 },
    { "ff7f", 16383 },
    { "808001", 16384 },
    { "ffffffff0f", G_MAXUINT32 },
    { "ffffffffffffffff7f", G_MAXINT64 },
    { "80808080808080808001", G_GUINT64_CONSTANT (1) << 63 },
    { "ffffffffffffffffff01", G_MAXUINT64 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++) {
    gsize len;
    g_autofree guint8 *data = sp_test_hex (vectors[i].hex, &len);
    SpReader reader;
    guint64 value;

    sp_reader_init (&reader, data, len);
    g_assert_true (sp_reader_varint (&reader, &value));
    g_assert_cmpuint (value, ==, vectors[i].value);
    g_assert_true (sp_reader_finish (&reader));
  }
}

static void
test_varint_malformed (void)
{
  static const char *const malformed[] = {
    "",                       /* nothing */
    "80",                     /* cut short */
    "8000",                   /* 0 in two bytes */
    "ff00",                   /* 127 in two */
    "808000",                 /* 0 in three */
    "ffffffffffffffffff",     /* the tenth byte is missing */
    "ffffffffffffffffff02",   /* 65 bits */
    "ffffffffffffffffff7f",   /* 70 bits */
    "ffffffffffffffffff00",   /* 63 bits in ten bytes */
    "ffffffffffffffffff8100", /* eleven bytes */
    "8080808080808080808080808001",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (malformed); i++) {
    gsize len;
    g_autofree guint8 *data = sp_test_hex (malformed[i], &len);
    SpReader reader;
    guint64 value = 1;

    g_test_message ("%s", malformed[i]);
    sp_reader_init (&reader, data, len);
    g_assert_false (sp_reader_varint (&reader, &value));
    g_assert_cmpuint (value, ==, 0);
    g_assert_true (reader.failed);
  }
}

static void
test_varint_max (void)
{
  guint64 value;
  SpReader at_max = READER ("\x80\x01");
  SpReader over_max = READER ("\x80\x01");

  g_assert_true (sp_reader_varint_max (&at_max, 128, &value));
  g_assert_cmpuint (value, ==, 128);
  g_assert_false (sp_reader_varint_max (&over_max, 127, &value));
  g_assert_cmpuint (value, ==, 0);
  g_assert_true (over_max.failed);
}

static void
test_fixed_and_copy (void)
{
  const guint8 *data;
  guint8 copy[3] = { 9, 9, 9 };
  SpReader reader = READER ("abcdef");

  g_assert_true (sp_reader_fixed (&reader, 2, &data));
  g_assert_true (data == reader.data);
  g_assert_true (sp_reader_copy (&reader, copy, 3));
  sp_test_assert_mem (copy, 3, "cde", 3);
  g_assert_false (sp_reader_copy (&reader, copy, 3));
  sp_test_assert_mem (copy, 3, "\0\0\0", 3);
  g_assert_false (sp_reader_fixed (&reader, 1, &data));
  g_assert_null (data);
}

static void
test_huge_length (void)
{
  const guint8 *data;
  const char *string;
  gsize len = 1;
  SpReader fixed = READER ("abc");
  SpReader bytes = READER ("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"
                           "abc");
  SpReader text = READER ("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"
                          "abc");

  g_assert_false (sp_reader_fixed (&fixed, G_MAXSIZE, &data));
  g_assert_false (sp_reader_bytes (&bytes, &data, &len));
  g_assert_null (data);
  g_assert_cmpuint (len, ==, 0);
  g_assert_false (sp_reader_string (&text, &string, NULL));
  g_assert_null (string);
}

static void
test_bytes (void)
{
  const guint8 *data;
  gsize len;
  SpReader reader = READER ("\x03"
                            "a\0c"
                            "\x00");

  g_assert_true (sp_reader_bytes (&reader, &data, &len));
  sp_test_assert_mem (data, len, "a\0c", 3);
  g_assert_true (sp_reader_bytes (&reader, &data, &len));
  g_assert_cmpuint (len, ==, 0);
  g_assert_nonnull (data);
  g_assert_true (sp_reader_finish (&reader));
}

static void
test_string (void)
{
  const char *string;
  gsize len;
  SpReader reader = READER ("\x05"
                            "caf\xc3\xa9\0"
                            "\x00\0");

  g_assert_true (sp_reader_string (&reader, &string, &len));
  g_assert_cmpstr (string, ==, "caf\xc3\xa9");
  g_assert_cmpuint (len, ==, 5);
  g_assert_true (sp_reader_string (&reader, &string, NULL));
  g_assert_cmpstr (string, ==, "");
  g_assert_true (sp_reader_finish (&reader));
}

static void
assert_string_refused (SpReader reader)
{
  const char *string = "not yet read";
  gsize len = 1;

  g_assert_false (sp_reader_string (&reader, &string, &len));
  g_assert_null (string);
  g_assert_cmpuint (len, ==, 0);
  g_assert_true (reader.failed);
}

static void
test_string_malformed (void)
{
  SpReader no_terminator = READER ("\x03"
                                   "abc");
  SpReader other_terminator = READER ("\x03"
                                      "abcd");
  SpReader too_long = READER ("\x04"
                              "abc\0");
  SpReader nul_inside = READER ("\x03"
                                "a\0c\0");
  SpReader nul_at_end = READER ("\x03"
                                "ab\0\0");
  SpReader no_length = READER ("");

  assert_string_refused (no_terminator);
  assert_string_refused (other_terminator);
  assert_string_refused (too_long);
  assert_string_refused (nul_inside);
  assert_string_refused (nul_at_end);
  assert_string_refused (no_length);
}

/* One bad byte at each place of texts of each length, so in and behind the part read by eights. */
static void
test_text_every_position (void)
{
  static const guint8 bad[] = { 0x00, 0x80, 0xc0, 0xff, 0xf8 };
  gsize n_accepted = 0;

  for (gsize len = 1; len < 40; len++) {
    guint8 text[40];

    memset (text, 'x', sizeof text);
    g_assert_true (sp_text_is_valid (text, len));
    for (gsize i = 0; i < len * G_N_ELEMENTS (bad); i++) {
      text[i % len] = bad[i / len];
      n_accepted += sp_text_is_valid (text, len);
      text[i % len] = 'x';
    }
  }
  g_assert_cmpuint (n_accepted, ==, 0);
}

static void
test_text_utf8 (void)
{
  static const char *const valid[] = {
    "\x01\x7f",         "\xc2\x80",
    "\xdf\xbf",         "\xe0\xa0\x80",
    "\xef\xbf\xbd",     "\xf0\x90\x80\x80",
    "\xf4\x8f\xbf\xbf", "12345678\xc3\xa4\x31\x32\x33\x34\x35\x36\x37\x38",
  };
  static const char *const invalid[] = {
    "\xc3",             /* cut short */
    "\xc1\xbf",         /* longer than needed */
    "\xe0\x9f\xbf",     /* longer than needed */
    "\xed\xa0\x80",     /* a surrogate */
    "\xf4\x90\x80\x80", /* over U+10FFFF */
    "1234567\xc3",
    "12345678\xa4",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (valid); i++)
    g_assert_true (sp_text_is_valid ((const guint8 *) valid[i], strlen (valid[i])));
  for (gsize i = 0; i < G_N_ELEMENTS (invalid); i++)
    g_assert_false (sp_text_is_valid ((const guint8 *) invalid[i], strlen (invalid[i])));
  g_assert_true (sp_text_is_valid (NULL, 0));
}

static void
test_zeros (void)
{
  SpReader zeros = READER ("\0\0\0\0");
  SpReader first = READER ("\1\0\0\0");
  SpReader last = READER ("\0\0\0\1");

  g_assert_true (sp_reader_zeros_to_end (&zeros));
  g_assert_true (sp_reader_finish (&zeros));
  g_assert_false (sp_reader_zeros_to_end (&first));
  g_assert_false (sp_reader_finish (&first));
  g_assert_false (sp_reader_zeros_to_end (&last));
}

/* Calls a reader's functions in an order that the bytes themselves choose. */
static void
read_anything (SpReader *reader)
{
  guint8 choice;

  while (sp_reader_u8 (reader, &choice)) {
    guint16 u16;
    guint64 u64;
    const guint8 *data;
    const char *string;
    gsize len;

    switch (choice % 6) {
    case 0:
      if (sp_reader_u16 (reader, &u16))
        g_assert_cmpuint (reader->position, <=, reader->len);
      break;
    case 1:
      if (!sp_reader_varint (reader, &u64))
        g_assert_cmpuint (u64, ==, 0);
      break;
    case 2:
      if (sp_reader_bytes (reader, &data, &len))
        g_assert_true (data + len <= reader->data + reader->len);
      break;
    case 3:
      if (sp_reader_string (reader, &string, &len))
        g_assert_cmpuint (strlen (string), ==, len);
      break;
    case 4:
      if (!sp_reader_fixed (reader, choice, &data))
        g_assert_null (data);
      break;
    default:
      if (!sp_reader_u64 (reader, &u64))
        g_assert_cmpuint (u64, ==, 0);
      break;
    }
  }
  g_assert_cmpuint (reader->position, <=, reader->len);
}

static void
test_any_bytes (void)
{
  guint64 state = 1234;

  for (guint i = 0; i < 50000; i++) {
    gsize len = sp_test_random (&state) % 48;
    /* Exactly as long, so that the sanitizers see a read behind the end. */
    g_autofree guint8 *data = g_malloc (len + (len == 0));
    SpReader reader;

    sp_test_random_fill (&state, data, len);
    /* Small numbers, or hardly a length would ever fit. */
    for (gsize j = 0; j < len; j++)
      data[j] = (guint8) (data[j] >> (sp_test_random (&state) % 8));
    sp_reader_init (&reader, data, len);
    read_anything (&reader);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/reader/integers", test_integers);
  g_test_add_func ("/base/reader/integers-too-short", test_integers_too_short);
  g_test_add_func ("/base/reader/failed-stays", test_failed_stays);
  g_test_add_func ("/base/reader/fail", test_fail);
  g_test_add_func ("/base/reader/no-input", test_no_input);
  g_test_add_func ("/base/reader/varint", test_varint);
  g_test_add_func ("/base/reader/varint-malformed", test_varint_malformed);
  g_test_add_func ("/base/reader/varint-max", test_varint_max);
  g_test_add_func ("/base/reader/fixed-and-copy", test_fixed_and_copy);
  g_test_add_func ("/base/reader/huge-length", test_huge_length);
  g_test_add_func ("/base/reader/bytes", test_bytes);
  g_test_add_func ("/base/reader/string", test_string);
  g_test_add_func ("/base/reader/string-malformed", test_string_malformed);
  g_test_add_func ("/base/reader/text-every-position", test_text_every_position);
  g_test_add_func ("/base/reader/text-utf8", test_text_utf8);
  g_test_add_func ("/base/reader/zeros", test_zeros);
  g_test_add_func ("/base/reader/any-bytes", test_any_bytes);

  return sp_test_run ();
}
