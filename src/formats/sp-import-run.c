/* SPDX-License-Identifier: GPL-3.0-or-later */

/* All rows into the vault, as one batch.
 *
 * Duplicates. KEEP looks at nothing. UPDATE and SKIP look for an item that was there before the import and
 * is the same by title, user name and URLs (sp-import-duplicates.c). Two rows of one file that only look alike are two
 * accounts, and both come in; SKIP leaves out a row that is, letter by letter, one that came before it.
 * Where neither user name nor URL says which thing it is (notes, mostly), a title alone is too little to leave
 * a row out: SKIP then asks that the item has all that the row has. */

#define G_LOG_DOMAIN "sp-import-run"

#include "config.h"

#include <string.h>

#include "formats/sp-import-private.h"
#include "vault/sp-vault-items.h"

#define ROWS_BETWEEN_PROGRESS 256

typedef struct {
  const char *text;
  gsize len;
} RawRow;

typedef struct {
  SpImport *import;
  SpVault *vault;
  const SpImportRun *run;
  gboolean dry; /* nothing is stored: only the counts are wanted */
  guint row;    /* the one that is being stored, for notes */
  SpImportSummary counts;
  SpDuplicates *duplicates; /* (owned) (nullable) */
  GHashTable *seen;         /* (owned) (nullable) (element-type RawRow) */
} Run;

/* FNV-1a (RFC 9923). */
static guint
raw_row_hash (gconstpointer data)
{
  const RawRow *row = data;
  guint64 hash = G_GUINT64_CONSTANT (0xcbf29ce484222325);

  for (gsize i = 0; i < row->len; i++)
    hash = (hash ^ (guint8) row->text[i]) * G_GUINT64_CONSTANT (0x100000001b3);
  return (guint) (hash ^ hash >> 32);
}

static gboolean
raw_row_equal (gconstpointer a, gconstpointer b)
{
  const RawRow *row_a = a;
  const RawRow *row_b = b;

  return row_a->len == row_b->len && memcmp (row_a->text, row_b->text, row_a->len) == 0;
}

/* The text is in memory until the import is closed, so the set points into it. */
static gboolean
was_seen (Run *self, const SpCsvRow *row)
{
  RawRow *raw;

  if (self->seen == NULL)
    return FALSE;
  raw = g_new (RawRow, 1);
  *raw = (RawRow){ row->raw, row->raw_len };
  return !g_hash_table_add (self->seen, raw);
}

static gboolean
is_weak (const SpItem *item)
{
  if (*sp_item_peek_subtitle (item) != '\0')
    return FALSE;
  for (guint i = 0; i < item->fields->len; i++) {
    if (((const SpField *) g_ptr_array_index (item->fields, i))->kind == SP_FIELD_URL)
      return FALSE;
  }
  return TRUE;
}

static void
add_note (Run *self, SpImportNoteKind kind, guint64 number)
{
  const SpImportNote note = { kind, self->row, number };

  if (self->run->notes != NULL && self->run->notes->len < SP_IMPORT_MAX_NOTES)
    g_array_append_val (self->run->notes, note);
}

static gboolean
save (Run *self, SpItem *item, GError **error)
{
  return self->dry || sp_vault_save (self->vault, item, error);
}

static gboolean
add (Run *self, SpItem *item, GError **error)
{
  if (!save (self, item, error))
    return FALSE;
  self->counts.n_added++;
  return TRUE;
}

/* Skips the row if an item that is the same, and says no less where that matters, is there. */
static gboolean
skip_or_add (Run *self, SpItem *item, GError **error)
{
  gboolean weak = is_weak (item);
  SpDuplicateCursor cursor = { 0 };
  guint64 number;

  while ((number = sp_duplicates_find (self->duplicates, item, &cursor)) != 0) {
    if (weak) {
      g_autoptr (SpItem) stored = sp_vault_load (self->vault, number, error);

      if (stored == NULL)
        return FALSE;
      if (sp_import_merge (stored, item))
        continue;
    }
    sp_duplicates_use (self->duplicates, &cursor);
    self->counts.n_skipped++;
    add_note (self, SP_IMPORT_NOTE_DUPLICATE, number);
    return TRUE;
  }
  return add (self, item, error);
}

static gboolean
update_or_add (Run *self, SpItem *item, GError **error)
{
  SpDuplicateCursor cursor = { 0 };
  guint64 number = sp_duplicates_find (self->duplicates, item, &cursor);
  g_autoptr (SpItem) stored = NULL;

  if (number == 0)
    return add (self, item, error);

  stored = sp_vault_load (self->vault, number, error);
  if (stored == NULL)
    return FALSE;
  sp_duplicates_use (self->duplicates, &cursor);
  if (!sp_import_merge (stored, item)) {
    self->counts.n_skipped++;
    add_note (self, SP_IMPORT_NOTE_DUPLICATE, number);
    return TRUE;
  }
  if (!save (self, stored, error))
    return FALSE;
  item->number = stored->number;
  self->counts.n_updated++;
  return TRUE;
}

static gboolean
store_item (Run *self, SpItem *item, GError **error)
{
  switch (self->run->duplicates) {
  case SP_DUPLICATES_SKIP:
    return skip_or_add (self, item, error);
  case SP_DUPLICATES_UPDATE:
    return update_or_add (self, item, error);
  case SP_DUPLICATES_KEEP:
  default:
    return add (self, item, error);
  }
}

/* A value that no vault can hold is the row's fault, and the row is named; all else is the vault's. */
static void
name_row (const Run *self, const SpCsvRow *row, GError **error)
{
  g_autoptr (GError) cause = NULL;

  if (error == NULL || !g_error_matches (*error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID))
    return;
  cause = g_steal_pointer (error);
  g_set_error (error, SP_FORMAT_ERROR, SP_FORMAT_ERROR_ROW,
               "Row %u (line %" G_GUINT64_FORMAT ") cannot be stored: %s", row->number,
               sp_csv_get_line (self->import->csv, row), cause->message);
}

