/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Deleting a vault by way of the session, and what can be done with one in a file that cannot be written. */

#include "services/sp-session-keys.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "services/sp-session-private.h"
#include "sp-session-fixture.h"
#include "vault/sp-vault-log.h"

#define NEW_PASSWORD   "battery staple"
#define WRONG_PASSWORD "incorrect horse"
#define NOBODY         65534

static SpSecret *
secret (const char *text)
{
  return sp_secret_new_text (text);
}

static gboolean
exists (const char *path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS) || g_file_test (path, G_FILE_TEST_IS_SYMLINK);
}

static char *
beside (SessionFixture *self, const char *name)
{
  return g_build_filename (self->vault.dir, name, NULL);
}

static gboolean
check (SessionFixture *self, const char *password, GError **error)
{
  g_autoptr (SpSecret) typed = secret (password);

  sp_session_check_password_async (self->session, typed, NULL, session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  return sp_session_check_password_finish (self->session, self->result, error);
}

static gboolean
change (SessionFixture *self, const char *old_password, GError **error)
{
  g_autoptr (SpSecret) old_secret = secret (old_password);
  g_autoptr (SpSecret) new_secret = secret (NEW_PASSWORD);

  sp_session_change_password_async (self->session, old_secret, new_secret, NULL,
                                    session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  return sp_session_change_password_finish (self->session, self->result, error);
}

static gboolean
rename_vault (SessionFixture *self, const char *name, GError **error)
{
  sp_session_rename_async (self->session, name, session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  return sp_session_rename_finish (self->session, self->result, error);
}

static GPtrArray *
verify (SessionFixture *self, GError **error)
{
  sp_session_verify_async (self->session, NULL, NULL, NULL, session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  return sp_session_verify_finish (self->session, self->result, error);
}

static void
start_delete (SessionFixture *self, const char *password, GCancellable *cancellable)
{
  g_autoptr (SpSecret) typed = secret (password);

  sp_session_delete_vault_async (self->session, typed, cancellable, session_fixture_answer_cb,
                                 self);
}

static GPtrArray *
delete_vault (SessionFixture *self, const char *password, GError **error)
{
  start_delete (self, password, NULL);
  session_fixture_wait_for_answer (self);
  return sp_session_delete_vault_finish (self->session, self->result, error);
}

static guint
count_events (SessionFixture *self, SpEventKind kind)
{
  g_autoptr (SpVault) vault = vault_fixture_open (&self->vault);
  g_autoptr (GPtrArray) events = sp_vault_read_log (vault, 0, 100, NULL);
  guint count = 0;

  g_assert_nonnull (events);
  for (guint i = 0; i < events->len; i++)
    count += ((const SpEvent *) g_ptr_array_index (events, i))->kind == kind;
  return count;
}

static guint
count_pins (SessionFixture *self)
{
  g_autoptr (GDir) dir = g_dir_open (self->vault.state_dir, 0, NULL);
  guint count = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    count++;
  return count;
}

/* Everything is as it was, and the vault is still open. */
static void
assert_nothing_deleted (SessionFixture *self)
{
  g_assert_true (sp_session_is_open (self->session));
  g_assert_true (exists (self->vault.path));
  g_assert_cmpuint (count_pins (self), ==, 1);
  session_fixture_lock_and_flush (self);
  vault_fixture_assert_sound (&self->vault);
}

/* ---- deleting --------------------------------------------------------------------------------------- */

static void
test_delete (SessionFixture *self, gconstpointer data)
{
  static const char *const suffixes[] = { "-journal", "-wal", "-shm" };
  g_autofree char *other = beside (self, "other.vault");
  g_autoptr (GPtrArray) left = NULL;
  g_autoptr (GError) error = NULL;

  session_fixture_unlock_or_abort (self);
  g_assert_true (g_file_set_contents (other, "other", -1, NULL));
  g_assert_cmpuint (count_pins (self), ==, 1);
  for (guint i = 1; i < G_N_ELEMENTS (suffixes); i++) {
    g_autofree char *path = g_strconcat (self->vault.path, suffixes[i], NULL);

    g_assert_true (g_file_set_contents (path, "left", -1, NULL));
  }
  left = delete_vault (self, VAULT_FIXTURE_PASSWORD, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (left->len, ==, 0);
  g_assert_cmpint (sp_session_get_state (self->session), ==, SP_SESSION_LOCKED);
  g_assert_false (exists (self->vault.path));
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++) {
    g_autofree char *path = g_strconcat (self->vault.path, suffixes[i], NULL);

    g_assert_false (exists (path));
  }
  g_assert_cmpuint (count_pins (self), ==, 0);
  g_assert_true (exists (other));
  session_fixture_flush (self);
  g_assert_cmpuint (sp_secret_count_live (), ==, 0);
}

static void
test_delete_wrong (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) left = NULL;
  g_autoptr (GError) error = NULL;

  session_fixture_unlock_or_abort (self);
  left = delete_vault (self, WRONG_PASSWORD, &error);
  g_assert_null (left);
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY);
  assert_nothing_deleted (self);
  g_assert_cmpuint (count_events (self, SP_EVENT_UNLOCK_FAILED), ==, 1);
}

static void
test_delete_locked_out (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) left = NULL;
  g_autoptr (GError) error = NULL;

  session_fixture_unlock_or_abort (self);
  for (guint i = 0; i < 5; i++)
    g_assert_false (check (self, WRONG_PASSWORD, NULL));
  left = delete_vault (self, VAULT_FIXTURE_PASSWORD, &error);
  g_assert_null (left);
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_LOCKED_OUT);
  self->vault.clock.now_ms += 31 * 1000;
  assert_nothing_deleted (self);
}

