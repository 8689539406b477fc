/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The activity log as a whole: held against the seal in steps, read into memory, and let go of when it is old. */

#define G_LOG_DOMAIN "sp-test"

#include "config.h"

#include <string.h>
#include <time.h>

#include "sp-fault-vfs.h"
#include "sp-vault-fixture.h"
#include "vault/sp-log-check.h"
#include "vault/sp-log.h"
#include "vault/sp-vault-private.h"
#include "vault/sp-vault-repair.h"

#define MS_PER_DAY G_GINT64_CONSTANT (86400000)

static void
log_many (SpVault *vault, guint n)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (sp_vault_begin (vault, SP_BATCH_EDIT, &error));
  for (guint i = 0; i < n; i++)
    g_assert_true (sp_vault_log (vault, SP_EVENT_EXPORTED, NULL, i, &error));
  g_assert_true (sp_vault_commit (vault, &error));
  g_assert_no_error (error);
}

static void
run (SpVault *vault, SpLogCheck *check, guint max)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (sp_vault_check_log (vault, check, max, &error));
  g_assert_no_error (error);
}

/* "missing 3-4, damaged 7" */
static char *
describe (const SpLogCheck *check)
{
  g_autoptr (GArray) faults = sp_log_check_dup_faults (check);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < faults->len; i++) {
    const SpLogFault *fault = &g_array_index (faults, SpLogFault, i);

    g_string_append_printf (text, "%s%s %" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT,
                            i > 0 ? ", " : "", sp_log_fault_kind_to_name (fault->kind),
                            fault->first, fault->last);
  }
  return g_string_free (text, FALSE);
}

static void
assert_faults (SpVault *vault, const char *expected)
{
  g_autoptr (SpLogCheck) check = sp_log_check_new ();
  g_autofree char *found = NULL;

  run (vault, check, G_MAXUINT);
  g_assert_true (sp_log_check_is_complete (check));
  found = describe (check);
  g_assert_cmpstr (found, ==, expected);
}

static void
test_in_steps (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  g_autoptr (SpLogCheck) check = sp_log_check_new ();
  g_autofree char *found = NULL;
  guint64 first, last;

  log_many (vault, 20);
  run (vault, check, 7);
  g_assert_false (sp_log_check_is_complete (check));
  sp_log_check_get_range (check, &first, &last);
  g_assert_cmpuint (last, ==, 7);
  run (vault, check, 14);
  g_assert_true (sp_log_check_is_complete (check));

  /* It goes on where it was: what was read before is not read again. */
  vault_fixture_sql (fixture, "DELETE FROM audit WHERE id = 2");
  log_many (vault, 3);
  run (vault, check, 3);
  g_assert_true (sp_log_check_is_complete (check));
  sp_log_check_get_range (check, &first, &last);
  g_assert_cmpuint (first, ==, 1);
  g_assert_cmpuint (last, ==, 24);
  found = describe (check);
  g_assert_cmpstr (found, ==, "");
  assert_faults (vault, "missing 2-2");
}

static void
test_several_faults (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);

  log_many (vault, 20);
  vault_fixture_sql (fixture, "DELETE FROM audit WHERE id IN (3, 4, 21)");
  vault_fixture_sql (fixture, "UPDATE audit SET data = zeroblob (length (data)) WHERE id = 9");
  vault_fixture_sql (fixture,
                     "INSERT INTO audit SELECT 50, revision, data FROM audit WHERE id = 5");
  assert_faults (vault, "missing 3-4, damaged 9-9, missing 21-21, foreign 50-50");
}

