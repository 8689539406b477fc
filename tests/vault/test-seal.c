/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The seal: bytes written by hand from VAULT-FORMAT.md §5, random seals there and back, and what is refused. */

#define G_LOG_DOMAIN "sp-test"

#include "config.h"

#include "vault/sp-seal.h"

#include "common/sp-test-item.h"
#include "common/sp-test-mutate.h"
#include "common/sp-test.h"
#include "vault/sp-vault-error.h"

#define HASH_HEX(digit) \
  digit digit digit digit digit digit digit digit digit digit digit digit digit digit digit digit

#define LINEAGE_HEX "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf"

/* §5, field by field; pieces that the tests for refusals replace are arguments. */
#define SEAL_HEX(sequence, epoch, next, times, audit_first, audit_last, counts, slots)          \
  "01"                                                                                          \
  "01000000" sequence LINEAGE_HEX epoch next "0807060504030201" times                           \
  "04 686f7374 00" HASH_HEX ("e1e1") audit_first HASH_HEX ("b2b2") audit_last HASH_HEX ("c3c3") \
      counts slots

#define SEQUENCE "0a00000000000000"
#define EPOCH    "02000000"
#define NEXT     "ff00000000000000"
#define TIMES    "01 8002"
#define FIRST    "0300000000000000"
#define LAST     "0500000000000000"
#define COUNTS   "8101 01"
#define SLOTS                                                                     \
  "02 01 d0d1d2d3d4d5d6d7d8d9dadbdcdddedf" HASH_HEX ("f1f1")                      \
      HASH_HEX ("f2f2") "8001 d0d1d2d3d4d5d6d7d8d9dadbdcdddede" HASH_HEX ("f3f3") \
          HASH_HEX ("f4f4")
#define SETTINGS "01 01 07 404142434445464748494a4b4c4d4e4f"
#define BLOCKS   "02 09 0a 404142434445464748494a4b4c4d4e4f 08 8002 404142434445464748494a4b4c4d4e40"
#define WHOLE    SEAL_HEX (SEQUENCE, EPOCH, NEXT, TIMES, FIRST, LAST, COUNTS, SLOTS) SETTINGS BLOCKS

static SpSeal *
decode_hex (const char *hex, GError **error)
{
  gsize len;
  g_autofree guint8 *data = sp_test_hex (hex, &len);

  return sp_seal_decode (data, len, error);
}

static void
assert_damaged (const char *hex)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (decode_hex (hex, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED);
}

static void
assert_valid (const char *hex)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpSeal) seal = decode_hex (hex, &error);

  g_assert_no_error (error);
  g_assert_nonnull (seal);
}

static void
test_by_hand (void)
{
  g_autoptr (SpSeal) seal = decode_hex (WHOLE, NULL);
  g_autoptr (SpWriter) writer = sp_writer_new ();
  gsize len;
  const guint8 *data;

  g_assert_nonnull (seal);
  g_assert_cmpuint (seal->format, ==, 1);
  g_assert_cmpuint (seal->sequence, ==, 10);
  sp_test_assert_hex (seal->lineage.bytes, SP_ID_LEN, LINEAGE_HEX);
  g_assert_cmpuint (seal->key_epoch, ==, 2);
  g_assert_cmpuint (seal->next_number, ==, 255);
  g_assert_cmpuint (seal->n_encryptions, ==, G_GUINT64_CONSTANT (0x0102030405060708));
  g_assert_cmpint (seal->created_ms, ==, 1);
  g_assert_cmpint (seal->changed_ms, ==, 256);
  g_assert_cmpstr (seal->device, ==, "host");
  sp_test_assert_hex (seal->event_key, 32, HASH_HEX ("e1e1"));
  g_assert_cmpuint (seal->audit_first, ==, 3);
  sp_test_assert_hex (seal->audit_base, 32, HASH_HEX ("b2b2"));
  g_assert_cmpuint (seal->audit_last, ==, 5);
  sp_test_assert_hex (seal->audit_head, 32, HASH_HEX ("c3c3"));
  g_assert_cmpuint (seal->n_items, ==, 129);
  g_assert_cmpuint (seal->n_trashed, ==, 1);
  g_assert_cmpuint (seal->slots->len, ==, 2);
  g_assert_cmpuint (g_array_index (seal->slots, SpSealSlot, 1).position, ==, 128);
  sp_test_assert_hex (g_array_index (seal->slots, SpSealSlot, 1).changing_hash, 32,
                      HASH_HEX ("f4f4"));
  g_assert_cmpuint (seal->settings->len, ==, 1);
  g_assert_cmpuint (g_array_index (seal->settings, SpRef, 0).revision, ==, 7);
  g_assert_cmpuint (seal->blocks->len, ==, 2);
  g_assert_cmpuint (g_array_index (seal->blocks, SpRef, 1).revision, ==, 256);

  sp_seal_encode (seal, writer);
  data = sp_writer_peek (writer, &len);
  sp_test_assert_hex (data, len, WHOLE);
}

