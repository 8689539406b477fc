/* SPDX-License-Identifier: GPL-3.0-or-later */

/* otpauth:// links: what is read, what is refused, and that writing and reading agree. */

#include "config.h"

#include "password/sp-otp.h"

#include <string.h>

#include "common/sp-test.h"
#include "password/sp-password-error.h"

/* "Hello!" and 0xdeadbeef, the example secret of the Key Uri Format's description. */
#define SECRET     "JBSWY3DPEHPK3PXP"
#define SECRET_HEX "48656c6c6f21deadbeef"

static SpOtp *
parse (const char *text)
{
  g_autoptr (SpSecret) secret = sp_secret_new_text (text);
  g_autoptr (GError) error = NULL;
  SpOtp *otp = sp_otp_parse (secret, &error);

  g_assert_no_error (error);
  g_assert_nonnull (otp);
  return otp;
}

static void
assert_refused_bytes (const char *bytes, gsize len)
{
  g_autoptr (SpSecret) secret = sp_secret_new ((const guint8 *) bytes, len);
  g_autoptr (GError) error = NULL;

  g_assert_null (sp_otp_parse (secret, &error));
  g_assert_error (error, SP_PASSWORD_ERROR, SP_PASSWORD_ERROR_OTP);
  g_assert_true (g_str_has_suffix (error->message, "."));
  g_assert_null (strstr (error->message, SECRET));
}

static void
assert_secret (const SpOtp *otp, const char *hex)
{
  gsize len;
  const guint8 *data = sp_secret_peek (otp->secret, &len);

  sp_test_assert_hex (data, len, hex);
}

static void
assert_equal (const SpOtp *a, const SpOtp *b)
{
  g_assert_cmpint (a->kind, ==, b->kind);
  g_assert_cmpint (a->encoder, ==, b->encoder);
  g_assert_cmpint (a->algorithm, ==, b->algorithm);
  g_assert_cmpuint (a->digits, ==, b->digits);
  g_assert_cmpuint (a->period, ==, b->period);
  g_assert_cmpuint (a->counter, ==, b->counter);
  g_assert_true (sp_secret_equal (a->secret, b->secret));
  g_assert_cmpstr (a->issuer, ==, b->issuer);
  g_assert_cmpstr (a->account, ==, b->account);
}

static void
assert_written (const SpOtp *otp, const char *expected)
{
  g_autoptr (SpSecret) uri = sp_otp_to_uri (otp);
  g_autoptr (SpOtp) again = NULL;

  g_assert_cmpstr (sp_secret_peek_text (uri), ==, expected);
  again = sp_otp_parse (uri, NULL);
  g_assert_nonnull (again);
  assert_equal (otp, again);
}

static void
test_all_parameters (void)
{
  g_autoptr (SpOtp) otp = parse ("otpauth://totp/ACME%20Co:john.doe@email.com?secret=" SECRET
                                 "&issuer=ACME%20Co&algorithm=SHA512&digits=8&period=60");

  g_assert_cmpint (otp->kind, ==, SP_OTP_TOTP);
  g_assert_cmpint (otp->encoder, ==, SP_OTP_ENCODER_DECIMAL);
  g_assert_cmpint (otp->algorithm, ==, SP_HASH_SHA512);
  g_assert_cmpuint (otp->digits, ==, 8);
  g_assert_cmpuint (otp->period, ==, 60);
  g_assert_cmpstr (otp->issuer, ==, "ACME Co");
  g_assert_cmpstr (otp->account, ==, "john.doe@email.com");
  assert_secret (otp, SECRET_HEX);
}

static void
test_defaults (void)
{
  g_autoptr (SpOtp) otp = parse ("otpauth://totp/?secret=" SECRET);

  g_assert_cmpint (otp->kind, ==, SP_OTP_TOTP);
  g_assert_cmpint (otp->algorithm, ==, SP_HASH_SHA1);
  g_assert_cmpuint (otp->digits, ==, 6);
  g_assert_cmpuint (otp->period, ==, 30);
  g_assert_null (otp->issuer);
  g_assert_null (otp->account);
}

