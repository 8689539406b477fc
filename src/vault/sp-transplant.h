/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bringing an item from one vault into a transaction of another, with its earlier versions and attachments,
 * under new numbers and another key. */

#pragma once

#include "vault/sp-vault-inspect.h"

G_BEGIN_DECLS

/* `found` is what holds of the item in `source`; its item is changed on the way. */
gboolean sp_transplant_item (SpTransaction *tx,
                             SpVault *source,
                             SpInspection *found,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
