/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Making a recovery key: what it is called and how long it lasts, then its sheet; once it was typed back, it opens the vault. */

#pragma once

#include <adwaita.h>

#include "services/sp-session.h"
#include "services/sp-settings.h"
#include "ui/sp-clipboard.h"

G_BEGIN_DECLS

#define SP_TYPE_RECOVERY_KEY_DIALOG (sp_recovery_key_dialog_get_type ())
G_DECLARE_FINAL_TYPE (SpRecoveryKeyDialog,
                      sp_recovery_key_dialog,
                      SP,
                      RECOVERY_KEY_DIALOG,
                      AdwWindow)

/* `settings`: of a vault that was just made. Whoever does without a recovery key is asked whether that is meant, and reminded
 * later. NULL otherwise. Tells `parent`, which is an SpWindow or over one, when it is done. */
GtkWindow *sp_recovery_key_dialog_new (GtkWindow *parent,
                                       SpSession *session,
                                       SpClipboard *clipboard,
                                       SpSettings *settings) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
