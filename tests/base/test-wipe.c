/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "base/sp-wipe.h"

#include <string.h>

#include "common/sp-test.h"

static gsize
count_nonzero (const guint8 *data, gsize len)
{
  gsize n = 0;

  for (gsize i = 0; i < len; i++)
    n += data[i] != 0;
  return n;
}

static void
test_only_the_length (void)
{
  guint8 data[64];

  memset (data, 0xff, sizeof data);
  sp_wipe (data + 8, 40);
  g_assert_cmpuint (count_nonzero (data, 8), ==, 8);
  g_assert_cmpuint (count_nonzero (data + 8, 40), ==, 0);
  g_assert_cmpuint (count_nonzero (data + 48, 16), ==, 16);
}

static void
test_nothing (void)
{
  guint8 byte = 7;

  sp_wipe (NULL, 0);
  sp_wipe (&byte, 0);
  g_assert_cmpuint (byte, ==, 7);
}

static void
test_macros (void)
{
  guint8 array[33];
  struct {
    guint64 a;
    guint8 b[7];
  } object;

  memset (array, 0xff, sizeof array);
  memset (&object, 0xff, sizeof object);
  SP_WIPE_ARRAY (array);
  SP_WIPE_STRUCT (object);
  g_assert_cmpuint (count_nonzero (array, sizeof array), ==, 0);
  g_assert_cmpuint (count_nonzero ((const guint8 *) &object, sizeof object), ==, 0);
}

static void
test_equal (void)
{
  guint8 a[100];
  guint8 b[100];

  memset (a, 0x35, sizeof a);
  memcpy (b, a, sizeof b);
  g_assert_true (sp_bytes_equal (a, b, sizeof a));
  for (gsize i = 0; i < sizeof a; i++) {
    b[i] ^= 0x80;
    g_assert_false (sp_bytes_equal (a, b, sizeof a));
    g_assert_true (sp_bytes_equal (a, b, i));
    b[i] ^= 0x80;
  }
  g_assert_true (sp_bytes_equal (NULL, NULL, 0));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/wipe/only-the-length", test_only_the_length);
  g_test_add_func ("/base/wipe/nothing", test_nothing);
  g_test_add_func ("/base/wipe/macros", test_macros);
  g_test_add_func ("/base/wipe/equal", test_equal);

  return sp_test_run ();
}
