/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Page by page, word by word: each word leaves those of the page's records that have it, as a mask of bits. The
 * longest word goes first, as it leaves the fewest. While many records are left, the whole page is scanned, which
 * is one run through memory; then only the text of those that are left.
 *
 * Hits are ranked by 36 bits and sorted by radix, since a short word may have half of all items:
 *
 *   hit:  3 bits place | 8 bits use, inverted | 25 bits last change in units of 131 s, inverted | 28 bits position
 *
 * Those that agree in the rank are then put into the exact order: use, last change, position, the newest first. */

#define G_LOG_DOMAIN "sp-search"

#include "config.h"

#include "vault/sp-search.h"

#include <string.h>

#include "vault/sp-format.h"
#include "vault/sp-query.h"
#include "vault/sp-scan.h"

#define USE_BITS      8
#define AGE_BITS      25
#define AGE_SHIFT     17 /* of milliseconds; 25 bits last until the year 2109 */
#define POSITION_BITS 28
#define PLACE_SHIFT   (USE_BITS + AGE_BITS + POSITION_BITS)
#define POSITION_MASK ((G_GUINT64_CONSTANT (1) << POSITION_BITS) - 1)
#define N_PLACES      SP_PLACE_NONE /* of hits; those in the archive come after all others */
#define DIGIT_BITS    12
#define N_DIGITS      3

G_STATIC_ASSERT (SP_SCAN_MAX_STRINGS == SP_PAGE_MAX_ITEMS);
G_STATIC_ASSERT (3 + USE_BITS + AGE_BITS == N_DIGITS * DIGIT_BITS);
G_STATIC_ASSERT (N_DIGITS *DIGIT_BITS + POSITION_BITS == 64);
G_STATIC_ASSERT ((guint64) SP_SEAL_MAX_BLOCKS *SP_BLOCK_MAX_PAGES *SP_PAGE_MAX_ITEMS <=
                 POSITION_MASK + 1);

/* Below this many records it is cheaper to look at each than at the whole page. */
#define FEW_RECORDS 8
/* Below this many hits a radix sort costs more in its counters than it saves. */
#define FEW_HITS 256

struct _SpResults {
  gatomicrefcount count;
  SpSnapshot *snapshot; /* (owned) */
  SpQuery *query;       /* (owned) */
  SpPosition *positions;
  gsize n;
  gsize ends[2 * N_PLACES]; /* of the positions of each place, and then of those in the archive */
};

static inline SpHit
make_hit (SpPlace place, const SpPageRecord *record, SpPosition position)
{
  const guint64 use_max = (1 << USE_BITS) - 1, age_max = (1 << AGE_BITS) - 1;
  guint64 use = MIN (record->use_count, use_max);
  guint64 age = MIN ((guint64) record->modified_ms >> AGE_SHIFT, age_max);
  guint64 sum = (guint64) place;

  /* Uses beyond that come before age, and so have to be told apart before it. */
  if (use == use_max)
    age = age_max;
  if ((record->flags & SP_OVERVIEW_ARCHIVED) != 0)
    sum += N_PLACES;
  return ((sum << USE_BITS | (use_max - use)) << AGE_BITS | (age_max - age)) << POSITION_BITS |
         position;
}

static inline SpPosition
get_position (SpHit hit)
{
  return (SpPosition) (hit & POSITION_MASK);
}

/**
 * sp_hit_new: (skip)
 * @query: a query
 * @page: a page
 * @record: one of its records, which matches
 * @position: the record's position
 *
 * Returns: the hit, with its rank
 */
SpHit
sp_hit_new (const SpQuery *query,
            const SpPage *page,
            const SpPageRecord *record,
            SpPosition position)
{
  guint8 places[SP_SCAN_MAX_STRINGS] = { SP_PLACE_START };

  if (query->words->len > 0) {
    const char *word = g_ptr_array_index (query->words, 0);

    sp_scan_strings (page->fold + record->fold_offset, record->fold_len, word, strlen (word),
                     places);
  }
  /* With in:all the word may be in the detail only. */
  return make_hit (MIN (places[0], SP_PLACE_ELSEWHERE), record, position);
}

