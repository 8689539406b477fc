/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Everything that belongs to one item is decrypted here and held against what names it: detail, history,
 * each chunk of each attachment, and the hashes of those that a version describes. */

#define G_LOG_DOMAIN "sp-vault-inspect"

#include "config.h"

#include "vault/sp-vault-inspect.h"

#include <string.h>

#include "base/sp-wipe.h"
#include "crypto/sp-hash.h"
#include "vault/sp-vault-history.h"

/* What a version of the item says of an attachment. */
typedef struct {
  SpAttachmentRef ref;
  guint8 sha256[SP_HASH_LEN];
} Described;

typedef struct {
  SpVault *vault;
  SpInspection *out;
  GArray *described; /* (element-type Described) of all versions that hold */
  GCancellable *cancellable;
  gboolean is_orphan;
  gboolean bad_version; /* the last history entry's content is not a version of this item */
} Inspector;

/**
 * sp_error_is_damage: (skip)
 * @error: an error of the vault
 *
 * Returns: whether it tells of damage
 */
gboolean
sp_error_is_damage (const GError *error)
{
  return g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED) ||
         g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NEWER_FORMAT);
}

static void
report (Inspector *self, const char *table, guint64 record, const char *sentence)
{
  SpProblem *problem = sp_problem_new (SP_PROBLEM_DAMAGED, table, record, "%s", sentence);
  const char *title = self->out->item != NULL ? self->out->item->title : self->out->overview.title;

  problem->title = g_strdup (title);
  if (self->out->item != NULL)
    problem->item = self->out->item->id;
  else if (self->out->overview.id != NULL)
    problem->item = *self->out->overview.id;
  g_ptr_array_add (self->out->problems, problem);
}

/* Makes a finding of an error that tells of damage; any other is handed on. */
static gboolean
tolerate (Inspector *self, const char *table, guint64 record, GError *cause, GError **error)
{
  sp_vault_translate (&cause);
  if (!sp_error_is_damage (cause)) {
    g_propagate_error (error, cause);
    return FALSE;
  }
  report (self, table, record, cause->message);
  g_error_free (cause);
  return TRUE;
}

static void
describe (Inspector *self, const SpItem *version)
{
  for (guint i = 0; i < version->attachments->len; i++) {
    const SpAttachment *attachment = g_ptr_array_index (version->attachments, i);
    Described described = { .ref = { attachment->number, attachment->key_id, attachment->size } };

    memcpy (described.sha256, attachment->sha256, sizeof described.sha256);
    g_array_append_val (self->described, described);
  }
}

static SpItem *
read_detail (Inspector *self, SpRef *out_history, GError **error)
{
  const SpOverview *overview = &self->out->overview;
  g_autoptr (SpItem) item = NULL;
  SpRecordBytes content;

  if (!sp_vault_read_record (self->vault, SP_TABLE_DETAIL, &self->out->links.detail, &content,
                             error))
    return NULL;
  item = sp_detail_decode (content.data, content.len, out_history, error);
  if (item == NULL)
    return NULL;
  if (!self->is_orphan &&
      (!sp_id_equal (&item->id, overview->id) || item->type != overview->type)) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED,
                         "The item's detail is not that of the item.");
    return NULL;
  }
  item->number = self->out->links.detail.number;
  item->revision = self->out->links.detail.revision;
  item->unproven |= self->is_orphan || (overview->flags & SP_OVERVIEW_UNPROVEN) != 0;
  item->used_ms = overview->used_ms;
  item->use_count = overview->use_count;
  return g_steal_pointer (&item);
}

/* All that is left to say what belongs to an orphan is its detail, and what that names. */
static void
link_orphan_history (Inspector *self, const SpRef *history)
{
  SpOverviewLinks *links = &self->out->links;

  links->history = *history;
  links->n_history = history->number != 0 ? G_MAXUINT : 0;
}

static gboolean
is_linked (const GArray *attachments, guint64 number)
{
  for (guint i = 0; i < attachments->len; i++)
    if (g_array_index (attachments, SpAttachmentRef, i).number == number)
      return TRUE;
  return FALSE;
}

static void
link_orphan_attachments (Inspector *self)
{
  GArray *attachments = g_array_new (FALSE, FALSE, sizeof (SpAttachmentRef));

  for (guint i = 0; i < self->described->len; i++) {
    const Described *described = &g_array_index (self->described, Described, i);

    if (!is_linked (attachments, described->ref.number))
      g_array_append_val (attachments, described->ref);
  }
  self->out->links.attachments = attachments;
}

