/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The activity log as the window gets it: read and verified by the session's thread, in pieces. */

#define G_LOG_DOMAIN "sp-test"

#include "config.h"

#include <sys/stat.h>

#include "services/sp-activity-log.h"
#include "services/sp-activity-model.h"
#include "sp-session-fixture.h"

#define MS_PER_MINUTE G_GINT64_CONSTANT (60000)
#define MS_PER_HOUR   (60 * MS_PER_MINUTE)

static guint64
get_last (SessionFixture *self)
{
  return sp_session_peek_info (self->session)->last_log_entry;
}

static gboolean
is_settled (SessionFixture *self, SpActivityLog *log)
{
  SpLog *entries = sp_activity_log_get_log (log);

  return entries != NULL && sp_log_get_newest (entries) == get_last (self) &&
         sp_activity_log_get_verified (log) == get_last (self);
}

static SpActivityLog *
open_log (SessionFixture *self)
{
  SpActivityLog *log;

  session_fixture_unlock_or_abort (self);
  log = sp_activity_log_new (self->session);
  session_fixture_wait_until (self, is_settled (self, log));
  return log;
}

static void
log_events (VaultFixture *fixture, SpEventKind kind, const SpId *items, guint n)
{
  g_autoptr (SpVault) vault = vault_fixture_open (fixture);
  g_autoptr (GError) error = NULL;

  g_assert_true (sp_vault_begin (vault, SP_BATCH_EDIT, &error));
  for (guint i = 0; i < n; i++)
    g_assert_true (sp_vault_log (vault, kind, items != NULL ? &items[i] : NULL, i, &error));
  g_assert_true (sp_vault_commit (vault, &error));
}

static void
test_newest_first_then_all (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpActivityLog) log = NULL;

  log_events (&self->vault, SP_EVENT_EXPORTED, NULL, 25000);
  log = open_log (self);
  g_assert_cmpuint (sp_log_get_n_entries (sp_activity_log_get_log (log)), ==, 1000);
  g_assert_false (sp_activity_log_is_loaded (log));
  g_assert_cmpuint (sp_activity_log_peek_faults (log)->len, ==, 0);
  g_assert_cmpint (sp_activity_log_get_verified_ms (log), ==, self->vault.clock.now_ms);
  sp_activity_log_load_all (log);
  session_fixture_wait_until (self, sp_activity_log_is_loaded (log));
  g_assert_cmpuint (sp_log_get_n_entries (sp_activity_log_get_log (log)), ==, get_last (self));
}

static void
test_follows_changes (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpActivityLog) log = open_log (self);
  guint64 last = get_last (self);
  const SpLogEntry *newest;

  sp_session_touch (self->session, session_fixture_first_number (self), SP_EVENT_ITEM_COPIED);
  session_fixture_wait_until (self, get_last (self) > last && is_settled (self, log));
  newest = sp_log_get (sp_activity_log_get_log (log), last + 1);
  g_assert_cmpuint (newest->kind, ==, SP_EVENT_ITEM_COPIED);
}

static void
test_forgotten_when_locked (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpActivityLog) log = open_log (self);

  session_fixture_lock_and_flush (self);
  g_assert_null (sp_activity_log_get_log (log));
  g_assert_cmpint (sp_activity_log_get_verified_ms (log), ==, 0);
  session_fixture_unlock_or_abort (self);
  session_fixture_wait_until (self, is_settled (self, log));
}

static void
test_faults_are_an_alarm (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpActivityLog) log = NULL;
  const SpLogFault *fault;

  log_events (&self->vault, SP_EVENT_ITEM_USED, NULL, 30);
  vault_fixture_sql (&self->vault, "DELETE FROM audit WHERE id = 9");
  log = open_log (self);
  g_assert_cmpuint (sp_activity_log_peek_faults (log)->len, ==, 1);
  fault = &g_array_index (sp_activity_log_peek_faults (log), SpLogFault, 0);
  g_assert_cmpuint (fault->first, ==, 9);
  g_assert_cmpint (fault->kind, ==, SP_LOG_FAULT_MISSING);
  g_assert_cmpuint (sp_activity_log_find_alarms (log, 0), ==, SP_ALARM_FAULTS);
}

