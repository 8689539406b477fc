/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Changing the key slots of an open vault. The KDF runs before the write lock is taken, so that nobody waits
 * for it.
 *
 * Whatever is changed, a slot is left that opens the vault for good: one that neither expires nor is a quick
 * unlock. */

#define G_LOG_DOMAIN "sp-vault-slots"

#include "config.h"

#include <string.h>

#include "crypto/sp-random.h"
#include "password/sp-recovery-key.h"
#include "vault/sp-vault-slots-private.h"

static gboolean
choose_cost (const SpKdfCost *wanted, SpKdfCost *out_cost, GError **error)
{
  if (wanted == NULL)
    return sp_vault_calibrate (700, out_cost, error);
  *out_cost = *wanted;
  return sp_vault_cost_is_allowed (wanted, error);
}

/**
 * sp_vault_get_factors: (skip)
 * @given: what is to open a slot
 *
 * Returns: what that slot asks for besides its secret
 */
SpFactors
sp_vault_get_factors (const SpKeyslotFactors *given)
{
  return (SpFactors) ((given->key_file != NULL ? SP_FACTOR_KEY_FILE : 0) |
                      (given->device_key != NULL ? SP_FACTOR_DEVICE_KEY : 0));
}

/**
 * sp_vault_make_slot: (skip)
 * @self: a vault
 * @key: the vault key to wrap, and
 * @key_epoch: its epoch
 * @kind: a password or a recovery key
 * @factors: what is to open the slot; it asks for just what is given
 * @cost: (nullable): cost of a password's KDF, or `NULL` to calibrate it
 * @inout_slot: (inout): its id; its fixed part
 * @error: return location for a [error@VaultError]
 *
 * Runs the KDF, so not in a transaction.
 *
 * Returns: whether it was made
 */
gboolean
sp_vault_make_slot (SpVault *self,
                    const SpVaultKey *key,
                    SpSlotKind kind,
                    const SpKeyslotFactors *factors,
                    const SpKdfCost *cost,
                    SpKeyslot *inout_slot,
                    GError **error)
{
  SpKeyslot slot = { .kind = kind, .slot_id = inout_slot->slot_id };
  gint64 start = g_get_monotonic_time ();

  slot.uses_argon2 = kind == SP_SLOT_PASSWORD;
  slot.factors = sp_vault_get_factors (factors);
  slot.vault_id = self->vault_id;
  slot.key_epoch = key->epoch;
  if ((slot.uses_argon2 && !choose_cost (cost, &slot.cost, error)) ||
      !sp_keyslot_seal (&slot, key->key, factors, error))
    return sp_vault_translate (error);
  self->timings.kdf_us = g_get_monotonic_time () - start;
  *inout_slot = slot;
  return TRUE;
}

/**
 * sp_vault_check_slot_change: (skip)
 * @self: a vault
 * @error: return location for a [error@VaultError]
 *
 * Returns: whether its key slots can be changed now
 */
gboolean
sp_vault_check_slot_change (SpVault *self, GError **error)
{
  if (self->batch != NULL) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID,
                         "Key slots are not changed inside a batch.");
    return FALSE;
  }
  if (!sp_vault_is_writable (self)) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_READ_ONLY,
                         "The vault is read-only. Nothing was changed.");
    return FALSE;
  }
  return TRUE;
}

static gboolean
check_name (const char *name, GError **error)
{
  if (g_utf8_validate (name, -1, NULL) && strlen (name) <= 1024)
    return TRUE;
  g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID,
                       "A key slot's name is at most 1,024 bytes of UTF-8.");
  return FALSE;
}

static gboolean
check_expiry (SpVault *self, gint64 expires_ms, GError **error)
{
  if (expires_ms == 0 || expires_ms > sp_vault_now (self))
    return TRUE;
  g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID,
                       "A recovery key can only expire in the future.");
  return FALSE;
}

