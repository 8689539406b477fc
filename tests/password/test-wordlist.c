/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The word list keeps what its module comment promises. */

#include "config.h"

#include "password/sp-wordlist.h"

#include <string.h>

#include "common/sp-test.h"

static void
test_letters (void)
{
  gsize longest = 0;

  for (guint i = 0; i < SP_WORDLIST_LEN; i++) {
    const char *word = sp_wordlist_get (i);
    gsize len = strlen (word);

    g_assert_cmpuint (len, >=, 3);
    g_assert_cmpuint (strspn (word, "abcdefghijklmnopqrstuvwxyz-"), ==, len);
    g_assert_true (g_ascii_islower (word[0]) && g_ascii_islower (word[len - 1]));
    longest = MAX (longest, len);
  }
  g_assert_cmpuint (longest, ==, SP_WORDLIST_WORD_MAX);
}

static void
test_sorted_and_distinct (void)
{
  for (guint i = 1; i < SP_WORDLIST_LEN; i++)
    g_assert_cmpint (strcmp (sp_wordlist_get (i - 1), sp_wordlist_get (i)), <, 0);
}

/* In a sorted list, a word that begins others stands right before one of them. */
static void
test_prefix_free (void)
{
  for (guint i = 1; i < SP_WORDLIST_LEN; i++)
    g_assert_false (g_str_has_prefix (sp_wordlist_get (i), sp_wordlist_get (i - 1)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/password/wordlist/letters", test_letters);
  g_test_add_func ("/password/wordlist/sorted-and-distinct", test_sorted_and_distinct);
  g_test_add_func ("/password/wordlist/prefix-free", test_prefix_free);
  return sp_test_run ();
}
