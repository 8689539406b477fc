/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Key slots: vectors that an independent program made (vectors/README.md), every bit of one flipped, limits
 * from both sides, and what each step may do before the next. */

#define G_LOG_DOMAIN "sp-test"

#include "config.h"

#include "vault/sp-keyslot.h"

#include <dlfcn.h>
#include <openssl/evp.h>
#include <string.h>
#include <unistd.h>

#include "common/sp-test-mutate.h"
#include "common/sp-test.h"
#include "crypto/sp-crypto.h"
#include "crypto/sp-hash.h"
#include "crypto/sp-random.h"
#include "vault/sp-kdf-limits.h"
#include "vault/sp-vault-error.h"

#define COMMITMENT_POSITION 164
#define CHECKSUM_POSITION   196

typedef struct {
  char *name;
  SpSecret *secret;
  SpSecret *key_file;
  SpSecret *device_key;
  SpSecret *vault_key;
  guint8 slot[SP_KEYSLOT_LEN];
} Vector;

static void
vector_free_cb (gpointer data)
{
  Vector *self = data;

  g_free (self->name);
  sp_secret_unref (self->secret);
  sp_secret_unref (self->key_file);
  sp_secret_unref (self->device_key);
  sp_secret_unref (self->vault_key);
  g_free (self);
}

static SpSecret *
parse_bytes (const char *text)
{
  if (g_str_equal (text, "-"))
    return NULL;
  return sp_test_hex_secret (g_str_equal (text, "empty") ? "" : text);
}

static void
set_value (Vector *vector, const char *name, const char *value)
{
  if (g_str_equal (name, "name")) {
    vector->name = g_strdup (value);
  } else if (g_str_equal (name, "secret")) {
    vector->secret = parse_bytes (value);
  } else if (g_str_equal (name, "key-file")) {
    vector->key_file = parse_bytes (value);
  } else if (g_str_equal (name, "device-key")) {
    vector->device_key = parse_bytes (value);
  } else if (g_str_equal (name, "vault-key")) {
    vector->vault_key = parse_bytes (value);
  } else {
    gsize len;
    g_autofree guint8 *bytes = sp_test_hex (value, &len);

    g_assert_cmpstr (name, ==, "slot");
    g_assert_cmpuint (len, ==, SP_KEYSLOT_LEN);
    memcpy (vector->slot, bytes, len);
  }
}

static GPtrArray *
load_vectors (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "vault", "vectors", "slots.txt",
                                                 NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  GPtrArray *vectors = g_ptr_array_new_with_free_func (vector_free_cb);
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (text, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++) {
    g_auto (GStrv) words = g_strsplit (lines[i], " ", 2);

    if (lines[i][0] == '#' || lines[i][0] == '\0')
      continue;
    if (g_str_equal (words[0], "name"))
      g_ptr_array_add (vectors, g_new0 (Vector, 1));
    set_value (g_ptr_array_index (vectors, vectors->len - 1), words[0], words[1]);
  }
  g_assert_cmpuint (vectors->len, >=, 20);
  return vectors;
}

static SpKeyslotFactors
get_factors (const Vector *vector)
{
  SpKeyslotFactors factors = { vector->secret, vector->key_file, vector->device_key };

  return factors;
}

static void
parse (const guint8 *bytes, SpKeyslot *out_slot)
{
  g_autoptr (GError) error = NULL;
  gboolean parsed = sp_keyslot_parse (bytes, SP_KEYSLOT_LEN, out_slot, &error);

  g_assert_no_error (error);
  g_assert_true (parsed);
}

static void
test_vectors (void)
{
  g_autoptr (GPtrArray) vectors = load_vectors ();

  for (guint i = 0; i < vectors->len; i++) {
    const Vector *vector = g_ptr_array_index (vectors, i);
    SpKeyslotFactors factors = get_factors (vector);
    g_autoptr (SpSecret) vault_key = NULL;
    g_autoptr (GError) error = NULL;
    SpKeyslot slot;

    g_test_message ("%s", vector->name);
    parse (vector->slot, &slot);
    vault_key = sp_keyslot_open (&slot, &factors, &error);
    g_assert_no_error (error);
    g_assert_true (sp_secret_equal (vault_key, vector->vault_key));
  }
}

/* How often something was decrypted: the program's own calls end here first. */
static guint n_decryptions;

typedef int (*CipherUpdate) (EVP_CIPHER_CTX *, unsigned char *, int *, const unsigned char *, int);

