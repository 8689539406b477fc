/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One context for sealing and one for opening, each made when it is first needed and then given a new nonce
 * for each message: the key schedule and the tables of GHASH are the expensive part. OpenSSL's contexts work
 * in one direction only, so there are two. A failed message leaves nothing behind that the next nonce does
 * not reset.
 *
 *     sealed:  | nonce (12) | ciphertext (as long as the plaintext) | tag (16) |
 */

#define G_LOG_DOMAIN "sp-aead"

#include "config.h"

#include "crypto/sp-aead.h"

#include <limits.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>

#include "base/sp-wipe.h"
#include "crypto/sp-crypto-private.h"

struct _SpAead {
  SpSecret *key;               /* (owned) */
  EVP_CIPHER_CTX *contexts[2]; /* (owned) (nullable) opening, sealing */
};

typedef enum {
  OPENING = 0,
  SEALING = 1,
} Direction;

/* Fetching an algorithm searches the providers; the result is good for ever. */
static const EVP_CIPHER *
get_cipher (void)
{
  static gsize initialised = 0;
  static EVP_CIPHER *cipher = NULL;

  if (g_once_init_enter (&initialised)) {
    cipher = EVP_CIPHER_fetch (NULL, "AES-256-GCM", NULL);
    g_once_init_leave (&initialised, 1);
  }
  return cipher;
}

static EVP_CIPHER_CTX *
get_context (SpAead *self, Direction direction)
{
  EVP_CIPHER_CTX *context = self->contexts[direction];
  const EVP_CIPHER *cipher = get_cipher ();

  if (context != NULL || cipher == NULL)
    return context;

  context = EVP_CIPHER_CTX_new ();
  if (context != NULL && EVP_CipherInit_ex2 (context, cipher, sp_secret_peek (self->key, NULL),
                                             NULL, direction, NULL) != 1)
    g_clear_pointer (&context, EVP_CIPHER_CTX_free);
  self->contexts[direction] = context;
  return context;
}

/**
 * sp_aead_new:
 * @key: 32 bytes
 * @error: return location for a [error@CryptoError]
 *
 * Returns: (transfer full) (nullable): a cipher under @key, or %NULL with @error set
 */
SpAead *
sp_aead_new (const SpSecret *key, GError **error)
{
  SpAead *self;

  g_return_val_if_fail (key != NULL, NULL);

  if (sp_secret_get_length (key) != SP_AEAD_KEY_LEN) {
    g_set_error_literal (error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_PARAMETERS,
                         "a key of AES-256 has 32 bytes");
    return NULL;
  }
  if (get_cipher () == NULL) {
    sp_crypto_set_openssl_error (error, "finding AES-256-GCM");
    return NULL;
  }

  self = g_new0 (SpAead, 1);
  self->key = sp_secret_ref (key);
  return self;
}

/**
 * sp_aead_free:
 * @self: (nullable): a cipher
 *
 * Frees the cipher; OpenSSL wipes its copies of the key.
 */
void
sp_aead_free (SpAead *self)
{
  if (self == NULL)
    return;

  for (gsize i = 0; i < G_N_ELEMENTS (self->contexts); i++)
    EVP_CIPHER_CTX_free (self->contexts[i]);
  sp_secret_unref (self->key);
  g_free (self);
}

/* OpenSSL counts in int; neither part comes near, but a size may come from outside. */
static gboolean
check_sizes (gsize aad_len, gsize text_len, GError **error)
{
  if (aad_len <= INT_MAX && text_len <= INT_MAX)
    return TRUE;

  g_set_error_literal (error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_PARAMETERS,
                       "the message is too long to be encrypted at once");
  return FALSE;
}

/* The context with a new nonce and the additional data, or NULL. */
static EVP_CIPHER_CTX *
begin_message (SpAead *self,
               Direction direction,
               const guint8 *nonce,
               const guint8 *aad,
               gsize aad_len)
{
  EVP_CIPHER_CTX *context = get_context (self, direction);
  int written;

  if (context == NULL || EVP_CipherInit_ex2 (context, NULL, NULL, nonce, direction, NULL) != 1)
    return NULL;
  if (aad_len > 0 && EVP_CipherUpdate (context, NULL, &written, aad, (int) aad_len) != 1)
    return NULL;
  return context;
}

static gboolean
process_text (EVP_CIPHER_CTX *context, const guint8 *text, gsize len, guint8 *out)
{
  int written = 0;

  if (len == 0)
    return TRUE;
  return EVP_CipherUpdate (context, out, &written, text, (int) len) == 1 && written == (int) len;
}

