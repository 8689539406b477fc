/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpBrowser: the open vault, in three panes that fold on a narrow window: places, items, one item. */

#pragma once

#include <adwaita.h>

#include "services/sp-session.h"
#include "services/sp-settings.h"
#include "ui/sp-clipboard.h"
#include "ui/sp-draft-bar.h"
#include "ui/sp-item-editor.h"

G_BEGIN_DECLS

#define SP_TYPE_BROWSER (sp_browser_get_type ())
G_DECLARE_FINAL_TYPE (SpBrowser, sp_browser, SP, BROWSER, AdwBin)

void sp_browser_search (SpBrowser *self);
void sp_browser_new_item (SpBrowser *self, SpItemType type);
void sp_browser_edit_item (SpBrowser *self); /* the one that is shown */
/* Of what is selected, and of the item that is shown; also its actions items.trash, items.archive and so on. */
void sp_browser_trash (SpBrowser *self);
void sp_browser_undo (SpBrowser *self,
                      guint id); /* the change of that id, if it was the last; 0 is any */
void sp_browser_empty_trash (SpBrowser *self);            /* asks */
void sp_browser_copy (SpBrowser *self, const char *name); /* as sp_item_page_copy() */
guint64 sp_browser_get_item (SpBrowser *self);     /* number of the one that is shown; 0: none */
void sp_browser_show_history (SpBrowser *self);    /* of the one that is shown */
void sp_browser_show_large_type (SpBrowser *self); /* as sp_item_page_show_large_type() */
/* As sp_item_page_undo_version(). */
void sp_browser_undo_version (SpBrowser *self, guint64 number, guint64 revision);
/* One pane to the left, when folded; FALSE if there is none. */
gboolean sp_browser_go_back (SpBrowser *self);
void sp_browser_next_pane (SpBrowser *self, gboolean backwards); /* gets the focus */
void sp_browser_tag (SpBrowser *self); /* asks for tags of what is selected */
void sp_browser_set_key_capture (SpBrowser *self, GtkWidget *widget);
/* The order of the list, and how long something is revealed. */
void sp_browser_set_settings (SpBrowser *self, SpSettings *settings);
/* The main menu, for where the pane of places is not shown. */
void sp_browser_show_menu (SpBrowser *self);
GMenu *sp_browser_get_vaults_menu (SpBrowser *self); /* a part of the main menu, to be filled */
gboolean sp_browser_prepare (SpBrowser *self);       /* as sp_item_list_prepare() */
/* What it offers is gone on with here. */
void sp_browser_set_draft_bar (SpBrowser *self, SpDraftBar *bar);
/* Whether nothing that is being edited would be lost; if not, asks, and calls `then` when that is settled. */
gboolean sp_browser_may_leave (SpBrowser *self, SpItemEditorThen then, gpointer user_data);

G_END_DECLS
