/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-test"

#include "config.h"

#include "sp-vault-fixture.h"

#include <sqlite3.h>

#include "crypto/sp-crypto.h"
#include "vault/sp-vault-items.h"
#include "vault/sp-vault-repair.h"

static const SpKdfCost cheap_cost = { .memory_kib = 8, .passes = 1, .lanes = 1 };

void
vault_fixture_setup (VaultFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (sp_crypto_init (&error));
  g_assert_no_error (error);
  self->dir = sp_test_scratch_dir_new ();
  self->path = g_build_filename (self->dir, "a.vault", NULL);
  self->state_dir = g_build_filename (self->dir, "state", NULL);
  sp_test_clock_init (&self->clock, VAULT_FIXTURE_START_MS);
  self->environment.clock = &self->clock.clock;
  self->environment.device_name = "desk";
  self->environment.state_dir = self->state_dir;
}

void
vault_fixture_teardown (VaultFixture *self, gconstpointer data)
{
  sp_test_scratch_dir_free (self->dir);
  g_free (self->path);
  g_free (self->state_dir);
}

SpVault *
vault_fixture_create (VaultFixture *self)
{
  g_autoptr (SpSecret) password = sp_secret_new_text (VAULT_FIXTURE_PASSWORD);
  g_autoptr (GError) error = NULL;
  SpVault *vault = sp_vault_create (self->path, "Test", password, &cheap_cost, &self->environment,
                                    &error);

  g_assert_no_error (error);
  g_assert_nonnull (vault);
  return vault;
}

SpVault *
vault_fixture_try (VaultFixture *self, const char *password, GError **error)
{
  g_autoptr (SpSecret) secret = sp_secret_new_text (password);

  return sp_vault_open (self->path, secret, SP_VAULT_OPEN_DEFAULT, &self->environment, error);
}

SpVault *
vault_fixture_open (VaultFixture *self)
{
  g_autoptr (GError) error = NULL;
  SpVault *vault = vault_fixture_try (self, VAULT_FIXTURE_PASSWORD, &error);

  g_assert_no_error (error);
  g_assert_nonnull (vault);
  return vault;
}

void
vault_fixture_create_and_close (VaultFixture *self)
{
  sp_vault_close (vault_fixture_create (self));
}

void
vault_fixture_sql (VaultFixture *self, const char *sql)
{
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (self->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
}

void
vault_fixture_copy (const char *from, const char *to)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *data = NULL;
  gsize len;

  g_assert_true (g_file_get_contents (from, &data, &len, &error));
  g_assert_true (g_file_set_contents (to, data, (gssize) len, &error));
  g_assert_no_error (error);
}

void
vault_fixture_rename (VaultFixture *self, const char *name)
{
  g_autoptr (SpVault) vault = vault_fixture_open (self);
  g_autoptr (GError) error = NULL;

  g_assert_true (sp_vault_set_name (vault, name, &error));
  g_assert_no_error (error);
}

guint64
vault_fixture_add_item (SpVault *vault, const char *title)
{
  g_autoptr (SpItem) item = sp_item_new (SP_ITEM_LOGIN, title);
  g_autoptr (GError) error = NULL;
  gboolean done = sp_vault_save (vault, item, &error);

  g_assert_no_error (error);
  g_assert_true (done);
  return item->number;
}

void
vault_fixture_assert_verifies (SpVault *vault)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) problems = sp_vault_verify (vault, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (problems->len, ==, 0);
}

void
vault_fixture_assert_sound (VaultFixture *self)
{
  g_autoptr (SpVault) vault = vault_fixture_open (self);

  g_assert_cmpint (sp_vault_get_state (vault), ==, SP_VAULT_STATE_SOUND);
  vault_fixture_assert_verifies (vault);
}

/* A vault with one item in it. */
void
vault_fixture_create_with_item (VaultFixture *self)
{
  g_autoptr (SpVault) vault = vault_fixture_create (self);

  vault_fixture_add_item (vault, "One");
}
