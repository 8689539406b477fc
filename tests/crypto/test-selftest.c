/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The self-test passes here, and notices each vector that is wrong anywhere. */

#include "config.h"

#include <string.h>

#include <sodium.h>

#include "base/sp-encoding.h"
#include "common/sp-test.h"
#include "crypto/sp-crypto-private.h"
#include "crypto/sp-crypto.h"

static void
test_init (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (sp_crypto_init (&error));
  g_assert_no_error (error);
}

static void
test_init_again (void)
{
  g_assert_true (sp_crypto_init (NULL));
  g_assert_true (sp_crypto_init (NULL));
}

static void
test_every_primitive (void)
{
  gboolean seen[SP_SELF_TEST_SEALED_BOX + 1] = { FALSE };
  gsize n_vectors;
  const SpSelfTestVector *vectors = sp_crypto_self_test_get_vectors (&n_vectors);

  for (gsize i = 0; i < n_vectors; i++) {
    g_autoptr (GError) error = NULL;

    g_assert_true (sp_crypto_self_test_check (&vectors[i], &error));
    g_assert_no_error (error);
    seen[vectors[i].kind] = TRUE;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (seen); i++)
    g_assert_true (seen[i]);
}

static void
assert_refused (const SpSelfTestVector *vector)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (sp_crypto_self_test_check (vector, &error));
  g_assert_error (error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_SELF_TEST);
  g_assert_nonnull (strstr (error->message, vector->name));
}

/* The position of a member of the vector that holds hexadecimal digits. */
static const gsize members[] = {
  G_STRUCT_OFFSET (SpSelfTestVector, key),      G_STRUCT_OFFSET (SpSelfTestVector, salt),
  G_STRUCT_OFFSET (SpSelfTestVector, aad),      G_STRUCT_OFFSET (SpSelfTestVector, input),
  G_STRUCT_OFFSET (SpSelfTestVector, expected),
};

/* Another first digit, another last one, a byte less. */
static void
assert_damage_refused (const SpSelfTestVector *original, gsize offset)
{
  SpSelfTestVector vector = *original;
  const char **member = &G_STRUCT_MEMBER (const char *, &vector, offset);
  g_autofree char *damaged = g_strdup (*member);
  gsize last = strlen (damaged) - 1;

  *member = damaged;
  damaged[0] ^= 1;
  assert_refused (&vector);
  damaged[0] ^= 1;
  damaged[last] ^= 1;
  assert_refused (&vector);
  damaged[last] ^= 1;
  g_assert_true (sp_crypto_self_test_check (&vector, NULL));

  /* The shorter outputs of HKDF are the beginnings of its longer ones. */
  if (vector.kind == SP_SELF_TEST_HKDF && member == &vector.expected)
    return;
  damaged[last - 1] = '\0';
  assert_refused (&vector);
}

/* Not the sealed box's message: it goes in and comes out, whatever it is. */
static gboolean
decides_the_answer (SpSelfTestVector vector, gsize offset)
{
  if (G_STRUCT_MEMBER (const char *, &vector, offset) == NULL)
    return FALSE;
  return vector.kind != SP_SELF_TEST_SEALED_BOX ||
         offset != G_STRUCT_OFFSET (SpSelfTestVector, input);
}

static void
test_wrong_vector (void)
{
  gsize n_vectors;
  gsize n_damaged = 0;
  const SpSelfTestVector *vectors = sp_crypto_self_test_get_vectors (&n_vectors);

  for (gsize i = 0; i < n_vectors; i++) {
    for (gsize j = 0; j < G_N_ELEMENTS (members); j++) {
      if (!decides_the_answer (vectors[i], members[j]))
        continue;
      assert_damage_refused (&vectors[i], members[j]);
      n_damaged++;
    }
  }
  g_assert_cmpuint (n_damaged, ==, 19);
}

static void
test_wrong_cost (void)
{
  gsize n_vectors;
  const SpSelfTestVector *vectors = sp_crypto_self_test_get_vectors (&n_vectors);

  for (gsize i = 0; i < n_vectors; i++) {
    SpSelfTestVector vector = vectors[i];

    if (vector.kind != SP_SELF_TEST_ARGON2ID)
      continue;
    vector.cost.passes++;
    assert_refused (&vector);
    vector.cost.passes = 0;
    assert_refused (&vector);
  }
}

/* The vector of Argon2id is not a published one: another implementation must have it, too. */
static void
test_argon2id_elsewhere (void)
{
  gsize n_vectors;
  const SpSelfTestVector *vector = sp_crypto_self_test_get_vectors (&n_vectors);
  guint8 password[8], salt[crypto_pwhash_argon2id_SALTBYTES], key[32];

  while (vector->kind != SP_SELF_TEST_ARGON2ID)
    vector++;
  g_assert_cmpint (sodium_init (), >=, 0);
  g_assert_cmpuint (vector->cost.lanes, ==, 1);
  g_assert_true (sp_hex_decode (vector->key, password, sizeof password));
  g_assert_true (sp_hex_decode (vector->salt, salt, sizeof salt));
  g_assert_cmpint (crypto_pwhash_argon2id (key, sizeof key, (const char *) password,
                                           sizeof password, salt, vector->cost.passes,
                                           (gsize) vector->cost.memory_kib * 1024,
                                           crypto_pwhash_argon2id_ALG_ARGON2ID13),
                   ==, 0);
  sp_test_assert_hex (key, sizeof key, vector->expected);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/crypto/selftest/init", test_init);
  g_test_add_func ("/crypto/selftest/init-again", test_init_again);
  g_test_add_func ("/crypto/selftest/every-primitive", test_every_primitive);
  g_test_add_func ("/crypto/selftest/argon2id-elsewhere", test_argon2id_elsewhere);
  g_test_add_func ("/crypto/selftest/wrong-vector", test_wrong_vector);
  g_test_add_func ("/crypto/selftest/wrong-cost", test_wrong_cost);

  return sp_test_run ();
}
