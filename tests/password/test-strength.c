/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Strength: known weak and strong passwords, the user's own words, other scripts, any bytes, any
 * length, and that no copy of the password stays in memory. */

#include "config.h"

#include "password/sp-strength.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/sp-test.h"

static SpStrength
estimate_bytes (const char *bytes, gsize len, const char *const *user_words)
{
  g_autoptr (SpSecret) secret = sp_secret_new ((const guint8 *) bytes, len);
  SpStrength strength;

  sp_strength_estimate (secret, user_words, &strength);
  return strength;
}

static SpStrength
estimate (const char *text)
{
  return estimate_bytes (text, strlen (text), NULL);
}

static void
test_warnings (void)
{
  static const struct {
    const char *text;
    int max_score;
    SpStrengthWarning warning;
  } cases[] = {
    { "", 0, SP_STRENGTH_WARNING_EMPTY },
    { "password", 0, SP_STRENGTH_WARNING_COMMON },
    { "PASSWORD", 0, SP_STRENGTH_WARNING_COMMON },
    { "p4ssw0rd", 0, SP_STRENGTH_WARNING_COMMON },
    { "drowssap", 0, SP_STRENGTH_WARNING_COMMON },
    { "monkeymonkey", 0, SP_STRENGTH_WARNING_COMMON },
    { "Password1234!", 1, SP_STRENGTH_WARNING_DICTIONARY },
    { "Dragon2024!!", 1, SP_STRENGTH_WARNING_DICTIONARY },
    { "zsedcvgyhn", 2, SP_STRENGTH_WARNING_KEYBOARD },
    { "aaaaaaaaaaaaaaaaaaaaaa", 1, SP_STRENGTH_WARNING_REPEAT },
    { "Aa1!Aa1!Aa1!", 1, SP_STRENGTH_WARNING_REPEAT },
    { "Password1!Password1!", 1, SP_STRENGTH_WARNING_REPEAT },
    { "abcdefghijklmnop", 1, SP_STRENGTH_WARNING_SEQUENCE },
    { "2019-07-23", 1, SP_STRENGTH_WARNING_DATE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    SpStrength strength = estimate (cases[i].text);

    g_test_message ("case %" G_GSIZE_FORMAT, i);
    g_assert_cmpint (strength.score, <=, cases[i].max_score);
    g_assert_cmpint (strength.warning, ==, cases[i].warning);
    g_assert_cmpint (strength.common, ==, cases[i].warning == SP_STRENGTH_WARNING_COMMON);
    g_assert_nonnull (sp_strength_warning_get_text (strength.warning));
  }
}

static void
test_strong (void)
{
  static const char *const texts[] = { "kX9#vQ2$mL7!", "wobble gravel tidy onward",
                                       "Cw-QgMxe_e?)}&+266e<" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    SpStrength strength = estimate (texts[i]);

    g_assert_cmpint (strength.score, ==, 4);
    g_assert_cmpint (strength.warning, ==, SP_STRENGTH_WARNING_NONE);
    g_assert_null (sp_strength_warning_get_text (strength.warning));
    g_assert_cmpfloat (strength.bits, >, 60);
  }
}

/* The score is what zxcvbn makes of the guesses: 10^3, 10^6, 10^8, 10^10. */
static void
test_score_thresholds (void)
{
  guint seen = 0;
  guint64 state = 3;

  for (guint i = 0; i < 3000; i++) {
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    char text[16] = "";
    guint len = 1 + i % 12;
    SpStrength s;

    for (guint j = 0; j < len; j++)
      text[j] = alphabet[sp_test_random (&state) % (sizeof alphabet - 1)];
    s = estimate (text);
    g_assert_cmpfloat_with_epsilon (s.guesses_log10, s.bits * log10 (2), 1e-9);
    g_assert_cmpint (s.score, ==,
                     (s.guesses_log10 >= 3) + (s.guesses_log10 >= 6) + (s.guesses_log10 >= 8) +
                         (s.guesses_log10 >= 10));
    seen |= 1u << s.score;
  }
  g_assert_cmpuint (seen, ==, 0x1f);
}

static void
test_user_words (void)
{
  static const char *const words[] = {
    "Ada Lovelace", "ada@engine.example", "Zqxjkvbp", "", "x", NULL
  };
  static const char *const texts[] = { "adalovelace", "Zqxjkvbp", "ZQXJKVBP",
                                       "pbvkjxqz",    "zqxjkvbp", "Zqxjkvbp42" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    SpStrength with = estimate_bytes (texts[i], strlen (texts[i]), words);
    SpStrength without = estimate (texts[i]);

    g_assert_cmpfloat (with.bits + 5, <, without.bits);
    g_assert_cmpint (with.score, <=, 2);
    g_assert_true (with.warning == SP_STRENGTH_WARNING_COMMON ||
                   with.warning == SP_STRENGTH_WARNING_USER_WORD);
  }
}

/* Words of other scripts count in the dictionary of the user, too. */
static void
test_user_words_of_other_scripts (void)
{
  static const char *const words[] = { "\xd0\x94\xd0\xbc\xd0\xb8\xd1\x82\xd1\x80\xd0\xb8\xd0\xb9",
                                       NULL };
  SpStrength with = estimate_bytes (words[0], strlen (words[0]), words);

  g_assert_cmpint (with.score, ==, 0);
  g_assert_true (with.common);
  g_assert_cmpint (estimate (words[0]).score, >, 0);
}

static void
test_many_user_words (void)
{
  const char *words[1001];
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  SpStrength strength;

  for (guint i = 0; i < 1000; i++) {
    g_ptr_array_add (texts, g_strdup_printf ("%0100u word-%u", i, i));
    words[i] = texts->pdata[i];
  }
  words[1000] = NULL;
  strength = estimate_bytes ("kX9#vQ2$mL7!", 12, words);
  g_assert_cmpint (strength.score, ==, 4);
}

/* zxcvbn alone takes these for 70 bits and more. */
static void
test_other_scripts (void)
{
  SpStrength russian = estimate ("\xd0\xbf\xd0\xb0\xd1\x80\xd0\xbe\xd0\xbb\xd1\x8c");
  SpStrength accents = estimate ("p\xc3\xa4ssw\xc3\xb6rt");
  SpStrength plain = estimate ("passwort");
  SpStrength han = estimate ("\xe5\xaf\x86\xe7\xa0\x81");

  g_assert_cmpint (russian.score, <=, 2);
  g_assert_cmpfloat_with_epsilon (accents.bits, plain.bits, 1e-9);
  g_assert_cmpint (han.score, <=, 2);
  g_assert_cmpint (han.score, >=, 1);
}

static void
test_any_bytes (void)
{
  guint64 state = 5;

  for (guint i = 0; i < 3000; i++) {
    guint8 data[40];
    gsize len = sp_test_random (&state) % sizeof data;
    SpStrength strength;

    sp_test_random_fill (&state, data, len);
    strength = estimate_bytes ((const char *) data, len, NULL);
    g_assert_true (isfinite (strength.bits));
    g_assert_cmpfloat (strength.bits, >=, 0);
    g_assert_cmpfloat (strength.bits, <=, 8.0 * (double) len);
  }
}

/* What comes after a NUL counts. */
static void
test_nul (void)
{
  SpStrength strength = estimate_bytes ("\0kX9#vQ2$mL7!", 13, NULL);

  g_assert_cmpint (strength.score, ==, 4);
}

static void
test_long_but_weak (void)
{
  for (gsize len = 100; len <= 5000; len += 700) {
    g_autofree char *same = g_strnfill (len, 'x');
    g_autofree char *almost = g_strnfill (len, 'x');

    almost[len - 1] = 'y';
    g_assert_cmpint (estimate (same).score, <, 3);
    g_assert_cmpint (estimate (almost).score, <, 3);
  }
}

static void
test_long_and_strong (void)
{
  g_autofree char *padding = g_strnfill (150, 'x');
  g_autofree char *text = g_strconcat (padding, "kX9#vQ2$mL7!", NULL);
  guint64 state = 9;
  char random[5000];

  g_assert_cmpint (estimate (text).score, ==, 4);
  for (gsize i = 0; i < sizeof random; i++)
    random[i] = (char) ('!' + sp_test_random (&state) % 94);
  g_assert_cmpfloat (estimate_bytes (random, sizeof random, NULL).bits, >, 500);
}

static void
test_crack_time (void)
{
  SpStrength strength = estimate ("Wobble7gravel!");

  g_assert_cmpfloat_with_epsilon (strength.vault_time.log10_seconds, strength.guesses_log10 - 6,
                                  1e-9);
  g_assert_cmpfloat_with_epsilon (strength.fast_time.log10_seconds, strength.guesses_log10 - 12,
                                  1e-9);
  g_assert_cmpint (estimate ("password").vault_time.unit, ==, SP_CRACK_TIME_INSTANT);
  g_assert_cmpuint (estimate ("password").vault_time.count, ==, 0);
  strength = estimate ("Cw-QgMxe_e?)}&+266e<");
  g_assert_cmpint (strength.vault_time.unit, ==, SP_CRACK_TIME_CENTURIES);
  g_assert_cmpint (strength.fast_time.unit, ==, SP_CRACK_TIME_CENTURIES);
}

/* Unit and count are those of log10_seconds, all along the scale. */
static void
test_crack_time_units (void)
{
  static const double seconds[] = { 0, 1, 60, 3600, 86400, 31556952.0 / 12, 31556952 };
  guint64 state = 11;
  guint seen = 0;

  for (guint i = 0; i < 4000; i++) {
    char text[16] = "";
    SpCrackTime times[2];
    SpStrength s;

    for (guint j = 0; j < 1 + i % 15; j++)
      text[j] = (char) ('!' + sp_test_random (&state) % 94);
    s = estimate (text);
    times[0] = s.vault_time;
    times[1] = s.fast_time;
    for (guint j = 0; j < 2; j++) {
      double exact = pow (10, times[j].log10_seconds);

      seen |= 1u << times[j].unit;
      if (times[j].unit == SP_CRACK_TIME_CENTURIES) {
        g_assert_cmpfloat (exact, >, 99.9 * 31556952);
        continue;
      }
      g_assert_cmpuint (times[j].count == 0, ==, times[j].unit == SP_CRACK_TIME_INSTANT);
      g_assert_cmpfloat (exact, >=, seconds[times[j].unit] * times[j].count * 0.999999);
      if (times[j].unit == SP_CRACK_TIME_INSTANT)
        g_assert_cmpfloat (exact, <, 1);
      else
        g_assert_cmpfloat (exact, <, seconds[times[j].unit] * (times[j].count + 1) * 1.000001);
    }
  }
  g_assert_cmpuint (seen, ==, 0xff);
}

/* --- what stays in memory --- */

#define MASK       0x5a
#define NEEDLE_LEN 10

/* Reads memory that AddressSanitizer knows to be freed, as it must. */
#if defined(__SANITIZE_ADDRESS__)
#define READS_FREED_MEMORY __attribute__ ((no_sanitize_address))
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define READS_FREED_MEMORY __attribute__ ((no_sanitize ("address")))
#endif
#endif
#ifndef READS_FREED_MEMORY
#define READS_FREED_MEMORY
#endif

/* Whether the needle lies in [start, end), forwards or backwards; it is kept masked, so that it is
 * not found itself. Most memory is zero, and a letter is not, so eight zeros are passed over at
 * once. */
READS_FREED_MEMORY static gboolean
range_contains (const guint8 *start, const guint8 *end, const guint8 *masked)
{
  for (const guint8 *p = start; p + NEEDLE_LEN <= end; p++) {
    gsize forwards = 0;
    gsize backwards = 0;

    if (GPOINTER_TO_SIZE (p) % 8 == 0 && *(const guint64 *) (gconstpointer) p == 0) {
      p += 7;
      continue;
    }
    while (forwards < NEEDLE_LEN && (p[forwards] ^ MASK) == masked[forwards])
      forwards++;
    while (backwards < NEEDLE_LEN && (p[backwards] ^ MASK) == masked[NEEDLE_LEN - 1 - backwards])
      backwards++;
    if (forwards == NEEDLE_LEN || backwards == NEEDLE_LEN)
      return TRUE;
  }
  return FALSE;
}

static gboolean
memory_contains (const guint8 *masked)
{
  FILE *maps = fopen ("/proc/self/maps", "r");
  gboolean found = FALSE;
  char line[512];

  g_assert_nonnull (maps);
  while (!found && fgets (line, sizeof line, maps) != NULL) {
    gsize start, end;
    char permissions[5];

    g_assert_cmpint (sscanf (line, "%zx-%zx %4s", &start, &end, permissions), ==, 3);
    /* AddressSanitizer's shadow is terabytes, and holds no data. */
    if (strncmp (permissions, "rw", 2) != 0 || end - start > 256 * 1024 * 1024)
      continue;
    found = range_contains (GSIZE_TO_POINTER (start), GSIZE_TO_POINTER (end), masked);
  }
  fclose (maps);
  return found;
}

/* A password of letters in secret memory only; the first ten of them, masked. */
static SpSecret *
new_unseen_password (gsize len, guint8 masked[static NEEDLE_LEN])
{
  static guint64 state = 13;
  guint8 *data;
  SpSecret *secret = sp_secret_new_uninitialized (len, &data);

  for (gsize i = 0; i < len; i++)
    data[i] = (guint8) ('a' + sp_test_random (&state) % 26);
  for (gsize i = 0; i < NEEDLE_LEN; i++)
    masked[i] = data[i] ^ MASK;
  return secret;
}

static void
test_leaves_no_copy (void)
{
  static const char *const words[] = { "Ada Lovelace", NULL };
  static const gsize lengths[] = {
    10, 12, 16, 20, 23, 24, 25, 40, 64, 99, 100, 101, 250, 400, 2000
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++) {
    guint8 masked[NEEDLE_LEN];
    g_autoptr (SpSecret) secret = new_unseen_password (lengths[i], masked);
    SpStrength strength;

    /* The search finds what is there ... */
    g_assert_true (memory_contains (masked));
    sp_strength_estimate (secret, words, &strength);
    g_clear_pointer (&secret, sp_secret_unref);
    /* ... and nothing afterwards. */
    g_assert_false (memory_contains (masked));
  }
}

/* The search would find a copy that was freed: the end of it, which the allocator does not write to. */
static void
test_search_finds_freed_copy (void)
{
  guint8 masked[NEEDLE_LEN];
  g_autoptr (SpSecret) secret = new_unseen_password (200, masked);
  guint8 *copy = g_malloc (300);

  memcpy (copy + 100, sp_secret_peek (secret, NULL), 200);
  g_clear_pointer (&secret, sp_secret_unref);
  g_free (copy);
  g_assert_true (memory_contains (masked));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/password/strength/warnings", test_warnings);
  g_test_add_func ("/password/strength/strong", test_strong);
  g_test_add_func ("/password/strength/score-thresholds", test_score_thresholds);
  g_test_add_func ("/password/strength/user-words/latin", test_user_words);
  g_test_add_func ("/password/strength/user-words/other-scripts", test_user_words_of_other_scripts);
  g_test_add_func ("/password/strength/user-words/many", test_many_user_words);
  g_test_add_func ("/password/strength/other-scripts", test_other_scripts);
  g_test_add_func ("/password/strength/any-bytes", test_any_bytes);
  g_test_add_func ("/password/strength/nul", test_nul);
  g_test_add_func ("/password/strength/long/weak", test_long_but_weak);
  g_test_add_func ("/password/strength/long/strong", test_long_and_strong);
  g_test_add_func ("/password/strength/crack-time/rates", test_crack_time);
  g_test_add_func ("/password/strength/crack-time/units", test_crack_time_units);
  g_test_add_func ("/password/strength/memory/leaves-no-copy", test_leaves_no_copy);
  g_test_add_func ("/password/strength/memory/search-finds-freed-copy",
                   test_search_finds_freed_copy);
  return sp_test_run ();
}
