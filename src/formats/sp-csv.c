/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Opening a file surveys it once in RFC 4180's dialect. Only if that fails or rows come out with another number of
 * cells than the header, and a backslash stands before a quote somewhere, are the dialects with
 * backslashes surveyed too, and the best one taken: so a password that ends in a backslash is safe in an
 * ordinary file. After that nothing can fail, and rows are scanned again as they are asked for.
 *
 * Invariants: text, separator and quotes do not change after opening; `scratch` has room for the longest
 * record, and holds the unescaped cells of the row last read only. */

#define G_LOG_DOMAIN "sp-csv"

#include "config.h"

#include "formats/sp-csv.h"

#include <string.h>

#include "base/sp-pages.h"
#include "formats/sp-csv-scan.h"
#include "formats/sp-csv-text.h"
#include "formats/sp-format-error.h"

struct _SpCsv {
  SpCsvText text;
  const char *body; /* the text behind a line "sep=;" */
  gsize body_len;
  guint first_number; /* of the body's first row */
  char separator;
  SpCsvQuotes quotes;
  GPtrArray *columns; /* (element-type utf8) (owned) */
  guint n_rows;

  SpCsvScanner scanner;
  guint number;
  SpCsvCell *cells; /* (owned) */
  guint n_cells_max;
  char *scratch; /* (nullable) in pages */
  gsize scratch_size;
};

/* What one dialect makes of the whole text. */
typedef struct {
  SpCsvQuotes quotes;
  SpCsvScan end; /* END, or what went wrong ... */
  guint number;  /* ... in this row ... */
  gsize offset;  /* ... which begins here in the body */
  gsize reached; /* where it was noticed */
  guint n_columns;
  guint n_rows;
  guint n_ragged;
  guint64 n_lone_backslashes;
  gsize longest;
} Survey;

static void
survey_dialect (const SpCsv *self, SpCsvQuotes quotes, Survey *out)
{
  SpCsvScanner scanner;

  sp_csv_scanner_init (&scanner, self->body, self->body_len, self->separator, quotes);
  *out = (Survey){ .quotes = quotes, .number = self->first_number - 1 };
  for (;;) {
    out->end = sp_csv_scanner_next (&scanner);
    if (out->end == SP_CSV_SCAN_END)
      break;
    out->number++;
    if (out->end != SP_CSV_SCAN_FINE)
      break;
    if (scanner.n_slices == 0)
      continue;
    out->longest = MAX (out->longest, scanner.record_len);
    if (out->n_columns == 0) {
      out->n_columns = scanner.n_slices;
    } else {
      out->n_rows++;
      if (scanner.n_slices != out->n_columns)
        out->n_ragged++;
    }
  }
  out->offset = (gsize) (scanner.record - scanner.begin);
  out->reached = (gsize) (scanner.position - scanner.begin);
  out->n_lone_backslashes = scanner.n_lone_backslashes;
  sp_csv_scanner_clear (&scanner);
}

static gboolean
is_better (const Survey *a, const Survey *b)
{
  gboolean a_ends = a->end == SP_CSV_SCAN_END;
  gboolean b_ends = b->end == SP_CSV_SCAN_END;

  if (a_ends != b_ends)
    return a_ends;
  if (!a_ends)
    return a->reached > b->reached;
  if (a->n_ragged != b->n_ragged)
    return a->n_ragged < b->n_ragged;
  return b->quotes != SP_CSV_QUOTES_DOUBLED && a->n_lone_backslashes == 0 &&
         b->n_lone_backslashes > 0;
}

static gboolean
has_backslashed_quote (const SpCsv *self)
{
  return memmem (self->body, self->body_len, "\\\"", 2) != NULL;
}

static void
choose_dialect (const SpCsv *self, Survey *out)
{
  static const SpCsvQuotes others[] = {
    SP_CSV_QUOTES_ESCAPED,
    SP_CSV_QUOTES_ESCAPED_ONLY,
    SP_CSV_QUOTES_ESCAPED_LENIENT,
  };

  survey_dialect (self, SP_CSV_QUOTES_DOUBLED, out);
  if ((out->end == SP_CSV_SCAN_END && out->n_ragged == 0) || !has_backslashed_quote (self))
    return;

  for (guint i = 0; i < G_N_ELEMENTS (others); i++) {
    Survey other;

    survey_dialect (self, others[i], &other);
    if (is_better (&other, out))
      *out = other;
  }
}

