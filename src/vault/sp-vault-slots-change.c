/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Changing the key slots of an open vault. The KDF runs before the write lock is taken, so that nobody waits
 * for it. */

#define G_LOG_DOMAIN "sp-vault-slots"

#include "config.h"

#include <string.h>

#include "crypto/sp-random.h"
#include "vault/sp-vault-slots-private.h"

static gboolean
choose_cost (const SpKdfCost *wanted, SpKdfCost *out_cost, GError **error)
{
  if (wanted == NULL)
    return sp_vault_calibrate (700, out_cost, error);
  *out_cost = *wanted;
  return sp_vault_cost_is_allowed (wanted, error);
}

/* The fixed part of a password slot of this vault; runs the KDF. */
static gboolean
make_password_slot (SpVault *self,
                    const SpId *slot_id,
                    const SpSecret *password,
                    const SpKdfCost *cost,
                    SpKeyslot *out_slot,
                    GError **error)
{
  SpKeyslotFactors factors = { .secret = password };
  gint64 start = g_get_monotonic_time ();

  memset (out_slot, 0, sizeof *out_slot);
  out_slot->kind = SP_SLOT_PASSWORD;
  out_slot->uses_argon2 = TRUE;
  out_slot->vault_id = self->vault_id;
  out_slot->slot_id = *slot_id;
  out_slot->key_epoch = self->seal->key_epoch;
  if (!choose_cost (cost, &out_slot->cost, error) ||
      !sp_keyslot_seal (out_slot, self->vault_key, &factors, error))
    return sp_vault_translate (error);
  self->timings.kdf_us = g_get_monotonic_time () - start;
  return TRUE;
}

static gboolean
check_slot_change (SpVault *self, GError **error)
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

static guint64
free_position (const SpSeal *seal)
{
  return g_array_index (seal->slots, SpSealSlot, seal->slots->len - 1).position + 1;
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
  SpKeyslotChanging changing = { 0 };
  SpTransaction *tx;
  SpKeyslot slot;
  SpId id;
  gboolean done = FALSE;

  if (!check_slot_change (self, error))
    return FALSE;
  if (!g_utf8_validate (name, -1, NULL) || strlen (name) > 1024) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID,
                         "A key slot's name is at most 1,024 bytes of UTF-8.");
    return FALSE;
  }
  if (!sp_random_id (&id, error))
    return sp_vault_translate (error);
  if (!make_password_slot (self, &id, password, cost, &slot, error))
    return FALSE;

  tx = sp_transaction_begin (self, error);
  if (tx == NULL)
    return FALSE;
  if (tx->seal->slots->len >= SP_SEAL_MAX_SLOTS) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID,
                         "A vault has at most 64 key slots.");
  } else {
    changing.created_ms = tx->now_ms;
    changing.changed_ms = tx->now_ms;
    changing.name = g_strdup (name);
    done = sp_vault_write_slot (tx, free_position (tx->seal), &slot, &changing, error) &&
           sp_transaction_log (tx, SP_EVENT_SLOT_ADDED, &id, 0, error);
    sp_keyslot_changing_clear (&changing);
  }
  if (!sp_transaction_leave (tx, done, error))
    return sp_vault_translate (error);
  if (out_id != NULL)
    *out_id = id;
  return TRUE;
}

/* Slots that really open the vault, but for the one that goes: the seal's list alone does not tell. */
static gboolean
count_others (SpTransaction *tx, const SpId *id, guint *out_n, GError **error)
{
  SpSlotTable table;

  *out_n = 0;
  if (!sp_slot_table_read (tx->vault->db, &table, error))
    return FALSE;
  for (guint i = 0; i < tx->seal->slots->len; i++) {
    const SpSealSlot *listed = &g_array_index (tx->seal->slots, SpSealSlot, i);
    const SpSlotRow *row = sp_slot_table_find (&table, listed, TRUE);
    SpKeyslot slot;

    *out_n += !sp_id_equal (&listed->slot_id, id) && row != NULL &&
              sp_slot_row_parse (row, &slot, NULL);
  }
  sp_slot_table_clear (&table);
  return TRUE;
}

static gboolean
unlist (SpTransaction *tx, const SpId *id, GError **error)
{
  const SpSealSlot *listed = sp_vault_find_listed_slot (tx->seal, id);
  guint n_others;

  if (listed == NULL) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NOT_FOUND,
                         "There is no such key slot.");
    return FALSE;
  }
  if (!count_others (tx, id, &n_others, error))
    return FALSE;
  if (n_others == 0) {
    g_set_error_literal (
        error, SP_VAULT_ERROR, SP_VAULT_ERROR_LAST_SLOT,
        "This is the vault's last key slot: without it nothing would open the vault. Nothing was changed.");
    return FALSE;
  }
  if (!sp_slot_rows_delete (tx->vault->db, listed->position, error))
    return FALSE;
  g_array_remove_index (tx->seal->slots,
                        (guint) (listed - &g_array_index (tx->seal->slots, SpSealSlot, 0)));
  return TRUE;
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
  SpTransaction *tx;
  gboolean done;

  if (!check_slot_change (self, error))
    return FALSE;
  tx = sp_transaction_begin (self, error);
  if (tx == NULL)
    return FALSE;
  done = unlist (tx, id, error) && sp_transaction_log (tx, SP_EVENT_SLOT_REMOVED, id, 0, error);
  return sp_transaction_leave (tx, done, error) || sp_vault_translate (error);
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
  SpId slot_id = id != NULL ? *id : self->slot_id;
  SpTransaction *tx;
  SpKeyslot slot;
  SpFullSlot full;
  gboolean done;

  if (!check_slot_change (self, error) ||
      !make_password_slot (self, &slot_id, password, cost, &slot, error))
    return FALSE;
  tx = sp_transaction_begin (self, error);
  if (tx == NULL)
    return FALSE;

  done = sp_vault_read_slot (self, tx->seal, &slot_id, &full, error);
  if (done && (full.slot.kind != SP_SLOT_PASSWORD || full.slot.factors != 0)) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID,
                         "The key slot is not one of a password alone.");
    done = FALSE;
  }
  if (done) {
    full.changing.changed_ms = tx->now_ms;
    done = sp_vault_write_slot (tx, full.position, &slot, &full.changing, error) &&
           sp_transaction_log (tx, SP_EVENT_PASSWORD_CHANGED, &slot_id, 0, error);
  }
  sp_keyslot_changing_clear (&full.changing);
  return sp_transaction_leave (tx, done, error) || sp_vault_translate (error);
}
