/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Making, closing and asking a vault; what other files of it share. Opening is in sp-vault-open.c. */

#define G_LOG_DOMAIN "sp-vault"

#include "config.h"

#include "vault/sp-vault.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/sp-crypto.h"
#include "crypto/sp-random.h"
#include "crypto/sp-sealed-box.h"
#include "vault/sp-transaction.h"
#include "vault/sp-vault-slots.h"

#define FIRST_RECORD_NUMBER 1

/**
 * sp_vault_new_empty: (skip)
 * @path: the vault's file
 * @environment: (nullable): what it needs to know of the world
 *
 * Returns: (transfer full): a vault without keys and state
 */
SpVault *
sp_vault_new_empty (const char *path, const SpVaultEnvironment *environment)
{
  SpVault *self = g_new0 (SpVault, 1);

  self->path = g_strdup (path);
  if (environment != NULL) {
    self->state_dir = g_strdup (environment->state_dir);
    if (environment->device_name != NULL)
      self->device = g_utf8_make_valid (environment->device_name, -1);
    if (environment->clock != NULL) {
      self->clock_copy = *environment->clock;
      self->clock = &self->clock_copy;
    }
  }
  if (self->device == NULL)
    self->device = g_utf8_make_valid (g_get_host_name (), -1);
  self->problems = g_ptr_array_new_with_free_func ((GDestroyNotify) sp_problem_free);
  return self;
}

/**
 * sp_vault_close:
 * @self: (transfer full): a vault
 *
 * Locks the vault: an open batch is rolled back, keys are wiped, the file is closed. Snapshots that others
 * hold stay readable until they are released.
 */
void
sp_vault_close (SpVault *self)
{
  if (self->batch != NULL)
    sp_vault_rollback (self);
  g_clear_pointer (&self->snapshot, sp_snapshot_unref);
  g_clear_pointer (&self->arena, sp_arena_unref);
  g_clear_pointer (&self->seal, sp_seal_free);
  g_clear_pointer (&self->seal_record, g_bytes_unref);
  g_clear_pointer (&self->cipher, sp_record_cipher_free);
  g_clear_pointer (&self->vault_key, sp_secret_unref);
  g_clear_pointer (&self->audit_key, sp_secret_unref);
  g_clear_pointer (&self->event_seed, sp_secret_unref);
  g_clear_pointer (&self->db, sp_db_close);
  g_clear_pointer (&self->problems, g_ptr_array_unref);
  g_free (self->location_warning);
  g_free (self->device);
  g_free (self->state_dir);
  g_free (self->path);
  g_free (self);
}

/**
 * sp_vault_now: (skip)
 * @self: a vault
 *
 * Returns: milliseconds since 1970, by the vault's clock
 */
gint64
sp_vault_now (const SpVault *self)
{
  return sp_clock_now_ms (self->clock);
}

static SpVaultError
translate_store_code (gint code)
{
  switch ((SpStoreError) code) {
  case SP_STORE_ERROR_NOT_FOUND:
    return SP_VAULT_ERROR_NOT_FOUND;
  case SP_STORE_ERROR_EXISTS:
    return SP_VAULT_ERROR_EXISTS;
  case SP_STORE_ERROR_NOT_OURS:
    return SP_VAULT_ERROR_NOT_A_VAULT;
  case SP_STORE_ERROR_NEWER_FORMAT:
    return SP_VAULT_ERROR_NEWER_FORMAT;
  case SP_STORE_ERROR_CORRUPT:
  case SP_STORE_ERROR_SCHEMA:
    return SP_VAULT_ERROR_DAMAGED;
  case SP_STORE_ERROR_BUSY:
    return SP_VAULT_ERROR_BUSY;
  case SP_STORE_ERROR_READ_ONLY:
    return SP_VAULT_ERROR_READ_ONLY;
  case SP_STORE_ERROR_PERMISSION:
    return SP_VAULT_ERROR_PERMISSION;
  case SP_STORE_ERROR_NO_SPACE:
    return SP_VAULT_ERROR_NO_SPACE;
  case SP_STORE_ERROR_IO:
  default:
    return SP_VAULT_ERROR_IO;
  }
}

/**
 * sp_vault_translate: (skip)
 * @error: (inout) (optional): an error of this or a lower layer
 *
 * Makes a lower layer's error one of the vault's, so that callers know one domain.
 *
 * Returns: %FALSE, for the caller to return
 */