/* The line, from 1, that holds the byte at `p`. CR LF is one end of line, a lone CR is one too. */
static guint64
count_lines (const SpCsv *self, const char *p)
{
  guint64 line = 1;

  for (const char *q = self->text.data + self->text.start; q < p; q++) {
    if (*q == '\n' || (*q == '\r' && (q + 1 == p || q[1] != '\n')))
      line++;
  }
  return line;
}

static void
set_row_error (const SpCsv *self, const Survey *survey, GError **error)
{
  static const char *const what[] = {
    [SP_CSV_SCAN_OPEN_QUOTE] = "a quotation mark opens that nothing closes",
    [SP_CSV_SCAN_AFTER_QUOTE] = "text follows a closing quotation mark",
    [SP_CSV_SCAN_TOO_MANY_CELLS] = "there are more cells than any table has",
  };

  g_set_error (error, SP_FORMAT_ERROR, SP_FORMAT_ERROR_MALFORMED,
               "Row %u (line %" G_GUINT64_FORMAT ") is broken: %s.", survey->number,
               count_lines (self, self->body + survey->offset), what[survey->end]);
}

/* The row that holds a byte, as far as rows can be told before it; 0 where they cannot. */
static guint
find_row (const SpCsv *self, gsize offset)
{
  SpCsvScanner scanner;
  guint number = self->first_number - 1;
  gboolean found = FALSE;

  sp_csv_scanner_init (&scanner, self->body, self->body_len, self->separator,
                       SP_CSV_QUOTES_DOUBLED);
  while (!found && sp_csv_scanner_next (&scanner) == SP_CSV_SCAN_FINE) {
    number++;
    found = scanner.position > self->text.data + offset;
  }
  sp_csv_scanner_clear (&scanner);
  return found ? number : 0;
}

static void
set_text_error (const SpCsv *self, SpCsvTextFault fault, gsize offset, GError **error)
{
  guint row = find_row (self, offset);
  g_autofree char *place = NULL;

  if (row > 0)
    place = g_strdup_printf ("Row %u (line %" G_GUINT64_FORMAT ")", row,
                             count_lines (self, self->text.data + offset));
  else
    place = g_strdup_printf ("Line %" G_GUINT64_FORMAT,
                             count_lines (self, self->text.data + offset));

  if (fault == SP_CSV_TEXT_NUL)
    g_set_error (error, SP_FORMAT_ERROR, SP_FORMAT_ERROR_MALFORMED,
                 "%s is broken: it holds a NUL byte, which no text does.", place);
  else
    g_set_error (error, SP_FORMAT_ERROR, SP_FORMAT_ERROR_ENCODING,
                 "%s is not UTF-8 text. An older Windows program may have written the file in "
                 "Windows-1252; it can be read as that.",
                 place);
}

/* Which of the three separators the header line has most of, outside quotes. */
static char
detect_separator (const char *text, gsize len)
{
  static const char separators[] = { ',', ';', '\t' };
  gsize counts[G_N_ELEMENTS (separators)] = { 0 };
  gboolean quoted = FALSE;
  gboolean begun = FALSE;
  guint best = 0;

  for (gsize i = 0; i < len; i++) {
    if (text[i] == '"')
      quoted = !quoted;
    if (begun && !quoted && (text[i] == '\n' || text[i] == '\r'))
      break;
    begun = begun || (text[i] != '\n' && text[i] != '\r');
    for (guint s = 0; s < G_N_ELEMENTS (separators); s++) {
      if (!quoted && text[i] == separators[s])
        counts[s]++;
    }
  }
  for (guint s = 1; s < G_N_ELEMENTS (separators); s++) {
    if (counts[s] > counts[best])
      best = s;
  }
  return separators[best];
}

/* Excel's way of naming the separator: a first line "sep=;". */
static void
read_separator_line (SpCsv *self)
{
  const char *text = self->body;
  gsize n = 5;

  if (self->body_len < 6 || g_ascii_strncasecmp (text, "sep=", 4) != 0 ||
      memchr ("\r\n\"", text[4], 3) != NULL || (text[5] != '\n' && text[5] != '\r'))
    return;

  n += text[5] == '\r' && self->body_len > 6 && text[6] == '\n' ? 2 : 1;
  self->separator = text[4];
  self->body += n;
  self->body_len -= n;
  self->first_number = 2;
}

