/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The generator: everything that satisfies the recipe is equally likely.
 *
 * Passphrases and PINs are independent uniform choices, drawn by rejection (sp_random_uniform). For
 * characters with minimum counts see sp-generator-characters.c. */

#define G_LOG_DOMAIN "sp-generator"

#include "config.h"

#include "password/sp-generator.h"

#include <math.h>
#include <string.h>

#include "base/sp-wipe.h"
#include "crypto/sp-random.h"
#include "password/sp-generator-characters-private.h"
#include "password/sp-password-error.h"
#include "password/sp-wordlist.h"

static gboolean
refuse (GError **error, const char *sentence)
{
  g_set_error_literal (error, SP_PASSWORD_ERROR, SP_PASSWORD_ERROR_RECIPE, sentence);
  return FALSE;
}

static const char *
recipe_get_separator (const SpGeneratorRecipe *recipe)
{
  return recipe->separator != NULL ? recipe->separator : "-";
}

static gboolean
check_passphrase (const SpGeneratorRecipe *recipe, GError **error)
{
  const char *separator = recipe_get_separator (recipe);

  if (recipe->words < 1 || recipe->words > SP_GENERATOR_MAX_WORDS)
    return refuse (error, "A passphrase has between 1 and 64 words.");
  if (strlen (separator) > SP_GENERATOR_MAX_SEPARATOR)
    return refuse (error, "The separator is longer than 16 bytes.");
  if (!g_utf8_validate (separator, -1, NULL))
    return refuse (error, "The separator is not valid UTF-8.");
  return TRUE;
}

static gboolean
append_digit (SpSecretBuffer *buffer, GError **error)
{
  guint32 value;
  guint8 digit;

  if (!sp_random_uniform (10, &value, error))
    return FALSE;

  digit = (guint8) ('0' + value);
  sp_secret_buffer_append (buffer, &digit, 1);
  sp_wipe (&value, sizeof value);
  sp_wipe (&digit, sizeof digit);
  return TRUE;
}

static gboolean
append_word (SpSecretBuffer *buffer, gboolean capitalise, GError **error)
{
  guint32 index;
  const char *word;
  guint8 first;

  if (!sp_random_uniform (SP_WORDLIST_LEN, &index, error))
    return FALSE;

  word = sp_wordlist_get (index);
  first = (guint8) (capitalise ? g_ascii_toupper (word[0]) : word[0]);
  sp_secret_buffer_append (buffer, &first, 1);
  sp_secret_buffer_append_text (buffer, word + 1);
  sp_wipe (&index, sizeof index);
  sp_wipe (&first, sizeof first);
  return TRUE;
}

static SpSecret *
generate_passphrase (const SpGeneratorRecipe *recipe, GError **error)
{
  g_autoptr (SpSecretBuffer) buffer = sp_secret_buffer_new ();
  guint32 digit_at = G_MAXUINT32;

  if (!check_passphrase (recipe, error))
    return NULL;
  if (recipe->add_digit && !sp_random_uniform (recipe->words, &digit_at, error))
    return NULL;

  for (guint i = 0; i < recipe->words; i++) {
    if (i > 0)
      sp_secret_buffer_append_text (buffer, recipe_get_separator (recipe));
    if (!append_word (buffer, recipe->capitalise, error))
      return NULL;
    if (i == digit_at && !append_digit (buffer, error))
      return NULL;
  }
  return sp_secret_buffer_finish (buffer);
}

static gboolean
check_pin (const SpGeneratorRecipe *recipe, GError **error)
{
  if (recipe->pin_length < 1 || recipe->pin_length > SP_GENERATOR_MAX_LENGTH)
    return refuse (error, "A PIN has between 1 and 256 digits.");
  return TRUE;
}

static SpSecret *
generate_pin (const SpGeneratorRecipe *recipe, GError **error)
{
  g_autoptr (SpSecretBuffer) buffer = sp_secret_buffer_new ();

  if (!check_pin (recipe, error))
    return NULL;

  for (guint i = 0; i < recipe->pin_length; i++) {
    if (!append_digit (buffer, error))
      return NULL;
  }
  return sp_secret_buffer_finish (buffer);
}

