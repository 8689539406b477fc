/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Verifying: everything that there is, decrypted and held against what names it, in one state of the file.
 * Memory grows with the number of items, since what nothing names is found by elimination. */

#define G_LOG_DOMAIN "sp-vault-verify"

#include "config.h"

#include <string.h>

#include "base/sp-wipe.h"
#include "vault/sp-vault-draft.h"
#include "vault/sp-vault-inspect.h"
#include "vault/sp-vault-log-private.h"

typedef struct {
  SpVault *vault;
  const SpSeal *seal;
  SpSnapshot *snapshot;
  GPtrArray *problems; /* (element-type SpProblem) */
  SpProgress progress;
  gpointer data;
  GCancellable *cancellable;
  GHashTable *ids;             /* (element-type SpId) of the items so far */
  GArray *named[SP_N_RECORDS]; /* (element-type SpIdRange) (nullable) */
  gboolean pages_unknown;      /* a block is lost, so nobody knows which pages it named */
} Verifier;

static void
add (Verifier *self, SpProblemKind kind, const char *table, guint64 record, const char *sentence)
{
  g_ptr_array_add (self->problems, sp_problem_new (kind, table, record, "%s", sentence));
}

/* Makes a problem of an error that tells of damage; any other is handed on. */
static gboolean
tolerate (Verifier *self,
          SpProblemKind kind,
          const char *table,
          guint64 record,
          GError *cause,
          GError **error)
{
  sp_vault_translate (&cause);
  if (!sp_error_is_damage (cause)) {
    g_propagate_error (error, cause);
    return FALSE;
  }
  add (self, kind, table, record, cause->message);
  g_error_free (cause);
  return TRUE;
}

static void
name_range (Verifier *self, SpRecords table, guint64 first, guint64 last)
{
  sp_id_ranges_add (self->named[table], first, last);
}

static gboolean
check_file (Verifier *self, GError **error)
{
  g_autoptr (GPtrArray) lines = sp_db_check (self->vault->db, error);

  if (lines == NULL)
    return sp_vault_translate (error);
  for (guint i = 0; i < lines->len; i++)
    add (self, SP_PROBLEM_FILE, "file", 0, g_ptr_array_index (lines, i));
  return TRUE;
}

/* The held snapshot is laid aside, so that every page is read anew. */
static gboolean
load_state (Verifier *self, SpLoadedState *state, GError **error)
{
  SpVault *vault = self->vault;
  SpSnapshot *held = g_steal_pointer (&vault->snapshot);
  GError *local_error = NULL;
  gboolean done = sp_vault_load_state (vault, state, &local_error);

  vault->snapshot = held;
  self->seal = vault->seal;
  self->snapshot = held;
  if (!done)
    return tolerate (self, SP_PROBLEM_DAMAGED, "seal", 1, local_error, error);

  self->seal = state->seal;
  self->snapshot = state->snapshot;
  g_ptr_array_extend_and_steal (self->problems, g_steal_pointer (&state->problems));
  if (state->seal->sequence < vault->seal->sequence ||
      (state->seal->sequence == vault->seal->sequence &&
       !g_bytes_equal (state->seal_record, vault->seal_record)))
    add (self, SP_PROBLEM_OTHER, "seal", 1,
         "The file holds another or an older state of the vault than the one that was opened.");
  return TRUE;
}

static gboolean
name_pages (Verifier *self, const SpRef *block, GError **error)
{
  g_autoptr (GArray) refs = NULL;
  GError *local_error = NULL;
  SpRecordBytes content;

  name_range (self, SP_RECORDS_INDEX_BLOCK, block->number, block->number);
  if (sp_vault_read_record (self->vault, SP_TABLE_INDEX_BLOCK, block, &content, &local_error))
    refs = sp_index_block_decode (content.data, content.len, &local_error);
  if (refs == NULL) {
    /* Loading the state has named it already. */
    self->pages_unknown = TRUE;
    sp_vault_translate (&local_error);
    if (sp_error_is_damage (local_error)) {
      g_error_free (local_error);
      return TRUE;
    }
    g_propagate_error (error, local_error);
    return FALSE;
  }
  for (guint i = 0; i < refs->len; i++) {
    guint64 number = g_array_index (refs, SpPageRef, i).ref.number;

    name_range (self, SP_RECORDS_PAGE, number, number);
  }
  return TRUE;
}