int
EVP_CipherUpdate (EVP_CIPHER_CTX *context,
                  unsigned char *out,
                  int *out_len,
                  const unsigned char *in,
                  int len)
{
  CipherUpdate real;

  *(void **) &real = dlsym (RTLD_NEXT, "EVP_CipherUpdate");
  n_decryptions++;
  return real (context, out, out_len, in, len);
}

static const Vector *
find_vector (const GPtrArray *vectors, const char *name)
{
  for (guint i = 0; i < vectors->len; i++) {
    const Vector *vector = g_ptr_array_index (vectors, i);

    if (g_str_equal (vector->name, name))
      return vector;
  }
  g_assert_not_reached ();
}

static void
rehash (guint8 *bytes, gsize len)
{
  g_assert_true (sp_sha256 (bytes, len - SP_SHA256_LEN, bytes + len - SP_SHA256_LEN, NULL));
}

static void
assert_refused (const guint8 *bytes, gsize len, SpVaultError code)
{
  g_autoptr (GError) error = NULL;
  SpKeyslot slot;

  g_assert_false (sp_keyslot_parse (bytes, len, &slot, &error));
  g_assert_true (g_error_matches (error, SP_VAULT_ERROR, (int) code));
}

static void
assert_does_not_open (const SpKeyslot *slot, const SpKeyslotFactors *factors, SpVaultError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (sp_keyslot_open (slot, factors, &error));
  g_assert_true (g_error_matches (error, SP_VAULT_ERROR, (int) code));
}

static void
test_wrong_secret (void)
{
  g_autoptr (GPtrArray) vectors = load_vectors ();
  g_autoptr (SpSecret) wrong = sp_secret_new_text ("not this one");

  for (guint i = 0; i < vectors->len; i++) {
    const Vector *vector = g_ptr_array_index (vectors, i);
    SpKeyslotFactors factors = get_factors (vector);
    SpKeyslot slot;

    factors.secret = wrong;
    parse (vector->slot, &slot);
    n_decryptions = 0;
    assert_does_not_open (&slot, &factors, SP_VAULT_ERROR_WRONG_KEY);
    g_assert_cmpuint (n_decryptions, ==, 0);
  }
}

/* The count above does count. */
static void
test_right_secret_decrypts (void)
{
  g_autoptr (GPtrArray) vectors = load_vectors ();
  const Vector *vector = find_vector (vectors, "recovery");
  SpKeyslotFactors factors = get_factors (vector);
  g_autoptr (SpSecret) key = NULL;
  SpKeyslot slot;

  parse (vector->slot, &slot);
  n_decryptions = 0;
  key = sp_keyslot_open (&slot, &factors, NULL);
  g_assert_nonnull (key);
  g_assert_cmpuint (n_decryptions, >, 0);
}

static void
test_every_bit (void)
{
  g_autoptr (GPtrArray) vectors = load_vectors ();

  for (guint i = 0; i < vectors->len; i++) {
    Vector *vector = g_ptr_array_index (vectors, i);

    for (guint bit = 0; bit < 8 * SP_KEYSLOT_LEN; bit++) {
      vector->slot[bit / 8] ^= (guint8) (1 << bit % 8);
      assert_refused (vector->slot, SP_KEYSLOT_LEN, SP_VAULT_ERROR_DAMAGED);
      vector->slot[bit / 8] ^= (guint8) (1 << bit % 8);
    }
  }
}

/* Whoever can write the file can compute the checksum again. Some bits make the slot ask for gigabytes, which
 * is within the limits, and would fail just so, later. */
static void
try_with_new_checksum (const Vector *vector, guint bit, guint *out_n_opened)
{
  SpKeyslotFactors factors = get_factors (vector);
  guint8 bytes[SP_KEYSLOT_LEN];
  g_autoptr (GError) error = NULL;
  SpKeyslot slot;

  memcpy (bytes, vector->slot, sizeof bytes);
  bytes[bit / 8] ^= (guint8) (1 << bit % 8);
  rehash (bytes, sizeof bytes);
  if (!sp_keyslot_parse (bytes, sizeof bytes, &slot, NULL))
    return;
  if (slot.cost.memory_kib > 64 * 1024)
    return;

  n_decryptions = 0;
  g_assert_null (sp_keyslot_open (&slot, &factors, &error));
  g_assert_true (sp_vault_error_is_wrong_secret (error));
  g_assert_cmpuint (n_decryptions, ==, 0);
  ++*out_n_opened;
}