gboolean
sp_vault_translate (GError **error)
{
  if (error == NULL || *error == NULL)
    return FALSE;
  if ((*error)->domain == SP_STORE_ERROR) {
    (*error)->code = (gint) translate_store_code ((*error)->code);
    (*error)->domain = SP_VAULT_ERROR;
  } else if ((*error)->domain == SP_CRYPTO_ERROR) {
    (*error)->code = SP_VAULT_ERROR_IO;
    (*error)->domain = SP_VAULT_ERROR;
  }
  return FALSE;
}

/**
 * sp_vault_set_keys: (skip)
 * @self: a vault without keys
 * @vault_key: the vault key
 * @slot: the slot that wraps it
 * @position: that slot's row
 */
void
sp_vault_set_keys (SpVault *self,
                   const SpSecret *vault_key,
                   const SpKeyslot *slot,
                   guint64 position)
{
  self->vault_key = sp_secret_ref (vault_key);
  self->vault_id = slot->vault_id;
  self->slot_id = slot->slot_id;
  self->slot_position = position;
  self->slot_kind = slot->kind;
  self->cipher = sp_record_cipher_new (vault_key, &slot->vault_id, slot->key_epoch);
}

/**
 * sp_vault_derive_keys: (skip)
 * @self: a vault with its vault key
 * @error: return location for an error
 *
 * Derives what is not a record key, and names the session.
 *
 * Returns: whether that was done
 */
gboolean
sp_vault_derive_keys (SpVault *self, GError **error)
{
  self->audit_key = sp_record_cipher_derive (self->cipher, "audit-chain", error);
  if (self->audit_key == NULL)
    return sp_vault_translate (error);
  self->event_seed = sp_record_cipher_derive (self->cipher, "event", error);
  if (self->event_seed == NULL)
    return sp_vault_translate (error);
  return sp_random_id (&self->session, error) || sp_vault_translate (error);
}

/**
 * sp_vault_take_state: (skip)
 * @self: a vault
 * @seal: (transfer full): its seal from now on
 * @seal_record: (transfer full): the same as it stands in the file
 * @snapshot: (transfer full): its overviews
 */
void
sp_vault_take_state (SpVault *self, SpSeal *seal, GBytes *seal_record, SpSnapshot *snapshot)
{
  g_clear_pointer (&self->seal, sp_seal_free);
  g_clear_pointer (&self->seal_record, g_bytes_unref);
  g_clear_pointer (&self->snapshot, sp_snapshot_unref);
  self->seal = seal;
  self->seal_record = seal_record;
  self->snapshot = snapshot;
}

static SpSeal *
make_first_seal (SpVault *self, GError **error)
{
  g_autoptr (SpSeal) seal = sp_seal_new ();

  seal->sequence = 1;
  seal->key_epoch = sp_record_cipher_get_key_epoch (self->cipher);
  seal->next_number = FIRST_RECORD_NUMBER;
  seal->created_ms = sp_vault_now (self);
  seal->audit_first = 1;
  seal->audit_last = 0;
  if (!sp_random_id (&seal->lineage, error) ||
      !sp_sealed_box_public_key (self->event_seed, seal->event_key, error))
    return NULL;
  return g_steal_pointer (&seal);
}

/* Everything that a new vault holds, in one transaction. */
static gboolean
write_first_state (SpVault *self, const char *name, const SpKeyslot *slot, GError **error)
{
  SpSeal *seal = make_first_seal (self, error);
  SpKeyslotChanging changing = { 0 };
  SpTransaction *tx;
  gboolean done;

  if (seal == NULL)
    return sp_vault_translate (error);
  tx = sp_transaction_begin_first (self, seal, error);
  if (tx == NULL)
    return FALSE;

  changing.created_ms = tx->now_ms;
  changing.changed_ms = tx->now_ms;
  changing.used_ms = tx->now_ms;
  changing.name = g_strdup ("");
  done = sp_vault_write_slot (tx, self->slot_position, slot, &changing, error) &&
         sp_vault_write_setting (tx, SP_SETTING_NAME, (const guint8 *) name, strlen (name),
                                 error) &&
         sp_lockout_write (self->db, 0, 0, tx->seal->event_key, error) &&
         sp_transaction_log (tx, SP_EVENT_CREATED, NULL, 0, error);
  sp_keyslot_changing_clear (&changing);

  if (!done) {
    sp_vault_translate (error);
    sp_transaction_rollback (tx);
    return FALSE;
  }
  return sp_transaction_commit (tx, error);
}

