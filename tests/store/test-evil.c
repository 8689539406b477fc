/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Files that are not vaults, or were changed by somebody else: each has its own answer. */

#include "config.h"

#include "store/sp-db.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sp-store-fixture.h"

/* Makes a vault, lets somebody else run `sql` on it, and opens it again. */
static void
assert_refused_after (Fixture *fixture, const char *sql, SpStoreError code)
{
  fixture_create_and_close (fixture);
  fixture_sql (fixture, sql);
  fixture_assert_fails (fixture, SP_DB_READ_WRITE, code);
  fixture_assert_fails (fixture, SP_DB_READ_ONLY, code);
}

static void
test_folder (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (g_mkdir (fixture->path, 0700), ==, 0);
  fixture_assert_fails (fixture, SP_DB_READ_WRITE, SP_STORE_ERROR_NOT_OURS);
}

static void
test_pipe (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (mkfifo (fixture->path, 0600), ==, 0);
  fixture_assert_fails (fixture, SP_DB_READ_WRITE, SP_STORE_ERROR_NOT_OURS);
}

static void
test_empty (Fixture *fixture, gconstpointer data)
{
  g_assert_true (g_file_set_contents (fixture->path, "", 0, NULL));
  fixture_assert_fails (fixture, SP_DB_READ_WRITE, SP_STORE_ERROR_NOT_OURS);
}

static void
test_garbage (Fixture *fixture, gconstpointer data)
{
  guint8 bytes[10000];
  guint64 seed = 7;

  sp_test_random_fill (&seed, bytes, sizeof bytes);
  g_assert_true (g_file_set_contents (fixture->path, (const char *) bytes, sizeof bytes, NULL));
  fixture_assert_fails (fixture, SP_DB_READ_WRITE, SP_STORE_ERROR_NOT_OURS);
  fixture_assert_fails (fixture, SP_DB_READ_ONLY | SP_DB_LENIENT, SP_STORE_ERROR_NOT_OURS);
}

static void
test_magic_and_garbage (Fixture *fixture, gconstpointer data)
{
  guint8 bytes[10000];
  guint64 seed = 7;

  sp_test_random_fill (&seed, bytes, sizeof bytes);
  memcpy (bytes, "SQLite format 3\0\x08\x00\x01\x01\x00\x40\x20\x20", 24);
  g_assert_true (g_file_set_contents (fixture->path, (const char *) bytes, sizeof bytes, NULL));
  fixture_assert_fails (fixture, SP_DB_READ_WRITE, SP_STORE_ERROR_SCHEMA);
}

static void
test_application_id (Fixture *fixture, gconstpointer data)
{
  assert_refused_after (fixture, "PRAGMA application_id = 7", SP_STORE_ERROR_NOT_OURS);
}

static void
test_other_database (Fixture *fixture, gconstpointer data)
{
  fixture_sql (fixture, "CREATE TABLE bookmarks (url)");
  fixture_assert_fails (fixture, SP_DB_READ_WRITE, SP_STORE_ERROR_NOT_OURS);
  fixture_assert_fails (fixture, SP_DB_READ_ONLY | SP_DB_LENIENT, SP_STORE_ERROR_NOT_OURS);
}

static void
test_newer (Fixture *fixture, gconstpointer data)
{
  assert_refused_after (fixture,
                        "PRAGMA user_version = 2; CREATE TABLE novelty (id INTEGER PRIMARY KEY)",
                        SP_STORE_ERROR_NEWER_FORMAT);
}

static void
test_no_version (Fixture *fixture, gconstpointer data)
{
  assert_refused_after (fixture, "PRAGMA user_version = 0", SP_STORE_ERROR_SCHEMA);
}

static void
test_wal (Fixture *fixture, gconstpointer data)
{
  g_autofree char *log = g_strconcat (fixture->path, "-wal", NULL);

  assert_refused_after (fixture, "PRAGMA journal_mode = WAL; DELETE FROM page",
                        SP_STORE_ERROR_SCHEMA);
  g_assert_false (g_file_test (log, G_FILE_TEST_EXISTS));
}

static void
test_wal_beside (Fixture *fixture, gconstpointer data)
{
  g_autofree char *log = g_strconcat (fixture->path, "-wal", NULL);

  fixture_create_and_close (fixture);
  g_assert_true (g_file_set_contents (log, "frames", -1, NULL));
  fixture_assert_fails (fixture, SP_DB_READ_WRITE, SP_STORE_ERROR_SCHEMA);
}

