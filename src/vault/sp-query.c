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

static gboolean
strings_equal (const GPtrArray *a, const GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    if (!g_str_equal (g_ptr_array_index (a, i), g_ptr_array_index (b, i)))
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
      self->archived != other->archived || self->expired != other->expired || self->all ||
      other->all || !strings_equal (self->tags, other->tags) ||
      !strings_equal (self->urls, other->urls) || !strings_equal (self->types, other->types) ||
      self->words->len < other->words->len || (other->words->len == 0) != (self->words->len == 0))
    return FALSE;
  for (guint i = 0; i < other->words->len; i++)
    if (strstr (g_ptr_array_index (self->words, i), g_ptr_array_index (other->words, i)) == NULL)
      return FALSE;
  return TRUE;
}

/* The n-th of the four groups of a folded text; its length. */
static const char *
get_group (const char *fold, gsize len, guint n, gsize *out_len)
{
  const char *end = fold + len;
  const char *next;

  for (; n > 0; n--) {
    const char *separator = memchr (fold, SP_FOLD_GROUP, (gsize) (end - fold));

    if (separator == NULL) {
      *out_len = 0;
      return end;
    }
    fold = separator + 1;
  }
  next = memchr (fold, SP_FOLD_GROUP, (gsize) (end - fold));
  *out_len = (gsize) ((next != NULL ? next : end) - fold);
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
  for (guint i = 0; i < self->types->len; i++)
    if (!has_type (record, g_ptr_array_index (self->types, i)))
      return FALSE;
  for (guint i = 0; i < self->urls->len; i++) {
    const char *value = g_ptr_array_index (self->urls, i);

    group = get_group (fold, record->fold_len, 2, &len);
    if (sp_scan (group, len, value, strlen (value)) == NULL)
      return FALSE;
  }
  for (guint i = 0; i < self->tags->len; i++) {
    group = get_group (fold, record->fold_len, 3, &len);
    if (!has_tag (group, len, g_ptr_array_index (self->tags, i)))
      return FALSE;
  }
  return TRUE;
}
