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

/* An error of one slot alone (damaged, refused, of a newer version), beside which others may be good. */
gboolean sp_slot_error_is_of_slot (const GError *error);

gboolean sp_vault_drop_unlisted_slots (SpTransaction *tx, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* sp-vault-quick.c */
gboolean sp_transaction_drop_quick_slots (SpTransaction *tx,
                                          gint64 expired_ms,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* sp-vault-slots-change.c */
gboolean sp_vault_check_slot_change (SpVault *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
  const SpSecret *key;
  guint32 epoch;
} SpVaultKey;

gboolean sp_vault_make_slot (SpVault *self,
                             const SpVaultKey *key,
                             SpSlotKind kind,
                             const SpKeyslotFactors *factors,
                             const SpKdfCost *cost,
                             SpKeyslot *inout_slot,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_vault_put_new_slot (SpTransaction *tx,
                                const SpKeyslot *slot,
                                const char *name,
                                gint64 expires_ms,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean
sp_vault_unlist_slot (SpTransaction *tx, const SpId *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
