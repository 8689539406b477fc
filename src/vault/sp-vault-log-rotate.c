/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The activity log when the vault key is replaced (VAULT-FORMAT.md §9): each entry is encrypted anew and chained
 * under the new key, and keeps what its chain value was before, in its detail 1, so that a machine that saw an
 * earlier state still knows it for the same log. */

#define G_LOG_DOMAIN "sp-vault-log"

#include "config.h"

#include <string.h>

#include "base/sp-wipe.h"
#include "vault/sp-transaction.h"

#define DETAIL_EARLIER  1
#define EARLIER_LEN     16 /* of each value, the first of its bytes */
#define MAX_EARLIER_LEN 256
#define MAX_DETAILS     16
#define AFTER_CHAIN     (1 + SP_HASH_LEN)

/* Where in an entry's content its details stand. */
typedef struct {
  gsize head_len; /* up to their number */
  guint64 n_details;
  const guint8 *before; /* details with a smaller key than DETAIL_EARLIER */
  gsize before_len;
  const guint8 *earlier; /* (nullable) that detail's value */
  gsize earlier_len;
  const guint8 *after; /* details with a larger key */
  gsize after_len;
} Layout;

static void
read_details (SpReader *reader, Layout *out)
{
  const guint8 *start = reader->data + reader->position;

  out->before = out->after = start;
  for (guint64 i = 0; i < out->n_details && !reader->failed; i++) {
    const guint8 *data;
    guint64 key;
    gsize len;

    sp_reader_varint (reader, &key);
    sp_reader_bytes (reader, &data, &len);
    if (key == DETAIL_EARLIER) {
      out->earlier = data;
      out->earlier_len = len;
    }
    if (key <= DETAIL_EARLIER)
      out->after = reader->data + reader->position;
    if (key < DETAIL_EARLIER)
      out->before_len = (gsize) (out->after - start);
  }
  out->after_len = (gsize) (reader->data + reader->position - out->after);
}

static gboolean
read_layout (SpRecordBytes content, Layout *out)
{
  const guint8 *skipped;
  const char *device;
  SpReader reader;
  guint64 number;
  guint8 byte;

  memset (out, 0, sizeof *out);
  sp_reader_init (&reader, content.data, content.len);
  sp_reader_fixed (&reader, AFTER_CHAIN, &skipped);
  sp_reader_varint (&reader, &number);
  sp_reader_varint (&reader, &number);
  sp_reader_u8 (&reader, &byte);
  sp_reader_fixed (&reader, (gsize) 2 * SP_ID_LEN, &skipped);
  sp_reader_varint (&reader, &number);
  sp_reader_string (&reader, &device, NULL);
  out->head_len = reader.position;
  sp_reader_varint_max (&reader, MAX_DETAILS, &out->n_details);
  read_details (&reader, out);
  return sp_reader_finish (&reader) && content.data[0] == SP_FORMAT_VERSION;
}

/* An entry of a later version may have no room for one more detail: a pin at just that entry no longer knows it. */
static void
write_entry (SpRecordBytes content,
             const Layout *layout,
             const guint8 *before,
             const guint8 *earlier,
             SpWriter *writer)
{
  gsize kept = MIN (layout->earlier_len / EARLIER_LEN * EARLIER_LEN, MAX_EARLIER_LEN - EARLIER_LEN);
  gboolean has_earlier = layout->earlier != NULL;
  gboolean fits = has_earlier || layout->n_details < MAX_DETAILS;

  sp_writer_u8 (writer, SP_FORMAT_VERSION);
  sp_writer_fixed (writer, before, SP_HASH_LEN);
  sp_writer_fixed (writer, content.data + AFTER_CHAIN, layout->head_len - AFTER_CHAIN);
  sp_writer_varint (writer, layout->n_details + (fits && !has_earlier ? 1 : 0));
  sp_writer_fixed (writer, layout->before, layout->before_len);
  if (fits) {
    sp_writer_varint (writer, DETAIL_EARLIER);
    sp_writer_varint (writer, EARLIER_LEN + kept);
    sp_writer_fixed (writer, earlier, EARLIER_LEN);
    if (kept > 0)
      sp_writer_fixed (writer, layout->earlier, kept);
  }
  sp_writer_fixed (writer, layout->after, layout->after_len);
}

