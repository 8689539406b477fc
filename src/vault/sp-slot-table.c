/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-slot-table"

#include "config.h"

#include "vault/sp-slot-table.h"

#include <string.h>

#include "base/sp-wipe.h"
#include "crypto/sp-hash.h"

#define MAX_CANDIDATES (2 * SP_SEAL_MAX_SLOTS)

static const char *const table_names[2] = { "slot_a", "slot_b" };

/**
 * sp_slot_table_read: (skip)
 * @db: the vault's database
 * @out_table: (out caller-allocates): both copies, as far as they can be read
 * @error: return location for an error
 *
 * Returns: whether they could be read; rows that SQLite cannot reach are left out
 */
gboolean
sp_slot_table_read (SpDb *db, SpSlotTable *out_table, GError **error)
{
  memset (out_table, 0, sizeof *out_table);
  for (guint i = 0; i < 2; i++) {
    out_table->copies[i] = sp_slot_rows_read (db, i, &out_table->complete[i], error);
    if (out_table->copies[i] == NULL) {
      sp_slot_table_clear (out_table);
      return sp_vault_translate (error);
    }
  }
  return TRUE;
}

/**
 * sp_slot_table_clear: (skip)
 * @self: a table
 */
void
sp_slot_table_clear (SpSlotTable *self)
{
  g_clear_pointer (&self->copies[0], g_ptr_array_unref);
  g_clear_pointer (&self->copies[1], g_ptr_array_unref);
}

static gboolean
fixed_is_listed (const SpSlotRow *row, const SpSealSlot *listed)
{
  guint8 hash[SP_HASH_LEN];
  gsize len;
  const guint8 *data = g_bytes_get_data (row->fixed, &len);

  return row->position == listed->position && sp_sha256 (data, len, hash, NULL) &&
         sp_bytes_equal (hash, listed->fixed_hash, sizeof hash);
}

static gboolean
changing_is_listed (const SpSlotRow *row, const SpSealSlot *listed)
{
  guint8 hash[SP_HASH_LEN];
  gsize len;
  const guint8 *data = g_bytes_get_data (row->changing, &len);

  return sp_keyslot_changing_hash (row->revision, data, len, hash, NULL) &&
         sp_bytes_equal (hash, listed->changing_hash, sizeof hash);
}

static const SpSlotRow *
find_in_copy (const GPtrArray *rows, const SpSealSlot *listed, gboolean fixed_only)
{
  for (guint i = 0; i < rows->len; i++) {
    const SpSlotRow *row = g_ptr_array_index (rows, i);

    if (fixed_is_listed (row, listed) && (fixed_only || changing_is_listed (row, listed)))
      return row;
  }
  return NULL;
}

/**
 * sp_slot_table_find: (skip)
 * @self: both copies
 * @listed: a slot as the seal lists it
 * @fixed_only: whether its changing part may be another
 *
 * Returns: (nullable) (transfer none): its row in either copy
 */
const SpSlotRow *
sp_slot_table_find (const SpSlotTable *self, const SpSealSlot *listed, gboolean fixed_only)
{
  const SpSlotRow *row = find_in_copy (self->copies[0], listed, fixed_only);

  return row != NULL ? row : find_in_copy (self->copies[1], listed, fixed_only);
}

static void
add_candidate (SpSlotCandidates *out, const SpSlotRow *row)
{
  g_autoptr (GError) error = NULL;
  SpSlotCandidate candidate;
  gsize len;
  const guint8 *data = g_bytes_get_data (row->fixed, &len);

  candidate.position = row->position;
  if (row->position == 0 || row->position > G_MAXINT64) {
    out->n_damaged++;
    return;
  }
  if (!sp_keyslot_parse (data, len, &candidate.slot, &error)) {
    if (g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NEWER_FORMAT))
      out->n_newer++;
    else if (g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_KDF_LIMITS) &&
             out->refused == NULL)
      out->refused = g_steal_pointer (&error);
    else
      out->n_damaged++;
    return;
  }
  for (guint i = 0; i < out->candidates->len; i++) {
    const SpSlotCandidate *other = &g_array_index (out->candidates, SpSlotCandidate, i);

    if (sp_bytes_equal (other->slot.bytes, candidate.slot.bytes, SP_KEYSLOT_LEN))
      return;
  }
  if (out->candidates->len < MAX_CANDIDATES)
    g_array_append_val (out->candidates, candidate);
}

