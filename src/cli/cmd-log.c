/* SPDX-License-Identifier: GPL-3.0-or-later */

/* log [--limit N]: the activity log, newest first */

#define G_LOG_DOMAIN "cmd-log"

#include "config.h"

#include "cli/sp-cli-commands.h"

#include <glib/gi18n.h>

#include "cli/sp-cli-options.h"
#include "cli/sp-cli-table.h"
#include "vault/sp-vault-log.h"

#define DEFAULT_LIMIT 50
#define MAX_LIMIT     1000000

static void
write_event (SpJsonWriter *writer, const SpEvent *event)
{
  g_autofree char *time = sp_time_to_iso8601 (event->time_ms);
  char session[SP_ID_STRING_LEN + 1];
  char subject[SP_ID_STRING_LEN + 1];

  sp_id_to_string (&event->session, session);
  sp_id_to_string (&event->subject, subject);
  sp_json_begin_object (writer);
  sp_json_key (writer, "number");
  sp_json_int (writer, (gint64) event->number);
  sp_json_key (writer, "time");
  sp_json_string (writer, time);
  sp_json_key (writer, "kind");
  sp_json_string (writer, sp_event_kind_to_name (event->kind));
  sp_json_key (writer, "while_locked");
  sp_json_bool (writer, event->while_locked);
  sp_json_key (writer, "session");
  sp_json_string (writer, session);
  sp_json_key (writer, "subject");
  sp_json_string (writer, sp_id_is_null (&event->subject) ? NULL : subject);
  sp_json_key (writer, "count");
  sp_json_int (writer, (gint64) event->count);
  sp_json_key (writer, "device");
  sp_json_string (writer, event->device);
  sp_json_end_object (writer);
}

static void
print_table (SpCli *cli, const GPtrArray *events)
{
  g_autoptr (SpCliTable) table = sp_cli_table_new (5);

  for (guint i = 0; i < events->len; i++) {
    const SpEvent *event = events->pdata[i];
    g_autofree char *count = g_strdup_printf ("%" G_GUINT64_FORMAT, event->count);
    char subject[SP_ID_STRING_LEN + 1];

    sp_id_to_string (&event->subject, subject);
    subject[8] = '\0';
    sp_cli_table_add_date (table, event->time_ms);
    sp_cli_table_add (table, sp_event_kind_to_name (event->kind));
    sp_cli_table_add_copy (table, sp_id_is_null (&event->subject) ? "-" : subject);
    sp_cli_table_add_copy (table, event->count > 0 ? count : "");
    sp_cli_table_add (table, event->device != NULL ? event->device : "");
  }
  sp_cli_table_print (table, sp_cli_get_output (cli));
}

gboolean
cmd_log (SpCli *cli, GError **error)
{
  g_auto (GStrv) operands = NULL;
  g_autoptr (GPtrArray) events = NULL;
  int limit = DEFAULT_LIMIT;
  SpVault *vault;
  const GOptionEntry entries[] = {
    { "limit", 0, 0, G_OPTION_ARG_INT, &limit, N_ ("Print at most so many"), N_ ("N") },
    G_OPTION_ENTRY_NULL,
  };

  operands = sp_cli_parse (cli, entries, 0, 0, error);
  if (operands == NULL || !sp_cli_check_range ("--limit", limit, 1, MAX_LIMIT, error))
    return FALSE;
  vault = sp_cli_open (cli, error);
  events = vault != NULL ? sp_vault_read_log (vault, 0, (guint) limit, error) : NULL;
  if (events == NULL)
    return FALSE;
  if (!sp_cli_wants_json (cli)) {
    print_table (cli, events);
    return TRUE;
  }
  sp_json_begin_array (sp_cli_get_json (cli));
  for (guint i = 0; i < events->len; i++)
    write_event (sp_cli_get_json (cli), events->pdata[i]);
  sp_json_end_array (sp_cli_get_json (cli));
  return TRUE;
}
