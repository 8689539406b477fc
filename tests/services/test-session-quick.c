/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Quick unlock by way of the session, with a real keyring (with-keyring.sh). */

#include "services/sp-session-quick.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "services/sp-keyring.h"
#include "services/sp-quick-unlock.h"
#include "services/sp-session-keys.h"
#include "sp-session-fixture.h"
#include "vault/sp-vault-quick.h"

#define HOUR_MS      (G_GINT64_CONSTANT (3600) * 1000)
#define NEW_PASSWORD "battery staple"

#define quick_test(path, function) \
  g_test_add ((path), SessionFixture, NULL, setup, (function), teardown)

static gboolean
try_to_set (SessionFixture *self, const char *password, GError **error)
{
  g_autoptr (SpSecret) typed = sp_secret_new_text (password);
  const SpKeyslotFactors proof = { .secret = typed };

  sp_session_set_quick_unlock_async (self->session, &proof, 1, NULL, session_fixture_answer_cb,
                                     self);
  session_fixture_wait_for_answer (self);
  return sp_session_set_quick_unlock_finish (self->session, self->result, error);
}

/* For an hour, and locks. */
static void
set_and_lock (SessionFixture *self)
{
  g_autoptr (GError) error = NULL;
  gboolean done;

  session_fixture_unlock_or_abort (self);
  done = try_to_set (self, VAULT_FIXTURE_PASSWORD, &error);
  g_assert_no_error (error);
  g_assert_true (done);
  session_fixture_lock_and_flush (self);
}