/* Loading the state has read them. */
static void
name_settings (Verifier *self)
{
  for (guint i = 0; i < self->seal->settings->len; i++) {
    guint64 number = g_array_index (self->seal->settings, SpRef, i).number;

    name_range (self, SP_RECORDS_SETTING, number, number);
  }
}

static void
name_item (Verifier *self, const SpInspection *found)
{
  const GArray *attachments = found->links.attachments;
  guint64 number = found->links.detail.number;

  name_range (self, SP_RECORDS_DETAIL, number, number);
  for (guint i = 0; i < found->history->len; i++) {
    guint64 entry = g_array_index (found->history, SpRef, i).number;

    name_range (self, SP_RECORDS_HISTORY, entry, entry);
  }
  for (guint i = 0; attachments != NULL && i < attachments->len; i++) {
    const SpAttachmentRef *attachment = &g_array_index (attachments, SpAttachmentRef, i);
    guint64 first = attachment->number << SP_CHUNK_BITS;

    if (attachment->number <= SP_ATTACHMENT_NUMBER_MAX)
      name_range (self, SP_RECORDS_ATTACHMENT, first,
                  first + MIN (sp_attachment_count_chunks (attachment), 1u << SP_CHUNK_BITS) - 1);
  }
}

static gboolean
check_item (Verifier *self, SpOverviewBytes bytes, GError **error)
{
  SpInspection found;

  if (g_cancellable_is_cancelled (self->cancellable)) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_CANCELLED, "Cancelled.");
    return FALSE;
  }
  if (!sp_vault_inspect (self->vault, bytes, self->cancellable, &found, error))
    return FALSE;
  name_item (self, &found);
  if (!g_hash_table_add (self->ids, (gpointer) (guintptr) found.overview.id))
    add (self, SP_PROBLEM_DAMAGED, "page", 0, "Two items of the index have one id.");
  g_ptr_array_extend_and_steal (self->problems, g_steal_pointer (&found.problems));
  sp_inspection_clear (&found);
  return TRUE;
}

static gboolean
check_items (Verifier *self, GError **error)
{
  guint64 total = self->snapshot->n_items, done = 0;
  SpPosition position = sp_snapshot_first (self->snapshot);

  while (position != SP_POSITION_NONE) {
    const SpPage *page;
    const SpPageRecord *record = sp_snapshot_peek_record (self->snapshot, position, &page);

    if (!check_item (self, (SpOverviewBytes){ page->content + record->offset, record->len }, error))
      return FALSE;
    done++;
    if (self->progress != NULL)
      self->progress (done, total, self->data);
    position = sp_snapshot_next (self->snapshot, position);
  }
  return TRUE;
}

/* Rows that the log does not have are told with those of all tables. */
static gboolean
check_log (Verifier *self, GError **error)
{
  const SpSeal *seal = self->seal;
  g_autoptr (SpLogCheck) check = sp_log_check_new ();
  g_autoptr (GArray) faults = NULL;
  GError *local_error = NULL;

  if (seal->audit_first <= seal->audit_last)
    name_range (self, SP_RECORDS_AUDIT, seal->audit_first, seal->audit_last);
  if (!sp_log_check_run (check, self->vault, seal, G_MAXUINT, &local_error))
    return tolerate (self, SP_PROBLEM_LOG, "audit", seal->audit_last, local_error, error);
  faults = sp_log_check_dup_faults (check);
  for (guint i = 0; i < faults->len; i++) {
    const SpLogFault *fault = &g_array_index (faults, SpLogFault, i);
    g_autofree char *sentence = sp_log_fault_describe (fault);

    if (fault->kind != SP_LOG_FAULT_FOREIGN)
      add (self, SP_PROBLEM_LOG, "audit", fault->first, sentence);
  }
  return TRUE;
}

/* Nothing names a draft; what can be said is whether it is of this vault. */
static gboolean
check_drafts (Verifier *self, GError **error)
{
  g_autoptr (GArray) rows = sp_vault_find_drafts (self->vault, self->problems, error);

  if (rows == NULL)
    return sp_vault_translate (error);
  name_range (self, SP_RECORDS_DRAFT, 1, SP_VAULT_MAX_DRAFTS);
  return TRUE;
}

