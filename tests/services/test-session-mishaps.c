/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What happens to a session in the wrong moment. */

#include <sqlite3.h>

#include "services/sp-session-private.h"
#include "sp-session-fixture.h"
#include "vault/sp-vault-log.h"
#include "vault/sp-vault-private.h"

static void
create_and_wait (SessionFixture *self, const char *path, GCancellable *cancellable)
{
  g_autoptr (SpSecret) password = sp_secret_new_text (VAULT_FIXTURE_PASSWORD);

  sp_session_create_async (self->session, path, "Mine", password, cancellable,
                           session_fixture_answer_cb, self);
  session_fixture_wait_for_thread (self);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
assert_given_up (SessionFixture *self, const char *path)
{
  g_autoptr (GError) error = NULL;

  session_fixture_wait_for_answer (self);
  g_assert_false (sp_session_create_finish (self->session, self->result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  session_fixture_flush (self);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_cmpint (sp_session_get_state (self->session), ==, SP_SESSION_LOCKED);
}

static void
test_create_cancelled_last (SessionFixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->vault.dir, "new.securepass", NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  create_and_wait (self, path, cancellable);
  g_cancellable_cancel (cancellable);
  assert_given_up (self, path);
}

static void
test_create_locked_last (SessionFixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->vault.dir, "new.securepass", NULL);

  create_and_wait (self, path, NULL);
  sp_session_lock (self->session, SP_LOCK_BY_USER);
  assert_given_up (self, path);
}

/* A file that was there before stays, whatever becomes of the call. */
static void
test_create_on_existing (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpSecret) password = sp_secret_new_text (VAULT_FIXTURE_PASSWORD);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  sp_session_create_async (self->session, self->vault.path, "Mine", password, cancellable,
                           session_fixture_answer_cb, self);
  session_fixture_wait_for_thread (self);
  g_cancellable_cancel (cancellable);
  session_fixture_wait_for_answer (self);
  g_assert_false (sp_session_create_finish (self->session, self->result, &error));
  session_fixture_flush (self);
  session_fixture_unlock_or_abort (self);
  g_assert_cmpuint (sp_snapshot_get_n_items (sp_session_get_snapshot (self->session)), ==, 1);
  session_fixture_lock_and_flush (self);
}

static void
add_from_outside (SessionFixture *self, const char *title)
{
  SpVault *other = vault_fixture_open (&self->vault);

  vault_fixture_add_item (other, title);
  sp_vault_close (other);
}

static guint
count_items (SessionFixture *self)
{
  SpSnapshot *snapshot = sp_session_get_snapshot (self->session);

  return snapshot != NULL ? (guint) sp_snapshot_get_n_items (snapshot) : 0;
}

/* What another program writes when the vault has been read and is not watched yet is seen all the same. */
static void
test_changed_while_opening (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpSecret) password = sp_secret_new_text (VAULT_FIXTURE_PASSWORD);

  sp_session_unlock_async (self->session, password, NULL, session_fixture_answer_cb, self);
  session_fixture_wait_for_thread (self);
  add_from_outside (self, "In between");
  session_fixture_wait_for_answer (self);
  g_assert_true (sp_session_unlock_finish (self->session, self->result, NULL));
  session_fixture_wait_until (self, count_items (self) == 2);
  session_fixture_lock_and_flush (self);
}

static gboolean
be_impatient (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  sp_db_set_busy_timeout (vault->db, 10);
  return TRUE;
}

/* Answers when the background jobs so far are done. */
static gboolean
do_nothing (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  return TRUE;
}