/* Stable. Digits in which all hits agree are left out. */
static void
sort_by_radix (SpHit *hits, gsize n)
{
  g_autofree SpHit *other = g_new (SpHit, n);
  guint32 starts[N_DIGITS][1 << DIGIT_BITS] = { { 0 } };
  const guint32 mask = (1u << DIGIT_BITS) - 1;
  SpHit *from = hits, *to = other;

  for (gsize i = 0; i < n; i++)
    for (guint digit = 0; digit < N_DIGITS; digit++)
      starts[digit][hits[i] >> (POSITION_BITS + digit * DIGIT_BITS) & mask]++;

  for (guint digit = 0; digit < N_DIGITS; digit++) {
    guint shift = POSITION_BITS + digit * DIGIT_BITS;
    guint32 *start = starts[digit];
    guint32 sum = 0;
    SpHit *swap = from;

    if (start[hits[0] >> shift & mask] == n)
      continue;
    for (guint32 i = 0; i <= mask; i++) {
      guint32 count = start[i];

      start[i] = sum;
      sum += count;
    }
    for (gsize i = 0; i < n; i++)
      to[start[from[i] >> shift & mask]++] = from[i];
    from = to;
    to = swap;
  }
  if (from != hits)
    memcpy (hits, from, n * sizeof *hits);
}

/* What the rank has no room for, of two hits that agree in it. */
static int
compare_exactly (const SpSnapshot *snapshot, SpPosition a, SpPosition b)
{
  const SpPageRecord *record_a = sp_snapshot_peek_record (snapshot, a, NULL);
  const SpPageRecord *record_b = sp_snapshot_peek_record (snapshot, b, NULL);

  if (record_a->use_count != record_b->use_count)
    return record_a->use_count > record_b->use_count ? -1 : 1;
  if (record_a->modified_ms != record_b->modified_ms)
    return record_a->modified_ms > record_b->modified_ms ? -1 : 1;
  return a > b ? -1 : a < b;
}

static int
compare_hits_cb (gconstpointer a, gconstpointer b, gpointer data)
{
  SpHit hit_a = *(const SpHit *) a, hit_b = *(const SpHit *) b;

  if (hit_a >> POSITION_BITS != hit_b >> POSITION_BITS)
    return hit_a < hit_b ? -1 : 1;
  return compare_exactly (data, get_position (hit_a), get_position (hit_b));
}

/* Runs of equal rank are short, or in order already, as after an import. */
static void
sort_runs (SpSnapshot *snapshot, SpHit *hits, gsize n)
{
  for (gsize begin = 0, end; begin < n; begin = end) {
    gboolean sorted = TRUE;

    for (end = begin + 1; end < n && hits[end] >> POSITION_BITS == hits[begin] >> POSITION_BITS;
         end++)
      if (sorted && compare_hits_cb (&hits[end - 1], &hits[end], snapshot) > 0)
        sorted = FALSE;
    if (!sorted)
      g_qsort_with_data (hits + begin, (gint) (end - begin), sizeof *hits, compare_hits_cb,
                         snapshot);
  }
}

static void
sort_hits (SpSnapshot *snapshot, SpHit *hits, gsize n)
{
  if (n <= FEW_HITS) {
    g_qsort_with_data (hits, (gint) n, sizeof *hits, compare_hits_cb, snapshot);
    return;
  }

  /* The last made first, which the radix sort keeps among equals. */
  for (gsize i = 0; i < n / 2; i++) {
    SpHit swap = hits[i];

    hits[i] = hits[n - 1 - i];
    hits[n - 1 - i] = swap;
  }
  sort_by_radix (hits, n);
  sort_runs (snapshot, hits, n);
}

/* By halving, for each place, since the hits are sorted by it. */
static void
find_ends (SpResults *self, const SpHit *hits)
{
  gsize low = 0;

  for (guint i = 0; i < G_N_ELEMENTS (self->ends); i++) {
    gsize high = self->n;

    while (low < high) {
      gsize middle = low + (high - low) / 2;

      if (hits[middle] >> PLACE_SHIFT <= i)
        low = middle + 1;
      else
        high = middle;
    }
    self->ends[i] = low;
  }
}

