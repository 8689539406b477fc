/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Invariants: every block's capacity is a multiple of GRAIN; a freed block of capacity c is in the list
 * c / GRAIN and holds nothing but the link to the next; `used` of the newest run is where the next
 * block begins, and nothing behind it was written. Older runs are never carved again: what is left at their
 * end is lost to this arena. With `in_use` at 0, all that was carved has been wiped. */

#define G_LOG_DOMAIN "sp-arena"

#include "config.h"

#include "vault/sp-arena.h"

#include "base/sp-pages.h"
#include "base/sp-wipe.h"

#define GRAIN     64
#define N_CLASSES 1024 /* blocks up to 64 KiB are kept for reuse */
#define RUN_LEN   (2 * 1024 * 1024)
/* A freed block up to this many grains too large is taken rather than carving a new one. */
#define SLACK 16

typedef struct {
  guint8 *data;
  gsize len;
  gsize used; /* bytes from its beginning on that are, or were, a block's */
} Run;

typedef struct _FreeBlock {
  struct _FreeBlock *next;
} FreeBlock;

struct _SpArena {
  gatomicrefcount count;
  GMutex mutex;
  GArray *runs; /* (element-type Run) (owned); the newest is the last */
  gsize in_use; /* bytes of blocks that were not freed */
  FreeBlock *freed[N_CLASSES];
};

/**
 * sp_arena_new:
 * @expected: bytes that the first blocks together will probably need; 0 when not known
 *
 * Makes an arena. The memory is taken with the first block.
 *
 * Returns: (transfer full): the arena
 */
SpArena *
sp_arena_new (gsize expected)
{
  SpArena *self = g_new0 (SpArena, 1);
  Run run = { NULL, MAX (expected, RUN_LEN), 0 };

  g_atomic_ref_count_init (&self->count);
  g_mutex_init (&self->mutex);
  self->runs = g_array_new (FALSE, FALSE, sizeof (Run));

  run.data = sp_pages_alloc (run.len, SP_PAGES_HUGE | SP_PAGES_LOCK);
  if (run.data != NULL)
    g_array_append_val (self->runs, run);
  return self;
}

/**
 * sp_arena_ref:
 * @self: an arena
 *
 * Returns: (transfer full): @self
 */
SpArena *
sp_arena_ref (SpArena *self)
{
  g_atomic_ref_count_inc (&self->count);
  return self;
}

/**
 * sp_arena_unref:
 * @self: an arena
 *
 * Drops a reference; with the last one all memory is given back, wiped.
 */
void
sp_arena_unref (SpArena *self)
{
  if (!g_atomic_ref_count_dec (&self->count))
    return;

  for (guint i = 0; i < self->runs->len; i++) {
    Run *run = &g_array_index (self->runs, Run, i);

    if (self->in_use > 0)
      sp_wipe (run->data, run->used);
    sp_pages_free (run->data, run->len, SP_PAGES_HUGE | SP_PAGES_LOCK | SP_PAGES_WIPED);
  }
  g_array_unref (self->runs);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

static void *
take_freed (SpArena *self, gsize grains, gsize *out_capacity)
{
  for (gsize i = grains; i < MIN (grains + SLACK, N_CLASSES); i++) {
    FreeBlock *block = self->freed[i];

    if (block != NULL) {
      self->freed[i] = block->next;
      block->next = NULL;
      *out_capacity = i * GRAIN;
      return block;
    }
  }
  return NULL;
}

static void *
carve (SpArena *self, gsize capacity)
{
  Run *newest = NULL;
  Run run;

  if (self->runs->len > 0)
    newest = &g_array_index (self->runs, Run, self->runs->len - 1);
  if (newest == NULL || newest->len - newest->used < capacity) {
    run.len = MAX (capacity, RUN_LEN);
    run.used = 0;
    run.data = sp_pages_alloc (run.len, SP_PAGES_HUGE | SP_PAGES_LOCK);
    if (run.data == NULL)
      return NULL;
    g_array_append_val (self->runs, run);
    newest = &g_array_index (self->runs, Run, self->runs->len - 1);
  }
  newest->used += capacity;
  return newest->data + newest->used - capacity;
}

/**
 * sp_arena_alloc:
 * @self: an arena
 * @len: bytes wanted
 * @out_capacity: (out): bytes got, to be given back to sp_arena_free()
 *
 * Takes a block, aligned to 64 bytes. Its content is not defined.
 *
 * Returns: (nullable): the block, or `NULL` when there is no memory
 */
void *
sp_arena_alloc (SpArena *self, gsize len, gsize *out_capacity)
{
  gsize capacity = (MAX (len, 1) + GRAIN - 1) / GRAIN * GRAIN;
  void *block;

  if (len > G_MAXSIZE / 2)
    return NULL;

  g_mutex_lock (&self->mutex);
  block = take_freed (self, capacity / GRAIN, &capacity);
  if (block == NULL)
    block = carve (self, capacity);
  if (block != NULL)
    self->in_use += capacity;
  g_mutex_unlock (&self->mutex);

  *out_capacity = capacity;
  return block;
}

/**
 * sp_arena_free:
 * @self: an arena
 * @block: a block of it
 * @capacity: the block's capacity
 *
 * Wipes the block and keeps it for reuse.
 */
void
sp_arena_free (SpArena *self, void *block, gsize capacity)
{
  FreeBlock *freed = block;

  sp_wipe (block, capacity);

  g_mutex_lock (&self->mutex);
  self->in_use -= capacity;
  if (capacity / GRAIN < N_CLASSES) {
    freed->next = self->freed[capacity / GRAIN];
    self->freed[capacity / GRAIN] = freed;
  }
  g_mutex_unlock (&self->mutex);
}

/**
 * sp_arena_shrink:
 * @self: an arena
 * @block: a block of it
 * @capacity: the block's capacity
 * @len: bytes of it that are needed
 *
 * Gives back the unused end, if the block was the last that was carved. Nothing may have been written there
 * that is not zero.
 *
 * Returns: the block's capacity from now on
 */
gsize
sp_arena_shrink (SpArena *self, void *block, gsize capacity, gsize len)
{
  gsize wanted = (MAX (len, 1) + GRAIN - 1) / GRAIN * GRAIN;
  gboolean last;
  Run *newest;

  g_assert (wanted <= capacity);

  g_mutex_lock (&self->mutex);
  newest = &g_array_index (self->runs, Run, self->runs->len - 1);
  last = (guint8 *) block + capacity == newest->data + newest->used;
  if (last) {
    newest->used -= capacity - wanted;
    self->in_use -= capacity - wanted;
  }
  g_mutex_unlock (&self->mutex);

  return last ? wanted : capacity;
}
