/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "crypto/sp-sealed-box.h"

#include <string.h>

#include "common/sp-test.h"
#include "crypto/sp-crypto.h"

/* The seed of libsodium's test/default/box_seed.c; the public key is X25519 (RFC 7748) of the first 32
 * bytes of its SHA-512 and 9, computed apart from libsodium. */
#define SEED   "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"
#define PUBLIC "ed7749b4d989f6957f3bfde6c56767e988e21c9f8784d91d610011cd553f9b06"

static GBytes *
seal (const char *seed_hex, const char *message)
{
  g_autoptr (SpSecret) seed = sp_test_hex_secret (seed_hex);
  guint8 public_key[SP_SEALED_BOX_PUBLIC_LEN];
  g_autoptr (GError) error = NULL;
  GBytes *sealed;

  g_assert_true (sp_sealed_box_public_key (seed, public_key, NULL));
  sealed = sp_sealed_box_seal (public_key, (const guint8 *) message, strlen (message), &error);
  g_assert_no_error (error);
  return sealed;
}

static void
assert_refused (const SpSecret *seed, const guint8 *sealed, gsize len)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (sp_sealed_box_open (seed, sealed, len, &error));
  g_assert_error (error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_TAG);
}

static void
test_public_key (void)
{
  g_autoptr (SpSecret) seed = sp_test_hex_secret (SEED);
  guint8 public_key[SP_SEALED_BOX_PUBLIC_LEN];

  g_assert_true (sp_sealed_box_public_key (seed, public_key, NULL));
  sp_test_assert_hex (public_key, sizeof public_key, PUBLIC);
}

static void
test_round_trip (void)
{
  static const char *const messages[] = { "", "x", "unlocking failed at 04:05" };
  g_autoptr (SpSecret) seed = sp_test_hex_secret (SEED);

  for (gsize i = 0; i < G_N_ELEMENTS (messages); i++) {
    g_autoptr (GBytes) sealed = seal (SEED, messages[i]);
    g_autoptr (SpSecret) opened = NULL;
    gsize len;
    const guint8 *data = g_bytes_get_data (sealed, &len);

    g_assert_cmpuint (len, ==, strlen (messages[i]) + SP_SEALED_BOX_OVERHEAD);
    opened = sp_sealed_box_open (seed, data, len, NULL);
    g_assert_cmpstr (sp_secret_peek_text (opened), ==, messages[i]);
  }
}

static void
test_differs_each_time (void)
{
  g_autoptr (GBytes) first = seal (SEED, "the same");
  g_autoptr (GBytes) second = seal (SEED, "the same");

  g_assert_false (g_bytes_equal (first, second));
}

static void
test_every_byte (void)
{
  g_autoptr (SpSecret) seed = sp_test_hex_secret (SEED);
  gsize len;
  g_autofree guint8 *sealed = g_bytes_unref_to_data (seal (SEED, "an event"), &len);

  for (gsize i = 0; i < len; i++) {
    sealed[i] ^= 1;
    assert_refused (seed, sealed, len);
    sealed[i] ^= 1;
  }
  for (gsize shorter = 0; shorter < len; shorter++)
    assert_refused (seed, sealed, shorter);
}

static void
test_other_seed (void)
{
  g_autoptr (SpSecret) other = sp_test_hex_secret (PUBLIC);
  g_autoptr (GBytes) sealed = seal (SEED, "an event");
  gsize len;
  const guint8 *data = g_bytes_get_data (sealed, &len);

  assert_refused (other, data, len);
}

static void
test_seed_length (void)
{
  g_autoptr (SpSecret) seed = sp_secret_new_text ("31 bytes are no seed, nor are 33");
  g_autoptr (SpSecret) shorter = sp_secret_new (sp_secret_peek (seed, NULL), 31);
  guint8 public_key[SP_SEALED_BOX_PUBLIC_LEN];
  guint8 sealed[SP_SEALED_BOX_OVERHEAD] = { 0 };
  g_autoptr (GError) public_error = NULL;
  g_autoptr (GError) open_error = NULL;

  g_assert_false (sp_sealed_box_public_key (shorter, public_key, &public_error));
  g_assert_error (public_error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_PARAMETERS);
  g_assert_null (sp_sealed_box_open (shorter, sealed, sizeof sealed, &open_error));
  g_assert_error (open_error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_PARAMETERS);
}

/* The point of order one, with which everybody shares the same secret. */
static void
test_useless_public_key (void)
{
  guint8 public_key[SP_SEALED_BOX_PUBLIC_LEN] = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_null (sp_sealed_box_seal (public_key, (const guint8 *) "x", 1, &error));
  g_assert_error (error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_FAILED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/crypto/sealed-box/public-key", test_public_key);
  g_test_add_func ("/crypto/sealed-box/round-trip", test_round_trip);
  g_test_add_func ("/crypto/sealed-box/differs-each-time", test_differs_each_time);
  g_test_add_func ("/crypto/sealed-box/every-byte", test_every_byte);
  g_test_add_func ("/crypto/sealed-box/other-seed", test_other_seed);
  g_test_add_func ("/crypto/sealed-box/seed-length", test_seed_length);
  g_test_add_func ("/crypto/sealed-box/useless-public-key", test_useless_public_key);

  return sp_test_run ();
}
