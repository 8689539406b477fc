/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Rows of the common shape; the lockout row and sealed events. */

#include "config.h"

#include "store/sp-records.h"

#include <string.h>

#include "sp-store-fixture.h"

static void
assert_row (SpDb *db, SpRecords table, guint64 id, guint64 expected_revision, const char *expected)
{
  g_autoptr (GError) error = NULL;
  guint64 revision;
  const guint8 *data;
  gsize len;

  g_assert_true (sp_records_get (db, table, id, &revision, &data, &len, &error));
  g_assert_no_error (error);
  if (expected == NULL) {
    g_assert_null (data);
    g_assert_cmpuint (len, ==, 0);
    return;
  }
  g_assert_nonnull (data);
  g_assert_cmpuint (revision, ==, expected_revision);
  sp_test_assert_mem (data, len, expected, strlen (expected));
}

static void
put (SpDb *db, SpRecords table, guint64 id, guint64 revision, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (
      sp_records_put (db, table, id, revision, (const guint8 *) text, strlen (text), &error));
  g_assert_no_error (error);
}

static void
test_every_table (Fixture *fixture, gconstpointer data)
{
  SpDb *db = fixture_create (fixture);

  for (guint table = 0; table < SP_N_RECORDS; table++)
    put (db, table, 1, table + 1, sp_records_get_name (table));
  sp_db_close (db);
  db = fixture_open (fixture, SP_DB_READ_WRITE);
  for (guint table = 0; table < SP_N_RECORDS; table++) {
    assert_row (db, table, 1, table + 1, sp_records_get_name (table));
    assert_row (db, table, 2, 0, NULL);
  }
  sp_db_close (db);
}

static void
test_replace (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SpDb) db = fixture_create (fixture);
  g_autoptr (GError) error = NULL;
  guint64 n;

  put (db, SP_RECORDS_PAGE, 9, 1, "first");
  put (db, SP_RECORDS_PAGE, 9, 2, "other");
  assert_row (db, SP_RECORDS_PAGE, 9, 2, "other");
  put (db, SP_RECORDS_PAGE, 9, 3, "longer than before");
  assert_row (db, SP_RECORDS_PAGE, 9, 3, "longer than before");
  g_assert_true (sp_records_count (db, SP_RECORDS_PAGE, &n, &error));
  g_assert_cmpuint (n, ==, 1);
}

static void
test_empty_data (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SpDb) db = fixture_create (fixture);
  g_autoptr (GError) error = NULL;

  g_assert_true (sp_records_put (db, SP_RECORDS_DRAFT, 1, 1, NULL, 0, &error));
  assert_row (db, SP_RECORDS_DRAFT, 1, 1, "");
}

static void
test_large_data (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SpDb) db = fixture_create (fixture);
  g_autoptr (GError) error = NULL;
  gsize size = 1024 * 1024;
  g_autofree guint8 *bytes = g_malloc (size);
  guint64 seed = 3;
  guint64 revision;
  const guint8 *got;
  gsize len;

  sp_test_random_fill (&seed, bytes, size);
  g_assert_true (sp_records_put (db, SP_RECORDS_ATTACHMENT, 1 << 20, 4, bytes, size, &error));
  g_assert_true (
      sp_records_get (db, SP_RECORDS_ATTACHMENT, 1 << 20, &revision, &got, &len, &error));
  sp_test_assert_mem (got, len, bytes, size);
  sp_records_done (db, SP_RECORDS_ATTACHMENT);
  assert_row (db, SP_RECORDS_ATTACHMENT, 1, 0, NULL);
}

static void
test_too_large (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SpDb) db = fixture_create (fixture);
  g_autoptr (GError) error = NULL;
  gsize size = 65 * 1024 * 1024;
  g_autofree guint8 *bytes = g_malloc0 (size);

  g_assert_true (sp_db_begin_write (db, &error));
  g_assert_false (sp_records_put (db, SP_RECORDS_ATTACHMENT, 1, 1, bytes, size, &error));
  g_assert_error (error, SP_STORE_ERROR, SP_STORE_ERROR_CORRUPT);
  sp_db_rollback (db);
}

