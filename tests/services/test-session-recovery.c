/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Recovery keys, key files and rotations by way of the session, with real vaults. */

#include "services/sp-session-recovery.h"

#include "password/sp-key-file.h"
#include "services/sp-secret-file.h"
#include "sp-session-fixture.h"

#define NEW_PASSWORD   "battery staple"
#define WRONG_PASSWORD "incorrect horse"

static SpSecret *
secret (const char *text)
{
  return sp_secret_new_text (text);
}

static SpSecret *
add_recovery_key (SessionFixture *self, const char *name, gint64 expires_ms)
{
  g_autoptr (SpVault) vault = vault_fixture_open (&self->vault);
  g_autoptr (GError) error = NULL;
  SpSecret *key;
  SpId id;

  key = sp_vault_add_recovery_key (vault, name, expires_ms, &id, &error);
  g_assert_no_error (error);
  return key;
}

/* One that nobody will use. */
static void
add_another_key (SessionFixture *self, const char *name)
{
  sp_secret_unref (add_recovery_key (self, name, 0));
}

/* ---- calls that wait for their answer --------------------------------------------------------------- */

static gboolean
unlock_with (SessionFixture *self, SpSlotKind kind, const SpKeyslotFactors *factors, GError **error)
{
  sp_session_unlock_with_async (self->session, kind, factors, NULL, session_fixture_answer_cb,
                                self);
  session_fixture_wait_for_answer (self);
  return sp_session_unlock_finish (self->session, self->result, error);
}

static void
recover_or_abort (SessionFixture *self, const SpSecret *key)
{
  const SpKeyslotFactors factors = { .secret = key };
  g_autoptr (GError) error = NULL;
  gboolean done = unlock_with (self, SP_SLOT_RECOVERY, &factors, &error);

  g_assert_no_error (error);
  g_assert_true (done);
}

