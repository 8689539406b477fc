/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Checking the vault; what is wrong with it; and what can be done then. */

#pragma once

#include <adwaita.h>

#include "services/sp-session.h"

G_BEGIN_DECLS

#define SP_TYPE_CHECK_DIALOG (sp_check_dialog_get_type ())
G_DECLARE_FINAL_TYPE (SpCheckDialog, sp_check_dialog, SP, CHECK_DIALOG, AdwWindow)

/* Begins with a check, or with what opening found. Goes by itself when the vault is locked. */
GtkWindow *sp_check_dialog_new (GtkWindow *parent,
                                SpSession *session,
                                gboolean check) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
