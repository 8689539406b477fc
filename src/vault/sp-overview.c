/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading overviews where they lie, and the pages that hold them (VAULT-FORMAT.md §6.2, §6.3).
 *
 *   id | number | type | flags | strength | times | use count | title | subtitle | URLs | tags
 *      | folded text (flag 64) | detail | history | attachments
 *
 * sp_overview_check() is the only function here, with sp_page_split(), that reads bytes which nobody has
 * looked at. It runs for each item at unlock, so it has a cursor of its own, whose steps are inlined, and
 * makes one pass without an allocation. A step that fails puts the cursor into its failed state, at its
 * end, where every further step fails too. The rest of the functions walk over checked bytes and check
 * nothing but by assertion-free arithmetic: they may only be given what the check accepted. */

#define G_LOG_DOMAIN "sp-overview"

#include "config.h"

#include "vault/sp-overview.h"

#include <string.h>

#define KNOWN_FLAGS  ((guint) 0xff)
#define STRENGTH_MAX 5

#define EACH_BYTE(value) (G_GUINT64_CONSTANT (0x0101010101010101) * (value))
#define HIGH_BITS        EACH_BYTE (0x80)

/* The least that stands in front of a record's strings, and behind them. */
#define HEAD_MIN_LEN (SP_ID_LEN + 10)
#define TAIL_MIN_LEN (1 + SP_AEAD_TAG_LEN + 1 + 1)

G_STATIC_ASSERT (TAIL_MIN_LEN >= sizeof (guint64));

typedef struct {
  const guint8 *at;
  const guint8 *end;
  gboolean failed;
} Cursor;

static inline void
cursor_fail (Cursor *self)
{
  self->failed = TRUE;
  self->at = self->end;
}

static inline const guint8 *
take (Cursor *self, gsize len)
{
  const guint8 *data = self->at;

  if (G_UNLIKELY (len > (gsize) (self->end - self->at))) {
    cursor_fail (self);
    return NULL;
  }
  self->at += len;
  return data;
}

/* All but the first byte of a number; only its shortest form, below 2^64. */
static inline guint64
take_long_varint (Cursor *self, guint64 value)
{
  value &= 0x7f;
  for (guint shift = 7; shift < 64 && self->at < self->end; shift += 7) {
    guint64 byte = *self->at++;

    value |= (byte & 0x7f) << shift;
    if ((byte & 0x80) != 0)
      continue;
    if (byte == 0 || (shift == 63 && byte > 1))
      break;
    return value;
  }
  cursor_fail (self);
  return 0;
}

static inline guint64
take_varint (Cursor *self)
{
  guint64 byte;

  if (G_UNLIKELY (self->at >= self->end)) {
    self->failed = TRUE;
    return 0;
  }
  byte = *self->at++;
  return G_LIKELY (byte < 0x80) ? byte : take_long_varint (self, byte);
}

static inline guint64
take_varint_max (Cursor *self, guint64 max)
{
  guint64 value = take_varint (self);

  if (G_UNLIKELY (value > max)) {
    cursor_fail (self);
    return 0;
  }
  return value;
}

/* The number or the revision of a record, from 1. */
static inline guint64
take_number (Cursor *self, guint64 max)
{
  guint64 value = take_varint (self);

  if (G_UNLIKELY (value - 1 >= max)) {
    cursor_fail (self);
    return 0;
  }
  return value;
}

static inline gint64
take_time (Cursor *self)
{
  return (gint64) take_varint_max (self, G_MAXINT64);
}

static inline guint64
load_word (const guint8 *data)
{
  guint64 word;

  memcpy (&word, data, sizeof word);
  return word;
}

/* UTF-8 without NUL. For words of ASCII, the usual test for a byte that is zero is exact. */
static inline gboolean
text_is_valid (const guint8 *data, gsize len)
{
  guint64 bad = 0;
  gsize i = 0;

  for (; i + sizeof (guint64) <= len; i += sizeof (guint64)) {
    guint64 word = load_word (data + i);

    bad |= (word | (word - EACH_BYTE (1))) & HIGH_BITS;
  }
  for (; i < len; i++)
    bad |= (data[i] | ((guint64) data[i] - 1)) & 0x80;
  return G_LIKELY (bad == 0) || sp_text_is_valid (data, len);
}

static inline const char *
take_string (Cursor *self, gsize *out_len)
{
  guint64 len = take_varint (self);
  const guint8 *data;

  *out_len = 0;
  /* Room for the NUL as well; no overflow, for `len` is below what remains. */
  if (G_UNLIKELY (len >= (guint64) (self->end - self->at))) {
    cursor_fail (self);
    return NULL;
  }
  data = self->at;
  if (G_UNLIKELY (data[len] != '\0' || !text_is_valid (data, (gsize) len))) {
    cursor_fail (self);
    return NULL;
  }
  self->at += len + 1;
  *out_len = (gsize) len;
  return (const char *) data;
}

