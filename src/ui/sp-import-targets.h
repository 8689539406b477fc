/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a column of a file to import may be, in words for people. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* `out_names`: (transfer full) (element-type utf8) the engine's names, in the order of the model's labels. */
GtkStringList *sp_import_targets_new (GPtrArray **out_names) G_GNUC_WARN_UNUSED_RESULT;
/* Where in `names` a target stands, of which the engine may have several, parted by bars. */
guint sp_import_targets_find (const GPtrArray *names, const char *target);
/* Whether two columns may have it. */
gboolean sp_import_target_may_repeat (const char *target);

G_END_DECLS
