/* SPDX-License-Identifier: GPL-3.0-or-later */

/* remove ID|TITLE...: to the trash */

#define G_LOG_DOMAIN "cmd-remove"

#include "config.h"

#include "cli/sp-cli-commands.h"

#include <glib/gi18n.h>

#include "cli/sp-cli-find.h"
#include "vault/sp-vault-items.h"

gboolean
cmd_remove (SpCli *cli, GError **error)
{
  g_auto (GStrv) operands = sp_cli_parse (cli, NULL, 1, G_MAXUINT, error);
  g_autoptr (GArray) numbers = NULL;
  SpVault *vault = operands != NULL ? sp_cli_open_for_writing (cli, error) : NULL;

  if (vault == NULL)
    return FALSE;
  numbers = sp_cli_find_all (cli, vault, operands, SP_CLI_FIND_LIVE, error);
  if (numbers == NULL || !sp_vault_change (vault, SP_CHANGE_TRASH, NULL,
                                           (gconstpointer) numbers->data, numbers->len, error))
    return FALSE;
  sp_cli_note (cli,
               g_dngettext (NULL, "%u item is in the trash now; “restore” takes it out again.",
                            "%u items are in the trash now; “restore” takes them out again.",
                            numbers->len),
               numbers->len);
  return TRUE;
}
