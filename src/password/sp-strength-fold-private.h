/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Text as zxcvbn can read it; private to the password layer. */

#pragma once

#include <glib.h>

#include "base/sp-secret.h"

G_BEGIN_DECLS

/* Appends at most max bytes of ASCII without NUL; returns how many characters of text were left out. */
gsize sp_strength_fold (SpSecretBuffer *buffer, const char *text, gsize len, gsize max);

G_END_DECLS
