/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Accepting what is left of a vault (VAULT-FORMAT.md §5): a copy of the file is kept, and one transaction
 * then seals anew whatever holds. Afterwards nothing in the file is without a name or named and missing. */

#define G_LOG_DOMAIN "sp-vault-accept"

#include "config.h"

#include <string.h>

#include "base/sp-wipe.h"
#include "crypto/sp-random.h"
#include "vault/sp-slot-table.h"
#include "vault/sp-vault-inspect.h"

#define SEQUENCE_JUMP    (G_GUINT64_CONSTANT (1) << 32)
#define NUMBER_JUMP      (G_GUINT64_CONSTANT (1) << 20)
#define ENCRYPTIONS_JUMP (G_GUINT64_CONSTANT (1) << 20)

/* A row that does not open counts for nothing, or anyone who can write the file could use up all numbers.
 * Chunks cannot be asked without their key id; theirs are believed up to here. */
#define BELIEVABLE_CHUNK (G_GUINT64_CONSTANT (1) << 62)

typedef struct {
  SpVault *vault;
  SpTransaction *tx;
  SpTable table;        /* that is being visited */
  guint64 max_revision; /* the largest known */
  guint64 max_number;
  guint n_lost;
  GArray *named[SP_N_RECORDS]; /* (element-type SpIdRange) */
} Acceptor;

static gboolean
note_row (guint64 id, guint64 revision, const guint8 *data, gsize len, gpointer user_data)
{
  Acceptor *self = user_data;
  SpRecordName name = { self->table, id, revision, NULL };
  SpRecordBytes content;

  if (self->table == SP_TABLE_ATTACHMENT) {
    if (id >= BELIEVABLE_CHUNK || revision >= BELIEVABLE_CHUNK)
      return TRUE;
    id >>= SP_CHUNK_BITS;
  } else if (!sp_record_open (self->vault->cipher, &name, data, len, &content, NULL)) {
    return TRUE;
  } else if (self->table == SP_TABLE_SEAL) {
    g_autoptr (SpSeal) seal = sp_seal_decode (content.data, content.len, NULL);

    id = seal != NULL ? seal->next_number : 0;
  } else if (self->table == SP_TABLE_AUDIT || self->table == SP_TABLE_SETTING ||
             self->table == SP_TABLE_DRAFT) {
    id = 0; /* numbered by themselves */
  }
  self->max_revision = MAX (self->max_revision, revision);
  self->max_number = MAX (self->max_number, id);
  return TRUE;
}

static gboolean
find_largest (Acceptor *self, GError **error)
{
  static const SpTable tables[SP_N_RECORDS] = {
    [SP_RECORDS_SEAL_A] = SP_TABLE_SEAL,
    [SP_RECORDS_SEAL_B] = SP_TABLE_SEAL,
    [SP_RECORDS_SETTING] = SP_TABLE_SETTING,
    [SP_RECORDS_INDEX_BLOCK] = SP_TABLE_INDEX_BLOCK,
    [SP_RECORDS_PAGE] = SP_TABLE_PAGE,
    [SP_RECORDS_DETAIL] = SP_TABLE_DETAIL,
    [SP_RECORDS_HISTORY] = SP_TABLE_HISTORY,
    [SP_RECORDS_AUDIT] = SP_TABLE_AUDIT,
    [SP_RECORDS_ATTACHMENT] = SP_TABLE_ATTACHMENT,
    [SP_RECORDS_DRAFT] = SP_TABLE_DRAFT,
  };

  self->max_revision = self->vault->seal->sequence;
  self->max_number = self->vault->seal->next_number;
  for (guint i = 0; i < SP_N_RECORDS; i++) {
    gboolean complete;

    self->table = tables[i];
    if (!sp_records_visit (self->vault->db, (SpRecords) i, note_row, self, &complete, error))
      return FALSE;
  }
  return TRUE;
}

/* A fork that is ahead of what was seen here goes on as it is; everything else becomes another line. */
static gboolean
make_seal (Acceptor *self, SpSeal **out_seal, GError **error)
{
  SpVault *vault = self->vault;
  g_autoptr (SpSeal) seal = sp_seal_copy (vault->seal);
  SpPin pin = { 0 };

  if (vault->state_dir != NULL)
    sp_pin_read (vault->state_dir, &vault->vault_id, &pin);
  if (vault->state == SP_VAULT_STATE_FORKED && seal->sequence > pin.sequence) {
    seal->sequence++;
  } else {
    if (!find_largest (self, error) || !sp_random_id (&seal->lineage, error))
      return FALSE;
    if (pin.present && pin.sequence < G_MAXINT64 / 2)
      self->max_revision = MAX (self->max_revision, pin.sequence);
    seal->sequence = self->max_revision + SEQUENCE_JUMP;
    seal->next_number = self->max_number + NUMBER_JUMP;
    seal->n_encryptions += ENCRYPTIONS_JUMP;
  }
  seal->n_items = 0;
  seal->n_trashed = 0;
  *out_seal = g_steal_pointer (&seal);
  return TRUE;
}

