/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the files of the item list share. */

#pragma once

#include "ui/sp-item-list.h"
#include "ui/sp-item-selection.h"
#include "ui/sp-results-model.h"
#include "ui/sp-row-look.h"
#include "ui/sp-steady-selection.h"
#include "vault/sp-order.h"
#include "vault/sp-search.h"

G_BEGIN_DECLS

/* Kept, since to take back what was typed should not take longer than to type it. */
typedef struct {
  SpSnapshot *snapshot;  /* (owned) (nullable) */
  SpPosition *positions; /* (owned) (nullable) */
  guint n;
} SpWhole;

struct _SpItemList {
  AdwBin parent_instance;

  SpSession *session; /* (owned) (nullable) */
  gboolean at_end;
  gboolean can_go_back;
  char *filter;   /* of the place */
  char *tag;      /* (nullable) that the filter names */
  char *sort;     /* "title", "used" or "modified" */
  char **words;   /* (nullable) typed, folded, to be marked */
  guint64 number; /* the one that is selected, or is to be as soon as it is there */
  guint n_selected;
  guint n_dragged;
  gboolean selecting;  /* a click adds to the selection */
  gboolean everywhere; /* notes and all fields of all items are searched too */
  gboolean reveal;     /* scroll to `number` when it comes */
  gboolean silent;     /* the selection is being put back */

  SpOrder *order;        /* (owned) (nullable) */
  GCancellable *sorting; /* (owned) (nullable) */
  SpSnapshot *sorted_of; /* (owned) (nullable) what is being sorted */
  SpOrderKind sorted_by; /* and by what */
  SpWhole whole;         /* what the place has, in order */
  guint n_first; /* of those that are shown, so many are in order; others while it is being made */
  GCancellable *searching; /* (owned) (nullable) everywhere */
  SpResults *results;      /* (owned) (nullable) what was found last */
  SpResultsModel *model;   /* (owned) (nullable) what is shown */
  GPtrArray *bound;        /* (element-type GtkListItem) those on screen */
  SpRowLook *look;         /* (owned) */
  guint naming_id;         /* idle source: rows are to be named */

  SpSteadySelection *steady; /* (owned) what the view has */

  GtkButton *archive_button;
  GtkActionBar *bar;
  GtkLabel *count;
  GtkSearchEntry *entry;
  GtkWidget *everywhere_button;
  GtkButton *favourite_button;
  GtkMenuButton *first_button;
  GtkWidget *import_button;
  GtkMenuButton *new_button;
  GtkWidget *purge_button;
  GtkWidget *restore_button;
  SpItemSelection *selection; /* (owned) (nullable) */
  GtkStack *stack;
  AdwStatusPage *status;
  GtkWidget *tag_button;
  AdwWindowTitle *title;
  GtkWidget *trash_button;
  GtkRevealer *trash_strip;
  GtkListView *view;
};

/* sp-item-list.c */
void sp_item_list_tell (SpItemList *self);                 /* ::selection-changed */
void sp_item_list_open (SpItemList *self, guint64 number); /* ::item-activated */

/* sp-item-list-search.c: what is asked, and the entry */
void sp_item_list_install_search (GtkWidgetClass *widget_class);
const char *sp_item_list_get_text (SpItemList *self);
gboolean sp_item_list_is_typed (SpItemList *self);
SpOrderKind sp_item_list_get_order_kind (SpItemList *self);
/* `same_question`: only the vault, or the order, is another one. */
void sp_item_list_update (SpItemList *self, gboolean same_question);
void sp_item_list_cancel (SpItemList *self); /* what is being made or searched */

void sp_item_list_forget_whole (SpItemList *self); /* another place, order or vault */

/* sp-item-list-results.c: what is shown. They take the positions, which are of the snapshot. */
void sp_item_list_show (SpItemList *self,
                        SpSnapshot *snapshot,
                        SpPosition *positions,
                        guint n,
                        gboolean same_question);
/* The same items, of which only the first were in order. */
void sp_item_list_reorder (SpItemList *self, SpSnapshot *snapshot, SpPosition *positions, guint n);
void sp_item_list_update_strips (SpItemList *self); /* what depends on whether it can be written */

/* sp-item-list-rows.c: the rows and the selection */
void sp_item_list_install_rows (GtkWidgetClass *widget_class);
void sp_item_list_init_rows (SpItemList *self);
void sp_item_list_show_rows (SpItemList *self,
                             guint from); /* anew, those on screen from an index on */
void sp_item_list_take_model (SpItemList *self, SpResultsModel *model);
void sp_item_list_select_silently (SpItemList *self, guint index); /* G_MAXUINT for none */
void sp_item_list_follow_selection (SpItemList *self);             /* tells what it is now */
void sp_item_list_focus_index (SpItemList *self, guint index);
gboolean sp_item_list_has_focus (SpItemList *self); /* one of its rows, or nothing in the window */
guint64 sp_item_list_get_focus_number (SpItemList *self); /* of the row that has it; else 0 */
void sp_item_list_scroll_to (SpItemList *self, guint index);
/* The index of the row at a place of the view; G_MAXUINT for none. */
guint sp_item_list_pick_index (SpItemList *self, double x, double y);

/* sp-item-list-drag.c */
void sp_item_list_init_drag (SpItemList *self);

/* sp-item-list-several.c: selecting several, and the bar that says what can be done with them */
void sp_item_list_install_several (GtkWidgetClass *widget_class);
void sp_item_list_update_bar (SpItemList *self);
void sp_item_list_set_selecting (SpItemList *self, gboolean selecting);
void sp_item_list_toggle (SpItemList *self, guint index);

G_END_DECLS
