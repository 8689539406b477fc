/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The vault that is damaged, with everything in it that a vault may have: several pages of overviews, history,
 * trash, attachments of several sizes, two slots, pages that were freed. */

#include "config.h"

#include <sqlite3.h>
#include <string.h>

#include "base/sp-encoding.h"
#include "common/sp-test-item.h"
#include "common/sp-test.h"
#include "crypto/sp-hash.h"
#include "damage.h"
#include "script.h"
#include "vault/sp-overview.h"
#include "vault/sp-vault-history.h"
#include "vault/sp-vault-items.h"
#include "vault/sp-vault-slots.h"

#define N_EDITED 40
#define N_PURGED 5
#define N_TRASH  10

static const SpKdfCost cost = { .memory_kib = 8, .passes = 1, .lanes = 1 };
static const gsize attachment_sizes[] = { 200, 0, 70000, 65536, 140000 };

static void
clear_row (gpointer data)
{
  g_clear_pointer (&((DamageRow *) data)->data, g_bytes_unref);
}

static void
free_item (gpointer data)
{
  DamageItem *self = data;

  g_free (self->title);
  g_ptr_array_unref (self->texts);
  g_free (self->attachment);
  clear_row (&self->detail);
  g_array_unref (self->history);
  g_array_unref (self->attachments);
  g_free (self);
}

char *
damage_describe (const SpItem *item)
{
  g_autoptr (SpItem) copy = sp_item_copy (item);
  GString *text = g_string_new (NULL);

  g_ptr_array_set_size (copy->attachments, 0);
  script_describe (text, copy);
  return g_string_free (text, FALSE);
}

char *
damage_describe_attachment (const SpAttachment *attachment)
{
  g_autofree char *hash = sp_hex_encode (attachment->sha256, sizeof attachment->sha256);

  return g_strdup_printf ("%s %" G_GUINT64_FORMAT " %s", attachment->name, attachment->size, hash);
}

static GArray *
rows_new (void)
{
  GArray *rows = g_array_new (FALSE, TRUE, sizeof (DamageRow));

  g_array_set_clear_func (rows, clear_row);
  return rows;
}

static DamageItem *
get_item (DamageModel *self, const SpItem *item)
{
  DamageItem *known = damage_model_find (self, &item->id);

  if (known == NULL) {
    known = g_new0 (DamageItem, 1);
    known->id = item->id;
    known->texts = g_ptr_array_new_with_free_func (g_free);
    known->history = rows_new ();
    known->attachments = rows_new ();
    g_hash_table_insert (self->items, &known->id, known);
  }
  return known;
}

/* This is what is in the vault from now on. */
static void
note (DamageModel *self, const SpItem *item)
{
  DamageItem *known = get_item (self, item);

  g_ptr_array_insert (known->texts, 0, damage_describe (item));
  g_free (known->title);
  known->title = g_strdup (item->title);
  known->number = item->number;
}

static void
save (DamageModel *self, SpVault *vault, SpItem *item)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (sp_vault_save (vault, item, &error));
  g_assert_no_error (error);
  note (self, item);
}

static SpItem *
load (SpVault *vault, guint64 number)
{
  g_autoptr (GError) error = NULL;
  SpItem *item = sp_vault_load (vault, number, &error);

  g_assert_no_error (error);
  return item;
}

static void
edit (DamageModel *self, SpVault *vault, guint64 number, guint version)
{
  g_autoptr (SpItem) item = load (vault, number);
  g_autofree char *title = g_strdup_printf ("%s, version %u", item->title, version);

  sp_item_set_title (item, title);
  script_apply_version (item, (guint) number, version);
  save (self, vault, item);
}

static void
attach (DamageModel *self, SpVault *vault, guint64 number, gsize size)
{
  g_autofree guint8 *data = g_malloc (size + 1);
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (data, (gssize) size, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (SpItem) item = NULL;
  const SpAttachment *attachment;
  guint8 hash[SP_SHA256_LEN];
  guint64 state = size + 1;

  sp_test_random_fill (&state, data, size);
  g_assert_true (sp_vault_attach (vault, number, "scan.pdf", stream, NULL, &error));
  g_assert_no_error (error);
  item = load (vault, number);
  note (self, item);
  g_assert_cmpuint (item->attachments->len, ==, 1);
  attachment = g_ptr_array_index (item->attachments, 0);
  g_assert_true (sp_sha256 (data, size, hash, NULL));
  g_assert_cmpmem (hash, sizeof hash, attachment->sha256, sizeof attachment->sha256);
  damage_model_find (self, &item->id)->attachment = damage_describe_attachment (attachment);
}

/* Purges some items; others stay in the trash, which is no new version of them. */
static void
trash (DamageModel *self, SpVault *vault, guint64 *numbers)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < N_PURGED; i++) {
    g_autoptr (SpItem) item = load (vault, numbers[i]);

    g_hash_table_remove (self->items, &item->id);
  }
  g_assert_true (sp_vault_change (vault, SP_CHANGE_TRASH, NULL, numbers, N_PURGED, &error));
  g_assert_true (sp_vault_purge_trash (vault, NULL, &error));
  g_assert_true (
      sp_vault_change (vault, SP_CHANGE_TRASH, NULL, numbers + N_PURGED, N_TRASH, &error));
  g_assert_no_error (error);
  for (guint i = N_PURGED; i < N_PURGED + N_TRASH; i++) {
    g_autoptr (SpItem) item = load (vault, numbers[i]);
    DamageItem *known = damage_model_find (self, &item->id);

    g_ptr_array_remove_index (known->texts, 0);
    note (self, item);
    known->trashed = TRUE;
  }
}

