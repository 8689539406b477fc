/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Each entry carries the chain value before it, and the seal those before the first and after the last. So every
 * entry that opens can be held against both its neighbours, also behind a gap:
 *
 *   seal -- 1 -- 2 -- 3    5 -- 6 | 7 -- 8 -- seal
 *
 * Here 4 is missing, and 6 and 7 contradict each other: both were written with the key of this vault, so one of them
 * comes from a copy that took another way. The seal decides: what leads up to it without a contradiction was written
 * in this log, and the other side was not. Whoever has no key makes neither a new link nor another seal. */

#define G_LOG_DOMAIN "sp-log-check"

#include "config.h"

#include "vault/sp-log-check.h"

#include <string.h>

#include "base/sp-wipe.h"
#include "vault/sp-vault-log-private.h"

struct _SpLogCheck {
  gboolean begun;
  gboolean complete;
  guint32 key_epoch; /* of the log that was begun, as is what follows */
  SpId lineage;
  guint64 first;
  guint8 base[SP_HASH_LEN];

  guint64 next;    /* the entry to be read next */
  gboolean linked; /* the one before it could be read, or is the seal's base */
  guint8 chain[SP_HASH_LEN];
  gboolean head_differs; /* what the last entry leads to, is not what the seal has */

  GArray *gaps;    /* (element-type SpLogFault) MISSING and DAMAGED, ascending */
  GArray *borders; /* (element-type guint64) entries that contradict the one before, ascending */
  GArray *foreign; /* (element-type SpLogFault) */
};

/**
 * sp_log_check_new:
 *
 * Returns: (transfer full): a check that has read nothing yet
 */
SpLogCheck *
sp_log_check_new (void)
{
  SpLogCheck *self = g_new0 (SpLogCheck, 1);

  self->gaps = g_array_new (FALSE, FALSE, sizeof (SpLogFault));
  self->borders = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->foreign = g_array_new (FALSE, FALSE, sizeof (SpLogFault));
  return self;
}

/**
 * sp_log_check_free:
 * @self: (transfer full) (nullable): a check
 */
void
sp_log_check_free (SpLogCheck *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->gaps);
  g_array_unref (self->borders);
  g_array_unref (self->foreign);
  g_free (self);
}

static void
add_fault (GArray *faults, SpLogFaultKind kind, guint64 first, guint64 last)
{
  SpLogFault fault = { kind, first, last };

  if (faults->len > 0) {
    SpLogFault *before = &g_array_index (faults, SpLogFault, faults->len - 1);

    if (before->kind == kind && before->last + 1 == first) {
      before->last = last;
      return;
    }
  }
  g_array_append_val (faults, fault);
}

static void
begin (SpLogCheck *self, const SpSeal *seal)
{
  self->begun = TRUE;
  self->complete = FALSE;
  self->key_epoch = seal->key_epoch;
  self->lineage = seal->lineage;
  self->first = self->next = seal->audit_first;
  self->linked = TRUE;
  memcpy (self->base, seal->audit_base, sizeof self->base);
  memcpy (self->chain, seal->audit_base, sizeof self->chain);
  g_array_set_size (self->gaps, 0);
  g_array_set_size (self->borders, 0);
}

/* What was read stays true of a log that only grew. */
static gboolean
is_same_log (const SpLogCheck *self, const SpSeal *seal)
{
  return self->begun && self->key_epoch == seal->key_epoch &&
         sp_id_equal (&self->lineage, &seal->lineage) && self->first == seal->audit_first &&
         sp_bytes_equal (self->base, seal->audit_base, sizeof self->base) &&
         self->next <= seal->audit_last + 1;
}

/* Leaves *out_record without data where there is a row that SQLite cannot read. */
static gboolean
read_row (SpVault *vault,
          SpRecordName *name,
          SpRecordBytes *out_record,
          gboolean *out_there,
          GError **error)
{
  GError *local_error = NULL;

  *out_there = TRUE;
  out_record->data = NULL;
  if (sp_records_get (vault->db, SP_RECORDS_AUDIT, name->number, &name->revision, &out_record->data,
                      &out_record->len, &local_error)) {
    *out_there = out_record->data != NULL;
    return TRUE;
  }
  if (g_error_matches (local_error, SP_STORE_ERROR, SP_STORE_ERROR_CORRUPT)) {
    g_error_free (local_error);
    out_record->data = NULL;
    return TRUE;
  }
  g_propagate_error (error, local_error);
  return FALSE;
}