/* Takes out of the item what is lost of its attachments. */
static gboolean
drop_lost_attachments (SpInspection *found)
{
  GPtrArray *attachments = found->item->attachments;
  gboolean changed = FALSE;

  for (guint i = attachments->len; i > 0; i--) {
    const SpAttachment *attachment = g_ptr_array_index (attachments, i - 1);
    gboolean held = FALSE;

    for (guint j = 0; j < found->attachments->len && !held; j++)
      held = g_array_index (found->attachments, SpAttachmentRef, j).number == attachment->number;
    if (!held) {
      g_ptr_array_remove_index (attachments, i - 1);
      changed = TRUE;
    }
  }
  return changed;
}

/* What the item has lost is taken out of its overview and its detail. */
static gboolean
mend (Acceptor *self, SpInspection *found, GError **error)
{
  SpTransaction *tx = self->tx;
  SpOverviewLinks *links = &found->links;

  links->n_history = found->history->len;
  if (links->n_history == 0)
    memset (&links->history, 0, sizeof links->history);
  g_clear_pointer (&links->attachments, g_array_unref);
  links->attachments = g_array_ref (found->attachments);
  if (drop_lost_attachments (found) &&
      (!sp_detail_encode (found->item, links->n_history > 0 ? &links->history : NULL,
                          sp_record_begin (self->vault->cipher), error) ||
       !sp_transaction_put (tx, SP_TABLE_DETAIL, found->item->number, &links->detail, error)))
    return FALSE;

  sp_writer_reset (tx->overview);
  sp_overview_encode (found->item, links, tx->overview);
  return TRUE;
}

static void
name_item (Acceptor *self, const SpInspection *found)
{
  guint64 number = found->links.detail.number;

  sp_id_ranges_add (self->named[SP_RECORDS_DETAIL], number, number);
  for (guint i = 0; i < found->history->len; i++) {
    guint64 entry = g_array_index (found->history, SpRef, i).number;

    sp_id_ranges_add (self->named[SP_RECORDS_HISTORY], entry, entry);
  }
  for (guint i = 0; i < found->attachments->len; i++) {
    const SpAttachmentRef *attachment = &g_array_index (found->attachments, SpAttachmentRef, i);
    guint64 first = attachment->number << SP_CHUNK_BITS;

    sp_id_ranges_add (self->named[SP_RECORDS_ATTACHMENT], first,
                      first + sp_attachment_count_chunks (attachment) - 1);
  }
}

/* The seal counts by the overviews, whatever the detail says. */
static gboolean
keep_item (Acceptor *self, SpOverviewBytes bytes, GError **error)
{
  gboolean done = TRUE, trashed;
  SpInspection found;

  if (!sp_vault_inspect (self->vault, bytes, NULL, &found, error))
    return FALSE;
  if (found.item == NULL) {
    self->n_lost++;
    sp_inspection_clear (&found);
    return TRUE;
  }
  trashed = (found.overview.flags & SP_OVERVIEW_TRASHED) != 0;
  if (found.problems->len > 0) {
    self->n_lost++;
    trashed = found.item->trashed;
    done = mend (self, &found, error);
    bytes.data = sp_writer_peek (self->tx->overview, &bytes.len);
  }
  if (done) {
    name_item (self, &found);
    self->tx->n_items_change++;
    self->tx->n_trashed_change += trashed ? 1 : 0;
    done = sp_tree_append (self->tx->tree, found.links.detail.number, bytes, error);
  }
  sp_inspection_clear (&found);
  return done;
}

static gboolean
keep_items (Acceptor *self, GError **error)
{
  SpSnapshot *snapshot = self->vault->snapshot;
  SpPosition position = sp_snapshot_first (snapshot);

  while (position != SP_POSITION_NONE) {
    const SpPage *page;
    const SpPageRecord *record = sp_snapshot_peek_record (snapshot, position, &page);

    if (!keep_item (self, (SpOverviewBytes){ page->content + record->offset, record->len }, error))
      return FALSE;
    position = sp_snapshot_next (snapshot, position);
  }
  return TRUE;
}

