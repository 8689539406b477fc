/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpRecordCipher: turns contents into the records of VAULT-FORMAT.md §1.2 and §1.3 and back, with the
 * sub-keys of one vault key. Owned by the vault, used by its thread only.
 *
 * What it returns lies in buffers of its own: a sealed record is valid until the next seal, an opened
 * content until the next open. */

#pragma once

#include <glib.h>

#include "base/sp-reader.h"
#include "vault/sp-format.h"

G_BEGIN_DECLS

typedef struct _SpRecordCipher SpRecordCipher;

SpRecordCipher *sp_record_cipher_new (const SpSecret *vault_key,
                                      const SpId *vault_id,
                                      guint32 key_epoch) G_GNUC_WARN_UNUSED_RESULT;
void sp_record_cipher_free (SpRecordCipher *self);
guint32 sp_record_cipher_get_key_epoch (const SpRecordCipher *self);
const SpId *sp_record_cipher_get_vault_id (const SpRecordCipher *self);
guint64 sp_record_cipher_take_count (SpRecordCipher *self); /* encryptions since the last call */
SpSecret *sp_record_cipher_derive (SpRecordCipher *self,
                                   const char *purpose,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
  SpTable table;
  guint64 number;
  guint64 revision;
  const SpId *slot; /* the record id of a slot's changing part; else NULL */
} SpRecordName;

typedef struct {
  const guint8 *data;
  gsize len;
} SpRecordBytes;

/* An emptied writer to put the content into; then sp_record_seal(), before the next begin. */
SpWriter *sp_record_begin (SpRecordCipher *self);
gboolean sp_record_seal (SpRecordCipher *self,
                         const SpRecordName *name,
                         SpRecordBytes *out_record,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The content that was put into the writer so far. */
void sp_record_peek (const SpRecordCipher *self, SpRecordBytes *out_content);
/* How long a frame of the table is that holds so much. */
gsize sp_record_get_frame_len (SpTable table, gsize content_len);
/* Wipes what the last record opened and the last one sealed left behind. */
void sp_record_forget (SpRecordCipher *self);
/* DAMAGED when the tag or the frame does not hold. */
gboolean sp_record_open (SpRecordCipher *self,
                         const SpRecordName *name,
                         const guint8 *record,
                         gsize record_len,
                         SpRecordBytes *out_content,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Chunks of attachments (§8). */
typedef struct {
  guint64 attachment;
  guint64 revision;
  SpId key_id;
  guint32 index;
  gboolean last;
} SpChunkName;

gboolean sp_chunk_seal (SpRecordCipher *self,
                        const SpChunkName *name,
                        const guint8 *data,
                        gsize len,
                        SpRecordBytes *out_record,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_chunk_open (SpRecordCipher *self,
                        const SpChunkName *name,
                        const guint8 *record,
                        gsize record_len,
                        SpRecordBytes *out_data,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

static inline void
sp_record_get_ref (const SpRecordName *name, const SpRecordBytes *record, SpRef *out_ref)
{
  out_ref->number = name->number;
  out_ref->revision = name->revision;
  for (guint i = 0; i < SP_AEAD_TAG_LEN; i++)
    out_ref->tag[i] = record->data[record->len - SP_AEAD_TAG_LEN + i];
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpRecordCipher, sp_record_cipher_free)

G_END_DECLS