static gboolean
finish_message (EVP_CIPHER_CTX *context)
{
  guint8 nothing[EVP_MAX_BLOCK_LENGTH];
  int written = 0;

  return EVP_CipherFinal_ex (context, nothing, &written) == 1;
}

/**
 * sp_aead_seal:
 * @self: a cipher
 * @nonce: 12 bytes that were never used with this key
 * @aad: (array length=aad_len) (nullable): what is authenticated but not encrypted
 * @aad_len: its size in bytes
 * @plain: (array length=plain_len) (nullable): what to encrypt; not where @out_sealed lies
 * @plain_len: its size in bytes
 * @out_sealed: (out caller-allocates): @plain_len + %SP_AEAD_OVERHEAD bytes; wiped on failure
 * @error: return location for a [error@CryptoError]
 *
 * Encrypts and authenticates one message (NIST SP 800-38D).
 *
 * Returns: %FALSE if OpenSSL failed
 */
gboolean
sp_aead_seal (SpAead *self,
              const guint8 nonce[static SP_AEAD_NONCE_LEN],
              const guint8 *aad,
              gsize aad_len,
              const guint8 *plain,
              gsize plain_len,
              guint8 *out_sealed,
              GError **error)
{
  EVP_CIPHER_CTX *context;
  guint8 *text;

  g_return_val_if_fail (self != NULL && out_sealed != NULL, FALSE);
  g_return_val_if_fail (aad != NULL || aad_len == 0, FALSE);
  g_return_val_if_fail (plain != NULL || plain_len == 0, FALSE);

  if (!check_sizes (aad_len, plain_len, error))
    return FALSE;

  text = out_sealed + SP_AEAD_NONCE_LEN;
  context = begin_message (self, SEALING, nonce, aad, aad_len);
  if (context == NULL || !process_text (context, plain, plain_len, text) ||
      !finish_message (context) ||
      EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_AEAD_GET_TAG, SP_AEAD_TAG_LEN, text + plain_len) !=
          1) {
    sp_wipe (out_sealed, plain_len + SP_AEAD_OVERHEAD);
    sp_crypto_set_openssl_error (error, "encrypting");
    return FALSE;
  }

  memcpy (out_sealed, nonce, SP_AEAD_NONCE_LEN);
  return TRUE;
}

/**
 * sp_aead_open:
 * @self: a cipher
 * @aad: (array length=aad_len) (nullable): what was given when sealing
 * @aad_len: its size in bytes
 * @sealed: (array length=sealed_len): a sealed message
 * @sealed_len: its size in bytes
 * @out_plain: (out caller-allocates) (nullable): @sealed_len - %SP_AEAD_OVERHEAD bytes, not where @sealed
 *   lies; may be %NULL if that is zero; wiped on failure
 * @error: return location for a [error@CryptoError]
 *
 * Decrypts one message and checks that it, the nonce and the additional data are what was sealed. A message
 * too short to be one does not match either.
 *
 * Returns: %FALSE, with %SP_CRYPTO_ERROR_TAG, if they are not
 */
gboolean
sp_aead_open (SpAead *self,
              const guint8 *aad,
              gsize aad_len,
              const guint8 *sealed,
              gsize sealed_len,
              guint8 *out_plain,
              GError **error)
{
  EVP_CIPHER_CTX *context;
  const guint8 *text;
  gsize plain_len;
  gboolean matches;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (aad != NULL || aad_len == 0, FALSE);
  g_return_val_if_fail (sealed != NULL || sealed_len == 0, FALSE);

  if (sealed_len < SP_AEAD_OVERHEAD) {
    g_set_error_literal (error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_TAG, "the message is cut short");
    return FALSE;
  }
  plain_len = sealed_len - SP_AEAD_OVERHEAD;
  g_return_val_if_fail (out_plain != NULL || plain_len == 0, FALSE);
  if (!check_sizes (aad_len, plain_len, error))
    return FALSE;

  text = sealed + SP_AEAD_NONCE_LEN;
  context = begin_message (self, OPENING, sealed, aad, aad_len);
  if (context == NULL || !process_text (context, text, plain_len, out_plain) ||
      EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_AEAD_SET_TAG, SP_AEAD_TAG_LEN,
                           SP_CRYPTO_UNCONST (text + plain_len)) != 1) {
    sp_wipe (out_plain, plain_len);
    sp_crypto_set_openssl_error (error, "decrypting");
    return FALSE;
  }

  matches = finish_message (context);
  if (!matches) {
    ERR_clear_error ();
    sp_wipe (out_plain, plain_len);
    g_set_error_literal (error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_TAG,
                         "the authentication tag does not match");
  }
  return matches;
}
