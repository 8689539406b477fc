/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What an import did, what deserves a look, and what to do with the file. */

#pragma once

#include <adwaita.h>

#include "services/sp-session-transfer.h"

G_BEGIN_DECLS

#define SP_TYPE_IMPORT_REPORT (sp_import_report_get_type ())
G_DECLARE_FINAL_TYPE (SpImportReport, sp_import_report, SP, IMPORT_REPORT, AdwBin)

/* Property: "session". Signal: ::undone, when the import was taken back. */

/* `notes`: (element-type SpImportNote) */
void sp_import_report_show (SpImportReport *self,
                            GFile *file,
                            const SpImportSummary *summary,
                            const GArray *notes);

/* "1,230 items imported"; what a toast says, too. */
char *sp_import_report_dup_headline (const SpImportSummary *summary) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
