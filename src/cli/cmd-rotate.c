/* SPDX-License-Identifier: GPL-3.0-or-later */

/* rotate [--yes]: a new vault key, under which everything is encrypted anew */

#define G_LOG_DOMAIN "cmd-rotate"

#include "config.h"

#include "cli/sp-cli-commands.h"

#include <glib/gi18n.h>

#include "cli/sp-cli-rotation.h"

gboolean
cmd_rotate (SpCli *cli, GError **error)
{
  g_auto (GStrv) operands = NULL;
  g_autoptr (SpRotation) plan = NULL;
  gboolean yes = FALSE;
  SpVault *vault;
  const GOptionEntry entries[] = {
    { "yes", 0, 0, G_OPTION_ARG_NONE, &yes, N_ ("Do not ask"), NULL },
    G_OPTION_ENTRY_NULL,
  };

  operands = sp_cli_parse (cli, entries, 0, 0, error);
  vault = operands != NULL ? sp_cli_open_for_writing (cli, error) : NULL;
  plan = vault != NULL ? sp_cli_plan_rotation (cli, vault, error) : NULL;
  return plan != NULL && sp_cli_rotate (cli, vault, plan, yes, error);
}
