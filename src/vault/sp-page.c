/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-page"

#include "config.h"

#include "vault/sp-page.h"

#include <string.h>

#include "base/sp-wipe.h"
#include "vault/sp-vault-error.h"

/* The most that the folded text of a page can take: each string is followed by at most one separator,
 * and in the encoding each has at least two bytes besides its text. */
static gsize
get_fold_bound (gsize content_len)
{
  return content_len + SP_PAGE_MAX_ITEMS;
}

static void
fill_record (SpPageRecord *record, const SpOverviewHead *head, gsize offset, gsize len)
{
  record->number = head->number;
  record->modified_ms = head->modified_ms;
  record->expires_ms = head->expires_ms;
  record->offset = (guint32) offset;
  record->len = (guint32) len;
  record->use_count = head->use_count;
  record->type = (guint16) MIN (head->type, G_MAXUINT16);
  record->flags = (guint16) head->flags;
}

static gboolean
check_records (const SpOverviewBytes *spans, guint n, SpOverviewHead *heads)
{
  for (guint i = 0; i < n; i++) {
    if (!sp_overview_check (spans[i].data, spans[i].len, &heads[i]))
      return FALSE;
    if (i > 0 && heads[i].number <= heads[i - 1].number)
      return FALSE;
  }
  return TRUE;
}

/* Writes the folded text of all records to `fold`, and who has which part of it to the records. */
static gsize
fold_records (const SpOverviewHead *heads, guint n, SpPageRecord *records, char *fold)
{
  gsize position = 0;

  for (guint i = 0; i < n; i++) {
    gsize len = sp_overview_fold (&heads[i], fold + position);

    fold[position + len] = '\0';
    records[i].fold_offset = (guint32) position;
    records[i].fold_len = (guint32) len;
    position += len + 1;
  }
  /* The arena counts on it that there is nothing behind a page. */
  sp_wipe (fold + position, SP_OVERVIEW_FOLD_OVERHANG);
  return position;
}

/**
 * sp_page_new:
 * @arena: where it is to lie
 * @ref: how its index block names it
 * @content: the content of the page's frame
 * @len: its length in bytes
 * @error: return location for a [error@VaultError]
 *
 * Checks every overview of a page, copies the page and adds the folded text that searches read.
 *
 * Returns: (transfer full): the page, or `NULL` with DAMAGED when @content is not a page
 */
SpPage *
sp_page_new (SpArena *arena, const SpRef *ref, const guint8 *content, gsize len, GError **error)
{
  SpOverviewBytes spans[SP_PAGE_MAX_ITEMS];
  SpOverviewHead heads[SP_PAGE_MAX_ITEMS];
  gsize capacity, fixed_len;
  SpPageRecord *records;
  SpPage *self;
  guint8 *block;
  guint n;

  if (len > SP_PAGE_MAX_LEN || !sp_page_split (content, len, spans, &n) ||
      !check_records (spans, n, heads)) {
    g_set_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED,
                 "Page %" G_GUINT64_FORMAT " of the index does not have the form of one.",
                 ref->number);
    return NULL;
  }

  fixed_len = sizeof (SpPage) + n * sizeof (SpPageRecord);
  block = sp_arena_alloc (arena, fixed_len + len + get_fold_bound (len), &capacity);
  if (block == NULL) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_IO,
                         "There is not enough memory for the vault's index.");
    return NULL;
  }

  self = (SpPage *) (void *) block;
  records = (SpPageRecord *) (void *) (block + sizeof (SpPage));
  g_atomic_ref_count_init (&self->count);
  self->arena = sp_arena_ref (arena);
  self->ref = *ref;
  self->n_records = n;
  self->n_trashed = 0;
  for (guint i = 0; i < n; i++) {
    fill_record (&records[i], &heads[i], (gsize) (spans[i].data - content), spans[i].len);
    self->n_trashed += (records[i].flags & SP_OVERVIEW_TRASHED) != 0;
  }
  self->records = records;
  self->content = block + fixed_len;
  self->content_len = len;
  memcpy (block + fixed_len, content, len);
  self->fold = (const char *) block + fixed_len + len;
  self->fold_len = fold_records (heads, n, records, (char *) block + fixed_len + len);
  self->block_len = sp_arena_shrink (arena, block, capacity, fixed_len + len + self->fold_len);
  return self;
}

/**
 * sp_page_ref:
 * @self: a page
 *
 * Returns: (transfer full): @self
 */
SpPage *
sp_page_ref (SpPage *self)
{
  g_atomic_ref_count_inc (&self->count);
  return self;
}

/**
 * sp_page_unref:
 * @self: a page
 *
 * Drops a reference; with the last one the page is wiped.
 */
void
sp_page_unref (SpPage *self)
{
  SpArena *arena = self->arena;

  if (!g_atomic_ref_count_dec (&self->count))
    return;

  sp_arena_free (arena, self, self->block_len);
  sp_arena_unref (arena);
}

/**
 * sp_page_has_id:
 * @self: a page
 * @id: an item's id
 *
 * Returns: whether one of its overviews is of that item
 */
gboolean
sp_page_has_id (const SpPage *self, const SpId *id)
{
  for (guint i = 0; i < self->n_records; i++)
    if (sp_id_equal (self->content + self->records[i].offset, id))
      return TRUE;
  return FALSE;
}
