/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Blocks are kept by number: block i has the entries from 1024 i on. A block is shared until one log has more of it
 * than another; then it is copied, and what is let go of is wiped. */

#define G_LOG_DOMAIN "sp-log"

#include "config.h"

#include "vault/sp-log.h"

#include <string.h>

#include "base/sp-wipe.h"
#include "vault/sp-vault-log-private.h"

#define BLOCK_BITS  10
#define BLOCK_LEN   (1u << BLOCK_BITS)
#define MAX_DEVICES 1000 /* anybody who can write the file can make up some */

typedef struct {
  gatomicrefcount references;
  SpLogEntry entries[BLOCK_LEN];
} Block;

struct _SpLog {
  gatomicrefcount references;
  guint64 lowest; /* of those read */
  guint64 newest; /* below lowest: none was read */
  guint64 first;  /* that there is */
  guint64 last;
  guint32 key_epoch;
  guint64 lowest_block;
  GPtrArray *blocks;  /* (element-type Block) from lowest_block on */
  GPtrArray *devices; /* (element-type GRefString) */
};

static void
block_unref (gpointer data)
{
  Block *self = data;

  if (!g_atomic_ref_count_dec (&self->references))
    return;
  sp_wipe (self->entries, sizeof self->entries);
  g_free (self);
}

static Block *
block_ref (Block *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

static Block *
block_new (const Block *content)
{
  Block *self = g_new0 (Block, 1);

  if (content != NULL)
    memcpy (self->entries, content->entries, sizeof self->entries);
  g_atomic_ref_count_init (&self->references);
  return self;
}

/* Empty, for a log that begins at `first`. */
static SpLog *
log_new (const SpSeal *seal)
{
  SpLog *self = g_new0 (SpLog, 1);

  g_atomic_ref_count_init (&self->references);
  self->first = seal->audit_first;
  self->last = seal->audit_last;
  self->key_epoch = seal->key_epoch;
  self->lowest = seal->audit_last + 1;
  self->newest = seal->audit_last;
  self->lowest_block = self->lowest >> BLOCK_BITS;
  self->blocks = g_ptr_array_new_with_free_func (block_unref);
  self->devices = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ref_string_release);
  return self;
}

/* All of `before` that the log still has. */
static SpLog *
log_copy (const SpLog *before, const SpSeal *seal)
{
  SpLog *self = log_new (seal);

  self->newest = before->newest;
  self->lowest = MAX (before->lowest, seal->audit_first);
  self->lowest_block = self->lowest >> BLOCK_BITS;
  for (guint64 i = self->lowest_block - before->lowest_block; i < before->blocks->len; i++)
    g_ptr_array_add (self->blocks, block_ref (before->blocks->pdata[i]));
  for (guint i = 0; i < before->devices->len; i++)
    g_ptr_array_add (self->devices, g_ref_string_acquire (before->devices->pdata[i]));
  return self;
}

/**
 * sp_log_ref:
 * @self: a log
 *
 * Returns: (transfer full): @self
 */
