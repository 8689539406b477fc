/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Each answer is a fresh model; only when the vault changed and the same items are to be shown as before, the model
 * moves on in place, so that nothing jumps. */

#define G_LOG_DOMAIN "sp-item-list"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/sp-item-list-private.h"

static void
show_nothing (SpItemList *self)
{
  SpSnapshot *snapshot = sp_session_get_snapshot (self->session);
  gboolean writable = sp_session_is_writable (self->session);
  gboolean may_add = FALSE;
  const char *icon = "sp-all-items-symbolic", *title, *text = NULL;

  if (sp_item_list_is_typed (self)) {
    icon = "system-search-symbolic";
    title = _ ("Nothing Found");
    text = _ ("Try fewer or other words. Titles, user names, websites and tags are searched.");
  } else if (snapshot != NULL && sp_snapshot_get_n_items (snapshot) == 0) {
    icon = "sp-vault-symbolic";
    title = _ ("The Vault Is Empty");
    text = _ ("Add a first item: a login, a card, a note, or anything else that is to be kept safe.");
    may_add = TRUE;
  } else if (g_str_equal (self->filter, "is:trashed")) {
    icon = "sp-trash-symbolic";
    title = _ ("The Trash Is Empty");
    text = _ ("Items that are moved to the trash are kept here, and can be restored.");
  } else if (g_str_equal (self->filter, "is:archived")) {
    icon = "sp-archive-symbolic";
    title = _ ("Nothing Is Archived");
    text = _ ("Archive items that you no longer use, but want to keep.");
  } else if (g_str_equal (self->filter, "is:favourite")) {
    icon = "sp-favourite-symbolic";
    title = _ ("No Favourites");
    text = _ ("Mark the items that you use most as favourites, to have them here.");
  } else {
    title = _ ("No Items");
    may_add = TRUE;
  }
  adw_status_page_set_icon_name (self->status, icon);
  adw_status_page_set_title (self->status, title);
  adw_status_page_set_description (self->status, text);
  gtk_widget_set_visible (GTK_WIDGET (self->first_button), may_add && writable);
  gtk_stack_set_visible_child_name (self->stack, "nothing");
}

/* A list view begins a new model at its top. The place is put back when the rows have been laid out. */
typedef struct {
  GtkAdjustment *adjustment; /* (owned) */
  double value;
} Scroll;

static gboolean
scroll_back_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  Scroll *scroll = user_data;

  gtk_adjustment_set_value (scroll->adjustment, scroll->value);
  return G_SOURCE_REMOVE;
}

static void
scroll_free (gpointer data)
{
  Scroll *scroll = data;

  g_object_unref (scroll->adjustment);
  g_free (scroll);
}

static void
keep_scroll (SpItemList *self)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->view));
  Scroll *scroll = g_new0 (Scroll, 1);

  scroll->adjustment = g_object_ref (adjustment);
  scroll->value = gtk_adjustment_get_value (adjustment);
  gtk_widget_add_tick_callback (GTK_WIDGET (self->view), scroll_back_cb, scroll, scroll_free);
}

static void
swap_model (SpItemList *self, SpPosition *positions, guint n, gboolean same_question)
{
  g_autoptr (SpResultsModel) model = NULL;
  guint index;

  model = sp_results_model_new_take (sp_results_get_snapshot (self->results), positions, n);
  index = sp_results_model_find (model, self->number);
  if (same_question)
    keep_scroll (self);
  sp_item_list_take_model (self, model);
  sp_item_list_select_silently (self, index);
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  if (n > 0)
    gtk_stack_set_visible_child_name (self->stack, "list");
  else
    show_nothing (self);
}

static gboolean
is_same (const SpPosition *a, const SpPosition *b, guint n)
{
  for (guint i = 0; i < n; i++)
    if (a[i] != b[i])
      return FALSE;
  return TRUE;
}

static int
compare_positions (const void *a, const void *b)
{
  SpPosition position_a = *(const SpPosition *) a, position_b = *(const SpPosition *) b;

  return position_a < position_b ? -1 : position_a > position_b;
}

static gboolean
is_same_set (const SpPosition *a, const SpPosition *b, guint n)
{
  g_autofree SpPosition *sorted_a = g_memdup2 (a, n * sizeof *a);
  g_autofree SpPosition *sorted_b = g_memdup2 (b, n * sizeof *b);

  qsort (sorted_a, n, sizeof *sorted_a, compare_positions);
  qsort (sorted_b, n, sizeof *sorted_b, compare_positions);
  return is_same (sorted_a, sorted_b, n);
}

/* In place, if the vault's change left the list what it was. That an item was used moves it only when something else
 * is asked. */
static gboolean
move_model (SpItemList *self, const SpPosition *positions, guint n)
{
  SpSnapshot *from = self->model != NULL ? sp_results_model_get_snapshot (self->model) : NULL;
  SpSnapshot *to = sp_results_get_snapshot (self->results);
  gboolean by_use = sp_item_list_is_typed (self) || g_str_equal (self->sort, "used");
  g_autofree SpPosition *carried = NULL;
  const SpPosition *old;
  guint n_old;

  if (from == NULL)
    return FALSE;
  old = sp_results_model_peek (self->model, &n_old);
  if (n_old != n || n == 0)
    return FALSE;
  carried = g_new (SpPosition, n);
  sp_order_carry (from, to, old, n, carried);
  if (!is_same (carried, positions, n) && !(by_use && is_same_set (carried, positions, n)))
    return FALSE;
  sp_results_model_move_take (self->model, to, g_steal_pointer (&carried));
  sp_item_list_show_rows (self);
  return TRUE;
}

void
sp_item_list_show (SpItemList *self, SpPosition *positions, guint n, gboolean same_question)
{
  if (same_question && move_model (self, positions, n))
    g_free (positions);
  else
    swap_model (self, positions, n, same_question);
}
