/* SPDX-License-Identifier: GPL-3.0-or-later */

/* create [--name NAME] [--kdf-memory MIB] [--kdf-passes N] */

#define G_LOG_DOMAIN "cmd-create"

#include "config.h"

#include "cli/sp-cli-commands.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cli/sp-cli-options.h"

/* "Work.securepass" is called "Work" unless told otherwise. */
static char *
name_from_path (const char *path)
{
  char *name = g_path_get_basename (path);

  if (g_str_has_suffix (name, ".securepass") && strlen (name) > strlen (".securepass"))
    name[strlen (name) - strlen (".securepass")] = '\0';
  return name;
}

static void
report (SpCli *cli, SpVault *vault)
{
  char id[SP_ID_STRING_LEN + 1];
  SpVaultInfo info;

  sp_vault_get_info (vault, &info);
  sp_id_to_string (&info.vault_id, id);
  if (sp_cli_wants_json (cli)) {
    SpJsonWriter *writer = sp_cli_get_json (cli);

    sp_json_begin_object (writer);
    sp_json_key (writer, "path");
    sp_json_string (writer, sp_vault_get_path (vault));
    sp_json_key (writer, "id");
    sp_json_string (writer, id);
    sp_json_end_object (writer);
  } else {
    SpCliOutput *output = sp_cli_get_output (cli);

    sp_cli_output_text (output, sp_vault_get_path (vault));
    sp_cli_output_raw (output, "\n", 1);
  }
  if (sp_vault_get_location_warning (vault) != NULL)
    sp_cli_note (cli, "%s", sp_vault_get_location_warning (vault));
}

gboolean
cmd_create (SpCli *cli, GError **error)
{
  g_auto (GStrv) operands = NULL;
  g_autofree char *name = NULL;
  g_autoptr (SpSecret) password = NULL;
  SpCliCostOptions options = { 0 };
  const SpKdfCost *cost = NULL;
  SpKdfCost storage = { 0 };
  SpVault *vault;
  const GOptionEntry entries[] = {
    { "name", 0, 0, G_OPTION_ARG_FILENAME, &name, N_ ("What the vault is called"), N_ ("NAME") },
    SP_CLI_COST_ENTRIES (options),
    G_OPTION_ENTRY_NULL,
  };

  operands = sp_cli_parse (cli, entries, 0, 0, error);
  if (operands == NULL || !sp_cli_cost_options_get (&options, NULL, &storage, &cost, error))
    return FALSE;
  if (g_file_test (sp_cli_get_vault_path (cli), G_FILE_TEST_EXISTS)) {
    g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_IO,
                 _("There is a file at “%s” already; it was left alone."),
                    sp_cli_get_vault_path (cli));
    return FALSE;
  }
  if (name == NULL)
    name = name_from_path (sp_cli_get_vault_path (cli));
  password = sp_cli_ask_new_password (cli, name, error);
  if (password == NULL)
    return FALSE;
  vault = sp_vault_create (sp_cli_get_vault_path (cli), name, password, cost,
                           sp_cli_get_environment (cli), error);
  if (vault == NULL)
    return FALSE;
  sp_cli_take_vault (cli, vault);
  report (cli, vault);
  return TRUE;
}
