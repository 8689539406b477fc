/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How long the activity log is kept (VAULT-FORMAT.md §9 and §12). What is let go leaves its last chain value in the
 * seal and in an entry of its own. It is read before, since what does not hold must not vanish that way: then nothing
 * is let go. */

#define G_LOG_DOMAIN "sp-vault-log-prune"

#include "config.h"

#include <string.h>

#include "base/sp-wipe.h"
#include "vault/sp-transaction.h"
#include "vault/sp-vault-log-private.h"

#define MS_PER_DAY G_GINT64_CONSTANT (86400000)
/* At one unlock, so that none takes long. */
#define MAX_AT_ONCE 10000

static const SpLogRetention default_retention = { 0, SP_LOG_DEFAULT_ENTRIES };

static gboolean
is_valid (const SpLogRetention *self)
{
  return self->days <= SP_LOG_MAX_DAYS &&
         (self->entries == 0 ||
          (self->entries >= SP_LOG_MIN_ENTRIES && self->entries <= SP_LOG_MAX_ENTRIES));
}

static gboolean
decode_retention (const SpSecret *content, SpLogRetention *out)
{
  guint64 days, entries;
  SpReader reader;
  guint8 version;
  gsize len;
  const guint8 *data = sp_secret_peek (content, &len);

  sp_reader_init (&reader, data, len);
  sp_reader_u8 (&reader, &version);
  sp_reader_varint_max (&reader, SP_LOG_MAX_DAYS, &days);
  sp_reader_varint_max (&reader, SP_LOG_MAX_ENTRIES, &entries);
  if (!sp_reader_finish (&reader) || version != 1)
    return FALSE;
  out->days = (guint) days;
  out->entries = (guint) entries;
  return is_valid (out);
}