static void
test_hotp (void)
{
  g_autoptr (SpOtp) otp = parse ("otpauth://hotp/a?counter=18446744073709551615&secret=" SECRET);

  g_assert_cmpint (otp->kind, ==, SP_OTP_HOTP);
  g_assert_cmpuint (otp->counter, ==, G_MAXUINT64);
}

static void
test_any_case (void)
{
  g_autoptr (SpOtp) otp = parse (
      " OTPAUTH://TOTP/a?SECRET=jbswy3dpehpk3pxp&Algorithm=sha256&DIGITS=7\n");

  g_assert_cmpint (otp->algorithm, ==, SP_HASH_SHA256);
  g_assert_cmpuint (otp->digits, ==, 7);
  assert_secret (otp, SECRET_HEX);
}

static void
test_algorithm_names (void)
{
  static const struct {
    const char *link;
    SpHashAlgorithm algorithm;
  } cases[] = {
    { "otpauth://totp/?secret=" SECRET "&algorithm=SHA-1", SP_HASH_SHA1 },
    { "otpauth://totp/?secret=" SECRET "&algorithm=SHA-256", SP_HASH_SHA256 },
    { "otpauth://totp/?secret=" SECRET "&algorithm=HmacSHA512", SP_HASH_SHA512 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (SpOtp) otp = parse (cases[i].link);

    g_assert_cmpint (otp->algorithm, ==, cases[i].algorithm);
  }
}

/* As sites print it, as people type it, as other programs escape it. */
static void
test_secret_forms (void)
{
  static const char *const forms[] = {
    "JBSWY3DPEHPK3PXP",
    "jbsw y3dp ehpk 3pxp",
    "JBSW-Y3DP-EHPK-3PXP",
    "  jbswy3dpehpk3pxp\r\n",
    "otpauth://totp/?secret=JBSW%20Y3DP%20EHPK%203PXP",
    "otpauth://totp/?secret=JBSW+Y3DP+EHPK+3PXP",
    "otpauth://totp/?secret=jbswy3dpehpk3pxp&",
    "otpauth://totp?secret=JBSWY3DPEHPK3PXP",
    "otpauth://totp/x?issuer=&secret=JBSWY3DPEHPK3PXP#fragment",
    "otpauth://totp/x?image=https%3A%2F%2Fexample.org&&=&unknown&secret=JBSWY3DPEHPK3PXP",
    "otpauth://totp/x#y?secret=JBSWY3DPEHPK3PXP#&digits=9",
    "otpauth://totp/x?secret=JBSWY3DPEHPK3PXQ&secret=JBSWY3DPEHPK3PXP",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++) {
    g_autoptr (SpOtp) otp = parse (forms[i]);

    assert_secret (otp, SECRET_HEX);
    g_assert_cmpuint (otp->period, ==, 30);
  }
}

static void
test_padding (void)
{
  static const char *const forms[] = { "MFRGG===", "MFRGG", "otpauth://totp/?secret=MFRGG%3D%3D%3D",
                                       "otpauth://totp/?secret=MFRGG===" };

  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++) {
    g_autoptr (SpOtp) otp = parse (forms[i]);

    assert_secret (otp, "616263");
  }
}