SpLog *
sp_log_ref (SpLog *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

/**
 * sp_log_unref:
 * @self: (transfer full): a log
 */
void
sp_log_unref (SpLog *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_ptr_array_unref (self->blocks);
  g_ptr_array_unref (self->devices);
  g_free (self);
}

/* The same device has made most of the entries. */
static guint16
find_device (SpLog *self, const char *device)
{
  for (guint i = 0; i < self->devices->len; i++)
    if (g_str_equal (self->devices->pdata[i], device))
      return (guint16) i;
  if (self->devices->len == MAX_DEVICES)
    device = "…";
  g_ptr_array_add (self->devices, g_ref_string_new (device));
  return (guint16) MIN (self->devices->len - 1, MAX_DEVICES);
}

/* A place in a block that nobody else has. */
static SpLogEntry *
make_room (SpLog *self, guint64 number)
{
  guint64 wanted = number >> BLOCK_BITS;
  Block *block;
  guint index;

  if (self->blocks->len == 0)
    self->lowest_block = wanted;
  if (wanted < self->lowest_block) {
    g_ptr_array_insert (self->blocks, 0, block_new (NULL));
    self->lowest_block--;
  }
  index = (guint) (wanted - self->lowest_block);
  if (index == self->blocks->len)
    g_ptr_array_add (self->blocks, block_new (NULL));
  block = self->blocks->pdata[index];
  if (!g_atomic_ref_count_compare (&block->references, 1)) {
    self->blocks->pdata[index] = block_new (block);
    block_unref (block);
    block = self->blocks->pdata[index];
  }
  return &block->entries[number & (BLOCK_LEN - 1)];
}

static void
read_entry (SpVault *vault, SpLog *self, const SpRecordName *name, SpRecordBytes record)
{
  SpLogEntry *entry = make_room (self, name->number);
  guint8 before[SP_HASH_LEN];
  const char *device;
  SpEvent event;

  memset (entry, 0, sizeof *entry);
  entry->number = name->number;
  if (record.data == NULL || !sp_log_open_entry (vault, name, record, &event, before, &device))
    return;
  entry->time_ms = event.time_ms;
  entry->count = event.count;
  entry->session = event.session;
  entry->subject = event.subject;
  entry->kind = (guint16) event.kind;
  entry->device = find_device (self, device);
  entry->while_locked = (guint8) event.while_locked;
}

static gboolean
read_number (SpVault *vault, SpLog *self, guint64 number, GError **error)
{
  SpRecordName name = { SP_TABLE_AUDIT, number, 0, NULL };
  GError *local_error = NULL;
  SpRecordBytes record;

  if (!sp_records_get (vault->db, SP_RECORDS_AUDIT, number, &name.revision, &record.data,
                       &record.len, &local_error)) {
    if (!g_error_matches (local_error, SP_STORE_ERROR, SP_STORE_ERROR_CORRUPT)) {
      g_propagate_error (error, local_error);
      return sp_vault_translate (error);
    }
    g_error_free (local_error);
    record.data = NULL;
  }
  read_entry (vault, self, &name, record);
  return TRUE;
}

static gboolean
read_more (SpVault *vault, SpLog *self, guint max, GError **error)
{
  while (max > 0 && self->newest < self->last) {
    if (!read_number (vault, self, self->newest + 1, error))
      return FALSE;
    self->newest++;
    max--;
  }
  while (max > 0 && self->lowest > self->first) {
    if (!read_number (vault, self, self->lowest - 1, error))
      return FALSE;
    self->lowest--;
    max--;
  }
  return TRUE;
}

static gboolean
goes_on (const SpLog *before, const SpSeal *seal)
{
  return before->key_epoch == seal->key_epoch && before->newest <= seal->audit_last &&
         before->first <= seal->audit_first && before->newest >= seal->audit_first;
}

static gboolean
is_all (const SpLog *self, const SpSeal *seal)
{
  return self->lowest == seal->audit_first && self->newest == seal->audit_last &&
         self->first == seal->audit_first;
}

/**
 * sp_vault_load_log:
 * @self: a vault, without an open batch
 * @before: (nullable): what was loaded of it before
 * @max: how many entries to read at most
 * @error: return location for a [error@VaultError]
 *
 * Returns: (transfer full): @before and more, or `NULL` with @error set
 */
SpLog *
sp_vault_load_log (SpVault *self, SpLog *before, guint max, GError **error)
{
  gboolean same = before != NULL && goes_on (before, self->seal);
  g_autoptr (SpLog) log = NULL;
  gboolean done;

  g_return_val_if_fail (self->batch == NULL, NULL);

  if (same && is_all (before, self->seal))
    return sp_log_ref (before);
  log = same ? log_copy (before, self->seal) : log_new (self->seal);
  if (!sp_db_begin_read (self->db, error)) {
    sp_vault_translate (error);
    return NULL;
  }
  done = read_more (self, log, max, error);
  sp_db_end_read (self->db);
  return done ? g_steal_pointer (&log) : NULL;
}

gboolean
sp_log_is_complete (const SpLog *self)
{
  return self->newest == self->last && self->lowest == self->first;
}

guint64
sp_log_get_n_entries (const SpLog *self)
{
  return self->newest + 1 - self->lowest;
}

guint64
sp_log_get_newest (const SpLog *self)
{
  return self->newest >= self->lowest ? self->newest : 0;
}

guint64
sp_log_get_total (const SpLog *self)
{
  return self->last + 1 - self->first;
}

/**
 * sp_log_get:
 * @self: a log
 * @number: of an entry that was read
 *
 * Returns: (transfer none): it
 */
const SpLogEntry *
sp_log_get (const SpLog *self, guint64 number)
{
  const Block *block;

  g_return_val_if_fail (number >= self->lowest && number <= self->newest, NULL);
  block = self->blocks->pdata[(number >> BLOCK_BITS) - self->lowest_block];
  return &block->entries[number & (BLOCK_LEN - 1)];
}

/**
 * sp_log_get_device:
 * @self: a log
 * @entry: one of its entries
 *
 * Returns: (transfer none): the device that wrote it; empty when it could not be read
 */
const char *
sp_log_get_device (const SpLog *self, const SpLogEntry *entry)
{
  return entry->kind != 0 && entry->device < self->devices->len
             ? self->devices->pdata[entry->device]
             : "";
}

void
sp_log_filter_add_kind (SpLogFilter *self, SpEventKind kind)
{
  g_return_if_fail ((guint) kind < SP_LOG_MAX_KIND);
  self->kinds[(guint) kind / 64] |= G_GUINT64_CONSTANT (1) << ((guint) kind % 64);
}

/**
 * sp_log_filter_matches:
 * @self: what is looked for
 * @entry: an entry
 *
 * An entry that could not be read is found only where neither kind, item nor time is asked for.
 *
 * Returns: whether @entry is that
 */
gboolean
sp_log_filter_matches (const SpLogFilter *self, const SpLogEntry *entry)
{
  gboolean any_kind = self->kinds[0] == 0 && self->kinds[1] == 0;

  if (!any_kind && (entry->kind >= SP_LOG_MAX_KIND ||
                    (self->kinds[entry->kind / 64] >> (entry->kind % 64) & 1) == 0))
    return FALSE;
  if (!sp_id_is_null (&self->subject) && !sp_id_equal (&self->subject, &entry->subject))
    return FALSE;
  return entry->time_ms >= self->since_ms &&
         (self->until_ms == 0 || (entry->time_ms < self->until_ms && entry->kind != 0));
}

/**
 * sp_log_select:
 * @self: a log
 * @filter: what is looked for
 *
 * Returns: (transfer full) (element-type guint64): the numbers of what matches, newest first
 */
GArray *
sp_log_select (const SpLog *self, const SpLogFilter *filter)
{
  GArray *numbers = g_array_new (FALSE, FALSE, sizeof (guint64));

  for (guint64 number = self->newest; number >= self->lowest && number > 0; number--)
    if (sp_log_filter_matches (filter, sp_log_get (self, number)))
      g_array_append_val (numbers, number);
  return numbers;
}

/**
 * sp_log_count:
 * @self: a log
 * @kind: a kind
 * @edges: (array length=n_edges): where spans of time begin, and the last one ends
 * @n_edges: their number, at least 2
 * @out_counts: (out caller-allocates): @n_edges - 1 numbers
 */
void
sp_log_count (const SpLog *self,
              SpEventKind kind,
              const gint64 *edges,
              gsize n_edges,
              guint *out_counts)
{
  memset (out_counts, 0, (n_edges - 1) * sizeof *out_counts);
  for (guint64 number = self->newest; number >= self->lowest && number > 0; number--) {
    const SpLogEntry *entry = sp_log_get (self, number);
    gsize span = n_edges - 1;

    if (entry->kind != (guint16) kind || entry->time_ms < edges[0] ||
        entry->time_ms >= edges[n_edges - 1])
      continue;
    while (entry->time_ms < edges[span - 1])
      span--;
    out_counts[span - 1]++;
  }
}
