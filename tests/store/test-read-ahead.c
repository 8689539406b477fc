/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What was read ahead is never older than the file: not after another connection has written, and not after this one
 * has, in the same transaction. */

#define G_LOG_DOMAIN "sp-test"

#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sp-store-fixture.h"
#include "store/sp-db-private.h"

#define PAGE_LEN 2048

#define ROW_LEN 6160 /* a page of overviews: three overflow pages */
#define N_ROWS  700  /* more than SQLite's cache holds */

static guint n_reads; /* of more than a header */

/* SQLite's calls come here rather than to the C library. */
ssize_t
pread64 (int fd, void *data, size_t len, off64_t at)
{
  n_reads += len >= 2048;
  return syscall (SYS_pread64, fd, data, len, at);
}

/* The file as the VFS of vaults shows it, with no SQLite in between. */
typedef struct {
  sqlite3_file *file;
  int fd; /* past the VFS; not closed while the file is locked */
} Raw;

static void
raw_init (Raw *self, const Fixture *fixture)
{
  sqlite3_vfs *vfs = sqlite3_vfs_find (sp_db_get_vfs ());
  g_autofree char *zeros = g_malloc0 (12 * PAGE_LEN);

  g_assert_true (g_file_set_contents (fixture->path, zeros, 12 * PAGE_LEN, NULL));
  self->file = g_malloc0 ((gsize) vfs->szOsFile);
  g_assert_cmpint (vfs->xOpen (vfs, fixture->path, self->file,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_MAIN_DB, NULL),
                   ==, SQLITE_OK);
  self->fd = open (fixture->path, O_RDWR | O_CLOEXEC);
  g_assert_cmpint (self->fd, >=, 0);
}

static void
raw_clear (Raw *self)
{
  self->file->pMethods->xClose (self->file);
  g_free (self->file);
  close (self->fd);
}

static void
raw_lock (Raw *self, int level)
{
  for (int i = SQLITE_LOCK_SHARED; i <= level; i++)
    if (i != SQLITE_LOCK_PENDING)
      g_assert_cmpint (self->file->pMethods->xLock (self->file, i), ==, SQLITE_OK);
}

static void
raw_change (Raw *self, guint page, guint8 value)
{
  guint8 bytes[PAGE_LEN];

  memset (bytes, value, sizeof bytes);
  g_assert_cmpint (pwrite (self->fd, bytes, sizeof bytes, page * PAGE_LEN), ==, PAGE_LEN);
}

static void
raw_assert (Raw *self, guint page, guint8 value)
{
  guint8 bytes[PAGE_LEN];

  g_assert_cmpint (self->file->pMethods->xRead (self->file, bytes, PAGE_LEN, page * PAGE_LEN), ==,
                   SQLITE_OK);
  g_assert_cmpuint (bytes[0], ==, value);
  g_assert_cmpuint (bytes[PAGE_LEN - 1], ==, value);
}

static void
test_forgets (Fixture *fixture, gconstpointer data)
{
  guint8 bytes[PAGE_LEN] = { 3 };
  const sqlite3_io_methods *methods;
  Raw raw;

  raw_init (&raw, fixture);
  methods = raw.file->pMethods;
  g_assert_cmpint (methods->iVersion, ==, 1);

  /* Without a lock nothing is kept. */
  raw_assert (&raw, 0, 0);
  raw_change (&raw, 1, 1);
  raw_assert (&raw, 1, 1);

  /* With one it is, as nobody could have changed anything: which shows that the rest of this test tells. */
  raw_lock (&raw, SQLITE_LOCK_SHARED);
  raw_assert (&raw, 0, 0);
  raw_change (&raw, 1, 2);
  raw_assert (&raw, 1, 1);
  g_assert_cmpint (methods->xUnlock (raw.file, SQLITE_LOCK_NONE), ==, SQLITE_OK);
  raw_lock (&raw, SQLITE_LOCK_EXCLUSIVE);
  raw_assert (&raw, 1, 2);

  memset (bytes, 3, sizeof bytes);
  raw_assert (&raw, 4, 0);
  g_assert_cmpint (methods->xWrite (raw.file, bytes, PAGE_LEN, 5 * PAGE_LEN), ==, SQLITE_OK);
  raw_assert (&raw, 5, 3);

  raw_assert (&raw, 8, 0);
  g_assert_cmpint (methods->xTruncate (raw.file, 10 * PAGE_LEN), ==, SQLITE_OK);
  g_assert_cmpint (methods->xRead (raw.file, bytes, PAGE_LEN, 10 * PAGE_LEN), ==,
                   SQLITE_IOERR_SHORT_READ);
  raw_assert (&raw, 8, 0);
  g_assert_cmpint (methods->xUnlock (raw.file, SQLITE_LOCK_NONE), ==, SQLITE_OK);
  raw_clear (&raw);
}

