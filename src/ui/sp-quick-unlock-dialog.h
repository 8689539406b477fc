/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Quick unlock: what it is and what it risks, for how long, and the master password; or until when it is on, and a button to
 * turn it off. */

#pragma once

#include <adwaita.h>

#include "services/sp-session.h"

G_BEGIN_DECLS

#define SP_TYPE_QUICK_UNLOCK_DIALOG (sp_quick_unlock_dialog_get_type ())
G_DECLARE_FINAL_TYPE (SpQuickUnlockDialog,
                      sp_quick_unlock_dialog,
                      SP,
                      QUICK_UNLOCK_DIALOG,
                      AdwWindow)

/* Tells `parent`, an SpWindow, when it is done. Goes by itself when the vault is locked. */
GtkWindow *sp_quick_unlock_dialog_new (GtkWindow *parent,
                                       SpSession *session) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
