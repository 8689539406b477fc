/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The activity log (VAULT-FORMAT.md §9): each entry carries the chain value before it, and the seal the one
 * after the last. What happened while locked comes through the sealed box of §10, and is marked so. */

#define G_LOG_DOMAIN "sp-vault-log"

#include "config.h"

#include "vault/sp-vault-log.h"

#include <string.h>

#include "base/sp-wipe.h"
#include "crypto/sp-hash.h"
#include "crypto/sp-sealed-box.h"
#include "vault/sp-transaction.h"
#include "vault/sp-vault-log-private.h"

#define FLAG_WHILE_LOCKED  1
#define MAX_DETAILS        16
#define MAX_DETAIL_LEN     256
#define MAX_FOREIGN_NOTED  100
#define DETAIL_PRUNED      2
#define CLOCK_TOLERANCE_MS (5 * 60 * 1000)

static const struct {
  SpEventKind kind;
  const char *name;
} kinds[] = {
  { SP_EVENT_CREATED, "created" },
  { SP_EVENT_OPENED, "opened" },
  { SP_EVENT_UNLOCK_FAILED, "unlock-failed" },
  { SP_EVENT_LOCKED, "locked" },
  { SP_EVENT_ITEM_ADDED, "item-added" },
  { SP_EVENT_ITEM_CHANGED, "item-changed" },
  { SP_EVENT_ITEM_TRASHED, "item-trashed" },
  { SP_EVENT_ITEM_RESTORED, "item-restored" },
  { SP_EVENT_ITEM_PURGED, "item-purged" },
  { SP_EVENT_ITEM_VIEWED, "item-viewed" },
  { SP_EVENT_ITEM_COPIED, "item-copied" },
  { SP_EVENT_ITEM_VERSION_RESTORED, "item-version-restored" },
  { SP_EVENT_ATTACHMENT_ADDED, "attachment-added" },
  { SP_EVENT_ATTACHMENT_REMOVED, "attachment-removed" },
  { SP_EVENT_ITEM_USED, "item-used" },
  { SP_EVENT_IMPORTED, "imported" },
  { SP_EVENT_IMPORT_UNDONE, "import-undone" },
  { SP_EVENT_EXPORTED, "exported" },
  { SP_EVENT_PRINTED, "printed" },
  { SP_EVENT_LOG_EXPORTED, "log-exported" },
  { SP_EVENT_PASSWORD_CHANGED, "password-changed" },
  { SP_EVENT_SLOT_ADDED, "slot-added" },
  { SP_EVENT_SLOT_REMOVED, "slot-removed" },
  { SP_EVENT_SLOT_CHANGED, "slot-changed" },
  { SP_EVENT_SLOT_USED, "slot-used" },
  { SP_EVENT_SLOT_EXPIRED, "slot-expired" },
  { SP_EVENT_KEYS_ROTATED, "keys-rotated" },
  { SP_EVENT_SETTING_CHANGED, "setting-changed" },
  { SP_EVENT_LOG_PRUNED, "log-pruned" },
  { SP_EVENT_DAMAGE_FOUND, "damage-found" },
  { SP_EVENT_DAMAGE_ACCEPTED, "damage-accepted" },
  { SP_EVENT_ROLLBACK_ACCEPTED, "rollback-accepted" },
  { SP_EVENT_REPAIRED, "repaired" },
  { SP_EVENT_SALVAGED, "salvaged" },
  { SP_EVENT_CLOCK_SET_BACK, "clock-set-back" },
};

/**
 * sp_event_free:
 * @self: (transfer full): a log entry
 */
void
sp_event_free (SpEvent *self)
{
  g_free (self->device);
  g_free (self);
}

/**
 * sp_event_kind_to_name:
 * @kind: a kind
 *
 * Returns: the word that command line and exports use for it
 */
const char *
sp_event_kind_to_name (SpEventKind kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (kinds[i].kind == kind)
      return kinds[i].name;
  return "unknown";
}

/**
 * sp_event_kind_from_name:
 * @name: a word
 *
 * Returns: the kind that it stands for; 0 for none
 */
SpEventKind
sp_event_kind_from_name (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].name, name))
      return kinds[i].kind;
  return (SpEventKind) 0;
}

/**
 * sp_event_kind_list:
 * @index: counted from 0
 *
 * Returns: one kind after the other; 0 behind the last
 */