static void
fail_to_unlock (SessionFixture *self, guint n, gint64 apart_ms)
{
  for (guint i = 0; i < n; i++) {
    g_autoptr (GError) error = NULL;

    self->vault.clock.now_ms += apart_ms;
    g_assert_null (vault_fixture_try (&self->vault, "wrong", &error));
  }
}

static void
test_many_failures (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpActivityLog) log = NULL;

  fail_to_unlock (self, 5, MS_PER_MINUTE);
  self->vault.clock.now_ms += MS_PER_HOUR;
  log = open_log (self);
  g_assert_cmpuint (sp_activity_log_find_alarms (log, 0), ==, SP_ALARM_FAILURES);
  /* What was seen is no reason any more. */
  g_assert_cmpuint (sp_activity_log_find_alarms (log, get_last (self)), ==, 0);
  g_assert_cmpuint (sp_session_peek_info (self->session)->n_failed_unlocks, ==, 5);
}

static void
test_few_failures (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpActivityLog) log = NULL;

  fail_to_unlock (self, 5, MS_PER_HOUR);
  self->vault.clock.now_ms += 2 * MS_PER_HOUR;
  log = open_log (self);
  g_assert_cmpuint (sp_activity_log_find_alarms (log, 0), ==, 0);
}

static void
test_many_reveals (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpActivityLog) log = NULL;
  SpId items[25] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    items[i].bytes[0] = (guint8) (i + 1);
  log_events (&self->vault, SP_EVENT_ITEM_VIEWED, items, 19);
  log = open_log (self);
  g_assert_cmpuint (sp_activity_log_find_alarms (log, 0), ==, 0);
  session_fixture_lock_and_flush (self);
  log_events (&self->vault, SP_EVENT_ITEM_VIEWED, items, 25);
  session_fixture_unlock_or_abort (self);
  session_fixture_wait_until (self, is_settled (self, log));
  g_assert_cmpuint (sp_activity_log_find_alarms (log, 0), ==, SP_ALARM_MANY_REVEALED);
}

static void
test_unusual_hour (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpActivityLog) log = NULL;

  for (guint i = 0; i < 25; i++) {
    self->vault.clock.now_ms += 24 * MS_PER_HOUR;
    sp_vault_close (vault_fixture_open (&self->vault));
  }
  log = open_log (self);
  g_assert_cmpuint (sp_activity_log_find_alarms (log, 0), ==, 0);
  session_fixture_lock_and_flush (self);
  self->vault.clock.now_ms += 8 * MS_PER_HOUR;
  session_fixture_unlock_or_abort (self);
  session_fixture_wait_until (self, is_settled (self, log));
  g_assert_cmpuint (sp_activity_log_find_alarms (log, 0), ==, SP_ALARM_UNUSUAL_HOUR);
}

static void
changed_cb (GListModel *model, guint position, guint removed, guint added, gpointer user_data)
{
  guint *changes = user_data;

  changes[0]++;
  changes[1] = removed;
}