static void
test_every_bit_with_new_checksum (void)
{
  static const char *const names[] = { "ascii", "recovery", "both-factors",
                                       "quick-with-device-key" };
  g_autoptr (GPtrArray) vectors = load_vectors ();

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    const Vector *vector = find_vector (vectors, names[i]);
    guint n_tried = 0;

    for (guint bit = 0; bit < 8 * CHECKSUM_POSITION; bit++)
      try_with_new_checksum (vector, bit, &n_tried);
    g_assert_cmpuint (n_tried, >, 1000);
  }
}

/* A slot whose maker knew the key, but whose vault key does not come out. */
static void
test_broken_under_the_right_key (void)
{
  g_autoptr (GPtrArray) vectors = load_vectors ();
  const Vector *vector = find_vector (vectors, "recovery");
  SpKeyslotFactors factors = get_factors (vector);
  guint8 bytes[SP_KEYSLOT_LEN];
  g_autoptr (SpSecret) k = NULL;
  g_autoptr (SpSecret) commit_key = NULL;
  SpKeyslot slot;

  memcpy (bytes, vector->slot, sizeof bytes);
  bytes[COMMITMENT_POSITION - 1] ^= 1;
  k = sp_hkdf (vector->secret, bytes + 56, 16, "securepass/1/slot-secret", 32, NULL);
  commit_key = sp_hkdf (k, NULL, 0, "securepass/1/slot-commit", 32, NULL);
  g_assert_true (sp_hmac (SP_HASH_SHA256, commit_key, bytes, COMMITMENT_POSITION,
                          bytes + COMMITMENT_POSITION, NULL));
  rehash (bytes, sizeof bytes);
  parse (bytes, &slot);
  assert_does_not_open (&slot, &factors, SP_VAULT_ERROR_DAMAGED);
}

static void
test_lengths (void)
{
  g_autoptr (GPtrArray) vectors = load_vectors ();
  const Vector *vector = find_vector (vectors, "ascii");
  guint8 bytes[1100] = "SPK1";

  for (gsize len = 0; len < SP_KEYSLOT_LEN; len++)
    assert_refused (vector->slot, len, SP_VAULT_ERROR_DAMAGED);

  /* Another length of this version is damage, under whatever checksum. */
  memcpy (bytes, vector->slot, SP_KEYSLOT_LEN);
  rehash (bytes, SP_KEYSLOT_LEN + 1);
  assert_refused (bytes, SP_KEYSLOT_LEN + 1, SP_VAULT_ERROR_DAMAGED);
  rehash (bytes, SP_KEYSLOT_LEN - 1);
  assert_refused (bytes, SP_KEYSLOT_LEN - 1, SP_VAULT_ERROR_DAMAGED);
}

static void
test_newer (void)
{
  static const struct {
    gsize len;
    SpVaultError code;
  } cases[] = { { 99, SP_VAULT_ERROR_DAMAGED },
                { 100, SP_VAULT_ERROR_NEWER_FORMAT },
                { 1024, SP_VAULT_ERROR_NEWER_FORMAT },
                { 1025, SP_VAULT_ERROR_DAMAGED } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    guint8 bytes[1025] = "SPK1\2";

    rehash (bytes, cases[i].len);
    assert_refused (bytes, cases[i].len, cases[i].code);
    bytes[cases[i].len - 1] ^= 1;
    assert_refused (bytes, cases[i].len, SP_VAULT_ERROR_DAMAGED);
    bytes[0] = 'X';
    rehash (bytes, cases[i].len);
    assert_refused (bytes, cases[i].len, SP_VAULT_ERROR_DAMAGED);
  }
}

static void
assert_byte_refused (const Vector *vector, gsize position, guint8 value, SpVaultError code)
{
  guint8 bytes[SP_KEYSLOT_LEN];

  memcpy (bytes, vector->slot, sizeof bytes);
  bytes[position] = value;
  rehash (bytes, sizeof bytes);
  assert_refused (bytes, sizeof bytes, code);
}

