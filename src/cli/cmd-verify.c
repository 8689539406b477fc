/* SPDX-License-Identifier: GPL-3.0-or-later */

/* verify [--accept COPY] */

#define G_LOG_DOMAIN "cmd-verify"

#include "config.h"

#include "cli/sp-cli-commands.h"

#include <glib/gi18n.h>

#include "cli/sp-cli-problems.h"
#include "vault/sp-vault-repair.h"

static const char *
state_to_name (SpVaultState state)
{
  switch (state) {
  case SP_VAULT_STATE_SOUND:
    return "sound";
  case SP_VAULT_STATE_READ_ONLY:
    return "read-only";
  case SP_VAULT_STATE_OLDER:
    return "older";
  case SP_VAULT_STATE_FORKED:
    return "forked";
  case SP_VAULT_STATE_DAMAGED:
  default:
    return "damaged";
  }
}

static void
report (SpCli *cli, SpVault *vault, const GPtrArray *problems)
{
  SpJsonWriter *writer;

  if (!sp_cli_wants_json (cli)) {
    sp_cli_print_problems (sp_cli_get_output (cli), problems);
    return;
  }
  writer = sp_cli_get_json (cli);
  sp_json_begin_object (writer);
  sp_json_key (writer, "state");
  sp_json_string (writer, state_to_name (sp_vault_get_state (vault)));
  sp_json_key (writer, "problems");
  sp_cli_write_problems (writer, problems);
  sp_json_end_object (writer);
}

/* Older and forked copies hold as they are, and yet are not what was left here. */
static gboolean
judge (SpCli *cli, SpVault *vault, guint n_problems, GError **error)
{
  SpVaultState state = sp_vault_get_state (vault);

  if (n_problems > 0) {
    g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_DAMAGED,
                 g_dngettext (NULL, "%u problem was found.", "%u problems were found.", n_problems),
                 n_problems);
    return FALSE;
  }
  if (state == SP_VAULT_STATE_OLDER || state == SP_VAULT_STATE_FORKED) {
    g_set_error_literal (
        error, SP_CLI_ERROR, SP_CLI_ERROR_DAMAGED,
        _("Everything in the file holds, but it is not the state last seen here."));
    return FALSE;
  }
  sp_cli_note (cli, _("Everything in the vault holds."));
  return TRUE;
}

/* What it means to go on with a copy that lacks something is said when it is done, since nothing says it
 * afterwards. */
static void
note_accepted (SpCli *cli, SpVaultState state, gint64 seen_ms)
{
  g_autofree char *seen = seen_ms != 0 ? sp_time_to_iso8601 (seen_ms) : NULL;

  if (state == SP_VAULT_STATE_OLDER)
    sp_cli_note (
        cli, _("An older copy was accepted: what was changed between it and the vault seen here "
                   "on %s is not in it."),
                seen != NULL ? seen : "?");
  else if (state == SP_VAULT_STATE_FORKED)
    sp_cli_note (cli,
                 _("A copy that took another way was accepted: what was changed only in the vault "
                   "seen here on %s is not in it."),
                    seen != NULL ? seen : "?");
  else if (seen != NULL)
    sp_cli_note (
        cli, _("A damaged copy was accepted that is older, or took another way, than the vault "
                   "seen here on %s: what was changed there since is not in it."),
                seen);
}

/* What opening does not look at: details, history, attachments, the log. */
static gboolean
has_problems (SpVault *vault, gboolean *out_found, GError **error)
{
  g_autoptr (GPtrArray) problems = sp_vault_verify (vault, NULL, NULL, NULL, error);

  if (problems == NULL)
    return FALSE;
  *out_found = problems->len > 0;
  return TRUE;
}

static gboolean
accept (SpCli *cli, SpVault *vault, const char *copy, GError **error)
{
  SpVaultState state = sp_vault_get_state (vault);
  gboolean found = TRUE;
  SpVaultInfo info;

  if (state == SP_VAULT_STATE_SOUND && !has_problems (vault, &found, error))
    return FALSE;
  if (state == SP_VAULT_STATE_READ_ONLY || (state == SP_VAULT_STATE_SOUND && !found)) {
    sp_cli_note (cli, _("There is nothing to accept; no copy was made."));
    return TRUE;
  }
  sp_vault_get_info (vault, &info);
  if (!sp_vault_accept (vault, copy, error))
    return FALSE;
  note_accepted (cli, state, info.pin_seen_ms);
  sp_cli_note (cli, _("The vault is sealed anew and may be written; the file as it was is “%s”."),
                       copy);
  return TRUE;
}

gboolean
cmd_verify (SpCli *cli, GError **error)
{
  g_auto (GStrv) operands = NULL;
  g_autofree char *copy = NULL;
  g_autoptr (GPtrArray) problems = NULL;
  SpVault *vault;
  const GOptionEntry entries[] = {
    { "accept", 0, 0, G_OPTION_ARG_FILENAME, &copy,
      N_ ("Go on with what is there, after the file was copied to COPY"), N_ ("COPY") },
    G_OPTION_ENTRY_NULL,
  };

  operands = sp_cli_parse (cli, entries, 0, 0, error);
  vault = operands != NULL ? sp_cli_open (cli, error) : NULL;
  if (vault == NULL || (copy != NULL && !accept (cli, vault, copy, error)))
    return FALSE;
  problems = sp_vault_verify (vault, NULL, NULL, NULL, error);
  if (problems == NULL)
    return FALSE;
  report (cli, vault, problems);
  return judge (cli, vault, problems->len, error);
}