static gboolean
visit_version (const SpRef *ref, const SpHistoryEntry *entry, gpointer user_data)
{
  Inspector *self = user_data;
  g_autoptr (SpItem) version = sp_detail_decode (entry->detail, entry->detail_len, NULL, NULL);

  if (version == NULL || !sp_id_equal (&version->id, &self->out->item->id)) {
    self->bad_version = TRUE;
    return FALSE;
  }
  describe (self, version);
  g_array_append_val (self->out->history, *ref);
  return TRUE;
}

static gboolean
inspect_history (Inspector *self, GError **error)
{
  const SpOverviewLinks *links = &self->out->links;
  GError *local_error = NULL;

  if (links->n_history == 0)
    return TRUE;
  if (!sp_history_walk (self->vault, links, links->detail.number, visit_version, self,
                        &local_error)) {
    /* The chain of an orphan ends where it was trimmed, and nothing says where that was. */
    if (self->is_orphan && g_error_matches (local_error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED)) {
      g_clear_error (&local_error);
      return TRUE;
    }
    return tolerate (self, "history", links->history.number, local_error, error);
  }
  if (self->bad_version)
    report (self, "history", links->history.number, "An earlier version of the item is damaged.");
  return TRUE;
}

/**
 * sp_vault_read_chunk: (skip)
 * @self: a vault
 * @attachment: an attachment
 * @index: which of its chunks
 * @inout_revision: (inout): what all its chunks have; 0 before the first
 * @out_data: (out): its content, valid until the next record is opened
 * @error: return location for a [error@VaultError]
 *
 * Returns: %FALSE with DAMAGED when it is not there or not that chunk
 */
gboolean
sp_vault_read_chunk (SpVault *self,
                     const SpAttachmentRef *attachment,
                     guint32 index,
                     guint64 *inout_revision,
                     SpRecordBytes *out_data,
                     GError **error)
{
  guint64 n_chunks = sp_attachment_count_chunks (attachment);
  gboolean last = index + 1u == n_chunks;
  SpChunkName name = { attachment->number, 0, attachment->key_id, index, last };
  const guint8 *data;
  gsize len;

  if (!sp_records_get (self->db, SP_RECORDS_ATTACHMENT, attachment->number << SP_CHUNK_BITS | index,
                       &name.revision, &data, &len, error))
    return sp_vault_translate (error);
  if (data == NULL || (*inout_revision != 0 && *inout_revision != name.revision)) {
    g_set_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED, "Part %u of an attachment is %s.",
                 index + 1, data == NULL ? "missing" : "not the one that belongs there");
    return FALSE;
  }
  if (!sp_chunk_open (self->cipher, &name, data, len, out_data, error))
    return FALSE;
  if (out_data->len != (last ? attachment->size % SP_CHUNK_LEN : SP_CHUNK_LEN)) {
    g_set_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED,
                 "Part %u of an attachment has another size than it should.", index + 1);
    return FALSE;
  }
  *inout_revision = name.revision;
  return TRUE;
}

static gboolean
hash_attachment (Inspector *self,
                 const SpAttachmentRef *attachment,
                 guint8 out_hash[static SP_HASH_LEN],
                 GError **error)
{
  guint64 n_chunks = sp_attachment_count_chunks (attachment);
  g_autoptr (SpSha256) hash = sp_sha256_new (error);
  guint64 revision = 0;

  if (hash == NULL)
    return FALSE;
  if (n_chunks > 1u << SP_CHUNK_BITS || attachment->number > SP_ATTACHMENT_NUMBER_MAX) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED,
                         "An attachment is larger than one can be.");
    return FALSE;
  }
  for (guint32 i = 0; i < n_chunks; i++) {
    SpRecordBytes data;

    if (g_cancellable_is_cancelled (self->cancellable)) {
      g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_CANCELLED, "Cancelled.");
      return FALSE;
    }
    if (!sp_vault_read_chunk (self->vault, attachment, i, &revision, &data, error) ||
        !sp_sha256_update (hash, data.data, data.len, error))
      return FALSE;
  }
  return sp_sha256_finish (hash, out_hash, error);
}

static gboolean
same_attachment (const SpAttachmentRef *a, const SpAttachmentRef *b)
{
  return a->number == b->number && sp_id_equal (&a->key_id, &b->key_id) && a->size == b->size;
}

static gboolean
inspect_attachment (Inspector *self, const SpAttachmentRef *attachment, GError **error)
{
  guint8 hash[SP_HASH_LEN];
  GError *local_error = NULL;

  if (!hash_attachment (self, attachment, hash, &local_error))
    return tolerate (self, "attachment", attachment->number, local_error, error);
  for (guint i = 0; i < self->described->len; i++) {
    const Described *described = &g_array_index (self->described, Described, i);

    if (described->ref.number == attachment->number &&
        (!same_attachment (&described->ref, attachment) ||
         !sp_bytes_equal (described->sha256, hash, sizeof hash))) {
      report (self, "attachment", attachment->number,
              "The content of an attachment is not what the item says.");
      return TRUE;
    }
  }
  g_array_append_val (self->out->attachments, *attachment);
  return TRUE;
}

