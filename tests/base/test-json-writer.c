/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "base/sp-json-writer.h"

#include <math.h>
#include <string.h>

#include "common/sp-test.h"

/* Ends the stream's text with a NUL and gives it out. */
static const char *
get_text (GMemoryOutputStream *stream)
{
  g_assert_true (g_output_stream_write_all (G_OUTPUT_STREAM (stream), "", 1, NULL, NULL, NULL));
  return g_memory_output_stream_get_data (stream);
}

static GMemoryOutputStream *
stream_new (void)
{
  return G_MEMORY_OUTPUT_STREAM (g_memory_output_stream_new_resizable ());
}

static void
write_example (SpJsonWriter *writer)
{
  g_autoptr (SpSecret) secret = sp_secret_new_text ("p\"w");

  sp_json_begin_object (writer);
  sp_json_key (writer, "name");
  sp_json_string (writer, "a");
  sp_json_key (writer, "secret");
  sp_json_secret (writer, secret);
  sp_json_key (writer, "list");
  sp_json_begin_array (writer);
  sp_json_int (writer, G_MININT64);
  sp_json_double (writer, 1.25, 1);
  sp_json_bool (writer, TRUE);
  sp_json_bool (writer, FALSE);
  sp_json_null (writer);
  sp_json_string (writer, NULL);
  sp_json_secret (writer, NULL);
  sp_json_end_array (writer);
  sp_json_key (writer, "empty");
  sp_json_begin_object (writer);
  sp_json_end_object (writer);
  sp_json_key (writer, "none");
  sp_json_begin_array (writer);
  sp_json_end_array (writer);
  sp_json_end_object (writer);
}

static void
test_compact (void)
{
  g_autoptr (GMemoryOutputStream) stream = stream_new ();
  g_autoptr (SpJsonWriter) writer = sp_json_writer_new (G_OUTPUT_STREAM (stream), FALSE);

  write_example (writer);
  g_assert_true (sp_json_writer_flush (writer, NULL));
  g_assert_cmpstr (get_text (stream), ==,
                   "{\"name\":\"a\",\"secret\":\"p\\\"w\",\"list\":[-9223372036854775808,1.2,true,"
                   "false,null,null,null],\"empty\":{},\"none\":[]}\n");
}

static void
test_pretty (void)
{
  g_autoptr (GMemoryOutputStream) stream = stream_new ();
  g_autoptr (SpJsonWriter) writer = sp_json_writer_new (G_OUTPUT_STREAM (stream), TRUE);

  sp_json_begin_array (writer);
  sp_json_begin_object (writer);
  sp_json_key (writer, "id");
  sp_json_int (writer, 1);
  sp_json_key (writer, "tags");
  sp_json_begin_array (writer);
  sp_json_string (writer, "x");
  sp_json_string (writer, "y");
  sp_json_end_array (writer);
  sp_json_end_object (writer);
  sp_json_begin_array (writer);
  sp_json_end_array (writer);
  sp_json_end_array (writer);
  g_assert_true (sp_json_writer_flush (writer, NULL));
  g_assert_cmpstr (get_text (stream), ==,
                   "[\n"
                   "  {\n"
                   "    \"id\": 1,\n"
                   "    \"tags\": [\n"
                   "      \"x\",\n"
                   "      \"y\"\n"
                   "    ]\n"
                   "  },\n"
                   "  []\n"
                   "]\n");
}

static void
assert_string (const char *value, const char *expected)
{
  g_autoptr (GMemoryOutputStream) stream = stream_new ();
  g_autoptr (SpJsonWriter) writer = sp_json_writer_new (G_OUTPUT_STREAM (stream), FALSE);
  g_autofree char *line = g_strconcat ("\"", expected, "\"\n", NULL);

  sp_json_string (writer, value);
  g_assert_true (sp_json_writer_flush (writer, NULL));
  g_assert_cmpstr (get_text (stream), ==, line);
}

static void
test_escapes (void)
{
  assert_string ("", "");
  assert_string ("\"\\/", "\\\"\\\\/");
  assert_string ("\b\f\n\r\t", "\\b\\f\\n\\r\\t");
  assert_string ("\x01\x1f\x7f", "\\u0001\\u001f\\u007f");
  assert_string ("\xc2\x80 \xc2\x9b\xc2\x9f\xc2\xa0", "\\u0080 \\u009b\\u009f\xc2\xa0");
  assert_string ("plain \xc3\xa4 \xf0\x9f\x94\x92", "plain \xc3\xa4 \xf0\x9f\x94\x92");
}

static void
test_every_control_character (void)
{
  for (char c = 1; c < 0x20; c++) {
    char text[] = { c, '\0' };
    g_autoptr (GMemoryOutputStream) stream = stream_new ();
    g_autoptr (SpJsonWriter) writer = sp_json_writer_new (G_OUTPUT_STREAM (stream), FALSE);

    sp_json_string (writer, text);
    g_assert_true (sp_json_writer_flush (writer, NULL));
    g_assert_true (g_str_has_prefix (get_text (stream), "\"\\"));
  }
}

