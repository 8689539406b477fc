/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The generator: every recipe is honoured, everything that a recipe allows is equally likely, and
 * the entropy is the logarithm of how much that is. Chi-square bounds are so wide that chance
 * exceeds them less than once in 10^9 runs. */

#include "config.h"

#include "password/sp-generator.h"

#include <math.h>
#include <string.h>

#include "common/sp-test.h"
#include "crypto/sp-crypto.h"
#include "crypto/sp-random.h"
#include "password/sp-password-error.h"
#include "password/sp-wordlist.h"

#define LOWER    "abcdefghijklmnopqrstuvwxyz"
#define UPPER    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS   "0123456789"
#define SYMBOLS  "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
#define ALL      LOWER UPPER DIGITS SYMBOLS
#define N_ALL    94
#define CELL_MAX 4096

static const char *const class_characters[SP_GENERATOR_N_CLASSES] = { LOWER, UPPER, DIGITS,
                                                                      SYMBOLS };

static SpSecret *
generate (const SpGeneratorRecipe *recipe)
{
  g_autoptr (GError) error = NULL;
  SpSecret *secret = sp_generate (recipe, &error);

  g_assert_no_error (error);
  g_assert_nonnull (secret);
  return secret;
}

static void
assert_refused (const SpGeneratorRecipe *recipe)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) check_error = NULL;

  g_assert_null (sp_generate (recipe, &error));
  g_assert_error (error, SP_PASSWORD_ERROR, SP_PASSWORD_ERROR_RECIPE);
  g_assert_false (sp_generator_recipe_check (recipe, &check_error));
  g_assert_error (check_error, SP_PASSWORD_ERROR, SP_PASSWORD_ERROR_RECIPE);
  g_assert_cmpfloat (sp_generator_entropy_bits (recipe), <, 0);
}

static guint
count_of_class (const char *text, SpGeneratorClass class)
{
  guint n = 0;

  for (; *text != '\0'; text++)
    n += strchr (class_characters[class], *text) != NULL ? 1 : 0;
  return n;
}

static void
set_minimums (SpGeneratorRecipe *recipe, guint lower, guint upper, guint digits, guint symbols)
{
  recipe->classes[SP_GENERATOR_LOWER].minimum = lower;
  recipe->classes[SP_GENERATOR_UPPER].minimum = upper;
  recipe->classes[SP_GENERATOR_DIGITS].minimum = digits;
  recipe->classes[SP_GENERATOR_SYMBOLS].minimum = symbols;
}

/* An exclude list that leaves just the characters of `alphabet`. */
static char *
exclude_all_but (const char *alphabet)
{
  GString *exclude = g_string_new (NULL);

  for (const char *c = ALL; *c != '\0'; c++) {
    if (strchr (alphabet, *c) == NULL)
      g_string_append_c (exclude, *c);
  }
  return g_string_free (exclude, FALSE);
}

static void
test_defaults (void)
{
  SpGeneratorRecipe recipe;

  sp_generator_recipe_init (&recipe, SP_GENERATOR_CHARACTERS);
  for (guint i = 0; i < 200; i++) {
    g_autoptr (SpSecret) secret = generate (&recipe);
    const char *text = sp_secret_peek_text (secret);

    g_assert_cmpuint (strlen (text), ==, 20);
    g_assert_cmpuint (strspn (text, ALL), ==, 20);
    for (guint class = 0; class < SP_GENERATOR_N_CLASSES; class ++)
      g_assert_cmpuint (count_of_class (text, class), >=, 1);
  }
}

static void
test_minimums (void)
{
  static const guint minimums[][SP_GENERATOR_N_CLASSES] = {
    { 0, 0, 0, 16 }, { 5, 5, 5, 5 }, { 0, 0, 20, 0 }, { 1, 2, 3, 4 }, { 19, 1, 0, 0 },
  };
  SpGeneratorRecipe recipe;

  sp_generator_recipe_init (&recipe, SP_GENERATOR_CHARACTERS);
  for (gsize i = 0; i < G_N_ELEMENTS (minimums); i++) {
    const guint *m = minimums[i];

    set_minimums (&recipe, m[0], m[1], m[2], m[3]);
    for (guint j = 0; j < 100; j++) {
      g_autoptr (SpSecret) secret = generate (&recipe);

      for (guint class = 0; class < SP_GENERATOR_N_CLASSES; class ++)
        g_assert_cmpuint (count_of_class (sp_secret_peek_text (secret), class), >=, m[class]);
    }
  }
}

