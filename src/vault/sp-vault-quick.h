/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Quick unlock: a slot of a random key, of which one half is kept in the keyring and the other in a file that is gone when
 * the user's session ends (services/sp-quick-unlock.h). It expires, a vault has one at most, and a change of the master
 * password or of the vault key takes it away. */

#pragma once

#include "vault/sp-vault.h"

G_BEGIN_DECLS

#define SP_QUICK_KEY_LEN 64

/* In the place of the one that there may be. */
gboolean sp_vault_set_quick_unlock (SpVault *self,
                                    const SpSecret *key,
                                    gint64 expires_ms,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_vault_remove_quick_unlock (SpVault *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* When it expires; 0 when there is none. */
gboolean sp_vault_get_quick_unlock (SpVault *self,
                                    gint64 *out_expires_ms,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
