/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pictures, sound and damaged. None of these needs a display. */

#include "ui/sp-picture.h"

#include <string.h>

#include "common/sp-test.h"

/* 1 x 1, grey. */
static const guint8 png[] = {
  0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48,
  0x44, 0x52, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00,
  0x00, 0x3a, 0x7e, 0x9b, 0x55, 0x00, 0x00, 0x00, 0x0a, 0x49, 0x44, 0x41, 0x54, 0x78,
  0x9c, 0x63, 0x68, 0x00, 0x00, 0x00, 0x82, 0x00, 0x81, 0x77, 0xcd, 0x72, 0xb6, 0x00,
  0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
};

/* Begins like one, has a table, then a frame of 640 x 480. */
static const guint8 jpeg[] = {
  0xff, 0xd8, 0xff, 0xe0, 0x00, 0x04, 0x00, 0x00, 0xff, 0xc4, 0x00, 0x03, 0x00,
  0xff, 0xc2, 0x00, 0x0b, 0x08, 0x01, 0xe0, 0x02, 0x80, 0x01, 0x01, 0x11, 0x00,
};

static void
test_probe (void)
{
  guint width;
  guint height;

  g_assert_true (sp_picture_probe (png, sizeof png, &width, &height));
  g_assert_cmpuint (width, ==, 1);
  g_assert_cmpuint (height, ==, 1);
  g_assert_true (sp_picture_probe (jpeg, sizeof jpeg, &width, &height));
  g_assert_cmpuint (width, ==, 640);
  g_assert_cmpuint (height, ==, 480);
  g_assert_false (sp_picture_probe ((const guint8 *) "<svg/>", 6, &width, &height));
  g_assert_false (sp_picture_probe ((const guint8 *) "GIF89a", 6, &width, &height));
  g_assert_false (sp_picture_probe (NULL, 0, &width, &height));
}

/* Each beginning, in a block of its own so that reading on is noticed. */
static void
test_short (void)
{
  guint width;
  guint height;

  for (gsize i = 0; i <= sizeof jpeg; i++) {
    g_autofree guint8 *data = g_memdup2 (jpeg, i);

    (void) sp_picture_probe (data, i, &width, &height);
  }
  for (gsize i = 0; i <= sizeof png; i++) {
    g_autofree guint8 *data = g_memdup2 (png, i);

    (void) sp_picture_probe (data, i, &width, &height);
  }
}

static void
test_load (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (png, sizeof png);
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = sp_picture_load (bytes, &error);

  g_assert_no_error (error);
  g_assert_cmpint (gdk_texture_get_width (texture), ==, 1);
}

static void
test_damaged (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) begin = g_bytes_new_static (png, sizeof png - 24);
  g_autoptr (GBytes) other = g_bytes_new_static (jpeg, sizeof jpeg);

  g_assert_null (sp_picture_load (begin, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_null (sp_picture_load (other, &error));
  g_assert_nonnull (error);
}

/* Refused by what it says of its size, before anything is reserved. */
static void
test_huge (void)
{
  guint8 huge[sizeof png];
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  memcpy (huge, png, sizeof png);
  huge[18] = 0xff;
  huge[22] = 0xff;
  bytes = g_bytes_new (huge, sizeof huge);
  g_assert_null (sp_picture_load (bytes, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (error->message, "too large"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/picture/probe", test_probe);
  g_test_add_func ("/ui/picture/short", test_short);
  g_test_add_func ("/ui/picture/load", test_load);
  g_test_add_func ("/ui/picture/damaged", test_damaged);
  g_test_add_func ("/ui/picture/huge", test_huge);
  return g_test_run ();
}
