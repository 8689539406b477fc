/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpResultsModel: what was found, as a list of rows that are made when somebody asks for them.
 *
 * A list view costs as much as it has rows on screen when it gets another model, but as much as the model has items
 * when the model says that they changed. So there is a fresh model for each thing that is asked, and items never
 * change but in place. */

#pragma once

#include <gio/gio.h>

#include "vault/sp-snapshot.h"

G_BEGIN_DECLS

#define SP_TYPE_RESULTS_MODEL (sp_results_model_get_type ())
G_DECLARE_FINAL_TYPE (SpResultsModel, sp_results_model, SP, RESULTS_MODEL, GObject)

#define SP_TYPE_RESULT_ROW (sp_result_row_get_type ())
G_DECLARE_FINAL_TYPE (SpResultRow, sp_result_row, SP, RESULT_ROW, GObject)

/* Takes the positions. */
SpResultsModel *sp_results_model_new_take (SpSnapshot *snapshot,
                                           SpPosition *positions,
                                           guint n) G_GNUC_WARN_UNUSED_RESULT;
/* The same items in the same order, in a later snapshot: rows show what is there now when they are next asked. */
void sp_results_model_move_take (SpResultsModel *self, SpSnapshot *snapshot, SpPosition *positions);
void sp_results_model_clear (SpResultsModel *self); /* forgets the snapshot, at once */

SpSnapshot *sp_results_model_get_snapshot (SpResultsModel *self); /* (transfer none) (nullable) */
const SpPosition *sp_results_model_peek (SpResultsModel *self, guint *out_n);
guint64 sp_results_model_get_number (SpResultsModel *self, guint index); /* 0 when it is gone */
/* GTK_INVALID_LIST_POSITION's value, G_MAXUINT, when it is not among them. */
guint sp_results_model_find (SpResultsModel *self, guint64 number);

/* FALSE when it is gone; the pointers live as long as the model's snapshot. */
gboolean sp_result_row_get_overview (SpResultRow *self, SpOverview *out_overview);

G_END_DECLS
