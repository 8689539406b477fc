/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One place that knows which error ends in which exit code. An error of a domain that is not listed here
 * is taken for input/output: it is never "done". */

#define G_LOG_DOMAIN "sp-cli-error"

#include "config.h"

#include "cli/sp-cli-error.h"

#include <gio/gio.h>

#include "crypto/sp-crypto.h"
#include "formats/sp-format-error.h"
#include "password/sp-password-error.h"
#include "vault/sp-vault-error.h"

G_DEFINE_QUARK (sp_cli_error, sp_cli_error)

static SpCliExit
exit_for_cli (int code)
{
  switch ((SpCliError) code) {
  case SP_CLI_ERROR_NOT_FOUND:
    return SP_CLI_EXIT_NOT_FOUND;
  case SP_CLI_ERROR_USAGE:
    return SP_CLI_EXIT_USAGE;
  case SP_CLI_ERROR_DAMAGED:
    return SP_CLI_EXIT_DAMAGED;
  case SP_CLI_ERROR_DENIED:
    return SP_CLI_EXIT_DENIED;
  case SP_CLI_ERROR_IO:
  default:
    return SP_CLI_EXIT_IO;
  }
}

static SpCliExit
exit_for_vault (int code)
{
  switch ((SpVaultError) code) {
  case SP_VAULT_ERROR_NOT_FOUND:
    return SP_CLI_EXIT_NOT_FOUND;
  case SP_VAULT_ERROR_INVALID:
    return SP_CLI_EXIT_USAGE;
  case SP_VAULT_ERROR_WRONG_KEY:
  case SP_VAULT_ERROR_KEY_FILE_NEEDED:
  case SP_VAULT_ERROR_KEY_FILE_OTHER:
  case SP_VAULT_ERROR_DEVICE_KEY_NEEDED:
  case SP_VAULT_ERROR_DEVICE_KEY_OTHER:
  case SP_VAULT_ERROR_EXPIRED:
    return SP_CLI_EXIT_WRONG_KEY;
  case SP_VAULT_ERROR_DAMAGED:
  case SP_VAULT_ERROR_NOT_A_VAULT:
  case SP_VAULT_ERROR_NEWER_FORMAT:
  case SP_VAULT_ERROR_KDF_LIMITS:
  case SP_VAULT_ERROR_REPLACED:
    return SP_CLI_EXIT_DAMAGED;
  case SP_VAULT_ERROR_READ_ONLY:
  case SP_VAULT_ERROR_PERMISSION:
  case SP_VAULT_ERROR_LOCATION:
  case SP_VAULT_ERROR_LOCKED_OUT:
  case SP_VAULT_ERROR_LAST_SLOT:
    return SP_CLI_EXIT_DENIED;
  case SP_VAULT_ERROR_CONFLICT:
  case SP_VAULT_ERROR_EXISTS:
  case SP_VAULT_ERROR_IO:
  case SP_VAULT_ERROR_NO_SPACE:
  case SP_VAULT_ERROR_BUSY:
  case SP_VAULT_ERROR_CANCELLED:
  case SP_VAULT_ERROR_UNCERTAIN:
  default:
    return SP_CLI_EXIT_IO;
  }
}

static SpCliExit
exit_for_password (int code)
{
  if (code == SP_PASSWORD_ERROR_RECOVERY_KEY || code == SP_PASSWORD_ERROR_KEY_FILE)
    return SP_CLI_EXIT_WRONG_KEY;
  /* A one-time code that cannot be read is one that is not there; the rest is what was typed. */
  return code == SP_PASSWORD_ERROR_OTP ? SP_CLI_EXIT_NOT_FOUND : SP_CLI_EXIT_USAGE;
}

/**
 * sp_cli_error_to_exit:
 * @error: what went wrong
 *
 * Says with which code the program ends after @error.
 *
 * Returns: the exit code; never `SP_CLI_EXIT_DONE`
 */
SpCliExit
sp_cli_error_to_exit (const GError *error)
{
  g_return_val_if_fail (error != NULL, SP_CLI_EXIT_IO);

  if (error->domain == SP_CLI_ERROR)
    return exit_for_cli (error->code);
  if (error->domain == SP_VAULT_ERROR)
    return exit_for_vault (error->code);
  if (error->domain == SP_PASSWORD_ERROR)
    return exit_for_password (error->code);
  if (error->domain == G_OPTION_ERROR || error->domain == G_NUMBER_PARSER_ERROR)
    return SP_CLI_EXIT_USAGE;
  if (g_error_matches (error, SP_FORMAT_ERROR, SP_FORMAT_ERROR_UNKNOWN) ||
      g_error_matches (error, SP_FORMAT_ERROR, SP_FORMAT_ERROR_MAPPING))
    return SP_CLI_EXIT_USAGE;
  if (g_error_matches (error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_TAG))
    return SP_CLI_EXIT_DAMAGED;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    return SP_CLI_EXIT_DENIED;
  return SP_CLI_EXIT_IO;
}

/**
 * sp_cli_error_set_errno:
 * @error: (nullable): return location
 * @errsv: an `errno` value
 * @format: what was tried, as a sentence without its full stop
 *
 * Sets an error of the G_IO_ERROR domain that says what was tried and what the system answered.
 */
void
sp_cli_error_set_errno (GError **error, int errsv, const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list arguments;

  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (errsv), "%s: %s.", what,
               g_strerror (errsv));
}
