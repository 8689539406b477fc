/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading the authenticated tree, from the seal down to the overviews. What does not hold is named, and
 * where a page is lost its overviews are rebuilt from the details of its items, marked unproven. Pages
 * that are the same as in the snapshot at hand are taken from it, so that catching up costs only what
 * changed. */

#define G_LOG_DOMAIN "sp-vault-load"

#include "config.h"

#include <string.h>

#include "base/sp-wipe.h"
#include "vault/sp-rebuild.h"
#include "vault/sp-transaction.h"

/* One copy of the seal, as far as it could be read. */
typedef struct {
  GBytes *record;
  SpSeal *seal;
} SealCopy;

/* The tree while it is read. */
typedef struct {
  SpVault *vault;
  const SpSeal *seal;
  GHashTable *known;   /* (element-type guint64 SpPage) pages of the snapshot at hand */
  GPtrArray *pages;    /* (element-type SpPage) */
  GArray *blocks;      /* (element-type SpSnapshotBlock) */
  GPtrArray *problems; /* (element-type SpProblem) */
  guint64 last_number; /* of the last item so far */
  gboolean gap;        /* items between last_number and the next page are lost */
} TreeReader;

static void
seal_copy_clear (SealCopy *copy)
{
  g_clear_pointer (&copy->record, g_bytes_unref);
  g_clear_pointer (&copy->seal, sp_seal_free);
}

/* An unreadable or missing copy is left empty; a newer format is an error. */
static gboolean
read_seal_copy (SpVault *self, SpRecords table, SealCopy *copy, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  SpRecordName name = { SP_TABLE_SEAL, 1, 0, NULL };
  SpRecordBytes content;
  const guint8 *data;
  gsize len;

  if (!sp_records_get (self->db, table, 1, &name.revision, &data, &len, &local_error)) {
    if (g_error_matches (local_error, SP_STORE_ERROR, SP_STORE_ERROR_CORRUPT))
      return TRUE;
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  if (data == NULL)
    return TRUE;

  copy->record = g_bytes_new (data, len);
  if (sp_record_open (self->cipher, &name, data, len, &content, &local_error))
    copy->seal = sp_seal_decode (content.data, content.len, &local_error);
  if (g_error_matches (local_error, SP_VAULT_ERROR, SP_VAULT_ERROR_NEWER_FORMAT)) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  if (copy->seal != NULL &&
      (copy->seal->sequence != name.revision || copy->seal->format != sp_db_get_format (self->db) ||
       copy->seal->key_epoch != sp_record_cipher_get_key_epoch (self->cipher)))
    g_clear_pointer (&copy->seal, sp_seal_free);
  return TRUE;
}

static void
report (TreeReader *reader,
        SpProblemKind kind,
        const char *table,
        guint64 record,
        const GError *cause)
{
  g_ptr_array_add (reader->problems, sp_problem_new (kind, table, record, "%s", cause->message));
}

static void
add_page (TreeReader *reader, SpPage *page)
{
  g_ptr_array_add (reader->pages, page);
  reader->last_number = page->records[page->n_records - 1].number;
}

/* Fills a gap with what the details of the lost items say. */
static gboolean
fill_gap (TreeReader *reader, guint64 next_number, GError **error)
{
  if (!reader->gap)
    return TRUE;
  reader->gap = FALSE;
  if (next_number <= reader->last_number + 1)
    return TRUE;
  if (!sp_rebuild_pages (reader->vault, reader->last_number + 1, next_number - 1, reader->pages,
                         reader->problems, error))
    return FALSE;
  reader->last_number = next_number - 1;
  return TRUE;
}

static SpPage *
read_page (TreeReader *reader, const SpPageRef *wanted, GError **error)
{
  SpPage *known = NULL;
  SpRecordBytes content;
  SpPage *page;

  if (reader->known != NULL)
    known = g_hash_table_lookup (reader->known, &wanted->ref.number);
  if (known != NULL && sp_ref_equal (&known->ref, &wanted->ref))
    return sp_page_ref (known);

  if (!sp_vault_read_record (reader->vault, SP_TABLE_PAGE, &wanted->ref, &content, error))
    return NULL;
  page = sp_page_new (reader->vault->arena, &wanted->ref, content.data, content.len, error);
  if (page != NULL &&
      (page->n_records != wanted->n_items || page->records[0].number != wanted->first_number ||
       page->records[0].number <= reader->last_number)) {
    g_set_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED,
                 "Page %" G_GUINT64_FORMAT " of the index does not fit its index block.",
                 wanted->ref.number);
    g_clear_pointer (&page, sp_page_unref);
  }
  return page;
}

/* Damage is a problem to report and go on with; anything else ends the reading. */
static gboolean
is_damage (const GError *error)
{
  return g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED);
}

