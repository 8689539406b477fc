/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Opening, making, transactions, two connections, copies. */

#include "config.h"

#include "store/sp-db.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sp-store-fixture.h"

static guint
get_mode (const char *path)
{
  struct stat status;

  g_assert_cmpint (stat (path, &status), ==, 0);
  return status.st_mode & 07777;
}

static void
test_create_modes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = fixture_file (fixture, "made/for/it");
  g_autofree char *path = g_build_filename (folder, "vault", NULL);
  g_autoptr (GError) error = NULL;
  mode_t old = umask (0);
  SpDb *db = sp_db_open (path, SP_DB_CREATE, &error);

  umask (old);
  g_assert_no_error (error);
  g_assert_cmpuint (get_mode (path), ==, 0600);
  g_assert_cmpuint (get_mode (folder), ==, 0700);
  g_assert_false (sp_db_is_read_only (db));
  g_assert_cmpuint (sp_db_get_format (db), ==, 1);
  sp_db_close (db);
}

static void
test_journal_mode_of_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *journal = g_strconcat (fixture->path, "-journal", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (SpDb) db = fixture_create (fixture);

  g_assert_true (sp_db_begin_write (db, &error));
  g_assert_true (sp_records_put (db, SP_RECORDS_PAGE, 1, 1, (const guint8 *) "x", 1, &error));
  g_assert_cmpuint (get_mode (journal), ==, 0600);
  g_assert_true (sp_db_commit (db, &error));
  g_assert_false (g_file_test (journal, G_FILE_TEST_EXISTS));
}

static void
test_create_exists (Fixture *fixture, gconstpointer data)
{
  g_autofree char *after = NULL;

  g_assert_true (g_file_set_contents (fixture->path, "something else", -1, NULL));
  fixture_assert_fails (fixture, SP_DB_CREATE, SP_STORE_ERROR_EXISTS);
  g_assert_true (g_file_get_contents (fixture->path, &after, NULL, NULL));
  g_assert_cmpstr (after, ==, "something else");
}

static void
test_create_dangling_link (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (symlink ("/nonexistent/elsewhere", fixture->path), ==, 0);
  fixture_assert_fails (fixture, SP_DB_CREATE, SP_STORE_ERROR_EXISTS);
}

static void
test_create_under_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->path, "vault", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (SpDb) db = NULL;

  g_assert_true (g_file_set_contents (fixture->path, "a file", -1, NULL));
  db = sp_db_open (path, SP_DB_CREATE, &error);
  g_assert_null (db);
  g_assert_error (error, SP_STORE_ERROR, SP_STORE_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "not a folder"));
}

static void
test_header_fields (Fixture *fixture, gconstpointer data)
{
  g_autofree char *bytes = NULL;
  gsize len;

  fixture_create_and_close (fixture);
  g_assert_true (g_file_get_contents (fixture->path, &bytes, &len, NULL));
  g_assert_cmpuint (len % 2048, ==, 0);
  sp_test_assert_hex ((guint8 *) bytes + 16, 2, "08 00");       /* page size 2048 */
  sp_test_assert_hex ((guint8 *) bytes + 18, 2, "01 01");       /* rollback journal */
  sp_test_assert_hex ((guint8 *) bytes + 52, 4, "00 00 00 00"); /* no auto-vacuum */
  sp_test_assert_hex ((guint8 *) bytes + 56, 4, "00 00 00 01"); /* UTF-8 */
  sp_test_assert_hex ((guint8 *) bytes + 60, 4, "00 00 00 01"); /* format */
  sp_test_assert_hex ((guint8 *) bytes + 68, 4, "53 50 76 74"); /* SPvt */
}

static void
test_not_found (Fixture *fixture, gconstpointer data)
{
  fixture_assert_fails (fixture, SP_DB_READ_WRITE, SP_STORE_ERROR_NOT_FOUND);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
}

static void
test_relative_path (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *here = g_get_current_dir ();
  SpDb *db;

  /* SQLite takes this name for a database in memory. */
  g_assert_cmpint (g_chdir (fixture->dir), ==, 0);
  db = sp_db_open (":memory:", SP_DB_CREATE, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_test (":memory:", G_FILE_TEST_IS_REGULAR));
  sp_db_close (db);
  g_assert_cmpint (g_chdir (here), ==, 0);
}