/**
 * sp_slot_table_get_candidates: (skip)
 * @self: both copies
 * @out_candidates: (out caller-allocates): what may be tried, and why the rest may not
 */
void
sp_slot_table_get_candidates (const SpSlotTable *self, SpSlotCandidates *out_candidates)
{
  memset (out_candidates, 0, sizeof *out_candidates);
  out_candidates->candidates = g_array_new (FALSE, FALSE, sizeof (SpSlotCandidate));
  for (guint i = 0; i < 2; i++) {
    out_candidates->n_damaged += self->complete[i] ? 0 : 1;
    for (guint j = 0; j < self->copies[i]->len; j++)
      add_candidate (out_candidates, g_ptr_array_index (self->copies[i], j));
  }
}

/**
 * sp_slot_candidates_clear: (skip)
 * @self: candidates
 */
void
sp_slot_candidates_clear (SpSlotCandidates *self)
{
  g_clear_pointer (&self->candidates, g_array_unref);
  g_clear_error (&self->refused);
}

static void
check_listed (const SpSlotTable *table, const SpSealSlot *listed, GPtrArray *problems)
{
  for (guint i = 0; i < 2; i++) {
    const char *name = table_names[i];

    if (find_in_copy (table->copies[i], listed, FALSE) != NULL)
      continue;
    if (sp_slot_table_find (table, listed, FALSE) != NULL)
      g_ptr_array_add (problems,
                       sp_problem_new (SP_PROBLEM_COPY, name, listed->position,
                                       "One copy of a key slot is damaged; the other one serves."));
    else if (find_in_copy (table->copies[i], listed, TRUE) != NULL)
      g_ptr_array_add (
          problems,
          sp_problem_new (SP_PROBLEM_DAMAGED, name, listed->position,
                          "The name and dates of a key slot are damaged; the slot itself holds."));
    else if (sp_slot_table_find (table, listed, TRUE) != NULL)
      g_ptr_array_add (
          problems,
          sp_problem_new (
              SP_PROBLEM_COPY, name, listed->position,
              "One copy of a key slot is damaged; of the other one the slot itself holds."));
    else
      g_ptr_array_add (problems, sp_problem_new (SP_PROBLEM_MISSING, name, listed->position,
                                                 "A key slot of the vault is damaged or missing."));
  }
}

static void
check_foreign (const SpSlotTable *table, const SpSeal *seal, GPtrArray *problems)
{
  for (guint i = 0; i < 2; i++) {
    for (guint j = 0; j < table->copies[i]->len; j++) {
      const SpSlotRow *row = g_ptr_array_index (table->copies[i], j);
      gboolean listed = FALSE;

      for (guint k = 0; k < seal->slots->len && !listed; k++)
        listed = g_array_index (seal->slots, SpSealSlot, k).position == row->position;
      if (!listed)
        g_ptr_array_add (
            problems,
            sp_problem_new (
                SP_PROBLEM_FOREIGN, table_names[i], row->position,
                "A key slot that does not belong to the vault, or was removed from it, is in the file."));
    }
  }
}

/**
 * sp_vault_check_slots: (skip)
 * @self: a vault
 * @seal: its seal
 * @problems: (element-type SpProblem): where to append what is wrong
 * @error: return location for a [error@VaultError]
 *
 * Holds both copies of the slot table against the seal's list.
 *
 * Returns: whether they could be read
 */
gboolean
sp_vault_check_slots (SpVault *self, const SpSeal *seal, GPtrArray *problems, GError **error)
{
  SpSlotTable table;

  if (!sp_slot_table_read (self->db, &table, error))
    return FALSE;
  for (guint i = 0; i < seal->slots->len; i++)
    check_listed (&table, &g_array_index (seal->slots, SpSealSlot, i), problems);
  check_foreign (&table, seal, problems);
  for (guint i = 0; i < 2; i++)
    if (!table.complete[i])
      g_ptr_array_add (problems, sp_problem_new (SP_PROBLEM_UNREADABLE, table_names[i], 0,
                                                 "Not all rows of a slot table can be read."));
  sp_slot_table_clear (&table);
  return TRUE;
}
