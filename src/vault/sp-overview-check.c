/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is done with each overview when a vault is opened: pages are split, overviews checked (VAULT-FORMAT.md
 * §6.2, §6.3) and their text folded for the search.
 *
 * sp_overview_check() and sp_page_split() read bytes which nobody has looked at. They have a cursor of their own,
 * whose steps are inlined, and make one pass without an allocation. A step that fails puts the cursor into its
 * failed state, at its end, where every further step fails too. */

#define G_LOG_DOMAIN "sp-overview"

#include "config.h"

#include <string.h>

#include "vault/sp-overview-private.h"

#define STRENGTH_MAX 5

#define EACH_BYTE(value) (G_GUINT64_CONSTANT (0x0101010101010101) * (value))
#define HIGH_BITS        EACH_BYTE (0x80)
#define VECTOR_LEN       16

/* The least that stands in front of a record's strings, and behind them. */
#define HEAD_MIN_LEN (SP_ID_LEN + 10)
#define TAIL_MIN_LEN (1 + SP_AEAD_TAG_LEN + 1 + 1)

G_STATIC_ASSERT (TAIL_MIN_LEN >= VECTOR_LEN);

/* Comparing such vectors gives -1 for each byte for which it is true. */
typedef gint8 Vector __attribute__ ((vector_size (VECTOR_LEN)));

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

static inline guint64
load_word (const guint8 *data)
{
  guint64 word;

  memcpy (&word, data, sizeof word);
  return word;
}

static inline Vector
load_vector (const void *data)
{
  Vector vector;

  memcpy (&vector, data, sizeof vector);
  return vector;
}

