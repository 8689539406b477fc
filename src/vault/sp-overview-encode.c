/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Writing overviews (VAULT-FORMAT.md §6.3). What an overview says of an item is derived here, and nowhere
 * else: subtitle, URLs, the flags for a password and a one-time code.
 *
 * An overview always fits a page of its own: its texts are cut, at characters, to the limits of §6.3, and so
 * is the folded text, which then keeps its separators: each text may grow to twice its limit by folding, as
 * long as there is room for all. */

#define G_LOG_DOMAIN "sp-overview"

#include "config.h"

#include "vault/sp-overview.h"

#include <string.h>

#include "base/sp-wipe.h"
#include "vault/sp-search.h"

/* Texts of an overview, in the order of the record: title, subtitle, URLs, tags. They point into the item. */
typedef struct {
  const char *text;
  gsize len;
  gsize max;
} Text;

typedef struct {
  Text texts[2 + SP_OVERVIEW_MAX_URLS + SP_OVERVIEW_MAX_TAGS];
  guint n_texts;
  guint n_urls;
  guint n_tags;
  gboolean is_cut;
  gboolean is_ascii;
} Texts;

/**
 * sp_overview_links_clear:
 * @self: the records that an overview names
 *
 * Frees what it holds, and leaves it as if zeroed.
 */
void
sp_overview_links_clear (SpOverviewLinks *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->attachments, g_array_unref);
  memset (self, 0, sizeof *self);
}

/**
 * sp_overview_links_copy:
 * @self: the records that an overview names
 * @out_copy: (out caller-allocates): a copy that shares nothing with @self
 */
void
sp_overview_links_copy (const SpOverviewLinks *self, SpOverviewLinks *out_copy)
{
  GArray *attachments;

  g_return_if_fail (self != NULL && out_copy != NULL);

  attachments = self->attachments != NULL ? g_array_copy (self->attachments) : NULL;
  *out_copy = *self;
  out_copy->attachments = attachments;
}

/* The longest beginning of a text that is at most `max` bytes and ends where a character does. */
static gsize
cut_length (const char *text, gsize len, gsize max)
{
  if (len <= max)
    return len;
  while (max > 0 && ((guint8) text[max] & 0xc0) == 0x80)
    max--;
  return max;
}

static gboolean
is_ascii (const char *text, gsize len)
{
  guint8 any = 0;

  for (gsize i = 0; i < len; i++)
    any |= (guint8) text[i];
  return any < 0x80;
}

static void
add_text (Texts *self, const char *text, gsize max)
{
  gsize whole = strlen (text);
  Text *entry = &self->texts[self->n_texts++];

  entry->text = text;
  entry->max = max;
  entry->len = cut_length (text, whole, max);
  self->is_cut = self->is_cut || entry->len < whole;
  self->is_ascii = self->is_ascii && is_ascii (text, entry->len);
}

static void
add_urls (Texts *self, const GPtrArray *fields)
{
  for (guint i = 0; i < fields->len; i++) {
    const SpField *field = g_ptr_array_index (fields, i);

    if (field->kind != SP_FIELD_URL || sp_secret_is_empty (field->value))
      continue;
    if (self->n_urls == SP_OVERVIEW_MAX_URLS) {
      self->is_cut = TRUE;
      return;
    }
    add_text (self, sp_secret_peek_text (field->value), SP_OVERVIEW_MAX_URL);
    self->n_urls++;
  }
}

static void
collect_texts (const SpItem *item, Texts *self)
{
  self->is_ascii = TRUE;
  add_text (self, item->title, SP_OVERVIEW_MAX_TITLE);
  add_text (self, sp_item_peek_subtitle (item), SP_OVERVIEW_MAX_SUBTITLE);
  add_urls (self, item->fields);
  for (guint i = 0; i < item->tags->len; i++) {
    if (self->n_tags == SP_OVERVIEW_MAX_TAGS) {
      self->is_cut = TRUE;
      break;
    }
    add_text (self, g_ptr_array_index (item->tags, i), SP_OVERVIEW_MAX_TAG);
    self->n_tags++;
  }
}

static guint
overview_flags (const SpItem *item, const SpOverviewLinks *links, const Texts *texts)
{
  guint flags = item->unknown_flags | links->unknown_flags;

  for (guint i = 0; i < item->fields->len; i++) {
    const SpField *field = g_ptr_array_index (item->fields, i);

    if (sp_secret_is_empty (field->value))
      continue;
    if (g_strcmp0 (field->name, "password") == 0)
      flags |= SP_OVERVIEW_HAS_PASSWORD;
    if (field->kind == SP_FIELD_OTP)
      flags |= SP_OVERVIEW_HAS_OTP;
  }
  return flags | (item->favourite ? SP_OVERVIEW_FAVOURITE : 0) |
         (item->archived ? SP_OVERVIEW_ARCHIVED : 0) | (item->trashed ? SP_OVERVIEW_TRASHED : 0) |
         (item->unproven ? SP_OVERVIEW_UNPROVEN : 0) | (texts->is_cut ? SP_OVERVIEW_TRUNCATED : 0) |
         (texts->is_ascii ? 0 : SP_OVERVIEW_FOLDED);
}

/* Times before 1970 are "not known". */
static void
write_time (SpWriter *writer, gint64 ms)
{
  sp_writer_varint (writer, (guint64) MAX (ms, 0));
}

