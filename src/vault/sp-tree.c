/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A page is loaded (has entries) once it is touched. An entry's bytes lie in the page as it was, or, when
 * the overview is new, in an arena block of their own, so that no plaintext touches the heap. A page
 * that outgrows its limits is split when the tree is written; a small one is merged with the page
 * before it. A page keeps its number for life; only its revision changes. */

#define G_LOG_DOMAIN "sp-tree"

#include "config.h"

#include "vault/sp-tree.h"

#include <string.h>

#include "vault/sp-vault-error.h"

#define FRAME_HEAD 4
/* Length byte or two before an overview in its page. */
#define ENTRY_OVERHEAD 2
#define PAGE_OVERHEAD  8
/* Below a quarter of its limits a changed page is merged with a neighbour that has room. */
#define SMALL_PAGE_ITEMS (SP_PAGE_MAX_ITEMS / 4)
#define SMALL_PAGE_LEN   (SP_PAGE_TARGET_LEN / 4)

typedef struct {
  guint64 number;
  const guint8 *data;
  gsize len;
  gsize capacity; /* of its arena block; 0 when the bytes lie in the page as it was */
} Entry;

typedef struct {
  SpPage *base;    /* (owned) (nullable) as last written */
  guint64 number;  /* of the record; 0 until there is one */
  GArray *entries; /* (element-type Entry) (nullable) */
  gsize len;       /* of the content, with entries */
  gboolean dirty;
} TreePage;

typedef struct {
  SpRef ref;                 /* number 0 until there is one */
  guint first_page, n_pages; /* in the snapshot, until loaded */
  GPtrArray *pages;          /* (element-type TreePage) (owned) (nullable) */
  gboolean dirty;
} TreeBlock;

struct _SpTree {
  SpTreeStore store;
  SpSnapshot *snapshot; /* (owned) (nullable) */
  GPtrArray *blocks;    /* (element-type TreeBlock) (owned) */
};

static void
entry_clear (SpTree *self, Entry *entry)
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

static void
tree_page_drop_entries (SpTree *self, TreePage *page)
{
  if (page->entries == NULL)
    return;
  for (guint i = 0; i < page->entries->len; i++)
    entry_clear (self, &g_array_index (page->entries, Entry, i));
  g_clear_pointer (&page->entries, g_array_unref);
}

static void
tree_page_free (SpTree *self, TreePage *page)
{
  tree_page_drop_entries (self, page);
  g_clear_pointer (&page->base, sp_page_unref);
  g_free (page);
}

static void
tree_block_free (SpTree *self, TreeBlock *block)
{
  if (block->pages != NULL) {
    for (guint i = 0; i < block->pages->len; i++)
      tree_page_free (self, g_ptr_array_index (block->pages, i));
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
    TreeBlock *block = g_new0 (TreeBlock, 1);

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
    tree_block_free (self, g_ptr_array_index (self->blocks, i));
  g_ptr_array_unref (self->blocks);
  g_clear_pointer (&self->snapshot, sp_snapshot_unref);
  g_free (self);
}

static void
load_block (SpTree *self, TreeBlock *block)
{
  if (block->pages != NULL)
    return;

  block->pages = g_ptr_array_sized_new (block->n_pages);
  for (guint i = 0; i < block->n_pages; i++) {
    TreePage *page = g_new0 (TreePage, 1);

    page->base = sp_page_ref (self->snapshot->pages[block->first_page + i]);
    page->number = page->base->ref.number;
    g_ptr_array_add (block->pages, page);
  }
}

static gsize
entry_len (gsize len)
{
  return len + ENTRY_OVERHEAD;
}

static void
load_page (TreePage *page)
{
  if (page->entries != NULL)
    return;

  page->entries = g_array_sized_new (FALSE, FALSE, sizeof (Entry), SP_PAGE_MAX_ITEMS + 1);
  page->len = PAGE_OVERHEAD;
  if (page->base == NULL)
    return;
  for (guint i = 0; i < page->base->n_records; i++) {
    const SpPageRecord *record = &page->base->records[i];
    Entry entry = { record->number, page->base->content + record->offset, record->len, 0 };

    g_array_append_val (page->entries, entry);
    page->len += entry_len (entry.len);
  }
}

static guint64
page_first_number (const TreePage *page)
{
  if (page->entries != NULL)
    return page->entries->len > 0 ? g_array_index (page->entries, Entry, 0).number : 0;
  return page->base->records[0].number;
}

static guint64
block_first_number (const SpTree *self, const TreeBlock *block)
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
static TreeBlock *
find_block (SpTree *self, guint64 number)
{
  for (guint i = self->blocks->len; i > 0; i--) {
    TreeBlock *block = g_ptr_array_index (self->blocks, i - 1);
    guint64 first = block_first_number (self, block);

    if (first != 0 && first <= number)
      return block;
  }
  return NULL;
}

static TreePage *
find_page (TreeBlock *block, guint64 number)
{
  for (guint i = block->pages->len; i > 0; i--) {
    TreePage *page = g_ptr_array_index (block->pages, i - 1);
    guint64 first = page_first_number (page);

    if (first != 0 && first <= number)
      return page;
  }
  return NULL;
}

static Entry *
find_entry (SpTree *self, guint64 number, TreeBlock **out_block, TreePage **out_page)
{
  TreeBlock *block = find_block (self, number);
  TreePage *page;

  if (block == NULL)
    return NULL;
  load_block (self, block);
  page = find_page (block, number);
  if (page == NULL)
    return NULL;
  load_page (page);

  for (guint i = 0; i < page->entries->len; i++) {
    Entry *entry = &g_array_index (page->entries, Entry, i);

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
  TreeBlock *block;
  TreePage *page;
  const Entry *entry = find_entry (self, number, &block, &page);

  if (entry == NULL)
    return FALSE;
  out_overview->data = entry->data;
  out_overview->len = entry->len;
  return TRUE;
}

static gboolean
page_has_id (const TreePage *page, const SpId *id)
{
  /* An overview begins with the item's id (VAULT-FORMAT.md §6.3). */
  if (page->entries == NULL)
    return sp_page_has_id (page->base, id);
  for (guint i = 0; i < page->entries->len; i++)
    if (sp_id_equal (g_array_index (page->entries, Entry, i).data, id))
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
    const TreeBlock *block = g_ptr_array_index (self->blocks, i);
    guint n = block->pages != NULL ? block->pages->len : block->n_pages;

    for (guint j = 0; j < n; j++)
      if (block->pages != NULL ? page_has_id (g_ptr_array_index (block->pages, j), id)
                               : sp_page_has_id (self->snapshot->pages[block->first_page + j], id))
        return TRUE;
  }
  return FALSE;
}

static gboolean
entry_init (SpTree *self, Entry *entry, guint64 number, SpOverviewBytes overview, GError **error)
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
mark_dirty (TreeBlock *block, TreePage *page)
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
  TreeBlock *block;
  TreePage *page;
  Entry *entry = find_entry (self, number, &block, &page);
  Entry changed;

  g_return_val_if_fail (entry != NULL, FALSE);

  if (!entry_init (self, &changed, number, overview, error))
    return FALSE;
  page->len += entry_len (changed.len) - entry_len (entry->len);
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
  TreeBlock *block;
  TreePage *page;
  Entry *entry = find_entry (self, number, &block, &page);

  g_return_if_fail (entry != NULL);

  page->len -= entry_len (entry->len);
  entry_clear (self, entry);
  g_array_remove_index (page->entries, (guint) (entry - &g_array_index (page->entries, Entry, 0)));
  mark_dirty (block, page);
}