static void
test_disabled_classes (void)
{
  SpGeneratorRecipe recipe;

  for (guint off = 0; off < SP_GENERATOR_N_CLASSES; off++) {
    sp_generator_recipe_init (&recipe, SP_GENERATOR_CHARACTERS);
    recipe.classes[off].enabled = FALSE;
    recipe.classes[off].minimum = 7; /* not looked at */
    recipe.length = 100;
    for (guint i = 0; i < 50; i++) {
      g_autoptr (SpSecret) secret = generate (&recipe);

      g_assert_cmpuint (count_of_class (sp_secret_peek_text (secret), off), ==, 0);
    }
  }
}

static void
test_ambiguous (void)
{
  SpGeneratorRecipe recipe;

  sp_generator_recipe_init (&recipe, SP_GENERATOR_CHARACTERS);
  recipe.length = 256;
  recipe.exclude_ambiguous = TRUE;
  for (guint i = 0; i < 50; i++) {
    g_autoptr (SpSecret) secret = generate (&recipe);

    g_assert_null (strpbrk (sp_secret_peek_text (secret), "0Oo1lI|`'"));
  }
}

/* Characters beyond ASCII in the list exclude themselves, which never occur, and none of their bytes. */
static void
test_exclude (void)
{
  SpGeneratorRecipe recipe;
  double without, with;

  sp_generator_recipe_init (&recipe, SP_GENERATOR_CHARACTERS);
  recipe.length = 256;
  without = sp_generator_entropy_bits (&recipe);
  recipe.exclude = "\xc3\xa4\xe2\x82\xac\xf0\x9f\x94\x91";
  g_assert_cmpfloat_with_epsilon (sp_generator_entropy_bits (&recipe), without, 1e-9);

  recipe.exclude = "aZ\xc3\xa4"
                   "5\\\xe2\x82\xac\"aa";
  with = sp_generator_entropy_bits (&recipe);
  g_assert_cmpfloat (with, <, without);
  g_assert_cmpfloat_with_epsilon (with, 256 * log2 (N_ALL - 5), 1e-3);
  for (guint i = 0; i < 50; i++) {
    g_autoptr (SpSecret) secret = generate (&recipe);

    g_assert_null (strpbrk (sp_secret_peek_text (secret), "aZ5\\\""));
  }
}

static void
test_longest (void)
{
  SpGeneratorRecipe recipe;
  g_autoptr (SpSecret) secret = NULL;

  sp_generator_recipe_init (&recipe, SP_GENERATOR_CHARACTERS);
  recipe.length = SP_GENERATOR_MAX_LENGTH;
  set_minimums (&recipe, 64, 64, 64, 64);
  secret = generate (&recipe);
  for (guint class = 0; class < SP_GENERATOR_N_CLASSES; class ++)
    g_assert_cmpuint (count_of_class (sp_secret_peek_text (secret), class), ==, 64);
}

