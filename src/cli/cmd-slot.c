/* SPDX-License-Identifier: GPL-3.0-or-later */

/* slot list | add [--name NAME] [--new-key-file FILE] [--kdf-memory MIB] [--kdf-passes N] | rename ID NAME |
 * expire ID DATE | remove ID [--keep-key] [--yes] */

#define G_LOG_DOMAIN "cmd-slot"

#include "config.h"

#include "cli/sp-cli-commands.h"

#include <glib/gi18n.h>

#include "cli/sp-cli-options.h"
#include "cli/sp-cli-rotation.h"
#include "cli/sp-cli-slots.h"
#include "cli/sp-cli-table.h"

typedef struct {
  char **operands; /* the action, a slot, its name or date */
  char *name;
  char *new_key_file;
  gboolean keep_key;
  gboolean yes;
  SpCliCostOptions cost;
} Arguments;

static const char *
kind_to_name (SpSlotKind kind)
{
  switch (kind) {
  case SP_SLOT_PASSWORD:
    return "password";
  case SP_SLOT_RECOVERY:
    return "recovery";
  case SP_SLOT_QUICK:
    return "quick";
  default:
    return "unknown";
  }
}

static void
write_date (SpJsonWriter *writer, const char *name, gint64 ms)
{
  g_autofree char *text = ms != 0 ? sp_time_to_iso8601 (ms) : NULL;

  sp_json_key (writer, name);
  sp_json_string (writer, text);
}

static void
write_slot (SpJsonWriter *writer, const SpSlotInfo *slot)
{
  char id[SP_ID_STRING_LEN + 1];

  sp_id_to_string (&slot->id, id);
  sp_json_begin_object (writer);
  sp_json_key (writer, "id");
  sp_json_string (writer, id);
  sp_json_key (writer, "kind");
  sp_json_string (writer, kind_to_name (slot->kind));
  sp_json_key (writer, "name");
  sp_json_string (writer, slot->name);
  sp_json_key (writer, "current");
  sp_json_bool (writer, slot->is_current);
  sp_json_key (writer, "key_file");
  sp_json_bool (writer, (slot->factors & SP_FACTOR_KEY_FILE) != 0);
  sp_json_key (writer, "device_key");
  sp_json_bool (writer, (slot->factors & SP_FACTOR_DEVICE_KEY) != 0);
  sp_json_key (writer, "kdf_memory_mib");
  sp_json_int (writer, slot->cost.memory_kib / 1024);
  sp_json_key (writer, "kdf_passes");
  sp_json_int (writer, slot->cost.passes);
  sp_json_key (writer, "kdf_lanes");
  sp_json_int (writer, slot->cost.lanes);
  write_date (writer, "created", slot->created_ms);
  write_date (writer, "changed", slot->changed_ms);
  write_date (writer, "used", slot->used_ms);
  if (slot->expires_ms == SP_SLOT_EXPIRY_UNKNOWN) {
    sp_json_key (writer, "expires");
    sp_json_string (writer, "unknown");
  } else {
    write_date (writer, "expires", slot->expires_ms);
  }
  sp_json_end_object (writer);
}

/* What a guess costs, or until when it opens the vault. */
static char *
describe (const SpSlotInfo *slot)
{
  g_autofree char *date = NULL;

  if (slot->kind == SP_SLOT_PASSWORD)
    return g_strdup_printf ("%u MiB, %u×%s%s", slot->cost.memory_kib / 1024, slot->cost.passes,
                            (slot->factors & SP_FACTOR_KEY_FILE) != 0 ? " +key-file" : "",
                            (slot->factors & SP_FACTOR_DEVICE_KEY) != 0 ? " +device-key" : "");
  if (slot->expires_ms == 0)
    return g_strdup ("");
  if (slot->expires_ms == SP_SLOT_EXPIRY_UNKNOWN)
    return g_strdup (_("expiry unknown"));
  date = sp_time_to_iso8601 (slot->expires_ms);
  date[10] = '\0';
  /* Translators: %s is a date. */
  return g_strdup_printf (_("until %s"), date);
}

