/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What comes out of the random source, and what comes out when it fails. */

#include "config.h"

#include "crypto/sp-random.h"

#include <string.h>

#include "common/sp-test.h"
#include "crypto/sp-crypto.h"

#define NONCE_LEN 12

/* Leaves half of the output, as a failing source might. */
static gboolean
failing_source (guint8 *data, gsize len)
{
  memset (data, 0xab, len / 2);
  return FALSE;
}

static gboolean
zero_source (guint8 *data, gsize len)
{
  memset (data, 0, len);
  return TRUE;
}

static gboolean
ones_source (guint8 *data, gsize len)
{
  memset (data, 0xff, len);
  return TRUE;
}

static gboolean
is_zero (const guint8 *data, gsize len)
{
  guint8 any = 0;

  for (gsize i = 0; i < len; i++)
    any |= data[i];
  return any == 0;
}

static void
test_bytes (void)
{
  guint8 first[64] = { 0 };
  guint8 second[64] = { 0 };

  g_assert_true (sp_random_bytes (first, sizeof first, NULL));
  g_assert_true (sp_random_bytes (second, sizeof second, NULL));
  g_assert_true (memcmp (first, second, sizeof first) != 0);
  g_assert_false (is_zero (first, sizeof first));
  g_assert_true (sp_random_bytes (NULL, 0, NULL));
}

/* Of a million bits, half are set: within eight standard deviations (500 each). */
static void
test_bits_balanced (void)
{
  gsize len = 125000;
  g_autofree guint8 *data = g_malloc (len);
  gint n_set = 0;

  g_assert_true (sp_random_bytes (data, len, NULL));
  for (gsize i = 0; i < len; i++)
    n_set += __builtin_popcount (data[i]);
  g_assert_cmpint (ABS (n_set - 500000), <, 4000);
}

static void
test_secret (void)
{
  g_autoptr (SpSecret) first = sp_random_secret (32, NULL);
  g_autoptr (SpSecret) second = sp_random_secret (32, NULL);

  g_assert_cmpuint (sp_secret_get_length (first), ==, 32);
  g_assert_false (sp_secret_equal (first, second));
}

/* RFC 4122 section 4.4: version 4, variant 10. */
static void
test_id (void)
{
  for (guint i = 0; i < 1000; i++) {
    SpId id;

    g_assert_true (sp_random_id (&id, NULL));
    g_assert_cmpuint (id.bytes[6] >> 4, ==, 4);
    g_assert_cmpuint (id.bytes[8] >> 6, ==, 2);
  }
}

static void
test_id_other_bits (void)
{
  SpId id;

  sp_random_set_source_for_tests (ones_source);
  g_assert_true (sp_random_id (&id, NULL));
  sp_random_set_source_for_tests (NULL);
  sp_test_assert_hex (id.bytes, sizeof id.bytes, "ffffffffffff4fffbfffffffffffffff");
}

static void
test_source_fails (void)
{
  guint8 data[32];
  SpId id = { { 9 } };
  guint32 value = 9;
  g_autoptr (SpRandomPool) pool = sp_random_pool_new ();
  GError *errors[5] = { NULL };

  sp_random_set_source_for_tests (failing_source);
  memset (data, 0xcc, sizeof data);
  g_assert_false (sp_random_bytes (data, sizeof data, &errors[0]));
  g_assert_true (is_zero (data, sizeof data));
  g_assert_null (sp_random_secret (32, &errors[1]));
  g_assert_false (sp_random_id (&id, &errors[2]));
  g_assert_cmpuint (id.bytes[0], ==, 9);
  g_assert_false (sp_random_uniform (6, &value, &errors[3]));
  g_assert_cmpuint (value, ==, 9);
  memset (data, 0xcc, sizeof data);
  g_assert_false (sp_random_pool_take (pool, data, sizeof data, &errors[4]));
  g_assert_true (is_zero (data, sizeof data));
  sp_random_set_source_for_tests (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (errors); i++) {
    g_assert_error (errors[i], SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_RANDOM);
    g_clear_error (&errors[i]);
  }
  g_assert_true (sp_random_pool_take (pool, data, sizeof data, NULL));
}

/* What the pool has already drawn is good; when it must draw again and cannot, it says so. */
static void
test_pool_fails_later (void)
{
  g_autoptr (SpRandomPool) pool = sp_random_pool_new ();
  guint8 nonce[NONCE_LEN];
  guint n_taken = 1;

  g_assert_true (sp_random_pool_take (pool, nonce, sizeof nonce, NULL));
  sp_random_set_source_for_tests (failing_source);
  while (n_taken < 1000 && sp_random_pool_take (pool, nonce, sizeof nonce, NULL))
    n_taken++;
  sp_random_set_source_for_tests (NULL);
  g_assert_cmpuint (n_taken, ==, 4096 / NONCE_LEN);
}

static int
compare_nonces (const void *a, const void *b)
{
  return memcmp (a, b, NONCE_LEN);
}

