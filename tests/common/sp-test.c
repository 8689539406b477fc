/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See the header. Everything here may abort: it runs in tests only. */

#define G_LOG_DOMAIN "sp-test"

#include "config.h"

#include "common/sp-test.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "base/sp-encoding.h"

/**
 * sp_test_scratch_dir_new:
 *
 * Returns: (transfer full): the path of a new folder of mode 0700
 */
char *
sp_test_scratch_dir_new (void)
{
  g_autoptr (GError) error = NULL;
  char *path = g_dir_make_tmp ("securepass-test-XXXXXX", &error);

  g_assert_no_error (error);
  return path;
}

static void
remove_tree (const char *path)
{
  if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK)) {
    g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  }
  g_assert_cmpint (g_remove (path), ==, 0);
}

/**
 * sp_test_scratch_dir_free:
 * @path: (transfer full): a folder of sp_test_scratch_dir_new()
 *
 * Removes the folder and all that is in it.
 */
void
sp_test_scratch_dir_free (char *path)
{
  remove_tree (path);
  g_free (path);
}

static gint64
frozen_now_ms (gpointer data)
{
  return ((const SpTestClock *) data)->now_ms;
}

/**
 * sp_test_clock_init:
 * @self: (out caller-allocates): a clock
 * @now_ms: what it says until somebody writes another time into it
 */
void
sp_test_clock_init (SpTestClock *self, gint64 now_ms)
{
  self->clock.now_ms = frozen_now_ms;
  self->clock.data = self;
  self->now_ms = now_ms;
}

/**
 * sp_test_hex:
 * @hex: digits in either case, and spaces
 * @out_len: (out) (optional): how many bytes
 *
 * Returns: (transfer full) (array length=out_len): the bytes, never %NULL
 */
guint8 *
sp_test_hex (const char *hex, gsize *out_len)
{
  g_auto (GStrv) words = g_strsplit_set (hex, " \n", -1);
  g_autofree char *digits = g_strjoinv ("", words);
  gsize len = strlen (digits) / 2;
  guint8 *data = g_malloc (len + 1);

  g_assert_true (sp_hex_decode (digits, data, len));
  if (out_len != NULL)
    *out_len = len;
  return data;
}

/**
 * sp_test_hex_secret:
 * @hex: digits in either case, and spaces
 *
 * Returns: (transfer full): the bytes
 */
SpSecret *
sp_test_hex_secret (const char *hex)
{
  gsize len;
  g_autofree guint8 *data = sp_test_hex (hex, &len);

  return sp_secret_new (data, len);
}

/**
 * sp_test_random:
 * @state: not zero; the same seed gives the same numbers
 *
 * Returns: the next number
 */
guint64
sp_test_random (guint64 *state)
{
  *state ^= *state >> 12;
  *state ^= *state << 25;
  *state ^= *state >> 27;
  return *state * G_GUINT64_CONSTANT (0x2545f4914f6cdd1d);
}

/**
 * sp_test_random_fill:
 * @state: not zero
 * @data: (out caller-allocates) (array length=len): where to write
 * @len: how many bytes
 */
void
sp_test_random_fill (guint64 *state, guint8 *data, gsize len)
{
  for (gsize i = 0; i < len; i++)
    data[i] = (guint8) (sp_test_random (state) >> 56);
}

/**
 * sp_test_mapping_has_flag:
 * @address: in one of our mappings
 * @flag: two letters of proc(5)'s VmFlags
 *
 * Returns: whether the mapping has the flag; aborts if there is no such mapping
 */
gboolean
sp_test_mapping_has_flag (gconstpointer address, const char *flag)
{
  g_autofree char *smaps = NULL;
  g_auto (GStrv) lines = NULL;
  gboolean found = FALSE;

  g_assert_true (g_file_get_contents ("/proc/self/smaps", &smaps, NULL, NULL));
  lines = g_strsplit (smaps, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++) {
    unsigned long start;
    unsigned long end;

    if (sscanf (lines[i], "%lx-%lx ", &start, &end) == 2) {
      found = GPOINTER_TO_SIZE (address) >= start && GPOINTER_TO_SIZE (address) < end;
    } else if (found && g_str_has_prefix (lines[i], "VmFlags:")) {
      g_auto (GStrv) flags = g_strsplit (lines[i], " ", -1);

      return g_strv_contains ((const char *const *) flags, flag);
    }
  }
  g_assert_not_reached ();
}

/**
 * sp_test_assert_locked:
 * @address: in one of our mappings
 * @locked: whether it must be locked, or must not
 *
 * AddressSanitizer's mlock() does nothing; there it is only asked that the mapping exists.
 */
void
sp_test_assert_locked (gconstpointer address, gboolean locked)
{
  gboolean is_locked = sp_test_mapping_has_flag (address, "lo");

#ifdef __SANITIZE_ADDRESS__
  g_assert_false (is_locked);
#else
  g_assert_true (is_locked == locked);
#endif
}

/**
 * sp_test_run:
 *
 * Runs the tests and then asks whether they left a secret alive.
 *
 * Returns: what main() returns
 */
int
sp_test_run (void)
{
  int result = g_test_run ();

  if (sp_secret_count_live () != 0) {
    g_printerr ("%" G_GSIZE_FORMAT " secrets are still alive\n", sp_secret_count_live ());
    return 1;
  }
  return result;
}
