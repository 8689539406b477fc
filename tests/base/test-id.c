/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "base/sp-id.h"

#include <string.h>

#include "common/sp-test.h"

/* The example of RFC 4122 section 3. */
#define EXAMPLE "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"

static void
test_text (void)
{
  SpId id;
  char text[SP_ID_STRING_LEN + 1];

  g_assert_true (sp_id_from_string (EXAMPLE, &id));
  sp_test_assert_hex (id.bytes, sizeof id.bytes, "f81d4fae7dec11d0a76500a0c91e6bf6");
  sp_id_to_string (&id, text);
  g_assert_cmpstr (text, ==, EXAMPLE);
}

static void
test_upper_case (void)
{
  SpId lower;
  SpId upper;

  g_assert_true (sp_id_from_string (EXAMPLE, &lower));
  g_assert_true (sp_id_from_string ("F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6", &upper));
  g_assert_true (sp_id_equal (&lower, &upper));
}

static void
test_malformed (void)
{
  static const char *const malformed[] = {
    "",
    "f81d4fae",
    "f81d4fae-7dec-11d0-a765-00a0c91e6bf",
    "f81d4fae-7dec-11d0-a765-00a0c91e6bf66",
    "f81d4fae7dec-11d0-a765-00a0c91e6bf6-",
    "f81d4fae-7dec-11d0-a765-00a0c91e6bg6",
    "f81d4fae_7dec_11d0_a765_00a0c91e6bf6",
    "{81d4fae-7dec-11d0-a765-00a0c91e6bf}",
    " 81d4fae-7dec-11d0-a765-00a0c91e6bf6",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (malformed); i++) {
    SpId id = { { 9, 9 } };

    g_assert_false (sp_id_from_string (malformed[i], &id));
    g_assert_cmpuint (id.bytes[0], ==, 9);
  }
}

static void
test_null (void)
{
  SpId id = { { 0 } };

  g_assert_true (sp_id_is_null (&id));
  id.bytes[SP_ID_LEN - 1] = 1;
  g_assert_false (sp_id_is_null (&id));
}

static void
test_round_trip (void)
{
  guint64 state = 7;

  for (guint i = 0; i < 1000; i++) {
    SpId id;
    SpId again;
    char text[SP_ID_STRING_LEN + 1];

    sp_test_random_fill (&state, id.bytes, sizeof id.bytes);
    sp_id_to_string (&id, text);
    g_assert_true (sp_id_from_string (text, &again));
    g_assert_true (sp_id_equal (&id, &again));
    g_assert_cmpuint (sp_id_hash (&id), ==, sp_id_hash (&again));
  }
}

/* Ids that differ in one byte, wherever it is, have other hashes. */
static void
test_hash_uses_all_bytes (void)
{
  SpId id = { { 0 } };
  guint hash = sp_id_hash (&id);

  for (gsize i = 0; i < SP_ID_LEN; i++) {
    id.bytes[i] = 1;
    g_assert_cmpuint (sp_id_hash (&id), !=, hash);
    g_assert_false (sp_id_is_null (&id));
    id.bytes[i] = 0;
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/id/text", test_text);
  g_test_add_func ("/base/id/upper-case", test_upper_case);
  g_test_add_func ("/base/id/malformed", test_malformed);
  g_test_add_func ("/base/id/null", test_null);
  g_test_add_func ("/base/id/round-trip", test_round_trip);
  g_test_add_func ("/base/id/hash-uses-all-bytes", test_hash_uses_all_bytes);

  return sp_test_run ();
}
