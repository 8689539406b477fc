/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See the header. A file's contents belong to an inode, which a name in the folder leads to; a deleted
 * file's inode stays as long as the deletion is not durable. */

#include "config.h"

#include "sp-disk.h"

#include <string.h>

#include "common/sp-test.h"

typedef struct {
  gsize offset;
  GBytes *data; /* NULL for a truncation to `offset` */
} Change;

typedef struct {
  guint n_references;
  GByteArray *synced;
  GByteArray *current;
  GArray *pending; /* (element-type Change) */
} Inode;

/* A name: where it leads durably, and each place that it has led to since. */
typedef struct {
  Inode *synced;      /* (owned) (nullable) */
  GPtrArray *pending; /* (element-type Inode) (owned); may hold NULL */
} Name;

struct _SpDisk {
  Name names[SP_N_DISK_FILES];
};

static void
change_clear (gpointer data)
{
  Change *self = data;

  g_clear_pointer (&self->data, g_bytes_unref);
}

static GByteArray *
copy_bytes (const GByteArray *bytes)
{
  GByteArray *copy = g_byte_array_sized_new (bytes->len);

  if (bytes->len > 0)
    g_byte_array_append (copy, bytes->data, bytes->len);
  return copy;
}

static Inode *
inode_new (const guint8 *data, gsize len)
{
  Inode *self = g_new0 (Inode, 1);

  self->n_references = 1;
  self->synced = g_byte_array_new ();
  if (len > 0)
    g_byte_array_append (self->synced, data, (guint) len);
  self->current = copy_bytes (self->synced);
  self->pending = g_array_new (FALSE, FALSE, sizeof (Change));
  g_array_set_clear_func (self->pending, change_clear);
  return self;
}

static Inode *
inode_ref (Inode *self)
{
  if (self != NULL)
    self->n_references++;
  return self;
}

static void
inode_unref (gpointer data)
{
  Inode *self = data;

  if (self == NULL || --self->n_references > 0)
    return;
  g_byte_array_unref (self->synced);
  g_byte_array_unref (self->current);
  g_array_unref (self->pending);
  g_free (self);
}

static void
resize (GByteArray *bytes, gsize size)
{
  guint before = bytes->len;

  g_byte_array_set_size (bytes, (guint) size);
  if (size > before)
    memset (bytes->data + before, 0, size - before);
}

static void
overwrite (GByteArray *bytes, gsize offset, const guint8 *data, gsize len)
{
  if (offset + len > bytes->len)
    resize (bytes, offset + len);
  memcpy (bytes->data + offset, data, len);
}

static Inode *
name_get_current (const Name *self)
{
  return self->pending->len > 0 ? g_ptr_array_index (self->pending, self->pending->len - 1)
                                : self->synced;
}

static void
sync_folder (SpDisk *self)
{
  for (guint i = 0; i < SP_N_DISK_FILES; i++) {
    Inode *current = inode_ref (name_get_current (&self->names[i]));

    inode_unref (self->names[i].synced);
    self->names[i].synced = current;
    g_ptr_array_set_size (self->names[i].pending, 0);
  }
}

static void
sync_inode (Inode *self)
{
  /* The pending changes are played again, for copying a large file at each sync would take long. */
  for (guint i = 0; i < self->pending->len; i++) {
    const Change *change = &g_array_index (self->pending, Change, i);

    if (change->data == NULL)
      resize (self->synced, change->offset);
    else
      overwrite (self->synced, change->offset, g_bytes_get_data (change->data, NULL),
                 g_bytes_get_size (change->data));
  }
  g_array_set_size (self->pending, 0);
}

SpDisk *
sp_disk_new (const guint8 *data, gsize len)
{
  SpDisk *self = g_new0 (SpDisk, 1);

  for (guint i = 0; i < SP_N_DISK_FILES; i++)
    self->names[i].pending = g_ptr_array_new_with_free_func (inode_unref);
  self->names[0].synced = inode_new (data, len);
  return self;
}

void
sp_disk_free (SpDisk *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < SP_N_DISK_FILES; i++) {
    g_ptr_array_unref (self->names[i].pending);
    inode_unref (self->names[i].synced);
  }
  g_free (self);
}

/**
 * sp_disk_apply:
 * @self: a disk
 * @record: the next operation that was recorded
 */