/* The count, which may be any that the rest has room for, and the strings. */
static inline void
take_strings (Cursor *self)
{
  guint64 n = take_varint (self);
  gsize len;

  for (guint64 i = 0; i < n && !self->failed; i++)
    take_string (self, &len);
}

static inline void
take_ref (Cursor *self)
{
  take_number (self, SP_NUMBER_MAX);
  take_number (self, SP_NUMBER_MAX);
  take (self, SP_AEAD_TAG_LEN);
}

/* A stored folded text must have its four groups, since the search counts on it. */
static void
take_folded (Cursor *self, SpOverviewHead *head)
{
  guint n_separators = 0;

  head->text = take_string (self, &head->text_len);
  for (gsize i = 0; i < head->text_len; i++)
    n_separators += head->text[i] == SP_FOLD_GROUP;
  if (n_separators != 3)
    cursor_fail (self);
}

static inline void
take_links (Cursor *self)
{
  guint64 n;

  take_number (self, SP_NUMBER_MAX);
  take (self, SP_AEAD_TAG_LEN);
  if (take_varint_max (self, G_MAXUINT32) > 0)
    take_ref (self);
  n = take_varint (self);
  for (guint64 i = 0; i < n && !self->failed; i++) {
    take_number (self, SP_ATTACHMENT_NUMBER_MAX);
    take (self, SP_ID_LEN);
    take_varint (self);
  }
}

/**
 * sp_overview_check:
 * @data: (array length=len): bytes
 * @len: how many
 * @out_head: (out caller-allocates): what a search needs to know; its pointers lead into @data. `text` is the
 *   stored folded text, or else the title, from which the strings run on for `text_len` bytes
 *
 * Reads any bytes whatever, and refuses all that are not one overview to their end.
 *
 * Returns: %TRUE if they are, and the functions below may be called with them
 */
gboolean
sp_overview_check (const guint8 *data, gsize len, SpOverviewHead *out_head)
{
  Cursor cursor;
  SpOverviewHead head;
  gsize text_len;

  if (len < HEAD_MIN_LEN + TAIL_MIN_LEN)
    return FALSE;

  cursor.at = data;
  cursor.end = data + len;
  cursor.failed = FALSE;
  head.id = (const SpId *) take (&cursor, SP_ID_LEN);
  head.number = take_number (&cursor, SP_NUMBER_MAX);
  head.type = (SpItemType) take_varint_max (&cursor, SP_ITEM_TYPE_MAX);
  head.flags = (SpOverviewFlags) take_varint_max (&cursor, G_MAXUINT32);
  take_varint_max (&cursor, STRENGTH_MAX);
  take_time (&cursor); /* created */
  head.modified_ms = take_time (&cursor);
  take_time (&cursor); /* trashed */
  head.expires_ms = take_time (&cursor);
  take_time (&cursor); /* used */
  head.use_count = (guint32) take_varint_max (&cursor, G_MAXUINT32);

  head.text = take_string (&cursor, &text_len);
  take_string (&cursor, &text_len);
  take_strings (&cursor);
  take_strings (&cursor);
  head.text_len = cursor.failed ? 0 : (gsize) ((const char *) cursor.at - head.text);
  if ((head.flags & SP_OVERVIEW_FOLDED) != 0)
    take_folded (&cursor, &head);

  take_links (&cursor);
  if (cursor.failed || cursor.at != cursor.end)
    return FALSE;
  *out_head = head;
  return TRUE;
}

/* From here on, bytes that were checked. */

static inline guint64
next_varint (const guint8 **at)
{
  guint64 value = 0;
  guint shift = 0;
  guint8 byte;

  do {
    byte = *(*at)++;
    value |= (guint64) (byte & 0x7f) << shift;
    shift += 7;
  } while ((byte & 0x80) != 0);
  return value;
}

static inline void
skip_varints (const guint8 **at, guint n)
{
  while (n > 0)
    if ((*(*at)++ & 0x80) == 0)
      n--;
}

static inline const char *
next_string (const guint8 **at, gsize *out_len)
{
  const char *text;

  *out_len = (gsize) next_varint (at);
  text = (const char *) *at;
  *at += *out_len + 1;
  return text;
}

static const char *
skip_strings (const guint8 **at, guint n)
{
  const char *first = NULL;

  for (guint i = 0; i < n; i++) {
    gsize len;
    const char *text = next_string (at, &len);

    if (i == 0)
      first = text;
  }
  return first;
}

