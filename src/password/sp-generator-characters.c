/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Characters of which some classes must occur a number of times, every such string equally likely.
 *
 * Putting the demanded ones first and shuffling would favour strings that hold just the minimum.
 * Drawing whole strings until one satisfies is right, but hopeless for a recipe like "16 symbols
 * among 20". So we count. With classes 1 to k of c_k characters, of which at least m_k must occur,
 * the number of strings of n characters is
 *
 *   T_1 (n) = c_1^n if n >= m_1, else 0
 *   T_k (n) = sum over j from m_k to n of  binomial (n, j) * c_k^j * T_(k-1) (n - j)
 *
 * in whole numbers (sp-natural.c), and the summands are the weights by which the number j of
 * characters of class k is drawn. Given the numbers, all arrangements are equally likely (Fisher
 * and Yates), and all characters within a class. The entropy is the logarithm of the same count, so
 * it is exactly that of what is produced.
 *
 * All random numbers are drawn by rejection (sp_random_uniform, sp_natural_random). */

#define G_LOG_DOMAIN "sp-generator"

#include "config.h"

#include "password/sp-generator-characters-private.h"

#include <string.h>

#include "base/sp-wipe.h"
#include "crypto/sp-random.h"
#include "password/sp-natural-private.h"
#include "password/sp-password-error.h"

#define MAX_CLASS_SIZE 96

static const char *const class_characters[SP_GENERATOR_N_CLASSES] = {
  [SP_GENERATOR_LOWER] = "abcdefghijklmnopqrstuvwxyz",
  [SP_GENERATOR_UPPER] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  [SP_GENERATOR_DIGITS] = "0123456789",
  [SP_GENERATOR_SYMBOLS] = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
};

/* Taken for each other in print, in handwriting or over the telephone. */
static const char ambiguous_characters[] = "0Oo1lI|`'";

typedef struct {
  char members[MAX_CLASS_SIZE];
  guint size;
  guint minimum;
} Class;

typedef struct {
  guint length;
  guint n_classes; /* not empty; those without a minimum are one, the first */
  Class classes[SP_GENERATOR_N_CLASSES];
} Plan;

/* How many strings there are: counts[k * (length + 1) + n] is T_(k+1) (n). */
typedef struct {
  SpNatural *counts;  /* (owned) */
  SpNatural *weights; /* (owned) of the class in hand, by number of its characters */
} Tables;

