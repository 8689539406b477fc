/* SPDX-License-Identifier: GPL-3.0-or-later */

/* AES-256-GCM: known answers, and that nothing but exactly what was sealed opens. */

#include "config.h"

#include "crypto/sp-aead.h"

#include <string.h>

#include "common/sp-test.h"
#include "crypto/sp-crypto.h"

typedef struct {
  const char *key;
  const char *nonce;
  const char *aad;
  const char *plain;
  const char *sealed; /* ciphertext and tag */
} Vector;

static const Vector known_answers[] = {
  /* McGrew and Viega, The Galois/Counter Mode of Operation (GCM), appendix B, test cases 13 to 16 */
  { "0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
    "", "", "530f8afbc74536b9a963b4f1c4cb738b" },
  { "0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
    "", "00000000000000000000000000000000",
    "cea7403d4d606b6e074ec5d3baf39d18 d0d1c8a799996bf0265b98b5d48ab919" },
  { "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
    "",
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255",
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
    "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"
    "b094dac5d93471bdec1a502270e3cc6c" },
  { "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
    "feedfacedeadbeeffeedfacedeadbeefabaddad2",
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
    "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
    "76fc6ece0f4e1768cddf8853bb2d551b" },
  /* NIST CAVP, gcmEncryptExtIV256.rsp, [IVlen = 96, PTlen = 0, AADlen = 0, Taglen = 128], count 0 */
  { "b52c505a37d78eda5dd34f20c22540ea1b58963cf8e5bf8ffa85f9f2492505b4", "516c33929df5a3284ff463d7",
    "", "", "bdc1ac884d332457a1d2664f168c76f0" },
};

/* One key and one message, sealed, for the tests that then change something. */
typedef struct {
  SpAead *aead;
  guint8 nonce[SP_AEAD_NONCE_LEN];
  guint8 plain[100];
  guint8 sealed[100 + SP_AEAD_OVERHEAD];
  guint8 opened[100];
} Fixture;

static const guint8 the_aad[] = "record 7, revision 3";

static SpAead *
aead_new (guint8 fill)
{
  guint8 *data;
  g_autoptr (SpSecret) key = sp_secret_new_uninitialized (SP_AEAD_KEY_LEN, &data);
  g_autoptr (GError) error = NULL;
  SpAead *aead;

  memset (data, fill, SP_AEAD_KEY_LEN);
  aead = sp_aead_new (key, &error);
  g_assert_no_error (error);
  return aead;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  guint64 state = 5;

  fixture->aead = aead_new (0x42);
  sp_test_random_fill (&state, fixture->nonce, sizeof fixture->nonce);
  sp_test_random_fill (&state, fixture->plain, sizeof fixture->plain);
  memset (fixture->opened, 0xee, sizeof fixture->opened);
  g_assert_true (sp_aead_seal (fixture->aead, fixture->nonce, the_aad, sizeof the_aad,
                               fixture->plain, sizeof fixture->plain, fixture->sealed, NULL));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  sp_aead_free (fixture->aead);
}

static gboolean
open_fixture (Fixture *fixture)
{
  return sp_aead_open (fixture->aead, the_aad, sizeof the_aad, fixture->sealed,
                       sizeof fixture->sealed, fixture->opened, NULL);
}

/* Refused as not authentic, and no plaintext is left. */
static void
assert_refused (Fixture *fixture, SpAead *aead, gsize aad_len, gsize sealed_len)
{
  g_autoptr (GError) error = NULL;
  gsize n_left = 0;

  memset (fixture->opened, 0xee, sizeof fixture->opened);
  g_assert_false (
      sp_aead_open (aead, the_aad, aad_len, fixture->sealed, sealed_len, fixture->opened, &error));
  g_assert_error (error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_TAG);
  if (sealed_len < SP_AEAD_OVERHEAD)
    return;
  for (gsize i = 0; i < sealed_len - SP_AEAD_OVERHEAD; i++)
    n_left += fixture->opened[i] != 0;
  g_assert_cmpuint (n_left, ==, 0);
}

