/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The items of a place, or those that a search finds. */

#pragma once

#include <adwaita.h>

#include "services/sp-session.h"

G_BEGIN_DECLS

#define SP_TYPE_ITEM_LIST (sp_item_list_get_type ())
G_DECLARE_FINAL_TYPE (SpItemList, sp_item_list, SP, ITEM_LIST, AdwBin)

/* Signal: ::item-selected (guint64 number); 0 when none, or several, are. */

/* `filter` as sp_sidebar_get_filter(); ends a search. */
void sp_item_list_set_place (SpItemList *self, const char *filter, const char *title);
void sp_item_list_start_search (SpItemList *self); /* puts the cursor into the entry */
void sp_item_list_select (SpItemList *self, guint64 number);
/* Widgets whose key presses start a search: the window. */
void sp_item_list_set_key_capture (SpItemList *self, GtkWidget *widget);

G_END_DECLS
