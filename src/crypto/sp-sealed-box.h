/* SPDX-License-Identifier: GPL-3.0-or-later */

/* libsodium's sealed box (X25519, XSalsa20-Poly1305): anyone who has the public key can write, only the
 * holder of the seed can read. */

#pragma once

#include <glib.h>

#include "base/sp-secret.h"

G_BEGIN_DECLS

#define SP_SEALED_BOX_SEED_LEN   32
#define SP_SEALED_BOX_PUBLIC_LEN 32
#define SP_SEALED_BOX_OVERHEAD   48

gboolean sp_sealed_box_public_key (const SpSecret *seed,
                                   guint8 out_public[static SP_SEALED_BOX_PUBLIC_LEN],
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes *sp_sealed_box_seal (const guint8 public_key[static SP_SEALED_BOX_PUBLIC_LEN],
                            const guint8 *data,
                            gsize len,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
SpSecret *sp_sealed_box_open (const SpSecret *seed, const guint8 *sealed, gsize len, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
