/* SPDX-License-Identifier: GPL-3.0-or-later */

/* salvage TARGET: all that can be read, into a new vault */

#define G_LOG_DOMAIN "cmd-salvage"

#include "config.h"

#include "cli/sp-cli-commands.h"

#include <glib/gi18n.h>

#include "cli/sp-cli-problems.h"
#include "vault/sp-vault-repair.h"

static void
print_text (SpCli *cli, const SpSalvageReport *report, const char *target)
{
  SpCliOutput *output = sp_cli_get_output (cli);

  sp_cli_print_problems (output, report->problems);
  sp_cli_output_format (output,
                        _("Brought home: %u items (%u of them unproven: they may be older, or "
                                  "were purged)\n"),
                           report->n_items, report->n_unproven);
  sp_cli_output_format (output, _("Lost: %u items, %u attachments\n"), report->n_lost,
                                   report->n_attachments_lost);
  sp_cli_note (cli, _("“%s” opens with the same password; the damaged file was not touched."),
                       target);
}

static void
print_json (SpCli *cli, const SpSalvageReport *report)
{
  SpJsonWriter *writer = sp_cli_get_json (cli);

  sp_json_begin_object (writer);
  sp_json_key (writer, "items");
  sp_json_int (writer, report->n_items);
  sp_json_key (writer, "unproven");
  sp_json_int (writer, report->n_unproven);
  sp_json_key (writer, "lost");
  sp_json_int (writer, report->n_lost);
  sp_json_key (writer, "attachments_lost");
  sp_json_int (writer, report->n_attachments_lost);
  sp_json_key (writer, "problems");
  sp_cli_write_problems (writer, report->problems);
  sp_json_end_object (writer);
}

gboolean
cmd_salvage (SpCli *cli, GError **error)
{
  g_auto (GStrv) operands = sp_cli_parse (cli, NULL, 1, 1, error);
  g_autoptr (SpSalvageReport) report = NULL;
  const SpSecret *password;

  if (operands == NULL || !sp_cli_check_vault_exists (cli, error))
    return FALSE;
  password = sp_cli_get_password (cli, error);
  if (password == NULL)
    return FALSE;
  report = sp_vault_salvage (sp_cli_get_vault_path (cli), password, operands[0],
                             sp_cli_get_environment (cli), error);
  if (report == NULL)
    return FALSE;
  if (sp_cli_wants_json (cli))
    print_json (cli, report);
  else
    print_text (cli, report, operands[0]);
  return TRUE;
}
