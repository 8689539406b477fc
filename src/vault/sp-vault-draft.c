/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The rows 1 to SP_VAULT_MAX_DRAFTS of the table `draft` (VAULT-FORMAT.md §7.3). They are few, so each call reads all of them:
 * which item a draft is of stands only inside it. A row that does not hold is passed over, and is
 * overwritten when no row is free; one of a later version is kept. */

#define G_LOG_DOMAIN "sp-vault-draft"

#include "config.h"

#include "vault/sp-vault-draft.h"

#include <string.h>

#include "base/sp-wipe.h"
#include "crypto/sp-random.h"
#include "vault/sp-vault-inspect.h"
#include "vault/sp-vault-items.h"

typedef struct {
  gboolean present;
  gboolean replaceable; /* it does not hold */
  SpId id;              /* of the item, where it holds */
  SpDraft *draft;       /* (owned) (nullable) NULL also when a later one of the same item serves */
} Row;

typedef struct {
  Row rows[SP_VAULT_MAX_DRAFTS]; /* row number - 1 */
  GPtrArray *problems;           /* (element-type SpProblem) (nullable) */
} Table;

/**
 * sp_draft_free:
 * @self: (transfer full): a draft
 *
 * Frees it, and wipes its item.
 */
void
sp_draft_free (SpDraft *self)
{
  sp_item_free (self->item);
  g_free (self);
}

static void
table_clear (Table *self)
{
  for (guint i = 0; i < SP_VAULT_MAX_DRAFTS; i++)
    g_clear_pointer (&self->rows[i].draft, sp_draft_free);
}

static void
report (Table *self, SpProblemKind kind, guint64 number, const char *sentence)
{
  if (self->problems != NULL)
    g_ptr_array_add (self->problems, sp_problem_new (kind, "draft", number, "%s", sentence));
}

static SpDraft *
decode_draft (SpRecordBytes content, GError **error)
{
  SpDraftEntry entry;
  SpDraft *draft;
  SpItem *item;

  if (!sp_draft_decode (content.data, content.len, &entry, error))
    return NULL;
  item = sp_detail_decode (entry.detail, entry.detail_len, NULL, error);
  if (item == NULL)
    return NULL;
  item->number = entry.item_number;
  item->revision = entry.revision;
  memcpy (item->tag, entry.tag, sizeof item->tag);
  draft = g_new0 (SpDraft, 1);
  draft->item = item;
  draft->saved_ms = entry.saved_ms;
  return draft;
}

/* Opens the row's record. NULL: it does not hold, or could not be read. */
static SpDraft *
open_row (SpVault *vault, guint64 number, gboolean *out_present, GError **error)
{
  SpRecordName name = { SP_TABLE_DRAFT, number, 0, NULL };
  SpRecordBytes content;
  const guint8 *data;
  gsize len;

  *out_present = TRUE;
  if (!sp_records_get (vault->db, SP_RECORDS_DRAFT, number, &name.revision, &data, &len, error))
    return NULL;
  *out_present = data != NULL;
  if (data == NULL || !sp_record_open (vault->cipher, &name, data, len, &content, error))
    return NULL;
  return decode_draft (content, error);
}

static gboolean
read_row (Table *self, SpVault *vault, guint64 number, GError **error)
{
  Row *row = &self->rows[number - 1];
  GError *cause = NULL;

  row->draft = open_row (vault, number, &row->present, &cause);
  if (row->draft != NULL) {
    row->id = row->draft->item->id;
    return TRUE;
  }
  if (cause == NULL)
    return TRUE;
  sp_vault_translate (&cause);
  if (!sp_error_is_damage (cause)) {
    g_propagate_error (error, cause);
    return FALSE;
  }
  row->replaceable = g_error_matches (cause, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED);
  report (self, SP_PROBLEM_DAMAGED, number,
          row->replaceable ? "A draft is damaged or not of this vault." : cause->message);
  g_error_free (cause);
  return TRUE;
}

/* There is one draft of an item; another one was brought back by somebody. */
static void
drop_older (Table *self)
{
  for (guint i = 0; i < SP_VAULT_MAX_DRAFTS; i++) {
    for (guint j = i + 1; j < SP_VAULT_MAX_DRAFTS && self->rows[i].draft != NULL; j++) {
      Row *rows = self->rows;
      guint older;

      if (rows[j].draft == NULL || !sp_id_equal (&rows[i].id, &rows[j].id))
        continue;
      older = rows[i].draft->saved_ms < rows[j].draft->saved_ms ? i : j;
      g_clear_pointer (&rows[older].draft, sp_draft_free);
      rows[older].replaceable = TRUE;
      report (self, SP_PROBLEM_OTHER, older + 1, "An older draft of an item that has another one.");
    }
  }
}

