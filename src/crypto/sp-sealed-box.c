/* SPDX-License-Identifier: GPL-3.0-or-later */

/* crypto_box_seal() with key pairs made from a seed by crypto_box_seed_keypair(). The private key exists on
 * the stack only while it is used. */

#define G_LOG_DOMAIN "sp-sealed-box"

#include "config.h"

#include "crypto/sp-sealed-box.h"

#include <sodium.h>

#include "base/sp-wipe.h"
#include "crypto/sp-crypto.h"

G_STATIC_ASSERT (SP_SEALED_BOX_SEED_LEN == crypto_box_SEEDBYTES);
G_STATIC_ASSERT (SP_SEALED_BOX_PUBLIC_LEN == crypto_box_PUBLICKEYBYTES);
G_STATIC_ASSERT (SP_SEALED_BOX_OVERHEAD == crypto_box_SEALBYTES);

static gboolean
derive_keys (const SpSecret *seed,
             guint8 out_public[static crypto_box_PUBLICKEYBYTES],
             guint8 out_private[static crypto_box_SECRETKEYBYTES],
             GError **error)
{
  if (sp_secret_get_length (seed) != SP_SEALED_BOX_SEED_LEN) {
    g_set_error_literal (error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_PARAMETERS,
                         "a sealed box's seed has 32 bytes");
    return FALSE;
  }
  if (crypto_box_seed_keypair (out_public, out_private, sp_secret_peek (seed, NULL)) == 0)
    return TRUE;

  g_set_error_literal (error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_FAILED,
                       "deriving a key pair failed");
  return FALSE;
}

/**
 * sp_sealed_box_public_key:
 * @seed: 32 secret bytes
 * @out_public: (out caller-allocates): the public key that belongs to them
 * @error: return location for a [error@CryptoError]
 *
 * Returns: %FALSE if the seed has another length
 */
gboolean
sp_sealed_box_public_key (const SpSecret *seed,
                          guint8 out_public[static SP_SEALED_BOX_PUBLIC_LEN],
                          GError **error)
{
  guint8 private_key[crypto_box_SECRETKEYBYTES];
  gboolean done;

  g_return_val_if_fail (seed != NULL, FALSE);

  done = derive_keys (seed, out_public, private_key, error);
  SP_WIPE_ARRAY (private_key);
  return done;
}

/**
 * sp_sealed_box_seal:
 * @public_key: who shall be able to read
 * @data: (array length=len) (nullable): what
 * @len: its size in bytes
 * @error: return location for a [error@CryptoError]
 *
 * Encrypts a message to the holder of a seed. Who wrote it, nobody can tell.
 *
 * Returns: (transfer full) (nullable): @len + %SP_SEALED_BOX_OVERHEAD bytes, or %NULL with @error set
 */
GBytes *
sp_sealed_box_seal (const guint8 public_key[static SP_SEALED_BOX_PUBLIC_LEN],
                    const guint8 *data,
                    gsize len,
                    GError **error)
{
  g_autofree guint8 *sealed = NULL;

  g_return_val_if_fail (data != NULL || len == 0, NULL);

  if (len > G_MAXSSIZE - SP_SEALED_BOX_OVERHEAD ||
      (sealed = g_try_malloc (len + SP_SEALED_BOX_OVERHEAD)) == NULL) {
    g_set_error_literal (error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_PARAMETERS,
                         "the message is too long to be sealed");
    return NULL;
  }
  /* Fails for public keys of low order, with which anybody could read. */
  if (crypto_box_seal (sealed, data, len, public_key) != 0) {
    g_set_error_literal (error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_FAILED,
                         "the public key cannot be used");
    return NULL;
  }
  return g_bytes_new_take (g_steal_pointer (&sealed), len + SP_SEALED_BOX_OVERHEAD);
}

/**
 * sp_sealed_box_open:
 * @seed: 32 secret bytes
 * @sealed: (array length=len): a sealed box
 * @len: its size in bytes
 * @error: return location for a [error@CryptoError]
 *
 * Decrypts a message that was sealed to the public key of @seed.
 *
 * Returns: (transfer full) (nullable): the message, or %NULL with @error set, %SP_CRYPTO_ERROR_TAG if it is
 *   damaged, cut short or somebody else's
 */
SpSecret *
sp_sealed_box_open (const SpSecret *seed, const guint8 *sealed, gsize len, GError **error)
{
  guint8 public_key[crypto_box_PUBLICKEYBYTES];
  guint8 private_key[crypto_box_SECRETKEYBYTES];
  g_autoptr (SpSecret) message = NULL;
  guint8 *message_data;
  int result;

  g_return_val_if_fail (seed != NULL, NULL);
  g_return_val_if_fail (sealed != NULL || len == 0, NULL);

  if (len < SP_SEALED_BOX_OVERHEAD) {
    g_set_error_literal (error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_TAG,
                         "the sealed box is cut short");
    return NULL;
  }
  if (!derive_keys (seed, public_key, private_key, error))
    return NULL;

  message = sp_secret_new_uninitialized (len - SP_SEALED_BOX_OVERHEAD, &message_data);
  result = crypto_box_seal_open (message_data, sealed, len, public_key, private_key);
  SP_WIPE_ARRAY (private_key);
  if (result != 0) {
    g_set_error_literal (error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_TAG,
                         "the sealed box does not open with this key");
    return NULL;
  }
  return g_steal_pointer (&message);
}