static void
test_impossible_characters (void)
{
  SpGeneratorRecipe recipe, usual;

  sp_generator_recipe_init (&usual, SP_GENERATOR_CHARACTERS);

  recipe = usual;
  recipe.length = 0;
  assert_refused (&recipe);
  recipe.length = SP_GENERATOR_MAX_LENGTH + 1;
  assert_refused (&recipe);
  recipe.length = 3; /* four classes */
  assert_refused (&recipe);
  recipe = usual;
  set_minimums (&recipe, G_MAXUINT, G_MAXUINT, 2, 1);
  assert_refused (&recipe);
  recipe = usual;
  recipe.exclude = DIGITS;
  assert_refused (&recipe);
  recipe.classes[SP_GENERATOR_DIGITS].minimum = 0; /* then they need not occur */
  g_assert_true (sp_generator_recipe_check (&recipe, NULL));
  recipe.exclude = "\xff";
  assert_refused (&recipe);
  recipe = usual;
  for (guint i = 0; i < SP_GENERATOR_N_CLASSES; i++)
    recipe.classes[i].enabled = FALSE;
  assert_refused (&recipe);
  recipe = usual;
  set_minimums (&recipe, 0, 0, 0, 0);
  recipe.exclude = ALL;
  assert_refused (&recipe);
  recipe = usual;
  recipe.kind = 99;
  assert_refused (&recipe);
}

static void
test_impossible_others (void)
{
  SpGeneratorRecipe recipe;

  sp_generator_recipe_init (&recipe, SP_GENERATOR_PASSPHRASE);
  recipe.words = 0;
  assert_refused (&recipe);
  recipe.words = SP_GENERATOR_MAX_WORDS + 1;
  assert_refused (&recipe);
  recipe.words = 6;
  recipe.separator = "12345678901234567";
  assert_refused (&recipe);
  recipe.separator = "\xc3";
  assert_refused (&recipe);

  sp_generator_recipe_init (&recipe, SP_GENERATOR_PIN);
  recipe.pin_length = 0;
  assert_refused (&recipe);
  recipe.pin_length = SP_GENERATOR_MAX_LENGTH + 1;
  assert_refused (&recipe);
}

/* A recipe over a tiny alphabet, whose strings can all be written down. */
typedef struct {
  const char *alphabet;
  guint length;
  guint minimums[SP_GENERATOR_N_CLASSES];
} Tiny;

static const Tiny tiny_recipes[] = {
  { "abAB01", 4, { 1, 1, 1, 0 } }, { "abcA", 5, { 0, 3, 0, 0 } },
  { "aA0!", 4, { 1, 1, 1, 1 } },   { "aA0!", 6, { 1, 1, 1, 1 } },
  { "aA0!", 5, { 0, 2, 0, 2 } },   { "abc", 6, { 6, 0, 0, 0 } },
  { "ab01", 4, { 0, 0, 0, 0 } },   { "aAB0!", 5, { 0, 1, 0, 2 } },
  { "a", 3, { 1, 0, 0, 0 } },      { "abcdefgA0!", 3, { 0, 1, 0, 1 } },
};

static void
tiny_to_recipe (const Tiny *tiny, const char *exclude, SpGeneratorRecipe *recipe)
{
  sp_generator_recipe_init (recipe, SP_GENERATOR_CHARACTERS);
  recipe->length = tiny->length;
  recipe->exclude = exclude;
  set_minimums (recipe, tiny->minimums[0], tiny->minimums[1], tiny->minimums[2], tiny->minimums[3]);
}

static guint
tiny_count_strings (const Tiny *tiny)
{
  guint n = 1;

  for (guint i = 0; i < tiny->length; i++)
    n *= (guint) strlen (tiny->alphabet);
  return n;
}

/* Writes the index-th of all strings over the alphabet; returns whether the recipe allows it. */
static gboolean
tiny_write_string (const Tiny *tiny, guint index, char *out_text)
{
  guint size = (guint) strlen (tiny->alphabet);

  for (guint i = 0; i < tiny->length; i++, index /= size)
    out_text[i] = tiny->alphabet[index % size];
  out_text[tiny->length] = '\0';

  for (guint class = 0; class < SP_GENERATOR_N_CLASSES; class ++) {
    if (count_of_class (out_text, class) < tiny->minimums[class])
      return FALSE;
  }
  return TRUE;
}

static void
test_entropy_by_counting (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (tiny_recipes); i++) {
    const Tiny *tiny = &tiny_recipes[i];
    g_autofree char *exclude = exclude_all_but (tiny->alphabet);
    guint total = tiny_count_strings (tiny);
    guint allowed = 0;
    SpGeneratorRecipe recipe;
    char text[8];

    for (guint j = 0; j < total; j++)
      allowed += tiny_write_string (tiny, j, text) ? 1 : 0;
    tiny_to_recipe (tiny, exclude, &recipe);
    g_assert_cmpfloat_with_epsilon (sp_generator_entropy_bits (&recipe), log2 (allowed), 1e-9);
  }
}