static gboolean
unlock_quickly (SessionFixture *self, GError **error)
{
  sp_session_unlock_quickly_async (self->session, NULL, session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  return sp_session_unlock_quickly_finish (self->session, self->result, error);
}

static char *
dup_file (void)
{
  g_autofree char *folder = g_build_filename (g_getenv ("XDG_RUNTIME_DIR"), "securepass",
                                              "quick-unlock", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name = dir != NULL ? g_dir_read_name (dir) : NULL;

  return name != NULL ? g_build_filename (folder, name, NULL) : NULL;
}

static gboolean
is_file_there (void)
{
  g_autofree char *file = dup_file ();

  return file != NULL;
}

static void
get_vault_id (SessionFixture *self, SpId *out_id)
{
  g_autoptr (SpVault) vault = vault_fixture_open (&self->vault);
  SpVaultInfo info;

  sp_vault_get_info (vault, &info);
  *out_id = info.vault_id;
}

static SpSecret *
look_up (const SpId *vault_id)
{
  g_autoptr (GError) error = NULL;
  SpSecret *half = sp_keyring_lookup (SP_KEYRING_QUICK_UNLOCK, vault_id, NULL, &error);

  g_assert_no_error (error);
  return half;
}

static gboolean
is_in_keyring (const SpId *vault_id)
{
  g_autoptr (SpSecret) half = look_up (vault_id);

  return half != NULL;
}

/* In a thread of its own, whose end comes to the main loop. */
static void
wait_until_forgotten (SessionFixture *self, const SpId *vault_id)
{
  session_fixture_wait_until (self, !is_file_there () && !is_in_keyring (vault_id));
  g_assert_cmpint (sp_session_get_quick_unlock (self->session), ==, 0);
}

static void
test_unlocks (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *file = NULL;
  struct stat status;
  gboolean done;

  set_and_lock (self);
  g_assert_cmpint (sp_session_get_quick_unlock (self->session), ==,
                   sp_session_now_ms (self->session) + HOUR_MS);
  file = dup_file ();
  g_assert_cmpint (stat (file, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 0777, ==, 0600);

  done = unlock_quickly (self, &error);
  g_assert_no_error (error);
  g_assert_true (done);
  g_assert_true (sp_session_is_writable (self->session));
  g_assert_cmpuint (session_fixture_first_number (self), >, 0);
}

static void
test_wrong_password (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  session_fixture_unlock_or_abort (self);
  g_assert_false (try_to_set (self, "incorrect horse", &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY);
  g_assert_false (is_file_there ());
  g_assert_cmpint (sp_session_get_quick_unlock (self->session), ==, 0);
}

/* What a program of the same user can read of the keyring does not open the vault, nor does the file. */
static void
test_halves (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpSecret) half = NULL;
  g_autofree char *file = NULL;
  SpId vault_id;

  set_and_lock (self);
  get_vault_id (self, &vault_id);
  half = look_up (&vault_id);
  g_assert_cmpuint (sp_secret_get_length (half), ==, SP_QUICK_KEY_LEN / 2);

  file = dup_file ();
  g_assert_cmpint (g_unlink (file), ==, 0);
  g_assert_false (unlock_quickly (self, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);

  set_and_lock (self);
  g_assert_true (sp_keyring_clear (SP_KEYRING_QUICK_UNLOCK, &vault_id, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (unlock_quickly (self, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

/* One that others could read is not used. */
static void
test_open_file (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *file = NULL;

  set_and_lock (self);
  file = dup_file ();
  g_assert_cmpint (g_chmod (file, 0644), ==, 0);
  g_assert_false (unlock_quickly (self, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
test_expires (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  SpId vault_id;

  set_and_lock (self);
  self->vault.clock.now_ms += HOUR_MS;
  g_assert_cmpint (sp_session_get_quick_unlock (self->session), ==, 0);
  g_assert_false (unlock_quickly (self, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_EXPIRED);
  get_vault_id (self, &vault_id);
  wait_until_forgotten (self, &vault_id);
}

/* What is of no use any more goes when the vault is locked. */
static void
test_password_change (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpSecret) old_password = sp_secret_new_text (VAULT_FIXTURE_PASSWORD);
  g_autoptr (SpSecret) new_password = sp_secret_new_text (NEW_PASSWORD);
  g_autoptr (GError) error = NULL;
  SpId vault_id;

  set_and_lock (self);
  get_vault_id (self, &vault_id);
  session_fixture_unlock_or_abort (self);
  sp_session_change_password_async (self->session, old_password, new_password, NULL,
                                    session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  g_assert_true (sp_session_change_password_finish (self->session, self->result, &error));
  g_assert_no_error (error);
  session_fixture_lock_and_flush (self);
  wait_until_forgotten (self, &vault_id);
}

static void
test_removed (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  SpId vault_id;

  set_and_lock (self);
  get_vault_id (self, &vault_id);
  session_fixture_unlock_or_abort (self);
  sp_session_remove_quick_unlock_async (self->session, session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  g_assert_true (sp_session_remove_quick_unlock_finish (self->session, self->result, &error));
  g_assert_no_error (error);
  wait_until_forgotten (self, &vault_id);
}

/* A login without a folder that is emptied when it ends has none. */
static void
test_no_folder (SessionFixture *self, gconstpointer data)
{
  g_autofree char *folder = g_strdup (g_getenv ("XDG_RUNTIME_DIR"));
  g_autoptr (GError) error = NULL;
  SpId vault_id;

  get_vault_id (self, &vault_id);
  session_fixture_unlock_or_abort (self);
  g_unsetenv ("XDG_RUNTIME_DIR");
  g_assert_false (try_to_set (self, VAULT_FIXTURE_PASSWORD, &error));
  g_setenv ("XDG_RUNTIME_DIR", folder, TRUE);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_assert_false (is_in_keyring (&vault_id));
}

static void
setup (SessionFixture *self, gconstpointer data)
{
  g_autofree char *left = dup_file ();

  if (left != NULL)
    g_assert_cmpint (g_unlink (left), ==, 0);
  session_fixture_setup (self, data);
}

/* Once the thread has closed what there was. */
static void
teardown (SessionFixture *self, gconstpointer data)
{
  session_fixture_lock_and_flush (self);
  session_fixture_teardown (self, data);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  quick_test ("/quick/unlocks", test_unlocks);
  quick_test ("/quick/wrong-password", test_wrong_password);
  quick_test ("/quick/halves", test_halves);
  quick_test ("/quick/open-file", test_open_file);
  quick_test ("/quick/expires", test_expires);
  quick_test ("/quick/password-change", test_password_change);
  quick_test ("/quick/removed", test_removed);
  quick_test ("/quick/no-folder", test_no_folder);
  return sp_test_run ();
}
