/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See the header. The records that overviews name do not exist here; nothing that reads a snapshot asks. */

#define G_LOG_DOMAIN "sp-test"

#include "config.h"

#include "common/sp-test-snapshot.h"

#include "vault/sp-format.h"
#include "vault/sp-overview.h"
#include "vault/sp-snapshot-private.h"

#define ARENA_LEN (16 * 1024 * 1024)

struct _SpTestSnapshot {
  SpArena *arena;
  SpWriter *overviews; /* of the page that is being filled, each with its length before it */
  guint n_overviews;
  guint64 n_items;
  GPtrArray *pages; /* (element-type SpPage) (owned) */
};

/**
 * sp_test_snapshot_new:
 *
 * Returns: (transfer full): a snapshot to be filled, for sp_test_snapshot_finish()
 */
SpTestSnapshot *
sp_test_snapshot_new (void)
{
  SpTestSnapshot *self = g_new0 (SpTestSnapshot, 1);

  self->arena = sp_arena_new (ARENA_LEN);
  self->overviews = sp_writer_new ();
  self->pages = g_ptr_array_new ();
  return self;
}

static void
end_page (SpTestSnapshot *self)
{
  g_autoptr (SpWriter) writer = sp_writer_new ();
  g_autoptr (GError) error = NULL;
  SpRef ref = { 1000000 + self->pages->len, 1, { 0 } };
  const guint8 *data;
  SpPage *page;
  gsize len;

  if (self->n_overviews == 0)
    return;

  data = sp_writer_peek (self->overviews, &len);
  sp_writer_u8 (writer, SP_FORMAT_VERSION);
  sp_writer_varint (writer, self->n_overviews);
  sp_writer_fixed (writer, data, len);
  data = sp_writer_peek (writer, &len);
  page = sp_page_new (self->arena, &ref, data, len, &error);
  g_assert_no_error (error);
  g_ptr_array_add (self->pages, page);
  sp_writer_reset (self->overviews);
  self->n_overviews = 0;
}

/**
 * sp_test_snapshot_add:
 * @self: a snapshot that is being filled
 * @item: an item, whose number is set
 */
void
sp_test_snapshot_add (SpTestSnapshot *self, SpItem *item)
{
  g_autoptr (SpWriter) writer = sp_writer_new ();
  SpOverviewLinks links = { .detail = { 0, 1, { 0 } } };
  const guint8 *data;
  gsize len;

  item->number = ++self->n_items;
  links.detail.number = item->number;
  sp_overview_encode (item, &links, writer);
  data = sp_writer_peek (writer, &len);
  if (self->n_overviews == SP_PAGE_MAX_ITEMS ||
      sp_writer_get_length (self->overviews) + len > SP_PAGE_TARGET_LEN)
    end_page (self);
  sp_writer_bytes (self->overviews, data, len);
  self->n_overviews++;
}

/**
 * sp_test_snapshot_finish:
 * @self: (transfer full): a snapshot that is being filled
 *
 * Returns: (transfer full): the snapshot
 */
SpSnapshot *
sp_test_snapshot_finish (SpTestSnapshot *self)
{
  SpSnapshot *snapshot;
  guint n_pages;

  end_page (self);
  n_pages = self->pages->len;
  snapshot = sp_snapshot_new_take (1, (SpPage **) g_ptr_array_free (self->pages, FALSE), n_pages,
                                   NULL, 0);
  sp_writer_free (self->overviews);
  sp_arena_unref (self->arena);
  g_free (self);
  return snapshot;
}
