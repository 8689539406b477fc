/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Typing or pasting a recovery key, which is shown in its groups, and of which it is said early where it is wrong. */

#pragma once

#include <adwaita.h>

#include "base/sp-secret.h"

G_BEGIN_DECLS

#define SP_TYPE_RECOVERY_ENTRY (sp_recovery_entry_get_type ())
G_DECLARE_FINAL_TYPE (SpRecoveryEntry, sp_recovery_entry, SP, RECOVERY_ENTRY, AdwBin)

/* Signals: ::changed; ::activated, when Enter was pressed. What was typed is forgotten when it is unmapped. */

/* Whether it is a whole key, so far as its own check can tell. */
gboolean sp_recovery_entry_is_complete (SpRecoveryEntry *self);
SpSecret *sp_recovery_entry_dup_key (SpRecoveryEntry *self)
    G_GNUC_WARN_UNUSED_RESULT; /* 20 bytes; (nullable) */
void sp_recovery_entry_set_text (SpRecoveryEntry *self, const SpSecret *text);
/* Of what is beyond its own check; NULL takes it back. */
void sp_recovery_entry_show_error (SpRecoveryEntry *self, const char *text);

G_END_DECLS