static void
test_labels (void)
{
  static const struct {
    const char *label;
    const char *issuer_parameter;
    const char *issuer;
    const char *account;
  } cases[] = {
    { "alice", NULL, NULL, "alice" },
    { "Example:alice", NULL, "Example", "alice" },
    { "Example%3Aalice", NULL, "Example", "alice" },
    { "Example%3A%20alice", NULL, "Example", "alice" },
    { "Example:", NULL, "Example", NULL },
    { ":a%3Ab", NULL, NULL, "a:b" },
    { "alice", "Example", "Example", "alice" },
    { "Example:alice", "Example", "Example", "alice" },
    { "Other:alice", "Example", "Example", "Other:alice" },
    { "A:B:alice", "A%3AB", "A:B", "alice" },
    { "Examplealice", "Example", "Example", "Examplealice" },
    { "Example:alice", "", "Example", "alice" },
    { "a+b@example.org", "x+y%2Bz", "x y+z", "a+b@example.org" },
    { "B%C3%BCro:J%C3%BCrgen", NULL, "B\xc3\xbcro", "J\xc3\xbcrgen" },
    { "100%:x%2", NULL, "100%", "x%2" },
    { "C#:x", NULL, "C#", "x" },
    { "a/b:c/d", NULL, "a/b", "c/d" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    const char *parameter = cases[i].issuer_parameter;
    g_autofree char *link = g_strdup_printf ("otpauth://totp/%s?secret=" SECRET "%s%s",
                                             cases[i].label, parameter != NULL ? "&issuer=" : "",
                                             parameter != NULL ? parameter : "");
    g_autoptr (SpOtp) otp = parse (link);
    g_autoptr (SpSecret) uri = sp_otp_to_uri (otp);
    g_autoptr (SpOtp) again = sp_otp_parse (uri, NULL);

    g_assert_cmpstr (otp->issuer, ==, cases[i].issuer);
    g_assert_cmpstr (otp->account, ==, cases[i].account);
    assert_equal (otp, again);
  }
}

static void
test_steam_forms (void)
{
  static const char *const forms[] = {
    "steam://" SECRET,
    "otpauth://steam/x?secret=" SECRET,
    "otpauth://totp/x?secret=" SECRET "&encoder=steam",
    "otpauth://totp/x?secret=" SECRET "&encoder=Steam&digits=5",
    "otpauth://totp/x?digits=6&encoder=steam&secret=" SECRET,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++) {
    g_autoptr (SpOtp) otp = parse (forms[i]);

    g_assert_cmpint (otp->encoder, ==, SP_OTP_ENCODER_STEAM);
    g_assert_cmpuint (otp->digits, ==, SP_OTP_STEAM_DIGITS);
    assert_secret (otp, SECRET_HEX);
  }
}

static void
test_refused (void)
{
  static const char *const texts[] = {
    "",
    " ",
    "=",
    "not base32: 0189",
    "A",
    "ABC",
    "otpauth:",
    "otpauth://",
    "otpauth://totp",
    "otpauth://totp/",
    "otpauth://totp/x?",
    "otpauth://totp/x?secret",
    "otpauth://totp/x?secret=",
    "otpauth://totp/x?secret=%00",
    "otpauth://totp/x?secret=" SECRET "&secret=",
    "otpauth://totp/x?secret=0189",
    "otpauth://totp/x?secret=" SECRET "%",
    "otpauth://totp/x&secret=" SECRET,
    "otpauth://other/x?secret=" SECRET,
    "otpauth:///x?secret=" SECRET,
    "otpauth://totp/x?secret=" SECRET "&algorithm=MD5",
    "otpauth://totp/x?secret=" SECRET "&algorithm=",
    "otpauth://totp/x?secret=" SECRET "&digits=4",
    "otpauth://totp/x?secret=" SECRET "&digits=5",
    "otpauth://totp/x?secret=" SECRET "&digits=9",
    "otpauth://totp/x?secret=" SECRET "&digits=",
    "otpauth://totp/x?secret=" SECRET "&digits=six",
    "otpauth://totp/x?secret=" SECRET "&digits=+6",
    "otpauth://totp/x?secret=" SECRET "&period=0",
    "otpauth://totp/x?secret=" SECRET "&period=-30",
    "otpauth://totp/x?secret=" SECRET "&period=86401",
    "otpauth://totp/x?secret=" SECRET "&period=18446744073709551646",
    "otpauth://totp/x?secret=" SECRET "&period=999999999999999999999999",
    "otpauth://hotp/x?secret=" SECRET "&counter=18446744073709551616",
    "otpauth://hotp/x?secret=" SECRET "&counter=x",
    "otpauth://hotp/x?secret=" SECRET "&encoder=steam",
    "otpauth://totp/x?secret=" SECRET "&encoder=other",
    "otpauth://totp/%FF?secret=" SECRET,
    "otpauth://totp/a%00b?secret=" SECRET,
    "otpauth://totp/x?secret=" SECRET "&issuer=%C3",
    "steam://",
    "steam://18",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    assert_refused_bytes (texts[i], strlen (texts[i]));
  }
}

static void
test_nul_and_length (void)
{
  static const char with_nul[] = "otpauth://totp/x?secret=" SECRET "\0&digits=8";
  g_autofree char *long_text = g_strnfill (8193, 'A');

  assert_refused_bytes (with_nul, sizeof with_nul - 1);
  assert_refused_bytes (long_text, 8193);
}

/* Cut anywhere, or with any byte replaced, a link is read or refused, but nothing else. */
static void
test_cut_and_mangled (void)
{
  static const char link[] = "otpauth://hotp/A%3Ab:c?secret=" SECRET
                             "&issuer=A%3Ab&algorithm=SHA256&digits=7&counter=12";
  gsize len = strlen (link);
  guint read = 0;

  for (gsize i = 0; i <= len; i++) {
    g_autoptr (SpSecret) cut = sp_secret_new ((const guint8 *) link, i);
    g_autoptr (SpOtp) otp = sp_otp_parse (cut, NULL);

    read += otp != NULL ? 1 : 0;
  }
  g_assert_cmpuint (read, >, 0);
  g_assert_cmpuint (read, <, len);

  for (gsize i = 0; i < len; i++) {
    for (guint byte = 0; byte < 256; byte += 3) {
      guint8 *data;
      g_autoptr (SpSecret) mangled = sp_secret_new_uninitialized (len, &data);
      g_autoptr (GError) error = NULL;
      g_autoptr (SpOtp) otp = NULL;

      memcpy (data, link, len);
      data[i] = (guint8) byte;
      otp = sp_otp_parse (mangled, &error);
      g_assert_true ((otp == NULL) == (error != NULL));
    }
  }
}

static void
test_written (void)
{
  g_autoptr (SpOtp) otp = parse (SECRET);

  assert_written (otp, "otpauth://totp/?secret=" SECRET "&algorithm=SHA1&digits=6&period=30");
  otp->issuer = g_strdup ("A & B: \xc3\xa4");
  otp->account = g_strdup ("a+b@example.org");
  otp->algorithm = SP_HASH_SHA256;
  otp->digits = 8;
  otp->period = 86400;
  assert_written (otp, "otpauth://totp/A%20%26%20B%3A%20%C3%A4:a%2Bb@example.org?secret=" SECRET
                       "&issuer=A%20%26%20B%3A%20%C3%A4&algorithm=SHA256&digits=8&period=86400");
  otp->kind = SP_OTP_HOTP;
  otp->period = SP_OTP_DEFAULT_PERIOD;
  otp->counter = 7;
  g_clear_pointer (&otp->issuer, g_free);
  assert_written (otp, "otpauth://hotp/a%2Bb@example.org?secret=" SECRET
                       "&algorithm=SHA256&digits=8&counter=7");
}

static void
test_steam_written (void)
{
  g_autoptr (SpOtp) otp = parse ("steam://" SECRET);

  assert_written (otp, "otpauth://totp/?secret=" SECRET
                       "&algorithm=SHA1&digits=5&period=30&encoder=steam");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/password/otp-uri/all-parameters", test_all_parameters);
  g_test_add_func ("/password/otp-uri/defaults", test_defaults);
  g_test_add_func ("/password/otp-uri/hotp", test_hotp);
  g_test_add_func ("/password/otp-uri/any-case", test_any_case);
  g_test_add_func ("/password/otp-uri/algorithm-names", test_algorithm_names);
  g_test_add_func ("/password/otp-uri/secret-forms", test_secret_forms);
  g_test_add_func ("/password/otp-uri/padding", test_padding);
  g_test_add_func ("/password/otp-uri/labels", test_labels);
  g_test_add_func ("/password/otp-uri/steam-forms", test_steam_forms);
  g_test_add_func ("/password/otp-uri/refused", test_refused);
  g_test_add_func ("/password/otp-uri/nul-and-length", test_nul_and_length);
  g_test_add_func ("/password/otp-uri/cut-and-mangled", test_cut_and_mangled);
  g_test_add_func ("/password/otp-uri/written", test_written);
  g_test_add_func ("/password/otp-uri/steam-written", test_steam_written);
  return sp_test_run ();
}
