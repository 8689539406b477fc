/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Quick unlock: opens until it expires, is there once, and goes with the password. */

#include "config.h"

#include <string.h>

#include "crypto/sp-random.h"
#include "sp-vault-fixture.h"
#include "vault/sp-vault-log.h"
#include "vault/sp-vault-quick.h"
#include "vault/sp-vault-rotate.h"
#include "vault/sp-vault-slots.h"

#define HOUR_MS      (G_GINT64_CONSTANT (3600) * 1000)
#define NEW_PASSWORD "battery staple"

static const SpKdfCost cheap_cost = { .memory_kib = 8, .passes = 1, .lanes = 1 };

static SpSecret *
new_key (void)
{
  g_autoptr (GError) error = NULL;
  SpSecret *key = sp_random_secret (SP_QUICK_KEY_LEN, &error);

  g_assert_no_error (error);
  return key;
}

/* For an hour. */
static SpSecret *
set_quick (VaultFixture *self, SpVault *vault)
{
  g_autoptr (GError) error = NULL;
  SpSecret *key = new_key ();

  g_assert_true (sp_vault_set_quick_unlock (vault, key, VAULT_FIXTURE_START_MS + HOUR_MS, &error));
  g_assert_no_error (error);
  return key;
}

static SpSecret *
create_with_quick (VaultFixture *self)
{
  g_autoptr (SpVault) vault = vault_fixture_create (self);

  vault_fixture_add_item (vault, "Bank");
  return set_quick (self, vault);
}

static SpVault *
try_quick (VaultFixture *self, const SpSecret *key, GError **error)
{
  const SpKeyslotFactors factors = { .secret = key };

  return sp_vault_open_with (self->path, SP_SLOT_QUICK, &factors, SP_VAULT_OPEN_DEFAULT,
                             &self->environment, error);
}

static SpVault *
open_quick (VaultFixture *self, const SpSecret *key)
{
  g_autoptr (GError) error = NULL;
  SpVault *vault = try_quick (self, key, &error);

  g_assert_no_error (error);
  return vault;
}

static void
assert_refused (VaultFixture *self, const SpSecret *key, SpVaultError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (try_quick (self, key, &error));
  g_assert_error (error, SP_VAULT_ERROR, (int) code);
}

static gint64
get_expiry (SpVault *vault)
{
  g_autoptr (GError) error = NULL;
  gint64 expires_ms;

  g_assert_true (sp_vault_get_quick_unlock (vault, &expires_ms, &error));
  g_assert_no_error (error);
  return expires_ms;
}

static void
give_password (SpVault *vault)
{
  g_autoptr (SpSecret) password = sp_secret_new_text (VAULT_FIXTURE_PASSWORD);
  g_autoptr (GError) error = NULL;

  g_assert_true (sp_vault_check_password (vault, password, &error));
  g_assert_no_error (error);
}

static void
change_password (SpVault *vault)
{
  g_autoptr (SpSecret) password = sp_secret_new_text (NEW_PASSWORD);
  g_autoptr (GError) error = NULL;

  g_assert_true (sp_vault_change_password (vault, NULL, password, &cheap_cost, &error));
  g_assert_no_error (error);
}

static guint
count_slots (SpVault *vault, SpSlotKind kind)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) slots = sp_vault_list_slots (vault, &error);
  guint n = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < slots->len; i++)
    n += ((const SpSlotInfo *) g_ptr_array_index (slots, i))->kind == kind;
  return n;
}

static void
test_opens (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpSecret) key = create_with_quick (self);
  g_autoptr (SpVault) vault = open_quick (self, key);

  g_assert_true (sp_vault_is_writable (vault));
  g_assert_cmpint (get_expiry (vault), ==, VAULT_FIXTURE_START_MS + HOUR_MS);
  vault_fixture_add_item (vault, "Shop");
  vault_fixture_assert_verifies (vault);
}

/* Each half alone, with anything in the other's place. */
static void
test_halves (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpSecret) key = create_with_quick (self);
  const guint8 *bytes = sp_secret_peek (key, NULL);

  for (guint half = 0; half < 2; half++) {
    guint8 *other_bytes;
    g_autoptr (SpSecret) other = sp_secret_new_uninitialized (SP_QUICK_KEY_LEN, &other_bytes);

    memset (other_bytes, 0, SP_QUICK_KEY_LEN);
    memcpy (other_bytes + half * SP_QUICK_KEY_LEN / 2, bytes + half * SP_QUICK_KEY_LEN / 2,
            SP_QUICK_KEY_LEN / 2);
    assert_refused (self, other, SP_VAULT_ERROR_WRONG_KEY);
  }
}

