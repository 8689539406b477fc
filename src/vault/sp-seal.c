/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The seal's content (VAULT-FORMAT.md §5), and refs (§1.1). The reader is total, and refuses what a writer
 * never writes: entries out of order, a log that ends before it starts, more items in the trash than there
 * are. So a value that came through here can be trusted as far as it goes. */

#define G_LOG_DOMAIN "sp-seal"

#include "config.h"

#include "vault/sp-seal.h"

#include <string.h>

#include "base/sp-wipe.h"
#include "vault/sp-vault-error.h"

/**
 * sp_ref_write:
 * @ref: how a parent names a child
 * @writer: where to write it
 */
void
sp_ref_write (const SpRef *ref, SpWriter *writer)
{
  sp_writer_varint (writer, ref->number);
  sp_writer_varint (writer, ref->revision);
  sp_writer_fixed (writer, ref->tag, sizeof ref->tag);
}

/**
 * sp_ref_read:
 * @reader: a reader
 * @out_ref: (out): how a parent names a child; zeros on failure
 *
 * Returns: %FALSE if it is not that
 */
gboolean
sp_ref_read (SpReader *reader, SpRef *out_ref)
{
  if (!sp_reader_varint_max (reader, SP_NUMBER_MAX, &out_ref->number) || out_ref->number == 0 ||
      !sp_reader_varint_max (reader, SP_NUMBER_MAX, &out_ref->revision) || out_ref->revision == 0)
    sp_reader_fail (reader);
  if (sp_reader_copy (reader, out_ref->tag, sizeof out_ref->tag))
    return TRUE;

  memset (out_ref, 0, sizeof *out_ref);
  return FALSE;
}

/**
 * sp_ref_equal:
 * @a: a ref
 * @b: another
 *
 * Returns: %TRUE if both name the same state of the same record
 */
gboolean
sp_ref_equal (const SpRef *a, const SpRef *b)
{
  return a->number == b->number && a->revision == b->revision &&
         sp_bytes_equal (a->tag, b->tag, sizeof a->tag);
}

/**
 * sp_seal_new:
 *
 * Returns: (transfer full): a seal of nothing: no items, no slots, an empty log, key epoch 1, sequence 0, which
 *   the first change makes 1
 */
SpSeal *
sp_seal_new (void)
{
  SpSeal *self = g_new0 (SpSeal, 1);

  self->format = SP_FORMAT_VERSION;
  self->key_epoch = 1;
  self->next_number = 1;
  self->device = g_strdup ("");
  self->audit_first = 1;
  self->slots = g_array_new (FALSE, TRUE, sizeof (SpSealSlot));
  self->settings = g_array_new (FALSE, TRUE, sizeof (SpRef));
  self->blocks = g_array_new (FALSE, TRUE, sizeof (SpRef));
  return self;
}

/**
 * sp_seal_copy:
 * @self: a seal
 *
 * Returns: (transfer full): a copy that shares nothing with @self
 */
SpSeal *
sp_seal_copy (const SpSeal *self)
{
  SpSeal *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new (SpSeal, 1);
  *copy = *self;
  copy->device = g_strdup (self->device);
  copy->slots = g_array_copy (self->slots);
  copy->settings = g_array_copy (self->settings);
  copy->blocks = g_array_copy (self->blocks);
  return copy;
}

/**
 * sp_seal_free:
 * @self: (transfer full) (nullable): a seal
 */
void
sp_seal_free (SpSeal *self)
{
  if (self == NULL)
    return;

  g_free (self->device);
  g_array_unref (self->slots);
  g_array_unref (self->settings);
  g_array_unref (self->blocks);
  g_free (self);
}

static void
write_refs (const GArray *refs, SpWriter *writer)
{
  sp_writer_varint (writer, refs->len);
  for (guint i = 0; i < refs->len; i++)
    sp_ref_write (&g_array_index (refs, SpRef, i), writer);
}

/**
 * sp_seal_encode:
 * @self: a seal with 1 to 64 slots, its device valid UTF-8
 * @writer: where to append the content of its frame
 */
void
sp_seal_encode (const SpSeal *self, SpWriter *writer)
{
  g_return_if_fail (self != NULL && writer != NULL);
  g_return_if_fail (self->slots->len >= 1 && self->slots->len <= SP_SEAL_MAX_SLOTS);
  g_return_if_fail (self->settings->len <= SP_SEAL_MAX_SETTINGS);
  g_return_if_fail (self->blocks->len <= SP_SEAL_MAX_BLOCKS);

  sp_writer_u8 (writer, SP_FORMAT_VERSION);
  sp_writer_u32 (writer, self->format);
  sp_writer_u64 (writer, self->sequence);
  sp_writer_fixed (writer, self->lineage.bytes, SP_ID_LEN);
  sp_writer_u32 (writer, self->key_epoch);
  sp_writer_u64 (writer, self->next_number);
  sp_writer_u64 (writer, self->n_encryptions);
  sp_writer_varint (writer, (guint64) MAX (self->created_ms, 0));
  sp_writer_varint (writer, (guint64) MAX (self->changed_ms, 0));
  sp_writer_string (writer, self->device);
  sp_writer_fixed (writer, self->event_key, sizeof self->event_key);
  sp_writer_u64 (writer, self->audit_first);
  sp_writer_fixed (writer, self->audit_base, sizeof self->audit_base);
  sp_writer_u64 (writer, self->audit_last);
  sp_writer_fixed (writer, self->audit_head, sizeof self->audit_head);
  sp_writer_varint (writer, self->n_items);
  sp_writer_varint (writer, self->n_trashed);

  sp_writer_varint (writer, self->slots->len);
  for (guint i = 0; i < self->slots->len; i++) {
    const SpSealSlot *slot = &g_array_index (self->slots, SpSealSlot, i);

    sp_writer_varint (writer, slot->position);
    sp_writer_fixed (writer, slot->slot_id.bytes, SP_ID_LEN);
    sp_writer_fixed (writer, slot->fixed_hash, sizeof slot->fixed_hash);
    sp_writer_fixed (writer, slot->changing_hash, sizeof slot->changing_hash);
  }
  write_refs (self->settings, writer);
  write_refs (self->blocks, writer);
}

