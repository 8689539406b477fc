/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Unicode NFC (UAX 15) of secret text, with no copy outside secret memory, which GLib's would leave. */

#pragma once

#include <glib.h>

#include "base/sp-secret.h"

G_BEGIN_DECLS

/* SP_PASSWORD_ERROR_TEXT if the text is not UTF-8 or holds a NUL. */
SpSecret *sp_normalize_nfc (const SpSecret *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
