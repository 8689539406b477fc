/* SPDX-License-Identifier: GPL-3.0-or-later */

/* OpenSSL searches its providers each time an algorithm is named, which costs more than hashing a short
 * message. So algorithms are fetched once per process, and HMAC keeps one context per digest, without a
 * key, that is only ever copied: copying a context that nobody changes needs no lock. */

#define G_LOG_DOMAIN "sp-hash"

#include "config.h"

#include "crypto/sp-hash.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "crypto/sp-crypto-private.h"

#define N_ALGORITHMS 3
#define HKDF_LEN_MAX (255 * SP_SHA256_LEN)

struct _SpSha256 {
  EVP_MD_CTX *context; /* (owned) */
};

/* What is fetched once; a member is NULL if this OpenSSL does not have it. */
typedef struct {
  EVP_MD *sha256;
  EVP_MAC_CTX *hmacs[N_ALGORITHMS]; /* with a digest, without a key; copied, never used */
  EVP_KDF *hkdf;
} Fetched;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_MAC_CTX, EVP_MAC_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_KDF_CTX, EVP_KDF_CTX_free)

static EVP_MAC_CTX *
hmac_template_new (EVP_MAC *hmac, const char *digest)
{
  EVP_MAC_CTX *context = EVP_MAC_CTX_new (hmac);
  OSSL_PARAM params[] = {
    OSSL_PARAM_construct_utf8_string (OSSL_MAC_PARAM_DIGEST, SP_CRYPTO_UNCONST (digest), 0),
    OSSL_PARAM_construct_end (),
  };

  if (context != NULL && EVP_MAC_CTX_set_params (context, params) != 1)
    g_clear_pointer (&context, EVP_MAC_CTX_free);
  return context;
}

static const Fetched *
get_fetched (void)
{
  static const char *const digests[N_ALGORITHMS] = { "SHA1", "SHA256", "SHA512" };
  static gsize initialised = 0;
  static Fetched fetched;

  if (g_once_init_enter (&initialised)) {
    EVP_MAC *hmac = EVP_MAC_fetch (NULL, "HMAC", NULL);

    fetched.sha256 = EVP_MD_fetch (NULL, "SHA256", NULL);
    fetched.hkdf = EVP_KDF_fetch (NULL, "HKDF", NULL);
    for (gsize i = 0; hmac != NULL && i < N_ALGORITHMS; i++)
      fetched.hmacs[i] = hmac_template_new (hmac, digests[i]);
    /* Each context holds a reference of its own. */
    EVP_MAC_free (hmac);
    g_once_init_leave (&initialised, 1);
  }
  return &fetched;
}

/**
 * sp_sha256_new:
 * @error: return location for a [error@CryptoError]
 *
 * Returns: (transfer full) (nullable): a SHA-256 (FIPS 180-4) computation, or %NULL with @error set
 */
SpSha256 *
sp_sha256_new (GError **error)
{
  const EVP_MD *sha256 = get_fetched ()->sha256;
  SpSha256 *self = g_new0 (SpSha256, 1);

  self->context = EVP_MD_CTX_new ();
  if (sha256 != NULL && self->context != NULL &&
      EVP_DigestInit_ex2 (self->context, sha256, NULL) == 1)
    return self;

  sp_sha256_free (self);
  sp_crypto_set_openssl_error (error, "starting SHA-256");
  return NULL;
}

/**
 * sp_sha256_free:
 * @self: (nullable): a computation
 */
void
sp_sha256_free (SpSha256 *self)
{
  if (self == NULL)
    return;

  EVP_MD_CTX_free (self->context);
  g_free (self);
}

/**
 * sp_sha256_update:
 * @self: a computation
 * @data: (array length=len) (nullable): what comes next
 * @len: its size in bytes
 * @error: return location for a [error@CryptoError]
 *
 * Returns: %FALSE if OpenSSL failed
 */
gboolean
sp_sha256_update (SpSha256 *self, const guint8 *data, gsize len, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (data != NULL || len == 0, FALSE);

  if (len == 0 || EVP_DigestUpdate (self->context, data, len) == 1)
    return TRUE;

  sp_crypto_set_openssl_error (error, "computing SHA-256");
  return FALSE;
}

/**
 * sp_sha256_finish:
 * @self: a computation, which can only be freed afterwards
 * @out_hash: (out caller-allocates): the digest
 * @error: return location for a [error@CryptoError]
 *
 * Returns: %FALSE if OpenSSL failed
 */
gboolean
sp_sha256_finish (SpSha256 *self, guint8 out_hash[static SP_SHA256_LEN], GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (EVP_DigestFinal_ex (self->context, out_hash, NULL) == 1)
    return TRUE;

  sp_crypto_set_openssl_error (error, "computing SHA-256");
  return FALSE;
}

/**
 * sp_sha256:
 * @data: (array length=len) (nullable): bytes
 * @len: how many
 * @out_hash: (out caller-allocates): their SHA-256
 * @error: return location for a [error@CryptoError]
 *
 * Returns: %FALSE if OpenSSL failed
 */
gboolean
sp_sha256 (const guint8 *data, gsize len, guint8 out_hash[static SP_SHA256_LEN], GError **error)
{
  const EVP_MD *sha256 = get_fetched ()->sha256;

  g_return_val_if_fail (data != NULL || len == 0, FALSE);

  if (sha256 != NULL && EVP_Digest (data != NULL ? data : (const guint8 *) "", len, out_hash, NULL,
                                    sha256, NULL) == 1)
    return TRUE;

  sp_crypto_set_openssl_error (error, "computing SHA-256");
  return FALSE;
}

/**
 * sp_hash_get_length:
 * @algorithm: a digest
 *
 * Returns: the size of its output in bytes
 */
