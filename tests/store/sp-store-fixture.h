/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A scratch folder with the path of a database in it, and doors past the layer: raw SQL, raw bytes. */

#pragma once

#include "store/sp-db.h"
#include "store/sp-records.h"

#include "common/sp-test.h"

G_BEGIN_DECLS

typedef struct {
  char *dir;
  char *path; /* of the database; nothing is there yet */
} Fixture;

void fixture_setup (Fixture *self, gconstpointer data);
void fixture_teardown (Fixture *self, gconstpointer data);

/* Each aborts on an error, so that tests need not look. */
SpDb *fixture_create (Fixture *self) G_GNUC_WARN_UNUSED_RESULT;
SpDb *fixture_open (Fixture *self, SpDbFlags flags) G_GNUC_WARN_UNUSED_RESULT;
void fixture_create_and_close (Fixture *self);
char *fixture_file (Fixture *self, const char *name) G_GNUC_WARN_UNUSED_RESULT;
void fixture_sql (Fixture *self, const char *sql);
void fixture_overwrite (Fixture *self, gsize offset, const guint8 *data, gsize len);
void fixture_fill (SpDb *db, SpRecords table, guint64 first, guint64 last, gsize len);
void fixture_assert_fails (Fixture *self, SpDbFlags flags, SpStoreError code);

#define fixture_test(path, function) \
  g_test_add ((path), Fixture, NULL, fixture_setup, (function), fixture_teardown)

G_END_DECLS
