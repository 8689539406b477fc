/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Disks that fail in the middle: which error it is, what it says, and what is left. Where exactly it
 * fails is the crash suite's business. */

#include "config.h"

#include "store/sp-db.h"

#include <glib/gstdio.h>
#include <string.h>

#include "../crash/sp-fault-vfs.h"
#include "sp-store-fixture.h"
#include "store/sp-migrations.h"

typedef struct {
  Fixture fixture;
  SpFaultVfs *vfs;
} Faults;

static void
faults_setup (Faults *self, gconstpointer data)
{
  fixture_setup (&self->fixture, NULL);
  self->vfs = sp_fault_vfs_new ();
}

static void
faults_teardown (Faults *self, gconstpointer data)
{
  sp_fault_vfs_free (self->vfs);
  fixture_teardown (&self->fixture, NULL);
}

/* The first operation of this kind, and what follows it, fails. */
static void
fail_from (Faults *self, SpFaultKind kind, guint64 number)
{
  sp_fault_vfs_reset_count (self->vfs);
  sp_fault_vfs_fail (self->vfs, kind, number, TRUE);
}

static void
heal (Faults *self)
{
  sp_fault_vfs_fail (self->vfs, SP_FAULT_NONE, 0, FALSE);
}

static gboolean
change (SpDb *db, guint64 id, GError **error)
{
  if (!sp_db_begin_write (db, error))
    return FALSE;
  for (guint64 i = 0; i < 20; i++) {
    guint8 data[1500] = { (guint8) i };

    if (!sp_records_put (db, SP_RECORDS_PAGE, id + i, 1, data, sizeof data, error)) {
      sp_db_rollback (db);
      return FALSE;
    }
  }
  return sp_db_commit (db, error);
}

static guint64
count (SpDb *db)
{
  g_autoptr (GError) error = NULL;
  guint64 n;

  g_assert_true (sp_records_count (db, SP_RECORDS_PAGE, &n, &error));
  g_assert_no_error (error);
  return n;
}

static void
assert_change_fails (Faults *self, SpFaultKind kind, SpStoreError code, const char *cause)
{
  g_autoptr (GError) error = NULL;
  SpDb *db = fixture_create (&self->fixture);

  g_assert_true (change (db, 1, &error));
  fail_from (self, kind, 0);
  g_assert_false (change (db, 101, &error));
  g_assert_error (error, SP_STORE_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, cause));
  g_assert_cmpuint (sp_fault_vfs_get_n_failed (self->vfs), >, 0);
  g_assert_false (sp_db_in_transaction (db));
  heal (self);
  g_assert_cmpuint (count (db), ==, 20);
  g_clear_error (&error);
  g_assert_true (change (db, 101, &error));
  g_assert_no_error (error);
  sp_db_close (db);
}

static void
test_no_space (Faults *self, gconstpointer data)
{
  assert_change_fails (self, SP_FAULT_ENOSPC, SP_STORE_ERROR_NO_SPACE, "The disk is full.");
}

static void
test_short_write (Faults *self, gconstpointer data)
{
  assert_change_fails (self, SP_FAULT_SHORT_WRITE, SP_STORE_ERROR_NO_SPACE, "The disk is full.");
}

static void
test_read_only (Faults *self, gconstpointer data)
{
  assert_change_fails (self, SP_FAULT_EROFS, SP_STORE_ERROR_READ_ONLY,
                       "The disk is mounted read-only.");
}

static void
test_sync (Faults *self, gconstpointer data)
{
  assert_change_fails (self, SP_FAULT_EIO_SYNC, SP_STORE_ERROR_IO, "The disk reported an error");
}

static void
test_input_output (Faults *self, gconstpointer data)
{
  assert_change_fails (self, SP_FAULT_EIO, SP_STORE_ERROR_IO, "Nothing was changed.");
}

/* Deleting the journal is what commits. If only the folder's sync fails behind it, the change is there, and
 * the error must not deny it. */
static void
test_not_certain (Faults *self, gconstpointer data)
{
  SpDb *db = fixture_create (&self->fixture);
  gboolean certain = TRUE;

  for (guint64 number = 0; certain; number++) {
    g_autoptr (GError) error = NULL;

    sp_fault_vfs_reset_count (self->vfs);
    sp_fault_vfs_fail (self->vfs, SP_FAULT_EIO_SYNC, number, FALSE);
    g_assert_true (change (db, 1, &error) == (sp_fault_vfs_get_n_failed (self->vfs) == 0));
    heal (self);
    g_assert_true (error != NULL || count (db) == 20);
    if (error != NULL) {
      g_assert_error (error, SP_STORE_ERROR, SP_STORE_ERROR_IO);
      certain = strstr (error->message, "It is not certain") == NULL;
      g_assert_cmpuint (count (db), ==, certain ? 0 : 20);
    } else {
      g_assert_true (sp_records_delete_range (db, SP_RECORDS_PAGE, 0, 1000, &error));
    }
  }
  sp_db_close (db);
}

/* SQLite takes a transaction back by itself when the disk fails. What is put after that must not
 * become a transaction of its own. */
