/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Finding and changing overviews; sp-tree-write.c brings what changed into pages and blocks. */

#define G_LOG_DOMAIN "sp-tree"

#include "config.h"

#include <string.h>

#include "vault/sp-tree-private.h"
#include "vault/sp-vault-error.h"

static void
entry_clear (SpTree *self, SpTreeEntry *entry)
{
  if (entry->capacity > 0) {
    /* The block was ours to write; the pointer is const for readers only. */
    union {
      const guint8 *read;
      guint8 *write;
    } bytes = { .read = entry->data };

    sp_arena_free (self->store.arena, bytes.write, entry->capacity);
  }
}

/**
 * sp_tree_page_drop_entries: (skip)
 * @self: a tree
 * @page: one of its pages
 *
 * Forgets the entries, which then are those of the page as last written.
 */
void
sp_tree_page_drop_entries (SpTree *self, SpTreePage *page)
{
  if (page->entries == NULL)
    return;
  for (guint i = 0; i < page->entries->len; i++)
    entry_clear (self, &g_array_index (page->entries, SpTreeEntry, i));
  g_clear_pointer (&page->entries, g_array_unref);
}

/**
 * sp_tree_page_free: (skip)
 * @self: a tree
 * @page: (transfer full): one of its pages
 *
 * Frees it.
 */
void
sp_tree_page_free (SpTree *self, SpTreePage *page)
{
  sp_tree_page_drop_entries (self, page);
  g_clear_pointer (&page->base, sp_page_unref);
  g_free (page);
}

/**
 * sp_tree_block_free: (skip)
 * @self: a tree
 * @block: (transfer full): one of its blocks
 *
 * Frees it, with its pages.
 */
void
sp_tree_block_free (SpTree *self, SpTreeBlock *block)
{
  if (block->pages != NULL) {
    for (guint i = 0; i < block->pages->len; i++)
      sp_tree_page_free (self, g_ptr_array_index (block->pages, i));
    g_ptr_array_unref (block->pages);
  }
  g_free (block);
}

/**
 * sp_tree_new_empty:
 * @store: where it will be written to
 *
 * Returns: (transfer full): a tree without items
 */
SpTree *
sp_tree_new_empty (const SpTreeStore *store)
{
  SpTree *self = g_new0 (SpTree, 1);

  self->store = *store;
  self->blocks = g_ptr_array_new ();
  return self;
}

/**
 * sp_tree_new:
 * @snapshot: the overviews as they are
 * @store: where changes will be written to
 *
 * Returns: (transfer full): a tree with the items of @snapshot
 */
SpTree *
sp_tree_new (SpSnapshot *snapshot, const SpTreeStore *store)
{
  SpTree *self = sp_tree_new_empty (store);

  self->snapshot = sp_snapshot_ref (snapshot);
  for (guint i = 0; i < snapshot->n_blocks; i++) {
    SpTreeBlock *block = g_new0 (SpTreeBlock, 1);

    block->ref = snapshot->blocks[i].ref;
    block->first_page = snapshot->blocks[i].first_page;
    block->n_pages = snapshot->blocks[i].n_pages;
    g_ptr_array_add (self->blocks, block);
  }
  return self;
}

/**
 * sp_tree_free:
 * @self: a tree
 *
 * Frees it; what was not finished is forgotten.
 */
void
sp_tree_free (SpTree *self)
{
  for (guint i = 0; i < self->blocks->len; i++)
    sp_tree_block_free (self, g_ptr_array_index (self->blocks, i));
  g_ptr_array_unref (self->blocks);
  g_clear_pointer (&self->snapshot, sp_snapshot_unref);
  g_free (self);
}

static void
load_block (SpTree *self, SpTreeBlock *block)
{
  if (block->pages != NULL)
    return;

  block->pages = g_ptr_array_sized_new (block->n_pages);
  for (guint i = 0; i < block->n_pages; i++) {
    SpTreePage *page = g_new0 (SpTreePage, 1);

    page->base = sp_page_ref (self->snapshot->pages[block->first_page + i]);
    page->number = page->base->ref.number;
    g_ptr_array_add (block->pages, page);
  }
}

/**
 * sp_tree_page_load: (skip)
 * @page: a page
 *
 * Gives it entries, if it has none yet.
 */
void
sp_tree_page_load (SpTreePage *page)
{
  if (page->entries != NULL)
    return;

  page->entries = g_array_sized_new (FALSE, FALSE, sizeof (SpTreeEntry), SP_PAGE_MAX_ITEMS + 1);
  page->len = SP_TREE_PAGE_OVERHEAD;
  if (page->base == NULL)
    return;
  for (guint i = 0; i < page->base->n_records; i++) {
    const SpPageRecord *record = &page->base->records[i];
    SpTreeEntry entry = { record->number, page->base->content + record->offset, record->len, 0 };

    g_array_append_val (page->entries, entry);
    page->len += sp_tree_entry_len (entry.len);
  }
}

