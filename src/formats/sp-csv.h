/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpCsv: a total reader of CSV files by whoever wrote them.
 *
 * The whole text is checked when it is opened: encoding, quotes, separators; a file that opens is read
 * to its end without a further error. Rows are then handed out one at a time, the header being row 1 as a
 * spreadsheet counts. Cells are slices of the text, or of a buffer that the next row overwrites; both are
 * wiped (sp-pages.h). */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SP_CSV_MAX_SIZE    (G_GUINT64_CONSTANT (1) << 30) /* bytes of a file */
#define SP_CSV_MAX_COLUMNS 4096

typedef struct _SpCsv SpCsv;

typedef enum {
  SP_CSV_DEFAULT = 0,
  SP_CSV_WINDOWS_1252 = 1 << 0, /* read what is not UTF-8 as Windows-1252: the user consented */
} SpCsvFlags;

/* How quotes are written inside a quoted cell. */
typedef enum {
  SP_CSV_QUOTES_DOUBLED,      /* RFC 4180: "" only */
  SP_CSV_QUOTES_ESCAPED,      /* \" and "", a backslash being written \\ */
  SP_CSV_QUOTES_ESCAPED_ONLY, /* \" and "", other backslashes as they are */
  SP_CSV_QUOTES_ESCAPED_LENIENT, /* the same, yet \" before the end of a cell is a backslash and the end */
} SpCsvQuotes;

typedef struct {
  const char *text; /* UTF-8 without NUL, not terminated */
  gsize len;
} SpCsvCell;

typedef struct {
  const SpCsvCell
      *cells;      /* n_cells of them, or as many as the header has, the missing ones empty */
  guint n_cells;   /* at least the header's number */
  guint n_present; /* cells that the row really has */
  guint number;    /* 1 is the header; empty lines count as rows, as in a spreadsheet */
  const char *raw; /* the row as it stands in the text, without its line end */
  gsize raw_len;
} SpCsvRow;

/* Reads `stream` to its end. Errors: SP_FORMAT_ERROR or G_IO_ERROR. */
SpCsv *sp_csv_new_from_stream (GInputStream *stream,
                               SpCsvFlags flags,
                               GCancellable *cancellable,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
SpCsv *sp_csv_new (const guint8 *data, gsize len, SpCsvFlags flags, GError **error)
    G_GNUC_WARN_UNUSED_RESULT; /* copies */
void sp_csv_free (SpCsv *self);

char sp_csv_get_separator (const SpCsv *self);
SpCsvQuotes sp_csv_get_quotes (const SpCsv *self);
guint sp_csv_get_n_columns (const SpCsv *self);
const char *sp_csv_get_column (const SpCsv *self,
                               guint index); /* the header's name, trimmed; may be "" */
guint sp_csv_get_n_rows (const SpCsv *self); /* header and empty lines not counted */
guint64 sp_csv_get_line (const SpCsv *self,
                         const SpCsvRow *row); /* where the row begins; 1 is the first */

/* Rows below the header, in order; FALSE after the last. `out_row` is good until the next call. */
void sp_csv_rewind (SpCsv *self);
gboolean sp_csv_next (SpCsv *self, SpCsvRow *out_row) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpCsv, sp_csv_free)

G_END_DECLS
