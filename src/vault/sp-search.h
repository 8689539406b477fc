/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Search as one types: words in any order, any case, accents folded, best match first.
 *
 * A query is words and filters: `tag:work`, `type:card`, `url:bank`, `is:favourite|trashed|archived|
 * expired`, `in:all`. Quotes hold words together. Items in the trash are found only with is:trashed.
 * Archived ones come after all others, and stay away when nothing is asked for. A tag, or a part of a nested one,
 * and a type are given by how they begin; a URL by any part of it.
 * All words must match (title, subtitle, URLs or tags). Order: the best place where the first word was found
 * (start of title, start of a word, elsewhere), then use, then age (newest change first).
 *
 * in:all is not answered here but by sp_vault_search(), as it decrypts details. */

#pragma once

#include <glib.h>

#include "vault/sp-snapshot.h"

G_BEGIN_DECLS

typedef struct _SpQuery SpQuery;
typedef struct _SpResults SpResults;

SpQuery *sp_query_new (const char *text)
    G_GNUC_WARN_UNUSED_RESULT; /* never fails; unknown filters are words */
void sp_query_free (SpQuery *self);
gboolean sp_query_is_empty (const SpQuery *self);
gboolean sp_query_wants_all (const SpQuery *self); /* in:all was given */

/* Folding used for both sides: case folded, accents removed, compatibility forms unified. */
char *sp_search_fold (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* `previous` may be the results of a shorter form of the query on the same snapshot: only its hits are
 * looked at again if the new query can only narrow it. `now_ms` decides what is expired. */
SpResults *sp_search (SpSnapshot *snapshot,
                      const SpQuery *query,
                      SpResults *previous,
                      gint64 now_ms) G_GNUC_WARN_UNUSED_RESULT;

/* The same, in order of creation; `query` need not ask for words. The caller frees it. */
SpPosition *sp_search_unranked (SpSnapshot *snapshot,
                                const SpQuery *query,
                                gint64 now_ms,
                                gsize *out_n) G_GNUC_WARN_UNUSED_RESULT;

SpResults *sp_results_ref (SpResults *self);
void sp_results_unref (SpResults *self);
const SpPosition *sp_results_peek (const SpResults *self, gsize *out_n);
SpSnapshot *sp_results_get_snapshot (const SpResults *self); /* borrowed */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpQuery, sp_query_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpResults, sp_results_unref)

G_END_DECLS