/* Two copies of one file, in each of which something else happened. */
static void
test_other_copy (VaultFixture *fixture, gconstpointer data)
{
  g_autofree char *other = g_build_filename (fixture->dir, "other", NULL);
  g_autofree char *sql = NULL;
  g_autoptr (SpVault) vault = NULL;
  VaultFixture elsewhere = *fixture;

  vault_fixture_create_and_close (fixture);
  vault_fixture_copy (fixture->path, other);
  vault = vault_fixture_open (fixture);
  log_many (vault, 10);
  sp_vault_close (g_steal_pointer (&vault));
  elsewhere.path = other;
  elsewhere.environment.state_dir = NULL;
  vault = vault_fixture_open (&elsewhere);
  log_many (vault, 10);
  sp_vault_close (g_steal_pointer (&vault));

  sql = g_strdup_printf (
      "ATTACH '%s' AS other;"
      "UPDATE audit SET (revision, data) ="
      " (SELECT revision, data FROM other.audit AS there WHERE there.id = audit.id)"
      " WHERE id BETWEEN 5 AND 7",
      other);
  vault_fixture_sql (fixture, sql);
  vault = vault_fixture_open (fixture);
  assert_faults (vault, "other 5-7");
}

/* Their numbers are those that the next entries get. */
static void
test_foreign_rows_are_told_at_opening (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = NULL;
  const GPtrArray *problems;

  vault_fixture_create_and_close (fixture);
  vault_fixture_sql (fixture, "INSERT INTO audit SELECT 2, revision, data FROM audit WHERE id = 1");
  vault_fixture_sql (fixture, "INSERT INTO audit SELECT 9, revision, data FROM audit WHERE id = 1");
  vault = vault_fixture_open (fixture);
  problems = sp_vault_peek_problems (vault);
  g_assert_cmpuint (problems->len, ==, 2);
  g_assert_cmpuint (((const SpProblem *) problems->pdata[0])->record, ==, 2);
  g_assert_cmpuint (((const SpProblem *) problems->pdata[1])->record, ==, 9);
  g_assert_true (sp_vault_is_writable (vault));
  assert_faults (vault, "");
  vault_fixture_assert_verifies (vault);
}

static SpLog *
load (SpVault *vault, SpLog *before, guint max)
{
  g_autoptr (GError) error = NULL;
  SpLog *log = sp_vault_load_log (vault, before, max, &error);

  g_assert_no_error (error);
  return log;
}

static void
assert_log (const SpLog *log, guint64 lowest, guint64 newest)
{
  SpLogFilter all = { 0 };
  g_autoptr (GArray) numbers = sp_log_select (log, &all);

  g_assert_cmpuint (sp_log_get_newest (log), ==, newest);
  g_assert_cmpuint (sp_log_get_n_entries (log), ==, newest + 1 - lowest);
  g_assert_cmpuint (numbers->len, ==, newest + 1 - lowest);
  for (guint i = 0; i < numbers->len; i++) {
    guint64 number = g_array_index (numbers, guint64, i);

    g_assert_cmpuint (number, ==, newest - i);
    g_assert_cmpuint (sp_log_get (log, number)->number, ==, number);
  }
}

static void
test_loaded_in_steps (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  g_autoptr (SpLog) newest = NULL;
  g_autoptr (SpLog) all = NULL;
  g_autoptr (SpLog) more = NULL;
  g_autoptr (SpLog) same = NULL;

  log_many (vault, 3000);
  newest = load (vault, NULL, 100);
  assert_log (newest, 2902, 3001);
  g_assert_false (sp_log_is_complete (newest));
  log_many (vault, 50);
  all = load (vault, newest, G_MAXUINT);
  assert_log (all, 1, 3051);
  g_assert_true (sp_log_is_complete (all));
  g_assert_cmpuint (sp_log_get (all, 2)->count, ==, 0);
  g_assert_cmpstr (sp_log_get_device (all, sp_log_get (all, 2)), ==, "desk");
  log_many (vault, 1);
  more = load (vault, all, G_MAXUINT);
  assert_log (more, 1, 3052);
  same = load (vault, more, G_MAXUINT);
  g_assert_true (same == more);
  /* What was handed out before does not change. */
  assert_log (newest, 2902, 3001);
  assert_log (all, 1, 3051);
}

