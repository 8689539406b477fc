/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Each answer is a fresh model; only when the vault changed and the same items are to be shown as before, the model
 * moves on in place, so that nothing jumps. */

#define G_LOG_DOMAIN "sp-item-list"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/sp-item-list-private.h"

typedef struct {
  const char *icon;
  const char *title;
  const char *text;
  gboolean may_add;
  gboolean may_import;
  gboolean may_search; /* everywhere */
} Empty;

static void
describe_search (SpItemList *self, Empty *empty)
{
  empty->icon = "system-search-symbolic";
  empty->title = _ ("Nothing Found");
  if (self->everywhere) {
    empty->text = _ ("No item has these words, in its notes or in any field.");
    return;
  }
  empty->may_search = TRUE;
  if (*self->filter != '\0')
    empty->text = _ ("Only this place was searched: titles, user names, websites and tags.");
  else
    empty->text = _ ("Titles, user names, websites and tags were searched. Try fewer words, or search "
                     "notes and all fields as well.");
}

static void
describe_place (SpItemList *self, Empty *empty)
{
  if (g_str_equal (self->filter, "is:trashed")) {
    empty->icon = "sp-trash-symbolic";
    empty->title = _ ("The Trash Is Empty");
    empty->text = _ ("Items that are moved to the trash stay here, and can be restored, until they are "
                     "deleted for good.");
  } else if (g_str_equal (self->filter, "is:archived")) {
    empty->icon = "sp-archive-symbolic";
    empty->title = _ ("Nothing Is Archived");
    empty->text = _ ("Archive items that you no longer use, but want to keep. They are still found, "
                     "after all others.");
  } else if (g_str_equal (self->filter, "is:favourite")) {
    empty->icon = "sp-favourite-symbolic";
    empty->title = _ ("No Favourites");
    empty->text = _ ("Mark the items that you use most with the star, or drag them to this place.");
  } else {
    empty->title = _ ("No Items");
    empty->may_add = TRUE;
  }
}

static void
show_nothing (SpItemList *self)
{
  SpSnapshot *snapshot = sp_session_get_snapshot (self->session);
  gboolean writable = sp_session_is_writable (self->session);
  Empty empty = { .icon = "sp-all-items-symbolic" };

  if (sp_item_list_is_typed (self)) {
    describe_search (self, &empty);
  } else if (snapshot != NULL && sp_snapshot_get_n_items (snapshot) == 0) {
    empty.icon = "sp-vault-symbolic";
    empty.title = _ ("The Vault Is Empty");
    empty.text = _ ("Add a first item, or bring in what another password manager or a browser has.");
    empty.may_add = TRUE;
    empty.may_import = TRUE;
  } else {
    describe_place (self, &empty);
  }
  adw_status_page_set_icon_name (self->status, empty.icon);
  adw_status_page_set_title (self->status, empty.title);
  adw_status_page_set_description (self->status, empty.text);
  gtk_widget_set_visible (GTK_WIDGET (self->first_button), empty.may_add && writable);
  gtk_widget_set_visible (self->import_button, empty.may_import && writable);
  gtk_widget_set_visible (self->everywhere_button, empty.may_search);
  gtk_stack_set_visible_child_name (self->stack, "nothing");
}

/* Other items begin at the top. */
static void
scroll_to_top (SpItemList *self)
{
  gtk_adjustment_set_value (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->view)), 0);
}

/* More items, or fewer, may move the view. The place is put back when the rows have been laid out. */
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

/* What comes after the first of those that were selected, or before it, of what is still there; G_MAXUINT for none. */
static guint
find_neighbour (SpItemList *self, SpResultsModel *now)
{
  SpSnapshot *snapshot = sp_results_model_get_snapshot (now);
  guint begin = gtk_bitset_get_minimum (sp_item_selection_peek (self->selection));
  g_autoptr (GtkBitset) there = gtk_bitset_new_empty ();
  const SpPosition *positions;
  guint n_old, n_now;

  positions = sp_results_model_peek (now, &n_now);
  for (guint i = 0; i < n_now; i++)
    gtk_bitset_add (there, positions[i]);
  (void) sp_results_model_peek (self->model, &n_old);
  for (guint i = 0; i < n_old; i++) {
    guint index = i < n_old - begin ? begin + i : n_old - 1 - i;
    guint64 number = sp_results_model_get_number (self->model, index);
    SpPosition position = sp_snapshot_find_number (snapshot, number);

    if (position != SP_POSITION_NONE && gtk_bitset_contains (there, position))
      return sp_results_model_find (now, number);
  }
  return G_MAXUINT;
}

static gboolean
is_any_there (SpResultsModel *model, const GArray *numbers)
{
  g_autoptr (SpItemSelection) selection = sp_item_selection_new (model);

  sp_item_selection_set_numbers (selection, numbers);
  return !gtk_bitset_is_empty (sp_item_selection_peek (selection));
}

/* Where the selection goes, and the focus. */
typedef struct {
  GArray
      *numbers;  /* (element-type guint64) (owned) (nullable) what is selected, when several are */
  guint64 focus; /* the number of the row that has it */
  guint neighbour; /* of what was selected and is gone; else G_MAXUINT */
  gboolean has_focus;
} Keep;