static gboolean
keep_settings (Acceptor *self, GError **error)
{
  GArray *settings = self->tx->seal->settings;

  for (guint i = settings->len; i > 0; i--) {
    const SpRef ref = g_array_index (settings, SpRef, i - 1);
    g_autoptr (GError) local_error = NULL;
    SpRecordBytes content;

    if (sp_vault_read_record (self->vault, SP_TABLE_SETTING, &ref, &content, &local_error)) {
      sp_id_ranges_add (self->named[SP_RECORDS_SETTING], ref.number, ref.number);
      continue;
    }
    if (!sp_error_is_damage (local_error)) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
    g_array_remove_index (settings, i - 1);
    self->n_lost++;
  }
  return TRUE;
}

/* Slots of which neither copy holds are let go; the one that is open was found by its listed hash. */
static gboolean
keep_slots (Acceptor *self, GError **error)
{
  GArray *slots = self->tx->seal->slots;
  SpSlotTable table;

  if (!sp_slot_table_read (self->vault->db, &table, error))
    return FALSE;
  for (guint i = slots->len; i > 0; i--) {
    const SpSealSlot *listed = &g_array_index (slots, SpSealSlot, i - 1);
    const SpSlotRow *row = sp_slot_table_find (&table, listed, TRUE);
    SpKeyslot slot;

    /* A new changing part can only be given to a slot that is understood. */
    if (row != NULL && (sp_slot_table_find (&table, listed, FALSE) != NULL ||
                        sp_keyslot_parse (g_bytes_get_data (row->fixed, NULL),
                                          g_bytes_get_size (row->fixed), &slot, NULL)))
      continue;
    g_array_remove_index (slots, i - 1);
    self->n_lost++;
  }
  sp_slot_table_clear (&table);
  if (slots->len == 0) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED,
                         "No key slot of the vault holds any more. Salvage it into a new one.");
    return FALSE;
  }
  return sp_vault_repair_slots (self->tx, error);
}

/* A log with a hole cannot be told from one that was tampered with, so it starts anew behind its head. */
static gboolean
keep_log (Acceptor *self, GError **error)
{
  SpSeal *seal = self->tx->seal;
  GError *local_error = NULL;
  guint8 chain[SP_HASH_LEN];
  gboolean holds;
  guint64 bad;

  memcpy (chain, seal->audit_base, sizeof chain);
  holds = sp_vault_run_chain (self->vault, seal->audit_first, seal->audit_last, chain, &bad,
                              &local_error);
  if (local_error != NULL) {
    g_propagate_error (error, local_error);
    return FALSE;
  }
  if (!holds || !sp_bytes_equal (chain, seal->audit_head, sizeof chain)) {
    seal->audit_first = seal->audit_last + 1;
    memcpy (seal->audit_base, seal->audit_head, sizeof seal->audit_base);
    self->n_lost++;
  }
  if (seal->audit_first <= seal->audit_last)
    sp_id_ranges_add (self->named[SP_RECORDS_AUDIT], seal->audit_first, seal->audit_last);
  return TRUE;
}