/* In the state that an open transaction shows. */
static gboolean
table_read (Table *self, SpVault *vault, GPtrArray *problems, GError **error)
{
  gboolean done = TRUE;

  memset (self, 0, sizeof *self);
  self->problems = problems;
  for (guint64 i = 1; done && i <= SP_VAULT_MAX_DRAFTS; i++)
    done = read_row (self, vault, i, error);
  sp_records_done (vault->db, SP_RECORDS_DRAFT);
  sp_record_forget (vault->cipher);
  if (done)
    drop_older (self);
  else
    table_clear (self);
  return done;
}

/**
 * sp_vault_find_drafts: (skip)
 * @self: a vault with a transaction of its database open
 * @problems: (nullable) (element-type SpProblem): where to add what is wrong with drafts
 * @error: return location for a [error@VaultError]
 *
 * Returns: (transfer full) (element-type guint64): the rows to keep, ascending; `NULL` when the file could not
 *   be read for another reason than damage
 */
GArray *
sp_vault_find_drafts (SpVault *self, GPtrArray *problems, GError **error)
{
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint64));
  Table table;

  if (!table_read (&table, self, problems, error))
    return NULL;
  for (guint64 i = 1; i <= SP_VAULT_MAX_DRAFTS; i++)
    if (table.rows[i - 1].present && !table.rows[i - 1].replaceable)
      g_array_append_val (numbers, i);
  table_clear (&table);
  return g_steal_pointer (&numbers);
}

static gboolean
has_id (const SpId *ids, gsize n_ids, const SpId *id)
{
  for (gsize i = 0; i < n_ids; i++)
    if (sp_id_equal (&ids[i], id))
      return TRUE;
  return FALSE;
}

/**
 * sp_vault_delete_drafts: (skip)
 * @self: a vault with a write transaction of its database open
 * @ids: (array length=n_ids): ids of items
 * @n_ids: how many
 * @out_deleted: (out): the number of rows that were deleted
 * @error: return location for a [error@VaultError]
 *
 * Returns: whether none of these items has a draft any more
 */
gboolean
sp_vault_delete_drafts (SpVault *self,
                        const SpId *ids,
                        gsize n_ids,
                        guint *out_deleted,
                        GError **error)
{
  gboolean done = TRUE;
  Table table;

  *out_deleted = 0;
  if (!table_read (&table, self, NULL, error))
    return FALSE;
  for (guint i = 0; done && i < SP_VAULT_MAX_DRAFTS; i++) {
    /* The id stays where a later draft of the item serves: those go, too. */
    if (sp_id_is_null (&table.rows[i].id) || !has_id (ids, n_ids, &table.rows[i].id))
      continue;
    done = sp_records_delete (self->db, SP_RECORDS_DRAFT, i + 1, error);
    (*out_deleted)++;
  }
  table_clear (&table);
  return done;
}

/* The row of the item's earlier draft, else a free one, else one that does not hold; 0 when there is none. */
static guint64
choose_row (const Table *table, const SpId *id)
{
  guint64 chosen = 0;
  gboolean is_free = FALSE;

  for (guint64 i = SP_VAULT_MAX_DRAFTS; i > 0; i--) {
    const Row *row = &table->rows[i - 1];

    if (row->draft != NULL && sp_id_equal (&row->id, id))
      return i;
    if (!row->present || (row->replaceable && !is_free)) {
      chosen = i;
      is_free = !row->present;
    }
  }
  return chosen;
}

static gboolean
find_row (SpVault *self, const SpId *id, guint64 *out_number, GError **error)
{
  Table table;

  if (!table_read (&table, self, NULL, error))
    return FALSE;
  *out_number = choose_row (&table, id);
  table_clear (&table);
  if (*out_number != 0)
    return TRUE;
  g_set_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID,
               "There are %d drafts of other items already. Save or discard one of them first.",
               SP_VAULT_MAX_DRAFTS);
  return FALSE;
}

