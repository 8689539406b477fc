/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-query"

#include "config.h"

#include "vault/sp-query.h"

#include <string.h>

#include "vault/sp-format.h"
#include "vault/sp-item-type.h"
#include "vault/sp-scan.h"

static SpQuery *
query_new_empty (void)
{
  SpQuery *self = g_new0 (SpQuery, 1);

  self->words = g_ptr_array_new_with_free_func (g_free);
  self->tags = g_ptr_array_new_with_free_func (g_free);
  self->urls = g_ptr_array_new_with_free_func (g_free);
  self->types = g_ptr_array_new_with_free_func (g_free);
  return self;
}

/**
 * sp_query_free:
 * @self: (transfer full): a query
 */
void
sp_query_free (SpQuery *self)
{
  g_ptr_array_unref (self->words);
  g_ptr_array_unref (self->tags);
  g_ptr_array_unref (self->urls);
  g_ptr_array_unref (self->types);
  g_free (self);
}

static void
copy_strings (GPtrArray *to, const GPtrArray *from)
{
  for (guint i = 0; i < from->len; i++)
    g_ptr_array_add (to, g_strdup (g_ptr_array_index (from, i)));
}

/**
 * sp_query_copy: (skip)
 * @self: a query
 *
 * Returns: (transfer full): the same
 */
SpQuery *
sp_query_copy (const SpQuery *self)
{
  SpQuery *copy = query_new_empty ();

  copy_strings (copy->words, self->words);
  copy_strings (copy->tags, self->tags);
  copy_strings (copy->urls, self->urls);
  copy_strings (copy->types, self->types);
  copy->favourite = self->favourite;
  copy->trashed = self->trashed;
  copy->archived = self->archived;
  copy->expired = self->expired;
  copy->all = self->all;
  return copy;
}

static gboolean
take_state (SpQuery *self, const char *value)
{
  if (g_str_equal (value, "favourite") || g_str_equal (value, "favorite"))
    self->favourite = TRUE;
  else if (g_str_equal (value, "trashed") || g_str_equal (value, "trash"))
    self->trashed = TRUE;
  else if (g_str_equal (value, "archived"))
    self->archived = TRUE;
  else if (g_str_equal (value, "expired"))
    self->expired = TRUE;
  else
    return FALSE;
  return TRUE;
}

static gboolean
take_filter (SpQuery *self, const char *token)
{
  const char *colon = strchr (token, ':');
  const char *value = colon != NULL ? colon + 1 : "";

  if (*value == '\0')
    return FALSE;
  if (g_str_has_prefix (token, "tag:"))
    g_ptr_array_add (self->tags, g_strdup (value));
  else if (g_str_has_prefix (token, "url:"))
    g_ptr_array_add (self->urls, g_strdup (value));
  else if (g_str_has_prefix (token, "type:"))
    g_ptr_array_add (self->types, g_strdup (value));
  else if (g_str_has_prefix (token, "is:"))
    return take_state (self, value);
  else if (g_str_equal (token, "in:all"))
    self->all = TRUE;
  else
    return FALSE;
  return TRUE;
}

static void
take_token (SpQuery *self, GString *token, gboolean quoted)
{
  if (token->len > 0 && (quoted || !take_filter (self, token->str)))
    g_ptr_array_add (self->words, g_strdup (token->str));
  g_string_truncate (token, 0);
}

/**
 * sp_query_new:
 * @text: what a person typed, UTF-8
 *
 * Returns: (transfer full): a query; whatever is not a filter is a word
 */
SpQuery *
sp_query_new (const char *text)
{
  SpQuery *self = query_new_empty ();
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *folded = sp_search_fold (valid);
  g_autoptr (GString) token = g_string_new (NULL);
  gboolean in_quotes = FALSE, starts_quoted = FALSE;

  for (const char *c = folded; *c != '\0'; c++) {
    if (*c == '"') {
      if (token->len == 0)
        starts_quoted = !in_quotes;
      in_quotes = !in_quotes;
    } else if (*c == ' ' && !in_quotes) {
      take_token (self, token, starts_quoted);
      starts_quoted = FALSE;
    } else {
      g_string_append_c (token, *c);
    }
  }
  take_token (self, token, starts_quoted);
  return self;
}

/**
 * sp_query_is_empty:
 * @self: a query
 *
 * Returns: whether it asks for nothing in particular
 */
gboolean
sp_query_is_empty (const SpQuery *self)
{
  return self->words->len == 0 && self->tags->len == 0 && self->urls->len == 0 &&
         self->types->len == 0 && !self->favourite && !self->trashed && !self->archived &&
         !self->expired;
}