static void
test_delete_cancelled (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GPtrArray) left = NULL;
  g_autoptr (GError) error = NULL;

  session_fixture_unlock_or_abort (self);
  session_fixture_hold_thread (self);
  start_delete (self, VAULT_FIXTURE_PASSWORD, cancellable);
  g_cancellable_cancel (cancellable);
  session_fixture_let_thread_go (self);
  session_fixture_wait_for_answer (self);
  left = sp_session_delete_vault_finish (self->session, self->result, &error);
  g_assert_null (left);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_nothing_deleted (self);
}

static void
test_delete_locked (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) left = NULL;
  g_autoptr (GError) error = NULL;

  session_fixture_unlock_or_abort (self);
  session_fixture_hold_thread (self);
  start_delete (self, VAULT_FIXTURE_PASSWORD, NULL);
  sp_session_lock (self->session, SP_LOCK_IDLE);
  session_fixture_let_thread_go (self);
  session_fixture_wait_for_answer (self);
  left = sp_session_delete_vault_finish (self->session, self->result, &error);
  g_assert_null (left);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  session_fixture_flush (self);
  g_assert_true (exists (self->vault.path));
  vault_fixture_assert_sound (&self->vault);
}

/* It was deleted when the vault was locked, and nobody had been told yet. */
static void
test_delete_locked_last (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) left = NULL;
  g_autoptr (GError) error = NULL;

  session_fixture_unlock_or_abort (self);
  start_delete (self, VAULT_FIXTURE_PASSWORD, NULL);
  session_fixture_wait_for_thread (self);
  sp_session_lock (self->session, SP_LOCK_IDLE);
  session_fixture_wait_for_answer (self);
  left = sp_session_delete_vault_finish (self->session, self->result, &error);
  g_assert_no_error (error);
  g_assert_nonnull (left);
  session_fixture_flush (self);
  g_assert_false (exists (self->vault.path));
}

/* Both the link and what it leads to. */
static void
test_delete_link (SessionFixture *self, gconstpointer data)
{
  g_autofree char *link = beside (self, "link.vault");
  g_autoptr (GPtrArray) left = NULL;

  g_assert_cmpint (symlink (self->vault.path, link), ==, 0);
  sp_session_set_path (self->session, link);
  session_fixture_unlock_or_abort (self);
  left = delete_vault (self, VAULT_FIXTURE_PASSWORD, NULL);
  g_assert_nonnull (left);
  g_assert_cmpuint (left->len, ==, 0);
  g_assert_false (exists (self->vault.path));
  g_assert_false (exists (link));
  session_fixture_flush (self);
}

/* A vault that does not verify can be got rid of, too. */
static void
test_delete_damaged (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) left = NULL;

  vault_fixture_sql (&self->vault, "DELETE FROM page");
  session_fixture_unlock_or_abort (self);
  left = delete_vault (self, VAULT_FIXTURE_PASSWORD, NULL);
  g_assert_nonnull (left);
  g_assert_false (exists (self->vault.path));
  session_fixture_flush (self);
}

