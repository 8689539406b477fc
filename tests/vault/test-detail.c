/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Details, history entries and drafts: bytes written by hand from VAULT-FORMAT.md §7, random items there and back, and
 * inputs in which one thing is wrong. */

#define G_LOG_DOMAIN "sp-test"

#include "config.h"

#include "vault/sp-detail.h"

#include <string.h>

#include "common/sp-test-item.h"
#include "common/sp-test-mutate.h"
#include "common/sp-test.h"
#include "vault/sp-seal.h"
#include "vault/sp-vault-error.h"

/* §7.1, field by field. */
#define DETAIL_HEX                                                                           \
  "01"                               /* version */                                           \
  "000102030405060708090a0b0c0d0e0f" /* item id */                                           \
  "01"                               /* type: login */                                       \
  "8101"                             /* flags: favourite, unproven */                        \
  "01 8002 00 ffffffffffffffff7f"    /* created 1, changed 256, trashed 0, expires 2^63-1 */ \
  "04 42616e6b 00"                   /* title "Bank" */                                      \
  "02 c3a4 00"                       /* notes "ä" */                                        \
  "02 01 61 00 03 622f63 00"         /* tags "a", "b/c" */                                   \
  "03"                               /* fields */                                            \
  "01 08 757365726e616d65 00 00 00 00 00 02 6d65 00" /* username: "me" */                    \
  "04 03 75726c 00 00 00 00 00 00 00"                /* url: "" */                           \
  "02 00 00 01 4c 00 01 53 00 01 76 00"              /* custom "L" in "S": "v" */            \
  "01"                                               /* attachments */                       \
  "07 101112131415161718191a1b1c1d1e1f"              /* number 7, key id */                  \
  "01 66 00 00 00 808004"                            /* "f", no media type, 65536 bytes */   \
  "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"                         \
  "05"                                        /* added */                                    \
  "01 09 0a 404142434445464748494a4b4c4d4e4f" /* newest history entry */

static SpItem *
make_item (void)
{
  SpItem *item = sp_item_new (SP_ITEM_LOGIN, "Bank");
  g_autoptr (SpSecret) notes = sp_test_secret ("ä");
  g_autoptr (SpSecret) value = sp_test_secret ("v");
  SpAttachment *attachment = g_new0 (SpAttachment, 1);

  for (guint8 i = 0; i < SP_ID_LEN; i++) {
    item->id.bytes[i] = i;
    attachment->key_id.bytes[i] = 0x10 + i;
    attachment->sha256[i] = 0x20 + i;
    attachment->sha256[SP_ID_LEN + i] = 0x30 + i;
  }
  item->favourite = item->unproven = TRUE;
  item->created_ms = 1;
  item->modified_ms = 256;
  item->expires_ms = G_MAXINT64;
  sp_item_set_notes (item, notes);
  sp_item_add_tag (item, "a");
  sp_item_add_tag (item, "b/c");
  sp_test_item_set (item, "username", "me");
  sp_test_item_set (item, "url", "");
  sp_item_add_custom (item, "S", "L", SP_FIELD_HIDDEN, value);
  attachment->number = 7;
  attachment->name = g_strdup ("f");
  attachment->media_type = g_strdup ("");
  attachment->size = 65536;
  attachment->added_ms = 5;
  g_ptr_array_add (item->attachments, attachment);
  return item;
}

static void
make_ref (SpRef *out_ref)
{
  out_ref->number = 9;
  out_ref->revision = 10;
  for (guint8 i = 0; i < SP_AEAD_TAG_LEN; i++)
    out_ref->tag[i] = 0x40 + i;
}

static SpWriter *
encode (const SpItem *item, const SpRef *history)
{
  SpWriter *writer = sp_writer_new ();
  g_autoptr (GError) error = NULL;
  gboolean encoded = sp_detail_encode (item, history, writer, &error);

  g_assert_no_error (error);
  g_assert_true (encoded);
  return writer;
}

