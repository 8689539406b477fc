/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The rows on screen, which of them are selected, and which has the focus. Rows stay when other results come, and show
 * what is then in their place (SpSteadySelection). Only those in sight are drawn at once; assistive technology is told
 * after that. */

#define G_LOG_DOMAIN "sp-item-list"

#include "config.h"

#include "ui/sp-item-list-private.h"
#include "ui/sp-item-row.h"

/* So many rows are named in about a millisecond, between which keys are heard. */
#define NAMES_AT_ONCE 16
/* So many are made before there is anything to be shown: a list view has no more of them. */
#define WAITING_ROWS 200

static SpItemRow *
get_row (gpointer list_item)
{
  return SP_ITEM_ROW (gtk_list_item_get_child (GTK_LIST_ITEM (list_item)));
}

static gboolean
name_rows_cb (gpointer user_data)
{
  SpItemList *self = SP_ITEM_LIST (user_data);
  guint n = 0;

  for (guint i = 0; i < self->bound->len && n < NAMES_AT_ONCE; i++)
    n += sp_item_row_update_name (get_row (g_ptr_array_index (self->bound, i))) ? 1 : 0;
  if (n == NAMES_AT_ONCE)
    return G_SOURCE_CONTINUE;
  self->naming_id = 0;
  return G_SOURCE_REMOVE;
}

static void
show_row (SpItemList *self, GtkListItem *list_item)
{
  g_autoptr (SpResultRow) result = NULL;

  if (self->model != NULL)
    result = g_list_model_get_item (G_LIST_MODEL (self->model),
                                    gtk_list_item_get_position (list_item));
  sp_item_row_set_result (get_row (list_item), result);
  if (self->naming_id == 0)
    self->naming_id = g_idle_add_full (G_PRIORITY_LOW, name_rows_cb, self, NULL);
}

static void
scrolled_cb (SpItemList *self)
{
  for (guint i = 0; i < self->bound->len; i++)
    sp_item_row_draw_late (get_row (g_ptr_array_index (self->bound, i)));
}

static void
setup_cb (GtkListItemFactory *factory, GtkListItem *list_item, SpItemList *self)
{
  gtk_list_item_set_child (list_item, sp_item_row_new (self->look));
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
  sp_item_row_set_result (get_row (list_item), NULL);
}

/* ---- selection -------------------------------------------------------------------------------------- */

void
sp_item_list_follow_selection (SpItemList *self)
{
  const GtkBitset *selected = sp_item_selection_peek (self->selection);
  guint n = (guint) gtk_bitset_get_size (selected);
  guint64 number = 0;

  if (n == 1)
    number = sp_results_model_get_number (self->model, gtk_bitset_get_minimum (selected));
  if (n < 2 && n == self->n_selected && number == self->number)
    return;
  self->number = number;
  self->n_selected = n;
  sp_item_list_update_bar (self);
  sp_item_list_tell (self);
}

static void
selection_changed_cb (SpItemList *self)
{
  if (!self->silent)
    sp_item_list_follow_selection (self);
}

void
sp_item_list_select_silently (SpItemList *self, guint index)
{
  g_autoptr (GtkBitset) selected = gtk_bitset_new_empty ();

  if (index != G_MAXUINT)
    gtk_bitset_add (selected, index);
  self->silent = TRUE;
  sp_item_selection_set (self->selection, selected);
  self->silent = FALSE;
  self->n_selected = index != G_MAXUINT ? 1 : 0;
  sp_item_list_update_bar (self);
}

void
sp_item_list_scroll_to (SpItemList *self, guint index)
{
  gtk_widget_activate_action (GTK_WIDGET (self->view), "list.scroll-to-item", "u", index);
}