static void
keep_selection (SpItemList *self, SpResultsModel *now, gboolean same_question, Keep *keep)
{
  gboolean was_there = self->model != NULL && self->n_selected > 0;

  keep->has_focus = self->model != NULL && sp_item_list_has_focus (self);
  keep->focus = keep->has_focus && same_question ? sp_item_list_get_focus_number (self) : 0;
  keep->neighbour = G_MAXUINT;
  keep->numbers = was_there ? sp_item_selection_get_numbers (self->selection) : NULL;
  if (!was_there || !same_question)
    return;
  if (is_any_there (now, keep->numbers))
    return;
  keep->neighbour = find_neighbour (self, now);
  self->number = 0;
  /* On a narrow window the list is shown again, and nothing is opened unasked. */
  if (!self->at_end && !self->selecting)
    self->number = sp_results_model_get_number (now, keep->neighbour);
}

/* Several stay selected as far as they are there; one is kept in mind even if it is not. */
static void
put_selection_back (SpItemList *self, const Keep *keep)
{
  const GtkBitset *selected;

  if (keep->numbers == NULL || keep->numbers->len < 2 || keep->neighbour != G_MAXUINT) {
    sp_item_list_select_silently (self, sp_results_model_find (self->model, self->number));
    return;
  }
  self->silent = TRUE;
  sp_item_selection_set_numbers (self->selection, keep->numbers);
  self->silent = FALSE;
  selected = sp_item_selection_peek (self->selection);
  self->n_selected = (guint) gtk_bitset_get_size (selected);
  if (self->n_selected == 1)
    self->number = sp_results_model_get_number (self->model, gtk_bitset_get_minimum (selected));
  sp_item_list_update_bar (self);
}

static void
put_focus_back (SpItemList *self, const Keep *keep, gboolean same_question)
{
  guint index = keep->neighbour;

  /* What comes of another question is looked at from its beginning, wherever in it the row of before may be. */
  if (!same_question)
    index = 0;
  else if (index == G_MAXUINT && keep->focus != 0)
    index = sp_results_model_find (self->model, keep->focus);
  if (index != G_MAXUINT)
    sp_item_list_focus_index (self, index);
  else if (keep->focus != 0)
    gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

void
sp_item_list_update_strips (SpItemList *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->model));

  if (n > 0)
    gtk_stack_set_visible_child_name (self->stack, "list");
  else
    show_nothing (self);
  gtk_revealer_set_reveal_child (self->trash_strip, n > 0 &&
                                                        g_str_equal (self->filter, "is:trashed") &&
                                                        sp_session_is_writable (self->session));
}

static void
swap_model (SpItemList *self,
            SpSnapshot *snapshot,
            SpPosition *positions,
            guint n,
            gboolean same_question)
{
  g_autoptr (SpResultsModel) model = NULL;
  guint64 number = self->number;
  Keep keep;

  model = sp_results_model_new_take (snapshot, positions, n);
  keep_selection (self, model, same_question, &keep);
  if (same_question)
    keep_scroll (self);
  else
    scroll_to_top (self);
  sp_item_list_take_model (self, model);
  put_selection_back (self, &keep);
  sp_steady_selection_set_model (self->steady, GTK_SELECTION_MODEL (self->selection));
  sp_item_list_show_rows (self, 0);
  sp_item_list_update_strips (self);
  if (keep.has_focus)
    put_focus_back (self, &keep, same_question);
  if (self->reveal && self->n_selected == 1)
    sp_item_list_scroll_to (self, sp_results_model_find (model, self->number));
  self->reveal = self->reveal && self->n_selected == 0;
  if (self->number != number || (keep.numbers != NULL && keep.numbers->len > 1))
    sp_item_list_tell (self);
  g_clear_pointer (&keep.numbers, g_array_unref);
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
move_model (SpItemList *self, SpSnapshot *to, const SpPosition *positions, guint n)
{
  SpSnapshot *from = self->model != NULL ? sp_results_model_get_snapshot (self->model) : NULL;
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
  sp_item_list_show_rows (self, 0);
  return TRUE;
}

void
sp_item_list_show (SpItemList *self,
                   SpSnapshot *snapshot,
                   SpPosition *positions,
                   guint n,
                   gboolean same_question)
{
  if (same_question && move_model (self, snapshot, positions, n))
    g_free (positions);
  else
    swap_model (self, snapshot, positions, n, same_question);
}

/* Nobody need have seen those that are not in order yet; but somebody may have gone to the end at once. */
void
sp_item_list_reorder (SpItemList *self, SpSnapshot *snapshot, SpPosition *positions, guint n)
{
  const GtkBitset *selected = sp_item_selection_peek (self->selection);
  guint n_first = MIN (self->n_first, n);
  const SpPosition *old;
  guint n_old;

  old = sp_results_model_peek (self->model, &n_old);
  self->n_first = n;
  if (n_old != n || !is_same (old, positions, n_first) ||
      (!gtk_bitset_is_empty (selected) && gtk_bitset_get_maximum (selected) >= n_first)) {
    swap_model (self, snapshot, positions, n, TRUE);
    return;
  }
  sp_results_model_move_take (self->model, snapshot, positions);
  sp_item_list_show_rows (self, n_first);
}