static void
next_ref (const guint8 **at, SpRef *out_ref)
{
  out_ref->number = next_varint (at);
  out_ref->revision = next_varint (at);
  memcpy (out_ref->tag, *at, SP_AEAD_TAG_LEN);
  *at += SP_AEAD_TAG_LEN;
}

/* Eight bytes at once: A to Z to lower case, and control characters, DEL among them, to spaces. With the
 * high bits out of the way, adding 128 - n carries into a byte's high bit if it is n or more. */
static inline guint64
fold_word (guint64 word)
{
  guint64 low = word & ~HIGH_BITS;
  guint64 from_a = low + EACH_BYTE (0x80 - 'A');
  guint64 past_z = low + EACH_BYTE (0x80 - ('Z' + 1));
  guint64 printable = (low + EACH_BYTE (0x80 - ' ')) & ~(low + EACH_BYTE (1));
  guint64 upper = from_a & ~past_z & ~word & HIGH_BITS;
  guint64 control = ~printable & ~word & HIGH_BITS;
  guint64 control_bytes = (control >> 7) * 0xff;

  word |= upper >> 2;
  return (word & ~control_bytes) | (control_bytes & EACH_BYTE (' '));
}

/* Writes up to seven bytes too many, and reads as many: there are always more behind the strings of a
 * record, both in it and in the room for its folded text. */
static inline char *
fold_string (const guint8 **at, char *out)
{
  gsize len;
  const guint8 *text = (const guint8 *) next_string (at, &len);

  for (gsize i = 0; i < len; i += sizeof (guint64)) {
    guint64 word = fold_word (load_word (text + i));

    memcpy (out + i, &word, sizeof word);
  }
  return out + len;
}

static inline char *
fold_strings (const guint8 **at, char *out)
{
  guint64 n = next_varint (at);

  for (guint64 i = 0; i < n; i++) {
    if (i > 0)
      *out++ = SP_FOLD_STRING;
    out = fold_string (at, out);
  }
  return out;
}

/* To the title, having read the flags. */
static inline const guint8 *
find_title (const guint8 *data, SpOverviewFlags *out_flags)
{
  const guint8 *at = data + SP_ID_LEN;

  skip_varints (&at, 2);
  *out_flags = (SpOverviewFlags) next_varint (&at);
  at++;
  skip_varints (&at, 6);
  return at;
}

/**
 * sp_overview_fold:
 * @data: (array length=len): one checked overview
 * @len: its size in bytes
 * @out: (out caller-allocates) (array length=len): where to write the text, with room for @len bytes; those
 *   behind the text may be written too
 *
 * Gives the text that a search looks at: title, subtitle, URLs and tags, in the layout of §6.3.
 *
 * Returns: the length of the text in bytes; there is no NUL behind it
 */
gsize
sp_overview_fold (const guint8 *data, gsize len, char *out)
{
  SpOverviewFlags flags;
  const guint8 *at = find_title (data, &flags);
  char *start = out;

  if ((flags & SP_OVERVIEW_FOLDED) != 0) {
    gsize text_len;
    const char *text;

    skip_strings (&at, 2);
    skip_strings (&at, (guint) next_varint (&at));
    skip_strings (&at, (guint) next_varint (&at));
    text = next_string (&at, &text_len);
    memcpy (out, text, text_len);
    return text_len;
  }

  out = fold_string (&at, out);
  *out++ = SP_FOLD_GROUP;
  out = fold_string (&at, out);
  *out++ = SP_FOLD_GROUP;
  out = fold_strings (&at, out);
  *out++ = SP_FOLD_GROUP;
  out = fold_strings (&at, out);
  return (gsize) (out - start);
}

/* To the number of history versions; `overview` has all before it. */
static const guint8 *
decode_head (const guint8 *data, SpOverview *overview, guint8 **out_detail_tag)
{
  const guint8 *at = data + SP_ID_LEN;
  gsize len;

  overview->id = (const SpId *) data;
  overview->number = next_varint (&at);
  overview->type = (SpItemType) next_varint (&at);
  overview->flags = (SpOverviewFlags) next_varint (&at);
  overview->strength = *at++;
  overview->created_ms = (gint64) next_varint (&at);
  overview->modified_ms = (gint64) next_varint (&at);
  overview->trashed_ms = (gint64) next_varint (&at);
  overview->expires_ms = (gint64) next_varint (&at);
  overview->used_ms = (gint64) next_varint (&at);
  overview->use_count = (guint32) next_varint (&at);
  overview->title = next_string (&at, &len);
  overview->subtitle = next_string (&at, &len);
  overview->n_urls = (guint) next_varint (&at);
  overview->first_url = skip_strings (&at, overview->n_urls);
  overview->n_tags = (guint) next_varint (&at);
  overview->first_tag = skip_strings (&at, overview->n_tags);
  if ((overview->flags & SP_OVERVIEW_FOLDED) != 0)
    next_string (&at, &len);
  overview->revision = next_varint (&at);
  if (out_detail_tag != NULL)
    memcpy (*out_detail_tag, at, SP_AEAD_TAG_LEN);
  return at + SP_AEAD_TAG_LEN;
}

