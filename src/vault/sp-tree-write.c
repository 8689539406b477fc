/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Writing what changed of a tree: pages and blocks are split, merged and dropped, and then sealed. */

#define G_LOG_DOMAIN "sp-tree"

#include "config.h"

#include "vault/sp-tree-private.h"
#include "vault/sp-vault-error.h"

#define FRAME_HEAD 4
/* Below a quarter of its limits a changed page is merged with a neighbour that has room. */
#define SMALL_PAGE_ITEMS (SP_PAGE_MAX_ITEMS / 4)
#define SMALL_PAGE_LEN   (SP_PAGE_TARGET_LEN / 4)

/**
 * sp_tree_page_is_over: (skip)
 * @self: a tree
 * @page: a loaded page
 *
 * Returns: whether it is to be split
 */
gboolean
sp_tree_page_is_over (const SpTree *self, const SpTreePage *page)
{
  gsize limit = self->late ? SP_PAGE_LATE_LEN : SP_PAGE_TARGET_LEN;

  return page->entries->len > SP_PAGE_MAX_ITEMS || (page->len > limit && page->entries->len > 1);
}

static void
put_page_content (const SpTreePage *page, SpWriter *writer)
{
  sp_writer_u8 (writer, 1);
  sp_writer_varint (writer, page->entries->len);
  for (guint i = 0; i < page->entries->len; i++) {
    const SpTreeEntry *entry = &g_array_index (page->entries, SpTreeEntry, i);

    sp_writer_bytes (writer, entry->data, entry->len);
  }
}

/**
 * sp_tree_page_write: (skip)
 * @self: a tree
 * @page: a loaded page
 * @error: return location for an error
 *
 * Writes the page's record, and replaces its entries by the page as it lies in memory.
 *
 * Returns: whether that was done
 */
gboolean
sp_tree_page_write (SpTree *self, SpTreePage *page, GError **error)
{
  SpWriter *writer = sp_record_begin (self->store.cipher);
  SpRecordName name = { SP_TABLE_PAGE, page->number, self->store.revision, NULL };
  SpRecordBytes record;
  const guint8 *plain;
  SpPage *written;
  gsize len;
  SpRef ref;

  put_page_content (page, writer);
  len = sp_writer_get_length (writer) - FRAME_HEAD;

  if (name.number == 0)
    name.number = (*self->store.next_number)++;
  if (!sp_record_seal (self->store.cipher, &name, &record, error) ||
      !sp_records_put (self->store.db, SP_RECORDS_PAGE, name.number, name.revision, record.data,
                       record.len, error))
    return FALSE;

  sp_record_get_ref (&name, &record, &ref);
  plain = sp_writer_peek (writer, NULL);
  written = sp_page_new (self->store.arena, &ref, plain + FRAME_HEAD, len, error);
  if (written == NULL)
    return FALSE;

  sp_tree_page_drop_entries (self, page);
  g_clear_pointer (&page->base, sp_page_unref);
  page->base = written;
  page->number = name.number;
  page->dirty = FALSE;
  return TRUE;
}

static void
move_entries (SpTreePage *from, guint first, SpTreePage *to)
{
  for (guint i = first; i < from->entries->len; i++) {
    SpTreeEntry entry = g_array_index (from->entries, SpTreeEntry, i);

    /* Both pages keep the bytes alive: they are written, and their entries dropped, together. */
    g_array_append_val (to->entries, entry);
    to->len += sp_tree_entry_len (entry.len);
    from->len -= sp_tree_entry_len (entry.len);
  }
  g_array_set_size (from->entries, first);
}

