/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Ending a batch, and taking back the last import (VAULT-FORMAT.md §12, setting 2). */

#define G_LOG_DOMAIN "sp-vault-import"

#include "config.h"

#include <string.h>

#include "vault/sp-overview.h"
#include "vault/sp-transaction.h"
#include "vault/sp-vault-items.h"

typedef struct {
  guint64 sequence;
  GArray *created; /* (element-type guint64) */
  GArray *updated; /* (element-type guint64) */
} LastImport;

static void
write_ranges (SpWriter *writer, const GArray *numbers)
{
  g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, 2 * sizeof (guint64));

  for (guint i = 0; i < numbers->len; i++) {
    guint64 number = g_array_index (numbers, guint64, i);
    guint64 *last = ranges->len > 0 ? (guint64 *) (void *) (ranges->data + (ranges->len - 1) * 2 *
                                                                               sizeof (guint64))
                                    : NULL;
    guint64 range[2] = { number, number };

    if (last != NULL && last[1] + 1 == number)
      last[1] = number;
    else
      g_array_append_vals (ranges, range, 1);
  }
  sp_writer_varint (writer, ranges->len);
  for (guint i = 0; i < ranges->len * 2; i++)
    sp_writer_varint (writer, ((const guint64 *) (const void *) ranges->data)[i]);
}

/**
 * sp_transaction_note_import: (skip)
 * @tx: the transaction of an import
 * @error: return location for an error
 *
 * Stores what is needed to take the import back, and logs it.
 *
 * Returns: whether that was done
 */
gboolean
sp_transaction_note_import (SpTransaction *tx, GError **error)
{
  g_autoptr (SpWriter) writer = sp_writer_new ();
  const guint8 *data;
  gsize len;

  sp_writer_u8 (writer, 1);
  sp_writer_u64 (writer, tx->seal->sequence);
  write_ranges (writer, tx->created);
  sp_writer_varint (writer, tx->updated->len);
  for (guint i = 0; i < tx->updated->len; i++) {
    sp_writer_varint (writer, g_array_index (tx->updated, guint64, i));
    sp_writer_varint (writer, tx->seal->sequence);
  }
  data = sp_writer_peek (writer, &len);
  return sp_vault_write_setting (tx, SP_SETTING_LAST_IMPORT, data, len, error) &&
         sp_transaction_log (tx, SP_EVENT_IMPORTED, NULL, tx->created->len + tx->updated->len,
                             error);
}

/**
 * sp_vault_commit:
 * @self: a vault with an open batch
 * @error: return location for a [error@VaultError]
 *
 * Ends the batch. When it fails, all its changes are gone.
 *
 * Returns: whether the batch is durable
 */
gboolean
sp_vault_commit (SpVault *self, GError **error)
{
  SpTransaction *tx;

  g_return_val_if_fail (self->batch != NULL, FALSE);

  tx = g_steal_pointer (&self->batch);
  if (tx->failed) {
    sp_transaction_rollback (tx);
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID,
                         "A change of the batch had failed half-way. Nothing was changed.");
    return FALSE;
  }
  if (tx->batch_kind == SP_BATCH_IMPORT && !sp_transaction_note_import (tx, error)) {
    sp_transaction_rollback (tx);
    return sp_vault_translate (error);
  }
  return sp_transaction_commit (tx, error);
}

static void
last_import_clear (LastImport *self)
{
  g_clear_pointer (&self->created, g_array_unref);
  g_clear_pointer (&self->updated, g_array_unref);
}

static void
read_created (SpReader *reader, GArray *created)
{
  guint64 n;

  sp_reader_varint (reader, &n);
  for (guint64 i = 0; i < n && !reader->failed; i++) {
    guint64 first, last;

    sp_reader_varint (reader, &first);
    sp_reader_varint (reader, &last);
    if (last < first || last - first > 100 * 1000 * 1000)
      sp_reader_fail (reader);
    for (guint64 number = first; !reader->failed && number <= last; number++)
      g_array_append_val (created, number);
  }
}

