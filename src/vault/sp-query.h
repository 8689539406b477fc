/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The inside of a query, for the search. */

#pragma once

#include "vault/sp-search.h"
#include "vault/sp-snapshot-private.h"

G_BEGIN_DECLS

struct _SpQuery {
  GPtrArray *words; /* (element-type utf8) (owned) folded */
  GPtrArray *tags;  /* (element-type utf8) (owned) folded */
  GPtrArray *urls;  /* (element-type utf8) (owned) folded */
  GPtrArray *types; /* (element-type utf8) (owned) folded beginnings of type names */
  gboolean favourite;
  gboolean trashed;
  gboolean archived;
  gboolean expired;
  gboolean all;
};

SpQuery *sp_query_copy (const SpQuery *self) G_GNUC_WARN_UNUSED_RESULT;
/* Whether every hit of `self` is one of `other` too. */
gboolean sp_query_narrows (const SpQuery *self, const SpQuery *other);
/* Everything but the words. */
gboolean sp_query_filter (const SpQuery *self,
                          const SpPage *page,
                          const SpPageRecord *record,
                          gint64 now_ms);

/* A hit: its rank, of which lower is better, above its position. Hits are found by ascending position, and sorted
 * when they become results. */
typedef guint64 SpHit;

SpHit sp_hit_new (const SpQuery *query,
                  const SpPage *page,
                  const SpPageRecord *record,
                  SpPosition position) G_GNUC_WARN_UNUSED_RESULT;
SpResults *
sp_results_new (SpSnapshot *snapshot, const SpQuery *query, GArray *hits) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
