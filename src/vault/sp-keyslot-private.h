/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where what stands in the fixed part of a key slot (VAULT-FORMAT.md §4.1), for the two files that know. */

#pragma once

#include "vault/sp-keyslot.h"

G_BEGIN_DECLS

#define SP_KEYSLOT_MAGIC      "SPK1"
#define SP_KEYSLOT_ARGON2ID   1
#define SP_KEYSLOT_HKDF       2
#define SP_KEYSLOT_SALT_LEN   16
#define SP_KEYSLOT_SALT       56
#define SP_KEYSLOT_NONCE      104 /* and in front of it, the additional data */
#define SP_KEYSLOT_COMMITMENT 164
#define SP_KEYSLOT_CHECKSUM   196

gboolean sp_keyslot_check_limits (const SpKeyslot *slot, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