static void
test_largest_numbers (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SpDb) db = fixture_create (fixture);

  put (db, SP_RECORDS_PAGE, G_MAXINT64, G_MAXINT64, "top");
  put (db, SP_RECORDS_PAGE, 0, 0, "bottom");
  assert_row (db, SP_RECORDS_PAGE, G_MAXINT64, G_MAXINT64, "top");
  assert_row (db, SP_RECORDS_PAGE, 0, 0, "bottom");
}

static void
test_numbers_too_large (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SpDb) db = fixture_create (fixture);
  g_autoptr (GError) error = NULL;
  guint64 huge = (guint64) G_MAXINT64 + 1;

  g_assert_false (sp_records_put (db, SP_RECORDS_PAGE, huge, 1, NULL, 0, &error));
  g_assert_error (error, SP_STORE_ERROR, SP_STORE_ERROR_CORRUPT);
  g_clear_error (&error);
  g_assert_false (sp_records_put (db, SP_RECORDS_PAGE, 1, huge, NULL, 0, &error));
  g_assert_error (error, SP_STORE_ERROR, SP_STORE_ERROR_CORRUPT);
  assert_row (db, SP_RECORDS_PAGE, huge, 0, NULL);
  assert_row (db, SP_RECORDS_PAGE, G_MAXUINT64, 0, NULL);
}

static void
test_delete (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SpDb) db = fixture_create (fixture);
  g_autoptr (GError) error = NULL;

  put (db, SP_RECORDS_HISTORY, 1, 1, "gone");
  put (db, SP_RECORDS_HISTORY, 2, 1, "kept");
  g_assert_true (sp_records_delete (db, SP_RECORDS_HISTORY, 1, &error));
  g_assert_true (sp_records_delete (db, SP_RECORDS_HISTORY, 1, &error));
  g_assert_true (sp_records_delete (db, SP_RECORDS_HISTORY, G_MAXUINT64, &error));
  assert_row (db, SP_RECORDS_HISTORY, 1, 0, NULL);
  assert_row (db, SP_RECORDS_HISTORY, 2, 1, "kept");
}

static void
test_delete_range (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SpDb) db = fixture_create (fixture);
  g_autoptr (GError) error = NULL;
  guint64 n;

  fixture_fill (db, SP_RECORDS_AUDIT, 1, 10, 5);
  g_assert_true (sp_records_delete_range (db, SP_RECORDS_AUDIT, 3, 5, &error));
  g_assert_true (sp_records_delete_range (db, SP_RECORDS_AUDIT, 5, 3, &error));
  g_assert_true (sp_records_count (db, SP_RECORDS_AUDIT, &n, &error));
  g_assert_cmpuint (n, ==, 7);
  assert_row (db, SP_RECORDS_AUDIT, 2, 1002, "\2\2\2\2\2");
  assert_row (db, SP_RECORDS_AUDIT, 3, 0, NULL);
  g_assert_true (sp_records_delete_range (db, SP_RECORDS_AUDIT, 0, G_MAXUINT64, &error));
  g_assert_true (sp_records_count (db, SP_RECORDS_AUDIT, &n, &error));
  g_assert_cmpuint (n, ==, 0);
}

/* A record that keeps its length is overwritten where it stands: a save dirties few pages. */
static void
test_in_place (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SpDb) db = fixture_create (fixture);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gsize len;
  gsize n_changed = 0;

  fixture_fill (db, SP_RECORDS_PAGE, 1, 40, 1000);
  g_assert_true (g_file_get_contents (fixture->path, &before, &len, NULL));
  fixture_fill (db, SP_RECORDS_PAGE, 270, 270, 1000); /* far from the row below */
  g_assert_true (sp_records_delete (db, SP_RECORDS_PAGE, 270, NULL));
  g_clear_pointer (&before, g_free);
  g_assert_true (g_file_get_contents (fixture->path, &before, &len, NULL));
  {
    g_autofree guint8 *bytes = g_malloc (1000);

    memset (bytes, 0xaa, 1000);
    g_assert_true (sp_records_put (db, SP_RECORDS_PAGE, 20, 1020, bytes, 1000, NULL));
  }
  g_assert_true (g_file_get_contents (fixture->path, &after, &len, NULL));
  for (gsize at = 0; at < len; at += 2048)
    n_changed += memcmp (before + at, after + at, 2048) != 0;
  g_assert_cmpuint (n_changed, <=, 2); /* the row's page, and the header's counter */
}

