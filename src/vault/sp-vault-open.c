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
#include "vault/sp-vault-slots-private.h"

#define OPEN_BUSY_MS   250
#define NORMAL_BUSY_MS 10000
#define MAX_LOOKS      3

typedef struct {
  SpVault *vault;
  SpSlotKind kind;
  const SpKeyslotFactors *factors;
  SpSlotCandidates slots;
  gboolean next;     /* a slot opened, but not this vault: another candidate may do */
  gboolean astray;   /* so it was with one of them */
  gboolean tried;    /* the secret was held against a slot */
  gint64 expires_ms; /* of the slot that opened, in the state that was read */
  GError *missing;   /* (nullable) a slot that asks for something else besides */
} Opener;

static gboolean
has_fixed_hash (const SpSlotCandidate *candidate, const guint8 *fixed)
{
  guint8 hash[SP_HASH_LEN];

  return sp_sha256 (candidate->slot.bytes, SP_KEYSLOT_LEN, hash, NULL) &&
         sp_bytes_equal (hash, fixed, sizeof hash);
}

/* Nobody vouches for the vault id in a slot that was not opened, so a pin found by it is a hint only. */
static void
read_hint (const Opener *self, const SpSlotCandidate *candidate, SpPin *out_pin)
{
  sp_pin_read (self->vault->state_dir, &candidate->slot.vault_id, out_pin);
}

