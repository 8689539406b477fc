/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Overviews and pages: bytes written by hand from VAULT-FORMAT.md §6.2 and §6.3; the fast check against a slow one
 * that is written here, from the document, on every mutation; what is derived from an item; limits. */

#define G_LOG_DOMAIN "sp-test"

#include "config.h"

#include "vault/sp-overview.h"

#include <string.h>

#include "common/sp-test-item.h"
#include "common/sp-test-mutate.h"
#include "common/sp-test.h"
#include "vault/sp-seal.h"

#define ID_HEX  "000102030405060708090a0b0c0d0e0f"
#define TAG_HEX "404142434445464748494a4b4c4d4e4f"

#define ASCII_HEX                                                                              \
  ID_HEX "8001 01 09 05"                      /* number 128, login, favourite + password, 4 */ \
         "01 02 00 03 8002 07"                /* times, use count */                           \
         "04 42616e6b 00 02 4d65 00"          /* "Bank", "Me" */                               \
         "02 01 41 00 01 42 00 01 02 542f 00" /* URLs "A", "B"; tag "T/" */                    \
         "09" TAG_HEX                         /* detail */                                     \
         "02 0a 0b" TAG_HEX                   /* history */                                    \
         "01 0c 101112131415161718191a1b1c1d1e1f 8008" /* attachment */

static SpWriter *
encode (const SpItem *item, const SpOverviewLinks *links)
{
  SpWriter *writer = sp_writer_new ();

  sp_overview_encode (item, links, writer);
  return writer;
}

static void
set_tag (guint8 *tag)
{
  for (guint8 i = 0; i < SP_AEAD_TAG_LEN; i++)
    tag[i] = 0x40 + i;
}

static SpOverviewLinks
make_links (void)
{
  SpOverviewLinks links = { .detail = { 128, 9, { 0 } },
                            .n_history = 2,
                            .history = { 10, 11, { 0 } },
                            .strength = 5 };
  SpAttachmentRef attachment = { 12, { { 0 } }, 1024 };

  set_tag (links.detail.tag);
  set_tag (links.history.tag);
  for (guint8 i = 0; i < SP_ID_LEN; i++)
    attachment.key_id.bytes[i] = 0x10 + i;
  links.attachments = g_array_new (FALSE, FALSE, sizeof (SpAttachmentRef));
  g_array_append_val (links.attachments, attachment);
  return links;
}

static SpItem *
make_item (void)
{
  SpItem *item = sp_item_new (SP_ITEM_LOGIN, "Bank");
  g_autoptr (SpSecret) url = sp_test_secret ("B");

  for (guint8 i = 0; i < SP_ID_LEN; i++)
    item->id.bytes[i] = i;
  item->number = 128;
  item->favourite = TRUE;
  item->created_ms = 1;
  item->modified_ms = 2;
  item->expires_ms = 3;
  item->used_ms = 256;
  item->use_count = 7;
  sp_test_item_set (item, "username", "Me");
  sp_test_item_set (item, "password", "never shown");
  sp_test_item_set (item, "url", "A");
  sp_item_add_field (item, "url", url);
  sp_item_add_tag (item, "T/");
  return item;
}

static SpOverviewLinks
plain_links (void)
{
  SpOverviewLinks links = { .detail = { 128, 9, { 0 } } };

  set_tag (links.detail.tag);
  return links;
}

static char *
fold (const guint8 *data, gsize len)
{
  g_autofree char *out = g_malloc (len);
  SpOverviewHead head;
  gsize fold_len;

  g_assert_true (sp_overview_check (data, len, &head));
  fold_len = sp_overview_fold (&head, out);
  g_assert_cmpuint (fold_len, <=, len);
  return g_strndup (out, fold_len);
}

static void
test_encode_by_hand (void)
{
  g_autoptr (SpItem) item = make_item ();
  SpOverviewLinks links = make_links ();
  g_autoptr (SpWriter) writer = encode (item, &links);
  gsize len;
  const guint8 *data = sp_writer_peek (writer, &len);

  sp_test_assert_hex (data, len, ASCII_HEX);
  sp_overview_links_clear (&links);
}