static guint64
free_position (const SpSeal *seal)
{
  if (seal->slots->len == 0)
    return 1;
  return g_array_index (seal->slots, SpSealSlot, seal->slots->len - 1).position + 1;
}

/**
 * sp_vault_put_new_slot: (skip)
 * @tx: a transaction
 * @slot: the fixed part of a slot that the vault does not have yet
 * @name: its name
 * @expires_ms: when it expires; 0 for never
 * @error: return location for a [error@VaultError]
 *
 * Returns: whether it is there, and logged
 */
gboolean
sp_vault_put_new_slot (SpTransaction *tx,
                       const SpKeyslot *slot,
                       const char *name,
                       gint64 expires_ms,
                       GError **error)
{
  SpKeyslotChanging changing = { .created_ms = tx->now_ms,
                                 .changed_ms = tx->now_ms,
                                 .expires_ms = expires_ms };
  gboolean done;

  if (tx->seal->slots->len >= SP_SEAL_MAX_SLOTS) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID,
                         "A vault has at most 64 key slots.");
    return FALSE;
  }
  changing.name = g_strdup (name);
  done = sp_vault_write_slot (tx, free_position (tx->seal), slot, &changing, error) &&
         sp_transaction_log (tx, SP_EVENT_SLOT_ADDED, &slot->slot_id, 0, error);
  sp_keyslot_changing_clear (&changing);
  return done;
}

static gboolean
add_slot (SpVault *self,
          const SpKeyslot *slot,
          const char *name,
          gint64 expires_ms,
          SpId *out_id,
          GError **error)
{
  SpTransaction *tx = sp_transaction_begin (self, error);

  if (tx == NULL)
    return FALSE;
  if (!sp_transaction_leave (tx, sp_vault_put_new_slot (tx, slot, name, expires_ms, error), error))
    return sp_vault_translate (error);
  if (out_id != NULL)
    *out_id = slot->slot_id;
  return TRUE;
}

/**
 * sp_vault_add_password_slot:
 * @self: a vault
 * @name: what the slot is called
 * @password: the password that is to open the vault
 * @cost: (nullable): cost of the KDF, or `NULL` to calibrate it
 * @out_id: (out) (optional): the slot's id
 * @error: return location for a [error@VaultError]
 *
 * Returns: whether the vault opens with @password from now on
 */
gboolean
sp_vault_add_password_slot (SpVault *self,
                            const char *name,
                            const SpSecret *password,
                            const SpKdfCost *cost,
                            SpId *out_id,
                            GError **error)
{
  SpKeyslotFactors factors = { .secret = password };

  return sp_vault_add_password_slot_with (self, name, &factors, cost, out_id, error);
}

/**
 * sp_vault_add_password_slot_with:
 * @self: a vault
 * @name: what the slot is called
 * @factors: a password, and what the slot is to ask for besides
 * @cost: (nullable): cost of the KDF, or `NULL` to calibrate it
 * @out_id: (out) (optional): the slot's id
 * @error: return location for a [error@VaultError]
 *
 * Returns: whether the vault opens with @factors from now on
 */
gboolean
sp_vault_add_password_slot_with (SpVault *self,
                                 const char *name,
                                 const SpKeyslotFactors *factors,
                                 const SpKdfCost *cost,
                                 SpId *out_id,
                                 GError **error)
{
  SpVaultKey key = { self->vault_key, self->seal->key_epoch };
  SpKeyslot slot = { 0 };

  if (!sp_vault_check_slot_change (self, error) || !check_name (name, error))
    return FALSE;
  if (!sp_random_id (&slot.slot_id, error))
    return sp_vault_translate (error);
  return sp_vault_make_slot (self, &key, SP_SLOT_PASSWORD, factors, cost, &slot, error) &&
         add_slot (self, &slot, name, 0, out_id, error);
}

