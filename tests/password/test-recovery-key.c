/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Recovery keys: vectors that an independent script made (make-recovery-vectors.py), every wrong symbol and
 * pair of them, swaps, what a person may type for what is written, and text that is none. */

#include "config.h"

#include "password/sp-recovery-key.h"

#include <string.h>

#include "common/sp-test.h"
#include "crypto/sp-crypto.h"
#include "password/sp-password-error.h"

#define HALF_LEN 20

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* Without separators. */
typedef char Symbols[SP_RECOVERY_KEY_SYMBOLS + 1];

static char **
load_vectors (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "password", "vectors",
                                                 "recovery-keys.txt", NULL);
  g_autofree char *text = NULL;
  char **lines;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (g_strstrip (text), "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), >=, 21);
  return lines;
}

static void
get_symbols (guint vector, Symbols out)
{
  g_auto (GStrv) lines = load_vectors ();
  const char *text = strchr (lines[vector + 1], ' ') + 1;
  guint n = 0;

  for (; *text != '\0'; text++)
    if (*text != '-')
      out[n++] = *text;
  out[n] = '\0';
  g_assert_cmpuint (n, ==, SP_RECOVERY_KEY_SYMBOLS);
}

static void
check_text (const char *text, SpRecoveryCheck *out)
{
  g_autoptr (SpSecret) secret = sp_secret_new_text (text);

  sp_recovery_key_check (secret, out);
}

static void
assert_refused (const char *text, const char *sentence)
{
  g_autoptr (SpSecret) secret = sp_secret_new_text (text);
  g_autoptr (GError) error = NULL;

  g_assert_null (sp_recovery_key_parse (secret, &error));
  g_assert_error (error, SP_PASSWORD_ERROR, SP_PASSWORD_ERROR_RECOVERY_KEY);
  if (strstr (error->message, sentence) == NULL)
    g_error ("\"%s\" was expected to say \"%s\"", error->message, sentence);
}

static void
test_vectors (void)
{
  g_auto (GStrv) lines = load_vectors ();

  for (guint i = 1; lines[i] != NULL; i++) {
    g_auto (GStrv) words = g_strsplit (lines[i], " ", 2);
    g_autoptr (SpSecret) key = sp_test_hex_secret (words[0]);
    g_autoptr (SpSecret) text = sp_recovery_key_format (key);
    g_autoptr (GError) error = NULL;
    g_autoptr (SpSecret) parsed = sp_recovery_key_parse (text, &error);

    g_assert_no_error (error);
    g_assert_cmpstr (sp_secret_peek_text (text), ==, words[1]);
    g_assert_true (sp_secret_equal (parsed, key));
  }
}

static void
test_new (void)
{
  g_autoptr (SpSecret) first = sp_recovery_key_new (NULL);
  g_autoptr (SpSecret) second = sp_recovery_key_new (NULL);
  g_autoptr (SpSecret) text = sp_recovery_key_format (first);
  g_autoptr (SpSecret) parsed = sp_recovery_key_parse (text, NULL);

  g_assert_cmpuint (sp_secret_get_length (first), ==, SP_RECOVERY_KEY_LEN);
  g_assert_cmpuint (sp_secret_get_length (text), ==, SP_RECOVERY_KEY_TEXT_LEN);
  g_assert_false (sp_secret_equal (first, second));
  g_assert_true (sp_secret_equal (first, parsed));
}

/* Which bytes of ASCII are passed over. */
static void
test_separators (void)
{
  static const char key[] = "000G40R40M30E20976AN185GR38E1W8124GKSWCX";

  for (guint c = 1; c < 0x80; c++) {
    g_autofree char *typed = g_strdup_printf ("%.7s%c%s", key, (char) c, key + 7);
    g_autoptr (SpSecret) text = sp_secret_new_text (typed);
    g_autoptr (SpSecret) parsed = sp_recovery_key_parse (text, NULL);

    g_assert_cmpint (parsed != NULL, ==, c == '-' || c == ' ' || (c >= '\t' && c <= '\r'));
  }
}

/* What stands behind more than is looked at is not ignored. */
static void
test_far_behind (void)
{
  static const char key[] = "000G40R40M30E20976AN185GR38E1W8124GKSWCX";
  g_autoptr (GString) typed = g_string_new (key);
  SpRecoveryCheck check;

  while (typed->len < 4096)
    g_string_append_c (typed, ' ');
  {
    g_autoptr (SpSecret) text = sp_secret_new_text (typed->str);
    g_autoptr (SpSecret) parsed = sp_recovery_key_parse (text, NULL);

    g_assert_nonnull (parsed);
  }
  g_string_append_c (typed, 'X');
  assert_refused (typed->str, "too long");
  {
    g_autoptr (SpSecret) text = sp_secret_new_text (typed->str);

    sp_recovery_key_check (text, &check);
    g_assert_cmpuint (check.n_symbols, ==, SP_RECOVERY_KEY_SYMBOLS + 1);
  }
}

