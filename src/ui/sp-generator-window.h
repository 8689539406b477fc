/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The generator on its own, and what it made since the vault was opened. */

#pragma once

#include <adwaita.h>

#include "services/sp-session.h"
#include "services/sp-settings.h"
#include "ui/sp-clipboard.h"

G_BEGIN_DECLS

#define SP_TYPE_GENERATOR_WINDOW (sp_generator_window_get_type ())
G_DECLARE_FINAL_TYPE (SpGeneratorWindow, sp_generator_window, SP, GENERATOR_WINDOW, AdwWindow)

/* Over `parent`, which keeps `generated` (element-type SpSecret) (owned), oldest first, and empties it when the vault is
 * locked; the window adds to it. Closes when the vault is locked. */
void sp_generator_window_present (GtkWindow *parent,
                                  SpSession *session,
                                  SpClipboard *clipboard,
                                  GPtrArray *generated,
                                  SpSettings *settings);

G_END_DECLS