/**
 * sp_vault_add_made_recovery_key:
 * @self: a vault
 * @key: 20 bytes of sp_recovery_key_new()
 * @name: what the key is called
 * @expires_ms: when it expires, in milliseconds since 1970; 0 for never
 * @out_id: (out) (optional): its slot's id
 * @error: return location for a [error@VaultError]
 *
 * Adds a slot for a key that somebody has on paper by now: one that nobody has seen must not count as a way in.
 *
 * Returns: whether @key opens the vault from now on
 */
gboolean
sp_vault_add_made_recovery_key (SpVault *self,
                                const SpSecret *key,
                                const char *name,
                                gint64 expires_ms,
                                SpId *out_id,
                                GError **error)
{
  SpVaultKey vault_key = { self->vault_key, self->seal->key_epoch };
  SpKeyslotFactors factors = { .secret = key };
  SpKeyslot slot = { 0 };

  g_return_val_if_fail (sp_secret_get_length (key) == SP_RECOVERY_KEY_LEN, FALSE);

  if (!sp_vault_check_slot_change (self, error) || !check_name (name, error) ||
      !check_expiry (self, expires_ms, error))
    return FALSE;
  if (!sp_random_id (&slot.slot_id, error)) {
    sp_vault_translate (error);
    return FALSE;
  }
  return sp_vault_make_slot (self, &vault_key, SP_SLOT_RECOVERY, &factors, NULL, &slot, error) &&
         add_slot (self, &slot, name, expires_ms, out_id, error);
}

/**
 * sp_vault_add_recovery_key:
 * @self: a vault
 * @name: what the key is called
 * @expires_ms: when it expires, in milliseconds since 1970; 0 for never
 * @out_id: (out) (optional): its slot's id
 * @error: return location for a [error@VaultError]
 *
 * Returns: (transfer full) (nullable): a new recovery key that opens the vault from now on, 20 bytes
 */
SpSecret *
sp_vault_add_recovery_key (SpVault *self,
                           const char *name,
                           gint64 expires_ms,
                           SpId *out_id,
                           GError **error)
{
  g_autoptr (SpSecret) key = sp_recovery_key_new (error);

  if (key == NULL) {
    sp_vault_translate (error);
    return NULL;
  }
  if (!sp_vault_add_made_recovery_key (self, key, name, expires_ms, out_id, error))
    return NULL;
  return g_steal_pointer (&key);
}

/* Slots that really open the vault, and go on doing so: the seal's list alone does not tell. */
static gboolean
count_others (SpTransaction *tx, const SpId *id, guint *out_n, GError **error)
{
  *out_n = 0;
  for (guint i = 0; i < tx->seal->slots->len; i++) {
    const SpSealSlot *listed = &g_array_index (tx->seal->slots, SpSealSlot, i);
    g_autoptr (GError) local_error = NULL;
    SpFullSlot full;

    if (sp_id_equal (&listed->slot_id, id))
      continue;
    if (sp_vault_read_slot (tx->vault, tx->seal, &listed->slot_id, &full, &local_error)) {
      *out_n += full.slot.kind != SP_SLOT_QUICK && full.changing.expires_ms == 0;
      sp_keyslot_changing_clear (&full.changing);
    } else if (!sp_slot_error_is_of_slot (local_error)) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
check_others (SpTransaction *tx, const SpId *id, GError **error)
{
  guint n_others;

  if (!count_others (tx, id, &n_others, error))
    return FALSE;
  if (n_others > 0)
    return TRUE;
  g_set_error_literal (
      error, SP_VAULT_ERROR, SP_VAULT_ERROR_LAST_SLOT,
      "This is the vault's last key slot: without it nothing would open the vault. Nothing was changed.");
  return FALSE;
}

/**
 * sp_vault_unlist_slot: (skip)
 * @tx: a transaction
 * @id: a slot's id
 * @error: return location for a [error@VaultError]
 *
 * Takes a slot out of the file and the seal, whatever is left then.
 *
 * Returns: whether that was done
 */
gboolean
sp_vault_unlist_slot (SpTransaction *tx, const SpId *id, GError **error)
{
  const SpSealSlot *listed = sp_vault_find_listed_slot (tx->seal, id);

  if (listed == NULL) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NOT_FOUND,
                         "There is no such key slot.");
    return FALSE;
  }
  if (!sp_slot_rows_delete (tx->vault->db, listed->position, error))
    return FALSE;
  g_array_remove_index (tx->seal->slots,
                        (guint) (listed - &g_array_index (tx->seal->slots, SpSealSlot, 0)));
  return TRUE;
}