static void
test_known_answers (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (known_answers); i++) {
    const Vector *vector = &known_answers[i];
    g_autoptr (SpSecret) key = sp_test_hex_secret (vector->key);
    g_autoptr (SpAead) aead = sp_aead_new (key, NULL);
    gsize aad_len;
    gsize plain_len;
    g_autofree guint8 *nonce = sp_test_hex (vector->nonce, NULL);
    g_autofree guint8 *aad = sp_test_hex (vector->aad, &aad_len);
    g_autofree guint8 *plain = sp_test_hex (vector->plain, &plain_len);
    g_autofree guint8 *sealed = g_malloc (plain_len + SP_AEAD_OVERHEAD);
    g_autofree guint8 *opened = g_malloc (plain_len + 1);

    g_assert_true (sp_aead_seal (aead, nonce, aad, aad_len, plain, plain_len, sealed, NULL));
    sp_test_assert_mem (sealed, SP_AEAD_NONCE_LEN, nonce, SP_AEAD_NONCE_LEN);
    sp_test_assert_hex (sealed + SP_AEAD_NONCE_LEN, plain_len + SP_AEAD_TAG_LEN, vector->sealed);
    g_assert_true (
        sp_aead_open (aead, aad, aad_len, sealed, plain_len + SP_AEAD_OVERHEAD, opened, NULL));
    sp_test_assert_mem (opened, plain_len, plain, plain_len);
  }
}

static void
test_round_trip (Fixture *fixture, gconstpointer data)
{
  g_assert_true (open_fixture (fixture));
  sp_test_assert_mem (fixture->opened, sizeof fixture->opened, fixture->plain,
                      sizeof fixture->plain);
}

/* Each bit of nonce, ciphertext and tag. */
static void
test_every_bit (Fixture *fixture, gconstpointer data)
{
  for (gsize bit = 0; bit < sizeof fixture->sealed * 8; bit++) {
    fixture->sealed[bit / 8] ^= (guint8) (1 << bit % 8);
    assert_refused (fixture, fixture->aead, sizeof the_aad, sizeof fixture->sealed);
    fixture->sealed[bit / 8] ^= (guint8) (1 << bit % 8);
  }
  g_assert_true (open_fixture (fixture));
}

static void
test_every_truncation (Fixture *fixture, gconstpointer data)
{
  for (gsize len = 0; len < sizeof fixture->sealed; len++)
    assert_refused (fixture, fixture->aead, sizeof the_aad, len);
}

static void
test_wrong_aad (Fixture *fixture, gconstpointer data)
{
  assert_refused (fixture, fixture->aead, sizeof the_aad - 1, sizeof fixture->sealed);
  assert_refused (fixture, fixture->aead, 0, sizeof fixture->sealed);
}

static void
test_wrong_key (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SpAead) other = aead_new (0x43);

  assert_refused (fixture, other, sizeof the_aad, sizeof fixture->sealed);
}

static void
test_opens_after_refusal (Fixture *fixture, gconstpointer data)
{
  fixture->sealed[20] ^= 1;
  g_assert_false (open_fixture (fixture));
  fixture->sealed[20] ^= 1;
  g_assert_true (open_fixture (fixture));
}

/* The tag of one nonce is not that of another, under one key and with the same text. */
static void
test_nonce_matters (Fixture *fixture, gconstpointer data)
{
  guint8 other[sizeof fixture->sealed];

  fixture->nonce[0] ^= 1;
  g_assert_true (sp_aead_seal (fixture->aead, fixture->nonce, the_aad, sizeof the_aad,
                               fixture->plain, sizeof fixture->plain, other, NULL));
  g_assert_true (memcmp (other + SP_AEAD_NONCE_LEN, fixture->sealed + SP_AEAD_NONCE_LEN, 100) != 0);
}

