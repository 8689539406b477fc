/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A secret in large type, one cell to each character, with its position. */

#pragma once

#include <adwaita.h>

#include "services/sp-session.h"

G_BEGIN_DECLS

#define SP_TYPE_LARGE_TYPE_WINDOW (sp_large_type_window_get_type ())
G_DECLARE_FINAL_TYPE (SpLargeTypeWindow, sp_large_type_window, SP, LARGE_TYPE_WINDOW, AdwWindow)

/* Over `parent`. `label` is the field's, `title` the item's. Closes when another window gets the focus, or the vault is
 * locked. */
void sp_large_type_window_present (GtkWindow *parent,
                                   SpSession *session,
                                   const char *title,
                                   const char *label,
                                   const SpSecret *value);

G_END_DECLS