/* How many pages of the file another length of a row in the middle changes. */
static gsize
grow_row (Fixture *fixture, SpDb *db, guint64 id, gsize len)
{
  g_autofree guint8 *bytes = g_malloc0 (len);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gsize n_changed = 0;
  gsize len_before, len_after;

  g_assert_true (g_file_get_contents (fixture->path, &before, &len_before, NULL));
  g_assert_true (sp_records_put (db, SP_RECORDS_DETAIL, id, 2000, bytes, len, NULL));
  g_assert_true (g_file_get_contents (fixture->path, &after, &len_after, NULL));
  for (gsize at = 0; at < MIN (len_before, len_after); at += 2048)
    n_changed += memcmp (before + at, after + at, 2048) != 0;
  return n_changed + (len_after - len_before) / 2048;
}

static void
fill_details (SpDb *db, gsize room)
{
  guint8 bytes[490];

  g_assert_true (sp_db_begin_write (db, NULL));
  for (guint64 id = 1; id <= 40; id++) {
    memset (bytes, (int) id, sizeof bytes);
    if (room > 0)
      g_assert_true (
          sp_records_put_new (db, SP_RECORDS_DETAIL, id, 1000, bytes, sizeof bytes, room, NULL));
    else
      g_assert_true (sp_records_put (db, SP_RECORDS_DETAIL, id, 1000, bytes, sizeof bytes, NULL));
  }
  g_assert_true (sp_db_commit (db, NULL));
}

/* Four such rows fill a page but for 36 bytes. */
static void
test_room (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SpDb) db = fixture_create (fixture);
  const guint8 *bytes;
  guint64 revision;
  gsize len;

  fill_details (db, 0);
  g_assert_cmpuint (grow_row (fixture, db, 20, 490 + 128), >, 4);
  g_assert_true (sp_records_delete_range (db, SP_RECORDS_DETAIL, 1, 40, NULL));

  fill_details (db, 128);
  for (guint64 id = 1; id <= 40; id++) {
    g_assert_true (sp_records_get (db, SP_RECORDS_DETAIL, id, &revision, &bytes, &len, NULL));
    g_assert_cmpuint (len, ==, 490);
    g_assert_cmpuint (revision, ==, 1000);
    g_assert_true (bytes[0] == id && bytes[489] == id);
  }
  /* The row's page, and the header's counter. */
  g_assert_cmpuint (grow_row (fixture, db, 20, 490 + 128), ==, 2);
  g_assert_cmpuint (grow_row (fixture, db, 31, 490 + 128), ==, 2);
}

static void
test_wrong_types (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpDb) db = NULL;
  guint64 revision;
  const guint8 *bytes;
  gsize len;

  /* Rows that SQLite itself would not have let in, as somebody can write them who edits the file. */
  fixture_create_and_close (fixture);
  fixture_sql (
      fixture,
      "PRAGMA writable_schema = ON;"
      "UPDATE sqlite_schema SET sql = 'CREATE TABLE page (id INTEGER PRIMARY KEY, revision, data)'"
      " WHERE name = 'page'");
  fixture_sql (
      fixture,
      "INSERT INTO page VALUES (1, 1, 'text'), (2, 'one', x'00'), (3, -1, x'00'), (4, NULL, NULL)");
  fixture_sql (
      fixture,
      "PRAGMA writable_schema = ON;"
      "UPDATE sqlite_schema SET sql = 'CREATE TABLE page (id INTEGER PRIMARY KEY, revision INTEGER "
      "NOT NULL, data BLOB NOT NULL) STRICT' WHERE name = 'page'");
  db = fixture_open (fixture, SP_DB_READ_WRITE);
  for (guint64 id = 1; id <= 4; id++) {
    g_clear_error (&error);
    g_assert_false (sp_records_get (db, SP_RECORDS_PAGE, id, &revision, &bytes, &len, &error));
    g_assert_error (error, SP_STORE_ERROR, SP_STORE_ERROR_CORRUPT);
  }
}