/**
 * sp_results_new: (skip)
 * @snapshot: a snapshot
 * @query: what was asked
 * @hits: (element-type SpHit): what was found, each once, by ascending position; it is sorted
 *
 * Returns: (transfer full): the hits, best first
 */
SpResults *
sp_results_new (SpSnapshot *snapshot, const SpQuery *query, GArray *hits)
{
  SpResults *self = g_new0 (SpResults, 1);
  SpHit *hit = (SpHit *) (void *) hits->data;

  g_atomic_ref_count_init (&self->count);
  self->snapshot = sp_snapshot_ref (snapshot);
  self->query = sp_query_copy (query);
  self->n = hits->len;
  sort_hits (snapshot, hit, self->n);
  self->positions = g_new (SpPosition, self->n + 1);
  for (gsize i = 0; i < self->n; i++)
    self->positions[i] = get_position (hit[i]);
  find_ends (self, hit);
  return self;
}

/* A text that each hit has. */
typedef struct {
  const char *text;
  gsize len;
  gboolean ranks; /* where it is found decides on the rank */
} Needle;

typedef struct {
  const SpQuery *query;
  gint64 now_ms;
  Needle *needles; /* (owned) longest first */
  guint n_needles;
  GArray *hits; /* (element-type SpHit) (owned) */
} Search;

static int
compare_needles (const void *a, const void *b)
{
  const Needle *needle_a = a, *needle_b = b;

  return needle_a->len > needle_b->len ? -1 : needle_a->len < needle_b->len;
}

/* Words, and the texts of filters, as nothing passes those that does not have them somewhere. What the hits
 * that are looked at again are known to have is left out. */
static void
search_init (Search *self, const SpQuery *query, const SpQuery *previous, gint64 now_ms)
{
  const GPtrArray *lists[] = { query->words, query->tags, query->urls };
  const GPtrArray *known = previous != NULL ? previous->words : NULL;

  self->query = query;
  self->now_ms = now_ms;
  self->hits = g_array_new (FALSE, FALSE, sizeof (SpHit));
  self->needles = g_new (Needle, query->words->len + query->tags->len + query->urls->len + 1);
  self->n_needles = 0;
  for (guint list = 0; list < G_N_ELEMENTS (lists); list++)
    for (guint i = 0; i < lists[list]->len; i++) {
      const char *text = g_ptr_array_index (lists[list], i);

      if (list == 0 && known != NULL && i < known->len &&
          g_str_equal (text, g_ptr_array_index (known, i)))
        continue;
      self->needles[self->n_needles++] = (Needle){ text, strlen (text), list == 0 && i == 0 };
    }
  qsort (self->needles, self->n_needles, sizeof *self->needles, compare_needles);
}

static void
search_clear (Search *self)
{
  g_free (self->needles);
  g_array_unref (self->hits);
}

/* Which of the records in `mask` have the needle, and where. */
static guint64
find_in_records (const SpPage *page, const Needle *needle, guint64 mask, guint8 *places)
{
  guint8 found[SP_SCAN_MAX_STRINGS] = { 0 };
  guint64 left = mask;

  for (; mask != 0; mask &= mask - 1) {
    guint index = (guint) __builtin_ctzll (mask);
    const SpPageRecord *record = &page->records[index];

    if (sp_scan_strings (page->fold + record->fold_offset, record->fold_len, needle->text,
                         needle->len, needle->ranks ? found : NULL) == 0)
      left &= ~(mask & -mask);
    else if (needle->ranks)
      places[index] = found[0];
  }
  return left;
}

static void
add_hits (Search *self, const SpPage *page, guint page_index, guint64 mask, const guint8 *places)
{
  guint n = self->hits->len;
  SpHit *hits;

  g_array_set_size (self->hits, n + (guint) __builtin_popcountll (mask));
  hits = (SpHit *) (void *) self->hits->data;
  for (; mask != 0; mask &= mask - 1) {
    guint index = (guint) __builtin_ctzll (mask);
    const SpPageRecord *record = &page->records[index];

    if (sp_query_filter (self->query, page, record, self->now_ms)) {
      hits[n++] = make_hit ((SpPlace) places[index], record, SP_POSITION_MAKE (page_index, index));
    }
  }
  g_array_set_size (self->hits, n);
}

