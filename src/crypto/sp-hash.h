/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SHA-256 (FIPS 180-4), HMAC (RFC 2104) and HKDF-SHA256 (RFC 5869), all OpenSSL's. */

#pragma once

#include <glib.h>

#include "base/sp-secret.h"

G_BEGIN_DECLS

#define SP_SHA256_LEN 32

typedef enum {
  SP_HASH_SHA1,
  SP_HASH_SHA256,
  SP_HASH_SHA512,
} SpHashAlgorithm;

typedef struct _SpSha256 SpSha256;

SpSha256 *sp_sha256_new (GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sp_sha256_free (SpSha256 *self);
gboolean sp_sha256_update (SpSha256 *self, const guint8 *data, gsize len, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_sha256_finish (SpSha256 *self,
                           guint8 out_hash[static SP_SHA256_LEN],
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_sha256 (const guint8 *data,
                    gsize len,
                    guint8 out_hash[static SP_SHA256_LEN],
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes 20, 32 or 64 bytes, as the algorithm says; the buffer must hold them. */
gsize sp_hash_get_length (SpHashAlgorithm algorithm);
gboolean sp_hmac (SpHashAlgorithm algorithm,
                  const SpSecret *key,
                  const guint8 *data,
                  gsize len,
                  guint8 *out_mac,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* HKDF-SHA256. salt may be NULL. Extract and expand in one. */
SpSecret *sp_hkdf (const SpSecret *ikm,
                   const guint8 *salt,
                   gsize salt_len,
                   const char *info,
                   gsize out_len,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* HKDF-Extract alone: HMAC-SHA256 (salt, ikm), 32 bytes. */
SpSecret *sp_hkdf_extract (const SpSecret *salt,
                           const SpSecret *ikm,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpSha256, sp_sha256_free)

G_END_DECLS