static SpSeal *
random_seal (guint64 *state)
{
  SpSeal *seal = sp_seal_new ();
  guint n = 1 + (guint) (sp_test_random (state) % SP_SEAL_MAX_SLOTS);

  seal->sequence = 1 + (sp_test_random (state) >> 2);
  seal->key_epoch = 1 + (guint32) (sp_test_random (state) >> 33);
  seal->next_number = 1 + (sp_test_random (state) >> 2);
  seal->n_encryptions = sp_test_random (state);
  seal->created_ms = (gint64) (sp_test_random (state) >> 1);
  seal->changed_ms = (gint64) (sp_test_random (state) >> 40);
  g_free (seal->device);
  seal->device = sp_test_text_random (state, 30);
  sp_test_random_fill (state, seal->lineage.bytes, SP_ID_LEN);
  sp_test_random_fill (state, seal->event_key, sizeof seal->event_key);
  seal->audit_first = 1 + (sp_test_random (state) >> 20);
  seal->audit_last = seal->audit_first - 1 + (sp_test_random (state) >> 30);
  sp_test_random_fill (state, seal->audit_head, sizeof seal->audit_head);
  seal->n_items = sp_test_random (state) >> 30;
  seal->n_trashed = seal->n_items / 2;
  for (guint i = 0; i < n; i++) {
    SpSealSlot slot = { .position = 1 + i * 1000 };

    sp_test_random_fill (state, slot.slot_id.bytes, sizeof slot.slot_id.bytes);
    sp_test_random_fill (state, slot.fixed_hash, sizeof slot.fixed_hash);
    g_array_append_val (seal->slots, slot);
  }
  for (guint i = 0; i < 2 * n; i++) {
    SpRef ref = { .number = i + 1, .revision = 1 + (sp_test_random (state) >> 2) };

    sp_test_random_fill (state, ref.tag, sizeof ref.tag);
    g_array_append_val (seal->settings, ref);
    ref.number = 1 + (sp_test_random (state) >> 2);
    g_array_append_val (seal->blocks, ref);
  }
  return seal;
}

static void
test_round_trip_random (void)
{
  guint64 state = 4;

  for (guint i = 0; i < 200; i++) {
    g_autoptr (SpSeal) seal = random_seal (&state);
    g_autoptr (SpSeal) duplicate = sp_seal_copy (seal);
    g_autoptr (SpSeal) decoded = NULL;
    g_autoptr (SpWriter) writer = sp_writer_new ();
    g_autoptr (SpWriter) again = sp_writer_new ();
    gsize len, again_len;
    const guint8 *data, *again_data;

    sp_seal_encode (seal, writer);
    data = sp_writer_peek (writer, &len);
    decoded = sp_seal_decode (data, len, NULL);
    g_assert_nonnull (decoded);
    g_assert_cmpuint (decoded->sequence, ==, seal->sequence);
    g_assert_cmpstr (decoded->device, ==, seal->device);
    sp_seal_encode (decoded, again);
    again_data = sp_writer_peek (again, &again_len);
    sp_test_assert_mem (data, len, again_data, again_len);

    sp_writer_reset (again);
    sp_seal_encode (duplicate, again);
    again_data = sp_writer_peek (again, &again_len);
    sp_test_assert_mem (data, len, again_data, again_len);
  }
}