static gboolean
read_next (SpLogCheck *self, SpVault *vault, GError **error)
{
  SpRecordName name = { SP_TABLE_AUDIT, self->next, 0, NULL };
  guint8 before[SP_HASH_LEN];
  SpRecordBytes record;
  gboolean there;
  SpEvent event;

  if (!read_row (vault, &name, &record, &there, error))
    return FALSE;
  if (record.data == NULL || !sp_log_open_entry (vault, &name, record, &event, before, NULL)) {
    add_fault (self->gaps, there ? SP_LOG_FAULT_DAMAGED : SP_LOG_FAULT_MISSING, self->next,
               self->next);
    self->linked = FALSE;
    self->next++;
    return TRUE;
  }
  if (self->linked && !sp_bytes_equal (before, self->chain, sizeof before))
    g_array_append_val (self->borders, self->next);
  memcpy (self->chain, before, sizeof self->chain);
  if (!sp_vault_extend_chain (vault, &name, record, self->chain, error))
    return FALSE;
  self->linked = TRUE;
  self->next++;
  return TRUE;
}

static gboolean
find_foreign_in (SpLogCheck *self, SpVault *vault, guint64 first, guint64 last, GError **error)
{
  g_autoptr (GArray) ids = NULL;
  gboolean complete;

  ids = sp_records_collect (vault->db, SP_RECORDS_AUDIT, first, last, &complete, error);
  if (ids == NULL)
    return FALSE;
  /* Of rows that cannot be reached, or have no number that there can be, nobody knows more. */
  if (!complete)
    add_fault (self->foreign, SP_LOG_FAULT_FOREIGN, 0, 0);
  for (guint i = 0; i < ids->len; i++) {
    guint64 id = g_array_index (ids, guint64, i);

    add_fault (self->foreign, SP_LOG_FAULT_FOREIGN, id, id);
  }
  return TRUE;
}

/**
 * sp_log_check_run: (skip)
 * @self: a check
 * @vault: the vault
 * @seal: what the log is held against; of the state that the open transaction shows
 * @max: how many entries to read at most
 * @error: return location for an error
 *
 * Returns: whether what there is could be read
 */
gboolean
sp_log_check_run (SpLogCheck *self, SpVault *vault, const SpSeal *seal, guint max, GError **error)
{
  if (!is_same_log (self, seal))
    begin (self, seal);
  self->complete = FALSE;
  for (guint i = 0; i < max && self->next <= seal->audit_last; i++)
    if (!read_next (self, vault, error))
      return FALSE;
  if (self->next <= seal->audit_last)
    return TRUE;

  self->head_differs = self->linked &&
                       !sp_bytes_equal (self->chain, seal->audit_head, sizeof self->chain);
  g_array_set_size (self->foreign, 0);
  if (!find_foreign_in (self, vault, 0, seal->audit_first - 1, error) ||
      !find_foreign_in (self, vault, seal->audit_last + 1, G_MAXINT64, error))
    return FALSE;
  self->complete = TRUE;
  return TRUE;
}

/* Whether the file is in the state that the vault holds. */
static gboolean
is_current (SpVault *self, gboolean *out_current, GError **error)
{
  gsize held_len;
  const guint8 *held = g_bytes_get_data (self->seal_record, &held_len);

  *out_current = FALSE;
  for (guint i = SP_RECORDS_SEAL_A; i <= SP_RECORDS_SEAL_B && !*out_current; i++) {
    g_autoptr (GError) local_error = NULL;
    const guint8 *data;
    guint64 revision;
    gsize len;

    if (sp_records_get (self->db, (SpRecords) i, 1, &revision, &data, &len, &local_error)) {
      *out_current = data != NULL && len == held_len && sp_bytes_equal (data, held, len);
    } else if (!g_error_matches (local_error, SP_STORE_ERROR, SP_STORE_ERROR_CORRUPT)) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  }
  return TRUE;
}

/**
 * sp_vault_check_log:
 * @self: a vault, without an open batch
 * @check: a check of this vault
 * @max: how many entries to read at most
 * @error: return location for a [error@VaultError]
 *
 * Goes on with a check. When other processes wrote meanwhile, the vault catches up with them first.
 *
 * Returns: whether the file could be read; what is wrong with the log is no error
 */
gboolean
sp_vault_check_log (SpVault *self, SpLogCheck *check, guint max, GError **error)
{
  gboolean current = FALSE;
  gboolean done;

  g_return_val_if_fail (self->batch == NULL && max > 0, FALSE);

  if (!sp_vault_refresh (self, NULL, error))
    return FALSE;
  if (!sp_db_begin_read (self->db, error))
    return sp_vault_translate (error);
  done = is_current (self, &current, error);
  if (done && current)
    done = sp_log_check_run (check, self, self->seal, max, error);
  sp_db_end_read (self->db);
  if (!done)
    return sp_vault_translate (error);
  if (!current) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_BUSY,
                         "The vault was changed while its activity log was being verified.");
    return FALSE;
  }
  return TRUE;
}

gboolean
sp_log_check_is_complete (const SpLogCheck *self)
{
  return self->complete;
}

/**
 * sp_log_check_get_range:
 * @self: a check
 * @out_first: (out): the first entry that the log has
 * @out_last: (out): the last one that was read
 */
