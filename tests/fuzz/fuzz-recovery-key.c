/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Fuzz target: any bytes are a recovery key or a sentence about what is wrong; what is read as a key is the same
 * key after it was written down and read again, and the check says the same as the parser. */

#include "config.h"

#include "password/sp-recovery-key.h"

#include "password/sp-password-error.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize len);

static void
check_same (const SpSecret *key)
{
  g_autoptr (SpSecret) text = sp_recovery_key_format (key);
  g_autoptr (SpSecret) again = sp_recovery_key_parse (text, NULL);

  g_assert_cmpuint (sp_secret_get_length (text), ==, SP_RECOVERY_KEY_TEXT_LEN);
  g_assert_true (sp_secret_equal (key, again));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize len)
{
  g_autoptr (SpSecret) text = sp_secret_new (data, len);
  g_autoptr (GError) error = NULL;
  g_autoptr (SpSecret) key = sp_recovery_key_parse (text, &error);
  gboolean right;
  SpRecoveryCheck check;

  sp_recovery_key_check (text, &check);
  right = check.halves[0] == SP_RECOVERY_HALF_RIGHT && check.halves[1] == SP_RECOVERY_HALF_RIGHT &&
          check.n_symbols == SP_RECOVERY_KEY_SYMBOLS;
  g_assert_true (right == (key != NULL));
  g_assert_cmpuint (check.n_symbols, <=, SP_RECOVERY_KEY_SYMBOLS + 1);
  g_assert_cmpuint (check.suspects | check.foreign, <, 1u << SP_RECOVERY_KEY_GROUPS);
  g_assert_cmpuint (check.suspects & check.foreign, ==, 0);
  if (key != NULL)
    check_same (key);
  else
    g_assert_error (error, SP_PASSWORD_ERROR, SP_PASSWORD_ERROR_RECOVERY_KEY);

  /* Any 20 bytes are a key. */
  if (len == SP_RECOVERY_KEY_LEN)
    check_same (text);
  return 0;
}
