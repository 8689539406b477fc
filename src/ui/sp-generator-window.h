/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpGeneratorWindow: makes passwords that are for no item, to be copied. It closes itself when the vault is locked. */

#pragma once

#include <adwaita.h>

#include "services/sp-session.h"
#include "ui/sp-clipboard.h"

G_BEGIN_DECLS

#define SP_TYPE_GENERATOR_WINDOW (sp_generator_window_get_type ())
G_DECLARE_FINAL_TYPE (SpGeneratorWindow, sp_generator_window, SP, GENERATOR_WINDOW, AdwWindow)

GtkWindow *sp_generator_window_new (GtkWindow *parent,
                                    SpSession *session,
                                    SpClipboard *clipboard) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