static void
decode_and_encode_cb (const guint8 *data, gsize len, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpSeal) seal = sp_seal_decode (data, len, &error);
  g_autoptr (SpWriter) writer = NULL;
  guint *n_accepted = user_data;
  gsize again_len;
  const guint8 *again;

  g_assert_true ((seal == NULL) == (error != NULL));
  if (seal == NULL)
    return;

  writer = sp_writer_new ();
  sp_seal_encode (seal, writer);
  again = sp_writer_peek (writer, &again_len);
  sp_test_assert_mem (data, len, again, again_len);
  ++*n_accepted;
}

static void
test_mutations (void)
{
  gsize len;
  g_autofree guint8 *data = sp_test_hex (WHOLE, &len);
  guint n_accepted = 0;

  sp_test_each_mutation (data, len, decode_and_encode_cb, &n_accepted);
  g_assert_cmpuint (n_accepted, >, 1000);
}

static void
test_truncated (void)
{
  gsize len;
  g_autofree guint8 *data = sp_test_hex (WHOLE, &len);

  for (gsize i = 0; i < len; i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (sp_seal_decode (data, i, &error));
    g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED);
  }
}

#define BIGGEST  "ffffffffffffff7f"
#define TOO_BIG  "0000000000000080"
#define ZERO     "0000000000000000"
#define NO_LISTS "00 00"

static void
test_ranges (void)
{
  assert_valid (SEAL_HEX (BIGGEST, EPOCH, NEXT, TIMES, FIRST, LAST, COUNTS, SLOTS) NO_LISTS);
  assert_damaged (SEAL_HEX (TOO_BIG, EPOCH, NEXT, TIMES, FIRST, LAST, COUNTS, SLOTS) NO_LISTS);
  assert_damaged (SEAL_HEX (ZERO, EPOCH, NEXT, TIMES, FIRST, LAST, COUNTS, SLOTS) NO_LISTS);
  assert_damaged (SEAL_HEX (SEQUENCE, "00000000", NEXT, TIMES, FIRST, LAST, COUNTS, SLOTS)
                      NO_LISTS);
  assert_valid (SEAL_HEX (SEQUENCE, EPOCH, BIGGEST, TIMES, FIRST, LAST, COUNTS, SLOTS) NO_LISTS);
  assert_damaged (SEAL_HEX (SEQUENCE, EPOCH, TOO_BIG, TIMES, FIRST, LAST, COUNTS, SLOTS) NO_LISTS);
  assert_damaged (SEAL_HEX (SEQUENCE, EPOCH, ZERO, TIMES, FIRST, LAST, COUNTS, SLOTS) NO_LISTS);
  assert_damaged (SEAL_HEX (SEQUENCE, EPOCH, NEXT, "01 80808080808080808001", FIRST, LAST, COUNTS,
                            SLOTS) NO_LISTS);
  assert_valid (SEAL_HEX (SEQUENCE, EPOCH, NEXT, "01 ffffffffffffffff7f", FIRST, LAST, COUNTS,
                          SLOTS) NO_LISTS);
}

