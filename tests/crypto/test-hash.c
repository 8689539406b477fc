/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "crypto/sp-hash.h"

#include <string.h>

#include "common/sp-test.h"
#include "crypto/sp-crypto.h"

/* FIPS 180-4: NIST's example values for SHA-256 (one block, two blocks), and the empty message. */
static void
test_sha256 (void)
{
  static const char *const vectors[][2] = {
    { "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
    { "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
    { "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++) {
    guint8 hash[SP_SHA256_LEN];

    g_assert_true (sp_sha256 ((const guint8 *) vectors[i][0], strlen (vectors[i][0]), hash, NULL));
    sp_test_assert_hex (hash, sizeof hash, vectors[i][1]);
  }
}

static void
test_sha256_null (void)
{
  guint8 hash[SP_SHA256_LEN];

  g_assert_true (sp_sha256 (NULL, 0, hash, NULL));
  sp_test_assert_hex (hash, sizeof hash,
                      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

/* FIPS 180-4: NIST's example of a million times "a", in pieces. */
static void
test_sha256_streamed (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpSha256) sha256 = sp_sha256_new (&error);
  guint8 hash[SP_SHA256_LEN];
  guint8 block[1000];

  g_assert_no_error (error);
  memset (block, 'a', sizeof block);
  for (guint i = 0; i < 1000; i++) {
    g_assert_true (sp_sha256_update (sha256, block, i, NULL));
    g_assert_true (sp_sha256_update (sha256, block, sizeof block - i, NULL));
  }
  g_assert_true (sp_sha256_finish (sha256, hash, NULL));
  sp_test_assert_hex (hash, sizeof hash,
                      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void
test_lengths (void)
{
  g_assert_cmpuint (sp_hash_get_length (SP_HASH_SHA1), ==, 20);
  g_assert_cmpuint (sp_hash_get_length (SP_HASH_SHA256), ==, 32);
  g_assert_cmpuint (sp_hash_get_length (SP_HASH_SHA512), ==, 64);
}

typedef struct {
  const char *key;
  const char *data;
  const char *sha1;
  const char *sha256;
  const char *sha512;
} HmacVector;

#define AA_16  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define AA_80  AA_16 AA_16 AA_16 AA_16 AA_16
#define AA_131 AA_80 AA_16 AA_16 AA_16 "aaaaaa"

/* RFC 4231 sections 4.2, 4.3 and 4.7; SHA-1's from RFC 2202 section 3, cases 1, 2 and 6 (another key). */
static const HmacVector hmac_vectors[] = {
  { "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "Hi There",
    "b617318655057264e28bc0b6fb378c8ef146be00",
    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
    "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
    "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854" },
  { "4a656665", "what do ya want for nothing?", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
    "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737" },
  { AA_80, "Test Using Larger Than Block-Size Key - Hash Key First",
    "aa4ae5e15272d00e95705637ce8a3b55ed402112", NULL, NULL },
  { AA_131, "Test Using Larger Than Block-Size Key - Hash Key First", NULL,
    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
    "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598" },
};

static void
check_hmac (SpHashAlgorithm algorithm, const HmacVector *vector, const char *expected)
{
  g_autoptr (SpSecret) key = sp_test_hex_secret (vector->key);
  guint8 mac[64];

  if (expected == NULL)
    return;
  g_assert_true (
      sp_hmac (algorithm, key, (const guint8 *) vector->data, strlen (vector->data), mac, NULL));
  sp_test_assert_hex (mac, sp_hash_get_length (algorithm), expected);
}

static void
test_hmac (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (hmac_vectors); i++) {
    check_hmac (SP_HASH_SHA1, &hmac_vectors[i], hmac_vectors[i].sha1);
    check_hmac (SP_HASH_SHA256, &hmac_vectors[i], hmac_vectors[i].sha256);
    check_hmac (SP_HASH_SHA512, &hmac_vectors[i], hmac_vectors[i].sha512);
  }
}

/* The empty key and message; computed by Python's hmac module. */
static void
test_hmac_empty (void)
{
  g_autoptr (SpSecret) key = sp_secret_new (NULL, 0);
  guint8 mac[SP_SHA256_LEN];

  g_assert_true (sp_hmac (SP_HASH_SHA256, key, NULL, 0, mac, NULL));
  sp_test_assert_hex (mac, sizeof mac,
                      "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

static gpointer
hmac_thread_cb (gpointer data)
{
  for (guint i = 0; i < 500; i++)
    check_hmac (SP_HASH_SHA256, &hmac_vectors[1], hmac_vectors[1].sha256);
  return NULL;
}

/* All threads copy the same context. */
static void
test_hmac_threads (void)
{
  GThread *threads[4];

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("hmac", hmac_thread_cb, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  check_hmac (SP_HASH_SHA1, &hmac_vectors[1], hmac_vectors[1].sha1);
}

typedef struct {
  const char *ikm;
  const char *salt;
  const char *info;
  const char *prk;
  const char *okm;
} HkdfVector;

/* RFC 5869 appendices A.1, A.2 and A.3 (without salt and info). */
static const HkdfVector hkdf_vectors[] = {
  { "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "000102030405060708090a0b0c",
    "f0f1f2f3f4f5f6f7f8f9", "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
    "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865" },
  { "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
    "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"
    "404142434445464748494a4b4c4d4e4f",
    "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f"
    "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"
    "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf",
    "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecf"
    "d0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeef"
    "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
    "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
    "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
    "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
    "cc30c58179ec3e87c14c01d5c1f3434f1d87" },
  { "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "",
    "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
    "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8" },
};

static void
test_hkdf (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (hkdf_vectors); i++) {
    const HkdfVector *vector = &hkdf_vectors[i];
    g_autoptr (SpSecret) ikm = sp_test_hex_secret (vector->ikm);
    g_autoptr (SpSecret) key = NULL;
    gsize salt_len;
    gsize info_len;
    g_autofree guint8 *salt = sp_test_hex (vector->salt, &salt_len);
    g_autofree guint8 *info = sp_test_hex (vector->info, &info_len);
    g_autofree char *info_text = g_strndup ((const char *) info, info_len);
    g_autoptr (GError) error = NULL;

    key = sp_hkdf (ikm, salt, salt_len, info_text, strlen (vector->okm) / 2, &error);
    g_assert_no_error (error);
    sp_test_assert_hex (sp_secret_peek (key, NULL), sp_secret_get_length (key), vector->okm);
  }
}

static void
test_hkdf_extract (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (hkdf_vectors); i++) {
    g_autoptr (SpSecret) salt = sp_test_hex_secret (hkdf_vectors[i].salt);
    g_autoptr (SpSecret) ikm = sp_test_hex_secret (hkdf_vectors[i].ikm);
    g_autoptr (SpSecret) prk = sp_hkdf_extract (salt, ikm, NULL);

    sp_test_assert_hex (sp_secret_peek (prk, NULL), sp_secret_get_length (prk),
                        hkdf_vectors[i].prk);
  }
}

static void
test_hkdf_purposes_differ (void)
{
  g_autoptr (SpSecret) ikm = sp_secret_new_text ("0123456789abcdef0123456789abcdef");
  g_autoptr (SpSecret) page = sp_hkdf (ikm, NULL, 0, "securepass/1/page", 32, NULL);
  g_autoptr (SpSecret) detail = sp_hkdf (ikm, NULL, 0, "securepass/1/detail", 32, NULL);
  g_autoptr (SpSecret) again = sp_hkdf (ikm, NULL, 0, "securepass/1/page", 32, NULL);

  g_assert_false (sp_secret_equal (page, detail));
  g_assert_true (sp_secret_equal (page, again));
}

static void
test_hkdf_length (void)
{
  static const gsize lengths[] = { 0, 255 * 32 + 1, G_MAXSIZE };
  g_autoptr (SpSecret) ikm = sp_secret_new_text ("ikm");
  g_autoptr (SpSecret) longest = sp_hkdf (ikm, NULL, 0, "", 255 * 32, NULL);

  g_assert_cmpuint (sp_secret_get_length (longest), ==, 255 * 32);
  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (sp_hkdf (ikm, NULL, 0, "", lengths[i], &error));
    g_assert_error (error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_PARAMETERS);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/crypto/hash/sha256", test_sha256);
  g_test_add_func ("/crypto/hash/sha256-null", test_sha256_null);
  g_test_add_func ("/crypto/hash/sha256-streamed", test_sha256_streamed);
  g_test_add_func ("/crypto/hash/lengths", test_lengths);
  g_test_add_func ("/crypto/hash/hmac", test_hmac);
  g_test_add_func ("/crypto/hash/hmac-empty", test_hmac_empty);
  g_test_add_func ("/crypto/hash/hmac-threads", test_hmac_threads);
  g_test_add_func ("/crypto/hash/hkdf", test_hkdf);
  g_test_add_func ("/crypto/hash/hkdf-extract", test_hkdf_extract);
  g_test_add_func ("/crypto/hash/hkdf-purposes-differ", test_hkdf_purposes_differ);
  g_test_add_func ("/crypto/hash/hkdf-length", test_hkdf_length);

  return sp_test_run ();
}
