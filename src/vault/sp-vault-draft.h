/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Drafts: edits that are not saved yet, kept in the vault so that they outlive a lock or a kill.
 *
 * A draft is the whole item as it stands in the editor, encrypted like everything else, and durable when
 * saving it returns. It is no change of the vault: no sequence moves, nothing is logged, and saving an
 * item leaves its draft alone; whoever saved it calls sp_vault_drop_draft().
 *
 * Nothing in the vault names a draft (VAULT-FORMAT.md §7.3), so whoever can write the file can take one away or bring an
 * older one back, though not make or read one: a draft is only ever offered, never applied unasked.
 *
 * None of these may be called with a batch open. */

#pragma once

#include "vault/sp-item.h"
#include "vault/sp-vault.h"

G_BEGIN_DECLS

#define SP_VAULT_MAX_DRAFTS 16

typedef struct {
  SpItem *
      item; /* number, revision and tag are those that the edit began with, so that saving it tells a
                 * CONFLICT as it would have then; 0 for a new item */
  gint64 saved_ms;
  gboolean
      moved; /* the item was changed or purged since the edit began: saving will be a CONFLICT */
  gboolean saved; /* the item has this content already: nothing to offer, drop it */
} SpDraft;

void sp_draft_free (SpDraft *self);

/* Keeps `item`, in place of an earlier draft of the item with that id; a new item that has no id yet is given
 * one. READ_ONLY, REPLACED, BUSY, ... as for any change. INVALID: the item cannot be stored, or there are
 * SP_VAULT_MAX_DRAFTS of other items, none of which is let go for it. */
gboolean
sp_vault_save_draft (SpVault *self, SpItem *item, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* All drafts, the latest first. (element-type SpDraft). One that is damaged, or not of this vault, is left out,
 * and told in `out_problems` (optional; element-type SpProblem, sp-vault-repair.h) as verifying would. */
GPtrArray *sp_vault_load_drafts (SpVault *self,
                                 GPtrArray **out_problems,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Done also when there is none of an item with that id. Purging an item drops its draft by itself. */
gboolean
sp_vault_drop_draft (SpVault *self, const SpId *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* An edit that cannot be written now, for as long as this process lives: encrypted as in the file, and so no secret. The
 * second gives it back, also after the vault was closed and opened again; DAMAGED in every other vault. */
GBytes *
sp_vault_seal_draft (SpVault *self, const SpItem *item, GError **error) G_GNUC_WARN_UNUSED_RESULT;
SpItem *
sp_vault_open_draft (SpVault *self, GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpDraft, sp_draft_free)

G_END_DECLS
