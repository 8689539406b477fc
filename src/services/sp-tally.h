/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpTally: how many items there are in each place of a vault: what a list beside the items shows. Immutable,
 * counted, safe on any thread. It names nothing of the snapshot but the tags. */

#pragma once

#include <glib.h>

#include "vault/sp-snapshot.h"

G_BEGIN_DECLS

typedef struct _SpTally SpTally;

/* A tag, or a part of a nested one: "work" and "work/mail" for an item with the tag "work/mail". */
typedef struct {
  const char *path;
  const char *name; /* the last part of it; points into `path` */
  guint depth;      /* 0 for one that is not nested */
  guint n_items;    /* with the tag, or one that is nested in it; each once */
} SpTallyTag;

SpTally *sp_tally_new (const SpSnapshot *snapshot) G_GNUC_WARN_UNUSED_RESULT;
SpTally *sp_tally_ref (SpTally *self);
void sp_tally_unref (SpTally *self);

/* Items in the trash are counted there only. */
guint sp_tally_get_n_items (const SpTally *self); /* neither archived nor in the trash */
guint sp_tally_get_n_favourites (const SpTally *self);
guint sp_tally_get_n_archived (const SpTally *self);
guint sp_tally_get_n_trashed (const SpTally *self);
guint sp_tally_get_n_of_type (const SpTally *self, SpItemType type);
/* Each tag is followed by those that are nested in it; else by their folded names. */
const SpTallyTag *sp_tally_peek_tags (const SpTally *self, gsize *out_n);

/* Whether an item counts for a tag: it has it, or one that is nested in it. */
gboolean sp_tally_has_tag (const SpOverview *overview, const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpTally, sp_tally_unref)

G_END_DECLS
