/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The arena wipes each byte once, when its block is freed or at the end: here every mapping is looked at as it is
 * given back. */

#define G_LOG_DOMAIN "sp-test"

#include "config.h"

#include "vault/sp-arena.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/sp-test-item.h"
#include "common/sp-test-snapshot.h"
#include "common/sp-test.h"

#define RUN_LEN  (2 * 1024 * 1024)
#define MARK     "quixotic"
#define MARK_LEN (sizeof MARK - 1)

static guint n_marks;
static gboolean watching;

/* Calls of the engine come here rather than to the C library. */
int
munmap (void *data, size_t len)
{
  const char *at = data;

  /* Ends of mappings that were only there to find an aligned one were never touched, and are not read. */
  if (len >= RUN_LEN && watching) {
    for (const char *end = at + len; (at = memmem (at, (gsize) (end - at), MARK, MARK_LEN)) != NULL;
         at++)
      n_marks++;
  }
  return (int) syscall (SYS_munmap, data, len);
}

static void
begin_watching (void)
{
  n_marks = 0;
  watching = TRUE;
}

static void
end_watching (void)
{
  watching = FALSE;
  g_assert_cmpuint (n_marks, ==, 0);
}

static void
fill (void *block, gsize len)
{
  for (gsize i = 0; i + MARK_LEN <= len; i += MARK_LEN)
    memcpy ((char *) block + i, MARK, MARK_LEN);
}

static gboolean
is_marked (const void *block, gsize len)
{
  return memmem (block, len, MARK, MARK_LEN) != NULL;
}

static void
test_free_wipes (void)
{
  g_autoptr (SpArena) arena = sp_arena_new (0);
  gsize capacity, again;
  guint8 *block = sp_arena_alloc (arena, 1000, &capacity);

  g_assert_cmpuint (capacity, ==, 1024);
  fill (block, capacity);
  sp_arena_free (arena, block, capacity);
  g_assert_false (is_marked (block, capacity));
  g_assert_true (sp_arena_alloc (arena, 960, &again) == block);
  g_assert_cmpuint (again, ==, capacity);
}

/* Blocks of all sizes, also those that are too large for the lists or for a run. */
static void
use_blocks (SpArena *arena, gboolean free_all)
{
  const gsize lens[] = { 1, 64, 65, 5000, 60000, 70000, RUN_LEN - 100, RUN_LEN + 1, 300 };

  for (guint i = 0; i < G_N_ELEMENTS (lens); i++) {
    gsize capacity;
    void *block = sp_arena_alloc (arena, lens[i], &capacity);

    g_assert_nonnull (block);
    g_assert_cmpuint (capacity, >=, lens[i]);
    memset (block, 0, capacity);
    fill (block, lens[i] / 2);
    capacity = sp_arena_shrink (arena, block, capacity, lens[i] / 2 + 1);
    fill (block, capacity);
    if (free_all || i % 3 != 0)
      sp_arena_free (arena, block, capacity);
  }
}

static void
test_end_wipes (gconstpointer data)
{
  SpArena *arena = sp_arena_new (0);

  use_blocks (arena, GPOINTER_TO_INT (data));
  begin_watching ();
  sp_arena_unref (arena);
  end_watching ();
}

/* The text of a page, its folded one, and what folding writes behind that. */
static void
test_pages_wipe (void)
{
  SpTestSnapshot *builder = sp_test_snapshot_new ();
  SpSnapshot *snapshot;

  for (guint i = 0; i < 200; i++) {
    g_autofree char *title = g_strdup_printf ("%u " MARK " " MARK, i);
    g_autoptr (SpItem) item = sp_item_new (SP_ITEM_LOGIN, title);

    sp_test_item_set (item, "username", i % 2 == 0 ? "" : MARK MARK);
    sp_test_snapshot_add (builder, item);
  }
  snapshot = sp_test_snapshot_finish (builder);
  begin_watching ();
  sp_snapshot_unref (snapshot);
  end_watching ();
}

/* That the watch itself sees something. */
static void
test_watch (void)
{
  guint8 *data = mmap (NULL, RUN_LEN, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  g_assert_true (data != MAP_FAILED);
  memcpy (data + RUN_LEN - MARK_LEN, MARK, MARK_LEN);
  begin_watching ();
  g_assert_cmpint (munmap (data, RUN_LEN), ==, 0);
  watching = FALSE;
  g_assert_cmpuint (n_marks, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/vault/arena/watch", test_watch);
  g_test_add_func ("/vault/arena/free-wipes", test_free_wipes);
  g_test_add_data_func ("/vault/arena/end-wipes/freed", GINT_TO_POINTER (TRUE), test_end_wipes);
  g_test_add_data_func ("/vault/arena/end-wipes/not-freed", GINT_TO_POINTER (FALSE),
                        test_end_wipes);
  g_test_add_func ("/vault/arena/pages-wipe", test_pages_wipe);

  return sp_test_run ();
}