/**
 * sp_generator_recipe_init:
 * @recipe: (out): a recipe
 * @kind: what it is to make
 *
 * Fills a recipe with the defaults: 20 characters with at least one of each class; six words with
 * hyphens; a PIN of six digits. The fields of the other kinds get their defaults too, so that
 * changing the kind later is enough.
 */
void
sp_generator_recipe_init (SpGeneratorRecipe *recipe, SpGeneratorKind kind)
{
  g_return_if_fail (recipe != NULL);

  *recipe = (SpGeneratorRecipe){
    .kind = kind,
    .length = SP_GENERATOR_DEFAULT_LENGTH,
    .words = SP_GENERATOR_DEFAULT_WORDS,
    .pin_length = SP_GENERATOR_DEFAULT_PIN,
  };
  for (guint i = 0; i < SP_GENERATOR_N_CLASSES; i++)
    recipe->classes[i] = (SpGeneratorClassRule){ .enabled = TRUE, .minimum = 1 };
}

/**
 * sp_generator_recipe_check:
 * @recipe: a recipe
 * @error: return location for a [error@PasswordError], `RECIPE`
 *
 * Checks whether any password satisfies a recipe.
 *
 * Returns: whether one does
 */
gboolean
sp_generator_recipe_check (const SpGeneratorRecipe *recipe, GError **error)
{
  g_return_val_if_fail (recipe != NULL, FALSE);

  switch (recipe->kind) {
  case SP_GENERATOR_CHARACTERS:
    return sp_generator_characters_check (recipe, error);
  case SP_GENERATOR_PASSPHRASE:
    return check_passphrase (recipe, error);
  case SP_GENERATOR_PIN:
    return check_pin (recipe, error);
  default:
    return refuse (error, "The recipe is of no known kind.");
  }
}

/**
 * sp_generator_entropy_bits:
 * @recipe: a recipe
 *
 * Computes the entropy of what [func@generate] makes by a recipe: the binary logarithm of the
 * number of different results, which are equally likely. Choices without chance (capitals,
 * separators) add nothing.
 *
 * Returns: bits, or -1 if nothing satisfies the recipe
 */
double
sp_generator_entropy_bits (const SpGeneratorRecipe *recipe)
{
  g_return_val_if_fail (recipe != NULL, -1);

  if (!sp_generator_recipe_check (recipe, NULL))
    return -1;

  switch (recipe->kind) {
  case SP_GENERATOR_CHARACTERS:
    return sp_generator_characters_bits (recipe);
  case SP_GENERATOR_PASSPHRASE:
    return recipe->words * log2 (SP_WORDLIST_LEN) +
           (recipe->add_digit ? log2 (10.0 * recipe->words) : 0);
  case SP_GENERATOR_PIN:
    return recipe->pin_length * log2 (10);
  default:
    g_assert_not_reached ();
  }
}

/**
 * sp_generate:
 * @recipe: what to make
 * @error: return location for a [error@PasswordError] or [error@CryptoError]
 *
 * Generates a password, passphrase or PIN, each of those that the recipe allows with the same
 * probability.
 *
 * Returns: (transfer full) (nullable): the secret, or `NULL` with @error set: `RECIPE` if nothing
 *   satisfies the recipe, `SP_CRYPTO_ERROR_RANDOM` if there is no randomness
 */
SpSecret *
sp_generate (const SpGeneratorRecipe *recipe, GError **error)
{
  g_return_val_if_fail (recipe != NULL, NULL);

  if (!sp_generator_recipe_check (recipe, error))
    return NULL;

  switch (recipe->kind) {
  case SP_GENERATOR_CHARACTERS:
    return sp_generator_characters_make (recipe, error);
  case SP_GENERATOR_PASSPHRASE:
    return generate_passphrase (recipe, error);
  case SP_GENERATOR_PIN:
    return generate_pin (recipe, error);
  default:
    g_assert_not_reached ();
  }
}
