/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What an item is recognised by before its title is read: its initials on a colour of their own, or the icon of its
 * type. Drawn by itself, as a list has one in each row. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SP_TYPE_INITIALS (sp_initials_get_type ())
G_DECLARE_FINAL_TYPE (SpInitials, sp_initials, SP, INITIALS, GtkWidget)

/* The colour is that of the text; with an icon's name, that is drawn in place of the initials. */
void sp_initials_set (SpInitials *self, const char *text, const char *icon_name);

G_END_DECLS
