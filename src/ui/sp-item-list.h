/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The items of a place, or those that a search finds. */

#pragma once

#include <adwaita.h>

#include "services/sp-session.h"

G_BEGIN_DECLS

#define SP_TYPE_ITEM_LIST (sp_item_list_get_type ())
G_DECLARE_FINAL_TYPE (SpItemList, sp_item_list, SP, ITEM_LIST, AdwBin)

/* Signals: ::selection-changed (), when another item, or several, or none, are selected;
 *          ::item-activated (guint64 number), when one is to be opened, by a click or by Enter.
 * Properties: "sort" ("title", "used", "modified"), "selecting" (a click adds to the selection), and the actions
 * items.sort and items.selecting for them; items.select-all. */

/* `filter` as sp_sidebar_get_filter(); ends a search. */
void sp_item_list_set_place (SpItemList *self, const char *filter, const char *title);
void sp_item_list_start_search (SpItemList *self); /* puts the cursor into the entry */
void sp_item_list_select (SpItemList *self, guint64 number);
guint64 sp_item_list_get_number (SpItemList *self); /* of the one that is selected; else 0 */
guint sp_item_list_get_n_selected (SpItemList *self);
/* (element-type guint64) of those in the list that are selected */
GArray *sp_item_list_get_numbers (SpItemList *self) G_GNUC_WARN_UNUSED_RESULT;
/* Makes rows before there are items, which is the most of what there is to do when they come; FALSE if there are. */
gboolean sp_item_list_prepare (SpItemList *self);
void sp_item_list_focus (SpItemList *self); /* the row that is selected, or the first */
/* Widgets whose key presses start a search: the window. */
void sp_item_list_set_key_capture (SpItemList *self, GtkWidget *widget);

G_END_DECLS
