/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What can go wrong while reading or writing a foreign file. Messages are whole sentences that name the
 * row and line where there is one; they never carry a cell's content. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SP_FORMAT_ERROR (sp_format_error_quark ())
GQuark sp_format_error_quark (void);

typedef enum {
  SP_FORMAT_ERROR_ENCODING, /* not UTF-8 (or UTF-16 with a mark); Windows-1252 may be tried with consent */
  SP_FORMAT_ERROR_MALFORMED, /* a quote never closes, a NUL, text after a closing quote; a row is named */
  SP_FORMAT_ERROR_EMPTY,     /* no header line */
  SP_FORMAT_ERROR_UNKNOWN,   /* no format of that name, or the file's columns tell of none */
  SP_FORMAT_ERROR_MAPPING,   /* a COLUMN=FIELD that does not fit the file or names no field */
  SP_FORMAT_ERROR_TOO_LARGE, /* beyond SP_CSV_MAX_SIZE or the memory at hand */
  SP_FORMAT_ERROR_ROW,       /* a row cannot be stored; the message names it and the cause */
} SpFormatError;

G_END_DECLS
