/* SPDX-License-Identifier: GPL-3.0-or-later */

/* GdkTexture reads PNG and JPEG by libpng and libjpeg themselves, which are tried on hostile input every day. All other
 * formats it would hand to whatever loader modules are installed (SVG with its links, icons, camera formats, WebP where
 * there is one), in the process that has the keys; so what does not begin like one of the two is not given to it. The size
 * is looked at before, as a picture of a few bytes may ask for gigabytes. */

#define G_LOG_DOMAIN "sp-picture"

#include "config.h"

#include "ui/sp-picture.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <string.h>

#define PNG_SIZE_OFFSET 16

static const guint8 png_begin[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };
static const guint8 jpeg_begin[] = { 0xff, 0xd8, 0xff };

static guint
read_big_endian (const guint8 *data, gsize n)
{
  guint value = 0;

  for (gsize i = 0; i < n; i++)
    value = value << 8 | data[i];
  return value;
}

/* Those that begin a frame: the others up to 0xcf are tables. */
static gboolean
is_frame (guint8 marker)
{
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/* From segment to segment, up to the one that has the size. */
static void
probe_jpeg (const guint8 *data, gsize len, guint *out_width, guint *out_height)
{
  gsize at = 2;

  while (at + 9 <= len && data[at] == 0xff) {
    guint8 marker = data[at + 1];
    guint size = read_big_endian (data + at + 2, 2);

    if (marker == 0xff) {
      at++;
      continue;
    }
    if (is_frame (marker)) {
      *out_height = read_big_endian (data + at + 5, 2);
      *out_width = read_big_endian (data + at + 7, 2);
      return;
    }
    if (size < 2)
      return;
    at += 2 + size;
  }
}

/**
 * sp_picture_probe:
 * @data: (array length=len): a file's content
 * @out_width: in pixels
 * @out_height: in pixels
 *
 * Returns: whether it begins like a picture that sp_picture_load() knows
 */
gboolean
sp_picture_probe (const guint8 *data, gsize len, guint *out_width, guint *out_height)
{
  *out_width = 0;
  *out_height = 0;
  if (len >= sizeof png_begin && memcmp (data, png_begin, sizeof png_begin) == 0) {
    if (len >= PNG_SIZE_OFFSET + 8) {
      *out_width = read_big_endian (data + PNG_SIZE_OFFSET, 4);
      *out_height = read_big_endian (data + PNG_SIZE_OFFSET + 4, 4);
    }
    return TRUE;
  }
  if (len < sizeof jpeg_begin || memcmp (data, jpeg_begin, sizeof jpeg_begin) != 0)
    return FALSE;
  probe_jpeg (data, len, out_width, out_height);
  return TRUE;
}

/**
 * sp_picture_load:
 * @bytes: a file's content
 * @error: %G_IO_ERROR_INVALID_DATA, or the reader's
 *
 * Returns: (transfer full) (nullable): the picture
 */
GdkTexture *
sp_picture_load (GBytes *bytes, GError **error)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (bytes, &len);
  guint width;
  guint height;

  if (!sp_picture_probe (data, len, &width, &height) || width == 0 || height == 0) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("The picture is damaged."));
    return NULL;
  }
  if ((guint64) width * height > SP_PICTURE_MAX_PIXELS) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                         _("The picture is too large to be shown here."));
    return NULL;
  }
  return gdk_texture_new_from_bytes (bytes, error);
}
