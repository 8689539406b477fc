/* SPDX-License-Identifier: GPL-3.0-or-later */

/* AES-256-GCM (NIST SP 800-38D) under one key, with 96-bit random nonces.
 *
 * An SpAead holds a keyed OpenSSL context that is reused: keying one for each record costs three times
 * the decryption. It is not thread-safe. A sealed message is nonce (12) || ciphertext || tag (16). */

#pragma once

#include <glib.h>

#include "base/sp-secret.h"

G_BEGIN_DECLS

#define SP_AEAD_KEY_LEN   32
#define SP_AEAD_NONCE_LEN 12
#define SP_AEAD_TAG_LEN   16
#define SP_AEAD_OVERHEAD  (SP_AEAD_NONCE_LEN + SP_AEAD_TAG_LEN)

typedef struct _SpAead SpAead;

SpAead *sp_aead_new (const SpSecret *key, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sp_aead_free (SpAead *self);

/* Writes plain_len + SP_AEAD_OVERHEAD bytes. The nonce is the caller's, 12 bytes, never used twice. */
gboolean sp_aead_seal (SpAead *self,
                       const guint8 nonce[static SP_AEAD_NONCE_LEN],
                       const guint8 *aad,
                       gsize aad_len,
                       const guint8 *plain,
                       gsize plain_len,
                       guint8 *out_sealed,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes sealed_len - SP_AEAD_OVERHEAD bytes; on a wrong tag, out_plain is wiped and
 * SP_CRYPTO_ERROR_TAG is set. */
gboolean sp_aead_open (SpAead *self,
                       const guint8 *aad,
                       gsize aad_len,
                       const guint8 *sealed,
                       gsize sealed_len,
                       guint8 *out_plain,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpAead, sp_aead_free)

G_END_DECLS
