/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-test"

#include "config.h"

#include "base/sp-mask.h"
#include "common/sp-test.h"

static void
test_equal (void)
{
  for (guint a = 0; a < 256; a++)
    for (guint b = 0; b < 256; b++)
      g_assert_cmpuint (sp_mask_equal (a, b), ==, a == b ? G_MAXUINT : 0);
}

static void
test_range (void)
{
  for (guint low = 0; low < 256; low += 5)
    for (guint high = low; high < 256; high++)
      for (guint c = 0; c < 256; c++)
        g_assert_cmpuint (sp_mask_range (c, low, high), ==, low <= c && c <= high ? G_MAXUINT : 0);
}

static void
test_space (void)
{
  for (guint c = 0; c < 256; c++)
    g_assert_cmpuint (sp_mask_space (c), ==, c == ' ' || (c >= '\t' && c <= '\r') ? G_MAXUINT : 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/mask/equal", test_equal);
  g_test_add_func ("/base/mask/range", test_range);
  g_test_add_func ("/base/mask/space", test_space);
  return sp_test_run ();
}