static void
test_log (void)
{
  assert_damaged (SEAL_HEX (SEQUENCE, EPOCH, NEXT, TIMES, ZERO, LAST, COUNTS, SLOTS) NO_LISTS);
  assert_damaged (SEAL_HEX (SEQUENCE, EPOCH, NEXT, TIMES, FIRST, TOO_BIG, COUNTS, SLOTS) NO_LISTS);
  /* An empty log ends one before it begins, and no earlier. */
  assert_valid (SEAL_HEX (SEQUENCE, EPOCH, NEXT, TIMES, FIRST, "0200000000000000", COUNTS, SLOTS)
                    NO_LISTS);
  assert_damaged (SEAL_HEX (SEQUENCE, EPOCH, NEXT, TIMES, FIRST, "0100000000000000", COUNTS, SLOTS)
                      NO_LISTS);
}

static void
test_counts (void)
{
  assert_valid (SEAL_HEX (SEQUENCE, EPOCH, NEXT, TIMES, FIRST, LAST, "05 05", SLOTS) NO_LISTS);
  assert_damaged (SEAL_HEX (SEQUENCE, EPOCH, NEXT, TIMES, FIRST, LAST, "05 06", SLOTS) NO_LISTS);
}

#define HEAD SEAL_HEX (SEQUENCE, EPOCH, NEXT, TIMES, FIRST, LAST, COUNTS, "")
#define SLOT(position) \
  position "d0d1d2d3d4d5d6d7d8d9dadbdcdddedf" HASH_HEX ("f1f1") HASH_HEX ("f2f2")
#define REF(number, revision) number revision "404142434445464748494a4b4c4d4e4f"

static void
test_order (void)
{
  assert_damaged (HEAD "00" NO_LISTS);
  assert_valid (HEAD "01" SLOT ("01") NO_LISTS);
  assert_damaged (HEAD "01" SLOT ("00") NO_LISTS);
  assert_damaged (HEAD "01" SLOT ("80808080808080808001") NO_LISTS);
  assert_damaged (HEAD "02" SLOT ("05") SLOT ("05") NO_LISTS);
  assert_damaged (HEAD "02" SLOT ("05") SLOT ("04") NO_LISTS);

  assert_valid (HEAD SLOTS "02" REF ("01", "09") REF ("02", "08") "00");
  assert_damaged (HEAD SLOTS "02" REF ("02", "09") REF ("02", "09") "00");
  assert_damaged (HEAD SLOTS "02" REF ("02", "09") REF ("01", "09") "00");
  assert_damaged (HEAD SLOTS "01" REF ("00", "09") "00");
  assert_damaged (HEAD SLOTS "01" REF ("01", "00") "00");
  assert_valid (HEAD SLOTS "00 02" REF ("09", "01") REF ("08", "01"));
  assert_damaged (HEAD SLOTS "00 01" REF ("80808080808080808001", "01"));
}

#define SEAL_WITH(slots) \
  SEAL_HEX (SEQUENCE, EPOCH, NEXT, TIMES, FIRST, LAST, COUNTS, slots) SETTINGS BLOCKS

/* Two rows with one id, or with one fixed part. */
static void
test_listed_twice (void)
{
  assert_damaged (SEAL_WITH ("02 01 d0d1d2d3d4d5d6d7d8d9dadbdcdddedf" HASH_HEX ("f1f1") HASH_HEX (
      "f2f2") "8001 d0d1d2d3d4d5d6d7d8d9dadbdcdddedf" HASH_HEX ("f3f3") HASH_HEX ("f4f4")));
  assert_damaged (SEAL_WITH ("02 01 d0d1d2d3d4d5d6d7d8d9dadbdcdddedf" HASH_HEX ("f1f1") HASH_HEX (
      "f2f2") "8001 d0d1d2d3d4d5d6d7d8d9dadbdcdddede" HASH_HEX ("f1f1") HASH_HEX ("f4f4")));
}

