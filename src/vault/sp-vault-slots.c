/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Key slots of an open vault: reading, listing and mending them. Changing them is in sp-vault-slots-change.c. */

#define G_LOG_DOMAIN "sp-vault-slots"

#include "config.h"

#include "vault/sp-vault-slots.h"

#include <string.h>

#include "crypto/sp-hash.h"
#include "vault/sp-vault-slots-private.h"

/**
 * sp_slot_info_free:
 * @self: (transfer full): what is known of a slot
 */
void
sp_slot_info_free (SpSlotInfo *self)
{
  g_free (self->name);
  g_free (self);
}

/**
 * sp_slot_info_is_expired:
 * @self: what is known of a slot
 * @now_ms: the time, in milliseconds since 1970
 *
 * Returns: whether its time is over
 */
gboolean
sp_slot_info_is_expired (const SpSlotInfo *self, gint64 now_ms)
{
  return self->expires_ms != 0 && self->expires_ms <= now_ms;
}

/**
 * sp_vault_find_listed_slot: (skip)
 * @seal: a seal
 * @id: a slot's id
 *
 * Returns: (nullable) (transfer none): how the seal lists it
 */
SpSealSlot *
sp_vault_find_listed_slot (const SpSeal *seal, const SpId *id)
{
  for (guint i = 0; i < seal->slots->len; i++) {
    SpSealSlot *slot = &g_array_index (seal->slots, SpSealSlot, i);

    if (sp_id_equal (&slot->slot_id, id))
      return slot;
  }
  return NULL;
}

/**
 * sp_vault_get_slot_hash: (skip)
 * @seal: a seal
 * @id: a slot's id
 * @out_fixed: (out): the SHA-256 of the slot's fixed part: it is another one after a change of the password
 *
 * Returns: whether the seal lists that slot
 */
gboolean
sp_vault_get_slot_hash (const SpSeal *seal, const SpId *id, guint8 out_fixed[static SP_HASH_LEN])
{
  const SpSealSlot *listed = sp_vault_find_listed_slot (seal, id);

  if (listed == NULL)
    return FALSE;
  memcpy (out_fixed, listed->fixed_hash, SP_HASH_LEN);
  return TRUE;
}

static void
list_in_seal (SpSeal *seal, const SpSealSlot *listed)
{
  for (guint i = 0; i < seal->slots->len; i++) {
    SpSealSlot *slot = &g_array_index (seal->slots, SpSealSlot, i);

    if (slot->position == listed->position) {
      *slot = *listed;
      return;
    }
    if (slot->position > listed->position) {
      g_array_insert_val (seal->slots, i, *listed);
      return;
    }
  }
  g_array_append_val (seal->slots, *listed);
}

/**
 * sp_vault_write_slot: (skip)
 * @tx: a transaction
 * @position: the slot's row
 * @slot: its fixed part
 * @changing: its changing part
 * @error: return location for an error
 *
 * Writes both copies of a slot, and lists it in the next seal.
 *
 * Returns: whether that was done
 */
gboolean
sp_vault_write_slot (SpTransaction *tx,
                     guint64 position,
                     const SpKeyslot *slot,
                     const SpKeyslotChanging *changing,
                     GError **error)
{
  SpVault *vault = tx->vault;
  SpRecordName name = { SP_TABLE_SLOT, position, tx->seal->sequence, &slot->slot_id };
  SpSealSlot listed = { .position = position, .slot_id = slot->slot_id };
  SpRecordBytes record;
  SpSlotRow row = { .position = position, .revision = tx->seal->sequence };
  gboolean done;

  sp_keyslot_changing_encode (changing, sp_record_begin (vault->cipher));
  if (!sp_record_seal (vault->cipher, &name, &record, error) ||
      !sp_sha256 (slot->bytes, SP_KEYSLOT_LEN, listed.fixed_hash, error) ||
      !sp_keyslot_changing_hash (row.revision, record.data, record.len, listed.changing_hash,
                                 error))
    return FALSE;

  row.fixed = g_bytes_new (slot->bytes, SP_KEYSLOT_LEN);
  row.changing = g_bytes_new (record.data, record.len);
  done = sp_slot_rows_put (vault->db, &row, error);
  g_bytes_unref (row.fixed);
  g_bytes_unref (row.changing);
  if (done)
    list_in_seal (tx->seal, &listed);
  return done;
}

/* What is to be taken for the expiry of a slot whose changing part cannot be read. It can be spoiled without a key, so
 * that must neither make a slot eternal nor lock the only one that is left. */
