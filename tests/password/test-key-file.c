/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Key files: our own and KeePass's kinds, and what is none. The key of the samples is SHA-256 ("key file"), and
 * they were put together with Python's hashlib and base64. */

#include "config.h"

#include "password/sp-key-file.h"

#include <string.h>

#include "common/sp-test.h"
#include "crypto/sp-crypto.h"
#include "password/sp-password-error.h"

#define KEY "49fa4f610a5b1e8f4fc2324cdfa03acd797bac470233355f93512cdb34e1014e"
#define OWN "securepass-key-file 1\nkey " KEY "\ncheck 9a18d66cdb165bda\n"
#define XML_1                                                                          \
  "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<KeyFile><Meta><Version>1.00</Version>" \
  "</Meta><Key><Data>SfpPYQpbHo9PwjJM36A6zXl7rEcCMzVfk1Es2zThAU4=</Data></Key></KeyFile>"
#define XML_2(hash)                                                                         \
  "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<KeyFile>\n<Meta>\n<Version>2.0</Version>\n" \
  "</Meta>\n<Key>\n<Data Hash=\"" hash                                                      \
  "\">\n49FA4F610A5B1E8F4FC2324CDFA03ACD\n797BAC470233355F93512CDB34E1014E\n</Data></Key></KeyFile>"

static void
assert_key (const char *content, gsize len, const char *hex)
{
  g_autoptr (SpSecret) file = sp_secret_new ((const guint8 *) content, len);
  g_autoptr (GError) error = NULL;
  g_autoptr (SpSecret) key = sp_key_file_parse (file, &error);

  g_assert_no_error (error);
  sp_test_assert_hex (sp_secret_peek (key, NULL), sp_secret_get_length (key), hex);
}

static void
assert_refused (const char *content)
{
  g_autoptr (SpSecret) file = sp_secret_new_text (content);
  g_autoptr (GError) error = NULL;

  g_assert_null (sp_key_file_parse (file, &error));
  g_assert_error (error, SP_PASSWORD_ERROR, SP_PASSWORD_ERROR_KEY_FILE);
}

static void
test_kinds (void)
{
  static const char *const texts[] = { OWN, XML_1, XML_2 ("951B4D03"), "\xef\xbb\xbf" XML_1, KEY };
  g_autoptr (SpSecret) raw = sp_test_hex_secret (KEY);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_key (texts[i], strlen (texts[i]), KEY);
  assert_key ((const char *) sp_secret_peek (raw, NULL), 32, KEY);
  assert_key ("a photograph, or anything else", 30,
              "bb4252e9b529d2bd3d43270980a297b19b229031a47b726d55f855b28658c90b");
}

static void
test_new (void)
{
  g_autoptr (SpSecret) key = sp_key_file_new (NULL);
  g_autoptr (SpSecret) file = sp_key_file_format (key, NULL);
  g_autoptr (SpSecret) read = sp_key_file_parse (file, NULL);
  g_autoptr (SpSecret) sample = sp_test_hex_secret (KEY);
  g_autoptr (SpSecret) sample_file = sp_key_file_format (sample, NULL);

  g_assert_true (sp_secret_equal (key, read));
  g_assert_cmpstr (sp_secret_peek_text (sample_file), ==, OWN);
}

/* What is meant as a key file and is damaged must not become another key. */
static void
test_every_bit (void)
{
  static const char *const texts[] = { OWN, XML_2 ("951B4D03") };
  g_autoptr (SpSecret) key = sp_test_hex_secret (KEY);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    const char *digits = strstr (texts[i], i == 0 ? KEY : "49FA4F610A5B1E8F4FC2324CDFA03ACD");
    gsize first = (gsize) (digits - texts[i]);

    for (gsize bit = 8 * first; bit < 8 * (first + 64); bit++) {
      g_autofree char *wrong = g_strdup (texts[i]);
      g_autoptr (SpSecret) file = NULL;
      g_autoptr (SpSecret) read = NULL;

      wrong[bit / 8] = (char) (wrong[bit / 8] ^ (1 << bit % 8));
      file = sp_secret_new_text (wrong);
      read = sp_key_file_parse (file, NULL);
      /* Another case of the same digit, or other white space, is the same key. */
      g_assert_true (read == NULL || sp_secret_equal (read, key));
    }
  }
}

static void
test_refused (void)
{
  g_autofree char *large = g_strnfill (SP_KEY_FILE_MAX_LEN + 1, 'x');

  assert_refused ("");
  assert_refused (large);
  assert_refused (XML_2 ("00000000"));
  assert_refused ("securepass-key-file 1\nkey 00\ncheck 00\n");
  assert_refused ("securepass-key-file 2\n");
  assert_refused (
      "<KeyFile><Meta><Version>3.0</Version></Meta><Key><Data>00</Data></Key></KeyFile>");
  assert_refused (
      "<KeyFile><Meta><Version>1.00</Version></Meta><Key><Data>AAAA</Data></Key></KeyFile>");
  assert_refused ("<KeyFile>");
  large[SP_KEY_FILE_MAX_LEN] = '\0';
  {
    g_autoptr (SpSecret) file = sp_secret_new_text (large);
    g_autoptr (SpSecret) key = sp_key_file_parse (file, NULL);

    g_assert_nonnull (key);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (sp_crypto_init (NULL));
  g_test_add_func ("/key-file/kinds", test_kinds);
  g_test_add_func ("/key-file/new", test_new);
  g_test_add_func ("/key-file/every-bit", test_every_bit);
  g_test_add_func ("/key-file/refused", test_refused);
  return sp_test_run ();
}
