/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Index blocks: bytes written by hand from VAULT-FORMAT.md §6.1, there and back, and what is refused. */

#define G_LOG_DOMAIN "sp-test"

#include "config.h"

#include "common/sp-test-mutate.h"
#include "common/sp-test.h"
#include "vault/sp-seal.h"
#include "vault/sp-vault-error.h"

#define TAG "404142434445464748494a4b4c4d4e4f"
#define BLOCK_HEX             \
  "01 02 07 8002" TAG "40 01" \
  "05 06" TAG "01 8101"
#define PAGE(n, first) "07 06" TAG n first

static GArray *
decode_hex (const char *hex, GError **error)
{
  gsize len;
  g_autofree guint8 *data = sp_test_hex (hex, &len);

  return sp_index_block_decode (data, len, error);
}

static void
assert_damaged (const char *hex)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (decode_hex (hex, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED);
}

static void
assert_valid (const char *hex, guint n_pages)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) pages = decode_hex (hex, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (pages->len, ==, n_pages);
}

static void
test_by_hand (void)
{
  g_autoptr (GArray) pages = decode_hex (BLOCK_HEX, NULL);
  g_autoptr (SpWriter) writer = sp_writer_new ();
  const SpPageRef *page;
  gsize len;
  const guint8 *data;

  g_assert_cmpuint (pages->len, ==, 2);
  page = &g_array_index (pages, SpPageRef, 0);
  g_assert_cmpuint (page[0].ref.number, ==, 7);
  g_assert_cmpuint (page[0].ref.revision, ==, 256);
  sp_test_assert_hex (page[0].ref.tag, SP_AEAD_TAG_LEN, TAG);
  g_assert_cmpuint (page[0].n_items, ==, 64);
  g_assert_cmpuint (page[0].first_number, ==, 1);
  g_assert_cmpuint (page[1].ref.number, ==, 5);
  g_assert_cmpuint (page[1].n_items, ==, 1);
  g_assert_cmpuint (page[1].first_number, ==, 129);

  sp_index_block_encode (page, 2, writer);
  data = sp_writer_peek (writer, &len);
  sp_test_assert_hex (data, len, BLOCK_HEX);
}

static void
test_round_trip_random (void)
{
  guint64 state = 5;

  for (guint i = 1; i <= SP_BLOCK_MAX_PAGES; i++) {
    SpPageRef pages[SP_BLOCK_MAX_PAGES];
    g_autoptr (SpWriter) writer = sp_writer_new ();
    g_autoptr (GArray) decoded = NULL;
    guint64 number = 0;
    gsize len;
    const guint8 *data;

    for (guint j = 0; j < i; j++) {
      sp_test_random_fill (&state, pages[j].ref.tag, SP_AEAD_TAG_LEN);
      pages[j].ref.number = 1 + (sp_test_random (&state) >> 2);
      pages[j].ref.revision = 1 + (sp_test_random (&state) >> 2);
      pages[j].n_items = 1 + (guint) (sp_test_random (&state) % 64);
      pages[j].first_number = number += 1 + (sp_test_random (&state) >> 8);
    }
    sp_index_block_encode (pages, i, writer);
    data = sp_writer_peek (writer, &len);
    decoded = sp_index_block_decode (data, len, NULL);
    g_assert_cmpuint (decoded->len, ==, i);
    for (guint j = 0; j < i; j++) {
      const SpPageRef *page = &g_array_index (decoded, SpPageRef, j);

      g_assert_true (sp_ref_equal (&page->ref, &pages[j].ref));
      g_assert_cmpuint (page->n_items, ==, pages[j].n_items);
      g_assert_cmpuint (page->first_number, ==, pages[j].first_number);
    }
  }
}

static void
decode_and_encode_cb (const guint8 *data, gsize len, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) pages = sp_index_block_decode (data, len, &error);
  g_autoptr (SpWriter) writer = NULL;
  guint *n_accepted = user_data;
  gsize again_len;
  const guint8 *again;

  g_assert_true ((pages == NULL) == (error != NULL));
  if (pages == NULL)
    return;

  writer = sp_writer_new ();
  sp_index_block_encode (&g_array_index (pages, SpPageRef, 0), pages->len, writer);
  again = sp_writer_peek (writer, &again_len);
  sp_test_assert_mem (data, len, again, again_len);
  ++*n_accepted;
}

static void
test_mutations (void)
{
  gsize len;
  g_autofree guint8 *data = sp_test_hex (BLOCK_HEX, &len);
  guint n_accepted = 0;

  sp_test_each_mutation (data, len, decode_and_encode_cb, &n_accepted);
  g_assert_cmpuint (n_accepted, >, 100);
}

static void
test_truncated (void)
{
  gsize len;
  g_autofree guint8 *data = sp_test_hex (BLOCK_HEX, &len);

  for (gsize i = 0; i < len; i++)
    g_assert_null (sp_index_block_decode (data, i, NULL));
}

static void
test_limits (void)
{
  g_autoptr (GString) most = g_string_new ("01 40");
  g_autoptr (GString) more = g_string_new ("01 41");

  for (guint i = 1; i <= 65; i++) {
    if (i < 65)
      g_string_append_printf (most, PAGE ("01", "%02x"), i);
    g_string_append_printf (more, PAGE ("01", "%02x"), i);
  }
  assert_valid (most->str, 64);
  assert_damaged (more->str);
  assert_damaged ("01 00");
  assert_valid ("01 01" PAGE ("40", "01"), 1);
  assert_damaged ("01 01" PAGE ("41", "01"));
  assert_damaged ("01 01" PAGE ("00", "01"));
  assert_damaged ("01 01" PAGE ("01", "00"));
  assert_valid ("01 01" PAGE ("01", "ffffffffffffffff7f"), 1);
  assert_damaged ("01 01" PAGE ("01", "80808080808080808001"));
}

static void
test_order (void)
{
  assert_valid ("01 02" PAGE ("01", "01") PAGE ("01", "02"), 2);
  assert_damaged ("01 02" PAGE ("01", "02") PAGE ("01", "02"));
  assert_damaged ("01 02" PAGE ("01", "02") PAGE ("01", "01"));
}

static void
test_version (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (decode_hex ("02 01" PAGE ("01", "01"), &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NEWER_FORMAT);
  assert_damaged ("00 01" PAGE ("01", "01"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/vault/index-block/by-hand", test_by_hand);
  g_test_add_func ("/vault/index-block/round-trip-random", test_round_trip_random);
  g_test_add_func ("/vault/index-block/mutations", test_mutations);
  g_test_add_func ("/vault/index-block/truncated", test_truncated);
  g_test_add_func ("/vault/index-block/limits", test_limits);
  g_test_add_func ("/vault/index-block/order", test_order);
  g_test_add_func ("/vault/index-block/version", test_version);

  return sp_test_run ();
}
