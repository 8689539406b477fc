/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpItemSelection: which rows of a results model are selected; any number of them, as a set of indices. (What
 * GtkMultiSelection keeps is an object for each.) */

#pragma once

#include <gtk/gtk.h>

#include "ui/sp-results-model.h"

G_BEGIN_DECLS

#define SP_TYPE_ITEM_SELECTION (sp_item_selection_get_type ())
G_DECLARE_FINAL_TYPE (SpItemSelection, sp_item_selection, SP, ITEM_SELECTION, GObject)

SpItemSelection *sp_item_selection_new (SpResultsModel *model) G_GNUC_WARN_UNUSED_RESULT;
const GtkBitset *sp_item_selection_peek (SpItemSelection *self); /* (transfer none) */
void sp_item_selection_set (SpItemSelection *self, const GtkBitset *selected);
/* (element-type guint64) (transfer full) the items' numbers, in the order of the list */
GArray *sp_item_selection_get_numbers (SpItemSelection *self) G_GNUC_WARN_UNUSED_RESULT;
/* Those of them that are in the list. */
void sp_item_selection_set_numbers (SpItemSelection *self, const GArray *numbers);

G_END_DECLS
