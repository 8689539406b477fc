/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where passwords come from.
 *
 * --password-file holds them line by line: the first is the vault's password (that to be given to it, in
 * "create"), the second the new one of "passwd" and "slot add". It is read as far as lines are needed and
 * not further. Without it the terminal is asked, twice for a new password. */

#define G_LOG_DOMAIN "sp-cli-password"

#include "config.h"

#include <glib/gi18n.h>

#include "cli/sp-cli-private.h"
#include "cli/sp-cli-prompt.h"
#include "password/sp-password-policy.h"
#include "password/sp-recovery-key.h"
#include "vault/sp-vault-slots.h"

#define MAX_TRIES 3

static SpSecret *
read_line (SpCli *self, GError **error)
{
  if (self->password_input == NULL)
    self->password_input = sp_cli_input_open (self->password_file, error);
  if (self->password_input == NULL)
    return NULL;
  return sp_cli_input_read_line (self->password_input, error);
}

/**
 * sp_cli_ask_secret:
 * @self: a run
 * @question: what to ask, translated
 * @error: return location
 *
 * Asks on the terminal; the time that takes is no work.
 *
 * Returns: (transfer full) (nullable): the answer, or `NULL` with @error set
 */
SpSecret *
sp_cli_ask_secret (SpCli *self, const char *question, GError **error)
{
  gint64 start = g_get_monotonic_time ();
  SpSecret *answer = sp_cli_prompt_secret (question, error);

  self->waited_us += g_get_monotonic_time () - start;
  return answer;
}

/**
 * sp_cli_has_password_file:
 * @self: a run
 *
 * Returns: whether the terminal is not asked for passwords
 */
gboolean
sp_cli_has_password_file (const SpCli *self)
{
  return self->password_file != NULL;
}

/**
 * sp_cli_confirm:
 * @self: a run
 * @question: what to ask, translated
 * @error: return location
 *
 * Asks on the terminal whether to go on.
 *
 * Returns: %TRUE after a clear yes, else %FALSE with @error set
 */
gboolean
sp_cli_confirm (SpCli *self, const char *question, GError **error)
{
  gint64 start = g_get_monotonic_time ();
  gboolean yes = FALSE;
  gboolean answered = sp_cli_prompt_confirm (question, &yes, error);

  self->waited_us += g_get_monotonic_time () - start;
  if (answered && !yes)
    g_set_error_literal (error, SP_CLI_ERROR, SP_CLI_ERROR_DENIED,
                         _("It was not confirmed; nothing was done."));
  return answered && yes;
}

/**
 * sp_cli_ask_password:
 * @self: a run
 * @question: what to ask on the terminal, translated
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the next line of --password-file, else the answer, or `NULL` with
 *   @error set
 */
SpSecret *
sp_cli_ask_password (SpCli *self, const char *question, GError **error)
{
  if (self->password_file != NULL)
    return read_line (self, error);
  return sp_cli_ask_secret (self, question, error);
}

/**
 * sp_cli_ask_recovery_key:
 * @self: a run
 * @error: return location
 *
 * Asks for a recovery key. On a terminal a wrong group is no reason to type all of it in vain.
 *
 * Returns: (transfer full) (nullable): its 20 bytes, or `NULL` with @error set
 */
SpSecret *
sp_cli_ask_recovery_key (SpCli *self, GError **error)
{
  for (guint i = 1;; i++) {
    g_autoptr (GError) local_error = NULL;
    g_autoptr (SpSecret) text = sp_cli_ask_password (self, _("Recovery key: "), error);
    SpSecret *key = text != NULL ? sp_recovery_key_parse (text, &local_error) : NULL;

    if (text == NULL || key != NULL)
      return key;
    if (i == MAX_TRIES || sp_cli_has_password_file (self)) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
    sp_cli_note (self, "%s", local_error->message);
  }
}

/**
 * sp_cli_get_password:
 * @self: a run
 * @error: return location
 *
 * Finds the password that opens the vault.
 *
 * Returns: (transfer none) (nullable): the password, or `NULL` with @error set
 */
const SpSecret *
sp_cli_get_password (SpCli *self, GError **error)
{
  g_autofree char *name = NULL;
  g_autofree char *question = NULL;

  if (self->password != NULL)
    return self->password;
  name = g_path_get_basename (sp_cli_get_vault_path (self));
  question = g_strdup_printf (_("Master password for %s: "), name);
  self->password = sp_cli_ask_password (self, question, error);
  return self->password;
}

static SpSecret *
ask_twice (SpCli *self, GError **error)
{
  for (guint i = 0; i < MAX_TRIES; i++) {
    g_autoptr (SpSecret) first = sp_cli_ask_secret (self, _("New master password: "), error);
    g_autoptr (SpSecret) second = NULL;

    if (first == NULL)
      return NULL;
    second = sp_cli_ask_secret (self, _("The same again: "), error);
    if (second == NULL)
      return NULL;
    if (sp_secret_equal (first, second))
      return g_steal_pointer (&first);
    sp_cli_note (self, _("The two are not the same."));
  }
  g_set_error_literal (error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE,
                       _("The new password was not typed the same way twice."));
  return NULL;
}

/**
 * sp_cli_ask_new_password:
 * @self: a run
 * @vault_name: (nullable): a word that the password should not lean on
 * @error: return location
 *
 * Asks for a password to be set, and holds it against the policy.
 *
 * Returns: (transfer full) (nullable): a password that the policy accepts, or `NULL` with @error set
 */
SpSecret *
sp_cli_ask_new_password (SpCli *self, const char *vault_name, GError **error)
{
  g_autoptr (SpSecret) password = NULL;
  const char *words[4] = { g_get_user_name (), g_get_real_name (), vault_name, NULL };

  if (self->password_file != NULL)
    password = read_line (self, error);
  else
    password = ask_twice (self, error);
  if (password == NULL ||
      !sp_password_policy_require (sp_password_policy_get_default (), password, words, error))
    return NULL;
  return g_steal_pointer (&password);
}

/**
 * sp_cli_get_password_again:
 * @self: a run with an open vault
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the password that --password-file began with, else what is typed once more
 */
SpSecret *
sp_cli_get_password_again (SpCli *self, GError **error)
{
  if (self->password != NULL)
    return sp_secret_ref (self->password);
  return sp_cli_ask_secret (self, _("Master password once more: "), error);
}

/**
 * sp_cli_check_password_again:
 * @self: a run with an open vault
 * @error: return location
 *
 * Makes sure that whoever sits there still knows the password. With --password-file the same line counts.
 *
 * Returns: whether a password slot opens with it
 */
gboolean
sp_cli_check_password_again (SpCli *self, GError **error)
{
  g_autoptr (SpSecret) password = sp_cli_get_password_again (self, error);
  SpKeyslotFactors factors = { .secret = password };

  return password != NULL && sp_cli_get_key_file (self, &factors.key_file, error) &&
         sp_vault_check_factors (self->vault, &factors, error);
}
