/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Replacing the vault key (VAULT-FORMAT.md §3.3): one transaction, in which everything is read under the former key
 * and written under the new one.
 *
 * `source` is the vault as it was: a copy of the struct with the former keys, to read with. The vault itself has the
 * new ones from the beginning of the transaction on, and the former ones again when that fails.
 *
 *   log -> items (history from the oldest, detail, attachments, overview) -> settings -> slots -> drafts -> the rest
 *
 * What does not hold ends it: encrypted anew it would look sound. What nothing names goes. */

#define G_LOG_DOMAIN "sp-vault-rotate"

#include "config.h"

#include <string.h>

#include "base/sp-wipe.h"
#include "crypto/sp-sealed-box.h"
#include "vault/sp-vault-history.h"
#include "vault/sp-vault-inspect.h"
#include "vault/sp-vault-rotate-private.h"

#define PROGRESS_STEP 64

typedef struct {
  const SpRotation *plan;
  SpVault *vault;
  SpVault source; /* as it was; borrows everything from the vault */
  SpTransaction *tx;
  SpProgress progress;
  gpointer data;
  GCancellable *cancellable;
  guint64 n_done;
  SpWriter *scratch; /* (owned) a writer is mapped memory of its own: not one for each record */
  SpWriter *version; /* (owned) */
  GArray *named[SP_N_RECORDS]; /* (element-type SpIdRange) */
} Rotator;

static gboolean
go_on (Rotator *self, GError **error)
{
  if (self->n_done % PROGRESS_STEP == 0 && self->progress != NULL)
    self->progress (self->n_done, self->tx->seal->n_items, self->data);
  self->n_done++;
  if (!g_cancellable_is_cancelled (self->cancellable))
    return TRUE;
  g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_CANCELLED,
                       "Cancelled. Nothing was changed.");
  return FALSE;
}

/* Seals what is in the cipher's writer as the record of that number. */
static gboolean
put (Rotator *self, SpTable table, guint64 number, SpRef *out_ref, GError **error)
{
  sp_id_ranges_add (self->named[sp_table_get_records (table)], number, number);
  return sp_transaction_put (self->tx, table, number, out_ref, error);
}

static gboolean
collect_ref (const SpRef *ref, const SpHistoryEntry *entry, gpointer data)
{
  g_array_append_val ((GArray *) data, *ref);
  return TRUE;
}

/* `newest` is the one before it, and becomes this one; number 0 for none. */
static gboolean
rotate_version (Rotator *self, const SpRef *ref, SpRef *newest, GError **error)
{
  SpHistoryEntry entry;
  SpRecordBytes content;

  sp_writer_reset (self->version);
  if (!sp_vault_read_record (&self->source, SP_TABLE_HISTORY, ref, &content, error) ||
      !sp_history_decode (content.data, content.len, &entry, error) ||
      !sp_detail_relink (entry.detail, entry.detail_len, newest->number != 0 ? newest : NULL,
                         self->scratch, self->version, error))
    return FALSE;
  entry.has_previous = newest->number != 0;
  entry.previous = *newest;
  entry.detail = sp_writer_peek (self->version, &entry.detail_len);
  sp_history_encode (&entry, sp_record_begin (self->vault->cipher));
  return put (self, SP_TABLE_HISTORY, ref->number, newest, error);
}

static gboolean
rotate_history (Rotator *self, SpOverviewLinks *links, GError **error)
{
  g_autoptr (GArray) refs = NULL;
  SpRef newest = { 0 };

  if (links->n_history == 0)
    return TRUE;
  refs = g_array_new (FALSE, FALSE, sizeof (SpRef));
  if (!sp_history_walk (&self->source, links, links->detail.number, collect_ref, refs, error))
    return FALSE;
  for (guint i = refs->len; i > 0; i--)
    if (!rotate_version (self, &g_array_index (refs, SpRef, i - 1), &newest, error))
      return FALSE;
  links->history = newest;
  return TRUE;
}

