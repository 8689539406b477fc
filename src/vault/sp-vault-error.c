/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-vault-error"

#include "config.h"

#include "vault/sp-vault-error.h"

G_DEFINE_QUARK (sp_vault_error, sp_vault_error)

/**
 * sp_vault_error_is_wrong_secret:
 * @error: an error
 *
 * Returns: whether it says that what was given does not open a key slot
 */
gboolean
sp_vault_error_is_wrong_secret (const GError *error)
{
  if (error == NULL || error->domain != SP_VAULT_ERROR)
    return FALSE;
  switch (error->code) {
  case SP_VAULT_ERROR_WRONG_KEY:
  case SP_VAULT_ERROR_KEY_FILE_NEEDED:
  case SP_VAULT_ERROR_KEY_FILE_OTHER:
  case SP_VAULT_ERROR_DEVICE_KEY_NEEDED:
  case SP_VAULT_ERROR_DEVICE_KEY_OTHER:
    return TRUE;
  default:
    return FALSE;
  }
}
