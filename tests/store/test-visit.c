/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Walking through tables, whole and damaged. */

#include "config.h"

#include "store/sp-records.h"

#include <string.h>

#include "sp-store-fixture.h"

#define DB_PAGE 2048

typedef struct {
  GHashTable *seen; /* (element-type guint64) */
  guint64 last;
  guint n;
  guint stop_after; /* 0 for never */
  gboolean ascending;
} Visited;

static gboolean
visit_cb (guint64 id, guint64 revision, const guint8 *data, gsize len, gpointer user_data)
{
  Visited *self = user_data;
  guint64 *key = g_new (guint64, 1);

  *key = id;
  g_assert_true (g_hash_table_add (self->seen, key)); /* once */
  g_assert_cmpuint (revision, ==, id + 1000);
  self->ascending = self->ascending && (self->n == 0 || id > self->last);
  self->last = id;
  self->n++;
  return self->n != self->stop_after;
}

static void
visited_init (Visited *self)
{
  memset (self, 0, sizeof *self);
  self->seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->ascending = TRUE;
}

static void
visited_clear (Visited *self)
{
  g_hash_table_unref (self->seen);
}

static void
test_whole (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpDb) db = fixture_create (fixture);
  gboolean complete = FALSE;
  Visited visited;

  fixture_fill (db, SP_RECORDS_DETAIL, 1, 500, 300);
  visited_init (&visited);
  g_assert_true (sp_records_visit (db, SP_RECORDS_DETAIL, visit_cb, &visited, &complete, &error));
  g_assert_no_error (error);
  g_assert_true (complete);
  g_assert_true (visited.ascending);
  g_assert_cmpuint (visited.n, ==, 500);
  visited_clear (&visited);
}

static void
test_empty_table (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpDb) db = fixture_create (fixture);
  gboolean complete = FALSE;
  Visited visited;

  visited_init (&visited);
  g_assert_true (sp_records_visit (db, SP_RECORDS_DETAIL, visit_cb, &visited, &complete, &error));
  g_assert_true (complete);
  g_assert_cmpuint (visited.n, ==, 0);
  visited_clear (&visited);
}

static void
test_ends_of_the_numbers (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpDb) db = fixture_create (fixture);
  gboolean complete = FALSE;
  Visited visited;

  fixture_fill (db, SP_RECORDS_DETAIL, 0, 0, 1);
  fixture_fill (db, SP_RECORDS_DETAIL, G_MAXINT64 - 1000, G_MAXINT64 - 1000, 1);
  visited_init (&visited);
  g_assert_true (sp_records_visit (db, SP_RECORDS_DETAIL, visit_cb, &visited, &complete, &error));
  g_assert_true (complete);
  g_assert_cmpuint (visited.n, ==, 2);
  visited_clear (&visited);
}

static void
test_stop (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpDb) db = fixture_create (fixture);
  gboolean complete = FALSE;
  Visited visited;

  fixture_fill (db, SP_RECORDS_DETAIL, 1, 50, 300);
  visited_init (&visited);
  visited.stop_after = 7;
  g_assert_true (sp_records_visit (db, SP_RECORDS_DETAIL, visit_cb, &visited, &complete, &error));
  g_assert_cmpuint (visited.n, ==, 7);
  visited_clear (&visited);
}

static void
test_range (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpDb) db = fixture_create (fixture);
  Visited visited;

  fixture_fill (db, SP_RECORDS_AUDIT, 1, 50, 30);
  visited_init (&visited);
  g_assert_true (sp_records_visit_range (db, SP_RECORDS_AUDIT, 10, 20, visit_cb, &visited, &error));
  g_assert_cmpuint (visited.n, ==, 11);
  g_assert_cmpuint (visited.last, ==, 20);
  visited_clear (&visited);
  visited_init (&visited);
  g_assert_true (
      sp_records_visit_range (db, SP_RECORDS_AUDIT, G_MAXUINT64, 41, visit_cb, &visited, &error));
  g_assert_cmpuint (visited.n, ==, 10);
  g_assert_cmpuint (visited.last, ==, 41);
  visited_clear (&visited);
  visited_init (&visited);
  g_assert_true (sp_records_visit_range (db, SP_RECORDS_AUDIT, 50, 50, visit_cb, &visited, &error));
  g_assert_cmpuint (visited.n, ==, 1);
  visited_clear (&visited);
}

