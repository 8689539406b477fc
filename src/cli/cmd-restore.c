/* SPDX-License-Identifier: GPL-3.0-or-later */

/* restore ID|TITLE...: out of the trash */

#define G_LOG_DOMAIN "cmd-restore"

#include "config.h"

#include "cli/sp-cli-commands.h"

#include <glib/gi18n.h>

#include "cli/sp-cli-find.h"
#include "vault/sp-vault-items.h"

gboolean
cmd_restore (SpCli *cli, GError **error)
{
  g_auto (GStrv) operands = sp_cli_parse (cli, NULL, 1, G_MAXUINT, error);
  g_autoptr (GArray) numbers = NULL;
  SpVault *vault = operands != NULL ? sp_cli_open_for_writing (cli, error) : NULL;

  if (vault == NULL)
    return FALSE;
  numbers = sp_cli_find_all (cli, vault, operands, SP_CLI_FIND_TRASHED, error);
  if (numbers == NULL || !sp_vault_change (vault, SP_CHANGE_RESTORE, NULL,
                                           (gconstpointer) numbers->data, numbers->len, error))
    return FALSE;
  sp_cli_note (cli, g_dngettext (NULL, "%u item is back.", "%u items are back.", numbers->len),
               numbers->len);
  return TRUE;
}