void
sp_item_list_take_model (SpItemList *self, SpResultsModel *model)
{
  g_autoptr (SpItemSelection) selection = sp_item_selection_new (model);

  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  g_set_object (&self->selection, selection);
  g_set_object (&self->model, model);
  g_signal_connect_object (selection, "selection-changed", G_CALLBACK (selection_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

/* ---- focus ------------------------------------------------------------------------------------------ */

gboolean
sp_item_list_has_focus (SpItemList *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  return root != NULL && (focus == NULL || focus == GTK_WIDGET (self->view) ||
                          gtk_widget_is_ancestor (focus, GTK_WIDGET (self->view)));
}

guint64
sp_item_list_get_focus_number (SpItemList *self)
{
  GtkWidget *focus = gtk_widget_get_focus_child (GTK_WIDGET (self->view));
  GtkWidget *row = focus != NULL ? gtk_widget_get_first_child (focus) : NULL;

  return SP_IS_ITEM_ROW (row) ? sp_item_row_get_number (SP_ITEM_ROW (row)) : 0;
}

static gboolean
focus_row (SpItemList *self, guint index)
{
  for (guint i = 0; i < self->bound->len; i++) {
    GtkListItem *list_item = g_ptr_array_index (self->bound, i);

    if (gtk_list_item_get_position (list_item) == index)
      return gtk_widget_grab_focus (gtk_widget_get_parent (gtk_list_item_get_child (list_item)));
  }
  return FALSE;
}

/* The view itself gives it to whatever had it last, and scrolls to what gets it. */
void
sp_item_list_focus_index (SpItemList *self, guint index)
{
  if (self->model == NULL || index >= g_list_model_get_n_items (G_LIST_MODEL (self->model)) ||
      focus_row (self, index))
    return;
  sp_item_list_scroll_to (self, index);
  if (!focus_row (self, index))
    gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

/* ---- clicks ----------------------------------------------------------------------------------------- */

static void
activate_index (SpItemList *self, guint index)
{
  guint64 number = sp_results_model_get_number (self->model, index);

  gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), index, TRUE);
  if (number != 0)
    sp_item_list_open (self, number);
}

static void
view_activate_cb (SpItemList *self, guint index)
{
  activate_index (self, index);
}

guint
sp_item_list_pick_index (SpItemList *self, double x, double y)
{
  GtkWidget *picked = gtk_widget_pick (GTK_WIDGET (self->view), x, y, GTK_PICK_DEFAULT);
  GtkWidget *row = picked != NULL ? gtk_widget_get_ancestor (picked, SP_TYPE_ITEM_ROW) : NULL;

  /* Around the row is what the list makes for it. */
  if (row == NULL && picked != NULL && SP_IS_ITEM_ROW (gtk_widget_get_first_child (picked)))
    row = gtk_widget_get_first_child (picked);
  for (guint i = 0; row != NULL && i < self->bound->len; i++) {
    GtkListItem *list_item = g_ptr_array_index (self->bound, i);

    if (gtk_list_item_get_child (list_item) == row)
      return gtk_list_item_get_position (list_item);
  }
  return G_MAXUINT;
}

/* A row that is selected already says nothing when it is clicked; on a narrow window it is to be shown again. Clicks
 * with Ctrl and Shift are the list's own. */
static void
view_released_cb (GtkGestureClick *gesture, int n_press, double x, double y, gpointer user_data)
{
  GtkWidget *view = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));
  SpItemList *self = SP_ITEM_LIST (gtk_widget_get_ancestor (view, SP_TYPE_ITEM_LIST));
  GdkModifierType state = gtk_event_controller_get_current_event_state (
      GTK_EVENT_CONTROLLER (gesture));
  guint index = sp_item_list_pick_index (self, x, y);

  if (index == G_MAXUINT || (state & (GDK_CONTROL_MASK | GDK_SHIFT_MASK)) != 0)
    return;
  if (self->selecting) {
    gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
    sp_item_list_focus_index (self, index);
    sp_item_list_toggle (self, index);
  } else if (n_press == 1) {
    activate_index (self, index);
  }
}

static void
view_long_pressed_cb (GtkGestureLongPress *gesture, double x, double y, gpointer user_data)
{
  GtkWidget *view = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));
  SpItemList *self = SP_ITEM_LIST (gtk_widget_get_ancestor (view, SP_TYPE_ITEM_LIST));
  guint index = sp_item_list_pick_index (self, x, y);

  if (index == G_MAXUINT)
    return;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  if (!self->selecting)
    gtk_selection_model_unselect_all (GTK_SELECTION_MODEL (self->selection));
  sp_item_list_set_selecting (self, TRUE);
  sp_item_list_toggle (self, index);
}

void
sp_item_list_show_rows (SpItemList *self, guint from)
{
  sp_row_look_set_words (self->look, self->words);
  for (guint i = 0; i < self->bound->len; i++) {
    GtkListItem *list_item = g_ptr_array_index (self->bound, i);

    if (gtk_list_item_get_position (list_item) >= from)
      show_row (self, list_item);
  }
}

gboolean
sp_item_list_prepare (SpItemList *self)
{
  g_return_val_if_fail (SP_IS_ITEM_LIST (self), FALSE);

  if (self->model != NULL || self->bound->len > 0)
    return FALSE;
  sp_steady_selection_wait (self->steady, WAITING_ROWS);
  return TRUE;
}

void
sp_item_list_install_rows (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, view_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, view_long_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, view_released_cb);
}

void
sp_item_list_init_rows (SpItemList *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->view));

  self->bound = g_ptr_array_new ();
  self->look = sp_row_look_new (GTK_WIDGET (self->view));
  self->steady = sp_steady_selection_new ();
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (scrolled_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (scrolled_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, 0);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_cb), self, 0);
  gtk_list_view_set_factory (self->view, factory);
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (self->steady));
}