static void
test_unknown_is_newer (void)
{
  g_autoptr (GPtrArray) vectors = load_vectors ();
  const Vector *vector = find_vector (vectors, "ascii");

  assert_byte_refused (vector, 4, 0, SP_VAULT_ERROR_DAMAGED);
  assert_byte_refused (vector, 5, 0, SP_VAULT_ERROR_NEWER_FORMAT);
  assert_byte_refused (vector, 5, 4, SP_VAULT_ERROR_NEWER_FORMAT);
  assert_byte_refused (vector, 6, 0, SP_VAULT_ERROR_NEWER_FORMAT);
  assert_byte_refused (vector, 6, 3, SP_VAULT_ERROR_NEWER_FORMAT);
  assert_byte_refused (vector, 7, 4, SP_VAULT_ERROR_NEWER_FORMAT);
}

/* A password is not to be tried without Argon2id, nor a factor to be asked for that is not named. */
static void
test_combinations (void)
{
  g_autoptr (GPtrArray) vectors = load_vectors ();
  const Vector *password = find_vector (vectors, "ascii");
  const Vector *recovery = find_vector (vectors, "recovery");

  assert_byte_refused (password, 6, 2, SP_VAULT_ERROR_KDF_LIMITS);
  assert_byte_refused (password, 5, 2, SP_VAULT_ERROR_KDF_LIMITS);
  assert_byte_refused (password, 5, 3, SP_VAULT_ERROR_KDF_LIMITS);
  assert_byte_refused (recovery, 6, 1, SP_VAULT_ERROR_KDF_LIMITS);
  assert_byte_refused (recovery, 5, 1, SP_VAULT_ERROR_KDF_LIMITS);
  assert_byte_refused (recovery, 44, 1, SP_VAULT_ERROR_KDF_LIMITS);
  assert_byte_refused (recovery, 48, 1, SP_VAULT_ERROR_KDF_LIMITS);
  assert_byte_refused (recovery, 52, 1, SP_VAULT_ERROR_KDF_LIMITS);
  assert_byte_refused (password, 7, 1, SP_VAULT_ERROR_KDF_LIMITS);
  assert_byte_refused (password, 7, 2, SP_VAULT_ERROR_KDF_LIMITS);
  assert_byte_refused (password, 72, 1, SP_VAULT_ERROR_KDF_LIMITS);
  assert_byte_refused (password, 88, 1, SP_VAULT_ERROR_KDF_LIMITS);
}

static gboolean
is_allowed (guint32 memory_kib, guint32 passes, guint32 lanes)
{
  SpKdfCost cost = { memory_kib, passes, lanes };
  g_autoptr (GError) error = NULL;
  gboolean allowed = sp_keyslot_check_cost (&cost, &error);

  g_assert_true (allowed == (error == NULL));
  if (!allowed)
    g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_KDF_LIMITS);
  return allowed;
}

static void
test_limits (void)
{
  guint64 half_kib = (guint64) sysconf (_SC_PHYS_PAGES) * (guint64) sysconf (_SC_PAGESIZE) / 1024 /
                     2;
  guint32 max_kib = (guint32) MIN (half_kib, sp_kdf_limits.max_memory_kib);

  g_assert_true (is_allowed (sp_kdf_limits.min_memory_kib, 1, 1));
  g_assert_false (is_allowed (sp_kdf_limits.min_memory_kib - 1, 1, 1));
  g_assert_true (is_allowed (max_kib, 1, 1));
  g_assert_false (is_allowed (max_kib + 1, 1, 1));
  g_assert_false (is_allowed (G_MAXUINT32, 1, 1));
  g_assert_true (is_allowed (1024, sp_kdf_limits.min_passes, 1));
  g_assert_false (is_allowed (1024, sp_kdf_limits.min_passes - 1, 1));
  g_assert_true (is_allowed (1024, 64, 1));
  g_assert_false (is_allowed (1024, 65, 1));
  g_assert_false (is_allowed (1024, 1, 0));
  g_assert_true (is_allowed (1024, 1, 16));
  g_assert_false (is_allowed (1024, 1, 17));
  /* RFC 9106: at least eight blocks for each lane. */
  g_assert_true (is_allowed (32, 1, 4));
  g_assert_false (is_allowed (31, 1, 4));
}

/* Of all the address space that this program ever had, in KiB. */
static guint64
peak_kib (void)
{
  g_autofree char *status = NULL;
  const char *line;

  g_assert_true (g_file_get_contents ("/proc/self/status", &status, NULL, NULL));
  line = strstr (status, "VmPeak:");
  g_assert_nonnull (line);
  return g_ascii_strtoull (line + strlen ("VmPeak:"), NULL, 10);
}

static void
put_u32 (guint8 *bytes, gsize position, guint32 value)
{
  guint32 little = GUINT32_TO_LE (value);

  memcpy (bytes + position, &little, sizeof little);
}

