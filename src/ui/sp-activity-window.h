/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpActivityWindow: the activity log of the open vault, newest first; what it proves, and what deserves a look. */

#pragma once

#include <adwaita.h>

#include "services/sp-activity-log.h"
#include "services/sp-settings.h"

G_BEGIN_DECLS

#define SP_TYPE_ACTIVITY_WINDOW (sp_activity_window_get_type ())
G_DECLARE_FINAL_TYPE (SpActivityWindow, sp_activity_window, SP, ACTIVITY_WINDOW, AdwWindow)

/* Over `parent`. `item` (nullable): only what was done with it. Open vaults only. */
void sp_activity_window_present (GtkWindow *parent,
                                 SpActivityLog *activity,
                                 SpSettings *settings,
                                 const SpId *item);

G_END_DECLS
