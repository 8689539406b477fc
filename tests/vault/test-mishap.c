/* SPDX-License-Identifier: GPL-3.0-or-later */

/* No attacker: somebody else holds the lock, a change stops half-way, the clock is wrong, another process was
 * quicker. What was not done must be as if it had not been tried. */

#define G_LOG_DOMAIN "sp-test"

#include "config.h"

#include <sqlite3.h>

#include "sp-vault-fixture.h"
#include "vault/sp-vault-items.h"
#include "vault/sp-vault-private.h"

static sqlite3 *
hold_lock (VaultFixture *fixture, SpVault *vault)
{
  sqlite3 *db;

  sp_db_set_busy_timeout (vault->db, 10);
  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "BEGIN; SELECT * FROM seal_a", NULL, NULL, NULL), ==,
                   SQLITE_OK);
  return db;
}

static void
assert_save_is_busy (SpVault *vault, SpItem *item)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (sp_vault_save (vault, item, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_BUSY);
}

static void
assert_saves (SpVault *vault, SpItem *item, const char *title)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpItem) stored = NULL;
  gboolean done = sp_vault_save (vault, item, &error);

  g_assert_no_error (error);
  g_assert_true (done);
  stored = sp_vault_load (vault, item->number, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (stored->title, ==, title);
}

static void
test_save_again_new_item (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  g_autoptr (SpItem) item = sp_item_new (SP_ITEM_LOGIN, "New");
  sqlite3 *db = hold_lock (fixture, vault);

  assert_save_is_busy (vault, item);
  g_assert_cmpuint (item->number, ==, 0);
  assert_save_is_busy (vault, item);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
  assert_saves (vault, item, "New");
  sp_item_set_title (item, "Newer");
  assert_saves (vault, item, "Newer");
}

static void
test_save_again_old_item (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  g_autoptr (SpItem) item = sp_item_new (SP_ITEM_LOGIN, "One");
  g_autoptr (GPtrArray) history = NULL;
  g_autoptr (GError) error = NULL;
  guint64 revision;
  sqlite3 *db;

  assert_saves (vault, item, "One");
  revision = item->revision;
  db = hold_lock (fixture, vault);
  sp_item_set_title (item, "Two");
  fixture->clock.now_ms += 1000;
  assert_save_is_busy (vault, item);
  g_assert_cmpuint (item->revision, ==, revision);
  g_assert_cmpint (item->modified_ms, ==, VAULT_FIXTURE_START_MS);
  sp_item_set_title (item, "Three");
  assert_save_is_busy (vault, item);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
  assert_saves (vault, item, "Three");
  sp_item_set_title (item, "Four");
  assert_saves (vault, item, "Four");
  history = sp_vault_load_history (vault, item->number, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (history->len, ==, 2);
}

/* What goes on elsewhere is still a conflict. */
static void
test_save_again_conflict (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  g_autoptr (SpItem) item = sp_item_new (SP_ITEM_LOGIN, "One");
  g_autoptr (SpItem) other = NULL;
  g_autoptr (GError) error = NULL;
  sqlite3 *db;

  assert_saves (vault, item, "One");
  other = sp_vault_load (vault, item->number, &error);
  db = hold_lock (fixture, vault);
  sp_item_set_title (item, "Two");
  assert_save_is_busy (vault, item);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
  sp_item_set_title (other, "Other");
  assert_saves (vault, other, "Other");
  g_assert_false (sp_vault_save (vault, item, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_CONFLICT);
}

static void
test_half_a_change (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  g_autoptr (SpItem) item = NULL;
  g_autoptr (GError) error = NULL;
  guint64 numbers[] = { vault_fixture_add_item (vault, "One"), 999 };

  g_assert_true (sp_vault_begin (vault, SP_BATCH_EDIT, &error));
  g_assert_false (sp_vault_change (vault, SP_CHANGE_TRASH, NULL, numbers, 2, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (sp_vault_commit (vault, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  item = sp_vault_load (vault, numbers[0], &error);
  g_assert_no_error (error);
  g_assert_false (item->trashed);
}

/* When the first is the one that is not there, nothing was done, and the batch goes on. */
static void
test_no_change (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  g_autoptr (GError) error = NULL;
  guint64 numbers[] = { 999, vault_fixture_add_item (vault, "One") };

  g_assert_true (sp_vault_begin (vault, SP_BATCH_EDIT, &error));
  g_assert_false (sp_vault_change (vault, SP_CHANGE_TRASH, NULL, numbers, 2, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (sp_vault_commit (vault, &error));
  g_assert_no_error (error);
}

static void
test_change_before_1970 (VaultFixture *fixture, gconstpointer data)
{
  vault_fixture_create_and_close (fixture);
  fixture->clock.now_ms = -5000;
  vault_fixture_rename (fixture, "another");
  vault_fixture_assert_sound (fixture);
}

static void
test_create_before_1970 (VaultFixture *fixture, gconstpointer data)
{
  fixture->clock.now_ms = -5000;
  vault_fixture_create_with_item (fixture);
  fixture->clock.now_ms = VAULT_FIXTURE_START_MS;
  vault_fixture_assert_sound (fixture);
}

static guint64
import_item (SpVault *vault, const char *title)
{
  g_autoptr (GError) error = NULL;
  guint64 number;

  g_assert_true (sp_vault_begin (vault, SP_BATCH_IMPORT, &error));
  number = vault_fixture_add_item (vault, title);
  g_assert_true (sp_vault_commit (vault, &error));
  g_assert_no_error (error);
  return number;
}

static void
test_undo_import_of_another (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  g_autoptr (SpVault) other = vault_fixture_open (fixture);
  g_autoptr (SpItem) kept_item = NULL;
  g_autoptr (GError) error = NULL;
  guint64 first = import_item (vault, "First");
  guint64 second = import_item (other, "Second");
  guint undone, kept;
  gboolean done = sp_vault_undo_import (vault, &undone, &kept, &error);

  g_assert_no_error (error);
  g_assert_true (done);
  g_assert_cmpuint (undone, ==, 1);
  g_assert_cmpuint (kept, ==, 0);
  kept_item = sp_vault_load (vault, first, &error);
  g_assert_no_error (error);
  g_assert_nonnull (kept_item);
  g_assert_null (sp_vault_load (vault, second, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (sp_vault_undo_import (vault, &undone, &kept, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  vault_fixture_test ("/vault/mishap/save-again/new-item", test_save_again_new_item);
  vault_fixture_test ("/vault/mishap/save-again/old-item", test_save_again_old_item);
  vault_fixture_test ("/vault/mishap/save-again/conflict", test_save_again_conflict);
  vault_fixture_test ("/vault/mishap/half-a-change", test_half_a_change);
  vault_fixture_test ("/vault/mishap/no-change", test_no_change);
  vault_fixture_test ("/vault/mishap/before-1970/change", test_change_before_1970);
  vault_fixture_test ("/vault/mishap/before-1970/create", test_create_before_1970);
  vault_fixture_test ("/vault/mishap/undo-import-of-another", test_undo_import_of_another);
  return sp_test_run ();
}
