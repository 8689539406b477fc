/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The rows of the activity's list: what happened, with which item, when and where. */

#pragma once

#include <gtk/gtk.h>

#include "services/sp-session.h"

G_BEGIN_DECLS

/* What items are called now, for those whose rows are shown. */
typedef struct _SpItemTitles SpItemTitles;

SpItemTitles *sp_item_titles_new (SpSession *session) G_GNUC_WARN_UNUSED_RESULT;
void sp_item_titles_free (SpItemTitles *self);
/* (transfer full) (nullable) made harmless for a label; NULL when there is no such item */
char *sp_item_titles_dup (SpItemTitles *self, const SpId *id) G_GNUC_WARN_UNUSED_RESULT;

GtkListItemFactory *sp_activity_rows_new (SpItemTitles *titles) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpItemTitles, sp_item_titles_free)

G_END_DECLS
