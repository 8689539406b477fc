/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Asking on the terminal itself (/dev/tty), whatever standard input and output are. */

#pragma once

#include <glib.h>

#include "base/sp-secret.h"

G_BEGIN_DECLS

SpSecret *sp_cli_prompt_secret (const char *question, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_cli_prompt_confirm (const char *question,
                                gboolean *out_yes,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
