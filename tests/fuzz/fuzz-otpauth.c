/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Fuzz target: whatever text is taken for a one-time code must give codes, and be the same one-time code
 * after it was written and read again. */

#include "config.h"

#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "password/sp-otp.h"
#include "password/sp-password-error.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
check_same (const SpOtp *a, const SpOtp *b)
{
  g_assert_true (a->kind == b->kind && a->encoder == b->encoder && a->algorithm == b->algorithm);
  g_assert_true (a->digits == b->digits && a->period == b->period && a->counter == b->counter);
  g_assert_true (sp_secret_equal (a->secret, b->secret));
  g_assert_cmpstr (a->issuer, ==, b->issuer);
  g_assert_cmpstr (a->account, ==, b->account);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const gint64 moments[] = { 0, 59000, G_GINT64_CONSTANT (20000000000000), G_MAXINT64 };
  g_autoptr (SpSecret) text = sp_secret_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (SpOtp) otp = sp_otp_parse (text, &error);
  g_autoptr (SpSecret) uri = NULL;
  g_autoptr (SpOtp) again = NULL;

  if (otp == NULL) {
    g_assert_error (error, SP_PASSWORD_ERROR, SP_PASSWORD_ERROR_OTP);
    return 0;
  }

  for (gsize i = 0; i < G_N_ELEMENTS (moments); i++) {
    g_autoptr (SpSecret) code = sp_otp_code (otp, moments[i], NULL, NULL);

    g_assert_nonnull (code);
    g_assert_cmpuint (sp_secret_get_length (code), ==, otp->digits);
  }

  /* Escaping can make a very long issuer too long to be read again. */
  uri = sp_otp_to_uri (otp);
  if (sp_secret_get_length (uri) > SP_OTP_MAX_TEXT)
    return 0;
  again = sp_otp_parse (uri, &error);
  g_assert_no_error (error);
  check_same (otp, again);
  return 0;
}
