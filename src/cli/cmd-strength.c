/* SPDX-License-Identifier: GPL-3.0-or-later */

/* strength: of a password from the terminal or --password-file; needs no vault */

#define G_LOG_DOMAIN "cmd-strength"

#include "config.h"

#include "cli/sp-cli-commands.h"

#include <glib/gi18n.h>

#include "password/sp-password-policy.h"

static char *
describe_time (const SpCrackTime *time)
{
  guint n = time->count;

  switch (time->unit) {
  case SP_CRACK_TIME_SECONDS:
    return g_strdup_printf (g_dngettext (NULL, "%u second", "%u seconds", n), n);
  case SP_CRACK_TIME_MINUTES:
    return g_strdup_printf (g_dngettext (NULL, "%u minute", "%u minutes", n), n);
  case SP_CRACK_TIME_HOURS:
    return g_strdup_printf (g_dngettext (NULL, "%u hour", "%u hours", n), n);
  case SP_CRACK_TIME_DAYS:
    return g_strdup_printf (g_dngettext (NULL, "%u day", "%u days", n), n);
  case SP_CRACK_TIME_MONTHS:
    return g_strdup_printf (g_dngettext (NULL, "%u month", "%u months", n), n);
  case SP_CRACK_TIME_YEARS:
    return g_strdup_printf (g_dngettext (NULL, "%u year", "%u years", n), n);
  case SP_CRACK_TIME_CENTURIES:
    return g_strdup (_("centuries"));
  case SP_CRACK_TIME_INSTANT:
  default:
    return g_strdup (_("no time at all"));
  }
}

static void
print_text (SpCli *cli, const SpPolicyReport *report)
{
  const SpStrength *strength = &report->strength;
  const char *warning = sp_strength_warning_get_text (strength->warning);
  SpCliOutput *output = sp_cli_get_output (cli);
  g_autofree char *vault_time = describe_time (&strength->vault_time);
  g_autofree char *fast_time = describe_time (&strength->fast_time);

  sp_cli_output_format (output, _("Score: %d of %d (%d bits)\n"), strength->score,
                                   SP_STRENGTH_MAX_SCORE, (int) strength->bits);
  sp_cli_output_format (output, _("Time to guess it, protecting a vault: %s\n"), vault_time);
  sp_cli_output_format (output, _("Time to guess it, leaked by a careless site: %s\n"), fast_time);
  if (warning != NULL)
    sp_cli_output_format (output, "%s\n", _ (warning));
  sp_cli_output_format (output, "%s\n",
                        report->accepted ? _("Good enough for a master password.")
                                         : _("Not good enough for a master password."));
}

static void
print_json (SpCli *cli, const SpPolicyReport *report)
{
  const SpStrength *strength = &report->strength;
  SpJsonWriter *writer = sp_cli_get_json (cli);

  sp_json_begin_object (writer);
  sp_json_key (writer, "score");
  sp_json_int (writer, strength->score);
  sp_json_key (writer, "bits");
  sp_json_double (writer, strength->bits, 1);
  sp_json_key (writer, "guesses_log10");
  sp_json_double (writer, strength->guesses_log10, 2);
  sp_json_key (writer, "vault_seconds_log10");
  sp_json_double (writer, strength->vault_time.log10_seconds, 2);
  sp_json_key (writer, "fast_hash_seconds_log10");
  sp_json_double (writer, strength->fast_time.log10_seconds, 2);
  sp_json_key (writer, "warning");
  sp_json_string (writer, sp_strength_warning_get_text (strength->warning));
  sp_json_key (writer, "master_password");
  sp_json_bool (writer, report->accepted);
  sp_json_end_object (writer);
}

gboolean
cmd_strength (SpCli *cli, GError **error)
{
  g_auto (GStrv) operands = sp_cli_parse (cli, NULL, 0, 0, error);
  g_autoptr (SpSecret) password = NULL;
  SpPolicyReport report;

  if (operands != NULL)
    password = sp_cli_ask_password (cli, _("Password: "), error);
  if (password == NULL)
    return FALSE;
  (void) sp_password_policy_check (sp_password_policy_get_default (), password, NULL, &report);
  if (sp_cli_wants_json (cli))
    print_json (cli, &report);
  else
    print_text (cli, &report);
  return TRUE;
}