/* Into the buffer of the cipher, until the next record. */
static gboolean
seal_draft (SpVault *self,
            const SpItem *item,
            const SpRecordName *name,
            SpRecordBytes *out_record,
            GError **error)
{
  SpDraftEntry entry = { .item_number = item->number, .saved_ms = sp_vault_now (self) };
  g_autoptr (SpWriter) detail = sp_writer_new ();

  if (!sp_detail_encode (item, NULL, detail, error))
    return FALSE;
  if (item->number != 0) {
    entry.revision = item->revision;
    memcpy (entry.tag, item->tag, sizeof entry.tag);
  }
  entry.detail = sp_writer_peek (detail, &entry.detail_len);
  sp_draft_encode (&entry, sp_record_begin (self->cipher));
  return sp_record_seal (self->cipher, name, out_record, error);
}

static gboolean
put_draft (SpVault *self, const SpItem *item, guint64 number, GError **error)
{
  const SpRecordName name = { SP_TABLE_DRAFT, number, self->seal->sequence, NULL };
  SpRecordBytes record;

  return seal_draft (self, item, &name, &record, error) &&
         sp_records_put (self->db, SP_RECORDS_DRAFT, number, name.revision, record.data, record.len,
                         error);
}

/* Ends a transaction that leaves the seal as it is. The encryptions are counted with the next change. */
static gboolean
leave (SpVault *self, gboolean success, GError **error)
{
  gboolean done = success && sp_db_commit (self->db, error);

  if (!success)
    sp_db_rollback (self->db);
  sp_record_forget (self->cipher);
  return done || sp_vault_translate (error);
}

static gboolean
save_draft (SpVault *self, const SpItem *item, GError **error)
{
  guint64 number;
  gboolean done;

  if (!sp_vault_begin_unsealed (self, error))
    return FALSE;
  done = find_row (self, &item->id, &number, error) && put_draft (self, item, number, error);
  return leave (self, done, error);
}

/**
 * sp_vault_save_draft:
 * @self: a vault, without an open batch
 * @item: an item that is being edited; its id is set if it has none
 * @error: return location for a [error@VaultError]
 *
 * Keeps an edit. What was kept of the same item before is replaced.
 *
 * Returns: whether it is durable; if not, the earlier draft still is, and @item is as it was
 */
gboolean
sp_vault_save_draft (SpVault *self, SpItem *item, GError **error)
{
  const SpId before = item->id;

  g_return_val_if_fail (self->batch == NULL, FALSE);
  g_return_val_if_fail (item->number == 0 || !sp_id_is_null (&item->id), FALSE);

  if (sp_id_is_null (&item->id) && !sp_random_id (&item->id, error))
    return sp_vault_translate (error);
  if (save_draft (self, item, error))
    return TRUE;
  item->id = before;
  return FALSE;
}

/* What has become of the item since the edit began. */
static gboolean
compare (SpVault *self, SpDraft *draft, GError **error)
{
  SpItem *item = draft->item;
  SpPosition position = item->number != 0 ? sp_snapshot_find_number (self->snapshot, item->number)
                                          : sp_snapshot_find_id (self->snapshot, &item->id);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (SpItem) current = NULL;
  SpOverview overview;

  draft->moved = item->number != 0;
  if (position == SP_POSITION_NONE)
    return TRUE;
  sp_snapshot_get_overview (self->snapshot, position, &overview);
  draft->moved = TRUE;
  if (!sp_id_equal (overview.id, &item->id))
    return TRUE;

  /* A new item that is there by now was saved, and its draft not dropped: it is a new one no more. */
  item->number = overview.number;
  item->use_count = overview.use_count;
  item->used_ms = overview.used_ms;
  current = sp_vault_load (self, item->number, &local_error);
  if (current == NULL) {
    if (sp_error_is_damage (local_error))
      return TRUE;
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  draft->moved = current->revision != item->revision ||
                 !sp_bytes_equal (current->tag, item->tag, sizeof item->tag);
  draft->saved = sp_item_equal_content (current, item);
  return TRUE;
}

static gint
compare_saved (gconstpointer a, gconstpointer b)
{
  const SpDraft *first = *(const SpDraft *const *) a;
  const SpDraft *second = *(const SpDraft *const *) b;

  return (first->saved_ms < second->saved_ms) - (first->saved_ms > second->saved_ms);
}

static GPtrArray *
read_drafts (SpVault *self, GPtrArray *problems, GError **error)
{
  g_autoptr (GPtrArray) drafts = g_ptr_array_new_with_free_func ((GDestroyNotify) sp_draft_free);
  gboolean done;
  Table table;

  if (!sp_db_begin_read (self->db, error))
    return NULL;
  done = table_read (&table, self, problems, error);
  sp_db_end_read (self->db);
  if (!done)
    return NULL;
  for (guint i = 0; i < SP_VAULT_MAX_DRAFTS; i++)
    if (table.rows[i].draft != NULL)
      g_ptr_array_add (drafts, g_steal_pointer (&table.rows[i].draft));
  g_ptr_array_sort (drafts, compare_saved);
  return g_steal_pointer (&drafts);
}

/**
 * sp_vault_load_drafts:
 * @self: a vault, without an open batch
 * @out_problems: (out) (optional) (transfer full) (element-type SpProblem): what is wrong with those left out
 * @error: return location for a [error@VaultError]
 *
 * Returns: (transfer full) (element-type SpDraft): the drafts, the latest first; `NULL` when the file could
 *   not be read for another reason than damage
 */
GPtrArray *
sp_vault_load_drafts (SpVault *self, GPtrArray **out_problems, GError **error)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (
      (GDestroyNotify) sp_problem_free);
  g_autoptr (GPtrArray) drafts = NULL;

  g_return_val_if_fail (self->batch == NULL, NULL);

  if (!sp_vault_refresh (self, NULL, error))
    return NULL;
  drafts = read_drafts (self, problems, error);
  for (guint i = 0; drafts != NULL && i < drafts->len; i++)
    if (!compare (self, g_ptr_array_index (drafts, i), error))
      g_clear_pointer (&drafts, g_ptr_array_unref);
  if (drafts == NULL) {
    sp_vault_translate (error);
    return NULL;
  }
  if (out_problems != NULL)
    *out_problems = g_steal_pointer (&problems);
  return g_steal_pointer (&drafts);
}