static void
wait_for_job (SessionFixture *self, SpJobFunc job)
{
  sp_session_run_async (self->session, SP_JOB_BACKGROUND, job, NULL, NULL, NULL,
                        session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  g_assert_nonnull (sp_session_run_finish (self->session, self->result, NULL));
}

/* Somebody has the file to themselves when the change is looked for: it is looked for again. */
static void
test_busy_refresh (SessionFixture *self, gconstpointer data)
{
  sqlite3 *db;

  session_fixture_unlock_or_abort (self);
  wait_for_job (self, be_impatient);
  sp_session_watch_stop (self->session);
  add_from_outside (self, "Meanwhile");
  g_assert_cmpint (sqlite3_open (self->vault.path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "BEGIN EXCLUSIVE", NULL, NULL, NULL), ==, SQLITE_OK);
  sp_session_watch_look (self->session);
  wait_for_job (self, do_nothing);
  g_assert_cmpuint (count_items (self), ==, 1);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
  session_fixture_wait_until (self, count_items (self) == 2);
  session_fixture_lock_and_flush (self);
}

static void
notify_cb (SpSession *session, GParamSpec *pspec, guint *count)
{
  /* Nothing is half locked when somebody hears of it. */
  g_assert_false (sp_session_is_writable (session));
  g_assert_null (sp_session_get_name (session));
  (*count)++;
}

static void
test_notified_of_lock (SessionFixture *self, gconstpointer data)
{
  guint n_names = 0;
  guint n_writable = 0;

  session_fixture_unlock_or_abort (self);
  g_signal_connect (self->session, "notify::name", G_CALLBACK (notify_cb), &n_names);
  g_signal_connect (self->session, "notify::writable", G_CALLBACK (notify_cb), &n_writable);
  session_fixture_lock_and_flush (self);
  g_assert_cmpuint (n_names, ==, 1);
  g_assert_cmpuint (n_writable, ==, 1);
}

static guint
count_locks (SessionFixture *self)
{
  g_autoptr (SpVault) vault = vault_fixture_open (&self->vault);
  g_autoptr (GPtrArray) events = sp_vault_read_log (vault, 0, 100, NULL);
  guint count = 0;

  g_assert_nonnull (events);
  for (guint i = 0; i < events->len; i++)
    count += ((const SpEvent *) g_ptr_array_index (events, i))->kind == SP_EVENT_LOCKED;
  return count;
}

static void
test_lock_logged (SessionFixture *self, gconstpointer data)
{
  g_assert_cmpuint (count_locks (self), ==, 0);
  session_fixture_unlock_or_abort (self);
  session_fixture_lock_and_flush (self);
  g_assert_cmpuint (count_locks (self), ==, 1);
}

/* The file that is there now is not the one that was open. */
static void
test_replaced_not_logged (SessionFixture *self, gconstpointer data)
{
  session_fixture_unlock_or_abort (self);
  sp_session_lock (self->session, SP_LOCK_REPLACED);
  session_fixture_flush (self);
  g_assert_cmpuint (count_locks (self), ==, 0);
}

/* An older copy of the file is not written to; a failed try would be a warning, which ends the test. */
static void
test_read_only_not_logged (SessionFixture *self, gconstpointer data)
{
  g_autofree char *copy = g_strconcat (self->vault.path, "-copy", NULL);

  vault_fixture_copy (self->vault.path, copy);
  add_from_outside (self, "Newer");
  vault_fixture_copy (copy, self->vault.path);
  session_fixture_unlock_or_abort (self);
  g_assert_false (sp_session_is_writable (self->session));
  session_fixture_lock_and_flush (self);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define add(path, function) session_fixture_test ("/services/session-mishaps/" path, function)
  add ("create-cancelled-last", test_create_cancelled_last);
  add ("create-locked-last", test_create_locked_last);
  add ("create-on-existing", test_create_on_existing);
  add ("changed-while-opening", test_changed_while_opening);
  add ("busy-refresh", test_busy_refresh);
  add ("notified-of-lock", test_notified_of_lock);
  add ("lock-logged", test_lock_logged);
  add ("replaced-not-logged", test_replaced_not_logged);
  add ("read-only-not-logged", test_read_only_not_logged);
#undef add
  return sp_test_run ();
}