static void
test_symlink (Fixture *fixture, gconstpointer data)
{
  g_autofree char *link = fixture_file (fixture, "link");
  g_autoptr (GError) error = NULL;
  g_autoptr (SpDb) db = NULL;

  fixture_create_and_close (fixture);
  g_assert_cmpint (symlink (fixture->path, link), ==, 0);
  db = sp_db_open (link, SP_DB_READ_WRITE, &error);
  g_assert_no_error (error);
  g_assert_true (sp_db_is_same_file (db));
}

static void
test_same_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *other = fixture_file (fixture, "other");
  g_autoptr (SpDb) db = fixture_create (fixture);

  g_assert_true (sp_db_is_same_file (db));
  g_assert_cmpint (g_rename (fixture->path, other), ==, 0);
  g_assert_false (sp_db_is_same_file (db));
  g_assert_true (g_file_set_contents (fixture->path, "new", -1, NULL));
  g_assert_false (sp_db_is_same_file (db));
  g_assert_cmpint (g_rename (other, fixture->path), ==, 0);
  g_assert_true (sp_db_is_same_file (db));
}

static void
test_read_only_flag (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpDb) db = NULL;

  fixture_create_and_close (fixture);
  db = fixture_open (fixture, SP_DB_READ_ONLY);
  g_assert_true (sp_db_is_read_only (db));
  g_assert_false (sp_db_begin_write (db, &error));
  g_assert_error (error, SP_STORE_ERROR, SP_STORE_ERROR_READ_ONLY);
  g_assert_false (sp_db_in_transaction (db));
}

/* Runs `check` as somebody whom file modes stop: root is let through everywhere. */
static void
as_another_user (void (*check) (Fixture *fixture), Fixture *fixture)
{
  pid_t child;
  int status = 0;

  if (geteuid () != 0) {
    check (fixture);
    return;
  }
  g_assert_cmpint (chown (fixture->dir, 65534, 65534), ==, 0);
  if (g_file_test (fixture->path, G_FILE_TEST_EXISTS))
    g_assert_cmpint (chown (fixture->path, 65534, 65534), ==, 0);
  child = fork ();
  if (child == 0) {
    g_assert_cmpint (setgid (65534), ==, 0);
    g_assert_cmpint (setuid (65534), ==, 0);
    check (fixture);
    _exit (0);
  }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
}

static void
check_read_only_file (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpDb) db = fixture_open (fixture, SP_DB_READ_WRITE);

  g_assert_true (sp_db_is_read_only (db));
  g_assert_false (sp_db_begin_write (db, &error));
  g_assert_error (error, SP_STORE_ERROR, SP_STORE_ERROR_READ_ONLY);
}

static void
test_read_only_file (Fixture *fixture, gconstpointer data)
{
  fixture_create_and_close (fixture);
  g_assert_cmpint (g_chmod (fixture->path, 0400), ==, 0);
  as_another_user (check_read_only_file, fixture);
}

static void
test_read_only_folder (Fixture *fixture, gconstpointer data)
{
  fixture_create_and_close (fixture);
  g_assert_cmpint (g_chmod (fixture->dir, 0500), ==, 0);
  as_another_user (check_read_only_file, fixture);
  g_assert_cmpint (g_chmod (fixture->dir, 0700), ==, 0);
}

static void
check_no_permission (Fixture *fixture)
{
  fixture_assert_fails (fixture, SP_DB_READ_WRITE, SP_STORE_ERROR_PERMISSION);
}

static void
test_no_permission (Fixture *fixture, gconstpointer data)
{
  fixture_create_and_close (fixture);
  g_assert_cmpint (g_chmod (fixture->path, 0), ==, 0);
  as_another_user (check_no_permission, fixture);
}

static void
check_create_not_permitted (Fixture *fixture)
{
  fixture_assert_fails (fixture, SP_DB_CREATE, SP_STORE_ERROR_PERMISSION);
}

static void
test_create_not_permitted (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (g_chmod (fixture->dir, 0500), ==, 0);
  as_another_user (check_create_not_permitted, fixture);
  g_assert_cmpint (g_chmod (fixture->dir, 0700), ==, 0);
}

/* Leaves the file as a writer does that is killed in the middle of a large transaction: half of the new
 * pages are in the file, and the journal stands beside it. */
