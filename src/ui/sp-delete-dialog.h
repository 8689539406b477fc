/* SPDX-License-Identifier: GPL-3.0-or-later */

/* “Delete this vault and everything it left”: what goes, what stays, and the password. */

#pragma once

#include <adwaita.h>

#include "services/sp-session.h"

G_BEGIN_DECLS

#define SP_TYPE_DELETE_DIALOG (sp_delete_dialog_get_type ())
G_DECLARE_FINAL_TYPE (SpDeleteDialog, sp_delete_dialog, SP, DELETE_DIALOG, AdwWindow)

/* Tells `parent`, an SpWindow, when it is done. Goes by itself when the vault is locked. */
GtkWindow *sp_delete_dialog_new (GtkWindow *parent, SpSession *session) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