static void
print_table (SpCli *cli, const GPtrArray *slots)
{
  g_autoptr (SpCliTable) table = sp_cli_table_new (6);

  for (guint i = 0; i < slots->len; i++) {
    const SpSlotInfo *slot = slots->pdata[i];
    g_autofree char *cost = describe (slot);
    char id[SP_ID_STRING_LEN + 1];

    sp_id_to_string (&slot->id, id);
    id[8] = '\0';
    sp_cli_table_add_copy (table, id);
    sp_cli_table_add (table, kind_to_name (slot->kind));
    sp_cli_table_add (table, slot->is_current ? "*" : "");
    sp_cli_table_add_copy (table, cost);
    sp_cli_table_add_date (table, slot->used_ms);
    sp_cli_table_add (table, slot->name);
  }
  sp_cli_table_print (table, sp_cli_get_output (cli));
}

/* On what everything depends, for who looks at the list. */
static const char *
get_warning (SpSlotsRisk risk)
{
  switch (risk) {
  case SP_SLOTS_RISK_ONE_PASSWORD:
    return N_ (
        "If the master password is forgotten, nothing opens the vault. Make a recovery key: recovery new.");
  case SP_SLOTS_RISK_ONE_KEY:
    return N_ ("If that recovery key is lost, nothing opens the vault. Add a password: slot add.");
  case SP_SLOTS_RISK_KEY_FILE:
    return N_ (
        "If the key file is lost, nothing opens the vault for good. Make a recovery key: recovery new.");
  case SP_SLOTS_RISK_DEVICE_KEY:
    return N_ (
        "If this device is lost, nothing opens the vault for good. Make a recovery key: recovery new.");
  case SP_SLOTS_RISK_NONE:
  default:
    return NULL;
  }
}

static void
warn (SpCli *cli, const GPtrArray *slots)
{
  const char *warning = get_warning (sp_slots_get_risk (slots));

  if (warning != NULL)
    sp_cli_note (cli, "%s", _ (warning));
}

static gboolean
list (SpCli *cli, SpVault *vault, const Arguments *arguments, GError **error)
{
  g_autoptr (GPtrArray) slots = sp_vault_list_slots (vault, error);

  if (slots == NULL)
    return FALSE;
  warn (cli, slots);
  if (!sp_cli_wants_json (cli)) {
    print_table (cli, slots);
    return TRUE;
  }
  sp_json_begin_array (sp_cli_get_json (cli));
  for (guint i = 0; i < slots->len; i++)
    write_slot (sp_cli_get_json (cli), slots->pdata[i]);
  sp_json_end_array (sp_cli_get_json (cli));
  return TRUE;
}

static gboolean
add (SpCli *cli, SpVault *vault, const Arguments *arguments, GError **error)
{
  g_autofree char *vault_name = sp_vault_dup_name (vault);
  g_autoptr (SpSecret) password = NULL;
  g_autoptr (SpSecret) key_file = NULL;
  const SpKdfCost *cost = NULL;
  SpKdfCost storage = { 0 };
  SpKeyslotFactors factors = { 0 };
  SpId id;
  char text[SP_ID_STRING_LEN + 1];

  if (!sp_cli_cost_options_get (&arguments->cost, NULL, &storage, &cost, error))
    return FALSE;
  password = sp_cli_ask_new_password (cli, vault_name, error);
  if (password == NULL)
    return FALSE;
  if (arguments->new_key_file != NULL) {
    key_file = sp_cli_take_key_file (cli, arguments->new_key_file, error);
    if (key_file == NULL)
      return FALSE;
  }
  factors.secret = password;
  factors.key_file = key_file;
  if (!sp_vault_add_password_slot_with (vault, arguments->name != NULL ? arguments->name : "",
                                        &factors, cost, &id, error))
    return FALSE;
  sp_id_to_string (&id, text);
  if (sp_cli_wants_json (cli)) {
    SpJsonWriter *writer = sp_cli_get_json (cli);

    sp_json_begin_object (writer);
    sp_json_key (writer, "id");
    sp_json_string (writer, text);
    sp_json_end_object (writer);
  } else {
    sp_cli_output_format (sp_cli_get_output (cli), "%s\n", text);
  }
  return TRUE;
}

