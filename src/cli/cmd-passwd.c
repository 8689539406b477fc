/* SPDX-License-Identifier: GPL-3.0-or-later */

/* passwd [--slot ID] [--new-key-file FILE | --no-key-file] [--kdf-memory MIB] [--kdf-passes N] */

#define G_LOG_DOMAIN "cmd-passwd"

#include "config.h"

#include "cli/sp-cli-commands.h"

#include <glib/gi18n.h>

#include "cli/sp-cli-options.h"
#include "cli/sp-cli-slots.h"

typedef struct {
  char *slot;
  char *new_key_file;
  gboolean no_key_file;
  SpCliCostOptions cost;
} Arguments;

/* What the slot asks for besides stays as it was, unless another key file was named, or none. */
static gboolean
get_key_file (SpCli *cli,
              const Arguments *arguments,
              const SpSlotInfo *info,
              SpSecret **out_key,
              GError **error)
{
  const SpSecret *current;

  if ((info->factors & SP_FACTOR_DEVICE_KEY) != 0) {
    g_set_error_literal (
        error, SP_CLI_ERROR, SP_CLI_ERROR_DENIED,
        _("That key slot asks for the key of a device, which is not at hand here."));
    return FALSE;
  }
  if (arguments->new_key_file != NULL) {
    *out_key = sp_cli_take_key_file (cli, arguments->new_key_file, error);
    return *out_key != NULL;
  }
  if (arguments->no_key_file || (info->factors & SP_FACTOR_KEY_FILE) == 0)
    return TRUE;
  if (!sp_cli_get_key_file (cli, &current, error))
    return FALSE;
  if (current == NULL) {
    g_set_error_literal (
        error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE,
        _("That key slot asks for a key file: name it with --key-file or another one with "
                           "--new-key-file."));
    return FALSE;
  }
  *out_key = sp_secret_ref (current);
  return TRUE;
}

static gboolean
change (SpCli *cli, SpVault *vault, const Arguments *arguments, GError **error)
{
  g_autoptr (GPtrArray) slots = sp_vault_list_slots (vault, error);
  g_autoptr (SpSecret) password = NULL;
  g_autoptr (SpSecret) key_file = NULL;
  SpKeyslotFactors factors = { 0 };
  g_autofree char *name = sp_vault_dup_name (vault);
  const SpKdfCost *cost = NULL;
  SpKdfCost storage = { 0 };
  const SpSlotInfo *info;

  if (slots == NULL)
    return FALSE;
  info = arguments->slot != NULL ? sp_cli_find_slot (slots, arguments->slot, error)
                                 : sp_cli_find_current_slot (slots, error);
  if (info == NULL ||
      !sp_cli_cost_options_get (&arguments->cost, &info->cost, &storage, &cost, error) ||
      !get_key_file (cli, arguments, info, &key_file, error))
    return FALSE;
  password = sp_cli_ask_new_password (cli, name, error);
  /* The slot keeps its cost: a new password is no reason to get slower or faster. */
  factors.secret = password;
  factors.key_file = key_file;
  if (password == NULL || !sp_vault_change_password_with (vault, &info->id, &factors,
                                                          cost != NULL ? cost : &info->cost, error))
    return FALSE;
  sp_cli_note (
      cli, _("The password is changed. Copies of the vault made before still open with the old "
                      "one."));
  return TRUE;
}

gboolean
cmd_passwd (SpCli *cli, GError **error)
{
  g_auto (GStrv) operands = NULL;
  Arguments arguments = { NULL };
  gboolean done;
  SpVault *vault;
  const GOptionEntry entries[] = {
    { "slot", 0, 0, G_OPTION_ARG_FILENAME, &arguments.slot,
      N_ ("The key slot to change, if not the one that opens the vault now"), N_ ("ID") },
    { "new-key-file", 0, 0, G_OPTION_ARG_FILENAME, &arguments.new_key_file,
      N_ ("Ask for this key file too from now on; it is made if it is not there"), N_ ("FILE") },
    { "no-key-file", 0, 0, G_OPTION_ARG_NONE, &arguments.no_key_file,
      N_ ("Ask for no key file any more"), NULL },
    SP_CLI_COST_ENTRIES (arguments.cost),
    G_OPTION_ENTRY_NULL,
  };

  operands = sp_cli_parse (cli, entries, 0, 0, error);
  vault = operands != NULL ? sp_cli_open_for_writing (cli, error) : NULL;
  done = vault != NULL && change (cli, vault, &arguments, error);
  g_free (arguments.slot);
  g_free (arguments.new_key_file);
  return done;
}
