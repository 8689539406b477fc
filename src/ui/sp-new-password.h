/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A new master password: typed twice, its strength, and the rules, which tick off while it is typed. */

#pragma once

#include <adwaita.h>

#include "base/sp-secret.h"

G_BEGIN_DECLS

#define SP_TYPE_NEW_PASSWORD (sp_new_password_get_type ())
G_DECLARE_FINAL_TYPE (SpNewPassword, sp_new_password, SP, NEW_PASSWORD, AdwPreferencesGroup)

/* Signals: ::changed; ::activated, when Enter was pressed in the second row. The rows forget when they are unmapped. */

/* The vault's, which makes a password easy to guess. */
void sp_new_password_set_name (SpNewPassword *self, const char *name);
gboolean sp_new_password_is_acceptable (SpNewPassword *self);
SpSecret *sp_new_password_dup_secret (SpNewPassword *self) G_GNUC_WARN_UNUSED_RESULT;
void sp_new_password_conceal (SpNewPassword *self);
void sp_new_password_clear (SpNewPassword *self);
void sp_new_password_focus (SpNewPassword *self);

G_END_DECLS
