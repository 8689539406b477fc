/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One-time codes against the RFCs' vectors, and their limits. */

#include "config.h"

#include "password/sp-otp.h"

#include "common/sp-test.h"
#include "crypto/sp-crypto.h"
#include "password/sp-password-error.h"

#define SEED_20 "12345678901234567890"
#define SEED_32 "12345678901234567890123456789012"
#define SEED_64 "1234567890123456789012345678901234567890123456789012345678901234"

static SpOtp *
new_otp (const char *seed)
{
  g_autoptr (SpSecret) secret = sp_secret_new_text (seed);

  return sp_otp_new (secret);
}

static void
assert_code (const SpOtp *otp, gint64 seconds, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpSecret) code = sp_otp_code (otp, seconds * 1000, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (sp_secret_peek_text (code), ==, expected);
}

static void
assert_refused (const SpOtp *otp, gint64 now_ms)
{
  g_autoptr (GError) error = NULL;
  gint left = -1;

  g_assert_null (sp_otp_code (otp, now_ms, &left, &error));
  g_assert_error (error, SP_PASSWORD_ERROR, SP_PASSWORD_ERROR_OTP);
  g_assert_cmpint (left, ==, -1);
}

/* RFC 4226, appendix D. */
static void
test_rfc4226 (void)
{
  static const char *const codes[] = { "755224", "287082", "359152", "969429", "338314",
                                       "254676", "287922", "162583", "399871", "520489" };
  g_autoptr (SpOtp) otp = new_otp (SEED_20);

  otp->kind = SP_OTP_HOTP;
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++) {
    otp->counter = i;
    assert_code (otp, 0, codes[i]);
  }
}

/* RFC 6238, appendix B; the longer seeds are as its erratum 2866 explains. */
static void
test_rfc6238 (void)
{
  static const struct {
    gint64 seconds;
    const char *sha1;
    const char *sha256;
    const char *sha512;
  } vectors[] = {
    { 59, "94287082", "46119246", "90693936" },
    { 1111111109, "07081804", "68084774", "25091201" },
    { 1111111111, "14050471", "67062674", "99943326" },
    { 1234567890, "89005924", "91819424", "93441116" },
    { 2000000000, "69279037", "90698825", "38618901" },
    { 20000000000, "65353130", "77737706", "47863826" },
  };
  g_autoptr (SpOtp) sha1 = new_otp (SEED_20);
  g_autoptr (SpOtp) sha256 = new_otp (SEED_32);
  g_autoptr (SpOtp) sha512 = new_otp (SEED_64);

  sha256->algorithm = SP_HASH_SHA256;
  sha512->algorithm = SP_HASH_SHA512;
  sha1->digits = sha256->digits = sha512->digits = 8;
  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++) {
    assert_code (sha1, vectors[i].seconds, vectors[i].sha1);
    assert_code (sha256, vectors[i].seconds, vectors[i].sha256);
    assert_code (sha512, vectors[i].seconds, vectors[i].sha512);
  }
}

/* KeePassXC 2.7, tests/TestTotp.cpp, testSteamTotp. */
static void
test_steam (void)
{
  g_autoptr (SpSecret) text = sp_secret_new_text (
      "otpauth://totp/test:test@example.com?secret=63BEDWCQZKTQWPESARIERL5DTTQFCJTK"
      "&issuer=Valve&algorithm=SHA1&digits=5&period=30&encoder=steam");
  g_autoptr (SpOtp) otp = sp_otp_parse (text, NULL);

  assert_code (otp, 1511200518, "FR8RV");
  assert_code (otp, 1511200714, "9P3VP");
}

/* Fewer digits are the last ones of more, leading zeros kept: the vectors of 1111111109 s. */
static void
test_digits (void)
{
  g_autoptr (SpOtp) otp = new_otp (SEED_20);

  assert_code (otp, 1111111109, "081804");
  otp->digits = 7;
  assert_code (otp, 1111111109, "7081804");
}

