/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-transaction"

#include "config.h"

#include "vault/sp-transaction.h"

#include "base/sp-wipe.h"

#include "vault/sp-commit-order.h"

/* VAULT-FORMAT.md §5: half of what random 96-bit nonces allow under one key (NIST SP 800-38D §8.3). */
#define MAX_ENCRYPTIONS (G_GUINT64_CONSTANT (1) << 31)

static SpTransaction *
transaction_new (SpVault *vault, SpSeal *seal)
{
  SpTransaction *self = g_new0 (SpTransaction, 1);
  SpTreeStore store;

  self->vault = vault;
  self->seal = seal;
  self->now_ms = sp_vault_now (vault);
  self->overview = sp_writer_new ();
  sp_transaction_get_store (self, &store);
  self->tree = vault->snapshot != NULL ? sp_tree_new (vault->snapshot, &store)
                                       : sp_tree_new_empty (&store);
  return self;
}

static void
transaction_free (SpTransaction *self)
{
  g_clear_pointer (&self->tree, sp_tree_free);
  g_clear_pointer (&self->seal, sp_seal_free);
  g_clear_pointer (&self->overview, sp_writer_free);
  g_clear_pointer (&self->created, g_array_unref);
  g_clear_pointer (&self->updated, g_array_unref);
  g_clear_pointer (&self->purged, g_array_unref);
  g_free (self);
}

/**
 * sp_transaction_get_store: (skip)
 * @self: a transaction
 * @out_store: (out): where its index goes
 */
void
sp_transaction_get_store (SpTransaction *self, SpTreeStore *out_store)
{
  out_store->db = self->vault->db;
  out_store->cipher = self->vault->cipher;
  out_store->arena = self->vault->arena;
  out_store->revision = self->seal->sequence;
  out_store->next_number = &self->seal->next_number;
}

static gboolean
check_writable (SpVault *vault, gboolean rotation, GError **error)
{
  if (!sp_vault_is_writable (vault) && !(rotation && vault->state == SP_VAULT_STATE_SOUND)) {
    g_set_error_literal (
        error, SP_VAULT_ERROR, SP_VAULT_ERROR_READ_ONLY,
        vault->state == SP_VAULT_STATE_SOUND
            ? "The vault was opened with a recovery key: a new master password comes first. Nothing was changed."
        : vault->state == SP_VAULT_STATE_READ_ONLY
            ? "The vault was opened read-only. Nothing was changed."
            : "The vault does not verify, so it is read-only. Nothing was changed.");
    return FALSE;
  }
  if (!sp_db_is_same_file (vault->db)) {
    g_set_error_literal (
        error, SP_VAULT_ERROR, SP_VAULT_ERROR_REPLACED,
        "The vault's file was replaced or removed while it was open. Nothing was changed.");
    return FALSE;
  }
  return TRUE;
}

static gboolean
begin (SpVault *vault, gboolean rotation, GError **error)
{
  g_assert (vault->batch == NULL);

  if (!check_writable (vault, rotation, error))
    return FALSE;
  if (!sp_db_begin_write (vault->db, error))
    return sp_vault_translate (error);
  if (!sp_vault_catch_up (vault, NULL, error)) {
    sp_db_rollback (vault->db);
    return FALSE;
  }

  if (!rotation && vault->seal->n_encryptions >= MAX_ENCRYPTIONS) {
    sp_db_rollback (vault->db);
    g_set_error_literal (
        error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID,
        "The vault key has been used so often that it must be replaced before anything "
        "else is written. Nothing was changed.");
    return FALSE;
  }
  return TRUE;
}

/**
 * sp_vault_begin_unsealed: (skip)
 * @vault: a writable vault without an open batch
 * @error: return location for a [error@VaultError]
 *
 * Takes the write lock and catches up with what other processes wrote. As it stands the transaction is for
 * records that the seal does not cover; it is ended by sp_db_commit() or sp_db_rollback().
 *
 * Returns: whether the database is to be written now; if not, nothing happened
 */
