/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The content of a detail, which is a whole item, of a history entry, which is a replaced detail, and of a
 * draft, which is one to be (VAULT-FORMAT.md §7).
 *
 * Every text is checked before it is written, so that nothing is stored that could not be read back. The
 * reader is total; notes and values go from its input, a decrypted record in wiped pages, straight into
 * secrets. An item that was read is written as the same bytes again. */

#define G_LOG_DOMAIN "sp-detail"

#include "config.h"

#include "vault/sp-detail.h"

#include <string.h>

#include "base/sp-wipe.h"
#include "vault/sp-seal.h"
#include "vault/sp-snapshot.h"
#include "vault/sp-vault-error.h"

#define DETAIL_FLAGS \
  (SP_OVERVIEW_FAVOURITE | SP_OVERVIEW_ARCHIVED | SP_OVERVIEW_TRASHED | SP_OVERVIEW_UNPROVEN)

/* A writer that remembers whether a text was refused. */
typedef struct {
  SpWriter *writer;
  gboolean failed;
} TextWriter;

static void
write_text_len (TextWriter *self, const char *text, gsize len)
{
  if (!sp_text_is_valid ((const guint8 *) text, len))
    self->failed = TRUE;
  if (!self->failed)
    sp_writer_string_len (self->writer, text, len);
}

static void
write_text (TextWriter *self, const char *text)
{
  write_text_len (self, text, text != NULL ? strlen (text) : 0);
}

static void
write_secret (TextWriter *self, const SpSecret *secret)
{
  gsize len;
  const guint8 *data = sp_secret_peek (secret, &len);

  write_text_len (self, (const char *) data, len);
}

static void
write_time (SpWriter *writer, gint64 ms)
{
  sp_writer_varint (writer, (guint64) MAX (ms, 0));
}

static guint
detail_flags (const SpItem *item)
{
  return (item->favourite ? SP_OVERVIEW_FAVOURITE : 0) |
         (item->archived ? SP_OVERVIEW_ARCHIVED : 0) | (item->trashed ? SP_OVERVIEW_TRASHED : 0) |
         (item->unproven ? SP_OVERVIEW_UNPROVEN : 0) | item->unknown_flags;
}

static gboolean
set_invalid (GError **error, const char *message)
{
  g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID, message);
  return FALSE;
}

static gboolean
check_counts (const SpItem *item, GError **error)
{
  if (item->fields->len > SP_DETAIL_MAX_FIELDS)
    return set_invalid (error, "The item has too many fields to be stored.");
  if (item->tags->len > SP_DETAIL_MAX_TAGS)
    return set_invalid (error, "The item has too many tags to be stored.");
  if (item->attachments->len > SP_ITEM_MAX_ATTACHMENTS)
    return set_invalid (error, "The item has too many attachments to be stored.");
  return TRUE;
}

/* Adds lengths up to the limit, so that a gigantic item is refused before memory is taken for it. */
static void
add_length (gsize *total, gsize len)
{
  *total = len > SP_DETAIL_MAX_LEN - *total ? SP_DETAIL_MAX_LEN : *total + len;
}

static gboolean
is_too_long (const SpItem *item)
{
  gsize total = 0;

  add_length (&total, strlen (item->title));
  add_length (&total, sp_secret_get_length (item->notes));
  for (guint i = 0; i < item->tags->len; i++)
    add_length (&total, strlen (g_ptr_array_index (item->tags, i)));
  for (guint i = 0; i < item->fields->len; i++) {
    const SpField *field = g_ptr_array_index (item->fields, i);

    add_length (&total, field->label != NULL ? strlen (field->label) : 0);
    add_length (&total, field->section != NULL ? strlen (field->section) : 0);
    add_length (&total, sp_secret_get_length (field->value));
  }
  return total >= SP_DETAIL_MAX_LEN;
}

static void
write_fields (TextWriter *self, const GPtrArray *fields)
{
  sp_writer_varint (self->writer, fields->len);
  for (guint i = 0; i < fields->len; i++) {
    const SpField *field = g_ptr_array_index (fields, i);

    sp_writer_varint (self->writer, (guint64) field->kind);
    write_text (self, field->name);
    write_text (self, field->label);
    write_text (self, field->section);
    write_secret (self, field->value);
  }
}

static void
write_attachments (TextWriter *self, const GPtrArray *attachments)
{
  sp_writer_varint (self->writer, attachments->len);
  for (guint i = 0; i < attachments->len; i++) {
    const SpAttachment *attachment = g_ptr_array_index (attachments, i);

    sp_writer_varint (self->writer, attachment->number);
    sp_writer_fixed (self->writer, attachment->key_id.bytes, SP_ID_LEN);
    write_text (self, attachment->name);
    write_text (self, attachment->media_type);
    sp_writer_varint (self->writer, attachment->size);
    sp_writer_fixed (self->writer, attachment->sha256, sizeof attachment->sha256);
    write_time (self->writer, attachment->added_ms);
  }
}

