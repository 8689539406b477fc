/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpApplication: one session, one clipboard, one window; the keys, and the end.
 *
 * Actions: app.about, app.quit. Those of the window are in ui/sp-window.h. */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define SP_TYPE_APPLICATION (sp_application_get_type ())
G_DECLARE_FINAL_TYPE (SpApplication, sp_application, SP, APPLICATION, AdwApplication)

SpApplication *sp_application_new (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