/**
 * sp_overview_decode:
 * @data: (array length=len): one checked overview
 * @len: its size in bytes
 * @out_overview: (out caller-allocates): what it says; its pointers lead into @data
 */
void
sp_overview_decode (const guint8 *data, gsize len, SpOverview *out_overview)
{
  const guint8 *at;
  SpRef history;

  g_return_if_fail (data != NULL && out_overview != NULL);

  at = decode_head (data, out_overview, NULL);
  out_overview->n_history = (guint) next_varint (&at);
  if (out_overview->n_history > 0)
    next_ref (&at, &history);
  out_overview->n_attachments = (guint) next_varint (&at);
}

/**
 * sp_overview_decode_links:
 * @data: (array length=len): one checked overview
 * @len: its size in bytes
 * @out_links: (out caller-allocates): the records that it names; clear with sp_overview_links_clear()
 */
void
sp_overview_decode_links (const guint8 *data, gsize len, SpOverviewLinks *out_links)
{
  SpOverview overview;
  SpOverviewLinks links = { 0 };
  guint8 *tag = links.detail.tag;
  const guint8 *at;
  guint64 n;

  g_return_if_fail (data != NULL && out_links != NULL);

  at = decode_head (data, &overview, &tag);
  links.detail.number = overview.number;
  links.detail.revision = overview.revision;
  links.strength = overview.strength;
  links.unknown_flags = (guint) overview.flags & ~KNOWN_FLAGS;
  links.n_history = (guint) next_varint (&at);
  if (links.n_history > 0)
    next_ref (&at, &links.history);

  n = next_varint (&at);
  if (n > 0)
    links.attachments = g_array_new (FALSE, TRUE, sizeof (SpAttachmentRef));
  for (guint64 i = 0; i < n; i++) {
    SpAttachmentRef attachment;

    attachment.number = next_varint (&at);
    memcpy (attachment.key_id.bytes, at, SP_ID_LEN);
    at += SP_ID_LEN;
    attachment.size = next_varint (&at);
    g_array_append_val (links.attachments, attachment);
  }
  *out_links = links;
}

/**
 * sp_page_split:
 * @data: (array length=len): the content of a page's frame
 * @len: its size in bytes
 * @out_records: (out caller-allocates): where its overviews lie, each still to be checked
 * @out_n: (out): how many there are, 1 to 64
 *
 * Returns: %FALSE if it is not the content of a page
 */
gboolean
sp_page_split (const guint8 *data,
               gsize len,
               SpOverviewBytes out_records[static SP_PAGE_MAX_ITEMS],
               guint *out_n)
{
  SpReader reader;
  guint8 version;
  guint64 n;

  if (len > SP_PAGE_MAX_LEN)
    return FALSE;

  sp_reader_init (&reader, data, len);
  sp_reader_u8 (&reader, &version);
  sp_reader_varint_max (&reader, SP_PAGE_MAX_ITEMS, &n);
  if (version != SP_FORMAT_VERSION || n == 0)
    return FALSE;
  for (guint64 i = 0; i < n; i++)
    if (!sp_reader_bytes (&reader, &out_records[i].data, &out_records[i].len))
      return FALSE;
  if (!sp_reader_finish (&reader))
    return FALSE;
  *out_n = (guint) n;
  return TRUE;
}

/* The n-th of strings that follow each other in a record; `text` is the first one's. */
static const char *
nth_string (const char *text, guint index)
{
  for (guint i = 0; i < index; i++) {
    const guint8 *at = (const guint8 *) text + strlen (text) + 1;
    gsize len;

    text = next_string (&at, &len);
  }
  return text;
}

/**
 * sp_overview_get_url:
 * @self: an overview
 * @index: of a URL, from 0
 *
 * Returns: (transfer none): the URL; lives as long as the snapshot
 */
const char *
sp_overview_get_url (const SpOverview *self, guint index)
{
  g_return_val_if_fail (self != NULL && index < self->n_urls, NULL);

  return nth_string (self->first_url, index);
}

/**
 * sp_overview_get_tag:
 * @self: an overview
 * @index: of a tag, from 0
 *
 * Returns: (transfer none): the tag; lives as long as the snapshot
 */
const char *
sp_overview_get_tag (const SpOverview *self, guint index)
{
  g_return_val_if_fail (self != NULL && index < self->n_tags, NULL);

  return nth_string (self->first_tag, index);
}
