/* SPDX-License-Identifier: GPL-3.0-or-later */

/* copy ID|TITLE [--field NAME] [--totp] [--clear SECONDS] */

#define G_LOG_DOMAIN "cmd-copy"

#include "config.h"

#include "cli/sp-cli-commands.h"

#include <glib/gi18n.h>

#include "cli/sp-cli-clipboard.h"
#include "cli/sp-cli-find.h"
#include "cli/sp-cli-item.h"
#include "cli/sp-cli-options.h"
#include "password/sp-otp.h"

#define DEFAULT_SECONDS 20
#define MAX_SECONDS     (24 * 60 * 60)

static SpSecret *
get_code (const SpItem *item, GError **error)
{
  for (guint i = 0; i < item->fields->len; i++) {
    const SpField *field = item->fields->pdata[i];
    g_autoptr (SpOtp) otp = NULL;

    if (field->kind != SP_FIELD_OTP || sp_secret_is_empty (field->value))
      continue;
    otp = sp_otp_parse (field->value, error);
    return otp != NULL ? sp_otp_code (otp, sp_clock_now_ms (NULL), NULL, error) : NULL;
  }
  g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_NOT_FOUND,
               _("“%s” has no one-time code."), item->title);
  return NULL;
}

/* The password, or what comes closest to one in an item of another type. */
static SpSecret *
get_default (const SpItem *item, GError **error)
{
  const SpSecret *password = sp_item_peek_value (item, "password");

  if (password != NULL && !sp_secret_is_empty (password))
    return sp_secret_ref (password);
  for (guint i = 0; i < item->fields->len; i++) {
    const SpField *field = item->fields->pdata[i];

    if (sp_field_kind_is_secret (field->kind) && field->kind != SP_FIELD_OTP &&
        !sp_secret_is_empty (field->value))
      return sp_secret_ref (field->value);
  }
  g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_NOT_FOUND,
               _("“%s” has no password; --field says what else to copy."), item->title);
  return NULL;
}

static SpSecret *
get_field (const SpItem *item, const char *name, GError **error)
{
  g_autoptr (GPtrArray) fields = sp_cli_item_match_fields (item, name);

  if (g_str_equal (name, "title"))
    return sp_secret_new_text (item->title);
  if (g_str_equal (name, "notes"))
    return sp_secret_ref (item->notes);
  if (fields->len > 0)
    return sp_secret_ref (((const SpField *) fields->pdata[0])->value);
  g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_NOT_FOUND,
               _("The item has nothing in “%s”."), name);
  return NULL;
}

static gboolean
copy (SpCli *cli, const SpItem *item, const SpSecret *value, guint seconds, GError **error)
{
  if (!sp_cli_clipboard_copy (value, seconds, error))
    return FALSE;
  sp_cli_record_use (cli, item, TRUE);
  if (seconds > 0)
    sp_cli_note (cli,
                 g_dngettext (NULL, "Copied; the clipboard is cleared in %u second.",
                              "Copied; the clipboard is cleared in %u seconds.", seconds),
                 seconds);
  else
    sp_cli_note (cli, _("Copied; the clipboard keeps it."));
  return TRUE;
}

gboolean
cmd_copy (SpCli *cli, GError **error)
{
  g_auto (GStrv) operands = NULL;
  g_autoptr (SpItem) item = NULL;
  g_autoptr (SpSecret) value = NULL;
  g_autofree char *field = NULL;
  int seconds = DEFAULT_SECONDS;
  gboolean totp = FALSE;
  SpVault *vault;
  const GOptionEntry entries[] = {
    { "field", 0, 0, G_OPTION_ARG_FILENAME, &field, N_ ("Copy this field, not the password"),
      N_ ("NAME") },
    { "totp", 0, 0, G_OPTION_ARG_NONE, &totp, N_ ("Copy the one-time code"), NULL },
    { "clear", 0, 0, G_OPTION_ARG_INT, &seconds, N_ ("Clear the clipboard after so long; 0: never"),
      N_ ("SECONDS") },
    G_OPTION_ENTRY_NULL,
  };

  operands = sp_cli_parse (cli, entries, 1, 1, error);
  if (operands == NULL || !sp_cli_check_range ("--clear", seconds, 0, MAX_SECONDS, error))
    return FALSE;
  vault = sp_cli_open (cli, error);
  if (vault == NULL)
    return FALSE;
  item = sp_cli_load (cli, vault, operands[0], SP_CLI_FIND_LIVE, error);
  if (item == NULL)
    return FALSE;
  if (totp)
    value = get_code (item, error);
  else
    value = field != NULL ? get_field (item, field, error) : get_default (item, error);
  return value != NULL && copy (cli, item, value, (guint) seconds, error);
}

gboolean
cmd_clear_clipboard (SpCli *cli, GError **error)
{
  g_auto (GStrv) operands = sp_cli_parse (cli, NULL, 1, 1, error);
  guint64 seconds = 0;

  return operands != NULL &&
         g_ascii_string_to_unsigned (operands[0], 10, 0, MAX_SECONDS, &seconds, error) &&
         sp_cli_clipboard_clear_later ((guint) seconds, error);
}
