/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A file before it is imported: who wrote it, what its columns are, what becomes of duplicates, and the first items. */

#pragma once

#include <adwaita.h>

#include "services/sp-session-transfer.h"

G_BEGIN_DECLS

#define SP_TYPE_IMPORT_REVIEW (sp_import_review_get_type ())
G_DECLARE_FINAL_TYPE (SpImportReview, sp_import_review, SP, IMPORT_REVIEW, AdwBin)

/* Signals: ::changed, when something was chosen that asks for a new preview;
 *          ::choose-file, when another file is wanted. */

/* Another file: what was chosen for the one before is forgotten. */
void sp_import_review_set_file (SpImportReview *self, GFile *file);
void sp_import_review_show (SpImportReview *self, SpImportPreview *preview); /* (transfer full) */
void sp_import_review_revert (SpImportReview *self); /* to what the last preview came from */
void sp_import_review_forget (SpImportReview *self); /* wipes the preview */

const char *sp_import_review_get_format (SpImportReview *self); /* (nullable) when one was chosen */
/* (element-type utf8) by position; NULLs among them, for what was not chosen. */
const GPtrArray *sp_import_review_peek_targets (SpImportReview *self);
SpImportDuplicates sp_import_review_get_duplicates (SpImportReview *self);
gboolean sp_import_review_is_ready (SpImportReview *self); /* there is something to import */

G_END_DECLS
