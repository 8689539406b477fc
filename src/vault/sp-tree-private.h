/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The inside of a tree, for the files sp-tree*.c.
 *
 * A page is loaded (has entries) once it is touched. An entry's bytes lie in the page as it was, or, when
 * the overview is new, in an arena block of their own, so that no plaintext touches the heap. A page
 * that outgrows its limits is split when the tree is written; a small one is merged with the page
 * before it. A page keeps its number for life; only its revision changes. */

#pragma once

#include "vault/sp-tree.h"

G_BEGIN_DECLS

/* Length byte or two before an overview in its page. */
#define SP_TREE_ENTRY_OVERHEAD 2
#define SP_TREE_PAGE_OVERHEAD  8

typedef struct {
  guint64 number;
  const guint8 *data;
  gsize len;
  gsize capacity; /* of its arena block; 0 when the bytes lie in the page as it was */
} SpTreeEntry;

typedef struct {
  SpPage *base;    /* (owned) (nullable) as last written */
  guint64 number;  /* of the record; 0 until there is one */
  GArray *entries; /* (element-type SpTreeEntry) (nullable) */
  gsize len;       /* of the content, with entries */
  gboolean dirty;
} SpTreePage;

typedef struct {
  SpRef ref;                 /* number 0 until there is one */
  guint first_page, n_pages; /* in the snapshot, until loaded */
  GPtrArray *pages;          /* (element-type SpTreePage) (owned) (nullable) */
  gboolean dirty;
} SpTreeBlock;

struct _SpTree {
  SpTreeStore store;
  SpSnapshot *snapshot; /* (owned) (nullable) */
  GPtrArray *blocks;    /* (element-type SpTreeBlock) (owned) */
  gboolean late;        /* pages that are a little too large stay so until the next change */
};

static inline gsize
sp_tree_entry_len (gsize len)
{
  return len + SP_TREE_ENTRY_OVERHEAD;
}

/* sp-tree.c */
gboolean sp_tree_entry_init (SpTree *self,
                             SpTreeEntry *entry,
                             guint64 number,
                             SpOverviewBytes overview,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sp_tree_page_load (SpTreePage *page);
void sp_tree_page_drop_entries (SpTree *self, SpTreePage *page);
void sp_tree_page_free (SpTree *self, SpTreePage *page);
void sp_tree_block_free (SpTree *self, SpTreeBlock *block);

/* sp-tree-write.c */
gboolean sp_tree_page_is_over (const SpTree *self, const SpTreePage *page);
gboolean
sp_tree_page_write (SpTree *self, SpTreePage *page, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
