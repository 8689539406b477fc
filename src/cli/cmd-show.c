/* SPDX-License-Identifier: GPL-3.0-or-later */

/* show ID|TITLE [--reveal] [--field NAME] */

#define G_LOG_DOMAIN "cmd-show"

#include "config.h"

#include "cli/sp-cli-commands.h"

#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#include "cli/sp-cli-find.h"
#include "cli/sp-cli-item.h"
#include "formats/sp-export.h"
#include "vault/sp-vault-items.h"

/* Onto a terminal made harmless; into a pipe or file to the byte. */
static void
print_value (SpCli *cli, const SpSecret *value)
{
  SpCliOutput *output = sp_cli_get_output (cli);
  const char *text = sp_secret_peek_text (value);
  gsize len = sp_secret_get_length (value);

  if (isatty (STDOUT_FILENO))
    sp_cli_output_lines (output, text, "");
  else
    sp_cli_output_raw (output, text, len);
  if (len == 0 || text[len - 1] != '\n')
    sp_cli_output_raw (output, "\n", 1);
}

static void
print_values (SpCli *cli, const SpItem *item, const char *name, GPtrArray *values)
{
  SpJsonWriter *writer;
  char id[SP_ID_STRING_LEN + 1];

  if (!sp_cli_wants_json (cli)) {
    for (guint i = 0; i < values->len; i++)
      print_value (cli, values->pdata[i]);
    return;
  }
  writer = sp_cli_get_json (cli);
  sp_id_to_string (&item->id, id);
  sp_json_begin_object (writer);
  sp_json_key (writer, "id");
  sp_json_string (writer, id);
  sp_json_key (writer, "field");
  sp_json_string (writer, name);
  sp_json_key (writer, "values");
  sp_json_begin_array (writer);
  for (guint i = 0; i < values->len; i++)
    sp_json_secret (writer, values->pdata[i]);
  sp_json_end_array (writer);
  sp_json_end_object (writer);
}

static void
add_secret (GPtrArray *values, const SpSecret *value)
{
  g_ptr_array_add (values, sp_secret_ref (value));
}

/* The values of all fields of that name. *out_secret: one of them is concealed. */
static GPtrArray *
get_values (const SpItem *item, const char *name, gboolean *out_secret)
{
  GPtrArray *values = g_ptr_array_new_with_free_func ((GDestroyNotify) sp_secret_unref);
  g_autoptr (GPtrArray) fields = NULL;

  *out_secret = FALSE;
  if (g_str_equal (name, "title")) {
    g_ptr_array_add (values, sp_secret_new_text (item->title));
    return values;
  }
  if (g_str_equal (name, "notes")) {
    add_secret (values, item->notes);
    return values;
  }
  fields = sp_cli_item_match_fields (item, name);
  for (guint i = 0; i < fields->len; i++) {
    const SpField *field = fields->pdata[i];

    *out_secret = *out_secret || sp_field_kind_is_secret (field->kind);
    add_secret (values, field->value);
  }
  return values;
}

static gboolean
show_field (SpCli *cli, const SpItem *item, const char *name, gboolean reveal, GError **error)
{
  g_autoptr (GPtrArray) values = NULL;
  gboolean secret = FALSE;

  values = get_values (item, name, &secret);
  if (values->len == 0) {
    g_autofree char *names = sp_cli_item_list_fields (item);

    g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_NOT_FOUND,
                 _("The item has nothing in “%s”; its fields are: %s."), name, names);
    return FALSE;
  }
  if (secret && !reveal) {
    g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE,
                 _("“%s” is concealed; add --reveal to print it."), name);
    return FALSE;
  }
  print_values (cli, item, name, values);
  if (secret)
    sp_cli_record_use (cli, item, FALSE);
  return TRUE;
}

static gboolean
show_item (SpCli *cli, SpVault *vault, const SpItem *item, gboolean reveal, GError **error)
{
  g_autoptr (GPtrArray) history = sp_vault_load_history (vault, item->number, error);

  if (history == NULL)
    return FALSE;
  if (sp_cli_wants_json (cli))
    sp_export_write_item (sp_cli_get_json (cli), item, history,
                          reveal ? SP_EXPORT_DEFAULT : SP_EXPORT_CONCEAL);
  else
    sp_cli_item_print (sp_cli_get_output (cli), item, history->len, reveal);
  if (reveal)
    sp_cli_record_use (cli, item, FALSE);
  return TRUE;
}

gboolean
cmd_show (SpCli *cli, GError **error)
{
  g_auto (GStrv) operands = NULL;
  g_autoptr (SpItem) item = NULL;
  g_autofree char *field = NULL;
  gboolean reveal = FALSE;
  SpVault *vault;
  const GOptionEntry entries[] = {
    { "reveal", 0, 0, G_OPTION_ARG_NONE, &reveal, N_ ("Show concealed values too"), NULL },
    { "field", 0, 0, G_OPTION_ARG_FILENAME, &field, N_ ("Print this field’s value alone"),
      N_ ("NAME") },
    G_OPTION_ENTRY_NULL,
  };

  operands = sp_cli_parse (cli, entries, 1, 1, error);
  if (operands == NULL)
    return FALSE;
  vault = sp_cli_open (cli, error);
  if (vault == NULL)
    return FALSE;
  item = sp_cli_load (cli, vault, operands[0], SP_CLI_FIND_ANY, error);
  if (item == NULL)
    return FALSE;
  if (field != NULL)
    return show_field (cli, item, field, reveal, error);
  return show_item (cli, vault, item, reveal, error);
}