static void
put_row (SpDb *db, guint64 id, guint64 round)
{
  guint8 bytes[ROW_LEN];
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < sizeof bytes; i++)
    bytes[i] = (guint8) (i * 7 + id * 31 + round * 101);
  g_assert_true (sp_records_put (db, SP_RECORDS_PAGE, id, round + 1, bytes, sizeof bytes, &error));
  g_assert_no_error (error);
}

static void
put_rows (SpDb *db, guint64 round)
{
  g_assert_true (sp_db_begin_write (db, NULL));
  for (guint64 id = 1; id <= N_ROWS; id++)
    put_row (db, id, round);
  g_assert_true (sp_db_commit (db, NULL));
}

static void
assert_row (SpDb *db, guint64 id, guint64 round)
{
  g_autoptr (GError) error = NULL;
  const guint8 *bytes;
  guint64 revision;
  gsize len;

  g_assert_true (sp_records_get (db, SP_RECORDS_PAGE, id, &revision, &bytes, &len, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (revision, ==, round + 1);
  g_assert_cmpuint (len, ==, ROW_LEN);
  for (gsize i = 0; i < len; i++)
    g_assert_cmpuint (bytes[i], ==, (guint8) (i * 7 + id * 31 + round * 101));
}

static void
assert_rows (SpDb *db, guint64 round)
{
  g_assert_true (sp_db_begin_read (db, NULL));
  for (guint64 id = 1; id <= N_ROWS; id++)
    assert_row (db, id, round);
  sp_db_end_read (db);
}

static void
test_few_reads (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SpDb) db = fixture_create (fixture);

  put_rows (db, 0);
  g_clear_pointer (&db, sp_db_close);
  db = fixture_open (fixture, SP_DB_READ_ONLY);
  n_reads = 0;
  assert_rows (db, 0);
  g_assert_cmpuint (n_reads, >=, N_ROWS);
  g_assert_cmpuint (n_reads, <, N_ROWS * 3 / 2);
}

static void
test_other_writes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SpDb) db = fixture_create (fixture);
  g_autoptr (SpDb) other = NULL;

  put_rows (db, 0);
  other = fixture_open (fixture, SP_DB_READ_WRITE);
  for (guint64 round = 1; round < 4; round++) {
    g_assert_true (sp_db_begin_read (db, NULL));
    assert_row (db, 5, round - 1);
    sp_db_end_read (db);
    put_rows (other, round);
    assert_row (db, 5, round);
    assert_rows (db, round);
  }
}

/* The cache overflows, so that rows are written and read again before the commit. */
static void
test_own_writes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SpDb) db = fixture_create (fixture);

  put_rows (db, 0);
  g_assert_true (sp_db_begin_exclusive (db, NULL));
  for (guint64 id = 1; id <= N_ROWS; id++) {
    put_row (db, id, 1);
    assert_row (db, id, 1);
    assert_row (db, id % N_ROWS + 1, id == N_ROWS ? 1 : 0);
  }
  for (guint64 id = 1; id <= N_ROWS; id++)
    assert_row (db, id, 1);
  g_assert_true (sp_db_commit (db, NULL));
  assert_rows (db, 1);
}

static void
test_rollback (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SpDb) db = fixture_create (fixture);

  put_rows (db, 0);
  g_assert_true (sp_db_begin_write (db, NULL));
  for (guint64 id = 1; id <= N_ROWS; id++)
    put_row (db, id, 1);
  assert_row (db, 3, 1);
  sp_db_rollback (db);
  assert_rows (db, 0);
}

/* A vault with a write-ahead log beside it is not opened; one that comes later must not keep an open one from being read. */
static void
test_log_beside (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SpDb) db = fixture_create (fixture);
  g_autofree char *log = g_strconcat (fixture->path, "-wal", NULL);

  put_rows (db, 0);
  g_assert_true (g_file_set_contents (log, "left", -1, NULL));
  assert_rows (db, 0);
  put_rows (db, 1);
  assert_rows (db, 1);
  g_assert_cmpint (g_unlink (log), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/store/read-ahead/forgets", test_forgets);
  fixture_test ("/store/read-ahead/few-reads", test_few_reads);
  fixture_test ("/store/read-ahead/log-beside", test_log_beside);
  fixture_test ("/store/read-ahead/other-writes", test_other_writes);
  fixture_test ("/store/read-ahead/own-writes", test_own_writes);
  fixture_test ("/store/read-ahead/rollback", test_rollback);
  return sp_test_run ();
}
