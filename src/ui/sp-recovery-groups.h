/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A recovery key as it is written down: eight numbered groups, of which some may be marked as wrong. */

#pragma once

#include <adwaita.h>

#include "base/sp-secret.h"

G_BEGIN_DECLS

#define SP_TYPE_RECOVERY_GROUPS (sp_recovery_groups_get_type ())
G_DECLARE_FINAL_TYPE (SpRecoveryGroups, sp_recovery_groups, SP, RECOVERY_GROUPS, AdwBin)

/* `text` NULL: none. What is missing is shown as such. Bit n of `wrong` stands for group n + 1. */
void sp_recovery_groups_show (SpRecoveryGroups *self, const SpSecret *text, guint wrong);

/* The symbols of what was typed, at most `max`, as they are written down; a question mark for what is no symbol. */
SpSecret *sp_recovery_symbols (const SpSecret *text, guint max) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
