/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Opening a file and looking at it; sp-import-run.c does the rest. */

#define G_LOG_DOMAIN "sp-import"

#include "config.h"

#include "formats/sp-import.h"

#include "formats/sp-import-private.h"

/**
 * sp_import_open:
 * @stream: the file's bytes; read to their end, not closed
 * @options: (nullable): format, mapping, consents
 * @cancellable: (nullable): stops the reading
 * @error: return location for a SP_FORMAT_ERROR, or the stream's error
 *
 * Reads and checks a whole file, and finds out what its columns are.
 *
 * Returns: (transfer full) (nullable): the import, ready to be looked at or run
 */
SpImport *
sp_import_open (GInputStream *stream,
                const SpImportOptions *options,
                GCancellable *cancellable,
                GError **error)
{
  static const SpImportOptions defaults = { 0 };
  g_autoptr (SpImport) self = g_new0 (SpImport, 1);

  g_return_val_if_fail (G_IS_INPUT_STREAM (stream), NULL);

  if (options == NULL)
    options = &defaults;
  self->csv = sp_csv_new_from_stream (
      stream, options->windows_1252 ? SP_CSV_WINDOWS_1252 : SP_CSV_DEFAULT, cancellable, error);
  if (self->csv == NULL)
    return NULL;
  self->plan = sp_import_plan_new (self->csv, options, error);
  if (self->plan == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * sp_import_open_path:
 * @path: (type filename): the file
 * @options: (nullable): format, mapping, consents
 * @cancellable: (nullable): stops the reading
 * @error: return location for a SP_FORMAT_ERROR or a G_IO_ERROR
 *
 * Like sp_import_open(), from a file.
 *
 * Returns: (transfer full) (nullable): the import, ready to be looked at or run
 */
SpImport *
sp_import_open_path (const char *path,
                     const SpImportOptions *options,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (GFile) file = NULL;
  g_autoptr (GFileInputStream) stream = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  file = g_file_new_for_path (path);
  stream = g_file_read (file, cancellable, error);
  if (stream == NULL)
    return NULL;
  return sp_import_open (G_INPUT_STREAM (stream), options, cancellable, error);
}

/**
 * sp_import_free:
 * @self: (transfer full) (nullable): an import
 *
 * Closes it and wipes the file's text.
 */
void
sp_import_free (SpImport *self)
{
  if (self == NULL)
    return;
  sp_csv_free (self->csv);
  sp_import_plan_free (self->plan);
  g_free (self);
}

/**
 * sp_import_get_format:
 * @self: an import
 *
 * Returns: (transfer none): the manager that wrote the file, as far as its columns tell
 */
const SpImportFormat *
sp_import_get_format (const SpImport *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->plan->format;
}

/**
 * sp_import_get_n_rows:
 * @self: an import
 *
 * Returns: rows below the header; empty lines are not counted
 */
guint
sp_import_get_n_rows (const SpImport *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return sp_csv_get_n_rows (self->csv);
}

/**
 * sp_import_get_n_columns:
 * @self: an import
 *
 * Returns: the number of cells of the header line
 */
guint
sp_import_get_n_columns (const SpImport *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->plan->n_columns;
}

/**
 * sp_import_get_column:
 * @self: an import
 * @index: of a column, from 0
 *
 * Returns: (transfer none): the column's name, or "Column 7" where the file has none
 */
const char *
sp_import_get_column (const SpImport *self, guint index)
{
  g_return_val_if_fail (self != NULL && index < self->plan->n_columns, "");

  return self->plan->columns[index].label;
}

/**
 * sp_import_get_target:
 * @self: an import
 * @index: of a column, from 0
 *
 * Returns: (transfer none): where its cells go, by the name that a mapping gives
 */
const char *
sp_import_get_target (const SpImport *self, guint index)
{
  const SpPlanColumn *column;

  g_return_val_if_fail (self != NULL && index < self->plan->n_columns, "");

  column = &self->plan->columns[index];
  return column->role == SP_ROLE_FIELD ? column->field : sp_import_role_to_name (column->role);
}

/**
 * sp_import_is_mapped:
 * @self: an import
 *
 * Returns: whether at least one column is known to be a title, a field or notes
 */
gboolean
sp_import_is_mapped (const SpImport *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return sp_import_plan_tells_anything (self->plan);
}

/**
 * sp_import_rewind:
 * @self: an import
 *
 * Goes back to the first row.
 */
void
sp_import_rewind (SpImport *self)
{
  g_return_if_fail (self != NULL);

  sp_csv_rewind (self->csv);
}

/**
 * sp_import_next:
 * @self: an import
 *
 * Makes an item of the next row, passing over those without content.
 *
 * Returns: (transfer full) (nullable): the item; %NULL behind the last row
 */
SpItem *
sp_import_next (SpImport *self)
{
  SpImportSummary counts = { 0 };
  SpItem *item = NULL;
  SpCsvRow row;

  g_return_val_if_fail (self != NULL, NULL);

  while (item == NULL && sp_csv_next (self->csv, &row))
    item = sp_import_build_item (self->plan, &row, &counts);
  return item;
}