static void
test_extra_table (Fixture *fixture, gconstpointer data)
{
  assert_refused_after (fixture, "CREATE TABLE more (id INTEGER PRIMARY KEY)",
                        SP_STORE_ERROR_SCHEMA);
}

static void
test_extra_table_last (Fixture *fixture, gconstpointer data)
{
  assert_refused_after (fixture, "CREATE TABLE zebra (id INTEGER PRIMARY KEY)",
                        SP_STORE_ERROR_SCHEMA);
}

static void
test_missing_table (Fixture *fixture, gconstpointer data)
{
  assert_refused_after (fixture, "DROP TABLE draft", SP_STORE_ERROR_SCHEMA);
}

static void
test_missing_last_table (Fixture *fixture, gconstpointer data)
{
  assert_refused_after (fixture, "DROP TABLE slot_b", SP_STORE_ERROR_SCHEMA);
}

static void
test_trigger (Fixture *fixture, gconstpointer data)
{
  assert_refused_after (fixture,
                        "CREATE TRIGGER spy AFTER DELETE ON page BEGIN DELETE FROM detail; END",
                        SP_STORE_ERROR_SCHEMA);
}

static void
test_view (Fixture *fixture, gconstpointer data)
{
  assert_refused_after (
      fixture, "DROP TABLE page; CREATE VIEW page AS SELECT id, revision, data FROM detail",
      SP_STORE_ERROR_SCHEMA);
}

static void
test_index (Fixture *fixture, gconstpointer data)
{
  assert_refused_after (fixture, "CREATE INDEX quick ON page (revision)", SP_STORE_ERROR_SCHEMA);
}

/* Each stands in for the table `page`. */
static const char *const wrong_tables[] = {
  "(id INTEGER PRIMARY KEY, revision INTEGER NOT NULL) STRICT",
  "(id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, data BLOB) STRICT",
  "(id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, data TEXT NOT NULL) STRICT",
  "(id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, data BLOB NOT NULL)",
  "(id INTEGER PRIMARY KEY, data BLOB NOT NULL, revision INTEGER NOT NULL) STRICT",
  "(id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, data BLOB NOT NULL, more BLOB) STRICT",
  "(id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, data BLOB NOT NULL) STRICT, WITHOUT ROWID",
  "(id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, data BLOB NOT NULL AS (x'00')) STRICT",
  "(id INTEGER, revision INTEGER NOT NULL, data BLOB NOT NULL) STRICT",
};

static void
test_columns (Fixture *fixture, gconstpointer data)
{
  g_autofree char *sql = g_strdup_printf ("DROP TABLE page; CREATE TABLE page %s",
                                          wrong_tables[GPOINTER_TO_SIZE (data)]);

  assert_refused_after (fixture, sql, SP_STORE_ERROR_SCHEMA);
}

static void
test_unique_columns (Fixture *fixture, gconstpointer data)
{
  assert_refused_after (
      fixture,
      "DROP TABLE page; CREATE TABLE page (id INTEGER PRIMARY KEY, revision INTEGER NOT "
      "NULL UNIQUE, data BLOB NOT NULL) STRICT",
      SP_STORE_ERROR_SCHEMA);
}

static void
test_truncated (Fixture *fixture, gconstpointer data)
{
  SpDb *db = fixture_create (fixture);

  fixture_fill (db, SP_RECORDS_PAGE, 1, 20, 4000);
  sp_db_close (db);
  g_assert_cmpint (truncate (fixture->path, 2048 * 5 + 100), ==, 0);
  fixture_assert_fails (fixture, SP_DB_READ_WRITE, SP_STORE_ERROR_CORRUPT);
}

static void
test_truncated_in_header (Fixture *fixture, gconstpointer data)
{
  fixture_create_and_close (fixture);
  g_assert_cmpint (truncate (fixture->path, 60), ==, 0);
  fixture_assert_fails (fixture, SP_DB_READ_WRITE, SP_STORE_ERROR_CORRUPT);
}