/* Every allowed string is equally likely: 40 draws for each, chi-square over the strings. */
static void
test_uniform_with_minimums (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (tiny_recipes); i++) {
    const Tiny *tiny = &tiny_recipes[i];
    g_autofree char *exclude = exclude_all_but (tiny->alphabet);
    g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    double chi_square = 0, freedom;
    guint total = tiny_count_strings (tiny);
    GHashTableIter iter;
    SpGeneratorRecipe recipe;
    gpointer key, value;
    char text[8];

    for (guint j = 0; j < total; j++) {
      if (tiny_write_string (tiny, j, text))
        g_hash_table_insert (seen, g_strdup (text), GUINT_TO_POINTER (0));
    }
    g_assert_cmpuint (g_hash_table_size (seen), <, CELL_MAX + 1);
    tiny_to_recipe (tiny, exclude, &recipe);
    for (guint j = 0; j < 40 * g_hash_table_size (seen); j++) {
      g_autoptr (SpSecret) secret = generate (&recipe);

      g_assert_true (
          g_hash_table_lookup_extended (seen, sp_secret_peek_text (secret), &key, &value));
      g_hash_table_insert (seen, g_strdup (key), GUINT_TO_POINTER (GPOINTER_TO_UINT (value) + 1));
    }

    g_hash_table_iter_init (&iter, seen);
    while (g_hash_table_iter_next (&iter, &key, &value))
      chi_square += pow (GPOINTER_TO_UINT (value) - 40.0, 2) / 40.0;
    freedom = g_hash_table_size (seen) - 1;
    g_assert_cmpfloat (chi_square, <, freedom + 9 * sqrt (2 * freedom) + 40);
  }
}

/* 10^6 symbols of all 94: chi-square with 93 degrees of freedom, standard deviation 13.6. */
static void
test_uniform_symbols (void)
{
  guint seen[256] = { 0 };
  guint n_symbols = 0;
  double chi_square = 0, expected;
  SpGeneratorRecipe recipe;

  sp_generator_recipe_init (&recipe, SP_GENERATOR_CHARACTERS);
  set_minimums (&recipe, 0, 0, 0, 0);
  recipe.length = 250;
  for (guint i = 0; i < 4000; i++) {
    g_autoptr (SpSecret) secret = generate (&recipe);

    for (const char *c = sp_secret_peek_text (secret); *c != '\0'; c++, n_symbols++)
      seen[(guint8) *c]++;
  }
  g_assert_cmpuint (n_symbols, ==, 1000000);

  expected = 1e6 / N_ALL;
  for (const char *c = ALL; *c != '\0'; c++)
    chi_square += pow (seen[(guint8) *c] - expected, 2) / expected;
  g_assert_cmpfloat (chi_square, <, 250);
}

static void
test_uniform_pin (void)
{
  guint seen[10] = { 0 };
  double chi_square = 0;
  SpGeneratorRecipe recipe;

  sp_generator_recipe_init (&recipe, SP_GENERATOR_PIN);
  recipe.pin_length = 250;
  for (guint i = 0; i < 400; i++) {
    g_autoptr (SpSecret) secret = generate (&recipe);

    for (const char *c = sp_secret_peek_text (secret); *c != '\0'; c++)
      seen[*c - '0']++;
  }
  for (guint i = 0; i < G_N_ELEMENTS (seen); i++)
    chi_square += pow (seen[i] - 10000.0, 2) / 10000.0;
  g_assert_cmpfloat (chi_square, <, 70);
}

