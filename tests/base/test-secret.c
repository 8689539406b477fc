/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Secrets: contents, ownership, the slabs behind them, and that nothing is left in them. */

#include "config.h"

#include "base/sp-secret.h"

#include <string.h>

#include "common/sp-test.h"

static void
test_contents (void)
{
  static const guint8 bytes[] = { 0, 1, 2, 0, 255 };
  g_autoptr (SpSecret) secret = sp_secret_new (bytes, sizeof bytes);
  gsize len;
  const guint8 *data = sp_secret_peek (secret, &len);

  sp_test_assert_mem (data, len, bytes, sizeof bytes);
  g_assert_cmpuint (sp_secret_get_length (secret), ==, sizeof bytes);
  g_assert_cmpuint (data[len], ==, 0);
  g_assert_true ((gconstpointer) data != (gconstpointer) bytes);
}

static void
test_text (void)
{
  g_autoptr (SpSecret) secret = sp_secret_new_text ("correct horse");

  g_assert_cmpstr (sp_secret_peek_text (secret), ==, "correct horse");
  g_assert_cmpuint (sp_secret_get_length (secret), ==, 13);
  g_assert_false (sp_secret_is_empty (secret));
}

static void
test_empty (void)
{
  g_autoptr (SpSecret) secret = sp_secret_new (NULL, 0);

  g_assert_cmpuint (sp_secret_get_length (secret), ==, 0);
  g_assert_cmpstr (sp_secret_peek_text (secret), ==, "");
  g_assert_true (sp_secret_is_empty (secret));
  g_assert_true (sp_secret_is_empty (NULL));
}

/* Every length around each size class's end: bytes and NUL fit, and neighbours stay whole. */
static void
test_every_length (void)
{
  for (gsize len = 0; len < 4200; len++) {
    g_autoptr (SpSecret) before = NULL;
    g_autoptr (SpSecret) secret = NULL;
    g_autoptr (SpSecret) after = NULL;
    guint8 *data;
    gsize n_before = len;

    before = sp_secret_new_uninitialized (len, &data);
    memset (data, 0xaa, len);
    secret = sp_secret_new_uninitialized (len, &data);
    memset (data, 0xbb, len);
    after = sp_secret_new_uninitialized (len, &data);
    memset (data, 0xcc, len);

    for (gsize i = 0; i < len; i++) {
      if (sp_secret_peek (before, NULL)[i] != 0xaa || sp_secret_peek (secret, NULL)[i] != 0xbb)
        n_before--;
    }
    g_assert_cmpuint (n_before, ==, len);
    g_assert_cmpuint (sp_secret_peek (before, NULL)[len], ==, 0);
    g_assert_cmpuint (sp_secret_peek (secret, NULL)[len], ==, 0);
    g_assert_cmpuint (GPOINTER_TO_SIZE (data) % 16, ==, 0);
  }
}

static void
test_large (void)
{
  gsize sizes[] = { 4079, 4080, 65536, 1000003 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    guint8 *data;
    g_autoptr (SpSecret) secret = sp_secret_new_uninitialized (sizes[i], &data);

    g_assert_nonnull (secret);
    g_assert_cmpuint (GPOINTER_TO_SIZE (data) % 16, ==, 0);
    memset (data, 0x5a, sizes[i]);
    g_assert_cmpuint (data[sizes[i]], ==, 0);
    g_assert_true (sp_test_mapping_has_flag (data, "dd"));
  }
}

static void
test_reference (void)
{
  gsize n_live = sp_secret_count_live ();
  SpSecret *secret = sp_secret_new_text ("shared");
  SpSecret *again = sp_secret_ref (secret);

  g_assert_true (again == secret);
  sp_secret_unref (secret);
  g_assert_cmpstr (sp_secret_peek_text (again), ==, "shared");
  g_assert_cmpuint (sp_secret_count_live (), ==, n_live + 1);
  sp_secret_unref (again);
  g_assert_cmpuint (sp_secret_count_live (), ==, n_live);
  sp_secret_unref (NULL);
}

static void
test_equal (void)
{
  g_autoptr (SpSecret) a = sp_secret_new_text ("abc");
  g_autoptr (SpSecret) same = sp_secret_new_text ("abc");
  g_autoptr (SpSecret) other = sp_secret_new_text ("abd");
  g_autoptr (SpSecret) longer = sp_secret_new_text ("abcd");
  g_autoptr (SpSecret) empty = sp_secret_new_text ("");

  g_assert_true (sp_secret_equal (a, same));
  g_assert_false (sp_secret_equal (a, other));
  g_assert_false (sp_secret_equal (a, longer));
  g_assert_false (sp_secret_equal (a, NULL));
  g_assert_false (sp_secret_equal (NULL, empty));
  g_assert_true (sp_secret_equal (NULL, NULL));
}