static void
test_unreadable_entries_are_kept (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  g_autoptr (SpLog) log = NULL;
  SpLogFilter exported = { 0 };
  g_autoptr (GArray) numbers = NULL;

  log_many (vault, 5);
  vault_fixture_sql (fixture, "UPDATE audit SET data = zeroblob (length (data)) WHERE id = 3");
  vault_fixture_sql (fixture, "DELETE FROM audit WHERE id = 5");
  log = load (vault, NULL, G_MAXUINT);
  assert_log (log, 1, 6);
  g_assert_cmpuint (sp_log_get (log, 3)->kind, ==, 0);
  g_assert_cmpuint (sp_log_get (log, 5)->kind, ==, 0);
  sp_log_filter_add_kind (&exported, SP_EVENT_EXPORTED);
  numbers = sp_log_select (log, &exported);
  g_assert_cmpuint (numbers->len, ==, 3);
}

static void
test_filter_and_count (VaultFixture *fixture, gconstpointer data)
{
  const gint64 start = VAULT_FIXTURE_START_MS;
  const gint64 edges[] = { start, start + 1000, start + 2000 };
  const SpId item = { { 7 } };
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (SpLog) log = NULL;
  guint counts[2];
  SpLogFilter filter = { .since_ms = start + 500, .until_ms = start + 2000 };
  g_autoptr (GArray) within = NULL;
  g_autoptr (GArray) of_item = NULL;

  log_many (vault, 2);
  fixture->clock.now_ms += 1000;
  log_many (vault, 3);
  g_assert_true (sp_vault_log (vault, SP_EVENT_ITEM_VIEWED, &item, 0, &error));
  fixture->clock.now_ms += 1000;
  log_many (vault, 4);
  log = load (vault, NULL, G_MAXUINT);
  sp_log_count (log, SP_EVENT_EXPORTED, edges, 3, counts);
  g_assert_cmpuint (counts[0], ==, 2);
  g_assert_cmpuint (counts[1], ==, 3);
  within = sp_log_select (log, &filter);
  g_assert_cmpuint (within->len, ==, 4);
  filter.subject = item;
  of_item = sp_log_select (log, &filter);
  g_assert_cmpuint (of_item->len, ==, 1);
}

static void
set_retention (SpVault *vault, guint days, guint entries)
{
  const SpLogRetention retention = { days, entries };
  SpLogRetention stored;
  g_autoptr (GError) error = NULL;

  g_assert_true (sp_vault_set_log_retention (vault, &retention, &error));
  g_assert_true (sp_vault_get_log_retention (vault, &stored, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (stored.days, ==, days);
  g_assert_cmpuint (stored.entries, ==, entries);
}

static void
test_pruned_by_number (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  g_autoptr (SpLog) log = NULL;
  const SpLogEntry *mark;

  log_many (vault, 1499);
  set_retention (vault, 0, 1000);
  /* 1500 entries, the changed setting, and then the mark of what was let go. */
  log = load (vault, NULL, G_MAXUINT);
  assert_log (log, 502, 1502);
  mark = sp_log_get (log, 1502);
  g_assert_cmpuint (mark->kind, ==, SP_EVENT_LOG_PRUNED);
  g_assert_cmpuint (mark->count, ==, 501);
  assert_faults (vault, "");
  vault_fixture_assert_verifies (vault);
  sp_vault_close (g_steal_pointer (&vault));

  /* From then on at an unlock, when there is enough to let go of. */
  vault = vault_fixture_open (fixture);
  g_assert_cmpuint (vault->seal->audit_first, ==, 502);
  log_many (vault, 20);
  sp_vault_close (g_steal_pointer (&vault));
  vault = vault_fixture_open (fixture);
  g_assert_cmpuint (vault->seal->audit_last, ==, 1525);
  g_assert_cmpuint (vault->seal->audit_first, ==, 525);
  vault_fixture_assert_verifies (vault);
}

static void
test_pruned_by_age (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);

  log_many (vault, 800);
  fixture->clock.now_ms += 40 * MS_PER_DAY;
  log_many (vault, 900);
  set_retention (vault, 30, 0);
  /* Of 1702, and the mark. */
  g_assert_cmpuint (vault->seal->audit_first, ==, 703);
  vault_fixture_assert_verifies (vault);
}

/* Pruning hides nothing: what does not hold stays, with all that follows. */
static void
test_damage_is_not_pruned (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);

  log_many (vault, 1500);
  vault_fixture_sql (fixture, "DELETE FROM audit WHERE id = 300");
  set_retention (vault, 0, 1000);
  g_assert_cmpuint (vault->seal->audit_first, ==, 1);
  assert_faults (vault, "missing 300-300");
}