static void
write_item (TextWriter *self, const SpItem *item)
{
  sp_writer_u8 (self->writer, SP_FORMAT_VERSION);
  sp_writer_fixed (self->writer, item->id.bytes, SP_ID_LEN);
  sp_writer_varint (self->writer, (guint64) item->type);
  sp_writer_varint (self->writer, detail_flags (item));
  write_time (self->writer, item->created_ms);
  write_time (self->writer, item->modified_ms);
  write_time (self->writer, item->trashed_ms);
  write_time (self->writer, item->expires_ms);
  write_text (self, item->title);
  write_secret (self, item->notes);

  sp_writer_varint (self->writer, item->tags->len);
  for (guint i = 0; i < item->tags->len; i++)
    write_text (self, g_ptr_array_index (item->tags, i));
  write_fields (self, item->fields);
  write_attachments (self, item->attachments);
}

static void
write_history (const SpRef *history, SpWriter *writer)
{
  sp_writer_u8 (writer, history != NULL ? 1 : 0);
  if (history != NULL)
    sp_ref_write (history, writer);
}

/**
 * sp_detail_encode:
 * @item: an item
 * @history: (nullable): its newest history entry
 * @writer: where to append the content of its detail's frame
 * @error: return location for a [error@VaultError]
 *
 * Writes the whole item. Times before 1970 become "not known".
 *
 * Returns: %FALSE with %SP_VAULT_ERROR_INVALID if a text is not UTF-8 or has a NUL, or a limit is passed;
 *   what was written until then is of no use
 */
gboolean
sp_detail_encode (const SpItem *item, const SpRef *history, SpWriter *writer, GError **error)
{
  TextWriter text_writer = { writer, FALSE };
  gsize before;

  g_return_val_if_fail (item != NULL && writer != NULL, FALSE);

  if (!check_counts (item, error))
    return FALSE;
  if (is_too_long (item))
    return set_invalid (error, "The item is too large to be stored: 32 MiB is the limit.");

  before = sp_writer_get_length (writer);
  write_item (&text_writer, item);
  write_history (history, writer);
  if (text_writer.failed)
    return set_invalid (error, "A text of the item cannot be stored: it is not valid UTF-8.");
  if (sp_writer_get_length (writer) - before > SP_DETAIL_MAX_LEN)
    return set_invalid (error, "The item is too large to be stored: 32 MiB is the limit.");
  return TRUE;
}

static gint64
read_time (SpReader *reader)
{
  guint64 value;

  sp_reader_varint_max (reader, G_MAXINT64, &value);
  return (gint64) value;
}

/* NULL for the empty text, and on failure. */
static char *
read_text (SpReader *reader)
{
  const char *text;
  gsize len;

  if (!sp_reader_string (reader, &text, &len) || len == 0)
    return NULL;
  return g_strndup (text, len);
}

static SpSecret *
read_secret (SpReader *reader)
{
  const char *text;
  gsize len;

  sp_reader_string (reader, &text, &len);
  return sp_secret_new ((const guint8 *) text, len);
}

static void
read_field (SpReader *reader, GPtrArray *fields)
{
  SpField *field = g_new0 (SpField, 1);
  guint64 kind;

  sp_reader_varint_max (reader, SP_FIELD_KIND_MAX, &kind);
  field->kind = (SpFieldKind) kind;
  field->name = read_text (reader);
  field->label = read_text (reader);
  field->section = read_text (reader);
  field->value = read_secret (reader);
  /* A custom field has a label, be it an empty one. */
  if (field->name == NULL && field->label == NULL)
    field->label = g_strdup ("");
  g_ptr_array_add (fields, field);
}

static void
read_attachment (SpReader *reader, GPtrArray *attachments)
{
  SpAttachment *attachment = g_new0 (SpAttachment, 1);

  if (!sp_reader_varint_max (reader, SP_ATTACHMENT_NUMBER_MAX, &attachment->number) ||
      attachment->number == 0)
    sp_reader_fail (reader);
  sp_reader_copy (reader, attachment->key_id.bytes, SP_ID_LEN);
  attachment->name = read_text (reader);
  attachment->media_type = read_text (reader);
  if (attachment->name == NULL)
    attachment->name = g_strdup ("");
  if (attachment->media_type == NULL)
    attachment->media_type = g_strdup ("");
  sp_reader_varint (reader, &attachment->size);
  sp_reader_copy (reader, attachment->sha256, sizeof attachment->sha256);
  attachment->added_ms = read_time (reader);
  g_ptr_array_add (attachments, attachment);
}

