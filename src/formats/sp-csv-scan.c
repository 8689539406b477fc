/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The scanner knows one dialect at a time; SpCsv tries them. It never reads beyond the text, accepts any
 * bytes, and every call but one that ends or fails moves on, so that reading is linear.
 *
 *     record = cell { separator cell } ( CR LF | LF | CR | end )
 *     cell   = '"' ... '"' blanks   |   anything without separator, CR, LF that does not begin with '"'
 *
 * Inside an unquoted cell a quote is a character like any other (RFC 4180 leaves it open). */

#define G_LOG_DOMAIN "sp-csv-scan"

#include "config.h"

#include "formats/sp-csv-scan.h"

#include <string.h>

void
sp_csv_scanner_init (SpCsvScanner *self,
                     const char *text,
                     gsize len,
                     char separator,
                     SpCsvQuotes quotes)
{
  *self = (SpCsvScanner){
    .begin = text,
    .end = text + len,
    .position = text,
    .separator = separator,
    .quotes = quotes,
  };
}

void
sp_csv_scanner_clear (SpCsvScanner *self)
{
  g_clear_pointer (&self->slices, g_free);
  self->capacity = 0;
  self->n_slices = 0;
}

static SpCsvSlice *
add_slice (SpCsvScanner *self)
{
  if (self->n_slices == self->capacity) {
    self->capacity = MAX (16, self->capacity * 2);
    self->slices = g_renew (SpCsvSlice, self->slices, self->capacity);
  }
  return &self->slices[self->n_slices++];
}

static gboolean
at_cell_end (const SpCsvScanner *self, const char *p)
{
  return p == self->end || *p == self->separator || *p == '\n' || *p == '\r';
}

static guint
count_backslashes_before (const char *begin, const char *p)
{
  guint n = 0;

  while (p > begin && p[-1] == '\\') {
    n++;
    p--;
  }
  return n;
}

/* Is the quote at `quote`, in a cell that begins at `begin`, written with a backslash? */
static gboolean
is_escaped_quote (const SpCsvScanner *self, const char *begin, const char *quote)
{
  guint n;

  if (self->quotes == SP_CSV_QUOTES_DOUBLED)
    return FALSE;

  n = count_backslashes_before (begin, quote);
  if (self->quotes == SP_CSV_QUOTES_ESCAPED)
    return n % 2 == 1;
  if (self->quotes == SP_CSV_QUOTES_ESCAPED_LENIENT && n > 0 && at_cell_end (self, quote + 1))
    return FALSE;
  return n > 0;
}

/* In the dialect where every backslash is written with another, one that is not speaks against it. */
static void
count_lone_backslashes (SpCsvScanner *self, const char *p, const char *end)
{
  while ((p = memchr (p, '\\', (gsize) (end - p))) != NULL) {
    if (p + 1 < end && (p[1] == '\\' || p[1] == '"')) {
      p++;
    } else {
      self->n_lone_backslashes++;
    }
    p++;
    if (p >= end)
      return;
  }
}

/* `position` is behind the opening quote. */
static SpCsvScan
scan_quoted (SpCsvScanner *self)
{
  const char *begin = self->position;
  const char *p = begin;
  gboolean escaped = FALSE;
  SpCsvSlice *slice;

  for (;;) {
    p = memchr (p, '"', (gsize) (self->end - p));
    if (p == NULL)
      return SP_CSV_SCAN_OPEN_QUOTE;
    if (is_escaped_quote (self, begin, p)) {
      escaped = TRUE;
      p++;
    } else if (p + 1 < self->end && p[1] == '"') {
      escaped = TRUE;
      p += 2;
    } else {
      break;
    }
  }

  if (self->quotes == SP_CSV_QUOTES_ESCAPED && memchr (begin, '\\', (gsize) (p - begin)) != NULL) {
    escaped = TRUE;
    count_lone_backslashes (self, begin, p);
  }
  slice = add_slice (self);
  slice->text = begin;
  slice->len = (gsize) (p - begin);
  slice->escaped = escaped;

  p++;
  while (p < self->end && *p != self->separator && (*p == ' ' || *p == '\t'))
    p++;
  self->position = p;
  return at_cell_end (self, p) ? SP_CSV_SCAN_FINE : SP_CSV_SCAN_AFTER_QUOTE;
}

static void
scan_unquoted (SpCsvScanner *self)
{
  const char *begin = self->position;
  const char *p = begin;
  SpCsvSlice *slice;

  while (p < self->end && *p != self->separator && *p != '\n' && *p != '\r')
    p++;

  slice = add_slice (self);
  slice->text = begin;
  slice->len = (gsize) (p - begin);
  slice->escaped = FALSE;
  self->position = p;
}

static void
skip_line_end (SpCsvScanner *self)
{
  if (self->position == self->end)
    return;
  if (*self->position == '\r' && self->position + 1 < self->end && self->position[1] == '\n')
    self->position++;
  self->position++;
}

/* Reads the next record. After a failure the position is where it was noticed. */
SpCsvScan
sp_csv_scanner_next (SpCsvScanner *self)
{
  self->n_slices = 0;
  self->record = self->position;
  self->record_len = 0;
  if (self->position == self->end)
    return SP_CSV_SCAN_END;

  if (*self->position == '\n' || *self->position == '\r') {
    skip_line_end (self);
    return SP_CSV_SCAN_FINE;
  }

  for (;;) {
    if (self->n_slices >= SP_CSV_MAX_COLUMNS)
      return SP_CSV_SCAN_TOO_MANY_CELLS;
    if (self->position < self->end && *self->position == '"') {
      SpCsvScan scan;

      self->position++;
      scan = scan_quoted (self);
      if (scan != SP_CSV_SCAN_FINE)
        return scan;
    } else {
      scan_unquoted (self);
    }
    if (self->position == self->end || *self->position != self->separator)
      break;
    self->position++;
  }

  self->record_len = (gsize) (self->position - self->record);
  skip_line_end (self);
  return SP_CSV_SCAN_FINE;
}

/* Takes out what only served to write the cell down. */
gsize
sp_csv_unescape (const SpCsvSlice *slice, SpCsvQuotes quotes, char *out)
{
  const char *p = slice->text;
  const char *end = p + slice->len;
  char *begin = out;

  while (p < end) {
    char next = p + 1 < end ? p[1] : '\0';

    if ((*p == '"' && next == '"') ||
        (*p == '\\' && next == '"' && quotes != SP_CSV_QUOTES_DOUBLED) ||
        (*p == '\\' && next == '\\' && quotes == SP_CSV_QUOTES_ESCAPED))
      p++;
    *out++ = *p++;
  }
  return (gsize) (out - begin);
}
