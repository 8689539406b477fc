/* SPDX-License-Identifier: GPL-3.0-or-later */

/* NFC of secrets is what GLib's NFC is, for every character and for many strings. */

#include "config.h"

#include "password/sp-normalize.h"

#include "common/sp-test.h"
#include "password/sp-password-error.h"

static void
assert_same_as_glib (const char *text)
{
  g_autoptr (SpSecret) secret = sp_secret_new_text (text);
  g_autoptr (SpSecret) normalized = sp_normalize_nfc (secret, NULL);
  g_autofree char *expected = g_utf8_normalize (text, -1, G_NORMALIZE_NFC);

  g_assert_nonnull (normalized);
  g_assert_cmpstr (sp_secret_peek_text (normalized), ==, expected);
}

static void
test_known (void)
{
  static const struct {
    const char *text;
    const char *expected;
  } cases[] = {
    { "", "" },
    { "plain text, untouched ", "plain text, untouched " },
    { "a\xcc\x88", "\xc3\xa4" },                                /* a + diaeresis -> ä */
    { "\xc3\xa4", "\xc3\xa4" },                                 /* ä stays */
    { "\xe2\x84\xab", "\xc3\x85" },                             /* ANGSTROM SIGN -> Å */
    { "q\xcc\x87\xcc\xa3", "q\xcc\xa3\xcc\x87" },               /* marks in canonical order */
    { "\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", "\xed\x95\x9c" }, /* Hangul letters -> syllable */
    { "\xe0\xa5\x98", "\xe0\xa4\x95\xe0\xa4\xbc" }, /* a composition exclusion falls apart */
    { "\xef\xac\x81", "\xef\xac\x81" },             /* the ligature fi is canonical */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (SpSecret) secret = sp_secret_new_text (cases[i].text);
    g_autoptr (SpSecret) normalized = sp_normalize_nfc (secret, NULL);

    g_assert_cmpstr (sp_secret_peek_text (normalized), ==, cases[i].expected);
  }
}

static gboolean
is_character (gunichar character)
{
  return character > 0 && character < 0x110000 && (character < 0xd800 || character > 0xdfff);
}

/* Each character alone, and after a letter with a mark, where reordering and blocking begin. */
static void
test_every_character (void)
{
  for (gunichar character = 1; character < 0x30000; character++) {
    char text[32] = "a\xcc\x88";
    gsize len = 3;

    if (!is_character (character))
      continue;
    len += (gsize) g_unichar_to_utf8 (character, text + len);
    text[len] = '\0';
    assert_same_as_glib (text + 3);
    assert_same_as_glib (text);
  }
}

/* Strings of what interacts: bases, marks of several classes, Hangul letters, Indic vowels. */
static void
test_mixed (void)
{
  static const gunichar pool[] = { 'a',     'o',    0x00e4, 0x0300, 0x0301, 0x0308, 0x0323, 0x0327,
                                   0x0345,  0x0338, 0x1100, 0x1161, 0x11a8, 0xac00, 0x09c7, 0x09be,
                                   0x0b92,  0x0bd7, 0x1fbf, 0x212b, 0x0f71, 0x0f72, 0x3099, 0x304b,
                                   0x1d15e, 0x0041, 0x030a, 0x05d0, 0x05b8, 0x0653 };
  guint64 state = 1;

  for (guint i = 0; i < 50000; i++) {
    char text[12 * 6 + 1];
    gsize len = 0;
    guint n = (guint) (1 + sp_test_random (&state) % 11);

    for (guint j = 0; j < n; j++)
      len += (gsize) g_unichar_to_utf8 (pool[sp_test_random (&state) % G_N_ELEMENTS (pool)],
                                        text + len);
    text[len] = '\0';
    assert_same_as_glib (text);
  }
}

static void
test_not_text (void)
{
  static const struct {
    const char *bytes;
    gsize len;
  } cases[] = { { "\xff", 1 }, { "abc\xc3", 4 }, { "a\0b", 3 }, { "\xed\xa0\x80", 3 } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (SpSecret) secret = sp_secret_new ((const guint8 *) cases[i].bytes, cases[i].len);
    g_autoptr (GError) error = NULL;

    g_assert_null (sp_normalize_nfc (secret, &error));
    g_assert_error (error, SP_PASSWORD_ERROR, SP_PASSWORD_ERROR_TEXT);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/password/normalize/known", test_known);
  g_test_add_func ("/password/normalize/every-character", test_every_character);
  g_test_add_func ("/password/normalize/mixed", test_mixed);
  g_test_add_func ("/password/normalize/not-text", test_not_text);
  return sp_test_run ();
}
