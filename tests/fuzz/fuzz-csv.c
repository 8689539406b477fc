/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Any bytes are a CSV file or an error, with and without leave to read them as Windows-1252; of a file that
 * opens every row can be had, twice, with the cells that were promised. */

#include "config.h"

#include <gio/gunixinputstream.h>
#include <sys/mman.h>
#include <unistd.h>

#include "formats/sp-csv.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize len);

static void
read_rows (SpCsv *csv)
{
  SpCsvRow row;
  guint n_rows = 0;

  while (sp_csv_next (csv, &row)) {
    gsize n_bytes = 0;

    for (guint i = 0; i < row.n_cells; i++)
      for (gsize j = 0; j < row.cells[i].len; j++)
        n_bytes += row.cells[i].text[j] != '\0';
    g_assert_cmpuint (row.n_cells, >=, sp_csv_get_n_columns (csv));
    g_assert_cmpuint (sp_csv_get_line (csv, &row), >, 0);
    n_rows++;
    (void) n_bytes;
  }
  g_assert_cmpuint (n_rows, ==, sp_csv_get_n_rows (csv));
}

/* A stream that cannot tell its size, as a pipe. */
static GInputStream *
open_pipe (const guint8 *data, gsize len)
{
  int fd = memfd_create ("input", MFD_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);
  g_assert_true (write (fd, data, len) == (gssize) len);
  g_assert_cmpint (lseek (fd, 0, SEEK_SET), ==, 0);
  return g_unix_input_stream_new (fd, TRUE);
}

static void
check (SpCsv *csv, GError **error)
{
  g_assert_true ((csv == NULL) == (*error != NULL));
  if (csv == NULL)
    return;
  for (guint column = 0; column < sp_csv_get_n_columns (csv); column++)
    g_assert_nonnull (sp_csv_get_column (csv, column));
  read_rows (csv);
  sp_csv_rewind (csv);
  read_rows (csv);
  sp_csv_free (csv);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize len)
{
  g_autoptr (GInputStream) memory = g_memory_input_stream_new_from_data (data, len, NULL);
  g_autoptr (GInputStream) pipe = open_pipe (data, len);
  g_autoptr (GError) bytes_error = NULL;
  g_autoptr (GError) memory_error = NULL;
  g_autoptr (GError) pipe_error = NULL;

  check (sp_csv_new (data, len, SP_CSV_DEFAULT, &bytes_error), &bytes_error);
  check (sp_csv_new_from_stream (memory, SP_CSV_DEFAULT, NULL, &memory_error), &memory_error);
  check (sp_csv_new_from_stream (pipe, SP_CSV_WINDOWS_1252, NULL, &pipe_error), &pipe_error);
  return 0;
}
