/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-results-model"

#include "config.h"

#include "ui/sp-results-model.h"

struct _SpResultsModel {
  GObject parent_instance;

  SpSnapshot *snapshot;  /* (owned) (nullable) */
  SpPosition *positions; /* (owned) */
  guint n;
};

struct _SpResultRow {
  GObject parent_instance;

  SpResultsModel *model; /* (owned) */
  guint index;
};

static GType
sp_results_model_get_item_type (GListModel *model)
{
  return SP_TYPE_RESULT_ROW;
}

static guint
sp_results_model_get_n_items (GListModel *model)
{
  return SP_RESULTS_MODEL (model)->n;
}

static gpointer
sp_results_model_get_item (GListModel *model, guint index)
{
  SpResultRow *row;

  if (index >= SP_RESULTS_MODEL (model)->n)
    return NULL;
  row = g_object_new (SP_TYPE_RESULT_ROW, NULL);
  row->model = g_object_ref (SP_RESULTS_MODEL (model));
  row->index = index;
  return row;
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = sp_results_model_get_item_type;
  interface->get_n_items = sp_results_model_get_n_items;
  interface->get_item = sp_results_model_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (SpResultsModel,
                               sp_results_model,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))
G_DEFINE_FINAL_TYPE (SpResultRow, sp_result_row, G_TYPE_OBJECT)

static void
sp_results_model_finalize (GObject *object)
{
  SpResultsModel *self = SP_RESULTS_MODEL (object);

  g_clear_pointer (&self->snapshot, sp_snapshot_unref);
  g_free (self->positions);
  G_OBJECT_CLASS (sp_results_model_parent_class)->finalize (object);
}

static void
sp_results_model_class_init (SpResultsModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sp_results_model_finalize;
}

static void
sp_results_model_init (SpResultsModel *self)
{
}

static void
sp_result_row_dispose (GObject *object)
{
  g_clear_object (&SP_RESULT_ROW (object)->model);
  G_OBJECT_CLASS (sp_result_row_parent_class)->dispose (object);
}

static void
sp_result_row_class_init (SpResultRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = sp_result_row_dispose;
}

static void
sp_result_row_init (SpResultRow *self)
{
}

SpResultsModel *
sp_results_model_new_take (SpSnapshot *snapshot, SpPosition *positions, guint n)
{
  SpResultsModel *self = g_object_new (SP_TYPE_RESULTS_MODEL, NULL);

  self->snapshot = sp_snapshot_ref (snapshot);
  self->positions = positions;
  self->n = n;
  return self;
}

void
sp_results_model_move_take (SpResultsModel *self, SpSnapshot *snapshot, SpPosition *positions)
{
  g_return_if_fail (SP_IS_RESULTS_MODEL (self));

  sp_snapshot_ref (snapshot);
  g_clear_pointer (&self->snapshot, sp_snapshot_unref);
  self->snapshot = snapshot;
  g_free (self->positions);
  self->positions = positions;
}

void
sp_results_model_clear (SpResultsModel *self)
{
  guint n = self->n;

  g_clear_pointer (&self->snapshot, sp_snapshot_unref);
  g_clear_pointer (&self->positions, g_free);
  self->n = 0;
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n, 0);
}

SpSnapshot *
sp_results_model_get_snapshot (SpResultsModel *self)
{
  return self->snapshot;
}

const SpPosition *
sp_results_model_peek (SpResultsModel *self, guint *out_n)
{
  *out_n = self->n;
  return self->positions;
}

guint64
sp_results_model_get_number (SpResultsModel *self, guint index)
{
  SpOverview overview;

  if (self->snapshot == NULL || index >= self->n)
    return 0;
  sp_snapshot_get_overview (self->snapshot, self->positions[index], &overview);
  return overview.number;
}

guint
sp_results_model_find (SpResultsModel *self, guint64 number)
{
  SpPosition position;

  if (self->snapshot == NULL || number == 0)
    return G_MAXUINT;
  position = sp_snapshot_find_number (self->snapshot, number);
  for (guint i = 0; i < self->n && position != SP_POSITION_NONE; i++)
    if (self->positions[i] == position)
      return i;
  return G_MAXUINT;
}

gboolean
sp_result_row_get_overview (SpResultRow *self, SpOverview *out_overview)
{
  SpResultsModel *model = self->model;

  if (model->snapshot == NULL || self->index >= model->n)
    return FALSE;
  sp_snapshot_get_overview (model->snapshot, model->positions[self->index], out_overview);
  return TRUE;
}
