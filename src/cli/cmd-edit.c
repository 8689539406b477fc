/* SPDX-License-Identifier: GPL-3.0-or-later */

/* edit ID|TITLE and the options of sp-cli-changes.h */

#define G_LOG_DOMAIN "cmd-edit"

#include "config.h"

#include "cli/sp-cli-commands.h"

#include <glib/gi18n.h>

#include "cli/sp-cli-changes.h"
#include "cli/sp-cli-find.h"
#include "vault/sp-vault-items.h"

#define MAX_TRIES 5

/* Changes are made to the item as it stands, so when another process was quicker they are made again to
 * what it left, and neither is lost. */
static gboolean
edit (SpVault *vault, guint64 number, const SpCliChanges *changes, GError **error)
{
  for (guint i = 0;; i++) {
    g_autoptr (SpItem) item = sp_vault_load (vault, number, error);
    g_autoptr (GError) local_error = NULL;

    if (item == NULL || !sp_cli_changes_apply (changes, item, error))
      return FALSE;
    if (sp_vault_save (vault, item, &local_error))
      return TRUE;
    if (!g_error_matches (local_error, SP_VAULT_ERROR, SP_VAULT_ERROR_CONFLICT) || i == MAX_TRIES ||
        !sp_vault_refresh (vault, NULL, NULL)) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  }
}

gboolean
cmd_edit (SpCli *cli, GError **error)
{
  g_autoptr (SpCliChanges) changes = sp_cli_changes_new ();
  g_auto (GStrv) operands = NULL;
  g_autoptr (SpItem) item = NULL;
  SpItemType type;
  SpVault *vault;

  operands = sp_cli_changes_parse (changes, cli, 1, 1, error);
  if (operands == NULL || !sp_cli_changes_get_type (changes, &type, error))
    return FALSE;
  vault = sp_cli_open_for_writing (cli, error);
  if (vault == NULL)
    return FALSE;
  item = sp_cli_load (cli, vault, operands[0], SP_CLI_FIND_LIVE, error);
  if (item == NULL || !sp_cli_changes_prepare (changes, cli, item, error))
    return FALSE;
  return edit (vault, item->number, changes, error);
}
