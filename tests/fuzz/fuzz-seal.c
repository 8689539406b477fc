/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Any bytes are the content of a seal or an error (VAULT-FORMAT.md §5). What is read is written as the same
 * bytes again, also from a copy. */

#include "config.h"

#include "vault/sp-seal.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize len);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize len)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpSeal) seal = sp_seal_decode (data, len, &error);
  g_autoptr (SpSeal) copy = NULL;
  g_autoptr (SpWriter) writer = NULL;
  gsize written_len;
  const guint8 *written;

  g_assert_true ((seal == NULL) == (error != NULL));
  if (seal == NULL)
    return 0;

  copy = sp_seal_copy (seal);
  writer = sp_writer_new ();
  sp_seal_encode (copy, writer);
  written = sp_writer_peek (writer, &written_len);
  g_assert_cmpuint (written_len, ==, len);
  g_assert_true (memcmp (written, data, len) == 0);
  for (guint i = 0; i < seal->blocks->len; i++)
    g_assert_true (sp_ref_equal (&g_array_index (seal->blocks, SpRef, i),
                                 &g_array_index (copy->blocks, SpRef, i)));
  return 0;
}
