/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One item, or one overview, as JSON (docs/EXPORT.md). A field of the type's template is named by its
 * `name`, which never changes, and has no label; a custom field has a label and no name. Times are ISO 8601 in
 * UTC; what is not there is null, never a missing key. */

#define G_LOG_DOMAIN "sp-export-item"

#include "config.h"

#include "base/sp-clock.h"
#include "base/sp-encoding.h"
#include "formats/sp-export.h"

static void
write_string (SpJsonWriter *writer, const char *key, const char *value)
{
  sp_json_key (writer, key);
  sp_json_string (writer, value);
}

static void
write_bool (SpJsonWriter *writer, const char *key, gboolean value)
{
  sp_json_key (writer, key);
  sp_json_bool (writer, value);
}

static void
write_int (SpJsonWriter *writer, const char *key, guint64 value)
{
  sp_json_key (writer, key);
  sp_json_int (writer, (gint64) value);
}

/* 0 is "never" or "not known". */
static void
write_time (SpJsonWriter *writer, const char *key, gint64 ms)
{
  g_autofree char *text = ms != 0 ? sp_time_to_iso8601 (ms) : NULL;

  write_string (writer, key, text);
}

static void
write_id (SpJsonWriter *writer, const SpId *id)
{
  char text[SP_ID_STRING_LEN + 1];

  sp_id_to_string (id, text);
  write_string (writer, "id", text);
}

/* A type of a later version has a number only. */
static void
write_type (SpJsonWriter *writer, SpItemType type)
{
  const SpItemTypeInfo *info = sp_item_type_get_info (type);
  char number[16];

  g_snprintf (number, sizeof number, "%u", (guint) type);
  write_string (writer, "type", info != NULL ? info->name : number);
}

static void
write_tags (SpJsonWriter *writer, const GPtrArray *tags)
{
  sp_json_key (writer, "tags");
  sp_json_begin_array (writer);
  for (guint i = 0; i < tags->len; i++)
    sp_json_string (writer, g_ptr_array_index (tags, i));
  sp_json_end_array (writer);
}

static void
write_field (SpJsonWriter *writer, const SpField *field, SpExportFlags flags)
{
  sp_json_begin_object (writer);
  write_string (writer, "name", field->name);
  write_string (writer, "label", field->label);
  write_string (writer, "section", field->section);
  write_string (writer, "kind", sp_field_kind_to_name (field->kind));
  sp_json_key (writer, "value");
  if ((flags & SP_EXPORT_CONCEAL) != 0 && sp_field_kind_is_secret (field->kind))
    sp_json_null (writer);
  else
    sp_json_secret (writer, field->value);
  sp_json_end_object (writer);
}

static void
write_fields (SpJsonWriter *writer, const GPtrArray *fields, SpExportFlags flags)
{
  sp_json_key (writer, "fields");
  sp_json_begin_array (writer);
  for (guint i = 0; i < fields->len; i++)
    write_field (writer, g_ptr_array_index (fields, i), flags);
  sp_json_end_array (writer);
}

static void
write_attachment (SpJsonWriter *writer, const SpAttachment *attachment)
{
  g_autofree char *hash = sp_hex_encode (attachment->sha256, sizeof attachment->sha256);

  sp_json_begin_object (writer);
  write_string (writer, "name", attachment->name);
  write_string (writer, "media_type", attachment->media_type);
  write_int (writer, "size", attachment->size);
  write_string (writer, "sha256", hash);
  write_time (writer, "added", attachment->added_ms);
  sp_json_end_object (writer);
}

static void
write_attachments (SpJsonWriter *writer, const GPtrArray *attachments)
{
  sp_json_key (writer, "attachments");
  sp_json_begin_array (writer);
  for (guint i = 0; i < attachments->len; i++)
    write_attachment (writer, g_ptr_array_index (attachments, i));
  sp_json_end_array (writer);
}

/* What every version of an item has. */
static void
write_content (SpJsonWriter *writer, const SpItem *item, SpExportFlags flags)
{
  write_type (writer, item->type);
  write_string (writer, "title", item->title);
  write_bool (writer, "favourite", item->favourite);
  write_bool (writer, "archived", item->archived);
  write_time (writer, "created", item->created_ms);
  write_time (writer, "modified", item->modified_ms);
  write_time (writer, "expires", item->expires_ms);
  write_tags (writer, item->tags);
  write_fields (writer, item->fields, flags);
  sp_json_key (writer, "notes");
  sp_json_secret (writer, item->notes);
  write_attachments (writer, item->attachments);
}

/**
 * sp_export_write_item:
 * @writer: a writer, where a value may stand
 * @item: an item
 * @history: (nullable) (element-type SpItem): its earlier versions, newest first; %NULL leaves them out
 * @flags: whether to conceal
 *
 * Writes one object with everything of an item.
 */
void
sp_export_write_item (SpJsonWriter *writer,
                      const SpItem *item,
                      const GPtrArray *history,
                      SpExportFlags flags)
{
  g_return_if_fail (writer != NULL && item != NULL);

  sp_json_begin_object (writer);
  write_id (writer, &item->id);
  write_content (writer, item, flags);
  write_bool (writer, "trashed", item->trashed);
  write_time (writer, "trashed_at", item->trashed_ms);
  write_time (writer, "used", item->used_ms);
  write_int (writer, "use_count", item->use_count);
  write_bool (writer, "unproven", item->unproven);
  if (history != NULL) {
    sp_json_key (writer, "history");
    sp_json_begin_array (writer);
    for (guint i = 0; i < history->len; i++) {
      sp_json_begin_object (writer);
      write_content (writer, g_ptr_array_index (history, i), flags);
      sp_json_end_object (writer);
    }
    sp_json_end_array (writer);
  }
  sp_json_end_object (writer);
}

static void
write_strings (SpJsonWriter *writer,
               const char *key,
               const SpOverview *overview,
               guint n,
               const char *(*get) (const SpOverview *overview, guint index))
{
  sp_json_key (writer, key);
  sp_json_begin_array (writer);
  for (guint i = 0; i < n; i++)
    sp_json_string (writer, get (overview, i));
  sp_json_end_array (writer);
}

/**
 * sp_export_write_overview:
 * @writer: a writer, where a value may stand
 * @overview: an overview
 *
 * Writes one object with what an item's row in a list says; no detail is decrypted for it.
 */
void
sp_export_write_overview (SpJsonWriter *writer, const SpOverview *overview)
{
  g_return_if_fail (writer != NULL && overview != NULL);

  sp_json_begin_object (writer);
  write_id (writer, overview->id);
  write_type (writer, overview->type);
  write_string (writer, "title", overview->title);
  write_string (writer, "username", overview->subtitle);
  write_strings (writer, "urls", overview, overview->n_urls, sp_overview_get_url);
  write_strings (writer, "tags", overview, overview->n_tags, sp_overview_get_tag);
  write_bool (writer, "favourite", (overview->flags & SP_OVERVIEW_FAVOURITE) != 0);
  write_bool (writer, "archived", (overview->flags & SP_OVERVIEW_ARCHIVED) != 0);
  write_bool (writer, "trashed", (overview->flags & SP_OVERVIEW_TRASHED) != 0);
  write_time (writer, "created", overview->created_ms);
  write_time (writer, "modified", overview->modified_ms);
  write_time (writer, "expires", overview->expires_ms);
  write_time (writer, "used", overview->used_ms);
  write_time (writer, "trashed_at", overview->trashed_ms);
  sp_json_end_object (writer);
}