static void
test_refused_before_memory_is_taken (void)
{
  static const guint32 costs[][3] = {
    { 4 * 1024 * 1024 + 1, 3, 4 },
    { G_MAXUINT32, 3, 4 },
    { 1024 * 1024, 65, 4 },
    { 1024 * 1024, 3, 17 },
    { 1024 * 1024, 0, 4 },
    { 1024 * 1024, 3, 0 },
    { 7, 3, 1 },
    { 0, 0, 0 },
  };
  g_autoptr (GPtrArray) vectors = load_vectors ();
  const Vector *vector = find_vector (vectors, "ascii");
  guint64 before = peak_kib ();

  for (guint i = 0; i < G_N_ELEMENTS (costs); i++) {
    guint8 bytes[SP_KEYSLOT_LEN];

    memcpy (bytes, vector->slot, sizeof bytes);
    for (guint j = 0; j < 3; j++)
      put_u32 (bytes, 44 + 4 * j, costs[i][j]);
    rehash (bytes, sizeof bytes);
    assert_refused (bytes, sizeof bytes, SP_VAULT_ERROR_KDF_LIMITS);
  }
  g_assert_cmpuint (peak_kib () - before, <, 16 * 1024);
}

/* The peak above would show it. */
static void
test_memory_is_taken_when_opened (void)
{
  g_autoptr (GPtrArray) vectors = load_vectors ();
  const Vector *vector = find_vector (vectors, "ascii");
  SpKeyslotFactors factors = get_factors (vector);
  guint8 bytes[SP_KEYSLOT_LEN];
  guint64 before;
  SpKeyslot slot;

  memcpy (bytes, vector->slot, sizeof bytes);
  put_u32 (bytes, 44, 256 * 1024);
  rehash (bytes, sizeof bytes);
  parse (bytes, &slot);
  before = peak_kib ();
  assert_does_not_open (&slot, &factors, SP_VAULT_ERROR_WRONG_KEY);
  g_assert_cmpuint (peak_kib () - before, >=, 128 * 1024);
}

static void
assert_wrong_factors (const SpKeyslot *slot, const SpKeyslotFactors *factors, const char *message)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (sp_keyslot_open (slot, factors, &error));
  g_assert_true (sp_vault_error_is_wrong_secret (error));
  g_assert_cmpint (error->code, !=, SP_VAULT_ERROR_WRONG_KEY);
  g_assert_cmpstr (error->message, ==, message);
}

static void
test_factors (void)
{
  g_autoptr (GPtrArray) vectors = load_vectors ();
  const Vector *both = find_vector (vectors, "both-factors");
  g_autoptr (SpSecret) other = sp_secret_new_text ("another");
  SpKeyslotFactors factors;
  SpKeyslot slot;

  parse (both->slot, &slot);
  factors = get_factors (both);
  factors.key_file = NULL;
  assert_wrong_factors (&slot, &factors, "The key slot asks for a key file too.");
  factors.key_file = other;
  assert_wrong_factors (&slot, &factors, "The key file is not the one that the key slot asks for.");
  factors = get_factors (both);
  factors.device_key = NULL;
  assert_wrong_factors (&slot, &factors,
                        "The key slot asks for the key of a device too, which this is not.");
  factors.device_key = other;
  assert_wrong_factors (&slot, &factors,
                        "The key of this device is not the one that the key slot asks for.");

  parse (find_vector (vectors, "ascii")->slot, &slot);
  factors = get_factors (find_vector (vectors, "ascii"));
  factors.key_file = other;
  assert_wrong_factors (&slot, &factors, "The key slot does not use a key file.");
  factors.key_file = NULL;
  factors.device_key = other;
  assert_wrong_factors (&slot, &factors, "The key slot does not use the key of a device.");
}

static SpKeyslot
make_slot (SpSlotKind kind, SpFactors wanted)
{
  SpKeyslot slot = { .kind = kind, .factors = wanted, .key_epoch = 7 };

  if (kind == SP_SLOT_PASSWORD) {
    slot.uses_argon2 = TRUE;
    slot.cost.memory_kib = 32;
    slot.cost.passes = 1;
    slot.cost.lanes = 2;
  }
  g_assert_true (sp_random_id (&slot.vault_id, NULL) && sp_random_id (&slot.slot_id, NULL));
  return slot;
}

