/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One item in a list: initials, title, subtitle, and a star. Titles are anything that a file may have held: they are
 * shown as they are, never read as markup. */

#pragma once

#include <gtk/gtk.h>

#include "vault/sp-snapshot.h"

G_BEGIN_DECLS

#define SP_TYPE_ITEM_ROW (sp_item_row_get_type ())
G_DECLARE_FINAL_TYPE (SpItemRow, sp_item_row, SP, ITEM_ROW, GtkWidget)

GtkWidget *sp_item_row_new (void) G_GNUC_WARN_UNUSED_RESULT;
/* `words` are folded ones, to be marked; NULL for none. */
void sp_item_row_show (SpItemRow *self, const SpOverview *overview, const char *const *words);
guint64 sp_item_row_get_number (SpItemRow *self);

/* The icon's name in our resources. */
const char *sp_item_type_icon_name (SpItemType type);

G_END_DECLS
