/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The rows of a CSV export: composed in a wiped buffer, one at a time, and written out. */

#define G_LOG_DOMAIN "sp-export-csv"

#include "config.h"

#include "formats/sp-export-private.h"

typedef struct {
  GOutputStream *stream;
  SpSecretBuffer *buffer;
  GCancellable *cancellable;
} CsvExport;

static gboolean
write_out (CsvExport *export, GError **error)
{
  gsize len = sp_secret_buffer_get_length (export->buffer);
  gboolean written = g_output_stream_write_all (export->stream,
                                                sp_secret_buffer_peek (export->buffer), len, NULL,
                                                export->cancellable, error);

  sp_secret_buffer_truncate (export->buffer, 0);
  return written;
}

static gboolean
write_csv_item (SpVault *vault, SpItem *item, gpointer data, GError **error)
{
  CsvExport *export = data;

  sp_export_csv_row (export->buffer, item);
  return write_out (export, error);
}

/**
 * sp_export_csv:
 * @vault: an open vault
 * @stream: where to write; not closed
 * @run: (nullable): which items, and whom to tell; its flags are of no account here
 * @error: return location for a SP_VAULT_ERROR, the stream's error, or G_IO_ERROR_CANCELLED
 *
 * Writes what fits into rows, in the clear: no trash, no history, no attachments (docs/EXPORT.md).
 *
 * Returns: %TRUE if all of it was written
 */
gboolean
sp_export_csv (SpVault *vault, GOutputStream *stream, const SpExportRun *run, GError **error)
{
  static const SpExportRun defaults = { 0 };
  g_autoptr (SpSecretBuffer) buffer = NULL;
  CsvExport export;

  g_return_val_if_fail (vault != NULL && G_IS_OUTPUT_STREAM (stream), FALSE);

  if (run == NULL)
    run = &defaults;
  if (!sp_export_begin (vault, run, FALSE, error))
    return FALSE;

  buffer = sp_secret_buffer_new ();
  export = (CsvExport){ stream, buffer, run->cancellable };
  sp_export_csv_header (buffer);
  return write_out (&export, error) &&
         sp_export_each (vault, run, FALSE, write_csv_item, &export, error);
}