void
sp_disk_apply (SpDisk *self, const SpFaultRecord *record)
{
  Name *name = &self->names[record->file];
  Inode *inode = name_get_current (name);
  Change change = { .offset = record->offset };

  switch (record->operation) {
  case SP_FAULT_OPEN:
    if (inode == NULL)
      g_ptr_array_add (name->pending, inode_new (NULL, 0));
    break;
  case SP_FAULT_DELETE:
    g_ptr_array_add (name->pending, NULL);
    break;
  case SP_FAULT_WRITE:
    change.data = g_bytes_ref (record->data);
    overwrite (inode->current, record->offset, g_bytes_get_data (record->data, NULL),
               g_bytes_get_size (record->data));
    g_array_append_val (inode->pending, change);
    break;
  case SP_FAULT_TRUNCATE:
    resize (inode->current, record->offset);
    g_array_append_val (inode->pending, change);
    break;
  case SP_FAULT_SYNC:
    sync_inode (inode);
    break;
  case SP_FAULT_CLOSE:
  case SP_FAULT_READ:
  case SP_FAULT_FILE_SIZE:
  case SP_FAULT_LOCK:
  case SP_FAULT_UNLOCK:
  case SP_FAULT_CHECK_LOCK:
  case SP_FAULT_ACCESS:
  default:
    g_assert_not_reached ();
  }
  if (record->sync)
    sync_folder (self);
}

/* Each sector of a write has its own fate. */
static void
write_by_chance (GByteArray *bytes, const Change *change, gsize synced_len, guint64 *random_state)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (change->data, &len);

  for (gsize at = 0; at < len;) {
    gsize position = change->offset + at;
    gsize n = MIN (len - at, SP_DISK_SECTOR - position % SP_DISK_SECTOR);
    guint64 fate = sp_test_random (random_state) >> 60;

    if (fate < 8)
      overwrite (bytes, position, data + at, n);
    else if (fate < 10 && position + n > MAX (synced_len, bytes->len))
      resize (bytes, position + n);
    at += n;
  }
}

static GByteArray *
contents_by_chance (const Inode *self, guint64 *random_state)
{
  GByteArray *bytes = copy_bytes (self->synced);

  for (guint i = 0; i < self->pending->len; i++) {
    const Change *change = &g_array_index (self->pending, Change, i);

    if (change->data != NULL)
      write_by_chance (bytes, change, self->synced->len, random_state);
    else if (sp_test_random (random_state) >> 63)
      resize (bytes, change->offset);
  }
  return bytes;
}

static const Inode *
choose_inode (const Name *self, SpDiskDamage damage, guint64 *random_state)
{
  guint64 choice;

  if (damage == SP_DISK_KILLED || damage == SP_DISK_TORN)
    return name_get_current (self);
  if (damage != SP_DISK_ANY)
    return self->synced;
  choice = (sp_test_random (random_state) >> 32) % (self->pending->len + 1);
  return choice == 0 ? self->synced : g_ptr_array_index (self->pending, choice - 1);
}

/**
 * sp_disk_materialise:
 * @self: a disk, with all operations applied that were done
 * @damage: what happened then
 * @next: (nullable): the operation that was going on
 * @random_state: what chance there is; the same gives the same
 * @out_files: (out): the contents of each file, or %NULL where there is none
 */
void
sp_disk_materialise (const SpDisk *self,
                     SpDiskDamage damage,
                     const SpFaultRecord *next,
                     guint64 *random_state,
                     GByteArray *out_files[static SP_N_DISK_FILES])
{
  for (guint i = 0; i < SP_N_DISK_FILES; i++) {
    const Inode *inode = choose_inode (&self->names[i], damage, random_state);

    if (inode == NULL)
      out_files[i] = NULL;
    else if (damage == SP_DISK_OLDEST)
      out_files[i] = copy_bytes (inode->synced);
    else if (damage == SP_DISK_ANY)
      out_files[i] = contents_by_chance (inode, random_state);
    else
      out_files[i] = copy_bytes (inode->current);
  }
  if (damage == SP_DISK_TORN && next != NULL && next->operation == SP_FAULT_WRITE) {
    gsize len = g_bytes_get_size (next->data);
    gsize n_sectors = (len + SP_DISK_SECTOR - 1) / SP_DISK_SECTOR;
    gsize n = (sp_test_random (random_state) >> 32) % MAX (n_sectors, 1);

    overwrite (out_files[next->file], next->offset, g_bytes_get_data (next->data, NULL),
               MIN (len, n * SP_DISK_SECTOR));
  }
}

const char *
sp_disk_damage_to_name (SpDiskDamage damage)
{
  static const char *const names[SP_N_DISK_DAMAGES] = {
    "killed",
    "killed within a write",
    "power cut, oldest",
    "power cut, by chance",
    "power cut, folder oldest",
  };

  return names[damage];
}
