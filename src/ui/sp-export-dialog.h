/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpExportDialog: writes the vault, or some of its items, into a file in the clear, once the password was typed again. It
 * closes itself when the vault is locked. */

#pragma once

#include <adwaita.h>

#include "services/sp-session.h"

G_BEGIN_DECLS

#define SP_TYPE_EXPORT_DIALOG (sp_export_dialog_get_type ())
G_DECLARE_FINAL_TYPE (SpExportDialog, sp_export_dialog, SP, EXPORT_DIALOG, AdwWindow)

/* Over `parent`. `numbers` (nullable) are the items to export, copied; NULL is all. Open vaults only. */
void sp_export_dialog_present (GtkWindow *parent,
                               SpSession *session,
                               const guint64 *numbers,
                               gsize n_numbers);

G_END_DECLS
