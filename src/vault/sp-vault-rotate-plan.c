/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The plan of a rotation. The new vault key is made here, and every slot that comes along is sealed here, since
 * that takes seconds, and the rotation holds the write lock. */

#define G_LOG_DOMAIN "sp-vault-rotate"

#include "config.h"

#include <string.h>

#include "base/sp-wipe.h"
#include "crypto/sp-random.h"
#include "password/sp-recovery-key.h"
#include "vault/sp-vault-rotate-private.h"

static void
planned_slot_free (SpPlannedSlot *slot)
{
  sp_slot_info_free (slot->info);
  g_free (slot);
}

/**
 * sp_rotation_free:
 * @self: (transfer full): a plan
 *
 * Frees it, and wipes the key that it has.
 */
void
sp_rotation_free (SpRotation *self)
{
  g_clear_pointer (&self->slots, g_ptr_array_unref);
  g_clear_pointer (&self->key, sp_secret_unref);
  g_free (self);
}

static gboolean
plan_slot (SpRotation *self, const SpSealSlot *listed, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  SpPlannedSlot *planned;
  SpSlotInfo *info;
  SpFullSlot full;

  if (sp_vault_read_slot (self->vault, self->vault->seal, &listed->slot_id, &full, &local_error)) {
    info = sp_slot_info_new (self->vault, &full);
    sp_keyslot_changing_clear (&full.changing);
  } else if (sp_slot_error_is_of_slot (local_error)) {
    info = g_new0 (SpSlotInfo, 1);
    info->id = listed->slot_id;
    info->name = g_strdup ("");
  } else {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  planned = g_new0 (SpPlannedSlot, 1);
  planned->listed = *listed;
  planned->info = info;
  g_ptr_array_add (self->slots, planned);
  return TRUE;
}

/**
 * sp_rotation_new:
 * @vault: a vault, without an open batch
 * @error: return location for a [error@VaultError]
 *
 * Returns: (transfer full) (nullable): a plan by which all slots are lost
 */
SpRotation *
sp_rotation_new (SpVault *vault, GError **error)
{
  g_autoptr (SpRotation) self = NULL;

  g_return_val_if_fail (vault != NULL && vault->batch == NULL, NULL);

  if (!sp_vault_refresh (vault, NULL, error))
    return NULL;
  if (vault->seal->key_epoch == G_MAXUINT32) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID,
                         "The vault key was replaced as often as can be counted.");
    return NULL;
  }
  self = g_new0 (SpRotation, 1);
  self->vault = vault;
  self->epoch = vault->seal->key_epoch + 1;
  self->slots = g_ptr_array_new_with_free_func ((GDestroyNotify) planned_slot_free);
  self->key = sp_random_secret (SP_VAULT_KEY_LEN, error);
  if (self->key == NULL) {
    sp_vault_translate (error);
    return NULL;
  }
  for (guint i = 0; i < vault->seal->slots->len; i++)
    if (!plan_slot (self, &g_array_index (vault->seal->slots, SpSealSlot, i), error))
      return NULL;
  return g_steal_pointer (&self);
}

static SpPlannedSlot *
find_planned (const SpRotation *self, const SpId *id, GError **error)
{
  for (guint i = 0; i < self->slots->len; i++) {
    SpPlannedSlot *planned = g_ptr_array_index (self->slots, i);

    if (sp_id_equal (&planned->info->id, id))
      return planned;
  }
  g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NOT_FOUND,
                       "There is no such key slot.");
  return NULL;
}

/* The same of a slot that may still come along. */
static SpPlannedSlot *
find_not_dropped (const SpRotation *self, const SpId *id, GError **error)
{
  SpPlannedSlot *planned = find_planned (self, id, error);

  if (planned == NULL || planned->fate != SP_FATE_DROPPED)
    return planned;
  g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID,
                       "The key slot is to be revoked. Nothing was changed.");
  return NULL;
}

static gboolean
bring_along (SpRotation *self,
             SpPlannedSlot *planned,
             const SpKeyslotFactors *factors,
             const SpKdfCost *cost,
             SpSlotFate fate,
             GError **error)
{
  SpVaultKey key = { self->key, self->epoch };

  planned->slot.slot_id = planned->info->id;
  if (!sp_vault_make_slot (self->vault, &key, planned->info->kind, factors, cost, &planned->slot,
                           error))
    return FALSE;
  planned->fate = fate;
  return TRUE;
}