static gboolean
rotate_attachment (Rotator *self, const SpAttachmentRef *attachment, GError **error)
{
  guint64 n_chunks = sp_attachment_count_chunks (attachment);
  guint64 first = attachment->number << SP_CHUNK_BITS;
  guint64 revision = 0;

  sp_id_ranges_add (self->named[SP_RECORDS_ATTACHMENT], first, first + n_chunks - 1);
  for (guint32 i = 0; i < n_chunks; i++) {
    SpChunkName name = { attachment->number, self->tx->seal->sequence, attachment->key_id, i,
                         i + 1 == n_chunks };
    SpRecordBytes data, record;

    if (!sp_vault_read_chunk (&self->source, attachment, i, &revision, &data, error) ||
        !sp_chunk_seal (self->vault->cipher, &name, data.data, data.len, &record, error) ||
        !sp_records_put (self->vault->db, SP_RECORDS_ATTACHMENT, first | i, name.revision,
                         record.data, record.len, error))
      return FALSE;
    if (g_cancellable_is_cancelled (self->cancellable))
      return go_on (self, error);
  }
  return TRUE;
}

static gboolean
rotate_detail (Rotator *self, SpOverviewLinks *links, GError **error)
{
  SpRecordBytes content;

  return sp_vault_read_record (&self->source, SP_TABLE_DETAIL, &links->detail, &content, error) &&
         sp_detail_relink (content.data, content.len, links->n_history > 0 ? &links->history : NULL,
                           self->scratch, sp_record_begin (self->vault->cipher), error) &&
         put (self, SP_TABLE_DETAIL, links->detail.number, &links->detail, error);
}