static void
test_not_utf8 (void)
{
  assert_string ("a\xff"
                 "b",
                 "a\xef\xbf\xbd"
                 "b");
  assert_string ("\xc3", "\xef\xbf\xbd");
  assert_string ("\xe4\xf6", "\xef\xbf\xbd\xef\xbf\xbd");
  assert_string ("\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
  assert_string ("\xc3\"", "\xef\xbf\xbd\\\"");
}

static void
test_nul_in_secret (void)
{
  g_autoptr (GMemoryOutputStream) stream = stream_new ();
  g_autoptr (SpJsonWriter) writer = sp_json_writer_new (G_OUTPUT_STREAM (stream), FALSE);
  g_autoptr (SpSecret) secret = sp_secret_new ((const guint8 *) "a\0b", 3);

  sp_json_secret (writer, secret);
  g_assert_true (sp_json_writer_flush (writer, NULL));
  g_assert_cmpstr (get_text (stream), ==, "\"a\\u0000b\"\n");
}

static void
test_doubles (void)
{
  g_autoptr (GMemoryOutputStream) stream = stream_new ();
  g_autoptr (SpJsonWriter) writer = sp_json_writer_new (G_OUTPUT_STREAM (stream), FALSE);

  sp_json_begin_array (writer);
  sp_json_double (writer, 3.14159, 3);
  sp_json_double (writer, -2, 0);
  sp_json_double (writer, 1e300, 0);
  sp_json_double (writer, (double) NAN, 2);
  sp_json_double (writer, -(double) INFINITY, 2);
  sp_json_end_array (writer);
  g_assert_true (sp_json_writer_flush (writer, NULL));
  g_assert_true (g_str_has_prefix (get_text (stream), "[3.142,-2,10000000000000000"));
  g_assert_true (g_str_has_suffix (g_memory_output_stream_get_data (stream), ",null,null]\n"));
}

/* Far more than the buffer holds, in one string and in many, with hardly a flush. */
static void
test_large (void)
{
  g_autoptr (GMemoryOutputStream) stream = stream_new ();
  g_autoptr (SpJsonWriter) writer = sp_json_writer_new (G_OUTPUT_STREAM (stream), FALSE);
  gsize len = 1000000;
  g_autofree char *text = g_malloc (len + 1);

  memset (text, 'x', len);
  text[len] = '\0';
  sp_json_begin_array (writer);
  sp_json_string (writer, text);
  for (guint i = 0; i < 100000; i++)
    sp_json_int (writer, 7);
  sp_json_end_array (writer);
  g_assert_true (sp_json_writer_flush (writer, NULL));
  g_assert_cmpuint (g_memory_output_stream_get_data_size (stream), ==, 1 + 2 + len + 200000 + 2);
}

/* Before the end nothing is missing but what was not flushed. */
static void
test_flush_in_between (void)
{
  g_autoptr (GMemoryOutputStream) stream = stream_new ();
  g_autoptr (SpJsonWriter) writer = sp_json_writer_new (G_OUTPUT_STREAM (stream), FALSE);

  sp_json_begin_array (writer);
  sp_json_int (writer, 1);
  g_assert_true (sp_json_writer_flush (writer, NULL));
  g_assert_cmpuint (g_memory_output_stream_get_data_size (stream), ==, 2);
  sp_json_int (writer, 2);
  sp_json_end_array (writer);
  g_assert_true (sp_json_writer_flush (writer, NULL));
  g_assert_cmpstr (get_text (stream), ==, "[1,2]\n");
}

/* A stream with room for four bytes: the first error is kept, and each flush tells it. */
static void
test_stream_error (void)
{
  char room[4];
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new (room, sizeof room, NULL, NULL);
  g_autoptr (SpJsonWriter) writer = sp_json_writer_new (stream, FALSE);

  sp_json_begin_array (writer);
  sp_json_string (writer, "too long");
  for (guint i = 0; i < 2; i++) {
    g_autoptr (GError) error = NULL;

    g_assert_false (sp_json_writer_flush (writer, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  }
  sp_json_int (writer, 1);
  sp_json_end_array (writer);
  g_assert_false (sp_json_writer_flush (writer, NULL));
}

/* The error of a buffer that was handed on by itself is not lost either. */
static void
test_stream_error_without_flush (void)
{
  char room[4];
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new (room, sizeof room, NULL, NULL);
  g_autoptr (SpJsonWriter) writer = sp_json_writer_new (stream, FALSE);
  g_autoptr (GError) error = NULL;

  sp_json_begin_array (writer);
  for (guint i = 0; i < 100000; i++)
    sp_json_int (writer, 7);
  sp_json_end_array (writer);
  g_assert_false (sp_json_writer_flush (writer, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
}

static void
test_misuse (void)
{
  if (g_test_subprocess ()) {
    g_autoptr (GMemoryOutputStream) stream = stream_new ();
    g_autoptr (SpJsonWriter) writer = sp_json_writer_new (G_OUTPUT_STREAM (stream), FALSE);

    sp_json_begin_object (writer);
    sp_json_int (writer, 1);
    return;
  }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*has_key*");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/json-writer/compact", test_compact);
  g_test_add_func ("/base/json-writer/pretty", test_pretty);
  g_test_add_func ("/base/json-writer/escapes", test_escapes);
  g_test_add_func ("/base/json-writer/every-control-character", test_every_control_character);
  g_test_add_func ("/base/json-writer/not-utf8", test_not_utf8);
  g_test_add_func ("/base/json-writer/nul-in-secret", test_nul_in_secret);
  g_test_add_func ("/base/json-writer/doubles", test_doubles);
  g_test_add_func ("/base/json-writer/large", test_large);
  g_test_add_func ("/base/json-writer/flush-in-between", test_flush_in_between);
  g_test_add_func ("/base/json-writer/stream-error", test_stream_error);
  g_test_add_func ("/base/json-writer/stream-error-without-flush", test_stream_error_without_flush);
  g_test_add_func ("/base/json-writer/misuse", test_misuse);

  return sp_test_run ();
}
