/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-snapshot"

#include "config.h"

#include "vault/sp-snapshot.h"

#include <string.h>

#include "vault/sp-snapshot-private.h"

/**
 * sp_snapshot_new_take: (skip)
 * @sequence: the vault's, at this moment
 * @pages: (transfer full): the pages, in the items' order
 * @n_pages: how many
 * @blocks: (transfer full): which of them stand in which index block
 * @n_blocks: how many
 *
 * Returns: (transfer full): a snapshot of these pages
 */
SpSnapshot *
sp_snapshot_new_take (guint64 sequence,
                      SpPage **pages,
                      guint n_pages,
                      SpSnapshotBlock *blocks,
                      guint n_blocks)
{
  SpSnapshot *self = g_new0 (SpSnapshot, 1);

  g_atomic_ref_count_init (&self->count);
  self->sequence = sequence;
  self->pages = pages;
  self->n_pages = n_pages;
  self->blocks = blocks;
  self->n_blocks = n_blocks;
  for (guint i = 0; i < n_pages; i++)
    self->n_items += pages[i]->n_records;
  return self;
}

/**
 * sp_snapshot_ref:
 * @self: a snapshot
 *
 * Returns: (transfer full): @self
 */
SpSnapshot *
sp_snapshot_ref (SpSnapshot *self)
{
  g_atomic_ref_count_inc (&self->count);
  return self;
}

/**
 * sp_snapshot_unref:
 * @self: a snapshot
 *
 * Drops a reference. Pages that no other snapshot holds are wiped with the last one.
 */
void
sp_snapshot_unref (SpSnapshot *self)
{
  if (!g_atomic_ref_count_dec (&self->count))
    return;

  for (guint i = 0; i < self->n_pages; i++)
    sp_page_unref (self->pages[i]);
  g_free (self->pages);
  g_free (self->blocks);
  g_free (self);
}

/**
 * sp_snapshot_get_n_items:
 * @self: a snapshot
 *
 * Returns: the number of items, those in the trash included
 */
guint
sp_snapshot_get_n_items (const SpSnapshot *self)
{
  return self->n_items;
}

/**
 * sp_snapshot_get_sequence:
 * @self: a snapshot
 *
 * Returns: the vault's sequence at that moment
 */
guint64
sp_snapshot_get_sequence (const SpSnapshot *self)
{
  return self->sequence;
}

/**
 * sp_snapshot_get_overview:
 * @self: a snapshot
 * @position: a position in it
 * @out_overview: (out caller-allocates): what is known of the item; its pointers live as long as @self
 *
 * Reads one overview.
 */
void
sp_snapshot_get_overview (const SpSnapshot *self, SpPosition position, SpOverview *out_overview)
{
  const SpPageRecord *record;
  const SpPage *page;

  g_return_if_fail (SP_POSITION_PAGE (position) < self->n_pages);
  g_return_if_fail (SP_POSITION_RECORD (position) <
                    self->pages[SP_POSITION_PAGE (position)]->n_records);

  record = sp_snapshot_peek_record (self, position, &page);
  sp_overview_decode (page->content + record->offset, record->len, out_overview);
}

/**
 * sp_snapshot_first:
 * @self: a snapshot
 *
 * Returns: the position of the oldest item, or `SP_POSITION_NONE`
 */
SpPosition
sp_snapshot_first (const SpSnapshot *self)
{
  return self->n_pages > 0 ? SP_POSITION_MAKE (0, 0) : SP_POSITION_NONE;
}

/**
 * sp_snapshot_next:
 * @self: a snapshot
 * @position: a position in it
 *
 * Returns: the position after it, or `SP_POSITION_NONE`
 */
SpPosition
sp_snapshot_next (const SpSnapshot *self, SpPosition position)
{
  guint page = SP_POSITION_PAGE (position);
  guint record = SP_POSITION_RECORD (position) + 1;

  g_return_val_if_fail (page < self->n_pages, SP_POSITION_NONE);

  if (record < self->pages[page]->n_records)
    return SP_POSITION_MAKE (page, record);
  return page + 1 < self->n_pages ? SP_POSITION_MAKE (page + 1, 0) : SP_POSITION_NONE;
}

/**
 * sp_snapshot_find_id:
 * @self: a snapshot
 * @id: an item's id
 *
 * Looks through all items (0.2 ms in 100,000).
 *
 * Returns: its position, or `SP_POSITION_NONE`
 */
SpPosition
sp_snapshot_find_id (const SpSnapshot *self, const SpId *id)
{
  for (guint i = 0; i < self->n_pages; i++) {
    const SpPage *page = self->pages[i];

    for (guint j = 0; j < page->n_records; j++) {
      /* An overview begins with the item's id (VAULT-FORMAT.md §6.3). */
      if (sp_id_equal (page->content + page->records[j].offset, id))
        return SP_POSITION_MAKE (i, j);
    }
  }
  return SP_POSITION_NONE;
}

/**
 * sp_snapshot_find_number:
 * @self: a snapshot
 * @number: an item's number
 *
 * Returns: its position, or `SP_POSITION_NONE`
 */
SpPosition
sp_snapshot_find_number (const SpSnapshot *self, guint64 number)
{
  guint low = 0, high = self->n_pages;
  const SpPage *page;

  while (low < high) {
    guint middle = low + (high - low) / 2;

    if (self->pages[middle]->records[0].number <= number)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == 0)
    return SP_POSITION_NONE;

  page = self->pages[low - 1];
  for (guint i = 0; i < page->n_records; i++)
    if (page->records[i].number == number)
      return SP_POSITION_MAKE (low - 1, i);
  return SP_POSITION_NONE;
}
