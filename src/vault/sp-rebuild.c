/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A detail is authentic, but nothing says any more that it is the newest one, or that its item was not
 * purged: the caller marks and tells that. */

#define G_LOG_DOMAIN "sp-rebuild"

#include "config.h"

#include "vault/sp-rebuild.h"

#include <string.h>

#include "vault/sp-detail.h"
#include "vault/sp-overview.h"
#include "vault/sp-transaction.h"
#include "vault/sp-vault-history.h"
#include "vault/sp-vault-inspect.h"
#include "vault/sp-vault-items.h"

typedef struct {
  SpVault *vault;
  GPtrArray *pages;
  GPtrArray *problems;
  SpWriter *overviews; /* of the page that is being filled, each with its length before it */
  SpWriter *overview;
  guint n;
  GError *error;
} Rebuilder;

static gboolean
flush_page (Rebuilder *self)
{
  g_autoptr (SpWriter) content = NULL;
  SpRef ref = { 0 };
  const guint8 *data;
  SpPage *page;
  gsize len;

  if (self->n == 0)
    return TRUE;

  content = sp_writer_new ();
  sp_writer_u8 (content, 1);
  sp_writer_varint (content, self->n);
  data = sp_writer_peek (self->overviews, &len);
  sp_writer_fixed (content, data, len);
  data = sp_writer_peek (content, &len);
  page = sp_page_new (self->vault->arena, &ref, data, len, &self->error);
  if (page == NULL)
    return FALSE;

  g_ptr_array_add (self->pages, page);
  sp_writer_reset (self->overviews);
  self->n = 0;
  return TRUE;
}

static gboolean
has_attachment (const GArray *attachments, guint64 number)
{
  for (guint i = 0; i < attachments->len; i++) {
    if (g_array_index (attachments, SpAttachmentRef, i).number == number)
      return TRUE;
  }
  return FALSE;
}

static void
name_attachments (SpOverviewLinks *links, const SpItem *version)
{
  for (guint i = 0; i < version->attachments->len; i++) {
    const SpAttachment *attachment = g_ptr_array_index (version->attachments, i);
    SpAttachmentRef ref = { attachment->number, attachment->key_id, attachment->size };

    if (!has_attachment (links->attachments, ref.number) &&
        links->attachments->len < SP_ITEM_MAX_ATTACHMENTS)
      g_array_append_val (links->attachments, ref);
  }
}

typedef struct {
  const SpItem *item;
  SpOverviewLinks *links;
  guint n;
} HistoryCounter;

static gboolean
count_version (const SpRef *ref, const SpHistoryEntry *entry, gpointer user_data)
{
  HistoryCounter *self = user_data;
  g_autoptr (SpItem) version = sp_detail_decode (entry->detail, entry->detail_len, NULL, NULL);

  if (version == NULL || !sp_id_equal (&version->id, &self->item->id))
    return FALSE;
  name_attachments (self->links, version);
  self->n++;
  return TRUE;
}

/* How many versions were kept is lost with the overview: as many as the chain has. */
static gboolean
count_history (Rebuilder *self, const SpItem *item, SpOverviewLinks *links)
{
  HistoryCounter counter = { item, links, 0 };
  g_autoptr (GError) local_error = NULL;

  if (links->history.number == 0)
    return TRUE;
  links->n_history = SP_ITEM_MAX_HISTORY;
  if (!sp_history_walk (self->vault, links, item->number, count_version, &counter, &local_error)) {
    sp_vault_translate (&local_error);
    if (!sp_error_is_damage (local_error)) {
      self->error = g_steal_pointer (&local_error);
      return FALSE;
    }
  }
  links->n_history = counter.n;
  return TRUE;
}