static void
test_negative (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpDb) db = NULL;
  gboolean complete = TRUE;
  Visited visited;

  fixture_create_and_close (fixture);
  fixture_sql (fixture, "INSERT INTO page VALUES (-5, 1, x'00'), (5, 1005, x'00')");
  db = fixture_open (fixture, SP_DB_READ_WRITE);
  visited_init (&visited);
  g_assert_true (sp_records_visit (db, SP_RECORDS_PAGE, visit_cb, &visited, &complete, &error));
  g_assert_false (complete);
  g_assert_cmpuint (visited.n, ==, 1);
  visited_clear (&visited);
}

/* What single look-ups reach, a visit must have seen. */
static guint
compare_with_lookups (SpDb *db, Visited *visited, guint64 last)
{
  guint n_reached = 0;

  for (guint64 id = 1; id <= last; id++) {
    guint64 revision;
    const guint8 *bytes;
    gsize len;

    if (!sp_records_get (db, SP_RECORDS_DETAIL, id, &revision, &bytes, &len, NULL) || bytes == NULL)
      continue;
    n_reached++;
    g_assert_true (g_hash_table_contains (visited->seen, &id));
  }
  return n_reached;
}

static void
damage (Fixture *fixture, guint64 *state, gsize n_pages, guint n_damaged, gboolean zero)
{
  for (guint i = 0; i < n_damaged; i++) {
    guint8 bytes[DB_PAGE] = { 0 };

    if (!zero)
      sp_test_random_fill (state, bytes, sizeof bytes);
    /* Not the first pages: they are the schema. */
    fixture_overwrite (fixture, DB_PAGE * (20 + sp_test_random (state) % (n_pages - 20)), bytes,
                       sizeof bytes);
  }
}

static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  const guint64 last = 2000;
  guint64 state = 99;
  g_autofree char *whole = NULL;
  gsize len;
  guint n_incomplete = 0;
  guint n_reached = 0;
  SpDb *db = fixture_create (fixture);

  fixture_fill (db, SP_RECORDS_DETAIL, 1, last, 400);
  sp_db_close (db);
  g_assert_true (g_file_get_contents (fixture->path, &whole, &len, NULL));
  for (guint trial = 0; trial < 60; trial++) {
    g_autoptr (GError) error = NULL;
    gboolean complete = FALSE;
    Visited visited;

    g_assert_true (g_file_set_contents (fixture->path, whole, (gssize) len, NULL));
    damage (fixture, &state, len / DB_PAGE, 1 + trial % 4, trial % 2 == 0);
    db = fixture_open (fixture, SP_DB_READ_WRITE);
    visited_init (&visited);
    g_assert_true (sp_records_visit (db, SP_RECORDS_DETAIL, visit_cb, &visited, &complete, &error));
    g_assert_no_error (error);
    n_incomplete += !complete;
    g_assert_true (complete == (visited.n == last));
    n_reached += compare_with_lookups (db, &visited, last);
    visited_clear (&visited);
    sp_db_close (db);
  }
  g_assert_cmpuint (n_incomplete, >, 30);
  g_assert_cmpuint (n_reached, >, 60 * last / 2);
}

/* A page in another's place shows numbers that hide those beside it. */
static void
swap (Fixture *fixture, const char *whole, gsize len, guint64 *state)
{
  gsize first = 20 + sp_test_random (state) % (len / DB_PAGE - 20);
  gsize second = 20 + sp_test_random (state) % (len / DB_PAGE - 20);

  fixture_overwrite (fixture, first * DB_PAGE, (const guint8 *) whole + second * DB_PAGE, DB_PAGE);
  fixture_overwrite (fixture, second * DB_PAGE, (const guint8 *) whole + first * DB_PAGE, DB_PAGE);
}