static gint64
get_unread_expiry (SpSlotKind kind)
{
  switch (kind) {
  case SP_SLOT_PASSWORD:
    return 0;
  case SP_SLOT_QUICK:
    return 1;
  case SP_SLOT_RECOVERY:
  default:
    return SP_SLOT_EXPIRY_UNKNOWN;
  }
}

/* What the changing part says. One that is not the one the seal lists may be an older one, so nothing of it is
 * believed. */
static void
read_changing (SpVault *self,
               const SpSlotRow *row,
               const SpKeyslot *slot,
               gboolean listed,
               SpKeyslotChanging *out)
{
  SpRecordName name = { SP_TABLE_SLOT, row->position, row->revision, &slot->slot_id };
  SpRecordBytes content;
  gsize len;
  const guint8 *data = g_bytes_get_data (row->changing, &len);

  memset (out, 0, sizeof *out);
  if (listed && sp_record_open (self->cipher, &name, data, len, &content, NULL) &&
      sp_keyslot_changing_decode (content.data, content.len, out, NULL))
    return;
  out->name = g_strdup ("");
  out->expires_ms = get_unread_expiry (slot->kind);
}

/**
 * sp_slot_row_parse: (skip)
 * @row: a row of the slot table
 * @out_slot: (out): its fixed part
 * @error: return location for a [error@VaultError]
 *
 * Returns: whether it is a slot that may be tried
 */
gboolean
sp_slot_row_parse (const SpSlotRow *row, SpKeyslot *out_slot, GError **error)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (row->fixed, &len);

  return sp_keyslot_parse (data, len, out_slot, error);
}

static gboolean
drop_unlisted (SpTransaction *tx, const SpSlotTable *table, GError **error)
{
  for (guint i = 0; i < 2; i++) {
    for (guint j = 0; j < table->copies[i]->len; j++) {
      const SpSlotRow *row = g_ptr_array_index (table->copies[i], j);
      gboolean listed = FALSE;

      for (guint k = 0; k < tx->seal->slots->len; k++)
        listed |= g_array_index (tx->seal->slots, SpSealSlot, k).position == row->position;
      if (!listed && !sp_slot_rows_delete (tx->vault->db, row->position, error))
        return FALSE;
    }
  }
  return TRUE;
}

/**
 * sp_vault_drop_unlisted_slots: (skip)
 * @tx: a transaction
 * @error: return location for a [error@VaultError]
 *
 * Returns: whether both copies of the slot table have no row that the seal does not list
 */
gboolean
sp_vault_drop_unlisted_slots (SpTransaction *tx, GError **error)
{
  SpSlotTable table;
  gboolean done;

  if (!sp_slot_table_read (tx->vault->db, &table, error))
    return FALSE;
  done = drop_unlisted (tx, &table, error);
  sp_slot_table_clear (&table);
  return done;
}

/**
 * sp_vault_repair_slots: (skip)
 * @tx: a transaction
 * @error: return location for a [error@VaultError]
 *
 * Makes both copies of the slot table what the seal lists, from whichever copy holds. A slot of which only
 * the fixed part holds gets a new changing part.
 *
 * Returns: whether that was done
 */
gboolean
sp_vault_repair_slots (SpTransaction *tx, GError **error)
{
  SpVault *vault = tx->vault;
  SpSlotTable table;
  gboolean done;

  if (!sp_slot_table_read (vault->db, &table, error))
    return FALSE;

  done = drop_unlisted (tx, &table, error);
  for (guint i = 0; done && i < tx->seal->slots->len; i++) {
    const SpSealSlot listed = g_array_index (tx->seal->slots, SpSealSlot, i);
    const SpSlotRow *row = sp_slot_table_find (&table, &listed, FALSE);
    SpKeyslotChanging changing;
    SpKeyslot slot;

    if (row != NULL) {
      done = sp_slot_rows_put (vault->db, row, error);
      continue;
    }
    row = sp_slot_table_find (&table, &listed, TRUE);
    if (row == NULL || !sp_slot_row_parse (row, &slot, NULL))
      continue;
    read_changing (vault, row, &slot, FALSE, &changing);
    done = sp_vault_write_slot (tx, listed.position, &slot, &changing, error);
    sp_keyslot_changing_clear (&changing);
  }
  sp_slot_table_clear (&table);
  return done;
}