static gboolean
open_body (SpCsv *self, GError **error)
{
  SpCsvTextFault fault;
  gsize offset = 0;

  self->body = self->text.data + self->text.start;
  self->body_len = self->text.len - self->text.start;
  self->first_number = 1;
  read_separator_line (self);
  if (self->separator == '\0')
    self->separator = detect_separator (self->body, self->body_len);

  fault = sp_csv_text_check (&self->text, &offset);
  if (fault != SP_CSV_TEXT_FINE) {
    set_text_error (self, fault, offset, error);
    return FALSE;
  }
  return TRUE;
}

static SpCsvScan
next_record (SpCsv *self)
{
  SpCsvScan scan;

  do {
    scan = sp_csv_scanner_next (&self->scanner);
    self->number++;
  } while (scan == SP_CSV_SCAN_FINE && self->scanner.n_slices == 0);
  return scan;
}

static void
make_room_for_cells (SpCsv *self, guint n)
{
  if (n <= self->n_cells_max)
    return;
  self->n_cells_max = MAX (n, 2 * self->n_cells_max);
  self->cells = g_renew (SpCsvCell, self->cells, self->n_cells_max);
}

static gboolean
read_row (SpCsv *self, SpCsvRow *out_row)
{
  guint n;
  char *out = self->scratch;

  if (next_record (self) != SP_CSV_SCAN_FINE)
    return FALSE;

  n = MAX (self->scanner.n_slices, self->columns->len);
  make_room_for_cells (self, n);
  for (guint i = 0; i < n; i++) {
    const SpCsvSlice *slice = i < self->scanner.n_slices ? &self->scanner.slices[i] : NULL;
    SpCsvCell *cell = &self->cells[i];

    if (slice == NULL) {
      *cell = (SpCsvCell){ "", 0 };
    } else if (!slice->escaped) {
      *cell = (SpCsvCell){ slice->text, slice->len };
    } else {
      *cell = (SpCsvCell){ out, sp_csv_unescape (slice, self->quotes, out) };
      out += cell->len;
    }
  }

  *out_row = (SpCsvRow){
    .cells = self->cells,
    .n_cells = n,
    .n_present = self->scanner.n_slices,
    .number = self->number,
    .raw = self->scanner.record,
    .raw_len = self->scanner.record_len,
  };
  return TRUE;
}

static void
go_to_begin (SpCsv *self)
{
  self->scanner.position = self->scanner.begin;
  self->number = self->first_number - 1;
}

/* Column names are no secrets: they go into plain memory. */
static void
read_columns (SpCsv *self)
{
  SpCsvRow row;

  go_to_begin (self);
  if (!read_row (self, &row))
    return;
  for (guint i = 0; i < row.n_present; i++)
    g_ptr_array_add (self->columns, g_strstrip (g_strndup (row.cells[i].text, row.cells[i].len)));
}

static gboolean
open_rows (SpCsv *self, GError **error)
{
  Survey survey;

  choose_dialect (self, &survey);
  if (survey.end != SP_CSV_SCAN_END) {
    set_row_error (self, &survey, error);
    return FALSE;
  }
  if (survey.n_columns == 0) {
    g_set_error (error, SP_FORMAT_ERROR, SP_FORMAT_ERROR_EMPTY,
                 "The file is empty: it has no header line.");
    return FALSE;
  }

  self->quotes = survey.quotes;
  self->n_rows = survey.n_rows;
  self->scratch_size = survey.longest + 1;
  self->scratch = sp_pages_alloc (self->scratch_size, SP_PAGES_DEFAULT);
  if (self->scratch == NULL) {
    g_set_error (error, SP_FORMAT_ERROR, SP_FORMAT_ERROR_TOO_LARGE,
                 "There is not enough memory to read the file.");
    return FALSE;
  }
  sp_csv_scanner_init (&self->scanner, self->body, self->body_len, self->separator, self->quotes);
  read_columns (self);
  return TRUE;
}

static SpCsv *
new_empty (void)
{
  SpCsv *self = g_new0 (SpCsv, 1);

  self->columns = g_ptr_array_new_with_free_func (g_free);
  return self;
}

static gboolean
open_text (SpCsv *self, SpCsvFlags flags, GError **error)
{
  return sp_csv_text_decode (&self->text, (flags & SP_CSV_WINDOWS_1252) != 0, error) &&
         open_body (self, error) && open_rows (self, error);
}

