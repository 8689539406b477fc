/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What reading, saving and changing items have in common, for sp-vault-items.c and sp-vault-change.c. */

#pragma once

#include "vault/sp-overview.h"
#include "vault/sp-transaction.h"

G_BEGIN_DECLS

static inline gboolean
sp_vault_set_not_found (GError **error)
{
  g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NOT_FOUND, "There is no such item.");
  return FALSE;
}

static inline gboolean
sp_transaction_is_import (const SpTransaction *tx)
{
  return tx->is_batch && tx->batch_kind == SP_BATCH_IMPORT;
}

SpItem *sp_vault_load_detail (SpVault *self,
                              const SpOverview *overview,
                              const SpOverviewLinks *links,
                              SpRecordBytes *out_content,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_vault_put_detail (SpTransaction *tx,
                              SpItem *item,
                              SpOverviewLinks *links,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
SpOverviewBytes
sp_vault_encode_overview (SpTransaction *tx, const SpItem *item, const SpOverviewLinks *links);
gboolean sp_vault_log_change (SpTransaction *tx,
                              SpEventKind kind,
                              const SpItem *item,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
