/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-steady-selection"

#include "config.h"

#include "ui/sp-steady-selection.h"

struct _SpSteadySelection {
  GObject parent_instance;

  GtkSelectionModel *model; /* (owned) (nullable) */
  guint n;                  /* as it was announced */
};

/* ---- the list --------------------------------------------------------------------------------------- */

static GType
sp_steady_selection_get_item_type (GListModel *model)
{
  return G_TYPE_OBJECT;
}

static guint
sp_steady_selection_get_n_items (GListModel *model)
{
  return SP_STEADY_SELECTION (model)->n;
}

static gpointer
sp_steady_selection_get_item (GListModel *model, guint index)
{
  return index < SP_STEADY_SELECTION (model)->n ? g_object_new (G_TYPE_OBJECT, NULL) : NULL;
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = sp_steady_selection_get_item_type;
  interface->get_n_items = sp_steady_selection_get_n_items;
  interface->get_item = sp_steady_selection_get_item;
}

/* ---- the selection ---------------------------------------------------------------------------------- */

static gboolean
sp_steady_selection_is_selected (GtkSelectionModel *model, guint index)
{
  SpSteadySelection *self = SP_STEADY_SELECTION (model);

  return self->model != NULL && gtk_selection_model_is_selected (self->model, index);
}

static GtkBitset *
sp_steady_selection_get_selection_in_range (GtkSelectionModel *model, guint index, guint n)
{
  SpSteadySelection *self = SP_STEADY_SELECTION (model);

  return self->model != NULL ? gtk_selection_model_get_selection_in_range (self->model, index, n)
                             : gtk_bitset_new_empty ();
}

static gboolean
sp_steady_selection_select_item (GtkSelectionModel *model, guint index, gboolean alone)
{
  SpSteadySelection *self = SP_STEADY_SELECTION (model);

  return self->model != NULL && gtk_selection_model_select_item (self->model, index, alone);
}

static gboolean
sp_steady_selection_unselect_item (GtkSelectionModel *model, guint index)
{
  SpSteadySelection *self = SP_STEADY_SELECTION (model);

  return self->model != NULL && gtk_selection_model_unselect_item (self->model, index);
}

static gboolean
sp_steady_selection_set_selection (GtkSelectionModel *model, GtkBitset *selected, GtkBitset *mask)
{
  SpSteadySelection *self = SP_STEADY_SELECTION (model);

  return self->model != NULL && gtk_selection_model_set_selection (self->model, selected, mask);
}

/* Whatever else there is to ask comes down to these. */
static void
selection_model_init (GtkSelectionModelInterface *interface)
{
  interface->is_selected = sp_steady_selection_is_selected;
  interface->get_selection_in_range = sp_steady_selection_get_selection_in_range;
  interface->select_item = sp_steady_selection_select_item;
  interface->unselect_item = sp_steady_selection_unselect_item;
  interface->set_selection = sp_steady_selection_set_selection;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (SpSteadySelection,
                               sp_steady_selection,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init)
                                   G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL,
                                                          selection_model_init))

/* ---- the object ------------------------------------------------------------------------------------- */

static void
take_n (SpSteadySelection *self, guint n)
{
  guint old = self->n;

  self->n = n;
  if (n < old)
    g_list_model_items_changed (G_LIST_MODEL (self), n, old - n, 0);
  else if (n > old)
    g_list_model_items_changed (G_LIST_MODEL (self), old, 0, n - old);
}

static void
items_changed_cb (SpSteadySelection *self, guint index, guint n_removed, guint n_added)
{
  self->n = g_list_model_get_n_items (G_LIST_MODEL (self->model));
  g_list_model_items_changed (G_LIST_MODEL (self), index, n_removed, n_added);
}

static void
selection_changed_cb (SpSteadySelection *self, guint index, guint n)
{
  gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), index, n);
}

static void
forget_model (SpSteadySelection *self)
{
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_clear_object (&self->model);
}

static void
sp_steady_selection_dispose (GObject *object)
{
  forget_model (SP_STEADY_SELECTION (object));
  G_OBJECT_CLASS (sp_steady_selection_parent_class)->dispose (object);
}

static void
sp_steady_selection_class_init (SpSteadySelectionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = sp_steady_selection_dispose;
}

static void
sp_steady_selection_init (SpSteadySelection *self)
{
}

SpSteadySelection *
sp_steady_selection_new (void)
{
  return g_object_new (SP_TYPE_STEADY_SELECTION, NULL);
}

/**
 * sp_steady_selection_wait:
 * @self: a selection without a model
 * @n: how many items it is to have, none of which can be selected
 *
 * Lets the view make its rows before there is anything to be shown in them.
 */
void
sp_steady_selection_wait (SpSteadySelection *self, guint n)
{
  g_return_if_fail (SP_IS_STEADY_SELECTION (self) && self->model == NULL);
  take_n (self, n);
}

void
sp_steady_selection_set_model (SpSteadySelection *self, GtkSelectionModel *model)
{
  g_return_if_fail (SP_IS_STEADY_SELECTION (self));

  forget_model (self);
  if (model == NULL) {
    take_n (self, 0);
    return;
  }
  self->model = g_object_ref (model);
  g_signal_connect_object (model, "items-changed", G_CALLBACK (items_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (model, "selection-changed", G_CALLBACK (selection_changed_cb), self,
                           G_CONNECT_SWAPPED);
  take_n (self, g_list_model_get_n_items (G_LIST_MODEL (model)));
  if (self->n > 0)
    gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), 0, self->n);
}
