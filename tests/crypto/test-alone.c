/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A program that has OpenSSL for itself gets all primitives, and no configuration. A process of its own, as this can
 * be said once only. */

#include "config.h"

#include <openssl/evp.h>

#include "common/sp-test.h"
#include "crypto/sp-crypto-private.h"
#include "crypto/sp-crypto.h"

static void
test_alone (void)
{
  g_autoptr (GError) error = NULL;
  gsize n_vectors;
  const SpSelfTestVector *vectors;

  /* A configuration that cannot be loaded would be told by whatever uses OpenSSL first. */
  g_setenv ("OPENSSL_CONF", "/dev/null/missing", TRUE);
  g_assert_true (sp_crypto_init_alone (&error));
  g_assert_no_error (error);
  g_assert_true (sp_crypto_init_alone (&error));
  g_assert_true (sp_crypto_init (&error));

  vectors = sp_crypto_self_test_get_vectors (&n_vectors);
  for (gsize i = 0; i < n_vectors; i++)
    g_assert_true (sp_crypto_self_test_check (&vectors[i], &error));
  /* The tables of names were not made: the option took effect. */
  g_assert_null (EVP_get_cipherbyname ("aes-256-xts"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/crypto/alone", test_alone);
  return sp_test_run ();
}
