/* SPDX-License-Identifier: GPL-3.0-or-later */

/* New recovery keys are on standard output, all of them, before anything is written: a key that was lost on its way
 * to paper would be no key. */

#define G_LOG_DOMAIN "sp-cli-rotation"

#include "config.h"

#include "cli/sp-cli-rotation.h"

#include <glib/gi18n.h>

#include "base/sp-clock.h"
#include "password/sp-recovery-key.h"

/**
 * sp_cli_plan_rotation:
 * @self: a run
 * @vault: its vault
 * @error: return location
 *
 * Returns: (transfer full) (nullable): a plan that keeps the slots that the password opens
 */
SpRotation *
sp_cli_plan_rotation (SpCli *self, SpVault *vault, GError **error)
{
  g_autoptr (SpSecret) password = sp_cli_get_password_again (self, error);
  SpKeyslotFactors factors = { .secret = password };
  g_autoptr (SpRotation) plan = NULL;

  if (password == NULL || !sp_cli_get_key_file (self, &factors.key_file, error))
    return NULL;
  plan = sp_rotation_new (vault, error);
  if (plan == NULL || !sp_rotation_keep (plan, SP_SLOT_PASSWORD, &factors, error))
    return NULL;
  return g_steal_pointer (&plan);
}

/**
 * sp_cli_print_recovery_key:
 * @self: a run
 * @id: (nullable): the id of its slot, if that is known yet
 * @name: its name
 * @key: its 20 bytes
 */
void
sp_cli_print_recovery_key (SpCli *self, const SpId *id, const char *name, const SpSecret *key)
{
  g_autoptr (SpSecret) text = sp_recovery_key_format (key);
  SpCliOutput *output = sp_cli_get_output (self);
  char id_text[SP_ID_STRING_LEN + 1];

  if (sp_cli_wants_json (self)) {
    SpJsonWriter *writer = sp_cli_get_json (self);

    sp_json_begin_object (writer);
    if (id != NULL) {
      sp_id_to_string (id, id_text);
      sp_json_key (writer, "id");
      sp_json_string (writer, id_text);
    }
    sp_json_key (writer, "name");
    sp_json_string (writer, name);
    sp_json_key (writer, "key");
    sp_json_secret (writer, text);
    sp_json_end_object (writer);
    return;
  }
  sp_cli_output_raw (output, sp_secret_peek_text (text), sp_secret_get_length (text));
  if (*name != '\0') {
    sp_cli_output_raw (output, "  ", 2);
    sp_cli_output_text (output, name);
  }
  sp_cli_output_raw (output, "\n", 1);
}

/* A recovery key whose time is over is not printed anew, but lost. */
static gboolean
is_renewed (const SpSlotInfo *slot)
{
  return slot->kind == SP_SLOT_RECOVERY && !sp_slot_info_is_expired (slot, sp_clock_now_ms (NULL));
}

static gboolean
renew (SpCli *self, SpRotation *plan, const GPtrArray *lost, GError **error)
{
  for (guint i = 0; i < lost->len; i++) {
    const SpSlotInfo *slot = g_ptr_array_index (lost, i);
    g_autoptr (SpSecret) key = NULL;

    if (!is_renewed (slot))
      continue;
    key = sp_rotation_renew_recovery_key (plan, &slot->id, error);
    if (key == NULL)
      return FALSE;
    sp_cli_print_recovery_key (self, &slot->id, slot->name, key);
  }
  return TRUE;
}

static gboolean
confirm_losses (SpCli *self, const GPtrArray *lost, gboolean yes, GError **error)
{
  guint n_others = 0;

  for (guint i = 0; i < lost->len; i++) {
    const SpSlotInfo *slot = g_ptr_array_index (lost, i);
    char id[SP_ID_STRING_LEN + 1];

    if (is_renewed (slot))
      continue;
    sp_id_to_string (&slot->id, id);
    id[8] = '\0';
    /* Translators: the beginning of a key slot's id, and its name. */
    sp_cli_note (self, _("This key slot will no longer open the vault: %s %s"), id, slot->name);
    n_others++;
  }
  return n_others == 0 || yes || sp_cli_confirm (self, _("Go on? [y/N] "), error);
}

/**
 * sp_cli_flush_keys:
 * @self: a run
 * @error: return location
 *
 * Returns: whether everything printed so far is out
 */
gboolean
sp_cli_flush_keys (SpCli *self, GError **error)
{
  if (sp_cli_wants_json (self))
    return sp_json_writer_flush (sp_cli_get_json (self), error);
  return sp_cli_output_flush (sp_cli_get_output (self), error);
}

/**
 * sp_cli_note_void_keys:
 * @self: a run
 * @error: why the keys that were printed are not in the vault
 *
 * Says what to do with the paper.
 */
void
sp_cli_note_void_keys (SpCli *self, const GError *error)
{
  sp_cli_note (self, g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_UNCERTAIN)
               ? _("Keep what opened the vault before, and the recovery keys that were just "
                                   "printed: it is not certain which of them are right.")
               : _("Recovery keys that were just printed are void."));
}

static gboolean
print_and_rotate (SpCli *self,
                  SpVault *vault,
                  SpRotation *plan,
                  const GPtrArray *lost,
                  GError **error)
{
  gboolean json = sp_cli_wants_json (self);
  g_autoptr (GError) local_error = NULL;
  gboolean done;

  if (json)
    sp_json_begin_array (sp_cli_get_json (self));
  done = renew (self, plan, lost, error);
  if (json)
    sp_json_end_array (sp_cli_get_json (self));
  if (!done || !sp_cli_flush_keys (self, error))
    return FALSE;
  if (sp_vault_rotate_keys (vault, plan, NULL, NULL, NULL, &local_error))
    return TRUE;
  sp_cli_note_void_keys (self, local_error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/**
 * sp_cli_rotate:
 * @self: a run
 * @vault: its vault
 * @plan: what comes along
 * @yes: whether not to ask
 * @error: return location
 *
 * Returns: whether the vault key is replaced
 */
gboolean
sp_cli_rotate (SpCli *self, SpVault *vault, SpRotation *plan, gboolean yes, GError **error)
{
  g_autoptr (GPtrArray) lost = sp_rotation_list_lost (plan);

  if (!confirm_losses (self, lost, yes, error) ||
      !print_and_rotate (self, vault, plan, lost, error))
    return FALSE;
  sp_cli_note (self,
               _("The vault key is replaced. Copies of the vault made before still open with "
                       "what opened them then."));
  return TRUE;
}
