/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Large natural numbers, by identities that tie the operations together. */

#include "config.h"

#include "password/sp-natural-private.h"

#include <math.h>
#include <string.h>

#include "common/sp-test.h"
#include "crypto/sp-crypto.h"
#include "crypto/sp-random.h"

static SpNatural
power (guint32 base, guint exponent)
{
  SpNatural result;

  sp_natural_set (&result, 1);
  for (guint i = 0; i < exponent; i++)
    sp_natural_scale (&result, base, 1);
  return result;
}

static void
test_compare (void)
{
  SpNatural zero, one, large = power (95, 40), larger = power (95, 41);

  sp_natural_set (&zero, 0);
  sp_natural_set (&one, 1);
  g_assert_cmpint (sp_natural_compare (&zero, &one), <, 0);
  g_assert_cmpint (sp_natural_compare (&one, &zero), >, 0);
  g_assert_cmpint (sp_natural_compare (&large, &larger), <, 0);
  g_assert_cmpint (sp_natural_compare (&large, &large), ==, 0);
}

static void
test_add_and_subtract (void)
{
  SpNatural sum = power (2, 64), one;

  sp_natural_set (&one, 1);
  sp_natural_subtract (&sum, &one);
  g_assert_cmpuint (sum.n_limbs, ==, 1);
  g_assert_cmpuint (sum.limbs[0], ==, G_MAXUINT64);
  sp_natural_add (&sum, &one);
  g_assert_cmpuint (sum.n_limbs, ==, 2);
  g_assert_cmpuint (sum.limbs[0], ==, 0);
  g_assert_cmpuint (sum.limbs[1], ==, 1);
  sp_natural_subtract (&sum, &sum);
  g_assert_cmpuint (sum.n_limbs, ==, 0);
}

/* (2^64 - 1)^2 = 2^128 - 2^65 + 1 */
static void
test_multiply_carries (void)
{
  SpNatural factor, product;

  sp_natural_set (&factor, G_MAXUINT64);
  sp_natural_multiply (&factor, &factor, &product);
  g_assert_cmpuint (product.n_limbs, ==, 2);
  g_assert_cmpuint (product.limbs[0], ==, 1);
  g_assert_cmpuint (product.limbs[1], ==, G_MAXUINT64 - 1);
}

static void
test_multiply_adds_exponents (void)
{
  SpNatural a = power (95, 100), b = power (95, 156), expected = power (95, 256), product;

  sp_natural_multiply (&a, &b, &product);
  g_assert_cmpint (sp_natural_compare (&product, &expected), ==, 0);
}

static void
test_multiply_by_zero (void)
{
  SpNatural zero, large = power (95, 100), product;

  sp_natural_set (&zero, 0);
  sp_natural_multiply (&zero, &large, &product);
  g_assert_cmpuint (product.n_limbs, ==, 0);
}

/* The sum of all binomial coefficients of 256 is 2^256. */
static void
test_scale_makes_binomials (void)
{
  SpNatural binomial, sum, expected = power (2, 256);

  sp_natural_set (&binomial, 1);
  sp_natural_set (&sum, 0);
  for (guint j = 0; j <= 256; j++) {
    sp_natural_add (&sum, &binomial);
    if (j < 256)
      sp_natural_scale (&binomial, 256 - j, j + 1);
  }
  g_assert_cmpint (sp_natural_compare (&sum, &expected), ==, 0);
}

static void
test_log2 (void)
{
  SpNatural value;

  sp_natural_set (&value, 1);
  g_assert_cmpfloat_with_epsilon (sp_natural_log2 (&value), 0, 1e-12);
  value = power (95, 256);
  g_assert_cmpfloat_with_epsilon (sp_natural_log2 (&value), 256 * log2 (95), 1e-9);
  value = power (2, 1000);
  g_assert_cmpfloat_with_epsilon (sp_natural_log2 (&value), 1000, 1e-9);
}

/* Five values, 50,000 draws: chi-square with four degrees of freedom is under 50 but once in 10^9. */
static void
test_random_is_uniform (void)
{
  guint seen[5] = { 0 };
  double chi_square = 0;
  SpNatural bound, value;

  sp_natural_set (&bound, G_N_ELEMENTS (seen));
  for (guint i = 0; i < 50000; i++) {
    g_assert_true (sp_natural_random (&bound, &value, NULL));
    g_assert_cmpint (sp_natural_compare (&value, &bound), <, 0);
    seen[value.n_limbs == 0 ? 0 : value.limbs[0]]++;
  }
  for (guint i = 0; i < G_N_ELEMENTS (seen); i++)
    chi_square += (seen[i] - 10000.0) * (seen[i] - 10000.0) / 10000.0;
  g_assert_cmpfloat (chi_square, <, 50);
}

static void
test_random_of_one (void)
{
  SpNatural bound, value;

  sp_natural_set (&bound, 1);
  g_assert_true (sp_natural_random (&bound, &value, NULL));
  g_assert_cmpuint (value.n_limbs, ==, 0);
}

static void
test_random_fills_all_limbs (void)
{
  SpNatural bound = power (2, 200), value;
  double highest = 0;

  for (guint i = 0; i < 200; i++) {
    g_assert_true (sp_natural_random (&bound, &value, NULL));
    g_assert_cmpint (sp_natural_compare (&value, &bound), <, 0);
    highest = MAX (highest, sp_natural_log2 (&value));
  }
  g_assert_cmpfloat (highest, >, 195);
}

static gboolean
fail_to_draw (guint8 *out_data, gsize len)
{
  return FALSE;
}

static void
test_random_failure (void)
{
  g_autoptr (GError) error = NULL;
  SpNatural bound = power (2, 200), value;

  sp_random_set_source_for_tests (fail_to_draw);
  g_assert_false (sp_natural_random (&bound, &value, &error));
  sp_random_set_source_for_tests (NULL);
  g_assert_error (error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_RANDOM);
}

static gboolean
draw_only_ones (guint8 *out_data, gsize len)
{
  memset (out_data, 0xff, len);
  return TRUE;
}

/* A broken source must not hang us: all bits set is never below 2^200 - 1. */
static void
test_random_stuck (void)
{
  g_autoptr (GError) error = NULL;
  SpNatural bound = power (2, 200), one, value;

  sp_natural_set (&one, 1);
  sp_natural_subtract (&bound, &one);
  sp_random_set_source_for_tests (draw_only_ones);
  g_assert_false (sp_natural_random (&bound, &value, &error));
  sp_random_set_source_for_tests (NULL);
  g_assert_error (error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_RANDOM);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/password/natural/compare", test_compare);
  g_test_add_func ("/password/natural/add-and-subtract", test_add_and_subtract);
  g_test_add_func ("/password/natural/multiply/carries", test_multiply_carries);
  g_test_add_func ("/password/natural/multiply/adds-exponents", test_multiply_adds_exponents);
  g_test_add_func ("/password/natural/multiply/by-zero", test_multiply_by_zero);
  g_test_add_func ("/password/natural/scale-makes-binomials", test_scale_makes_binomials);
  g_test_add_func ("/password/natural/log2", test_log2);
  g_test_add_func ("/password/natural/random/is-uniform", test_random_is_uniform);
  g_test_add_func ("/password/natural/random/of-one", test_random_of_one);
  g_test_add_func ("/password/natural/random/fills-all-limbs", test_random_fills_all_limbs);
  g_test_add_func ("/password/natural/random/failure", test_random_failure);
  g_test_add_func ("/password/natural/random/stuck", test_random_stuck);
  return sp_test_run ();
}
