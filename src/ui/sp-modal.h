/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A window over another one that waits for it. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Gives `self` the keyboard whenever the window below gets it, but not while something stands over `self`. */
void sp_modal_keep_focus (GtkWindow *self, GtkWindow *parent);

G_END_DECLS