/* Halves a page by its length until each part is within the limits. */
static void
split_page (SpTreeBlock *block, guint index)
{
  SpTreePage *page = g_ptr_array_index (block->pages, index);
  SpTreePage *second = g_new0 (SpTreePage, 1);
  gsize len = SP_TREE_PAGE_OVERHEAD;
  guint first = 0;

  while (first < page->entries->len - 1 && (first == 0 || len < page->len / 2)) {
    len += sp_tree_entry_len (g_array_index (page->entries, SpTreeEntry, first).len);
    first++;
  }
  sp_tree_page_load (second);
  if (page->base != NULL)
    second->base = sp_page_ref (page->base);
  move_entries (page, first, second);
  second->dirty = TRUE;
  g_ptr_array_insert (block->pages, (int) index + 1, second);
}

static gboolean
pages_fit_together (const SpTreePage *a, const SpTreePage *b)
{
  return a->entries->len + b->entries->len <= SP_PAGE_MAX_ITEMS * 3 / 4 &&
         a->len + b->len <= SP_PAGE_TARGET_LEN * 3 / 4;
}

static gboolean
page_is_small (const SpTreePage *page)
{
  return page->entries->len < SMALL_PAGE_ITEMS && page->len < SMALL_PAGE_LEN;
}

static gboolean
drop_page (SpTree *self, SpTreeBlock *block, guint index, GError **error)
{
  SpTreePage *page = g_ptr_array_index (block->pages, index);

  if (page->number != 0 &&
      !sp_records_delete (self->store.db, SP_RECORDS_PAGE, page->number, error))
    return FALSE;
  sp_tree_page_free (self, page);
  g_ptr_array_remove_index (block->pages, index);
  return TRUE;
}

/* Moves the content of a small page into the one before it. New bytes are copied, since the page that
 * they lie in goes. */
static gboolean
merge_pages (SpTree *self, SpTreeBlock *block, guint index, GError **error)
{
  SpTreePage *before = g_ptr_array_index (block->pages, index - 1);
  SpTreePage *page = g_ptr_array_index (block->pages, index);

  for (guint i = 0; i < page->entries->len; i++) {
    const SpTreeEntry *entry = &g_array_index (page->entries, SpTreeEntry, i);
    SpTreeEntry copy;

    if (!sp_tree_entry_init (self, &copy, entry->number,
                             (SpOverviewBytes){ entry->data, entry->len }, error))
      return FALSE;
    g_array_append_val (before->entries, copy);
    before->len += sp_tree_entry_len (copy.len);
  }
  before->dirty = TRUE;
  return drop_page (self, block, index, error);
}

static gboolean
balance_block (SpTree *self, SpTreeBlock *block, GError **error)
{
  guint i = 0;

  while (i < block->pages->len) {
    SpTreePage *page = g_ptr_array_index (block->pages, i);

    if (!page->dirty) {
      i++;
    } else if (page->entries->len == 0) {
      if (!drop_page (self, block, i, error))
        return FALSE;
    } else if (sp_tree_page_is_over (self, page)) {
      split_page (block, i);
    } else if (i > 0 && page_is_small (page)) {
      SpTreePage *before = g_ptr_array_index (block->pages, i - 1);

      sp_tree_page_load (before);
      if (!pages_fit_together (before, page))
        i++;
      else if (!merge_pages (self, block, i, error))
        return FALSE;
    } else {
      i++;
    }
  }
  return TRUE;
}

/* A block that outgrew its limit is cut into halves. */
static void
split_block (SpTree *self, guint index)
{
  SpTreeBlock *block = g_ptr_array_index (self->blocks, index);
  SpTreeBlock *second = g_new0 (SpTreeBlock, 1);
  guint first = block->pages->len / 2;

  second->pages = g_ptr_array_new ();
  second->dirty = TRUE;
  for (guint i = first; i < block->pages->len; i++)
    g_ptr_array_add (second->pages, g_ptr_array_index (block->pages, i));
  g_ptr_array_set_size (block->pages, (int) first);
  g_ptr_array_insert (self->blocks, (int) index + 1, second);
}

