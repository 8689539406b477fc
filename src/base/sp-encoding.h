/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Hexadecimal and RFC 4648 base32, the first for what is public, the second for secrets. */

#pragma once

#include <glib.h>

#include "base/sp-secret.h"

G_BEGIN_DECLS

char *sp_hex_encode (const guint8 *data, gsize len) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_hex_decode (const char *text, guint8 *out_data, gsize len) G_GNUC_WARN_UNUSED_RESULT;

/* Case, white space, hyphens and padding are forgiven; anything else gives NULL. */
SpSecret *sp_base32_decode (const char *text, gsize len) G_GNUC_WARN_UNUSED_RESULT;
SpSecret *sp_base32_encode (const SpSecret *data) G_GNUC_WARN_UNUSED_RESULT; /* without padding */

G_END_DECLS
