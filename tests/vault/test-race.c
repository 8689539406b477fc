/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A key slot that another process takes away between two looks of an unlock. SQLite's door to the file is
 * replaced: when the unlock asks for a certain lock, the other process does its work first. So the moment
 * is always the same, without waiting for anything. */

#include "config.h"

#include <sqlite3.h>
#include <string.h>

#include "password/sp-recovery-key.h"
#include "sp-vault-fixture.h"
#include "vault/sp-vault-rotate.h"

static const SpKdfCost cheap_cost = { .memory_kib = 8, .passes = 1, .lanes = 1 };

typedef void (*Change) (SpVault *other, const SpId *id);

static struct {
  sqlite3_vfs vfs;
  sqlite3_vfs *real;
  sqlite3_io_methods methods;
  int (*real_lock) (sqlite3_file *file, int level);
  gboolean fail_delete; /* the journal goes, but that it is gone is not certain */

  gboolean counting;
  guint n_shared;       /* locks for reading since counting began */
  guint shared_at_save; /* of these, up to the first lock for writing */

  guint change_at; /* before this lock for reading; 0 for never */
  Change change;
  SpVault *other;
  SpId id;
} door;

static int
door_lock (sqlite3_file *file, int level)
{
  if (door.counting && level == SQLITE_LOCK_SHARED && ++door.n_shared == door.change_at) {
    door.counting = FALSE;
    door.change (door.other, &door.id);
  }
  if (door.counting && level == SQLITE_LOCK_RESERVED && door.shared_at_save == 0)
    door.shared_at_save = door.n_shared;
  return door.real_lock (file, level);
}

static int
door_open (sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
  int code = door.real->xOpen (door.real, name, file, flags, out_flags);

  if (code == SQLITE_OK && (flags & SQLITE_OPEN_MAIN_DB) != 0) {
    door.methods = *file->pMethods;
    door.real_lock = door.methods.xLock;
    door.methods.xLock = door_lock;
    file->pMethods = &door.methods;
  }
  return code;
}

static int
door_delete (sqlite3_vfs *vfs, const char *name, int sync_folder)
{
  int code = door.real->xDelete (door.real, name, sync_folder);

  return code == SQLITE_OK && door.fail_delete ? SQLITE_IOERR_DIR_FSYNC : code;
}

static void
install_door (void)
{
  door.real = sqlite3_vfs_find (NULL);
  door.vfs = *door.real;
  door.vfs.zName = "door";
  door.vfs.xOpen = door_open;
  door.vfs.xDelete = door_delete;
  g_assert_cmpint (sqlite3_vfs_register (&door.vfs, TRUE), ==, SQLITE_OK);
}

static SpVault *
open_second (VaultFixture *fixture, GError **error)
{
  door.counting = TRUE;
  door.n_shared = 0;
  door.shared_at_save = 0;
  return vault_fixture_try (fixture, "second", error);
}

static void
remove_slot (SpVault *other, const SpId *id)
{
  g_autoptr (GError) error = NULL;
  gboolean done = sp_vault_remove_slot (other, id, &error);

  g_assert_no_error (error);
  g_assert_true (done);
}

static void
change_password (SpVault *other, const SpId *id)
{
  g_autoptr (SpSecret) password = sp_secret_new_text ("third");
  g_autoptr (GError) error = NULL;
  gboolean done = sp_vault_change_password (other, id, password, &cheap_cost, &error);

  g_assert_no_error (error);
  g_assert_true (done);
}

static void
rename_vault (SpVault *other, const SpId *id)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (sp_vault_set_name (other, "Another", &error));
  g_assert_no_error (error);
}

/* The change comes after the unlock has read everything, and before it is recorded. */
static void
open_while (VaultFixture *fixture, Change change, gboolean opens)
{
  g_autoptr (SpSecret) password = sp_secret_new_text ("second");
  g_autoptr (SpVault) vault = NULL;
  g_autoptr (GError) error = NULL;

  door.other = vault_fixture_create (fixture);
  g_assert_true (
      sp_vault_add_password_slot (door.other, "second", password, &cheap_cost, &door.id, &error));
  /* The state folder's hint makes the order of reading the same in both runs. */
  sp_vault_close (open_second (fixture, &error));
  g_assert_no_error (error);
  vault = open_second (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (door.shared_at_save, >, 1);
  g_clear_pointer (&vault, sp_vault_close);

  door.change = change;
  door.change_at = door.shared_at_save;
  vault = open_second (fixture, &error);
  g_assert_false (door.counting); /* it happened */
  door.change_at = 0;
  if (opens) {
    g_assert_no_error (error);
    g_assert_cmpint (sp_vault_get_state (vault), ==, SP_VAULT_STATE_SOUND);
  } else {
    g_assert_null (vault);
    g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY);
    g_assert_nonnull (strstr (error->message, "just removed"));
  }
  g_clear_pointer (&vault, sp_vault_close);
  g_clear_pointer (&door.other, sp_vault_close);
}

static void
test_slot_removed (VaultFixture *fixture, gconstpointer data)
{
  open_while (fixture, remove_slot, FALSE);
}

/* The slot keeps its id, and has another password. */
static void
test_password_changed (VaultFixture *fixture, gconstpointer data)
{
  open_while (fixture, change_password, FALSE);
}

