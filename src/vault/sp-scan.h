/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Finding a short text in many strings that lie one behind another, as the folded text of a page does. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SP_SCAN_MAX_STRINGS 64

/* Where in a string, best first. */
typedef enum {
  SP_PLACE_START,     /* it begins with it */
  SP_PLACE_WORD,      /* a word of it does: no letter or digit is before */
  SP_PLACE_ELSEWHERE, /* inside of words only */
  SP_PLACE_NONE,
} SpPlace;

/* The first place in one text; NULL when there is none. */
const char *sp_scan (const char *haystack, gsize len, const char *needle, gsize needle_len);

/* Bit i of the result tells whether string i has the needle, and out_places[i] (if not NULL) the best place. The strings
 * are UTF-8, as is the needle, and end in a NUL each, which `len` counts; the last one may lack it. Nothing but
 * strings[0..len) is read. */
guint64 sp_scan_strings (const char *strings,
                         gsize len,
                         const char *needle,
                         gsize needle_len,
                         guint8 *out_places);

/* The ways that there are to do so on this machine, for tests. */
typedef struct {
  const char *name;
  guint64 (*scan_strings) (const char *strings,
                           gsize len,
                           const char *needle,
                           gsize needle_len,
                           guint8 *out_places);
} SpScanVariant;

const SpScanVariant *sp_scan_list_variants (gsize *out_n);

G_END_DECLS
