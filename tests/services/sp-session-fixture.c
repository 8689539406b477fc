/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sp-session-fixture.h"

#include "services/sp-session-private.h"

static void
changed_cb (SpSession *session, SessionFixture *self)
{
  self->n_changed++;
}

void
session_fixture_setup (SessionFixture *self, gconstpointer data)
{
  vault_fixture_setup (&self->vault, NULL);
  vault_fixture_create_with_item (&self->vault);
  self->session = sp_session_new (self->vault.state_dir, &self->vault.clock.clock);
  sp_session_set_path (self->session, self->vault.path);
  g_signal_connect (self->session, "changed", G_CALLBACK (changed_cb), self);
}

void
session_fixture_teardown (SessionFixture *self, gconstpointer data)
{
  g_clear_object (&self->result);
  g_assert_finalize_object (self->session);
  vault_fixture_teardown (&self->vault, NULL);
}

gboolean
session_fixture_patience_cb (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

void
session_fixture_answer_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  SessionFixture *self = user_data;

  g_set_object (&self->result, result);
  self->n_answers++;
}

void
session_fixture_wait_for_answer (SessionFixture *self)
{
  guint before = self->n_answers;

  session_fixture_wait_until (self, self->n_answers > before);
}

void
session_fixture_flush (SessionFixture *self)
{
  sp_session_flush_async (self->session, session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  g_assert_true (sp_session_flush_finish (self->session, self->result, NULL));
}

gboolean
session_fixture_unlock (SessionFixture *self, const char *password, GError **error)
{
  g_autoptr (SpSecret) secret = sp_secret_new_text (password);

  sp_session_unlock_async (self->session, secret, NULL, session_fixture_answer_cb, self);
  g_assert_cmpint (sp_session_get_state (self->session), ==, SP_SESSION_OPENING);
  session_fixture_wait_for_answer (self);
  return sp_session_unlock_finish (self->session, self->result, error);
}

void
session_fixture_unlock_or_abort (SessionFixture *self)
{
  g_autoptr (GError) error = NULL;
  gboolean done = session_fixture_unlock (self, VAULT_FIXTURE_PASSWORD, &error);

  g_assert_no_error (error);
  g_assert_true (done);
}

void
session_fixture_lock_and_flush (SessionFixture *self)
{
  sp_session_lock (self->session, SP_LOCK_BY_USER);
  g_assert_null (sp_session_get_snapshot (self->session));
  session_fixture_flush (self);
}

guint64
session_fixture_first_number (SessionFixture *self)
{
  SpSnapshot *snapshot = sp_session_get_snapshot (self->session);
  SpOverview overview;

  sp_snapshot_get_overview (snapshot, sp_snapshot_first (snapshot), &overview);
  return overview.number;
}

SpItem *
session_fixture_load (SessionFixture *self, guint64 number)
{
  g_autoptr (GError) error = NULL;
  SpItem *item;

  sp_session_load_item_async (self->session, number, NULL, session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  item = sp_session_load_item_finish (self->session, self->result, &error);
  g_assert_no_error (error);
  return item;
}

void
session_fixture_wait_for_thread (SessionFixture *self)
{
  SpSession *session = self->session;
  gboolean idle = FALSE;

  while (!idle) {
    g_mutex_lock (&session->mutex);
    idle = session->running == NULL;
    for (guint i = 0; idle && i < SP_JOB_N_PRIORITIES; i++)
      idle = g_queue_is_empty (&session->queues[i]);
    g_mutex_unlock (&session->mutex);
    g_thread_yield ();
  }
}

static gboolean
wait_until_let_go (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  SessionFixture *self = data;

  g_mutex_lock (&self->held);
  g_mutex_unlock (&self->held);
  return TRUE;
}

void
session_fixture_hold_thread (SessionFixture *self)
{
  g_mutex_lock (&self->held);
  sp_session_run_async (self->session, SP_JOB_INTERACTIVE, wait_until_let_go, self, NULL, NULL,
                        NULL, NULL);
}

void
session_fixture_let_thread_go (SessionFixture *self)
{
  g_mutex_unlock (&self->held);
}
