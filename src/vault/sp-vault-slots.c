/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Key slots of an open vault. The KDF runs before the write lock is taken, so that nobody waits for it. */

#define G_LOG_DOMAIN "sp-vault-slots"

#include "config.h"

#include "vault/sp-vault-slots.h"

#include <string.h>
#include <unistd.h>

#include "crypto/sp-hash.h"
#include "crypto/sp-random.h"
#include "vault/sp-kdf-limits.h"
#include "vault/sp-slot-table.h"
#include "vault/sp-transaction.h"

#define CALIBRATION_MEMORY_KIB (256 * 1024)
#define CALIBRATION_PASSES     3
#define CALIBRATION_LANES      4
#define LANE_MIN_KIB           8 /* of Argon2's own */
#define MEMORY_STEP_KIB        (64 * 1024)
#define MEMORY_CEILING_KIB     (1024 * 1024)

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

static SpSealSlot *
find_listed (const SpSeal *seal, const SpId *id)
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
  const SpSealSlot *listed = find_listed (seal, id);

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

/* What the changing part says. One that is not the one the seal lists may be an older one, so nothing of it is
 * believed; a slot that was meant to expire counts as expired then. */
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
  out->expires_ms = slot->kind == SP_SLOT_QUICK ? 1 : 0;
}

static gboolean
parse_row (const SpSlotRow *row, SpKeyslot *out_slot, GError **error)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (row->fixed, &len);

  return sp_keyslot_parse (data, len, out_slot, error);
}

/**
 * sp_vault_repair_slots: (skip)
 * @tx: a transaction
 * @error: return location for an error
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
  gboolean done = TRUE;

  if (!sp_slot_table_read (vault->db, &table, error))
    return FALSE;

  for (guint i = 0; i < 2; i++) {
    for (guint j = 0; done && j < table.copies[i]->len; j++) {
      const SpSlotRow *row = g_ptr_array_index (table.copies[i], j);
      gboolean listed = FALSE;

      for (guint k = 0; k < tx->seal->slots->len; k++)
        listed |= g_array_index (tx->seal->slots, SpSealSlot, k).position == row->position;
      if (!listed)
        done = sp_slot_rows_delete (vault->db, row->position, error);
    }
  }
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
    if (row == NULL || !parse_row (row, &slot, NULL))
      continue;
    read_changing (vault, row, &slot, FALSE, &changing);
    done = sp_vault_write_slot (tx, listed.position, &slot, &changing, error);
    sp_keyslot_changing_clear (&changing);
  }
  sp_slot_table_clear (&table);
  return done;
}

/* A slot that the seal lists, with both its parts. */
typedef struct {
  guint64 position;
  SpKeyslot slot;
  SpKeyslotChanging changing;
} FullSlot;

static gboolean
read_slot (SpVault *self, const SpSeal *seal, const SpId *id, FullSlot *out, GError **error)
{
  const SpSealSlot *listed = find_listed (seal, id);
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
    done = parse_row (row, &out->slot, error);
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
  FullSlot full;
  gboolean done;

  if (!read_slot (tx->vault, tx->seal, &tx->vault->slot_id, &full, error))
    return FALSE;
  full.changing.used_ms = tx->now_ms;
  done = sp_vault_write_slot (tx, full.position, &full.slot, &full.changing, error);
  sp_keyslot_changing_clear (&full.changing);
  return done;
}

static SpSlotInfo *
make_info (const SpVault *self, const FullSlot *full)
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
  info->is_current = sp_id_equal (&info->id, &self->slot_id);
  return info;
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
    FullSlot full;

    if (read_slot (self, self->seal, &listed->slot_id, &full, &local_error)) {
      g_ptr_array_add (infos, make_info (self, &full));
      sp_keyslot_changing_clear (&full.changing);
    } else if (!g_error_matches (local_error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED) &&
               !g_error_matches (local_error, SP_VAULT_ERROR, SP_VAULT_ERROR_KDF_LIMITS) &&
               !g_error_matches (local_error, SP_VAULT_ERROR, SP_VAULT_ERROR_NEWER_FORMAT)) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  }
  return g_steal_pointer (&infos);
}

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

    *out_n += !sp_id_equal (&listed->slot_id, id) && row != NULL && parse_row (row, &slot, NULL);
  }
  sp_slot_table_clear (&table);
  return TRUE;
}

