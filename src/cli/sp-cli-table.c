/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A flat list of cells, row after row. Cells are printed whole: a title that was cut off could not be
 * given back to a command. */

#define G_LOG_DOMAIN "sp-cli-table"

#include "config.h"

#include "cli/sp-cli-table.h"

/* A longer cell pushes its own row to the right, and not every other one. */
#define MAX_WIDTH 40

struct _SpCliTable {
  guint n_columns;
  GArray *cells;        /* (element-type utf8) borrowed texts */
  GStringChunk *copies; /* (owned) */
};

/**
 * sp_cli_table_new:
 * @n_columns: how many cells a row has, at most `SP_CLI_TABLE_MAX_COLUMNS`
 *
 * Returns: (transfer full): a table without rows
 */
SpCliTable *
sp_cli_table_new (guint n_columns)
{
  SpCliTable *self;

  g_return_val_if_fail (n_columns > 0 && n_columns <= SP_CLI_TABLE_MAX_COLUMNS, NULL);

  self = g_new0 (SpCliTable, 1);
  self->n_columns = n_columns;
  self->cells = g_array_new (FALSE, FALSE, sizeof (const char *));
  self->copies = g_string_chunk_new (4096);
  return self;
}

/**
 * sp_cli_table_free:
 * @self: (transfer full) (nullable): a table
 */
void
sp_cli_table_free (SpCliTable *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->cells);
  g_string_chunk_free (self->copies);
  g_free (self);
}

/**
 * sp_cli_table_add:
 * @self: a table
 * @text: the next cell; must stay until the table was printed
 */
void
sp_cli_table_add (SpCliTable *self, const char *text)
{
  g_return_if_fail (text != NULL);

  g_array_append_val (self->cells, text);
}

/**
 * sp_cli_table_add_copy:
 * @self: a table
 * @text: the next cell; copied, so nothing secret
 */
void
sp_cli_table_add_copy (SpCliTable *self, const char *text)
{
  sp_cli_table_add (self, g_string_chunk_insert (self->copies, text));
}

/**
 * sp_cli_table_add_date:
 * @self: a table
 * @ms: milliseconds since 1970; 0 for never
 *
 * Adds a cell with the local date and time.
 */
void
sp_cli_table_add_date (SpCliTable *self, gint64 ms)
{
  g_autoptr (GDateTime) time = ms != 0 ? g_date_time_new_from_unix_local (ms / 1000) : NULL;
  g_autofree char *text = time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M") : NULL;

  sp_cli_table_add_copy (self, text != NULL ? text : "-");
}

static void
add_widths (const SpCliTable *self, guint widths[static SP_CLI_TABLE_MAX_COLUMNS])
{
  for (guint i = 0; i < self->cells->len; i++) {
    guint width = sp_cli_text_get_width (g_array_index (self->cells, const char *, i));

    widths[i % self->n_columns] = MAX (widths[i % self->n_columns], MIN (width, MAX_WIDTH));
  }
}

/**
 * sp_cli_table_print:
 * @self: a table
 * @output: where to
 */
void
sp_cli_table_print (const SpCliTable *self, SpCliOutput *output)
{
  guint widths[SP_CLI_TABLE_MAX_COLUMNS] = { 0 };

  add_widths (self, widths);
  for (guint i = 0; i < self->cells->len; i++) {
    guint column = i % self->n_columns;
    const char *text = g_array_index (self->cells, const char *, i);
    guint width = sp_cli_text_get_width (text);

    sp_cli_output_text (output, text);
    if (column + 1 == self->n_columns)
      sp_cli_output_raw (output, "\n", 1);
    else
      sp_cli_output_pad (output, (widths[column] > width ? widths[column] - width : 0) + 2);
  }
}
