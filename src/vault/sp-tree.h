/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpTree: the index of overviews while a transaction changes it. It begins as a snapshot, copies only the
 * blocks and pages that change, and ends as the next snapshot.
 *
 *   tree -> blocks (those touched are loaded) -> pages (those touched have entries) -> overviews
 *
 * Items are in the order of their numbers, everywhere. */

#pragma once

#include <glib.h>

#include "store/sp-records.h"
#include "vault/sp-record.h"
#include "vault/sp-snapshot-private.h"

G_BEGIN_DECLS

typedef struct _SpTree SpTree;

/* Where changed pages and blocks go; borrowed for the tree's life. */
typedef struct {
  SpDb *db;
  SpRecordCipher *cipher;
  SpArena *arena;
  guint64 revision;
  guint64 *next_number;
} SpTreeStore;

SpTree *sp_tree_new (SpSnapshot *snapshot, const SpTreeStore *store) G_GNUC_WARN_UNUSED_RESULT;
void sp_tree_free (SpTree *self);

/* Borrowed until the next change of the tree. FALSE when there is no such item. */
gboolean sp_tree_find (SpTree *self, guint64 number, SpOverviewBytes *out_overview);
gboolean sp_tree_has_id (const SpTree *self, const SpId *id); /* one pass */

/* `number` is larger than any in the tree. Full pages are written at once. */
gboolean sp_tree_append (SpTree *self, guint64 number, SpOverviewBytes overview, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* The item must be there. */
gboolean sp_tree_replace (SpTree *self, guint64 number, SpOverviewBytes overview, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
void sp_tree_remove (SpTree *self, guint64 number);

void sp_tree_put_off_splits (SpTree *self);

/* Writes what changed and fills `out_blocks` (element-type SpRef) for the seal. The tree is used up. */
SpSnapshot *
sp_tree_finish (SpTree *self, GArray *out_blocks, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Builds an index from nothing but overviews: for what is accepted after damage. */
SpTree *sp_tree_new_empty (const SpTreeStore *store) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpTree, sp_tree_free)

G_END_DECLS
