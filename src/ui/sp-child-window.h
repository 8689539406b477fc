/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the windows beside the main one have in common. */

#pragma once

#include <adwaita.h>

#include "services/sp-session.h"

G_BEGIN_DECLS

/* Puts `self` over `parent`, and has it destroyed when the vault is locked. Escape and Ctrl+W close it. */
void sp_child_window_set_up (GtkWindow *self, GtkWindow *parent, SpSession *session);

G_END_DECLS
