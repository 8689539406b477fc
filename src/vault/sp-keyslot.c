/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The fixed part of a key slot as a file has it, before any secret comes near (VAULT-FORMAT.md §4.1 and
 * steps 1 and 2 of §4.2), and its changing part (§4.3).
 *
 *   0 "SPK1"   4 version   5 kind   6 KDF   7 factors   8 vault id   24 slot id   40 key epoch
 *   44 memory   48 passes   52 lanes   56 salt   72 key-file id   88 device-key id   104 nonce
 *   116 vault key   148 tag   164 commitment   196 checksum
 *
 * The checksum tells a damaged slot from a wrong password, and proves nothing else: anyone can compute it.
 * So what a slot asks for is measured against fixed limits before memory is taken for it. */

#define G_LOG_DOMAIN "sp-keyslot"

#include "config.h"

#include "vault/sp-keyslot.h"

#include <string.h>
#include <unistd.h>

#include "base/sp-wipe.h"
#include "crypto/sp-hash.h"
#include "vault/sp-kdf-limits.h"
#include "vault/sp-keyslot-private.h"
#include "vault/sp-vault-error.h"

#define KNOWN_FACTORS    (SP_FACTOR_KEY_FILE | SP_FACTOR_DEVICE_KEY)
#define LANE_MIN_KIB     8 /* RFC 9106 §3.1 */
#define VERSION_POSITION 4
#define SLOT_MIN_LEN     100 /* of any version's */
#define SLOT_MAX_LEN     1024

static gboolean
set_damaged (GError **error)
{
  g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED, "The key slot is damaged.");
  return FALSE;
}

static gboolean
set_refused (GError **error, const char *message)
{
  g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_KDF_LIMITS, message);
  return FALSE;
}

static gboolean
set_newer (GError **error)
{
  g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NEWER_FORMAT,
                       "The key slot was made by a newer version of SecurePass.");
  return FALSE;
}

/* Step 1. The checksum is the last of all versions, so that a bit which turned in the version of a slot is
 * damage, and not a newer program. */
static gboolean
check_integrity (const guint8 *data, gsize len, GError **error)
{
  guint8 checksum[SP_SHA256_LEN];

  if (len < SLOT_MIN_LEN || len > SLOT_MAX_LEN ||
      !sp_bytes_equal (data, (const guint8 *) SP_KEYSLOT_MAGIC, VERSION_POSITION))
    return set_damaged (error);
  if (!sp_sha256 (data, len - sizeof checksum, checksum, error))
    return FALSE;
  if (!sp_bytes_equal (checksum, data + len - sizeof checksum, sizeof checksum))
    return set_damaged (error);
  if (data[VERSION_POSITION] > SP_FORMAT_VERSION)
    return set_newer (error);
  if (len != SP_KEYSLOT_LEN || data[VERSION_POSITION] != SP_FORMAT_VERSION)
    return set_damaged (error);
  return TRUE;
}

/* What a newer version may add under the same checksum is skipped, not damaged. */
static gboolean
check_known (guint8 kind, guint8 kdf, guint8 factors, GError **error)
{
  if (kind < SP_SLOT_PASSWORD || kind > SP_SLOT_QUICK ||
      (kdf != SP_KEYSLOT_ARGON2ID && kdf != SP_KEYSLOT_HKDF) ||
      (factors & ~(guint) KNOWN_FACTORS) != 0)
    return set_newer (error);
  return TRUE;
}

static guint64
half_of_memory_kib (void)
{
  long n_pages = sysconf (_SC_PHYS_PAGES);
  long page_size = sysconf (_SC_PAGESIZE);

  if (n_pages <= 0 || page_size <= 0)
    return G_MAXUINT64;
  return (guint64) n_pages * (guint64) (page_size / 1024) / 2;
}

/**
 * sp_keyslot_check_cost:
 * @cost: what an Argon2id slot asks for, or shall
 * @error: return location for a [error@VaultError]
 *
 * Holds a cost against the limits of a native vault, and against half of this machine's memory.
 *
 * Returns: %FALSE with %SP_VAULT_ERROR_KDF_LIMITS if it is out of them
 */
