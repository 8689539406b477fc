/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A list view's rows stay while what is behind them comes, changes and goes. */

#define G_LOG_DOMAIN "sp-test"

#include "config.h"

#include "common/sp-test.h"
#include "ui/sp-steady-selection.h"

typedef struct {
  guint n_removed;
  guint n_added;
} Changes;

static void
items_changed_cb (GListModel *model, guint index, guint n_removed, guint n_added, Changes *changes)
{
  changes->n_removed += n_removed;
  changes->n_added += n_added;
}

static GtkSelectionModel *
make_selection (guint n)
{
  GListStore *store = g_list_store_new (G_TYPE_OBJECT);

  for (guint i = 0; i < n; i++) {
    g_autoptr (GObject) item = g_object_new (G_TYPE_OBJECT, NULL);

    g_list_store_append (store, item);
  }
  return GTK_SELECTION_MODEL (gtk_multi_selection_new (G_LIST_MODEL (store)));
}

static void
assert_changes (SpSteadySelection *steady,
                Changes *changes,
                guint n,
                guint n_removed,
                guint n_added)
{
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (steady)), ==, n);
  g_assert_cmpuint (changes->n_removed, ==, n_removed);
  g_assert_cmpuint (changes->n_added, ==, n_added);
  *changes = (Changes){ 0 };
}

static void
test_waits (void)
{
  g_autoptr (SpSteadySelection) steady = sp_steady_selection_new ();
  g_autoptr (GtkSelectionModel) many = make_selection (500);
  g_autoptr (GtkSelectionModel) few = make_selection (3);
  GtkSelectionModel *selection = GTK_SELECTION_MODEL (steady);
  Changes changes = { 0 };

  g_signal_connect (steady, "items-changed", G_CALLBACK (items_changed_cb), &changes);
  sp_steady_selection_wait (steady, 200);
  assert_changes (steady, &changes, 200, 0, 200);
  /* There is nothing in them yet. */
  g_assert_false (gtk_selection_model_select_item (selection, 0, TRUE));
  g_assert_false (gtk_selection_model_is_selected (selection, 0));

  sp_steady_selection_set_model (steady, many);
  assert_changes (steady, &changes, 500, 0, 300);
  g_assert_true (gtk_selection_model_select_item (selection, 499, TRUE));
  g_assert_true (gtk_selection_model_is_selected (many, 499));

  sp_steady_selection_set_model (steady, few);
  assert_changes (steady, &changes, 3, 497, 0);

  /* What had something in it is not what waits for the next. */
  sp_steady_selection_set_model (steady, NULL);
  assert_changes (steady, &changes, 0, 3, 0);
  sp_steady_selection_wait (steady, 2);
  sp_steady_selection_set_model (steady, few);
  assert_changes (steady, &changes, 3, 0, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/steady-selection/waits", test_waits);
  return g_test_run ();
}
