/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Opening: slots, key, seal, index, pin, and the first log entry, in this order.
 *
 * The KDF runs without any lock held. Then one read transaction shows one state of the file: the slot that
 * opened must be one that this state's seal lists. Recording the unlock is a change like any other, but
 * one that must not stand in the way: when it fails, the vault is open all the same. */

#define G_LOG_DOMAIN "sp-vault-open"

#include "config.h"

#include <string.h>

#include "base/sp-wipe.h"
#include "crypto/sp-crypto.h"
#include "crypto/sp-hash.h"
#include "vault/sp-slot-table.h"
#include "vault/sp-transaction.h"

#define OPEN_BUSY_MS   250
#define NORMAL_BUSY_MS 10000

typedef struct {
  SpVault *vault;
  const SpSecret *password;
  SpSlotCandidates slots;
  SpPin pin;
  gboolean removed; /* a slot opened that the seal does not list */
} Opener;

/* The slot last used here is tried first, since each try costs a KDF. */
static void
sort_candidates (Opener *self)
{
  GArray *candidates = self->slots.candidates;

  for (guint i = 1; i < candidates->len; i++) {
    SpSlotCandidate candidate = g_array_index (candidates, SpSlotCandidate, i);

    if (sp_id_equal (&candidate.slot.slot_id, &self->pin.slot)) {
      g_array_remove_index (candidates, i);
      g_array_prepend_val (candidates, candidate);
      return;
    }
  }
}

static gboolean
slot_is_listed (const SpSeal *seal, const SpSlotCandidate *candidate, GError **error)
{
  guint8 hash[SP_HASH_LEN];

  if (!sp_sha256 (candidate->slot.bytes, SP_KEYSLOT_LEN, hash, error))
    return FALSE;
  for (guint i = 0; i < seal->slots->len; i++) {
    const SpSealSlot *listed = &g_array_index (seal->slots, SpSealSlot, i);

    if (listed->position == candidate->position &&
        sp_bytes_equal (hash, listed->fixed_hash, sizeof hash))
      return TRUE;
  }
  g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY,
                       "The key slot that this password opens was removed from the vault.");
  return FALSE;
}

static void
forget_keys (SpVault *self)
{
  g_clear_pointer (&self->snapshot, sp_snapshot_unref);
  g_clear_pointer (&self->arena, sp_arena_unref);
  g_clear_pointer (&self->cipher, sp_record_cipher_free);
  g_clear_pointer (&self->vault_key, sp_secret_unref);
  g_clear_pointer (&self->audit_key, sp_secret_unref);
  g_clear_pointer (&self->event_seed, sp_secret_unref);
}

/* Says what to do with a state that was read: which state the vault is in. */
static gboolean
judge_state (Opener *self, SpLoadedState *state, GError **error)
{
  SpVault *vault = self->vault;

  g_ptr_array_unref (vault->problems);
  vault->problems = g_steal_pointer (&state->problems);
  sp_vault_take_state (vault, g_steal_pointer (&state->seal), g_steal_pointer (&state->seal_record),
                       g_steal_pointer (&state->snapshot));

  if (!sp_vault_check_slots (vault, vault->seal, vault->problems, error))
    return FALSE;
  if (!state->sound) {
    vault->state = SP_VAULT_STATE_DAMAGED;
    return TRUE;
  }
  return sp_vault_check_pin (vault, &self->pin, &vault->state, error);
}

static gboolean
load (Opener *self, const SpSlotCandidate *candidate, GError **error)
{
  SpVault *vault = self->vault;
  SpLoadedState state;
  gboolean done;

  vault->arena = sp_arena_new (0);
  if (!sp_vault_derive_keys (vault, error) || !sp_vault_load_state (vault, &state, error))
    return FALSE;
  done = slot_is_listed (state.seal, candidate, error);
  self->removed = !done;
  done = done && judge_state (self, &state, error);
  sp_loaded_state_clear (&state);
  return done;
}

static gboolean
load_in_transaction (Opener *self, const SpSlotCandidate *candidate, GError **error)
{
  gint64 start = g_get_monotonic_time ();
  gboolean done;

  if (!sp_db_begin_read (self->vault->db, error))
    return sp_vault_translate (error);
  done = load (self, candidate, error);
  sp_db_end_read (self->vault->db);
  self->vault->timings.open_us = g_get_monotonic_time () - start;
  return done || sp_vault_translate (error);
}

/* WRONG_KEY: the next candidate may do. */
static gboolean
try_candidate (Opener *self, const SpSlotCandidate *candidate, GError **error)
{
  SpKeyslotFactors factors = { .secret = self->password };
  g_autoptr (SpSecret) vault_key = NULL;
  gint64 start = g_get_monotonic_time ();

  vault_key = sp_keyslot_open (&candidate->slot, &factors, error);
  self->vault->timings.kdf_us += g_get_monotonic_time () - start;
  if (vault_key == NULL)
    return sp_vault_translate (error);

  sp_vault_set_keys (self->vault, vault_key, &candidate->slot, candidate->position);
  if (load_in_transaction (self, candidate, error))
    return TRUE;
  forget_keys (self->vault);
  return FALSE;
}

static gboolean
pinned_slot_is_gone (const Opener *self)
{
  static const SpId none = { { 0 } };

  if (!self->pin.present || sp_id_equal (&self->pin.slot, &none))
    return FALSE;
  for (guint i = 0; i < self->slots.candidates->len; i++) {
    const SpSlotCandidate *candidate = &g_array_index (self->slots.candidates, SpSlotCandidate, i);
    guint8 hash[SP_HASH_LEN];

    if (sp_sha256 (candidate->slot.bytes, SP_KEYSLOT_LEN, hash, NULL) &&
        sp_bytes_equal (hash, self->pin.fixed, sizeof hash))
      return FALSE;
  }
  return TRUE;
}