static void
test_pool_never_repeats (void)
{
  g_autoptr (SpRandomPool) pool = sp_random_pool_new ();
  gsize n_nonces = 1000000;
  g_autofree guint8 *nonces = g_malloc0 (n_nonces * NONCE_LEN);
  gsize n_repeated = 0;

  for (gsize i = 0; i < n_nonces; i++)
    g_assert_true (sp_random_pool_take (pool, nonces + i * NONCE_LEN, NONCE_LEN, NULL));
  qsort (nonces, n_nonces, NONCE_LEN, compare_nonces);
  for (gsize i = 1; i < n_nonces; i++)
    n_repeated += compare_nonces (nonces + (i - 1) * NONCE_LEN, nonces + i * NONCE_LEN) == 0;
  g_assert_cmpuint (n_repeated, ==, 0);
}

static void
test_pool_sizes (void)
{
  static const gsize sizes[] = { 0, 1, 4095, 4096, 4097, 20000 };
  g_autoptr (SpRandomPool) pool = sp_random_pool_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autofree guint8 *data = g_malloc0 (sizes[i] + 1);

    g_assert_true (sp_random_pool_take (pool, data, sizes[i], NULL));
    g_assert_cmpuint (data[sizes[i]], ==, 0);
    g_assert_true (sizes[i] < 16 || !is_zero (data + sizes[i] - 16, 16));
  }
}

/* The sum of squared deviations over 2 to 1000 cells has the chi-square distribution. It stays below the
 * degrees of freedom, 40 and 8 standard deviations (sqrt (2 * freedom)) together, but once in over 10^9
 * runs. */
static void
test_uniform_chi_square (void)
{
  static const guint32 bounds[] = { 2, 3, 10, 26, 94, 1000 };

  for (gsize i = 0; i < G_N_ELEMENTS (bounds); i++) {
    guint n_draws = 100000;
    guint counts[1000] = { 0 };
    double expected = (double) n_draws / bounds[i];
    double freedom = bounds[i] - 1;
    double sum = 0;
    double excess;

    for (guint draw = 0; draw < n_draws; draw++) {
      guint32 value;

      g_assert_true (sp_random_uniform (bounds[i], &value, NULL));
      g_assert_cmpuint (value, <, bounds[i]);
      counts[value]++;
    }
    for (guint cell = 0; cell < bounds[i]; cell++)
      sum += (counts[cell] - expected) * (counts[cell] - expected) / expected;
    excess = sum - freedom - 40;
    /* The square spares a root. */
    g_assert_true (excess < 0 || excess * excess < 2 * freedom * 8 * 8);
  }
}

static void
test_uniform_one (void)
{
  guint32 value = 9;

  g_assert_true (sp_random_uniform (1, &value, NULL));
  g_assert_cmpuint (value, ==, 0);
}

/* With 3 * 2^30 cells, a quarter of all draws must be refused; taken as remainders, they would make the
 * first third of all values twice as likely. */
static void
test_uniform_rejects (void)
{
  guint32 bound = 3u << 30;
  guint n_in_first_third = 0;

  for (guint i = 0; i < 30000; i++) {
    guint32 value;

    g_assert_true (sp_random_uniform (bound, &value, NULL));
    n_in_first_third += value < bound / 3;
  }
  /* 10,000 expected, 82 the standard deviation; 15,000 if taken as remainders. */
  g_assert_cmpuint (n_in_first_third, >, 9300);
  g_assert_cmpuint (n_in_first_third, <, 10700);
}

/* A source stuck in the refused part ends in an error, not in an endless loop. */
static void
test_uniform_stuck_source (void)
{
  g_autoptr (GError) error = NULL;
  guint32 value = 9;

  sp_random_set_source_for_tests (ones_source);
  g_assert_false (sp_random_uniform (10, &value, &error));
  sp_random_set_source_for_tests (zero_source);
  g_assert_true (sp_random_uniform (10, &value, NULL));
  sp_random_set_source_for_tests (NULL);
  g_assert_error (error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_RANDOM);
  g_assert_cmpuint (value, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/crypto/random/bytes", test_bytes);
  g_test_add_func ("/crypto/random/bits-balanced", test_bits_balanced);
  g_test_add_func ("/crypto/random/secret", test_secret);
  g_test_add_func ("/crypto/random/id", test_id);
  g_test_add_func ("/crypto/random/id-other-bits", test_id_other_bits);
  g_test_add_func ("/crypto/random/source-fails", test_source_fails);
  g_test_add_func ("/crypto/random/pool-fails-later", test_pool_fails_later);
  g_test_add_func ("/crypto/random/pool-never-repeats", test_pool_never_repeats);
  g_test_add_func ("/crypto/random/pool-sizes", test_pool_sizes);
  g_test_add_func ("/crypto/random/uniform-chi-square", test_uniform_chi_square);
  g_test_add_func ("/crypto/random/uniform-one", test_uniform_one);
  g_test_add_func ("/crypto/random/uniform-rejects", test_uniform_rejects);
  g_test_add_func ("/crypto/random/uniform-stuck-source", test_uniform_stuck_source);

  return sp_test_run ();
}