static gboolean
set_damaged (guint64 number, GError **error)
{
  g_set_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED,
               "Entry %" G_GUINT64_FORMAT " of the activity log does not hold.", number);
  return FALSE;
}

typedef struct {
  SpTransaction *tx;
  SpVault *source;
  guint8 old_chain[SP_HASH_LEN];
  guint8 new_chain[SP_HASH_LEN];
} Rewriter;

static gboolean
rewrite_entry (Rewriter *self, guint64 number, GError **error)
{
  SpVault *vault = self->tx->vault;
  SpRecordName name = { SP_TABLE_AUDIT, number, 0, NULL };
  SpRecordBytes record, content;
  Layout layout;

  if (!sp_records_get (vault->db, SP_RECORDS_AUDIT, number, &name.revision, &record.data,
                       &record.len, error))
    return FALSE;
  if (record.data == NULL ||
      !sp_record_open (self->source->cipher, &name, record.data, record.len, &content, NULL) ||
      !read_layout (content, &layout) ||
      !sp_bytes_equal (content.data + 1, self->old_chain, SP_HASH_LEN))
    return set_damaged (number, error);
  if (!sp_vault_extend_chain (self->source, &name, record, self->old_chain, error))
    return FALSE;

  write_entry (content, &layout, self->new_chain, self->old_chain, sp_record_begin (vault->cipher));
  name.revision = self->tx->seal->sequence;
  return sp_record_seal (vault->cipher, &name, &record, error) &&
         sp_records_put (vault->db, SP_RECORDS_AUDIT, number, name.revision, record.data,
                         record.len, error) &&
         sp_vault_extend_chain (vault, &name, record, self->new_chain, error);
}

/**
 * sp_vault_rewrite_log: (skip)
 * @tx: a transaction, whose vault has its new keys
 * @source: the same vault under the former ones
 * @error: return location for a [error@VaultError]
 *
 * Encrypts and chains all entries anew. The chain as it was is checked on the way: what does not hold must not
 * be made to.
 *
 * Returns: whether that was done
 */
gboolean
sp_vault_rewrite_log (SpTransaction *tx, SpVault *source, GError **error)
{
  Rewriter self = { .tx = tx, .source = source };
  SpSeal *seal = tx->seal;

  memcpy (self.old_chain, seal->audit_base, SP_HASH_LEN);
  memcpy (self.new_chain, seal->audit_base, SP_HASH_LEN);
  for (guint64 number = seal->audit_first; number <= seal->audit_last; number++)
    if (!rewrite_entry (&self, number, error))
      return FALSE;
  if (!sp_bytes_equal (self.old_chain, seal->audit_head, SP_HASH_LEN))
    return set_damaged (seal->audit_last, error);
  memcpy (seal->audit_head, self.new_chain, SP_HASH_LEN);
  return TRUE;
}

/**
 * sp_vault_had_head: (skip)
 * @self: a vault
 * @number: an entry of its log
 * @head: what a pin has as its chain value
 * @out_had: (out): whether the entry says that it had that value under an earlier vault key
 * @error: return location for a [error@VaultError]
 *
 * Returns: whether the entry could be asked; one that is missing or damaged says nothing
 */
gboolean
sp_vault_had_head (SpVault *self,
                   guint64 number,
                   const guint8 head[static SP_HASH_LEN],
                   gboolean *out_had,
                   GError **error)
{
  SpRecordName name = { SP_TABLE_AUDIT, number, 0, NULL };
  g_autoptr (GError) local_error = NULL;
  SpRecordBytes record, content;
  Layout layout;

  *out_had = FALSE;
  if (!sp_records_get (self->db, SP_RECORDS_AUDIT, number, &name.revision, &record.data,
                       &record.len, &local_error)) {
    if (g_error_matches (local_error, SP_STORE_ERROR, SP_STORE_ERROR_CORRUPT))
      return TRUE;
    g_propagate_error (error, g_steal_pointer (&local_error));
    return sp_vault_translate (error);
  }
  if (record.data == NULL ||
      !sp_record_open (self->cipher, &name, record.data, record.len, &content, NULL) ||
      !read_layout (content, &layout))
    return TRUE;
  for (gsize at = 0; at + EARLIER_LEN <= layout.earlier_len; at += EARLIER_LEN)
    *out_had |= sp_bytes_equal (layout.earlier + at, head, EARLIER_LEN);
  return TRUE;
}
