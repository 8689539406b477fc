/* SPDX-License-Identifier: GPL-3.0-or-later */

/* info: what there is to know about the vault */

#define G_LOG_DOMAIN "cmd-info"

#include "config.h"

#include "cli/sp-cli-commands.h"

#include <glib/gi18n.h>

static const char *
state_to_text (SpVaultState state)
{
  switch (state) {
  case SP_VAULT_STATE_SOUND:
    return N_ ("sound");
  case SP_VAULT_STATE_READ_ONLY:
    return N_ ("read-only");
  case SP_VAULT_STATE_OLDER:
    return N_ ("older");
  case SP_VAULT_STATE_FORKED:
    return N_ ("forked");
  case SP_VAULT_STATE_DAMAGED:
  default:
    return N_ ("damaged");
  }
}

static void
line (SpCliOutput *output, const char *label, const char *value)
{
  guint width = sp_cli_text_get_width (label) + 1;

  sp_cli_output_text (output, label);
  sp_cli_output_raw (output, ":", 1);
  sp_cli_output_pad (output, width < 22 ? 22 - width : 1);
  sp_cli_output_text (output, value);
  sp_cli_output_raw (output, "\n", 1);
}

static void
line_number (SpCliOutput *output, const char *label, guint64 value)
{
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, value);

  line (output, label, text);
}

static void
line_date (SpCliOutput *output, const char *label, gint64 ms)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (ms / 1000);
  g_autofree char *text = time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M") : NULL;

  line (output, label, text != NULL ? text : "-");
}

static void
print_text (SpCli *cli, SpVault *vault, const SpVaultInfo *info)
{
  SpCliOutput *output = sp_cli_get_output (cli);
  g_autofree char *name = sp_vault_dup_name (vault);
  g_autofree char *size = g_format_size (info->file_size);
  char id[SP_ID_STRING_LEN + 1];

  sp_id_to_string (&info->vault_id, id);
  line (output, _("Vault"), name);
  line (output, _("File"), sp_vault_get_path (vault));
  line (output, _("State"), _ (state_to_text (sp_vault_get_state (vault))));
  line (output, _("ID"), id);
  line_number (output, _("Items"), info->n_items);
  line_number (output, _("In the trash"), info->n_trashed);
  line_number (output, _("Key slots"), info->n_slots);
  line_number (output, _("Activity entries"), info->n_log_entries);
  line (output, _("Size"), size);
  line_date (output, _("Created"), info->created_ms);
  line_date (output, _("Changed"), info->changed_ms);
  line_number (output, _("Changes"), info->sequence);
  line_number (output, _("Format"), info->format);
}

static void
write_number (SpJsonWriter *writer, const char *name, guint64 value)
{
  sp_json_key (writer, name);
  sp_json_int (writer, (gint64) value);
}

static void
write_text (SpJsonWriter *writer, const char *name, const char *value)
{
  sp_json_key (writer, name);
  sp_json_string (writer, value);
}

static void
print_json (SpCli *cli, SpVault *vault, const SpVaultInfo *info)
{
  SpJsonWriter *writer = sp_cli_get_json (cli);
  g_autofree char *name = sp_vault_dup_name (vault);
  g_autofree char *created = sp_time_to_iso8601 (info->created_ms);
  g_autofree char *changed = sp_time_to_iso8601 (info->changed_ms);
  char id[SP_ID_STRING_LEN + 1];
  char lineage[SP_ID_STRING_LEN + 1];

  sp_id_to_string (&info->vault_id, id);
  sp_id_to_string (&info->lineage, lineage);
  sp_json_begin_object (writer);
  write_text (writer, "name", name);
  write_text (writer, "path", sp_vault_get_path (vault));
  write_text (writer, "state", state_to_text (sp_vault_get_state (vault)));
  write_text (writer, "id", id);
  write_text (writer, "lineage", lineage);
  write_number (writer, "format", info->format);
  write_number (writer, "key_epoch", info->key_epoch);
  write_number (writer, "sequence", info->sequence);
  write_number (writer, "items", info->n_items);
  write_number (writer, "trashed", info->n_trashed);
  write_number (writer, "slots", info->n_slots);
  write_number (writer, "log_entries", info->n_log_entries);
  write_number (writer, "encryptions", info->n_encryptions);
  write_number (writer, "file_size", info->file_size);
  write_text (writer, "created", created);
  write_text (writer, "changed", changed);
  sp_json_end_object (writer);
}

gboolean
cmd_info (SpCli *cli, GError **error)
{
  g_auto (GStrv) operands = sp_cli_parse (cli, NULL, 0, 0, error);
  SpVault *vault = operands != NULL ? sp_cli_open (cli, error) : NULL;
  SpVaultInfo info;

  if (vault == NULL)
    return FALSE;
  sp_vault_get_info (vault, &info);
  if (sp_cli_wants_json (cli))
    print_json (cli, vault, &info);
  else
    print_text (cli, vault, &info);
  return TRUE;
}
