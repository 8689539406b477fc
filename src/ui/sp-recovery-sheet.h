/* SPDX-License-Identifier: GPL-3.0-or-later */

/* New recovery keys, one after the other: each is shown, to be copied, printed or saved, and two of its groups are asked for, so
 * that nobody relies on a key that is on no paper. */

#pragma once

#include <adwaita.h>

#include "services/sp-session-recovery.h"
#include "ui/sp-clipboard.h"

G_BEGIN_DECLS

#define SP_TYPE_RECOVERY_SHEET (sp_recovery_sheet_get_type ())
G_DECLARE_FINAL_TYPE (SpRecoverySheet, sp_recovery_sheet, SP, RECOVERY_SHEET, AdwBin)

/* Signal: ::confirmed, when all were typed back. */

/* `vault` is its name, `keys` (element-type SpNewRecoveryKey) is referenced. */
void sp_recovery_sheet_begin (SpRecoverySheet *self,
                              SpClipboard *clipboard,
                              const char *vault,
                              GPtrArray *keys);
void sp_recovery_sheet_clear (SpRecoverySheet *self);

G_END_DECLS
