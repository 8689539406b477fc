/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpPage: one decrypted page of overviews (VAULT-FORMAT.md §6.2) as it lies in memory; immutable and
 * counted, shared by all snapshots in which it did not change.
 *
 *   one arena block:  SpPage | SpPageRecord[n] | content of the page | folded text of all records
 *
 * The folded text of the records follow each other in their order; each ends in a NUL. */

#pragma once

#include <glib.h>

#include "vault/sp-arena.h"
#include "vault/sp-overview.h"

G_BEGIN_DECLS

typedef struct {
  guint64 number;
  gint64 modified_ms;
  gint64 expires_ms; /* 0 for never */
  guint32 offset;    /* of the overview's bytes, in `content` */
  guint32 len;
  guint32 fold_offset; /* of its folded text, in `fold` */
  guint32 fold_len;    /* without the NUL */
  guint32 use_count;
  guint16 type;
  guint16 flags; /* SpOverviewFlags */
} SpPageRecord;

typedef struct {
  gatomicrefcount count;
  SpArena *arena; /* (owned) */
  gsize block_len;
  SpRef ref;
  guint n_records;
  guint n_trashed;
  const SpPageRecord *records;
  const guint8 *content;
  gsize content_len;
  const char *fold;
  gsize fold_len; /* of all records, NULs included */
} SpPage;

/* Checks and copies the content of a page's frame. NULL with DAMAGED when it is not one. */
SpPage *sp_page_new (SpArena *arena,
                     const SpRef *ref,
                     const guint8 *content,
                     gsize len,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
SpPage *sp_page_ref (SpPage *self);
void sp_page_unref (SpPage *self);
gboolean sp_page_has_id (const SpPage *self, const SpId *id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpPage, sp_page_unref)

G_END_DECLS