/* Many messages of many sizes through one pair of contexts, both directions in turn. */
static void
test_reused (void)
{
  g_autoptr (SpAead) aead = aead_new (1);
  guint64 state = 21;
  guint8 plain[2000];
  guint8 sealed[2000 + SP_AEAD_OVERHEAD];
  guint8 opened[2000];

  for (guint i = 0; i < 5000; i++) {
    guint8 nonce[SP_AEAD_NONCE_LEN];
    guint8 aad[64];
    gsize len = sp_test_random (&state) % sizeof plain;
    gsize aad_len = sp_test_random (&state) % sizeof aad;

    sp_test_random_fill (&state, nonce, sizeof nonce);
    sp_test_random_fill (&state, aad, aad_len);
    sp_test_random_fill (&state, plain, len);
    g_assert_true (sp_aead_seal (aead, nonce, aad, aad_len, plain, len, sealed, NULL));
    g_assert_true (sp_aead_open (aead, aad, aad_len, sealed, len + SP_AEAD_OVERHEAD, opened, NULL));
    sp_test_assert_mem (opened, len, plain, len);
  }
}

static void
test_empty (void)
{
  g_autoptr (SpAead) aead = aead_new (2);
  guint8 nonce[SP_AEAD_NONCE_LEN] = { 1 };
  guint8 sealed[SP_AEAD_OVERHEAD];

  g_assert_true (sp_aead_seal (aead, nonce, NULL, 0, NULL, 0, sealed, NULL));
  g_assert_true (sp_aead_open (aead, NULL, 0, sealed, sizeof sealed, NULL, NULL));
  sealed[SP_AEAD_OVERHEAD - 1] ^= 1;
  g_assert_false (sp_aead_open (aead, NULL, 0, sealed, sizeof sealed, NULL, NULL));
}

static void
test_key_length (void)
{
  static const gsize lengths[] = { 0, 16, 31, 33, 64 };

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++) {
    guint8 *data;
    g_autoptr (SpSecret) key = sp_secret_new_uninitialized (lengths[i], &data);
    g_autoptr (GError) error = NULL;

    g_assert_null (sp_aead_new (key, &error));
    g_assert_error (error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_PARAMETERS);
  }
}

/* Refused before anything is read: no test has that much. */
static void
test_too_long (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) seal_error = NULL;
  g_autoptr (GError) open_error = NULL;
  gsize too_long = (gsize) G_MAXINT + 1;

  g_assert_false (sp_aead_seal (fixture->aead, fixture->nonce, NULL, 0, fixture->plain, too_long,
                                fixture->sealed, &seal_error));
  g_assert_error (seal_error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_PARAMETERS);
  g_assert_false (sp_aead_open (fixture->aead, the_aad, too_long, fixture->sealed,
                                sizeof fixture->sealed, fixture->opened, &open_error));
  g_assert_error (open_error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_PARAMETERS);
}

static void
add_fixture_test (const char *path, void (*test) (Fixture *fixture, gconstpointer data))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/crypto/aead/known-answers", test_known_answers);
  add_fixture_test ("/crypto/aead/round-trip", test_round_trip);
  add_fixture_test ("/crypto/aead/every-bit", test_every_bit);
  add_fixture_test ("/crypto/aead/every-truncation", test_every_truncation);
  add_fixture_test ("/crypto/aead/wrong-aad", test_wrong_aad);
  add_fixture_test ("/crypto/aead/wrong-key", test_wrong_key);
  add_fixture_test ("/crypto/aead/opens-after-refusal", test_opens_after_refusal);
  add_fixture_test ("/crypto/aead/nonce-matters", test_nonce_matters);
  add_fixture_test ("/crypto/aead/too-long", test_too_long);
  g_test_add_func ("/crypto/aead/reused", test_reused);
  g_test_add_func ("/crypto/aead/empty", test_empty);
  g_test_add_func ("/crypto/aead/key-length", test_key_length);

  return sp_test_run ();
}