gboolean
sp_vault_begin_unsealed (SpVault *vault, GError **error)
{
  return begin (vault, FALSE, error);
}

/**
 * sp_transaction_begin_rotation: (skip)
 * @vault: a sound vault without an open batch
 * @error: return location for a [error@VaultError]
 *
 * For the one change that is possible with a vault key that was used up, and after a recovery key was used.
 *
 * Returns: (transfer full): a transaction, or `NULL` and nothing happened
 */
SpTransaction *
sp_transaction_begin_rotation (SpVault *vault, GError **error)
{
  SpSeal *seal;

  if (!begin (vault, TRUE, error))
    return NULL;
  seal = sp_seal_copy (vault->seal);
  seal->sequence++;
  return transaction_new (vault, seal);
}

/**
 * sp_transaction_begin: (skip)
 * @vault: a writable vault without an open batch
 * @error: return location for a [error@VaultError]
 *
 * Takes the write lock and catches up with what other processes wrote.
 *
 * Returns: (transfer full): a transaction, or `NULL` and nothing happened
 */
SpTransaction *
sp_transaction_begin (SpVault *vault, GError **error)
{
  SpSeal *seal;

  if (!sp_vault_begin_unsealed (vault, error))
    return NULL;
  seal = sp_seal_copy (vault->seal);
  seal->sequence++;
  return transaction_new (vault, seal);
}

/**
 * sp_transaction_begin_first: (skip)
 * @vault: a vault that is being made
 * @seal: (transfer full): its seal, with its first sequence
 * @error: return location for a [error@VaultError]
 *
 * Returns: (transfer full): the transaction that makes the vault, or `NULL`
 */
SpTransaction *
sp_transaction_begin_first (SpVault *vault, SpSeal *seal, GError **error)
{
  if (!sp_db_begin_write (vault->db, error)) {
    sp_seal_free (seal);
    sp_vault_translate (error);
    return NULL;
  }
  return transaction_new (vault, seal);
}

/**
 * sp_transaction_new_accept: (skip)
 * @vault: a vault whose database has a write transaction open
 * @seal: (transfer full): the seal to be, with its sequence
 *
 * Begins with an empty index, and asks nothing: whoever accepts what is there has looked at it.
 *
 * Returns: (transfer full): a transaction that ends in another state than that of the vault
 */
SpTransaction *
sp_transaction_new_accept (SpVault *vault, SpSeal *seal)
{
  SpTransaction *self = transaction_new (vault, seal);
  SpTreeStore store;

  sp_tree_free (self->tree);
  sp_transaction_get_store (self, &store);
  self->tree = sp_tree_new_empty (&store);
  return self;
}

/**
 * sp_transaction_join: (skip)
 * @vault: a vault
 * @error: return location for a [error@VaultError]
 *
 * Returns: the open batch, or a new transaction; to be ended by sp_transaction_leave()
 */
SpTransaction *
sp_transaction_join (SpVault *vault, GError **error)
{
  return vault->batch != NULL ? vault->batch : sp_transaction_begin (vault, error);
}

/* These are found out before anything is written. */
static gboolean
did_nothing (GError **error)
{
  return error != NULL && (g_error_matches (*error, SP_VAULT_ERROR, SP_VAULT_ERROR_CONFLICT) ||
                           g_error_matches (*error, SP_VAULT_ERROR, SP_VAULT_ERROR_NOT_FOUND));
}

/**
 * sp_transaction_leave: (skip)
 * @self: what sp_transaction_join() gave
 * @success: whether the change was made; @error is set if not
 * @error: return location for a [error@VaultError]
 *
 * Returns: whether the change was made and, outside a batch, is durable
 */
gboolean
sp_transaction_leave (SpTransaction *self, gboolean success, GError **error)
{
  if (self->is_batch) {
    if (!success && !did_nothing (error))
      self->failed = TRUE;
    return success;
  }
  if (success)
    return sp_transaction_commit (self, error);
  sp_transaction_rollback (self);
  return FALSE;
}

