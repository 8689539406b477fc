/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the files of the sidebar share. */

#pragma once

#include "services/sp-tally.h"
#include "ui/sp-item-numbers.h"
#include "ui/sp-place.h"
#include "ui/sp-sidebar.h"

G_BEGIN_DECLS

struct _SpSidebar {
  AdwBin parent_instance;

  SpSession *session; /* (owned) (nullable) */
  gboolean folded;
  GCancellable *counting;        /* (owned) (nullable) */
  SpPlace *chosen;               /* (owned) */
  GListStore *places;            /* (owned) (element-type SpPlace) */
  GtkSingleSelection *selection; /* (owned) */
  SpTally *tally;                /* (owned) (nullable) of which the places are made */
  GHashTable *collapsed; /* (element-type utf8) (owned) tags whose nested ones are not shown */
  GtkWidget *menu;       /* (nullable) the context menu that is open */
  gboolean silent;       /* the selection is being put back */
  guint update_id;       /* idle source: the items were counted */

  AdwWindowTitle *title;
  GMenuModel *main_menu;
  GMenu *vaults_menu;
  GtkListView *view;
};

/* sp-sidebar.c */
void sp_sidebar_choose (SpSidebar *self, SpPlace *place);
void sp_sidebar_set_expanded (SpSidebar *self, SpPlace *place, gboolean expanded);
void
sp_sidebar_drop (SpSidebar *self, SpPlace *place, SpItemNumbers *numbers); /* ::items-dropped */

/* sp-sidebar-rows.c */
void sp_sidebar_init_rows (SpSidebar *self);
void sp_sidebar_close_menu (SpSidebar *self);

G_END_DECLS
