/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Replacing the vault key (VAULT-FORMAT.md §3.3), so that nothing that opened the vault before opens it any more, but
 * for the key slots that were brought along.
 *
 * A plan first: slots come along when what opens them is at hand (keep), or when they get something new (a master
 * password, a renewed recovery key, to be written down before the commit). All others are lost with the old
 * key, and listed. Nothing is written until sp_vault_rotate_keys(), which is one transaction: cancelled, killed or
 * failed, it leaves the vault as it was. */

#pragma once

#include <gio/gio.h>

#include "vault/sp-vault-repair.h"
#include "vault/sp-vault-slots.h"

G_BEGIN_DECLS

typedef struct _SpRotation SpRotation;

/* `vault` must outlive the plan. */
SpRotation *sp_rotation_new (SpVault *vault, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sp_rotation_free (SpRotation *self);

/* All slots of that kind that these open come along. Runs the KDF. WRONG_KEY (or what is missing) when there is none;
 * a wrong password is counted as a failed unlock. */
gboolean sp_rotation_keep (SpRotation *self,
                           SpSlotKind kind,
                           const SpKeyslotFactors *factors,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A password slot comes along with another password, for which `id` NULL is the one that opened this session, else the
 * first one, else a new one. Runs the KDF. INVALID when it asks for more than that, but after a recovery. */
gboolean sp_rotation_set_password (SpRotation *self,
                                   const SpId *id,
                                   const SpKeyslotFactors *factors,
                                   const SpKdfCost *cost,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A recovery key comes along as another one, which is returned: 20 bytes. Name and expiry stay, so it is EXPIRED when
 * its time is over. It does not count as a way in by itself, for nobody knows whether it is on paper by then. */
SpSecret *sp_rotation_renew_recovery_key (SpRotation *self,
                                          const SpId *id,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The slot is not to come along, whatever is said before or after: it is revoked. */
gboolean
sp_rotation_drop (SpRotation *self, const SpId *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Slots that do not come along; damaged ones, and those of a later version, have no name and kind 0.
 * (element-type SpSlotInfo) */
GPtrArray *sp_rotation_list_lost (const SpRotation *self) G_GNUC_WARN_UNUSED_RESULT;

/* UNCERTAIN: the disk failed at the very end, and what opened the vault before or what opens it after may be right: both are
 * to be kept. LAST_SLOT when no slot would come along that opens the vault for good; CONFLICT when its key slots were changed
 * since the plan was made; DAMAGED when anything does not hold, for a rotation must not make it look sound. The last
 * import cannot be undone afterwards. */
gboolean sp_vault_rotate_keys (SpVault *self,
                               const SpRotation *plan,
                               SpProgress progress,
                               gpointer data,
                               GCancellable *cancellable,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpRotation, sp_rotation_free)

G_END_DECLS
