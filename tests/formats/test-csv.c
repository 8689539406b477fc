/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The CSV reader: dialects, encodings, and what it says of files that are broken. */

#include "config.h"

#include "formats/sp-csv.h"

#include <string.h>

#include "common/sp-test.h"
#include "formats/sp-format-error.h"

/* A whole text as one string: cells between [ ], rows ended by a newline; the header comes first. */
static char *
dump (SpCsv *csv)
{
  GString *out = g_string_new (NULL);
  SpCsvRow row;

  for (guint i = 0; i < sp_csv_get_n_columns (csv); i++)
    g_string_append_printf (out, "[%s]", sp_csv_get_column (csv, i));
  sp_csv_rewind (csv);
  while (sp_csv_next (csv, &row)) {
    g_string_append_c (out, '\n');
    for (guint i = 0; i < row.n_cells; i++)
      g_string_append_printf (out, "[%.*s]", (int) row.cells[i].len, row.cells[i].text);
  }
  return g_string_free (out, FALSE);
}

static void
assert_reads_len (const char *text, gsize len, SpCsvFlags flags, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpCsv) csv = sp_csv_new ((const guint8 *) text, len, flags, &error);
  g_autofree char *got = NULL;

  g_assert_no_error (error);
  got = dump (csv);
  g_assert_cmpstr (got, ==, expected);
}

static void
assert_reads (const char *text, const char *expected)
{
  assert_reads_len (text, strlen (text), SP_CSV_DEFAULT, expected);
}

static void
assert_fails_len (const char *text, gsize len, SpFormatError code, const char *message_part)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpCsv) csv = sp_csv_new ((const guint8 *) text, len, SP_CSV_DEFAULT, &error);

  g_assert_null (csv);
  g_assert_error (error, SP_FORMAT_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, message_part));
}

static void
assert_fails (const char *text, SpFormatError code, const char *message_part)
{
  assert_fails_len (text, strlen (text), code, message_part);
}

static void
test_plain (void)
{
  assert_reads ("a,b\n1,2\n3,4\n", "[a][b]\n[1][2]\n[3][4]");
}

static void
test_line_ends (void)
{
  assert_reads ("a,b\r\n1,2\r\n3,4", "[a][b]\n[1][2]\n[3][4]");
  assert_reads ("a,b\r1,2\r3,4\r", "[a][b]\n[1][2]\n[3][4]");
  assert_reads ("a,b\n1,2\n\n\n3,4", "[a][b]\n[1][2]\n[3][4]");
  assert_reads ("\n\na,b\n1,2", "[a][b]\n[1][2]");
}

static void
test_separators (void)
{
  assert_reads ("a;b\n1,5;2\n", "[a][b]\n[1,5][2]");
  assert_reads ("a\tb\n1,5\t2\n", "[a][b]\n[1,5][2]");
  assert_reads ("\"a;;;\",b\n1,2\n", "[a;;;][b]\n[1][2]");
  assert_reads ("sep=;\r\na;b\r\n1;2\r\n", "[a][b]\n[1][2]");
  assert_reads ("sep=|\na|b\n1|2\n", "[a][b]\n[1][2]");
  assert_reads ("only\n1\n", "[only]\n[1]");
}

static void
test_quotes (void)
{
  assert_reads ("a,b\n\"1,\n2\",\"say \"\"hi\"\"\"\n", "[a][b]\n[1,\n2][say \"hi\"]");
  assert_reads ("a,b\n\"\",\"\"\"\"\n", "[a][b]\n[][\"]");
  assert_reads ("a,b\n5\" disk,x\"y\n", "[a][b]\n[5\" disk][x\"y]");
  assert_reads ("a,b\n\"1\" ,\"2\"\t\n", "[a][b]\n[1][2]");
  assert_reads ("a,b\n \"1\",2\n", "[a][b]\n[ \"1\"][2]");
  assert_reads ("a,b\n\"1\r\n2\",3\r\n", "[a][b]\n[1\r\n2][3]");
}

