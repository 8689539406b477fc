/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "crypto/sp-kdf.h"

#include <argon2.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "common/sp-test.h"
#include "crypto/sp-crypto.h"

typedef struct {
  SpKdfCost cost;
  const char *password;
  const char *salt;
  const char *key;
} Vector;

/* github.com/P-H-C/phc-winner-argon2, src/test.c, Argon2id, version 0x13. */
static void
test_argon2id (void)
{
  static const Vector vectors[] = {
    { { 256, 2, 1 },
      "password",
      "somesalt",
      "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe" },
    { { 256, 2, 2 },
      "password",
      "somesalt",
      "6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037" },
    { { 65536, 1, 1 },
      "password",
      "somesalt",
      "f6a5adc1ba723dddef9b5ac1d464e180fcd9dffc9d1cbf76cca2fed795d9ca98" },
    { { 65536, 2, 1 },
      "differentpassword",
      "somesalt",
      "0b84d652cf6b0c4beaef0dfe278ba6a80df6696281d7e0d2891b817d8c458fde" },
    { { 65536, 2, 1 },
      "password",
      "diffsalt",
      "bdf32b05ccc42eb15d58fd19b1f856b113da1e9a5874fdcc544308565aa8141c" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++) {
    g_autoptr (SpSecret) password = sp_secret_new_text (vectors[i].password);
    g_autoptr (GError) error = NULL;
    g_autoptr (SpSecret) key = NULL;

    key = sp_kdf_argon2 (SP_KDF_ARGON2ID, &vectors[i].cost, password,
                         (const guint8 *) vectors[i].salt, strlen (vectors[i].salt), 32, &error);
    g_assert_no_error (error);
    sp_test_assert_hex (sp_secret_peek (key, NULL), 32, vectors[i].key);
  }
}

/* Against libargon2's own simple functions, which allocate and start threads in their own way. */
static void
test_same_as_libargon2 (void)
{
  static const SpKdfCost costs[] = { { 8, 1, 1 }, { 64, 3, 4 }, { 4096, 1, 2 }, { 8192, 2, 4 } };
  g_autoptr (SpSecret) password = sp_secret_new_text ("correct horse");

  for (gsize i = 0; i < G_N_ELEMENTS (costs); i++) {
    const SpKdfCost *cost = &costs[i];
    guint8 d[48];
    guint8 id[48];
    g_autoptr (SpSecret) our_d = NULL;
    g_autoptr (SpSecret) our_id = NULL;

    g_assert_cmpint (argon2d_hash_raw (cost->passes, cost->memory_kib, cost->lanes, "correct horse",
                                       13, "sixteen byte salt", 16, d, sizeof d),
                     ==, ARGON2_OK);
    g_assert_cmpint (argon2id_hash_raw (cost->passes, cost->memory_kib, cost->lanes,
                                        "correct horse", 13, "sixteen byte salt", 16, id,
                                        sizeof id),
                     ==, ARGON2_OK);
    our_d = sp_kdf_argon2 (SP_KDF_ARGON2D, cost, password, (const guint8 *) "sixteen byte salt", 16,
                           sizeof d, NULL);
    our_id = sp_kdf_argon2 (SP_KDF_ARGON2ID, cost, password, (const guint8 *) "sixteen byte salt",
                            16, sizeof id, NULL);
    sp_test_assert_mem (sp_secret_peek (our_d, NULL), sizeof d, d, sizeof d);
    sp_test_assert_mem (sp_secret_peek (our_id, NULL), sizeof id, id, sizeof id);
  }
}

static void
test_empty_password (void)
{
  static const SpKdfCost cost = { 64, 1, 1 };
  g_autoptr (SpSecret) empty = sp_secret_new (NULL, 0);
  g_autoptr (SpSecret) key = sp_kdf_argon2 (SP_KDF_ARGON2ID, &cost, empty,
                                            (const guint8 *) "somesalt", 8, 32, NULL);

  g_assert_cmpuint (sp_secret_get_length (key), ==, 32);
}

static void
assert_refused (SpKdfCost cost, gsize salt_len, gsize out_len)
{
  g_autoptr (SpSecret) password = sp_secret_new_text ("password");
  g_autoptr (GError) error = NULL;
  guint8 salt[16] = { 0 };

  g_assert_null (sp_kdf_argon2 (SP_KDF_ARGON2ID, &cost, password, salt, salt_len, out_len, &error));
  g_assert_error (error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_PARAMETERS);
}

static void
test_parameters (void)
{
  assert_refused ((SpKdfCost){ 0, 1, 1 }, 16, 32);
  assert_refused ((SpKdfCost){ 7, 1, 1 }, 16, 32);
  assert_refused ((SpKdfCost){ 31, 1, 4 }, 16, 32);
  assert_refused ((SpKdfCost){ 64, 0, 1 }, 16, 32);
  assert_refused ((SpKdfCost){ 64, 1, 0 }, 16, 32);
  assert_refused ((SpKdfCost){ 64, 1, G_MAXUINT32 }, 16, 32);
  assert_refused ((SpKdfCost){ 64, 1, 1 }, 7, 32);
  assert_refused ((SpKdfCost){ 64, 1, 1 }, 0, 32);
  assert_refused ((SpKdfCost){ 64, 1, 1 }, 16, 3);
  assert_refused ((SpKdfCost){ 64, 1, 1 }, 16, 0);
  assert_refused ((SpKdfCost){ 64, 1, 1 }, 16, G_MAXSIZE);
}

/* How many bytes of address space the process has taken. */
static gsize
address_space_size (void)
{
  g_autofree char *statm = NULL;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &statm, NULL, NULL));
  return g_ascii_strtoull (statm, NULL, 10) * (gsize) sysconf (_SC_PAGESIZE);
}