static gboolean
read_pages (TreeReader *reader, const GArray *refs, GError **error)
{
  for (guint i = 0; i < refs->len; i++) {
    const SpPageRef *wanted = &g_array_index (refs, SpPageRef, i);
    g_autoptr (GError) local_error = NULL;
    SpPage *page = read_page (reader, wanted, &local_error);

    if (page != NULL) {
      if (!fill_gap (reader, wanted->first_number, error)) {
        sp_page_unref (page);
        return FALSE;
      }
      add_page (reader, page);
    } else if (is_damage (local_error)) {
      report (reader, SP_PROBLEM_DAMAGED, "page", wanted->ref.number, local_error);
      reader->gap = TRUE;
    } else {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  }
  return TRUE;
}

static GArray *
read_block_refs (TreeReader *reader, const SpRef *ref, GError **error)
{
  SpRecordBytes content;

  if (!sp_vault_read_record (reader->vault, SP_TABLE_INDEX_BLOCK, ref, &content, error))
    return NULL;
  return sp_index_block_decode (content.data, content.len, error);
}

static gboolean
read_block (TreeReader *reader, const SpRef *ref, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GArray) refs = read_block_refs (reader, ref, &local_error);
  SpSnapshotBlock block = { *ref, reader->pages->len, 0 };

  if (refs == NULL && is_damage (local_error)) {
    report (reader, SP_PROBLEM_DAMAGED, "index_block", ref->number, local_error);
    reader->gap = TRUE;
    return TRUE;
  }
  if (refs == NULL) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  if (!read_pages (reader, refs, error))
    return FALSE;
  block.n_pages = reader->pages->len - block.first_page;
  g_array_append_val (reader->blocks, block);
  return TRUE;
}

static void
check_counts (TreeReader *reader)
{
  guint64 n_items = 0, n_trashed = 0;

  for (guint i = 0; i < reader->pages->len; i++) {
    const SpPage *page = g_ptr_array_index (reader->pages, i);

    n_items += page->n_records;
    n_trashed += page->n_trashed;
  }
  if (n_items != reader->seal->n_items || n_trashed != reader->seal->n_trashed)
    g_ptr_array_add (reader->problems,
                     sp_problem_new (SP_PROBLEM_DAMAGED, "seal", 1,
                                     "The index holds %" G_GUINT64_FORMAT
                                     " items where the seal counts %" G_GUINT64_FORMAT ".",
                                     n_items, reader->seal->n_items));
}

static GHashTable *
index_known_pages (const SpSnapshot *snapshot)
{
  GHashTable *known;

  if (snapshot == NULL)
    return NULL;
  known = g_hash_table_new (g_int64_hash, g_int64_equal);
  for (guint i = 0; i < snapshot->n_pages; i++)
    g_hash_table_insert (known, &snapshot->pages[i]->ref.number, snapshot->pages[i]);
  return known;
}

static SpSnapshot *
reader_finish (TreeReader *reader)
{
  guint n_pages = reader->pages->len;
  guint n_blocks = reader->blocks->len;

  return sp_snapshot_new_take (
      reader->seal->sequence,
      (SpPage **) g_ptr_array_free (g_steal_pointer (&reader->pages), FALSE), n_pages,
      (SpSnapshotBlock *) (void *) g_array_free (g_steal_pointer (&reader->blocks), FALSE),
      n_blocks);
}

static void
reader_clear (TreeReader *reader)
{
  if (reader->pages != NULL)
    g_ptr_array_foreach (reader->pages, (GFunc) (GCallback) sp_page_unref, NULL);
  g_clear_pointer (&reader->pages, g_ptr_array_unref);
  g_clear_pointer (&reader->blocks, g_array_unref);
  g_clear_pointer (&reader->known, g_hash_table_unref);
}

/* Settings are few; a lost one must not quietly become its default. */
static gboolean
check_settings (TreeReader *reader, GError **error)
{
  for (guint i = 0; i < reader->seal->settings->len; i++) {
    const SpRef *ref = &g_array_index (reader->seal->settings, SpRef, i);
    g_autoptr (GError) local_error = NULL;
    SpRecordBytes content;

    if (sp_vault_read_record (reader->vault, SP_TABLE_SETTING, ref, &content, &local_error))
      continue;
    if (!is_damage (local_error)) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
    report (reader, SP_PROBLEM_DAMAGED, "setting", ref->number, local_error);
  }
  return TRUE;
}