static gboolean
page_is_over (const TreePage *page)
{
  return page->entries->len > SP_PAGE_MAX_ITEMS ||
         (page->len > SP_PAGE_TARGET_LEN && page->entries->len > 1);
}

static void
put_page_content (const TreePage *page, SpWriter *writer)
{
  sp_writer_u8 (writer, 1);
  sp_writer_varint (writer, page->entries->len);
  for (guint i = 0; i < page->entries->len; i++) {
    const Entry *entry = &g_array_index (page->entries, Entry, i);

    sp_writer_bytes (writer, entry->data, entry->len);
  }
}

/* Writes a page's record and replaces its entries by the page as it lies in memory. */
static gboolean
write_page (SpTree *self, TreePage *page, GError **error)
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

  tree_page_drop_entries (self, page);
  g_clear_pointer (&page->base, sp_page_unref);
  page->base = written;
  page->number = name.number;
  page->dirty = FALSE;
  return TRUE;
}

static TreePage *
last_page (SpTree *self, TreeBlock **out_block)
{
  TreeBlock *block;

  if (self->blocks->len == 0)
    return NULL;
  block = g_ptr_array_index (self->blocks, self->blocks->len - 1);
  load_block (self, block);
  *out_block = block;
  return block->pages->len > 0 ? g_ptr_array_index (block->pages, block->pages->len - 1) : NULL;
}

static TreePage *
add_page (SpTree *self, TreeBlock **inout_block)
{
  TreePage *page = g_new0 (TreePage, 1);
  TreeBlock *block = *inout_block;

  if (block == NULL || block->pages->len >= SP_BLOCK_MAX_PAGES) {
    block = g_new0 (TreeBlock, 1);
    block->pages = g_ptr_array_new ();
    g_ptr_array_add (self->blocks, block);
    *inout_block = block;
  }
  g_ptr_array_add (block->pages, page);
  load_page (page);
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
  TreeBlock *block = NULL;
  TreePage *page = last_page (self, &block);
  Entry entry;

  if (page != NULL) {
    load_page (page);
    if (page->entries->len >= SP_PAGE_MAX_ITEMS ||
        (page->len + entry_len (overview.len) > SP_PAGE_FILL_LEN && page->entries->len > 0)) {
      if (page->dirty && !page_is_over (page) && !write_page (self, page, error))
        return FALSE;
      page = NULL;
    }
  }
  if (page == NULL)
    page = add_page (self, &block);

  if (!entry_init (self, &entry, number, overview, error))
    return FALSE;
  g_array_append_val (page->entries, entry);
  page->len += entry_len (entry.len);
  mark_dirty (block, page);
  return TRUE;
}