static gboolean
unlist (SpTransaction *tx, const SpId *id, GError **error)
{
  const SpSealSlot *listed = find_listed (tx->seal, id);
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
  FullSlot full;
  gboolean done;

  if (!check_slot_change (self, error) ||
      !make_password_slot (self, &slot_id, password, cost, &slot, error))
    return FALSE;
  tx = sp_transaction_begin (self, error);
  if (tx == NULL)
    return FALSE;

  done = read_slot (self, tx->seal, &slot_id, &full, error);
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

  if (!sp_lockout_check (self->db, sp_vault_now (self), error))
    return FALSE;
  for (guint i = 0; i < self->seal->slots->len; i++) {
    const SpSealSlot *listed = &g_array_index (self->seal->slots, SpSealSlot, i);
    g_autoptr (SpSecret) key = NULL;
    FullSlot full;

    if (!read_slot (self, self->seal, &listed->slot_id, &full, NULL))
      continue;
    sp_keyslot_changing_clear (&full.changing);
    if (full.slot.kind == SP_SLOT_PASSWORD)
      key = sp_keyslot_open (&full.slot, &factors, NULL);
    if (key != NULL && sp_secret_equal (key, self->vault_key))
      return TRUE;
  }
  if (sp_vault_is_writable (self))
    sp_lockout_record_failure (self->db, sp_vault_now (self), self->device);
  g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY, "The password is wrong.");
  return FALSE;
}

/**
 * sp_vault_cost_is_allowed:
 * @cost: a cost
 * @error: return location for a [error@VaultError]
 *
 * Returns: whether a slot may have it; else KDF_LIMITS is set
 */
gboolean
sp_vault_cost_is_allowed (const SpKdfCost *cost, GError **error)
{
  return sp_keyslot_check_cost (cost, error);
}

static guint32
quarter_of_memory_kib (void)
{
  long n_pages = sysconf (_SC_PHYS_PAGES);
  long page_size = sysconf (_SC_PAGESIZE);
  guint64 quarter = (guint64) MAX (n_pages, 0) * (guint64) (MAX (page_size, 0) / 1024) / 4;

  return (guint32) CLAMP (quarter, sp_kdf_limits.min_memory_kib, MEMORY_CEILING_KIB);
}

/**
 * sp_vault_calibrate:
 * @target_ms: how long an unlock may take
 * @out_cost: (out): a cost that takes about that long here
 * @error: return location for a [error@VaultError]
 *
 * Measures one run and scales its memory, which is what makes guessing dear; passes and lanes stay.
 *
 * Returns: whether it could be measured
 */
gboolean
sp_vault_calibrate (guint target_ms, SpKdfCost *out_cost, GError **error)
{
  static const guint8 salt[16] = { 0 };
  guint32 ceiling = quarter_of_memory_kib ();
  SpKdfCost cost = { MIN (CALIBRATION_MEMORY_KIB, ceiling), CALIBRATION_PASSES, CALIBRATION_LANES };
  g_autoptr (SpSecret) password = sp_secret_new_text ("calibration");
  g_autoptr (SpSecret) key = NULL;
  gint64 start = g_get_monotonic_time ();
  guint64 scaled;
  gint64 elapsed;

  key = sp_kdf_argon2 (SP_KDF_ARGON2ID, &cost, password, salt, sizeof salt, 32, error);
  if (key == NULL)
    return sp_vault_translate (error);
  elapsed = MAX (g_get_monotonic_time () - start, 1);

  scaled = (guint64) cost.memory_kib * target_ms * 1000 / (guint64) elapsed;
  scaled = scaled / MEMORY_STEP_KIB * MEMORY_STEP_KIB;
  cost.memory_kib = (guint32) CLAMP (
      scaled, MAX (sp_kdf_limits.min_memory_kib, cost.lanes * LANE_MIN_KIB), ceiling);
  *out_cost = cost;
  return TRUE;
}
