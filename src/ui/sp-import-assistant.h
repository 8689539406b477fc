/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpImportAssistant: a window that brings another manager's file into the vault: choose it, review it, import it, and
 * see what that did. It closes itself when the vault is locked. */

#pragma once

#include <adwaita.h>

#include "services/sp-session.h"

G_BEGIN_DECLS

#define SP_TYPE_IMPORT_ASSISTANT (sp_import_assistant_get_type ())
G_DECLARE_FINAL_TYPE (SpImportAssistant, sp_import_assistant, SP, IMPORT_ASSISTANT, AdwWindow)

/* Over `parent`, which also shows the toasts. Open vaults only. */
void sp_import_assistant_present (GtkWindow *parent, SpSession *session);

G_END_DECLS