static void
fill (DamageModel *self, SpVault *vault)
{
  guint64 numbers[DAMAGE_N_ITEMS];

  for (guint i = 0; i < DAMAGE_N_ITEMS; i++) {
    g_autoptr (SpItem) item = script_make_item (i, 1);

    save (self, vault, item);
    numbers[i] = item->number;
  }
  for (guint i = 0; i < N_EDITED; i++) {
    for (guint version = 2; version <= 2 + i % 3; version++)
      edit (self, vault, numbers[(i * 37 + 20) % DAMAGE_N_ITEMS], version);
  }
  for (guint i = 0; i < G_N_ELEMENTS (attachment_sizes); i++)
    attach (self, vault, numbers[20 + i * 30], attachment_sizes[i]);
  trash (self, vault, numbers);
}

static void
add_slot (SpVault *vault)
{
  g_autoptr (SpSecret) second = sp_test_secret ("Another password");
  g_autoptr (GError) error = NULL;
  SpId id;

  g_assert_true (sp_vault_add_password_slot (vault, "Second", second, &cost, &id, &error));
  g_assert_no_error (error);
}

/* --- where everything stands in the file --- */

static void
read_row (sqlite3 *db, DamageRow *row, const char *table, const char *column, guint64 id)
{
  g_autofree char *sql = g_strdup_printf (
      "SELECT revision, %s FROM %s WHERE id = %" G_GUINT64_FORMAT, column, table, id);
  sqlite3_stmt *statement;

  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  row->table = table;
  row->id = id;
  row->revision = sqlite3_column_int64 (statement, 0);
  row->data = g_bytes_new (sqlite3_column_blob (statement, 1),
                           (gsize) sqlite3_column_bytes (statement, 1));
  sqlite3_finalize (statement);
}

typedef struct {
  sqlite3 *db;
  DamageItem *item;
} HistoryReader;

static gboolean
visit_history (const SpRef *ref, const SpHistoryEntry *entry, gpointer user_data)
{
  HistoryReader *self = user_data;
  DamageRow row;

  read_row (self->db, &row, "history", "data", ref->number);
  g_array_append_val (self->item->history, row);
  return TRUE;
}

