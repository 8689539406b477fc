/* SPDX-License-Identifier: GPL-3.0-or-later */

/* zxcvbn reads single bytes and knows words in plain Latin letters. Given UTF-8, it takes each byte
 * of "пароль" for one of a hundred characters and calls the Russian word for password unbreakable.
 * So:
 *
 *   - letters with marks lose them (compatibility decomposition), and "pässwört" is found in the
 *     dictionary;
 *   - a letter of another script becomes some Latin letter, of the same case and always the same one;
 *     neighbours stay neighbours, so that sequences and repeats are still seen;
 *   - a wide character (Han, Hangul, Kana, emoji) becomes two letters;
 *   - any other becomes a punctuation mark; so do NUL and bytes that are not UTF-8.
 *
 * All of it errs towards fewer guesses. */

#define G_LOG_DOMAIN "sp-strength"

#include "config.h"

#include "password/sp-strength-fold-private.h"

#include "base/sp-wipe.h"

#define MAX_FOLDED 40 /* bytes that one character can become: 18 decomposed, each two */

G_STATIC_ASSERT (MAX_FOLDED >= 2 * G_UNICHAR_MAX_DECOMPOSITION_LENGTH);

static guint8
fold_to_letter (gunichar character)
{
  if (g_unichar_isupper (character))
    return (guint8) ('A' + g_unichar_tolower (character) % 26);
  return (guint8) ('a' + character % 26);
}

static gsize
fold_part (gunichar part, guint8 *out_bytes)
{
  if (part < 0x80) {
    out_bytes[0] = (guint8) part;
    return 1;
  }
  if (g_unichar_ismark (part))
    return 0;
  if (g_unichar_iswide (part)) {
    out_bytes[0] = fold_to_letter (part / 26);
    out_bytes[1] = fold_to_letter (part);
    return 2;
  }
  out_bytes[0] = g_unichar_isalnum (part) ? fold_to_letter (part) : '!';
  return 1;
}

static gsize
fold_character (gunichar character, guint8 out_bytes[static MAX_FOLDED])
{
  gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
  gsize n_parts, len = 0;

  /* Hangul syllables would fall apart into letters; whole, they are wide. */
  if (character < 0x80 || g_unichar_iswide (character))
    return fold_part (character, out_bytes);

  n_parts = g_unichar_fully_decompose (character, TRUE, parts, G_N_ELEMENTS (parts));
  for (gsize i = 0; i < n_parts; i++)
    len += fold_part (parts[i], out_bytes + len);
  SP_WIPE_ARRAY (parts);
  return len;
}

/**
 * sp_strength_fold:
 * @buffer: where to append
 * @text: any bytes
 * @len: number of bytes in @text
 * @max: number of bytes to append at most
 *
 * Turns text into ASCII without NUL, of about the same strength or less.
 *
 * Returns: how many characters of @text did not fit
 */
gsize
sp_strength_fold (SpSecretBuffer *buffer, const char *text, gsize len, gsize max)
{
  guint8 bytes[MAX_FOLDED];
  gsize used = 0;
  gsize left_out = 0;

  for (gsize i = 0; i < len;) {
    gunichar character = text[i] == '\0' ? (gunichar) -1
                                         : g_utf8_get_char_validated (text + i, (gssize) (len - i));
    gboolean valid = character < 0x110000;
    gsize n = 1;

    if (valid)
      n = fold_character (character, bytes);
    else
      bytes[0] = '!';

    if (left_out == 0 && used + n <= max) {
      sp_secret_buffer_append (buffer, bytes, n);
      used += n;
    } else {
      left_out++;
    }
    i += valid ? (gsize) g_utf8_skip[(guint8) text[i]] : 1;
  }
  SP_WIPE_ARRAY (bytes);
  return left_out;
}
