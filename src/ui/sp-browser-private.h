/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the files of the browser share. */

#pragma once

#include "services/sp-session-bulk.h"
#include "ui/sp-browser.h"
#include "ui/sp-item-list.h"
#include "ui/sp-item-page.h"
#include "ui/sp-sidebar.h"

G_BEGIN_DECLS

struct _SpBrowser {
  AdwBin parent_instance;

  SpSession *session;     /* (owned) (nullable) */
  SpClipboard *clipboard; /* (owned) (nullable) */
  GCancellable *loading;  /* (owned) (nullable) of the item to be edited */
  SpBulk *undo;           /* (owned) (nullable) takes back the last change of items */
  guint undo_id;          /* which one that was */
  SpDraftBar *draft_bar;  /* (nullable) weak */
  guint64 next_number;    /* to be shown when the edit is left */
  SpItemType next_type;   /* of the new item to be edited then */
  SpId next_draft;        /* of the item whose draft is to be gone on with then */
  GtkWidget *menu;        /* (nullable) child, beside that of the bin */
  GtkWidget *menu_focus;  /* (nullable) weak; what had the focus before the menu */

  GtkStack *detail;
  AdwLeaflet *inner;
  SpItemEditor *item_editor;
  SpItemList *item_list;
  SpItemPage *item_page;
  AdwLeaflet *outer;
  AdwStatusPage *several_page;
  SpSidebar *sidebar;
};

/* sp-browser-changes.c: what is done with the items that are selected */
void sp_browser_install_changes (GtkWidgetClass *widget_class);
void sp_browser_update_changes (SpBrowser *self); /* which of them there are */
void sp_browser_forget_changes (SpBrowser *self);
void sp_browser_change (SpBrowser *self, SpChange change, const char *tag, GArray *numbers);
GArray *sp_browser_get_targets (SpBrowser *self); /* (element-type guint64) (transfer full) */
gboolean sp_browser_may_change (SpBrowser *self);
/* Takes `undo`, and says so in `text`. */
void sp_browser_offer_undo (SpBrowser *self, SpBulk *undo, const char *text);

/* sp-browser-menu.c: the main menu, where its button cannot be seen */
void sp_browser_close_menu (SpBrowser *self);

/* sp-browser-tags.c: tags of items, and tags as such */
void sp_browser_install_tags (GtkWidgetClass *widget_class);

/* sp-browser.c */
void sp_browser_show_item (SpBrowser *self, guint64 number);
void sp_browser_show_editor (SpBrowser *self);

G_END_DECLS
