/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading numbers, dates and pairs from the command line. */

#define G_LOG_DOMAIN "sp-cli-options"

#include "config.h"

#include "cli/sp-cli-options.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/sp-clock.h"
#include "cli/sp-cli-error.h"
#include "vault/sp-vault-slots.h"

/* vault.md: memory first, from 256 MiB; at least three passes; four lanes. */
#define DEFAULT_MEMORY_MIB 256
#define DEFAULT_PASSES     3
#define DEFAULT_LANES      4

#define MAX_MEMORY_MIB (1024 * 1024)
#define MAX_PASSES     1024

/**
 * sp_cli_check_range:
 * @option: the option's name with its dashes
 * @value: what was given
 * @min: the least that is allowed
 * @max: the most that is allowed
 * @error: return location
 *
 * Returns: whether @value is within
 */
gboolean
sp_cli_check_range (const char *option, int value, int min, int max, GError **error)
{
  if (value >= min && value <= max)
    return TRUE;
  g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE,
               _("%s takes a number from %d to %d."), option, min, max);
  return FALSE;
}

/**
 * sp_cli_parse_date:
 * @text: "2027-12-31", an ISO 8601 time, or "never"
 * @out_ms: (out): milliseconds since 1970; 0 for never
 * @error: return location
 *
 * Returns: whether @text is a date
 */
gboolean
sp_cli_parse_date (const char *text, gint64 *out_ms, GError **error)
{
  if (g_str_equal (text, "never")) {
    *out_ms = 0;
    return TRUE;
  }
  if (sp_time_from_iso8601 (text, out_ms))
    return TRUE;
  g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE,
               _("“%s” is not a date like 2027-12-31, and not “never”."), text);
  return FALSE;
}

/**
 * sp_cli_split:
 * @option: the option's name with its dashes
 * @text: what was given to it
 * @out_left: (out): what stands before the first "="
 * @out_right: (out) (nullable): what stands behind it, in @text; `NULL` without "="
 * @error: return location
 *
 * Returns: whether there is something on the left
 */
gboolean
sp_cli_split (const char *option,
              const char *text,
              char **out_left,
              const char **out_right,
              GError **error)
{
  const char *equals = strchr (text, '=');
  gsize len = equals != NULL ? (gsize) (equals - text) : strlen (text);

  if (len == 0) {
    g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE,
                 _("%s needs the name of a field."), option);
    return FALSE;
  }
  *out_left = g_strndup (text, len);
  *out_right = equals != NULL ? equals + 1 : NULL;
  return TRUE;
}

/**
 * sp_cli_cost_options_get:
 * @self: what was given
 * @defaults: (nullable): where what was not given comes from
 * @storage: (out): room for the cost
 * @out_cost: (out) (nullable): @storage, or `NULL` if nothing was given
 * @error: return location
 *
 * Returns: %FALSE, with @error set, for a cost under the floor or over the cap
 */
gboolean
sp_cli_cost_options_get (const SpCliCostOptions *self,
                         const SpKdfCost *defaults,
                         SpKdfCost *storage,
                         const SpKdfCost **out_cost,
                         GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (self->memory_mib == 0 && self->passes == 0) {
    *out_cost = NULL;
    return TRUE;
  }
  if ((self->memory_mib != 0 &&
       !sp_cli_check_range ("--kdf-memory", self->memory_mib, 1, MAX_MEMORY_MIB, error)) ||
      (self->passes != 0 &&
       !sp_cli_check_range ("--kdf-passes", self->passes, 1, MAX_PASSES, error)))
    return FALSE;
  storage->memory_kib = defaults != NULL ? defaults->memory_kib : DEFAULT_MEMORY_MIB * 1024;
  storage->passes = defaults != NULL ? defaults->passes : DEFAULT_PASSES;
  storage->lanes = defaults != NULL ? defaults->lanes : DEFAULT_LANES;
  if (self->memory_mib != 0)
    storage->memory_kib = (guint32) self->memory_mib * 1024;
  if (self->passes != 0)
    storage->passes = (guint32) self->passes;
  if (!sp_vault_cost_is_allowed (storage, &local_error)) {
    g_set_error_literal (error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE, local_error->message);
    return FALSE;
  }
  *out_cost = storage;
  return TRUE;
}
