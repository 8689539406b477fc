/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A strip that tells, after an unlock, that a recovery key expires soon, or that there is none. */

#pragma once

#include <adwaita.h>

#include "services/sp-session.h"
#include "services/sp-settings.h"

G_BEGIN_DECLS

#define SP_TYPE_RECOVERY_BAR (sp_recovery_bar_get_type ())
G_DECLARE_FINAL_TYPE (SpRecoveryBar, sp_recovery_bar, SP, RECOVERY_BAR, AdwBin)

SpRecoveryBar *sp_recovery_bar_new (SpSession *session,
                                    SpSettings *settings) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
