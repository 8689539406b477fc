/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The rows on screen, and which of them is selected. */

#define G_LOG_DOMAIN "sp-item-list"

#include "config.h"

#include "ui/sp-item-list-private.h"
#include "ui/sp-item-row.h"

static void
show_row (SpItemList *self, GtkListItem *list_item)
{
  SpResultRow *row = gtk_list_item_get_item (list_item);
  SpOverview overview;

  if (row != NULL && sp_result_row_get_overview (row, &overview))
    sp_item_row_show (SP_ITEM_ROW (gtk_list_item_get_child (list_item)), &overview,
                      (const char *const *) self->words);
}

/* A row that is selected already says nothing when it is clicked; on a narrow window it is to be shown again. */
static void
view_released_cb (GtkGestureClick *gesture, int n_press, double x, double y, gpointer user_data)
{
  GtkWidget *view = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));
  SpItemList *self = SP_ITEM_LIST (gtk_widget_get_ancestor (view, SP_TYPE_ITEM_LIST));
  GtkWidget *picked = gtk_widget_pick (view, x, y, GTK_PICK_DEFAULT);
  GtkWidget *row = picked != NULL ? gtk_widget_get_ancestor (picked, SP_TYPE_ITEM_ROW) : NULL;

  if (row != NULL && self->number != 0 &&
      sp_item_row_get_number (SP_ITEM_ROW (row)) == self->number)
    sp_item_list_tell (self, self->number);
}

static void
setup_cb (GtkListItemFactory *factory, GtkListItem *list_item, SpItemList *self)
{
  gtk_list_item_set_child (list_item, sp_item_row_new ());
}

static void
bind_cb (GtkListItemFactory *factory, GtkListItem *list_item, SpItemList *self)
{
  g_ptr_array_add (self->bound, list_item);
  show_row (self, list_item);
}

static void
unbind_cb (GtkListItemFactory *factory, GtkListItem *list_item, SpItemList *self)
{
  g_ptr_array_remove_fast (self->bound, list_item);
}

/* ---- selection -------------------------------------------------------------------------------------- */

static guint64
get_selected_number (SpItemList *self)
{
  SpResultRow *row = gtk_single_selection_get_selected_item (self->selection);
  SpOverview overview;

  return row != NULL && sp_result_row_get_overview (row, &overview) ? overview.number : 0;
}

static void
selected_cb (SpItemList *self)
{
  guint64 number;

  if (self->silent)
    return;
  number = get_selected_number (self);
  if (number == self->number)
    return;
  self->number = number;
  sp_item_list_tell (self, number);
}

void
sp_item_list_select_silently (SpItemList *self, guint index)
{
  self->silent = TRUE;
  gtk_single_selection_set_selected (self->selection, index);
  self->silent = FALSE;
}

void
sp_item_list_scroll_to (SpItemList *self, guint index)
{
  gtk_widget_activate_action (GTK_WIDGET (self->view), "list.scroll-to-item", "u", index);
}

static void
view_activate_cb (SpItemList *self, guint index)
{
  if (self->number != 0)
    sp_item_list_tell (self, self->number);
}

void
sp_item_list_take_model (SpItemList *self, SpResultsModel *model)
{
  g_autoptr (GtkSingleSelection) selection = NULL;

  selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (selection, FALSE);
  gtk_single_selection_set_can_unselect (selection, TRUE);
  gtk_single_selection_set_model (selection, G_LIST_MODEL (model));
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  g_set_object (&self->selection, selection);
  g_set_object (&self->model, model);
  g_signal_connect_object (selection, "notify::selected", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
}

void
sp_item_list_select_index (SpItemList *self, guint index)
{
  if (self->model == NULL || index >= g_list_model_get_n_items (G_LIST_MODEL (self->model)))
    return;
  gtk_single_selection_set_selected (self->selection, index);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
  /* The view itself gives it to whatever had it last. */
  for (guint i = 0; i < self->bound->len; i++) {
    GtkListItem *list_item = g_ptr_array_index (self->bound, i);

    if (gtk_list_item_get_position (list_item) == index)
      gtk_widget_grab_focus (gtk_widget_get_parent (gtk_list_item_get_child (list_item)));
  }
}

void
sp_item_list_show_rows (SpItemList *self)
{
  for (guint i = 0; i < self->bound->len; i++)
    show_row (self, g_ptr_array_index (self->bound, i));
}

void
sp_item_list_install_rows (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, view_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, view_released_cb);
}

void
sp_item_list_init_rows (SpItemList *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  self->bound = g_ptr_array_new ();
  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, 0);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_cb), self, 0);
  gtk_list_view_set_factory (self->view, factory);
}