/* The slab outlives the slot, since a neighbour is alive: what is left there can be looked at. */
static void
test_wiped (void)
{
  g_autoptr (SpSecret) neighbour = sp_secret_new_text ("0123456789012345678901234567890123456789");
  SpSecret *secret = sp_secret_new_text ("a canary that must not be found again ..");
  const guint8 *data = sp_secret_peek (secret, NULL);
  gsize len = sp_secret_get_length (secret);

  g_assert_nonnull (neighbour);
  sp_secret_unref (secret);
  for (gsize i = 0; i < len; i++)
    g_assert_cmpuint (data[i], ==, 0);
}

static void
test_not_dumped (void)
{
  g_autoptr (SpSecret) secret = sp_secret_new_text ("not in a core file");

  g_assert_true (sp_test_mapping_has_flag (sp_secret_peek (secret, NULL), "dd"));
}

static void
test_locked (void)
{
  g_autoptr (SpSecret) secret = sp_secret_new_text ("not in the swap");

  sp_test_assert_locked (sp_secret_peek (secret, NULL), TRUE);
}

static void
test_many (void)
{
  gsize n_secrets = 600000;
  g_autofree SpSecret **secrets = g_new (SpSecret *, n_secrets);
  gsize n_live = sp_secret_count_live ();
  gsize n_wrong = 0;

  for (gsize i = 0; i < n_secrets; i++)
    secrets[i] = sp_secret_new ((const guint8 *) &i, sizeof i);
  g_assert_cmpuint (sp_secret_count_live (), ==, n_live + n_secrets);

  for (gsize i = 0; i < n_secrets; i++)
    n_wrong += memcmp (sp_secret_peek (secrets[i], NULL), &i, sizeof i) != 0;
  g_assert_cmpuint (n_wrong, ==, 0);

  /* Every other one first, so that slots are found again in slabs that are partly free. */
  for (gsize i = 0; i < n_secrets; i += 2)
    sp_secret_unref (secrets[i]);
  for (gsize i = 0; i < n_secrets; i += 2)
    secrets[i] = sp_secret_new_text ("again");
  for (gsize i = 0; i < n_secrets; i++)
    sp_secret_unref (secrets[i]);
  g_assert_cmpuint (sp_secret_count_live (), ==, n_live);
}

/* Random sizes and lifetimes against a plain copy of what each must hold. */
static void
test_random_lifetimes (void)
{
  enum {
    N_SLOTS = 512,
    N_STEPS = 200000
  };
  SpSecret *secrets[N_SLOTS] = { NULL };
  guint8 marks[N_SLOTS] = { 0 };
  guint64 state = 42;
  gsize n_wrong = 0;

  for (guint step = 0; step < N_STEPS; step++) {
    gsize slot = sp_test_random (&state) % N_SLOTS;
    guint8 *data;
    gsize len;

    if (secrets[slot] != NULL) {
      const guint8 *old = sp_secret_peek (secrets[slot], &len);

      for (gsize i = 0; i < len; i++)
        n_wrong += old[i] != marks[slot];
      g_clear_pointer (&secrets[slot], sp_secret_unref);
      continue;
    }
    len = sp_test_random (&state) % (step % 100 == 0 ? 10000 : 300);
    marks[slot] = (guint8) sp_test_random (&state);
    secrets[slot] = sp_secret_new_uninitialized (len, &data);
    memset (data, marks[slot], len);
  }
  for (gsize slot = 0; slot < N_SLOTS; slot++)
    g_clear_pointer (&secrets[slot], sp_secret_unref);
  g_assert_cmpuint (n_wrong, ==, 0);
}

static gpointer
churn_cb (gpointer data)
{
  SpSecret *shared = data;
  gsize n_wrong = 0;

  for (guint i = 0; i < 20000; i++) {
    g_autoptr (SpSecret) again = sp_secret_ref (shared);
    g_autoptr (SpSecret) own = sp_secret_new ((const guint8 *) &i, sizeof i);

    n_wrong += memcmp (sp_secret_peek (own, NULL), &i, sizeof i) != 0;
    n_wrong += sp_secret_get_length (again) != 6;
  }
  sp_secret_unref (shared);
  return GSIZE_TO_POINTER (n_wrong);
}

static void
test_threads (void)
{
  GThread *threads[4];
  gsize n_live = sp_secret_count_live ();
  SpSecret *shared = sp_secret_new_text ("shared");

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("churn", churn_cb, sp_secret_ref (shared));
  sp_secret_unref (shared);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_null (g_thread_join (threads[i]));
  g_assert_cmpuint (sp_secret_count_live (), ==, n_live);
}

