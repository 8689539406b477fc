/* SPDX-License-Identifier: GPL-3.0-or-later */

/* history ID|TITLE [--restore N] [--reveal] */

#define G_LOG_DOMAIN "cmd-history"

#include "config.h"

#include "cli/sp-cli-commands.h"

#include <glib/gi18n.h>

#include "cli/sp-cli-find.h"
#include "cli/sp-cli-options.h"
#include "cli/sp-cli-table.h"
#include "formats/sp-export.h"
#include "vault/sp-vault-items.h"

static void
print_json (SpCli *cli, const GPtrArray *history, gboolean reveal)
{
  SpJsonWriter *writer = sp_cli_get_json (cli);

  sp_json_begin_array (writer);
  for (guint i = 0; i < history->len; i++)
    sp_export_write_item (writer, history->pdata[i], NULL,
                          reveal ? SP_EXPORT_DEFAULT : SP_EXPORT_CONCEAL);
  sp_json_end_array (writer);
}

static void
print_table (SpCli *cli, const GPtrArray *history)
{
  g_autoptr (SpCliTable) table = sp_cli_table_new (4);

  for (guint i = 0; i < history->len; i++) {
    const SpItem *version = history->pdata[i];
    g_autofree char *number = g_strdup_printf ("%u", i + 1);

    sp_cli_table_add_copy (table, number);
    sp_cli_table_add_date (table, version->modified_ms);
    sp_cli_table_add (table, version->title);
    sp_cli_table_add (table, sp_item_peek_subtitle (version));
  }
  sp_cli_table_print (table, sp_cli_get_output (cli));
}

static gboolean
list (SpCli *cli, SpVault *vault, const char *text, gboolean reveal, GError **error)
{
  guint64 number = sp_cli_find (cli, vault, text, SP_CLI_FIND_ANY, error);
  g_autoptr (GPtrArray) history = NULL;

  if (number == 0)
    return FALSE;
  history = sp_vault_load_history (vault, number, error);
  if (history == NULL)
    return FALSE;
  if (sp_cli_wants_json (cli))
    print_json (cli, history, reveal);
  else
    print_table (cli, history);
  return TRUE;
}

static gboolean
restore (SpCli *cli, SpVault *vault, const char *text, guint version, GError **error)
{
  guint64 number = sp_cli_find (cli, vault, text, SP_CLI_FIND_LIVE, error);

  if (number == 0 || !sp_vault_restore_version (vault, number, version - 1, error))
    return FALSE;
  sp_cli_note (cli, _("Version %u is the current one again; what it replaced is version 1 now."),
                       version);
  return TRUE;
}

gboolean
cmd_history (SpCli *cli, GError **error)
{
  g_auto (GStrv) operands = NULL;
  gboolean reveal = FALSE;
  SpVault *vault;
  int version = 0;
  const GOptionEntry entries[] = {
    { "restore", 0, 0, G_OPTION_ARG_INT, &version, N_ ("Make version N current again"), N_ ("N") },
    { "reveal", 0, 0, G_OPTION_ARG_NONE, &reveal, N_ ("With --json, show concealed values too"),
      NULL },
    G_OPTION_ENTRY_NULL,
  };

  operands = sp_cli_parse (cli, entries, 1, 1, error);
  if (operands == NULL || !sp_cli_check_range ("--restore", version, 0, SP_ITEM_MAX_HISTORY, error))
    return FALSE;
  vault = version > 0 ? sp_cli_open_for_writing (cli, error) : sp_cli_open (cli, error);
  if (vault == NULL)
    return FALSE;
  if (version > 0)
    return restore (cli, vault, operands[0], (guint) version, error);
  return list (cli, vault, operands[0], reveal, error);
}
