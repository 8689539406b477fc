/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A scratch folder with the path of a vault in it, a clock that stands still, and a door past the engine:
 * raw SQL on the file. */

#pragma once

#include "common/sp-test.h"
#include "vault/sp-vault.h"

G_BEGIN_DECLS

#define VAULT_FIXTURE_PASSWORD "correct horse"
#define VAULT_FIXTURE_START_MS G_GINT64_CONSTANT (1700000000000)

typedef struct {
  char *dir;
  char *path; /* of the vault; nothing is there yet */
  char *state_dir;
  SpTestClock clock;
  SpVaultEnvironment environment;
} VaultFixture;

void vault_fixture_setup (VaultFixture *self, gconstpointer data);
void vault_fixture_teardown (VaultFixture *self, gconstpointer data);

/* The first two abort on an error, so that tests need not look. */
SpVault *vault_fixture_create (VaultFixture *self) G_GNUC_WARN_UNUSED_RESULT;
SpVault *vault_fixture_open (VaultFixture *self) G_GNUC_WARN_UNUSED_RESULT;
SpVault *vault_fixture_try (VaultFixture *self,
                            const char *password,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
void vault_fixture_create_and_close (VaultFixture *self);
/* Opens it, gives it that name, and locks it. */
void vault_fixture_rename (VaultFixture *self, const char *name);
guint64 vault_fixture_add_item (SpVault *vault, const char *title); /* returns its number */
void vault_fixture_create_with_item (VaultFixture *self);
void vault_fixture_assert_verifies (SpVault *vault);
void vault_fixture_assert_sound (VaultFixture *self); /* it opens, may be written, and verifies */
void vault_fixture_sql (VaultFixture *self, const char *sql);
void vault_fixture_copy (const char *from, const char *to);

#define vault_fixture_test(path, function) \
  g_test_add ((path), VaultFixture, NULL, vault_fixture_setup, (function), vault_fixture_teardown)

G_END_DECLS