void
sp_log_check_get_range (const SpLogCheck *self, guint64 *out_first, guint64 *out_last)
{
  *out_first = self->first;
  *out_last = self->next - 1;
}

static gboolean
has_gap_within (const SpLogCheck *self, guint64 first, guint64 last)
{
  for (guint i = 0; i < self->gaps->len; i++) {
    const SpLogFault *gap = &g_array_index (self->gaps, SpLogFault, i);

    if (gap->first <= last && gap->last >= first)
      return TRUE;
  }
  return FALSE;
}

/* From the seal downward: at a contradiction the side below is the one that was not written here, unless the side
 * above has just turned out not to be. */
static void
judge_borders (const SpLogCheck *self, GArray *faults)
{
  guint64 bad = self->head_differs ? self->next - 1
                                   : 0; /* the last entry of a side that is wrong */

  for (guint i = self->borders->len; i > 0; i--) {
    guint64 border = g_array_index (self->borders, guint64, i - 1);

    if (bad != 0 && !has_gap_within (self, border, bad)) {
      add_fault (faults, SP_LOG_FAULT_OTHER, border, bad);
      bad = 0;
      continue;
    }
    if (bad != 0)
      add_fault (faults, SP_LOG_FAULT_OTHER, bad, bad);
    bad = border - 1;
    if (border == self->first) {
      add_fault (faults, SP_LOG_FAULT_OTHER, border, border);
      bad = 0;
    }
  }
  if (bad != 0)
    add_fault (faults, SP_LOG_FAULT_OTHER, bad, bad);
}

static gint
compare_faults (gconstpointer a, gconstpointer b)
{
  const SpLogFault *first = a;
  const SpLogFault *second = b;

  return (first->first > second->first) - (first->first < second->first);
}

/**
 * sp_log_check_dup_faults:
 * @self: a check
 *
 * Returns: (transfer full) (element-type SpLogFault): what is wrong, ascending
 */
GArray *
sp_log_check_dup_faults (const SpLogCheck *self)
{
  GArray *faults = g_array_new (FALSE, FALSE, sizeof (SpLogFault));

  g_array_append_vals (faults, self->gaps->data, self->gaps->len);
  g_array_append_vals (faults, self->foreign->data, self->foreign->len);
  judge_borders (self, faults);
  g_array_sort (faults, compare_faults);
  return faults;
}

/**
 * sp_log_fault_kind_to_name:
 * @kind: a kind
 *
 * Returns: the word that command line and reports use for it
 */
const char *
sp_log_fault_kind_to_name (SpLogFaultKind kind)
{
  switch (kind) {
  case SP_LOG_FAULT_MISSING:
    return "missing";
  case SP_LOG_FAULT_DAMAGED:
    return "damaged";
  case SP_LOG_FAULT_OTHER:
    return "other";
  case SP_LOG_FAULT_FOREIGN:
  default:
    return "foreign";
  }
}

static char *
describe_one (const SpLogFault *self)
{
  switch (self->kind) {
  case SP_LOG_FAULT_MISSING:
    return g_strdup_printf ("Entry %" G_GUINT64_FORMAT " of the activity log is missing.",
                            self->first);
  case SP_LOG_FAULT_DAMAGED:
    return g_strdup_printf (
        "Entry %" G_GUINT64_FORMAT " of the activity log is not as it was written.", self->first);
  case SP_LOG_FAULT_OTHER:
    return g_strdup_printf ("Entry %" G_GUINT64_FORMAT " of the activity log is from another copy "
                            "of the vault; so may be those just before it.",
                            self->first);
  case SP_LOG_FAULT_FOREIGN:
  default:
    if (self->first == 0)
      return g_strdup ("The table of the activity log has rows that do not belong there.");
    return g_strdup_printf ("Row %" G_GUINT64_FORMAT " does not belong to the activity log.",
                            self->first);
  }
}

/**
 * sp_log_fault_describe:
 * @self: a fault
 *
 * Returns: (transfer full): an English sentence for reports
 */
char *
sp_log_fault_describe (const SpLogFault *self)
{
  if (self->first == self->last)
    return describe_one (self);
  switch (self->kind) {
  case SP_LOG_FAULT_MISSING:
    return g_strdup_printf ("Entries %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT
                            " of the activity log are missing.",
                            self->first, self->last);
  case SP_LOG_FAULT_DAMAGED:
    return g_strdup_printf ("Entries %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT
                            " of the activity log are not as they were written.",
                            self->first, self->last);
  case SP_LOG_FAULT_OTHER:
    return g_strdup_printf ("Entries %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT
                            " of the activity log are from another copy of the vault.",
                            self->first, self->last);
  case SP_LOG_FAULT_FOREIGN:
  default:
    return g_strdup_printf ("Rows %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT
                            " do not belong to the activity log.",
                            self->first, self->last);
  }
}