/**
 * sp_transaction_rollback: (skip)
 * @self: (transfer full): a transaction
 *
 * Forgets it: file and memory are as before.
 */
void
sp_transaction_rollback (SpTransaction *self)
{
  sp_db_rollback (self->vault->db);
  sp_record_cipher_take_count (self->vault->cipher);
  sp_record_forget (self->vault->cipher);
  transaction_free (self);
}

/* A seal that its own reader refuses would lock its owner out, so it is read before it is written. */
static gboolean
seal_can_be_read (SpRecordCipher *cipher, GError **error)
{
  g_autoptr (SpSeal) seal = NULL;
  SpRecordBytes content;

  sp_record_peek (cipher, &content);
  seal = sp_seal_decode (content.data, content.len, error);
  return seal != NULL;
}

/* The seal's record is kept for comparison, so it is copied out of the cipher's buffer. */
static GBytes *
seal_seal (SpTransaction *self, GError **error)
{
  SpRecordCipher *cipher = self->vault->cipher;
  SpRecordName name = { SP_TABLE_SEAL, 1, self->seal->sequence, NULL };
  SpRecordBytes record;

  self->seal->n_encryptions += sp_record_cipher_take_count (cipher) + 1;
  sp_seal_encode (self->seal, sp_record_begin (cipher));
  if (!seal_can_be_read (cipher, error) || !sp_record_seal (cipher, &name, &record, error))
    return NULL;
  sp_record_cipher_take_count (cipher);
  return g_bytes_new (record.data, record.len);
}

/* What is deleted for good must not live on in a draft. */
static gboolean
drop_purged_drafts (SpTransaction *self, GError **error)
{
  guint n_deleted;

  return self->purged == NULL ||
         sp_vault_delete_drafts (self->vault, (const SpId *) (const void *) self->purged->data,
                                 self->purged->len, &n_deleted, error);
}

static gboolean
finish (SpTransaction *self, SpSnapshot **out_snapshot, GBytes **out_record, GError **error)
{
  SpSeal *seal = self->seal;

  if (!self->logged && !sp_transaction_log (self, SP_EVENT_SETTING_CHANGED, NULL, 0, error))
    return FALSE;
  if (!drop_purged_drafts (self, error))
    return FALSE;

  g_array_set_size (seal->blocks, 0);
  *out_snapshot = sp_tree_finish (self->tree, seal->blocks, error);
  if (*out_snapshot == NULL)
    return FALSE;

  seal->n_items = (guint64) ((gint64) seal->n_items + self->n_items_change);
  seal->n_trashed = (guint64) ((gint64) seal->n_trashed + self->n_trashed_change);
  seal->changed_ms = self->now_ms;
  g_free (seal->device);
  seal->device = g_strdup (self->vault->device);

  *out_record = seal_seal (self, error);
  if (*out_record == NULL)
    return FALSE;
  return sp_commit_order_finish (self->vault->db, seal->sequence,
                                 g_bytes_get_data (*out_record, NULL),
                                 g_bytes_get_size (*out_record), error);
}

typedef enum {
  IN_FILE_OLD,
  IN_FILE_NEW,
  IN_FILE_UNKNOWN,
} InFile;

static gboolean
seal_is (SpDb *db, SpRecords table, GBytes *record)
{
  const guint8 *data;
  guint64 revision;
  gsize len;
  gboolean read = sp_records_get (db, table, 1, &revision, &data, &len, NULL) && data != NULL;

  return read && len == g_bytes_get_size (record) &&
         sp_bytes_equal (data, g_bytes_get_data (record, NULL), len);
}

static gboolean
one_seal_is (SpDb *db, GBytes *record)
{
  return seal_is (db, SP_RECORDS_SEAL_A, record) || seal_is (db, SP_RECORDS_SEAL_B, record);
}

