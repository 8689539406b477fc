/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpSnapshot: the overviews of all items at one moment; immutable, counted, safe to read from any thread
 * while the vault goes on changing. It is also the search index.
 *
 * Memory: one arena of wiped pages shared by consecutive snapshots; a page of overviews that did not
 * change is the same memory in both. Wiped when the last reference to it goes.
 *
 *   snapshot -> page of overviews -> record 0..63      position = page << 6 | record
 *
 * A position means something only in the snapshot that gave it. */

#pragma once

#include <glib.h>

#include "base/sp-id.h"
#include "vault/sp-item-type.h"

G_BEGIN_DECLS

typedef struct _SpSnapshot SpSnapshot;
typedef guint32 SpPosition;
#define SP_POSITION_NONE G_MAXUINT32

typedef enum {
  SP_OVERVIEW_FAVOURITE = 1 << 0,
  SP_OVERVIEW_ARCHIVED = 1 << 1,
  SP_OVERVIEW_TRASHED = 1 << 2,
  SP_OVERVIEW_HAS_PASSWORD = 1 << 3,
  SP_OVERVIEW_HAS_OTP = 1 << 4,
  SP_OVERVIEW_TRUNCATED = 1 << 5, /* title, subtitle, a URL or tag is longer in the detail */
  SP_OVERVIEW_FOLDED = 1 << 6,    /* carries folded search text, its text not being all ASCII */
  SP_OVERVIEW_UNPROVEN = 1 << 7,
} SpOverviewFlags;

/* Pointers lead into the snapshot and live as long as it. */
typedef struct {
  const SpId *id;
  guint64 number;
  guint64 revision; /* of the item's detail: the state of the item's content */
  SpItemType type;
  SpOverviewFlags flags;
  const char *title;
  const char *subtitle;
  guint n_urls;
  guint n_tags;
  guint n_attachments;
  guint n_history;
  guint8 strength; /* 0 not known, else zxcvbn score + 1 */
  gint64 created_ms;
  gint64 modified_ms;
  gint64 trashed_ms;
  gint64 expires_ms;
  gint64 used_ms;
  guint32 use_count;
  const char *first_url; /* strings follow each other: see sp_overview_get_url() */
  const char *first_tag;
} SpOverview;

const char *sp_overview_get_url (const SpOverview *self, guint index);
const char *sp_overview_get_tag (const SpOverview *self, guint index);

SpSnapshot *sp_snapshot_ref (SpSnapshot *self);
void sp_snapshot_unref (SpSnapshot *self);
guint sp_snapshot_get_n_items (const SpSnapshot *self); /* trash included */
guint64 sp_snapshot_get_sequence (const SpSnapshot *self);
void
sp_snapshot_get_overview (const SpSnapshot *self, SpPosition position, SpOverview *out_overview);

/* Positions in order of creation: first, then next until SP_POSITION_NONE. */
SpPosition sp_snapshot_first (const SpSnapshot *self);
SpPosition sp_snapshot_next (const SpSnapshot *self, SpPosition position);
SpPosition sp_snapshot_find_id (const SpSnapshot *self, const SpId *id);     /* one pass */
SpPosition sp_snapshot_find_number (const SpSnapshot *self, guint64 number); /* binary search */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpSnapshot, sp_snapshot_unref)

G_END_DECLS
