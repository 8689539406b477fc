/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Changing the master password: the present one, and the new one twice. */

#pragma once

#include <adwaita.h>

#include "services/sp-session.h"

G_BEGIN_DECLS

#define SP_TYPE_PASSWORD_DIALOG (sp_password_dialog_get_type ())
G_DECLARE_FINAL_TYPE (SpPasswordDialog, sp_password_dialog, SP, PASSWORD_DIALOG, AdwWindow)

/* Tells `parent`, an SpWindow, when it is done. Goes by itself when the vault is locked. */
GtkWindow *sp_password_dialog_new (GtkWindow *parent, SpSession *session) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
