/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The inside of a snapshot, for the vault and the search. */

#pragma once

#include "vault/sp-page.h"
#include "vault/sp-seal.h"
#include "vault/sp-snapshot.h"

G_BEGIN_DECLS

typedef struct {
  SpRef ref;
  guint first_page;
  guint n_pages;
} SpSnapshotBlock;

struct _SpSnapshot {
  gatomicrefcount count;
  guint64 sequence;
  guint n_items;
  guint n_pages;
  SpPage **pages; /* (owned); lost pages of a damaged vault are left out */
  guint n_blocks;
  SpSnapshotBlock *blocks;
};

#define SP_POSITION_PAGE(position)     ((position) >> 6)
#define SP_POSITION_RECORD(position)   ((position) &63)
#define SP_POSITION_MAKE(page, record) ((SpPosition) ((page) << 6 | (record)))

static inline const SpPageRecord *
sp_snapshot_peek_record (const SpSnapshot *self, SpPosition position, const SpPage **out_page)
{
  const SpPage *page = self->pages[SP_POSITION_PAGE (position)];

  if (out_page != NULL)
    *out_page = page;
  return &page->records[SP_POSITION_RECORD (position)];
}

/* Takes the page references and both arrays. */
SpSnapshot *sp_snapshot_new_take (guint64 sequence,
                                  SpPage **pages,
                                  guint n_pages,
                                  SpSnapshotBlock *blocks,
                                  guint n_blocks) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