static gboolean
add_item (Rebuilder *self, SpItem *item, const SpRef *detail, const SpRef *history)
{
  SpOverviewLinks links = { .detail = *detail, .history = *history };
  SpProblem *problem;
  const guint8 *data;
  gsize len;

  item->number = detail->number;
  item->unproven = TRUE;
  links.attachments = g_array_new (FALSE, FALSE, sizeof (SpAttachmentRef));
  name_attachments (&links, item);
  if (!count_history (self, item, &links)) {
    sp_overview_links_clear (&links);
    return FALSE;
  }
  sp_writer_reset (self->overview);
  sp_overview_encode (item, &links, self->overview);
  sp_overview_links_clear (&links);

  data = sp_writer_peek (self->overview, &len);
  if (len > SP_PAGE_MAX_LEN - 16) {
    g_ptr_array_add (self->problems, sp_problem_new (SP_PROBLEM_DAMAGED, "detail", detail->number,
                                                     "The item is too large to be listed again."));
    return TRUE;
  }
  if (self->n >= SP_PAGE_MAX_ITEMS ||
      (self->n > 0 && sp_writer_get_length (self->overviews) + len > SP_PAGE_FILL_LEN)) {
    if (!flush_page (self))
      return FALSE;
  }
  sp_writer_bytes (self->overviews, data, len);
  self->n++;

  problem = sp_problem_new (
      SP_PROBLEM_OTHER, "page", 0,
      "The item was rebuilt from its details: it may be older than it was, or had been purged.");
  problem->item = item->id;
  problem->title = g_strdup (item->title);
  g_ptr_array_add (self->problems, problem);
  return TRUE;
}

static gboolean
add_detail (Rebuilder *self, guint64 id, guint64 revision, const guint8 *data, gsize len)
{
  SpRecordName name = { SP_TABLE_DETAIL, id, revision, NULL };
  SpRecordBytes record = { data, len };
  g_autoptr (GError) local_error = NULL;
  g_autoptr (SpItem) item = NULL;
  SpRecordBytes content;
  SpRef ref, history;

  if (sp_record_open (self->vault->cipher, &name, data, len, &content, &local_error))
    item = sp_detail_decode (content.data, content.len, &history, &local_error);
  if (item == NULL) {
    g_ptr_array_add (self->problems,
                     sp_problem_new (SP_PROBLEM_DAMAGED, "detail", id, "%s", local_error->message));
    return TRUE;
  }
  sp_record_get_ref (&name, &record, &ref);
  return add_item (self, item, &ref, &history);
}

/* A row that its number does not lead to belongs elsewhere, if anywhere. */
static gboolean
read_detail (Rebuilder *self, guint64 id)
{
  const guint8 *data;
  guint64 revision;
  gsize len;

  if (!sp_records_get (self->vault->db, SP_RECORDS_DETAIL, id, &revision, &data, &len,
                       &self->error)) {
    if (!g_error_matches (self->error, SP_STORE_ERROR, SP_STORE_ERROR_CORRUPT))
      return FALSE;
    g_ptr_array_add (self->problems, sp_problem_new (SP_PROBLEM_UNREADABLE, "detail", id, "%s",
                                                     self->error->message));
    g_clear_error (&self->error);
    return TRUE;
  }
  return data == NULL || add_detail (self, id, revision, data, len);
}

static gboolean
rebuild (Rebuilder *self, const GArray *ids)
{
  for (guint i = 0; i < ids->len; i++) {
    guint64 id = g_array_index (ids, guint64, i);

    /* A page that shows its rows twice, or another's. */
    if ((i == 0 || id != g_array_index (ids, guint64, i - 1)) && !read_detail (self, id))
      return FALSE;
  }
  return flush_page (self);
}

/**
 * sp_rebuild_pages: (skip)
 * @vault: a vault with its keys
 * @first: first item number of the gap
 * @last: last item number of the gap
 * @pages: (element-type SpPage): where to append pages
 * @problems: (element-type SpProblem): where to append what is wrong
 * @error: return location for a [error@VaultError]
 *
 * Makes overviews for the items whose page is lost.
 *
 * Returns: whether the details could be looked through; damage among them is not an error
 */
gboolean
sp_rebuild_pages (SpVault *vault,
                  guint64 first,
                  guint64 last,
                  GPtrArray *pages,
                  GPtrArray *problems,
                  GError **error)
{
  Rebuilder self = { vault, pages, problems, sp_writer_new (), sp_writer_new (), 0, NULL };
  g_autoptr (GArray) ids = NULL;
  gboolean complete;
  gboolean done;

  ids = sp_records_collect (vault->db, SP_RECORDS_DETAIL, first, last, &complete, &self.error);
  if (ids != NULL && !complete)
    g_ptr_array_add (problems,
                     sp_problem_new (SP_PROBLEM_UNREADABLE, "detail", 0,
                                     "Not all items can be reached in the damaged file."));
  done = ids != NULL && rebuild (&self, ids);
  if (!done)
    g_propagate_error (error, self.error);

  sp_writer_free (self.overviews);
  sp_writer_free (self.overview);
  return done;
}
