/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Both copies of the slot table, held against what the seal lists (VAULT-FORMAT.md §4.2, §5). */

#pragma once

#include "vault/sp-vault-private.h"

G_BEGIN_DECLS

typedef struct {
  GPtrArray *copies[2]; /* (element-type SpSlotRow) (owned) slot_a, slot_b */
  gboolean complete[2]; /* all rows could be read */
} SpSlotTable;

gboolean
sp_slot_table_read (SpDb *db, SpSlotTable *out_table, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sp_slot_table_clear (SpSlotTable *self);

/* The row that is what the seal lists, from either copy; with `fixed_only` its changing part may differ.
 * NULL when there is none. */
const SpSlotRow *
sp_slot_table_find (const SpSlotTable *self, const SpSealSlot *listed, gboolean fixed_only);

/* The fixed parts to try, from both copies, without doubles. (element-type SpSlotCandidate) */
typedef struct {
  guint64 position;
  SpKeyslot slot;
} SpSlotCandidate;

/* What could not be a candidate is counted, so that the caller can say why nothing opens. */
typedef struct {
  GArray *candidates;
  guint n_damaged;
  guint n_newer;
  GError *refused; /* (nullable) the first that asks for a KDF out of limits */
} SpSlotCandidates;

void sp_slot_table_get_candidates (const SpSlotTable *self, SpSlotCandidates *out_candidates);
void sp_slot_candidates_clear (SpSlotCandidates *self);

G_END_DECLS