/**
 * sp_vault_read_slot: (skip)
 * @self: a vault
 * @seal: its seal
 * @id: a slot's id
 * @out: (out caller-allocates): both parts of it; clear with sp_keyslot_changing_clear()
 * @error: return location for a [error@VaultError]
 *
 * Returns: whether the seal lists it, and it can be read
 */
gboolean
sp_vault_read_slot (SpVault *self,
                    const SpSeal *seal,
                    const SpId *id,
                    SpFullSlot *out,
                    GError **error)
{
  const SpSealSlot *listed = sp_vault_find_listed_slot (seal, id);
  const SpSlotRow *row = NULL;
  SpSlotTable table;
  gboolean done = FALSE;
  gboolean holds;

  memset (out, 0, sizeof *out);
  if (listed == NULL) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NOT_FOUND,
                         "There is no such key slot.");
    return FALSE;
  }
  if (!sp_slot_table_read (self->db, &table, error))
    return FALSE;
  row = sp_slot_table_find (&table, listed, FALSE);
  holds = row != NULL;
  if (row == NULL)
    row = sp_slot_table_find (&table, listed, TRUE);
  if (row == NULL)
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED, "The key slot is damaged.");
  else
    done = sp_slot_row_parse (row, &out->slot, error);
  if (done) {
    out->position = row->position;
    read_changing (self, row, &out->slot, holds, &out->changing);
  }
  sp_slot_table_clear (&table);
  return done;
}

/**
 * sp_vault_mark_slot_used: (skip)
 * @tx: a transaction
 * @error: return location for an error
 *
 * Notes that the slot of this session was used now.
 *
 * Returns: whether that was done
 */
gboolean
sp_vault_mark_slot_used (SpTransaction *tx, GError **error)
{
  SpFullSlot full;
  gboolean done;

  if (!sp_vault_read_slot (tx->vault, tx->seal, &tx->vault->slot_id, &full, error))
    return FALSE;
  full.changing.used_ms = tx->now_ms;
  done = sp_vault_write_slot (tx, full.position, &full.slot, &full.changing, error);
  sp_keyslot_changing_clear (&full.changing);
  return done;
}

/**
 * sp_slot_info_new: (skip)
 * @self: a vault
 * @full: a slot of it
 *
 * Returns: (transfer full): what is told of it
 */
SpSlotInfo *
sp_slot_info_new (const SpVault *self, const SpFullSlot *full)
{
  SpSlotInfo *info = g_new0 (SpSlotInfo, 1);

  info->id = full->slot.slot_id;
  info->kind = full->slot.kind;
  info->name = g_strdup (full->changing.name);
  info->created_ms = full->changing.created_ms;
  info->changed_ms = full->changing.changed_ms;
  info->used_ms = full->changing.used_ms;
  info->expires_ms = full->changing.expires_ms;
  info->cost = full->slot.cost;
  info->factors = full->slot.factors;
  info->is_current = sp_id_equal (&info->id, &self->slot_id);
  return info;
}

/**
 * sp_slot_error_is_of_slot: (skip)
 * @error: an error of sp_vault_read_slot()
 *
 * Returns: whether it speaks of that slot alone
 */
gboolean
sp_slot_error_is_of_slot (const GError *error)
{
  return g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED) ||
         g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_KDF_LIMITS) ||
         g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NEWER_FORMAT);
}

/**
 * sp_vault_list_slots:
 * @self: a vault
 * @error: return location for a [error@VaultError]
 *
 * Slots that are damaged, or made by a later version, are left out.
 *
 * Returns: (transfer full) (element-type SpSlotInfo): the key slots
 */
GPtrArray *
sp_vault_list_slots (SpVault *self, GError **error)
{
  g_autoptr (GPtrArray) infos = g_ptr_array_new_with_free_func ((GDestroyNotify) sp_slot_info_free);

  for (guint i = 0; i < self->seal->slots->len; i++) {
    const SpSealSlot *listed = &g_array_index (self->seal->slots, SpSealSlot, i);
    g_autoptr (GError) local_error = NULL;
    SpFullSlot full;

    if (sp_vault_read_slot (self, self->seal, &listed->slot_id, &full, &local_error)) {
      g_ptr_array_add (infos, sp_slot_info_new (self, &full));
      sp_keyslot_changing_clear (&full.changing);
    } else if (!sp_slot_error_is_of_slot (local_error)) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  }
  return g_steal_pointer (&infos);
}