/* The slot last used here is tried first, since each try costs a KDF. */
static void
sort_candidates (Opener *self)
{
  GArray *candidates = self->slots.candidates;

  for (guint i = 1; i < candidates->len; i++) {
    SpSlotCandidate candidate = g_array_index (candidates, SpSlotCandidate, i);
    SpPin pin;

    read_hint (self, &candidate, &pin);
    if (pin.present && has_fixed_hash (&candidate, pin.fixed)) {
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

    if (sp_bytes_equal (hash, listed->fixed_hash, sizeof hash))
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

/* The pin speaks of the vault that was opened, whatever else is wrong with it: damage must not hide that
 * the file is an older one. */
static gboolean
judge_pin (SpVault *vault, GError **error)
{
  SpPin pin;

  sp_pin_read (vault->state_dir, &vault->vault_id, &pin);
  if (!sp_vault_check_pin (vault, &pin, &vault->pin_state, error))
    return FALSE;
  if (vault->pin_state == SP_VAULT_STATE_OLDER)
    g_ptr_array_add (vault->problems,
                     sp_problem_new (SP_PROBLEM_OTHER, "seal", 1,
                                     "This is an older copy of the vault: a newer one was seen on "
                                     "this machine."));
  else if (vault->pin_state == SP_VAULT_STATE_FORKED)
    g_ptr_array_add (
        vault->problems,
        sp_problem_new (SP_PROBLEM_OTHER, "seal", 1,
                        "This copy of the vault took another way than the one that was "
                        "seen on this machine."));
  return TRUE;
}

static gboolean
has_lost_slot (const GPtrArray *problems)
{
  for (guint i = 0; i < problems->len; i++) {
    const SpProblem *problem = g_ptr_array_index (problems, i);

    if (problem->kind == SP_PROBLEM_MISSING && g_str_has_prefix (problem->table, "slot_"))
      return TRUE;
  }
  return FALSE;
}

/* Says what to do with a state that was read: which state the vault is in. */
static gboolean
judge_state (SpVault *vault, SpLoadedState *state, GError **error)
{
  g_ptr_array_unref (vault->problems);
  vault->problems = g_steal_pointer (&state->problems);
  sp_vault_take_state (vault, g_steal_pointer (&state->seal), g_steal_pointer (&state->seal_record),
                       g_steal_pointer (&state->snapshot));

  if (!sp_vault_check_slots (vault, vault->seal, vault->problems, error) ||
      !judge_pin (vault, error))
    return FALSE;
  vault->state = state->sound && !has_lost_slot (vault->problems) ? vault->pin_state
                                                                  : SP_VAULT_STATE_DAMAGED;
  return TRUE;
}

/* A slot of which another row has what the candidate had is one whose expiry nobody knows; the damage is told. */
static gboolean
read_expiry (Opener *self, const SpSeal *seal, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  SpFullSlot full;

  self->expires_ms = self->kind == SP_SLOT_PASSWORD ? 0 : SP_SLOT_EXPIRY_UNKNOWN;
  if (self->kind == SP_SLOT_PASSWORD)
    return TRUE;
  if (sp_vault_read_slot (self->vault, seal, &self->vault->slot_id, &full, &local_error)) {
    self->expires_ms = full.changing.expires_ms;
    sp_keyslot_changing_clear (&full.changing);
  } else if (!sp_slot_error_is_of_slot (local_error)) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  return TRUE;
}

static gboolean
load (Opener *self, const SpSlotCandidate *candidate, GError **error)
{
  SpVault *vault = self->vault;
  SpLoadedState state;
  gboolean done;

  vault->arena = sp_arena_new (0);
  if (!sp_vault_derive_keys (vault, error))
    return FALSE;
  if (!sp_vault_load_state (vault, &state, error)) {
    /* Maybe this key is not of this vault at all: a slot brought from elsewhere. */
    self->next = error != NULL && g_error_matches (*error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED);
    return FALSE;
  }
  done = slot_is_listed (state.seal, candidate, error);
  self->next = !done;
  done = done && read_expiry (self, state.seal, error) && judge_state (vault, &state, error);
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
  g_autoptr (SpSecret) vault_key = NULL;
  gint64 start = g_get_monotonic_time ();

  vault_key = sp_keyslot_open (&candidate->slot, self->factors, error);
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
  const GArray *candidates = self->slots.candidates;

  for (guint i = 0; i < candidates->len; i++) {
    gboolean there = FALSE;
    SpPin pin;

    read_hint (self, &g_array_index (candidates, SpSlotCandidate, i), &pin);
    if (!pin.present || sp_id_is_null (&pin.slot))
      continue;
    for (guint j = 0; j < candidates->len && !there; j++)
      there = has_fixed_hash (&g_array_index (candidates, SpSlotCandidate, j), pin.fixed);
    if (!there)
      return TRUE;
  }
  return FALSE;
}

/* Of what is missing besides the secret, it is told first that a slot asks for another file than was given. */
static void
keep_missing (Opener *self, const SpSlotCandidate *candidate, GError *missing)
{
  gboolean other = candidate->slot.factors != 0 &&
                   (missing->code == SP_VAULT_ERROR_KEY_FILE_OTHER ||
                    missing->code == SP_VAULT_ERROR_DEVICE_KEY_OTHER);

  if (self->missing != NULL && other)
    g_clear_error (&self->missing);
  if (self->missing == NULL)
    self->missing = missing;
  else
    g_error_free (missing);
}

static void
record_failure (Opener *self)
{
  SpVault *vault = self->vault;

  if (sp_db_is_read_only (vault->db))
    return;
  if (self->kind == SP_SLOT_PASSWORD)
    sp_lockout_record_failure (vault->db, sp_vault_now (vault), vault->device);
  else
    sp_lockout_record_event (vault->db, sp_vault_now (vault), vault->device);
}

static gboolean
fail_with_recovery_key (Opener *self, GError **error)
{
  g_set_error_literal (
      error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY,
      self->slots.n_damaged > 0
          ? "The recovery key opens none of the key slots that can be read; others are damaged."
      : !self->tried ? "The vault has no recovery key."
                     : "The recovery key is not, or no longer, one of this vault.");
  return FALSE;
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

  if (!self->tried && self->missing != NULL) {
    g_propagate_error (error, g_steal_pointer (&self->missing));
    return FALSE;
  }
  record_failure (self);
  if (self->kind != SP_SLOT_PASSWORD)
    return fail_with_recovery_key (self, error);
  if (self->slots.n_damaged > 0)
    g_set_error_literal (
        error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY,
        "The password opens none of the key slots that can be read; others are damaged.");
  else if (pinned_slot_is_gone (self))
    g_set_error_literal (
        error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY,
        "The password opens no key slot, and the key slot last used on this machine has been changed.");
  else if (self->missing != NULL && self->missing->code == SP_VAULT_ERROR_KEY_FILE_NEEDED)
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY,
                         "The password is wrong, or is one that a key file belongs to.");
  else
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY, "The password is wrong.");
  return FALSE;
}

/* Why a slot that opened was not taken: a broken seal is told rather than a removed slot. */
static void
keep_reason (GError **kept, GError *reason)
{
  if (*kept != NULL && g_error_matches (reason, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED))
    g_clear_error (kept);
  if (*kept == NULL)
    *kept = reason;
  else
    g_error_free (reason);
}

static gboolean
try_all (Opener *self, GError **error)
{
  GError *kept = NULL;

  for (guint i = 0; i < self->slots.candidates->len; i++) {
    const SpSlotCandidate *candidate = &g_array_index (self->slots.candidates, SpSlotCandidate, i);
    GError *local_error = NULL;

    if (candidate->slot.kind != self->kind)
      continue;
    self->next = FALSE;
    if (try_candidate (self, candidate, &local_error)) {
      g_clear_error (&kept);
      return TRUE;
    }
    if (self->next) {
      self->astray = TRUE;
      keep_reason (&kept, local_error);
    } else if (g_error_matches (local_error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY)) {
      self->tried = TRUE;
      g_error_free (local_error);
    } else if (sp_vault_error_is_wrong_secret (local_error)) {
      keep_missing (self, candidate, local_error);
    } else {
      g_clear_error (&kept);
      g_propagate_error (error, local_error);
      return FALSE;
    }
  }
  if (kept == NULL)
    return fail_without_key (self, error);
  g_propagate_error (error, kept);
  return FALSE;
}

/* Only who has proven the key is told that its time is over. The slot stays, since the clock may be wrong, and this
 * key the only way in: whoever unlocks the vault with a password removes it, or gives it more time. A clock that was set
 * back does not bring it back: the vault's last change is a time that nobody without its key can write. */
static gboolean
refuse_expired (const Opener *self, GError **error)
{
  gint64 now_ms = sp_vault_now (self->vault);
  gint64 changed_ms = self->vault->seal->changed_ms;

  if (self->expires_ms == 0 || self->expires_ms > MAX (now_ms, changed_ms))
    return TRUE;
  g_set_error_literal (
      error, SP_VAULT_ERROR, SP_VAULT_ERROR_EXPIRED,
      self->expires_ms <= now_ms
          ? "The time of this recovery key is over, if this computer's date is right. Nothing was changed."
          : "The time of this recovery key is over: the vault was changed later than that, and this computer's "
            "date is an earlier one. Nothing was changed.");
  return FALSE;
}

static gboolean
read_candidates (SpDb *db, SpSlotCandidates *out_slots, GError **error)
{
  SpSlotTable table;

  if (!sp_slot_table_read (db, &table, error))
    return FALSE;
  sp_slot_table_get_candidates (&table, out_slots);
  sp_slot_table_clear (&table);
  return TRUE;
}

static gboolean
has_candidate (const SpSlotCandidates *slots, const SpSlotCandidate *wanted)
{
  for (guint i = 0; i < slots->candidates->len; i++) {
    const SpSlotCandidate *candidate = &g_array_index (slots->candidates, SpSlotCandidate, i);

    if (sp_bytes_equal (candidate->slot.bytes, wanted->slot.bytes, SP_KEYSLOT_LEN))
      return TRUE;
  }
  return FALSE;
}

/* Whether there are other slots to try than there were; they take the place of those. */
static gboolean
take_new_candidates (Opener *self)
{
  SpSlotCandidates before = self->slots;
  gboolean differ;

  if (!read_candidates (self->vault->db, &self->slots, NULL)) {
    self->slots = before;
    return FALSE;
  }
  differ = self->slots.candidates->len != before.candidates->len;
  for (guint i = 0; i < self->slots.candidates->len && !differ; i++)
    differ = !has_candidate (&before, &g_array_index (self->slots.candidates, SpSlotCandidate, i));
  sp_slot_candidates_clear (&before);
  return differ;
}

/* The KDF takes a while, in which another process may have replaced the vault key: then the slots that were read are
 * those of a vault that is no more, and nothing is damaged. */
static gboolean
try_until_steady (Opener *self, GError **error)
{
  for (guint i = 1;; i++) {
    GError *local_error = NULL;

    sort_candidates (self);
    self->astray = FALSE;
    self->tried = FALSE;
    if (try_all (self, &local_error))
      return TRUE;
    if (!self->astray || i == MAX_LOOKS || !take_new_candidates (self)) {
      g_propagate_error (error, local_error);
      return FALSE;
    }
    g_error_free (local_error);
    g_clear_error (&self->missing);
  }
}

static gboolean
unlock (SpVault *vault, SpSlotKind kind, const SpKeyslotFactors *factors, GError **error)
{
  Opener self = { .vault = vault, .kind = kind, .factors = factors };
  gboolean done;

  if (!read_candidates (vault->db, &self.slots, error))
    return FALSE;
  done = try_until_steady (&self, error) && refuse_expired (&self, error);
  sp_slot_candidates_clear (&self.slots);
  g_clear_error (&self.missing);
  return done;
}

static gboolean
event_key_differs (SpTransaction *tx)
{
  guint8 event_key[32];
  guint64 failures;
  gint64 last_ms;

  return !sp_lockout_read (tx->vault->db, &failures, &last_ms, event_key, NULL) ||
         !sp_bytes_equal (event_key, tx->seal->event_key, sizeof event_key);
}

/* Mends the key slots; the seal's copies are written anew in any case. What nobody can mend, such as the name
 * of a slot of a later version, is told at each opening, but not as repaired. */
static gboolean
repair (SpTransaction *tx, GError **error)
{
  g_autoptr (GPtrArray) left = g_ptr_array_new_with_free_func ((GDestroyNotify) sp_problem_free);
  guint n_problems = tx->vault->problems->len;

  if (!sp_vault_repair_slots (tx, error) ||
      !sp_vault_check_slots (tx->vault, tx->seal, left, error))
    return FALSE;
  return left->len >= n_problems ||
         sp_transaction_log (tx, SP_EVENT_REPAIRED, NULL, n_problems - left->len, error);
}

/* What was found at opening is logged, then mended as far as that needs no consent. */
static gboolean
write_findings (SpTransaction *tx, GError **error)
{
  gboolean foreign_key = event_key_differs (tx);
  guint n_problems, n_lost = 0;

  if (!sp_vault_drop_foreign_entries (tx, error) ||
      !sp_vault_absorb_locked_events (tx, &n_lost, error))
    return FALSE;
  n_problems = tx->vault->problems->len;
  if ((n_problems > 0 || n_lost > 0 || foreign_key) &&
      !sp_transaction_log (tx, SP_EVENT_DAMAGE_FOUND, NULL, n_problems + n_lost, error))
    return FALSE;
  return n_problems == 0 || repair (tx, error);
}

/* What the first transaction of a session writes. */
static gboolean
write_opened (SpTransaction *tx, GError **error)
{
  SpSlotKind kind = tx->vault->slot_kind;

  return sp_transaction_log_clock (tx, error) && write_findings (tx, error) &&
         sp_transaction_log (tx, SP_EVENT_OPENED, &tx->vault->slot_id,
                             kind == SP_SLOT_PASSWORD ? 0 : (guint64) kind, error) &&
         (kind != SP_SLOT_RECOVERY ||
          sp_transaction_log (tx, SP_EVENT_SLOT_USED, &tx->vault->slot_id, 0, error)) &&
         sp_vault_mark_slot_used (tx, error) &&
         sp_transaction_drop_quick_slots (tx, tx->now_ms, error) &&
         sp_vault_prune_log (tx, FALSE, error) &&
         sp_lockout_write (tx->vault->db, 0, 0, tx->seal->event_key, error);
}

/* Whether the password that opened `seal` would open `next`, too: the slot may be gone, or have another one. */
static gboolean
slot_is_same (const SpSeal *seal, const SpSeal *next, const SpId *id)
{
  guint8 before[SP_HASH_LEN], after[SP_HASH_LEN];

  return sp_vault_get_slot_hash (seal, id, before) && sp_vault_get_slot_hash (next, id, after) &&
         sp_bytes_equal (before, after, sizeof before);
}

/* That an unlock cannot be recorded is no reason to keep the vault shut; the next change will tell its user.
 * Only a slot that was removed or given another password elsewhere, since the state was read, is. */
static gboolean
record_unlock (SpVault *self, GError **error)
{
  gint64 save_us = self->timings.save_us;
  g_autoptr (SpSeal) opened = sp_seal_copy (self->seal); /* beginning may take a later one */
  g_autoptr (GError) local_error = NULL;
  gboolean removed = FALSE;
  SpTransaction *tx;

  sp_db_set_busy_timeout (self->db, OPEN_BUSY_MS);
  tx = sp_transaction_begin (self, &local_error);
  if (tx != NULL) {
    removed = !slot_is_same (opened, tx->seal, &self->slot_id);
    if (!sp_transaction_leave (tx, !removed && write_opened (tx, &local_error), &local_error) &&
        local_error != NULL)
      g_debug ("The unlock could not be recorded: %s", local_error->message);
  }
  sp_db_set_busy_timeout (self->db, NORMAL_BUSY_MS);
  self->timings.save_us = save_us;
  if (removed)
    g_set_error_literal (
        error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY,
        "The key slot that this password opens was just removed from the vault, or "
        "given another password.");
  return !removed;
}

static gboolean
open_db (SpVault *self, SpSlotKind kind, SpVaultOpenFlags flags, GError **error)
{
  SpDbFlags mode = (flags & SP_VAULT_OPEN_READ_ONLY) != 0 ? SP_DB_READ_ONLY : SP_DB_READ_WRITE;

  if (!sp_location_check (self->path, &self->location_warning, error) || !sp_crypto_init (error))
    return FALSE;
  self->db = sp_db_open (self->path, mode, error);
  /* Whoever has a recovery key never waits. */
  return self->db != NULL &&
         (kind == SP_SLOT_RECOVERY || sp_lockout_check (self->db, sp_vault_now (self), error));
}

/**
 * sp_vault_open_with:
 * @path: (type filename): the vault's file
 * @kind: a password or a recovery key
 * @factors: that, and what its slot asks for besides
 * @flags: how to open it
 * @environment: (nullable): what it needs to know of the world
 * @error: return location for a [error@VaultError]
 *
 * Opens a vault with the first slot of that kind that fits, the one last used here first. A wrong password is
 * counted in the file and logged at the next unlock; a wrong recovery key is logged.
 *
 * Returns: (transfer full): the vault, writable or not, or `NULL` with @error set
 */
SpVault *
sp_vault_open_with (const char *path,
                    SpSlotKind kind,
                    const SpKeyslotFactors *factors,
                    SpVaultOpenFlags flags,
                    const SpVaultEnvironment *environment,
                    GError **error)
{
  g_autoptr (SpVault) self = sp_vault_new_empty (path, environment);

  g_return_val_if_fail (factors != NULL && factors->secret != NULL, NULL);

  if (!open_db (self, kind, flags, error) || !unlock (self, kind, factors, error)) {
    sp_vault_translate (error);
    return NULL;
  }
  if (self->state == SP_VAULT_STATE_SOUND &&
      ((flags & SP_VAULT_OPEN_READ_ONLY) != 0 || sp_db_is_read_only (self->db)))
    self->state = SP_VAULT_STATE_READ_ONLY;
  if (self->state == SP_VAULT_STATE_SOUND && !record_unlock (self, error))
    return NULL;
  self->must_set_password = kind == SP_SLOT_RECOVERY;
  return g_steal_pointer (&self);
}

/**
 * sp_vault_open:
 * @path: (type filename): the vault's file
 * @password: a master password
 * @flags: how to open it
 * @environment: (nullable): what it needs to know of the world
 * @error: return location for a [error@VaultError]
 *
 * Opens a vault with the first slot of a password alone that fits, the one last used here first.
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
  SpKeyslotFactors factors = { .secret = password };

  return sp_vault_open_with (path, SP_SLOT_PASSWORD, &factors, flags, environment, error);
}