static void
read_head (SpReader *reader, SpItem *item)
{
  guint64 type;
  guint64 flags;

  sp_reader_copy (reader, item->id.bytes, SP_ID_LEN);
  sp_reader_varint_max (reader, SP_ITEM_TYPE_MAX, &type);
  sp_reader_varint_max (reader, G_MAXUINT32, &flags);
  item->type = (SpItemType) type;
  item->favourite = (flags & SP_OVERVIEW_FAVOURITE) != 0;
  item->archived = (flags & SP_OVERVIEW_ARCHIVED) != 0;
  item->trashed = (flags & SP_OVERVIEW_TRASHED) != 0;
  item->unproven = (flags & SP_OVERVIEW_UNPROVEN) != 0;
  item->unknown_flags = (guint32) flags & ~(guint32) DETAIL_FLAGS;
  item->created_ms = read_time (reader);
  item->modified_ms = read_time (reader);
  item->trashed_ms = read_time (reader);
  item->expires_ms = read_time (reader);
}

static void
read_item (SpReader *reader, SpItem *item)
{
  const char *text;
  gsize len;
  guint64 n;

  read_head (reader, item);
  if (sp_reader_string (reader, &text, &len))
    sp_item_set_title (item, text);
  sp_secret_unref (item->notes);
  item->notes = read_secret (reader);

  sp_reader_varint_max (reader, SP_DETAIL_MAX_TAGS, &n);
  for (guint64 i = 0; i < n && !reader->failed; i++)
    if (sp_reader_string (reader, &text, &len))
      g_ptr_array_add (item->tags, g_strndup (text, len));
  sp_reader_varint_max (reader, SP_DETAIL_MAX_FIELDS, &n);
  for (guint64 i = 0; i < n && !reader->failed; i++)
    read_field (reader, item->fields);
  sp_reader_varint_max (reader, SP_ITEM_MAX_ATTACHMENTS, &n);
  for (guint64 i = 0; i < n && !reader->failed; i++)
    read_attachment (reader, item->attachments);
}

static gboolean
read_version (SpReader *reader, GError **error)
{
  guint8 version;

  sp_reader_u8 (reader, &version);
  if (version > SP_FORMAT_VERSION) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NEWER_FORMAT,
                         "The item was written by a newer version of SecurePass.");
    return FALSE;
  }
  if (version != SP_FORMAT_VERSION)
    sp_reader_fail (reader);
  return TRUE;
}

/**
 * sp_detail_decode:
 * @data: (array length=len): the content of a detail's frame
 * @len: its size in bytes
 * @out_history: (out) (optional): its newest history entry; all zero when there is none
 * @error: return location for a [error@VaultError]
 *
 * Reads a whole item, but for what its overview alone knows: number, revision, tag, use.
 *
 * Returns: (transfer full) (nullable): the item, or %NULL with @error set
 */
SpItem *
sp_detail_decode (const guint8 *data, gsize len, SpRef *out_history, GError **error)
{
  SpRef history = { 0 };
  guint8 has_history;
  g_autoptr (SpItem) item = sp_item_new (SP_ITEM_NOTE, NULL);
  SpReader reader;

  sp_reader_init (&reader, data, len);
  if (!read_version (&reader, error))
    return NULL;
  read_item (&reader, item);
  sp_reader_u8 (&reader, &has_history);
  if (has_history > 1)
    sp_reader_fail (&reader);
  if (has_history == 1)
    sp_ref_read (&reader, &history);
  if (!sp_reader_finish (&reader)) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED,
                         "The item's record is damaged.");
    return NULL;
  }
  if (out_history != NULL)
    *out_history = history;
  return g_steal_pointer (&item);
}

/**
 * sp_detail_relink:
 * @data: (array length=len): the content of a detail's frame
 * @len: its size in bytes
 * @history: (nullable): its newest history entry from now on
 * @scratch: a writer to work with
 * @writer: where to append it, the same but for that
 * @error: return location for a [error@VaultError]
 *
 * Returns: %FALSE with %SP_VAULT_ERROR_DAMAGED if it is not the content of a detail
 */
gboolean
sp_detail_relink (const guint8 *data,
                  gsize len,
                  const SpRef *history,
                  SpWriter *scratch,
                  SpWriter *writer,
                  GError **error)
{
  g_autoptr (SpItem) item = NULL;
  SpRef before;

  item = sp_detail_decode (data, len, &before, error);
  if (item == NULL)
    return FALSE;
  /* There is one way only to write it, and it stands at the end. */
  sp_writer_reset (scratch);
  write_history (before.number != 0 ? &before : NULL, scratch);
  sp_writer_fixed (writer, data, len - sp_writer_get_length (scratch));
  write_history (history, writer);
  return TRUE;
}