SpEventKind
sp_event_kind_list (guint index)
{
  return index < G_N_ELEMENTS (kinds) ? kinds[index].kind : (SpEventKind) 0;
}

typedef struct {
  guint key;
  const guint8 *data; /* NULL: there is none */
  gsize len;
} Detail;

static void
encode_event (const SpEvent *event,
              const guint8 before[static SP_HASH_LEN],
              const Detail *detail,
              SpWriter *writer)
{
  sp_writer_u8 (writer, 1);
  sp_writer_fixed (writer, before, SP_HASH_LEN);
  sp_writer_varint (writer, (guint64) MAX (event->time_ms, 0));
  sp_writer_varint (writer, (guint64) event->kind);
  sp_writer_u8 (writer, event->while_locked ? FLAG_WHILE_LOCKED : 0);
  sp_writer_fixed (writer, event->session.bytes, SP_ID_LEN);
  sp_writer_fixed (writer, event->subject.bytes, SP_ID_LEN);
  sp_writer_varint (writer, event->count);
  sp_writer_string (writer, event->device);
  sp_writer_varint (writer, detail->data != NULL ? 1 : 0);
  if (detail->data == NULL)
    return;
  sp_writer_varint (writer, detail->key);
  sp_writer_bytes (writer, detail->data, detail->len);
}

static void
skip_details (SpReader *reader)
{
  guint64 n, key = 0;

  sp_reader_varint_max (reader, MAX_DETAILS, &n);
  for (guint64 i = 0; i < n && !reader->failed; i++) {
    const guint8 *data;
    guint64 before = key;
    gsize len;

    if (sp_reader_varint (reader, &key) && i > 0 && key <= before)
      sp_reader_fail (reader);
    if (sp_reader_bytes (reader, &data, &len) && len > MAX_DETAIL_LEN)
      sp_reader_fail (reader);
  }
}

static gboolean
decode_event (SpRecordBytes content,
              SpEvent *out,
              guint8 out_before[static SP_HASH_LEN],
              const char **out_device)
{
  const char *device = NULL;
  SpReader reader;
  guint64 time_ms, kind;
  guint8 version, flags;

  sp_reader_init (&reader, content.data, content.len);
  sp_reader_u8 (&reader, &version);
  if (version != 1)
    sp_reader_fail (&reader);
  sp_reader_copy (&reader, out_before, SP_HASH_LEN);
  sp_reader_varint_max (&reader, G_MAXINT64, &time_ms);
  sp_reader_varint_max (&reader, G_MAXUINT16, &kind);
  sp_reader_u8 (&reader, &flags);
  sp_reader_copy (&reader, out->session.bytes, SP_ID_LEN);
  sp_reader_copy (&reader, out->subject.bytes, SP_ID_LEN);
  sp_reader_varint (&reader, &out->count);
  sp_reader_string (&reader, &device, NULL);
  skip_details (&reader);
  if (!sp_reader_finish (&reader))
    return FALSE;

  out->time_ms = (gint64) time_ms;
  out->kind = (SpEventKind) kind;
  out->while_locked = (flags & FLAG_WHILE_LOCKED) != 0;
  if (out_device != NULL)
    *out_device = device;
  return TRUE;
}

/**
 * sp_log_open_entry: (skip)
 * @vault: a vault
 * @name: number and revision of the row
 * @record: its bytes
 * @out_event: (out): what it says, but for the device
 * @out_before: (out): the chain value that it carries
 * @out_device: (out) (optional): the device, valid until the next record is opened
 *
 * Returns: whether it is an entry of that number, written with the vault's key
 */
gboolean
sp_log_open_entry (SpVault *vault,
                   const SpRecordName *name,
                   SpRecordBytes record,
                   SpEvent *out_event,
                   guint8 out_before[static SP_HASH_LEN],
                   const char **out_device)
{
  SpRecordBytes content;

  memset (out_event, 0, sizeof *out_event);
  out_event->number = name->number;
  return sp_record_open (vault->cipher, name, record.data, record.len, &content, NULL) &&
         decode_event (content, out_event, out_before, out_device);
}

static void
put_le64 (guint8 *out, guint64 value)
{
  for (guint i = 0; i < 8; i++)
    out[i] = (guint8) (value >> (8 * i));
}

/**
 * sp_vault_extend_chain: (skip)
 * @vault: a vault
 * @name: number and revision of an entry
 * @record: its record
 * @chain: (inout): h(n-1), which becomes h(n) = HMAC (key, h(n-1) || n || revision || data)
 * @error: return location for an error
 *
 * Returns: whether that was done
 */
