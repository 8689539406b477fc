/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pictures that may come from anywhere. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SP_PICTURE_MAX_PIXELS (40 * 1000 * 1000)

/* TRUE for what begins like a PNG or JPEG picture; its size is 0 x 0 when that cannot be told. */
gboolean sp_picture_probe (const guint8 *data, gsize len, guint *out_width, guint *out_height);

/* On any thread. */
GdkTexture *sp_picture_load (GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