static guint64
page_first_number (const SpTreePage *page)
{
  if (page->entries != NULL)
    return page->entries->len > 0 ? g_array_index (page->entries, SpTreeEntry, 0).number : 0;
  return page->base->records[0].number;
}

static guint64
block_first_number (const SpTree *self, const SpTreeBlock *block)
{
  if (block->pages == NULL)
    return self->snapshot->pages[block->first_page]->records[0].number;
  for (guint i = 0; i < block->pages->len; i++) {
    guint64 number = page_first_number (g_ptr_array_index (block->pages, i));

    if (number != 0)
      return number;
  }
  return 0;
}

/* Emptied blocks and pages count as lying before everything: the search steps back over them. */
static SpTreeBlock *
find_block (SpTree *self, guint64 number)
{
  for (guint i = self->blocks->len; i > 0; i--) {
    SpTreeBlock *block = g_ptr_array_index (self->blocks, i - 1);
    guint64 first = block_first_number (self, block);

    if (first != 0 && first <= number)
      return block;
  }
  return NULL;
}

static SpTreePage *
find_page (SpTreeBlock *block, guint64 number)
{
  for (guint i = block->pages->len; i > 0; i--) {
    SpTreePage *page = g_ptr_array_index (block->pages, i - 1);
    guint64 first = page_first_number (page);

    if (first != 0 && first <= number)
      return page;
  }
  return NULL;
}

static SpTreeEntry *
find_entry (SpTree *self, guint64 number, SpTreeBlock **out_block, SpTreePage **out_page)
{
  SpTreeBlock *block = find_block (self, number);
  SpTreePage *page;

  if (block == NULL)
    return NULL;
  load_block (self, block);
  page = find_page (block, number);
  if (page == NULL)
    return NULL;
  sp_tree_page_load (page);

  for (guint i = 0; i < page->entries->len; i++) {
    SpTreeEntry *entry = &g_array_index (page->entries, SpTreeEntry, i);

    if (entry->number == number) {
      *out_block = block;
      *out_page = page;
      return entry;
    }
  }
  return NULL;
}

/**
 * sp_tree_find:
 * @self: a tree
 * @number: an item's number
 * @out_overview: (out): its overview, valid until the tree is changed
 *
 * Returns: whether there is such an item
 */
gboolean
sp_tree_find (SpTree *self, guint64 number, SpOverviewBytes *out_overview)
{
  SpTreeBlock *block;
  SpTreePage *page;
  const SpTreeEntry *entry = find_entry (self, number, &block, &page);

  if (entry == NULL)
    return FALSE;
  out_overview->data = entry->data;
  out_overview->len = entry->len;
  return TRUE;
}

static gboolean
page_has_id (const SpTreePage *page, const SpId *id)
{
  /* An overview begins with the item's id (VAULT-FORMAT.md §6.3). */
  if (page->entries == NULL)
    return sp_page_has_id (page->base, id);
  for (guint i = 0; i < page->entries->len; i++)
    if (sp_id_equal (g_array_index (page->entries, SpTreeEntry, i).data, id))
      return TRUE;
  return FALSE;
}

/**
 * sp_tree_has_id:
 * @self: a tree
 * @id: an item's id
 *
 * Looks through all items.
 *
 * Returns: whether there is such an item
 */
gboolean
sp_tree_has_id (const SpTree *self, const SpId *id)
{
  for (guint i = 0; i < self->blocks->len; i++) {
    const SpTreeBlock *block = g_ptr_array_index (self->blocks, i);
    guint n = block->pages != NULL ? block->pages->len : block->n_pages;

    for (guint j = 0; j < n; j++)
      if (block->pages != NULL ? page_has_id (g_ptr_array_index (block->pages, j), id)
                               : sp_page_has_id (self->snapshot->pages[block->first_page + j], id))
        return TRUE;
  }
  return FALSE;
}

/**
 * sp_tree_entry_init: (skip)
 * @self: a tree
 * @entry: (out caller-allocates): the entry
 * @number: the number of an item
 * @overview: its overview; copied
 * @error: return location for an error
 *
 * Returns: whether there was memory for it
 */
