/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Attachments (VAULT-FORMAT.md §8): cut into chunks on the way in, put together on the way out; never whole
 * in memory. */

#define G_LOG_DOMAIN "sp-vault-attach"

#include "config.h"

#include <string.h>

#include "base/sp-pages.h"
#include "base/sp-wipe.h"
#include "crypto/sp-hash.h"
#include "crypto/sp-random.h"
#include "vault/sp-overview.h"
#include "vault/sp-transaction.h"
#include "vault/sp-vault-items.h"

static gboolean
set_io_error (GError **error, const GError *cause)
{
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_CANCELLED,
                         "Cancelled. Nothing was changed.");
  else
    g_set_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_IO,
                 "The attachment could not be read or written: %s", cause->message);
  return FALSE;
}

static gboolean
put_chunk (SpTransaction *tx,
           const SpChunkName *name,
           const guint8 *data,
           gsize len,
           GError **error)
{
  SpRecordBytes record;

  return sp_chunk_seal (tx->vault->cipher, name, data, len, &record, error) &&
         sp_records_put (tx->vault->db, SP_RECORDS_ATTACHMENT,
                         name->attachment << SP_CHUNK_BITS | name->index, name->revision,
                         record.data, record.len, error);
}

/* Reads the stream to its end into chunks; fills number, key id, size and hash. */
static gboolean
store_stream (SpTransaction *tx,
              SpAttachment *attachment,
              GInputStream *stream,
              guint8 *buffer,
              GCancellable *cancellable,
              GError **error)
{
  g_autoptr (SpSha256) hash = sp_sha256_new (error);
  SpChunkName name = { .attachment = attachment->number,
                       .revision = tx->seal->sequence,
                       .key_id = attachment->key_id };

  while (hash != NULL && !name.last) {
    g_autoptr (GError) local_error = NULL;
    gsize len;

    if (!g_input_stream_read_all (stream, buffer, SP_CHUNK_LEN, &len, cancellable, &local_error))
      return set_io_error (error, local_error);
    name.last = len < SP_CHUNK_LEN;
    if (!sp_sha256_update (hash, buffer, len, error) || !put_chunk (tx, &name, buffer, len, error))
      return FALSE;
    attachment->size += len;
    if (++name.index >= 1u << SP_CHUNK_BITS) {
      g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID,
                           "The attachment is too large: 64 GiB is the limit.");
      return FALSE;
    }
  }
  return hash != NULL && sp_sha256_finish (hash, attachment->sha256, error);
}

static char *
guess_media_type (const char *name)
{
  g_autofree char *type = g_content_type_guess (name, NULL, 0, NULL);
  char *mime = g_content_type_get_mime_type (type);

  return mime != NULL ? mime : g_strdup ("application/octet-stream");
}

static SpAttachment *
store_attachment (SpTransaction *tx,
                  const char *name,
                  GInputStream *stream,
                  GCancellable *cancellable,
                  GError **error)
{
  SpAttachment *attachment = g_new0 (SpAttachment, 1);
  guint8 *buffer = sp_pages_alloc (SP_CHUNK_LEN, SP_PAGES_DEFAULT);
  gboolean done = buffer != NULL;

  if (!done)
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_IO, "There is not enough memory.");
  attachment->number = tx->seal->next_number++;
  attachment->name = g_strdup (name);
  attachment->media_type = guess_media_type (name);
  attachment->added_ms = tx->now_ms;
  done = done && sp_random_id (&attachment->key_id, error) &&
         store_stream (tx, attachment, stream, buffer, cancellable, error);
  if (buffer != NULL)
    sp_pages_free (buffer, SP_CHUNK_LEN, SP_PAGES_DEFAULT);
  if (!done)
    g_clear_pointer (&attachment, sp_attachment_free);
  return attachment;
}

/* The overview must name an attachment before an item may have it. */
static gboolean
link_attachment (SpTransaction *tx, SpItem *item, const SpAttachment *attachment, GError **error)
{
  SpAttachmentRef ref = { attachment->number, attachment->key_id, attachment->size };
  SpOverviewBytes bytes;
  SpOverviewLinks links;
  gboolean done = FALSE;

  if (!sp_tree_find (tx->tree, item->number, &bytes)) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NOT_FOUND, "There is no such item.");
    return FALSE;
  }
  sp_overview_decode_links (bytes.data, bytes.len, &links);
  if (links.attachments == NULL)
    links.attachments = g_array_new (FALSE, FALSE, sizeof (SpAttachmentRef));
  if (links.attachments->len >= SP_ITEM_MAX_ATTACHMENTS) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID,
                         "An item, with its earlier versions, has at most 1,024 attachments.");
  } else {
    g_array_append_val (links.attachments, ref);
    sp_writer_reset (tx->overview);
    sp_overview_encode (item, &links, tx->overview);
    bytes.data = sp_writer_peek (tx->overview, &bytes.len);
    done = sp_tree_replace (tx->tree, item->number, bytes, error);
  }
  sp_overview_links_clear (&links);
  return done;
}