static gboolean
delete_foreign (Acceptor *self, SpRecords table, GError **error)
{
  g_autoptr (GArray) foreign = NULL;
  gboolean complete;

  (void) sp_id_ranges_sort (self->named[table]);
  foreign = sp_vault_find_foreign (self->vault, table, self->named[table], &complete, error);
  if (foreign == NULL)
    return FALSE;
  for (guint i = 0; i < foreign->len; i++)
    if (!sp_records_delete (self->vault->db, table, g_array_index (foreign, guint64, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
keep_drafts (Acceptor *self, GError **error)
{
  g_autoptr (GArray) rows = sp_vault_find_drafts (self->vault, NULL, error);

  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    guint64 row = g_array_index (rows, guint64, i);

    sp_id_ranges_add (self->named[SP_RECORDS_DRAFT], row, row);
  }
  return rows != NULL;
}

static gboolean
delete_all_foreign (Acceptor *self, GError **error)
{
  sp_id_ranges_add (self->named[SP_RECORDS_SEAL_A], 1, 1);
  sp_id_ranges_add (self->named[SP_RECORDS_SEAL_B], 1, 1);
  for (guint i = 0; i < SP_N_RECORDS; i++)
    if (i != SP_RECORDS_PAGE && i != SP_RECORDS_INDEX_BLOCK &&
        !delete_foreign (self, (SpRecords) i, error))
      return FALSE;
  return TRUE;
}

static gboolean
accept (Acceptor *self, gboolean older, GError **error)
{
  SpDb *db = self->vault->db;

  /* The index is written anew from memory, so its old records go first. */
  return sp_records_delete_range (db, SP_RECORDS_PAGE, 0, G_MAXINT64, error) &&
         sp_records_delete_range (db, SP_RECORDS_INDEX_BLOCK, 0, G_MAXINT64, error) &&
         keep_items (self, error) && keep_settings (self, error) && keep_slots (self, error) &&
         keep_log (self, error) && keep_drafts (self, error) && delete_all_foreign (self, error) &&
         sp_lockout_write (db, 0, 0, self->tx->seal->event_key, error) &&
         (!older || sp_transaction_log (self->tx, SP_EVENT_ROLLBACK_ACCEPTED, NULL, 0, error)) &&
         ((older && self->n_lost == 0 && self->vault->state != SP_VAULT_STATE_DAMAGED) ||
          sp_transaction_log (self->tx, SP_EVENT_DAMAGE_ACCEPTED, NULL, self->n_lost, error));
}

/* SQLite's own structures must hold, since they are going to be written; and the state that was looked at
 * must be the one that is there. */
static gboolean
check_before (SpVault *self, GError **error)
{
  g_autoptr (GPtrArray) lines = sp_db_check (self->db, error);
  gsize len;
  const guint8 *held = g_bytes_get_data (self->seal_record, &len);
  gboolean same = FALSE;

  if (lines == NULL)
    return FALSE;
  if (lines->len > 0) {
    g_set_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED,
                 "The file itself is damaged (%s). Salvage it into a new vault.",
                 (const char *) g_ptr_array_index (lines, 0));
    return FALSE;
  }
  for (guint i = SP_RECORDS_SEAL_A; i <= SP_RECORDS_SEAL_B && !same; i++) {
    g_autoptr (GError) local_error = NULL;
    const guint8 *data;
    guint64 revision;
    gsize data_len;

    if (!sp_records_get (self->db, (SpRecords) i, 1, &revision, &data, &data_len, &local_error)) {
      if (!g_error_matches (local_error, SP_STORE_ERROR, SP_STORE_ERROR_CORRUPT)) {
        g_propagate_error (error, g_steal_pointer (&local_error));
        return FALSE;
      }
      continue;
    }
    same = data != NULL && data_len == len && sp_bytes_equal (data, held, len);
  }
  if (!same || !sp_db_is_same_file (self->db)) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_REPLACED,
                         "The file was changed since it was opened. Nothing was changed now.");
    return FALSE;
  }
  return TRUE;
}

static gboolean
run (SpVault *self, GError **error)
{
  Acceptor acceptor = { .vault = self };
  SpSeal *seal;
  gboolean done;

  if (!sp_db_begin_write (self->db, error))
    return FALSE;
  if (!check_before (self, error) || !make_seal (&acceptor, &seal, error)) {
    sp_db_rollback (self->db);
    return FALSE;
  }
  acceptor.tx = sp_transaction_new_accept (self, seal);
  for (guint i = 0; i < SP_N_RECORDS; i++)
    acceptor.named[i] = g_array_new (FALSE, FALSE, sizeof (SpIdRange));
  done = accept (&acceptor, self->pin_state != SP_VAULT_STATE_SOUND, error);
  for (guint i = 0; i < SP_N_RECORDS; i++)
    g_array_unref (acceptor.named[i]);
  if (done)
    return sp_transaction_commit (acceptor.tx, error);
  sp_transaction_rollback (acceptor.tx);
  return FALSE;
}

/**
 * sp_vault_accept:
 * @self: a vault that is damaged, older or forked, or in which verifying found something
 * @copy_path: (type filename): where the file is copied to first; nothing may be there
 * @error: return location for a [error@VaultError]
 *
 * Seals anew what is there. Records that do not hold are let go.
 *
 * Returns: whether the vault is sound now; if not, nothing was changed, but the copy may be there
 */
gboolean
sp_vault_accept (SpVault *self, const char *copy_path, GError **error)
{
  g_return_val_if_fail (self->batch == NULL && copy_path != NULL, FALSE);

  if (self->state == SP_VAULT_STATE_READ_ONLY) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_READ_ONLY,
                         "The vault was opened read-only. Nothing was changed.");
    return FALSE;
  }
  if (self->state == SP_VAULT_STATE_SOUND && !sp_vault_refresh (self, NULL, error))
    return FALSE;
  if (!sp_db_backup (self->db, copy_path, error) || !run (self, error))
    return sp_vault_translate (error);

  g_ptr_array_set_size (self->problems, 0);
  self->state = SP_VAULT_STATE_SOUND;
  self->pin_state = SP_VAULT_STATE_SOUND;
  self->pin_seen_ms = 0;
  return TRUE;
}