static gint64
read_time (SpReader *reader)
{
  guint64 value;

  sp_reader_varint_max (reader, G_MAXINT64, &value);
  return (gint64) value;
}

static gboolean
is_number (guint64 value)
{
  return value >= 1 && value <= SP_NUMBER_MAX;
}

static void
read_head (SpReader *reader, SpSeal *self)
{
  const char *device;

  sp_reader_u32 (reader, &self->format);
  sp_reader_u64 (reader, &self->sequence);
  sp_reader_copy (reader, self->lineage.bytes, SP_ID_LEN);
  sp_reader_u32 (reader, &self->key_epoch);
  sp_reader_u64 (reader, &self->next_number);
  sp_reader_u64 (reader, &self->n_encryptions);
  self->created_ms = read_time (reader);
  self->changed_ms = read_time (reader);
  if (sp_reader_string (reader, &device, NULL)) {
    g_free (self->device);
    self->device = g_strdup (device);
  }
  sp_reader_copy (reader, self->event_key, sizeof self->event_key);
  sp_reader_u64 (reader, &self->audit_first);
  sp_reader_copy (reader, self->audit_base, sizeof self->audit_base);
  sp_reader_u64 (reader, &self->audit_last);
  sp_reader_copy (reader, self->audit_head, sizeof self->audit_head);
  sp_reader_varint (reader, &self->n_items);
  sp_reader_varint (reader, &self->n_trashed);

  if (!is_number (self->sequence) || !is_number (self->next_number) ||
      !is_number (self->audit_first) || self->audit_last > SP_NUMBER_MAX || self->key_epoch == 0 ||
      self->audit_last < self->audit_first - 1 || self->n_trashed > self->n_items)
    sp_reader_fail (reader);
}

static gboolean
is_listed_twice (const GArray *slots, const SpSealSlot *slot)
{
  for (guint i = 0; i < slots->len; i++) {
    const SpSealSlot *other = &g_array_index (slots, SpSealSlot, i);

    if (sp_id_equal (&other->slot_id, &slot->slot_id) ||
        sp_bytes_equal (other->fixed_hash, slot->fixed_hash, sizeof slot->fixed_hash))
      return TRUE;
  }
  return FALSE;
}

static void
read_slots (SpReader *reader, GArray *slots)
{
  guint64 n;
  SpSealSlot slot = { 0 };

  sp_reader_varint_max (reader, SP_SEAL_MAX_SLOTS, &n);
  if (n == 0)
    sp_reader_fail (reader);
  for (guint64 i = 0; i < n && !reader->failed; i++) {
    guint64 before = slot.position;

    sp_reader_varint (reader, &slot.position);
    sp_reader_copy (reader, slot.slot_id.bytes, SP_ID_LEN);
    sp_reader_copy (reader, slot.fixed_hash, sizeof slot.fixed_hash);
    sp_reader_copy (reader, slot.changing_hash, sizeof slot.changing_hash);
    if (!is_number (slot.position) || slot.position <= before || is_listed_twice (slots, &slot))
      sp_reader_fail (reader);
    g_array_append_val (slots, slot);
  }
}

static void
read_refs (SpReader *reader, GArray *refs, guint64 max, gboolean ascending)
{
  guint64 n;
  SpRef ref = { 0 };

  sp_reader_varint_max (reader, max, &n);
  for (guint64 i = 0; i < n && !reader->failed; i++) {
    guint64 before = ref.number;

    sp_ref_read (reader, &ref);
    if (ascending && i > 0 && ref.number <= before)
      sp_reader_fail (reader);
    g_array_append_val (refs, ref);
  }
}

/**
 * sp_seal_decode:
 * @data: (array length=len): the content of a seal's frame
 * @len: its size in bytes
 * @error: return location for a [error@VaultError]
 *
 * Returns: (transfer full) (nullable): the seal, or %NULL with @error set
 */
SpSeal *
sp_seal_decode (const guint8 *data, gsize len, GError **error)
{
  g_autoptr (SpSeal) self = sp_seal_new ();
  SpReader reader;
  guint8 version;

  sp_reader_init (&reader, data, len);
  sp_reader_u8 (&reader, &version);
  if (version > SP_FORMAT_VERSION) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NEWER_FORMAT,
                         "The vault's seal was written by a newer version of SecurePass.");
    return NULL;
  }
  if (version != SP_FORMAT_VERSION)
    sp_reader_fail (&reader);

  read_head (&reader, self);
  read_slots (&reader, self->slots);
  read_refs (&reader, self->settings, SP_SEAL_MAX_SETTINGS, TRUE);
  read_refs (&reader, self->blocks, SP_SEAL_MAX_BLOCKS, FALSE);
  if (!sp_reader_finish (&reader)) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED,
                         "The vault's seal is damaged.");
    return NULL;
  }
  return g_steal_pointer (&self);
}
