/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One AEAD context for each table, keyed when it is first needed. The writer that a content is put
 * into starts with four bytes for the frame's length. */

#define G_LOG_DOMAIN "sp-record"

#include "config.h"

#include "vault/sp-record.h"

#include <string.h>

#include "base/sp-pages.h"
#include "base/sp-wipe.h"
#include "crypto/sp-crypto.h"
#include "crypto/sp-hash.h"
#include "crypto/sp-random.h"
#include "vault/sp-vault-error.h"

#define AAD_LEN       46
#define CHUNK_AAD_LEN (AAD_LEN + 21)
#define FRAME_HEAD    4
#define INFO_PREFIX   "securepass/1/"

typedef struct {
  const char *purpose; /* of the sub-key, §3.2 */
  const char *label;   /* for messages */
  guint padding;       /* §2.2 */
} TableInfo;

static const TableInfo tables[SP_N_TABLES] = {
  [SP_TABLE_SLOT] = { "slot", "key slot", 64 },
  [SP_TABLE_SEAL] = { "seal", "seal", 256 },
  [SP_TABLE_SETTING] = { "setting", "setting", 64 },
  [SP_TABLE_INDEX_BLOCK] = { "index", "index block", 64 },
  [SP_TABLE_PAGE] = { "page", "page", 2044 },
  [SP_TABLE_DETAIL] = { "detail", "detail", 128 },
  [SP_TABLE_HISTORY] = { "history", "history entry", 128 },
  [SP_TABLE_ATTACHMENT] = { "attachment", "attachment", 0 },
  [SP_TABLE_AUDIT] = { "audit", "activity", 64 },
  [SP_TABLE_DRAFT] = { "draft", "draft", 128 },
};

/* A run of wiped pages that grows and never shrinks. */
typedef struct {
  guint8 *data;
  gsize len;
} Buffer;

struct _SpRecordCipher {
  SpSecret *vault_key;
  SpId vault_id;
  guint32 key_epoch;
  guint64 n_encryptions;
  SpAead *aead[SP_N_TABLES]; /* (owned) (nullable) */
  SpRandomPool *nonces;
  SpWriter *writer;
  Buffer sealed;
  Buffer opened;
  gsize n_opened; /* bytes of it that hold a plaintext */
};

static gboolean
buffer_reserve (Buffer *self, gsize len, GError **error)
{
  gsize wanted = MAX (len, 64 * 1024);

  if (self->len >= len)
    return TRUE;

  if (self->data != NULL)
    sp_pages_free (self->data, self->len, SP_PAGES_DEFAULT);
  self->len = 0;
  self->data = sp_pages_alloc (wanted, SP_PAGES_DEFAULT);
  if (self->data == NULL) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_IO,
                         "There is not enough memory for a record of the vault.");
    return FALSE;
  }
  self->len = wanted;
  return TRUE;
}

static void
buffer_clear (Buffer *self)
{
  if (self->data != NULL)
    sp_pages_free (self->data, self->len, SP_PAGES_DEFAULT);
  self->data = NULL;
  self->len = 0;
}

/**
 * sp_record_cipher_new:
 * @vault_key: 32 bytes
 * @vault_id: goes into every record's additional data
 * @key_epoch: likewise
 *
 * Returns: (transfer full): a cipher for the records of one vault
 */
SpRecordCipher *
sp_record_cipher_new (const SpSecret *vault_key, const SpId *vault_id, guint32 key_epoch)
{
  SpRecordCipher *self = g_new0 (SpRecordCipher, 1);

  self->vault_key = sp_secret_ref (vault_key);
  self->vault_id = *vault_id;
  self->key_epoch = key_epoch;
  self->nonces = sp_random_pool_new ();
  self->writer = sp_writer_new ();
  return self;
}

/**
 * sp_record_cipher_free:
 * @self: a cipher
 *
 * Frees it and wipes its keys and buffers.
 */
void
sp_record_cipher_free (SpRecordCipher *self)
{
  for (guint i = 0; i < SP_N_TABLES; i++)
    g_clear_pointer (&self->aead[i], sp_aead_free);
  sp_secret_unref (self->vault_key);
  sp_random_pool_free (self->nonces);
  sp_writer_free (self->writer);
  buffer_clear (&self->sealed);
  buffer_clear (&self->opened);
  g_free (self);
}

/**
 * sp_record_cipher_get_key_epoch:
 * @self: a cipher
 *
 * Returns: the key epoch of the vault key
 */
guint32
sp_record_cipher_get_key_epoch (const SpRecordCipher *self)
{
  return self->key_epoch;
}

/**
 * sp_record_cipher_get_vault_id:
 * @self: a cipher
 *
 * Returns: the vault's id
 */
const SpId *
sp_record_cipher_get_vault_id (const SpRecordCipher *self)
{
  return &self->vault_id;
}

/**
 * sp_record_cipher_take_count:
 * @self: a cipher
 *
 * Returns: the number of encryptions since the last call
 */
guint64
sp_record_cipher_take_count (SpRecordCipher *self)
{
  guint64 n = self->n_encryptions;

  self->n_encryptions = 0;
  return n;
}

