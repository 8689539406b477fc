/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The session, with a real vault in a real thread; the main loop is run until what is waited for has come. */

#include "services/sp-session-items.h"

#include <glib/gstdio.h>

#include "services/sp-session-job.h"
#include "sp-session-fixture.h"
#include "vault/sp-vault-items.h"

static void
test_unlock (SessionFixture *self, gconstpointer data)
{
  session_fixture_unlock_or_abort (self);
  g_assert_true (sp_session_is_open (self->session));
  g_assert_true (sp_session_is_writable (self->session));
  g_assert_cmpuint (self->n_changed, ==, 1);
  g_assert_cmpuint (sp_snapshot_get_n_items (sp_session_get_snapshot (self->session)), ==, 1);
  g_assert_cmpuint (sp_session_peek_problems (self->session)->len, ==, 0);
  session_fixture_lock_and_flush (self);
  g_assert_cmpint (sp_session_get_state (self->session), ==, SP_SESSION_LOCKED);
  g_assert_cmpuint (sp_secret_count_live (), ==, 0);
}

static void
test_wrong_password (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (session_fixture_unlock (self, "incorrect horse", &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY);
  g_assert_cmpint (sp_session_get_state (self->session), ==, SP_SESSION_LOCKED);
  g_assert_cmpuint (self->n_changed, ==, 0);
  session_fixture_flush (self);
}

static void
test_cancelled_unlock (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (SpSecret) password = sp_secret_new_text (VAULT_FIXTURE_PASSWORD);
  g_autoptr (GError) error = NULL;

  sp_session_unlock_async (self->session, password, cancellable, session_fixture_answer_cb, self);
  g_cancellable_cancel (cancellable);
  session_fixture_wait_for_answer (self);
  g_assert_false (sp_session_unlock_finish (self->session, self->result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (sp_session_get_state (self->session), ==, SP_SESSION_LOCKED);
  /* Whatever the first still brings does not get in the way of the second. */
  session_fixture_unlock_or_abort (self);
  g_clear_object (&self->result);
  g_assert_nonnull (sp_session_get_snapshot (self->session));
  session_fixture_flush (self);
  g_assert_true (sp_session_is_open (self->session));
  session_fixture_lock_and_flush (self);
}

static void
test_locked_while_opening (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpSecret) password = sp_secret_new_text (VAULT_FIXTURE_PASSWORD);
  g_autoptr (GError) error = NULL;

  sp_session_unlock_async (self->session, password, NULL, session_fixture_answer_cb, self);
  sp_session_lock (self->session, SP_LOCK_BY_USER);
  session_fixture_wait_for_answer (self);
  g_assert_false (sp_session_unlock_finish (self->session, self->result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  session_fixture_flush (self);
  g_assert_null (sp_session_get_snapshot (self->session));
  g_assert_cmpuint (self->n_changed, ==, 0);
}

static void
test_create (SessionFixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->vault.dir, "new.securepass", NULL);
  g_autoptr (SpSecret) password = sp_secret_new_text (VAULT_FIXTURE_PASSWORD);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  sp_session_create_async (self->session, path, "Mine", password, cancellable,
                           session_fixture_answer_cb, self);
  g_cancellable_cancel (cancellable);
  session_fixture_wait_for_answer (self);
  g_assert_false (sp_session_create_finish (self->session, self->result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  session_fixture_flush (self);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));

  sp_session_create_async (self->session, path, "Mine", password, NULL, session_fixture_answer_cb,
                           self);
  session_fixture_wait_for_answer (self);
  g_assert_true (sp_session_create_finish (self->session, self->result, NULL));
  g_assert_cmpstr (sp_session_get_name (self->session), ==, "Mine");
  session_fixture_lock_and_flush (self);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* What was changed is there to be seen when the answer comes. */
static void
saved_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  SessionFixture *self = user_data;

  g_assert_cmpuint (self->n_changed, ==, 2);
  g_assert_cmpuint (sp_snapshot_get_n_items (sp_session_get_snapshot (self->session)), ==, 2);
  session_fixture_answer_cb (object, result, user_data);
}

static void
test_save (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpItem) item = sp_item_new (SP_ITEM_LOGIN, "Second");
  g_autoptr (SpItem) stored = NULL;
  g_autoptr (SpItem) loaded = NULL;

  session_fixture_unlock_or_abort (self);
  sp_session_save_item_async (self->session, item, saved_cb, self);
  session_fixture_wait_for_answer (self);
  stored = sp_session_save_item_finish (self->session, self->result, NULL);
  g_assert_nonnull (stored);
  g_assert_cmpuint (stored->number, !=, 0);
  loaded = session_fixture_load (self, stored->number);
  g_assert_cmpstr (loaded->title, ==, "Second");
  session_fixture_lock_and_flush (self);
}

static void
test_conflict (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpItem) mine = NULL;
  g_autoptr (SpItem) stored = NULL;
  g_autoptr (SpItem) refused = NULL;
  g_autoptr (GError) error = NULL;

  session_fixture_unlock_or_abort (self);
  mine = session_fixture_load (self, session_fixture_first_number (self));
  sp_item_set_title (mine, "One way");
  sp_session_save_item_async (self->session, mine, session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  stored = sp_session_save_item_finish (self->session, self->result, NULL);
  g_assert_nonnull (stored);
  sp_item_set_title (mine, "Another way");
  sp_session_save_item_async (self->session, mine, session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  refused = sp_session_save_item_finish (self->session, self->result, &error);
  g_assert_null (refused);
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_CONFLICT);
  session_fixture_lock_and_flush (self);
}

/* Of two calls that wait when the vault is locked, the save is done, and the load answers that it was not. */
static void
test_lock_brings_home (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpItem) item = sp_item_new (SP_ITEM_LOGIN, "Last moment");
  guint64 number;

  session_fixture_unlock_or_abort (self);
  number = session_fixture_first_number (self);
  sp_session_save_item_async (self->session, item, session_fixture_answer_cb, self);
  sp_session_load_item_async (self->session, number, NULL, session_fixture_answer_cb, self);
  sp_session_lock (self->session, SP_LOCK_BY_USER);
  g_clear_object (&self->result);
  session_fixture_wait_until (self, self->n_answers == 3);
  session_fixture_flush (self);

  session_fixture_unlock_or_abort (self);
  g_assert_cmpuint (sp_snapshot_get_n_items (sp_session_get_snapshot (self->session)), ==, 2);
  session_fixture_lock_and_flush (self);
}

/* What was read in time is not handed out when the vault has been locked before anybody could look at it. */
static gboolean
lock_cb (gpointer user_data)
{
  sp_session_lock (((SessionFixture *) user_data)->session, SP_LOCK_BY_USER);
  return G_SOURCE_REMOVE;
}

static gboolean
read_then_lock (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  g_idle_add_full (G_PRIORITY_HIGH, lock_cb, data, NULL);
  return TRUE;
}

static void
test_read_before_lock (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  session_fixture_unlock_or_abort (self);
  sp_session_run_async (self->session, SP_JOB_INTERACTIVE, read_then_lock, self, NULL, NULL,
                        session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  g_assert_null (sp_session_run_finish (self->session, self->result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  session_fixture_flush (self);
}

static void
test_save_attachment (SessionFixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->vault.dir, "note.txt", NULL);
  g_autofree char *saved = g_build_filename (self->vault.dir, "saved.txt", NULL);
  g_autofree char *content = NULL;
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFile) target = g_file_new_for_path (saved);
  g_autoptr (GFile) vault = g_file_new_for_path (self->vault.path);
  g_autoptr (SpItem) item = NULL;
  g_autoptr (SpSecret) secret = NULL;
  g_autoptr (GError) error = NULL;
  const SpAttachment *attachment;

  g_assert_true (g_file_set_contents (path, "attached", -1, NULL));
  session_fixture_unlock_or_abort (self);
  sp_session_attach_async (self->session, session_fixture_first_number (self), file, NULL,
                           session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  g_assert_true (sp_session_attach_finish (self->session, self->result, NULL));
  item = session_fixture_load (self, session_fixture_first_number (self));
  attachment = g_ptr_array_index (item->attachments, 0);
  g_assert_cmpstr (attachment->name, ==, "note.txt");

  sp_session_save_attachment_async (self->session, attachment, vault, NULL,
                                    session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  g_assert_false (sp_session_save_attachment_finish (self->session, self->result, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID);

  sp_session_save_attachment_async (self->session, attachment, target, NULL,
                                    session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  g_assert_true (sp_session_save_attachment_finish (self->session, self->result, NULL));
  g_assert_true (g_file_get_contents (saved, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "attached");

  sp_session_read_attachment_async (self->session, attachment, 8, NULL, session_fixture_answer_cb,
                                    self);
  session_fixture_wait_for_answer (self);
  secret = sp_session_read_attachment_finish (self->session, self->result, NULL);
  g_assert_cmpstr (sp_secret_peek_text (secret), ==, "attached");
  session_fixture_lock_and_flush (self);
}

static void
test_locked_answers_cancelled (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  sp_session_load_item_async (self->session, 1, NULL, session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  g_assert_null (sp_session_load_item_finish (self->session, self->result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Another program's change is seen without anybody asking for it. */
static void
test_seen_from_outside (SessionFixture *self, gconstpointer data)
{
  SpVault *other;

  session_fixture_unlock_or_abort (self);
  other = vault_fixture_open (&self->vault);
  vault_fixture_add_item (other, "From outside");
  sp_vault_close (other);
  session_fixture_wait_until (
      self, sp_snapshot_get_n_items (sp_session_get_snapshot (self->session)) == 2);
  session_fixture_lock_and_flush (self);
}

static void
test_file_removed (SessionFixture *self, gconstpointer data)
{
  session_fixture_unlock_or_abort (self);
  g_assert_cmpint (g_unlink (self->vault.path), ==, 0);
  session_fixture_wait_until (self, !sp_session_is_open (self->session));
  g_assert_cmpint (sp_session_get_lock_reason (self->session), ==, SP_LOCK_REPLACED);
  session_fixture_flush (self);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define add(path, function)                                                                     \
  g_test_add ("/services/session/" path, SessionFixture, NULL, session_fixture_setup, function, \
              session_fixture_teardown)
  add ("unlock", test_unlock);
  add ("wrong-password", test_wrong_password);
  add ("cancelled-unlock", test_cancelled_unlock);
  add ("locked-while-opening", test_locked_while_opening);
  add ("create", test_create);
  add ("save", test_save);
  add ("conflict", test_conflict);
  add ("lock-brings-home", test_lock_brings_home);
  add ("locked-answers-cancelled", test_locked_answers_cancelled);
  add ("read-before-lock", test_read_before_lock);
  add ("save-attachment", test_save_attachment);
  add ("seen-from-outside", test_seen_from_outside);
  add ("file-removed", test_file_removed);
#undef add
  return sp_test_run ();
}