/* The tree under one seal. What does not hold goes into `problems`. */
static SpSnapshot *
read_tree (SpVault *self, const SpSeal *seal, GPtrArray *problems, GError **error)
{
  TreeReader reader = {
    .vault = self,
    .seal = seal,
    .known = index_known_pages (self->snapshot),
    .pages = g_ptr_array_new (),
    .blocks = g_array_new (FALSE, FALSE, sizeof (SpSnapshotBlock)),
    .problems = problems,
  };
  SpSnapshot *snapshot = NULL;
  gboolean done = TRUE;

  for (guint i = 0; done && i < seal->blocks->len; i++)
    done = read_block (&reader, &g_array_index (seal->blocks, SpRef, i), error);
  done = done && fill_gap (&reader, seal->next_number, error) && check_settings (&reader, error);
  if (done) {
    check_counts (&reader);
    snapshot = reader_finish (&reader);
  }
  reader_clear (&reader);
  return snapshot;
}

/**
 * sp_loaded_state_clear: (skip)
 * @self: a state
 *
 * Frees what it holds.
 */
void
sp_loaded_state_clear (SpLoadedState *self)
{
  g_clear_pointer (&self->seal, sp_seal_free);
  g_clear_pointer (&self->seal_record, g_bytes_unref);
  g_clear_pointer (&self->snapshot, sp_snapshot_unref);
  g_clear_pointer (&self->problems, g_ptr_array_unref);
}

/* Tries one copy of the seal; the state is replaced if its tree is better than what there is. */
static gboolean
try_copy (SpVault *self, SealCopy *copy, SpLoadedState *state, GError **error)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (
      (GDestroyNotify) sp_problem_free);
  SpSnapshot *snapshot = read_tree (self, copy->seal, problems, error);

  if (snapshot == NULL)
    return FALSE;
  if (state->snapshot != NULL && problems->len > 0) {
    sp_snapshot_unref (snapshot);
    return TRUE;
  }
  g_clear_pointer (&state->seal, sp_seal_free);
  g_clear_pointer (&state->seal_record, g_bytes_unref);
  g_clear_pointer (&state->snapshot, sp_snapshot_unref);
  g_clear_pointer (&state->problems, g_ptr_array_unref);
  state->seal = g_steal_pointer (&copy->seal);
  state->seal_record = g_steal_pointer (&copy->record);
  state->snapshot = snapshot;
  state->problems = g_steal_pointer (&problems);
  state->sound = state->problems->len == 0;
  return TRUE;
}

static void
report_copy (SpLoadedState *state, const char *table, const char *sentence)
{
  g_ptr_array_add (state->problems, sp_problem_new (SP_PROBLEM_COPY, table, 1, "%s", sentence));
  state->copies_differ = TRUE;
}

static gboolean
load_from_copies (SpVault *self, SealCopy copies[static 2], SpLoadedState *state, GError **error)
{
  gboolean equal = copies[0].record != NULL && copies[1].record != NULL &&
                   g_bytes_equal (copies[0].record, copies[1].record);
  gboolean valid[2] = { copies[0].seal != NULL, copies[1].seal != NULL };
  guint64 sequences[2] = { valid[0] ? copies[0].seal->sequence : 0,
                           valid[1] ? copies[1].seal->sequence : 0 };
  guint first = !valid[0] || (valid[1] && copies[1].seal->sequence > copies[0].seal->sequence);

  if (!valid[0] && !valid[1]) {
    g_set_error_literal (
        error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED,
        "Both copies of the vault's seal are damaged. What is left can be salvaged into a new vault.");
    return FALSE;
  }
  if (!try_copy (self, &copies[first], state, error))
    return FALSE;
  if (!state->sound && !equal && valid[!first] && !try_copy (self, &copies[!first], state, error))
    return FALSE;

  /* A tree that holds only under the older seal, or under one of two of the same age, may be the work of
   * somebody who cannot read it: it is shown, and not written, until that is accepted. */
  if (valid[0] && valid[1] && !equal &&
      (state->seal->sequence != MAX (sequences[0], sequences[1]) || sequences[0] == sequences[1]))
    state->sound = FALSE;

  if (!valid[0])
    report_copy (state, "seal_a", "The first copy of the seal is damaged; the second one serves.");
  else if (!valid[1])
    report_copy (state, "seal_b", "The second copy of the seal is damaged; the first one serves.");
  else if (!equal)
    report_copy (
        state, "seal_b",
        state->seal->sequence < MAX (sequences[0], sequences[1])
            ? "The two copies of the seal differ; the OLDER one serves, since the index does "
              "not hold under the newer one."
            : "The two copies of the seal differ; the newer one serves.");
  return TRUE;
}

/**
 * sp_vault_load_state: (skip)
 * @self: a vault with its keys, and a read or write transaction of its database open
 * @out_state: (out caller-allocates): what was read; clear it with sp_loaded_state_clear()
 * @error: return location for a [error@VaultError]
 *
 * Reads and checks seal, index and pages.
 *
 * Returns: whether there is a state, sound or not
 */
