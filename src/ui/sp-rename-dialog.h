/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Giving the vault another name; the file keeps its own. */

#pragma once

#include <adwaita.h>

#include "services/sp-session.h"

G_BEGIN_DECLS

#define SP_TYPE_RENAME_DIALOG (sp_rename_dialog_get_type ())
G_DECLARE_FINAL_TYPE (SpRenameDialog, sp_rename_dialog, SP, RENAME_DIALOG, AdwWindow)

/* Goes by itself when the vault is locked. */
GtkWindow *sp_rename_dialog_new (GtkWindow *parent, SpSession *session) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
