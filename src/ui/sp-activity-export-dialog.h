/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpActivityExportDialog: writes entries of the activity log into a file in the clear, once the password was typed again. */

#pragma once

#include <adwaita.h>

#include "services/sp-activity-log.h"

G_BEGIN_DECLS

#define SP_TYPE_ACTIVITY_EXPORT_DIALOG (sp_activity_export_dialog_get_type ())
G_DECLARE_FINAL_TYPE (SpActivityExportDialog,
                      sp_activity_export_dialog,
                      SP,
                      ACTIVITY_EXPORT_DIALOG,
                      AdwWindow)

typedef void (*SpActivityExported) (GtkWindow *parent);

/* Over `parent`. `numbers` are copied. (element-type guint64) `done` is called when the file is there. */
void sp_activity_export_dialog_present (GtkWindow *parent,
                                        SpActivityLog *activity,
                                        const GArray *numbers,
                                        SpActivityExported done);

G_END_DECLS