/* What a commit that failed has left. */
static InFile
look_in_file (SpVault *vault, GBytes *record)
{
  InFile found = IN_FILE_UNKNOWN;

  if (!sp_db_begin_read (vault->db, NULL))
    return found;
  if (one_seal_is (vault->db, record))
    found = IN_FILE_NEW;
  else if (vault->seal_record == NULL || one_seal_is (vault->db, vault->seal_record))
    found = IN_FILE_OLD;
  sp_db_end_read (vault->db);
  return found;
}

/* After a rotation the vault key is the one that the file has. There is no pin of it: should the change be lost
 * with the power, the former state is the newest one. */
static void
fail_uncertain (SpVault *vault,
                InFile found,
                SpSeal **seal,
                GBytes **record,
                SpSnapshot **snapshot,
                GError **error)
{
  if (error != NULL && *error != NULL && (*error)->domain == SP_VAULT_ERROR)
    (*error)->code = SP_VAULT_ERROR_UNCERTAIN;
  if (found == IN_FILE_NEW && (*seal)->key_epoch != vault->seal->key_epoch)
    sp_vault_take_state (vault, g_steal_pointer (seal), g_steal_pointer (record),
                         g_steal_pointer (snapshot));
}

static gboolean
fail (SpTransaction *self, SpSnapshot *snapshot, GBytes *record, GError **error)
{
  g_autoptr (SpSnapshot) made = snapshot;
  g_autoptr (GBytes) sealed = record;
  g_autoptr (SpSeal) seal = sealed != NULL ? g_steal_pointer (&self->seal) : NULL;
  SpVault *vault = self->vault;
  InFile found;

  sp_vault_translate (error);
  sp_transaction_rollback (self);
  /* A lock that was not got is no commit. */
  if (seal == NULL ||
      (error != NULL && g_error_matches (*error, SP_VAULT_ERROR, SP_VAULT_ERROR_BUSY)))
    return FALSE;
  found = look_in_file (vault, sealed);
  if (found != IN_FILE_OLD)
    fail_uncertain (vault, found, &seal, &sealed, &made, error);
  return FALSE;
}

/**
 * sp_transaction_commit: (skip)
 * @self: (transfer full): a transaction
 * @error: return location for a [error@VaultError]
 *
 * Makes the change durable, and then visible in the vault.
 *
 * Returns: whether it is durable; if not, file and memory are as before, but with UNCERTAIN: the change may be in the file then,
 *   and is in memory if it replaces the vault key and the file shows it
 */
gboolean
sp_transaction_commit (SpTransaction *self, GError **error)
{
  gint64 start = g_get_monotonic_time ();
  g_autoptr (SpSnapshot) snapshot = NULL;
  g_autoptr (GBytes) record = NULL;
  SpVault *vault = self->vault;

  if (!finish (self, &snapshot, &record, error))
    return fail (self, g_steal_pointer (&snapshot), g_steal_pointer (&record), error);

  sp_vault_take_state (vault, g_steal_pointer (&self->seal), g_steal_pointer (&record),
                       g_steal_pointer (&snapshot));
  transaction_free (self);
  sp_record_forget (vault->cipher);
  sp_pin_write (vault);
  vault->timings.save_us = g_get_monotonic_time () - start;
  return TRUE;
}

/**
 * sp_table_get_records: (skip)
 * @table: a table of VAULT-FORMAT.md §2.2 with one copy of each record
 *
 * Returns: the store's name for it
 */
SpRecords
sp_table_get_records (SpTable table)
{
  switch (table) {
  case SP_TABLE_SETTING:
    return SP_RECORDS_SETTING;
  case SP_TABLE_INDEX_BLOCK:
    return SP_RECORDS_INDEX_BLOCK;
  case SP_TABLE_PAGE:
    return SP_RECORDS_PAGE;
  case SP_TABLE_DETAIL:
    return SP_RECORDS_DETAIL;
  case SP_TABLE_HISTORY:
    return SP_RECORDS_HISTORY;
  case SP_TABLE_ATTACHMENT:
    return SP_RECORDS_ATTACHMENT;
  case SP_TABLE_AUDIT:
    return SP_RECORDS_AUDIT;
  case SP_TABLE_DRAFT:
    return SP_RECORDS_DRAFT;
  case SP_TABLE_SLOT:
  case SP_TABLE_SEAL:
  default:
    g_assert_not_reached ();
  }
}

