/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-commit-order"

#include "config.h"

#include "vault/sp-commit-order.h"

/**
 * sp_commit_order_finish: (skip)
 * @db: a database with an open write transaction
 * @revision: the new sequence
 * @seal: the seal's record
 * @len: its length
 * @error: return location for an error
 *
 * Writes both copies of the seal and commits.
 *
 * Returns: whether the change is durable; if not, nothing of it is in the file
 */
gboolean
sp_commit_order_finish (SpDb *db, guint64 revision, const guint8 *seal, gsize len, GError **error)
{
  return sp_records_put (db, SP_RECORDS_SEAL_A, 1, revision, seal, len, error) &&
         sp_records_put (db, SP_RECORDS_SEAL_B, 1, revision, seal, len, error) &&
         sp_db_commit (db, error);
}
