/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Artificial steps from version 1 on, until there are real ones. */

#include "config.h"

#include "store/sp-migrations.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "sp-store-fixture.h"

static const SpMigration good_steps[] = {
  { 1, "CREATE TABLE novelty (id INTEGER PRIMARY KEY) STRICT; INSERT INTO novelty VALUES (7)" },
  { 2, "UPDATE novelty SET id = id + 1" },
  { 0, NULL },
};

static const SpMigration broken_steps[] = {
  { 1, "CREATE TABLE novelty (id INTEGER PRIMARY KEY) STRICT" },
  { 2, "INSERT INTO novelty VALUES (1); INSERT INTO no_such_table VALUES (1)" },
  { 0, NULL },
};

static const SpMigration steps_with_a_hole[] = {
  { 1, "CREATE TABLE novelty (id INTEGER PRIMARY KEY) STRICT" },
  { 3, "INSERT INTO novelty VALUES (1)" },
  { 0, NULL },
};

static gint64
query (const char *path, const char *sql)
{
  sqlite3 *handle = NULL;
  sqlite3_stmt *statement = NULL;
  gint64 value = -1;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  if (sqlite3_prepare_v2 (handle, sql, -1, &statement, NULL) == SQLITE_OK &&
      sqlite3_step (statement) == SQLITE_ROW)
    value = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  g_assert_cmpint (sqlite3_close (handle), ==, SQLITE_OK);
  return value;
}

static void
test_chain (Fixture *fixture, gconstpointer data)
{
  g_autofree char *copy = fixture_file (fixture, "copy");
  g_autoptr (GError) error = NULL;
  SpDb *db = fixture_create (fixture);

  fixture_fill (db, SP_RECORDS_PAGE, 1, 5, 100);
  g_assert_true (sp_migrations_run (db, good_steps, copy, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (sp_db_get_format (db), ==, 3);
  g_assert_false (sp_db_in_transaction (db));
  sp_db_close (db);
  g_assert_cmpint (query (fixture->path, "PRAGMA user_version"), ==, 3);
  g_assert_cmpint (query (fixture->path, "SELECT id FROM novelty"), ==, 8);
  g_assert_cmpint (query (copy, "PRAGMA user_version"), ==, 1);
  g_assert_cmpint (query (copy, "SELECT id FROM novelty"), ==, -1);
  g_assert_cmpint (query (copy, "SELECT count (*) FROM page"), ==, 5);
}

static void
test_only_what_is_missing (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = fixture_file (fixture, "first");
  g_autofree char *second = fixture_file (fixture, "second");
  g_autoptr (GError) error = NULL;
  SpMigration one_step[] = { good_steps[0], { 0, NULL } };
  SpDb *db = fixture_create (fixture);

  g_assert_true (sp_migrations_run (db, one_step, first, &error));
  g_assert_cmpuint (sp_db_get_format (db), ==, 2);
  g_assert_true (sp_migrations_run (db, good_steps, second, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (sp_db_get_format (db), ==, 3);
  sp_db_close (db);
  g_assert_cmpint (query (second, "PRAGMA user_version"), ==, 2);
}

static void
test_up_to_date (Fixture *fixture, gconstpointer data)
{
  static const SpMigration none[] = { { 0, NULL } };
  g_autofree char *copy = fixture_file (fixture, "copy");
  g_autoptr (GError) error = NULL;
  g_autoptr (SpDb) db = fixture_create (fixture);

  g_assert_true (sp_migrations_run (db, none, copy, &error));
  g_assert_no_error (error);
  g_assert_false (g_file_test (copy, G_FILE_TEST_EXISTS));
}

static void
assert_unchanged (Fixture *fixture, const SpMigration *steps, SpStoreError code)
{
  g_autofree char *copy = fixture_file (fixture, "copy");
  g_autoptr (GError) error = NULL;
  SpDb *db = fixture_create (fixture);

  g_assert_false (sp_migrations_run (db, steps, copy, &error));
  g_assert_error (error, SP_STORE_ERROR, (int) code);
  g_assert_cmpuint (sp_db_get_format (db), ==, 1);
  g_assert_false (sp_db_in_transaction (db));
  sp_db_close (db);
  sp_db_close (fixture_open (fixture, SP_DB_READ_WRITE)); /* checks the schema, too */
  g_assert_cmpint (query (copy, "PRAGMA user_version"), ==, 1);
}

static void
test_failure_in_the_middle (Fixture *fixture, gconstpointer data)
{
  assert_unchanged (fixture, broken_steps, SP_STORE_ERROR_IO);
}

static void
test_hole (Fixture *fixture, gconstpointer data)
{
  assert_unchanged (fixture, steps_with_a_hole, SP_STORE_ERROR_SCHEMA);
}

static void
test_copy_fails (Fixture *fixture, gconstpointer data)
{
  g_autofree char *copy = fixture_file (fixture, "copy");
  g_autoptr (GError) error = NULL;
  g_autoptr (SpDb) db = fixture_create (fixture);

  g_assert_true (g_file_set_contents (copy, "mine", -1, NULL));
  g_assert_false (sp_migrations_run (db, good_steps, copy, &error));
  g_assert_error (error, SP_STORE_ERROR, SP_STORE_ERROR_EXISTS);
  g_assert_cmpuint (sp_db_get_format (db), ==, 1);
  g_assert_cmpint (query (fixture->path, "PRAGMA user_version"), ==, 1);
}

static void
test_busy (Fixture *fixture, gconstpointer data)
{
  g_autofree char *copy = fixture_file (fixture, "copy");
  g_autoptr (GError) error = NULL;
  g_autoptr (SpDb) other = fixture_create (fixture);
  g_autoptr (SpDb) db = fixture_open (fixture, SP_DB_READ_WRITE);

  sp_db_set_busy_timeout (db, 0);
  g_assert_true (sp_db_begin_write (other, &error));
  g_assert_false (sp_migrations_run (db, good_steps, copy, &error));
  g_assert_error (error, SP_STORE_ERROR, SP_STORE_ERROR_BUSY);
  g_assert_false (sp_db_in_transaction (db));
}

static void
test_read_only (Fixture *fixture, gconstpointer data)
{
  g_autofree char *copy = fixture_file (fixture, "copy");
  g_autoptr (GError) error = NULL;
  g_autoptr (SpDb) db = NULL;

  fixture_create_and_close (fixture);
  db = fixture_open (fixture, SP_DB_READ_ONLY);
  g_assert_false (sp_migrations_run (db, good_steps, copy, &error));
  g_assert_error (error, SP_STORE_ERROR, SP_STORE_ERROR_READ_ONLY);
}

static void
test_schema_script (Fixture *fixture, gconstpointer data)
{
  fixture_sql (fixture, sp_schema_get_sql ());
  sp_db_close (fixture_open (fixture, SP_DB_READ_WRITE));
  g_assert_cmpint (query (fixture->path, "PRAGMA user_version"), ==, sp_schema_get_version ());
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/store/migrations/chain", test_chain);
  fixture_test ("/store/migrations/only-what-is-missing", test_only_what_is_missing);
  fixture_test ("/store/migrations/up-to-date", test_up_to_date);
  fixture_test ("/store/migrations/failure-in-the-middle", test_failure_in_the_middle);
  fixture_test ("/store/migrations/hole", test_hole);
  fixture_test ("/store/migrations/copy-fails", test_copy_fails);
  fixture_test ("/store/migrations/busy", test_busy);
  fixture_test ("/store/migrations/read-only", test_read_only);
  fixture_test ("/store/schema/script", test_schema_script);
  return sp_test_run ();
}
