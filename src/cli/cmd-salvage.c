/* SPDX-License-Identifier: GPL-3.0-or-later */

/* salvage TARGET [--recovery-key]: all that can be read, into a new vault */

#define G_LOG_DOMAIN "cmd-salvage"

#include "config.h"

#include "cli/sp-cli-commands.h"

#include <glib/gi18n.h>

#include "cli/sp-cli-problems.h"
#include "vault/sp-vault-repair.h"

static void
print_text (SpCli *cli, const SpSalvageReport *report, const char *target, gboolean recovery)
{
  SpCliOutput *output = sp_cli_get_output (cli);

  sp_cli_print_problems (output, report->problems);
  sp_cli_output_format (output,
                        _("Brought home: %u items (%u of them unproven: they may be older, or "
                                  "were purged)\n"),
                           report->n_items, report->n_unproven);
  sp_cli_output_format (output, _("Lost: %u items, %u attachments\n"), report->n_lost,
                                   report->n_attachments_lost);
  if (recovery)
    sp_cli_note (
        cli,
        _("“%s” opens with the new master password; make a new recovery key for it. The damaged file was not touched."),
           target);
  else
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

/* The new vault opens with the same password and key file. */
static SpSalvageReport *
salvage_with_password (SpCli *cli, const char *target, GError **error)
{
  SpKeyslotFactors factors = { 0 };

  if (!sp_cli_get_key_file (cli, &factors.key_file, error))
    return NULL;
  factors.secret = sp_cli_get_password (cli, error);
  if (factors.secret == NULL)
    return NULL;
  return sp_vault_salvage_with (sp_cli_get_vault_path (cli), SP_SLOT_PASSWORD, &factors, NULL,
                                target, sp_cli_get_environment (cli), error);
}

/* The new vault gets a new master password. */
static SpSalvageReport *
salvage_with_recovery_key (SpCli *cli, const char *target, GError **error)
{
  g_autoptr (SpSecret) key = sp_cli_ask_recovery_key (cli, error);
  g_autoptr (SpSecret) password = key != NULL ? sp_cli_ask_new_password (cli, NULL, error) : NULL;
  SpKeyslotFactors factors = { .secret = key };
  SpKeyslotFactors next = { .secret = password };

  if (password == NULL)
    return NULL;
  return sp_vault_salvage_with (sp_cli_get_vault_path (cli), SP_SLOT_RECOVERY, &factors, &next,
                                target, sp_cli_get_environment (cli), error);
}

gboolean
cmd_salvage (SpCli *cli, GError **error)
{
  gboolean recovery = FALSE;
  const GOptionEntry entries[] = {
    { "recovery-key", 0, 0, G_OPTION_ARG_NONE, &recovery,
      N_ ("Ask for a recovery key, and for a new master password"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) operands = sp_cli_parse (cli, entries, 1, 1, error);
  g_autoptr (SpSalvageReport) report = NULL;

  if (operands == NULL || !sp_cli_check_vault_exists (cli, error))
    return FALSE;
  report = recovery ? salvage_with_recovery_key (cli, operands[0], error)
                    : salvage_with_password (cli, operands[0], error);
  if (report == NULL)
    return FALSE;
  if (sp_cli_wants_json (cli))
    print_json (cli, report);
  else
    print_text (cli, report, operands[0], recovery);
  return TRUE;
}
