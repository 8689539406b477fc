/* SPDX-License-Identifier: GPL-3.0-or-later */

/* duplicate ID|TITLE [--title TITLE] */

#define G_LOG_DOMAIN "cmd-duplicate"

#include "config.h"

#include "cli/sp-cli-commands.h"

#include <glib/gi18n.h>

#include "cli/sp-cli-find.h"
#include "vault/sp-vault-items.h"

gboolean
cmd_duplicate (SpCli *cli, GError **error)
{
  g_auto (GStrv) operands = NULL;
  g_autoptr (SpItem) item = NULL;
  g_autoptr (SpItem) copy = NULL;
  g_autofree char *title = NULL;
  char id[SP_ID_STRING_LEN + 1];
  SpVault *vault;
  guint64 number;
  const GOptionEntry entries[] = {
    { "title", 0, 0, G_OPTION_ARG_FILENAME, &title, N_ ("The copy’s title"), N_ ("TITLE") },
    G_OPTION_ENTRY_NULL,
  };

  operands = sp_cli_parse (cli, entries, 1, 1, error);
  vault = operands != NULL ? sp_cli_open_for_writing (cli, error) : NULL;
  if (vault == NULL)
    return FALSE;
  item = sp_cli_load (cli, vault, operands[0], SP_CLI_FIND_LIVE, error);
  if (item == NULL)
    return FALSE;
  if (title == NULL)
    /* Translators: the title of an item that is a copy of another */
    title = g_strdup_printf (_("%s (copy)"), item->title);
  number = sp_vault_duplicate (vault, item->number, title, error);
  copy = number != 0 ? sp_vault_load (vault, number, error) : NULL;
  if (copy == NULL)
    return FALSE;
  sp_id_to_string (&copy->id, id);
  if (sp_cli_wants_json (cli)) {
    SpJsonWriter *writer = sp_cli_get_json (cli);

    sp_json_begin_object (writer);
    sp_json_key (writer, "id");
    sp_json_string (writer, id);
    sp_json_end_object (writer);
  } else {
    sp_cli_output_format (sp_cli_get_output (cli), "%s\n", id);
  }
  return TRUE;
}
