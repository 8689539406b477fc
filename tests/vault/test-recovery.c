/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Recovery keys as key slots, and further factors: what opens a vault, what no longer does, and that something
 * always does. */

#include "config.h"

#include <string.h>

#include "password/sp-recovery-key.h"
#include "sp-vault-fixture.h"
#include "vault/sp-vault-items.h"
#include "vault/sp-vault-log.h"
#include "vault/sp-vault-repair.h"
#include "vault/sp-vault-rotate.h"
#include "vault/sp-vault-slots.h"

#define YEAR_MS (G_GINT64_CONSTANT (365) * 24 * 60 * 60 * 1000)

static const SpKdfCost cheap_cost = { .memory_kib = 8, .passes = 1, .lanes = 1 };

static SpVault *
try_key (VaultFixture *self, const SpSecret *key, GError **error)
{
  SpKeyslotFactors factors = { .secret = key };

  return sp_vault_open_with (self->path, SP_SLOT_RECOVERY, &factors, SP_VAULT_OPEN_DEFAULT,
                             &self->environment, error);
}

static SpVault *
open_with_key (VaultFixture *self, const SpSecret *key)
{
  g_autoptr (GError) error = NULL;
  SpVault *vault = try_key (self, key, &error);

  g_assert_no_error (error);
  return vault;
}

static void
assert_refused (VaultFixture *self, const SpSecret *key, SpVaultError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (try_key (self, key, &error));
  g_assert_error (error, SP_VAULT_ERROR, (int) code);
}

static void
assert_password (VaultFixture *self, const char *password, gboolean opens)
{
  g_autoptr (GError) error = NULL;
  SpVault *vault = vault_fixture_try (self, password, &error);

  g_assert_true ((vault != NULL) == opens);
  if (vault != NULL)
    sp_vault_close (vault);
  else
    g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY);
}