static void
leave_hot_journal (Fixture *fixture)
{
  pid_t child = fork ();
  int status;

  if (child == 0) {
    sqlite3 *handle = NULL;
    gboolean done = sqlite3_open (fixture->path, &handle) == SQLITE_OK &&
                    sqlite3_exec (
                        handle,
                        "PRAGMA cache_size = 5; BEGIN IMMEDIATE; UPDATE page SET revision = 99;"
                        "UPDATE page SET data = zeroblob (1000);",
                        NULL, NULL, NULL) == SQLITE_OK;

    _exit (done ? 0 : 1);
  }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
}

static void
make_interrupted (Fixture *fixture)
{
  SpDb *db = fixture_create (fixture);

  fixture_fill (db, SP_RECORDS_PAGE, 1, 100, 1000);
  sp_db_close (db);
  leave_hot_journal (fixture);
}

static void
check_rolled_back (Fixture *fixture, SpDbFlags flags)
{
  g_autoptr (SpDb) db = fixture_open (fixture, flags);
  g_autoptr (GError) error = NULL;
  g_autofree char *journal = g_strconcat (fixture->path, "-journal", NULL);

  for (guint64 id = 1; id <= 100; id++) {
    guint64 revision;
    const guint8 *bytes;
    gsize len;

    g_assert_true (sp_records_get (db, SP_RECORDS_PAGE, id, &revision, &bytes, &len, &error));
    g_assert_cmpuint (revision, ==, id + 1000);
    g_assert_cmpuint (bytes[999], ==, id & 0xff);
  }
  g_assert_false (g_file_test (journal, G_FILE_TEST_EXISTS));
}

static void
test_hot_journal (Fixture *fixture, gconstpointer data)
{
  make_interrupted (fixture);
  check_rolled_back (fixture, SP_DB_READ_WRITE);
}

static void
test_hot_journal_reader (Fixture *fixture, gconstpointer data)
{
  make_interrupted (fixture);
  check_rolled_back (fixture, SP_DB_READ_ONLY);
}

static void
check_hot_journal_read_only (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpDb) db = sp_db_open (fixture->path, SP_DB_READ_WRITE, &error);

  g_assert_null (db);
  g_assert_error (error, SP_STORE_ERROR, SP_STORE_ERROR_READ_ONLY);
  g_assert_nonnull (strstr (error->message, "interrupted"));
}

static void
test_hot_journal_read_only (Fixture *fixture, gconstpointer data)
{
  g_autofree char *journal = g_strconcat (fixture->path, "-journal", NULL);

  make_interrupted (fixture);
  g_assert_cmpint (g_chmod (fixture->path, 0444), ==, 0);
  g_assert_cmpint (g_chmod (journal, 0444), ==, 0);
  as_another_user (check_hot_journal_read_only, fixture);
}

static gboolean
has_page (SpDb *db, guint64 id)
{
  g_autoptr (GError) error = NULL;
  guint64 revision;
  const guint8 *bytes;
  gsize len;

  g_assert_true (sp_records_get (db, SP_RECORDS_PAGE, id, &revision, &bytes, &len, &error));
  g_assert_no_error (error);
  return bytes != NULL;
}

static void
put_page (SpDb *db, guint64 id)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (sp_records_put (db, SP_RECORDS_PAGE, id, 1, (const guint8 *) "x", 1, &error));
  g_assert_no_error (error);
}

static void
test_commit_and_rollback (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpDb) db = fixture_create (fixture);

  g_assert_true (sp_db_begin_write (db, &error));
  g_assert_true (sp_db_in_transaction (db));
  put_page (db, 1);
  g_assert_true (sp_db_commit (db, &error));
  g_assert_false (sp_db_in_transaction (db));
  g_assert_true (sp_db_begin_exclusive (db, &error));
  put_page (db, 2);
  g_assert_true (has_page (db, 2));
  sp_db_rollback (db);
  g_assert_false (sp_db_in_transaction (db));
  g_assert_true (has_page (db, 1));
  g_assert_false (has_page (db, 2));
  sp_db_rollback (db);
}