typedef struct {
  SpRotation *rotation;
  const SpKeyslotFactors *factors;
  guint n_kept;
  gboolean tried;
  GError *missing; /* (nullable) */
} Keeper;

/* FALSE only for what is no answer. */
static gboolean
try_to_keep (Keeper *self, SpPlannedSlot *planned, GError **error)
{
  SpRotation *rotation = self->rotation;
  SpVault *vault = rotation->vault;
  g_autoptr (GError) local_error = NULL;
  g_autoptr (SpSecret) key = NULL;
  SpFullSlot full;

  if (!sp_vault_read_slot (vault, vault->seal, &planned->info->id, &full, error))
    return FALSE;
  sp_keyslot_changing_clear (&full.changing);
  key = sp_keyslot_open (&full.slot, self->factors, &local_error);
  if (key != NULL && sp_secret_equal (key, vault->vault_key)) {
    self->n_kept++;
    return bring_along (rotation, planned, self->factors, &full.slot.cost, SP_FATE_KEPT, error);
  }
  if (key != NULL || g_error_matches (local_error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY)) {
    self->tried = TRUE;
    return TRUE;
  }
  if (!sp_vault_error_is_wrong_secret (local_error)) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return sp_vault_translate (error);
  }
  if (self->missing == NULL)
    self->missing = g_steal_pointer (&local_error);
  return TRUE;
}

static gboolean
keep (Keeper *self, SpSlotKind kind, GError **error)
{
  const GPtrArray *slots = self->rotation->slots;

  for (guint i = 0; i < slots->len; i++) {
    SpPlannedSlot *planned = g_ptr_array_index (slots, i);

    if (planned->info->kind == kind && planned->fate == SP_FATE_LOST &&
        !try_to_keep (self, planned, error))
      return FALSE;
  }
  if (self->n_kept > 0)
    return TRUE;
  if (!self->tried && self->missing != NULL) {
    g_propagate_error (error, g_steal_pointer (&self->missing));
    return FALSE;
  }
  if (kind == SP_SLOT_PASSWORD && self->tried && sp_vault_is_writable (self->rotation->vault))
    sp_lockout_record_failure (self->rotation->vault->db, sp_vault_now (self->rotation->vault),
                               self->rotation->vault->device);
  g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY,
                       kind == SP_SLOT_PASSWORD ? "The password is wrong."
                                                : "The recovery key is not one of this vault.");
  return FALSE;
}

/**
 * sp_rotation_keep:
 * @self: a plan
 * @kind: a password or a recovery key
 * @factors: that, and what its slot asks for besides
 * @error: return location for a [error@VaultError]
 *
 * Returns: whether a slot that these open comes along, and opens with them afterwards
 */
gboolean
sp_rotation_keep (SpRotation *self,
                  SpSlotKind kind,
                  const SpKeyslotFactors *factors,
                  GError **error)
{
  SpVault *vault = self->vault;
  Keeper keeper = { .rotation = self, .factors = factors };
  gboolean kept;

  g_return_val_if_fail (kind == SP_SLOT_PASSWORD || kind == SP_SLOT_RECOVERY, FALSE);

  if (kind == SP_SLOT_PASSWORD && !sp_lockout_check (vault->db, sp_vault_now (vault), error))
    return sp_vault_translate (error);
  kept = keep (&keeper, kind, error);
  g_clear_error (&keeper.missing);
  return kept;
}

static SpPlannedSlot *
choose_password_slot (const SpRotation *self)
{
  SpPlannedSlot *first = NULL;

  for (guint i = 0; i < self->slots->len; i++) {
    SpPlannedSlot *planned = g_ptr_array_index (self->slots, i);

    if (planned->info->kind != SP_SLOT_PASSWORD || planned->fate == SP_FATE_DROPPED)
      continue;
    if (planned->info->is_current)
      return planned;
    if (first == NULL)
      first = planned;
  }
  return first;
}

