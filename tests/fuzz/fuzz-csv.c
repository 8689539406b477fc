/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Any bytes are a CSV file or an error, with and without leave to read them as Windows-1252; of a file that
 * opens every row can be had, twice, with the cells that were promised. */

#include "config.h"

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

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize len)
{
  SpCsvFlags flags[] = { SP_CSV_DEFAULT, SP_CSV_WINDOWS_1252 };

  for (gsize i = 0; i < G_N_ELEMENTS (flags); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (data, len, NULL);
    g_autoptr (SpCsv) csv = i == 0 ? sp_csv_new (data, len, flags[i], &error)
                                   : sp_csv_new_from_stream (stream, flags[i], NULL, &error);

    g_assert_true ((csv == NULL) == (error != NULL));
    if (csv == NULL)
      continue;
    for (guint column = 0; column < sp_csv_get_n_columns (csv); column++)
      g_assert_nonnull (sp_csv_get_column (csv, column));
    read_rows (csv);
    sp_csv_rewind (csv);
    read_rows (csv);
  }
  return 0;
}
