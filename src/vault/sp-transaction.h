/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpTransaction: one change of the vault, from BEGIN IMMEDIATE to a durable commit.
 *
 * begin: check that the file is still ours, take SQLite's write lock, catch up with other processes.
 * Then any number of record writes, index changes, settings, slots and log entries.
 * commit: write the index, the log, the seal; commit; only then does the vault in memory change.
 * rollback, or a failed commit: nothing happened. */

#pragma once

#include "vault/sp-vault-private.h"

G_BEGIN_DECLS

struct _SpTransaction {
  SpVault *vault;
  SpSeal *seal; /* the next one */
  SpTree *tree;
  gint64 now_ms;
  gboolean logged;
  gint64 n_items_change; /* for the counts in the seal */
  gint64 n_trashed_change;
  SpWriter *overview; /* (owned) where overviews are put together */

  gboolean is_batch;
  gboolean failed; /* a change of the batch stopped half-way: it can only be rolled back */
  SpBatchKind batch_kind;
  GArray *created; /* (element-type guint64) numbers of items made by an import */
  GArray *updated; /* (element-type guint64) likewise, changed */
  GArray *purged;  /* (element-type SpId) (nullable) items deleted for good */
};

/* The same checks and the same lock, for records that the seal does not cover. */
gboolean sp_vault_begin_unsealed (SpVault *vault, GError **error) G_GNUC_WARN_UNUSED_RESULT;
SpTransaction *sp_transaction_begin (SpVault *vault, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Also where nothing else may be written: the key was used up, or a recovery key was used. */
SpTransaction *sp_transaction_begin_rotation (SpVault *vault,
                                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* For one change: the open batch if there is one, else a transaction of its own. */
SpTransaction *sp_transaction_join (SpVault *vault, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Ends what join began: nothing for a batch; else commit if `success`, rollback otherwise. Frees it. */
gboolean sp_transaction_leave (SpTransaction *self,
                               gboolean success,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_transaction_commit (SpTransaction *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sp_transaction_rollback (SpTransaction *self);

/* The store that a tree of this transaction writes to. */
void sp_transaction_get_store (SpTransaction *self, SpTreeStore *out_store);

/* Seals the content in the cipher's writer and puts it into its table; out_ref may be NULL. */
gboolean sp_transaction_put (SpTransaction *self,
                             SpTable table,
                             guint64 number,
                             SpRef *out_ref,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same for one behind all others of its table, which will grow. */
gboolean sp_transaction_put_new (SpTransaction *self,
                                 SpTable table,
                                 guint64 number,
                                 SpRef *out_ref,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads the record that `ref` names. MISSING rows and other records are DAMAGED, with a sentence. */
gboolean sp_vault_read_record (SpVault *vault,
                               SpTable table,
                               const SpRef *ref,
                               SpRecordBytes *out_content,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
SpRecords sp_table_get_records (SpTable table);

/* For sp_vault_accept() alone: an empty index under a seal of the caller's, in a write transaction that is
 * open. */
SpTransaction *sp_transaction_new_accept (SpVault *vault, SpSeal *seal) G_GNUC_WARN_UNUSED_RESULT;

/* A fresh vault's first transaction: the database is empty, the seal is `seal`. */
SpTransaction *
sp_transaction_begin_first (SpVault *vault, SpSeal *seal, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