/* What a person may write for the same key. */
static void
test_forgiving (void)
{
  static const char *const texts[] = {
    "000G4-0R40M-30E20-976AN-185GR-38E1W-8124G-KSWCX",
    "000g4-0r40m-30e20-976an-185gr-38e1w-8124g-kswcx",
    "ooOg4or4om3oe2o976anl85gr38eIw8L24gkswcx",
    " 000G4 0R40M\t30E20\r\n976AN\n185GR  38E1W--8124G-KSWCX \n",
    "000G4\xe2\x80\x93"
    "0R40M\xe2\x80\x90"
    "30E20\xe2\x88\x92"
    "976AN\xc2\xa0"
    "185GR\xe2\x80\x94"
    "38E1W8124G KSWCX",
  };
  g_autoptr (SpSecret) key = sp_test_hex_secret ("000102030405060708090a0b0c0d0e0f10111213");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (SpSecret) text = sp_secret_new_text (texts[i]);
    g_autoptr (GError) error = NULL;
    g_autoptr (SpSecret) parsed = sp_recovery_key_parse (text, &error);

    g_assert_no_error (error);
    g_assert_true (sp_secret_equal (parsed, key));
  }
}

static void
test_growing (void)
{
  Symbols symbols;
  char typed[SP_RECOVERY_KEY_SYMBOLS + 2] = "";
  SpRecoveryCheck check;

  get_symbols (7, symbols);
  for (guint i = 0; i < SP_RECOVERY_KEY_SYMBOLS; i++) {
    check_text (typed, &check);
    g_assert_cmpuint (check.n_symbols, ==, i);
    g_assert_cmpint (check.halves[0], ==,
                     i < HALF_LEN ? SP_RECOVERY_HALF_INCOMPLETE : SP_RECOVERY_HALF_RIGHT);
    g_assert_cmpint (check.halves[1], ==, SP_RECOVERY_HALF_INCOMPLETE);
    g_assert_cmpuint (check.suspects | check.foreign, ==, 0);
    assert_refused (typed, "not complete");
    typed[i] = symbols[i];
  }
  check_text (typed, &check);
  g_assert_cmpint (check.halves[1], ==, SP_RECOVERY_HALF_RIGHT);
  typed[SP_RECOVERY_KEY_SYMBOLS] = '0';
  check_text (typed, &check);
  g_assert_cmpuint (check.n_symbols, ==, SP_RECOVERY_KEY_SYMBOLS + 1);
  assert_refused (typed, "too long");
}

/* A wrong first half is known before the second one is typed. */
static void
test_early (void)
{
  SpRecoveryCheck check;

  check_text ("000G4-0R40M-30E21-976AN-185", &check);
  g_assert_cmpint (check.halves[0], ==, SP_RECOVERY_HALF_WRONG);
  g_assert_cmpint (check.halves[1], ==, SP_RECOVERY_HALF_INCOMPLETE);
  g_assert_cmpuint (check.suspects, ==, 1u << 2);
  assert_refused ("000G4-0R40M-30E21-976AN-185GR-38E1W-8124G-KSWCX", "Group 3 ");
  assert_refused ("000G4-0R40M-30E21-976AN-185GR-38E1W-8124G-KSWCY", "Groups 3 and 8 ");
  assert_refused ("000H4-0R40M-30E21-976AN-185GR-38F1W-8124G-KSWCY", "Groups 1, 3, 6 and 8 ");
  assert_refused ("11111-0R40M-30E20-976AN-185GR-38E1W-8124G-KSWCX", "groups 1 to 4");
  assert_refused ("000G4-0R40M-30E20-976AN-2222R-38E1W-8124G-KSWCX", "groups 5 to 8");
  assert_refused ("11111-0R40M-30E20-976AN-2222R-38E1W-8124G-KSWCX", "Several characters of the");
}

static void
test_foreign (void)
{
  SpRecoveryCheck check;

  check_text ("000g4-0u", &check);
  g_assert_cmpuint (check.foreign, ==, 1u << 1);
  g_assert_cmpint (check.halves[0], ==, SP_RECOVERY_HALF_INCOMPLETE);
  assert_refused ("000G4-0R40M-30E20-976AN-185GR-38E1W-8124G-KSWU9", "Group 8 ");
  assert_refused ("000G4-0R40M-30E20-976AN-185GR-38E1W-8124G-KSW\xc3\xa9"
                  "9",
                  "Group 8 ");
  assert_refused ("000G4-0*40M-30E20-976AN-185GR-38E1W-8124G-KS\xff"
                  "E9",
                  "Groups 2 and 8 ");
  assert_refused ("", "not complete");
}

static void
replace (Symbols symbols, guint position, guint shift)
{
  const char *found = strchr (alphabet, symbols[position]);

  symbols[position] = alphabet[((gsize) (found - alphabet) + shift) % 32];
}

