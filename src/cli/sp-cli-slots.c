/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A slot is named by its whole name, or by the beginning of its id, at least four digits. */

#define G_LOG_DOMAIN "sp-cli-slots"

#include "config.h"

#include "cli/sp-cli-slots.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cli/sp-cli-error.h"

#define MIN_PREFIX 4

static gboolean
is_meant (const SpSlotInfo *slot, const char *text)
{
  char id[SP_ID_STRING_LEN + 1];

  sp_id_to_string (&slot->id, id);
  return g_str_equal (slot->name, text) ||
         (strlen (text) >= MIN_PREFIX && g_ascii_strncasecmp (id, text, strlen (text)) == 0);
}

/**
 * sp_cli_find_slot:
 * @slots: (element-type SpSlotInfo): all slots
 * @text: what the user typed
 * @error: return location
 *
 * Returns: (transfer none) (nullable): the one slot that is meant, or `NULL` with @error set
 */
const SpSlotInfo *
sp_cli_find_slot (const GPtrArray *slots, const char *text, GError **error)
{
  const SpSlotInfo *found = NULL;

  for (guint i = 0; i < slots->len; i++) {
    const SpSlotInfo *slot = slots->pdata[i];

    if (!is_meant (slot, text))
      continue;
    if (found != NULL) {
      g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_NOT_FOUND,
                   _("“%s” can mean several key slots; name one by its id."), text);
      return NULL;
    }
    found = slot;
  }
  if (found == NULL)
    g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_NOT_FOUND,
                 _("There is no key slot “%s”."), text);
  return found;
}

/**
 * sp_cli_find_current_slot:
 * @slots: (element-type SpSlotInfo): all slots
 * @error: return location
 *
 * Returns: (transfer none) (nullable): the slot that opened this session, or `NULL` with @error set
 */
const SpSlotInfo *
sp_cli_find_current_slot (const GPtrArray *slots, GError **error)
{
  for (guint i = 0; i < slots->len; i++) {
    const SpSlotInfo *slot = slots->pdata[i];

    if (slot->is_current)
      return slot;
  }
  g_set_error_literal (error, SP_CLI_ERROR, SP_CLI_ERROR_NOT_FOUND,
                       _("The key slot that opened the vault is not there any more."));
  return NULL;
}