/* 200,000 words: 7775 degrees of freedom, standard deviation 125. */
static void
test_uniform_words (void)
{
  g_autoptr (GHashTable) indices = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree guint *seen = g_new0 (guint, SP_WORDLIST_LEN);
  double chi_square = 0, expected = 200000.0 / SP_WORDLIST_LEN;
  SpGeneratorRecipe recipe;

  for (guint i = 0; i < SP_WORDLIST_LEN; i++)
    g_hash_table_insert (indices, (gpointer) (guintptr) sp_wordlist_get (i), GUINT_TO_POINTER (i));

  sp_generator_recipe_init (&recipe, SP_GENERATOR_PASSPHRASE);
  recipe.words = 50;
  recipe.separator = " ";
  for (guint i = 0; i < 4000; i++) {
    g_autoptr (SpSecret) secret = generate (&recipe);
    g_auto (GStrv) words = g_strsplit (sp_secret_peek_text (secret), " ", -1);

    g_assert_cmpuint (g_strv_length (words), ==, 50);
    for (guint j = 0; j < 50; j++) {
      gpointer index;

      g_assert_true (g_hash_table_lookup_extended (indices, words[j], NULL, &index));
      seen[GPOINTER_TO_UINT (index)]++;
    }
  }
  for (guint i = 0; i < SP_WORDLIST_LEN; i++)
    chi_square += pow (seen[i] - expected, 2) / expected;
  g_assert_cmpfloat (chi_square, <, 8775);
}

static void
test_passphrase_form (void)
{
  SpGeneratorRecipe recipe;
  guint digit_after[4] = { 0 };

  sp_generator_recipe_init (&recipe, SP_GENERATOR_PASSPHRASE);
  recipe.words = 4;
  recipe.separator = " \xe2\x80\xa2 ";
  recipe.capitalise = TRUE;
  recipe.add_digit = TRUE;
  for (guint i = 0; i < 400; i++) {
    g_autoptr (SpSecret) secret = generate (&recipe);
    g_auto (GStrv) words = g_strsplit (sp_secret_peek_text (secret), recipe.separator, -1);

    g_assert_cmpuint (g_strv_length (words), ==, 4);
    g_assert_cmpuint (count_of_class (sp_secret_peek_text (secret), SP_GENERATOR_DIGITS), ==, 1);
    for (guint j = 0; j < 4; j++) {
      gsize len = strlen (words[j]);

      g_assert_true (g_ascii_isupper (words[j][0]));
      g_assert_cmpuint (strspn (words[j] + 1, LOWER "-"), >=, len - 2);
      digit_after[j] += g_ascii_isdigit (words[j][len - 1]) ? 1 : 0;
    }
  }
  for (guint j = 0; j < 4; j++)
    g_assert_cmpuint (digit_after[j], >, 30);
}

static void
test_passphrase_defaults (void)
{
  SpGeneratorRecipe recipe;
  g_autoptr (SpSecret) secret = NULL;

  sp_generator_recipe_init (&recipe, SP_GENERATOR_PASSPHRASE);
  secret = generate (&recipe);
  g_assert_cmpuint (strspn (sp_secret_peek_text (secret), LOWER "-"), ==,
                    sp_secret_get_length (secret));
  g_assert_cmpfloat_with_epsilon (sp_generator_entropy_bits (&recipe), 6 * log2 (7776), 1e-9);
}

static void
test_entropy_known (void)
{
  SpGeneratorRecipe recipe;

  sp_generator_recipe_init (&recipe, SP_GENERATOR_PIN);
  g_assert_cmpfloat_with_epsilon (sp_generator_entropy_bits (&recipe), log2 (1e6), 1e-9);

  sp_generator_recipe_init (&recipe, SP_GENERATOR_PASSPHRASE);
  recipe.words = 5;
  recipe.add_digit = TRUE;
  recipe.capitalise = TRUE;
  g_assert_cmpfloat_with_epsilon (sp_generator_entropy_bits (&recipe), 5 * log2 (7776) + log2 (50),
                                  1e-9);

  sp_generator_recipe_init (&recipe, SP_GENERATOR_CHARACTERS);
  set_minimums (&recipe, 0, 0, 0, 0);
  recipe.length = 256;
  g_assert_cmpfloat_with_epsilon (sp_generator_entropy_bits (&recipe), 256 * log2 (N_ALL), 1e-6);
  /* All symbols: 32^20, whatever else is enabled. */
  recipe.length = 20;
  set_minimums (&recipe, 0, 0, 0, 20);
  g_assert_cmpfloat_with_epsilon (sp_generator_entropy_bits (&recipe), 100, 1e-9);
}