static void
test_round_trip (void)
{
  g_autoptr (SpSecret) secret = sp_random_secret (32, NULL);
  g_autoptr (SpSecret) key_file = sp_random_secret (32, NULL);
  g_autoptr (SpSecret) device_key = sp_random_secret (32, NULL);
  g_autoptr (SpSecret) vault_key = sp_random_secret (SP_VAULT_KEY_LEN, NULL);

  for (guint kind = SP_SLOT_PASSWORD; kind <= SP_SLOT_QUICK; kind++)
    for (guint wanted = 0; wanted < 4; wanted++) {
      SpKeyslot slot = make_slot ((SpSlotKind) kind, (SpFactors) wanted);
      SpKeyslotFactors factors = { secret, (wanted & 1) != 0 ? key_file : NULL,
                                   (wanted & 2) != 0 ? device_key : NULL };
      g_autoptr (SpSecret) opened = NULL;
      g_autoptr (GError) error = NULL;
      SpKeyslot parsed;

      g_assert_true (sp_keyslot_seal (&slot, vault_key, &factors, &error));
      g_assert_no_error (error);
      parse (slot.bytes, &parsed);
      g_assert_cmpint (parsed.kind, ==, slot.kind);
      g_assert_cmpint (parsed.factors, ==, slot.factors);
      g_assert_true (sp_id_equal (&parsed.vault_id, &slot.vault_id));
      g_assert_true (sp_id_equal (&parsed.slot_id, &slot.slot_id));
      g_assert_true (sp_id_equal (&parsed.key_file_id, &slot.key_file_id));
      g_assert_true (sp_id_equal (&parsed.device_key_id, &slot.device_key_id));
      g_assert_cmpuint (parsed.key_epoch, ==, 7);
      opened = sp_keyslot_open (&parsed, &factors, &error);
      g_assert_no_error (error);
      g_assert_true (sp_secret_equal (opened, vault_key));
    }
}

static void
test_seal_is_fresh (void)
{
  g_autoptr (SpSecret) secret = sp_secret_new_text ("the same");
  g_autoptr (SpSecret) vault_key = sp_random_secret (SP_VAULT_KEY_LEN, NULL);
  SpKeyslotFactors factors = { secret, NULL, NULL };
  SpKeyslot slot = make_slot (SP_SLOT_PASSWORD, (SpFactors) 0);
  SpKeyslot again = slot;

  g_assert_true (sp_keyslot_seal (&slot, vault_key, &factors, NULL));
  g_assert_true (sp_keyslot_seal (&again, vault_key, &factors, NULL));
  g_assert_true (memcmp (slot.bytes, again.bytes, 56) == 0);
  g_assert_true (memcmp (slot.bytes + 56, again.bytes + 56, 16) != 0);
  g_assert_true (memcmp (slot.bytes + 104, again.bytes + 104, 12) != 0);
}