/* An attachment that the item has must be one that its overview names. */
static void
check_named (Inspector *self)
{
  const GArray *named = self->out->links.attachments;

  for (guint i = 0; i < self->out->item->attachments->len; i++) {
    const SpAttachment *attachment = g_ptr_array_index (self->out->item->attachments, i);
    gboolean found = FALSE;

    for (guint j = 0; named != NULL && j < named->len && !found; j++)
      found = g_array_index (named, SpAttachmentRef, j).number == attachment->number;
    if (!found)
      report (self, "attachment", attachment->number,
              "The item has an attachment that the index does not name.");
  }
}

static gboolean
inspect (Inspector *self, GError **error)
{
  const GArray *attachments;
  GError *local_error = NULL;
  SpRef history;

  self->out->item = read_detail (self, &history, &local_error);
  if (self->out->item == NULL)
    return tolerate (self, "detail", self->out->links.detail.number, local_error, error);
  describe (self, self->out->item);
  if (self->is_orphan)
    link_orphan_history (self, &history);
  if (!inspect_history (self, error))
    return FALSE;
  if (self->is_orphan)
    link_orphan_attachments (self);

  attachments = self->out->links.attachments;
  for (guint i = 0; attachments != NULL && i < attachments->len; i++)
    if (!inspect_attachment (self, &g_array_index (attachments, SpAttachmentRef, i), error))
      return FALSE;
  check_named (self);
  return TRUE;
}

static gboolean
run (Inspector *self, GError **error)
{
  SpInspection *out = self->out;
  gboolean done;

  out->history = g_array_new (FALSE, FALSE, sizeof (SpRef));
  out->attachments = g_array_new (FALSE, FALSE, sizeof (SpAttachmentRef));
  out->problems = g_ptr_array_new_with_free_func ((GDestroyNotify) sp_problem_free);
  self->described = g_array_new (FALSE, FALSE, sizeof (Described));
  done = inspect (self, error);
  g_array_unref (self->described);
  if (!done)
    sp_inspection_clear (out);
  return done;
}

/**
 * sp_vault_inspect: (skip)
 * @self: a vault
 * @overview: the item's overview, checked
 * @cancellable: (nullable): to stop between two chunks
 * @out_inspection: (out caller-allocates): what was found; clear with sp_inspection_clear()
 * @error: return location for a [error@VaultError]
 *
 * Reads everything that belongs to an item. What does not hold is a finding.
 *
 * Returns: %FALSE when the file could not be read for another reason than damage, or CANCELLED
 */
gboolean
sp_vault_inspect (SpVault *self,
                  SpOverviewBytes overview,
                  GCancellable *cancellable,
                  SpInspection *out_inspection,
                  GError **error)
{
  Inspector inspector = { .vault = self, .out = out_inspection, .cancellable = cancellable };

  memset (out_inspection, 0, sizeof *out_inspection);
  sp_overview_decode (overview.data, overview.len, &out_inspection->overview);
  sp_overview_decode_links (overview.data, overview.len, &out_inspection->links);
  return run (&inspector, error);
}

/**
 * sp_vault_inspect_orphan: (skip)
 * @self: a vault
 * @detail: a detail that no overview names
 * @cancellable: (nullable): to stop between two chunks
 * @out_inspection: (out caller-allocates): what was found; clear with sp_inspection_clear()
 * @error: return location for a [error@VaultError]
 *
 * Returns: as sp_vault_inspect()
 */
gboolean
sp_vault_inspect_orphan (SpVault *self,
                         const SpRef *detail,
                         GCancellable *cancellable,
                         SpInspection *out_inspection,
                         GError **error)
{
  Inspector inspector = { .vault = self,
                          .out = out_inspection,
                          .cancellable = cancellable,
                          .is_orphan = TRUE };

  memset (out_inspection, 0, sizeof *out_inspection);
  out_inspection->links.detail = *detail;
  return run (&inspector, error);
}

/**
 * sp_inspection_clear: (skip)
 * @self: an inspection
 *
 * Frees what it holds.
 */
void
sp_inspection_clear (SpInspection *self)
{
  sp_overview_links_clear (&self->links);
  g_clear_pointer (&self->item, sp_item_free);
  g_clear_pointer (&self->history, g_array_unref);
  g_clear_pointer (&self->attachments, g_array_unref);
  g_clear_pointer (&self->problems, g_ptr_array_unref);
}
