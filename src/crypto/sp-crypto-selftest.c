/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One known answer for each primitive, computed through the same functions that the vault uses, so that a
 * broken library, a miscompiled build or a wrong parameter is found before it seals anything. Everything
 * here is public. Costs under a millisecond once OpenSSL has started, most of it Argon2id's. */

#define G_LOG_DOMAIN "sp-crypto"

#include "config.h"

#include <string.h>

#include "base/sp-encoding.h"
#include "base/sp-wipe.h"
#include "crypto/sp-aead.h"
#include "crypto/sp-crypto-private.h"
#include "crypto/sp-hash.h"
#include "crypto/sp-sealed-box.h"

typedef struct {
  guint8 *data; /* (owned) */
  gsize len;
} Bytes;

static void
bytes_clear (Bytes *self)
{
  g_clear_pointer (&self->data, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Bytes, bytes_clear)

typedef gboolean (*CheckFunc) (const SpSelfTestVector *vector,
                               const Bytes *expected,
                               GError **error);

static const SpSelfTestVector vectors[] = {
  {
      /* McGrew and Viega, The Galois/Counter Mode of Operation (GCM), appendix B, test case 16 */
      .name = "AES-256-GCM",
      .kind = SP_SELF_TEST_AEAD,
      .key = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
      .salt = "cafebabefacedbaddecaf888",
      .aad = "feedfacedeadbeeffeedfacedeadbeefabaddad2",
      .input = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
               "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
      .expected = "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                  "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
                  "76fc6ece0f4e1768cddf8853bb2d551b",
  },
  {
      /* FIPS 180-4, NIST's example "abc" */
      .name = "SHA-256",
      .kind = SP_SELF_TEST_SHA256,
      .input = "616263",
      .expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  },
  {
      /* RFC 4231 section 4.3 */
      .name = "HMAC-SHA256",
      .kind = SP_SELF_TEST_HMAC,
      .key = "4a656665",
      .input = "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
      .expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  },
  {
      /* RFC 5869 appendix A.1 */
      .name = "HKDF-SHA256",
      .kind = SP_SELF_TEST_HKDF,
      .key = "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
      .salt = "000102030405060708090a0b0c",
      .aad = "f0f1f2f3f4f5f6f7f8f9",
      .expected = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
                  "34007208d5b887185865",
  },
  {
      /* As little memory as still has blocks of both kinds of addressing in each pass. Computed by libsodium, whose
       * code is another one; the published vectors, in tests/crypto/test-kdf.c, take more memory, or a secret. */
      .name = "Argon2id",
      .kind = SP_SELF_TEST_ARGON2ID,
      .key = "70617373776f7264",
      .salt = "736f6d6573616c74736f6d6573616c74",
      .expected = "2130cc7fe0b1aeb77ebbe70ff2904cda096a72c81720489d79f7c3afef619fdf",
      .cost = { .memory_kib = 32, .passes = 2, .lanes = 1 },
  },
  {
      /* The seed of libsodium's test/default/box_seed.c (Alice's key of RFC 7748 section 6.1). The public key
       * was computed from the definition, X25519 (the first 32 bytes of SHA-512 (seed), 9), apart from it. */
      .name = "sealed box",
      .kind = SP_SELF_TEST_SEALED_BOX,
      .key = "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
      .input = "74686520717569636b2062726f776e20666f78",
      .expected = "ed7749b4d989f6957f3bfde6c56767e988e21c9f8784d91d610011cd553f9b06",
  },
};

/* Reads a member of a vector; NULL is no bytes. */
static gboolean
read_hex (const char *hex, Bytes *out_bytes)
{
  gsize len = hex != NULL ? strlen (hex) / 2 : 0;

  out_bytes->len = len;
  out_bytes->data = g_malloc0 (len + 1);
  return hex == NULL || sp_hex_decode (hex, out_bytes->data, len);
}

static SpSecret *
read_secret (const char *hex)
{
  g_auto (Bytes) bytes = { NULL, 0 };

  if (!read_hex (hex, &bytes))
    return NULL;
  return sp_secret_new (bytes.data, bytes.len);
}

static gboolean
matches (const Bytes *expected, const guint8 *data, gsize len)
{
  return len == expected->len && sp_bytes_equal (data, expected->data, len);
}

static gboolean
check_aead (const SpSelfTestVector *vector, const Bytes *expected, GError **error)
{
  g_autoptr (SpSecret) key = read_secret (vector->key);
  g_autoptr (SpAead) aead = NULL;
  g_auto (Bytes) nonce = { NULL, 0 };
  g_auto (Bytes) aad = { NULL, 0 };
  g_auto (Bytes) plain = { NULL, 0 };
  g_autofree guint8 *sealed = NULL;
  g_autofree guint8 *opened = NULL;
  gsize sealed_len;

  if (key == NULL || !read_hex (vector->salt, &nonce) || !read_hex (vector->aad, &aad) ||
      !read_hex (vector->input, &plain) || nonce.len != SP_AEAD_NONCE_LEN)
    return FALSE;
  aead = sp_aead_new (key, error);
  if (aead == NULL)
    return FALSE;

  sealed_len = plain.len + SP_AEAD_OVERHEAD;
  sealed = g_malloc0 (sealed_len);
  opened = g_malloc0 (plain.len + 1);
  if (!sp_aead_seal (aead, nonce.data, aad.data, aad.len, plain.data, plain.len, sealed, error) ||
      !matches (expected, sealed + SP_AEAD_NONCE_LEN, sealed_len - SP_AEAD_NONCE_LEN))
    return FALSE;
  if (!sp_aead_open (aead, aad.data, aad.len, sealed, sealed_len, opened, error) ||
      !sp_bytes_equal (opened, plain.data, plain.len))
    return FALSE;

  /* A cipher that accepts anything would pass so far. */
  sealed[sealed_len - 1] ^= 1;
  return !sp_aead_open (aead, aad.data, aad.len, sealed, sealed_len, opened, NULL);
}

static gboolean
check_sha256 (const SpSelfTestVector *vector, const Bytes *expected, GError **error)
{
  g_auto (Bytes) input = { NULL, 0 };
  guint8 hash[SP_SHA256_LEN];

  return read_hex (vector->input, &input) && sp_sha256 (input.data, input.len, hash, error) &&
         matches (expected, hash, sizeof hash);
}

static gboolean
check_hmac (const SpSelfTestVector *vector, const Bytes *expected, GError **error)
{
  g_autoptr (SpSecret) key = read_secret (vector->key);
  g_auto (Bytes) input = { NULL, 0 };
  guint8 mac[SP_SHA256_LEN];

  return key != NULL && read_hex (vector->input, &input) &&
         sp_hmac (SP_HASH_SHA256, key, input.data, input.len, mac, error) &&
         matches (expected, mac, sizeof mac);
}

static gboolean
check_hkdf (const SpSelfTestVector *vector, const Bytes *expected, GError **error)
{
  g_autoptr (SpSecret) ikm = read_secret (vector->key);
  g_autoptr (SpSecret) key = NULL;
  g_auto (Bytes) salt = { NULL, 0 };
  g_auto (Bytes) info = { NULL, 0 };

  if (ikm == NULL || !read_hex (vector->salt, &salt) || !read_hex (vector->aad, &info))
    return FALSE;
  key = sp_hkdf (ikm, salt.data, salt.len, (const char *) info.data, expected->len, error);
  return key != NULL && matches (expected, sp_secret_peek (key, NULL), sp_secret_get_length (key));
}

static gboolean
check_argon2id (const SpSelfTestVector *vector, const Bytes *expected, GError **error)
{
  g_autoptr (SpSecret) password = read_secret (vector->key);
  g_autoptr (SpSecret) key = NULL;
  g_auto (Bytes) salt = { NULL, 0 };

  if (password == NULL || !read_hex (vector->salt, &salt))
    return FALSE;
  key = sp_kdf_argon2 (SP_KDF_ARGON2ID, &vector->cost, password, salt.data, salt.len, expected->len,
                       error);
  return key != NULL && matches (expected, sp_secret_peek (key, NULL), sp_secret_get_length (key));
}

static gboolean
check_sealed_box (const SpSelfTestVector *vector, const Bytes *expected, GError **error)
{
  g_autoptr (SpSecret) seed = read_secret (vector->key);
  g_autoptr (SpSecret) opened = NULL;
  g_autoptr (GBytes) sealed = NULL;
  g_auto (Bytes) message = { NULL, 0 };
  guint8 public_key[SP_SEALED_BOX_PUBLIC_LEN];
  const guint8 *sealed_data;
  gsize sealed_len;

  if (seed == NULL || !read_hex (vector->input, &message) ||
      !sp_sealed_box_public_key (seed, public_key, error) ||
      !matches (expected, public_key, sizeof public_key))
    return FALSE;
  sealed = sp_sealed_box_seal (public_key, message.data, message.len, error);
  if (sealed == NULL)
    return FALSE;
  sealed_data = g_bytes_get_data (sealed, &sealed_len);
  opened = sp_sealed_box_open (seed, sealed_data, sealed_len, error);
  return opened != NULL && sp_secret_get_length (opened) == message.len &&
         sp_bytes_equal (sp_secret_peek (opened, NULL), message.data, message.len);
}

/*
 * sp_crypto_self_test_get_vectors:
 * @out_n_vectors: (out): how many
 *
 * Returns: (transfer none) (array length=out_n_vectors): the known answers
 */
const SpSelfTestVector *
sp_crypto_self_test_get_vectors (gsize *out_n_vectors)
{
  *out_n_vectors = G_N_ELEMENTS (vectors);
  return vectors;
}

/*
 * sp_crypto_self_test_check:
 * @vector: a known answer
 * @error: return location for %SP_CRYPTO_ERROR_SELF_TEST
 *
 * Computes what the vector describes, and compares.
 *
 * Returns: %FALSE if it comes out otherwise or not at all
 */
gboolean
sp_crypto_self_test_check (const SpSelfTestVector *vector, GError **error)
{
  static const CheckFunc checks[] = {
    [SP_SELF_TEST_AEAD] = check_aead,         [SP_SELF_TEST_SHA256] = check_sha256,
    [SP_SELF_TEST_HMAC] = check_hmac,         [SP_SELF_TEST_HKDF] = check_hkdf,
    [SP_SELF_TEST_ARGON2ID] = check_argon2id, [SP_SELF_TEST_SEALED_BOX] = check_sealed_box,
  };
  g_autoptr (GError) reason = NULL;
  g_auto (Bytes) expected = { NULL, 0 };

  g_return_val_if_fail (vector != NULL, FALSE);
  g_return_val_if_fail (vector->kind < G_N_ELEMENTS (checks), FALSE);

  if (read_hex (vector->expected, &expected) && checks[vector->kind](vector, &expected, &reason))
    return TRUE;

  g_set_error (error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_SELF_TEST, "the self-test of %s failed: %s",
               vector->name,
               reason != NULL ? reason->message : "another answer than the known one");
  return FALSE;
}
