/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The places of a vault: all items, favourites, types, tags, archive, trash. */

#pragma once

#include <adwaita.h>

#include "services/sp-session.h"

G_BEGIN_DECLS

#define SP_TYPE_SIDEBAR (sp_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (SpSidebar, sp_sidebar, SP, SIDEBAR, AdwBin)

/* Signals: ::place-changed, when another place was chosen, and when the chosen one changed its filter;
 *          ::items-dropped (char *filter, char *tag (nullable), SpItemNumbers *), when items were dragged there. */

/* What the place shows, in the words of a search (sp-search.h): "" for all items, "is:favourite",
 * "type:card", "tag:\"work/mail\"", "is:archived", "is:trashed". */
const char *sp_sidebar_get_filter (SpSidebar *self);
const char *sp_sidebar_get_title (SpSidebar *self); /* translated */

char **sp_sidebar_get_tags (SpSidebar *self) G_GNUC_WARN_UNUSED_RESULT; /* (transfer full) all */
/* The tag has another name: if it is chosen, or one nested in it, that stays so. */
void sp_sidebar_follow_tag (SpSidebar *self, const char *tag, const char *new_tag);
void sp_sidebar_focus (SpSidebar *self);
GMenuModel *sp_sidebar_get_menu (SpSidebar *self);   /* the main menu */
GMenu *sp_sidebar_get_vaults_menu (SpSidebar *self); /* a part of the main menu, to be filled */

G_END_DECLS