gboolean
sp_vault_extend_chain (SpVault *vault,
                       const SpRecordName *name,
                       SpRecordBytes record,
                       guint8 chain[static SP_HASH_LEN],
                       GError **error)
{
  g_autoptr (GByteArray) message = g_byte_array_sized_new ((guint) record.len + SP_HASH_LEN + 16);
  guint8 numbers[16];

  put_le64 (numbers, name->number);
  put_le64 (numbers + 8, name->revision);
  g_byte_array_append (message, chain, SP_HASH_LEN);
  g_byte_array_append (message, numbers, sizeof numbers);
  g_byte_array_append (message, record.data, (guint) record.len);
  return sp_hmac (SP_HASH_SHA256, vault->audit_key, message->data, message->len, chain, error);
}

static gboolean
append_with_detail (SpTransaction *tx, const SpEvent *event, const Detail *detail, GError **error)
{
  SpSeal *seal = tx->seal;
  SpRecordName name = { SP_TABLE_AUDIT, seal->audit_last + 1, seal->sequence, NULL };
  SpRecordBytes record;

  encode_event (event, seal->audit_head, detail, sp_record_begin (tx->vault->cipher));
  if (!sp_record_seal (tx->vault->cipher, &name, &record, error) ||
      !sp_records_put (tx->vault->db, SP_RECORDS_AUDIT, name.number, name.revision, record.data,
                       record.len, error) ||
      !sp_vault_extend_chain (tx->vault, &name, record, seal->audit_head, error))
    return FALSE;
  seal->audit_last = name.number;
  tx->logged = TRUE;
  return TRUE;
}

static gboolean
append_event (SpTransaction *tx, const SpEvent *event, GError **error)
{
  const Detail none = { 0 };

  return append_with_detail (tx, event, &none, error);
}

static void
init_event (SpTransaction *tx, SpEventKind kind, const SpId *subject, guint64 count, SpEvent *out)
{
  memset (out, 0, sizeof *out);
  out->time_ms = tx->now_ms;
  out->kind = kind;
  out->session = tx->vault->session;
  out->count = count;
  out->device = tx->vault->device;
  if (subject != NULL)
    out->subject = *subject;
}

/**
 * sp_transaction_log: (skip)
 * @tx: a transaction
 * @kind: what happened
 * @subject: (nullable): the item or slot it happened to
 * @count: a number that belongs to it
 * @error: return location for an error
 *
 * Returns: whether it is in the log of this transaction
 */
gboolean
sp_transaction_log (SpTransaction *tx,
                    SpEventKind kind,
                    const SpId *subject,
                    guint64 count,
                    GError **error)
{
  SpEvent event;

  init_event (tx, kind, subject, count, &event);
  return append_event (tx, &event, error);
}

/**
 * sp_transaction_log_pruned: (skip)
 * @tx: a transaction
 * @n: how many entries were let go
 * @last: the number of the last of them
 * @chain: the chain value after it
 * @error: return location for an error
 *
 * Returns: whether it is in the log
 */
gboolean
sp_transaction_log_pruned (SpTransaction *tx,
                           guint64 n,
                           guint64 last,
                           const guint8 chain[static SP_HASH_LEN],
                           GError **error)
{
  guint8 data[8 + SP_HASH_LEN];
  Detail detail = { DETAIL_PRUNED, data, sizeof data };
  SpEvent event;

  put_le64 (data, last);
  memcpy (data + 8, chain, SP_HASH_LEN);
  init_event (tx, SP_EVENT_LOG_PRUNED, NULL, n, &event);
  return append_with_detail (tx, &event, &detail, error);
}

/**
 * sp_transaction_log_clock: (skip)
 * @tx: the first transaction of a session
 * @error: return location for an error
 *
 * Logs it when the time is well before that of the last change. Machines that share a vault may differ by some
 * minutes.
 *
 * Returns: whether that was done, if need be
 */
gboolean
sp_transaction_log_clock (SpTransaction *tx, GError **error)
{
  gint64 back_ms = tx->seal->changed_ms - tx->now_ms;

  return back_ms < CLOCK_TOLERANCE_MS ||
         sp_transaction_log (tx, SP_EVENT_CLOCK_SET_BACK, NULL, (guint64) back_ms / 1000, error);
}

