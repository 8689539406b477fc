/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What an error is called in front of a person. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *sp_error_text (const GError *error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