static void
test_check_by_hand (void)
{
  gsize len;
  g_autofree guint8 *data = sp_test_hex (ASCII_HEX, &len);
  g_autofree char *folded = NULL;
  SpOverviewHead head;

  g_assert_true (sp_overview_check (data, len, &head));
  g_assert_cmpuint (head.number, ==, 128);
  g_assert_true ((const guint8 *) head.id == data);
  g_assert_cmpint (head.type, ==, SP_ITEM_LOGIN);
  g_assert_cmpuint (head.flags, ==, SP_OVERVIEW_FAVOURITE | SP_OVERVIEW_HAS_PASSWORD);
  g_assert_cmpuint (head.use_count, ==, 7);
  g_assert_cmpint (head.modified_ms, ==, 2);
  g_assert_cmpint (head.expires_ms, ==, 3);
  g_assert_cmpmem (head.strings, 6, "\4Bank", 6);
  g_assert_null (head.folded);
  folded = fold (data, len);
  g_assert_cmpstr (folded, ==, "bank\1me\1a\2b\1t/");
}

static void
test_decode_by_hand (void)
{
  gsize len;
  g_autofree guint8 *data = sp_test_hex (ASCII_HEX, &len);
  SpOverviewLinks expected = make_links ();
  SpOverviewLinks links;
  SpOverview overview;

  sp_overview_decode (data, len, &overview);
  g_assert_cmpuint (overview.number, ==, 128);
  g_assert_cmpuint (overview.revision, ==, 9);
  g_assert_cmpuint (overview.strength, ==, 5);
  g_assert_cmpint (overview.created_ms, ==, 1);
  g_assert_cmpint (overview.trashed_ms, ==, 0);
  g_assert_cmpint (overview.used_ms, ==, 256);
  g_assert_cmpstr (overview.title, ==, "Bank");
  g_assert_cmpstr (overview.subtitle, ==, "Me");
  g_assert_cmpuint (overview.n_urls, ==, 2);
  g_assert_cmpstr (overview.first_url, ==, "A");
  g_assert_cmpuint (overview.n_tags, ==, 1);
  g_assert_cmpstr (overview.first_tag, ==, "T/");
  g_assert_cmpuint (overview.n_history, ==, 2);
  g_assert_cmpuint (overview.n_attachments, ==, 1);

  sp_overview_decode_links (data, len, &links);
  g_assert_true (sp_ref_equal (&links.detail, &expected.detail));
  g_assert_cmpuint (links.n_history, ==, 2);
  g_assert_true (sp_ref_equal (&links.history, &expected.history));
  g_assert_cmpuint (links.attachments->len, ==, 1);
  g_assert_cmpuint (g_array_index (links.attachments, SpAttachmentRef, 0).number, ==, 12);
  g_assert_cmpuint (g_array_index (links.attachments, SpAttachmentRef, 0).size, ==, 1024);
  sp_overview_links_clear (&links);
  g_assert_null (links.attachments);
  sp_overview_links_clear (&expected);
}

static void
test_links_copy (void)
{
  SpOverviewLinks links = make_links ();
  SpOverviewLinks copy;

  sp_overview_links_copy (&links, &copy);
  g_assert_true (links.attachments != copy.attachments);
  sp_overview_links_clear (&links);
  g_assert_cmpuint (copy.attachments->len, ==, 1);
  g_assert_true (copy.detail.revision == 9 && copy.strength == 5);
  sp_overview_links_clear (&copy);

  links = plain_links ();
  sp_overview_links_copy (&links, &copy);
  g_assert_null (copy.attachments);
}

/* The document's words in the order of the document, over the reader that everything else uses. */
typedef struct {
  SpReader reader;
  GString *folded; /* (nullable) of texts without stored folding */
  gboolean first;
} SlowReader;

