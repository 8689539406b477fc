/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What every text has that a secret may be typed into: locked memory, no history of changes, and, where the content is
 * secret, no way out but by SpClipboard: it is neither copied nor cut, and what is selected in it while it can be read
 * is not offered to the middle button. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Locked memory, no history; empties the text. */
void sp_secret_text_set_up (GtkText *text);
/* Changes the visibility, without what GTK does beside it. */
void sp_secret_text_set_visible (GtkText *text, gboolean visible);
void sp_secret_text_guard (GtkText *text);
void sp_secret_text_guard_view (
    GtkTextView *view); /* of several lines: no locked memory, but the rest */

G_END_DECLS