/* What RFC 4180 reads without a ragged row stays RFC 4180, backslashes and all. */
static void
test_backslash_at_end (void)
{
  assert_reads ("a,b\n\"C:\\dir\\\",\"p\\\"\n", "[a][b]\n[C:\\dir\\][p\\]");
  assert_reads ("a,b\n\"x\",\"p\\\"", "[a][b]\n[x][p\\]");
  assert_reads ("a,b\n\\,\\\n", "[a][b]\n[\\][\\]");
}

static void
test_backslash_quotes (void)
{
  assert_reads ("a,b\n\"say \\\"hi\\\"\",2\n", "[a][b]\n[say \"hi\"][2]");
  assert_reads ("a,b\n\"x \\\", y\",2\n\"3\",4\n", "[a][b]\n[x \", y][2]\n[3][4]");
  assert_reads ("a,b\n\"say \\\"hi\\\"\",\"c:\\\\d\\\\\"\n", "[a][b]\n[say \"hi\"][c:\\d\\]");
  /* A backslash that stands alone: this writer does not double them. */
  assert_reads ("a,b\n\"say \\\"hi\\\"\",\"c:\\d\\\\e\"\n", "[a][b]\n[say \"hi\"][c:\\d\\\\e]");
  assert_reads ("a,b\n\"say \\\"hi\\\" now\",\"c:\\d\\\"\n\"1\",\"2\"\n",
                "[a][b]\n[say \"hi\" now][c:\\d\\]\n[1][2]");
}

static void
test_ragged (void)
{
  assert_reads ("a,b,c\n1\n1,2,3,4\n,,\n", "[a][b][c]\n[1][][]\n[1][2][3][4]\n[][][]");
}

static void
test_rows (void)
{
  static const char text[] = "a,b\n\n\"1\n1\",2\n3\n";
  g_autoptr (GError) error = NULL;
  g_autoptr (SpCsv) csv = sp_csv_new ((const guint8 *) text, strlen (text), SP_CSV_DEFAULT, &error);
  SpCsvRow row;

  g_assert_no_error (error);
  g_assert_cmpuint (sp_csv_get_n_rows (csv), ==, 2);
  g_assert_true (sp_csv_next (csv, &row));
  g_assert_cmpuint (row.number, ==, 3);
  g_assert_cmpuint (sp_csv_get_line (csv, &row), ==, 3);
  g_assert_cmpmem (row.raw, (int) row.raw_len, "\"1\n1\",2", 7);
  g_assert_true (sp_csv_next (csv, &row));
  g_assert_cmpuint (row.number, ==, 4);
  g_assert_cmpuint (row.n_present, ==, 1);
  g_assert_cmpuint (row.n_cells, ==, 2);
  g_assert_cmpuint (sp_csv_get_line (csv, &row), ==, 5);
  g_assert_false (sp_csv_next (csv, &row));
  g_assert_false (sp_csv_next (csv, &row));
}

static void
test_utf8 (void)
{
  assert_reads ("\xef\xbb\xbf"
                "a,b\nä,\xf0\x9f\x94\x91\n",
                "[a][b]\n[ä][\xf0\x9f\x94\x91]");
  assert_reads ("\xef\xbb\xbf\"a\",b\n1,2\n", "[a][b]\n[1][2]");
  assert_fails ("a,b\n1,2\n3,\xff\n", SP_FORMAT_ERROR_ENCODING, "Row 3 (line 3)");
  assert_fails ("a,b\n\"1\n\",2\n3,\xc3\n", SP_FORMAT_ERROR_ENCODING, "Row 3 (line 4)");
  assert_fails ("a,b\xed\xa0\x80\n", SP_FORMAT_ERROR_ENCODING, "Row 1 (line 1)");
}