static void
assert_invalid (const SpItem *item)
{
  g_autoptr (SpWriter) writer = sp_writer_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (sp_detail_encode (item, NULL, writer, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID);
}

static void
assert_damaged (const guint8 *data, gsize len, SpVaultError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (sp_detail_decode (data, len, NULL, &error));
  g_assert_true (g_error_matches (error, SP_VAULT_ERROR, (int) code));
}

static void
test_encode_by_hand (void)
{
  g_autoptr (SpItem) item = make_item ();
  g_autoptr (SpWriter) writer = NULL;
  SpRef history;
  gsize len;
  const guint8 *data;

  make_ref (&history);
  writer = encode (item, &history);
  data = sp_writer_peek (writer, &len);
  sp_test_assert_hex (data, len, DETAIL_HEX);
}

static void
test_decode_by_hand (void)
{
  gsize len;
  g_autofree guint8 *data = sp_test_hex (DETAIL_HEX, &len);
  g_autoptr (SpItem) expected = make_item ();
  g_autoptr (GError) error = NULL;
  SpRef history, expected_history;
  g_autoptr (SpItem) item = sp_detail_decode (data, len, &history, &error);

  g_assert_no_error (error);
  g_assert_true (sp_item_equal_content (item, expected));
  g_assert_true (sp_id_equal (&item->id, &expected->id));
  g_assert_true (item->favourite && item->unproven && !item->archived && !item->trashed);
  g_assert_cmpint (item->created_ms, ==, 1);
  g_assert_cmpint (item->modified_ms, ==, 256);
  g_assert_cmpint (item->expires_ms, ==, G_MAXINT64);
  make_ref (&expected_history);
  g_assert_true (sp_ref_equal (&history, &expected_history));
  g_assert_null (((SpField *) g_ptr_array_index (item->fields, 0))->label);
  g_assert_null (((SpField *) g_ptr_array_index (item->fields, 2))->name);
}

static void
test_round_trip_random (void)
{
  guint64 state = 2;

  for (guint i = 0; i < 500; i++) {
    g_autoptr (SpItem) item = sp_test_item_random (&state);
    g_autoptr (SpWriter) writer = encode (item, NULL);
    g_autoptr (SpWriter) again = NULL;
    g_autoptr (SpItem) copy = NULL;
    SpRef history;
    gsize len, again_len;
    const guint8 *data = sp_writer_peek (writer, &len);
    const guint8 *again_data;

    copy = sp_detail_decode (data, len, &history, NULL);
    g_assert_nonnull (copy);
    g_assert_cmpuint (history.number, ==, 0);
    g_assert_true (sp_item_equal_content (item, copy));
    g_assert_cmpint (item->trashed, ==, copy->trashed);
    g_assert_cmpint (item->trashed_ms, ==, copy->trashed_ms);
    again = encode (copy, NULL);
    again_data = sp_writer_peek (again, &again_len);
    sp_test_assert_mem (data, len, again_data, again_len);
  }
}

static void
decode_and_encode_cb (const guint8 *data, gsize len, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  SpRef history;
  g_autoptr (SpItem) item = sp_detail_decode (data, len, &history, &error);
  g_autoptr (SpWriter) writer = NULL;
  guint *n_accepted = user_data;
  gsize again_len;
  const guint8 *again;

  g_assert_true ((item == NULL) == (error != NULL));
  if (item == NULL)
    return;

  writer = encode (item, history.number != 0 ? &history : NULL);
  again = sp_writer_peek (writer, &again_len);
  sp_test_assert_mem (data, len, again, again_len);
  ++*n_accepted;
}

static void
test_mutations (void)
{
  gsize len;
  g_autofree guint8 *data = sp_test_hex (DETAIL_HEX, &len);
  guint n_accepted = 0;

  sp_test_each_mutation (data, len, decode_and_encode_cb, &n_accepted);
  g_assert_cmpuint (n_accepted, >, 100);
  g_assert_cmpuint (n_accepted, <, len * 24);
}

static void
test_random_mutations (void)
{
  guint64 state = 3;
  guint n_accepted = 0;

  for (guint i = 0; i < 5; i++) {
    g_autoptr (SpItem) item = sp_test_item_random (&state);
    g_autoptr (SpWriter) writer = encode (item, NULL);
    gsize len;
    const guint8 *data = sp_writer_peek (writer, &len);

    sp_test_each_mutation (data, MIN (len, 2000), decode_and_encode_cb, &n_accepted);
  }
  g_assert_cmpuint (n_accepted, >, 0);
}

static void
test_truncated (void)
{
  gsize len;
  g_autofree guint8 *data = sp_test_hex (DETAIL_HEX, &len);

  for (gsize i = 0; i < len; i++)
    assert_damaged (data, i, SP_VAULT_ERROR_DAMAGED);
}

static void
test_left_over (void)
{
  gsize len;
  g_autofree guint8 *data = sp_test_hex (DETAIL_HEX "00", &len);

  assert_damaged (data, len, SP_VAULT_ERROR_DAMAGED);
}

static void
test_version (void)
{
  gsize len;
  g_autofree guint8 *data = sp_test_hex (DETAIL_HEX, &len);

  data[0] = 2;
  assert_damaged (data, len, SP_VAULT_ERROR_NEWER_FORMAT);
  data[0] = 0;
  assert_damaged (data, len, SP_VAULT_ERROR_DAMAGED);
}

/* §1.1: what a later version may add is kept as it is. */
static void
test_unknown_kept (void)
{
  gsize len, again_len;
  g_autofree guint8 *data = sp_test_hex ("01 000102030405060708090a0b0c0d0e0f ffff03 8940 00000000 "
                                         "0000 0000 00 01 64 0000 0000 0000 01 78 00 00 00",
                                         &len);
  g_autoptr (SpItem) item = sp_detail_decode (data, len, NULL, NULL);
  g_autoptr (SpWriter) writer = NULL;
  const guint8 *again;
  const SpField *field;

  g_assert_nonnull (item);
  g_assert_cmpint (item->type, ==, 65535);
  g_assert_true (item->favourite);
  field = g_ptr_array_index (item->fields, 0);
  g_assert_cmpint (field->kind, ==, 100);
  g_assert_true (sp_field_kind_is_secret (field->kind));
  g_assert_cmpstr (sp_field_kind_to_name (field->kind), ==, "hidden");
  writer = encode (item, NULL);
  again = sp_writer_peek (writer, &again_len);
  sp_test_assert_mem (data, len, again, again_len);
}

static void
test_not_text (void)
{
  static const char *const bad[] = { "\xff", "a\xc3", "\xc0\x80", "\xed\xa0\x80",
                                     "\xf4\x90\x80\x80" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (SpSecret) value = sp_test_secret (bad[i]);

    for (guint place = 0; place < 7; place++) {
      g_autoptr (SpItem) item = make_item ();
      SpAttachment *attachment = g_ptr_array_index (item->attachments, 0);

      switch (place) {
      case 0:
        sp_item_set_title (item, bad[i]);
        break;
      case 1:
        sp_item_set_notes (item, value);
        break;
      case 2:
        sp_item_add_tag (item, bad[i]);
        break;
      case 3:
        sp_item_set_field (item, "username", value);
        break;
      case 4:
        sp_item_add_custom (item, NULL, bad[i], SP_FIELD_TEXT, NULL);
        break;
      case 5:
        sp_item_add_custom (item, bad[i], "x", SP_FIELD_TEXT, NULL);
        break;
      default:
        g_free (attachment->name);
        attachment->name = g_strdup (bad[i]);
        break;
      }
      assert_invalid (item);
    }
  }
}

static void
test_nul_in_secrets (void)
{
  g_autoptr (SpSecret) value = sp_secret_new ((const guint8 *) "a\0b", 3);
  g_autoptr (SpItem) item = make_item ();

  sp_item_set_field (item, "password", value);
  assert_invalid (item);
  sp_test_item_set (item, "password", "ab");
  sp_item_set_notes (item, value);
  assert_invalid (item);
}

static void
test_times_before_1970 (void)
{
  g_autoptr (SpItem) item = make_item ();
  g_autoptr (SpWriter) writer = NULL;
  g_autoptr (SpItem) copy = NULL;
  gsize len;
  const guint8 *data;

  item->created_ms = -1;
  item->modified_ms = G_MININT64;
  writer = encode (item, NULL);
  data = sp_writer_peek (writer, &len);
  copy = sp_detail_decode (data, len, NULL, NULL);
  g_assert_nonnull (copy);
  g_assert_cmpint (copy->created_ms, ==, 0);
  g_assert_cmpint (copy->modified_ms, ==, 0);
}

static void
assert_storable (const SpItem *item)
{
  g_autoptr (SpWriter) writer = encode (item, NULL);
  gsize len;
  const guint8 *data = sp_writer_peek (writer, &len);
  g_autoptr (SpItem) copy = sp_detail_decode (data, len, NULL, NULL);

  g_assert_nonnull (copy);
  g_assert_true (sp_item_equal_content (item, copy));
}

static void
test_limit_of_fields (void)
{
  g_autoptr (SpItem) item = sp_item_new (SP_ITEM_NOTE, "x");

  for (guint i = 0; i < 4096; i++)
    sp_item_add_custom (item, NULL, "", SP_FIELD_TEXT, NULL);
  assert_storable (item);
  sp_item_add_custom (item, NULL, "", SP_FIELD_TEXT, NULL);
  assert_invalid (item);
}

static void
test_limit_of_tags (void)
{
  g_autoptr (SpItem) item = sp_item_new (SP_ITEM_NOTE, "x");

  for (guint i = 0; i < 1024; i++)
    g_ptr_array_add (item->tags, g_strdup_printf ("%u", i));
  assert_storable (item);
  sp_item_add_tag (item, "one more");
  assert_invalid (item);
}

static void
add_attachment (SpItem *item)
{
  SpAttachment *attachment = g_new0 (SpAttachment, 1);

  attachment->number = 1;
  attachment->name = g_strdup ("");
  attachment->media_type = g_strdup ("");
  g_ptr_array_add (item->attachments, attachment);
}

static void
test_limit_of_attachments (void)
{
  g_autoptr (SpItem) item = sp_item_new (SP_ITEM_NOTE, "x");

  for (guint i = 0; i < 1024; i++)
    add_attachment (item);
  assert_storable (item);
  add_attachment (item);
  assert_invalid (item);
}

/* A detail with `n` entries of `entry_len` bytes each in the list `list`: zeros, but for the first byte. */
static GByteArray *
make_long (guint list, guint n, gsize entry_len, guint8 first)
{
  static const guint8 zeros[4] = { 0 };
  g_autoptr (SpWriter) writer = sp_writer_new ();
  GByteArray *bytes = g_byte_array_new ();
  g_autofree guint8 *entry = g_malloc0 (entry_len);
  gsize len;
  g_autofree guint8 *head = sp_test_hex (
      "01 00000000000000000000000000000000 01 00 00000000 0000 0000", &len);
  const guint8 *count;

  g_byte_array_append (bytes, head, (guint) len);
  g_byte_array_append (bytes, zeros, list);
  sp_writer_varint (writer, n);
  count = sp_writer_peek (writer, &len);
  g_byte_array_append (bytes, count, (guint) len);
  entry[0] = first;
  for (guint i = 0; i < n; i++)
    g_byte_array_append (bytes, entry, (guint) entry_len);
  g_byte_array_append (bytes, zeros, 3 - list);
  return bytes;
}

static void
test_reader_limits (void)
{
  static const struct {
    guint list;
    guint max;
    gsize entry_len;
    guint8 first;
  } cases[] = { { 0, 1024, 2, 0 }, { 1, 4096, 9, 1 }, { 2, 1024, 55, 1 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GByteArray) most = make_long (cases[i].list, cases[i].max, cases[i].entry_len,
                                             cases[i].first);
    g_autoptr (GByteArray) more = make_long (cases[i].list, cases[i].max + 1, cases[i].entry_len,
                                             cases[i].first);
    g_autoptr (SpItem) item = sp_detail_decode (most->data, most->len, NULL, NULL);

    g_assert_nonnull (item);
    assert_damaged (more->data, more->len, SP_VAULT_ERROR_DAMAGED);
  }
}

static void
set_notes_of_length (SpItem *item, gsize len)
{
  guint8 *data;
  g_autoptr (SpSecret) notes = sp_secret_new_uninitialized (len, &data);

  memset (data, 'n', len);
  sp_item_set_notes (item, notes);
}

static void
test_limit_of_size (void)
{
  g_autoptr (SpItem) item = sp_item_new (SP_ITEM_NOTE, "x");
  g_autoptr (SpWriter) writer = NULL;
  gsize overhead;

  set_notes_of_length (item, 2 * 1024 * 1024);
  writer = encode (item, NULL);
  overhead = sp_writer_get_length (writer) - 2 * 1024 * 1024;
  set_notes_of_length (item, SP_DETAIL_MAX_LEN - overhead);
  assert_storable (item);
  set_notes_of_length (item, SP_DETAIL_MAX_LEN - overhead + 1);
  assert_invalid (item);
  set_notes_of_length (item, 2 * SP_DETAIL_MAX_LEN);
  assert_invalid (item);
}

#define HISTORY_HEX                           \
  "01"                                        \
  "8001"                                      \
  "e807"                                      \
  "01 09 0a 404142434445464748494a4b4c4d4e4f" \
  "03 646566"

static void
test_history_by_hand (void)
{
  SpHistoryEntry entry = { 128, 1000, TRUE, { 0 }, (const guint8 *) "def", 3 };
  g_autoptr (SpWriter) writer = sp_writer_new ();
  g_autoptr (GError) error = NULL;
  SpHistoryEntry decoded;
  gsize len;
  const guint8 *data;

  make_ref (&entry.previous);
  sp_history_encode (&entry, writer);
  data = sp_writer_peek (writer, &len);
  sp_test_assert_hex (data, len, HISTORY_HEX);

  g_assert_true (sp_history_decode (data, len, &decoded, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (decoded.item_number, ==, 128);
  g_assert_cmpint (decoded.replaced_ms, ==, 1000);
  g_assert_true (decoded.has_previous);
  g_assert_true (sp_ref_equal (&decoded.previous, &entry.previous));
  g_assert_true (decoded.detail == data + len - 3);
  g_assert_cmpuint (decoded.detail_len, ==, 3);
}

static void
test_history_first (void)
{
  SpHistoryEntry entry = { 1, 0, FALSE, { 0 }, NULL, 0 };
  g_autoptr (SpWriter) writer = sp_writer_new ();
  SpHistoryEntry decoded;
  gsize len;
  const guint8 *data;

  sp_history_encode (&entry, writer);
  data = sp_writer_peek (writer, &len);
  sp_test_assert_hex (data, len, "01 01 00 00 00");
  g_assert_true (sp_history_decode (data, len, &decoded, NULL));
  g_assert_false (decoded.has_previous);
  g_assert_cmpuint (decoded.detail_len, ==, 0);
}

static void
decode_history_cb (const guint8 *data, gsize len, gpointer user_data)
{
  SpHistoryEntry entry;
  g_autoptr (GError) error = NULL;
  g_autoptr (SpWriter) writer = sp_writer_new ();
  guint *n_accepted = user_data;
  gsize again_len;
  const guint8 *again;

  if (!sp_history_decode (data, len, &entry, &error)) {
    g_assert_nonnull (error);
    return;
  }
  g_assert_no_error (error);
  sp_history_encode (&entry, writer);
  again = sp_writer_peek (writer, &again_len);
  sp_test_assert_mem (data, len, again, again_len);
  ++*n_accepted;
}

static void
test_history_mutations (void)
{
  gsize len;
  g_autofree guint8 *data = sp_test_hex (HISTORY_HEX, &len);
  guint n_accepted = 0;

  sp_test_each_mutation (data, len, decode_history_cb, &n_accepted);
  g_assert_cmpuint (n_accepted, >, 100);
}

static void
test_history_refused (void)
{
  static const char *const bad[] = {
    "",                                                      /* nothing */
    "01 00 00 00 00",                                        /* item 0 */
    "01 80808080808080808001 00 00 00",                      /* item 2^63 */
    "01 01 80808080808080808001 00 00",                      /* a time of 2^63 */
    "01 01 00 02 00",                                        /* neither 0 nor 1 */
    "01 01 00 01 00 0a 404142434445464748494a4b4c4d4e4f 00", /* entry 0 before it */
    "01 01 00 01 09 00 404142434445464748494a4b4c4d4e4f 00", /* of revision 0 */
    "01 01 00 00 00 00",                                     /* bytes left over */
    "01 01 00 00 02 61",                                     /* bytes missing */
    "00 01 00 00 00",                                        /* version 0 */
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    gsize len;
    g_autofree guint8 *data = sp_test_hex (bad[i], &len);
    g_autoptr (GError) error = NULL;
    SpHistoryEntry entry;

    g_assert_false (sp_history_decode (data, len, &entry, &error));
    g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED);
  }
}

static void
test_history_newer (void)
{
  g_autoptr (GError) error = NULL;
  SpHistoryEntry entry;

  g_assert_false (sp_history_decode ((const guint8 *) "\2", 1, &entry, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NEWER_FORMAT);
}

#define DRAFT_HEX                                                              \
  "01 ac02 b960"                     /* version, item 300, revision 12345 */   \
  "404142434445464748494a4b4c4d4e4f" /* the tag of what the edit began with */ \
  "80d095ffbc31"                     /* saved at 1700000000000 */              \
  "03 616263"                        /* the detail's content */

static void
test_draft_by_hand (void)
{
  SpDraftEntry entry = { .item_number = 300, .revision = 12345, .saved_ms = 1700000000000 };
  g_autoptr (SpWriter) writer = sp_writer_new ();
  g_autoptr (GError) error = NULL;
  SpDraftEntry decoded;
  const guint8 *data;
  gsize len;

  for (guint i = 0; i < sizeof entry.tag; i++)
    entry.tag[i] = (guint8) (0x40 + i);
  entry.detail = (const guint8 *) "abc";
  entry.detail_len = 3;
  sp_draft_encode (&entry, writer);
  data = sp_writer_peek (writer, &len);
  sp_test_assert_hex (data, len, DRAFT_HEX);

  g_assert_true (sp_draft_decode (data, len, &decoded, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (decoded.item_number, ==, 300);
  g_assert_cmpuint (decoded.revision, ==, 12345);
  sp_test_assert_mem (decoded.tag, sizeof decoded.tag, entry.tag, sizeof entry.tag);
  g_assert_cmpint (decoded.saved_ms, ==, 1700000000000);
  sp_test_assert_mem (decoded.detail, decoded.detail_len, "abc", 3);
}

static void
decode_draft_cb (const guint8 *data, gsize len, gpointer user_data)
{
  guint *n_accepted = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SpWriter) writer = NULL;
  const guint8 *written;
  SpDraftEntry entry;
  gsize written_len;

  if (!sp_draft_decode (data, len, &entry, &error)) {
    g_assert_nonnull (error);
    return;
  }
  writer = sp_writer_new ();
  sp_draft_encode (&entry, writer);
  written = sp_writer_peek (writer, &written_len);
  sp_test_assert_mem (written, written_len, data, len);
  ++*n_accepted;
}

static void
test_draft_mutations (void)
{
  gsize len;
  g_autofree guint8 *data = sp_test_hex (DRAFT_HEX, &len);
  guint n_accepted = 0;

  sp_test_each_mutation (data, len, decode_draft_cb, &n_accepted);
  g_assert_cmpuint (n_accepted, >, 100);
}

#define NO_TAG "00000000000000000000000000000000"

static void
test_draft_refused (void)
{
  static const char *const bad[] = {
    "",                                                /* nothing */
    "00 00 00 " NO_TAG " 00 00",                       /* version 0 */
    "01 80808080808080808001 01 " NO_TAG " 00 00",     /* item 2^63 */
    "01 01 80808080808080808001 " NO_TAG " 00 00",     /* revision 2^63 */
    "01 00 01 " NO_TAG " 00 00",                       /* a new item with a revision */
    "01 00 00 00000000000000000000000000000001 00 00", /* or a tag */
    "01 00 00 " NO_TAG " 80808080808080808001 00",     /* a time of 2^63 */
    "01 00 00 " NO_TAG " 00 00 00",                    /* bytes left over */
    "01 00 00 " NO_TAG " 00 02 61",                    /* bytes missing */
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    gsize len;
    g_autofree guint8 *data = sp_test_hex (bad[i], &len);
    g_autoptr (GError) error = NULL;
    SpDraftEntry entry;

    g_assert_false (sp_draft_decode (data, len, &entry, &error));
    g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED);
  }
}

static void
test_draft_newer (void)
{
  g_autoptr (GError) error = NULL;
  SpDraftEntry entry;

  g_assert_false (sp_draft_decode ((const guint8 *) "\2", 1, &entry, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NEWER_FORMAT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/vault/detail/encode-by-hand", test_encode_by_hand);
  g_test_add_func ("/vault/detail/decode-by-hand", test_decode_by_hand);
  g_test_add_func ("/vault/detail/round-trip-random", test_round_trip_random);
  g_test_add_func ("/vault/detail/mutations", test_mutations);
  g_test_add_func ("/vault/detail/random-mutations", test_random_mutations);
  g_test_add_func ("/vault/detail/truncated", test_truncated);
  g_test_add_func ("/vault/detail/left-over", test_left_over);
  g_test_add_func ("/vault/detail/version", test_version);
  g_test_add_func ("/vault/detail/unknown-kept", test_unknown_kept);
  g_test_add_func ("/vault/detail/not-text", test_not_text);
  g_test_add_func ("/vault/detail/nul-in-secrets", test_nul_in_secrets);
  g_test_add_func ("/vault/detail/times-before-1970", test_times_before_1970);
  g_test_add_func ("/vault/detail/limit-of-fields", test_limit_of_fields);
  g_test_add_func ("/vault/detail/limit-of-tags", test_limit_of_tags);
  g_test_add_func ("/vault/detail/limit-of-attachments", test_limit_of_attachments);
  g_test_add_func ("/vault/detail/reader-limits", test_reader_limits);
  g_test_add_func ("/vault/detail/limit-of-size", test_limit_of_size);
  g_test_add_func ("/vault/history/by-hand", test_history_by_hand);
  g_test_add_func ("/vault/history/first", test_history_first);
  g_test_add_func ("/vault/history/mutations", test_history_mutations);
  g_test_add_func ("/vault/history/refused", test_history_refused);
  g_test_add_func ("/vault/history/newer", test_history_newer);
  g_test_add_func ("/vault/draft-entry/by-hand", test_draft_by_hand);
  g_test_add_func ("/vault/draft-entry/mutations", test_draft_mutations);
  g_test_add_func ("/vault/draft-entry/refused", test_draft_refused);
  g_test_add_func ("/vault/draft-entry/newer", test_draft_newer);

  return sp_test_run ();
}