/**
 * sp_slots_get_risk:
 * @slots: (element-type SpSlotInfo): all key slots of a vault
 *
 * Returns: on what single thing all of them depend that open the vault for good
 */
SpSlotsRisk
sp_slots_get_risk (const GPtrArray *slots)
{
  const SpSlotInfo *last = NULL;
  SpFactors common = (SpFactors) (SP_FACTOR_KEY_FILE | SP_FACTOR_DEVICE_KEY);
  guint n = 0;

  for (guint i = 0; i < slots->len; i++) {
    const SpSlotInfo *slot = g_ptr_array_index (slots, i);

    if (slot->kind == SP_SLOT_QUICK || slot->expires_ms != 0)
      continue;
    last = slot;
    common &= slot->factors;
    n++;
  }
  if (last == NULL)
    return SP_SLOTS_RISK_NONE;
  if ((common & SP_FACTOR_KEY_FILE) != 0)
    return SP_SLOTS_RISK_KEY_FILE;
  if ((common & SP_FACTOR_DEVICE_KEY) != 0)
    return SP_SLOTS_RISK_DEVICE_KEY;
  if (n > 1)
    return SP_SLOTS_RISK_NONE;
  return last->kind == SP_SLOT_RECOVERY ? SP_SLOTS_RISK_ONE_KEY : SP_SLOTS_RISK_ONE_PASSWORD;
}

/**
 * sp_vault_check_password:
 * @self: a vault
 * @password: what a person typed
 * @error: return location for a [error@VaultError]
 *
 * Runs the KDF of the vault's password slots until one opens.
 *
 * Returns: whether one does; else WRONG_KEY is set, and counted as a failed unlock
 */
gboolean
sp_vault_check_password (SpVault *self, const SpSecret *password, GError **error)
{
  SpKeyslotFactors factors = { .secret = password };

  return sp_vault_check_factors (self, &factors, error);
}

/* Whether that slot opens with it; if not, @inout_missing may become the reason. */
static gboolean
slot_opens (SpVault *self,
            const SpKeyslot *slot,
            const SpKeyslotFactors *factors,
            gboolean *out_tried,
            GError **inout_missing)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (SpSecret) key = sp_keyslot_open (slot, factors, &local_error);

  if (key != NULL)
    return sp_secret_equal (key, self->vault_key);
  if (!sp_vault_error_is_wrong_secret (local_error) ||
      g_error_matches (local_error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY))
    *out_tried = TRUE;
  else if (*inout_missing == NULL)
    *inout_missing = g_steal_pointer (&local_error);
  return FALSE;
}

/* A session that a quick unlock opened is the password's from the moment it was given: it is what is changed then, and it
 * stays when the quick unlock goes. */
static void
adopt_slot (SpVault *self, const SpKeyslot *slot)
{
  if (self->slot_kind != SP_SLOT_QUICK)
    return;
  self->slot_id = slot->slot_id;
  self->slot_kind = slot->kind;
}

/**
 * sp_vault_check_factors:
 * @self: a vault
 * @factors: a password that a person typed, and what is asked for besides
 * @error: return location for a [error@VaultError]
 *
 * Runs the KDF of the vault's password slots until one opens.
 *
 * Returns: whether one does; else WRONG_KEY is set, and counted as a failed unlock, or what is missing besides the
 *   password, if no slot could be tried without it
 */
gboolean
sp_vault_check_factors (SpVault *self, const SpKeyslotFactors *factors, GError **error)
{
  g_autoptr (GError) missing = NULL;
  gboolean tried = FALSE;

  if (!sp_lockout_check (self->db, sp_vault_now (self), error))
    return FALSE;
  for (guint i = 0; i < self->seal->slots->len; i++) {
    const SpSealSlot *listed = &g_array_index (self->seal->slots, SpSealSlot, i);
    SpFullSlot full;

    if (!sp_vault_read_slot (self, self->seal, &listed->slot_id, &full, NULL))
      continue;
    sp_keyslot_changing_clear (&full.changing);
    if (full.slot.kind == SP_SLOT_PASSWORD &&
        slot_opens (self, &full.slot, factors, &tried, &missing)) {
      adopt_slot (self, &full.slot);
      return TRUE;
    }
  }
  if (!tried && missing != NULL) {
    g_propagate_error (error, g_steal_pointer (&missing));
    return FALSE;
  }
  if (sp_vault_is_writable (self))
    sp_lockout_record_failure (self->db, sp_vault_now (self), self->device);
  g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY, "The password is wrong.");
  return FALSE;
}
