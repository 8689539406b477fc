/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bringing what can be read of the open vault into a new one. */

#pragma once

#include <adwaita.h>

#include "services/sp-session.h"

G_BEGIN_DECLS

#define SP_TYPE_SALVAGE_DIALOG (sp_salvage_dialog_get_type ())
G_DECLARE_FINAL_TYPE (SpSalvageDialog, sp_salvage_dialog, SP, SALVAGE_DIALOG, AdwWindow)

/* Goes by itself when the vault is locked. */
GtkWindow *sp_salvage_dialog_new (GtkWindow *parent, SpSession *session) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