static SpKeyPlan *
plan_recovery (SessionFixture *self, const char *password)
{
  g_autoptr (SpSecret) typed = secret (password);
  const SpKeyslotFactors factors = { .secret = typed };
  g_autoptr (GError) error = NULL;
  SpKeyPlan *plan;

  sp_session_plan_recovery_async (self->session, &factors, NULL, session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  plan = sp_session_plan_finish (self->session, self->result, &error);
  g_assert_no_error (error);
  return plan;
}

static SpKeyPlan *
plan_rotation (SessionFixture *self, const char *password, const SpId *dropped, GError **error)
{
  g_autoptr (SpSecret) typed = secret (password);
  const SpKeyslotFactors factors = { .secret = typed };

  sp_session_plan_rotation_async (self->session, &factors, dropped, NULL, session_fixture_answer_cb,
                                  self);
  session_fixture_wait_for_answer (self);
  return sp_session_plan_finish (self->session, self->result, error);
}

static gboolean
rotate (SessionFixture *self, GError **error)
{
  sp_session_rotate_async (self->session, NULL, NULL, NULL, session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  return sp_session_rotate_finish (self->session, self->result, error);
}

static GPtrArray *
list_slots (SessionFixture *self)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *slots;

  sp_session_list_slots_async (self->session, NULL, session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  slots = sp_session_list_slots_finish (self->session, self->result, &error);
  g_assert_no_error (error);
  return slots;
}

static SpId
find_slot (SessionFixture *self, const char *name)
{
  g_autoptr (GPtrArray) slots = list_slots (self);

  for (guint i = 0; i < slots->len; i++) {
    const SpSlotInfo *slot = g_ptr_array_index (slots, i);

    if (g_str_equal (slot->name, name))
      return slot->id;
  }
  g_assert_not_reached ();
}

/* ---- recovery --------------------------------------------------------------------------------------- */

/* Nothing can be seen until there is a new password, and then the old ways in are gone. */
static void
test_recovery (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpSecret) drawer = add_recovery_key (self, "Drawer", 0);
  g_autoptr (SpKeyPlan) plan = NULL;
  g_autoptr (GError) error = NULL;
  const SpNewRecoveryKey *first, *second;
  const SpKeyslotFactors old_key = { .secret = drawer };

  add_another_key (self, "Partner");
  recover_or_abort (self, drawer);
  g_assert_true (sp_session_is_recovering (self->session));
  g_assert_true (sp_session_is_held (self->session));
  g_assert_cmpint (sp_session_get_state (self->session), ==, SP_SESSION_OPENING);
  g_assert_null (sp_session_get_snapshot (self->session));

  plan = plan_recovery (self, NEW_PASSWORD);
  g_assert_cmpuint (plan->keys->len, ==, 2);
  g_assert_cmpuint (plan->lost->len, ==, 0);
  first = g_ptr_array_index (plan->keys, 0);
  second = g_ptr_array_index (plan->keys, 1);
  g_assert_cmpstr (first->name, ==, "Drawer");
  g_assert_cmpstr (second->name, ==, "Partner");
  g_assert_false (sp_secret_equal (first->key, drawer));
  g_assert_null (sp_session_get_snapshot (self->session));

  g_assert_true (rotate (self, &error));
  g_assert_no_error (error);
  g_assert_true (sp_session_is_open (self->session));
  g_assert_true (sp_session_is_writable (self->session));
  g_assert_false (sp_session_is_recovering (self->session));
  g_assert_nonnull (sp_session_get_snapshot (self->session));
  session_fixture_lock_and_flush (self);

  g_assert_false (session_fixture_unlock (self, VAULT_FIXTURE_PASSWORD, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY);
  g_clear_error (&error);
  g_assert_false (unlock_with (self, SP_SLOT_RECOVERY, &old_key, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY);
  g_clear_error (&error);
  recover_or_abort (self, second->key);
  sp_session_lock (self->session, SP_LOCK_BY_USER);
  session_fixture_flush (self);
  g_assert_true (session_fixture_unlock (self, NEW_PASSWORD, &error));
  session_fixture_lock_and_flush (self);
}

/* Giving up at any point leaves the vault as it was. */
static void
test_given_up (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpSecret) drawer = add_recovery_key (self, "Drawer", 0);
  g_autoptr (SpKeyPlan) plan = NULL;
  g_autoptr (GError) error = NULL;

  recover_or_abort (self, drawer);
  plan = plan_recovery (self, NEW_PASSWORD);
  sp_session_lock (self->session, SP_LOCK_IDLE);
  g_assert_false (sp_session_is_held (self->session));
  session_fixture_flush (self);
  g_assert_false (rotate (self, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  session_fixture_unlock_or_abort (self);
  session_fixture_lock_and_flush (self);
  recover_or_abort (self, drawer);
  sp_session_lock (self->session, SP_LOCK_BY_USER);
  session_fixture_flush (self);
}

static void
test_nothing_planned (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  session_fixture_unlock_or_abort (self);
  g_assert_false (rotate (self, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID);
  session_fixture_lock_and_flush (self);
}

/* ---- rotation --------------------------------------------------------------------------------------- */

static void
test_revoke (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpSecret) partner = add_recovery_key (self, "Partner", 0);
  const SpKeyslotFactors old_key = { .secret = partner };
  g_autoptr (SpKeyPlan) plan = NULL;
  g_autoptr (GPtrArray) slots = NULL;
  g_autoptr (GError) error = NULL;
  SpId id;

  add_another_key (self, "Drawer");
  session_fixture_unlock_or_abort (self);
  id = find_slot (self, "Partner");
  g_assert_null (plan_rotation (self, WRONG_PASSWORD, &id, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY);
  g_clear_error (&error);
  plan = plan_rotation (self, VAULT_FIXTURE_PASSWORD, &id, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (plan->keys->len, ==, 1);
  g_assert_true (rotate (self, &error));
  slots = list_slots (self);
  g_assert_cmpuint (slots->len, ==, 2);
  session_fixture_lock_and_flush (self);
  g_assert_false (unlock_with (self, SP_SLOT_RECOVERY, &old_key, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY);
  session_fixture_unlock_or_abort (self);
  session_fixture_lock_and_flush (self);
}

/* ---- slots ------------------------------------------------------------------------------------------ */

static void
test_change_slots (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) slots = NULL;
  g_autoptr (GError) error = NULL;
  gint64 expires_ms = sp_session_now_ms (self->session) + 1000;
  const SpSlotInfo *slot;
  SpId id;

  add_another_key (self, "Drawer");
  session_fixture_unlock_or_abort (self);
  id = find_slot (self, "Drawer");
  sp_session_rename_slot_async (self->session, &id, "Safe", session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  g_assert_true (sp_session_change_slot_finish (self->session, self->result, &error));
  sp_session_set_slot_expiry_async (self->session, &id, expires_ms, session_fixture_answer_cb,
                                    self);
  session_fixture_wait_for_answer (self);
  g_assert_true (sp_session_change_slot_finish (self->session, self->result, &error));
  slots = list_slots (self);
  slot = g_ptr_array_index (slots, 1);
  g_assert_cmpstr (slot->name, ==, "Safe");
  g_assert_cmpint (slot->expires_ms, ==, expires_ms);
  sp_session_remove_slot_async (self->session, &id, session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  g_assert_true (sp_session_change_slot_finish (self->session, self->result, &error));
  id = ((const SpSlotInfo *) g_ptr_array_index (slots, 0))->id;
  sp_session_remove_slot_async (self->session, &id, session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  g_assert_false (sp_session_change_slot_finish (self->session, self->result, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_LAST_SLOT);
  session_fixture_lock_and_flush (self);
}

/* Only once it is on paper it opens the vault. */
static void
test_add_recovery_key (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpNewRecoveryKey) key = sp_new_recovery_key_new (
      "Drawer", sp_session_now_ms (self->session), 0, &error);
  const SpKeyslotFactors factors = { .secret = key->key };

  g_assert_false (unlock_with (self, SP_SLOT_RECOVERY, &factors, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY);
  g_clear_error (&error);
  session_fixture_unlock_or_abort (self);
  sp_session_add_recovery_key_async (self->session, key, session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  g_assert_true (sp_session_change_slot_finish (self->session, self->result, &error));
  session_fixture_lock_and_flush (self);
  recover_or_abort (self, key->key);
  sp_session_lock (self->session, SP_LOCK_BY_USER);
  session_fixture_flush (self);
}

static SpSecret *
make_key_file (SessionFixture *self, GFile *file, GError **error)
{
  sp_key_file_make_async (file, NULL, session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  return sp_key_file_make_finish (file, self->result, error);
}

static SpSecret *
load_key_file (SessionFixture *self, GFile *file, GError **error)
{
  sp_key_file_load_async (file, NULL, session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  return sp_key_file_load_finish (file, self->result, error);
}

/* From then on the password alone opens nothing, and each thing that is missing has an error of its own. */
static void
test_key_file (SessionFixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->vault.dir, "vault.key", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (SpSecret) password = secret (VAULT_FIXTURE_PASSWORD);
  g_autoptr (GError) error = NULL;
  g_autoptr (SpSecret) key = make_key_file (self, file, &error);
  g_autoptr (SpSecret) loaded = load_key_file (self, file, &error);
  g_autoptr (SpSecret) other = sp_key_file_new (NULL);
  const SpKeyslotFactors before = { .secret = password };
  const SpKeyslotFactors after = { .secret = password, .key_file = loaded };
  const SpKeyslotFactors wrong = { .secret = password, .key_file = other };

  g_assert_no_error (error);
  g_assert_true (sp_secret_equal (key, loaded));
  g_assert_null (make_key_file (self, file, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_clear_error (&error);

  session_fixture_unlock_or_abort (self);
  sp_session_change_factors_async (self->session, &before, &after, session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  g_assert_true (sp_session_change_slot_finish (self->session, self->result, &error));
  sp_session_check_factors_async (self->session, &after, NULL, session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  g_assert_true (sp_session_check_factors_finish (self->session, self->result, &error));
  session_fixture_lock_and_flush (self);

  g_assert_false (unlock_with (self, SP_SLOT_PASSWORD, &before, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_KEY_FILE_NEEDED);
  g_clear_error (&error);
  g_assert_false (unlock_with (self, SP_SLOT_PASSWORD, &wrong, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_KEY_FILE_OTHER);
  g_clear_error (&error);
  g_assert_true (unlock_with (self, SP_SLOT_PASSWORD, &after, &error));
  session_fixture_lock_and_flush (self);
}

static void
test_no_key_file (SessionFixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->vault.dir, "gone.key", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFile) folder = g_file_new_for_path (self->vault.dir);
  g_autoptr (GError) error = NULL;

  g_assert_null (load_key_file (self, file, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (load_key_file (self, folder, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  session_fixture_test ("/services/session-recovery/recovery", test_recovery);
  session_fixture_test ("/services/session-recovery/given-up", test_given_up);
  session_fixture_test ("/services/session-recovery/nothing-planned", test_nothing_planned);
  session_fixture_test ("/services/session-recovery/revoke", test_revoke);
  session_fixture_test ("/services/session-recovery/change-slots", test_change_slots);
  session_fixture_test ("/services/session-recovery/add-recovery-key", test_add_recovery_key);
  session_fixture_test ("/services/session-recovery/key-file", test_key_file);
  session_fixture_test ("/services/session-recovery/no-key-file", test_no_key_file);
  return g_test_run ();
}