static void
test_seconds_left (void)
{
  static const struct {
    guint period;
    gint64 now_ms;
    gint left;
  } cases[] = {
    { 30, 0, 30 },          { 30, 29999, 1 },       { 30, 30000, 30 },          { 30, 31000, 29 },
    { 1, 999, 1 },          { 1, 1000, 1 },         { 60, 59000, 1 },           { 86400, 0, 86400 },
    { 86400, 1000, 86399 }, { 86400, 86399999, 1 }, { 86400, 86400000, 86400 },
  };
  g_autoptr (SpOtp) otp = new_otp (SEED_20);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (SpSecret) code = NULL;
    gint left;

    otp->period = cases[i].period;
    code = sp_otp_code (otp, cases[i].now_ms, &left, NULL);
    g_assert_nonnull (code);
    g_assert_cmpint (left, ==, cases[i].left);
  }
}

static void
test_changes_with_the_period (void)
{
  g_autoptr (SpOtp) otp = new_otp (SEED_20);
  g_autoptr (SpSecret) first = sp_otp_code (otp, 0, NULL, NULL);
  g_autoptr (SpSecret) last = sp_otp_code (otp, 29999, NULL, NULL);
  g_autoptr (SpSecret) next = sp_otp_code (otp, 30000, NULL, NULL);

  g_assert_true (sp_secret_equal (first, last));
  g_assert_false (sp_secret_equal (first, next));
}

/* The counter moves with the period: at 59 s with 59 s each, it is 1, as RFC 4226's second code. */
static void
test_period (void)
{
  g_autoptr (SpOtp) otp = new_otp (SEED_20);

  otp->period = 59;
  assert_code (otp, 59, "287082");
  assert_code (otp, 58, "755224");
}

static void
test_hotp_has_no_seconds (void)
{
  g_autoptr (SpOtp) otp = new_otp (SEED_20);
  g_autoptr (SpSecret) code = NULL;
  gint left = -1;

  otp->kind = SP_OTP_HOTP;
  otp->counter = G_MAXUINT64;
  code = sp_otp_code (otp, -1, &left, NULL);
  g_assert_cmpuint (sp_secret_get_length (code), ==, 6);
  g_assert_cmpint (left, ==, 0);
}

static void
test_out_of_range (void)
{
  static const guint digits[] = { 0, 5, 9, G_MAXUINT };
  static const guint periods[] = { 0, 86401, G_MAXUINT };
  g_autoptr (SpOtp) otp = new_otp (SEED_20);

  for (guint i = 0; i < G_N_ELEMENTS (digits); i++) {
    otp->digits = digits[i];
    assert_refused (otp, 0);
  }
  otp->digits = 6;
  for (guint i = 0; i < G_N_ELEMENTS (periods); i++) {
    otp->period = periods[i];
    assert_refused (otp, 0);
  }
}

static void
test_before_1970 (void)
{
  g_autoptr (SpOtp) otp = new_otp (SEED_20);

  assert_refused (otp, -1);
  assert_refused (otp, G_MININT64);
}

static void
test_steam_by_counter (void)
{
  g_autoptr (SpOtp) otp = new_otp (SEED_20);

  otp->kind = SP_OTP_HOTP;
  otp->encoder = SP_OTP_ENCODER_STEAM;
  assert_refused (otp, 0);
}

static void
test_empty_secret (void)
{
  g_autoptr (SpOtp) otp = new_otp ("");

  assert_refused (otp, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (sp_crypto_init (NULL));
  g_test_add_func ("/password/otp/rfc4226", test_rfc4226);
  g_test_add_func ("/password/otp/rfc6238", test_rfc6238);
  g_test_add_func ("/password/otp/steam", test_steam);
  g_test_add_func ("/password/otp/digits", test_digits);
  g_test_add_func ("/password/otp/seconds-left", test_seconds_left);
  g_test_add_func ("/password/otp/changes-with-the-period", test_changes_with_the_period);
  g_test_add_func ("/password/otp/period", test_period);
  g_test_add_func ("/password/otp/hotp-has-no-seconds", test_hotp_has_no_seconds);
  g_test_add_func ("/password/otp/out-of-range", test_out_of_range);
  g_test_add_func ("/password/otp/before-1970", test_before_1970);
  g_test_add_func ("/password/otp/steam-by-counter", test_steam_by_counter);
  g_test_add_func ("/password/otp/empty-secret", test_empty_secret);
  return sp_test_run ();
}