static gboolean
remove_slot (SpVault *self, const SpId *id, GError **error)
{
  SpTransaction *tx = sp_transaction_begin (self, error);
  gboolean done;

  if (tx == NULL)
    return FALSE;
  /* That there is no such slot is told rather than that it is the last one. */
  done = (sp_vault_find_listed_slot (tx->seal, id) == NULL || check_others (tx, id, error)) &&
         sp_vault_unlist_slot (tx, id, error) &&
         sp_transaction_log (tx, SP_EVENT_SLOT_REMOVED, id, 0, error);
  return sp_transaction_leave (tx, done, error) || sp_vault_translate (error);
}

/**
 * sp_vault_remove_slot:
 * @self: a vault
 * @id: a slot's id
 * @error: return location for a [error@VaultError]
 *
 * Removes a slot. The vault key stays the same: copies of the file that were made earlier still open with
 * what the slot took.
 *
 * Returns: whether it is gone
 */
gboolean
sp_vault_remove_slot (SpVault *self, const SpId *id, GError **error)
{
  return sp_vault_check_slot_change (self, error) && remove_slot (self, id, error);
}

/* Changes a slot's changing part. */
static gboolean
change_slot (SpTransaction *tx, const SpFullSlot *full, GError **error)
{
  return sp_vault_write_slot (tx, full->position, &full->slot, &full->changing, error) &&
         sp_transaction_log (tx, SP_EVENT_SLOT_CHANGED, &full->slot.slot_id, 0, error);
}

/**
 * sp_vault_rename_slot:
 * @self: a vault
 * @id: a slot's id
 * @name: its new name
 * @error: return location for a [error@VaultError]
 *
 * Returns: whether that is its name now
 */
gboolean
sp_vault_rename_slot (SpVault *self, const SpId *id, const char *name, GError **error)
{
  SpTransaction *tx;
  SpFullSlot full;
  gboolean done;

  if (!sp_vault_check_slot_change (self, error) || !check_name (name, error))
    return FALSE;
  tx = sp_transaction_begin (self, error);
  if (tx == NULL)
    return FALSE;
  done = sp_vault_read_slot (self, tx->seal, id, &full, error);
  if (done) {
    g_free (full.changing.name);
    full.changing.name = g_strdup (name);
    done = change_slot (tx, &full, error);
  }
  sp_keyslot_changing_clear (&full.changing);
  return sp_transaction_leave (tx, done, error) || sp_vault_translate (error);
}

static gboolean
set_expiry (SpTransaction *tx, SpFullSlot *full, gint64 expires_ms, GError **error)
{
  if (full->slot.kind != SP_SLOT_RECOVERY) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID,
                         "Only a recovery key can expire.");
    return FALSE;
  }
  full->changing.expires_ms = expires_ms;
  return (expires_ms == 0 || check_others (tx, &full->slot.slot_id, error)) &&
         change_slot (tx, full, error);
}

/**
 * sp_vault_set_slot_expiry:
 * @self: a vault
 * @id: the id of a recovery key's slot
 * @expires_ms: when it expires, in milliseconds since 1970; 0 for never
 * @error: return location for a [error@VaultError]
 *
 * Returns: whether it expires then
 */
