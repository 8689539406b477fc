/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-item-selection"

#include "config.h"

#include "ui/sp-item-selection.h"

struct _SpItemSelection {
  GObject parent_instance;

  SpResultsModel *model; /* (owned) */
  GtkBitset *selected;   /* (owned) */
};

static GType
sp_item_selection_get_item_type (GListModel *model)
{
  return SP_TYPE_RESULT_ROW;
}

static guint
sp_item_selection_get_n_items (GListModel *model)
{
  return g_list_model_get_n_items (G_LIST_MODEL (SP_ITEM_SELECTION (model)->model));
}

static gpointer
sp_item_selection_get_item (GListModel *model, guint index)
{
  return g_list_model_get_item (G_LIST_MODEL (SP_ITEM_SELECTION (model)->model), index);
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = sp_item_selection_get_item_type;
  interface->get_n_items = sp_item_selection_get_n_items;
  interface->get_item = sp_item_selection_get_item;
}

static gboolean
sp_item_selection_is_selected (GtkSelectionModel *model, guint index)
{
  return gtk_bitset_contains (SP_ITEM_SELECTION (model)->selected, index);
}

static GtkBitset *
sp_item_selection_get_selection_in_range (GtkSelectionModel *model, guint index, guint n)
{
  return gtk_bitset_ref (SP_ITEM_SELECTION (model)->selected);
}

/* Those in `mask` become what `selected` says; GTK makes every other call of this one. */
static gboolean
sp_item_selection_set_selection (GtkSelectionModel *model, GtkBitset *selected, GtkBitset *mask)
{
  SpItemSelection *self = SP_ITEM_SELECTION (model);
  g_autoptr (GtkBitset) now = gtk_bitset_copy (self->selected);
  g_autoptr (GtkBitset) wanted = gtk_bitset_copy (selected);
  guint n = sp_item_selection_get_n_items (G_LIST_MODEL (self));

  gtk_bitset_subtract (now, mask);
  gtk_bitset_intersect (wanted, mask);
  gtk_bitset_union (now, wanted);
  gtk_bitset_remove_range_closed (now, n, G_MAXUINT);
  sp_item_selection_set (self, now);
  return TRUE;
}

static void
selection_model_init (GtkSelectionModelInterface *interface)
{
  interface->is_selected = sp_item_selection_is_selected;
  interface->get_selection_in_range = sp_item_selection_get_selection_in_range;
  interface->set_selection = sp_item_selection_set_selection;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (SpItemSelection,
                               sp_item_selection,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init)
                                   G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL,
                                                          selection_model_init))

static void
sp_item_selection_dispose (GObject *object)
{
  SpItemSelection *self = SP_ITEM_SELECTION (object);

  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_clear_object (&self->model);
  g_clear_pointer (&self->selected, gtk_bitset_unref);
  G_OBJECT_CLASS (sp_item_selection_parent_class)->dispose (object);
}

static void
sp_item_selection_class_init (SpItemSelectionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = sp_item_selection_dispose;
}

static void
sp_item_selection_init (SpItemSelection *self)
{
  self->selected = gtk_bitset_new_empty ();
}

/* A results model changes its items only when it forgets them all. */
static void
items_changed_cb (SpItemSelection *self, guint index, guint n_removed, guint n_added)
{
  gtk_bitset_remove_all (self->selected);
  g_list_model_items_changed (G_LIST_MODEL (self), index, n_removed, n_added);
}

SpItemSelection *
sp_item_selection_new (SpResultsModel *model)
{
  SpItemSelection *self = g_object_new (SP_TYPE_ITEM_SELECTION, NULL);

  self->model = g_object_ref (model);
  g_signal_connect_object (model, "items-changed", G_CALLBACK (items_changed_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

const GtkBitset *
sp_item_selection_peek (SpItemSelection *self)
{
  return self->selected;
}

void
sp_item_selection_set (SpItemSelection *self, const GtkBitset *selected)
{
  g_autoptr (GtkBitset) changes = gtk_bitset_copy (self->selected);
  guint first, last;

  gtk_bitset_difference (changes, selected);
  if (gtk_bitset_is_empty (changes))
    return;
  gtk_bitset_unref (self->selected);
  self->selected = gtk_bitset_copy (selected);
  first = gtk_bitset_get_minimum (changes);
  last = gtk_bitset_get_maximum (changes);
  gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), first, last - first + 1);
}

GArray *
sp_item_selection_get_numbers (SpItemSelection *self)
{
  GArray *numbers = g_array_new (FALSE, FALSE, sizeof (guint64));
  GtkBitsetIter iter;
  guint index;

  for (gboolean is_one = gtk_bitset_iter_init_first (&iter, self->selected, &index); is_one;
       is_one = gtk_bitset_iter_next (&iter, &index)) {
    guint64 number = sp_results_model_get_number (self->model, index);

    g_array_append_val (numbers, number);
  }
  return numbers;
}

void
sp_item_selection_set_numbers (SpItemSelection *self, const GArray *numbers)
{
  SpSnapshot *snapshot = sp_results_model_get_snapshot (self->model);
  g_autoptr (GtkBitset) wanted = gtk_bitset_new_empty ();
  g_autoptr (GtkBitset) selected = gtk_bitset_new_empty ();
  const SpPosition *positions;
  guint n;

  positions = sp_results_model_peek (self->model, &n);
  for (guint i = 0; snapshot != NULL && i < numbers->len; i++) {
    SpPosition position = sp_snapshot_find_number (snapshot, g_array_index (numbers, guint64, i));

    if (position != SP_POSITION_NONE)
      gtk_bitset_add (wanted, position);
  }
  for (guint i = 0; i < n && !gtk_bitset_is_empty (wanted); i++)
    if (gtk_bitset_contains (wanted, positions[i]))
      gtk_bitset_add (selected, i);
  sp_item_selection_set (self, selected);
}
