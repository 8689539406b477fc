/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The password, and the vault as a whole, by way of the session: with real vaults, and what can go wrong. */

#include "services/sp-session-keys.h"

#include <glib/gstdio.h>

#include "sp-fault-vfs.h"
#include "sp-session-fixture.h"
#include "vault/sp-vault-log.h"

#define NEW_PASSWORD   "battery staple"
#define WRONG_PASSWORD "incorrect horse"

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

/* ---- calls that wait for their answer --------------------------------------------------------------- */

static gboolean
check (SessionFixture *self, const char *password, GError **error)
{
  g_autoptr (SpSecret) typed = secret (password);

  sp_session_check_password_async (self->session, typed, NULL, session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  return sp_session_check_password_finish (self->session, self->result, error);
}

static void
start_change (SessionFixture *self, const char *old_password, GCancellable *cancellable)
{
  g_autoptr (SpSecret) old_secret = secret (old_password);
  g_autoptr (SpSecret) new_secret = secret (NEW_PASSWORD);

  sp_session_change_password_async (self->session, old_secret, new_secret, cancellable,
                                    session_fixture_answer_cb, self);
}

static gboolean
change (SessionFixture *self, const char *old_password, GError **error)
{
  start_change (self, old_password, NULL);
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

static gboolean
accept_as (SessionFixture *self, const char *copy, GError **error)
{
  sp_session_accept_async (self->session, copy, session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  return sp_session_accept_finish (self->session, self->result, error);
}

static SpSalvageReport *
salvage (SessionFixture *self, const char *password, const char *target, GError **error)
{
  g_autoptr (SpSecret) typed = secret (password);

  sp_session_salvage_async (self->session, typed, target, NULL, session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  return sp_session_salvage_finish (self->session, self->result, error);
}

/* ---- what is in the file ---------------------------------------------------------------------------- */

static gboolean
opens_with (SessionFixture *self, const char *password)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpVault) vault = vault_fixture_try (&self->vault, password, &error);

  if (vault == NULL)
    g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY);
  return vault != NULL;
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

/* ---- checking the password -------------------------------------------------------------------------- */

static void
test_check (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  session_fixture_unlock_or_abort (self);
  g_assert_true (check (self, VAULT_FIXTURE_PASSWORD, &error));
  g_assert_no_error (error);
  g_assert_false (check (self, WRONG_PASSWORD, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY);
  g_assert_true (sp_session_is_open (self->session));
  session_fixture_lock_and_flush (self);
  g_assert_cmpuint (count_events (self, SP_EVENT_UNLOCK_FAILED), ==, 1);
}

/* Nor does the right one help before the wait is over. */
static void
test_check_locked_out (SessionFixture *self, gconstpointer data)
{
  session_fixture_unlock_or_abort (self);
  for (guint i = 0; i < 5; i++) {
    g_autoptr (GError) error = NULL;

    g_assert_false (check (self, WRONG_PASSWORD, &error));
    g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY);
  }
  for (guint i = 0; i < 2; i++) {
    g_autoptr (GError) error = NULL;

    g_assert_false (check (self, i == 0 ? WRONG_PASSWORD : VAULT_FIXTURE_PASSWORD, &error));
    g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_LOCKED_OUT);
  }
  self->vault.clock.now_ms += 31 * 1000;
  g_assert_true (check (self, VAULT_FIXTURE_PASSWORD, NULL));
  session_fixture_lock_and_flush (self);
  g_assert_cmpuint (count_events (self, SP_EVENT_UNLOCK_FAILED), ==, 5);
}

/* Giving up after the guess is no way around counting it. */
static void
test_check_cancelled (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (SpSecret) typed = secret (WRONG_PASSWORD);
  g_autoptr (GError) error = NULL;

  session_fixture_unlock_or_abort (self);
  sp_session_check_password_async (self->session, typed, cancellable, session_fixture_answer_cb,
                                   self);
  session_fixture_wait_for_thread (self);
  g_cancellable_cancel (cancellable);
  session_fixture_wait_for_answer (self);
  g_assert_false (sp_session_check_password_finish (self->session, self->result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  session_fixture_lock_and_flush (self);
  g_assert_cmpuint (count_events (self, SP_EVENT_UNLOCK_FAILED), ==, 1);
}

/* Another process changed the password: the new one is the right one from then on. */
static void
test_check_changed_elsewhere (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpSecret) new_secret = secret (NEW_PASSWORD);
  g_autoptr (GError) error = NULL;
  const SpKdfCost cost = { .memory_kib = 8, .passes = 1, .lanes = 1 };
  SpVault *other;

  session_fixture_unlock_or_abort (self);
  other = vault_fixture_open (&self->vault);
  g_assert_true (sp_vault_change_password (other, NULL, new_secret, &cost, &error));
  sp_vault_close (other);
  g_assert_true (check (self, NEW_PASSWORD, &error));
  g_assert_no_error (error);
  g_assert_false (check (self, VAULT_FIXTURE_PASSWORD, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY);
  session_fixture_lock_and_flush (self);
}

/* ---- changing the password -------------------------------------------------------------------------- */

static void
test_change (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gboolean done;

  session_fixture_unlock_or_abort (self);
  done = change (self, VAULT_FIXTURE_PASSWORD, &error);
  g_assert_no_error (error);
  g_assert_true (done);
  g_assert_true (sp_session_is_open (self->session));
  session_fixture_lock_and_flush (self);
  g_assert_false (opens_with (self, VAULT_FIXTURE_PASSWORD));
  g_assert_true (opens_with (self, NEW_PASSWORD));
}

static void
test_change_wrong (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  session_fixture_unlock_or_abort (self);
  g_assert_false (change (self, WRONG_PASSWORD, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY);
  session_fixture_lock_and_flush (self);
  g_assert_false (opens_with (self, NEW_PASSWORD));
  g_assert_true (opens_with (self, VAULT_FIXTURE_PASSWORD));
  g_assert_cmpuint (count_events (self, SP_EVENT_PASSWORD_CHANGED), ==, 0);
}

static void
test_change_cancelled (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  session_fixture_unlock_or_abort (self);
  session_fixture_hold_thread (self);
  start_change (self, VAULT_FIXTURE_PASSWORD, cancellable);
  g_cancellable_cancel (cancellable);
  session_fixture_let_thread_go (self);
  session_fixture_wait_for_answer (self);
  g_assert_false (sp_session_change_password_finish (self->session, self->result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  session_fixture_lock_and_flush (self);
  g_assert_true (opens_with (self, VAULT_FIXTURE_PASSWORD));
  g_assert_false (opens_with (self, NEW_PASSWORD));
}

/* What was asked for is done, and it is told so, although the vault was locked meanwhile. */
static void
test_change_locked (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  session_fixture_unlock_or_abort (self);
  session_fixture_hold_thread (self);
  start_change (self, VAULT_FIXTURE_PASSWORD, NULL);
  sp_session_lock (self->session, SP_LOCK_BY_USER);
  session_fixture_let_thread_go (self);
  session_fixture_wait_for_answer (self);
  g_assert_true (sp_session_change_password_finish (self->session, self->result, &error));
  g_assert_no_error (error);
  session_fixture_flush (self);
  g_assert_true (opens_with (self, NEW_PASSWORD));
}

/* Neither asked nor counted where there is nothing to change. */
static void
test_change_read_only (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  vault_fixture_sql (&self->vault, "DELETE FROM page");
  session_fixture_unlock_or_abort (self);
  g_assert_false (change (self, WRONG_PASSWORD, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_READ_ONLY);
  session_fixture_lock_and_flush (self);
}

/* ---- the name --------------------------------------------------------------------------------------- */

static void
test_rename (SessionFixture *self, gconstpointer data)
{
  g_autofree char *long_name = g_strnfill (1025, 'n');
  g_autoptr (GError) error = NULL;

  session_fixture_unlock_or_abort (self);
  g_assert_true (rename_vault (self, "Żółw", &error));
  g_assert_no_error (error);
  g_assert_cmpstr (sp_session_get_name (self->session), ==, "Żółw");
  g_assert_false (rename_vault (self, long_name, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID);
  g_assert_cmpstr (sp_session_get_name (self->session), ==, "Żółw");
  session_fixture_lock_and_flush (self);
}

/* ---- a full disk ------------------------------------------------------------------------------------ */

/* Whatever the disk has no room for is not done, and is done once it has. */
static void
test_disk_full (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpFaultVfs) faults = sp_fault_vfs_new ();
  g_autofree char *copy = beside (self, "copy.vault");

  session_fixture_unlock_or_abort (self);
  session_fixture_flush (self);
  sp_fault_vfs_reset_count (faults);
  sp_fault_vfs_fail (faults, SP_FAULT_ENOSPC, 0, TRUE);
  for (guint i = 0; i < 3; i++) {
    g_autoptr (GError) error = NULL;

    g_assert_false (i == 0   ? rename_vault (self, "Full", &error)
                    : i == 1 ? change (self, VAULT_FIXTURE_PASSWORD, &error)
                             : accept_as (self, copy, &error));
    g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NO_SPACE);
  }
  g_assert_false (exists (copy));
  g_assert_cmpstr (sp_session_get_name (self->session), ==, "Test");
  sp_fault_vfs_fail (faults, SP_FAULT_NONE, 0, FALSE);
  g_assert_true (rename_vault (self, "Room", NULL));
  session_fixture_lock_and_flush (self);
  g_assert_true (opens_with (self, VAULT_FIXTURE_PASSWORD));
  vault_fixture_assert_sound (&self->vault);
}

/* A file that becomes read-only while the vault is open; and is writable again. */
static void
test_became_read_only (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpFaultVfs) faults = sp_fault_vfs_new ();
  g_autoptr (GError) error = NULL;
  guint n_changed;

  session_fixture_unlock_or_abort (self);
  session_fixture_flush (self);
  g_assert_false (sp_session_was_refused (self->session));
  n_changed = self->n_changed;
  sp_fault_vfs_reset_count (faults);
  sp_fault_vfs_fail (faults, SP_FAULT_EROFS, 0, TRUE);
  for (guint i = 0; i < 2; i++)
    g_assert_false (rename_vault (self, "Refused", i == 0 ? &error : NULL));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_READ_ONLY);
  g_assert_true (sp_session_was_refused (self->session));
  g_assert_cmpuint (self->n_changed, ==, n_changed + 1);
  sp_fault_vfs_fail (faults, SP_FAULT_NONE, 0, FALSE);
  g_assert_true (rename_vault (self, "Taken", NULL));
  g_assert_false (sp_session_was_refused (self->session));
  session_fixture_lock_and_flush (self);
}

/* ---- verifying, accepting, salvaging ---------------------------------------------------------------- */

static void
progress_cb (guint64 done, guint64 total, gpointer user_data)
{
  g_assert_cmpuint (done, <=, total);
  *(guint64 *) user_data = total;
}

static void
test_verify (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) problems = NULL;
  guint64 total = 0;

  session_fixture_unlock_or_abort (self);
  sp_session_verify_async (self->session, progress_cb, &total, NULL, session_fixture_answer_cb,
                           self);
  session_fixture_wait_for_answer (self);
  problems = sp_session_verify_finish (self->session, self->result, NULL);
  g_assert_nonnull (problems);
  g_assert_cmpuint (problems->len, ==, 0);
  g_assert_cmpuint (total, ==, 1);
  session_fixture_lock_and_flush (self);
}

static void
assert_not_verified (SessionFixture *self)
{
  g_autoptr (GPtrArray) problems = NULL;
  g_autoptr (GError) error = NULL;

  session_fixture_wait_for_answer (self);
  problems = sp_session_verify_finish (self->session, self->result, &error);
  g_assert_null (problems);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_verify_cancelled (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  session_fixture_unlock_or_abort (self);
  session_fixture_hold_thread (self);
  sp_session_verify_async (self->session, NULL, NULL, cancellable, session_fixture_answer_cb, self);
  g_cancellable_cancel (cancellable);
  session_fixture_let_thread_go (self);
  assert_not_verified (self);
  g_assert_true (sp_session_is_open (self->session));
  session_fixture_hold_thread (self);
  sp_session_verify_async (self->session, NULL, NULL, NULL, session_fixture_answer_cb, self);
  sp_session_lock (self->session, SP_LOCK_IDLE);
  session_fixture_let_thread_go (self);
  assert_not_verified (self);
  session_fixture_flush (self);
}

/* What opening does not look at is found, told with its title, and let go when that is accepted. */
static void
test_accept (SessionFixture *self, gconstpointer data)
{
  g_autofree char *copy = beside (self, "copy.vault");
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) after = NULL;
  g_autoptr (GError) error = NULL;
  const SpProblem *problem;

  vault_fixture_sql (&self->vault, "DELETE FROM detail");
  session_fixture_unlock_or_abort (self);
  before = verify (self, NULL);
  g_assert_cmpuint (before->len, ==, 1);
  problem = g_ptr_array_index (before, 0);
  g_assert_cmpstr (problem->title, ==, "One");
  g_assert_cmpstr (problem->table, ==, "detail");

  g_assert_true (accept_as (self, copy, &error));
  g_assert_no_error (error);
  after = verify (self, NULL);
  g_assert_cmpuint (after->len, ==, 0);
  g_assert_cmpuint (sp_snapshot_get_n_items (sp_session_get_snapshot (self->session)), ==, 0);
  g_assert_true (exists (copy));
  session_fixture_lock_and_flush (self);
  vault_fixture_assert_sound (&self->vault);
}

/* Read-only until then, writable from then on, and the window is told. */
static void
test_accept_damaged (SessionFixture *self, gconstpointer data)
{
  g_autofree char *copy = beside (self, "copy.vault");
  g_autoptr (GError) error = NULL;

  vault_fixture_sql (&self->vault, "DELETE FROM page");
  session_fixture_unlock_or_abort (self);
  g_assert_cmpint (sp_session_get_vault_state (self->session), ==, SP_VAULT_STATE_DAMAGED);
  g_assert_false (sp_session_is_writable (self->session));
  g_assert_cmpuint (sp_session_peek_problems (self->session)->len, >, 0);
  g_assert_false (rename_vault (self, "Other", &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_READ_ONLY);

  g_assert_true (accept_as (self, copy, NULL));
  g_assert_true (sp_session_is_writable (self->session));
  g_assert_cmpuint (sp_session_peek_problems (self->session)->len, ==, 0);
  g_assert_true (rename_vault (self, "Other", NULL));
  session_fixture_lock_and_flush (self);
  vault_fixture_assert_sound (&self->vault);
}

/* A file that is there already is neither overwritten nor taken away. */
static void
test_accept_copy_exists (SessionFixture *self, gconstpointer data)
{
  g_autofree char *copy = beside (self, "copy.vault");
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (copy, "mine", -1, NULL));
  vault_fixture_sql (&self->vault, "DELETE FROM page");
  session_fixture_unlock_or_abort (self);
  g_assert_false (accept_as (self, copy, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_EXISTS);
  g_assert_false (sp_session_is_writable (self->session));
  session_fixture_lock_and_flush (self);
  g_assert_true (g_file_get_contents (copy, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "mine");
}

static void
test_salvage (SessionFixture *self, gconstpointer data)
{
  g_autofree char *target = beside (self, "salvaged.vault");
  g_autoptr (SpSalvageReport) refused = NULL;
  g_autoptr (SpSalvageReport) report = NULL;
  g_autoptr (GError) error = NULL;

  vault_fixture_sql (&self->vault, "DELETE FROM page");
  session_fixture_unlock_or_abort (self);
  refused = salvage (self, WRONG_PASSWORD, target, &error);
  g_assert_null (refused);
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY);
  g_assert_false (exists (target));
  g_clear_error (&error);

  report = salvage (self, VAULT_FIXTURE_PASSWORD, target, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report->n_items, ==, 1);
  g_assert_cmpuint (report->n_lost, ==, 0);
  session_fixture_lock_and_flush (self);
  sp_session_set_path (self->session, target);
  session_fixture_unlock_or_abort (self);
  g_assert_true (sp_session_is_writable (self->session));
  g_assert_cmpuint (sp_snapshot_get_n_items (sp_session_get_snapshot (self->session)), ==, 1);
  session_fixture_lock_and_flush (self);
}

static void
test_salvage_locked (SessionFixture *self, gconstpointer data)
{
  g_autofree char *target = beside (self, "salvaged.vault");
  g_autoptr (SpSecret) typed = secret (VAULT_FIXTURE_PASSWORD);
  g_autoptr (SpSalvageReport) report = NULL;
  g_autoptr (GError) error = NULL;

  session_fixture_unlock_or_abort (self);
  session_fixture_hold_thread (self);
  sp_session_salvage_async (self->session, typed, target, NULL, session_fixture_answer_cb, self);
  sp_session_lock (self->session, SP_LOCK_IDLE);
  session_fixture_let_thread_go (self);
  session_fixture_wait_for_answer (self);
  report = sp_session_salvage_finish (self->session, self->result, &error);
  g_assert_null (report);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  session_fixture_flush (self);
  g_assert_false (exists (target));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define add(path, function) session_fixture_test ("/services/session-keys/" path, function)
  add ("check", test_check);
  add ("check-locked-out", test_check_locked_out);
  add ("check-cancelled", test_check_cancelled);
  add ("check-changed-elsewhere", test_check_changed_elsewhere);
  add ("change", test_change);
  add ("change-wrong", test_change_wrong);
  add ("change-cancelled", test_change_cancelled);
  add ("change-locked", test_change_locked);
  add ("change-read-only", test_change_read_only);
  add ("rename", test_rename);
  add ("disk-full", test_disk_full);
  add ("became-read-only", test_became_read_only);
  add ("verify", test_verify);
  add ("verify-cancelled", test_verify_cancelled);
  add ("accept", test_accept);
  add ("accept-damaged", test_accept_damaged);
  add ("accept-copy-exists", test_accept_copy_exists);
  add ("salvage", test_salvage);
  add ("salvage-locked", test_salvage_locked);
#undef add
  return sp_test_run ();
}
