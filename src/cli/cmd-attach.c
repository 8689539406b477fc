/* SPDX-License-Identifier: GPL-3.0-or-later */

/* attach add ID FILE [--name NAME] | save ID NAME [--output FILE] | list ID | remove ID NAME */

#define G_LOG_DOMAIN "cmd-attach"

#include "config.h"

#include "cli/sp-cli-commands.h"

#include <glib/gi18n.h>

#include "base/sp-encoding.h"
#include "cli/sp-cli-file.h"
#include "cli/sp-cli-find.h"
#include "cli/sp-cli-table.h"
#include "vault/sp-vault-items.h"

typedef struct {
  char **operands; /* the action, the item, a file or the attachment's name */
  char *name;
  char *output;
  gboolean force;
} Arguments;

static const SpAttachment *
find_attachment (const SpItem *item, const char *name, GError **error)
{
  const SpAttachment *found = NULL;

  for (guint i = 0; i < item->attachments->len; i++) {
    const SpAttachment *attachment = item->attachments->pdata[i];

    if (!g_str_equal (attachment->name, name))
      continue;
    if (found != NULL) {
      g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_NOT_FOUND,
                   _("The item has several attachments “%s”."), name);
      return NULL;
    }
    found = attachment;
  }
  if (found == NULL)
    g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_NOT_FOUND,
                 _("The item has no attachment “%s”."), name);
  return found;
}

static gboolean
add (SpCli *cli, SpVault *vault, const SpItem *item, const Arguments *arguments, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (arguments->operands[2]);
  g_autofree char *own_name = g_file_get_basename (file);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, error);

  return stream != NULL &&
         sp_vault_attach (vault, item->number, arguments->name != NULL ? arguments->name : own_name,
                          G_INPUT_STREAM (stream), NULL, error);
}

static gboolean
save (SpCli *cli, SpVault *vault, const SpItem *item, const Arguments *arguments, GError **error)
{
  const SpAttachment *attachment = find_attachment (item, arguments->operands[2], error);
  g_autofree char *own_name = NULL;
  const char *path = arguments->output;
  SpCliFile *file;
  gboolean saved;

  if (attachment == NULL)
    return FALSE;
  /* A name in a vault is data: it must not lead out of the folder. */
  own_name = g_path_get_basename (attachment->name);
  if (path == NULL)
    path = own_name;
  if (!sp_cli_refuse_vault_path (cli, path, error))
    return FALSE;
  file = sp_cli_file_create (path, arguments->force, error);
  if (file == NULL)
    return FALSE;
  saved = sp_vault_read_attachment (vault, attachment, sp_cli_file_get_stream (file), NULL, error);
  if (!sp_cli_file_finish (file, saved, saved ? error : NULL))
    return FALSE;
  sp_cli_record_use (cli, item, FALSE);
  return TRUE;
}

static gboolean
remove_attachment (SpCli *cli,
                   SpVault *vault,
                   const SpItem *item,
                   const Arguments *arguments,
                   GError **error)
{
  const SpAttachment *attachment = find_attachment (item, arguments->operands[2], error);

  return attachment != NULL && sp_vault_detach (vault, item->number, attachment->number, error);
}

static void
write_attachment (SpJsonWriter *writer, const SpAttachment *attachment)
{
  g_autofree char *hash = sp_hex_encode (attachment->sha256, sizeof attachment->sha256);
  g_autofree char *added = sp_time_to_iso8601 (attachment->added_ms);

  sp_json_begin_object (writer);
  sp_json_key (writer, "name");
  sp_json_string (writer, attachment->name);
  sp_json_key (writer, "media_type");
  sp_json_string (writer, attachment->media_type);
  sp_json_key (writer, "size");
  sp_json_int (writer, (gint64) attachment->size);
  sp_json_key (writer, "sha256");
  sp_json_string (writer, hash);
  sp_json_key (writer, "added");
  sp_json_string (writer, added);
  sp_json_end_object (writer);
}

static gboolean
list (SpCli *cli, SpVault *vault, const SpItem *item, const Arguments *arguments, GError **error)
{
  g_autoptr (SpCliTable) table = sp_cli_table_new (3);
  gboolean json = sp_cli_wants_json (cli);

  if (json)
    sp_json_begin_array (sp_cli_get_json (cli));
  for (guint i = 0; i < item->attachments->len; i++) {
    const SpAttachment *attachment = item->attachments->pdata[i];
    g_autofree char *size = g_format_size (attachment->size);

    if (json) {
      write_attachment (sp_cli_get_json (cli), attachment);
    } else {
      sp_cli_table_add_date (table, attachment->added_ms);
      sp_cli_table_add_copy (table, size);
      sp_cli_table_add (table, attachment->name);
    }
  }
  if (json)
    sp_json_end_array (sp_cli_get_json (cli));
  else
    sp_cli_table_print (table, sp_cli_get_output (cli));
  return TRUE;
}

typedef struct {
  const char *name;
  guint n_operands; /* the action's own name included */
  gboolean writes;
  gboolean (*run) (SpCli *cli,
                   SpVault *vault,
                   const SpItem *item,
                   const Arguments *arguments,
                   GError **error);
} Action;

static const Action actions[] = {
  { "add", 3, TRUE, add },
  { "save", 3, FALSE, save },
  { "list", 2, FALSE, list },
  { "remove", 3, TRUE, remove_attachment },
};

static const Action *
find_action (char **operands, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++) {
    if (g_str_equal (actions[i].name, operands[0]) &&
        actions[i].n_operands == g_strv_length (operands))
      return &actions[i];
  }
  g_set_error_literal (
      error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE,
      _("It is “attach add ITEM FILE”, “attach save ITEM NAME”, “attach list ITEM” "
                         "or “attach remove ITEM NAME”."));
  return NULL;
}

static gboolean
run (SpCli *cli, const Arguments *arguments, GError **error)
{
  const Action *action = find_action (arguments->operands, error);
  g_autoptr (SpItem) item = NULL;
  SpVault *vault;

  if (action == NULL)
    return FALSE;
  vault = action->writes ? sp_cli_open_for_writing (cli, error) : sp_cli_open (cli, error);
  if (vault == NULL)
    return FALSE;
  item = sp_cli_load (cli, vault, arguments->operands[1],
                      action->writes ? SP_CLI_FIND_LIVE : SP_CLI_FIND_ANY, error);
  return item != NULL && action->run (cli, vault, item, arguments, error);
}

gboolean
cmd_attach (SpCli *cli, GError **error)
{
  Arguments arguments = { NULL };
  gboolean done;
  const GOptionEntry entries[] = {
    { "name", 0, 0, G_OPTION_ARG_FILENAME, &arguments.name, N_ ("add: call it NAME"), N_ ("NAME") },
    { "output", 0, 0, G_OPTION_ARG_FILENAME, &arguments.output,
      N_ ("save: write to FILE, “-” for standard output"), N_ ("FILE") },
    { "force", 0, 0, G_OPTION_ARG_NONE, &arguments.force, N_ ("save: replace a file that is there"),
      NULL },
    G_OPTION_ENTRY_NULL,
  };

  arguments.operands = sp_cli_parse (cli, entries, 1, 3, error);
  done = arguments.operands != NULL && run (cli, &arguments, error);
  g_strfreev (arguments.operands);
  g_free (arguments.name);
  g_free (arguments.output);
  return done;
}
