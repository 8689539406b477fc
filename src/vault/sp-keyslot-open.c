/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Opening and sealing the fixed part of a key slot (VAULT-FORMAT.md §4.2, steps 3 to 6).
 *
 *   secret --(Argon2id or HKDF, salt)--> k --(further factors)--> k --HKDF--> commit key, wrap key
 *
 * The commitment is compared before anything is decrypted, so that a wrong password learns nothing from a
 * ciphertext, and no ciphertext can be made that opens under two keys. Every key lives in an SpSecret. */

#define G_LOG_DOMAIN "sp-keyslot"

#include "config.h"

#include <string.h>

#include "base/sp-wipe.h"
#include "crypto/sp-aead.h"
#include "crypto/sp-crypto.h"
#include "crypto/sp-hash.h"
#include "crypto/sp-random.h"
#include "password/sp-normalize.h"
#include "vault/sp-keyslot-private.h"
#include "vault/sp-vault-error.h"

#define KEY_LEN          32
#define SECRET_MAX_LEN   (1024 * 1024)
#define INFO_SECRET      "securepass/1/slot-secret"
#define INFO_COMMIT      "securepass/1/slot-commit"
#define INFO_WRAP        "securepass/1/slot-wrap"
#define LABEL_KEY_FILE   "securepass/1/key-file-id"
#define LABEL_DEVICE_KEY "securepass/1/device-key-id"
#define WRAPPED_LEN      (SP_AEAD_OVERHEAD + SP_VAULT_KEY_LEN)

G_STATIC_ASSERT (SP_KEYSLOT_NONCE + WRAPPED_LEN == SP_KEYSLOT_COMMITMENT);
G_STATIC_ASSERT (SP_KEYSLOT_COMMITMENT + SP_SHA256_LEN == SP_KEYSLOT_CHECKSUM);
G_STATIC_ASSERT (SP_KEYSLOT_CHECKSUM + SP_SHA256_LEN == SP_KEYSLOT_LEN);

static gboolean
set_wrong (GError **error, SpVaultError code, const char *message)
{
  g_set_error_literal (error, SP_VAULT_ERROR, code, message);
  return FALSE;
}

/* Longer than a person types, and a bound on what the KDF reads. */
static gboolean
check_secret (const SpSecret *secret, SpVaultError code, GError **error)
{
  if (sp_secret_get_length (secret) <= SECRET_MAX_LEN)
    return TRUE;
  g_set_error_literal (error, SP_VAULT_ERROR, code, "A password can be at most 1 MiB long.");
  return FALSE;
}

/* What was given must be what the slot asks for: less cannot open it, and more was meant for another. */
static gboolean
check_factors (const SpKeyslot *slot, const SpKeyslotFactors *given, GError **error)
{
  gboolean asks_key_file = (slot->factors & SP_FACTOR_KEY_FILE) != 0;
  gboolean asks_device_key = (slot->factors & SP_FACTOR_DEVICE_KEY) != 0;

  if (asks_key_file && given->key_file == NULL)
    return set_wrong (error, SP_VAULT_ERROR_KEY_FILE_NEEDED,
                      "The key slot asks for a key file too.");
  if (!asks_key_file && given->key_file != NULL)
    return set_wrong (error, SP_VAULT_ERROR_KEY_FILE_OTHER,
                      "The key slot does not use a key file.");
  if (asks_device_key && given->device_key == NULL)
    return set_wrong (error, SP_VAULT_ERROR_DEVICE_KEY_NEEDED,
                      "The key slot asks for the key of a device too, which this is not.");
  if (!asks_device_key && given->device_key != NULL)
    return set_wrong (error, SP_VAULT_ERROR_DEVICE_KEY_OTHER,
                      "The key slot does not use the key of a device.");
  return TRUE;
}

/* §4.1: names a factor without telling anything about it to who does not have it. */
static gboolean
name_factor (const SpKeyslot *slot,
             const SpSecret *factor,
             const char *label,
             SpId *out_id,
             GError **error)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();
  guint8 mac[SP_SHA256_LEN];

  memset (out_id, 0, sizeof *out_id);
  if (factor == NULL)
    return TRUE;
  g_byte_array_append (data, (const guint8 *) label, (guint) strlen (label));
  g_byte_array_append (data, slot->vault_id.bytes, SP_ID_LEN);
  g_byte_array_append (data, slot->bytes + SP_KEYSLOT_SALT, SP_KEYSLOT_SALT_LEN);
  if (!sp_hmac (SP_HASH_SHA256, factor, data->data, data->len, mac, error))
    return FALSE;
  memcpy (out_id->bytes, mac, SP_ID_LEN);
  return TRUE;
}