static gboolean
fail_without_key (Opener *self, GError **error)
{
  if (self->slots.candidates->len == 0 && self->slots.refused != NULL) {
    g_propagate_error (error, g_steal_pointer (&self->slots.refused));
    return FALSE;
  }
  if (self->slots.candidates->len == 0) {
    if (self->slots.n_newer > 0)
      g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NEWER_FORMAT,
                           "The vault's key slots were made by a newer version of SecurePass.");
    else
      g_set_error_literal (
          error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED,
          "All key slots of the vault are damaged in both copies: nothing can open it.");
    return FALSE;
  }

  if (!sp_db_is_read_only (self->vault->db))
    sp_lockout_record_failure (self->vault->db, sp_vault_now (self->vault), self->vault->device);
  if (self->slots.n_damaged > 0)
    g_set_error_literal (
        error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY,
        "The password opens none of the key slots that can be read; others are damaged.");
  else if (pinned_slot_is_gone (self))
    g_set_error_literal (
        error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY,
        "The password opens no key slot, and the key slot last used on this machine has been changed.");
  else
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY, "The password is wrong.");
  return FALSE;
}

static gboolean
try_all (Opener *self, GError **error)
{
  g_autoptr (GError) kept = NULL;

  for (guint i = 0; i < self->slots.candidates->len; i++) {
    const SpSlotCandidate *candidate = &g_array_index (self->slots.candidates, SpSlotCandidate, i);
    g_autoptr (GError) local_error = NULL;
    gboolean removed;

    self->removed = FALSE;
    if (try_candidate (self, candidate, &local_error))
      return TRUE;
    removed = self->removed;
    if (!g_error_matches (local_error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY)) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
    if (removed && kept == NULL)
      kept = g_steal_pointer (&local_error);
  }
  if (kept != NULL) {
    g_propagate_error (error, g_steal_pointer (&kept));
    return FALSE;
  }
  return fail_without_key (self, error);
}

static gboolean
unlock (SpVault *vault, const SpSecret *password, GError **error)
{
  Opener self = { .vault = vault, .password = password };
  SpSlotTable table;
  gboolean done;

  if (!sp_slot_table_read (vault->db, &table, error))
    return FALSE;
  sp_slot_table_get_candidates (&table, &self.slots);
  sp_slot_table_clear (&table);

  if (self.slots.candidates->len > 0)
    sp_pin_read (vault->state_dir,
                 &g_array_index (self.slots.candidates, SpSlotCandidate, 0).slot.vault_id,
                 &self.pin);
  sort_candidates (&self);
  done = try_all (&self, error);
  sp_slot_candidates_clear (&self.slots);
  return done;
}

/* What the first transaction of a session writes. */
static gboolean
write_opened (SpTransaction *tx, GError **error)
{
  SpVault *vault = tx->vault;
  gboolean repair = vault->problems->len > 0;

  return sp_vault_absorb_locked_events (tx, error) &&
         (!repair ||
          (sp_vault_repair_slots (tx, error) &&
           sp_transaction_log (tx, SP_EVENT_REPAIRED, NULL, vault->problems->len, error))) &&
         sp_transaction_log (tx, SP_EVENT_OPENED, &vault->slot_id, 0, error) &&
         sp_vault_mark_slot_used (tx, error) &&
         sp_lockout_write (vault->db, 0, 0, tx->seal->event_key, error);
}

/* A failure here is no reason to keep the vault shut; the next change will tell its user. */
static void
record_unlock (SpVault *self)
{
  gint64 save_us = self->timings.save_us;
  g_autoptr (GError) error = NULL;
  SpTransaction *tx;

  sp_db_set_busy_timeout (self->db, OPEN_BUSY_MS);
  tx = sp_transaction_begin (self, &error);
  if (tx != NULL && !sp_transaction_leave (tx, write_opened (tx, &error), &error))
    g_debug ("The unlock could not be recorded: %s", error->message);
  sp_db_set_busy_timeout (self->db, NORMAL_BUSY_MS);
  self->timings.save_us = save_us;
}

/**
 * sp_vault_open:
 * @path: (type filename): the vault's file
 * @password: a master password
 * @flags: how to open it
 * @environment: (nullable): what it needs to know of the world
 * @error: return location for a [error@VaultError]
 *
 * Opens a vault with the first password slot that fits, the one last used here first. A wrong password is
 * counted in the file and logged at the next unlock.
 *
 * Returns: (transfer full): the vault, writable or not, or `NULL` with @error set
 */
SpVault *
sp_vault_open (const char *path,
               const SpSecret *password,
               SpVaultOpenFlags flags,
               const SpVaultEnvironment *environment,
               GError **error)
{
  g_autoptr (SpVault) self = sp_vault_new_empty (path, environment);
  gboolean read_only = (flags & SP_VAULT_OPEN_READ_ONLY) != 0;

  if (!sp_location_check (path, &self->location_warning, error) || !sp_crypto_init (error)) {
    sp_vault_translate (error);
    return NULL;
  }
  self->db = sp_db_open (path, read_only ? SP_DB_READ_ONLY : SP_DB_READ_WRITE, error);
  if (self->db == NULL || !sp_lockout_check (self->db, sp_vault_now (self), error) ||
      !unlock (self, password, error)) {
    sp_vault_translate (error);
    return NULL;
  }
  if (self->state == SP_VAULT_STATE_SOUND && (read_only || sp_db_is_read_only (self->db)))
    self->state = SP_VAULT_STATE_READ_ONLY;
  if (self->state == SP_VAULT_STATE_SOUND)
    record_unlock (self);
  return g_steal_pointer (&self);
}
