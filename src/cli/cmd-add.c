/* SPDX-License-Identifier: GPL-3.0-or-later */

/* add --title TITLE [--type TYPE] and the options of sp-cli-changes.h */

#define G_LOG_DOMAIN "cmd-add"

#include "config.h"

#include "cli/sp-cli-commands.h"

#include <glib/gi18n.h>

#include "cli/sp-cli-changes.h"
#include "cli/sp-cli-item.h"
#include "vault/sp-vault-items.h"

static void
report (SpCli *cli, const SpItem *item)
{
  char id[SP_ID_STRING_LEN + 1];

  sp_id_to_string (&item->id, id);
  if (sp_cli_wants_json (cli)) {
    SpJsonWriter *writer = sp_cli_get_json (cli);

    sp_json_begin_object (writer);
    sp_json_key (writer, "id");
    sp_json_string (writer, id);
    sp_json_end_object (writer);
  } else {
    sp_cli_output_format (sp_cli_get_output (cli), "%s\n", id);
  }
}

gboolean
cmd_add (SpCli *cli, GError **error)
{
  g_autoptr (SpCliChanges) changes = sp_cli_changes_new ();
  g_auto (GStrv) operands = NULL;
  g_autoptr (SpItem) item = NULL;
  SpItemType type;
  SpVault *vault;

  operands = sp_cli_changes_parse (changes, cli, 0, 0, error);
  if (operands == NULL || !sp_cli_changes_get_type (changes, &type, error))
    return FALSE;
  if (sp_cli_changes_get_title (changes) == NULL) {
    g_set_error_literal (error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE, _("An item needs a --title."));
    return FALSE;
  }
  item = sp_item_new (type, sp_cli_changes_get_title (changes));
  /* Before the vault is asked for, so that a mistake costs no password; but the password may be the first
   * line of what the value is then read from. */
  if (!sp_cli_check_vault_exists (cli, error) || sp_cli_get_password (cli, error) == NULL ||
      !sp_cli_changes_prepare (changes, cli, item, error) ||
      !sp_cli_changes_apply (changes, item, error))
    return FALSE;
  vault = sp_cli_open_for_writing (cli, error);
  if (vault == NULL || !sp_vault_save (vault, item, error))
    return FALSE;
  report (cli, item);
  return TRUE;
}