static void
test_close_rolls_back (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  SpDb *db = fixture_create (fixture);

  g_assert_true (sp_db_begin_write (db, &error));
  put_page (db, 1);
  sp_db_close (db);
  db = fixture_open (fixture, SP_DB_READ_WRITE);
  g_assert_false (has_page (db, 1));
  sp_db_close (db);
}

static void
test_one_state_while_reading (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpDb) reader = NULL;
  g_autoptr (SpDb) writer = fixture_create (fixture);

  reader = fixture_open (fixture, SP_DB_READ_WRITE);
  sp_db_set_busy_timeout (writer, 0);
  g_assert_true (sp_db_begin_read (reader, &error));
  g_assert_true (sp_db_begin_write (writer, &error));
  put_page (writer, 1);
  g_assert_false (sp_db_commit (writer, &error));
  g_assert_error (error, SP_STORE_ERROR, SP_STORE_ERROR_BUSY);
  g_assert_false (sp_db_in_transaction (writer));
  g_assert_false (has_page (reader, 1));
  sp_db_end_read (reader);

  g_clear_error (&error);
  g_assert_true (sp_db_begin_write (writer, &error));
  g_assert_false (has_page (writer, 1));
  put_page (writer, 2);
  g_assert_true (sp_db_commit (writer, &error));
  g_assert_true (has_page (reader, 2));
}

static void
test_no_lock_after_get (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpDb) reader = NULL;
  g_autoptr (SpDb) writer = fixture_create (fixture);

  put_page (writer, 1);
  reader = fixture_open (fixture, SP_DB_READ_WRITE);
  sp_db_set_busy_timeout (writer, 0);
  g_assert_true (has_page (reader, 1));
  g_assert_true (sp_db_begin_exclusive (writer, &error));
  g_assert_true (sp_db_commit (writer, &error));
  g_assert_no_error (error);
}

static void
test_busy (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpDb) second = NULL;
  g_autoptr (SpDb) first = fixture_create (fixture);

  second = fixture_open (fixture, SP_DB_READ_WRITE);
  sp_db_set_busy_timeout (second, 0);
  g_assert_true (sp_db_begin_write (first, &error));
  g_assert_false (sp_db_begin_write (second, &error));
  g_assert_error (error, SP_STORE_ERROR, SP_STORE_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_true (sp_db_begin_read (second, &error)); /* readers go on */
  sp_db_end_read (second);
  sp_db_rollback (first);
  g_assert_true (sp_db_begin_exclusive (first, &error));
  g_assert_false (sp_db_begin_read (second, &error));
  g_assert_error (error, SP_STORE_ERROR, SP_STORE_ERROR_BUSY);
  g_assert_false (sp_db_in_transaction (second));
}

static void
test_data_version (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpDb) second = NULL;
  g_autoptr (SpDb) first = fixture_create (fixture);
  guint32 before;
  guint32 same;
  guint32 own;
  guint32 foreign;

  second = fixture_open (fixture, SP_DB_READ_WRITE);
  g_assert_true (sp_db_get_data_version (first, &before, &error));
  g_assert_true (sp_db_get_data_version (first, &same, &error));
  put_page (first, 1);
  g_assert_true (sp_db_get_data_version (first, &own, &error));
  put_page (second, 2);
  g_assert_true (sp_db_get_data_version (first, &foreign, &error));
  g_assert_cmpuint (before, ==, same);
  g_assert_cmpuint (own, !=, before);
  g_assert_cmpuint (foreign, !=, own);
}

static void
test_check_clean (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpDb) db = fixture_create (fixture);
  g_autoptr (GPtrArray) lines = sp_db_check (db, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (lines->len, ==, 0);
}

static void
test_secure_delete (Fixture *fixture, gconstpointer data)
{
  static const guint8 needle[] = "a needle that nobody else has written";
  g_autoptr (GError) error = NULL;
  g_autofree char *bytes = NULL;
  gsize len;
  SpDb *db = fixture_create (fixture);

  g_assert_true (sp_records_put (db, SP_RECORDS_DETAIL, 5, 1, needle, sizeof needle, &error));
  g_assert_true (sp_records_delete (db, SP_RECORDS_DETAIL, 5, &error));
  sp_db_close (db);
  g_assert_true (g_file_get_contents (fixture->path, &bytes, &len, NULL));
  g_assert_null (memmem (bytes, len, needle, sizeof needle));
}