/**
 * sp_history_encode:
 * @entry: the version of an item that a change replaced
 * @writer: where to append the content of the entry's frame
 */
void
sp_history_encode (const SpHistoryEntry *entry, SpWriter *writer)
{
  g_return_if_fail (entry != NULL && writer != NULL);

  sp_writer_u8 (writer, SP_FORMAT_VERSION);
  sp_writer_varint (writer, entry->item_number);
  write_time (writer, entry->replaced_ms);
  sp_writer_u8 (writer, entry->has_previous ? 1 : 0);
  if (entry->has_previous)
    sp_ref_write (&entry->previous, writer);
  sp_writer_bytes (writer, entry->detail, entry->detail_len);
}

/**
 * sp_history_decode:
 * @data: (array length=len): the content of a history entry's frame
 * @len: its size in bytes
 * @out_entry: (out caller-allocates): what it says; its detail lies in @data, and is still to be decoded
 * @error: return location for a [error@VaultError]
 *
 * Returns: %FALSE with @error set if it is not one
 */
gboolean
sp_history_decode (const guint8 *data, gsize len, SpHistoryEntry *out_entry, GError **error)
{
  SpHistoryEntry entry = { 0 };
  SpReader reader;
  guint8 has_previous;

  g_return_val_if_fail (out_entry != NULL, FALSE);

  sp_reader_init (&reader, data, len);
  if (!read_version (&reader, error))
    return FALSE;
  if (!sp_reader_varint_max (&reader, SP_NUMBER_MAX, &entry.item_number) || entry.item_number == 0)
    sp_reader_fail (&reader);
  entry.replaced_ms = read_time (&reader);
  sp_reader_u8 (&reader, &has_previous);
  if (has_previous > 1)
    sp_reader_fail (&reader);
  entry.has_previous = has_previous == 1;
  if (entry.has_previous)
    sp_ref_read (&reader, &entry.previous);
  sp_reader_bytes (&reader, &entry.detail, &entry.detail_len);
  if (!sp_reader_finish (&reader)) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED,
                         "An earlier version of the item is damaged.");
    return FALSE;
  }
  *out_entry = entry;
  return TRUE;
}

/**
 * sp_draft_encode:
 * @entry: an item that is being edited
 * @writer: where to append the content of the draft's frame
 */
void
sp_draft_encode (const SpDraftEntry *entry, SpWriter *writer)
{
  g_return_if_fail (entry != NULL && writer != NULL);

  sp_writer_u8 (writer, SP_FORMAT_VERSION);
  sp_writer_varint (writer, entry->item_number);
  sp_writer_varint (writer, entry->revision);
  sp_writer_fixed (writer, entry->tag, sizeof entry->tag);
  write_time (writer, entry->saved_ms);
  sp_writer_bytes (writer, entry->detail, entry->detail_len);
}

static gboolean
starts_from_nothing (const SpDraftEntry *entry)
{
  static const guint8 zeros[SP_AEAD_TAG_LEN];

  return entry->revision == 0 && sp_bytes_equal (entry->tag, zeros, sizeof zeros);
}

/**
 * sp_draft_decode:
 * @data: (array length=len): the content of a draft's frame
 * @len: its size in bytes
 * @out_entry: (out caller-allocates): what it says; its detail lies in @data, and is still to be decoded
 * @error: return location for a [error@VaultError]
 *
 * Returns: %FALSE with @error set if it is not one
 */
gboolean
sp_draft_decode (const guint8 *data, gsize len, SpDraftEntry *out_entry, GError **error)
{
  SpDraftEntry entry = { 0 };
  SpReader reader;

  g_return_val_if_fail (out_entry != NULL, FALSE);

  sp_reader_init (&reader, data, len);
  if (!read_version (&reader, error))
    return FALSE;
  sp_reader_varint_max (&reader, SP_NUMBER_MAX, &entry.item_number);
  sp_reader_varint_max (&reader, SP_NUMBER_MAX, &entry.revision);
  sp_reader_copy (&reader, entry.tag, sizeof entry.tag);
  if (entry.item_number == 0 && !starts_from_nothing (&entry))
    sp_reader_fail (&reader);
  entry.saved_ms = read_time (&reader);
  sp_reader_bytes (&reader, &entry.detail, &entry.detail_len);
  if (!sp_reader_finish (&reader)) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED, "A draft is damaged.");
    return FALSE;
  }
  *out_entry = entry;
  return TRUE;
}
