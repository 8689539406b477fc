/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Any bytes are a detail, a history entry, a draft, or an error (VAULT-FORMAT.md §7). What is read is
 * written as the same bytes again, also from a copy. */

#include "config.h"

#include "vault/sp-detail.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize len);

static void
assert_written (SpWriter *writer, const guint8 *data, gsize len)
{
  gsize written_len;
  const guint8 *written = sp_writer_peek (writer, &written_len);

  g_assert_cmpuint (written_len, ==, len);
  g_assert_true (memcmp (written, data, len) == 0);
}

static void
read_detail (const guint8 *data, gsize len)
{
  g_autoptr (GError) error = NULL;
  SpRef history;
  g_autoptr (SpItem) item = sp_detail_decode (data, len, &history, &error);
  g_autoptr (SpItem) copy = NULL;
  g_autoptr (SpWriter) writer = NULL;

  g_assert_true ((item == NULL) == (error != NULL));
  if (item == NULL)
    return;

  copy = sp_item_copy (item);
  g_assert_true (sp_item_equal_content (item, copy));
  writer = sp_writer_new ();
  g_assert_true (sp_detail_encode (copy, history.number != 0 ? &history : NULL, writer, NULL));
  assert_written (writer, data, len);
}

static void
read_history (const guint8 *data, gsize len)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpWriter) writer = NULL;
  SpHistoryEntry entry;

  if (!sp_history_decode (data, len, &entry, &error)) {
    g_assert_nonnull (error);
    return;
  }
  g_assert_no_error (error);
  writer = sp_writer_new ();
  sp_history_encode (&entry, writer);
  assert_written (writer, data, len);
  read_detail (entry.detail, entry.detail_len);
}

static void
read_draft (const guint8 *data, gsize len)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpWriter) writer = NULL;
  SpDraftEntry entry;

  if (!sp_draft_decode (data, len, &entry, &error)) {
    g_assert_nonnull (error);
    return;
  }
  g_assert_no_error (error);
  writer = sp_writer_new ();
  sp_draft_encode (&entry, writer);
  assert_written (writer, data, len);
  read_detail (entry.detail, entry.detail_len);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize len)
{
  read_detail (data, len);
  read_history (data, len);
  read_draft (data, len);
  return 0;
}