static guint64
slow_number (SlowReader *self, guint64 min, guint64 max)
{
  guint64 value;

  if (!sp_reader_varint_max (&self->reader, max, &value) || value < min)
    sp_reader_fail (&self->reader);
  return value;
}

static void
slow_string (SlowReader *self, char separator)
{
  const char *text;

  if (separator != '\0')
    g_string_append_c (self->folded, separator);
  if (!sp_reader_string (&self->reader, &text, NULL))
    return;
  for (; *text != '\0'; text++)
    g_string_append_c (self->folded,
                       (guchar) *text < 0x20 || *text == 0x7f ? ' ' : g_ascii_tolower (*text));
}

static void
slow_strings (SlowReader *self)
{
  guint64 n = slow_number (self, 0, G_MAXUINT64);

  g_string_append_c (self->folded, SP_FOLD_GROUP);
  for (guint64 i = 0; i < n && !self->reader.failed; i++)
    slow_string (self, i > 0 ? SP_FOLD_STRING : '\0');
}

static void
slow_ref (SlowReader *self)
{
  const guint8 *tag;

  slow_number (self, 1, G_MAXINT64);
  slow_number (self, 1, G_MAXINT64);
  sp_reader_fixed (&self->reader, SP_AEAD_TAG_LEN, &tag);
}

static void
slow_links (SlowReader *self)
{
  const guint8 *fixed;
  guint64 n;

  slow_number (self, 1, G_MAXINT64);
  sp_reader_fixed (&self->reader, SP_AEAD_TAG_LEN, &fixed);
  if (slow_number (self, 0, G_MAXUINT32) > 0)
    slow_ref (self);
  n = slow_number (self, 0, G_MAXUINT64);
  for (guint64 i = 0; i < n && !self->reader.failed; i++) {
    slow_number (self, 1, (G_GUINT64_CONSTANT (1) << 43) - 1);
    sp_reader_fixed (&self->reader, SP_ID_LEN, &fixed);
    slow_number (self, 0, G_MAXUINT64);
  }
}

static gboolean
slow_check (const guint8 *data, gsize len, GString *folded)
{
  SlowReader self = { .folded = folded };
  const guint8 *id;
  guint64 flags;
  guint8 strength;

  sp_reader_init (&self.reader, data, len);
  sp_reader_fixed (&self.reader, SP_ID_LEN, &id);
  slow_number (&self, 1, G_MAXINT64);
  slow_number (&self, 0, G_MAXUINT16);
  flags = slow_number (&self, 0, G_MAXUINT32);
  if (!sp_reader_u8 (&self.reader, &strength) || strength > 5)
    sp_reader_fail (&self.reader);
  for (guint i = 0; i < 5; i++)
    slow_number (&self, 0, G_MAXINT64);
  slow_number (&self, 0, G_MAXUINT32);
  slow_string (&self, '\0');
  slow_string (&self, SP_FOLD_GROUP);
  slow_strings (&self);
  slow_strings (&self);
  if ((flags & 64) != 0) {
    const char *text;

    if (sp_reader_string (&self.reader, &text, NULL)) {
      g_auto (GStrv) groups = g_strsplit (text, "\1", -1);

      if (g_strv_length (groups) != 4 && !(g_strv_length (groups) == 0))
        sp_reader_fail (&self.reader);
      if (*text == '\0')
        sp_reader_fail (&self.reader);
      g_string_assign (folded, text);
    }
  }
  slow_links (&self);
  return sp_reader_finish (&self.reader);
}

static void
compare_cb (const guint8 *data, gsize len, gpointer user_data)
{
  g_autoptr (GString) expected = g_string_new (NULL);
  gboolean valid = slow_check (data, len, expected);
  guint *n_accepted = user_data;
  SpOverviewHead head;
  SpOverviewLinks links;
  SpOverview overview;
  g_autofree char *folded = NULL;

  g_assert_true (sp_overview_check (data, len, &head) == valid);
  if (!valid)
    return;

  folded = fold (data, len);
  g_assert_cmpstr (folded, ==, expected->str);
  sp_overview_decode (data, len, &overview);
  g_assert_cmpuint (overview.number, ==, head.number);
  g_assert_cmpuint (overview.flags, ==, head.flags);
  g_assert_cmpint (overview.modified_ms, ==, head.modified_ms);
  sp_overview_decode_links (data, len, &links);
  g_assert_cmpuint (links.attachments != NULL ? links.attachments->len : 0, ==,
                    overview.n_attachments);
  g_assert_cmpuint (links.detail.revision, ==, overview.revision);
  g_assert_cmpuint (links.n_history, ==, overview.n_history);
  sp_overview_links_clear (&links);
  ++*n_accepted;
}