static gboolean
make_new_slot (SpRotation *self,
               const SpKeyslotFactors *factors,
               const SpKdfCost *cost,
               GError **error)
{
  SpVaultKey key = { self->key, self->epoch };

  if (!sp_random_id (&self->new_slot.slot_id, error))
    return sp_vault_translate (error);
  if (!sp_vault_make_slot (self->vault, &key, SP_SLOT_PASSWORD, factors, cost, &self->new_slot,
                           error))
    return FALSE;
  self->has_new_slot = TRUE;
  return TRUE;
}

/* After a recovery a lost key file is let go of; else a slot does not ask for less without its user's saying so. */
static gboolean
check_password_slot (const SpRotation *self,
                     const SpPlannedSlot *planned,
                     const SpKeyslotFactors *factors,
                     GError **error)
{
  SpFactors missing = planned->info->factors & ~sp_vault_get_factors (factors);

  if (planned->info->kind != SP_SLOT_PASSWORD) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID,
                         "The key slot is not one of a password.");
    return FALSE;
  }
  if (missing == 0 || self->vault->must_set_password)
    return TRUE;
  g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID,
                       "The key slot is not one of a password alone. Nothing was changed.");
  return FALSE;
}

/**
 * sp_rotation_set_password:
 * @self: a plan
 * @id: (nullable): a password slot
 * @factors: its new password, and what it is to ask for besides
 * @cost: (nullable): cost of the KDF, or `NULL` to calibrate it
 * @error: return location for a [error@VaultError]
 *
 * Returns: whether the slot comes along with that password
 */
gboolean
sp_rotation_set_password (SpRotation *self,
                          const SpId *id,
                          const SpKeyslotFactors *factors,
                          const SpKdfCost *cost,
                          GError **error)
{
  SpPlannedSlot *planned = id != NULL ? find_not_dropped (self, id, error)
                                      : choose_password_slot (self);

  if (planned == NULL)
    return id == NULL && make_new_slot (self, factors, cost, error);
  return check_password_slot (self, planned, factors, error) &&
         bring_along (self, planned, factors, cost, SP_FATE_PASSWORD, error);
}

/* Name and expiry stay, so one whose time is over would be printed in vain. */
static gboolean
check_recovery_slot (const SpRotation *self, const SpPlannedSlot *planned, GError **error)
{
  if (planned->info->kind != SP_SLOT_RECOVERY) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID,
                         "The key slot is not one of a recovery key.");
    return FALSE;
  }
  if (!sp_slot_info_is_expired (planned->info, sp_vault_now (self->vault)))
    return TRUE;
  g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_EXPIRED,
                       "The time of this recovery key is over. Nothing was changed.");
  return FALSE;
}

/**
 * sp_rotation_renew_recovery_key:
 * @self: a plan
 * @id: the id of a recovery key's slot
 * @error: return location for a [error@VaultError]
 *
 * Returns: (transfer full) (nullable): the key that takes the place of that one, once the rotation is done
 */
SpSecret *
sp_rotation_renew_recovery_key (SpRotation *self, const SpId *id, GError **error)
{
  SpPlannedSlot *planned = find_not_dropped (self, id, error);
  g_autoptr (SpSecret) secret = NULL;
  SpKeyslotFactors factors = { 0 };

  if (planned == NULL || !check_recovery_slot (self, planned, error))
    return NULL;
  secret = sp_recovery_key_new (error);
  if (secret == NULL) {
    sp_vault_translate (error);
    return NULL;
  }
  factors.secret = secret;
  if (!bring_along (self, planned, &factors, NULL, SP_FATE_RENEWED, error))
    return NULL;
  return g_steal_pointer (&secret);
}

/**
 * sp_rotation_drop:
 * @self: a plan
 * @id: a slot's id
 * @error: return location for a [error@VaultError]
 *
 * Returns: whether the slot does not come along
 */
gboolean
sp_rotation_drop (SpRotation *self, const SpId *id, GError **error)
{
  SpPlannedSlot *planned = find_planned (self, id, error);

  if (planned == NULL)
    return FALSE;
  planned->fate = SP_FATE_DROPPED;
  return TRUE;
}

