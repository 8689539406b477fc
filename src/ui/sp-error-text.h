/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What an error is called in front of a person. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *sp_error_text (const GError *error) G_GNUC_WARN_UNUSED_RESULT;

/* LOCKED_OUT: how long until the next try; else 0. */
guint sp_error_get_wait_seconds (const GError *error);

G_END_DECLS