static void
note_oddities (Run *self, const SpImportSummary *before, guint64 number)
{
  if (self->counts.n_bad_otp > before->n_bad_otp)
    add_note (self, SP_IMPORT_NOTE_BAD_OTP, number);
  if (self->counts.n_long_rows > before->n_long_rows)
    add_note (self, SP_IMPORT_NOTE_LONG_ROW, number);
  if (self->counts.n_untitled > before->n_untitled)
    add_note (self, SP_IMPORT_NOTE_UNTITLED, number);
}

static gboolean
store_row (Run *self, const SpCsvRow *row, GError **error)
{
  const SpImportSummary before = self->counts;
  g_autoptr (SpItem) item = NULL;

  self->row = row->number;
  if (was_seen (self, row)) {
    self->counts.n_skipped++;
    add_note (self, SP_IMPORT_NOTE_REPEATED, 0);
    return TRUE;
  }
  item = sp_import_build_item (self->import->plan, row, &self->counts);
  if (item == NULL)
    return TRUE;
  if (!store_item (self, item, error)) {
    name_row (self, row, error);
    return FALSE;
  }
  /* What was left out needs no further look. */
  if (self->counts.n_skipped == before.n_skipped)
    note_oddities (self, &before, item->number);
  return TRUE;
}

static gboolean
store_rows (Run *self, GError **error)
{
  guint n_rows = sp_csv_get_n_rows (self->import->csv);
  guint n_done = 0;
  SpCsvRow row;

  sp_csv_rewind (self->import->csv);
  while (sp_csv_next (self->import->csv, &row)) {
    if (n_done % ROWS_BETWEEN_PROGRESS == 0) {
      if (g_cancellable_set_error_if_cancelled (self->run->cancellable, error))
        return FALSE;
      if (self->run->progress != NULL)
        self->run->progress (n_done, n_rows, self->run->progress_data);
    }
    if (!store_row (self, &row, error))
      return FALSE;
    n_done++;
  }
  if (self->run->progress != NULL)
    self->run->progress (n_done, n_rows, self->run->progress_data);
  return !g_cancellable_set_error_if_cancelled (self->run->cancellable, error);
}

/* Inside the batch: the snapshot is then that of the state which this transaction changes. */
static gboolean
fill_batch (Run *self, GError **error)
{
  SpImportDuplicates duplicates = self->run->duplicates;
  gboolean stored;

  if (duplicates != SP_DUPLICATES_KEEP) {
    self->duplicates = sp_duplicates_new (sp_vault_get_snapshot (self->vault), error);
    if (self->duplicates == NULL)
      return FALSE;
  }
  if (duplicates == SP_DUPLICATES_SKIP)
    self->seen = g_hash_table_new_full (raw_row_hash, raw_row_equal, g_free, NULL);

  stored = store_rows (self, error);
  g_clear_pointer (&self->duplicates, sp_duplicates_free);
  g_clear_pointer (&self->seen, g_hash_table_unref);
  return stored;
}

static gboolean
run_batch (Run *self, GError **error)
{
  if (!sp_vault_begin (self->vault, SP_BATCH_IMPORT, error))
    return FALSE;
  if (fill_batch (self, error))
    return sp_vault_commit (self->vault, error);
  sp_vault_rollback (self->vault);
  return FALSE;
}

/**
 * sp_import_run:
 * @self: an import
 * @vault: an open, writable vault without a batch
 * @run: (nullable): what to do with duplicates (SKIP), and whom to tell
 * @out_summary: (out caller-allocates) (optional): what was done
 * @error: return location for a SP_FORMAT_ERROR, a SP_VAULT_ERROR, or G_IO_ERROR_CANCELLED
 *
 * Brings all rows into the vault in one transaction, which can be taken back by sp_vault_undo_import().
 *
 * Returns: %TRUE if everything is stored; else the vault is as it was
 */
gboolean
sp_import_run (SpImport *self,
               SpVault *vault,
               const SpImportRun *run,
               SpImportSummary *out_summary,
               GError **error)
{
  static const SpImportRun defaults = { 0 };
  Run state = { .import = self, .vault = vault, .run = run != NULL ? run : &defaults };

  g_return_val_if_fail (self != NULL && vault != NULL, FALSE);

  state.counts.n_rows = sp_csv_get_n_rows (self->csv);
  if (!run_batch (&state, error))
    return FALSE;
  if (out_summary != NULL)
    *out_summary = state.counts;
  return TRUE;
}

/**
 * sp_import_count_duplicates:
 * @self: an import
 * @vault: an open vault without a batch
 * @cancellable: (nullable): stops it
 * @out_n: (out): rows that %SP_DUPLICATES_SKIP would leave out
 * @error: return location for a SP_VAULT_ERROR, or G_IO_ERROR_CANCELLED
 *
 * Does everything that an import does but for storing.
 *
 * Returns: %TRUE if they were counted
 */
gboolean
sp_import_count_duplicates (SpImport *self,
                            SpVault *vault,
                            GCancellable *cancellable,
                            guint *out_n,
                            GError **error)
{
  const SpImportRun run = { .duplicates = SP_DUPLICATES_SKIP, .cancellable = cancellable };
  Run state = { .import = self, .vault = vault, .run = &run, .dry = TRUE };

  g_return_val_if_fail (self != NULL && vault != NULL && out_n != NULL, FALSE);

  if (!fill_batch (&state, error))
    return FALSE;
  *out_n = state.counts.n_skipped;
  return TRUE;
}