static gboolean
make_first_slot (const SpKeyslotFactors *factors,
                 const SpKdfCost *cost,
                 SpKeyslot *slot,
                 SpSecret **out_key,
                 GError **error)
{
  g_autoptr (SpSecret) vault_key = sp_random_secret (SP_VAULT_KEY_LEN, error);

  if (vault_key == NULL || !sp_random_id (&slot->vault_id, error) ||
      !sp_random_id (&slot->slot_id, error))
    return FALSE;

  slot->kind = SP_SLOT_PASSWORD;
  slot->uses_argon2 = TRUE;
  slot->factors = sp_vault_get_factors (factors);
  slot->key_epoch = 1;
  slot->cost = *cost;
  if (!sp_keyslot_seal (slot, vault_key, factors, error))
    return FALSE;
  *out_key = g_steal_pointer (&vault_key);
  return TRUE;
}

static gboolean
check_name (const char *name, GError **error)
{
  if (g_utf8_validate (name, -1, NULL) && strlen (name) <= 1024)
    return TRUE;
  g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID,
                       "A vault's name is at most 1,024 bytes of UTF-8.");
  return FALSE;
}

static gboolean
choose_cost (const SpKdfCost *wanted, SpKdfCost *out_cost, GError **error)
{
  if (wanted == NULL)
    return sp_vault_calibrate (700, out_cost, error);
  *out_cost = *wanted;
  return sp_vault_cost_is_allowed (wanted, error);
}

/**
 * sp_vault_create_with: (skip)
 * @path: (type filename): where the vault is to be; nothing may be there
 * @name: its name for people
 * @factors: its master password, and what its first slot is to ask for besides
 * @cost: (nullable): cost of the KDF, or `NULL` to calibrate it
 * @environment: (nullable): what it needs to know of the world
 * @error: return location for a [error@VaultError]
 *
 * Makes a new vault and leaves it open. When that fails, no file is left behind.
 *
 * Returns: (transfer full): the vault, or `NULL` with @error set
 */
SpVault *
sp_vault_create_with (const char *path,
                      const char *name,
                      const SpKeyslotFactors *factors,
                      const SpKdfCost *cost,
                      const SpVaultEnvironment *environment,
                      GError **error)
{
  g_autoptr (SpVault) self = sp_vault_new_empty (path, environment);
  g_autoptr (SpSecret) vault_key = NULL;
  SpKeyslot slot = { 0 };
  SpKdfCost chosen;
  gint64 start;

  if (!check_name (name, error) || !sp_location_check (path, &self->location_warning, error) ||
      !sp_crypto_init (error) || !choose_cost (cost, &chosen, error)) {
    sp_vault_translate (error);
    return NULL;
  }
  start = g_get_monotonic_time ();
  if (!make_first_slot (factors, &chosen, &slot, &vault_key, error)) {
    sp_vault_translate (error);
    return NULL;
  }
  self->timings.kdf_us = g_get_monotonic_time () - start;
  sp_vault_set_keys (self, vault_key, &slot, 1);

  self->db = sp_db_open (path, SP_DB_CREATE, error);
  if (self->db == NULL) {
    sp_vault_translate (error);
    return NULL;
  }
  self->arena = sp_arena_new (0);
  if (!sp_vault_derive_keys (self, error) || !write_first_state (self, name, &slot, error)) {
    g_clear_pointer (&self->db, sp_db_close);
    (void) unlink (path);
    return NULL;
  }
  self->state = SP_VAULT_STATE_SOUND;
  return g_steal_pointer (&self);
}

/**
 * sp_vault_create:
 * @path: (type filename): where the vault is to be; nothing may be there
 * @name: its name for people
 * @password: its master password, whose strength the caller has checked
 * @cost: (nullable): cost of the KDF, or `NULL` to calibrate it
 * @environment: (nullable): what it needs to know of the world
 * @error: return location for a [error@VaultError]
 *
 * Makes a new vault and leaves it open. When that fails, no file is left behind.
 *
 * Returns: (transfer full): the vault, or `NULL` with @error set
 */
SpVault *
sp_vault_create (const char *path,
                 const char *name,
                 const SpSecret *password,
                 const SpKdfCost *cost,
                 const SpVaultEnvironment *environment,
                 GError **error)
{
  SpKeyslotFactors factors = { .secret = password };

  return sp_vault_create_with (path, name, &factors, cost, environment, error);
}

/**
 * sp_vault_get_state:
 * @self: a vault
 *
 * Returns: whether it may be written, and if not, why
 */
SpVaultState
sp_vault_get_state (const SpVault *self)
{
  return self->state;
}