gboolean
sp_keyslot_check_cost (const SpKdfCost *cost, GError **error)
{
  const SpKdfLimits *limits = &sp_kdf_limits;

  g_return_val_if_fail (cost != NULL, FALSE);

  if (cost->memory_kib < limits->min_memory_kib || cost->passes < limits->min_passes ||
      cost->lanes < limits->min_lanes)
    return set_refused (error, "The key slot's password would be too easy to guess: "
                               "its key derivation costs less than is allowed.");
  if (cost->memory_kib > limits->max_memory_kib || cost->passes > limits->max_passes ||
      cost->lanes > limits->max_lanes || cost->memory_kib / LANE_MIN_KIB < cost->lanes)
    return set_refused (error, "The key slot's key derivation asks for more than is allowed.");
  if (cost->memory_kib > half_of_memory_kib ())
    return set_refused (error, "The key slot's key derivation asks for more than half of the "
                               "memory of this machine.");
  return TRUE;
}

static gboolean
check_kind (const SpKeyslot *slot, GError **error)
{
  switch (slot->kind) {
  case SP_SLOT_PASSWORD:
    if (!slot->uses_argon2)
      return set_refused (error, "The key slot's password would be too easy to guess: "
                                 "its key derivation is not one for passwords.");
    return TRUE;
  case SP_SLOT_RECOVERY:
  case SP_SLOT_QUICK:
    if (slot->uses_argon2)
      return set_refused (error, "The key slot's key derivation is not one for random keys.");
    return TRUE;
  default:
    return set_refused (error, "The key slot is of an unknown kind.");
  }
}

/**
 * sp_keyslot_check_limits:
 * @slot: a slot's numbers
 * @error: return location for a [error@VaultError]
 *
 * Step 2 of §4.2: kind, KDF, factors and cost.
 *
 * Returns: %FALSE with %SP_VAULT_ERROR_KDF_LIMITS if no such slot may be
 */
gboolean
sp_keyslot_check_limits (const SpKeyslot *slot, GError **error)
{
  if (!check_kind (slot, error))
    return FALSE;
  if (((guint) slot->factors & ~(guint) KNOWN_FACTORS) != 0)
    return set_refused (error, "The key slot asks for something that is not known here.");
  if (((slot->factors & SP_FACTOR_KEY_FILE) == 0) != sp_id_is_null (&slot->key_file_id) ||
      ((slot->factors & SP_FACTOR_DEVICE_KEY) == 0) != sp_id_is_null (&slot->device_key_id))
    return set_refused (error, "What the key slot names is not what it asks for.");
  if (slot->uses_argon2)
    return sp_keyslot_check_cost (&slot->cost, error);
  if (slot->cost.memory_kib != 0 || slot->cost.passes != 0 || slot->cost.lanes != 0)
    return set_refused (error, "The key slot's key derivation has a cost that it cannot have.");
  return TRUE;
}

/**
 * sp_keyslot_parse:
 * @data: (array length=len): the fixed part of a slot
 * @len: its size in bytes
 * @out_slot: (out caller-allocates): its numbers and its bytes
 * @error: return location for a [error@VaultError]
 *
 * Does all that can be done without a secret, in constant memory and time.
 *
 * Returns: %FALSE with %SP_VAULT_ERROR_DAMAGED, %SP_VAULT_ERROR_NEWER_FORMAT or
 *   %SP_VAULT_ERROR_KDF_LIMITS if the slot must not be tried
 */
gboolean
sp_keyslot_parse (const guint8 *data, gsize len, SpKeyslot *out_slot, GError **error)
{
  SpKeyslot slot = { 0 };
  SpReader reader;
  guint8 kind, kdf, factors;
  const guint8 *salt;

  g_return_val_if_fail (out_slot != NULL, FALSE);

  if (!check_integrity (data, len, error))
    return FALSE;

  sp_reader_init (&reader, data + VERSION_POSITION + 1, len - VERSION_POSITION - 1);
  sp_reader_u8 (&reader, &kind);
  sp_reader_u8 (&reader, &kdf);
  sp_reader_u8 (&reader, &factors);
  sp_reader_copy (&reader, slot.vault_id.bytes, SP_ID_LEN);
  sp_reader_copy (&reader, slot.slot_id.bytes, SP_ID_LEN);
  sp_reader_u32 (&reader, &slot.key_epoch);
  sp_reader_u32 (&reader, &slot.cost.memory_kib);
  sp_reader_u32 (&reader, &slot.cost.passes);
  sp_reader_u32 (&reader, &slot.cost.lanes);
  sp_reader_fixed (&reader, SP_KEYSLOT_SALT_LEN, &salt);
  sp_reader_copy (&reader, slot.key_file_id.bytes, SP_ID_LEN);
  sp_reader_copy (&reader, slot.device_key_id.bytes, SP_ID_LEN);
  if (!check_known (kind, kdf, factors, error))
    return FALSE;

  slot.kind = (SpSlotKind) kind;
  slot.uses_argon2 = kdf == SP_KEYSLOT_ARGON2ID;
  slot.factors = (SpFactors) factors;
  memcpy (slot.bytes, data, SP_KEYSLOT_LEN);
  if (!sp_keyslot_check_limits (&slot, error))
    return FALSE;
  *out_slot = slot;
  return TRUE;
}