static void
tables_clear (Tables *self)
{
  g_clear_pointer (&self->counts, g_free);
  g_clear_pointer (&self->weights, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Tables, tables_clear)

static gboolean
refuse (GError **error, const char *sentence)
{
  g_set_error_literal (error, SP_PASSWORD_ERROR, SP_PASSWORD_ERROR_RECIPE, sentence);
  return FALSE;
}

static gboolean
is_excluded (const SpGeneratorRecipe *recipe, char character)
{
  if (recipe->exclude_ambiguous && strchr (ambiguous_characters, character) != NULL)
    return TRUE;

  /* In valid UTF-8, an ASCII byte is that character and never a part of another. */
  return recipe->exclude != NULL && strchr (recipe->exclude, character) != NULL;
}

static void
class_add (Class *self, const SpGeneratorRecipe *recipe, const char *characters)
{
  for (const char *c = characters; *c != '\0'; c++) {
    if (is_excluded (recipe, *c))
      continue;
    g_assert (self->size < MAX_CLASS_SIZE);
    self->members[self->size++] = *c;
  }
}

static gboolean
plan_add_demanded (Plan *self, const SpGeneratorRecipe *recipe, guint class_index, GError **error)
{
  const SpGeneratorClassRule *rule = &recipe->classes[class_index];
  Class *class = &self->classes[self->n_classes];

  class->minimum = rule->minimum;
  class_add (class, recipe, class_characters[class_index]);
  if (class->size == 0)
    return refuse (error, "All characters of a kind that must occur are excluded.");

  self->n_classes++;
  return TRUE;
}

static gboolean
plan_init (Plan *self, const SpGeneratorRecipe *recipe, GError **error)
{
  guint demanded = 0;

  memset (self, 0, sizeof *self);
  self->length = recipe->length;
  if (recipe->length < 1 || recipe->length > SP_GENERATOR_MAX_LENGTH)
    return refuse (error, "A password has between 1 and 256 characters.");
  if (recipe->exclude != NULL && !g_utf8_validate (recipe->exclude, -1, NULL))
    return refuse (error, "The list of excluded characters is not valid UTF-8.");

  for (guint i = 0; i < SP_GENERATOR_N_CLASSES; i++) {
    if (recipe->classes[i].enabled && recipe->classes[i].minimum == 0)
      class_add (&self->classes[0], recipe, class_characters[i]);
  }
  if (self->classes[0].size > 0)
    self->n_classes = 1;

  for (guint i = 0; i < SP_GENERATOR_N_CLASSES; i++) {
    if (!recipe->classes[i].enabled || recipe->classes[i].minimum == 0)
      continue;
    if (recipe->classes[i].minimum > recipe->length - demanded)
      return refuse (error, "The password is too short for all the characters that must occur.");
    demanded += recipe->classes[i].minimum;
    if (!plan_add_demanded (self, recipe, i, error))
      return FALSE;
  }

  if (self->n_classes == 0)
    return refuse (error, "There is no character left to choose from.");
  return TRUE;
}

static SpNatural *
tables_at (const Tables *self, const Plan *plan, guint class_index, guint n)
{
  return &self->counts[class_index * (plan->length + 1) + n];
}

/* Fills weights[0..n] with the summands of T_(class_index + 1) (n), and the count with their sum. */
static void
tables_sum (Tables *self, const Plan *plan, guint class_index, guint n)
{
  const Class *class = &plan->classes[class_index];
  SpNatural *sum = tables_at (self, plan, class_index, n);
  SpNatural ways, product;

  sp_natural_set (sum, 0);
  sp_natural_set (&ways, 1); /* binomial (n, j) * size^j */
  for (guint j = 0; j <= n; j++) {
    sp_natural_set (&self->weights[j], 0);
    if (j >= class->minimum) {
      sp_natural_multiply (&ways, tables_at (self, plan, class_index - 1, n - j), &product);
      self->weights[j] = product;
      sp_natural_add (sum, &product);
    }
    if (j < n)
      sp_natural_scale (&ways, (n - j) * class->size, j + 1);
  }
}

static void
tables_init (Tables *self, const Plan *plan)
{
  const Class *first = &plan->classes[0];
  SpNatural power;

  self->counts = g_new0 (SpNatural, (gsize) plan->n_classes * (plan->length + 1));
  self->weights = g_new0 (SpNatural, (gsize) plan->length + 1);

  sp_natural_set (&power, 1);
  for (guint n = 0; n <= plan->length; n++) {
    if (n >= first->minimum)
      *tables_at (self, plan, 0, n) = power;
    if (n < plan->length)
      sp_natural_scale (&power, first->size, 1);
  }

  /* Of the last class, only the full length is ever asked for. */
  for (guint k = 1; k < plan->n_classes; k++) {
    for (guint n = k + 1 < plan->n_classes ? 0 : plan->length; n <= plan->length; n++)
      tables_sum (self, plan, k, n);
  }
}

/* Draws how many characters of each class there are. */
static gboolean
draw_numbers (Tables *tables, const Plan *plan, guint *out_numbers, GError **error)
{
  guint left = plan->length;
  SpNatural rank;

  for (guint k = plan->n_classes - 1; k > 0; k--) {
    guint j = 0;

    tables_sum (tables, plan, k, left);
    if (!sp_natural_random (tables_at (tables, plan, k, left), &rank, error))
      return FALSE;
    while (sp_natural_compare (&rank, &tables->weights[j]) >= 0)
      sp_natural_subtract (&rank, &tables->weights[j++]);
    out_numbers[k] = j;
    left -= j;
  }
  out_numbers[0] = left;
  SP_WIPE_STRUCT (rank);
  return TRUE;
}

/* Puts into text, at each position, the index of its class: a uniform arrangement of the numbers. */
static gboolean
arrange (const Plan *plan, const guint *numbers, char *text, GError **error)
{
  guint position = 0;

  for (guint k = 0; k < plan->n_classes; k++) {
    memset (text + position, (int) k, numbers[k]);
    position += numbers[k];
  }
  g_assert (position == plan->length);

  /* One class has one arrangement. */
  for (guint i = plan->n_classes > 1 ? plan->length - 1 : 0; i > 0; i--) {
    guint32 other;
    char swap = text[i];

    if (!sp_random_uniform (i + 1, &other, error))
      return FALSE;
    text[i] = text[other];
    text[other] = swap;
  }
  return TRUE;
}

static gboolean
fill (const Plan *plan, char *text, GError **error)
{
  for (guint i = 0; i < plan->length; i++) {
    const Class *class = &plan->classes[(guint8) text[i]];
    guint32 choice;

    if (!sp_random_uniform (class->size, &choice, error))
      return FALSE;
    text[i] = class->members[choice];
  }
  return TRUE;
}

/**
 * sp_generator_characters_check:
 * @recipe: a recipe for characters
 * @error: return location for a [error@PasswordError], `RECIPE`
 *
 * Checks whether any password satisfies a recipe.
 *
 * Returns: whether one does
 */
gboolean
sp_generator_characters_check (const SpGeneratorRecipe *recipe, GError **error)
{
  Plan plan;

  return plan_init (&plan, recipe, error);
}

/**
 * sp_generator_characters_bits:
 * @recipe: a recipe for characters
 *
 * Computes the binary logarithm of the number of passwords that a recipe allows.
 *
 * Returns: bits, or -1 if it allows none
 */
double
sp_generator_characters_bits (const SpGeneratorRecipe *recipe)
{
  g_auto (Tables) tables = { NULL };
  Plan plan;

  if (!plan_init (&plan, recipe, NULL))
    return -1;

  tables_init (&tables, &plan);
  return sp_natural_log2 (tables_at (&tables, &plan, plan.n_classes - 1, plan.length));
}

/**
 * sp_generator_characters_make:
 * @recipe: a recipe for characters
 * @error: return location for a [error@PasswordError] or [error@CryptoError]
 *
 * Generates a password.
 *
 * Returns: (transfer full) (nullable): the password, or `NULL` with @error set
 */
SpSecret *
sp_generator_characters_make (const SpGeneratorRecipe *recipe, GError **error)
{
  g_auto (Tables) tables = { NULL };
  guint numbers[SP_GENERATOR_N_CLASSES] = { 0 };
  char text[SP_GENERATOR_MAX_LENGTH];
  SpSecret *secret = NULL;
  Plan plan;

  if (!plan_init (&plan, recipe, error))
    return NULL;

  tables_init (&tables, &plan);
  if (draw_numbers (&tables, &plan, numbers, error) && arrange (&plan, numbers, text, error) &&
      fill (&plan, text, error))
    secret = sp_secret_new ((const guint8 *) text, plan.length);

  SP_WIPE_ARRAY (text);
  SP_WIPE_ARRAY (numbers);
  return secret;
}
