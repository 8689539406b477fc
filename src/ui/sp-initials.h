/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What an item is recognised by before its title is read: its initials on a colour of their own, or the icon of its
 * type. No widget: a list has one in each row, and a row draws it. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SP_INITIALS_PX      36 /* width and height */
#define SP_INITIALS_ICON_PX 16 /* of the icon in it */

/* At the origin. The colour is that of the text; with an icon, that is drawn in place of the initials. `layout` is one
 * to write them with; its text is overwritten. */
void sp_initials_snapshot (GtkSnapshot *snapshot,
                           const char *text,
                           PangoLayout *layout,
                           GtkSymbolicPaintable *icon);

G_END_DECLS
