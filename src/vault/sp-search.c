/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One pass over the folded text of each page for the longest word; the others are looked for only in the
 * records that have it. Hits are ranked by a 32-bit number and sorted by radix, since a short word may
 * have half of all items:
 *
 *   rank:  3 bits place | 9 bits use, inverted | 20 bits hours of the last change, inverted */

#define G_LOG_DOMAIN "sp-search"

#include "config.h"

#include "vault/sp-search.h"

#include <string.h>

#include "vault/sp-query.h"
#include "vault/sp-scan.h"

#define USE_BITS    9
#define AGE_BITS    20
#define DIGIT_BITS  11
#define N_DIGITS    3
#define MS_PER_HOUR (60 * 60 * 1000)

enum {
  PLACE_TITLE,
  PLACE_WORD,
  PLACE_ELSEWHERE,
  PLACE_ARCHIVED, /* added to the above */
};

struct _SpResults {
  gatomicrefcount count;
  SpSnapshot *snapshot; /* (owned) */
  SpQuery *query;       /* (owned) */
  SpPosition *positions;
  gsize n;
};

static guint
get_place (const char *fold, gsize len, const char *word, gsize word_len)
{
  const char *place = fold;
  guint best = PLACE_ELSEWHERE;

  while ((place = sp_scan (place, len - (gsize) (place - fold), word, word_len)) != NULL) {
    if (place == fold)
      return PLACE_TITLE;
    if ((guchar) place[-1] < 0x80 && !g_ascii_isalnum (place[-1]))
      return PLACE_WORD;
    place++;
  }
  return best;
}

/**
 * sp_hit_rank: (skip)
 * @query: a query
 * @page: a page
 * @record: one of its records, which matches
 *
 * Returns: its rank, lower is better
 */
guint32
sp_hit_rank (const SpQuery *query, const SpPage *page, const SpPageRecord *record)
{
  guint32 use = MIN (record->use_count, (1u << USE_BITS) - 1);
  gint64 hours = CLAMP (record->modified_ms / MS_PER_HOUR, 0, (1 << AGE_BITS) - 1);
  guint32 place = PLACE_TITLE;

  if (query->words->len > 0) {
    const char *word = g_ptr_array_index (query->words, 0);

    place = get_place (page->fold + record->fold_offset, record->fold_len, word, strlen (word));
  }
  if ((record->flags & SP_OVERVIEW_ARCHIVED) != 0)
    place += PLACE_ARCHIVED;
  return place << (USE_BITS + AGE_BITS) | ((1u << USE_BITS) - 1 - use) << AGE_BITS |
         ((1u << AGE_BITS) - 1 - (guint32) hours);
}

/* Stable; the ranks are the high halves. */
static void
radix_sort (guint64 *keys, gsize n)
{
  g_autofree guint64 *other = g_new (guint64, n);
  guint64 *from = keys, *to = other;

  for (guint digit = 0; digit < N_DIGITS; digit++) {
    guint shift = 32 + digit * DIGIT_BITS;
    gsize starts[1 << DIGIT_BITS] = { 0 };
    gsize sum = 0;
    guint64 *swap;

    for (gsize i = 0; i < n; i++)
      starts[from[i] >> shift & ((1 << DIGIT_BITS) - 1)]++;
    for (guint i = 0; i < G_N_ELEMENTS (starts); i++) {
      gsize count = starts[i];

      starts[i] = sum;
      sum += count;
    }
    for (gsize i = 0; i < n; i++)
      to[starts[from[i] >> shift & ((1 << DIGIT_BITS) - 1)]++] = from[i];
    swap = from;
    from = to;
    to = swap;
  }
  if (from != keys)
    memcpy (keys, from, n * sizeof *keys);
}

static gint
compare_keys (gconstpointer a, gconstpointer b)
{
  const guint32 rank_a = (guint32) (*(const guint64 *) a >> 32);
  const guint32 rank_b = (guint32) (*(const guint64 *) b >> 32);

  /* Of two with one rank, the one made later. */
  if (rank_a == rank_b)
    return (guint32) * (const guint64 *) a > (guint32) * (const guint64 *) b ? -1 : 1;
  return rank_a < rank_b ? -1 : 1;
}

/**
 * sp_results_new: (skip)
 * @snapshot: a snapshot
 * @query: what was asked
 * @hits: (element-type SpHit): what was found, each once, by ascending position
 *
 * Returns: (transfer full): the hits, best first
 */
SpResults *
sp_results_new (SpSnapshot *snapshot, const SpQuery *query, GArray *hits)
{
  SpResults *self = g_new0 (SpResults, 1);
  g_autofree guint64 *keys = g_new (guint64, hits->len + 1);

  g_atomic_ref_count_init (&self->count);
  self->snapshot = sp_snapshot_ref (snapshot);
  self->query = sp_query_copy (query);
  self->n = hits->len;
  for (gsize i = 0; i < self->n; i++) {
    const SpHit *hit = &g_array_index (hits, SpHit, self->n - 1 - i);

    keys[i] = (guint64) hit->rank << 32 | hit->position;
  }
  if (self->n > 512)
    radix_sort (keys, self->n);
  else if (self->n > 1)
    qsort (keys, self->n, sizeof *keys, compare_keys);

  self->positions = g_new (SpPosition, self->n + 1);
  for (gsize i = 0; i < self->n; i++)
    self->positions[i] = (SpPosition) keys[i];
  return self;
}

