/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Finding a short text in a long one, by comparing its first and last byte at 16 places at once. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* NULL when it is not there. Reads only haystack[0..len). `needle_len` > 0. */
const char *sp_scan (const char *haystack, gsize len, const char *needle, gsize needle_len);

G_END_DECLS