/**
 * sp_record_cipher_derive:
 * @self: a cipher
 * @purpose: a purpose of VAULT-FORMAT.md §3.2
 * @error: return location for an error
 *
 * Returns: (transfer full): the 32 bytes of the sub-key
 */
SpSecret *
sp_record_cipher_derive (SpRecordCipher *self, const char *purpose, GError **error)
{
  g_autofree char *info = g_strconcat (INFO_PREFIX, purpose, NULL);

  return sp_hkdf (self->vault_key, NULL, 0, info, SP_AEAD_KEY_LEN, error);
}

static SpAead *
get_aead (SpRecordCipher *self, SpTable table, GError **error)
{
  if (self->aead[table] == NULL) {
    g_autoptr (SpSecret) key = sp_record_cipher_derive (self, tables[table].purpose, error);

    if (key == NULL)
      return NULL;
    self->aead[table] = sp_aead_new (key, error);
  }
  return self->aead[table];
}

static void
put_le (guint8 *out, guint64 value, guint len)
{
  for (guint i = 0; i < len; i++)
    out[i] = (guint8) (value >> (8 * i));
}

/* VAULT-FORMAT.md §1.2. */
static void
make_aad (const SpRecordCipher *self, const SpRecordName *name, guint8 aad[static AAD_LEN])
{
  memset (aad, 0, AAD_LEN);
  aad[0] = SP_FORMAT_VERSION;
  memcpy (aad + 1, self->vault_id.bytes, SP_ID_LEN);
  aad[17] = (guint8) name->table;
  if (name->slot != NULL)
    memcpy (aad + 18, name->slot->bytes, SP_ID_LEN);
  else
    put_le (aad + 18, name->number, 8);
  put_le (aad + 34, name->revision, 8);
  put_le (aad + 42, self->key_epoch, 4);
}

/* VAULT-FORMAT.md §8. */
static void
make_chunk_aad (const SpRecordCipher *self,
                const SpChunkName *name,
                guint8 aad[static CHUNK_AAD_LEN])
{
  const SpRecordName record = {
    .table = SP_TABLE_ATTACHMENT,
    .number = name->attachment << SP_CHUNK_BITS | name->index,
    .revision = name->revision,
  };

  make_aad (self, &record, aad);
  memcpy (aad + AAD_LEN, name->key_id.bytes, SP_ID_LEN);
  put_le (aad + AAD_LEN + SP_ID_LEN, name->index, 4);
  aad[AAD_LEN + SP_ID_LEN + 4] = name->last ? 1 : 0;
}

static gboolean
seal (SpRecordCipher *self,
      SpTable table,
      const guint8 *aad,
      gsize aad_len,
      SpRecordBytes plain,
      SpRecordBytes *out_record,
      GError **error)
{
  guint8 nonce[SP_AEAD_NONCE_LEN];
  SpAead *aead = get_aead (self, table, error);

  if (aead == NULL || !buffer_reserve (&self->sealed, plain.len + SP_AEAD_OVERHEAD, error) ||
      !sp_random_pool_take (self->nonces, nonce, sizeof nonce, error))
    return FALSE;
  if (!sp_aead_seal (aead, nonce, aad, aad_len, plain.data, plain.len, self->sealed.data, error))
    return FALSE;

  self->n_encryptions++;
  out_record->data = self->sealed.data;
  out_record->len = plain.len + SP_AEAD_OVERHEAD;
  return TRUE;
}

static gboolean
open_record (SpRecordCipher *self,
             SpTable table,
             SpRecordBytes aad,
             SpRecordBytes record,
             SpRecordBytes *out_plain,
             GError **error)
{
  g_autoptr (GError) local_error = NULL;
  SpAead *aead = get_aead (self, table, error);

  if (aead == NULL || !buffer_reserve (&self->opened, record.len, error))
    return FALSE;
  self->n_opened = MAX (self->n_opened, record.len);

  if (!sp_aead_open (aead, aad.data, aad.len, record.data, record.len, self->opened.data,
                     &local_error)) {
    if (!g_error_matches (local_error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_TAG) &&
        !g_error_matches (local_error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_PARAMETERS)) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
    g_set_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED,
                 "The %s is damaged or does not belong here.", tables[table].label);
    return FALSE;
  }

  out_plain->data = self->opened.data;
  out_plain->len = record.len - SP_AEAD_OVERHEAD;
  return TRUE;
}

/**
 * sp_record_begin:
 * @self: a cipher
 *
 * Returns: (transfer none): the writer for the content of the next record
 */
SpWriter *
sp_record_begin (SpRecordCipher *self)
{
  sp_writer_reset (self->writer);
  sp_writer_u32 (self->writer, 0);
  return self->writer;
}

/**
 * sp_record_peek:
 * @self: a cipher
 * @out_content: (out): what was put into the writer since sp_record_begin()
 */
void
sp_record_peek (const SpRecordCipher *self, SpRecordBytes *out_content)
{
  out_content->data = sp_writer_peek (self->writer, &out_content->len) + FRAME_HEAD;
  out_content->len -= FRAME_HEAD;
}

