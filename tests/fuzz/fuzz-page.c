/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Any bytes are the content of a page or not, and one overview or not (VAULT-FORMAT.md §6.2, §6.3). What the
 * check lets through can be folded and decoded; all texts of it are UTF-8. */

#include "config.h"

#include "vault/sp-overview.h"

#include <string.h>

#include "vault/sp-page.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize len);

static void
read_overview (const guint8 *data, gsize len)
{
  SpOverviewHead head;
  SpOverview overview;
  SpOverviewLinks links, copy;
  g_autofree char *folded = NULL;
  gsize folded_len;
  guint n_groups = 0;

  if (!sp_overview_check (data, len, &head))
    return;

  /* Exactly the room that is promised. */
  folded = g_malloc (len);
  folded_len = sp_overview_fold (&head, folded);
  g_assert_cmpuint (folded_len, <, len);
  g_assert_true (g_utf8_validate_len (folded, folded_len, NULL));
  for (gsize i = 0; i < folded_len; i++)
    n_groups += folded[i] == SP_FOLD_GROUP;
  g_assert_cmpuint (n_groups, ==, 3);

  sp_overview_decode (data, len, &overview);
  g_assert_true (overview.id == head.id && overview.number == head.number);
  g_assert_true (overview.type == head.type && overview.flags == head.flags);
  g_assert_true (overview.use_count == head.use_count);
  g_assert_true (overview.modified_ms == head.modified_ms);
  g_assert_true (overview.expires_ms == head.expires_ms);
  g_assert_true (g_utf8_validate (overview.title, -1, NULL));
  g_assert_true (g_utf8_validate (overview.subtitle, -1, NULL));
  for (guint i = 0; i < overview.n_urls; i++)
    g_assert_true (g_utf8_validate (sp_overview_get_url (&overview, i), -1, NULL));
  for (guint i = 0; i < overview.n_tags; i++)
    g_assert_true (g_utf8_validate (sp_overview_get_tag (&overview, i), -1, NULL));

  sp_overview_decode_links (data, len, &links);
  g_assert_cmpuint (links.attachments != NULL ? links.attachments->len : 0, ==,
                    overview.n_attachments);
  sp_overview_links_copy (&links, &copy);
  g_assert_true (memcmp (links.detail.tag, copy.detail.tag, SP_AEAD_TAG_LEN) == 0);
  sp_overview_links_clear (&links);
  sp_overview_links_clear (&copy);
}

/* Searches read the folded text without a further look. */
static void
keep_page (const guint8 *data, gsize len)
{
  SpRef ref = { .number = 7 };
  g_autoptr (SpArena) arena = sp_arena_new (0);
  g_autoptr (GError) error = NULL;
  g_autoptr (SpPage) page = sp_page_new (arena, &ref, data, len, &error);

  g_assert_true ((page == NULL) == (error != NULL));
  if (page == NULL)
    return;
  g_assert_cmpuint (page->content_len, ==, len);
  g_assert_true (memcmp (page->content, data, len) == 0);
  for (guint i = 0; i < page->n_records; i++) {
    const SpPageRecord *record = &page->records[i];
    SpOverviewHead head;

    g_assert_cmpuint (record->fold_offset + record->fold_len, <, page->fold_len);
    g_assert_cmpuint (page->fold[record->fold_offset + record->fold_len], ==, '\0');
    g_assert_cmpuint (record->offset + record->len, <=, page->content_len);
    g_assert_true (sp_overview_check (page->content + record->offset, record->len, &head));
    g_assert_true (sp_page_has_id (page, head.id));
  }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize len)
{
  SpOverviewBytes records[SP_PAGE_MAX_ITEMS];
  guint n;

  read_overview (data, len);
  keep_page (data, len);
  if (!sp_page_split (data, len, records, &n))
    return 0;

  g_assert_cmpuint (n, >=, 1);
  g_assert_cmpuint (n, <=, SP_PAGE_MAX_ITEMS);
  for (guint i = 0; i < n; i++) {
    /* Of its own, so that a step out of the record is one out of memory. */
    g_autofree guint8 *exact = g_memdup2 (records[i].data, records[i].len);

    read_overview (exact, records[i].len);
  }
  return 0;
}