/**
 * sp_query_wants_all:
 * @self: a query
 *
 * Returns: whether notes and fields are to be searched too
 */
gboolean
sp_query_wants_all (const SpQuery *self)
{
  return self->all;
}

/* Each of `before` begins one of `now`, in its order. */
static gboolean
values_grew (const GPtrArray *now, const GPtrArray *before)
{
  if (now->len < before->len)
    return FALSE;
  for (guint i = 0; i < before->len; i++)
    if (!g_str_has_prefix (g_ptr_array_index (now, i), g_ptr_array_index (before, i)))
      return FALSE;
  return TRUE;
}

/**
 * sp_query_narrows: (skip)
 * @self: a query
 * @other: an earlier one
 *
 * Returns: whether whatever @self finds, @other found too
 */
gboolean
sp_query_narrows (const SpQuery *self, const SpQuery *other)
{
  if (self->favourite != other->favourite || self->trashed != other->trashed ||
      self->archived != other->archived || self->all || other->all)
    return FALSE;
  /* Time goes on, and more expires. What is archived is in no list but when something is asked for. */
  if (self->expired || other->expired || sp_query_is_empty (other))
    return FALSE;
  return values_grew (self->words, other->words) && values_grew (self->tags, other->tags) &&
         values_grew (self->urls, other->urls) && values_grew (self->types, other->types);
}

/* The URLs, or the tags, of a folded text: the third and the last of its four groups, which are the nearer to its
 * end; their length. */
static const char *
get_group_from_end (const char *fold, gsize len, guint n, gsize *out_len)
{
  const char *end = fold + len;
  const char *separator = memrchr (fold, SP_FOLD_GROUP, len);

  for (; n > 0 && separator != NULL; n--) {
    end = separator;
    separator = memrchr (fold, SP_FOLD_GROUP, (gsize) (end - fold));
  }
  fold = separator != NULL ? separator + 1 : fold;
  *out_len = (gsize) (end - fold);
  return fold;
}

/* A tag, or one of its nested parts, begins with the value. */
static gboolean
has_tag (const char *tags, gsize len, const char *value)
{
  gsize value_len = strlen (value);
  const char *place = tags;

  while ((place = sp_scan (place, len - (gsize) (place - tags), value, value_len)) != NULL) {
    if (place == tags || place[-1] == SP_FOLD_STRING || place[-1] == '/')
      return TRUE;
    place++;
  }
  return FALSE;
}

static gboolean
has_type (const SpPageRecord *record, const char *value)
{
  const SpItemTypeInfo *info = sp_item_type_get_info ((SpItemType) record->type);

  return info != NULL && g_str_has_prefix (info->name, value);
}

/**
 * sp_query_filter: (skip)
 * @self: a query
 * @page: a page
 * @record: one of its records
 * @now_ms: the time
 *
 * Who asks for nothing in particular sees nothing that was put into the archive.
 *
 * Returns: whether everything holds that is not a word
 */
gboolean
sp_query_filter (const SpQuery *self, const SpPage *page, const SpPageRecord *record, gint64 now_ms)
{
  const char *fold = page->fold + record->fold_offset;
  const char *group;
  gsize len;

  if (((record->flags & SP_OVERVIEW_TRASHED) != 0) != self->trashed ||
      (self->favourite && (record->flags & SP_OVERVIEW_FAVOURITE) == 0) ||
      (self->archived && (record->flags & SP_OVERVIEW_ARCHIVED) == 0) ||
      (self->expired && (record->expires_ms == 0 || record->expires_ms > now_ms)))
    return FALSE;
  if ((record->flags & SP_OVERVIEW_ARCHIVED) != 0 && !self->archived && sp_query_is_empty (self))
    return FALSE;
  for (guint i = 0; i < self->types->len; i++)
    if (!has_type (record, g_ptr_array_index (self->types, i)))
      return FALSE;
  for (guint i = 0; i < self->urls->len; i++) {
    const char *value = g_ptr_array_index (self->urls, i);

    group = get_group_from_end (fold, record->fold_len, 1, &len);
    if (sp_scan (group, len, value, strlen (value)) == NULL)
      return FALSE;
  }
  for (guint i = 0; i < self->tags->len; i++) {
    group = get_group_from_end (fold, record->fold_len, 0, &len);
    if (!has_tag (group, len, g_ptr_array_index (self->tags, i)))
      return FALSE;
  }
  return TRUE;
}