gboolean
sp_vault_set_slot_expiry (SpVault *self, const SpId *id, gint64 expires_ms, GError **error)
{
  SpTransaction *tx;
  SpFullSlot full;
  gboolean done;

  if (!sp_vault_check_slot_change (self, error) || !check_expiry (self, expires_ms, error))
    return FALSE;
  tx = sp_transaction_begin (self, error);
  if (tx == NULL)
    return FALSE;
  done = sp_vault_read_slot (self, tx->seal, id, &full, error) &&
         set_expiry (tx, &full, expires_ms, error);
  sp_keyslot_changing_clear (&full.changing);
  return sp_transaction_leave (tx, done, error) || sp_vault_translate (error);
}

static gboolean
change_password (SpVault *self, gboolean alone, const SpKeyslot *slot, GError **error)
{
  SpTransaction *tx = sp_transaction_begin (self, error);
  SpFullSlot full;
  gboolean done;

  if (tx == NULL)
    return FALSE;
  done = sp_vault_read_slot (self, tx->seal, &slot->slot_id, &full, error);
  if (done && (full.slot.kind != SP_SLOT_PASSWORD || (alone && full.slot.factors != 0))) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID,
                         alone ? "The key slot is not one of a password alone."
                               : "The key slot is not one of a password.");
    done = FALSE;
  }
  if (done) {
    full.changing.changed_ms = tx->now_ms;
    done = sp_vault_write_slot (tx, full.position, slot, &full.changing, error) &&
           sp_transaction_log (tx, SP_EVENT_PASSWORD_CHANGED, &slot->slot_id, 0, error) &&
           sp_transaction_drop_quick_slots (tx, G_MAXINT64, error);
  }
  sp_keyslot_changing_clear (&full.changing);
  return sp_transaction_leave (tx, done, error) || sp_vault_translate (error);
}

/* With `alone`, a slot that asks for more than a password stays as it is. */
static gboolean
make_and_change (SpVault *self,
                 const SpId *id,
                 const SpKeyslotFactors *factors,
                 const SpKdfCost *cost,
                 gboolean alone,
                 GError **error)
{
  SpVaultKey key = { self->vault_key, self->seal->key_epoch };
  SpKeyslot slot = { .slot_id = id != NULL ? *id : self->slot_id };

  return sp_vault_check_slot_change (self, error) &&
         sp_vault_make_slot (self, &key, SP_SLOT_PASSWORD, factors, cost, &slot, error) &&
         change_password (self, alone, &slot, error);
}

/**
 * sp_vault_change_password:
 * @self: a vault
 * @id: (nullable): a password slot, or `NULL` for the one that opened this session
 * @password: the new password
 * @cost: (nullable): cost of the KDF, or `NULL` to calibrate it
 * @error: return location for a [error@VaultError]
 *
 * Wraps the vault key anew in one slot.
 *
 * Returns: whether the slot opens with @password, and no longer with the old one
 */
gboolean
sp_vault_change_password (SpVault *self,
                          const SpId *id,
                          const SpSecret *password,
                          const SpKdfCost *cost,
                          GError **error)
{
  SpKeyslotFactors factors = { .secret = password };

  return make_and_change (self, id, &factors, cost, TRUE, error);
}

/**
 * sp_vault_change_password_with:
 * @self: a vault
 * @id: (nullable): a password slot, or `NULL` for the one that opened this session
 * @factors: the new password, and what the slot is to ask for besides from now on
 * @cost: (nullable): cost of the KDF, or `NULL` to calibrate it
 * @error: return location for a [error@VaultError]
 *
 * Wraps the vault key anew in one slot.
 *
 * Returns: whether the slot opens with @factors, and no longer with what opened it before
 */
gboolean
sp_vault_change_password_with (SpVault *self,
                               const SpId *id,
                               const SpKeyslotFactors *factors,
                               const SpKdfCost *cost,
                               GError **error)
{
  return make_and_change (self, id, factors, cost, FALSE, error);
}
