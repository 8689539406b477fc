/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Argon2id (RFC 9106, version 0x13) by libargon2, in huge pages of our own that are wiped and unmapped.
 *
 * Checks nothing but libargon2's own limits: what is too weak or too dear for a vault is the vault's to
 * say, and it says it before it calls. */

#pragma once

#include <glib.h>

#include "base/sp-secret.h"

G_BEGIN_DECLS

typedef enum {
  SP_KDF_ARGON2ID,
  SP_KDF_ARGON2D, /* foreign files only */
} SpKdfKind;

typedef struct {
  guint32 memory_kib;
  guint32 passes;
  guint32 lanes;
} SpKdfCost;

SpSecret *sp_kdf_argon2 (SpKdfKind kind,
                         const SpKdfCost *cost,
                         const SpSecret *password,
                         const guint8 *salt,
                         gsize salt_len,
                         gsize out_len,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
