/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The engine's sentences are for people, too, but they are long where the window shows the circumstances, and
 * they are English. Those that a person meets in daily use are said here; all others stand as they are. */

#define G_LOG_DOMAIN "sp-error-text"

#include "config.h"

#include "ui/sp-error-text.h"

#include <glib/gi18n.h>

#include "vault/sp-vault-error.h"

typedef struct {
  int code;
  const char *text;
} Text;

static const Text texts[] = {
  { SP_VAULT_ERROR_WRONG_KEY, N_ ("That is not the password of this vault.") },
  { SP_VAULT_ERROR_NOT_A_VAULT, N_ ("This file is not a SecurePass vault.") },
  { SP_VAULT_ERROR_NEWER_FORMAT, N_ ("This vault was made by a newer version of SecurePass.") },
  { SP_VAULT_ERROR_READ_ONLY, N_ ("The vault is open for reading only. Nothing was changed.") },
  { SP_VAULT_ERROR_CONFLICT,
    N_ ("This item was changed elsewhere in the meantime. Nothing was overwritten.") },
  { SP_VAULT_ERROR_NO_SPACE, N_ ("The disk is full. Nothing was changed; free some space, and try "
                                 "again.") },
  { SP_VAULT_ERROR_BUSY, N_ ("Another program is writing to the vault. Nothing was changed; try "
                             "again.") },
};

/**
 * sp_error_text:
 * @error: an error
 *
 * Returns: (transfer full): a sentence for the user; never a secret
 */
char *
sp_error_text (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  if (error->domain == SP_VAULT_ERROR)
    for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
      if (texts[i].code == error->code)
        return g_strdup (_(texts[i].text));
  return g_strdup (error->message);
}
