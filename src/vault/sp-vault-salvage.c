/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Salvaging: whatever a password or recovery key still opens in a damaged file is brought into a new vault. The file is
 * opened read-only and as leniently as SQLite can. With a seal, its index says what belongs to the vault;
 * without one, or where the index has holes, every detail that decrypts is taken, marked unproven. */

#define G_LOG_DOMAIN "sp-vault-salvage"

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/sp-wipe.h"
#include "crypto/sp-crypto.h"
#include "crypto/sp-hash.h"
#include "vault/sp-slot-table.h"
#include "vault/sp-transplant.h"
#include "vault/sp-vault-slots-private.h"

typedef struct {
  SpSlotKind kind;
  const SpKeyslotFactors *factors;
  const SpKeyslotFactors *next; /* of the new vault */
  SpVault *source;
  SpLoadedState state; /* empty without a seal */
  SpTransaction *tx;   /* of the target */
  GArray *details;     /* (element-type SpRef) that decrypt or not, in the file */
  GHashTable *ids;     /* (element-type SpId) (owned) of what was brought */
  SpSalvageReport *report;
  guint n_without_seal; /* slots that open, but no seal with them */
  gboolean
      slots_whole; /* no slot is damaged, so that the password really is wrong when none opens */
  gboolean tried;  /* the secret was held against a slot */
  GError *missing; /* (nullable) a slot that asks for something else besides */
} Salvage;

static gboolean
is_listed (const SpSeal *seal, const SpSlotCandidate *candidate)
{
  guint8 hash[SP_HASH_LEN];

  if (!sp_sha256 (candidate->slot.bytes, SP_KEYSLOT_LEN, hash, NULL))
    return FALSE;
  for (guint i = 0; i < seal->slots->len; i++)
    if (sp_bytes_equal (g_array_index (seal->slots, SpSealSlot, i).fixed_hash, hash, sizeof hash))
      return TRUE;
  return FALSE;
}

static void
forget_keys (SpVault *self)
{
  g_clear_pointer (&self->arena, sp_arena_unref);
  g_clear_pointer (&self->cipher, sp_record_cipher_free);
  g_clear_pointer (&self->vault_key, sp_secret_unref);
  g_clear_pointer (&self->audit_key, sp_secret_unref);
  g_clear_pointer (&self->event_seed, sp_secret_unref);
}

/* A recovery key whose time is over opens nothing here either. Without a seal nobody knows when it is. */
static gboolean
check_expiry (Salvage *self, GError **error)
{
  SpVault *source = self->source;
  SpFullSlot full;
  gint64 expires_ms = 0;

  if (self->kind == SP_SLOT_RECOVERY &&
      sp_vault_read_slot (source, self->state.seal, &source->slot_id, &full, NULL)) {
    expires_ms = full.changing.expires_ms;
    sp_keyslot_changing_clear (&full.changing);
  }
  if (expires_ms == 0 || expires_ms > sp_vault_now (source))
    return TRUE;
  g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_EXPIRED,
                       "The time of this recovery key is over, if this computer's date is right.");
  return FALSE;
}

/* WRONG_KEY: the next candidate may do. So it may when a slot opens but no seal does, since that slot may be
 * one of another vault; `without_seal` takes its key all the same. */
static gboolean
try_candidate (Salvage *self,
               const SpSlotCandidate *candidate,
               gboolean without_seal,
               GError **error)
{
  g_autoptr (SpSecret) vault_key = sp_keyslot_open (&candidate->slot, self->factors, error);
  g_autoptr (GError) local_error = NULL;

  if (vault_key == NULL)
    return FALSE;
  sp_vault_set_keys (self->source, vault_key, &candidate->slot, candidate->position);
  self->source->arena = sp_arena_new (0);
  if (!sp_vault_derive_keys (self->source, error))
    return FALSE;
  if (!sp_vault_load_state (self->source, &self->state, &local_error)) {
    if (!sp_error_is_damage (local_error)) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
    if (!without_seal) {
      forget_keys (self->source);
      self->n_without_seal++;
      g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY, local_error->message);
      return FALSE;
    }
    g_ptr_array_add (self->report->problems,
                     sp_problem_new (SP_PROBLEM_DAMAGED, "seal", 1, "%s", local_error->message));
    return TRUE;
  }
  if (is_listed (self->state.seal, candidate))
    return check_expiry (self, error);
  sp_loaded_state_clear (&self->state);
  forget_keys (self->source);
  g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY,
                       "The key slot that this password opens was removed from the vault.");
  return FALSE;
}

