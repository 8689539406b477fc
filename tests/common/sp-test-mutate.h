/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Inputs with one thing wrong, for readers that must be total. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* `data` ends where an inaccessible page begins, so that one byte read too many ends the program. */
typedef void (*SpTestBytesFunc) (const guint8 *data, gsize len, gpointer user_data);

/* Calls `func` with: the bytes; every beginning of them; the bytes and one more; every single byte changed to
 * each of a set of values that starts with its neighbours and its bits flipped. */
void
sp_test_each_mutation (const guint8 *data, gsize len, SpTestBytesFunc func, gpointer user_data);

/* Calls `func` once, with the bytes in front of an inaccessible page. */
void sp_test_with_fence (const guint8 *data, gsize len, SpTestBytesFunc func, gpointer user_data);

G_END_DECLS