static void
test_swapped (Fixture *fixture, gconstpointer data)
{
  const guint64 last = 2000;
  guint64 state = 7;
  g_autofree char *whole = NULL;
  guint n_reached = 0;
  SpDb *db = fixture_create (fixture);
  gsize len;

  fixture_fill (db, SP_RECORDS_DETAIL, 1, last, 400);
  sp_db_close (db);
  g_assert_true (g_file_get_contents (fixture->path, &whole, &len, NULL));
  for (guint trial = 0; trial < 60; trial++) {
    g_autoptr (GArray) ids = NULL;
    g_autoptr (GError) error = NULL;
    gboolean complete = FALSE;
    Visited visited;

    g_assert_true (g_file_set_contents (fixture->path, whole, (gssize) len, NULL));
    for (guint i = 0; i <= trial % 3; i++)
      swap (fixture, whole, len, &state);
    db = fixture_open (fixture, SP_DB_READ_WRITE);
    visited_init (&visited);
    g_assert_true (sp_records_visit (db, SP_RECORDS_DETAIL, visit_cb, &visited, &complete, &error));
    g_assert_no_error (error);
    n_reached += compare_with_lookups (db, &visited, last);
    ids = sp_records_collect (db, SP_RECORDS_DETAIL, 0, G_MAXINT64, &complete, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (ids->len, ==, visited.n);
    visited_clear (&visited);
    sp_db_close (db);
  }
  g_assert_cmpuint (n_reached, >, 60 * last / 2);
}

static void
test_collect (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpDb) db = fixture_create (fixture);
  g_autoptr (GArray) ids = NULL;
  gboolean complete = FALSE;

  fixture_fill (db, SP_RECORDS_DETAIL, 1, 50, 400);
  ids = sp_records_collect (db, SP_RECORDS_DETAIL, 10, 20, &complete, &error);
  g_assert_no_error (error);
  g_assert_true (complete);
  g_assert_cmpuint (ids->len, ==, 11);
  g_assert_cmpuint (g_array_index (ids, guint64, 0), ==, 10);
  g_assert_cmpuint (g_array_index (ids, guint64, 10), ==, 20);
}

static void
test_range_damaged (Fixture *fixture, gconstpointer data)
{
  static const guint8 zeros[DB_PAGE] = { 0 };
  g_autoptr (GError) error = NULL;
  SpDb *db = fixture_create (fixture);
  gsize n_pages;
  g_autofree char *bytes = NULL;
  Visited visited;

  fixture_fill (db, SP_RECORDS_DETAIL, 1, 200, 400);
  sp_db_close (db);
  g_assert_true (g_file_get_contents (fixture->path, &bytes, &n_pages, NULL));
  fixture_overwrite (fixture, n_pages - DB_PAGE * 10, zeros, sizeof zeros);
  db = fixture_open (fixture, SP_DB_READ_WRITE);
  visited_init (&visited);
  g_assert_false (
      sp_records_visit_range (db, SP_RECORDS_DETAIL, 1, 200, visit_cb, &visited, &error));
  g_assert_error (error, SP_STORE_ERROR, SP_STORE_ERROR_CORRUPT);
  visited_clear (&visited);
  sp_db_close (db);
}

/* A root that is lost costs a bounded number of walks. */
static void
test_root_damaged (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  SpDb *db = fixture_create (fixture);
  gboolean complete = TRUE;
  Visited visited;
  static const guint8 zeros[DB_PAGE] = { 0 };

  fixture_fill (db, SP_RECORDS_DETAIL, 1, 200, 400);
  sp_db_close (db);
  for (gsize page = 1; page < 16; page++)
    fixture_overwrite (fixture, DB_PAGE * page, zeros, sizeof zeros);
  db = fixture_open (fixture, SP_DB_READ_WRITE);
  visited_init (&visited);
  g_assert_true (sp_records_visit (db, SP_RECORDS_DETAIL, visit_cb, &visited, &complete, &error));
  g_assert_no_error (error);
  g_assert_false (complete);
  g_assert_cmpuint (visited.n, ==, 0);
  visited_clear (&visited);
  sp_db_close (db);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/store/visit/whole", test_whole);
  fixture_test ("/store/visit/empty", test_empty_table);
  fixture_test ("/store/visit/ends", test_ends_of_the_numbers);
  fixture_test ("/store/visit/stop", test_stop);
  fixture_test ("/store/visit/range", test_range);
  fixture_test ("/store/visit/negative", test_negative);
  fixture_test ("/store/visit/damaged", test_damaged);
  fixture_test ("/store/visit/swapped", test_swapped);
  fixture_test ("/store/visit/collect", test_collect);
  fixture_test ("/store/visit/range-damaged", test_range_damaged);
  fixture_test ("/store/visit/root-damaged", test_root_damaged);
  return sp_test_run ();
}
