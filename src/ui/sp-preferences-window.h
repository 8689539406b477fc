/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The preferences: what is chosen holds at once. */

#pragma once

#include <adwaita.h>

#include "services/sp-session.h"
#include "services/sp-settings.h"
#include "ui/sp-recent-vaults.h"

G_BEGIN_DECLS

#define SP_TYPE_PREFERENCES_WINDOW (sp_preferences_window_get_type ())
G_DECLARE_FINAL_TYPE (SpPreferencesWindow,
                      sp_preferences_window,
                      SP,
                      PREFERENCES_WINDOW,
                      AdwPreferencesWindow)

/* What belongs to a vault is done by the win. actions of `parent`. */
SpPreferencesWindow *sp_preferences_window_new (GtkWindow *parent,
                                                SpSession *session,
                                                SpSettings *settings,
                                                SpRecentVaults *recent) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