static void
test_seal_refused (void)
{
  g_autoptr (SpSecret) secret = sp_secret_new_text ("x");
  g_autoptr (SpSecret) vault_key = sp_random_secret (SP_VAULT_KEY_LEN, NULL);
  SpKeyslotFactors factors = { secret, NULL, NULL };
  SpKeyslot slot = make_slot (SP_SLOT_PASSWORD, (SpFactors) 0);
  g_autoptr (GError) error = NULL;
  SpKeyslot before;

  slot.cost.passes = 0;
  before = slot;
  g_assert_false (sp_keyslot_seal (&slot, vault_key, &factors, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_KDF_LIMITS);
  g_assert_true (memcmp (&before, &slot, sizeof slot) == 0);

  g_clear_error (&error);
  slot = make_slot (SP_SLOT_PASSWORD, (SpFactors) 0);
  slot.uses_argon2 = FALSE;
  g_assert_false (sp_keyslot_seal (&slot, vault_key, &factors, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_KDF_LIMITS);

  g_clear_error (&error);
  slot = make_slot (SP_SLOT_PASSWORD, SP_FACTOR_KEY_FILE);
  g_assert_false (sp_keyslot_seal (&slot, vault_key, &factors, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_KEY_FILE_NEEDED);
}

static gboolean
no_random (guint8 *out_data, gsize len)
{
  return FALSE;
}

static void
test_seal_without_random (void)
{
  g_autoptr (SpSecret) secret = sp_secret_new_text ("x");
  g_autoptr (SpSecret) vault_key = sp_random_secret (SP_VAULT_KEY_LEN, NULL);
  SpKeyslotFactors factors = { secret, NULL, NULL };
  SpKeyslot slot = make_slot (SP_SLOT_RECOVERY, (SpFactors) 0);
  g_autoptr (GError) error = NULL;

  sp_random_set_source_for_tests (no_random);
  g_assert_false (sp_keyslot_seal (&slot, vault_key, &factors, &error));
  sp_random_set_source_for_tests (NULL);
  g_assert_error (error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_RANDOM);
}

static void
test_length_of_password (void)
{
  g_autofree guint8 *text = g_malloc (1024 * 1024 + 1);
  g_autoptr (SpSecret) vault_key = sp_random_secret (SP_VAULT_KEY_LEN, NULL);
  g_autoptr (SpSecret) longest = NULL;
  g_autoptr (SpSecret) longer = NULL;
  g_autoptr (GError) error = NULL;
  SpKeyslot slot = make_slot (SP_SLOT_PASSWORD, (SpFactors) 0);
  SpKeyslotFactors factors = { 0 };

  memset (text, 'a', 1024 * 1024 + 1);
  longest = sp_secret_new (text, 1024 * 1024);
  longer = sp_secret_new (text, 1024 * 1024 + 1);
  factors.secret = longest;
  g_assert_true (sp_keyslot_seal (&slot, vault_key, &factors, NULL));
  factors.secret = longer;
  assert_does_not_open (&slot, &factors, SP_VAULT_ERROR_WRONG_KEY);
  g_assert_false (sp_keyslot_seal (&slot, vault_key, &factors, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID);
}

/* However a keyboard composes its letters; and bytes that are not text are not changed. */
static void
test_normalized (void)
{
  static const struct {
    const char *sealed;
    const char *opened;
    gboolean opens;
  } cases[] = {
    { "P\303\244ss", "Pa\314\210ss", TRUE },
    { "Pa\314\210ss", "P\303\244ss", TRUE },
    { "\342\204\253", "\303\205", TRUE },
    { "\357\254\201", "fi", FALSE },
    { "\303\204", "\303\244", FALSE },
    { "\344", "\303\244", FALSE },
    { "a", "a ", FALSE },
    { "\344\314\210", "\344\314\210", TRUE },
  };
  g_autoptr (SpSecret) vault_key = sp_random_secret (SP_VAULT_KEY_LEN, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (SpSecret) sealed = sp_secret_new_text (cases[i].sealed);
    g_autoptr (SpSecret) opened = sp_secret_new_text (cases[i].opened);
    g_autoptr (SpSecret) key = NULL;
    SpKeyslotFactors factors = { sealed, NULL, NULL };
    SpKeyslot slot = make_slot (SP_SLOT_PASSWORD, (SpFactors) 0);

    g_assert_true (sp_keyslot_seal (&slot, vault_key, &factors, NULL));
    factors.secret = opened;
    key = sp_keyslot_open (&slot, &factors, NULL);
    g_assert_true ((key != NULL) == cases[i].opens);
  }
}

#define CHANGING_HEX "01 01 8002 00 ffffffffffffffff7f 04 4d c3a9 21 00"

static void
test_changing_by_hand (void)
{
  SpKeyslotChanging changing = { 1, 256, 0, G_MAXINT64, NULL };
  g_autoptr (SpWriter) writer = sp_writer_new ();
  g_autoptr (GError) error = NULL;
  gsize len;
  const guint8 *data;

  changing.name = g_strdup ("M\303\251!");
  sp_keyslot_changing_encode (&changing, writer);
  sp_keyslot_changing_clear (&changing);
  g_assert_null (changing.name);
  data = sp_writer_peek (writer, &len);
  sp_test_assert_hex (data, len, CHANGING_HEX);

  g_assert_true (sp_keyslot_changing_decode (data, len, &changing, &error));
  g_assert_no_error (error);
  g_assert_cmpint (changing.created_ms, ==, 1);
  g_assert_cmpint (changing.changed_ms, ==, 256);
  g_assert_cmpint (changing.used_ms, ==, 0);
  g_assert_cmpint (changing.expires_ms, ==, G_MAXINT64);
  g_assert_cmpstr (changing.name, ==, "M\303\251!");
  sp_keyslot_changing_clear (&changing);
}

static void
decode_changing_cb (const guint8 *data, gsize len, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpWriter) writer = NULL;
  guint *n_accepted = user_data;
  SpKeyslotChanging changing;
  gsize again_len;
  const guint8 *again;

  if (!sp_keyslot_changing_decode (data, len, &changing, &error)) {
    g_assert_nonnull (error);
    return;
  }
  writer = sp_writer_new ();
  sp_keyslot_changing_encode (&changing, writer);
  again = sp_writer_peek (writer, &again_len);
  sp_test_assert_mem (data, len, again, again_len);
  sp_keyslot_changing_clear (&changing);
  ++*n_accepted;
}

static void
test_changing_mutations (void)
{
  gsize len;
  g_autofree guint8 *data = sp_test_hex (CHANGING_HEX, &len);
  g_autoptr (GError) error = NULL;
  guint n_accepted = 0;
  SpKeyslotChanging changing;

  sp_test_each_mutation (data, len, decode_changing_cb, &n_accepted);
  g_assert_cmpuint (n_accepted, >, 50);
  data[0] = 2;
  g_assert_false (sp_keyslot_changing_decode (data, len, &changing, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NEWER_FORMAT);
  g_clear_error (&error);
  data[0] = 0;
  g_assert_false (sp_keyslot_changing_decode (data, len, &changing, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED);
}

static void
test_changing_hash (void)
{
  static const guint8 joined[] = { 8, 7, 6, 5, 4, 3, 2, 1, 'a', 'b', 'c' };
  guint8 expected[SP_HASH_LEN];
  guint8 hash[SP_HASH_LEN];

  g_assert_true (sp_sha256 (joined, sizeof joined, expected, NULL));
  g_assert_true (sp_keyslot_changing_hash (G_GUINT64_CONSTANT (0x0102030405060708),
                                           (const guint8 *) "abc", 3, hash, NULL));
  sp_test_assert_mem (hash, sizeof hash, expected, sizeof expected);
}

static void
parse_cb (const guint8 *data, gsize len, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  SpKeyslot slot;

  g_assert_true (sp_keyslot_parse (data, len, &slot, &error) == (error == NULL));
}

static void
test_mutations (void)
{
  g_autoptr (GPtrArray) vectors = load_vectors ();

  sp_test_each_mutation (find_vector (vectors, "ascii")->slot, SP_KEYSLOT_LEN, parse_cb, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (sp_crypto_init (NULL));

  g_test_add_func ("/vault/keyslot/vectors", test_vectors);
  g_test_add_func ("/vault/keyslot/wrong-secret", test_wrong_secret);
  g_test_add_func ("/vault/keyslot/right-secret-decrypts", test_right_secret_decrypts);
  g_test_add_func ("/vault/keyslot/every-bit", test_every_bit);
  g_test_add_func ("/vault/keyslot/every-bit-with-new-checksum", test_every_bit_with_new_checksum);
  g_test_add_func ("/vault/keyslot/broken-under-the-right-key", test_broken_under_the_right_key);
  g_test_add_func ("/vault/keyslot/lengths", test_lengths);
  g_test_add_func ("/vault/keyslot/newer", test_newer);
  g_test_add_func ("/vault/keyslot/unknown-is-newer", test_unknown_is_newer);
  g_test_add_func ("/vault/keyslot/combinations", test_combinations);
  g_test_add_func ("/vault/keyslot/limits", test_limits);
  g_test_add_func ("/vault/keyslot/refused-before-memory-is-taken",
                   test_refused_before_memory_is_taken);
  g_test_add_func ("/vault/keyslot/memory-is-taken-when-opened", test_memory_is_taken_when_opened);
  g_test_add_func ("/vault/keyslot/factors", test_factors);
  g_test_add_func ("/vault/keyslot/round-trip", test_round_trip);
  g_test_add_func ("/vault/keyslot/seal-is-fresh", test_seal_is_fresh);
  g_test_add_func ("/vault/keyslot/seal-refused", test_seal_refused);
  g_test_add_func ("/vault/keyslot/seal-without-random", test_seal_without_random);
  g_test_add_func ("/vault/keyslot/length-of-password", test_length_of_password);
  g_test_add_func ("/vault/keyslot/normalized", test_normalized);
  g_test_add_func ("/vault/keyslot/mutations", test_mutations);
  g_test_add_func ("/vault/keyslot/changing-by-hand", test_changing_by_hand);
  g_test_add_func ("/vault/keyslot/changing-mutations", test_changing_mutations);
  g_test_add_func ("/vault/keyslot/changing-hash", test_changing_hash);

  return sp_test_run ();
}