static gboolean
read_retention (SpVault *self, const SpSeal *seal, SpLogRetention *out, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (SpSecret) content = sp_vault_read_setting (self, seal, SP_SETTING_LOG_RETENTION,
                                                        &local_error);

  *out = default_retention;
  if (local_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  /* What a later version wrote is not known here, and lets nothing go. */
  if (content != NULL && !decode_retention (content, out))
    out->days = out->entries = 0;
  return TRUE;
}

/**
 * sp_vault_get_log_retention:
 * @self: a vault
 * @out_retention: (out): how long its activity log is kept
 * @error: return location for a [error@VaultError]
 *
 * Returns: whether that could be read
 */
gboolean
sp_vault_get_log_retention (SpVault *self, SpLogRetention *out_retention, GError **error)
{
  return read_retention (self, self->seal, out_retention, error) || sp_vault_translate (error);
}

typedef struct {
  SpTransaction *tx;
  SpLogRetention retention;
  guint slack_entries; /* nothing is let go before so much more has gathered */
  guint slack_days;
  guint64 next; /* the first that is kept, so far */
  guint8 chain[SP_HASH_LEN];
} Pruner;

typedef enum {
  NEXT_KEPT,
  NEXT_OVER, /* it need not be kept */
  NEXT_BAD,  /* it does not go on from what comes before */
} Next;

static gboolean
is_over (const Pruner *self, const SpEvent *event)
{
  const SpSeal *seal = self->tx->seal;
  gboolean begun = self->next > seal->audit_first;
  guint64 n_kept = seal->audit_last + 1 - self->next;
  gint64 days = self->retention.days + (begun ? 0 : self->slack_days);
  guint64 entries = (guint64) self->retention.entries + (begun ? 0 : self->slack_entries);
  gint64 oldest = self->tx->now_ms - days * MS_PER_DAY;

  if (n_kept <= SP_LOG_MIN_ENTRIES || self->next - seal->audit_first >= MAX_AT_ONCE)
    return FALSE;
  return (self->retention.entries > 0 && n_kept > entries) ||
         (self->retention.days > 0 && event->time_ms < oldest);
}

/* Also the first that is kept is looked at: it must go on from what is let go. */
static gboolean
look_at_next (Pruner *self, Next *out_next, GError **error)
{
  SpVault *vault = self->tx->vault;
  SpRecordName name = { SP_TABLE_AUDIT, self->next, 0, NULL };
  GError *local_error = NULL;
  guint8 before[SP_HASH_LEN];
  SpRecordBytes record;
  SpEvent event;

  *out_next = NEXT_BAD;
  if (!sp_records_get (vault->db, SP_RECORDS_AUDIT, self->next, &name.revision, &record.data,
                       &record.len, &local_error)) {
    if (g_error_matches (local_error, SP_STORE_ERROR, SP_STORE_ERROR_CORRUPT)) {
      g_error_free (local_error);
      return TRUE;
    }
    g_propagate_error (error, local_error);
    return FALSE;
  }
  if (record.data == NULL || !sp_log_open_entry (vault, &name, record, &event, before, NULL) ||
      !sp_bytes_equal (before, self->chain, sizeof before))
    return TRUE;
  *out_next = is_over (self, &event) ? NEXT_OVER : NEXT_KEPT;
  return *out_next != NEXT_OVER || sp_vault_extend_chain (vault, &name, record, self->chain, error);
}

static gboolean
let_go (Pruner *self, GError **error)
{
  SpSeal *seal = self->tx->seal;
  guint64 n = self->next - seal->audit_first;

  if (!sp_records_delete_range (self->tx->vault->db, SP_RECORDS_AUDIT, seal->audit_first,
                                self->next - 1, error))
    return FALSE;
  seal->audit_first = self->next;
  memcpy (seal->audit_base, self->chain, sizeof seal->audit_base);
  return sp_transaction_log_pruned (self->tx, n, self->next - 1, self->chain, error);
}

/**
 * sp_vault_prune_log: (skip)
 * @tx: a transaction
 * @at_once: also when it is only a little, for which a mark at each unlock would be too much
 * @error: return location for an error
 *
 * Lets go of what is older, or more, than is to be kept.
 *
 * Returns: whether that was done
 */
gboolean
sp_vault_prune_log (SpTransaction *tx, gboolean at_once, GError **error)
{
  const SpSeal *seal = tx->seal;
  Pruner self = { .tx = tx, .next = seal->audit_first };
  guint64 n = seal->audit_last + 1 - seal->audit_first;
  Next next;

  if (!read_retention (tx->vault, seal, &self.retention, error))
    return FALSE;
  if (n <= SP_LOG_MIN_ENTRIES || (self.retention.days == 0 && self.retention.entries == 0) ||
      (self.retention.days == 0 && n <= self.retention.entries))
    return TRUE;
  if (!at_once) {
    self.slack_entries = self.retention.entries / 50;
    self.slack_days = 1 + self.retention.days / 30;
  }
  memcpy (self.chain, seal->audit_base, sizeof self.chain);
  do {
    if (!look_at_next (&self, &next, error))
      return FALSE;
    if (next == NEXT_OVER)
      self.next++;
  } while (next == NEXT_OVER);
  return next == NEXT_BAD || self.next == seal->audit_first || let_go (&self, error);
}

/**
 * sp_vault_set_log_retention:
 * @self: a vault
 * @retention: how long its activity log is to be kept
 * @error: return location for a [error@VaultError]
 *
 * What is over is let go at once, and from then on at each unlock.
 *
 * Returns: whether that is stored
 */
gboolean
sp_vault_set_log_retention (SpVault *self, const SpLogRetention *retention, GError **error)
{
  g_autoptr (SpWriter) writer = NULL;
  SpTransaction *tx;
  const guint8 *data;
  gsize len;
  gboolean done;

  if (!is_valid (retention)) {
    g_set_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID,
                 "The activity log is kept up to %u days, and from %u to %u entries.",
                 SP_LOG_MAX_DAYS, SP_LOG_MIN_ENTRIES, SP_LOG_MAX_ENTRIES);
    return FALSE;
  }
  writer = sp_writer_new ();
  sp_writer_u8 (writer, 1);
  sp_writer_varint (writer, retention->days);
  sp_writer_varint (writer, retention->entries);
  data = sp_writer_peek (writer, &len);
  tx = sp_transaction_join (self, error);
  if (tx == NULL)
    return FALSE;
  done = sp_vault_write_setting (tx, SP_SETTING_LOG_RETENTION, data, len, error) &&
         sp_transaction_log (tx, SP_EVENT_SETTING_CHANGED, NULL, SP_SETTING_LOG_RETENTION, error) &&
         sp_vault_prune_log (tx, TRUE, error);
  return sp_transaction_leave (tx, done, error) || sp_vault_translate (error);
}
