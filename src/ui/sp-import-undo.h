/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Taking the last import back, from the report and from the window's action. */

#pragma once

#include <gtk/gtk.h>

#include "services/sp-session-transfer.h"

G_BEGIN_DECLS

/* "3 items taken back" */
char *sp_import_undo_dup_text (guint n_undone, guint n_kept) G_GNUC_WARN_UNUSED_RESULT;
/* Takes it back, and says so in the window that `widget` is in. */
void sp_import_undo (GtkWidget *widget, SpSession *session);

G_END_DECLS