/**
 * sp_record_get_frame_len:
 * @table: a table of framed records
 * @content_len: length of a content
 *
 * Returns: the length of its frame; a record of that table grows and shrinks in such steps only
 */
gsize
sp_record_get_frame_len (SpTable table, gsize content_len)
{
  gsize padding = tables[table].padding;

  g_assert (padding > 0);

  return (content_len + FRAME_HEAD + padding - 1) / padding * padding;
}

/**
 * sp_record_forget:
 * @self: a cipher
 *
 * Wipes the plaintexts in its buffers. What an opened record or a content led to is no longer valid.
 */
void
sp_record_forget (SpRecordCipher *self)
{
  sp_writer_reset (self->writer);
  if (self->n_opened > 0)
    sp_wipe (self->opened.data, self->n_opened);
  self->n_opened = 0;
}

/**
 * sp_record_seal:
 * @self: a cipher
 * @name: what the record is
 * @out_record: (out): the record, valid until the next one is sealed
 * @error: return location for an error
 *
 * Frames and encrypts what was put into the writer since sp_record_begin().
 *
 * Returns: whether that was done
 */
gboolean
sp_record_seal (SpRecordCipher *self,
                const SpRecordName *name,
                SpRecordBytes *out_record,
                GError **error)
{
  gsize len = sp_writer_get_length (self->writer) - FRAME_HEAD;
  guint8 aad[AAD_LEN];
  SpRecordBytes plain;

  g_assert (tables[name->table].padding > 0);

  if (len > G_MAXUINT32) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID, "The record is too large.");
    return FALSE;
  }
  sp_writer_set_u32_at (self->writer, 0, (guint32) len);
  sp_writer_pad (self->writer, tables[name->table].padding);
  plain.data = sp_writer_peek (self->writer, &plain.len);
  make_aad (self, name, aad);
  return seal (self, name->table, aad, sizeof aad, plain, out_record, error);
}

static gboolean
unframe (SpTable table, SpRecordBytes plain, SpRecordBytes *out_content, GError **error)
{
  SpReader reader;
  const guint8 *content;
  guint32 len;

  sp_reader_init (&reader, plain.data, plain.len);
  if (sp_reader_u32 (&reader, &len) && sp_reader_fixed (&reader, len, &content) &&
      plain.len % tables[table].padding == 0 &&
      sp_reader_get_remaining (&reader) < tables[table].padding &&
      sp_reader_zeros_to_end (&reader)) {
    out_content->data = content;
    out_content->len = len;
    return TRUE;
  }

  g_set_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED,
               "The %s does not have the form of one.", tables[table].label);
  return FALSE;
}

/**
 * sp_record_open:
 * @self: a cipher
 * @name: what the record should be
 * @record: its bytes
 * @record_len: how many
 * @out_content: (out): its content, valid until the next one is opened
 * @error: return location for an error
 *
 * Decrypts a record and takes it out of its frame.
 *
 * Returns: %TRUE, or %FALSE with DAMAGED when it is not the record that @name says
 */
gboolean
sp_record_open (SpRecordCipher *self,
                const SpRecordName *name,
                const guint8 *record,
                gsize record_len,
                SpRecordBytes *out_content,
                GError **error)
{
  guint8 aad[AAD_LEN];
  SpRecordBytes plain;

  g_assert (tables[name->table].padding > 0);

  make_aad (self, name, aad);
  return open_record (self, name->table, (SpRecordBytes){ aad, sizeof aad },
                      (SpRecordBytes){ record, record_len }, &plain, error) &&
         unframe (name->table, plain, out_content, error);
}

/**
 * sp_chunk_seal:
 * @self: a cipher
 * @name: what the chunk is
 * @data: its plaintext
 * @len: at most 64 KiB of it
 * @out_record: (out): the record, valid until the next one is sealed
 * @error: return location for an error
 *
 * Returns: whether it could be encrypted
 */
gboolean
sp_chunk_seal (SpRecordCipher *self,
               const SpChunkName *name,
               const guint8 *data,
               gsize len,
               SpRecordBytes *out_record,
               GError **error)
{
  guint8 aad[CHUNK_AAD_LEN];

  make_chunk_aad (self, name, aad);
  return seal (self, SP_TABLE_ATTACHMENT, aad, sizeof aad, (SpRecordBytes){ data, len }, out_record,
               error);
}

/**
 * sp_chunk_open:
 * @self: a cipher
 * @name: what the chunk should be
 * @record: its bytes
 * @record_len: how many
 * @out_data: (out): its plaintext, valid until the next record is opened
 * @error: return location for an error
 *
 * Returns: %TRUE, or %FALSE with DAMAGED when it is not the chunk that @name says
 */
gboolean
sp_chunk_open (SpRecordCipher *self,
               const SpChunkName *name,
               const guint8 *record,
               gsize record_len,
               SpRecordBytes *out_data,
               GError **error)
{
  guint8 aad[CHUNK_AAD_LEN];

  make_chunk_aad (self, name, aad);
  return open_record (self, SP_TABLE_ATTACHMENT, (SpRecordBytes){ aad, sizeof aad },
                      (SpRecordBytes){ record, record_len }, out_data, error);
}
