/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-activity-model"

#include "config.h"

#include "services/sp-activity-model.h"

#include <string.h>

struct _SpActivityModel {
  GObject parent_instance;

  SpLog *log; /* (owned) (nullable) */
  SpLogFilter filter;
  GArray *numbers; /* (element-type guint64) (owned) newest first */
};

struct _SpActivityRow {
  GObject parent_instance;

  SpLog *log; /* (owned) */
  guint64 number;
};

static GType
sp_activity_model_get_item_type (GListModel *model)
{
  return SP_TYPE_ACTIVITY_ROW;
}

static guint
sp_activity_model_get_n_items (GListModel *model)
{
  return SP_ACTIVITY_MODEL (model)->numbers->len;
}

static gpointer
sp_activity_model_get_item (GListModel *model, guint index)
{
  SpActivityModel *self = SP_ACTIVITY_MODEL (model);
  SpActivityRow *row;

  if (index >= self->numbers->len)
    return NULL;
  row = g_object_new (SP_TYPE_ACTIVITY_ROW, NULL);
  row->log = sp_log_ref (self->log);
  row->number = g_array_index (self->numbers, guint64, index);
  return row;
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = sp_activity_model_get_item_type;
  interface->get_n_items = sp_activity_model_get_n_items;
  interface->get_item = sp_activity_model_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (SpActivityModel,
                               sp_activity_model,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))
G_DEFINE_FINAL_TYPE (SpActivityRow, sp_activity_row, G_TYPE_OBJECT)

static void
sp_activity_model_finalize (GObject *object)
{
  SpActivityModel *self = SP_ACTIVITY_MODEL (object);

  g_clear_pointer (&self->log, sp_log_unref);
  g_array_unref (self->numbers);
  G_OBJECT_CLASS (sp_activity_model_parent_class)->finalize (object);
}

static void
sp_activity_model_class_init (SpActivityModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sp_activity_model_finalize;
}

static void
sp_activity_model_init (SpActivityModel *self)
{
  self->numbers = g_array_new (FALSE, FALSE, sizeof (guint64));
}

static void
sp_activity_row_finalize (GObject *object)
{
  g_clear_pointer (&SP_ACTIVITY_ROW (object)->log, sp_log_unref);
  G_OBJECT_CLASS (sp_activity_row_parent_class)->finalize (object);
}

static void
sp_activity_row_class_init (SpActivityRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sp_activity_row_finalize;
}

static void
sp_activity_row_init (SpActivityRow *self)
{
}

/**
 * sp_activity_model_new:
 *
 * Returns: (transfer full): an empty model
 */
SpActivityModel *
sp_activity_model_new (void)
{
  return g_object_new (SP_TYPE_ACTIVITY_MODEL, NULL);
}

/* Whether `numbers` are those of `before` with more in front of and behind them. */
static gboolean
contains (const GArray *numbers, const GArray *before, guint *out_in_front)
{
  guint in_front = 0;

  if (before->len == 0)
    return FALSE;
  while (in_front < numbers->len &&
         g_array_index (numbers, guint64, in_front) != g_array_index (before, guint64, 0))
    in_front++;
  *out_in_front = in_front;
  return numbers->len - in_front >= before->len &&
         memcmp (&g_array_index (numbers, guint64, in_front), before->data,
                 before->len * sizeof (guint64)) == 0;
}

/**
 * sp_activity_model_set:
 * @self: a model
 * @log: (nullable): a log
 * @filter: what of it is shown
 */
void
sp_activity_model_set (SpActivityModel *self, SpLog *log, const SpLogFilter *filter)
{
  g_autoptr (GArray) before = g_steal_pointer (&self->numbers);
  gboolean same = self->log != NULL && memcmp (&self->filter, filter, sizeof *filter) == 0;
  guint in_front;

  if (log != NULL)
    sp_log_ref (log);
  g_clear_pointer (&self->log, sp_log_unref);
  self->log = log;
  self->filter = *filter;
  self->numbers = log != NULL ? sp_log_select (log, filter)
                              : g_array_new (FALSE, FALSE, sizeof (guint64));
  if (same && contains (self->numbers, before, &in_front)) {
    guint behind = self->numbers->len - in_front - before->len;

    if (in_front == 0 || behind == 0) {
      if (in_front + behind > 0)
        g_list_model_items_changed (G_LIST_MODEL (self), in_front > 0 ? 0 : before->len, 0,
                                    in_front + behind);
      return;
    }
  }
  if (before->len > 0 || self->numbers->len > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, before->len, self->numbers->len);
}

const GArray *
sp_activity_model_peek_numbers (SpActivityModel *self)
{
  return self->numbers;
}

SpLog *
sp_activity_row_get_log (SpActivityRow *self)
{
  return self->log;
}

const SpLogEntry *
sp_activity_row_get_entry (SpActivityRow *self)
{
  return sp_log_get (self->log, self->number);
}
