/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the session writes into the activity log by itself. */

#define G_LOG_DOMAIN "sp-test"

#include "config.h"

#include "sp-session-fixture.h"
#include "vault/sp-log.h"
#include "vault/sp-vault-log.h"

/* The kinds of the newest entries, after the vault was locked, and its sequence then. */
static SpLog *
read_log (SessionFixture *self, SpVaultInfo *out_info)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpSecret) password = sp_secret_new_text (VAULT_FIXTURE_PASSWORD);
  g_autoptr (SpVault) vault = sp_vault_open (self->vault.path, password, SP_VAULT_OPEN_READ_ONLY,
                                             &self->vault.environment, &error);
  SpLog *log;

  g_assert_no_error (error);
  log = sp_vault_load_log (vault, NULL, G_MAXUINT, &error);
  g_assert_no_error (error);
  sp_vault_get_info (vault, out_info);
  return log;
}

static const SpLogEntry *
get_newest (const SpLog *log, guint index)
{
  return sp_log_get (log, sp_log_get_newest (log) - index);
}

static void
test_lock_says_why (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpLog) log = NULL;
  SpVaultInfo info;

  session_fixture_unlock_or_abort (self);
  sp_session_lock (self->session, SP_LOCK_SUSPEND);
  session_fixture_flush (self);
  log = read_log (self, &info);
  g_assert_cmpuint (get_newest (log, 0)->kind, ==, SP_EVENT_LOCKED);
  g_assert_cmpuint (get_newest (log, 0)->count, ==, SP_LOCK_SUSPEND + 1);
}

/* Whoever looks at a password and locks at once is in the log all the same. */
static void
test_uses_are_not_lost_by_locking (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpLog) log = NULL;
  SpVaultInfo info;
  guint64 number;

  session_fixture_unlock_or_abort (self);
  number = session_fixture_first_number (self);
  session_fixture_hold_thread (self);
  sp_session_touch (self->session, number, SP_EVENT_ITEM_VIEWED);
  sp_session_touch (self->session, number, SP_EVENT_ITEM_COPIED);
  sp_session_lock (self->session, SP_LOCK_BY_USER);
  session_fixture_let_thread_go (self);
  session_fixture_flush (self);
  log = read_log (self, &info);
  g_assert_cmpuint (get_newest (log, 0)->kind, ==, SP_EVENT_LOCKED);
  g_assert_cmpuint (get_newest (log, 1)->kind, ==, SP_EVENT_ITEM_COPIED);
  g_assert_cmpuint (get_newest (log, 2)->kind, ==, SP_EVENT_ITEM_VIEWED);
  g_assert_cmpuint (get_newest (log, 3)->kind, ==, SP_EVENT_OPENED);
}

/* One transaction, and so one wait for the disk, for what came while the thread was busy. */
static void
test_uses_are_written_together (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpLog) log = NULL;
  SpVaultInfo info;
  guint64 number, sequence;

  session_fixture_unlock_or_abort (self);
  sequence = sp_session_peek_info (self->session)->sequence;
  number = session_fixture_first_number (self);
  session_fixture_hold_thread (self);
  for (guint i = 0; i < 20; i++)
    sp_session_touch (self->session, number, SP_EVENT_ITEM_VIEWED);
  session_fixture_let_thread_go (self);
  session_fixture_flush (self);
  session_fixture_lock_and_flush (self);
  log = read_log (self, &info);
  /* The uses, and that it was locked. */
  g_assert_cmpuint (info.sequence, ==, sequence + 2);
  g_assert_cmpuint (get_newest (log, 20)->kind, ==, SP_EVENT_ITEM_VIEWED);
}

/* An item that is gone takes no use of another one with it. */
static void
test_use_of_what_is_gone (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpLog) log = NULL;
  SpVaultInfo info;
  guint64 number;

  session_fixture_unlock_or_abort (self);
  number = session_fixture_first_number (self);
  session_fixture_hold_thread (self);
  sp_session_touch (self->session, number + 1000, SP_EVENT_ITEM_VIEWED);
  sp_session_touch (self->session, number, SP_EVENT_ITEM_USED);
  session_fixture_let_thread_go (self);
  session_fixture_lock_and_flush (self);
  log = read_log (self, &info);
  g_assert_cmpuint (get_newest (log, 1)->kind, ==, SP_EVENT_ITEM_USED);
  g_assert_cmpuint (get_newest (log, 2)->kind, ==, SP_EVENT_OPENED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  session_fixture_test ("/services/session-log/lock-says-why", test_lock_says_why);
  session_fixture_test ("/services/session-log/uses-are-not-lost-by-locking",
                        test_uses_are_not_lost_by_locking);
  session_fixture_test ("/services/session-log/uses-are-written-together",
                        test_uses_are_written_together);
  session_fixture_test ("/services/session-log/use-of-what-is-gone", test_use_of_what_is_gone);
  return sp_test_run ();
}