/* By inclusion and exclusion over the classes that are missing. */
static void
test_entropy_of_default (void)
{
  static const double sizes[SP_GENERATOR_N_CLASSES] = { 26, 26, 10, 32 };
  long double count = 0;
  SpGeneratorRecipe recipe;

  for (guint missing = 0; missing < 1 << SP_GENERATOR_N_CLASSES; missing++) {
    long double size = N_ALL;
    gboolean odd = FALSE;

    for (guint class = 0; class < SP_GENERATOR_N_CLASSES; class ++) {
      if ((missing & (1u << class)) == 0)
        continue;
      size -= sizes[class];
      odd = !odd;
    }
    count += (odd ? -1 : 1) * powl (size, 20);
  }
  sp_generator_recipe_init (&recipe, SP_GENERATOR_CHARACTERS);
  g_assert_cmpfloat_with_epsilon (sp_generator_entropy_bits (&recipe), (double) log2l (count),
                                  1e-9);
}

/* A source that fails at the n-th call. */
static guint calls_left;

static gboolean
fail_in_time (guint8 *out_data, gsize len)
{
  static guint64 state = 7;

  if (calls_left == 0)
    return FALSE;
  calls_left--;
  sp_test_random_fill (&state, out_data, len);
  return TRUE;
}

static void
test_random_failure (void)
{
  for (guint kind = 0; kind <= SP_GENERATOR_PIN; kind++) {
    guint failures = 0;
    SpGeneratorRecipe recipe;

    sp_generator_recipe_init (&recipe, kind);
    recipe.add_digit = TRUE;
    for (guint n = 0; n < 1000; n++) {
      g_autoptr (GError) error = NULL;
      g_autoptr (SpSecret) secret = NULL;

      calls_left = n;
      sp_random_set_source_for_tests (fail_in_time);
      secret = sp_generate (&recipe, &error);
      sp_random_set_source_for_tests (NULL);
      if (secret != NULL)
        break;
      g_assert_error (error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_RANDOM);
      failures++;
    }
    g_assert_cmpuint (failures, >=, 6);
    g_assert_cmpuint (failures, <, 1000);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (sp_crypto_init (NULL));
  g_test_add_func ("/password/generator/defaults", test_defaults);
  g_test_add_func ("/password/generator/minimums", test_minimums);
  g_test_add_func ("/password/generator/disabled-classes", test_disabled_classes);
  g_test_add_func ("/password/generator/ambiguous", test_ambiguous);
  g_test_add_func ("/password/generator/exclude", test_exclude);
  g_test_add_func ("/password/generator/longest", test_longest);
  g_test_add_func ("/password/generator/impossible/characters", test_impossible_characters);
  g_test_add_func ("/password/generator/impossible/others", test_impossible_others);
  g_test_add_func ("/password/generator/entropy/by-counting", test_entropy_by_counting);
  g_test_add_func ("/password/generator/entropy/known", test_entropy_known);
  g_test_add_func ("/password/generator/entropy/of-default", test_entropy_of_default);
  g_test_add_func ("/password/generator/uniform/with-minimums", test_uniform_with_minimums);
  g_test_add_func ("/password/generator/uniform/symbols", test_uniform_symbols);
  g_test_add_func ("/password/generator/uniform/pin", test_uniform_pin);
  g_test_add_func ("/password/generator/uniform/words", test_uniform_words);
  g_test_add_func ("/password/generator/passphrase/form", test_passphrase_form);
  g_test_add_func ("/password/generator/passphrase/defaults", test_passphrase_defaults);
  g_test_add_func ("/password/generator/random-failure", test_random_failure);
  return sp_test_run ();
}
