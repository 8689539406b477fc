/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the files of the activity log share. */

#pragma once

#include "vault/sp-log-check.h"
#include "vault/sp-vault-private.h"

G_BEGIN_DECLS

/* sp-vault-log.c: FALSE for whatever is not an entry of that number, written with the vault's key. `out_event` has no device; that is
 * `out_device` (optional), valid until the next record is opened. */
gboolean sp_log_open_entry (SpVault *vault,
                            const SpRecordName *name,
                            SpRecordBytes record,
                            SpEvent *out_event,
                            guint8 out_before[static SP_HASH_LEN],
                            const char **out_device);

gboolean sp_transaction_log_pruned (SpTransaction *tx,
                                    guint64 n,
                                    guint64 last,
                                    const guint8 chain[static SP_HASH_LEN],
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* sp-log-check.c, in a read transaction */
gboolean sp_log_check_run (SpLogCheck *self,
                           SpVault *vault,
                           const SpSeal *seal,
                           guint max,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