/**
 * sp_vault_is_writable:
 * @self: a vault
 *
 * Returns: whether changes are accepted
 */
gboolean
sp_vault_is_writable (const SpVault *self)
{
  return self->state == SP_VAULT_STATE_SOUND && !self->must_set_password;
}

/**
 * sp_vault_must_set_password:
 * @self: a vault
 *
 * Returns: whether it was opened with a recovery key, and a new master password is to be set before it takes
 *   any other change
 */
gboolean
sp_vault_must_set_password (const SpVault *self)
{
  return self->must_set_password;
}

/**
 * sp_vault_get_path:
 * @self: a vault
 *
 * Returns: (type filename): its file
 */
const char *
sp_vault_get_path (const SpVault *self)
{
  return self->path;
}

/**
 * sp_vault_get_info:
 * @self: a vault
 * @out_info: (out caller-allocates): what is known of it as a whole
 */
void
sp_vault_get_info (const SpVault *self, SpVaultInfo *out_info)
{
  const SpSeal *seal = self->seal;
  struct stat status;

  memset (out_info, 0, sizeof *out_info);
  out_info->vault_id = self->vault_id;
  out_info->lineage = seal->lineage;
  out_info->format = SP_FORMAT_VERSION;
  out_info->key_epoch = seal->key_epoch;
  out_info->sequence = seal->sequence;
  out_info->n_items = seal->n_items - seal->n_trashed;
  out_info->n_trashed = seal->n_trashed;
  out_info->n_log_entries = seal->audit_last + 1 - seal->audit_first;
  out_info->last_log_entry = seal->audit_last;
  out_info->n_encryptions = seal->n_encryptions;
  out_info->created_ms = seal->created_ms;
  out_info->changed_ms = seal->changed_ms;
  out_info->pin_seen_ms = self->pin_seen_ms;
  out_info->n_slots = seal->slots->len;
  out_info->n_failed_unlocks = self->n_failed_unlocks;
  out_info->last_failed_ms = self->last_failed_ms;
  if (stat (self->path, &status) == 0)
    out_info->file_size = (guint64) status.st_size;
}

/**
 * sp_vault_get_timings:
 * @self: a vault
 * @out_timings: (out caller-allocates): how long the last open and commit took
 */
void
sp_vault_get_timings (const SpVault *self, SpVaultTimings *out_timings)
{
  *out_timings = self->timings;
}

/**
 * sp_vault_get_session_id:
 * @self: a vault
 *
 * Returns: the id of this unlock, as the log knows it
 */
const SpId *
sp_vault_get_session_id (const SpVault *self)
{
  return &self->session;
}

/**
 * sp_vault_get_location_warning:
 * @self: a vault
 *
 * Returns: (nullable): a sentence about the place that the file is in, if there is need for one
 */
const char *
sp_vault_get_location_warning (const SpVault *self)
{
  return self->location_warning;
}

/**
 * sp_vault_get_snapshot:
 * @self: a vault
 *
 * Returns: (transfer none): the overviews as they are; valid until the next change, so take a reference
 */
SpSnapshot *
sp_vault_get_snapshot (const SpVault *self)
{
  return self->snapshot;
}

/**
 * sp_vault_peek_problems:
 * @self: a vault
 *
 * Returns: (element-type SpProblem) (transfer none): what opening found
 */
const GPtrArray *
sp_vault_peek_problems (const SpVault *self)
{
  return self->problems;
}

/**
 * sp_vault_begin:
 * @self: a vault
 * @kind: what the batch is for
 * @error: return location for a [error@VaultError]
 *
 * Opens a batch: the changes until sp_vault_commit() are one transaction.
 *
 * Returns: whether it is open
 */
gboolean
sp_vault_begin (SpVault *self, SpBatchKind kind, GError **error)
{
  SpTransaction *tx;

  g_return_val_if_fail (self->batch == NULL, FALSE);

  tx = sp_transaction_begin (self, error);
  if (tx == NULL)
    return FALSE;
  tx->is_batch = TRUE;
  tx->batch_kind = kind;
  tx->created = g_array_new (FALSE, FALSE, sizeof (guint64));
  tx->updated = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->batch = tx;
  return TRUE;
}

/**
 * sp_vault_rollback:
 * @self: a vault with an open batch
 *
 * Ends the batch and forgets its changes.
 */
void
sp_vault_rollback (SpVault *self)
{
  g_return_if_fail (self->batch != NULL);

  sp_transaction_rollback (g_steal_pointer (&self->batch));
}
