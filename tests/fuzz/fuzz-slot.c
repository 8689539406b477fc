/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Any bytes are the fixed part of a key slot that may be tried, or an error; and the content of a changing part,
 * or an error (VAULT-FORMAT.md §4). Nothing is opened: that would be a key derivation for each input. An input
 * is also taken with its checksum put right, since anyone can do so. */

#include "config.h"

#include "vault/sp-keyslot.h"

#include <string.h>

#include "crypto/sp-hash.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize len);

static void
read_fixed (const guint8 *data, gsize len)
{
  g_autoptr (GError) error = NULL;
  SpKeyslot slot;

  if (!sp_keyslot_parse (data, len, &slot, &error)) {
    g_assert_nonnull (error);
    return;
  }
  g_assert_no_error (error);
  g_assert_cmpuint (len, ==, SP_KEYSLOT_LEN);
  g_assert_true (memcmp (slot.bytes, data, len) == 0);
  g_assert_true (slot.uses_argon2 == (slot.kind == SP_SLOT_PASSWORD));
  if (slot.uses_argon2)
    g_assert_true (sp_keyslot_check_cost (&slot.cost, NULL));
}

static void
read_changing (const guint8 *data, gsize len)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpWriter) writer = NULL;
  SpKeyslotChanging changing;
  guint8 hash[SP_HASH_LEN];
  gsize written_len;
  const guint8 *written;

  if (!sp_keyslot_changing_decode (data, len, &changing, &error)) {
    g_assert_nonnull (error);
    return;
  }
  g_assert_no_error (error);
  writer = sp_writer_new ();
  sp_keyslot_changing_encode (&changing, writer);
  sp_keyslot_changing_clear (&changing);
  written = sp_writer_peek (writer, &written_len);
  g_assert_cmpuint (written_len, ==, len);
  g_assert_true (memcmp (written, data, len) == 0);
  g_assert_true (sp_keyslot_changing_hash (1, data, len, hash, NULL));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize len)
{
  read_fixed (data, len);
  read_changing (data, len);
  if (len >= SP_SHA256_LEN && len <= 2000) {
    g_autofree guint8 *copy = g_memdup2 (data, len);

    g_assert_true (sp_sha256 (copy, len - SP_SHA256_LEN, copy + len - SP_SHA256_LEN, NULL));
    read_fixed (copy, len);
  }
  return 0;
}
