/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-vault-quick"

#include "config.h"

#include "vault/sp-vault-quick.h"

#include "crypto/sp-random.h"
#include "vault/sp-vault-slots-private.h"

typedef struct {
  SpId id;
  SpSlotKind kind; /* 0: it cannot be read at all, and opens nothing */
  gint64 expires_ms;
} Slot;

/* What is known of the slot at `index` of the seal's list. */
static gboolean
look_at_slot (SpVault *self, const SpSeal *seal, guint index, Slot *out, GError **error)
{
  const SpSealSlot *listed = &g_array_index (seal->slots, SpSealSlot, index);
  g_autoptr (GError) local_error = NULL;
  SpFullSlot full;

  *out = (Slot){ .id = listed->slot_id };
  if (sp_vault_read_slot (self, seal, &listed->slot_id, &full, &local_error)) {
    out->kind = full.slot.kind;
    out->expires_ms = full.changing.expires_ms;
    sp_keyslot_changing_clear (&full.changing);
    return TRUE;
  }
  if (sp_slot_error_is_of_slot (local_error))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* The session goes on as one of a password's, which may be that of any slot. */
static gboolean
leave_slot (SpTransaction *tx, GError **error)
{
  for (guint i = 0; i < tx->seal->slots->len; i++) {
    Slot slot;

    if (!look_at_slot (tx->vault, tx->seal, i, &slot, error))
      return FALSE;
    if (slot.kind == SP_SLOT_PASSWORD) {
      tx->vault->slot_id = slot.id;
      tx->vault->slot_kind = slot.kind;
      return TRUE;
    }
  }
  return TRUE;
}

static gboolean
drop_slot (SpTransaction *tx, const SpId *id, SpEventKind kind, GError **error)
{
  return (!sp_id_equal (id, &tx->vault->slot_id) || leave_slot (tx, error)) &&
         sp_vault_unlist_slot (tx, id, error) && sp_transaction_log (tx, kind, id, 0, error);
}

/**
 * sp_transaction_drop_quick_slots: (skip)
 * @tx: a transaction
 * @expired_ms: those that expire by then; %G_MAXINT64 for all
 * @error: return location for an error
 *
 * Returns: whether none is left of them
 */
gboolean
sp_transaction_drop_quick_slots (SpTransaction *tx, gint64 expired_ms, GError **error)
{
  SpEventKind kind = expired_ms == G_MAXINT64 ? SP_EVENT_SLOT_REMOVED : SP_EVENT_SLOT_EXPIRED;

  for (guint i = tx->seal->slots->len; i > 0; i--) {
    Slot slot;

    if (!look_at_slot (tx->vault, tx->seal, i - 1, &slot, error))
      return FALSE;
    if (slot.kind == SP_SLOT_QUICK && slot.expires_ms <= expired_ms &&
        !drop_slot (tx, &slot.id, kind, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
replace (SpVault *self, const SpKeyslot *slot, gint64 expires_ms, GError **error)
{
  SpTransaction *tx = sp_transaction_begin (self, error);
  gboolean done;

  if (tx == NULL)
    return FALSE;
  done = sp_transaction_drop_quick_slots (tx, G_MAXINT64, error) &&
         sp_vault_put_new_slot (tx, slot, "", expires_ms, error);
  return sp_transaction_leave (tx, done, error) || sp_vault_translate (error);
}

/**
 * sp_vault_set_quick_unlock:
 * @self: a vault
 * @key: %SP_QUICK_KEY_LEN random bytes: the keyring's half, then the file's
 * @expires_ms: when it expires, in milliseconds since 1970
 * @error: return location for a [error@VaultError]
 *
 * Returns: whether the vault opens with @key until then, and with no other quick unlock
 */
gboolean
sp_vault_set_quick_unlock (SpVault *self, const SpSecret *key, gint64 expires_ms, GError **error)
{
  const SpKeyslotFactors factors = { .secret = key };
  SpVaultKey vault_key = { self->vault_key, self->seal->key_epoch };
  SpKeyslot slot = { 0 };

  g_return_val_if_fail (sp_secret_get_length (key) == SP_QUICK_KEY_LEN, FALSE);

  if (expires_ms <= sp_vault_now (self)) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID,
                         "A quick unlock expires in the future.");
    return FALSE;
  }
  if (!sp_vault_check_slot_change (self, error))
    return FALSE;
  if (!sp_random_id (&slot.slot_id, error))
    return sp_vault_translate (error);
  return sp_vault_make_slot (self, &vault_key, SP_SLOT_QUICK, &factors, NULL, &slot, error) &&
         replace (self, &slot, expires_ms, error);
}

/**
 * sp_vault_remove_quick_unlock:
 * @self: a vault
 * @error: return location for a [error@VaultError]
 *
 * Returns: whether there is none any more
 */
gboolean
sp_vault_remove_quick_unlock (SpVault *self, GError **error)
{
  SpTransaction *tx;
  gint64 expires_ms;

  if (!sp_vault_get_quick_unlock (self, &expires_ms, error))
    return FALSE;
  if (expires_ms == 0)
    return TRUE;
  if (!sp_vault_check_slot_change (self, error))
    return FALSE;
  tx = sp_transaction_begin (self, error);
  if (tx == NULL)
    return FALSE;
  return sp_transaction_leave (tx, sp_transaction_drop_quick_slots (tx, G_MAXINT64, error),
                               error) ||
         sp_vault_translate (error);
}

/**
 * sp_vault_get_quick_unlock:
 * @self: a vault
 * @out_expires_ms: (out): when it expires; 0 when there is none
 * @error: return location for a [error@VaultError]
 *
 * Returns: whether that could be read
 */
gboolean
sp_vault_get_quick_unlock (SpVault *self, gint64 *out_expires_ms, GError **error)
{
  *out_expires_ms = 0;
  for (guint i = 0; i < self->seal->slots->len; i++) {
    Slot slot;

    if (!look_at_slot (self, self->seal, i, &slot, error))
      return sp_vault_translate (error);
    if (slot.kind == SP_SLOT_QUICK)
      *out_expires_ms = MAX (*out_expires_ms, slot.expires_ms);
  }
  return TRUE;
}