static void
test_mutations (void)
{
  gsize len;
  g_autofree guint8 *data = sp_test_hex (ASCII_HEX, &len);
  guint n_accepted = 0;

  sp_test_each_mutation (data, len, compare_cb, &n_accepted);
  g_assert_cmpuint (n_accepted, >, 1000);
}

static void
test_random_mutations (void)
{
  guint64 state = 6;
  guint n_accepted = 0;

  for (guint i = 0; i < 40; i++) {
    g_autoptr (SpItem) item = sp_test_item_random (&state);
    SpOverviewLinks links = i % 2 == 0 ? make_links () : plain_links ();
    g_autoptr (SpWriter) writer = encode (item, &links);
    gsize len;
    const guint8 *data = sp_writer_peek (writer, &len);

    if (len < 700)
      sp_test_each_mutation (data, len, compare_cb, &n_accepted);
    else
      sp_test_with_fence (data, len, compare_cb, &n_accepted);
    sp_overview_links_clear (&links);
  }
  g_assert_cmpuint (n_accepted, >, 1000);
}

/* Every text that the bytes give is the item's, or a beginning of it. */
static void
assert_beginning (const char *text, const char *whole, gsize max)
{
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_true (g_str_has_prefix (whole, text));
  g_assert_cmpuint (strlen (text), <=, max);
  if (strlen (whole) <= max)
    g_assert_cmpstr (text, ==, whole);
  else
    g_assert_cmpuint (strlen (text), >, max - 4);
}

static void
test_round_trip_random (void)
{
  guint64 state = 7;

  for (guint i = 0; i < 500; i++) {
    g_autoptr (SpItem) item = sp_test_item_random (&state);
    SpOverviewLinks links = make_links ();
    g_autoptr (SpWriter) writer = encode (item, &links);
    SpOverviewHead head;
    SpOverview overview;
    gsize len;
    const guint8 *data = sp_writer_peek (writer, &len);

    g_assert_true (sp_overview_check (data, len, &head));
    sp_overview_decode (data, len, &overview);
    g_assert_true (sp_id_equal (overview.id, &item->id));
    g_assert_cmpuint (overview.number, ==, item->number);
    g_assert_cmpint (overview.type, ==, item->type);
    g_assert_cmpint (overview.created_ms, ==, item->created_ms);
    g_assert_cmpint (overview.modified_ms, ==, item->modified_ms);
    g_assert_cmpint (overview.trashed_ms, ==, item->trashed_ms);
    g_assert_cmpint (overview.expires_ms, ==, item->expires_ms);
    g_assert_cmpint (overview.used_ms, ==, item->used_ms);
    g_assert_cmpuint (overview.use_count, ==, item->use_count);
    g_assert_true (((overview.flags & SP_OVERVIEW_TRASHED) != 0) == item->trashed);
    g_assert_true (((overview.flags & SP_OVERVIEW_UNPROVEN) != 0) == item->unproven);
    assert_beginning (overview.title, item->title, 512);
    assert_beginning (overview.subtitle, sp_item_peek_subtitle (item), 256);
    g_assert_cmpuint (overview.n_tags, ==, MIN (item->tags->len, 32));
    if (overview.n_tags > 0)
      assert_beginning (overview.first_tag, g_ptr_array_index (item->tags, 0), 128);
    sp_overview_links_clear (&links);
  }
}