/**
 * sp_csv_new:
 * @data: (array length=len): the file's bytes; copied
 * @len: number of bytes
 * @flags: how to read them
 * @error: return location for a SP_FORMAT_ERROR
 *
 * Opens a CSV text and checks all of it: a text that opens can be read to its end.
 *
 * Returns: (transfer full) (nullable): the reader, before the first row below the header
 */
SpCsv *
sp_csv_new (const guint8 *data, gsize len, SpCsvFlags flags, GError **error)
{
  g_autoptr (SpCsv) self = new_empty ();

  g_return_val_if_fail (data != NULL || len == 0, NULL);

  if (!sp_csv_text_reserve (&self->text, len, error) ||
      !sp_csv_text_append (&self->text, data, len, error) || !open_text (self, flags, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * sp_csv_new_from_stream:
 * @stream: where the file's bytes come from; read to its end, not closed
 * @flags: how to read them
 * @cancellable: (nullable): stops the reading
 * @error: return location for a SP_FORMAT_ERROR, or the stream's error
 *
 * Reads a CSV file into wiped memory and opens it like sp_csv_new().
 *
 * Returns: (transfer full) (nullable): the reader, before the first row below the header
 */
SpCsv *
sp_csv_new_from_stream (GInputStream *stream,
                        SpCsvFlags flags,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (SpCsv) self = new_empty ();

  g_return_val_if_fail (G_IS_INPUT_STREAM (stream), NULL);

  if (!sp_csv_text_read (&self->text, stream, cancellable, error) ||
      !open_text (self, flags, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * sp_csv_free:
 * @self: (transfer full) (nullable): a reader
 *
 * Closes it and wipes the text.
 */
void
sp_csv_free (SpCsv *self)
{
  if (self == NULL)
    return;

  sp_csv_scanner_clear (&self->scanner);
  sp_csv_text_clear (&self->text);
  if (self->scratch != NULL)
    sp_pages_free (self->scratch, self->scratch_size, SP_PAGES_DEFAULT);
  g_ptr_array_unref (self->columns);
  g_free (self->cells);
  g_free (self);
}

/**
 * sp_csv_get_separator:
 * @self: a reader
 *
 * Returns: what stands between cells: a comma, a semicolon, a tab, or what a line "sep=" names
 */
char
sp_csv_get_separator (const SpCsv *self)
{
  return self->separator;
}

/**
 * sp_csv_get_quotes:
 * @self: a reader
 *
 * Returns: the dialect that the file was found to be written in
 */
SpCsvQuotes
sp_csv_get_quotes (const SpCsv *self)
{
  return self->quotes;
}

/**
 * sp_csv_get_n_columns:
 * @self: a reader
 *
 * Returns: the number of cells of the header line, at least 1
 */
guint
sp_csv_get_n_columns (const SpCsv *self)
{
  return self->columns->len;
}

/**
 * sp_csv_get_column:
 * @self: a reader
 * @index: of a column, from 0
 *
 * Returns: (transfer none): the header's name for it without white space around it; may be empty
 */
const char *
sp_csv_get_column (const SpCsv *self, guint index)
{
  g_return_val_if_fail (index < self->columns->len, "");

  return g_ptr_array_index (self->columns, index);
}

/**
 * sp_csv_get_n_rows:
 * @self: a reader
 *
 * Returns: the number of rows below the header, empty lines not counted
 */
guint
sp_csv_get_n_rows (const SpCsv *self)
{
  return self->n_rows;
}

/**
 * sp_csv_get_line:
 * @self: a reader
 * @row: a row that it gave
 *
 * Returns: the line in which the row begins, from 1; takes time in proportion to it
 */
guint64
sp_csv_get_line (const SpCsv *self, const SpCsvRow *row)
{
  return count_lines (self, row->raw);
}

/**
 * sp_csv_rewind:
 * @self: a reader
 *
 * Goes back to the first row below the header.
 */
void
sp_csv_rewind (SpCsv *self)
{
  go_to_begin (self);
  (void) next_record (self);
}

/**
 * sp_csv_next:
 * @self: a reader
 * @out_row: (out caller-allocates): the row; good until the next call
 *
 * Reads the next row. Cells that it lacks are empty, cells that it has too many are there.
 *
 * Returns: %FALSE behind the last row
 */
gboolean
sp_csv_next (SpCsv *self, SpCsvRow *out_row)
{
  return read_row (self, out_row);
}
