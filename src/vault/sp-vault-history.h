/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The chain of earlier versions, for the files of the vault that change items. */

#pragma once

#include "vault/sp-detail.h"
#include "vault/sp-overview.h"
#include "vault/sp-transaction.h"

G_BEGIN_DECLS

/* Walks the chain from the newest entry on. `visit` gets each entry and its ref, while they are valid;
 * it returns FALSE to stop. DAMAGED when an entry does not hold. */
typedef gboolean (*SpHistoryVisit) (const SpRef *ref, const SpHistoryEntry *entry, gpointer data);
gboolean sp_history_walk (SpVault *vault,
                          const SpOverviewLinks *links,
                          guint64 item_number,
                          SpHistoryVisit visit,
                          gpointer data,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Removes what is beyond SP_ITEM_MAX_HISTORY, and attachments that no version names any more. */
gboolean sp_history_trim (SpTransaction *tx,
                          const SpItem *item,
                          SpOverviewLinks *links,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Removes all of an item's history entries and attachments: it is being purged. */
gboolean sp_history_purge (SpTransaction *tx,
                           guint64 item_number,
                           SpOverviewLinks *links,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