static gboolean
check_foreign (Verifier *self, SpRecords table, GError **error)
{
  const char *name = sp_records_get_name (table);
  g_autoptr (GArray) foreign = NULL;
  guint64 last = 0;
  gboolean complete;

  if (sp_id_ranges_sort (self->named[table]) > 0)
    add (self, SP_PROBLEM_DAMAGED, name, 0, "One record is named more than once.");
  foreign = sp_vault_find_foreign (self->vault, table, self->named[table], &complete, error);
  if (foreign == NULL)
    return FALSE;
  if (!complete)
    add (self, SP_PROBLEM_UNREADABLE, name, 0, "Not all rows of the table can be read.");
  for (guint i = 0; i < foreign->len; i++) {
    guint64 id = g_array_index (foreign, guint64, i);

    /* An attachment is told once, and not for each of its chunks. */
    if (table == SP_RECORDS_ATTACHMENT)
      id >>= SP_CHUNK_BITS;
    if (i == 0 || id != last)
      add (self, SP_PROBLEM_FOREIGN, name, id, "A record that nothing in the vault names.");
    last = id;
  }
  return TRUE;
}

static gboolean
check_all_foreign (Verifier *self, GError **error)
{
  name_range (self, SP_RECORDS_SEAL_A, 1, 1);
  name_range (self, SP_RECORDS_SEAL_B, 1, 1);
  for (guint i = 0; i < SP_N_RECORDS; i++) {
    if (i == SP_RECORDS_PAGE && self->pages_unknown)
      continue;
    if (!check_foreign (self, (SpRecords) i, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
check_lockout (Verifier *self, GError **error)
{
  GError *local_error = NULL;
  guint8 event_key[32];
  guint64 failures;
  gint64 last_ms;

  if (!sp_lockout_read (self->vault->db, &failures, &last_ms, event_key, &local_error))
    return tolerate (self, SP_PROBLEM_DAMAGED, "lockout", 1, local_error, error);
  if (!sp_bytes_equal (event_key, self->seal->event_key, sizeof event_key))
    add (self, SP_PROBLEM_OTHER, "lockout", 1,
         "The key for what is recorded while locked is not the vault's.");
  return TRUE;
}

static gboolean
verify (Verifier *self, GError **error)
{
  SpLoadedState state = { 0 };
  gboolean done = check_file (self, error) && load_state (self, &state, error) &&
                  sp_vault_check_slots (self->vault, self->seal, self->problems, error) &&
                  check_lockout (self, error);

  if (done)
    name_settings (self);
  for (guint i = 0; done && i < self->seal->blocks->len; i++)
    done = name_pages (self, &g_array_index (self->seal->blocks, SpRef, i), error);
  done = done && check_items (self, error) && check_log (self, error) &&
         check_drafts (self, error) && check_all_foreign (self, error);
  sp_loaded_state_clear (&state);
  return done;
}

/**
 * sp_vault_verify:
 * @self: a vault, without an open batch
 * @progress: (nullable) (scope call): called after each item
 * @data: for @progress
 * @cancellable: (nullable): to stop it
 * @error: return location for a [error@VaultError]
 *
 * Decrypts and compares everything there is.
 *
 * Returns: (transfer full) (element-type SpProblem): what is wrong, empty when nothing is; `NULL` when it
 *   was cancelled or the file could not be read for another reason than damage
 */
GPtrArray *
sp_vault_verify (SpVault *self,
                 SpProgress progress,
                 gpointer data,
                 GCancellable *cancellable,
                 GError **error)
{
  g_autoptr (GPtrArray) problems = NULL;
  Verifier verifier = { .vault = self,
                        .progress = progress,
                        .data = data,
                        .cancellable = cancellable };
  gboolean done;

  g_return_val_if_fail (self->batch == NULL, NULL);

  if (!sp_db_begin_read (self->db, error)) {
    sp_vault_translate (error);
    return NULL;
  }
  problems = g_ptr_array_new_with_free_func ((GDestroyNotify) sp_problem_free);
  verifier.problems = problems;
  verifier.ids = g_hash_table_new (sp_id_hash, sp_id_equal);
  for (guint i = 0; i < SP_N_RECORDS; i++)
    verifier.named[i] = g_array_new (FALSE, FALSE, sizeof (SpIdRange));
  done = verify (&verifier, error);
  for (guint i = 0; i < SP_N_RECORDS; i++)
    g_array_unref (verifier.named[i]);
  g_hash_table_unref (verifier.ids);
  sp_db_end_read (self->db);
  if (!done) {
    sp_vault_translate (error);
    return NULL;
  }
  return g_steal_pointer (&problems);
}
