/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "base/sp-pages.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/sp-test.h"

#define HUGE_PAGE ((gsize) 2 * 1024 * 1024)

static const SpPagesFlags all_flags[] = {
  SP_PAGES_DEFAULT,
  SP_PAGES_HUGE,
  SP_PAGES_LOCK,
  SP_PAGES_HUGE | SP_PAGES_LOCK,
};

static void
test_zeroed_and_writable (void)
{
  static const gsize sizes[] = { 1, 4095, 4096, 4097, 100000, 2097152, 2097153 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes) * G_N_ELEMENTS (all_flags); i++) {
    SpPagesFlags flags = all_flags[i % G_N_ELEMENTS (all_flags)];
    gsize size = sizes[i / G_N_ELEMENTS (all_flags)];
    guint8 *data = sp_pages_alloc (size, flags);
    guint8 any = 0;

    g_assert_nonnull (data);
    for (gsize j = 0; j < size; j++)
      any |= data[j];
    g_assert_cmpuint (any, ==, 0);
    memset (data, 0xff, size);
    sp_pages_free (data, size, flags);
  }
}

static void
test_not_dumped (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (all_flags); i++) {
    guint8 *data = sp_pages_alloc (100000, all_flags[i]);

    g_assert_true (sp_test_mapping_has_flag (data, "dd"));
    g_assert_true (sp_test_mapping_has_flag (data + 99999, "dd"));
    sp_pages_free (data, 100000, all_flags[i]);
  }
}

static void
test_not_forked (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (all_flags); i++) {
    guint8 *data = sp_pages_alloc (100000, all_flags[i]);

    g_assert_true (sp_test_mapping_has_flag (data, "dc"));
    sp_pages_free (data, 100000, all_flags[i]);
  }
}

static void
test_huge (void)
{
  for (gsize size = 1; size < 5 * HUGE_PAGE; size += HUGE_PAGE / 2) {
    guint8 *data = sp_pages_alloc (size, SP_PAGES_HUGE);

    g_assert_cmpuint (GPOINTER_TO_SIZE (data) % HUGE_PAGE, ==, 0);
    g_assert_true (sp_test_mapping_has_flag (data, "hg"));
    /* Rounded up: the last huge page is ours to its end. */
    data[(size + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE - 1] = 1;
    sp_pages_free (data, size, SP_PAGES_HUGE);
  }
}

static void
test_huge_and_locked (void)
{
  guint8 *data = sp_pages_alloc (100000, SP_PAGES_HUGE | SP_PAGES_LOCK);

  g_assert_cmpuint (GPOINTER_TO_SIZE (data) % HUGE_PAGE, ==, 0);
  sp_pages_free (data, 100000, SP_PAGES_HUGE | SP_PAGES_LOCK);
  g_assert_cmpuint (sp_pages_get_unlocked (), ==, 0);
}

static void
test_nonsense (void)
{
  static const gsize sizes[] = { 0, G_MAXSIZE, G_MAXSIZE - 4096, G_MAXSSIZE, G_MAXSSIZE / 2 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes) * G_N_ELEMENTS (all_flags); i++)
    g_assert_null (sp_pages_alloc (sizes[i / G_N_ELEMENTS (all_flags)],
                                   all_flags[i % G_N_ELEMENTS (all_flags)]));
  sp_pages_free (NULL, 0, SP_PAGES_DEFAULT);
  g_assert_cmpuint (sp_pages_get_unlocked (), ==, 0);
}

static gsize
lock_limit (void)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_MEMLOCK, &limit), ==, 0);
  return limit.rlim_cur;
}

static void
set_lock_limit (gsize size)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_MEMLOCK, &limit), ==, 0);
  limit.rlim_cur = size;
  g_assert_cmpint (setrlimit (RLIMIT_MEMLOCK, &limit), ==, 0);
}

/* Half of the limit may be locked: three quarters of that go to the first mapping, one is left for the
 * second, which wants three. Run in a child, since the limit is the process's. */
static void
test_lock_account (void)
{
  gsize quarter;
  guint8 *first;
  guint8 *second;

  if (!g_test_subprocess ()) {
    g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
    g_test_trap_assert_passed ();
    return;
  }

  set_lock_limit (MIN (lock_limit (), (gsize) 256 * 1024));
  quarter = lock_limit () / 8;
  g_assert_cmpuint (quarter % 4096, ==, 0);

  first = sp_pages_alloc (3 * quarter, SP_PAGES_LOCK);
  g_assert_cmpuint (sp_pages_get_unlocked (), ==, 0);
  sp_test_assert_locked (first, TRUE);

  second = sp_pages_alloc (3 * quarter, SP_PAGES_LOCK);
  g_assert_cmpuint (sp_pages_get_unlocked (), ==, 2 * quarter);
  sp_test_assert_locked (second, TRUE);
  sp_test_assert_locked (second + quarter, FALSE);

  sp_pages_free (first, 3 * quarter, SP_PAGES_LOCK);
  g_assert_cmpuint (sp_pages_get_unlocked (), ==, 2 * quarter);
  sp_pages_free (second, 3 * quarter, SP_PAGES_LOCK);
  g_assert_cmpuint (sp_pages_get_unlocked (), ==, 0);
}

static void
test_nothing_may_be_locked (void)
{
  guint8 *data;

  if (!g_test_subprocess ()) {
    g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
    g_test_trap_assert_passed ();
    return;
  }

  set_lock_limit (0);
  data = sp_pages_alloc (10000, SP_PAGES_LOCK);
  g_assert_nonnull (data);
  memset (data, 1, 10000);
  g_assert_cmpuint (sp_pages_get_unlocked (), ==, 12288);
  sp_pages_free (data, 10000, SP_PAGES_LOCK);
  g_assert_cmpuint (sp_pages_get_unlocked (), ==, 0);
}

/* A child finds nothing where its parent's pages are. */
static void
test_absent_in_child (void)
{
  guint8 *data = sp_pages_alloc (4096, SP_PAGES_DEFAULT);
  int pipes[2];
  int status;
  pid_t child;

  data[0] = 42;
  g_assert_cmpint (pipe (pipes), ==, 0);
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0) {
    /* write() says EFAULT instead of dying when the memory is not there. */
    _exit (write (pipes[1], data, 1) == 1 ? 1 : 0);
  }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  close (pipes[0]);
  close (pipes[1]);
  sp_pages_free (data, 4096, SP_PAGES_DEFAULT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/pages/zeroed-and-writable", test_zeroed_and_writable);
  g_test_add_func ("/base/pages/not-dumped", test_not_dumped);
  g_test_add_func ("/base/pages/not-forked", test_not_forked);
  g_test_add_func ("/base/pages/huge", test_huge);
  g_test_add_func ("/base/pages/huge-and-locked", test_huge_and_locked);
  g_test_add_func ("/base/pages/nonsense", test_nonsense);
  g_test_add_func ("/base/pages/lock-account", test_lock_account);
  g_test_add_func ("/base/pages/nothing-may-be-locked", test_nothing_may_be_locked);
  g_test_add_func ("/base/pages/absent-in-child", test_absent_in_child);

  return sp_test_run ();
}
