/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpPaneLayout: lays out a pane, whose child has all of it. It asks for no more width than it must have: so the width of
 * panes beside each other does not depend on what they show. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SP_TYPE_PANE_LAYOUT (sp_pane_layout_get_type ())
G_DECLARE_FINAL_TYPE (SpPaneLayout, sp_pane_layout, SP, PANE_LAYOUT, GtkLayoutManager)

G_END_DECLS