static void
test_nothing_after_automatic_rollback (Faults *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) later = NULL;
  g_autofree guint8 *large = g_malloc0 (8 * 1024 * 1024);
  SpDb *db = fixture_create (&self->fixture);

  g_assert_true (sp_db_begin_write (db, &error));
  g_assert_true (
      sp_records_put (db, SP_RECORDS_PAGE, 1, 1, large, 10, &error)); /* opens the journal */
  fail_from (self, SP_FAULT_EROFS, 0);
  g_assert_false (sp_records_put (db, SP_RECORDS_ATTACHMENT, 1, 1, large, 8 * 1024 * 1024, &error));
  g_assert_error (error, SP_STORE_ERROR, SP_STORE_ERROR_READ_ONLY);
  heal (self);
  g_assert_false (sp_records_put (db, SP_RECORDS_PAGE, 2, 1, large, 10, &later));
  g_assert_error (later, SP_STORE_ERROR, SP_STORE_ERROR_IO);
  g_clear_error (&later);
  g_assert_false (sp_db_commit (db, &later));
  g_assert_error (later, SP_STORE_ERROR, SP_STORE_ERROR_IO);
  g_assert_cmpuint (count (db), ==, 0);
  sp_db_close (db);
}

static void
test_create (Faults *self, gconstpointer data)
{
  g_autofree char *journal = g_strconcat (self->fixture.path, "-journal", NULL);

  fail_from (self, SP_FAULT_ENOSPC, 1);
  fixture_assert_fails (&self->fixture, SP_DB_CREATE, SP_STORE_ERROR_NO_SPACE);
  heal (self);
  g_assert_false (g_file_test (self->fixture.path, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (journal, G_FILE_TEST_EXISTS));
  sp_db_close (fixture_create (&self->fixture));
}

static void
test_backup (Faults *self, gconstpointer data)
{
  g_autofree char *copy = fixture_file (&self->fixture, "copy");
  g_autoptr (GError) error = NULL;
  SpDb *db = fixture_create (&self->fixture);

  g_assert_true (change (db, 1, &error));
  fail_from (self, SP_FAULT_SHORT_WRITE, 0);
  g_assert_false (sp_db_backup (db, copy, &error));
  g_assert_error (error, SP_STORE_ERROR, SP_STORE_ERROR_NO_SPACE);
  heal (self);
  g_assert_false (g_file_test (copy, G_FILE_TEST_EXISTS));
  sp_db_close (db);
}

static void
test_migration (Faults *self, gconstpointer data)
{
  static const SpMigration steps[] = { { 1, "DELETE FROM page; DROP TABLE page" }, { 0, NULL } };
  g_autofree char *copy = fixture_file (&self->fixture, "copy");
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) trace = g_byte_array_new ();
  SpDb *db = fixture_create (&self->fixture);
  guint64 number;

  /* The copy is made as before; it is what the steps write that finds no space. */
  g_assert_true (change (db, 1, &error));
  sp_db_close (db);
  db = fixture_open (&self->fixture, SP_DB_READ_WRITE);
  g_assert_true (sp_db_backup (db, copy, &error));
  sp_fault_vfs_trace (self->vfs, trace);
  g_assert_cmpint (g_unlink (copy), ==, 0);
  g_assert_true (sp_db_backup (db, copy, &error));
  sp_fault_vfs_trace (self->vfs, NULL);
  number = trace->len + 4;
  g_assert_cmpint (g_unlink (copy), ==, 0);
  fail_from (self, SP_FAULT_ENOSPC, number);
  g_assert_false (sp_migrations_run (db, steps, copy, &error));
  g_assert_error (error, SP_STORE_ERROR, SP_STORE_ERROR_NO_SPACE);
  heal (self);
  g_assert_cmpuint (sp_db_get_format (db), ==, 1);
  g_assert_cmpuint (count (db), ==, 20);
  sp_db_close (db);
}

static void
test_damaged_sector (Faults *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  SpDb *db = fixture_create (&self->fixture);
  guint64 revision;
  const guint8 *bytes;
  gsize len;

  g_assert_true (change (db, 1, &error));
  sp_db_close (db);
  db = fixture_open (&self->fixture, SP_DB_READ_WRITE);
  g_assert_true (sp_db_begin_read (db, &error));
  fail_from (self, SP_FAULT_EIO, 0);
  g_assert_false (sp_records_get (db, SP_RECORDS_PAGE, 10, &revision, &bytes, &len, &error));
  g_assert_error (error, SP_STORE_ERROR, SP_STORE_ERROR_IO);
  heal (self);
  sp_db_end_read (db);
  sp_db_close (db);
}

#define faults_test(path, function) \
  g_test_add ((path), Faults, NULL, faults_setup, (function), faults_teardown)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  faults_test ("/store/faults/no-space", test_no_space);
  faults_test ("/store/faults/short-write", test_short_write);
  faults_test ("/store/faults/read-only", test_read_only);
  faults_test ("/store/faults/sync", test_sync);
  faults_test ("/store/faults/input-output", test_input_output);
  faults_test ("/store/faults/not-certain", test_not_certain);
  faults_test ("/store/faults/nothing-after-automatic-rollback",
               test_nothing_after_automatic_rollback);
  faults_test ("/store/faults/create", test_create);
  faults_test ("/store/faults/backup", test_backup);
  faults_test ("/store/faults/migration", test_migration);
  faults_test ("/store/faults/damaged-sector", test_damaged_sector);
  return sp_test_run ();
}
