/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The initials or the icon of the item that is shown, as its row in the list has them, but larger. */

#pragma once

#include <gtk/gtk.h>

#include "vault/sp-item.h"

G_BEGIN_DECLS

#define SP_TYPE_ITEM_BADGE (sp_item_badge_get_type ())
G_DECLARE_FINAL_TYPE (SpItemBadge, sp_item_badge, SP, ITEM_BADGE, GtkWidget)

void sp_item_badge_set_item (SpItemBadge *self, const SpItem *item);

G_END_DECLS
