/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Folding for search, on both sides alike: compatibility forms unified (NFKD), accents of scripts that are
 * searched without them removed, case folded, letters that do not decompose written as people type them. */

#define G_LOG_DOMAIN "sp-fold"

#include "config.h"

#include <string.h>

#include "base/sp-wipe.h"
#include "vault/sp-search.h"

static const struct {
  gunichar letter;
  const char *plain;
} plain_letters[] = {
  { 0x00E6, "ae" }, { 0x00F0, "d" }, { 0x00F8, "o" }, { 0x00FE, "th" }, { 0x0111, "d" },
  { 0x0127, "h" },  { 0x0131, "i" }, { 0x0142, "l" }, { 0x0153, "oe" }, { 0x0167, "t" },
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

/* Accents of Latin, Greek and Cyrillic letters; the marks of other scripts are letters to their readers. */
static gboolean
is_removable_mark (gunichar c)
{
  return (c >= 0x0300 && c <= 0x036F) || (c >= 0x1DC0 && c <= 0x1DFF) ||
         (c >= 0x20D0 && c <= 0x20FF);
}

static void
append_folded (GString *out, gunichar c)
{
  if (is_removable_mark (c))
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

/**
 * sp_search_fold:
 * @text: UTF-8
 *
 * Returns: (transfer full): the text as searches compare it
 */
char *
sp_search_fold (const char *text)
{
  char *cased, *decomposed;
  GString *out;

  if (is_ascii (text))
    return fold_ascii (text);

  cased = g_utf8_casefold (text, -1);
  decomposed = g_utf8_normalize (cased, -1, G_NORMALIZE_ALL);
  /* Room for all of it, so that no part is left behind in a block that was outgrown. */
  out = g_string_sized_new (2 * strlen (decomposed) + 8);
  for (char *c = decomposed; *c != '\0'; c = g_utf8_next_char (c))
    append_folded (out, g_unichar_tolower (g_utf8_get_char (c)));
  wipe_and_free (decomposed);
  wipe_and_free (cased);
  return g_string_free (out, FALSE);
}
