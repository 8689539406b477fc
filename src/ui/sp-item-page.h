/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One item, shown. */

#pragma once

#include <adwaita.h>

#include "services/sp-session.h"

G_BEGIN_DECLS

#define SP_TYPE_ITEM_PAGE (sp_item_page_get_type ())
G_DECLARE_FINAL_TYPE (SpItemPage, sp_item_page, SP, ITEM_PAGE, AdwBin)

/* Shows the item of that number, as it is stored now; 0 shows that none is selected. Follows changes. */
void sp_item_page_show (SpItemPage *self, guint64 number);
guint64 sp_item_page_get_number (SpItemPage *self);
/* Copies the first field of that template name ("password", "username"), or the one-time code ("otp"). FALSE when
 * there is none. */
gboolean sp_item_page_copy (SpItemPage *self, const char *name);
void
sp_item_page_show_large_type (SpItemPage *self); /* of the password, or the first concealed field */
void sp_item_page_show_history (SpItemPage *self);
/* Takes back the last change of the item of that number, which it may have only if it has that revision still. */
void sp_item_page_undo_version (SpItemPage *self, guint64 number, guint64 revision);

G_END_DECLS
