/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Fuzz target: any file has a key of 32 bytes, which is the same after it was written and read again, or a sentence
 * says why not. */

#include "config.h"

#include "password/sp-key-file.h"

#include "password/sp-password-error.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize len);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize len)
{
  g_autoptr (SpSecret) content = sp_secret_new (data, len);
  g_autoptr (GError) error = NULL;
  g_autoptr (SpSecret) key = sp_key_file_parse (content, &error);
  g_autoptr (SpSecret) written = NULL;
  g_autoptr (SpSecret) again = NULL;

  if (key == NULL) {
    g_assert_error (error, SP_PASSWORD_ERROR, SP_PASSWORD_ERROR_KEY_FILE);
    return 0;
  }
  g_assert_no_error (error);
  g_assert_cmpuint (sp_secret_get_length (key), ==, SP_KEY_FILE_KEY_LEN);
  written = sp_key_file_format (key, NULL);
  again = sp_key_file_parse (written, NULL);
  g_assert_true (sp_secret_equal (key, again));
  return 0;
}