static gboolean
put (SpTransaction *self, SpTable table, guint64 number, gsize room, SpRef *out_ref, GError **error)
{
  SpRecordName name = { table, number, self->seal->sequence, NULL };
  SpRecords records = sp_table_get_records (table);
  SpRecordBytes record;

  if (!sp_record_seal (self->vault->cipher, &name, &record, error))
    return FALSE;
  if (room > 0 ? !sp_records_put_new (self->vault->db, records, number, name.revision, record.data,
                                      record.len, room, error)
               : !sp_records_put (self->vault->db, records, number, name.revision, record.data,
                                  record.len, error))
    return FALSE;
  if (out_ref != NULL)
    sp_record_get_ref (&name, &record, out_ref);
  return TRUE;
}

/**
 * sp_transaction_put: (skip)
 * @self: a transaction
 * @table: where the record goes
 * @number: its number
 * @out_ref: (out) (optional): how its parent names it
 * @error: return location for an error
 *
 * Seals the content that was put into the cipher's writer and stores it.
 *
 * Returns: whether that was done
 */
gboolean
sp_transaction_put (SpTransaction *self,
                    SpTable table,
                    guint64 number,
                    SpRef *out_ref,
                    GError **error)
{
  return put (self, table, number, 0, out_ref, error);
}

/**
 * sp_transaction_put_new: (skip)
 * @self: a transaction
 * @table: where the record goes
 * @number: a number above all in that table
 * @out_ref: (out) (optional): how its parent names it
 * @error: return location for an error
 *
 * Seals the content that was put into the cipher's writer and stores it where it can grow.
 *
 * Returns: whether that was done
 */
gboolean
sp_transaction_put_new (SpTransaction *self,
                        SpTable table,
                        guint64 number,
                        SpRef *out_ref,
                        GError **error)
{
  return put (self, table, number, sp_record_get_frame_len (table, 0), out_ref, error);
}

/**
 * sp_vault_read_record: (skip)
 * @vault: a vault
 * @table: where the record is
 * @ref: how its parent names it
 * @out_content: (out): its content, valid until the next record is opened
 * @error: return location for a [error@VaultError]
 *
 * Reads the very record that a parent names, and no other.
 *
 * Returns: %TRUE, or %FALSE with DAMAGED when it is not there or not that one
 */
gboolean
sp_vault_read_record (SpVault *vault,
                      SpTable table,
                      const SpRef *ref,
                      SpRecordBytes *out_content,
                      GError **error)
{
  SpRecordName name = { table, ref->number, ref->revision, NULL };
  SpRecords records = sp_table_get_records (table);
  const guint8 *data;
  guint64 revision;
  gsize len;

  if (!sp_records_get (vault->db, records, ref->number, &revision, &data, &len, error))
    return sp_vault_translate (error);
  if (data == NULL) {
    g_set_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED,
                 "Record %" G_GUINT64_FORMAT " of the table %s is missing.", ref->number,
                 sp_records_get_name (records));
    return FALSE;
  }
  if (revision != ref->revision || len < SP_AEAD_OVERHEAD ||
      !sp_bytes_equal (data + len - SP_AEAD_TAG_LEN, ref->tag, SP_AEAD_TAG_LEN)) {
    g_set_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED,
                 "Record %" G_GUINT64_FORMAT " of the table %s is not the one that belongs there.",
                 ref->number, sp_records_get_name (records));
    return FALSE;
  }
  return sp_record_open (vault->cipher, &name, data, len, out_content, error);
}