/* Why nothing opened. */
static gboolean
fail_without_key (Salvage *self, const SpSlotCandidates *slots, GError **error)
{
  if (slots->candidates->len == 0)
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED,
                         "No key slot can be read: nothing can open what is in the file.");
  else if (!self->tried && self->missing != NULL)
    g_propagate_error (error, g_steal_pointer (&self->missing));
  else if (self->kind == SP_SLOT_RECOVERY)
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY,
                         "The recovery key opens none of the key slots that can be read.");
  else if (self->missing != NULL && self->missing->code == SP_VAULT_ERROR_KEY_FILE_NEEDED)
    g_set_error_literal (
        error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY,
        "The password opens none of the key slots that can be read, or is one that "
        "a key file belongs to.");
  else
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY,
                         "The password opens none of the key slots that can be read.");
  return FALSE;
}

/* FALSE for what ends the search. */
static gboolean
note_failure (Salvage *self, GError *failure, GError **error)
{
  if (g_error_matches (failure, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY)) {
    self->tried = TRUE;
    g_error_free (failure);
  } else if (!sp_vault_error_is_wrong_secret (failure)) {
    g_propagate_error (error, failure);
    return FALSE;
  } else if (self->missing == NULL) {
    self->missing = failure;
  } else {
    g_error_free (failure);
  }
  return TRUE;
}

static gboolean
try_all (Salvage *self,
         const SpSlotCandidates *slots,
         gboolean without_seal,
         SpKdfCost *out_cost,
         GError **error)
{
  for (guint i = 0; i < slots->candidates->len; i++) {
    const SpSlotCandidate *candidate = &g_array_index (slots->candidates, SpSlotCandidate, i);
    GError *local_error = NULL;

    if (candidate->slot.kind != self->kind)
      continue;
    if (try_candidate (self, candidate, without_seal, &local_error)) {
      *out_cost = candidate->slot.cost;
      return TRUE;
    }
    if (!note_failure (self, local_error, error))
      return FALSE;
  }
  if (self->n_without_seal > 0 && !without_seal)
    return try_all (self, slots, TRUE, out_cost, error);
  return fail_without_key (self, slots, error);
}

static gboolean
open_source (Salvage *self, SpKdfCost *out_cost, GError **error)
{
  SpSlotCandidates slots;
  SpSlotTable table;
  gboolean done;

  if (!sp_slot_table_read (self->source->db, &table, error))
    return FALSE;
  sp_slot_table_get_candidates (&table, &slots);
  self->slots_whole = table.complete[0] && table.complete[1] && slots.n_damaged == 0;
  sp_slot_table_clear (&table);
  done = try_all (self, &slots, FALSE, out_cost, error);
  sp_slot_candidates_clear (&slots);
  return done;
}

static void
count_lost_attachments (Salvage *self, const SpInspection *found)
{
  guint n_named = found->links.attachments != NULL ? found->links.attachments->len : 0;

  if (found->attachments != NULL && found->item != NULL && n_named > found->attachments->len)
    self->report->n_attachments_lost += n_named - found->attachments->len;
}

/* Takes what was found; what does not hold of it has been told. */
static gboolean
bring (Salvage *self, SpInspection *found, GError **error)
{
  gboolean done = TRUE;

  count_lost_attachments (self, found);
  g_ptr_array_extend_and_steal (self->report->problems, g_steal_pointer (&found->problems));
  if (found->item == NULL) {
    self->report->n_lost++;
  } else if (!g_hash_table_contains (self->ids, &found->item->id)) {
    SpId *id = g_new (SpId, 1);

    *id = found->item->id;
    g_hash_table_add (self->ids, id);
    self->report->n_items++;
    self->report->n_unproven += found->item->unproven ? 1 : 0;
    done = sp_transplant_item (self->tx, self->source, found, error);
  }
  sp_inspection_clear (found);
  return done;
}

static gboolean
bring_indexed (Salvage *self, GError **error)
{
  SpSnapshot *snapshot = self->state.snapshot;
  SpPosition position = snapshot != NULL ? sp_snapshot_first (snapshot) : SP_POSITION_NONE;

  while (position != SP_POSITION_NONE) {
    const SpPage *page;
    const SpPageRecord *record = sp_snapshot_peek_record (snapshot, position, &page);
    SpOverviewBytes bytes = { page->content + record->offset, record->len };
    SpInspection found;

    if (!sp_vault_inspect (self->source, bytes, NULL, &found, error) ||
        !bring (self, &found, error))
      return FALSE;
    position = sp_snapshot_next (snapshot, position);
  }
  return TRUE;
}

