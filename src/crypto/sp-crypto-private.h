/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the files of this layer share, and its self-test, which the tests feed with damaged vectors. */

#pragma once

#include <glib.h>

#include "crypto/sp-crypto.h"
#include "crypto/sp-kdf.h"

G_BEGIN_DECLS

/* Sets SP_CRYPTO_ERROR_FAILED, saying what failed and OpenSSL's reason, and empties OpenSSL's queue. */
void sp_crypto_set_openssl_error (GError **error, const char *what);

/* OpenSSL's and libargon2's structures have no const for what they only read. */
#define SP_CRYPTO_UNCONST(pointer) ((gpointer) GPOINTER_TO_SIZE (pointer))

typedef enum {
  SP_SELF_TEST_AEAD,   /* key, salt: the nonce, aad, input: the plaintext; ciphertext and tag */
  SP_SELF_TEST_SHA256, /* input; the digest */
  SP_SELF_TEST_HMAC,   /* key, input; HMAC-SHA256 */
  SP_SELF_TEST_HKDF, /* key: the input keying material, salt, aad: the info; as long as expected */
  SP_SELF_TEST_ARGON2ID,   /* key: the password, salt, cost; as long as expected */
  SP_SELF_TEST_SEALED_BOX, /* key: the seed, input: a message for a round trip; the public key */
} SpSelfTestKind;

/* One known answer; everything in hexadecimal, NULL where the kind has no use for it. */
typedef struct {
  const char *name;
  SpSelfTestKind kind;
  const char *key;
  const char *salt;
  const char *aad;
  const char *input;
  const char *expected;
  SpKdfCost cost;
} SpSelfTestVector;

const SpSelfTestVector *sp_crypto_self_test_get_vectors (gsize *out_n_vectors);
gboolean sp_crypto_self_test_check (const SpSelfTestVector *vector,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
