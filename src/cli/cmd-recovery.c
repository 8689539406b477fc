/* SPDX-License-Identifier: GPL-3.0-or-later */

/* recovery new [--name NAME] [--expires DATE] | use [--new-key-file FILE] [--kdf-memory MIB] [--kdf-passes N] [--yes] */

#define G_LOG_DOMAIN "cmd-recovery"

#include "config.h"

#include "cli/sp-cli-commands.h"

#include <glib/gi18n.h>

#include "cli/sp-cli-options.h"
#include "cli/sp-cli-rotation.h"
#include "password/sp-password-error.h"
#include "password/sp-recovery-key.h"

typedef struct {
  char **operands; /* the action */
  char *name;
  char *expires;
  char *new_key_file;
  gboolean yes;
  SpCliCostOptions cost;
} Arguments;

/* It counts as a way in from the moment on that it is in the vault, so it is shown first. */
static gboolean
print_and_add (SpCli *cli,
               SpVault *vault,
               const SpSecret *key,
               const char *name,
               gint64 expires_ms,
               GError **error)
{
  g_autoptr (GError) local_error = NULL;

  sp_cli_print_recovery_key (cli, NULL, name, key);
  if (!sp_cli_flush_keys (cli, error))
    return FALSE;
  if (sp_vault_add_made_recovery_key (vault, key, name, expires_ms, NULL, &local_error))
    return TRUE;
  sp_cli_note_void_keys (cli, local_error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
make_new (SpCli *cli, const Arguments *arguments, GError **error)
{
  const char *name = arguments->name != NULL ? arguments->name : "";
  SpVault *vault = NULL;
  g_autoptr (SpSecret) key = NULL;
  gint64 expires_ms = 0;

  if (arguments->expires == NULL || sp_cli_parse_date (arguments->expires, &expires_ms, error))
    vault = sp_cli_open_for_writing (cli, error);
  if (vault == NULL)
    return FALSE;
  key = sp_recovery_key_new (error);
  if (key == NULL || !print_and_add (cli, vault, key, name, expires_ms, error))
    return FALSE;
  sp_cli_note (cli,
               _("Write the recovery key down, and keep it where nobody finds it: it opens the "
                      "vault by itself. It is shown this once."));
  return TRUE;
}

static gboolean
set_password (SpCli *cli,
              SpVault *vault,
              SpRotation *plan,
              const Arguments *arguments,
              GError **error)
{
  g_autofree char *name = sp_vault_dup_name (vault);
  g_autoptr (SpSecret) password = NULL;
  g_autoptr (SpSecret) key_file = NULL;
  const SpKdfCost *cost = NULL;
  SpKdfCost storage = { 0 };
  SpKeyslotFactors factors = { 0 };

  if (!sp_cli_cost_options_get (&arguments->cost, NULL, &storage, &cost, error))
    return FALSE;
  password = sp_cli_ask_new_password (cli, name, error);
  if (password == NULL)
    return FALSE;
  if (arguments->new_key_file != NULL) {
    key_file = sp_cli_take_key_file (cli, arguments->new_key_file, error);
    if (key_file == NULL)
      return FALSE;
  }
  factors.secret = password;
  factors.key_file = key_file;
  return sp_rotation_set_password (plan, NULL, &factors, cost, error);
}

static gboolean
use_key (SpCli *cli, const Arguments *arguments, GError **error)
{
  g_autoptr (SpSecret) key = NULL;
  g_autoptr (SpRotation) plan = NULL;
  SpVault *vault = NULL;

  if (sp_cli_check_vault_exists (cli, error))
    key = sp_cli_ask_recovery_key (cli, error);
  if (key != NULL)
    vault = sp_cli_open_with_recovery_key (cli, key, error);
  if (vault == NULL)
    return FALSE;
  sp_cli_note (cli,
               _("The recovery key is right. It is used up now: choose a new master password, and "
                      "write down the new recovery key."));
  plan = sp_rotation_new (vault, error);
  return plan != NULL && set_password (cli, vault, plan, arguments, error) &&
         sp_cli_rotate (cli, vault, plan, arguments->yes, error);
}

static gboolean
run (SpCli *cli, const Arguments *arguments, GError **error)
{
  if (g_str_equal (arguments->operands[0], "new"))
    return make_new (cli, arguments, error);
  if (g_str_equal (arguments->operands[0], "use"))
    return use_key (cli, arguments, error);
  g_set_error_literal (error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE,
                       _("It is “recovery new” or “recovery use”."));
  return FALSE;
}

gboolean
cmd_recovery (SpCli *cli, GError **error)
{
  Arguments arguments = { NULL };
  gboolean done;
  const GOptionEntry entries[] = {
    { "name", 0, 0, G_OPTION_ARG_FILENAME, &arguments.name, N_ ("new: call it NAME"), N_ ("NAME") },
    { "expires", 0, 0, G_OPTION_ARG_FILENAME, &arguments.expires,
      N_ ("new: it opens the vault until that date"), N_ ("DATE") },
    { "new-key-file", 0, 0, G_OPTION_ARG_FILENAME, &arguments.new_key_file,
      N_ ("Ask for this key file too from now on; it is made if it is not there"), N_ ("FILE") },
    { "yes", 0, 0, G_OPTION_ARG_NONE, &arguments.yes, N_ ("Do not ask"), NULL },
    SP_CLI_COST_ENTRIES (arguments.cost),
    G_OPTION_ENTRY_NULL,
  };

  arguments.operands = sp_cli_parse (cli, entries, 1, 1, error);
  done = arguments.operands != NULL && run (cli, &arguments, error);
  g_strfreev (arguments.operands);
  g_free (arguments.name);
  g_free (arguments.expires);
  g_free (arguments.new_key_file);
  return done;
}