static void
test_utf16 (void)
{
  static const char little[] = "\xff\xfe"
                               "a\0,\0b\0\n\0\xe4\0,\0\x3d\xd8\x11\xdd\n";
  static const char big[] = "\xfe\xff\0a\0,\0b\0\n\0\xe4\0,\0x";

  assert_reads_len (little, sizeof little, SP_CSV_DEFAULT, "[a][b]\n[ä][\xf0\x9f\x94\x91]");
  assert_reads_len (big, sizeof big - 1, SP_CSV_DEFAULT, "[a][b]\n[ä][x]");
  assert_reads_len (little + 2, sizeof little - 2, SP_CSV_DEFAULT, "[a][b]\n[ä][\xf0\x9f\x94\x91]");
  assert_reads_len (big + 2, sizeof big - 3, SP_CSV_DEFAULT, "[a][b]\n[ä][x]");
  assert_fails_len (little, sizeof little - 1, SP_FORMAT_ERROR_ENCODING, "UTF-16");
  assert_fails_len ("\xff\xfe"
                    "a\0\x3d\xd8",
                    6, SP_FORMAT_ERROR_ENCODING, "UTF-16");
  assert_fails_len ("\xff\xfe"
                    "a\0\x11\xdd",
                    6, SP_FORMAT_ERROR_ENCODING, "UTF-16");
}

static void
test_windows_1252 (void)
{
  static const char text[] = "a,b\n\x80\x84,\xe4\x81\n";

  assert_fails (text, SP_FORMAT_ERROR_ENCODING, "Windows-1252");
  assert_reads_len (text, strlen (text), SP_CSV_WINDOWS_1252, "[a][b]\n[€„][ä\xc2\x81]");
  assert_reads_len ("a\nä\n", 5, SP_CSV_WINDOWS_1252, "[a]\n[ä]");
}

static void
test_nul (void)
{
  assert_fails_len ("a,b\n1,2\n3,\0x\n", 13, SP_FORMAT_ERROR_MALFORMED, "Row 3 (line 3)");
  assert_fails_len ("\0", 1, SP_FORMAT_ERROR_MALFORMED, "Row 1 (line 1)");
}

static void
test_broken_quotes (void)
{
  assert_fails ("a,b\n1,2\n\"3,4\n5,6\n", SP_FORMAT_ERROR_MALFORMED, "Row 3 (line 3)");
  assert_fails ("a,b\r\n\"1\r\n1\",2\r\n\"3\"x,4\r\n", SP_FORMAT_ERROR_MALFORMED, "Row 3 (line 4)");
  assert_fails ("\"", SP_FORMAT_ERROR_MALFORMED, "Row 1 (line 1)");
  assert_fails ("a,b\n\"x \\\"y\\\" z\",1\n\"2\n", SP_FORMAT_ERROR_MALFORMED, "Row 3 (line 3)");
}

static void
test_row_4711 (void)
{
  g_autoptr (GString) text = g_string_new ("title,password\n");

  for (guint i = 2; i < 6000; i++) {
    g_string_append_printf (text, "\"t%u\",\"secret%u\n", i, i);
    if (i != 4711)
      g_string_insert (text, (gssize) text->len - 1, "\"");
  }
  assert_fails (text->str, SP_FORMAT_ERROR_MALFORMED, "Row 4711 (line 4711)");
}

static void
test_no_cell_in_error (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (sp_csv_new ((const guint8 *) "a\n\"hunter2", 10, SP_CSV_DEFAULT, &error));
  g_assert_null (strstr (error->message, "hunter2"));
}

static void
test_empty (void)
{
  assert_fails ("", SP_FORMAT_ERROR_EMPTY, "empty");
  assert_fails ("\r\n\n", SP_FORMAT_ERROR_EMPTY, "empty");
  assert_fails ("\xef\xbb\xbf", SP_FORMAT_ERROR_EMPTY, "empty");
  assert_reads ("a,b", "[a][b]");
}

static void
test_too_many_cells (void)
{
  g_autoptr (GString) text = g_string_new ("a\n");

  for (guint i = 0; i <= SP_CSV_MAX_COLUMNS; i++)
    g_string_append_c (text, ',');
  assert_fails (text->str, SP_FORMAT_ERROR_MALFORMED, "Row 2 (line 2)");
}

