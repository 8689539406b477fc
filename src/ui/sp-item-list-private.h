/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the files of the item list share. */

#pragma once

#include "ui/sp-item-list.h"
#include "ui/sp-results-model.h"
#include "vault/sp-order.h"
#include "vault/sp-search.h"

G_BEGIN_DECLS

struct _SpItemList {
  AdwBin parent_instance;

  SpSession *session; /* (owned) (nullable) */
  gboolean at_end;
  gboolean can_go_back;
  char *filter;    /* of the place */
  char *tag;       /* (nullable) that the filter names */
  char *sort;      /* "title", "used" or "modified" */
  char **words;    /* (nullable) typed, folded, to be marked */
  guint64 number;  /* selected, or to be selected as soon as it is there */
  gboolean silent; /* the selection is being put back */

  SpOrder *order;        /* (owned) (nullable) */
  GCancellable *sorting; /* (owned) (nullable) */
  SpResults *results;    /* (owned) (nullable) what was found last */
  SpResultsModel *model; /* (owned) (nullable) what is shown */
  GPtrArray *bound;      /* (element-type GtkListItem) those on screen */

  GtkSearchEntry *entry;
  GtkMenuButton *first_button;
  GtkMenuButton *new_button;
  GtkSingleSelection *selection; /* (owned) (nullable) */
  GtkStack *stack;
  AdwStatusPage *status;
  AdwWindowTitle *title;
  GtkListView *view;
};

/* sp-item-list.c */
void sp_item_list_tell (SpItemList *self, guint64 number); /* emits ::item-selected */

/* sp-item-list-search.c: what is asked, and the entry */
void sp_item_list_install_search (GtkWidgetClass *widget_class);
const char *sp_item_list_get_text (SpItemList *self);
gboolean sp_item_list_is_typed (SpItemList *self);
SpOrderKind sp_item_list_get_order_kind (SpItemList *self);
/* `same_question`: only the vault, or the order, is another one. */
void sp_item_list_update (SpItemList *self, gboolean same_question);

/* sp-item-list-results.c: what is shown. It takes the positions. */
void sp_item_list_show (SpItemList *self, SpPosition *positions, guint n, gboolean same_question);

/* sp-item-list-rows.c: the rows and the selection */
void sp_item_list_install_rows (GtkWidgetClass *widget_class);
void sp_item_list_init_rows (SpItemList *self);
void sp_item_list_show_rows (SpItemList *self); /* anew, all that are on screen */
void sp_item_list_take_model (SpItemList *self, SpResultsModel *model);
void sp_item_list_select_silently (SpItemList *self, guint index); /* G_MAXUINT for none */
void sp_item_list_select_index (SpItemList *self, guint index);    /* and gives it the focus */
void sp_item_list_scroll_to (SpItemList *self, guint index);

G_END_DECLS
