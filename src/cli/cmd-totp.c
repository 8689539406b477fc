/* SPDX-License-Identifier: GPL-3.0-or-later */

/* totp ID|TITLE...: a line for each one-time code: the code, the seconds left, whose it is */

#define G_LOG_DOMAIN "cmd-totp"

#include "config.h"

#include "cli/sp-cli-commands.h"

#include <glib/gi18n.h>

#include "cli/sp-cli-find.h"
#include "password/sp-otp.h"
#include "vault/sp-vault-items.h"

typedef struct {
  const SpItem *item;
  const SpField *field;
  SpOtp *otp;     /* (owned) */
  SpSecret *code; /* (owned) */
  int seconds_left;
} Code;

static void
print_text (SpCli *cli, const Code *code)
{
  SpCliOutput *output = sp_cli_get_output (cli);

  sp_cli_output_text (output, sp_secret_peek_text (code->code));
  if (code->otp->kind == SP_OTP_TOTP)
    sp_cli_output_format (output, "  %2d s  ", code->seconds_left);
  else
    sp_cli_output_raw (output, "  ", 2);
  sp_cli_output_text (output, code->item->title);
  sp_cli_output_raw (output, "\n", 1);
}

static void
print_json (SpCli *cli, const Code *code)
{
  SpJsonWriter *writer = sp_cli_get_json (cli);
  char id[SP_ID_STRING_LEN + 1];

  sp_id_to_string (&code->item->id, id);
  sp_json_begin_object (writer);
  sp_json_key (writer, "id");
  sp_json_string (writer, id);
  sp_json_key (writer, "title");
  sp_json_string (writer, code->item->title);
  sp_json_key (writer, "code");
  sp_json_secret (writer, code->code);
  sp_json_key (writer, "seconds_left");
  if (code->otp->kind == SP_OTP_TOTP)
    sp_json_int (writer, code->seconds_left);
  else
    sp_json_null (writer);
  sp_json_key (writer, "period");
  if (code->otp->kind == SP_OTP_TOTP)
    sp_json_int (writer, code->otp->period);
  else
    sp_json_null (writer);
  sp_json_end_object (writer);
}

/* A counter's code counts once: the next number is stored before the code is shown. */
static gboolean
count_up (SpVault *vault, const Code *code, GError **error)
{
  g_autoptr (SpItem) changed = NULL;
  g_autoptr (SpSecret) uri = NULL;
  SpField *field = NULL;

  if (code->otp->kind == SP_OTP_TOTP)
    return TRUE;
  changed = sp_item_copy (code->item);
  for (guint i = 0; i < changed->fields->len; i++) {
    if (code->item->fields->pdata[i] == code->field)
      field = changed->fields->pdata[i];
  }
  g_assert (field != NULL);
  code->otp->counter++;
  uri = sp_otp_to_uri (code->otp);
  sp_secret_unref (field->value);
  field->value = g_steal_pointer (&uri);
  return sp_vault_save (vault, changed, error);
}

static gboolean
print_code (SpCli *cli, SpVault *vault, const SpItem *item, const SpField *field, GError **error)
{
  Code code = { item, field, NULL, NULL, 0 };
  gboolean printed = FALSE;

  code.otp = sp_otp_parse (field->value, error);
  if (code.otp != NULL)
    code.code = sp_otp_code (code.otp, sp_clock_now_ms (NULL), &code.seconds_left, error);
  if (code.code != NULL && count_up (vault, &code, error)) {
    if (sp_cli_wants_json (cli))
      print_json (cli, &code);
    else
      print_text (cli, &code);
    printed = TRUE;
  }
  sp_otp_free (code.otp);
  sp_secret_unref (code.code);
  return printed;
}

static gboolean
print_item (SpCli *cli, SpVault *vault, guint64 number, GError **error)
{
  g_autoptr (SpItem) item = sp_vault_load (vault, number, error);
  guint n = 0;

  if (item == NULL)
    return FALSE;
  for (guint i = 0; i < item->fields->len; i++) {
    const SpField *field = item->fields->pdata[i];

    if (field->kind != SP_FIELD_OTP || sp_secret_is_empty (field->value))
      continue;
    if (!print_code (cli, vault, item, field, error))
      return FALSE;
    n++;
  }
  if (n == 0) {
    g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_NOT_FOUND,
                 _("“%s” has no one-time code."), item->title);
    return FALSE;
  }
  sp_cli_record_use (cli, item, FALSE);
  return TRUE;
}

gboolean
cmd_totp (SpCli *cli, GError **error)
{
  g_auto (GStrv) operands = sp_cli_parse (cli, NULL, 1, G_MAXUINT, error);
  g_autoptr (GArray) numbers = NULL;
  SpVault *vault = operands != NULL ? sp_cli_open (cli, error) : NULL;
  gboolean printed = TRUE;

  if (vault == NULL)
    return FALSE;
  numbers = sp_cli_find_all (cli, vault, operands, SP_CLI_FIND_LIVE, error);
  if (numbers == NULL)
    return FALSE;
  if (sp_cli_wants_json (cli))
    sp_json_begin_array (sp_cli_get_json (cli));
  for (guint i = 0; i < numbers->len && printed; i++)
    printed = print_item (cli, vault, g_array_index (numbers, guint64, i), error);
  if (sp_cli_wants_json (cli))
    sp_json_end_array (sp_cli_get_json (cli));
  return printed;
}