static gboolean
check_file_name (const char *name, GError **error)
{
  if (*name != '\0' && g_utf8_validate (name, -1, NULL) && strchr (name, '/') == NULL)
    return TRUE;
  g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID,
                       "An attachment needs a file name, in UTF-8 and without a folder.");
  return FALSE;
}

/* Several steps as one: inside a batch when there is one, else in one of its own. */
static gboolean
begin_steps (SpVault *self, gboolean *out_own, GError **error)
{
  *out_own = self->batch == NULL;
  return !*out_own || sp_vault_begin (self, SP_BATCH_EDIT, error);
}

static gboolean
end_steps (SpVault *self, gboolean own, gboolean done, GError **error)
{
  if (!own) {
    if (!done)
      self->batch->failed = TRUE;
    return done;
  }
  if (done)
    return sp_vault_commit (self, error);
  sp_vault_rollback (self);
  return sp_vault_translate (error);
}

static gboolean
attach (SpVault *self,
        guint64 number,
        const char *name,
        GInputStream *stream,
        GCancellable *cancellable,
        GError **error)
{
  g_autoptr (SpItem) item = sp_vault_load (self, number, error);
  SpAttachment *attachment;

  if (item == NULL)
    return FALSE;
  attachment = store_attachment (self->batch, name, stream, cancellable, error);
  if (attachment == NULL)
    return FALSE;
  if (!link_attachment (self->batch, item, attachment, error)) {
    sp_attachment_free (attachment);
    return FALSE;
  }
  g_ptr_array_add (item->attachments, attachment);
  return sp_vault_save_as (self, item, SP_EVENT_ATTACHMENT_ADDED, error);
}

/**
 * sp_vault_attach:
 * @self: a vault
 * @number: an item's number
 * @name: the file's name, without a folder
 * @stream: its content; read to the end
 * @cancellable: (nullable): to cancel it
 * @error: return location for a [error@VaultError]
 *
 * Adds an attachment, as a new version of the item.
 *
 * Returns: whether it is stored
 */
gboolean
sp_vault_attach (SpVault *self,
                 guint64 number,
                 const char *name,
                 GInputStream *stream,
                 GCancellable *cancellable,
                 GError **error)
{
  gboolean own;

  if (!check_file_name (name, error) || !begin_steps (self, &own, error))
    return FALSE;
  return end_steps (self, own, attach (self, number, name, stream, cancellable, error), error);
}

/**
 * sp_vault_detach:
 * @self: a vault
 * @number: an item's number
 * @attachment_number: the number of one of its attachments
 * @error: return location for a [error@VaultError]
 *
 * Takes an attachment off an item; earlier versions still have it.
 *
 * Returns: whether that is stored
 */
gboolean
sp_vault_detach (SpVault *self, guint64 number, guint64 attachment_number, GError **error)
{
  g_autoptr (SpItem) item = sp_vault_load (self, number, error);

  if (item == NULL)
    return FALSE;
  for (guint i = 0; i < item->attachments->len; i++) {
    const SpAttachment *attachment = g_ptr_array_index (item->attachments, i);

    if (attachment->number == attachment_number) {
      g_ptr_array_remove_index (item->attachments, i);
      return sp_vault_save_as (self, item, SP_EVENT_ATTACHMENT_REMOVED, error);
    }
  }
  g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NOT_FOUND,
                       "The item has no such attachment.");
  return FALSE;
}

/* One chunk, valid until the next record is opened. */
static gboolean
read_chunk (SpVault *self, SpChunkName *name, SpRecordBytes *out_data, GError **error)
{
  guint64 id = name->attachment << SP_CHUNK_BITS | name->index;
  const guint8 *data;
  gsize len;

  if (!sp_records_get (self->db, SP_RECORDS_ATTACHMENT, id, &name->revision, &data, &len, error))
    return sp_vault_translate (error);
  if (data == NULL) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED,
                         "A part of the attachment is missing.");
    return FALSE;
  }
  return sp_chunk_open (self->cipher, name, data, len, out_data, error);
}

/**
 * sp_vault_read_attachment:
 * @self: a vault
 * @attachment: an attachment of an item of it, of an earlier version too
 * @stream: where its content goes
 * @cancellable: (nullable): to cancel it
 * @error: return location for a [error@VaultError]
 *
 * Writes an attachment's content. What was written before an error is to be thrown away.
 *
 * Returns: whether all of it was written, and has the size and hash that it should
 */
