/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What opens the vault: its key slots, when they were made and used, and what can be done with them. */

#pragma once

#include <adwaita.h>

#include "ui/sp-clipboard.h"

G_BEGIN_DECLS

#define SP_TYPE_SECURITY_WINDOW (sp_security_window_get_type ())
G_DECLARE_FINAL_TYPE (SpSecurityWindow, sp_security_window, SP, SECURITY_WINDOW, AdwWindow)

void sp_security_window_present (GtkWindow *parent, SpSession *session, SpClipboard *clipboard);

G_END_DECLS
