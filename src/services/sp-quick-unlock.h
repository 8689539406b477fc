/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where the key of a quick unlock (vault/sp-vault-quick.h) is kept: half of it in the keyring, half in a file of mode 0600
 * in the folder that is emptied when the user's session ends. Neither half opens anything. All but sp_quick_unlock_get_expiry()
 * may wait for the keyring: not in the main loop. */

#pragma once

#include <gio/gio.h>

#include "base/sp-id.h"
#include "base/sp-secret.h"

G_BEGIN_DECLS

/* `path` is the vault's; `label` is what a keyring manager shows of it. NOT_SUPPORTED: there is no such folder. */
gboolean sp_quick_unlock_save (const char *path,
                               const SpId *vault_id,
                               const char *label,
                               gint64 expires_ms,
                               const SpSecret *key,
                               GCancellable *cancellable,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* NOT_FOUND: one of the halves is missing. */
SpSecret *sp_quick_unlock_load (const char *path,
                                GCancellable *cancellable,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The file first, since without it the other half is worth nothing. */
void sp_quick_unlock_forget (const char *path);
/* When it expires; 0 when there is none. A small file is read. */
gint64 sp_quick_unlock_get_expiry (const char *path);

G_END_DECLS
