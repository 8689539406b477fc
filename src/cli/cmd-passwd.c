/* SPDX-License-Identifier: GPL-3.0-or-later */

/* passwd [--slot ID] [--kdf-memory MIB] [--kdf-passes N] */

#define G_LOG_DOMAIN "cmd-passwd"

#include "config.h"

#include "cli/sp-cli-commands.h"

#include <glib/gi18n.h>

#include "cli/sp-cli-options.h"
#include "cli/sp-cli-slots.h"

static gboolean
change (SpCli *cli,
        SpVault *vault,
        const char *slot,
        const SpCliCostOptions *options,
        GError **error)
{
  g_autoptr (GPtrArray) slots = sp_vault_list_slots (vault, error);
  g_autoptr (SpSecret) password = NULL;
  g_autofree char *name = sp_vault_dup_name (vault);
  const SpKdfCost *cost = NULL;
  SpKdfCost storage = { 0 };
  const SpSlotInfo *info;

  if (slots == NULL)
    return FALSE;
  info = slot != NULL ? sp_cli_find_slot (slots, slot, error)
                      : sp_cli_find_current_slot (slots, error);
  if (info == NULL || !sp_cli_cost_options_get (options, &info->cost, &storage, &cost, error))
    return FALSE;
  password = sp_cli_ask_new_password (cli, name, error);
  /* The slot keeps its cost: a new password is no reason to get slower or faster. */
  if (password == NULL || !sp_vault_change_password (vault, &info->id, password,
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
  g_autofree char *slot = NULL;
  SpCliCostOptions options = { 0 };
  SpVault *vault;
  const GOptionEntry entries[] = {
    { "slot", 0, 0, G_OPTION_ARG_FILENAME, &slot,
      N_ ("The key slot to change, if not the one that opens the vault now"), N_ ("ID") },
    SP_CLI_COST_ENTRIES (options),
    G_OPTION_ENTRY_NULL,
  };

  operands = sp_cli_parse (cli, entries, 0, 0, error);
  vault = operands != NULL ? sp_cli_open_for_writing (cli, error) : NULL;
  return vault != NULL && change (cli, vault, slot, &options, error);
}