static void
test_version (void)
{
  gsize len;
  g_autofree guint8 *data = sp_test_hex (WHOLE, &len);
  g_autoptr (GError) error = NULL;

  data[0] = 2;
  g_assert_null (sp_seal_decode (data, len, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NEWER_FORMAT);
  data[0] = 0;
  g_clear_error (&error);
  g_assert_null (sp_seal_decode (data, len, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED);
}

/* Encodes a seal with so many entries, and looks whether it is read back. */
static gboolean
is_read_back (guint n_slots, guint n_settings, guint n_blocks)
{
  g_autoptr (SpSeal) seal = sp_seal_new ();
  g_autoptr (SpSeal) decoded = NULL;
  g_autoptr (SpWriter) writer = sp_writer_new ();
  gsize len;
  const guint8 *data;

  seal->sequence = 1;
  for (guint i = 0; i < n_slots; i++) {
    SpSealSlot slot = { .position = i + 1 };

    slot.slot_id.bytes[0] = slot.fixed_hash[0] = (guint8) i;
    g_array_append_val (seal->slots, slot);
  }
  for (guint i = 0; i < n_settings; i++) {
    SpRef ref = { .number = i + 1, .revision = 1 };

    g_array_append_val (seal->settings, ref);
  }
  for (guint i = 0; i < n_blocks; i++) {
    SpRef ref = { .number = i + 1, .revision = 1 };

    g_array_append_val (seal->blocks, ref);
  }
  sp_seal_encode (seal, writer);
  data = sp_writer_peek (writer, &len);
  decoded = sp_seal_decode (data, len, NULL);
  return decoded != NULL && decoded->slots->len == n_slots &&
         decoded->settings->len == n_settings && decoded->blocks->len == n_blocks;
}

static void
test_most_entries (void)
{
  g_assert_true (is_read_back (1, 0, 0));
  g_assert_true (is_read_back (64, 256, 65536));
}

/* What a writer does not write is not read either: lists of one more, as they would be. */
static void
test_more_entries (void)
{
  g_autoptr (GString) slots = g_string_new (HEAD "41");
  g_autoptr (GString) settings = g_string_new (HEAD SLOTS "8102");

  for (guint i = 1; i <= 65; i++)
    g_string_append_printf (slots, "%02x" SLOT (""), i);
  g_string_append (slots, NO_LISTS);
  assert_damaged (slots->str);

  for (guint i = 1; i <= 257; i++) {
    if (i < 128)
      g_string_append_printf (settings, "%02x" REF ("", "01"), i);
    else
      g_string_append_printf (settings, "%02x%02x" REF ("", "01"), (i & 0x7f) | 0x80, i >> 7);
  }
  g_string_append_printf (settings, "00");
  assert_damaged (settings->str);
}

static void
test_refs (void)
{
  SpRef ref = { .number = 1, .revision = 2, .tag = { 3 } };
  SpRef other = ref;

  g_assert_true (sp_ref_equal (&ref, &other));
  other.number++;
  g_assert_false (sp_ref_equal (&ref, &other));
  other = ref;
  other.revision++;
  g_assert_false (sp_ref_equal (&ref, &other));
  other = ref;
  other.tag[15] = 1;
  g_assert_false (sp_ref_equal (&ref, &other));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/vault/seal/by-hand", test_by_hand);
  g_test_add_func ("/vault/seal/round-trip-random", test_round_trip_random);
  g_test_add_func ("/vault/seal/mutations", test_mutations);
  g_test_add_func ("/vault/seal/truncated", test_truncated);
  g_test_add_func ("/vault/seal/ranges", test_ranges);
  g_test_add_func ("/vault/seal/log", test_log);
  g_test_add_func ("/vault/seal/counts", test_counts);
  g_test_add_func ("/vault/seal/order", test_order);
  g_test_add_func ("/vault/seal/listed-twice", test_listed_twice);
  g_test_add_func ("/vault/seal/version", test_version);
  g_test_add_func ("/vault/seal/most-entries", test_most_entries);
  g_test_add_func ("/vault/seal/more-entries", test_more_entries);
  g_test_add_func ("/vault/seal/refs", test_refs);

  return sp_test_run ();
}