static SpSecret *
add_key (SpVault *vault, const char *name, gint64 expires_ms, SpId *out_id)
{
  g_autoptr (GError) error = NULL;
  SpSecret *key = sp_vault_add_recovery_key (vault, name, expires_ms, out_id, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (sp_secret_get_length (key), ==, SP_RECOVERY_KEY_LEN);
  return key;
}

static SpSecret *
create_with_key (VaultFixture *self, gint64 expires_ms, SpId *out_id)
{
  g_autoptr (SpVault) vault = vault_fixture_create (self);

  vault_fixture_add_item (vault, "Bank");
  return add_key (vault, "Drawer", expires_ms, out_id);
}

static SpSlotInfo *
get_slot (SpVault *vault, const SpId *id)
{
  g_autoptr (GPtrArray) slots = sp_vault_list_slots (vault, NULL);

  for (guint i = 0; i < slots->len; i++) {
    SpSlotInfo *info = g_ptr_array_index (slots, i);

    if (sp_id_equal (&info->id, id))
      return g_ptr_array_steal_index (slots, i);
  }
  g_assert_not_reached ();
}

static guint
count_events (SpVault *vault, SpEventKind kind)
{
  g_autoptr (GPtrArray) events = sp_vault_read_log (vault, 0, 1000, NULL);
  guint n = 0;

  for (guint i = 0; i < events->len; i++)
    n += ((const SpEvent *) g_ptr_array_index (events, i))->kind == kind;
  return n;
}

static void
test_opens (VaultFixture *self, gconstpointer data)
{
  SpId id;
  g_autoptr (SpSecret) key = create_with_key (self, 0, &id);
  g_autoptr (SpVault) vault = NULL;
  g_autoptr (SpSlotInfo) info = NULL;
  g_autoptr (GError) error = NULL;

  self->clock.now_ms += 1000;
  vault = open_with_key (self, key);
  g_assert_cmpint (sp_vault_get_state (vault), ==, SP_VAULT_STATE_SOUND);
  info = get_slot (vault, &id);
  g_assert_cmpint (info->kind, ==, SP_SLOT_RECOVERY);
  g_assert_cmpstr (info->name, ==, "Drawer");
  g_assert_cmpint (info->created_ms, ==, VAULT_FIXTURE_START_MS);
  g_assert_cmpint (info->used_ms, ==, self->clock.now_ms);
  g_assert_true (info->is_current);
  g_assert_cmpuint (count_events (vault, SP_EVENT_SLOT_USED), ==, 1);

  /* Nothing else is offered before there is a new password. */
  g_assert_true (sp_vault_must_set_password (vault));
  g_assert_false (sp_vault_is_writable (vault));
  g_assert_false (sp_vault_set_name (vault, "Mine", &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_READ_ONLY);
  g_clear_error (&error);
  g_assert_false (sp_vault_remove_slot (vault, &id, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_READ_ONLY);
  g_assert_null (sp_vault_add_recovery_key (vault, "Another", 0, NULL, NULL));
}

static void
test_wrong_keys (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpSecret) key = create_with_key (self, 0, NULL);
  guint8 bytes[SP_RECOVERY_KEY_LEN];
  g_autoptr (SpVault) vault = NULL;

  for (guint bit = 0; bit < 160; bit++) {
    g_autoptr (SpSecret) wrong = NULL;

    memcpy (bytes, sp_secret_peek (key, NULL), sizeof bytes);
    bytes[bit / 8] ^= (guint8) (1 << bit % 8);
    wrong = sp_secret_new (bytes, sizeof bytes);
    assert_refused (self, wrong, SP_VAULT_ERROR_WRONG_KEY);
  }
  /* The halves exchanged are a key on paper, and not this one. */
  {
    g_autoptr (SpSecret) swapped = NULL;

    memcpy (bytes, sp_secret_peek (key, NULL) + 10, 10);
    memcpy (bytes + 10, sp_secret_peek (key, NULL), 10);
    swapped = sp_secret_new (bytes, sizeof bytes);
    assert_refused (self, swapped, SP_VAULT_ERROR_WRONG_KEY);
  }
  /* Nobody waits for a password because of that, and it is in the log. */
  vault = vault_fixture_open (self);
  g_assert_cmpuint (count_events (vault, SP_EVENT_UNLOCK_FAILED), ==, 161);
}

static void
test_no_key (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpSecret) key = sp_recovery_key_new (NULL);
  g_autoptr (SpSecret) password = sp_secret_new_text (VAULT_FIXTURE_PASSWORD);

  vault_fixture_create_and_close (self);
  assert_refused (self, key, SP_VAULT_ERROR_WRONG_KEY);
  /* A password is no recovery key, nor the other way round. */
  assert_refused (self, password, SP_VAULT_ERROR_WRONG_KEY);
}

static void
test_key_is_no_password (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpSecret) key = create_with_key (self, 0, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (
      sp_vault_open (self->path, key, SP_VAULT_OPEN_DEFAULT, &self->environment, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY);
}

static void
test_no_lockout (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpSecret) key = create_with_key (self, 0, NULL);
  g_autoptr (SpVault) vault = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 5; i++)
    assert_password (self, "wrong", FALSE);
  g_assert_null (vault_fixture_try (self, VAULT_FIXTURE_PASSWORD, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_LOCKED_OUT);
  vault = open_with_key (self, key);
  g_assert_cmpuint (count_events (vault, SP_EVENT_UNLOCK_FAILED), ==, 5);
}

static void
test_several (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (self);
  SpId first_id, second_id;
  g_autoptr (SpSecret) first = add_key (vault, "Drawer", 0, &first_id);
  g_autoptr (SpSecret) second = add_key (vault, "Partner", self->clock.now_ms + YEAR_MS,
                                         &second_id);
  g_autoptr (SpSlotInfo) info = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (sp_secret_equal (first, second));
  g_assert_true (sp_vault_rename_slot (vault, &second_id, "Safe", &error));
  g_assert_true (sp_vault_set_slot_expiry (vault, &second_id, self->clock.now_ms + 5, &error));
  g_assert_no_error (error);
  info = get_slot (vault, &second_id);
  g_assert_cmpstr (info->name, ==, "Safe");
  g_assert_cmpint (info->expires_ms, ==, self->clock.now_ms + 5);
  g_assert_cmpuint (count_events (vault, SP_EVENT_SLOT_CHANGED), ==, 2);
  g_assert_cmpuint (count_events (vault, SP_EVENT_SLOT_ADDED), ==, 2);
  g_assert_true (sp_vault_remove_slot (vault, &first_id, &error));
  g_assert_no_error (error);
  vault_fixture_assert_verifies (vault);
  g_clear_pointer (&vault, sp_vault_close);

  assert_refused (self, first, SP_VAULT_ERROR_WRONG_KEY);
  sp_vault_close (open_with_key (self, second));
}

static void
test_invalid (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (self);
  g_autoptr (GPtrArray) slots = sp_vault_list_slots (vault, NULL);
  const SpSlotInfo *password = g_ptr_array_index (slots, 0);
  g_autoptr (GError) error = NULL;
  SpId nowhere = { { 1 } };

  g_assert_null (sp_vault_add_recovery_key (vault, "\xff", 0, NULL, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (sp_vault_add_recovery_key (vault, "", self->clock.now_ms, NULL, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (sp_vault_set_slot_expiry (vault, &password->id, self->clock.now_ms + 5, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (sp_vault_rename_slot (vault, &nowhere, "x", &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NOT_FOUND);
}

/* An expired key is told so after its proof, and stays: it may be the clock that is wrong. */
static void
test_expired (VaultFixture *self, gconstpointer data)
{
  SpId id;
  g_autoptr (SpSecret) key = create_with_key (self, VAULT_FIXTURE_START_MS + YEAR_MS, &id);
  g_autoptr (SpSecret) wrong = sp_recovery_key_new (NULL);
  g_autoptr (SpVault) vault = NULL;
  g_autoptr (SpSlotInfo) info = NULL;
  g_autoptr (GError) error = NULL;

  self->clock.now_ms += YEAR_MS - 1;
  sp_vault_close (open_with_key (self, key));
  self->clock.now_ms += 1;
  assert_refused (self, key, SP_VAULT_ERROR_EXPIRED);
  assert_refused (self, key, SP_VAULT_ERROR_EXPIRED);
  assert_refused (self, wrong, SP_VAULT_ERROR_WRONG_KEY);

  self->clock.now_ms -= 1;
  sp_vault_close (open_with_key (self, key));
  self->clock.now_ms += 1;

  vault = vault_fixture_open (self);
  info = get_slot (vault, &id);
  g_assert_cmpint (info->expires_ms, ==, VAULT_FIXTURE_START_MS + YEAR_MS);
  g_assert_true (sp_vault_set_slot_expiry (vault, &id, self->clock.now_ms + YEAR_MS, &error));
  g_clear_pointer (&vault, sp_vault_close);
  sp_vault_close (open_with_key (self, key));

  vault = vault_fixture_open (self);
  g_assert_true (sp_vault_remove_slot (vault, &id, &error));
  g_assert_no_error (error);
  vault_fixture_assert_verifies (vault);
  g_clear_pointer (&vault, sp_vault_close);
  assert_refused (self, key, SP_VAULT_ERROR_WRONG_KEY);
}

/* A clock that was set back does not bring a key back whose end the vault has seen, until it is seen no more. */
static void
test_clock_set_back (VaultFixture *self, gconstpointer data)
{
  SpId id;
  g_autoptr (SpSecret) key = create_with_key (self, VAULT_FIXTURE_START_MS + YEAR_MS, &id);

  self->clock.now_ms += YEAR_MS;
  sp_vault_close (vault_fixture_open (self));
  self->clock.now_ms -= YEAR_MS / 2;
  assert_refused (self, key, SP_VAULT_ERROR_EXPIRED);
  sp_vault_close (vault_fixture_open (self));
  sp_vault_close (open_with_key (self, key));
}

/* A key whose time is over is not printed anew. */
static void
test_expired_is_not_renewed (VaultFixture *self, gconstpointer data)
{
  SpId id;
  g_autoptr (SpSecret) key = create_with_key (self, VAULT_FIXTURE_START_MS + YEAR_MS, &id);
  g_autoptr (SpVault) vault = NULL;
  g_autoptr (SpRotation) plan = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (key);
  self->clock.now_ms += YEAR_MS;
  vault = vault_fixture_open (self);
  plan = sp_rotation_new (vault, NULL);
  g_assert_null (sp_rotation_renew_recovery_key (plan, &id, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_EXPIRED);
}

/* When it expires cannot be read any more: it opens, but neither for ever nor as the only one. */
static void
test_unknown_expiry (VaultFixture *self, gconstpointer data)
{
  SpId id;
  g_autoptr (SpSecret) key = create_with_key (self, VAULT_FIXTURE_START_MS + YEAR_MS, &id);
  g_autoptr (SpVault) vault = NULL;
  g_autoptr (GPtrArray) slots = NULL;
  g_autoptr (GError) error = NULL;
  const SpSlotInfo *password;

  vault_fixture_sql (self,
                     "UPDATE slot_a SET changing = zeroblob (length (changing)) WHERE id = 2;"
                     "UPDATE slot_b SET changing = zeroblob (length (changing)) WHERE id = 2");
  sp_vault_close (open_with_key (self, key));
  vault = vault_fixture_open (self);
  g_assert_cmpint (sp_vault_get_state (vault), ==, SP_VAULT_STATE_SOUND);
  vault_fixture_assert_verifies (vault);
  slots = sp_vault_list_slots (vault, &error);
  g_assert_no_error (error);
  g_assert_cmpint (((SpSlotInfo *) g_ptr_array_index (slots, 1))->expires_ms, ==,
                   SP_SLOT_EXPIRY_UNKNOWN);
  password = g_ptr_array_index (slots, 0);
  g_assert_cmpint (password->expires_ms, ==, 0);
  g_assert_false (sp_vault_remove_slot (vault, &password->id, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_LAST_SLOT);
  g_clear_error (&error);

  /* Until somebody says so. */
  g_assert_true (sp_vault_set_slot_expiry (vault, &id, 0, &error));
  g_assert_true (sp_vault_remove_slot (vault, &password->id, &error));
  g_assert_no_error (error);
}

/* A key that expires is no reason to let the last one go that does not. */
static void
test_last_slot (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (self);
  g_autoptr (GPtrArray) slots = sp_vault_list_slots (vault, NULL);
  const SpSlotInfo *password = g_ptr_array_index (slots, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (SpSecret) key = NULL;
  SpId id;

  key = add_key (vault, "Drawer", self->clock.now_ms + YEAR_MS, &id);
  g_assert_false (sp_vault_remove_slot (vault, &password->id, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_LAST_SLOT);
  g_clear_error (&error);
  g_assert_true (sp_vault_set_slot_expiry (vault, &id, 0, &error));
  g_assert_true (sp_vault_remove_slot (vault, &password->id, &error));
  g_assert_no_error (error);
  g_assert_false (sp_vault_set_slot_expiry (vault, &id, self->clock.now_ms + YEAR_MS, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_LAST_SLOT);
  g_clear_error (&error);
  g_assert_false (sp_vault_remove_slot (vault, &id, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_LAST_SLOT);
}

static SpRotation *
plan_recovery (SpVault *vault, const char *password, const SpId *id, SpSecret **out_key)
{
  g_autoptr (SpSecret) secret = sp_secret_new_text (password);
  SpKeyslotFactors factors = { .secret = secret };
  g_autoptr (GError) error = NULL;
  SpRotation *plan = sp_rotation_new (vault, &error);

  g_assert_no_error (error);
  g_assert_true (sp_rotation_set_password (plan, NULL, &factors, &cheap_cost, &error));
  g_assert_no_error (error);
  *out_key = sp_rotation_renew_recovery_key (plan, id, &error);
  g_assert_no_error (error);
  return plan;
}

/* The password is forgotten, the key in the drawer is not. */
static void
test_recovery (VaultFixture *self, gconstpointer data)
{
  SpId id;
  g_autoptr (SpSecret) key = create_with_key (self, 0, &id);
  g_autofree char *copy = g_build_filename (self->dir, "copy.vault", NULL);
  g_autoptr (SpVault) vault = NULL;
  g_autoptr (SpRotation) plan = NULL;
  g_autoptr (SpSecret) next = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (SpSlotInfo) renewed = NULL;
  SpVaultInfo info;

  vault_fixture_copy (self->path, copy);
  vault = open_with_key (self, key);
  plan = plan_recovery (vault, "another horse", &id, &next);
  g_assert_true (sp_vault_rotate_keys (vault, plan, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (sp_vault_must_set_password (vault));
  g_assert_true (sp_vault_set_name (vault, "Mine again", &error));
  sp_vault_get_info (vault, &info);
  g_assert_cmpuint (info.key_epoch, ==, 2);
  g_assert_cmpuint (info.n_items, ==, 1);
  g_assert_cmpuint (info.n_slots, ==, 2);
  g_assert_cmpuint (count_events (vault, SP_EVENT_KEYS_ROTATED), ==, 1);
  g_assert_cmpuint (count_events (vault, SP_EVENT_PASSWORD_CHANGED), ==, 1);
  renewed = get_slot (vault, &id);
  g_assert_false (renewed->is_current);
  vault_fixture_assert_verifies (vault);
  g_clear_pointer (&plan, sp_rotation_free);
  g_clear_pointer (&vault, sp_vault_close);

  assert_password (self, VAULT_FIXTURE_PASSWORD, FALSE);
  assert_password (self, "another horse", TRUE);
  assert_refused (self, key, SP_VAULT_ERROR_WRONG_KEY);
  sp_vault_close (open_with_key (self, next));
}

/* The key that was used must not stay, and a password must come. */
static void
test_recovery_is_enforced (VaultFixture *self, gconstpointer data)
{
  SpId id;
  g_autoptr (SpSecret) key = create_with_key (self, 0, &id);
  g_autoptr (SpSecret) password = sp_secret_new_text ("another horse");
  g_autoptr (SpVault) vault = open_with_key (self, key);
  g_autoptr (SpRotation) plan = sp_rotation_new (vault, NULL);
  SpKeyslotFactors with_key = { .secret = key };
  SpKeyslotFactors with_password = { .secret = password };
  g_autoptr (SpSecret) next = NULL;
  g_autoptr (GError) error = NULL;

  next = sp_rotation_renew_recovery_key (plan, &id, &error);
  g_assert_false (sp_vault_rotate_keys (vault, plan, NULL, NULL, NULL, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID);
  g_clear_error (&error);
  g_clear_pointer (&plan, sp_rotation_free);

  plan = sp_rotation_new (vault, NULL);
  g_assert_true (sp_rotation_set_password (plan, NULL, &with_password, &cheap_cost, &error));
  g_assert_true (sp_rotation_keep (plan, SP_SLOT_RECOVERY, &with_key, &error));
  g_assert_false (sp_vault_rotate_keys (vault, plan, NULL, NULL, NULL, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID);
  g_assert_true (sp_vault_must_set_password (vault));
}

/* Where there was no password slot, there is one afterwards. */
static void
test_recovery_without_password (VaultFixture *self, gconstpointer data)
{
  SpId id;
  g_autoptr (SpSecret) key = create_with_key (self, 0, &id);
  g_autoptr (SpVault) vault = vault_fixture_open (self);
  g_autoptr (GPtrArray) slots = sp_vault_list_slots (vault, NULL);
  g_autoptr (SpRotation) plan = NULL;
  g_autoptr (SpSecret) next = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (
      sp_vault_remove_slot (vault, &((SpSlotInfo *) g_ptr_array_index (slots, 0))->id, &error));
  g_clear_pointer (&vault, sp_vault_close);
  vault = open_with_key (self, key);
  plan = plan_recovery (vault, "another horse", &id, &next);
  g_assert_true (sp_vault_rotate_keys (vault, plan, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  g_clear_pointer (&plan, sp_rotation_free);
  g_clear_pointer (&vault, sp_vault_close);
  assert_password (self, "another horse", TRUE);
}

static SpSecret *
make_factor (guint8 fill)
{
  guint8 bytes[32];

  memset (bytes, fill, sizeof bytes);
  return sp_secret_new (bytes, sizeof bytes);
}

static void
assert_factors (VaultFixture *self, const SpKeyslotFactors *factors, gint code)
{
  g_autoptr (GError) error = NULL;
  SpVault *vault = sp_vault_open_with (self->path, SP_SLOT_PASSWORD, factors, SP_VAULT_OPEN_DEFAULT,
                                       &self->environment, &error);

  if (code < 0) {
    g_assert_no_error (error);
    sp_vault_close (vault);
    return;
  }
  g_assert_null (vault);
  g_assert_error (error, SP_VAULT_ERROR, code);
}

/* Each factor that is missing, or another one, is told by a code of its own, and is no failed attempt. */
static void
test_factors (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (self);
  g_autoptr (SpSecret) password = sp_secret_new_text (VAULT_FIXTURE_PASSWORD);
  g_autoptr (SpSecret) wrong = sp_secret_new_text ("wrong");
  g_autoptr (SpSecret) file = make_factor (1);
  g_autoptr (SpSecret) other_file = make_factor (2);
  g_autoptr (SpSecret) device = make_factor (3);
  g_autoptr (SpSecret) other_device = make_factor (4);
  SpKeyslotFactors factors = { password, file, device };
  g_autoptr (GPtrArray) slots = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (sp_vault_change_password_with (vault, NULL, &factors, &cheap_cost, &error));
  g_assert_no_error (error);
  slots = sp_vault_list_slots (vault, NULL);
  g_assert_cmpint (((SpSlotInfo *) g_ptr_array_index (slots, 0))->factors, ==,
                   SP_FACTOR_KEY_FILE | SP_FACTOR_DEVICE_KEY);
  g_assert_true (sp_vault_check_factors (vault, &factors, &error));
  g_assert_false (sp_vault_check_password (vault, password, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_KEY_FILE_NEEDED);
  g_clear_error (&error);
  g_assert_false (sp_vault_change_password (vault, NULL, password, &cheap_cost, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID);
  g_clear_pointer (&vault, sp_vault_close);

  for (guint i = 0; i < 6; i++) {
    assert_factors (self, &(SpKeyslotFactors){ password, NULL, device },
                    SP_VAULT_ERROR_KEY_FILE_NEEDED);
    assert_factors (self, &(SpKeyslotFactors){ password, other_file, device },
                    SP_VAULT_ERROR_KEY_FILE_OTHER);
    assert_factors (self, &(SpKeyslotFactors){ password, file, NULL },
                    SP_VAULT_ERROR_DEVICE_KEY_NEEDED);
    assert_factors (self, &(SpKeyslotFactors){ password, file, other_device },
                    SP_VAULT_ERROR_DEVICE_KEY_OTHER);
  }
  assert_factors (self, &(SpKeyslotFactors){ wrong, file, device }, SP_VAULT_ERROR_WRONG_KEY);
  assert_factors (self, &factors, -1);
}

/* With a slot of a password alone beside it, a password without the file may still be a wrong one. */
static void
test_factors_beside (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (self);
  g_autoptr (SpSecret) password = sp_secret_new_text (VAULT_FIXTURE_PASSWORD);
  g_autoptr (SpSecret) second = sp_secret_new_text ("second");
  g_autoptr (SpSecret) file = make_factor (1);
  g_autoptr (SpSecret) other_file = make_factor (2);
  SpKeyslotFactors factors = { second, file, NULL };
  g_autoptr (GError) error = NULL;

  g_assert_true (
      sp_vault_add_password_slot_with (vault, "Both", &factors, &cheap_cost, NULL, &error));
  g_assert_no_error (error);
  g_clear_pointer (&vault, sp_vault_close);
  assert_factors (self, &factors, -1);
  assert_factors (self, &(SpKeyslotFactors){ password, NULL, NULL }, -1);
  assert_factors (self, &(SpKeyslotFactors){ second, NULL, NULL }, SP_VAULT_ERROR_WRONG_KEY);
  assert_factors (self, &(SpKeyslotFactors){ second, other_file, NULL },
                  SP_VAULT_ERROR_KEY_FILE_OTHER);
  assert_factors (self, &(SpKeyslotFactors){ password, file, NULL }, SP_VAULT_ERROR_WRONG_KEY);
}

static void
assert_salvage (VaultFixture *self,
                SpSlotKind kind,
                const SpKeyslotFactors *factors,
                const SpKeyslotFactors *next,
                gint code)
{
  g_autofree char *target = g_build_filename (self->dir, "salvaged.vault", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (SpSalvageReport) report = sp_vault_salvage_with (self->path, kind, factors, next,
                                                              target, &self->environment, &error);

  if (code < 0) {
    g_assert_no_error (error);
    g_assert_cmpuint (report->n_items, ==, 1);
    return;
  }
  g_assert_null (report);
  g_assert_error (error, SP_VAULT_ERROR, code);
  g_assert_false (g_file_test (target, G_FILE_TEST_EXISTS));
}

static void
go_to_salvaged (VaultFixture *self)
{
  g_free (self->path);
  self->path = g_build_filename (self->dir, "salvaged.vault", NULL);
}

/* Both seals are gone; a password with its key file still opens what is left. */
static void
test_salvage_with_key_file (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (self);
  g_autoptr (SpSecret) password = sp_secret_new_text (VAULT_FIXTURE_PASSWORD);
  g_autoptr (SpSecret) wrong = sp_secret_new_text ("wrong");
  g_autoptr (SpSecret) file = make_factor (1);
  g_autoptr (SpSecret) other = make_factor (2);
  SpKeyslotFactors factors = { password, file, NULL };
  g_autoptr (GError) error = NULL;

  vault_fixture_add_item (vault, "Bank");
  g_assert_true (sp_vault_change_password_with (vault, NULL, &factors, &cheap_cost, &error));
  g_assert_no_error (error);
  g_clear_pointer (&vault, sp_vault_close);
  vault_fixture_sql (self, "UPDATE seal_a SET data = zeroblob (length (data));"
                           "UPDATE seal_b SET data = zeroblob (length (data))");
  assert_factors (self, &factors, SP_VAULT_ERROR_DAMAGED);
  for (guint i = 0; i < 6; i++) {
    assert_salvage (self, SP_SLOT_PASSWORD, &(SpKeyslotFactors){ password, NULL, NULL }, NULL,
                    SP_VAULT_ERROR_KEY_FILE_NEEDED);
    assert_salvage (self, SP_SLOT_PASSWORD, &(SpKeyslotFactors){ password, other, NULL }, NULL,
                    SP_VAULT_ERROR_KEY_FILE_OTHER);
  }
  assert_salvage (self, SP_SLOT_PASSWORD, &(SpKeyslotFactors){ wrong, file, NULL }, NULL,
                  SP_VAULT_ERROR_WRONG_KEY);
  assert_salvage (self, SP_SLOT_PASSWORD, &factors, NULL, -1);
  go_to_salvaged (self);
  assert_factors (self, &(SpKeyslotFactors){ password, NULL, NULL },
                  SP_VAULT_ERROR_KEY_FILE_NEEDED);
  assert_factors (self, &factors, -1);
}

static void
test_salvage_with_recovery_key (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpSecret) key = create_with_key (self, VAULT_FIXTURE_START_MS + YEAR_MS, NULL);
  g_autoptr (SpSecret) wrong = sp_recovery_key_new (NULL);
  g_autoptr (SpSecret) password = sp_secret_new_text ("another horse");
  SpKeyslotFactors factors = { .secret = key };
  SpKeyslotFactors next = { .secret = password };

  assert_salvage (self, SP_SLOT_RECOVERY, &(SpKeyslotFactors){ .secret = wrong }, &next,
                  SP_VAULT_ERROR_WRONG_KEY);
  self->clock.now_ms += YEAR_MS;
  assert_salvage (self, SP_SLOT_RECOVERY, &factors, &next, SP_VAULT_ERROR_EXPIRED);
  self->clock.now_ms -= YEAR_MS;
  for (guint i = 0; i < 5; i++)
    assert_password (self, "wrong", FALSE);
  vault_fixture_sql (self, "UPDATE seal_a SET data = zeroblob (length (data));"
                           "UPDATE seal_b SET data = zeroblob (length (data))");
  assert_salvage (self, SP_SLOT_PASSWORD, &next, NULL, SP_VAULT_ERROR_LOCKED_OUT);
  assert_salvage (self, SP_SLOT_RECOVERY, &factors, &next, -1);
  go_to_salvaged (self);
  assert_password (self, VAULT_FIXTURE_PASSWORD, FALSE);
  assert_password (self, "another horse", TRUE);
  assert_refused (self, key, SP_VAULT_ERROR_WRONG_KEY);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  vault_fixture_test ("/recovery/opens", test_opens);
  vault_fixture_test ("/recovery/wrong-keys", test_wrong_keys);
  vault_fixture_test ("/recovery/no-key", test_no_key);
  vault_fixture_test ("/recovery/key-is-no-password", test_key_is_no_password);
  vault_fixture_test ("/recovery/no-lockout", test_no_lockout);
  vault_fixture_test ("/recovery/several", test_several);
  vault_fixture_test ("/recovery/invalid", test_invalid);
  vault_fixture_test ("/recovery/expired", test_expired);
  vault_fixture_test ("/recovery/unknown-expiry", test_unknown_expiry);
  vault_fixture_test ("/recovery/clock-set-back", test_clock_set_back);
  vault_fixture_test ("/recovery/expired-is-not-renewed", test_expired_is_not_renewed);
  vault_fixture_test ("/recovery/last-slot", test_last_slot);
  vault_fixture_test ("/recovery/recovery", test_recovery);
  vault_fixture_test ("/recovery/enforced", test_recovery_is_enforced);
  vault_fixture_test ("/recovery/without-password", test_recovery_without_password);
  vault_fixture_test ("/recovery/factors", test_factors);
  vault_fixture_test ("/recovery/factors-beside", test_factors_beside);
  vault_fixture_test ("/recovery/salvage-with-key-file", test_salvage_with_key_file);
  vault_fixture_test ("/recovery/salvage-with-recovery-key", test_salvage_with_recovery_key);
  return sp_test_run ();
}