static void
test_other_change (VaultFixture *fixture, gconstpointer data)
{
  open_while (fixture, rename_vault, TRUE);
}

static void
rename_slot (SpVault *other, const SpId *id)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (sp_vault_rename_slot (other, id, "Elsewhere", &error));
  g_assert_no_error (error);
}

/* Whenever another process writes the slot, its time is over all the same. */
static void
test_expired (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpSecret) key = NULL;
  g_autoptr (GError) error = NULL;
  SpKeyslotFactors factors = { 0 };
  guint n_happened = 0;

  door.other = vault_fixture_create (fixture);
  key = sp_vault_add_recovery_key (door.other, "Drawer", fixture->clock.now_ms + 1, &door.id,
                                   &error);
  g_assert_no_error (error);
  factors.secret = key;
  fixture->clock.now_ms += 1;
  door.change = rename_slot;
  for (door.change_at = 1; door.change_at < 10; door.change_at++) {
    door.counting = TRUE;
    door.n_shared = 0;
    g_assert_null (sp_vault_open_with (fixture->path, SP_SLOT_RECOVERY, &factors,
                                       SP_VAULT_OPEN_DEFAULT, &fixture->environment, &error));
    g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_EXPIRED);
    g_clear_error (&error);
    n_happened += !door.counting;
    door.counting = FALSE;
  }
  g_assert_cmpuint (n_happened, >, 1);
  door.change_at = 0;
  g_clear_pointer (&door.other, sp_vault_close);
}

static SpRotation *
plan_keep (SpVault *vault)
{
  g_autoptr (SpSecret) password = sp_secret_new_text (VAULT_FIXTURE_PASSWORD);
  SpKeyslotFactors factors = { .secret = password };
  g_autoptr (GError) error = NULL;
  SpRotation *plan = sp_rotation_new (vault, &error);

  g_assert_no_error (error);
  g_assert_true (sp_rotation_keep (plan, SP_SLOT_PASSWORD, &factors, &error));
  g_assert_no_error (error);
  return plan;
}

static void
rotate (SpVault *other, const SpId *id)
{
  g_autoptr (SpRotation) plan = plan_keep (other);
  g_autoptr (GError) error = NULL;

  g_assert_true (sp_vault_rotate_keys (other, plan, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
}

/* Whenever another process replaces the vault key, nothing is damaged. */
static void
test_rotated (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  guint n_happened = 0;

  door.other = vault_fixture_create (fixture);
  door.change = rotate;
  for (door.change_at = 1; door.change_at < 10; door.change_at++) {
    g_autoptr (SpVault) vault = NULL;

    door.counting = TRUE;
    door.n_shared = 0;
    vault = vault_fixture_try (fixture, VAULT_FIXTURE_PASSWORD, &error);
    g_assert_no_error (error);
    g_assert_nonnull (vault);
    n_happened += !door.counting;
    door.counting = FALSE;
  }
  g_assert_cmpuint (n_happened, >, 2);
  door.change_at = 0;
  g_clear_pointer (&door.other, sp_vault_close);
}

/* When the disk fails at the very end, the new key is the one in the file: that must not be told as no change. */
static void
test_uncertain_rotation (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  g_autoptr (SpRotation) plan = NULL;
  g_autoptr (GError) error = NULL;
  SpVaultInfo info;

  plan = plan_keep (vault);
  door.fail_delete = TRUE;
  g_assert_false (sp_vault_rotate_keys (vault, plan, NULL, NULL, NULL, &error));
  door.fail_delete = FALSE;
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_UNCERTAIN);
  g_clear_error (&error);
  sp_vault_get_info (vault, &info);
  g_assert_cmpuint (info.key_epoch, ==, 2);

  /* The session goes on. */
  g_assert_true (sp_vault_set_name (vault, "Another", &error));
  g_assert_no_error (error);
  vault_fixture_assert_verifies (vault);
  g_clear_pointer (&vault, sp_vault_close);
  vault_fixture_assert_sound (fixture);
}

/* The same of a recovery key. */
static void
test_uncertain_key (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  g_autoptr (SpSecret) key = sp_recovery_key_new (NULL);
  SpKeyslotFactors factors = { .secret = key };
  g_autoptr (GError) error = NULL;

  door.fail_delete = TRUE;
  g_assert_false (sp_vault_add_made_recovery_key (vault, key, "Drawer", 0, NULL, &error));
  door.fail_delete = FALSE;
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_UNCERTAIN);
  g_clear_error (&error);
  g_clear_pointer (&vault, sp_vault_close);
  vault = sp_vault_open_with (fixture->path, SP_SLOT_RECOVERY, &factors, SP_VAULT_OPEN_DEFAULT,
                              &fixture->environment, &error);
  g_assert_no_error (error);
  g_assert_nonnull (vault);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  install_door ();
  vault_fixture_test ("/vault/race/slot-removed", test_slot_removed);
  vault_fixture_test ("/vault/race/password-changed", test_password_changed);
  vault_fixture_test ("/vault/race/other-change", test_other_change);
  vault_fixture_test ("/vault/race/expired", test_expired);
  vault_fixture_test ("/vault/race/rotated", test_rotated);
  vault_fixture_test ("/vault/race/uncertain-rotation", test_uncertain_rotation);
  vault_fixture_test ("/vault/race/uncertain-key", test_uncertain_key);
  return sp_test_run ();
}