/* Another file than the one that the slot was made with is told before the KDF runs. */
static gboolean
check_factor_ids (const SpKeyslot *slot, const SpKeyslotFactors *given, GError **error)
{
  SpId key_file_id, device_key_id;

  if (!name_factor (slot, given->key_file, LABEL_KEY_FILE, &key_file_id, error) ||
      !name_factor (slot, given->device_key, LABEL_DEVICE_KEY, &device_key_id, error))
    return FALSE;
  if (!sp_id_equal (&key_file_id, &slot->key_file_id))
    return set_wrong (error, SP_VAULT_ERROR_KEY_FILE_OTHER,
                      "The key file is not the one that the key slot asks for.");
  if (!sp_id_equal (&device_key_id, &slot->device_key_id))
    return set_wrong (error, SP_VAULT_ERROR_DEVICE_KEY_OTHER,
                      "The key of this device is not the one that the key slot asks for.");
  return TRUE;
}

static gboolean
is_ascii (const guint8 *data, gsize len)
{
  guint8 any = 0;

  for (gsize i = 0; i < len; i++)
    any |= data[i];
  return any < 0x80;
}

/* NFC, so that a password opens the vault however a keyboard composes its letters. What is not text is
 * taken as it is. */
static SpSecret *
normalize (const SpSecret *password)
{
  gsize len;
  const guint8 *data = sp_secret_peek (password, &len);
  SpSecret *normalized;

  if (is_ascii (data, len))
    return sp_secret_ref (password);
  normalized = sp_normalize_nfc (password, NULL);
  return normalized != NULL ? normalized : sp_secret_ref (password);
}

/* Step 3. */
static SpSecret *
derive_from_secret (const SpKeyslot *slot, const SpSecret *secret, GError **error)
{
  const guint8 *salt = slot->bytes + SP_KEYSLOT_SALT;
  g_autoptr (SpSecret) password = NULL;

  if (!slot->uses_argon2)
    return sp_hkdf (secret, salt, SP_KEYSLOT_SALT_LEN, INFO_SECRET, KEY_LEN, error);

  password = normalize (secret);
  return sp_kdf_argon2 (SP_KDF_ARGON2ID, &slot->cost, password, salt, SP_KEYSLOT_SALT_LEN, KEY_LEN,
                        error);
}

static void
append_factor (SpSecretBuffer *buffer, SpFactors factor, const SpSecret *secret)
{
  guint8 bit = (guint8) factor;
  guint32 little;
  gsize len;
  const guint8 *data;

  if (secret == NULL)
    return;

  data = sp_secret_peek (secret, &len);
  little = GUINT32_TO_LE ((guint32) len);
  sp_secret_buffer_append (buffer, &bit, 1);
  sp_secret_buffer_append (buffer, (const guint8 *) &little, sizeof little);
  sp_secret_buffer_append (buffer, data, len);
}

/* Steps 3 and 4. */
static SpSecret *
derive (const SpKeyslot *slot, const SpKeyslotFactors *given, GError **error)
{
  g_autoptr (SpSecret) key = derive_from_secret (slot, given->secret, error);
  g_autoptr (SpSecretBuffer) buffer = NULL;
  g_autoptr (SpSecret) joined = NULL;

  if (key == NULL || slot->factors == 0)
    return g_steal_pointer (&key);

  buffer = sp_secret_buffer_new ();
  append_factor (buffer, SP_FACTOR_KEY_FILE, given->key_file);
  append_factor (buffer, SP_FACTOR_DEVICE_KEY, given->device_key);
  joined = sp_secret_buffer_finish (buffer);
  return sp_hkdf_extract (key, joined, error);
}

