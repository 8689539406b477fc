/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The clipboard, through wl-copy (Wayland) or xclip (X11), whichever fits the session. */

#pragma once

#include <glib.h>

#include "base/sp-secret.h"

G_BEGIN_DECLS

/* seconds 0: it stays. */
gboolean sp_cli_clipboard_copy (const SpSecret *value,
                                guint seconds,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Waits and clears what is still ours; the life of the helper process. */
gboolean sp_cli_clipboard_clear_later (guint seconds, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