static void
read_item_rows (SpVault *vault, sqlite3 *db, DamageItem *item)
{
  HistoryReader reader = { db, item };
  g_autoptr (GError) error = NULL;
  SpOverviewBytes bytes;
  SpOverviewLinks links;

  read_row (db, &item->detail, "detail", "data", item->number);
  g_assert_true (sp_vault_find_overview (vault, item->number, &bytes, &error));
  sp_overview_decode_links (bytes.data, bytes.len, &links);
  g_assert_true (sp_history_walk (vault, &links, item->number, visit_history, &reader, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (item->history->len + 1, ==, item->texts->len);
  for (guint i = 0; links.attachments != NULL && i < links.attachments->len; i++) {
    const SpAttachmentRef *ref = &g_array_index (links.attachments, SpAttachmentRef, i);

    for (guint64 chunk = 0; chunk <= ref->size / SP_CHUNK_LEN; chunk++) {
      DamageRow row;

      read_row (db, &row, "attachment", "data", ref->number << SP_CHUNK_BITS | chunk);
      g_array_append_val (item->attachments, row);
    }
  }
  sp_overview_links_clear (&links);
}

static guint
get_u16 (const guint8 *data)
{
  return (guint) data[0] << 8 | data[1];
}

/* The start of the cell that `offset` lies in: the pages of slots and seals are leaves (SQLite's file format, §1.6). */
static gsize
find_cell (const guint8 *file, gsize offset)
{
  const guint8 *page = file + offset / DAMAGE_PAGE_SIZE * DAMAGE_PAGE_SIZE;
  gsize within = offset % DAMAGE_PAGE_SIZE;
  gsize best = 0;

  g_assert_cmpint (page[0], ==, 13);
  for (guint i = 0; i < get_u16 (page + 3); i++) {
    gsize cell = get_u16 (page + 8 + 2 * i);

    if (cell <= within)
      best = MAX (best, cell);
  }
  g_assert_cmpuint (best, >, 0);
  return offset - within + best;
}

/* A row that stands in the file twice, from the cell's start to the end of its last blob. */
static void
add_region (DamageModel *self, const char *name, GBytes *first, GBytes *last)
{
  DamageRegion region = { .name = name };
  gsize len, first_len, last_len;
  const guint8 *file = g_bytes_get_data (self->file, &len);
  const guint8 *first_data = g_bytes_get_data (first, &first_len);
  const guint8 *last_data = g_bytes_get_data (last, &last_len);
  const guint8 *at = file;

  for (guint i = 0; i < 2; i++) {
    const guint8 *end;
    gsize cell;

    at = memmem (at, (gsize) (file + len - at), first_data, first_len);
    g_assert_nonnull (at);
    end = memmem (at, (gsize) (file + len - at), last_data, last_len);
    g_assert_nonnull (end);
    cell = find_cell (file, (gsize) (at - file));
    region.offsets[i] = cell;
    region.len = (gsize) (end - file) + last_len - cell;
    g_assert_cmpuint (region.len, <, DAMAGE_PAGE_SIZE);
    at += first_len;
  }
  g_array_append_val (self->regions, region);
}

static void
find_regions (DamageModel *self, sqlite3 *db)
{
  for (guint position = 1; position <= 2; position++) {
    DamageRow fixed, changing;

    read_row (db, &fixed, "slot_a", "fixed", position);
    read_row (db, &changing, "slot_a", "changing", position);
    add_region (self, "slot", fixed.data, changing.data);
    if (position == 1)
      self->slot_fixed = g_bytes_ref (fixed.data);
    clear_row (&fixed);
    clear_row (&changing);
  }
  {
    DamageRow seal;

    read_row (db, &seal, "seal_a", "data", 1);
    add_region (self, "seal", seal.data, seal.data);
    clear_row (&seal);
  }
}

static gboolean
read_copy (sqlite3 *db, const char *sql, GString *text)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (db, sql, -1, &statement, NULL);

  while (code == SQLITE_OK || code == SQLITE_ROW) {
    code = sqlite3_step (statement);
    if (code == SQLITE_ROW)
      g_string_append_printf (text, "%s\n", (const char *) sqlite3_column_text (statement, 0));
  }
  sqlite3_finalize (statement);
  return code == SQLITE_DONE;
}

char *
damage_read_copies (const char *path)
{
  static const char *const queries[] = {
    "SELECT quote (id) || quote (revision) || quote (fixed) || quote (changing) FROM slot_a",
    "SELECT quote (id) || quote (revision) || quote (fixed) || quote (changing) FROM slot_b",
    "SELECT quote (id) || quote (revision) || quote (data) FROM seal_a",
    "SELECT quote (id) || quote (revision) || quote (data) FROM seal_b",
  };
  g_autofree char *uri = g_strdup_printf ("file:%s?immutable=1", path);
  GString *text = g_string_new (NULL);
  sqlite3 *db;
  gboolean done = sqlite3_open_v2 (uri, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL) ==
                  SQLITE_OK;

  for (guint i = 0; i < G_N_ELEMENTS (queries) && done; i++)
    done = read_copy (db, queries[i], text);
  sqlite3_close (db);
  return g_string_free (text, !done);
}

static void
read_file (DamageModel *self, SpVault *vault)
{
  const char *path = sp_vault_get_path (vault);
  g_autoptr (GError) error = NULL;
  GHashTableIter iter;
  gpointer item;
  sqlite3 *db;
  char *data;
  gsize len;

  g_assert_true (g_file_get_contents (path, &data, &len, &error));
  g_assert_no_error (error);
  self->file = g_bytes_new_take (data, len);
  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, &item))
    read_item_rows (vault, db, item);
  find_regions (self, db);
  self->copies = damage_read_copies (path);
  g_assert_nonnull (self->copies);
  sqlite3_close (db);
}

DamageItem *
damage_model_find (const DamageModel *self, const SpId *id)
{
  return g_hash_table_lookup (self->items, id);
}

DamageModel *
damage_model_new (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "model.securepass", NULL);
  DamageModel *self = g_new0 (DamageModel, 1);
  SpVaultEnvironment environment = { .device_name = "damage" };
  g_autoptr (SpVault) vault = NULL;
  g_autoptr (GError) error = NULL;

  self->items = g_hash_table_new_full (sp_id_hash, sp_id_equal, NULL, free_item);
  self->regions = g_array_new (FALSE, FALSE, sizeof (DamageRegion));
  self->password = sp_test_secret ("The password of a vault to be damaged");
  vault = sp_vault_create (path, "Damage", self->password, &cost, &environment, &error);
  g_assert_no_error (error);
  fill (self, vault);
  add_slot (vault);
  read_file (self, vault);
  return self;
}

void
damage_model_free (DamageModel *self)
{
  g_hash_table_unref (self->items);
  g_array_unref (self->regions);
  g_bytes_unref (self->file);
  g_bytes_unref (self->slot_fixed);
  g_free (self->copies);
  sp_secret_unref (self->password);
  g_free (self);
}
