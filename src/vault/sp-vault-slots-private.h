/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the files that read and change key slots share. */

#pragma once

#include "vault/sp-slot-table.h"
#include "vault/sp-transaction.h"
#include "vault/sp-vault-slots.h"

G_BEGIN_DECLS

/* A slot that the seal lists, with both its parts. */
typedef struct {
  guint64 position;
  SpKeyslot slot;
  SpKeyslotChanging changing;
} SpFullSlot;

/* sp-vault-slots.c */
SpSealSlot *sp_vault_find_listed_slot (const SpSeal *seal, const SpId *id);
gboolean sp_slot_row_parse (const SpSlotRow *row,
                            SpKeyslot *out_slot,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_vault_read_slot (SpVault *self,
                             const SpSeal *seal,
                             const SpId *id,
                             SpFullSlot *out,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
SpSlotInfo *sp_slot_info_new (const SpVault *self,
                              const SpFullSlot *full) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
