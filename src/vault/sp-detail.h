/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Details, history entries and drafts (VAULT-FORMAT.md §7): their content, without frame and cipher. */

#pragma once

#include <glib.h>

#include "base/sp-reader.h"
#include "vault/sp-format.h"
#include "vault/sp-item.h"

G_BEGIN_DECLS

/* `history` is the newest history entry, or NULL. INVALID when a text is not UTF-8, has a NUL, or a limit is passed; nothing usable is then in `writer`. */
gboolean sp_detail_encode (const SpItem *item,
                           const SpRef *history,
                           SpWriter *writer,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Total. number, revision, tag, use_count and used_ms are the caller's to fill. out_history (optional) is
 * the newest history entry, all zero when there is none. */
SpItem *sp_detail_decode (const guint8 *data, gsize len, SpRef *out_history, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Appends a detail's content with another newest history entry (NULL: none), and else byte for byte as it is. */
gboolean sp_detail_relink (const guint8 *data,
                           gsize len,
                           const SpRef *history,
                           SpWriter *scratch,
                           SpWriter *writer,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
  guint64 item_number;
  gint64 replaced_ms;
  gboolean has_previous;
  SpRef previous;
  const guint8 *detail; /* into the input */
  gsize detail_len;
} SpHistoryEntry;

void sp_history_encode (const SpHistoryEntry *entry, SpWriter *writer);
gboolean sp_history_decode (const guint8 *data,
                            gsize len,
                            SpHistoryEntry *out_entry,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
  guint64 item_number; /* 0: a new item */
  guint64 revision;    /* with the tag: the detail that the edit began with */
  guint8 tag[SP_AEAD_TAG_LEN];
  gint64 saved_ms;
  const guint8 *detail; /* into the input */
  gsize detail_len;
} SpDraftEntry;

void sp_draft_encode (const SpDraftEntry *entry, SpWriter *writer);
gboolean sp_draft_decode (const guint8 *data, gsize len, SpDraftEntry *out_entry, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
