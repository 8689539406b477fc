/* SPDX-License-Identifier: GPL-3.0-or-later */

/* search WORDS... [--limit N] */

#define G_LOG_DOMAIN "cmd-search"

#include "config.h"

#include "cli/sp-cli-commands.h"

#include <glib/gi18n.h>

#include "cli/sp-cli-options.h"
#include "cli/sp-cli-overview.h"

static gboolean
search (SpCli *cli, SpVault *vault, const char *words, guint limit, GError **error)
{
  g_autoptr (SpQuery) query = sp_query_new (words);
  g_autoptr (SpResults) results = NULL;
  const SpPosition *hits;
  gsize n_hits;

  results = sp_vault_search (vault, query, NULL, NULL, error);
  if (results == NULL)
    return FALSE;
  hits = sp_results_peek (results, &n_hits);
  sp_cli_print_overviews (cli, sp_results_get_snapshot (results), hits,
                          limit > 0 ? MIN (n_hits, limit) : n_hits);
  if (n_hits > 0)
    return TRUE;
  g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_NOT_FOUND, _("No item matches “%s”."), words);
  return FALSE;
}

gboolean
cmd_search (SpCli *cli, GError **error)
{
  g_auto (GStrv) operands = NULL;
  g_autofree char *words = NULL;
  SpVault *vault;
  int limit = 0;
  const GOptionEntry entries[] = {
    { "limit", 0, 0, G_OPTION_ARG_INT, &limit, N_ ("Print at most so many"), N_ ("N") },
    G_OPTION_ENTRY_NULL,
  };

  operands = sp_cli_parse (cli, entries, 1, G_MAXUINT, error);
  if (operands == NULL || !sp_cli_check_range ("--limit", limit, 0, G_MAXINT, error))
    return FALSE;
  vault = sp_cli_open (cli, error);
  if (vault == NULL)
    return FALSE;
  words = g_strjoinv (" ", operands);
  return search (cli, vault, words, (guint) limit, error);
}