gboolean
sp_tree_entry_init (SpTree *self,
                    SpTreeEntry *entry,
                    guint64 number,
                    SpOverviewBytes overview,
                    GError **error)
{
  guint8 *copy = sp_arena_alloc (self->store.arena, overview.len, &entry->capacity);

  if (copy == NULL) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_IO,
                         "There is not enough memory for the change.");
    return FALSE;
  }
  memcpy (copy, overview.data, overview.len);
  entry->number = number;
  entry->data = copy;
  entry->len = overview.len;
  return TRUE;
}

static void
mark_dirty (SpTreeBlock *block, SpTreePage *page)
{
  block->dirty = TRUE;
  page->dirty = TRUE;
}

/**
 * sp_tree_replace:
 * @self: a tree
 * @number: the number of an item in it
 * @overview: its new overview; copied
 * @error: return location for an error
 *
 * Returns: whether there was memory for it
 */
gboolean
sp_tree_replace (SpTree *self, guint64 number, SpOverviewBytes overview, GError **error)
{
  SpTreeBlock *block;
  SpTreePage *page;
  SpTreeEntry *entry = find_entry (self, number, &block, &page);
  SpTreeEntry changed;

  g_return_val_if_fail (entry != NULL, FALSE);

  if (!sp_tree_entry_init (self, &changed, number, overview, error))
    return FALSE;
  page->len += sp_tree_entry_len (changed.len) - sp_tree_entry_len (entry->len);
  entry_clear (self, entry);
  *entry = changed;
  mark_dirty (block, page);
  return TRUE;
}

/**
 * sp_tree_remove:
 * @self: a tree
 * @number: the number of an item in it
 *
 * Takes an item out.
 */
void
sp_tree_remove (SpTree *self, guint64 number)
{
  SpTreeBlock *block;
  SpTreePage *page;
  SpTreeEntry *entry = find_entry (self, number, &block, &page);

  g_return_if_fail (entry != NULL);

  page->len -= sp_tree_entry_len (entry->len);
  entry_clear (self, entry);
  g_array_remove_index (page->entries,
                        (guint) (entry - &g_array_index (page->entries, SpTreeEntry, 0)));
  mark_dirty (block, page);
}

/**
 * sp_tree_put_off_splits:
 * @self: a tree
 *
 * Lets a page that has just become too large be split by the next change of it, not by this one.
 */
void
sp_tree_put_off_splits (SpTree *self)
{
  self->late = TRUE;
}

static SpTreePage *
last_page (SpTree *self, SpTreeBlock **out_block)
{
  SpTreeBlock *block;

  if (self->blocks->len == 0)
    return NULL;
  block = g_ptr_array_index (self->blocks, self->blocks->len - 1);
  load_block (self, block);
  *out_block = block;
  return block->pages->len > 0 ? g_ptr_array_index (block->pages, block->pages->len - 1) : NULL;
}

static SpTreePage *
add_page (SpTree *self, SpTreeBlock **inout_block)
{
  SpTreePage *page = g_new0 (SpTreePage, 1);
  SpTreeBlock *block = *inout_block;

  if (block == NULL || block->pages->len >= SP_BLOCK_MAX_PAGES) {
    block = g_new0 (SpTreeBlock, 1);
    block->pages = g_ptr_array_new ();
    g_ptr_array_add (self->blocks, block);
    *inout_block = block;
  }
  g_ptr_array_add (block->pages, page);
  sp_tree_page_load (page);
  return page;
}

/**
 * sp_tree_append:
 * @self: a tree
 * @number: a number above all in the tree
 * @overview: the overview of the new item; copied
 * @error: return location for an error
 *
 * Adds an item at the end. A page that is full by now is written at once, so that a large import does
 * not hold all overviews twice.
 *
 * Returns: whether that was done
 */
gboolean
sp_tree_append (SpTree *self, guint64 number, SpOverviewBytes overview, GError **error)
{
  SpTreeBlock *block = NULL;
  SpTreePage *page = last_page (self, &block);
  SpTreeEntry entry;

  if (page != NULL) {
    sp_tree_page_load (page);
    if (page->entries->len >= SP_PAGE_MAX_ITEMS ||
        (page->len + sp_tree_entry_len (overview.len) > SP_PAGE_FILL_LEN &&
         page->entries->len > 0)) {
      if (page->dirty && !sp_tree_page_is_over (self, page) &&
          !sp_tree_page_write (self, page, error))
        return FALSE;
      page = NULL;
    }
  }
  if (page == NULL)
    page = add_page (self, &block);

  if (!sp_tree_entry_init (self, &entry, number, overview, error))
    return FALSE;
  g_array_append_val (page->entries, entry);
  page->len += sp_tree_entry_len (entry.len);
  mark_dirty (block, page);
  return TRUE;
}