/* What stands there now is not the vault that is open. */
static void
test_delete_replaced (SessionFixture *self, gconstpointer data)
{
  g_autofree char *away = beside (self, "away.vault");
  g_autoptr (GPtrArray) left = NULL;
  g_autoptr (GError) error = NULL;

  session_fixture_unlock_or_abort (self);
  /* The look that follows the opening, which would find it out and lock, is over before. */
  sp_session_watch_stop (self->session);
  session_fixture_flush (self);
  g_assert_cmpint (g_rename (self->vault.path, away), ==, 0);
  vault_fixture_copy (away, self->vault.path);
  left = delete_vault (self, VAULT_FIXTURE_PASSWORD, &error);
  g_assert_null (left);
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_REPLACED);
  session_fixture_wait_until (self, !sp_session_is_open (self->session));
  session_fixture_flush (self);
  g_assert_true (exists (self->vault.path));
  g_assert_true (exists (away));
}

/* ---- read-only files -------------------------------------------------------------------------------- */

/* The session has a thread, which a fork would leave behind, so the other user gets one of their own. */
static void
check_read_only (SessionFixture *self)
{
  g_autoptr (GPtrArray) left = NULL;
  g_autoptr (GPtrArray) problems = NULL;
  g_autoptr (GError) error = NULL;

  self->session = sp_session_new (NULL, &self->vault.clock.clock);
  sp_session_set_path (self->session, self->vault.path);
  session_fixture_unlock_or_abort (self);
  g_assert_cmpint (sp_session_get_vault_state (self->session), ==, SP_VAULT_STATE_READ_ONLY);
  g_assert_false (rename_vault (self, "Other", &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_READ_ONLY);
  g_clear_error (&error);
  g_assert_false (change (self, VAULT_FIXTURE_PASSWORD, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_READ_ONLY);
  g_clear_error (&error);
  g_assert_true (check (self, VAULT_FIXTURE_PASSWORD, NULL));
  problems = verify (self, NULL);
  g_assert_cmpuint (problems->len, ==, 0);

  left = delete_vault (self, VAULT_FIXTURE_PASSWORD, &error);
  g_assert_null (left);
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_PERMISSION);
  g_assert_true (sp_session_is_open (self->session));
  g_assert_true (exists (self->vault.path));
  session_fixture_lock_and_flush (self);
}

/* Runs as somebody whom file modes stop: root is let through everywhere. */
static void
test_read_only_subprocess (void)
{
  SessionFixture self = { 0 };

  vault_fixture_setup (&self.vault, NULL);
  vault_fixture_create_with_item (&self.vault);
  g_assert_cmpint (g_chmod (self.vault.path, 0400), ==, 0);
  g_assert_cmpint (g_chmod (self.vault.dir, 0500), ==, 0);
  if (geteuid () == 0) {
    g_assert_cmpint (chown (self.vault.path, NOBODY, NOBODY), ==, 0);
    g_assert_cmpint (chown (self.vault.dir, NOBODY, NOBODY), ==, 0);
    g_assert_cmpint (setegid (NOBODY), ==, 0);
    g_assert_cmpint (seteuid (NOBODY), ==, 0);
  }
  check_read_only (&self);
  g_clear_object (&self.result);
  g_assert_finalize_object (self.session);
  g_assert_cmpint (g_chmod (self.vault.dir, 0700), ==, 0);
  g_assert_true (seteuid (getuid ()) == 0 && setegid (getgid ()) == 0);
  vault_fixture_teardown (&self.vault, NULL);
}

static void
test_read_only (void)
{
  g_test_trap_subprocess ("/services/session-delete/read-only/subprocess", 0,
                          G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define add(path, function) session_fixture_test ("/services/session-delete/" path, function)
  add ("deleted", test_delete);
  add ("wrong", test_delete_wrong);
  add ("locked-out", test_delete_locked_out);
  add ("cancelled", test_delete_cancelled);
  add ("locked", test_delete_locked);
  add ("locked-last", test_delete_locked_last);
  add ("link", test_delete_link);
  add ("damaged", test_delete_damaged);
  add ("replaced", test_delete_replaced);
#undef add
  g_test_add_func ("/services/session-delete/read-only", test_read_only);
  g_test_add_func ("/services/session-delete/read-only/subprocess", test_read_only_subprocess);
  return sp_test_run ();
}