/* The disk goes away at operation `number` of pruning, and comes back after the process has gone. Returns whether there
 * was such an operation. */
static gboolean
prune_until (VaultFixture *fixture, guint64 number)
{
  const SpLogRetention retention = { 0, 1000 };
  g_autoptr (SpFaultVfs) faults = sp_fault_vfs_new ();
  g_autoptr (SpVault) vault = vault_fixture_open (fixture);
  g_autoptr (GError) error = NULL;
  gboolean done, failed;

  sp_fault_vfs_reset_count (faults);
  sp_fault_vfs_fail (faults, SP_FAULT_EIO, number, TRUE);
  done = sp_vault_set_log_retention (vault, &retention, &error);
  failed = sp_fault_vfs_get_n_failed (faults) > 0;
  sp_vault_close (g_steal_pointer (&vault));
  sp_fault_vfs_fail (faults, SP_FAULT_NONE, 0, FALSE);

  vault = vault_fixture_open (fixture);
  g_assert_true (sp_vault_is_writable (vault));
  if (done)
    g_assert_cmpuint (vault->seal->audit_first, >, 1);
  assert_faults (vault, "");
  vault_fixture_assert_verifies (vault);
  return failed;
}

/* All of it or nothing, wherever it is killed; every place only in thorough mode. */
static void
test_pruning_is_killed (VaultFixture *fixture, gconstpointer data)
{
  g_autofree char *copy = g_build_filename (fixture->dir, "copy", NULL);
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  guint64 step = g_test_thorough () ? 1 : 5;
  guint64 number = 0;

  log_many (vault, 1050);
  sp_vault_close (g_steal_pointer (&vault));
  vault_fixture_copy (fixture->path, copy);
  do {
    fixture->environment.state_dir = NULL;
    vault_fixture_copy (copy, fixture->path);
    number += step;
  } while (prune_until (fixture, number - step));
  g_assert_cmpuint (number, >, 20);
}

