/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "base/sp-encoding.h"

#include <string.h>

#include "common/sp-test.h"

static SpSecret *
decode (const char *text)
{
  return sp_base32_decode (text, strlen (text));
}

static void
test_hex (void)
{
  static const guint8 data[] = { 0x00, 0x01, 0x9a, 0xbc, 0xde, 0xff };
  g_autofree char *text = sp_hex_encode (data, sizeof data);
  guint8 again[sizeof data];

  g_assert_cmpstr (text, ==, "00019abcdeff");
  g_assert_true (sp_hex_decode (text, again, sizeof again));
  sp_test_assert_mem (again, sizeof again, data, sizeof data);
  g_assert_true (sp_hex_decode ("00019ABCDEFF", again, sizeof again));
  sp_test_assert_mem (again, sizeof again, data, sizeof data);
}

static void
test_hex_nothing (void)
{
  g_autofree char *text = sp_hex_encode (NULL, 0);

  g_assert_cmpstr (text, ==, "");
  g_assert_true (sp_hex_decode ("", NULL, 0));
}

static void
test_hex_malformed (void)
{
  static const char *const malformed[] = {
    "", "0", "000", "00000", "0g00", "00 0", "-000", "0x00"
  };

  for (gsize i = 0; i < G_N_ELEMENTS (malformed); i++) {
    guint8 data[2] = { 5, 5 };

    g_assert_false (sp_hex_decode (malformed[i], data, sizeof data));
    g_assert_cmpuint (data[0], ==, 5);
  }
}

/* RFC 4648 section 10. */
static void
test_base32_vectors (void)
{
  static const struct {
    const char *plain;
    const char *padded;
    const char *unpadded;
  } vectors[] = {
    { "", "", "" },
    { "f", "MY======", "MY" },
    { "fo", "MZXQ====", "MZXQ" },
    { "foo", "MZXW6===", "MZXW6" },
    { "foob", "MZXW6YQ=", "MZXW6YQ" },
    { "fooba", "MZXW6YTB", "MZXW6YTB" },
    { "foobar", "MZXW6YTBOI======", "MZXW6YTBOI" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++) {
    g_autoptr (SpSecret) plain = sp_secret_new_text (vectors[i].plain);
    g_autoptr (SpSecret) text = sp_base32_encode (plain);
    g_autoptr (SpSecret) padded = decode (vectors[i].padded);
    g_autoptr (SpSecret) unpadded = decode (vectors[i].unpadded);

    g_assert_cmpstr (sp_secret_peek_text (text), ==, vectors[i].unpadded);
    g_assert_true (sp_secret_equal (padded, plain));
    g_assert_true (sp_secret_equal (unpadded, plain));
  }
}

static void
test_base32_every_symbol (void)
{
  g_autoptr (SpSecret) secret = decode ("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
  g_autoptr (SpSecret) text = NULL;

  sp_test_assert_hex (sp_secret_peek (secret, NULL), sp_secret_get_length (secret),
                      "00443214c74254b635cf84653a56d7c675be77df");
  text = sp_base32_encode (secret);
  g_assert_cmpstr (sp_secret_peek_text (text), ==, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
}

static void
test_base32_forgiving (void)
{
  static const char *const forms[] = {
    "mzxw6ytboi",   "MZXW 6YTB OI", "mzxw-6ytb-oi", " MZXW6YTBOI\n",      "MZXW6YTBOI= = =",
    "\tMzXw6yTbOi", "MZXW6YTBOI=",  "MZXW6YTBOJ",   "MZXW6YTBOI========", "M-Z-XW6Y TBOI-",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++) {
    g_autoptr (SpSecret) secret = decode (forms[i]);

    g_assert_nonnull (secret);
    g_assert_cmpstr (sp_secret_peek_text (secret), ==, "foobar");
  }
}

static void
test_base32_malformed (void)
{
  static const char *const malformed[] = {
    "M",        "MZX",      "MZXW6Y",   "MZXW6YTBO",       "MZXW6YT1", "MZXW6YT0",
    "MZXW6YT8", "MZXW6YT9", "MZXW6YT@", "MZXW6YT[",        "MZXW6YT`", "MZXW6YT{",
    "MZXW=6YT", "MY=MY",    "MZXW_6YT", "MZXW6YT\xc3\xa4",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (malformed); i++)
    g_assert_null (decode (malformed[i]));
}

/* A byte that is neither symbol, separator nor padding is refused, whichever it is. */
static void
test_base32_every_byte (void)
{
  gsize n_symbols = 0;

  for (guint c = 0; c < 256; c++) {
    char text[2] = { (char) c, 'A' };
    g_autoptr (SpSecret) secret = sp_base32_decode (text, sizeof text);

    n_symbols += secret != NULL && sp_secret_get_length (secret) == 1;
  }
  g_assert_cmpuint (n_symbols, ==, 26 + 26 + 6);
}

static void
test_base32_round_trip (void)
{
  guint64 state = 3;

  for (gsize len = 0; len < 300; len++) {
    guint8 *data;
    g_autoptr (SpSecret) secret = sp_secret_new_uninitialized (len, &data);
    g_autoptr (SpSecret) text = NULL;
    g_autoptr (SpSecret) again = NULL;

    sp_test_random_fill (&state, data, len);
    text = sp_base32_encode (secret);
    again = sp_base32_decode (sp_secret_peek_text (text), sp_secret_get_length (text));
    g_assert_true (sp_secret_equal (again, secret));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/encoding/hex", test_hex);
  g_test_add_func ("/base/encoding/hex-nothing", test_hex_nothing);
  g_test_add_func ("/base/encoding/hex-malformed", test_hex_malformed);
  g_test_add_func ("/base/encoding/base32-vectors", test_base32_vectors);
  g_test_add_func ("/base/encoding/base32-every-symbol", test_base32_every_symbol);
  g_test_add_func ("/base/encoding/base32-forgiving", test_base32_forgiving);
  g_test_add_func ("/base/encoding/base32-malformed", test_base32_malformed);
  g_test_add_func ("/base/encoding/base32-every-byte", test_base32_every_byte);
  g_test_add_func ("/base/encoding/base32-round-trip", test_base32_round_trip);

  return sp_test_run ();
}