gsize
sp_hash_get_length (SpHashAlgorithm algorithm)
{
  switch (algorithm) {
  case SP_HASH_SHA1:
    return 20;
  case SP_HASH_SHA256:
    return SP_SHA256_LEN;
  case SP_HASH_SHA512:
    return 64;
  default:
    g_return_val_if_reached (0);
  }
}

/**
 * sp_hmac:
 * @algorithm: a digest
 * @key: a key of any length
 * @data: (array length=len) (nullable): what to authenticate
 * @len: its size in bytes
 * @out_mac: (out caller-allocates): as many bytes as sp_hash_get_length() says
 * @error: return location for a [error@CryptoError]
 *
 * Computes an HMAC (RFC 2104).
 *
 * Returns: %FALSE if OpenSSL failed
 */
gboolean
sp_hmac (SpHashAlgorithm algorithm,
         const SpSecret *key,
         const guint8 *data,
         gsize len,
         guint8 *out_mac,
         GError **error)
{
  gsize mac_len = sp_hash_get_length (algorithm);
  const EVP_MAC_CTX *template = NULL;
  g_autoptr (EVP_MAC_CTX) context = NULL;
  const guint8 *key_data;
  gsize key_len;

  g_return_val_if_fail (mac_len > 0, FALSE);
  g_return_val_if_fail (key != NULL && out_mac != NULL, FALSE);
  g_return_val_if_fail (data != NULL || len == 0, FALSE);

  key_data = sp_secret_peek (key, &key_len);
  template = get_fetched ()->hmacs[algorithm];
  if (template != NULL)
    context = EVP_MAC_CTX_dup (template);
  if (context != NULL && EVP_MAC_init (context, key_data, key_len, NULL) == 1 &&
      (len == 0 || EVP_MAC_update (context, data, len) == 1) &&
      EVP_MAC_final (context, out_mac, NULL, mac_len) == 1)
    return TRUE;

  sp_crypto_set_openssl_error (error, "computing an HMAC");
  return FALSE;
}

/**
 * sp_hkdf:
 * @ikm: the input keying material
 * @salt: (array length=salt_len) (nullable): the salt
 * @salt_len: its size in bytes
 * @info: what the key is for
 * @out_len: how many bytes are wanted, 1 to 8160
 * @error: return location for a [error@CryptoError]
 *
 * Derives a key by HKDF-SHA256 (RFC 5869), extracting and expanding.
 *
 * Returns: (transfer full) (nullable): the key, or %NULL with @error set
 */
SpSecret *
sp_hkdf (const SpSecret *ikm,
         const guint8 *salt,
         gsize salt_len,
         const char *info,
         gsize out_len,
         GError **error)
{
  EVP_KDF *hkdf = get_fetched ()->hkdf;
  g_autoptr (EVP_KDF_CTX) context = hkdf != NULL ? EVP_KDF_CTX_new (hkdf) : NULL;
  g_autoptr (SpSecret) out = NULL;
  OSSL_PARAM params[5];
  OSSL_PARAM *next = params;
  const guint8 *ikm_data;
  gsize ikm_len;
  guint8 *out_data;

  g_return_val_if_fail (ikm != NULL && info != NULL, NULL);
  g_return_val_if_fail (salt != NULL || salt_len == 0, NULL);

  if (out_len == 0 || out_len > HKDF_LEN_MAX) {
    g_set_error (error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_PARAMETERS,
                 "HKDF cannot derive %" G_GSIZE_FORMAT " bytes", out_len);
    return NULL;
  }

  ikm_data = sp_secret_peek (ikm, &ikm_len);
  *next++ = OSSL_PARAM_construct_utf8_string (OSSL_KDF_PARAM_DIGEST, SP_CRYPTO_UNCONST ("SHA256"),
                                              0);
  *next++ = OSSL_PARAM_construct_octet_string (OSSL_KDF_PARAM_KEY, SP_CRYPTO_UNCONST (ikm_data),
                                               ikm_len);
  *next++ = OSSL_PARAM_construct_octet_string (OSSL_KDF_PARAM_INFO, SP_CRYPTO_UNCONST (info),
                                               strlen (info));
  if (salt_len > 0)
    *next++ = OSSL_PARAM_construct_octet_string (OSSL_KDF_PARAM_SALT, SP_CRYPTO_UNCONST (salt),
                                                 salt_len);
  *next = OSSL_PARAM_construct_end ();

  out = sp_secret_new_uninitialized (out_len, &out_data);
  if (context != NULL && EVP_KDF_derive (context, out_data, out_len, params) == 1)
    return g_steal_pointer (&out);

  sp_crypto_set_openssl_error (error, "computing HKDF");
  return NULL;
}

/**
 * sp_hkdf_extract:
 * @salt: the salt
 * @ikm: the input keying material
 * @error: return location for a [error@CryptoError]
 *
 * The first half of HKDF-SHA256 (RFC 5869 section 2.2), for mixing one secret into another.
 *
 * Returns: (transfer full) (nullable): 32 bytes, or %NULL with @error set
 */
SpSecret *
sp_hkdf_extract (const SpSecret *salt, const SpSecret *ikm, GError **error)
{
  g_autoptr (SpSecret) key = NULL;
  guint8 *key_data;
  const guint8 *ikm_data;
  gsize ikm_len;

  g_return_val_if_fail (salt != NULL && ikm != NULL, NULL);

  ikm_data = sp_secret_peek (ikm, &ikm_len);
  key = sp_secret_new_uninitialized (SP_SHA256_LEN, &key_data);
  if (!sp_hmac (SP_HASH_SHA256, salt, ikm_data, ikm_len, key_data, error))
    return NULL;
  return g_steal_pointer (&key);
}