static gboolean
write_block (SpTree *self, SpTreeBlock *block, GError **error)
{
  SpPageRef pages[SP_BLOCK_MAX_PAGES];
  SpRecordName name = { SP_TABLE_INDEX_BLOCK, block->ref.number, self->store.revision, NULL };
  SpRecordBytes record;

  for (guint i = 0; i < block->pages->len; i++) {
    SpTreePage *page = g_ptr_array_index (block->pages, i);

    if (page->dirty && !sp_tree_page_write (self, page, error))
      return FALSE;
    pages[i].ref = page->base->ref;
    pages[i].n_items = page->base->n_records;
    pages[i].first_number = page->base->records[0].number;
  }

  sp_index_block_encode (pages, block->pages->len, sp_record_begin (self->store.cipher));
  if (name.number == 0)
    name.number = (*self->store.next_number)++;
  if (!sp_record_seal (self->store.cipher, &name, &record, error) ||
      !sp_records_put (self->store.db, SP_RECORDS_INDEX_BLOCK, name.number, name.revision,
                       record.data, record.len, error))
    return FALSE;
  sp_record_get_ref (&name, &record, &block->ref);
  block->dirty = FALSE;
  return TRUE;
}

static gboolean
write_blocks (SpTree *self, GError **error)
{
  guint i = 0;

  while (i < self->blocks->len) {
    SpTreeBlock *block = g_ptr_array_index (self->blocks, i);

    if (!block->dirty) {
      i++;
      continue;
    }
    if (!balance_block (self, block, error))
      return FALSE;
    if (block->pages->len == 0) {
      if (block->ref.number != 0 &&
          !sp_records_delete (self->store.db, SP_RECORDS_INDEX_BLOCK, block->ref.number, error))
        return FALSE;
      sp_tree_block_free (self, block);
      g_ptr_array_remove_index (self->blocks, i);
      continue;
    }
    while (block->pages->len > SP_BLOCK_MAX_PAGES)
      split_block (self, i);
    if (!write_block (self, block, error))
      return FALSE;
    i++;
  }
  return TRUE;
}

static SpSnapshot *
make_snapshot (SpTree *self, GArray *out_blocks)
{
  GPtrArray *pages = g_ptr_array_new ();
  SpSnapshotBlock *blocks = g_new0 (SpSnapshotBlock, self->blocks->len + 1);
  guint n_pages;

  for (guint i = 0; i < self->blocks->len; i++) {
    SpTreeBlock *block = g_ptr_array_index (self->blocks, i);
    guint n = block->pages != NULL ? block->pages->len : block->n_pages;

    blocks[i].ref = block->ref;
    blocks[i].first_page = pages->len;
    blocks[i].n_pages = n;
    g_array_append_val (out_blocks, block->ref);
    for (guint j = 0; j < n; j++) {
      SpPage *page = block->pages != NULL
                         ? ((SpTreePage *) g_ptr_array_index (block->pages, j))->base
                         : self->snapshot->pages[block->first_page + j];

      g_ptr_array_add (pages, sp_page_ref (page));
    }
  }
  n_pages = pages->len;
  return sp_snapshot_new_take (self->store.revision, (SpPage **) g_ptr_array_free (pages, FALSE),
                               n_pages, blocks, self->blocks->len);
}

/**
 * sp_tree_finish:
 * @self: a tree
 * @out_blocks: (element-type SpRef): an empty array for the refs of the index blocks
 * @error: return location for an error
 *
 * Writes the pages and blocks that changed. The tree must not be changed any more.
 *
 * Returns: (transfer full): the overviews from now on, or `NULL` with @error set
 */
SpSnapshot *
sp_tree_finish (SpTree *self, GArray *out_blocks, GError **error)
{
  if (!write_blocks (self, error))
    return NULL;
  if (self->blocks->len > SP_SEAL_MAX_BLOCKS) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID,
                         "A vault cannot hold that many items.");
    return NULL;
  }
  return make_snapshot (self, out_blocks);
}
