/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpActivityModel: the entries of a log that match a filter, as a list model whose objects are made when they are asked
 * for. When the log grew, what is seen stays. */

#pragma once

#include <gio/gio.h>

#include "vault/sp-log.h"

G_BEGIN_DECLS

#define SP_TYPE_ACTIVITY_MODEL (sp_activity_model_get_type ())
G_DECLARE_FINAL_TYPE (SpActivityModel, sp_activity_model, SP, ACTIVITY_MODEL, GObject)

#define SP_TYPE_ACTIVITY_ROW (sp_activity_row_get_type ())
G_DECLARE_FINAL_TYPE (SpActivityRow, sp_activity_row, SP, ACTIVITY_ROW, GObject)

SpActivityModel *sp_activity_model_new (void) G_GNUC_WARN_UNUSED_RESULT;
/* `log` NULL empties it. */
void sp_activity_model_set (SpActivityModel *self, SpLog *log, const SpLogFilter *filter);
const GArray *sp_activity_model_peek_numbers (SpActivityModel *self); /* (element-type guint64) */

SpLog *sp_activity_row_get_log (SpActivityRow *self);              /* (transfer none) */
const SpLogEntry *sp_activity_row_get_entry (SpActivityRow *self); /* (transfer none) */

G_END_DECLS
