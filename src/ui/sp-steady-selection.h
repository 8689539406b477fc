/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpSteadySelection: a selection model that stays in a list view while another takes its place behind it.
 *
 * A list view that is given another model throws away its two hundred rows and makes as many; one that is told that its
 * items changed looks at each of them. This tells it only how many more or fewer there are, and which are selected. The
 * rows stay, and whoever replaces the model shows anew what is in each row's place. So the items of this model are
 * nothing but places: they say nothing of what is in them, and keep none of it alive. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SP_TYPE_STEADY_SELECTION (sp_steady_selection_get_type ())
G_DECLARE_FINAL_TYPE (SpSteadySelection, sp_steady_selection, SP, STEADY_SELECTION, GObject)

SpSteadySelection *sp_steady_selection_new (void) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): then there is nothing. */
void sp_steady_selection_set_model (SpSteadySelection *self, GtkSelectionModel *model);
/* So many places for what is to come. */
void sp_steady_selection_wait (SpSteadySelection *self, guint n);

G_END_DECLS