static void
test_expires (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpSecret) key = create_with_quick (self);
  g_autoptr (SpVault) vault = NULL;

  self->clock.now_ms += HOUR_MS;
  assert_refused (self, key, SP_VAULT_ERROR_EXPIRED);
  vault = vault_fixture_open (self);
  g_assert_cmpint (get_expiry (vault), ==, 0);
  g_assert_cmpuint (count_slots (vault, SP_SLOT_QUICK), ==, 0);
}

static void
test_once (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpSecret) first = create_with_quick (self);
  g_autoptr (SpSecret) second = NULL;
  g_autoptr (SpVault) vault = open_quick (self, first);

  second = set_quick (self, vault);
  g_assert_cmpuint (count_slots (vault, SP_SLOT_QUICK), ==, 1);
  assert_refused (self, first, SP_VAULT_ERROR_WRONG_KEY);
  sp_vault_close (open_quick (self, second));
}

static void
test_password_change (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpSecret) key = create_with_quick (self);
  g_autoptr (SpVault) vault = vault_fixture_open (self);

  change_password (vault);
  g_assert_cmpint (get_expiry (vault), ==, 0);
  assert_refused (self, key, SP_VAULT_ERROR_WRONG_KEY);
}

/* A session that it opened can change the password that was given meanwhile, and goes on. */
static void
test_change_in_its_session (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpSecret) key = create_with_quick (self);
  g_autoptr (SpVault) vault = open_quick (self, key);
  g_autoptr (GError) error = NULL;
  g_autoptr (SpVault) other = NULL;

  give_password (vault);
  change_password (vault);
  g_assert_cmpuint (count_slots (vault, SP_SLOT_PASSWORD), ==, 1);
  other = vault_fixture_try (self, NEW_PASSWORD, &error);
  g_assert_no_error (error);
  vault_fixture_add_item (other, "Elsewhere");
  g_assert_true (sp_vault_refresh (vault, NULL, &error));
  g_assert_no_error (error);
  vault_fixture_add_item (vault, "Here");
  vault_fixture_assert_verifies (vault);
}

static void
test_remove_in_its_session (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpSecret) key = create_with_quick (self);
  g_autoptr (SpVault) vault = open_quick (self, key);
  g_autoptr (SpVault) other = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (sp_vault_remove_quick_unlock (vault, &error));
  g_assert_no_error (error);
  assert_refused (self, key, SP_VAULT_ERROR_WRONG_KEY);
  other = vault_fixture_open (self);
  vault_fixture_add_item (other, "Elsewhere");
  g_assert_true (sp_vault_refresh (vault, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (sp_vault_remove_quick_unlock (vault, &error));
  g_assert_no_error (error);
}

/* It opens the vault only for a while, so the password must stay. */
static void
test_last_slot (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpSecret) key = create_with_quick (self);
  g_autoptr (SpVault) vault = open_quick (self, key);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) slots = sp_vault_list_slots (vault, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < slots->len; i++) {
    const SpSlotInfo *info = g_ptr_array_index (slots, i);

    if (info->kind != SP_SLOT_PASSWORD)
      continue;
    g_assert_false (sp_vault_remove_slot (vault, &info->id, &error));
    g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_LAST_SLOT);
    g_clear_error (&error);
  }
}

static void
test_past (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (self);
  g_autoptr (SpSecret) key = new_key ();
  g_autoptr (GError) error = NULL;

  g_assert_false (sp_vault_set_quick_unlock (vault, key, VAULT_FIXTURE_START_MS, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID);
  g_assert_cmpuint (count_slots (vault, SP_SLOT_QUICK), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  vault_fixture_test ("/quick/opens", test_opens);
  vault_fixture_test ("/quick/halves", test_halves);
  vault_fixture_test ("/quick/expires", test_expires);
  vault_fixture_test ("/quick/once", test_once);
  vault_fixture_test ("/quick/password-change", test_password_change);
  vault_fixture_test ("/quick/change-in-its-session", test_change_in_its_session);
  vault_fixture_test ("/quick/remove-in-its-session", test_remove_in_its_session);
  vault_fixture_test ("/quick/last-slot", test_last_slot);
  vault_fixture_test ("/quick/past", test_past);
  return sp_test_run ();
}
