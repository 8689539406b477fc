/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The errors of the crypto layer, and its known-answer self-test. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SP_CRYPTO_ERROR (sp_crypto_error_quark ())
GQuark sp_crypto_error_quark (void);

typedef enum {
  SP_CRYPTO_ERROR_FAILED, /* the library failed; nothing was produced */
  SP_CRYPTO_ERROR_TAG, /* the authentication tag does not match: damaged, foreign or another key */
  SP_CRYPTO_ERROR_RANDOM,     /* no random bytes could be had */
  SP_CRYPTO_ERROR_MEMORY,     /* the KDF's memory could not be had */
  SP_CRYPTO_ERROR_PARAMETERS, /* sizes or costs out of range */
  SP_CRYPTO_ERROR_SELF_TEST, /* a known answer came out wrong: this installation cannot be trusted */
} SpCryptoError;

/* Must be called once before anything else of this layer; later calls return the first result. */
gboolean sp_crypto_init (GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same, quicker, where nobody else in the process uses OpenSSL, ever: above all nothing that speaks TLS. */
gboolean sp_crypto_init_alone (GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