static gboolean
collect_detail (guint64 id, guint64 revision, const guint8 *data, gsize len, gpointer user_data)
{
  Salvage *self = user_data;
  SpRecordName name = { SP_TABLE_DETAIL, id, revision, NULL };
  SpRecordBytes record = { data, len };
  SpRef ref;

  if (len < SP_AEAD_OVERHEAD) {
    self->report->n_lost++;
    return TRUE;
  }
  if (self->state.snapshot != NULL &&
      sp_snapshot_find_number (self->state.snapshot, id) != SP_POSITION_NONE)
    return TRUE;
  sp_record_get_ref (&name, &record, &ref);
  g_array_append_val (self->details, ref);
  return TRUE;
}

/* Details beyond the index: only when the index cannot say that they do not belong to the vault. */
static gboolean
bring_orphans (Salvage *self, GError **error)
{
  gboolean complete;

  if (self->state.snapshot != NULL && self->state.sound)
    return TRUE;
  if (!sp_records_visit (self->source->db, SP_RECORDS_DETAIL, collect_detail, self, &complete,
                         error))
    return FALSE;
  if (!complete)
    g_ptr_array_add (self->report->problems,
                     sp_problem_new (SP_PROBLEM_UNREADABLE, "detail", 0,
                                     "Not all items can be reached in the damaged file."));
  for (guint i = 0; i < self->details->len; i++) {
    SpInspection found;

    if (!sp_vault_inspect_orphan (self->source, &g_array_index (self->details, SpRef, i), NULL,
                                  &found, error) ||
        !bring (self, &found, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
bring_all (Salvage *self, GError **error)
{
  SpSalvageReport *report = self->report;

  if (!bring_indexed (self, error) || !bring_orphans (self, error))
    return FALSE;
  if (self->state.seal != NULL && self->state.seal->n_items > report->n_items)
    report->n_lost = MAX (report->n_lost,
                          (guint) MIN (self->state.seal->n_items - report->n_items, G_MAXUINT));
  return sp_transaction_log (self->tx, SP_EVENT_SALVAGED, NULL, report->n_items, error);
}

static char *
dup_name (Salvage *self)
{
  g_autofree char *name = NULL;

  if (self->state.seal == NULL)
    return g_strdup ("Salvaged");
  self->source->seal = sp_seal_copy (self->state.seal);
  name = sp_vault_dup_name (self->source);
  return *name != '\0' ? g_steal_pointer (&name) : g_strdup ("Salvaged");
}

static gboolean
fill_target (Salvage *self, SpVault *target, GError **error)
{
  SpTransaction *tx = sp_transaction_begin (target, error);
  gboolean done;

  if (tx == NULL)
    return FALSE;
  self->tx = tx;
  if (self->state.problems != NULL)
    g_ptr_array_extend_and_steal (self->report->problems, g_steal_pointer (&self->state.problems));
  done = bring_all (self, error);
  sp_vault_translate (error);
  return sp_transaction_leave (tx, done, error);
}

static gboolean
salvage (Salvage *self,
         const char *target_path,
         const SpVaultEnvironment *environment,
         GError **error)
{
  g_autoptr (SpVault) target = NULL;
  g_autofree char *name = NULL;
  SpKdfCost cost;

  if (!open_source (self, &cost, error))
    return FALSE;
  name = dup_name (self);
  target = sp_vault_create_with (target_path, name, self->next,
                                 self->kind == SP_SLOT_PASSWORD ? &cost : NULL, environment, error);
  if (target == NULL)
    return FALSE;
  if (fill_target (self, target, error))
    return TRUE;
  g_clear_pointer (&target, sp_vault_close);
  (void) g_unlink (target_path);
  return FALSE;
}

static gboolean
run (Salvage *self, const char *target_path, const SpVaultEnvironment *environment, GError **error)
{
  gboolean done;

  if (!sp_db_begin_read (self->source->db, error))
    return FALSE;
  self->details = g_array_new (FALSE, FALSE, sizeof (SpRef));
  self->ids = g_hash_table_new_full (sp_id_hash, sp_id_equal, g_free, NULL);
  done = salvage (self, target_path, environment, error);
  sp_loaded_state_clear (&self->state);
  g_hash_table_unref (self->ids);
  g_array_unref (self->details);
  sp_db_end_read (self->source->db);
  return done;
}

static gboolean
open_db (SpVault *source, SpSlotKind kind, GError **error)
{
  if (!sp_crypto_init (error))
    return FALSE;
  source->db = sp_db_open (source->path, SP_DB_READ_ONLY | SP_DB_LENIENT, error);
  /* Whoever has a recovery key never waits. */
  return source->db != NULL &&
         (kind == SP_SLOT_RECOVERY || sp_lockout_check (source->db, sp_vault_now (source), error));
}

/* Salvage must not be a way to try passwords without end. A file whose slots or whose structures are broken is
 * left alone: it may not be the password that is wrong, and writing could take away what can still be brought home. */
static void
count_failure (SpVault *source, SpSlotKind kind)
{
  g_autoptr (SpDb) db = sp_db_open (source->path, SP_DB_READ_WRITE, NULL);
  g_autoptr (GPtrArray) broken = NULL;

  if (db == NULL || sp_db_is_read_only (db))
    return;
  broken = sp_db_check (db, NULL);
  if (broken == NULL || broken->len > 0)
    return;
  if (kind == SP_SLOT_PASSWORD)
    sp_lockout_record_failure (db, sp_vault_now (source), source->device);
  else
    sp_lockout_record_event (db, sp_vault_now (source), source->device);
}

/**
 * sp_vault_salvage_with:
 * @path: (type filename): a vault, however damaged
 * @kind: a password or a recovery key
 * @factors: that, and what its slot asks for besides
 * @next: (nullable): what is to open the new vault: a master password, and what is asked for besides; `NULL` for
 *   @factors, when that is a password
 * @target_path: (type filename): where the new vault is to be; nothing may be there
 * @environment: (nullable): what a vault needs to know of the world
 * @error: return location for a [error@VaultError]
 *
 * Brings everything that can be read into a new vault, earlier versions and attachments included. The damaged file is
 * not written, but for counting a wrong password, or noting a wrong recovery key, where all key slots and SQLite's own
 * structures hold; after too many wrong passwords it is LOCKED_OUT like opening, for passwords.
 *
 * Returns: (transfer full): what was brought and what was lost, or `NULL` and there is no new vault
 */
SpSalvageReport *
sp_vault_salvage_with (const char *path,
                       SpSlotKind kind,
                       const SpKeyslotFactors *factors,
                       const SpKeyslotFactors *next,
                       const char *target_path,
                       const SpVaultEnvironment *environment,
                       GError **error)
{
  g_autoptr (SpVault) source = sp_vault_new_empty (path, environment);
  g_autoptr (SpSalvageReport) report = g_new0 (SpSalvageReport, 1);
  Salvage self = { .kind = kind, .factors = factors, .next = next, .source = source };
  GError *local_error = NULL;

  g_return_val_if_fail (next != NULL || kind == SP_SLOT_PASSWORD, NULL);

  if (next == NULL)
    self.next = factors;
  self.report = report;
  report->problems = g_ptr_array_new_with_free_func ((GDestroyNotify) sp_problem_free);
  if (!open_db (source, kind, error)) {
    sp_vault_translate (error);
    return NULL;
  }
  if (run (&self, target_path, environment, &local_error)) {
    g_clear_error (&self.missing);
    return g_steal_pointer (&report);
  }
  g_clear_error (&self.missing);
  sp_vault_translate (&local_error);
  if (self.slots_whole && g_error_matches (local_error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY))
    count_failure (source, kind);
  g_propagate_error (error, local_error);
  return NULL;
}

/**
 * sp_vault_salvage:
 * @path: (type filename): a vault, however damaged
 * @password: its master password
 * @target_path: (type filename): where the new vault is to be; nothing may be there
 * @environment: (nullable): what a vault needs to know of the world
 * @error: return location for a [error@VaultError]
 *
 * sp_vault_salvage_with() for a password alone, which the new vault has, too.
 *
 * Returns: (transfer full): what was brought and what was lost, or `NULL` and there is no new vault
 */
SpSalvageReport *
sp_vault_salvage (const char *path,
                  const SpSecret *password,
                  const char *target_path,
                  const SpVaultEnvironment *environment,
                  GError **error)
{
  SpKeyslotFactors factors = { .secret = password };

  return sp_vault_salvage_with (path, SP_SLOT_PASSWORD, &factors, NULL, target_path, environment,
                                error);
}