static gboolean
find (SpVault *vault, const Arguments *arguments, SpId *out_id, GError **error)
{
  g_autoptr (GPtrArray) slots = sp_vault_list_slots (vault, error);
  const SpSlotInfo *slot = slots != NULL ? sp_cli_find_slot (slots, arguments->operands[1], error)
                                         : NULL;

  if (slot != NULL)
    *out_id = slot->id;
  return slot != NULL;
}

static gboolean
rename_slot (SpCli *cli, SpVault *vault, const Arguments *arguments, GError **error)
{
  SpId id;

  return find (vault, arguments, &id, error) &&
         sp_vault_rename_slot (vault, &id, arguments->operands[2], error);
}

static gboolean
expire (SpCli *cli, SpVault *vault, const Arguments *arguments, GError **error)
{
  gint64 expires_ms;
  SpId id;

  return sp_cli_parse_date (arguments->operands[2], &expires_ms, error) &&
         find (vault, arguments, &id, error) &&
         sp_vault_set_slot_expiry (vault, &id, expires_ms, error);
}

/* Revoked: what the slot took must not open what is written from now on. */
static gboolean
drop_and_rotate (SpCli *cli, SpVault *vault, const SpId *id, gboolean yes, GError **error)
{
  g_autoptr (SpRotation) plan = sp_cli_plan_rotation (cli, vault, error);

  return plan != NULL && sp_rotation_drop (plan, id, error) &&
         sp_cli_rotate (cli, vault, plan, yes, error);
}

static gboolean
remove_slot (SpCli *cli, SpVault *vault, const Arguments *arguments, GError **error)
{
  SpId id;

  if (!find (vault, arguments, &id, error))
    return FALSE;
  if (!arguments->keep_key)
    return drop_and_rotate (cli, vault, &id, arguments->yes, error);
  if (!sp_vault_remove_slot (vault, &id, error))
    return FALSE;
  sp_cli_note (cli,
               _("The key slot is gone from this vault. Copies of the vault made before still "
                      "open with its password."));
  return TRUE;
}

typedef struct {
  const char *name;
  guint n_operands; /* the action's own name included */
  gboolean writes;
  gboolean (*run) (SpCli *cli, SpVault *vault, const Arguments *arguments, GError **error);
} Action;

static const Action actions[] = {
  { "list", 1, FALSE, list },         { "add", 1, TRUE, add },
  { "rename", 3, TRUE, rename_slot }, { "expire", 3, TRUE, expire },
  { "remove", 2, TRUE, remove_slot },
};

static gboolean
run (SpCli *cli, const Arguments *arguments, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++) {
    SpVault *vault;

    if (!g_str_equal (actions[i].name, arguments->operands[0]) ||
        actions[i].n_operands != g_strv_length (arguments->operands))
      continue;
    vault = actions[i].writes ? sp_cli_open_for_writing (cli, error) : sp_cli_open (cli, error);
    return vault != NULL && actions[i].run (cli, vault, arguments, error);
  }
  g_set_error_literal (
      error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE,
      _("It is “slot list”, “slot add”, “slot rename ID NAME”, “slot expire ID DATE” or “slot remove "
                         "ID”."));
  return FALSE;
}

gboolean
cmd_slot (SpCli *cli, GError **error)
{
  Arguments arguments = { NULL };
  gboolean done;
  const GOptionEntry entries[] = {
    { "name", 0, 0, G_OPTION_ARG_FILENAME, &arguments.name, N_ ("add: call it NAME"), N_ ("NAME") },
    { "new-key-file", 0, 0, G_OPTION_ARG_FILENAME, &arguments.new_key_file,
      N_ ("Ask for this key file too from now on; it is made if it is not there"), N_ ("FILE") },
    { "keep-key", 0, 0, G_OPTION_ARG_NONE, &arguments.keep_key,
      N_ ("remove: do not replace the vault key"), NULL },
    { "yes", 0, 0, G_OPTION_ARG_NONE, &arguments.yes, N_ ("Do not ask"), NULL },
    SP_CLI_COST_ENTRIES (arguments.cost),
    G_OPTION_ENTRY_NULL,
  };

  arguments.operands = sp_cli_parse (cli, entries, 1, 3, error);
  done = arguments.operands != NULL && run (cli, &arguments, error);
  g_strfreev (arguments.operands);
  g_free (arguments.name);
  g_free (arguments.new_key_file);
  return done;
}