static void
test_stream (void)
{
  g_autoptr (GString) text = g_string_new ("a,b\n");
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GInputStream) pipe = NULL;
  g_autoptr (GConverter) plain = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (SpCsv) csv = NULL;
  g_autoptr (SpCsv) unsized = NULL;

  for (guint i = 0; i < 50000; i++)
    g_string_append (text, "\"one \"\"cell\"\"\",another\n");
  stream = g_memory_input_stream_new_from_data (text->str, (gssize) text->len, NULL);
  csv = sp_csv_new_from_stream (stream, SP_CSV_DEFAULT, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sp_csv_get_n_rows (csv), ==, 50000);

  /* A stream that cannot tell its size: the reader grows. */
  g_assert_true (g_seekable_seek (G_SEEKABLE (stream), 0, G_SEEK_SET, NULL, &error));
  plain = G_CONVERTER (g_charset_converter_new ("UTF-8", "UTF-8", &error));
  g_assert_no_error (error);
  pipe = g_converter_input_stream_new (stream, plain);
  unsized = sp_csv_new_from_stream (pipe, SP_CSV_DEFAULT, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sp_csv_get_n_rows (unsized), ==, 50000);
}

static void
test_stream_cancelled (void)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data ("a\n1\n", 4, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (sp_csv_new_from_stream (stream, SP_CSV_DEFAULT, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Any bytes are either read to the end, in rows that were counted, or refused with an error. */
static void
test_random_bytes (void)
{
  static const char alphabet[] = "a,;\t\"\\\n\r =x\"\",\xc3\xa4";
  guint64 state = 4711;

  for (guint round = 0; round < 20000; round++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (SpCsv) csv = NULL;
    char text[40];
    gsize len = sp_test_random (&state) % sizeof text;
    SpCsvRow row;
    guint n = 0;

    for (gsize i = 0; i < len; i++)
      text[i] = alphabet[sp_test_random (&state) % (sizeof alphabet - 1)];
    csv = sp_csv_new ((const guint8 *) text, len, SP_CSV_WINDOWS_1252, &error);
    g_assert_true ((csv == NULL) == (error != NULL));
    while (csv != NULL && sp_csv_next (csv, &row)) {
      g_assert_cmpuint (row.n_cells, >=, sp_csv_get_n_columns (csv));
      n++;
    }
    if (csv != NULL)
      g_assert_cmpuint (n, ==, sp_csv_get_n_rows (csv));
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/formats/csv/plain", test_plain);
  g_test_add_func ("/formats/csv/line-ends", test_line_ends);
  g_test_add_func ("/formats/csv/separators", test_separators);
  g_test_add_func ("/formats/csv/quotes", test_quotes);
  g_test_add_func ("/formats/csv/backslash-at-end", test_backslash_at_end);
  g_test_add_func ("/formats/csv/backslash-quotes", test_backslash_quotes);
  g_test_add_func ("/formats/csv/ragged", test_ragged);
  g_test_add_func ("/formats/csv/rows", test_rows);
  g_test_add_func ("/formats/csv/utf8", test_utf8);
  g_test_add_func ("/formats/csv/utf16", test_utf16);
  g_test_add_func ("/formats/csv/windows-1252", test_windows_1252);
  g_test_add_func ("/formats/csv/nul", test_nul);
  g_test_add_func ("/formats/csv/broken-quotes", test_broken_quotes);
  g_test_add_func ("/formats/csv/row-4711", test_row_4711);
  g_test_add_func ("/formats/csv/no-cell-in-error", test_no_cell_in_error);
  g_test_add_func ("/formats/csv/empty", test_empty);
  g_test_add_func ("/formats/csv/too-many-cells", test_too_many_cells);
  g_test_add_func ("/formats/csv/stream", test_stream);
  g_test_add_func ("/formats/csv/stream-cancelled", test_stream_cancelled);
  g_test_add_func ("/formats/csv/random-bytes", test_random_bytes);
  return sp_test_run ();
}