static gboolean
rotate_links (Rotator *self, SpOverviewLinks *links, GError **error)
{
  if (!rotate_history (self, links, error) || !rotate_detail (self, links, error))
    return FALSE;
  for (guint i = 0; links->attachments != NULL && i < links->attachments->len; i++)
    if (!rotate_attachment (self, &g_array_index (links->attachments, SpAttachmentRef, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
rotate_item (Rotator *self, SpOverviewBytes bytes, GError **error)
{
  SpOverviewLinks before, links;
  gboolean done;

  sp_overview_decode_links (bytes.data, bytes.len, &before);
  sp_overview_decode_links (bytes.data, bytes.len, &links);
  done = go_on (self, error) && rotate_links (self, &links, error);
  if (done) {
    SpWriter *writer = self->tx->overview;

    sp_writer_reset (writer);
    sp_overview_relink (bytes, &before, &links, self->scratch, writer);
    bytes.data = sp_writer_peek (writer, &bytes.len);
    done = sp_tree_append (self->tx->tree, links.detail.number, bytes, error);
  }
  sp_overview_links_clear (&before);
  sp_overview_links_clear (&links);
  return done;
}

/* The index is made anew, so its former records go first. */
static gboolean
rotate_items (Rotator *self, GError **error)
{
  SpSnapshot *snapshot = self->source.snapshot;
  SpPosition position = sp_snapshot_first (snapshot);
  SpDb *db = self->vault->db;

  if (!sp_records_delete_range (db, SP_RECORDS_PAGE, 0, G_MAXINT64, error) ||
      !sp_records_delete_range (db, SP_RECORDS_INDEX_BLOCK, 0, G_MAXINT64, error))
    return FALSE;
  while (position != SP_POSITION_NONE) {
    const SpPage *page;
    const SpPageRecord *record = sp_snapshot_peek_record (snapshot, position, &page);

    if (!rotate_item (self, (SpOverviewBytes){ page->content + record->offset, record->len },
                      error))
      return FALSE;
    position = sp_snapshot_next (snapshot, position);
  }
  return TRUE;
}

/* The last import knows its items by their revisions, which are others now, so it cannot be undone any more. */
static gboolean
rotate_settings (Rotator *self, GError **error)
{
  GArray *settings = self->tx->seal->settings;

  if (!sp_vault_write_setting (self->tx, SP_SETTING_LAST_IMPORT, NULL, 0, error))
    return FALSE;
  for (guint i = 0; i < settings->len; i++) {
    SpRef *ref = &g_array_index (settings, SpRef, i);
    SpRecordBytes content;

    if (!sp_vault_read_record (&self->source, SP_TABLE_SETTING, ref, &content, error))
      return FALSE;
    sp_writer_fixed (sp_record_begin (self->vault->cipher), content.data, content.len);
    if (!put (self, SP_TABLE_SETTING, ref->number, ref, error))
      return FALSE;
  }
  return TRUE;
}

static SpEventKind
get_event (SpSlotFate fate)
{
  return fate == SP_FATE_PASSWORD ? SP_EVENT_PASSWORD_CHANGED : SP_EVENT_SLOT_CHANGED;
}

static gboolean
rotate_slot (Rotator *self, const SpPlannedSlot *planned, GError **error)
{
  SpTransaction *tx = self->tx;
  SpFullSlot full;
  gboolean done;

  if (!sp_planned_slot_comes_along (planned))
    return sp_vault_unlist_slot (tx, &planned->info->id, error) &&
           sp_transaction_log (tx, SP_EVENT_SLOT_REMOVED, &planned->info->id, 0, error);

  if (!sp_vault_read_slot (&self->source, tx->seal, &planned->info->id, &full, error))
    return FALSE;
  if (planned->fate != SP_FATE_KEPT)
    full.changing.changed_ms = tx->now_ms;
  if (planned->fate == SP_FATE_RENEWED)
    full.changing.used_ms = 0;
  done = sp_vault_write_slot (tx, full.position, &planned->slot, &full.changing, error) &&
         (planned->fate == SP_FATE_KEPT ||
          sp_transaction_log (tx, get_event (planned->fate), &planned->info->id, 0, error));
  sp_keyslot_changing_clear (&full.changing);
  return done;
}

/* Rows that the seal does not list go, too: they may be slots that were removed. */
static gboolean
rotate_slots (Rotator *self, GError **error)
{
  const SpRotation *plan = self->plan;

  if (!sp_vault_drop_unlisted_slots (self->tx, error))
    return FALSE;
  for (guint i = 0; i < plan->slots->len; i++)
    if (!rotate_slot (self, g_ptr_array_index (plan->slots, i), error))
      return FALSE;
  return !plan->has_new_slot || sp_vault_put_new_slot (self->tx, &plan->new_slot, "", 0, error);
}

/* A draft that began with the current detail of its item still does. */
static void
relink_draft (Rotator *self, SpDraftEntry *entry)
{
  SpSnapshot *snapshot = self->source.snapshot;
  SpPosition position = entry->item_number != 0
                            ? sp_snapshot_find_number (snapshot, entry->item_number)
                            : SP_POSITION_NONE;
  const SpPageRecord *record;
  SpOverviewLinks before, links;
  SpOverviewBytes bytes;
  const SpPage *page;

  if (position == SP_POSITION_NONE || !sp_tree_find (self->tx->tree, entry->item_number, &bytes))
    return;
  record = sp_snapshot_peek_record (snapshot, position, &page);
  sp_overview_decode_links (page->content + record->offset, record->len, &before);
  sp_overview_decode_links (bytes.data, bytes.len, &links);
  if (entry->revision == before.detail.revision &&
      sp_bytes_equal (entry->tag, before.detail.tag, sizeof entry->tag)) {
    entry->revision = links.detail.revision;
    memcpy (entry->tag, links.detail.tag, sizeof entry->tag);
  }
  sp_overview_links_clear (&before);
  sp_overview_links_clear (&links);
}

static gboolean
rotate_draft (Rotator *self, guint64 number, GError **error)
{
  SpRecordName name = { SP_TABLE_DRAFT, number, 0, NULL };
  SpWriter *writer = sp_record_begin (self->vault->cipher);
  SpDraftEntry entry;
  SpRecordBytes content;
  const guint8 *data;
  gsize len;

  if (!sp_records_get (self->vault->db, SP_RECORDS_DRAFT, number, &name.revision, &data, &len,
                       error))
    return FALSE;
  /* Those that do not hold are left behind; one of a later version comes along as it is. */
  if (data == NULL || !sp_record_open (self->source.cipher, &name, data, len, &content, NULL))
    return TRUE;
  if (sp_draft_decode (content.data, content.len, &entry, NULL)) {
    relink_draft (self, &entry);
    sp_draft_encode (&entry, writer);
  } else {
    sp_writer_fixed (writer, content.data, content.len);
  }
  return put (self, SP_TABLE_DRAFT, number, NULL, error);
}

static gboolean
rotate_drafts (Rotator *self, GError **error)
{
  g_autoptr (GArray) rows = sp_vault_find_drafts (&self->source, NULL, error);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    if (!rotate_draft (self, g_array_index (rows, guint64, i), error))
      return FALSE;
  return rows != NULL;
}

static gboolean
delete_foreign (Rotator *self, SpRecords table, GError **error)
{
  g_autoptr (GArray) foreign = NULL;
  gboolean complete;

  (void) sp_id_ranges_sort (self->named[table]);
  foreign = sp_vault_find_foreign (self->vault, table, self->named[table], &complete, error);
  if (foreign == NULL)
    return FALSE;
  if (!complete) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED,
                         "The file itself is damaged. Nothing was changed.");
    return FALSE;
  }
  for (guint i = 0; i < foreign->len; i++)
    if (!sp_records_delete (self->vault->db, table, g_array_index (foreign, guint64, i), error))
      return FALSE;
  return TRUE;
}

/* Rows that nothing names would stay under the former key. */
static gboolean
delete_all_foreign (Rotator *self, GError **error)
{
  static const SpRecords tables[] = { SP_RECORDS_SETTING,    SP_RECORDS_DETAIL, SP_RECORDS_HISTORY,
                                      SP_RECORDS_ATTACHMENT, SP_RECORDS_AUDIT,  SP_RECORDS_DRAFT,
                                      SP_RECORDS_SEAL_A,     SP_RECORDS_SEAL_B };
  const SpSeal *seal = self->tx->seal;

  sp_id_ranges_add (self->named[SP_RECORDS_SEAL_A], 1, 1);
  sp_id_ranges_add (self->named[SP_RECORDS_SEAL_B], 1, 1);
  for (guint i = 0; i < SP_N_RECORDS; i++)
    if (!sp_records_delete_unnumbered (self->vault->db, (SpRecords) i, error))
      return FALSE;
  if (seal->audit_first <= seal->audit_last)
    sp_id_ranges_add (self->named[SP_RECORDS_AUDIT], seal->audit_first, seal->audit_last);
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    if (!delete_foreign (self, tables[i], error))
      return FALSE;
  return TRUE;
}

/* The key that events are sealed to while locked belongs to the vault key. */
static gboolean
rotate_lockout (Rotator *self, GError **error)
{
  SpDb *db = self->vault->db;
  guint8 event_key[32];
  guint64 failures = 0;
  gint64 last_ms = 0;

  if (!sp_lockout_read (db, &failures, &last_ms, event_key, NULL))
    failures = 0;
  return sp_lockout_write (db, failures, last_ms, self->tx->seal->event_key, error);
}

static gboolean
rotate (Rotator *self, GError **error)
{
  SpTransaction *tx = self->tx;

  return sp_vault_rewrite_log (tx, &self->source, error) &&
         sp_transaction_log (tx, SP_EVENT_KEYS_ROTATED, NULL, tx->seal->n_items, error) &&
         rotate_items (self, error) && rotate_settings (self, error) &&
         rotate_slots (self, error) && rotate_drafts (self, error) &&
         delete_all_foreign (self, error) && rotate_lockout (self, error);
}

/* What was recorded while locked opens with the former key alone. */
static gboolean
absorb (SpTransaction *tx, GError **error)
{
  guint n_lost = 0;

  return sp_vault_absorb_locked_events (tx, &n_lost, error) &&
         (n_lost == 0 || sp_transaction_log (tx, SP_EVENT_DAMAGE_FOUND, NULL, n_lost, error));
}

/* The slot that counts as the one of this session afterwards. */
static void
choose_current_slot (Rotator *self)
{
  const SpRotation *plan = self->plan;
  const SpKeyslot *chosen = plan->has_new_slot ? &plan->new_slot : NULL;

  for (guint i = 0; i < plan->slots->len; i++) {
    const SpPlannedSlot *planned = g_ptr_array_index (plan->slots, i);

    if (!sp_planned_slot_comes_along (planned))
      continue;
    if (planned->info->is_current && planned->slot.kind == SP_SLOT_PASSWORD) {
      chosen = &planned->slot;
      break;
    }
    if (chosen == NULL ||
        (chosen->kind != SP_SLOT_PASSWORD && planned->slot.kind == SP_SLOT_PASSWORD))
      chosen = &planned->slot;
  }
  if (chosen != NULL) {
    self->vault->slot_id = chosen->slot_id;
    self->vault->slot_kind = chosen->kind;
  }
}

static void
clear_keys (SpVault *self)
{
  g_clear_pointer (&self->cipher, sp_record_cipher_free);
  g_clear_pointer (&self->vault_key, sp_secret_unref);
  g_clear_pointer (&self->audit_key, sp_secret_unref);
  g_clear_pointer (&self->event_seed, sp_secret_unref);
}

/* From here on `source` has the former keys. */
static gboolean
take_new_keys (Rotator *self, GError **error)
{
  SpVault *vault = self->vault;
  SpSeal *seal = self->tx->seal;
  SpTreeStore store;

  self->source = *vault;
  vault->vault_key = sp_secret_ref (self->plan->key);
  vault->cipher = sp_record_cipher_new (vault->vault_key, &vault->vault_id, self->plan->epoch);
  vault->audit_key = sp_record_cipher_derive (vault->cipher, "audit-chain", error);
  vault->event_seed = vault->audit_key != NULL
                          ? sp_record_cipher_derive (vault->cipher, "event", error)
                          : NULL;
  seal->key_epoch = self->plan->epoch;
  seal->n_encryptions = 0;
  sp_tree_free (self->tx->tree);
  sp_transaction_get_store (self->tx, &store);
  self->tx->tree = sp_tree_new_empty (&store);
  choose_current_slot (self);
  return vault->event_seed != NULL &&
         sp_sealed_box_public_key (vault->event_seed, seal->event_key, error);
}

static void
take_former_keys (Rotator *self)
{
  SpVault *vault = self->vault;

  clear_keys (vault);
  vault->vault_key = self->source.vault_key;
  vault->cipher = self->source.cipher;
  sp_record_forget (vault->cipher);
  vault->audit_key = self->source.audit_key;
  vault->event_seed = self->source.event_seed;
  vault->slot_id = self->source.slot_id;
  vault->slot_kind = self->source.slot_kind;
}

static gboolean
run (Rotator *self, GError **error)
{
  gboolean done;

  self->tx = sp_transaction_begin_rotation (self->vault, error);
  if (self->tx == NULL)
    return FALSE;
  if (!sp_rotation_check (self->plan, self->tx->seal, error) || !absorb (self->tx, error)) {
    sp_transaction_rollback (self->tx);
    return FALSE;
  }
  done = take_new_keys (self, error) && rotate (self, error);
  if (done)
    done = sp_transaction_commit (self->tx, error);
  else
    sp_transaction_rollback (self->tx);
  /* Where it is not certain, the keys are those of the state that the file shows. */
  if (self->vault->seal->key_epoch == self->plan->epoch) {
    self->vault->must_set_password = FALSE;
    clear_keys (&self->source);
  } else {
    take_former_keys (self);
  }
  return done;
}

/**
 * sp_vault_rotate_keys:
 * @self: a vault, without an open batch
 * @plan: which of its key slots come along
 * @progress: (nullable) (scope call): called now and then with the number of items done and of all
 * @data: for @progress
 * @cancellable: (nullable): to cancel it, which leaves the vault as it was
 * @error: return location for a [error@VaultError]
 *
 * Replaces the vault key and encrypts everything anew, in one transaction.
 *
 * Returns: whether that is durable; if not, nothing was changed, in the file and in memory, but with UNCERTAIN
 */
gboolean
sp_vault_rotate_keys (SpVault *self,
                      const SpRotation *plan,
                      SpProgress progress,
                      gpointer data,
                      GCancellable *cancellable,
                      GError **error)
{
  Rotator rotator = {
    .plan = plan,
    .vault = self,
    .progress = progress,
    .data = data,
    .cancellable = cancellable,
  };
  gboolean done;

  g_return_val_if_fail (plan != NULL && plan->vault == self && self->batch == NULL, FALSE);

  rotator.scratch = sp_writer_new ();
  rotator.version = sp_writer_new ();
  for (guint i = 0; i < SP_N_RECORDS; i++)
    rotator.named[i] = g_array_new (FALSE, FALSE, sizeof (SpIdRange));
  done = run (&rotator, error) || sp_vault_translate (error);
  for (guint i = 0; i < SP_N_RECORDS; i++)
    g_array_unref (rotator.named[i]);
  sp_writer_free (rotator.scratch);
  sp_writer_free (rotator.version);
  return done;
}
