/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The chain of earlier versions names backwards, so it is written from the oldest entry to the newest, and
 * then the detail, and then the overview. */

#define G_LOG_DOMAIN "sp-transplant"

#include "config.h"

#include "vault/sp-transplant.h"

#include <string.h>

typedef struct {
  SpTransaction *tx;
  SpVault *source;
  SpInspection *found;
  SpOverviewLinks links; /* in the target */
  guint64 number;
} Transplant;

static gboolean
copy_chunks (Transplant *self,
             const SpAttachmentRef *from,
             const SpAttachmentRef *to,
             GError **error)
{
  guint64 n_chunks = sp_attachment_count_chunks (from);
  SpVault *target = self->tx->vault;
  guint64 revision = 0;

  for (guint32 i = 0; i < n_chunks; i++) {
    SpChunkName name = { to->number, self->tx->seal->sequence, to->key_id, i, i + 1 == n_chunks };
    SpRecordBytes data, record;

    if (!sp_vault_read_chunk (self->source, from, i, &revision, &data, error) ||
        !sp_chunk_seal (target->cipher, &name, data.data, data.len, &record, error) ||
        !sp_records_put (target->db, SP_RECORDS_ATTACHMENT, name.attachment << SP_CHUNK_BITS | i,
                         name.revision, record.data, record.len, error))
      return FALSE;
  }
  return TRUE;
}

/* The key ids stay: they were random, and the key is another one. */
static gboolean
copy_attachments (Transplant *self, GError **error)
{
  const GArray *attachments = self->found->attachments;

  self->links.attachments = g_array_new (FALSE, FALSE, sizeof (SpAttachmentRef));
  for (guint i = 0; i < attachments->len; i++) {
    const SpAttachmentRef *from = &g_array_index (attachments, SpAttachmentRef, i);
    SpAttachmentRef to = *from;

    to.number = self->tx->seal->next_number++;
    if (!copy_chunks (self, from, &to, error))
      return FALSE;
    g_array_append_val (self->links.attachments, to);
  }
  return TRUE;
}

/* Attachments get their new numbers; those that are lost go. */
static void
renumber_attachments (Transplant *self, SpItem *item)
{
  for (guint i = item->attachments->len; i > 0; i--) {
    SpAttachment *attachment = g_ptr_array_index (item->attachments, i - 1);
    const GArray *held = self->found->attachments;
    guint j = 0;

    while (j < held->len && g_array_index (held, SpAttachmentRef, j).number != attachment->number)
      j++;
    if (j < held->len)
      attachment->number = g_array_index (self->links.attachments, SpAttachmentRef, j).number;
    else
      g_ptr_array_remove_index (item->attachments, i - 1);
  }
}

static const SpRef *
newest_entry (const Transplant *self)
{
  return self->links.n_history > 0 ? &self->links.history : NULL;
}

static gboolean
put_entry (Transplant *self, SpItem *version, gint64 replaced_ms, GError **error)
{
  SpHistoryEntry entry = { .item_number = self->number, .replaced_ms = replaced_ms };
  g_autoptr (SpWriter) detail = sp_writer_new ();

  renumber_attachments (self, version);
  if (!sp_detail_encode (version, newest_entry (self), detail, error))
    return FALSE;
  entry.has_previous = self->links.n_history > 0;
  entry.previous = self->links.history;
  entry.detail = sp_writer_peek (detail, &entry.detail_len);
  sp_history_encode (&entry, sp_record_begin (self->tx->vault->cipher));
  if (!sp_transaction_put (self->tx, SP_TABLE_HISTORY, self->tx->seal->next_number++,
                           &self->links.history, error))
    return FALSE;
  self->links.n_history++;
  return TRUE;
}

static gboolean
copy_history (Transplant *self, GError **error)
{
  const GArray *history = self->found->history;

  for (guint i = history->len; i > 0; i--) {
    g_autoptr (SpItem) version = NULL;
    SpHistoryEntry entry;
    SpRecordBytes content;

    if (!sp_vault_read_record (self->source, SP_TABLE_HISTORY,
                               &g_array_index (history, SpRef, i - 1), &content, error) ||
        !sp_history_decode (content.data, content.len, &entry, error))
      return FALSE;
    version = sp_detail_decode (entry.detail, entry.detail_len, NULL, error);
    if (version == NULL || !put_entry (self, version, entry.replaced_ms, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
put_item (Transplant *self, GError **error)
{
  SpTransaction *tx = self->tx;
  SpItem *item = self->found->item;
  SpOverviewBytes bytes;

  item->number = self->number;
  renumber_attachments (self, item);
  self->links.strength = self->found->links.strength;
  self->links.unknown_flags = self->found->links.unknown_flags;
  if (!sp_detail_encode (item, newest_entry (self), sp_record_begin (tx->vault->cipher), error) ||
      !sp_transaction_put (tx, SP_TABLE_DETAIL, self->number, &self->links.detail, error))
    return FALSE;

  sp_writer_reset (tx->overview);
  sp_overview_encode (item, &self->links, tx->overview);
  bytes.data = sp_writer_peek (tx->overview, &bytes.len);
  if (!sp_tree_append (tx->tree, self->number, bytes, error))
    return FALSE;
  tx->n_items_change++;
  tx->n_trashed_change += item->trashed ? 1 : 0;
  return TRUE;
}

/**
 * sp_transplant_item: (skip)
 * @tx: a transaction of the vault that the item goes to
 * @source: the vault that it comes from
 * @found: what holds of it there
 * @error: return location for a [error@VaultError]
 *
 * Returns: whether it is there now; if not, @tx must be rolled back
 */
gboolean
sp_transplant_item (SpTransaction *tx, SpVault *source, SpInspection *found, GError **error)
{
  Transplant self = { .tx = tx, .source = source, .found = found };
  gboolean done;

  self.number = tx->seal->next_number++;
  done = copy_attachments (&self, error) && copy_history (&self, error) && put_item (&self, error);
  sp_overview_links_clear (&self.links);
  return done;
}
