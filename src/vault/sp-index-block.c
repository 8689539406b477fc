/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The content of an index block (VAULT-FORMAT.md §6.1). */

#define G_LOG_DOMAIN "sp-index-block"

#include "config.h"

#include "vault/sp-seal.h"

#include "vault/sp-vault-error.h"

/**
 * sp_index_block_encode:
 * @pages: (array length=n_pages): the pages, in the items' order
 * @n_pages: 1 to 64
 * @writer: where to append the content of the block's frame
 */
void
sp_index_block_encode (const SpPageRef *pages, gsize n_pages, SpWriter *writer)
{
  g_return_if_fail (pages != NULL && writer != NULL);
  g_return_if_fail (n_pages >= 1 && n_pages <= SP_BLOCK_MAX_PAGES);

  sp_writer_u8 (writer, SP_FORMAT_VERSION);
  sp_writer_varint (writer, n_pages);
  for (gsize i = 0; i < n_pages; i++) {
    sp_ref_write (&pages[i].ref, writer);
    sp_writer_varint (writer, pages[i].n_items);
    sp_writer_varint (writer, pages[i].first_number);
  }
}

static void
read_pages (SpReader *reader, GArray *pages)
{
  guint64 n;
  SpPageRef page = { 0 };

  sp_reader_varint_max (reader, SP_BLOCK_MAX_PAGES, &n);
  if (n == 0)
    sp_reader_fail (reader);
  for (guint64 i = 0; i < n && !reader->failed; i++) {
    guint64 before = page.first_number;
    guint64 n_items;

    sp_ref_read (reader, &page.ref);
    sp_reader_varint_max (reader, SP_PAGE_MAX_ITEMS, &n_items);
    sp_reader_varint_max (reader, SP_NUMBER_MAX, &page.first_number);
    page.n_items = (guint) n_items;
    if (n_items == 0 || page.first_number <= before)
      sp_reader_fail (reader);
    g_array_append_val (pages, page);
  }
}

/**
 * sp_index_block_decode:
 * @data: (array length=len): the content of an index block's frame
 * @len: its size in bytes
 * @error: return location for a [error@VaultError]
 *
 * Returns: (transfer full) (nullable) (element-type SpPageRef): its pages, or %NULL with @error set
 */
GArray *
sp_index_block_decode (const guint8 *data, gsize len, GError **error)
{
  g_autoptr (GArray) pages = g_array_new (FALSE, TRUE, sizeof (SpPageRef));
  SpReader reader;
  guint8 version;

  sp_reader_init (&reader, data, len);
  sp_reader_u8 (&reader, &version);
  if (version > SP_FORMAT_VERSION) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NEWER_FORMAT,
                         "A part of the index was written by a newer version of SecurePass.");
    return NULL;
  }
  if (version != SP_FORMAT_VERSION)
    sp_reader_fail (&reader);

  read_pages (&reader, pages);
  if (!sp_reader_finish (&reader)) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED,
                         "A part of the index is damaged.");
    return NULL;
  }
  return g_steal_pointer (&pages);
}