/* `mask` has the records that are looked at, `places` what is known to begin with. */
static void
search_page (Search *self, const SpPage *page, guint page_index, guint64 mask, guint8 *places)
{
  for (guint i = 0; i < self->n_needles && mask != 0; i++) {
    const Needle *needle = &self->needles[i];

    if (__builtin_popcountll (mask) < FEW_RECORDS)
      mask = find_in_records (page, needle, mask, places);
    else
      mask &= sp_scan_strings (page->fold, page->fold_len, needle->text, needle->len,
                               needle->ranks ? places : NULL);
  }
  if (mask != 0)
    add_hits (self, page, page_index, mask, places);
}

static void
search_all (Search *self, const SpSnapshot *snapshot)
{
  guint8 places[SP_SCAN_MAX_STRINGS];

  memset (places, SP_PLACE_START, sizeof places);
  for (guint i = 0; i < snapshot->n_pages; i++)
    search_page (self, snapshot->pages[i], i,
                 G_MAXUINT64 >> (SP_PAGE_MAX_ITEMS - snapshot->pages[i]->n_records), places);
}

/* Hits as they are sorted by rank are all over the snapshot; masks bring them back into its order. */
static void
search_again (Search *self, const SpSnapshot *snapshot, const SpResults *previous)
{
  typedef guint64 Masks[N_PLACES];
  g_autofree Masks *masks = g_new0 (Masks, snapshot->n_pages);
  gsize n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (previous->ends); i++)
    for (; n < previous->ends[i]; n++)
      masks[SP_POSITION_PAGE (previous->positions[n])][i % N_PLACES] |=
          G_GUINT64_CONSTANT (1) << SP_POSITION_RECORD (previous->positions[n]);

  for (guint i = 0; i < snapshot->n_pages; i++) {
    guint64 mask = masks[i][SP_PLACE_START] | masks[i][SP_PLACE_WORD] |
                   masks[i][SP_PLACE_ELSEWHERE];
    guint8 places[SP_SCAN_MAX_STRINGS];

    for (guint64 left = mask; left != 0; left &= left - 1)
      places[__builtin_ctzll (left)] = (left & -left & masks[i][SP_PLACE_START]) != 0
                                           ? SP_PLACE_START
                                       : (left & -left & masks[i][SP_PLACE_WORD]) != 0
                                           ? SP_PLACE_WORD
                                           : SP_PLACE_ELSEWHERE;
    if (mask != 0)
      search_page (self, snapshot->pages[i], i, mask, places);
  }
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
  SpResults *results;
  Search self;

  if (previous != NULL &&
      (previous->snapshot != snapshot || !sp_query_narrows (query, previous->query)))
    previous = NULL;

  search_init (&self, query, previous != NULL ? previous->query : NULL, now_ms);
  if (previous != NULL)
    search_again (&self, snapshot, previous);
  else
    search_all (&self, snapshot);
  results = sp_results_new (snapshot, query, self.hits);
  search_clear (&self);
  return results;
}

/**
 * sp_search_unranked:
 * @snapshot: the overviews to search
 * @query: what is asked
 * @now_ms: the time, in milliseconds since 1970
 * @out_n: (out): how many were found
 *
 * For those who put what is found into an order of their own: to rank many hits takes several times as long as to find
 * them. Safe on any thread.
 *
 * Returns: (transfer full) (array length=out_n): positions of what sp_search() finds, by creation
 */
SpPosition *
sp_search_unranked (SpSnapshot *snapshot, const SpQuery *query, gint64 now_ms, gsize *out_n)
{
  SpPosition *positions;
  const SpHit *hits;
  Search self;

  search_init (&self, query, NULL, now_ms);
  search_all (&self, snapshot);
  hits = (const SpHit *) (const void *) self.hits->data;
  *out_n = self.hits->len;
  positions = g_new (SpPosition, *out_n + 1);
  for (gsize i = 0; i < *out_n; i++)
    positions[i] = get_position (hits[i]);
  search_clear (&self);
  return positions;
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
