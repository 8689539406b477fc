/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Key slots (VAULT-FORMAT.md §4): building, checking and opening the fixed part; the changing part's
 * content, without frame and cipher. */

#pragma once

#include <glib.h>

#include "base/sp-reader.h"
#include "crypto/sp-kdf.h"
#include "vault/sp-format.h"
#include "vault/sp-vault-slots.h"

G_BEGIN_DECLS

#define SP_KEYSLOT_LEN   228
#define SP_VAULT_KEY_LEN 32

/* The fixed part as numbers; the bytes stay beside it, since they are what is authenticated. */
typedef struct {
  SpSlotKind kind;
  gboolean uses_argon2;
  SpFactors factors;
  SpId vault_id;
  SpId slot_id;
  guint32 key_epoch;
  SpKdfCost cost;     /* zeros with HKDF */
  SpId key_file_id;   /* null without one; sp_keyslot_seal() fills it */
  SpId device_key_id; /* likewise */
  guint8 bytes[SP_KEYSLOT_LEN];
} SpKeyslot;

/* KDF_LIMITS when a native slot may not cost that, here and now; part of step 2 of §4.2. */
gboolean sp_keyslot_check_cost (const SpKdfCost *cost, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Steps 1 and 2 of §4.2. DAMAGED, NEWER_FORMAT (a kind, version, KDF or factor that is not known here,
 * under a right checksum: skip it), or KDF_LIMITS; no memory of the KDF's is taken. */
gboolean sp_keyslot_parse (const guint8 *data, gsize len, SpKeyslot *out_slot, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Steps 3 to 6. WRONG_KEY when the commitment differs; the codes of sp_vault_error_is_wrong_secret() when a
 * factor is missing or another one, before the KDF runs. */
SpSecret *sp_keyslot_open (const SpKeyslot *slot,
                           const SpKeyslotFactors *factors,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Fills `slot->bytes` for the numbers given in `slot` (kind, factors, ids, epoch, cost). */
gboolean sp_keyslot_seal (SpKeyslot *slot,
                          const SpSecret *vault_key,
                          const SpKeyslotFactors *factors,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
  gint64 created_ms;
  gint64 changed_ms;
  gint64 used_ms;
  gint64 expires_ms;
  char *name;
} SpKeyslotChanging;

void sp_keyslot_changing_clear (SpKeyslotChanging *self);
void sp_keyslot_changing_encode (const SpKeyslotChanging *self, SpWriter *writer);
gboolean sp_keyslot_changing_decode (const guint8 *data,
                                     gsize len,
                                     SpKeyslotChanging *out,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* SHA-256 (u64 revision || changing), as the seal lists it; the fixed part's is plain SHA-256. */
gboolean sp_keyslot_changing_hash (guint64 revision,
                                   const guint8 *changing,
                                   gsize changing_len,
                                   guint8 out_hash[static SP_HASH_LEN],
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
