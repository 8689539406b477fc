/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Folding for search, on both sides alike, so that what it makes equal finds each other:
 *
 *  - Compatibility forms are unified and case is folded: the Unicode Standard's compatibility caseless matching (D146).
 *  - Accents of Latin, Greek and Cyrillic letters go, and so do the points of Hebrew and Arabic, which are written
 *    now and then only. The marks of all other scripts stay: in those of India, in Thai, and as the voicing marks
 *    of kana they make another letter. Hangul stays taken apart, so that a syllable is found while it is typed.
 *  - Letters that do not decompose, typographic quotes and dashes are written as people type them.
 *  - What cannot be seen (soft hyphens, joiners, variation selectors) goes; control characters become spaces,
 *    since the folded text of an overview is divided by some of them (VAULT-FORMAT.md §6.3). */

#define G_LOG_DOMAIN "sp-fold"

#include "config.h"

#include <string.h>

#include "base/sp-wipe.h"
#include "vault/sp-search.h"

static const struct {
  gunichar letter;
  const char *plain;
} plain_letters[] = {
  { 0x00e6, "ae" }, { 0x00f0, "d" }, { 0x00f8, "o" }, { 0x00fe, "th" }, { 0x0111, "d" },
  { 0x0127, "h" },  { 0x0131, "i" }, { 0x0142, "l" }, { 0x0153, "oe" }, { 0x0167, "t" },
  { 0x02bc, "'" },  { 0x2010, "-" }, { 0x2013, "-" }, { 0x2014, "-" },  { 0x2018, "'" },
  { 0x2019, "'" },  { 0x2212, "-" },
};

static gboolean
is_ascii (const char *text)
{
  for (; *text != '\0'; text++)
    if ((guchar) *text >= 0x80)
      return FALSE;
  return TRUE;
}

static char *
fold_ascii (const char *text)
{
  char *folded = g_ascii_strdown (text, -1);

  for (char *c = folded; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';
  return folded;
}

/* Marks that go, by ascending ranges. */
static const struct {
  gunichar first;
  gunichar last;
} left_out[] = {
  { 0x0300, 0x036f },   /* accents */
  { 0x0483, 0x0487 },   /* Cyrillic titlo and the like */
  { 0x0591, 0x05bd },   /* Hebrew points */
  { 0x05bf, 0x05bf },   /* Hebrew points */
  { 0x05c1, 0x05c2 },   /* Hebrew points */
  { 0x05c4, 0x05c5 },   /* Hebrew points */
  { 0x05c7, 0x05c7 },   /* Hebrew points */
  { 0x0610, 0x061a },   /* Arabic points */
  { 0x0640, 0x0640 },   /* the line that stretches a word */
  { 0x064b, 0x065f },   /* the line that stretches a word */
  { 0x0670, 0x0670 },   /* the line that stretches a word */
  { 0x06d6, 0x06dc },   /* the line that stretches a word */
  { 0x06df, 0x06e4 },   /* the line that stretches a word */
  { 0x06e7, 0x06e8 },   /* the line that stretches a word */
  { 0x06ea, 0x06ed },   /* the line that stretches a word */
  { 0x1ab0, 0x1aff },   /* accents */
  { 0x1dc0, 0x1dff },   /* accents */
  { 0x20d0, 0x20ff },   /* those around symbols */
  { 0xfe00, 0xfe0f },   /* variation selectors */
  { 0xfe20, 0xfe2f },   /* halves of accents */
  { 0xe0100, 0xe01ef }, /* variation selectors */
};

static gboolean
is_left_out (gunichar c)
{
  for (guint i = 0; i < G_N_ELEMENTS (left_out) && c >= left_out[i].first; i++)
    if (c <= left_out[i].last)
      return TRUE;
  return g_unichar_type (c) == G_UNICODE_FORMAT;
}

static void
append_folded (GString *out, gunichar c)
{
  if (is_left_out (c))
    return;
  if (g_unichar_iscntrl (c)) {
    g_string_append_c (out, ' ');
    return;
  }
  for (guint i = 0; i < G_N_ELEMENTS (plain_letters); i++) {
    if (plain_letters[i].letter == c) {
      g_string_append (out, plain_letters[i].plain);
      return;
    }
  }
  g_string_append_unichar (out, c);
}

static void
wipe_and_free (char *text)
{
  sp_wipe (text, strlen (text));
  g_free (text);
}

static char *
decompose (const char *text)
{
  char *cased = g_utf8_casefold (text, -1);
  char *decomposed = g_utf8_normalize (cased, -1, G_NORMALIZE_ALL);

  wipe_and_free (cased);
  return decomposed;
}

/**
 * sp_search_fold:
 * @text: any text; what is not UTF-8 in it is replaced
 *
 * Returns: (transfer full): the text as searches compare it
 */
char *
sp_search_fold (const char *text)
{
  char *before, *after;
  GString *out;

  g_return_val_if_fail (text != NULL, NULL);

  if (is_ascii (text))
    return fold_ascii (text);

  /* Twice, since compatibility forms can bring capital letters to light. */
  before = g_utf8_make_valid (text, -1);
  after = decompose (before);
  wipe_and_free (before);
  before = decompose (after);
  wipe_and_free (after);

  /* Room for all of it, so that no part is left behind in a block that was outgrown. */
  out = g_string_sized_new (2 * strlen (before) + 8);
  for (char *c = before; *c != '\0'; c = g_utf8_next_char (c))
    append_folded (out, g_utf8_get_char (c));
  wipe_and_free (before);
  return g_string_free (out, FALSE);
}
