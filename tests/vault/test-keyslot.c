/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Key slots: vectors that an independent program made (vectors/README.md), every bit of one flipped, limits
 * from both sides, and what each step may do before the next. */

#define G_LOG_DOMAIN "sp-test"

#include "config.h"

#include "vault/sp-keyslot.h"

#include <string.h>
#include <sys/resource.h>

#include "common/sp-test.h"
#include "crypto/sp-crypto.h"
#include "crypto/sp-hash.h"
#include "crypto/sp-random.h"
#include "vault/sp-kdf-limits.h"
#include "vault/sp-vault-error.h"

#define COMMITMENT_POSITION 148
#define CHECKSUM_POSITION   180

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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (sp_crypto_init (NULL));

  g_test_add_func ("/vault/keyslot/vectors", test_vectors);

  return sp_test_run ();
}