/* Step 5: HMAC over all in front of it, under a key of its own. */
static gboolean
commit (const SpSecret *key, const guint8 *bytes, guint8 *out_commitment, GError **error)
{
  g_autoptr (SpSecret) commit_key = sp_hkdf (key, NULL, 0, INFO_COMMIT, KEY_LEN, error);

  return commit_key != NULL &&
         sp_hmac (SP_HASH_SHA256, commit_key, bytes, SP_KEYSLOT_COMMITMENT, out_commitment, error);
}

/* Step 6. */
static SpAead *
make_wrap (const SpSecret *key, GError **error)
{
  g_autoptr (SpSecret) wrap_key = sp_hkdf (key, NULL, 0, INFO_WRAP, KEY_LEN, error);

  return wrap_key != NULL ? sp_aead_new (wrap_key, error) : NULL;
}

static SpSecret *
unwrap (const SpKeyslot *slot, const SpSecret *key, GError **error)
{
  g_autoptr (SpAead) aead = make_wrap (key, error);
  g_autoptr (SpSecret) vault_key = NULL;
  g_autoptr (GError) local_error = NULL;
  guint8 *plain;

  if (aead == NULL)
    return NULL;

  vault_key = sp_secret_new_uninitialized (SP_VAULT_KEY_LEN, &plain);
  if (!sp_aead_open (aead, slot->bytes, SP_KEYSLOT_NONCE, slot->bytes + SP_KEYSLOT_NONCE,
                     WRAPPED_LEN, plain, &local_error)) {
    /* Only who knows the key can have made a slot whose commitment holds and whose tag does not. */
    if (g_error_matches (local_error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_TAG))
      g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED,
                           "The key slot is damaged: the key fits, but what it locks does not.");
    else
      g_propagate_error (error, g_steal_pointer (&local_error));
    return NULL;
  }
  return g_steal_pointer (&vault_key);
}

/**
 * sp_keyslot_open:
 * @slot: a slot from sp_keyslot_parse()
 * @factors: what a person gave
 * @error: return location for a [error@VaultError], or an error of the crypto layer if a library failed
 *
 * Steps 3 to 6 of §4.2. With Argon2id, takes the slot's memory and up to seconds.
 *
 * Returns: (transfer full) (nullable): the vault key, or %NULL with %SP_VAULT_ERROR_WRONG_KEY if it was not
 *   the right secret, or one of the other
 *   codes of sp_vault_error_is_wrong_secret() if more or less was given than the slot asks for
 */
SpSecret *
sp_keyslot_open (const SpKeyslot *slot, const SpKeyslotFactors *factors, GError **error)
{
  g_autoptr (SpSecret) key = NULL;
  guint8 commitment[SP_SHA256_LEN];

  g_return_val_if_fail (slot != NULL && factors != NULL && factors->secret != NULL, NULL);

  if (!check_secret (factors->secret, SP_VAULT_ERROR_WRONG_KEY, error) ||
      !check_factors (slot, factors, error) || !check_factor_ids (slot, factors, error))
    return NULL;
  key = derive (slot, factors, error);
  if (key == NULL || !commit (key, slot->bytes, commitment, error))
    return NULL;
  if (!sp_bytes_equal (commitment, slot->bytes + SP_KEYSLOT_COMMITMENT, sizeof commitment)) {
    set_wrong (
        error, SP_VAULT_ERROR_WRONG_KEY,
        slot->kind == SP_SLOT_PASSWORD   ? "The password, or what is asked for with it, is wrong."
        : slot->kind == SP_SLOT_RECOVERY ? "The recovery key is wrong, or is one of another vault."
                                         : "The key is wrong.");
    return NULL;
  }
  return unwrap (slot, key, error);
}

/* Step 6 the other way round: bytes 104 to 163. */
static gboolean
wrap (SpKeyslot *slot, const SpSecret *key, const SpSecret *vault_key, GError **error)
{
  g_autoptr (SpAead) aead = make_wrap (key, error);
  guint8 nonce[SP_AEAD_NONCE_LEN];

  if (aead == NULL)
    return FALSE;
  memcpy (nonce, slot->bytes + SP_KEYSLOT_NONCE, sizeof nonce);
  return sp_aead_seal (aead, nonce, slot->bytes, SP_KEYSLOT_NONCE, sp_secret_peek (vault_key, NULL),
                       SP_VAULT_KEY_LEN, slot->bytes + SP_KEYSLOT_NONCE, error);
}