/**
 * sp_keyslot_changing_clear:
 * @self: the changing part of a slot
 *
 * Frees what it holds, and leaves it as if zeroed.
 */
void
sp_keyslot_changing_clear (SpKeyslotChanging *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->name);
  memset (self, 0, sizeof *self);
}

/* Times before 1970 are "not known". */
static void
write_time (SpWriter *writer, gint64 ms)
{
  sp_writer_varint (writer, (guint64) MAX (ms, 0));
}

/**
 * sp_keyslot_changing_encode:
 * @self: the changing part of a slot; its name is valid UTF-8
 * @writer: where to append the content of its frame
 */
void
sp_keyslot_changing_encode (const SpKeyslotChanging *self, SpWriter *writer)
{
  g_return_if_fail (self != NULL && writer != NULL);

  sp_writer_u8 (writer, SP_FORMAT_VERSION);
  write_time (writer, self->created_ms);
  write_time (writer, self->changed_ms);
  write_time (writer, self->used_ms);
  write_time (writer, self->expires_ms);
  sp_writer_string (writer, self->name != NULL ? self->name : "");
}

static gint64
read_time (SpReader *reader)
{
  guint64 value;

  sp_reader_varint_max (reader, G_MAXINT64, &value);
  return (gint64) value;
}

/**
 * sp_keyslot_changing_decode:
 * @data: (array length=len): the content of the frame of a slot's changing part
 * @len: its size in bytes
 * @out: (out caller-allocates): what it says; clear with sp_keyslot_changing_clear()
 * @error: return location for a [error@VaultError]
 *
 * Returns: %FALSE with @error set if it is not one
 */
gboolean
sp_keyslot_changing_decode (const guint8 *data, gsize len, SpKeyslotChanging *out, GError **error)
{
  SpKeyslotChanging self = { 0 };
  SpReader reader;
  const char *name;
  guint8 version;

  g_return_val_if_fail (out != NULL, FALSE);

  sp_reader_init (&reader, data, len);
  sp_reader_u8 (&reader, &version);
  if (version > SP_FORMAT_VERSION) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NEWER_FORMAT,
                         "The key slot was changed by a newer version of SecurePass.");
    return FALSE;
  }
  if (version != SP_FORMAT_VERSION)
    sp_reader_fail (&reader);
  self.created_ms = read_time (&reader);
  self.changed_ms = read_time (&reader);
  self.used_ms = read_time (&reader);
  self.expires_ms = read_time (&reader);
  sp_reader_string (&reader, &name, NULL);
  if (!sp_reader_finish (&reader))
    return set_damaged (error);

  self.name = g_strdup (name);
  *out = self;
  return TRUE;
}

/**
 * sp_keyslot_changing_hash:
 * @revision: of the changing part
 * @changing: (array length=changing_len): its record
 * @changing_len: its size in bytes
 * @out_hash: (out caller-allocates): what the seal lists
 * @error: return location for an error of the crypto layer
 *
 * Computes SHA-256 (u64 revision || changing), VAULT-FORMAT.md §5.
 *
 * Returns: %FALSE with @error set if the hash could not be had
 */
gboolean
sp_keyslot_changing_hash (guint64 revision,
                          const guint8 *changing,
                          gsize changing_len,
                          guint8 out_hash[static SP_HASH_LEN],
                          GError **error)
{
  guint64 little = GUINT64_TO_LE (revision);
  g_autoptr (SpSha256) hash = sp_sha256_new (error);

  return hash != NULL && sp_sha256_update (hash, (const guint8 *) &little, sizeof little, error) &&
         sp_sha256_update (hash, changing, changing_len, error) &&
         sp_sha256_finish (hash, out_hash, error);
}
