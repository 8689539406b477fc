/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-test"

#include "config.h"

#include "sp-vault-fixture.h"

#include <sqlite3.h>

#include "crypto/sp-crypto.h"

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
