/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Canonical composition (Unicode Standard Annex 15, NFC) over secret memory.
 *
 * g_utf8_normalize() does the same, but leaves what it works with on the heap. The tables are
 * GLib's: full decomposition, combining classes and pairwise composition. The text is decomposed
 * into one array of characters, runs of combining marks are put in canonical order, and then
 * composed in place.
 *
 * Invariant of compose(): [0, filled) is composed; starter is the last character of class 0 in it,
 * with which a mark may combine unless one of the same or a higher class stands between (is
 * "blocked"). */

#define G_LOG_DOMAIN "sp-normalize"

#include "config.h"

#include "password/sp-normalize.h"

#include <string.h>

#include "base/sp-wipe.h"
#include "password/sp-password-error.h"

#define NO_STARTER G_MAXSIZE

static void
sort_marks (gunichar *characters, gsize len)
{
  /* Insertion, for it is stable and the runs are short; combining class 0 is a fence. */
  for (gsize i = 1; i < len; i++) {
    gunichar character = characters[i];
    int class = g_unichar_combining_class (character);
    gsize j = i;

    if (class == 0)
      continue;
    while (j > 0 && g_unichar_combining_class (characters[j - 1]) > class) {
      characters[j] = characters[j - 1];
      j--;
    }
    characters[j] = character;
  }
}

static gsize
compose (gunichar *characters, gsize len)
{
  gsize filled = 0;
  gsize starter = NO_STARTER;

  for (gsize i = 0; i < len; i++) {
    int class = g_unichar_combining_class (characters[i]);
    gboolean blocked = starter == NO_STARTER;
    gunichar composed;

    if (!blocked && filled > starter + 1) {
      int before = g_unichar_combining_class (characters[filled - 1]);
      blocked = before == 0 || before >= class;
    }
    if (!blocked && g_unichar_compose (characters[starter], characters[i], &composed)) {
      characters[starter] = composed;
      continue;
    }
    if (class == 0)
      starter = filled;
    characters[filled++] = characters[i];
  }
  return filled;
}

static void
decompose (const char *text, SpSecretBuffer *buffer)
{
  gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];

  for (const char *p = text; *p != '\0'; p += g_utf8_skip[(guint8) *p]) {
    gsize n = g_unichar_fully_decompose (g_utf8_get_char (p), FALSE, parts, G_N_ELEMENTS (parts));

    sp_secret_buffer_append (buffer, (const guint8 *) parts, n * sizeof (gunichar));
  }
  SP_WIPE_ARRAY (parts);
}

/**
 * sp_normalize_nfc:
 * @text: UTF-8
 * @error: return location for a [error@PasswordError]
 *
 * Brings text into Unicode normalisation form C, so that a password is the same bytes whichever
 * keyboard typed it. Nothing else changes: no case, no white space.
 *
 * Returns: (transfer full) (nullable): the text, or `NULL` with `SP_PASSWORD_ERROR_TEXT`
 */
SpSecret *
sp_normalize_nfc (const SpSecret *text, GError **error)
{
  g_autoptr (SpSecretBuffer) buffer = NULL;
  g_autoptr (SpSecretBuffer) composed = NULL;
  g_autoptr (SpSecret) work = NULL;
  gunichar *characters;
  guint8 *data;
  const char *bytes;
  gsize len, n_characters;

  g_return_val_if_fail (text != NULL, NULL);

  bytes = (const char *) sp_secret_peek (text, &len);
  if (len > 0 && !g_utf8_validate_len (bytes, len, NULL)) {
    g_set_error_literal (error, SP_PASSWORD_ERROR, SP_PASSWORD_ERROR_TEXT,
                         "The text is not valid UTF-8, or has a NUL inside.");
    return NULL;
  }

  buffer = sp_secret_buffer_new ();
  if (len > 0)
    decompose (sp_secret_peek_text (text), buffer);

  /* Secret memory of its own, aligned for characters, to sort and compose in place. */
  len = sp_secret_buffer_get_length (buffer);
  work = sp_secret_new_uninitialized (len + sizeof (gunichar), &data);
  characters = (gunichar *) (gpointer) data;
  if (len > 0)
    memcpy (characters, sp_secret_buffer_peek (buffer), len);
  n_characters = len / sizeof (gunichar);
  sort_marks (characters, n_characters);
  n_characters = compose (characters, n_characters);

  composed = sp_secret_buffer_new ();
  for (gsize i = 0; i < n_characters; i++)
    sp_secret_buffer_append_unichar (composed, characters[i]);
  return sp_secret_buffer_finish (composed);
}