static void
test_buffer_append (void)
{
  g_autoptr (SpSecretBuffer) buffer = sp_secret_buffer_new ();
  g_autoptr (SpSecret) secret = NULL;

  g_assert_cmpstr ((const char *) sp_secret_buffer_peek (buffer), ==, "");
  sp_secret_buffer_append_text (buffer, "pass");
  sp_secret_buffer_append_unichar (buffer, 0xe4);
  sp_secret_buffer_append_unichar (buffer, 0x1f512);
  sp_secret_buffer_append (buffer, (const guint8 *) "word", 4);
  g_assert_cmpstr ((const char *) sp_secret_buffer_peek (buffer), ==,
                   "pass\303\244\360\237\224\222word");
  g_assert_cmpuint (sp_secret_buffer_get_length (buffer), ==, 14);

  secret = sp_secret_buffer_finish (buffer);
  g_assert_cmpstr (sp_secret_peek_text (secret), ==, "pass\303\244\360\237\224\222word");
  g_assert_cmpuint (sp_secret_get_length (secret), ==, 14);
}

static void
test_buffer_grows (void)
{
  g_autoptr (SpSecretBuffer) buffer = sp_secret_buffer_new ();
  gsize n_wrong = 0;

  for (guint i = 0; i < 20000; i++) {
    guint8 byte = (guint8) (i * 7);

    sp_secret_buffer_append (buffer, &byte, 1);
    n_wrong += sp_secret_buffer_peek (buffer)[i + 1] != 0;
  }
  for (guint i = 0; i < 20000; i++)
    n_wrong += sp_secret_buffer_peek (buffer)[i] != (guint8) (i * 7);
  g_assert_cmpuint (n_wrong, ==, 0);
}

static void
test_buffer_truncate (void)
{
  g_autoptr (SpSecretBuffer) buffer = sp_secret_buffer_new ();
  const guint8 *data;

  sp_secret_buffer_append_text (buffer, "typed too much");
  sp_secret_buffer_truncate (buffer, 5);
  data = sp_secret_buffer_peek (buffer);
  g_assert_cmpstr ((const char *) data, ==, "typed");
  for (gsize i = 5; i < 14; i++)
    g_assert_cmpuint (data[i], ==, 0);
}

static void
test_buffer_reused (void)
{
  gsize n_live = sp_secret_count_live ();
  g_autoptr (SpSecretBuffer) buffer = sp_secret_buffer_new ();
  g_autoptr (SpSecret) first = NULL;
  g_autoptr (SpSecret) second = NULL;
  g_autoptr (SpSecret) empty = NULL;

  sp_secret_buffer_append_text (buffer, "first");
  first = sp_secret_buffer_finish (buffer);
  g_assert_cmpuint (sp_secret_buffer_get_length (buffer), ==, 0);
  sp_secret_buffer_append_text (buffer, "second");
  second = sp_secret_buffer_finish (buffer);
  empty = sp_secret_buffer_finish (buffer);

  g_assert_cmpstr (sp_secret_peek_text (first), ==, "first");
  g_assert_cmpstr (sp_secret_peek_text (second), ==, "second");
  g_assert_true (sp_secret_is_empty (empty));
  g_assert_cmpuint (sp_secret_count_live (), ==, n_live + 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/secret/contents", test_contents);
  g_test_add_func ("/base/secret/text", test_text);
  g_test_add_func ("/base/secret/empty", test_empty);
  g_test_add_func ("/base/secret/every-length", test_every_length);
  g_test_add_func ("/base/secret/large", test_large);
  g_test_add_func ("/base/secret/reference", test_reference);
  g_test_add_func ("/base/secret/equal", test_equal);
  g_test_add_func ("/base/secret/wiped", test_wiped);
  g_test_add_func ("/base/secret/not-dumped", test_not_dumped);
  g_test_add_func ("/base/secret/locked", test_locked);
  g_test_add_func ("/base/secret/many", test_many);
  g_test_add_func ("/base/secret/random-lifetimes", test_random_lifetimes);
  g_test_add_func ("/base/secret/threads", test_threads);
  g_test_add_func ("/base/secret/buffer-append", test_buffer_append);
  g_test_add_func ("/base/secret/buffer-grows", test_buffer_grows);
  g_test_add_func ("/base/secret/buffer-truncate", test_buffer_truncate);
  g_test_add_func ("/base/secret/buffer-reused", test_buffer_reused);

  return sp_test_run ();
}
