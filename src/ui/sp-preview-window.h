/* SPDX-License-Identifier: GPL-3.0-or-later */

/* An attachment that is a text or a picture, shown without a file. */

#pragma once

#include <adwaita.h>

#include "services/sp-session.h"

G_BEGIN_DECLS

#define SP_TYPE_PREVIEW_WINDOW (sp_preview_window_get_type ())
G_DECLARE_FINAL_TYPE (SpPreviewWindow, sp_preview_window, SP, PREVIEW_WINDOW, AdwWindow)

/* Over `parent`. Closes when the vault is locked. */
void
sp_preview_window_present (GtkWindow *parent, SpSession *session, const SpAttachment *attachment);

G_END_DECLS