/* What is on screen stays where it is when something is added. */
static void
test_model_keeps_what_is_there (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpActivityModel) model = sp_activity_model_new ();
  g_autoptr (SpActivityLog) log = NULL;
  g_autoptr (SpActivityRow) row = NULL;
  guint changes[2] = { 0 };
  SpLogFilter filter = { 0 };

  log_events (&self->vault, SP_EVENT_EXPORTED, NULL, 3000);
  log = open_log (self);
  g_signal_connect (model, "items-changed", G_CALLBACK (changed_cb), changes);
  sp_activity_model_set (model, sp_activity_log_get_log (log), &filter);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 1000);
  sp_activity_log_load_all (log);
  session_fixture_wait_until (self, sp_activity_log_is_loaded (log));
  sp_activity_model_set (model, sp_activity_log_get_log (log), &filter);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, get_last (self));
  g_assert_cmpuint (changes[0], ==, 2);
  g_assert_cmpuint (changes[1], ==, 0);
  row = g_list_model_get_item (G_LIST_MODEL (model), 0);
  g_assert_cmpuint (sp_activity_row_get_entry (row)->kind, ==, SP_EVENT_OPENED);

  sp_log_filter_add_kind (&filter, SP_EVENT_CREATED);
  sp_activity_model_set (model, sp_activity_log_get_log (log), &filter);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 1);
  sp_activity_model_set (model, NULL, &filter);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 0);
}

static gboolean export(SessionFixture *self,
                       SpActivityLog *log,
                       const char *password,
                       GFile *file,
                       gboolean json,
                       GError **error)
{
  g_autoptr (SpSecret) secret = sp_secret_new_text (password);
  SpLogFilter filter = { 0 };
  g_autoptr (GArray) numbers = sp_log_select (sp_activity_log_get_log (log), &filter);

  sp_activity_log_export_async (log, secret, file, json, numbers, NULL, session_fixture_answer_cb,
                                self);
  session_fixture_wait_for_answer (self);
  return sp_activity_log_export_finish (log, self->result, error);
}

static void
test_export (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpActivityLog) log = open_log (self);
  g_autofree char *path = g_build_filename (self->vault.dir, "log.csv", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  guint64 last = get_last (self);
  struct stat status;

  g_assert_false (export(self, log, "wrong", file, FALSE, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY);
  g_assert_false (g_file_query_exists (file, NULL));
  g_clear_error (&error);

  g_assert_true (export(self, log, VAULT_FIXTURE_PASSWORD, file, FALSE, &error));
  g_assert_no_error (error);
  g_assert_cmpint (stat (path, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 0777, ==, 0600);
  g_assert_true (g_file_get_contents (path, &text, NULL, &error));
  g_assert_true (g_str_has_prefix (text, "\"Number\",\"Time\""));
  g_assert_nonnull (strstr (text, "\"created\",\"no\""));
  session_fixture_wait_until (self, get_last (self) > last && is_settled (self, log));
  g_assert_cmpuint (sp_log_get (sp_activity_log_get_log (log), get_last (self))->kind, ==,
                    SP_EVENT_LOG_EXPORTED);

  g_clear_pointer (&text, g_free);
  g_assert_true (export(self, log, VAULT_FIXTURE_PASSWORD, file, TRUE, &error));
  g_assert_true (g_file_get_contents (path, &text, NULL, &error));
  g_assert_nonnull (strstr (text, "\"kind\": \"log-exported\""));
  session_fixture_wait_until (self, get_last (self) > last && is_settled (self, log));
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  session_fixture_test ("/services/activity-log/newest-first-then-all", test_newest_first_then_all);
  session_fixture_test ("/services/activity-log/follows-changes", test_follows_changes);
  session_fixture_test ("/services/activity-log/forgotten-when-locked", test_forgotten_when_locked);
  session_fixture_test ("/services/activity-log/faults-are-an-alarm", test_faults_are_an_alarm);
  session_fixture_test ("/services/activity-log/many-failures", test_many_failures);
  session_fixture_test ("/services/activity-log/few-failures", test_few_failures);
  session_fixture_test ("/services/activity-log/many-reveals", test_many_reveals);
  session_fixture_test ("/services/activity-log/unusual-hour", test_unusual_hour);
  session_fixture_test ("/services/activity-log/model-keeps-what-is-there",
                        test_model_keeps_what_is_there);
  session_fixture_test ("/services/activity-log/export", test_export);
  return sp_test_run ();
}