gboolean
sp_vault_read_attachment (SpVault *self,
                          const SpAttachment *attachment,
                          GOutputStream *stream,
                          GCancellable *cancellable,
                          GError **error)
{
  guint64 n_chunks = attachment->size / SP_CHUNK_LEN + 1;
  g_autoptr (SpSha256) hash = sp_sha256_new (error);
  guint8 digest[SP_HASH_LEN];

  if (hash == NULL)
    return sp_vault_translate (error);
  for (guint64 i = 0; i < n_chunks; i++) {
    SpChunkName name = { .attachment = attachment->number,
                         .key_id = attachment->key_id,
                         .index = (guint32) i,
                         .last = i + 1 == n_chunks };
    g_autoptr (GError) local_error = NULL;
    SpRecordBytes data;

    if (!read_chunk (self, &name, &data, error) ||
        !sp_sha256_update (hash, data.data, data.len, error))
      return sp_vault_translate (error);
    if (!g_output_stream_write_all (stream, data.data, data.len, NULL, cancellable, &local_error))
      return set_io_error (error, local_error);
  }
  if (!sp_sha256_finish (hash, digest, error))
    return sp_vault_translate (error);
  if (!sp_bytes_equal (digest, attachment->sha256, sizeof digest)) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED,
                         "The attachment is not what was stored.");
    return FALSE;
  }
  return TRUE;
}

/* The content of one attachment, encrypted anew as one of another item. */
static SpAttachment *
copy_attachment (SpVault *self, const SpAttachment *attachment, GError **error)
{
  SpTransaction *tx = self->batch;
  g_autoptr (SpSecretBuffer) chunk = sp_secret_buffer_new ();
  SpAttachment *copy = sp_attachment_copy (attachment);
  guint64 n_chunks = attachment->size / SP_CHUNK_LEN + 1;
  gboolean done;

  copy->number = tx->seal->next_number++;
  copy->added_ms = tx->now_ms;
  done = sp_random_id (&copy->key_id, error);
  for (guint64 i = 0; done && i < n_chunks; i++) {
    SpChunkName from = { attachment->number, 0, attachment->key_id, (guint32) i,
                         i + 1 == n_chunks };
    SpChunkName to = { copy->number, tx->seal->sequence, copy->key_id, (guint32) i, from.last };
    SpRecordBytes data;

    done = read_chunk (self, &from, &data, error);
    if (done) {
      sp_secret_buffer_truncate (chunk, 0);
      sp_secret_buffer_append (chunk, data.data, data.len);
      done = put_chunk (tx, &to, sp_secret_buffer_peek (chunk), data.len, error);
    }
  }
  if (!done)
    g_clear_pointer (&copy, sp_attachment_free);
  return copy;
}

static guint64
duplicate (SpVault *self, guint64 number, const char *title, GError **error)
{
  g_autoptr (SpItem) source = sp_vault_load (self, number, error);
  g_autoptr (SpItem) copy = NULL;

  if (source == NULL)
    return 0;
  copy = sp_item_copy (source);
  memset (&copy->id, 0, sizeof copy->id);
  copy->number = 0;
  copy->created_ms = 0;
  copy->modified_ms = 0;
  copy->used_ms = 0;
  copy->use_count = 0;
  copy->trashed = FALSE;
  copy->trashed_ms = 0;
  sp_item_set_title (copy, title);
  g_ptr_array_set_size (copy->attachments, 0);
  if (!sp_vault_save (self, copy, error))
    return 0;

  for (guint i = 0; i < source->attachments->len; i++) {
    SpAttachment *attachment = copy_attachment (self, g_ptr_array_index (source->attachments, i),
                                                error);

    if (attachment == NULL || !link_attachment (self->batch, copy, attachment, error))
      return 0;
    g_ptr_array_add (copy->attachments, attachment);
  }
  if (copy->attachments->len > 0 && !sp_vault_save (self, copy, error))
    return 0;
  return copy->number;
}

/**
 * sp_vault_duplicate:
 * @self: a vault
 * @number: an item's number
 * @title: the copy's title
 * @error: return location for a [error@VaultError]
 *
 * Copies an item, with its attachments and without its history.
 *
 * Returns: the copy's number, or 0 with @error set
 */
guint64
sp_vault_duplicate (SpVault *self, guint64 number, const char *title, GError **error)
{
  guint64 copy;
  gboolean own;

  if (!begin_steps (self, &own, error))
    return 0;
  copy = duplicate (self, number, title, error);
  return end_steps (self, own, copy != 0, error) ? copy : 0;
}
