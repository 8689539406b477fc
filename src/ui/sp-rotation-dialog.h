/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Replacing the vault key, and with it every recovery key; maybe revoking one key slot. */

#pragma once

#include <adwaita.h>

#include "ui/sp-clipboard.h"
#include "vault/sp-vault-slots.h"

G_BEGIN_DECLS

#define SP_TYPE_ROTATION_DIALOG (sp_rotation_dialog_get_type ())
G_DECLARE_FINAL_TYPE (SpRotationDialog, sp_rotation_dialog, SP, ROTATION_DIALOG, AdwWindow)

/* `revoked` (nullable) is copied. The password is asked for again. */
GtkWindow *sp_rotation_dialog_new (GtkWindow *parent,
                                   SpSession *session,
                                   SpClipboard *clipboard,
                                   const SpSlotInfo *revoked) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