gboolean
sp_vault_load_state (SpVault *self, SpLoadedState *out_state, GError **error)
{
  SealCopy copies[2] = { 0 };
  gboolean done;

  memset (out_state, 0, sizeof *out_state);
  done = read_seal_copy (self, SP_RECORDS_SEAL_A, &copies[0], error) &&
         read_seal_copy (self, SP_RECORDS_SEAL_B, &copies[1], error) &&
         load_from_copies (self, copies, out_state, error);
  seal_copy_clear (&copies[0]);
  seal_copy_clear (&copies[1]);
  if (!done) {
    sp_loaded_state_clear (out_state);
    sp_vault_translate (error);
  }
  return done;
}

static gboolean
seal_is_unchanged (SpVault *self, gboolean *out_unchanged, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  gsize held_len;
  const guint8 *held = g_bytes_get_data (self->seal_record, &held_len);
  guint64 revision;
  const guint8 *data;
  gsize len;

  *out_unchanged = FALSE;
  if (!sp_records_get (self->db, SP_RECORDS_SEAL_A, 1, &revision, &data, &len, &local_error)) {
    /* A copy that cannot be read is another one: the other copy serves. */
    if (g_error_matches (local_error, SP_STORE_ERROR, SP_STORE_ERROR_CORRUPT))
      return TRUE;
    g_propagate_error (error, g_steal_pointer (&local_error));
    return sp_vault_translate (error);
  }
  if (data != NULL)
    *out_unchanged = len == held_len && sp_bytes_equal (data, held, len);
  return TRUE;
}

static gboolean
follows (const SpVault *self, const SpLoadedState *state)
{
  return state->sound && sp_id_equal (&state->seal->lineage, &self->seal->lineage) &&
         state->seal->sequence >= self->seal->sequence &&
         (state->seal->sequence > self->seal->sequence ||
          g_bytes_equal (state->seal_record, self->seal_record));
}

/**
 * sp_vault_catch_up: (skip)
 * @self: a vault with a transaction of its database open
 * @out_changed: (out) (optional): whether there was anything new
 * @error: return location for a [error@VaultError]
 *
 * Takes over what other processes wrote since the last look.
 *
 * Returns: %FALSE with REPLACED when the file is not a later state of the one that was opened
 */
gboolean
sp_vault_catch_up (SpVault *self, gboolean *out_changed, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  SpLoadedState state;
  gboolean unchanged;

  if (!seal_is_unchanged (self, &unchanged, error))
    return FALSE;
  if (out_changed != NULL)
    *out_changed = !unchanged;
  if (unchanged)
    return TRUE;

  if (!sp_vault_load_state (self, &state, &local_error)) {
    /* Under another vault key nothing opens. */
    if (g_error_matches (local_error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED)) {
      g_set_error_literal (
          error, SP_VAULT_ERROR, SP_VAULT_ERROR_REPLACED,
          "The vault's key was replaced, or its file damaged, since it was opened. Lock the vault and open it again.");
      return FALSE;
    }
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  if (!follows (self, &state)) {
    sp_loaded_state_clear (&state);
    g_set_error_literal (
        error, SP_VAULT_ERROR, SP_VAULT_ERROR_REPLACED,
        "The vault's file is not a later state of the one that was opened: it was restored, damaged or replaced. Lock the vault and open it again.");
    return FALSE;
  }
  /* A broken first copy is no news: the second one may be the state that is held. */
  if (out_changed != NULL)
    *out_changed = !g_bytes_equal (state.seal_record, self->seal_record);
  sp_vault_take_state (self, g_steal_pointer (&state.seal), g_steal_pointer (&state.seal_record),
                       g_steal_pointer (&state.snapshot));
  sp_loaded_state_clear (&state);
  return TRUE;
}

/**
 * sp_vault_refresh:
 * @self: a vault
 * @out_changed: (out) (optional): whether the snapshot is another one now
 * @error: return location for a [error@VaultError]
 *
 * Takes over what other processes wrote. When nothing did, that is one small read.
 *
 * Returns: whether the vault is up to date
 */
gboolean
sp_vault_refresh (SpVault *self, gboolean *out_changed, GError **error)
{
  gboolean done;

  if (out_changed != NULL)
    *out_changed = FALSE;
  if (self->batch != NULL)
    return TRUE;
  if (!sp_db_is_same_file (self->db)) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_REPLACED,
                         "The vault's file was replaced or removed while it was open.");
    return FALSE;
  }
  /* What was accepted in part is not compared with what others write. */
  if (self->state != SP_VAULT_STATE_SOUND && self->state != SP_VAULT_STATE_READ_ONLY)
    return TRUE;

  if (!sp_db_begin_read (self->db, error))
    return sp_vault_translate (error);
  done = sp_vault_catch_up (self, out_changed, error);
  sp_db_end_read (self->db);
  return done;
}