static void
move_entries (TreePage *from, guint first, TreePage *to)
{
  for (guint i = first; i < from->entries->len; i++) {
    Entry entry = g_array_index (from->entries, Entry, i);

    /* Both pages keep the bytes alive: they are written, and their entries dropped, together. */
    g_array_append_val (to->entries, entry);
    to->len += entry_len (entry.len);
    from->len -= entry_len (entry.len);
  }
  g_array_set_size (from->entries, first);
}

/* Halves a page by its length until each part is within the limits. */
static void
split_page (TreeBlock *block, guint index)
{
  TreePage *page = g_ptr_array_index (block->pages, index);
  TreePage *second = g_new0 (TreePage, 1);
  gsize len = PAGE_OVERHEAD;
  guint first = 0;

  while (first < page->entries->len - 1 && (first == 0 || len < page->len / 2)) {
    len += entry_len (g_array_index (page->entries, Entry, first).len);
    first++;
  }
  load_page (second);
  if (page->base != NULL)
    second->base = sp_page_ref (page->base);
  move_entries (page, first, second);
  second->dirty = TRUE;
  g_ptr_array_insert (block->pages, (int) index + 1, second);
}

static gboolean
pages_fit_together (const TreePage *a, const TreePage *b)
{
  return a->entries->len + b->entries->len <= SP_PAGE_MAX_ITEMS * 3 / 4 &&
         a->len + b->len <= SP_PAGE_TARGET_LEN * 3 / 4;
}

static gboolean
page_is_small (const TreePage *page)
{
  return page->entries->len < SMALL_PAGE_ITEMS && page->len < SMALL_PAGE_LEN;
}

static gboolean
drop_page (SpTree *self, TreeBlock *block, guint index, GError **error)
{
  TreePage *page = g_ptr_array_index (block->pages, index);

  if (page->number != 0 &&
      !sp_records_delete (self->store.db, SP_RECORDS_PAGE, page->number, error))
    return FALSE;
  tree_page_free (self, page);
  g_ptr_array_remove_index (block->pages, index);
  return TRUE;
}

/* Moves the content of a small page into the one before it. New bytes are copied, since the page that
 * they lie in goes. */
static gboolean
merge_pages (SpTree *self, TreeBlock *block, guint index, GError **error)
{
  TreePage *before = g_ptr_array_index (block->pages, index - 1);
  TreePage *page = g_ptr_array_index (block->pages, index);

  for (guint i = 0; i < page->entries->len; i++) {
    const Entry *entry = &g_array_index (page->entries, Entry, i);
    Entry copy;

    if (!entry_init (self, &copy, entry->number, (SpOverviewBytes){ entry->data, entry->len },
                     error))
      return FALSE;
    g_array_append_val (before->entries, copy);
    before->len += entry_len (copy.len);
  }
  before->dirty = TRUE;
  return drop_page (self, block, index, error);
}

static gboolean
balance_block (SpTree *self, TreeBlock *block, GError **error)
{
  guint i = 0;

  while (i < block->pages->len) {
    TreePage *page = g_ptr_array_index (block->pages, i);

    if (!page->dirty) {
      i++;
    } else if (page->entries->len == 0) {
      if (!drop_page (self, block, i, error))
        return FALSE;
    } else if (page_is_over (page)) {
      split_page (block, i);
    } else if (i > 0 && page_is_small (page)) {
      TreePage *before = g_ptr_array_index (block->pages, i - 1);

      load_page (before);
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
  TreeBlock *block = g_ptr_array_index (self->blocks, index);
  TreeBlock *second = g_new0 (TreeBlock, 1);
  guint first = block->pages->len / 2;

  second->pages = g_ptr_array_new ();
  second->dirty = TRUE;
  for (guint i = first; i < block->pages->len; i++)
    g_ptr_array_add (second->pages, g_ptr_array_index (block->pages, i));
  g_ptr_array_set_size (block->pages, (int) first);
  g_ptr_array_insert (self->blocks, (int) index + 1, second);
}

static gboolean
write_block (SpTree *self, TreeBlock *block, GError **error)
{
  SpPageRef pages[SP_BLOCK_MAX_PAGES];
  SpRecordName name = { SP_TABLE_INDEX_BLOCK, block->ref.number, self->store.revision, NULL };
  SpRecordBytes record;

  for (guint i = 0; i < block->pages->len; i++) {
    TreePage *page = g_ptr_array_index (block->pages, i);

    if (page->dirty && !write_page (self, page, error))
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
    TreeBlock *block = g_ptr_array_index (self->blocks, i);

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
      tree_block_free (self, block);
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
    TreeBlock *block = g_ptr_array_index (self->blocks, i);
    guint n = block->pages != NULL ? block->pages->len : block->n_pages;

    blocks[i].ref = block->ref;
    blocks[i].first_page = pages->len;
    blocks[i].n_pages = n;
    g_array_append_val (out_blocks, block->ref);
    for (guint j = 0; j < n; j++) {
      SpPage *page = block->pages != NULL ? ((TreePage *) g_ptr_array_index (block->pages, j))->base
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
