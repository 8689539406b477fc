/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The word list of generated passphrases: 7776 English words, none the beginning of another. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SP_WORDLIST_LEN      7776
#define SP_WORDLIST_WORD_MAX 9 /* letters of the longest word */

const char *sp_wordlist_get (guint index);

G_END_DECLS
