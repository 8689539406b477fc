/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One item in a list: initials, title, subtitle, and a star. Titles are anything that a file may have held: they are
 * shown as they are, never read as markup.
 *
 * It draws itself, without a child, and keeps nothing of the item: when it comes to be drawn it asks its result. A list
 * view has some two hundred rows; those that are out of sight draw nothing. */

#pragma once

#include <gtk/gtk.h>

#include "ui/sp-results-model.h"
#include "ui/sp-row-look.h"
#include "vault/sp-item-type.h"

G_BEGIN_DECLS

#define SP_TYPE_ITEM_ROW (sp_item_row_get_type ())
G_DECLARE_FINAL_TYPE (SpItemRow, sp_item_row, SP, ITEM_ROW, GtkWidget)

GtkWidget *sp_item_row_new (SpRowLook *look) G_GNUC_WARN_UNUSED_RESULT;
void sp_item_row_set_result (SpItemRow *self, SpResultRow *result); /* (nullable) */
/* Something else is in the result's place, or other words are marked. */
void sp_item_row_update (SpItemRow *self);
/* The list was scrolled: a row that was out of sight may be in sight. */
void sp_item_row_draw_late (SpItemRow *self);
/* Tells assistive technology what is shown; that takes longer than to draw it. FALSE when it was told before. */
gboolean sp_item_row_update_name (SpItemRow *self);
guint64 sp_item_row_get_number (SpItemRow *self); /* 0 for none */

/* The icon's name in our resources. */
const char *sp_item_type_icon_name (SpItemType type);

G_END_DECLS