/* VAULT-FORMAT.md §10: what anyone may have written, so nothing of it is trusted but its form. */
static gboolean
parse_locked_event (const SpSecret *plain, SpEvent *out)
{
  const char *device;
  SpReader reader;
  guint64 kind, time_ms;
  guint8 version;
  gsize len;
  const guint8 *data = sp_secret_peek (plain, &len);

  sp_reader_init (&reader, data, len);
  sp_reader_u8 (&reader, &version);
  sp_reader_varint (&reader, &kind);
  sp_reader_varint_max (&reader, G_MAXINT64, &time_ms);
  sp_reader_copy (&reader, out->session.bytes, SP_ID_LEN);
  sp_reader_string (&reader, &device, &len);
  if (!sp_reader_zeros_to_end (&reader) || version != 1 || kind != SP_EVENT_UNLOCK_FAILED ||
      len > 64)
    return FALSE;
  out->kind = SP_EVENT_UNLOCK_FAILED;
  out->time_ms = (gint64) time_ms;
  out->while_locked = TRUE;
  out->device = g_strdup (device);
  return TRUE;
}

/**
 * sp_vault_absorb_locked_events: (skip)
 * @tx: a transaction
 * @out_lost: (out): how many of the records did not open, or are none
 * @error: return location for an error
 *
 * Takes what was recorded while locked into the log, and empties that table.
 *
 * Returns: whether that was done
 */
gboolean
sp_vault_absorb_locked_events (SpTransaction *tx, guint *out_lost, GError **error)
{
  SpVault *vault = tx->vault;
  g_autoptr (GPtrArray) rows = sp_locked_event_read (vault->db, error);

  if (rows == NULL)
    return FALSE;
  for (guint i = 0; i < rows->len; i++) {
    gsize len;
    const guint8 *data = g_bytes_get_data (g_ptr_array_index (rows, i), &len);
    g_autoptr (SpSecret) plain = sp_sealed_box_open (vault->event_seed, data, len, NULL);
    SpEvent event = { 0 };
    gboolean done = TRUE;

    if (plain != NULL && parse_locked_event (plain, &event)) {
      done = append_event (tx, &event, error);
      vault->n_failed_unlocks++;
      vault->last_failed_ms = MAX (vault->last_failed_ms, event.time_ms);
    } else
      (*out_lost)++;
    g_free (event.device);
    if (!done)
      return FALSE;
  }
  return rows->len == 0 || sp_locked_event_clear (vault->db, error);
}

static gboolean
note_foreign (SpVault *vault, guint64 first, guint64 last, GError **error)
{
  g_autoptr (GArray) ids = NULL;
  gboolean complete;

  ids = sp_records_collect (vault->db, SP_RECORDS_AUDIT, first, last, &complete, error);
  if (ids == NULL)
    return FALSE;
  for (guint i = 0; i < MIN (ids->len, MAX_FOREIGN_NOTED); i++)
    g_ptr_array_add (vault->problems,
                     sp_problem_new (SP_PROBLEM_FOREIGN, "audit", g_array_index (ids, guint64, i),
                                     "A row that does not belong to the activity log."));
  return TRUE;
}

/**
 * sp_vault_drop_foreign_entries: (skip)
 * @tx: the first transaction of a session
 * @error: return location for an error
 *
 * Deletes rows of numbers that the log does not have, and notes them among the vault's problems: the next entries
 * would take the place of some, and nobody would hear of them.
 *
 * Returns: whether that was done
 */
gboolean
sp_vault_drop_foreign_entries (SpTransaction *tx, GError **error)
{
  const SpSeal *seal = tx->seal;
  SpVault *vault = tx->vault;

  return note_foreign (vault, 0, seal->audit_first - 1, error) &&
         note_foreign (vault, seal->audit_last + 1, G_MAXINT64, error) &&
         sp_records_delete_range (vault->db, SP_RECORDS_AUDIT, 0, seal->audit_first - 1, error) &&
         sp_records_delete_range (vault->db, SP_RECORDS_AUDIT, seal->audit_last + 1, G_MAXINT64,
                                  error);
}

/**
 * sp_vault_log:
 * @self: a vault
 * @kind: what happened
 * @subject: (nullable): the item or slot it happened to
 * @count: a number that belongs to it
 * @error: return location for a [error@VaultError]
 *
 * Returns: whether it is logged
 */