static SpSlotInfo *
copy_info (const SpSlotInfo *info)
{
  SpSlotInfo *copy = g_memdup2 (info, sizeof *info);

  copy->name = g_strdup (info->name);
  return copy;
}

/**
 * sp_rotation_list_lost:
 * @self: a plan
 *
 * Returns: (transfer full) (element-type SpSlotInfo): the slots that do not come along, but for those that are
 *   dropped on purpose
 */
GPtrArray *
sp_rotation_list_lost (const SpRotation *self)
{
  GPtrArray *lost = g_ptr_array_new_with_free_func ((GDestroyNotify) sp_slot_info_free);

  for (guint i = 0; i < self->slots->len; i++) {
    const SpPlannedSlot *planned = g_ptr_array_index (self->slots, i);

    if (planned->fate == SP_FATE_LOST)
      g_ptr_array_add (lost, copy_info (planned->info));
  }
  return lost;
}

static gboolean
is_as_planned (const SpRotation *self, const SpSeal *seal)
{
  if (seal->slots->len != self->slots->len || seal->key_epoch + 1 != self->epoch)
    return FALSE;
  for (guint i = 0; i < self->slots->len; i++) {
    const SpPlannedSlot *planned = g_ptr_array_index (self->slots, i);
    const SpSealSlot *listed = &g_array_index (seal->slots, SpSealSlot, i);

    /* What is not secret of a slot may have changed: its last use does, with every unlock. */
    if (listed->position != planned->listed.position ||
        !sp_bytes_equal (listed->fixed_hash, planned->listed.fixed_hash, SP_HASH_LEN))
      return FALSE;
  }
  return TRUE;
}

/* As the vault is now: whether a slot expires may have changed since the plan was made. Of a renewed recovery key
 * nobody knows whether it is on paper, so it is none. */
static gboolean
opens_for_good (const SpRotation *self, const SpSeal *seal, gboolean *out_opens, GError **error)
{
  *out_opens = self->has_new_slot;
  for (guint i = 0; i < self->slots->len && !*out_opens; i++) {
    const SpPlannedSlot *planned = g_ptr_array_index (self->slots, i);
    SpFullSlot full;

    if (!sp_planned_slot_comes_along (planned) || planned->fate == SP_FATE_RENEWED)
      continue;
    if (!sp_vault_read_slot (self->vault, seal, &planned->info->id, &full, error))
      return FALSE;
    *out_opens = full.changing.expires_ms == 0;
    sp_keyslot_changing_clear (&full.changing);
  }
  return TRUE;
}

/* Whoever opened the vault with a recovery key sets a password, and that key has served. */
static gboolean
fulfils_recovery (const SpRotation *self)
{
  gboolean has_password = self->has_new_slot;

  for (guint i = 0; i < self->slots->len; i++) {
    const SpPlannedSlot *planned = g_ptr_array_index (self->slots, i);

    has_password |= planned->fate == SP_FATE_PASSWORD;
    if (planned->info->is_current && planned->fate == SP_FATE_KEPT)
      return FALSE;
  }
  return has_password;
}

/**
 * sp_rotation_check: (skip)
 * @self: a plan
 * @seal: the seal that is replaced
 * @error: return location for a [error@VaultError]
 *
 * Returns: whether the plan may be carried out
 */
gboolean
sp_rotation_check (const SpRotation *self, const SpSeal *seal, GError **error)
{
  gboolean opens;

  if (!is_as_planned (self, seal)) {
    g_set_error_literal (
        error, SP_VAULT_ERROR, SP_VAULT_ERROR_CONFLICT,
        "The vault's key slots were changed in the meantime. Nothing was changed.");
    return FALSE;
  }
  if (self->vault->must_set_password && !fulfils_recovery (self)) {
    g_set_error_literal (
        error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID,
        "The vault was opened with a recovery key: it needs a new master password, and another "
        "recovery key or none in the place of that one. Nothing was changed.");
    return FALSE;
  }
  if (!opens_for_good (self, seal, &opens, error))
    return FALSE;
  if (!opens) {
    g_set_error_literal (
        error, SP_VAULT_ERROR, SP_VAULT_ERROR_LAST_SLOT,
        "No key slot that opens the vault for good would come along. Nothing was changed.");
    return FALSE;
  }
  return TRUE;
}
