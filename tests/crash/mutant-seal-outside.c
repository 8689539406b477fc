/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A vault that seals a change only after it has committed it: the suite must notice. */

#include "config.h"

#include "crash.h"
#include "vault/sp-commit-order.h"

const char *const crash_mutant = "a seal written outside the transaction";

gboolean
sp_commit_order_finish (SpDb *db, guint64 revision, const guint8 *seal, gsize len, GError **error)
{
  return sp_db_commit (db, error) && sp_db_begin_write (db, error) &&
         sp_records_put (db, SP_RECORDS_SEAL_A, 1, revision, seal, len, error) &&
         sp_records_put (db, SP_RECORDS_SEAL_B, 1, revision, seal, len, error) &&
         sp_db_commit (db, error);
}