/* What an overview of just this title says. */
static SpOverviewFlags
flags_of (const SpItem *item)
{
  SpOverviewLinks links = plain_links ();
  g_autoptr (SpWriter) writer = encode (item, &links);
  SpOverviewHead head;
  gsize len;
  const guint8 *data = sp_writer_peek (writer, &len);

  g_assert_true (sp_overview_check (data, len, &head));
  return head.flags;
}

static char *
folded_of (const SpItem *item)
{
  SpOverviewLinks links = plain_links ();
  g_autoptr (SpWriter) writer = encode (item, &links);
  SpOverviewHead head;
  gsize len;
  const guint8 *data = sp_writer_peek (writer, &len);

  g_assert_true (sp_overview_check (data, len, &head));
  return fold (data, len);
}

static SpItem *
stored_item (SpItemType type, const char *title)
{
  SpItem *item = sp_item_new (type, title);

  item->number = 1;
  return item;
}

static void
test_flags (void)
{
  g_autoptr (SpItem) item = stored_item (SP_ITEM_LOGIN, "x");

  g_assert_cmpuint (flags_of (item), ==, 0);
  sp_test_item_set (item, "password", "");
  sp_test_item_set (item, "otp", "");
  g_assert_cmpuint (flags_of (item), ==, 0);
  sp_test_item_set (item, "password", "p");
  g_assert_cmpuint (flags_of (item), ==, SP_OVERVIEW_HAS_PASSWORD);
  sp_test_item_set (item, "otp", "otpauth://totp/x");
  g_assert_cmpuint (flags_of (item), ==, SP_OVERVIEW_HAS_PASSWORD | SP_OVERVIEW_HAS_OTP);
  item->archived = item->trashed = item->unproven = TRUE;
  g_assert_cmpuint (flags_of (item) & ~(SP_OVERVIEW_HAS_PASSWORD | SP_OVERVIEW_HAS_OTP), ==,
                    SP_OVERVIEW_ARCHIVED | SP_OVERVIEW_TRASHED | SP_OVERVIEW_UNPROVEN);
}

static void
test_custom_otp_and_url (void)
{
  g_autoptr (SpItem) item = stored_item (SP_ITEM_NOTE, "x");
  g_autoptr (SpSecret) value = sp_test_secret ("HTTPS://Example.org");
  g_autofree char *folded = NULL;

  sp_item_add_custom (item, NULL, "code", SP_FIELD_OTP, value);
  sp_item_add_custom (item, NULL, "site", SP_FIELD_URL, value);
  sp_item_add_custom (item, NULL, "not a site", SP_FIELD_URL, NULL);
  sp_item_add_custom (item, NULL, "password", SP_FIELD_HIDDEN, value);
  g_assert_cmpuint (flags_of (item), ==, SP_OVERVIEW_HAS_OTP);
  folded = folded_of (item);
  g_assert_cmpstr (folded, ==, "x\1\1https://example.org\1");
}

static void
test_unknown_flags_kept (void)
{
  g_autoptr (SpItem) item = make_item ();
  SpOverviewLinks links = make_links ();
  SpOverviewLinks decoded;
  g_autoptr (SpWriter) writer = NULL;
  gsize len;
  const guint8 *data;

  item->unknown_flags = 1u << 31;
  links.unknown_flags = 1 << 8;
  writer = encode (item, &links);
  data = sp_writer_peek (writer, &len);
  sp_overview_decode_links (data, len, &decoded);
  g_assert_cmphex (decoded.unknown_flags, ==, 0x80000100);
  sp_overview_links_clear (&decoded);
  sp_overview_links_clear (&links);
}

static char *
repeat (const char *text, gsize n)
{
  GString *whole = g_string_new (NULL);

  for (gsize i = 0; i < n; i++)
    g_string_append (whole, text);
  return g_string_free (whole, FALSE);
}