/**
 * sp_vault_drop_draft:
 * @self: a vault, without an open batch
 * @id: an item's id
 * @error: return location for a [error@VaultError]
 *
 * Returns: whether there is no draft of that item any more
 */
gboolean
sp_vault_drop_draft (SpVault *self, const SpId *id, GError **error)
{
  guint n_deleted;
  gboolean done;

  g_return_val_if_fail (self->batch == NULL, FALSE);

  if (!sp_vault_begin_unsealed (self, error))
    return FALSE;
  done = sp_vault_delete_drafts (self, id, 1, &n_deleted, error);
  if (done && n_deleted == 0) {
    sp_db_rollback (self->db);
    return TRUE;
  }
  return leave (self, done, error);
}

/* ---- outside the file ------------------------------------------------------------------------------- */

/* Row 0 is none of the table's: what is sealed for it fits nowhere in the file, and nothing of the file fits here. */
static const SpRecordName outside = { SP_TABLE_DRAFT, 0, 0, NULL };

/**
 * sp_vault_seal_draft:
 * @self: a vault
 * @item: an item with an id
 * @error: return location for a [error@VaultError]
 *
 * Encrypts an edit that cannot be written now, as a draft in the file would be.
 *
 * Returns: (transfer full): what sp_vault_open_draft() takes, no secret; `NULL` when the item cannot be stored
 */
GBytes *
sp_vault_seal_draft (SpVault *self, const SpItem *item, GError **error)
{
  SpRecordBytes record;
  GBytes *bytes = NULL;

  g_return_val_if_fail (!sp_id_is_null (&item->id), NULL);

  if (seal_draft (self, item, &outside, &record, error))
    bytes = g_bytes_new (record.data, record.len);
  else
    sp_vault_translate (error);
  sp_record_forget (self->cipher);
  return bytes;
}

/**
 * sp_vault_open_draft:
 * @self: a vault
 * @bytes: what sp_vault_seal_draft() made
 * @error: return location for a [error@VaultError]
 *
 * Returns: (transfer full): the item; `NULL` with DAMAGED when it was sealed by another vault, or under another key
 */
SpItem *
sp_vault_open_draft (SpVault *self, GBytes *bytes, GError **error)
{
  SpRecordBytes content;
  SpDraft *draft = NULL;
  SpItem *item = NULL;
  const guint8 *data;
  gsize len;

  data = g_bytes_get_data (bytes, &len);
  if (sp_record_open (self->cipher, &outside, data, len, &content, error))
    draft = decode_draft (content, error);
  sp_record_forget (self->cipher);
  if (draft == NULL) {
    sp_vault_translate (error);
    return NULL;
  }
  item = g_steal_pointer (&draft->item);
  g_free (draft);
  return item;
}