static void
test_lenient_part (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpDb) db = fixture_create (fixture);
  guint64 n;
  gboolean complete;
  g_autoptr (GPtrArray) slots = NULL;

  fixture_fill (db, SP_RECORDS_DETAIL, 1, 3, 10);
  g_clear_pointer (&db, sp_db_close);
  fixture_sql (
      fixture,
      "DROP TABLE page; DROP TABLE slot_b; CREATE TABLE more (id); PRAGMA application_id = 3");
  db = fixture_open (fixture, SP_DB_READ_ONLY | SP_DB_LENIENT);
  g_assert_true (sp_records_count (db, SP_RECORDS_DETAIL, &n, &error));
  g_assert_cmpuint (n, ==, 3);
  g_assert_false (sp_records_count (db, SP_RECORDS_PAGE, &n, &error));
  g_assert_error (error, SP_STORE_ERROR, SP_STORE_ERROR_SCHEMA);
  slots = sp_slot_rows_read (db, 1, &complete, NULL);
  g_assert_cmpuint (slots->len, ==, 0);
  g_assert_false (complete);
}

/* A row of the schema that does not parse hides the other tables from a strict reader only. */
static void
test_lenient_schema (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpDb) db = fixture_create (fixture);
  guint64 n;

  fixture_fill (db, SP_RECORDS_DETAIL, 1, 3, 10);
  g_clear_pointer (&db, sp_db_close);
  fixture_sql (fixture,
               "PRAGMA writable_schema = ON;"
               "UPDATE sqlite_schema SET sql = 'CREATE TABLE audit (((' WHERE name = 'audit'");
  fixture_assert_fails (fixture, SP_DB_READ_WRITE, SP_STORE_ERROR_CORRUPT);
  db = fixture_open (fixture, SP_DB_READ_ONLY | SP_DB_LENIENT);
  g_assert_true (sp_records_count (db, SP_RECORDS_DETAIL, &n, &error));
  g_assert_cmpuint (n, ==, 3);
}

static void
test_check_damage (Fixture *fixture, gconstpointer data)
{
  static const guint8 zeros[2048] = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lines = NULL;
  g_autoptr (SpDb) db = fixture_create (fixture);

  fixture_fill (db, SP_RECORDS_PAGE, 1, 30, 1000);
  g_clear_pointer (&db, sp_db_close);
  fixture_overwrite (fixture, 2048 * 25, zeros, sizeof zeros);
  db = fixture_open (fixture, SP_DB_READ_WRITE);
  lines = sp_db_check (db, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (lines->len, >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/store/evil/folder", test_folder);
  fixture_test ("/store/evil/pipe", test_pipe);
  fixture_test ("/store/evil/empty", test_empty);
  fixture_test ("/store/evil/garbage", test_garbage);
  fixture_test ("/store/evil/magic-and-garbage", test_magic_and_garbage);
  fixture_test ("/store/evil/application-id", test_application_id);
  fixture_test ("/store/evil/other-database", test_other_database);
  fixture_test ("/store/evil/newer", test_newer);
  fixture_test ("/store/evil/no-version", test_no_version);
  fixture_test ("/store/evil/wal", test_wal);
  fixture_test ("/store/evil/wal-beside", test_wal_beside);
  fixture_test ("/store/evil/extra-table", test_extra_table);
  fixture_test ("/store/evil/extra-table-last", test_extra_table_last);
  fixture_test ("/store/evil/missing-table", test_missing_table);
  fixture_test ("/store/evil/missing-last-table", test_missing_last_table);
  fixture_test ("/store/evil/trigger", test_trigger);
  fixture_test ("/store/evil/view", test_view);
  fixture_test ("/store/evil/index", test_index);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong_tables); i++) {
    g_autofree char *path = g_strdup_printf ("/store/evil/columns/%" G_GSIZE_FORMAT, i);

    g_test_add (path, Fixture, GSIZE_TO_POINTER (i), fixture_setup, test_columns, fixture_teardown);
  }
  fixture_test ("/store/evil/columns/unique", test_unique_columns);
  fixture_test ("/store/evil/truncated", test_truncated);
  fixture_test ("/store/evil/truncated-in-header", test_truncated_in_header);
  fixture_test ("/store/evil/lenient-part", test_lenient_part);
  fixture_test ("/store/evil/lenient-schema", test_lenient_schema);
  fixture_test ("/store/evil/check-damage", test_check_damage);
  return sp_test_run ();
}