static void
test_lockout (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SpDb) db = fixture_create (fixture);
  g_autoptr (GError) error = NULL;
  guint8 key[32];
  guint8 got[32];
  guint64 failures = 77;
  gint64 last_ms = 78;
  guint64 seed = 11;

  sp_test_random_fill (&seed, key, sizeof key);
  g_assert_false (sp_lockout_read (db, &failures, &last_ms, got, &error));
  g_assert_error (error, SP_STORE_ERROR, SP_STORE_ERROR_CORRUPT);
  g_assert_cmpuint (failures, ==, 77);
  g_clear_error (&error);
  g_assert_true (sp_lockout_write (db, 0, 0, key, &error));
  g_assert_true (sp_lockout_write (db, 3, G_GINT64_CONSTANT (1700000000000), key, &error));
  g_assert_true (sp_lockout_read (db, &failures, &last_ms, got, &error));
  g_assert_cmpuint (failures, ==, 3);
  g_assert_cmpint (last_ms, ==, G_GINT64_CONSTANT (1700000000000));
  sp_test_assert_mem (got, sizeof got, key, sizeof key);
}

static void
test_lockout_forged (Fixture *fixture, gconstpointer data)
{
  static const char *const rows[] = { "(1, -1, 0, zeroblob (32), x'')",
                                      "(1, 0, 0, zeroblob (31), x'')",
                                      "(1, 0, 0, zeroblob (33), x'')",
                                      "(2, 0, 0, zeroblob (32), x'')" };

  fixture_create_and_close (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *sql = g_strdup_printf ("DELETE FROM lockout; INSERT INTO lockout VALUES %s",
                                            rows[i]);
    g_autoptr (GError) error = NULL;
    g_autoptr (SpDb) db = NULL;
    guint64 failures;
    gint64 last_ms;
    guint8 key[32];

    fixture_sql (fixture, sql);
    db = fixture_open (fixture, SP_DB_READ_WRITE);
    g_assert_false (sp_lockout_read (db, &failures, &last_ms, key, &error));
    g_assert_error (error, SP_STORE_ERROR, SP_STORE_ERROR_CORRUPT);
  }
}

static void
test_events (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SpDb) db = fixture_create (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) events = NULL;

  for (guint i = 0; i < 5; i++) {
    guint8 byte = (guint8) i;
    g_autoptr (GBytes) event = g_bytes_new (&byte, 1);

    g_assert_true (sp_locked_event_add (db, event, 3, &error));
  }
  events = sp_locked_event_read (db, &error);
  g_assert_cmpuint (events->len, ==, 3);
  for (guint i = 0; i < events->len; i++)
    g_assert_cmpuint (*(const guint8 *) g_bytes_get_data (events->pdata[i], NULL), ==, i);
  g_assert_true (sp_locked_event_clear (db, &error));
  g_clear_pointer (&events, g_ptr_array_unref);
  events = sp_locked_event_read (db, &error);
  g_assert_cmpuint (events->len, ==, 0);
}

static void
test_events_bounded (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SpDb) db = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) events = NULL;

  fixture_create_and_close (fixture);
  fixture_sql (fixture,
               "INSERT INTO locked_event (data) VALUES (zeroblob (1000000));"
               "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)"
               "INSERT INTO locked_event (data) SELECT zeroblob (100) FROM n");
  db = fixture_open (fixture, SP_DB_READ_WRITE);
  events = sp_locked_event_read (db, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (events->len, ==, 256);
  g_assert_cmpuint (g_bytes_get_size (events->pdata[0]), ==, 100);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/store/records/every-table", test_every_table);
  fixture_test ("/store/records/replace", test_replace);
  fixture_test ("/store/records/empty-data", test_empty_data);
  fixture_test ("/store/records/large-data", test_large_data);
  fixture_test ("/store/records/too-large", test_too_large);
  fixture_test ("/store/records/largest-numbers", test_largest_numbers);
  fixture_test ("/store/records/numbers-too-large", test_numbers_too_large);
  fixture_test ("/store/records/delete", test_delete);
  fixture_test ("/store/records/delete-range", test_delete_range);
  fixture_test ("/store/records/in-place", test_in_place);
  fixture_test ("/store/records/room", test_room);
  fixture_test ("/store/records/wrong-types", test_wrong_types);
  fixture_test ("/store/lockout/write-and-read", test_lockout);
  fixture_test ("/store/lockout/forged", test_lockout_forged);
  fixture_test ("/store/locked-event/queue", test_events);
  fixture_test ("/store/locked-event/bounded", test_events_bounded);
  return sp_test_run ();
}