/* One byte after the other, for the last bytes of a record and for numbers of more than eight. */
static guint64
take_slow_varint (Cursor *self)
{
  guint64 value = 0;

  for (guint shift = 0; shift < 64 && self->at < self->end; shift += 7) {
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

/* A number of more than one byte; only its shortest form, below 2^64. Eight bytes are looked at at once: the
 * lowest clear high bit ends the number, and the gaps between groups of seven bits are closed by halves. */
static inline guint64
take_long_varint (Cursor *self)
{
  guint64 word, stop;

  if (G_UNLIKELY ((gsize) (self->end - self->at) < sizeof word))
    return take_slow_varint (self);
  word = GUINT64_FROM_LE (load_word (self->at));
  stop = ~word & HIGH_BITS;
  if (G_UNLIKELY (stop == 0))
    return take_slow_varint (self);

  stop &= -stop;
  word &= stop | (stop - 1);
  self->at += (guint) __builtin_ctzll (stop) / 8 + 1;
  if (G_UNLIKELY (word < stop >> 7)) {
    cursor_fail (self);
    return 0;
  }
  word &= ~HIGH_BITS;
  word = (word & 0x007f007f007f007f) | (word & 0x7f007f007f007f00) >> 1;
  word = (word & 0x00003fff00003fff) | (word & 0x3fff00003fff0000) >> 2;
  return (word & 0x0fffffff) | (word & 0x0fffffff00000000) >> 4;
}

static inline guint64
take_varint (Cursor *self)
{
  guint64 byte;

  if (G_UNLIKELY (self->at >= self->end)) {
    self->failed = TRUE;
    return 0;
  }
  byte = *self->at;
  if (byte >= 0x80)
    return take_long_varint (self);
  self->at++;
  return byte;
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

/* UTF-8 without NUL. Bytes of ASCII but NUL are positive numbers; those of a last vector that are not of the
 * text are masked away. */
static inline gboolean
text_is_valid (const Cursor *self, const guint8 *data, gsize len)
{
  const Vector places = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };
  Vector good = places >= 0;
  guint64 halves[2];
  gsize i = 0;

  for (; i + VECTOR_LEN <= len; i += VECTOR_LEN)
    good &= load_vector (data + i) > 0;
  if (i < len) {
    if (G_UNLIKELY (self->end - (data + i) < VECTOR_LEN))
      return sp_text_is_valid (data, len);
    good &= (load_vector (data + i) > 0) | (places >= (gint8) (len - i));
  }
  memcpy (halves, &good, sizeof halves);
  return G_LIKELY ((halves[0] & halves[1]) == G_MAXUINT64) || sp_text_is_valid (data, len);
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
  if (G_UNLIKELY (data[len] != '\0' || !text_is_valid (self, data, (gsize) len))) {
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

  head->folded = take_string (self, &head->folded_len);
  for (gsize i = 0; i < head->folded_len; i++)
    n_separators += head->folded[i] == SP_FOLD_GROUP;
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
 * @out_head: (out caller-allocates): what a search needs to know; its pointers lead into @data
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

  head.strings = cursor.at;
  take_string (&cursor, &text_len);
  take_string (&cursor, &text_len);
  take_strings (&cursor);
  take_strings (&cursor);
  head.folded = NULL;
  head.folded_len = 0;
  if ((head.flags & SP_OVERVIEW_FOLDED) != 0)
    take_folded (&cursor, &head);

  take_links (&cursor);
  if (cursor.failed || cursor.at != cursor.end)
    return FALSE;
  *out_head = head;
  return TRUE;
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
  Cursor cursor = { data, data + len, FALSE };
  const guint8 *version;
  guint64 n;

  if (len > SP_PAGE_MAX_LEN)
    return FALSE;

  version = take (&cursor, 1);
  n = take_varint_max (&cursor, SP_PAGE_MAX_ITEMS);
  if (cursor.failed || *version != SP_FORMAT_VERSION || n == 0)
    return FALSE;
  for (guint64 i = 0; i < n; i++) {
    out_records[i].len = (gsize) take_varint (&cursor);
    out_records[i].data = take (&cursor, out_records[i].len);
  }
  if (cursor.failed || cursor.at != cursor.end)
    return FALSE;
  *out_n = (guint) n;
  return TRUE;
}

/* From here on, bytes that were checked. */

/* A to Z to lower case, and control characters, DEL among them, to spaces. */
static inline Vector
fold_vector (Vector bytes)
{
  const Vector upper = (bytes >= 'A') & (bytes <= 'Z');
  const Vector control = ((bytes >= 0) & (bytes < ' ')) | (bytes == 0x7f);

  bytes |= upper & 0x20;
  return (bytes & ~control) | (control & ' ');
}

/* Writes up to 15 bytes too many, and reads as many: there are always more behind the strings of a record,
 * both in it and in the room for its folded text. */
static inline char *
fold_string (const guint8 **at, char *out)
{
  gsize len;
  const char *text = sp_overview_next_string (at, &len);

  for (gsize i = 0; i < len; i += VECTOR_LEN) {
    const Vector folded = fold_vector (load_vector (text + i));

    memcpy (out + i, &folded, sizeof folded);
  }
  return out + len;
}

static inline char *
fold_strings (const guint8 **at, char *out)
{
  guint64 n = sp_overview_next_varint (at);

  for (guint64 i = 0; i < n; i++) {
    if (i > 0)
      *out++ = SP_FOLD_STRING;
    out = fold_string (at, out);
  }
  return out;
}

/**
 * sp_overview_fold:
 * @head: what sp_overview_check() found; the overview's bytes must still be there
 * @out: (out caller-allocates): where to write the text, with as much room as the overview takes; bytes behind
 *   the text may be written too, up to %SP_OVERVIEW_FOLD_OVERHANG
 *
 * Gives the text that a search looks at: title, subtitle, URLs and tags, in the layout of §6.3.
 *
 * Returns: the length of the text in bytes; there is no NUL behind it
 */
gsize
sp_overview_fold (const SpOverviewHead *head, char *out)
{
  const guint8 *at = head->strings;
  char *start = out;

  if (head->folded != NULL) {
    memcpy (out, head->folded, head->folded_len);
    return head->folded_len;
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