gboolean
sp_vault_log (SpVault *self, SpEventKind kind, const SpId *subject, guint64 count, GError **error)
{
  SpTransaction *tx = sp_transaction_join (self, error);

  if (tx == NULL)
    return FALSE;
  return sp_transaction_leave (tx, sp_transaction_log (tx, kind, subject, count, error), error) ||
         sp_vault_translate (error);
}

typedef struct {
  SpVault *vault;
  GPtrArray *events;
  guint limit;
  GError *error;
} LogReader;

static gboolean
read_event_cb (guint64 id, guint64 revision, const guint8 *data, gsize len, gpointer user_data)
{
  LogReader *self = user_data;
  SpRecordName name = { SP_TABLE_AUDIT, id, revision, NULL };
  SpEvent *event = g_new0 (SpEvent, 1);
  guint8 before[SP_HASH_LEN];
  SpRecordBytes content;
  const char *device;

  event->number = id;
  if (!sp_record_open (self->vault->cipher, &name, data, len, &content, &self->error)) {
    sp_event_free (event);
    return FALSE;
  }
  if (!decode_event (content, event, before, &device)) {
    sp_event_free (event);
    g_set_error (&self->error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED,
                 "Entry %" G_GUINT64_FORMAT " of the activity log is damaged.", id);
    return FALSE;
  }
  event->device = g_strdup (device);
  g_ptr_array_add (self->events, event);
  return self->events->len < self->limit;
}

/**
 * sp_vault_read_log:
 * @self: a vault
 * @before: only entries below this number; 0 for all
 * @limit: at most so many
 * @error: return location for a [error@VaultError]
 *
 * Returns: (transfer full) (element-type SpEvent): entries, the newest first
 */
GPtrArray *
sp_vault_read_log (SpVault *self, guint64 before, guint limit, GError **error)
{
  guint64 first = self->seal->audit_first;
  guint64 last = before == 0 ? self->seal->audit_last : MIN (before - 1, self->seal->audit_last);
  LogReader reader = { self, g_ptr_array_new_with_free_func ((GDestroyNotify) sp_event_free), limit,
                       NULL };

  if (limit > 0 && last >= first &&
      !sp_records_visit_range (self->db, SP_RECORDS_AUDIT, last, first, read_event_cb, &reader,
                               error)) {
    g_ptr_array_unref (reader.events);
    g_clear_error (&reader.error);
    sp_vault_translate (error);
    return NULL;
  }
  if (reader.error != NULL) {
    g_ptr_array_unref (reader.events);
    g_propagate_error (error, reader.error);
    sp_vault_translate (error);
    return NULL;
  }
  return reader.events;
}

static gboolean
entry_follows (SpVault *self, const SpRecordName *name, SpRecordBytes record, const guint8 *chain)
{
  guint8 before[SP_HASH_LEN];
  SpEvent event;

  return sp_log_open_entry (self, name, record, &event, before, NULL) &&
         sp_bytes_equal (before, chain, sizeof before);
}

/**
 * sp_vault_run_chain: (skip)
 * @self: a vault
 * @first: number of the first entry to check
 * @last: number of the last one
 * @inout_chain: (inout): the chain value before @first; after @last on success
 * @out_bad: (out): the first entry that is missing, damaged or out of the chain
 * @error: return location for a [error@VaultError]
 *
 * Returns: whether all hold; %FALSE without an error when one does not
 */
gboolean
sp_vault_run_chain (SpVault *self,
                    guint64 first,
                    guint64 last,
                    guint8 inout_chain[static SP_HASH_LEN],
                    guint64 *out_bad,
                    GError **error)
{
  for (guint64 number = first; number <= last; number++) {
    SpRecordName name = { SP_TABLE_AUDIT, number, 0, NULL };
    g_autoptr (GError) local_error = NULL;
    SpRecordBytes record;

    *out_bad = number;
    if (!sp_records_get (self->db, SP_RECORDS_AUDIT, number, &name.revision, &record.data,
                         &record.len, &local_error)) {
      if (g_error_matches (local_error, SP_STORE_ERROR, SP_STORE_ERROR_CORRUPT))
        return FALSE;
      g_propagate_error (error, g_steal_pointer (&local_error));
      return sp_vault_translate (error);
    }
    if (record.data == NULL || !entry_follows (self, &name, record, inout_chain))
      return FALSE;
    if (!sp_vault_extend_chain (self, &name, record, inout_chain, error))
      return sp_vault_translate (error);
  }
  return TRUE;
}