/* None of the 183,210 patterns of one or two wrong symbols in a half is accepted, and each is found. */
static void
test_one_and_two (gconstpointer data)
{
  guint half = GPOINTER_TO_UINT (data);
  guint n_patterns = 0;
  Symbols right;

  get_symbols (5 + half, right);
  for (guint a = 0; a < HALF_LEN; a++) {
    for (guint b = a; b < HALF_LEN; b++) {
      for (guint shifts = 0; shifts < (a == b ? 31 : 31 * 31); shifts++) {
        guint first = half * HALF_LEN + a, second = half * HALF_LEN + b;
        SpRecoveryCheck check;
        Symbols wrong;

        memcpy (wrong, right, sizeof wrong);
        replace (wrong, first, shifts % 31 + 1);
        if (a != b)
          replace (wrong, second, shifts / 31 + 1);
        check_text (wrong, &check);
        g_assert_cmpint (check.halves[half], ==, SP_RECOVERY_HALF_WRONG);
        g_assert_cmpint (check.halves[!half], ==, SP_RECOVERY_HALF_RIGHT);
        g_assert_cmpuint (check.suspects, ==, 1u << (first / 5) | 1u << (second / 5));
        n_patterns++;
      }
    }
  }
  g_assert_cmpuint (n_patterns, ==, 183210);
}

/* Any two symbols exchanged, within a half and across. Groups too, which no code of this size can promise: one
 * in a million such keys is a key again, and so are the vectors 3 and 4, which are almost empty. */
static void
test_swaps (void)
{
  for (guint vector = 2; vector < 25; vector++) {
    Symbols right;

    get_symbols (vector, right);
    for (guint a = 0; a < SP_RECOVERY_KEY_SYMBOLS; a++) {
      for (guint b = a + 1; b < SP_RECOVERY_KEY_SYMBOLS; b++) {
        SpRecoveryCheck check;
        Symbols wrong;

        memcpy (wrong, right, sizeof wrong);
        wrong[a] = right[b];
        wrong[b] = right[a];
        check_text (wrong, &check);
        g_assert_cmpuint (check.suspects, ==,
                          right[a] == right[b] ? 0 : 1u << (a / 5) | 1u << (b / 5));
        g_assert_true ((right[a] == right[b]) == (check.halves[0] == SP_RECOVERY_HALF_RIGHT &&
                                                  check.halves[1] == SP_RECOVERY_HALF_RIGHT));
      }
    }
    for (guint a = 0; vector > 4 && a < SP_RECOVERY_KEY_GROUPS; a++) {
      for (guint b = a + 1; b < SP_RECOVERY_KEY_GROUPS; b++) {
        Symbols wrong;

        memcpy (wrong, right, sizeof wrong);
        memcpy (wrong + a * 5, right + b * 5, 5);
        memcpy (wrong + b * 5, right + a * 5, 5);
        if (memcmp (wrong, right, sizeof wrong) != 0)
          assert_refused (wrong, " wrong.");
      }
    }
  }
}

/* A million patterns of three and more: three and four are always noticed; of more, few pass as another
 * key, as many as chance would have it, and none as the right one. */
static void
test_many (void)
{
  guint64 state = 7;
  guint n_passed = 0;
  Symbols right;
  g_autoptr (SpSecret) key = NULL;

  get_symbols (9, right);
  {
    g_autoptr (SpSecret) text = sp_secret_new_text (right);
    key = sp_recovery_key_parse (text, NULL);
  }
  for (guint i = 0; i < 1000000; i++) {
    guint n_wanted = 3 + (guint) (sp_test_random (&state) % (HALF_LEN - 2));
    guint n_wrong = 0;
    SpRecoveryCheck check;
    Symbols wrong;

    memcpy (wrong, right, sizeof wrong);
    while (n_wrong < n_wanted) {
      guint position = (guint) (sp_test_random (&state) % HALF_LEN);

      if (wrong[position] != right[position])
        continue;
      replace (wrong, position, 1 + (guint) (sp_test_random (&state) % 31));
      n_wrong++;
    }
    check_text (wrong, &check);
    if (check.halves[0] == SP_RECOVERY_HALF_RIGHT) {
      g_autoptr (SpSecret) text = sp_secret_new_text (wrong);
      g_autoptr (SpSecret) other = sp_recovery_key_parse (text, NULL);

      g_assert_cmpuint (n_wrong, >, 4);
      g_assert_false (sp_secret_equal (other, key));
      n_passed++;
    }
  }
  /* 2^-20 of them, if they were random. */
  g_assert_cmpuint (n_passed, <, 20);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (sp_crypto_init (NULL));
  g_test_add_func ("/recovery-key/vectors", test_vectors);
  g_test_add_func ("/recovery-key/new", test_new);
  g_test_add_func ("/recovery-key/separators", test_separators);
  g_test_add_func ("/recovery-key/far-behind", test_far_behind);
  g_test_add_func ("/recovery-key/forgiving", test_forgiving);
  g_test_add_func ("/recovery-key/growing", test_growing);
  g_test_add_func ("/recovery-key/early", test_early);
  g_test_add_func ("/recovery-key/foreign", test_foreign);
  g_test_add_data_func ("/recovery-key/one-and-two/first", GUINT_TO_POINTER (0), test_one_and_two);
  g_test_add_data_func ("/recovery-key/one-and-two/second", GUINT_TO_POINTER (1), test_one_and_two);
  g_test_add_func ("/recovery-key/swaps", test_swaps);
  g_test_add_func ("/recovery-key/many", test_many);
  return sp_test_run ();
}