static gboolean
parse_last_import (const SpSecret *data, LastImport *out)
{
  SpReader reader;
  guint64 n, number, revision;
  guint8 version;
  gsize len;
  const guint8 *bytes = sp_secret_peek (data, &len);

  out->created = g_array_new (FALSE, FALSE, sizeof (guint64));
  out->updated = g_array_new (FALSE, FALSE, sizeof (guint64));
  sp_reader_init (&reader, bytes, len);
  if (!sp_reader_u8 (&reader, &version) || version != 1)
    return FALSE;
  sp_reader_u64 (&reader, &out->sequence);
  read_created (&reader, out->created);
  sp_reader_varint (&reader, &n);
  for (guint64 i = 0; i < n && !reader.failed; i++) {
    sp_reader_varint (&reader, &number);
    sp_reader_varint (&reader, &revision);
    g_array_append_val (out->updated, number);
  }
  return sp_reader_finish (&reader);
}

static gboolean
read_last_import (SpTransaction *tx, LastImport *out, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (SpSecret) data = NULL;

  data = sp_vault_read_setting (tx->vault, tx->seal, SP_SETTING_LAST_IMPORT, &local_error);
  if (local_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  if (data == NULL) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NOT_FOUND,
                         "There is no import that could be taken back.");
    return FALSE;
  }
  if (parse_last_import (data, out))
    return TRUE;
  last_import_clear (out);
  g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED,
                       "The record of the last import is damaged.");
  return FALSE;
}

typedef enum {
  UNTOUCHED,
  CHANGED,
  GONE,
} Fate;

/* What became of an item since the import of that sequence. */
static Fate
get_fate (SpTransaction *tx, guint64 number, guint64 sequence)
{
  SpOverviewBytes bytes;
  SpOverviewLinks links;
  Fate fate;

  if (!sp_tree_find (tx->tree, number, &bytes))
    return GONE;
  sp_overview_decode_links (bytes.data, bytes.len, &links);
  fate = links.detail.revision == sequence ? UNTOUCHED : CHANGED;
  sp_overview_links_clear (&links);
  return fate;
}

static gboolean
undo_created (SpTransaction *tx,
              const LastImport *import,
              guint *undone,
              guint *kept,
              GError **error)
{
  for (guint i = 0; i < import->created->len; i++) {
    guint64 number = g_array_index (import->created, guint64, i);
    Fate fate = get_fate (tx, number, import->sequence);

    if (fate == CHANGED)
      (*kept)++;
    if (fate != UNTOUCHED)
      continue;
    if (!sp_vault_purge_item (tx, number, error))
      return FALSE;
    (*undone)++;
  }
  return TRUE;
}

static gboolean
undo_updated (SpTransaction *tx,
              const LastImport *import,
              guint *undone,
              guint *kept,
              GError **error)
{
  for (guint i = 0; i < import->updated->len; i++) {
    guint64 number = g_array_index (import->updated, guint64, i);
    Fate fate = get_fate (tx, number, import->sequence);

    if (fate == CHANGED)
      (*kept)++;
    if (fate != UNTOUCHED)
      continue;
    if (!sp_vault_restore_version (tx->vault, number, 0, error))
      return FALSE;
    (*undone)++;
  }
  return TRUE;
}

/**
 * sp_vault_undo_import:
 * @self: a vault
 * @out_undone: (out) (optional): items that are gone, or as before
 * @out_kept: (out) (optional): items that were changed since, and stay
 * @error: return location for a [error@VaultError]
 *
 * Takes back the last import, in one transaction.
 *
 * Returns: whether that is durable; NOT_FOUND when there is none to take back
 */
gboolean
sp_vault_undo_import (SpVault *self, guint *out_undone, guint *out_kept, GError **error)
{
  guint undone = 0, kept = 0;
  LastImport import = { 0 };
  SpTransaction *tx;
  gboolean done;

  if (self->batch != NULL) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID,
                         "An import is not taken back inside a batch.");
    return FALSE;
  }
  if (!sp_vault_begin (self, SP_BATCH_EDIT, error))
    return FALSE;
  tx = self->batch;
  done = read_last_import (tx, &import, error) &&
         undo_created (tx, &import, &undone, &kept, error) &&
         undo_updated (tx, &import, &undone, &kept, error) &&
         sp_vault_write_setting (tx, SP_SETTING_LAST_IMPORT, NULL, 0, error) &&
         sp_transaction_log (tx, SP_EVENT_IMPORT_UNDONE, NULL, undone, error);
  last_import_clear (&import);
  if (!done) {
    sp_vault_rollback (self);
    return sp_vault_translate (error);
  }
  if (!sp_vault_commit (self, error))
    return FALSE;
  if (out_undone != NULL)
    *out_undone = undone;
  if (out_kept != NULL)
    *out_kept = kept;
  return TRUE;
}
