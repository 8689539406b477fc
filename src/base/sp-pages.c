/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Anonymous private mappings.
 *
 * MADV_DONTFORK rather than MADV_WIPEONFORK: either keeps the bytes out of a child, but with the latter
 * a child still has the mapping, reads zeros and may take them for data. Nothing of ours runs in a child
 * before exec, so a stray access there should end it loudly.
 *
 * Huge pages need a mapping that starts on a huge page's boundary. mmap() promises no more than a small
 * one's, so we map one huge page too much and give back both ends.
 *
 * Locking stops at half of RLIMIT_MEMLOCK (8 MiB by default): the other half stays for the small
 * secrets of sp-secret.c, keys among them, which are allocated later than a large arena as often as not.
 * What was locked of a mapping is written on a page in front of it, so that freeing it can settle the
 * account.
 *
 *     lead (only for SP_PAGES_LOCK)  data: size, rounded up
 *     +-----------------------------+----------------------------------------+
 *     | gsize locked                | ...                                    |
 *     +-----------------------------+----------------------------------------+
 */

#define G_LOG_DOMAIN "sp-pages"

#include "config.h"

#include "base/sp-pages.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/sp-wipe.h"

#define HUGE_PAGE_SIZE ((gsize) 2 * 1024 * 1024)

/* Process-wide like the limit that they measure; only ever touched atomically. */
static gsize total_locked;
static gsize total_unlocked;

static gsize
page_size (void)
{
  return (gsize) sysconf (_SC_PAGESIZE);
}

/* Rounds up to the mapping's granularity; FALSE if that, with lead and slack, is no longer a size. */
static gboolean
round_size (gsize size, SpPagesFlags flags, gsize *out_rounded)
{
  gsize unit = (flags & SP_PAGES_HUGE) != 0 ? HUGE_PAGE_SIZE : page_size ();

  if (size == 0 || size > G_MAXSSIZE - 3 * HUGE_PAGE_SIZE)
    return FALSE;

  *out_rounded = (size + unit - 1) / unit * unit;
  return TRUE;
}

static gsize
lead_size (SpPagesFlags flags)
{
  return (flags & SP_PAGES_LOCK) != 0 ? page_size () : 0;
}

/* Maps lead + size bytes so that what follows the lead is aligned. */
static guint8 *
map_aligned (gsize lead, gsize size, gsize alignment)
{
  gsize total = lead + size + alignment;
  guint8 *base;
  guint8 *data;
  guint8 *start;
  gsize behind;

  base = mmap (NULL, total, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (base == MAP_FAILED)
    return NULL;
  if (alignment == 0)
    return base + lead;

  data = base + lead;
  data += (alignment - GPOINTER_TO_SIZE (data) % alignment) % alignment;
  start = data - lead;
  behind = total - (gsize) (data + size - base);
  if (start > base)
    munmap (base, (gsize) (start - base));
  if (behind > 0)
    munmap (data + size, behind);
  return data;
}

/* How much of `size` may still be locked. Two threads may both be told yes; the kernel has the last word. */
static gsize
lock_budget (gsize size)
{
  struct rlimit limit;
  gsize locked = GPOINTER_TO_SIZE (g_atomic_pointer_get (&total_locked));
  gsize half;

  if (getrlimit (RLIMIT_MEMLOCK, &limit) != 0)
    return 0;
  if (limit.rlim_cur == RLIM_INFINITY)
    return size;

  half = limit.rlim_cur / 2;
  if (half <= locked)
    return 0;
  return MIN (size, (half - locked) / page_size () * page_size ());
}

static void
lock_pages (guint8 *data, gsize size)
{
  gsize *lead = (gsize *) (gpointer) (data - page_size ());
  gsize budget = lock_budget (size);

  if (budget > 0 && mlock (data, budget) != 0)
    budget = 0;

  *lead = budget;
  g_atomic_pointer_add (&total_locked, (gssize) budget);
  g_atomic_pointer_add (&total_unlocked, (gssize) (size - budget));
}

static void
settle_lock (const guint8 *data, gsize size)
{
  gsize locked = *(const gsize *) (gconstpointer) (data - page_size ());

  g_atomic_pointer_add (&total_locked, -(gssize) locked);
  g_atomic_pointer_add (&total_unlocked, -(gssize) (size - locked));
}

/**
 * sp_pages_alloc:
 * @size: how many bytes are needed
 * @flags: what kind of memory
 *
 * Maps zeroed memory that is kept out of core dumps and children. Locking and huge pages are asked for,
 * not promised: what could not be locked is counted by sp_pages_get_unlocked().
 *
 * @size may come from input: nothing is touched before it is used.
 *
 * Returns: (nullable): the memory, to be given back to sp_pages_free() with the same @size and @flags,
 *   or %NULL if @size is zero or there is no such memory
 */
void *
sp_pages_alloc (gsize size, SpPagesFlags flags)
{
  gboolean huge = (flags & SP_PAGES_HUGE) != 0;
  gsize lead = lead_size (flags);
  gsize rounded;
  guint8 *data;

  if (!round_size (size, flags, &rounded))
    return NULL;
  data = map_aligned (lead, rounded, huge ? HUGE_PAGE_SIZE : 0);
  if (data == NULL)
    return NULL;

  /* All three are refused only by kernels built without them; a vault must open there too. */
  (void) madvise (data - lead, lead + rounded, MADV_DONTDUMP);
  (void) madvise (data - lead, lead + rounded, MADV_DONTFORK);
  if (huge)
    (void) madvise (data, rounded, MADV_HUGEPAGE);
  if ((flags & SP_PAGES_LOCK) != 0)
    lock_pages (data, rounded);
  return data;
}

/**
 * sp_pages_free:
 * @data: (nullable): memory from sp_pages_alloc()
 * @size: the size given there
 * @flags: the flags given there, and %SP_PAGES_WIPED if the caller has already wiped all that it wrote
 *
 * Wipes the memory and gives it back.
 */
void
sp_pages_free (void *data, gsize size, SpPagesFlags flags)
{
  gsize lead = lead_size (flags);
  gsize rounded;

  if (data == NULL)
    return;
  g_return_if_fail (round_size (size, flags, &rounded));

  if ((flags & SP_PAGES_WIPED) == 0)
    sp_wipe (data, size);
  if ((flags & SP_PAGES_LOCK) != 0)
    settle_lock (data, rounded);
  if (munmap ((guint8 *) data - lead, lead + rounded) != 0)
    g_error ("munmap of %" G_GSIZE_FORMAT " bytes failed", rounded);
}

/**
 * sp_pages_get_unlocked:
 *
 * Returns: how many bytes of the pages that are now allocated with %SP_PAGES_LOCK are not locked
 */
gsize
sp_pages_get_unlocked (void)
{
  return GPOINTER_TO_SIZE (g_atomic_pointer_get (&total_unlocked));
}
