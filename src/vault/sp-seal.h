/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The seal (VAULT-FORMAT.md §5) and the index blocks (§6.1): their content, without frame and cipher. */

#pragma once

#include <glib.h>

#include "base/sp-reader.h"
#include "vault/sp-format.h"

G_BEGIN_DECLS

typedef struct {
  guint64 position; /* row id in slot_a and slot_b */
  SpId slot_id;
  guint8 fixed_hash[SP_HASH_LEN];    /* SHA-256 (fixed) */
  guint8 changing_hash[SP_HASH_LEN]; /* SHA-256 (u64 revision || changing) */
} SpSealSlot;

typedef struct {
  guint32 format; /* the file's user_version */
  guint64 sequence;
  SpId lineage;
  guint32 key_epoch;
  guint64 next_number;
  guint64 n_encryptions;
  gint64 created_ms;
  gint64 changed_ms;
  char *device;
  guint8 event_key[32];
  guint64 audit_first; /* number of the first entry kept */
  guint8 audit_base[SP_HASH_LEN];
  guint64 audit_last; /* audit_first - 1 when the log is empty */
  guint8 audit_head[SP_HASH_LEN];
  guint64 n_items;
  guint64 n_trashed;
  GArray *slots;    /* (element-type SpSealSlot) ascending position, 1..64 */
  GArray *settings; /* (element-type SpRef) ascending number */
  GArray *blocks;   /* (element-type SpRef) in the items' order */
} SpSeal;

SpSeal *sp_seal_new (void) G_GNUC_WARN_UNUSED_RESULT;
SpSeal *sp_seal_copy (const SpSeal *self) G_GNUC_WARN_UNUSED_RESULT;
void sp_seal_free (SpSeal *self);
void sp_seal_encode (const SpSeal *self, SpWriter *writer);
/* Total: NULL with SP_VAULT_ERROR_DAMAGED (or NEWER_FORMAT) for anything that is not a valid content. */
SpSeal *sp_seal_decode (const guint8 *data, gsize len, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
  SpRef ref;
  guint n_items;        /* 1..64 */
  guint64 first_number; /* of its first item */
} SpPageRef;

void sp_index_block_encode (const SpPageRef *pages, gsize n_pages, SpWriter *writer);
/* (element-type SpPageRef); 1..64 of them, first_number ascending. */
GArray *
sp_index_block_decode (const guint8 *data, gsize len, GError **error) G_GNUC_WARN_UNUSED_RESULT;

void sp_ref_write (const SpRef *ref, SpWriter *writer);
gboolean sp_ref_read (SpReader *reader, SpRef *out_ref);
gboolean sp_ref_equal (const SpRef *a, const SpRef *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpSeal, sp_seal_free)

G_END_DECLS