/* The separators are control characters, so no text may keep any. */
static void
append_folded (GByteArray *folded, const Text *text, gsize *room)
{
  char *copy = g_strndup (text->text, text->len);
  char *fold = sp_search_fold (copy);
  gsize whole = strlen (fold);
  gsize len = cut_length (fold, whole, MIN (2 * text->max, *room));

  for (gsize i = 0; i < len; i++)
    if ((guint8) fold[i] < ' ' || fold[i] == 0x7f)
      fold[i] = ' ';
  g_byte_array_append (folded, (const guint8 *) fold, (guint) len);
  *room -= len;
  sp_wipe (copy, text->len);
  sp_wipe (fold, whole);
  g_free (copy);
  g_free (fold);
}

static void
write_folded (const Texts *texts, SpWriter *writer)
{
  static const guint8 group = SP_FOLD_GROUP;
  static const guint8 string = SP_FOLD_STRING;
  /* As large as it can become, so that it is never copied within the heap. */
  GByteArray *folded = g_byte_array_sized_new (SP_OVERVIEW_MAX_FOLD);
  gsize room = SP_OVERVIEW_MAX_FOLD - 3 - texts->n_texts;
  guint n = 0;

  append_folded (folded, &texts->texts[n++], &room);
  g_byte_array_append (folded, &group, 1);
  append_folded (folded, &texts->texts[n++], &room);
  g_byte_array_append (folded, &group, 1);
  for (guint i = 0; i < texts->n_urls; i++) {
    g_byte_array_append (folded, &string, i > 0);
    append_folded (folded, &texts->texts[n++], &room);
  }
  g_byte_array_append (folded, &group, 1);
  for (guint i = 0; i < texts->n_tags; i++) {
    g_byte_array_append (folded, &string, i > 0);
    append_folded (folded, &texts->texts[n++], &room);
  }

  sp_writer_string_len (writer, (const char *) folded->data, folded->len);
  sp_wipe (folded->data, folded->len);
  g_byte_array_unref (folded);
}

static void
write_texts (const Texts *texts, SpWriter *writer)
{
  const Text *text = texts->texts;

  for (guint i = 0; i < 2; i++, text++)
    sp_writer_string_len (writer, text->text, text->len);
  sp_writer_varint (writer, texts->n_urls);
  for (guint i = 0; i < texts->n_urls; i++, text++)
    sp_writer_string_len (writer, text->text, text->len);
  sp_writer_varint (writer, texts->n_tags);
  for (guint i = 0; i < texts->n_tags; i++, text++)
    sp_writer_string_len (writer, text->text, text->len);
  if (!texts->is_ascii)
    write_folded (texts, writer);
}

static void
write_links (const SpOverviewLinks *links, SpWriter *writer)
{
  guint n_attachments = links->attachments != NULL ? links->attachments->len : 0;

  sp_writer_varint (writer, links->detail.revision);
  sp_writer_fixed (writer, links->detail.tag, sizeof links->detail.tag);
  sp_writer_varint (writer, links->n_history);
  if (links->n_history > 0) {
    sp_writer_varint (writer, links->history.number);
    sp_writer_varint (writer, links->history.revision);
    sp_writer_fixed (writer, links->history.tag, sizeof links->history.tag);
  }

  sp_writer_varint (writer, n_attachments);
  for (guint i = 0; i < n_attachments; i++) {
    const SpAttachmentRef *attachment = &g_array_index (links->attachments, SpAttachmentRef, i);

    sp_writer_varint (writer, attachment->number);
    sp_writer_fixed (writer, attachment->key_id.bytes, SP_ID_LEN);
    sp_writer_varint (writer, attachment->size);
  }
}

/**
 * sp_overview_encode:
 * @item: an item that sp_detail_encode() accepts, with its number
 * @links: the records that belong to it
 * @writer: where to append the overview, without the length that stands before it in a page
 */
void
sp_overview_encode (const SpItem *item, const SpOverviewLinks *links, SpWriter *writer)
{
  Texts texts = { 0 };

  g_return_if_fail (item != NULL && links != NULL && writer != NULL);

  collect_texts (item, &texts);
  sp_writer_fixed (writer, item->id.bytes, SP_ID_LEN);
  sp_writer_varint (writer, item->number);
  sp_writer_varint (writer, (guint64) item->type);
  sp_writer_varint (writer, overview_flags (item, links, &texts));
  sp_writer_u8 (writer, links->strength);
  write_time (writer, item->created_ms);
  write_time (writer, item->modified_ms);
  write_time (writer, item->trashed_ms);
  write_time (writer, item->expires_ms);
  write_time (writer, item->used_ms);
  sp_writer_varint (writer, item->use_count);
  write_texts (&texts, writer);
  write_links (links, writer);
}

/**
 * sp_overview_relink:
 * @overview: one checked overview
 * @before: its links, from sp_overview_decode_links()
 * @links: the records that belong to it now
 * @scratch: a writer to work with
 * @writer: where to append it, the same but for these
 */
void
sp_overview_relink (SpOverviewBytes overview,
                    const SpOverviewLinks *before,
                    const SpOverviewLinks *links,
                    SpWriter *scratch,
                    SpWriter *writer)
{
  gsize len;

  /* There is one way only to write them, and they stand at the end. */
  sp_writer_reset (scratch);
  write_links (before, scratch);
  len = sp_writer_get_length (scratch);
  g_assert (len < overview.len);
  sp_writer_fixed (writer, overview.data, overview.len - len);
  write_links (links, writer);
}
