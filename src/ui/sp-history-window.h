/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The earlier versions of an item: when each was made, what was changed in it, and how it compares with today's. */

#pragma once

#include <adwaita.h>

#include "services/sp-session.h"
#include "ui/sp-clipboard.h"

G_BEGIN_DECLS

#define SP_TYPE_HISTORY_WINDOW (sp_history_window_get_type ())
G_DECLARE_FINAL_TYPE (SpHistoryWindow, sp_history_window, SP, HISTORY_WINDOW, AdwWindow)

/* Over `parent`, which tells by a toast what was restored. Closes when the vault is locked. */
void sp_history_window_present (GtkWindow *parent,
                                SpSession *session,
                                SpClipboard *clipboard,
                                guint64 number,
                                guint conceal_seconds);

G_END_DECLS