static void
test_backup (Fixture *fixture, gconstpointer data)
{
  g_autofree char *copy = fixture_file (fixture, "copy");
  g_autoptr (GError) error = NULL;
  g_autoptr (SpDb) db = fixture_create (fixture);
  g_autoptr (SpDb) other = NULL;

  fixture_fill (db, SP_RECORDS_PAGE, 1, 50, 3000);
  g_assert_true (sp_db_backup (db, copy, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (get_mode (copy), ==, 0600);
  other = sp_db_open (copy, SP_DB_READ_WRITE, &error);
  g_assert_no_error (error);
  g_assert_true (has_page (other, 50));
  put_page (other, 51);
  g_assert_false (has_page (db, 51));
}

static void
test_backup_exists (Fixture *fixture, gconstpointer data)
{
  g_autofree char *copy = fixture_file (fixture, "copy");
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (SpDb) db = fixture_create (fixture);

  g_assert_true (g_file_set_contents (copy, "mine", -1, NULL));
  g_assert_false (sp_db_backup (db, copy, &error));
  g_assert_error (error, SP_STORE_ERROR, SP_STORE_ERROR_EXISTS);
  g_assert_true (g_file_get_contents (copy, &bytes, NULL, NULL));
  g_assert_cmpstr (bytes, ==, "mine");
}

static void
test_backup_leaves_nothing (Fixture *fixture, gconstpointer data)
{
  g_autofree char *copy = fixture_file (fixture, "copy");
  g_autoptr (GError) error = NULL;
  g_autoptr (SpDb) writer = fixture_create (fixture);
  g_autoptr (SpDb) db = fixture_open (fixture, SP_DB_READ_WRITE);

  sp_db_set_busy_timeout (db, 0);
  g_assert_true (sp_db_begin_exclusive (writer, &error));
  g_assert_false (sp_db_backup (db, copy, &error));
  g_assert_error (error, SP_STORE_ERROR, SP_STORE_ERROR_BUSY);
  g_assert_false (g_file_test (copy, G_FILE_TEST_EXISTS));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/store/db/create/modes", test_create_modes);
  fixture_test ("/store/db/create/journal-mode", test_journal_mode_of_file);
  fixture_test ("/store/db/create/exists", test_create_exists);
  fixture_test ("/store/db/create/dangling-link", test_create_dangling_link);
  fixture_test ("/store/db/create/under-file", test_create_under_file);
  fixture_test ("/store/db/create/not-permitted", test_create_not_permitted);
  fixture_test ("/store/db/create/header", test_header_fields);
  fixture_test ("/store/db/open/not-found", test_not_found);
  fixture_test ("/store/db/open/relative-path", test_relative_path);
  fixture_test ("/store/db/open/symlink", test_symlink);
  fixture_test ("/store/db/open/same-file", test_same_file);
  fixture_test ("/store/db/open/read-only-flag", test_read_only_flag);
  fixture_test ("/store/db/open/read-only-file", test_read_only_file);
  fixture_test ("/store/db/open/read-only-folder", test_read_only_folder);
  fixture_test ("/store/db/open/no-permission", test_no_permission);
  fixture_test ("/store/db/journal/rolled-back", test_hot_journal);
  fixture_test ("/store/db/journal/rolled-back-for-reader", test_hot_journal_reader);
  fixture_test ("/store/db/journal/read-only", test_hot_journal_read_only);
  fixture_test ("/store/db/transaction/commit-and-rollback", test_commit_and_rollback);
  fixture_test ("/store/db/transaction/close-rolls-back", test_close_rolls_back);
  fixture_test ("/store/db/transaction/one-state", test_one_state_while_reading);
  fixture_test ("/store/db/transaction/no-lock-after-get", test_no_lock_after_get);
  fixture_test ("/store/db/transaction/busy", test_busy);
  fixture_test ("/store/db/data-version", test_data_version);
  fixture_test ("/store/db/check/clean", test_check_clean);
  fixture_test ("/store/db/secure-delete", test_secure_delete);
  fixture_test ("/store/db/backup/copies", test_backup);
  fixture_test ("/store/db/backup/exists", test_backup_exists);
  fixture_test ("/store/db/backup/leaves-nothing", test_backup_leaves_nothing);
  return sp_test_run ();
}
