/* SPDX-License-Identifier: GPL-3.0-or-later */

/* “Forgot your password?”: the recovery key, then a new master password, then new recovery keys in the place of all there are. */

#pragma once

#include <adwaita.h>

#include "services/sp-session.h"
#include "ui/sp-clipboard.h"

G_BEGIN_DECLS

#define SP_TYPE_RECOVERY_DIALOG (sp_recovery_dialog_get_type ())
G_DECLARE_FINAL_TYPE (SpRecoveryDialog, sp_recovery_dialog, SP, RECOVERY_DIALOG, AdwWindow)

/* For the locked vault at the session’s path. Closed before the end, it leaves the vault as it was. Tells `parent`, an SpWindow,
 * when it is done. */
GtkWindow *sp_recovery_dialog_new (GtkWindow *parent,
                                   SpSession *session,
                                   SpClipboard *clipboard) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
