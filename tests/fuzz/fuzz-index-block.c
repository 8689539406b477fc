/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Any bytes are the content of an index block or an error (VAULT-FORMAT.md §6.1). What is read is written as
 * the same bytes again. */

#include "config.h"

#include <string.h>

#include "vault/sp-seal.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize len);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize len)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) pages = sp_index_block_decode (data, len, &error);
  g_autoptr (SpWriter) writer = NULL;
  gsize written_len;
  const guint8 *written;

  g_assert_true ((pages == NULL) == (error != NULL));
  if (pages == NULL)
    return 0;

  writer = sp_writer_new ();
  sp_index_block_encode (&g_array_index (pages, SpPageRef, 0), pages->len, writer);
  written = sp_writer_peek (writer, &written_len);
  g_assert_cmpuint (written_len, ==, len);
  g_assert_true (memcmp (written, data, len) == 0);
  return 0;
}
