/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Starting up: libsodium's initialisation and the known answers, once per process. */

#define G_LOG_DOMAIN "sp-crypto"

#include "config.h"

#include "crypto/sp-crypto.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <sodium.h>

#include "crypto/sp-crypto-private.h"

#define REASON_LEN 160

G_DEFINE_QUARK (sp_crypto_error, sp_crypto_error)

void
sp_crypto_set_openssl_error (GError **error, const char *what)
{
  char reason[REASON_LEN] = "no reason given";
  unsigned long code = ERR_get_error ();

  /* OpenSSL's texts name functions and reasons, never contents. */
  if (code != 0)
    ERR_error_string_n (code, reason, sizeof reason);
  ERR_clear_error ();
  g_set_error (error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_FAILED, "%s failed: %s", what, reason);
}

static gboolean
run_self_test (GError **error)
{
  gsize n_vectors;
  const SpSelfTestVector *vectors = sp_crypto_self_test_get_vectors (&n_vectors);

  if (sodium_init () < 0) {
    g_set_error_literal (error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_FAILED,
                         "libsodium could not be initialised");
    return FALSE;
  }
  for (gsize i = 0; i < n_vectors; i++) {
    if (!sp_crypto_self_test_check (&vectors[i], error))
      return FALSE;
  }
  return TRUE;
}

/**
 * sp_crypto_init_alone:
 * @error: return location for a [error@CryptoError]
 *
 * sp_crypto_init() for a program in which nobody else uses OpenSSL, and which soon ends: OpenSSL reads no
 * configuration, makes no tables of names by which only its older functions find an algorithm (TLS needs them), and
 * cleans nothing up at exit. That is a third of the processor time of starting.
 *
 * Returns: %FALSE if this installation's cryptography cannot be trusted; nothing else may then be called
 */
gboolean
sp_crypto_init_alone (GError **error)
{
  const guint64 options = OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ADD_ALL_CIPHERS |
                          OPENSSL_INIT_NO_ADD_ALL_DIGESTS | OPENSSL_INIT_NO_ATEXIT;

  if (OPENSSL_init_crypto (options, NULL) != 1) {
    sp_crypto_set_openssl_error (error, "starting OpenSSL");
    return FALSE;
  }
  return sp_crypto_init (error);
}

/**
 * sp_crypto_init:
 * @error: return location for a [error@CryptoError]
 *
 * Initialises the libraries and computes a known answer with each primitive. The first call takes some
 * 2.5 ms, of which 1.5 are OpenSSL's own start, due at its first use anyway; later calls, from any thread,
 * give the first one's result.
 *
 * Returns: %FALSE if this installation's cryptography cannot be trusted; nothing else may then be called
 */
gboolean
sp_crypto_init (GError **error)
{
  static gsize initialised = 0;
  static GError *first_error = NULL; /* (owned) (nullable) written once, before initialised is */

  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (g_once_init_enter (&initialised)) {
    (void) run_self_test (&first_error);
    g_once_init_leave (&initialised, 1);
  }

  if (first_error == NULL)
    return TRUE;
  g_propagate_error (error, g_error_copy (first_error));
  return FALSE;
}