/* Bytes 0 to 115; the salt and the nonce are new. */
static gboolean
write_head (SpKeyslot *slot, const SpKeyslotFactors *factors, GError **error)
{
  g_autoptr (SpWriter) writer = sp_writer_new ();
  guint8 salt[SP_KEYSLOT_SALT_LEN];
  guint8 nonce[SP_AEAD_NONCE_LEN];
  gsize len;
  const guint8 *data;

  if (!sp_random_bytes (salt, sizeof salt, error) || !sp_random_bytes (nonce, sizeof nonce, error))
    return FALSE;
  memcpy (slot->bytes + SP_KEYSLOT_SALT, salt, sizeof salt);
  if (!name_factor (slot, factors->key_file, LABEL_KEY_FILE, &slot->key_file_id, error) ||
      !name_factor (slot, factors->device_key, LABEL_DEVICE_KEY, &slot->device_key_id, error))
    return FALSE;

  sp_writer_fixed (writer, (const guint8 *) SP_KEYSLOT_MAGIC, strlen (SP_KEYSLOT_MAGIC));
  sp_writer_u8 (writer, SP_FORMAT_VERSION);
  sp_writer_u8 (writer, (guint8) slot->kind);
  sp_writer_u8 (writer, slot->uses_argon2 ? SP_KEYSLOT_ARGON2ID : SP_KEYSLOT_HKDF);
  sp_writer_u8 (writer, (guint8) slot->factors);
  sp_writer_fixed (writer, slot->vault_id.bytes, SP_ID_LEN);
  sp_writer_fixed (writer, slot->slot_id.bytes, SP_ID_LEN);
  sp_writer_u32 (writer, slot->key_epoch);
  sp_writer_u32 (writer, slot->cost.memory_kib);
  sp_writer_u32 (writer, slot->cost.passes);
  sp_writer_u32 (writer, slot->cost.lanes);
  sp_writer_fixed (writer, salt, sizeof salt);
  sp_writer_fixed (writer, slot->key_file_id.bytes, SP_ID_LEN);
  sp_writer_fixed (writer, slot->device_key_id.bytes, SP_ID_LEN);
  sp_writer_fixed (writer, nonce, sizeof nonce);
  data = sp_writer_peek (writer, &len);
  memcpy (slot->bytes, data, len);
  return TRUE;
}

/**
 * sp_keyslot_seal:
 * @slot: a slot's numbers; its bytes are written
 * @vault_key: 32 bytes
 * @factors: the secret, and just the further factors that the slot asks for
 * @error: return location for a [error@VaultError], or an error of the crypto layer
 *
 * Wraps the vault key in a new fixed part, with a new salt and nonce.
 *
 * Returns: %FALSE with @error set: %SP_VAULT_ERROR_KDF_LIMITS if a slot may not have these numbers,
 *   %SP_VAULT_ERROR_WRONG_KEY if other factors were given than it asks for
 */
gboolean
sp_keyslot_seal (SpKeyslot *slot,
                 const SpSecret *vault_key,
                 const SpKeyslotFactors *factors,
                 GError **error)
{
  g_autoptr (SpSecret) key = NULL;
  SpKeyslot sealed;

  g_return_val_if_fail (slot != NULL && factors != NULL && factors->secret != NULL, FALSE);
  g_return_val_if_fail (sp_secret_get_length (vault_key) == SP_VAULT_KEY_LEN, FALSE);

  sealed = *slot;
  if (!check_secret (factors->secret, SP_VAULT_ERROR_INVALID, error) ||
      !check_factors (&sealed, factors, error) || !write_head (&sealed, factors, error) ||
      !sp_keyslot_check_limits (&sealed, error))
    return FALSE;
  key = derive (&sealed, factors, error);
  if (key == NULL || !wrap (&sealed, key, vault_key, error) ||
      !commit (key, sealed.bytes, sealed.bytes + SP_KEYSLOT_COMMITMENT, error) ||
      !sp_sha256 (sealed.bytes, SP_KEYSLOT_CHECKSUM, sealed.bytes + SP_KEYSLOT_CHECKSUM, error))
    return FALSE;
  *slot = sealed;
  return TRUE;
}
