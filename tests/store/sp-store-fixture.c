/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sp-store-fixture.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

void
fixture_setup (Fixture *self, gconstpointer data)
{
  self->dir = sp_test_scratch_dir_new ();
  self->path = fixture_file (self, "vault.spvault");
}

void
fixture_teardown (Fixture *self, gconstpointer data)
{
  g_free (self->path);
  sp_test_scratch_dir_free (self->dir);
}

char *
fixture_file (Fixture *self, const char *name)
{
  return g_build_filename (self->dir, name, NULL);
}

SpDb *
fixture_open (Fixture *self, SpDbFlags flags)
{
  g_autoptr (GError) error = NULL;
  SpDb *db = sp_db_open (self->path, flags, &error);

  g_assert_no_error (error);
  g_assert_nonnull (db);
  return db;
}

SpDb *
fixture_create (Fixture *self)
{
  return fixture_open (self, SP_DB_CREATE);
}

void
fixture_create_and_close (Fixture *self)
{
  sp_db_close (fixture_create (self));
}

void
fixture_sql (Fixture *self, const char *sql)
{
  sqlite3 *handle = NULL;

  g_assert_cmpint (sqlite3_open (self->path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (handle), ==, SQLITE_OK);
}

void
fixture_overwrite (Fixture *self, gsize offset, const guint8 *data, gsize len)
{
  int fd = open (self->path, O_WRONLY | O_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (pwrite (fd, data, len, (off_t) offset), ==, (gssize) len);
  g_assert_cmpint (close (fd), ==, 0);
}

/* Rows whose bytes all are the low byte of their number, in one transaction. */
void
fixture_fill (SpDb *db, SpRecords table, guint64 first, guint64 last, gsize len)
{
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *data = g_malloc (len + 1);

  g_assert_true (sp_db_begin_write (db, &error));
  for (guint64 id = first; id <= last; id++) {
    memset (data, (int) (id & 0xff), len);
    g_assert_true (sp_records_put (db, table, id, id + 1000, data, len, &error));
  }
  g_assert_true (sp_db_commit (db, &error));
  g_assert_no_error (error);
}

void
fixture_assert_fails (Fixture *self, SpDbFlags flags, SpStoreError code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpDb) db = sp_db_open (self->path, flags, &error);

  g_assert_null (db);
  g_assert_error (error, SP_STORE_ERROR, (int) code);
  /* A whole sentence. */
  g_assert_true (g_str_has_suffix (error->message, "."));
  g_assert_true (g_ascii_isupper (error->message[0]));
}