typedef struct {
  const SpQuery *query;
  gint64 now_ms;
  guint longest; /* the word that is scanned for */
  GArray *hits;  /* (element-type SpHit) */
} Search;

static gboolean
has_words (const Search *self, const SpPage *page, const SpPageRecord *record, guint except)
{
  for (guint i = 0; i < self->query->words->len; i++) {
    const char *word = g_ptr_array_index (self->query->words, i);

    if (i != except &&
        sp_scan (page->fold + record->fold_offset, record->fold_len, word, strlen (word)) == NULL)
      return FALSE;
  }
  return TRUE;
}

static void
add_hit (Search *self, const SpPage *page, guint page_index, guint record)
{
  SpHit hit = { sp_hit_rank (self->query, page, &page->records[record]),
                SP_POSITION_MAKE (page_index, record) };

  g_array_append_val (self->hits, hit);
}

static void
scan_page (Search *self, const SpPage *page, guint page_index)
{
  const char *word = g_ptr_array_index (self->query->words, self->longest);
  gsize word_len = strlen (word);
  gsize position = 0;
  guint i = 0;

  while (position < page->fold_len) {
    const char *place = sp_scan (page->fold + position, page->fold_len - position, word, word_len);
    const SpPageRecord *record;

    if (place == NULL)
      return;
    position = (gsize) (place - page->fold);
    while (page->records[i].fold_offset + page->records[i].fold_len < position)
      i++;
    record = &page->records[i];
    if (has_words (self, page, record, self->longest) &&
        sp_query_filter (self->query, page, record, self->now_ms))
      add_hit (self, page, page_index, i);
    position = record->fold_offset + record->fold_len + 1;
  }
}

/* Without words everything is a hit that the filters let through; what is archived only when asked for. */
static void
list_page (Search *self, const SpPage *page, guint page_index)
{
  for (guint i = 0; i < page->n_records; i++) {
    const SpPageRecord *record = &page->records[i];

    if ((record->flags & SP_OVERVIEW_ARCHIVED) != 0 && !self->query->archived &&
        sp_query_is_empty (self->query))
      continue;
    if (sp_query_filter (self->query, page, record, self->now_ms))
      add_hit (self, page, page_index, i);
  }
}

static gint
compare_positions (gconstpointer a, gconstpointer b)
{
  SpPosition position_a = ((const SpHit *) a)->position;
  SpPosition position_b = ((const SpHit *) b)->position;

  return position_a < position_b ? -1 : position_a > position_b;
}

static void
look_again (Search *self, SpResults *previous)
{
  for (gsize i = 0; i < previous->n; i++) {
    SpPosition position = previous->positions[i];
    const SpPageRecord *record;
    const SpPage *page;

    record = sp_snapshot_peek_record (previous->snapshot, position, &page);
    if (has_words (self, page, record, G_MAXUINT) &&
        sp_query_filter (self->query, page, record, self->now_ms))
      add_hit (self, page, SP_POSITION_PAGE (position), SP_POSITION_RECORD (position));
  }
  g_array_sort (self->hits, compare_positions);
}

static guint
find_longest (const GPtrArray *words)
{
  guint longest = 0;

  for (guint i = 1; i < words->len; i++)
    if (strlen (g_ptr_array_index (words, i)) > strlen (g_ptr_array_index (words, longest)))
      longest = i;
  return longest;
}

/**
 * sp_search:
 * @snapshot: the overviews to search
 * @query: what is asked
 * @previous: (nullable): the results of an earlier query, on the same snapshot if it is to help
 * @now_ms: the time, in milliseconds since 1970
 *
 * Searches titles, subtitles, URLs and tags. Safe on any thread.
 *
 * Returns: (transfer full): what was found, best first
 */
SpResults *
sp_search (SpSnapshot *snapshot, const SpQuery *query, SpResults *previous, gint64 now_ms)
{
  g_autoptr (GArray) hits = g_array_new (FALSE, FALSE, sizeof (SpHit));
  Search self = { query, now_ms, find_longest (query->words), hits };

  if (previous != NULL && previous->snapshot == snapshot &&
      sp_query_narrows (query, previous->query))
    look_again (&self, previous);
  else
    for (guint i = 0; i < snapshot->n_pages; i++) {
      if (query->words->len > 0)
        scan_page (&self, snapshot->pages[i], i);
      else
        list_page (&self, snapshot->pages[i], i);
    }
  return sp_results_new (snapshot, query, hits);
}

/**
 * sp_results_ref:
 * @self: results
 *
 * Returns: (transfer full): @self
 */
SpResults *
sp_results_ref (SpResults *self)
{
  g_atomic_ref_count_inc (&self->count);
  return self;
}

/**
 * sp_results_unref:
 * @self: results
 */
void
sp_results_unref (SpResults *self)
{
  if (!g_atomic_ref_count_dec (&self->count))
    return;
  sp_snapshot_unref (self->snapshot);
  sp_query_free (self->query);
  g_free (self->positions);
  g_free (self);
}

/**
 * sp_results_peek:
 * @self: results
 * @out_n: (out): how many
 *
 * Returns: (array length=out_n) (transfer none): positions in the results' snapshot, best first
 */
const SpPosition *
sp_results_peek (const SpResults *self, gsize *out_n)
{
  *out_n = self->n;
  return self->positions;
}

/**
 * sp_results_get_snapshot:
 * @self: results
 *
 * Returns: (transfer none): what was searched
 */
SpSnapshot *
sp_results_get_snapshot (const SpResults *self)
{
  return self->snapshot;
}
