/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the files of the item page share. */

#pragma once

#include "services/sp-session-items.h"
#include "ui/sp-clipboard.h"
#include "ui/sp-field-row.h"
#include "ui/sp-item-badge.h"
#include "ui/sp-item-page.h"

G_BEGIN_DECLS

struct _SpItemPage {
  AdwBin parent_instance;

  SpSession *session;     /* (owned) (nullable) */
  SpClipboard *clipboard; /* (owned) (nullable) */
  GSignalGroup *session_signals;
  GSignalGroup *clipboard_signals;

  guint64 number;
  SpItem *item;                 /* (owned) (nullable) what is shown */
  GCancellable *loading;        /* (owned) (nullable) */
  GCancellable *files;          /* (owned) of what reads and writes attachments */
  GPtrArray *rows;              /* (element-type SpFieldRow) (owned) those on screen */
  GtkEventController *alt_keys; /* (nullable) the root's, while mapped */
  gulong root_active_handler;
  gboolean taking_code;  /* until it is stored */
  guint conceal_seconds; /* what was revealed; 0 is never */

  GtkWidget *back_button;
  SpItemBadge *badge;
  GtkLabel *clipboard_label;
  GtkRevealer *clipboard_strip;
  GtkLabel *dates_label;
  GtkWidget *edit_button;
  AdwStatusPage *error_page;
  GtkToggleButton *favourite_button;
  GtkBox *groups;
  AdwHeaderBar *header;
  GMenuModel *item_menu;
  GtkMenuButton *menu_button;
  GtkScrolledWindow *scroller;
  GtkStack *stack;
  GtkLabel *title_label;
  GMenuModel *trash_menu;
  GtkLabel *type_label;
};

/* sp-item-page-rows.c: what is in the boxed lists */
void sp_item_page_build_rows (SpItemPage *self);
void sp_item_page_clear_rows (SpItemPage *self);

/* sp-item-page-actions.c: what is done with the item */
void sp_item_page_install_actions (GtkWidgetClass *widget_class);
void sp_item_page_update_actions (SpItemPage *self);
void sp_item_page_copy_row (SpItemPage *self, SpFieldRow *row);
void sp_item_page_enlarge_row (SpItemPage *self, SpFieldRow *row);
void sp_item_page_open_row (SpItemPage *self, SpFieldRow *row);
void sp_item_page_change (SpItemPage *self, SpChange change);

/* sp-item-page-codes.c: one-time codes that count */
void sp_item_page_take_code (SpItemPage *self, SpFieldRow *row, gboolean copy);

/* sp-item-page-attachments.c */
void sp_item_page_install_attachments (GtkWidgetClass *widget_class);
void sp_item_page_save_attachment (SpItemPage *self, guint64 number);
void sp_item_page_preview_attachment (SpItemPage *self, guint64 number);
void sp_item_page_detach (SpItemPage *self, guint64 number); /* can be undone */
void sp_item_page_attach (SpItemPage *self, GFile *file);

G_END_DECLS
