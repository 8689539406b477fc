/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A session with a real vault of one item, in a real thread; the main loop is run until what is waited for has come. */

#pragma once

#include "services/sp-session-items.h"
#include "sp-vault-fixture.h"

G_BEGIN_DECLS

#define SESSION_FIXTURE_PATIENCE_S 20

typedef struct {
  VaultFixture vault;
  SpSession *session;
  GAsyncResult *result; /* of the call made last */
  guint n_answers;
  guint n_changed;
  gboolean out_of_patience;
  GMutex held; /* while the thread is kept waiting */
} SessionFixture;

void session_fixture_setup (SessionFixture *self, gconstpointer data);
void session_fixture_teardown (SessionFixture *self, gconstpointer data);

gboolean session_fixture_patience_cb (gpointer data);

/* Runs the main loop until `condition` holds. */
#define session_fixture_wait_until(self, condition)                                         \
  G_STMT_START                                                                              \
  {                                                                                         \
    guint patience_id = g_timeout_add_seconds (                                             \
        SESSION_FIXTURE_PATIENCE_S, session_fixture_patience_cb, &(self)->out_of_patience); \
    while (!(condition) && !(self)->out_of_patience)                                        \
      g_main_context_iteration (NULL, TRUE);                                                \
    g_assert_false ((self)->out_of_patience);                                               \
    g_source_remove (patience_id);                                                          \
  }                                                                                         \
  G_STMT_END

/* The callback of every call: keeps the result, and counts. `user_data` is the fixture. */
void session_fixture_answer_cb (GObject *object, GAsyncResult *result, gpointer user_data);
void session_fixture_wait_for_answer (SessionFixture *self);
void session_fixture_flush (SessionFixture *self);

/* The thread has done all there is, and the main loop does not know it yet. */
void session_fixture_wait_for_thread (SessionFixture *self);
/* Keeps the thread from what is asked for next, until it is let go. The vault must be open. */
void session_fixture_hold_thread (SessionFixture *self);
void session_fixture_let_thread_go (SessionFixture *self);

gboolean session_fixture_unlock (SessionFixture *self, const char *password, GError **error);
/* The rest abort on an error, so that tests need not look. */
void session_fixture_unlock_or_abort (SessionFixture *self);
void session_fixture_lock_and_flush (SessionFixture *self);
guint64 session_fixture_first_number (SessionFixture *self); /* of the first item */
SpItem *session_fixture_load (SessionFixture *self, guint64 number) G_GNUC_WARN_UNUSED_RESULT;

#define session_fixture_test(path, function)                                   \
  g_test_add ((path), SessionFixture, NULL, session_fixture_setup, (function), \
              session_fixture_teardown)

G_END_DECLS
