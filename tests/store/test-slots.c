/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Key slots stand in two tables. */

#include "config.h"

#include "store/sp-records.h"

#include "sp-store-fixture.h"

static void
put_slot (SpDb *db, guint64 position, const char *fixed, const char *changing)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) fixed_bytes = g_bytes_new (fixed, strlen (fixed));
  g_autoptr (GBytes) changing_bytes = g_bytes_new (changing, strlen (changing));
  SpSlotRow row = { .position = position,
                    .revision = position * 10,
                    .fixed = fixed_bytes,
                    .changing = changing_bytes };

  g_assert_true (sp_slot_rows_put (db, &row, &error));
  g_assert_no_error (error);
}

static SpDb *
create_with_slots (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  SpDb *db = fixture_create (fixture);

  g_assert_true (sp_db_begin_write (db, &error));
  put_slot (db, 1, "one", "first");
  put_slot (db, 2, "two", "");
  put_slot (db, 3, "three", "third");
  put_slot (db, 3, "three again", "third");
  g_assert_true (sp_slot_rows_delete (db, 1, &error));
  g_assert_true (sp_db_commit (db, &error));
  return db;
}

static void
test_both_copies (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SpDb) db = create_with_slots (fixture);

  for (guint copy = 0; copy < 2; copy++) {
    g_autoptr (GError) error = NULL;
    gboolean complete = FALSE;
    g_autoptr (GPtrArray) rows = sp_slot_rows_read (db, copy, &complete, &error);
    SpSlotRow *second;
    SpSlotRow *third;

    g_assert_no_error (error);
    g_assert_true (complete);
    g_assert_cmpuint (rows->len, ==, 2);
    second = rows->pdata[0];
    third = rows->pdata[1];
    g_assert_cmpuint (second->position, ==, 2);
    g_assert_cmpuint (g_bytes_get_size (second->changing), ==, 0);
    g_assert_cmpuint (third->position, ==, 3);
    g_assert_cmpuint (third->revision, ==, 30);
    sp_test_assert_mem (g_bytes_get_data (third->fixed, NULL), g_bytes_get_size (third->fixed),
                        "three again", 11);
    sp_test_assert_mem (g_bytes_get_data (third->changing, NULL),
                        g_bytes_get_size (third->changing), "third", 5);
  }
}

static void
test_one_copy_differs (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpDb) db = create_with_slots (fixture);
  g_autoptr (GPtrArray) first = NULL;
  g_autoptr (GPtrArray) second = NULL;
  gboolean complete;

  g_clear_pointer (&db, sp_db_close);
  fixture_sql (fixture,
               "DELETE FROM slot_a WHERE id = 2; UPDATE slot_a SET revision = -1 WHERE id = 3");
  db = fixture_open (fixture, SP_DB_READ_WRITE);
  first = sp_slot_rows_read (db, 0, &complete, &error);
  g_assert_no_error (error);
  g_assert_false (complete);
  g_assert_cmpuint (first->len, ==, 0);
  second = sp_slot_rows_read (db, 1, &complete, &error);
  g_assert_true (complete);
  g_assert_cmpuint (second->len, ==, 2);
}

static void
test_too_many (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpDb) db = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  gboolean complete;

  fixture_create_and_close (fixture);
  fixture_sql (fixture,
               "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)"
               "INSERT INTO slot_a (fixed, revision, changing) SELECT x'00', 1, x'00' FROM n");
  db = fixture_open (fixture, SP_DB_READ_WRITE);
  rows = sp_slot_rows_read (db, 0, &complete, &error);
  g_assert_no_error (error);
  g_assert_false (complete);
  g_assert_cmpuint (rows->len, ==, 256);
}

static void
test_number_too_large (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpDb) db = fixture_create (fixture);
  g_autoptr (GBytes) bytes = g_bytes_new ("x", 1);
  SpSlotRow row = { .position = G_MAXUINT64, .revision = 1, .fixed = bytes, .changing = bytes };

  g_assert_true (sp_db_begin_write (db, &error));
  g_assert_false (sp_slot_rows_put (db, &row, &error));
  g_assert_error (error, SP_STORE_ERROR, SP_STORE_ERROR_CORRUPT);
  g_clear_error (&error);
  g_assert_true (sp_slot_rows_delete (db, G_MAXUINT64, &error));
  sp_db_rollback (db);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/store/slots/both-copies", test_both_copies);
  fixture_test ("/store/slots/one-copy-differs", test_one_copy_differs);
  fixture_test ("/store/slots/too-many", test_too_many);
  fixture_test ("/store/slots/number-too-large", test_number_too_large);
  return sp_test_run ();
}