/* A title of exactly the limit stays; one byte more is cut, at a character, and said so. */
static void
test_cut_title (void)
{
  static const struct {
    const char *unit;
    gsize n;
    gsize expected_len;
    gboolean is_cut;
  } cases[] = {
    { "a", 512, 512, FALSE },          { "a", 513, 512, TRUE },
    { "ä", 256, 512, FALSE },          { "ä", 257, 512, TRUE },
    { "\u20ac", 170, 510, FALSE },     { "\u20ac", 171, 510, TRUE },
    { "\U0001f512", 128, 512, FALSE }, { "\U0001f512", 129, 512, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *title = repeat (cases[i].unit, cases[i].n);
    g_autoptr (SpItem) item = stored_item (SP_ITEM_NOTE, title);
    SpOverviewLinks links = plain_links ();
    g_autoptr (SpWriter) writer = encode (item, &links);
    SpOverview overview;
    gsize len;
    const guint8 *data = sp_writer_peek (writer, &len);

    sp_overview_decode (data, len, &overview);
    g_assert_cmpuint (strlen (overview.title), ==, cases[i].expected_len);
    g_assert_true (((overview.flags & SP_OVERVIEW_TRUNCATED) != 0) == cases[i].is_cut);
    g_assert_true (g_utf8_validate (overview.title, -1, NULL));
  }
}

static void
test_cut_the_rest (void)
{
  g_autofree char *long_text = repeat ("a", 600);

  for (guint place = 0; place < 3; place++) {
    static const gsize max[] = { 256, 512, 128 };

    for (guint more = 0; more < 2; more++) {
      g_autoptr (SpItem) item = stored_item (SP_ITEM_LOGIN, "x");
      g_autofree char *text = g_strndup (long_text, max[place] + more);

      if (place == 2)
        sp_item_add_tag (item, text);
      else
        sp_test_item_set (item, place == 0 ? "username" : "url", text);
      g_assert_cmpuint (flags_of (item), ==, more == 1 ? SP_OVERVIEW_TRUNCATED : 0);
    }
  }
}

static void
test_cut_counts (void)
{
  for (guint more = 0; more < 2; more++) {
    g_autoptr (SpItem) urls = stored_item (SP_ITEM_LOGIN, "x");
    g_autoptr (SpItem) tags = stored_item (SP_ITEM_LOGIN, "x");
    g_autoptr (SpSecret) url = sp_test_secret ("u");

    for (guint i = 0; i < SP_OVERVIEW_MAX_URLS + more; i++)
      sp_item_add_field (urls, "url", url);
    for (guint i = 0; i < SP_OVERVIEW_MAX_TAGS + more; i++) {
      g_autofree char *tag = g_strdup_printf ("%u", i);

      sp_item_add_tag (tags, tag);
    }
    g_assert_cmpuint (flags_of (urls), ==, more == 1 ? SP_OVERVIEW_TRUNCATED : 0);
    g_assert_cmpuint (flags_of (tags), ==, more == 1 ? SP_OVERVIEW_TRUNCATED : 0);
  }
}

/* Every ASCII character at every place in a word of eight, beside its neighbours. */
static void
test_fold_ascii (void)
{
  for (guint place = 0; place < 17; place++)
    for (guint c = 1; c < 0x80; c++) {
      char title[18];
      g_autoptr (SpItem) item = NULL;
      g_autofree char *folded = NULL;
      char expected = c < ' ' || c == 0x7f ? ' ' : g_ascii_tolower ((char) c);

      memset (title, 'Z', 17);
      title[17] = '\0';
      title[place] = (char) c;
      item = stored_item (SP_ITEM_NOTE, title);
      folded = folded_of (item);
      for (guint i = 0; i < 17; i++)
        g_assert_cmpint (folded[i], ==, i == place ? expected : 'z');
      g_assert_cmpstr (folded + 17, ==, "\1\1\1");
    }
}

static void
test_fold_stored (void)
{
  g_autoptr (SpItem) item = stored_item (SP_ITEM_LOGIN, "GR\u00dcN\1x");
  g_autoptr (SpSecret) second = sp_test_secret ("B\2b");
  g_autofree char *folded = NULL;
  g_auto (GStrv) groups = NULL;

  sp_test_item_set (item, "username", "ME");
  sp_test_item_set (item, "url", "A");
  sp_item_add_field (item, "url", second);
  sp_item_add_tag (item, "T");
  sp_item_add_tag (item, "V");
  g_assert_cmpuint (flags_of (item), ==, SP_OVERVIEW_FOLDED);
  folded = folded_of (item);
  groups = g_strsplit (folded, "\1", -1);
  g_assert_cmpuint (g_strv_length (groups), ==, 4);
  g_assert_true (g_str_has_prefix (groups[0], "gr"));
  g_assert_true (g_str_has_suffix (groups[0], "n x"));
  g_assert_cmpstr (groups[1], ==, "me");
  g_assert_cmpstr (groups[2], ==, "a\2b b");
  g_assert_cmpstr (groups[3], ==, "t\2v");
}

/* Whichever way the folding goes, its layout is the same. */
static void
test_fold_layouts_agree (void)
{
  guint64 state = 8;

  for (guint i = 0; i < 200; i++) {
    g_autoptr (SpItem) item = sp_test_item_random (&state);
    g_autofree char *folded = folded_of (item);
    guint n_groups = 0, n_strings = 0;
    SpOverviewLinks links = plain_links ();
    g_autoptr (SpWriter) writer = encode (item, &links);
    SpOverview overview;
    gsize len;
    const guint8 *data = sp_writer_peek (writer, &len);

    sp_overview_decode (data, len, &overview);
    for (const char *c = folded; *c != '\0'; c++) {
      n_groups += *c == SP_FOLD_GROUP;
      n_strings += *c == SP_FOLD_STRING;
      g_assert_true ((guchar) *c >= ' ' || *c == SP_FOLD_GROUP || *c == SP_FOLD_STRING);
    }
    g_assert_cmpuint (n_groups, ==, 3);
    g_assert_cmpuint (n_strings, ==,
                      (overview.n_urls > 0 ? overview.n_urls - 1 : 0) +
                          (overview.n_tags > 0 ? overview.n_tags - 1 : 0));
  }
}

/* U+FDFA becomes eleven times as long in compatibility forms; U+0149 grows by folding alone. */
static void
test_largest_fits_a_page (void)
{
  g_autofree char *text = repeat ("\uFDFA", 200);
  g_autoptr (SpItem) item = stored_item (SP_ITEM_LOGIN, text);
  g_autoptr (SpSecret) url = sp_test_secret (text);
  SpOverviewLinks links = plain_links ();
  g_autoptr (SpWriter) writer = NULL;
  g_autofree char *folded = NULL;
  SpOverviewHead head;
  gsize len;
  const guint8 *data;

  sp_test_item_set (item, "username", text);
  for (guint i = 0; i < 10; i++)
    sp_item_add_field (item, "url", url);
  for (guint i = 0; i < 40; i++) {
    g_autofree char *tag = g_strdup_printf ("%02u%s", i, text);

    sp_item_add_tag (item, tag);
  }
  item->number = G_MAXINT64;
  links.attachments = g_array_new (FALSE, TRUE, sizeof (SpAttachmentRef));
  for (guint i = 0; i < SP_ITEM_MAX_ATTACHMENTS; i++) {
    SpAttachmentRef attachment = { SP_ATTACHMENT_NUMBER_MAX, { { 0 } }, G_MAXUINT64 };

    g_array_append_val (links.attachments, attachment);
  }
  writer = encode (item, &links);
  data = sp_writer_peek (writer, &len);
  g_assert_cmpuint (len, <, SP_PAGE_MAX_LEN - 16);
  g_assert_true (sp_overview_check (data, len, &head));
  folded = fold (data, len);
  g_assert_cmpuint (strlen (folded), <=, SP_OVERVIEW_MAX_FOLD);
  g_assert_true (g_utf8_validate (folded, -1, NULL));
  sp_overview_links_clear (&links);
}

static gboolean
is_page (const char *hex, guint *out_n)
{
  gsize len;
  g_autofree guint8 *data = sp_test_hex (hex, &len);
  SpOverviewBytes records[SP_PAGE_MAX_ITEMS];

  return sp_page_split (data, len, records, out_n);
}

static void
test_page_split (void)
{
  g_autoptr (GString) most = g_string_new ("01 40");
  g_autoptr (GString) more = g_string_new ("01 41");
  guint n = 0;

  for (guint i = 0; i < 65; i++) {
    if (i < 64)
      g_string_append (most, "01 aa");
    g_string_append (more, "01 aa");
  }
  g_assert_true (is_page (most->str, &n));
  g_assert_cmpuint (n, ==, 64);
  g_assert_false (is_page (more->str, &n));
  g_assert_true (is_page ("01 02 00 02 aabb", &n));
  g_assert_cmpuint (n, ==, 2);
  g_assert_false (is_page ("01 00", &n));
  g_assert_false (is_page ("01", &n));
  g_assert_false (is_page ("", &n));
  g_assert_false (is_page ("02 01 00", &n));
  g_assert_false (is_page ("01 01 00 00", &n));
  g_assert_false (is_page ("01 01 01", &n));
  g_assert_false (is_page ("01 01 ffffffffffffffffff01", &n));
}

static void
test_page_limit (void)
{
  g_autoptr (SpWriter) writer = sp_writer_new ();
  SpOverviewBytes records[SP_PAGE_MAX_ITEMS];
  g_autofree guint8 *bytes = g_malloc0 (SP_PAGE_MAX_LEN);
  guint n;

  sp_writer_u8 (writer, 1);
  sp_writer_varint (writer, 1);
  sp_writer_bytes (writer, bytes, SP_PAGE_MAX_LEN - 5);
  g_assert_cmpuint (sp_writer_get_length (writer), ==, SP_PAGE_MAX_LEN);
  g_assert_true (sp_page_split (sp_writer_peek (writer, NULL), SP_PAGE_MAX_LEN, records, &n));
  g_assert_cmpuint (records[0].len, ==, SP_PAGE_MAX_LEN - 5);

  sp_writer_reset (writer);
  sp_writer_u8 (writer, 1);
  sp_writer_varint (writer, 1);
  sp_writer_bytes (writer, bytes, SP_PAGE_MAX_LEN - 4);
  g_assert_false (sp_page_split (sp_writer_peek (writer, NULL), SP_PAGE_MAX_LEN + 1, records, &n));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/vault/overview/encode-by-hand", test_encode_by_hand);
  g_test_add_func ("/vault/overview/check-by-hand", test_check_by_hand);
  g_test_add_func ("/vault/overview/decode-by-hand", test_decode_by_hand);
  g_test_add_func ("/vault/overview/links-copy", test_links_copy);
  g_test_add_func ("/vault/overview/mutations", test_mutations);
  g_test_add_func ("/vault/overview/random-mutations", test_random_mutations);
  g_test_add_func ("/vault/overview/round-trip-random", test_round_trip_random);
  g_test_add_func ("/vault/overview/flags", test_flags);
  g_test_add_func ("/vault/overview/custom-otp-and-url", test_custom_otp_and_url);
  g_test_add_func ("/vault/overview/unknown-flags-kept", test_unknown_flags_kept);
  g_test_add_func ("/vault/overview/cut-title", test_cut_title);
  g_test_add_func ("/vault/overview/cut-the-rest", test_cut_the_rest);
  g_test_add_func ("/vault/overview/cut-counts", test_cut_counts);
  g_test_add_func ("/vault/overview/fold-ascii", test_fold_ascii);
  g_test_add_func ("/vault/overview/fold-stored", test_fold_stored);
  g_test_add_func ("/vault/overview/fold-layouts-agree", test_fold_layouts_agree);
  g_test_add_func ("/vault/overview/largest-fits-a-page", test_largest_fits_a_page);
  g_test_add_func ("/vault/overview/page-split", test_page_split);
  g_test_add_func ("/vault/overview/page-limit", test_page_limit);

  return sp_test_run ();
}
