/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Overviews (VAULT-FORMAT.md §6.3): encoding them, and reading them where they lie. */

#pragma once

#include <glib.h>

#include "base/sp-reader.h"
#include "vault/sp-format.h"
#include "vault/sp-item.h"
#include "vault/sp-snapshot.h"

G_BEGIN_DECLS

/* What an overview says beyond what its item does. */
typedef struct {
  SpRef detail; /* number is the item's */
  guint n_history;
  SpRef history; /* newest entry; all zero when n_history is 0 */
  GArray *
      attachments; /* (element-type SpAttachmentRef) (nullable) those of earlier versions included */
  guint8 strength;
  guint32 unknown_flags; /* those of a later version, kept as they are */
} SpOverviewLinks;

void sp_overview_links_clear (SpOverviewLinks *self);
void sp_overview_links_copy (const SpOverviewLinks *self, SpOverviewLinks *out_copy); /* deep */

/* Writes one overview (without the length that precedes it in a page), cutting what is too long. */
void sp_overview_encode (const SpItem *item, const SpOverviewLinks *links, SpWriter *writer);

/* The record as it lies in a decrypted page, checked once by sp_overview_check(). */
typedef struct {
  const guint8 *data;
  gsize len;
} SpOverviewBytes;

/* What sp_overview_check() finds, for the index: everything that a search reads without decoding. */
typedef struct {
  guint64 number;
  const SpId *id;
  SpItemType type;
  SpOverviewFlags flags;
  guint32 use_count;
  gint64 modified_ms;
  gint64 expires_ms;
  const guint8 *strings; /* title, subtitle, URLs and tags, as encoded */
  const char *folded;    /* (nullable) the stored folded text */
  gsize folded_len;
} SpOverviewHead;

/* How far sp_overview_fold() may write behind its text. */
#define SP_OVERVIEW_FOLD_OVERHANG 15

/* Total. FALSE when the bytes are not one valid overview. The only function that looks at unchecked bytes;
 * called for each record at unlock, so it must be fast (about 50 ns). */
gboolean sp_overview_check (const guint8 *data,
                            gsize len,
                            SpOverviewHead *out_head) G_GNUC_WARN_UNUSED_RESULT;
/* Puts the folded text of §6.3 to `out`, which has as much room as the overview takes: copied when stored, else
 * the ASCII lower case of the strings with the separators between them. Returns its length. */
gsize sp_overview_fold (const SpOverviewHead *head, char *out);
/* For checked bytes only; cannot fail. */
void sp_overview_decode (const guint8 *data, gsize len, SpOverview *out_overview);
void sp_overview_decode_links (const guint8 *data, gsize len, SpOverviewLinks *out_links);

/* Appends a checked overview with other links, and else byte for byte as it is. */
void sp_overview_relink (SpOverviewBytes overview,
                         const SpOverviewLinks *before,
                         const SpOverviewLinks *links,
                         SpWriter *scratch,
                         SpWriter *writer);

/* The first part of a page's content: number of overviews; then each with its length before it. Total. */
gboolean sp_page_split (const guint8 *data,
                        gsize len,
                        SpOverviewBytes out_records[static SP_PAGE_MAX_ITEMS],
                        guint *out_n) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