/* 1 GiB where the address space may only grow by three quarters of that: an error, not an abort. */
static void
test_no_memory (void)
{
  static const SpKdfCost cost = { 1024 * 1024, 1, 1 };
  g_autoptr (SpSecret) password = NULL;
  g_autoptr (GError) error = NULL;
  struct rlimit limit;

  if (!g_test_subprocess ()) {
    g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
    g_test_trap_assert_passed ();
    return;
  }

  password = sp_secret_new_text ("password");
  g_assert_cmpint (getrlimit (RLIMIT_AS, &limit), ==, 0);
  limit.rlim_cur = address_space_size () + 768 * 1024 * 1024;
  g_assert_cmpint (setrlimit (RLIMIT_AS, &limit), ==, 0);
  g_assert_null (
      sp_kdf_argon2 (SP_KDF_ARGON2ID, &cost, password, (const guint8 *) "somesalt", 8, 32, &error));
  g_assert_error (error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_MEMORY);
}

static int
allocate_cb (uint8_t **memory, size_t size)
{
  *memory = g_malloc0 (size);
  return ARGON2_OK;
}

/* Aborts if anything but zeros comes back. */
static void
free_cb (uint8_t *memory, size_t size)
{
  gsize n_left = 0;

  for (gsize i = 0; i < size; i++)
    n_left += memory[i] != 0;
  g_assert_cmpuint (n_left, ==, 0);
  g_free (memory);
}

/* What sp-kdf.c relies on to unmap the memory without wiping it a second time. */
static void
test_libargon2_wipes (void)
{
  guint8 out[32] = { 0 };
  guint8 password[] = "password";
  guint8 salt[] = "somesalt";
  argon2_context context = { 0 };

  context.out = out;
  context.outlen = sizeof out;
  context.pwd = password;
  context.pwdlen = 8;
  context.salt = salt;
  context.saltlen = 8;
  context.t_cost = 2;
  context.m_cost = 256;
  context.lanes = context.threads = 1;
  context.version = ARGON2_VERSION_13;
  context.allocate_cbk = allocate_cb;
  context.free_cbk = free_cb;
  g_assert_cmpint (argon2_ctx (&context, Argon2_id), ==, ARGON2_OK);
  sp_test_assert_hex (out, sizeof out,
                      "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/crypto/kdf/argon2id", test_argon2id);
  g_test_add_func ("/crypto/kdf/same-as-libargon2", test_same_as_libargon2);
  g_test_add_func ("/crypto/kdf/empty-password", test_empty_password);
  g_test_add_func ("/crypto/kdf/parameters", test_parameters);
  g_test_add_func ("/crypto/kdf/no-memory", test_no_memory);
  g_test_add_func ("/crypto/kdf/libargon2-wipes", test_libargon2_wipes);

  return sp_test_run ();
}
