/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Secrets of a vault in the desktop's keyring, by libsecret: what any program of the same user can read while the keyring
 * is unlocked, so never all that opens a vault. The calls wait for the keyring, and for a person whom it asks for its
 * password: not in the main loop. */

#pragma once

#include <gio/gio.h>

#include "base/sp-id.h"
#include "base/sp-secret.h"

G_BEGIN_DECLS

typedef enum {
  SP_KEYRING_QUICK_UNLOCK, /* half of the key */
} SpKeyringUse;

/* In the place of what there is. `label` is what a keyring manager shows. */
gboolean sp_keyring_store (SpKeyringUse use,
                           const SpId *vault_id,
                           const char *label,
                           const SpSecret *secret,
                           GCancellable *cancellable,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* NULL without an error: there is none. */
SpSecret *sp_keyring_lookup (SpKeyringUse use,
                             const SpId *vault_id,
                             GCancellable *cancellable,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Also when there is none. */
gboolean sp_keyring_clear (SpKeyringUse use,
                           const SpId *vault_id,
                           GCancellable *cancellable,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
