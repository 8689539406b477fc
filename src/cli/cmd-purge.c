/* SPDX-License-Identifier: GPL-3.0-or-later */

/* purge [ID|TITLE...] [--yes]: what is in the trash, for good */

#define G_LOG_DOMAIN "cmd-purge"

#include "config.h"

#include "cli/sp-cli-commands.h"

#include <glib/gi18n.h>

#include "cli/sp-cli-find.h"
#include "vault/sp-vault-items.h"

static gboolean
confirm (SpCli *cli, guint64 n, gboolean yes, GError **error)
{
  g_autofree char *question = NULL;

  if (yes)
    return TRUE;
  question = g_strdup_printf (
      g_dngettext (NULL, "Delete %u item with its history and attachments for good? [y/N] ",
                   "Delete %u items with their history and attachments for good? [y/N] ",
                   (gulong) n),
      (guint) n);
  return sp_cli_confirm (cli, question, error);
}

static void
report (SpCli *cli, guint n)
{
  sp_cli_note (cli, g_dngettext (NULL, "%u item was purged.", "%u items were purged.", n), n);
}

static gboolean
purge_all (SpCli *cli, SpVault *vault, gboolean yes, GError **error)
{
  SpVaultInfo info;
  guint purged = 0;

  sp_vault_get_info (vault, &info);
  if (info.n_trashed > 0 &&
      (!confirm (cli, info.n_trashed, yes, error) || !sp_vault_purge_trash (vault, &purged, error)))
    return FALSE;
  report (cli, purged);
  return TRUE;
}

static gboolean
purge_some (SpCli *cli, SpVault *vault, char **names, gboolean yes, GError **error)
{
  g_autoptr (GArray) numbers = NULL;

  numbers = sp_cli_find_all (cli, vault, names, SP_CLI_FIND_TRASHED, error);
  if (numbers == NULL || !confirm (cli, numbers->len, yes, error) ||
      !sp_vault_change (vault, SP_CHANGE_PURGE, NULL, (gconstpointer) numbers->data, numbers->len,
                        error))
    return FALSE;
  report (cli, numbers->len);
  return TRUE;
}

gboolean
cmd_purge (SpCli *cli, GError **error)
{
  g_auto (GStrv) operands = NULL;
  gboolean yes = FALSE;
  SpVault *vault;
  const GOptionEntry entries[] = {
    { "yes", 0, 0, G_OPTION_ARG_NONE, &yes, N_ ("Do not ask"), NULL },
    G_OPTION_ENTRY_NULL,
  };

  operands = sp_cli_parse (cli, entries, 0, G_MAXUINT, error);
  vault = operands != NULL ? sp_cli_open_for_writing (cli, error) : NULL;
  if (vault == NULL)
    return FALSE;
  if (operands[0] == NULL)
    return purge_all (cli, vault, yes, error);
  return purge_some (cli, vault, operands, yes, error);
}
