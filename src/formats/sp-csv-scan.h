/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpCsvScanner: cuts a text into records and cells. Private to SpCsv. */

#pragma once

#include "formats/sp-csv.h"

G_BEGIN_DECLS

/* A cell as it stands in the text, without the quotes around it. */
typedef struct {
  const char *text;
  gsize len;
  gboolean escaped; /* holds something to be taken out before use */
} SpCsvSlice;

typedef enum {
  SP_CSV_SCAN_FINE,
  SP_CSV_SCAN_END, /* there is no further record */
  SP_CSV_SCAN_OPEN_QUOTE,
  SP_CSV_SCAN_AFTER_QUOTE, /* text between a closing quote and the next separator */
  SP_CSV_SCAN_TOO_MANY_CELLS,
} SpCsvScan;

typedef struct {
  const char *begin;
  const char *end;
  const char *position;
  char separator;
  SpCsvQuotes quotes;
  guint64 n_lone_backslashes; /* in quoted cells, before something that needs none */

  /* The record last read. */
  const char *record;
  gsize record_len;   /* without its line end */
  SpCsvSlice *slices; /* (owned) */
  guint n_slices;     /* 0 for an empty line */
  guint capacity;
} SpCsvScanner;

void sp_csv_scanner_init (SpCsvScanner *self,
                          const char *text,
                          gsize len,
                          char separator,
                          SpCsvQuotes quotes);
void sp_csv_scanner_clear (SpCsvScanner *self);
SpCsvScan sp_csv_scanner_next (SpCsvScanner *self);
/* Writes at most `slice->len` bytes; returns how many. */
gsize sp_csv_unescape (const SpCsvSlice *slice, SpCsvQuotes quotes, char *out);

G_END_DECLS