static void
test_retention_has_limits (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  const SpLogRetention too_few = { 0, 10 };
  g_autoptr (GError) error = NULL;
  SpLogRetention retention;

  g_assert_true (sp_vault_get_log_retention (vault, &retention, &error));
  g_assert_cmpuint (retention.entries, ==, SP_LOG_DEFAULT_ENTRIES);
  g_assert_false (sp_vault_set_log_retention (vault, &too_few, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID);
}

static void
test_clock_set_back (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = NULL;
  g_autoptr (SpLog) log = NULL;

  vault_fixture_create_and_close (fixture);
  fixture->clock.now_ms -= MS_PER_DAY;
  vault = vault_fixture_open (fixture);
  log = load (vault, NULL, G_MAXUINT);
  g_assert_cmpuint (sp_log_get (log, 2)->kind, ==, SP_EVENT_CLOCK_SET_BACK);
  g_assert_cmpuint (sp_log_get (log, 2)->count, ==, 86400);
  g_assert_cmpuint (sp_log_get (log, 3)->kind, ==, SP_EVENT_OPENED);
  sp_vault_close (g_steal_pointer (&vault));
  fixture->clock.now_ms += 1000;
  vault = vault_fixture_open (fixture);
  g_assert_cmpuint (vault->seal->audit_last, ==, 4);
}

static void
test_failed_unlocks_are_counted (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = NULL;
  SpVaultInfo info;

  vault_fixture_create_and_close (fixture);
  for (guint i = 0; i < 3; i++) {
    g_autoptr (GError) error = NULL;

    fixture->clock.now_ms += 1000;
    g_assert_null (vault_fixture_try (fixture, "wrong", &error));
  }
  vault = vault_fixture_open (fixture);
  sp_vault_get_info (vault, &info);
  g_assert_cmpuint (info.n_failed_unlocks, ==, 3);
  g_assert_cmpint (info.last_failed_ms, ==, VAULT_FIXTURE_START_MS + 3000);
  sp_vault_close (g_steal_pointer (&vault));
  vault = vault_fixture_open (fixture);
  sp_vault_get_info (vault, &info);
  g_assert_cmpuint (info.n_failed_unlocks, ==, 0);
}

static double
get_cpu_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

/* With -m perf: what it takes. */
static void
test_perf (VaultFixture *fixture, gconstpointer data)
{
  static const guint sizes[] = { 10000, 100000 };
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  guint n = 1;

  if (!g_test_perf ()) {
    g_test_skip ("only with -m perf");
    return;
  }
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (SpLogCheck) check = sp_log_check_new ();
    g_autoptr (SpLog) log = NULL;
    g_autoptr (GArray) numbers = NULL;
    SpLogFilter opened = { 0 };
    double start;

    log_many (vault, sizes[i] - n);
    n = sizes[i];
    start = get_cpu_ms ();
    run (vault, check, G_MAXUINT);
    g_test_message ("verify %u entries: %.1f ms", n, get_cpu_ms () - start);
    start = get_cpu_ms ();
    log = load (vault, NULL, G_MAXUINT);
    g_test_message ("load %u entries: %.1f ms", n, get_cpu_ms () - start);
    sp_log_filter_add_kind (&opened, SP_EVENT_OPENED);
    start = get_cpu_ms ();
    numbers = sp_log_select (log, &opened);
    g_test_message ("filter %u entries: %.1f ms", n, get_cpu_ms () - start);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  vault_fixture_test ("/vault/log-check/in-steps", test_in_steps);
  vault_fixture_test ("/vault/log-check/several-faults", test_several_faults);
  vault_fixture_test ("/vault/log-check/other-copy", test_other_copy);
  vault_fixture_test ("/vault/log-check/foreign-rows-are-told-at-opening",
                      test_foreign_rows_are_told_at_opening);
  vault_fixture_test ("/vault/log-check/loaded-in-steps", test_loaded_in_steps);
  vault_fixture_test ("/vault/log-check/unreadable-entries-are-kept",
                      test_unreadable_entries_are_kept);
  vault_fixture_test ("/vault/log-check/filter-and-count", test_filter_and_count);
  vault_fixture_test ("/vault/log-check/pruned-by-number", test_pruned_by_number);
  vault_fixture_test ("/vault/log-check/pruned-by-age", test_pruned_by_age);
  vault_fixture_test ("/vault/log-check/damage-is-not-pruned", test_damage_is_not_pruned);
  vault_fixture_test ("/vault/log-check/pruning-is-killed", test_pruning_is_killed);
  vault_fixture_test ("/vault/log-check/retention-has-limits", test_retention_has_limits);
  vault_fixture_test ("/vault/log-check/clock-set-back", test_clock_set_back);
  vault_fixture_test ("/vault/log-check/failed-unlocks-are-counted",
                      test_failed_unlocks_are_counted);
  vault_fixture_test ("/vault/log-check/perf", test_perf);
  return sp_test_run ();
}
