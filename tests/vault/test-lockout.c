/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Failures while locked: how long they make one wait, and how they come into the log. What is in the file
 * may be forged, so it must never lock anyone out for good. */

#define G_LOG_DOMAIN "sp-test"

#include "config.h"

#include <string.h>

#include "crypto/sp-sealed-box.h"
#include "sp-vault-fixture.h"
#include "vault/sp-vault-private.h"

static const guint8 event_key[32] = { 9 }; /* the base point of RFC 7748, a valid public key */

static void
fail_once (VaultFixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (vault_fixture_try (fixture, "wrong", &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY);
}

static void
assert_locked_out (VaultFixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (vault_fixture_try (fixture, VAULT_FIXTURE_PASSWORD, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_LOCKED_OUT);
}

static SpDb *
open_db (VaultFixture *fixture)
{
  g_autoptr (GError) error = NULL;
  SpDb *db;

  vault_fixture_create_and_close (fixture);
  db = sp_db_open (fixture->path, SP_DB_READ_WRITE, &error);
  g_assert_no_error (error);
  g_assert_nonnull (db);
  return db;
}

static gboolean
may_try (SpDb *db, guint64 failures, gint64 last_ms, gint64 now_ms)
{
  g_autoptr (GError) error = NULL;
  gboolean may;

  g_assert_true (sp_lockout_write (db, failures, last_ms, event_key, &error));
  g_assert_no_error (error);
  may = sp_lockout_check (db, now_ms, &error);
  if (!may)
    g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_LOCKED_OUT);
  return may;
}

static void
test_four_are_free (VaultFixture *fixture, gconstpointer data)
{
  vault_fixture_create_and_close (fixture);
  for (guint i = 0; i < 4; i++)
    fail_once (fixture);
  sp_vault_close (vault_fixture_open (fixture));
}

static void
test_fifth_waits (VaultFixture *fixture, gconstpointer data)
{
  vault_fixture_create_and_close (fixture);
  for (guint i = 0; i < 5; i++)
    fail_once (fixture);
  assert_locked_out (fixture);
  fixture->clock.now_ms += 29999;
  assert_locked_out (fixture);
  fixture->clock.now_ms += 1;
  sp_vault_close (vault_fixture_open (fixture));
}

static void
test_unlock_resets (VaultFixture *fixture, gconstpointer data)
{
  vault_fixture_create_and_close (fixture);
  for (guint round = 0; round < 2; round++) {
    for (guint i = 0; i < 4; i++)
      fail_once (fixture);
    sp_vault_close (vault_fixture_open (fixture));
  }
}

static void
test_waits (VaultFixture *fixture, gconstpointer data)
{
  static const struct {
    guint64 failures;
    gint64 wait_ms;
  } rows[] = {
    { 5, 30 * 1000 },
    { 6, 60 * 1000 },
    { 7, 5 * 60 * 1000 },
    { 8, 15 * 60 * 1000 },
    { 9, 60 * 60 * 1000 },
    { 10, 60 * 60 * 1000 },
    { G_MAXINT64, 60 * 60 * 1000 },
  };
  const gint64 last = VAULT_FIXTURE_START_MS;
  g_autoptr (SpDb) db = open_db (fixture);

  g_assert_true (may_try (db, 0, last, last));
  g_assert_true (may_try (db, 4, last, last));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_assert_false (may_try (db, rows[i].failures, last, last + rows[i].wait_ms - 1));
    g_assert_true (may_try (db, rows[i].failures, last, last + rows[i].wait_ms));
  }
}

/* A clock that was wrong, or a forged row: the wait begins now, once, and ends. */
static void
test_future_ends (VaultFixture *fixture, gconstpointer data)
{
  const gint64 now = VAULT_FIXTURE_START_MS;
  g_autoptr (SpDb) db = open_db (fixture);
  g_autoptr (GError) error = NULL;

  g_assert_false (may_try (db, 9, G_MAXINT64, now));
  g_assert_false (sp_lockout_check (db, now + 60 * 60 * 1000 - 1, NULL));
  g_assert_true (sp_lockout_check (db, now + 60 * 60 * 1000, &error));
  g_assert_no_error (error);
}

static void
test_future_read_only (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpDb) db = open_db (fixture);
  g_autoptr (SpDb) reader = sp_db_open (fixture->path, SP_DB_READ_ONLY, &error);

  g_assert_no_error (error);
  g_assert_true (sp_lockout_write (db, 9, G_MAXINT64, event_key, &error));
  g_assert_true (sp_lockout_check (reader, VAULT_FIXTURE_START_MS, &error));
  g_assert_no_error (error);
}

static void
test_before_1970 (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpDb) db = open_db (fixture);

  g_assert_true (may_try (db, 9, G_MININT64, VAULT_FIXTURE_START_MS));
}

static void
test_no_row (VaultFixture *fixture, gconstpointer data)
{
  vault_fixture_create_and_close (fixture);
  vault_fixture_sql (fixture, "DELETE FROM lockout");
  fail_once (fixture);
  sp_vault_close (vault_fixture_open (fixture));
}

static guint
count_failures_in_log (SpVault *vault, const SpEvent **out_last, GPtrArray **out_events)
{
  g_autoptr (GError) error = NULL;
  guint n = 0;

  *out_events = sp_vault_read_log (vault, 0, 1000, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < (*out_events)->len; i++) {
    const SpEvent *event = g_ptr_array_index (*out_events, i);

    if (event->kind == SP_EVENT_UNLOCK_FAILED) {
      *out_last = event;
      n++;
    } else {
      g_assert_false (event->while_locked);
    }
  }
  return n;
}

static void
test_comes_into_the_log (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = NULL;
  g_autoptr (GPtrArray) events = NULL;
  const SpEvent *event = NULL;

  vault_fixture_create_and_close (fixture);
  fixture->clock.now_ms += 1000;
  fail_once (fixture);
  fixture->clock.now_ms += 1000;
  vault = vault_fixture_open (fixture);
  g_assert_cmpuint (count_failures_in_log (vault, &event, &events), ==, 1);
  g_assert_true (event->while_locked);
  g_assert_cmpint (event->time_ms, ==, VAULT_FIXTURE_START_MS + 1000);
  g_assert_cmpstr (event->device, ==, "desk");
}

static void
test_comes_once (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = NULL;
  g_autoptr (GPtrArray) events = NULL;
  const SpEvent *event = NULL;

  vault_fixture_create_and_close (fixture);
  fail_once (fixture);
  sp_vault_close (vault_fixture_open (fixture));
  vault = vault_fixture_open (fixture);
  g_assert_cmpuint (count_failures_in_log (vault, &event, &events), ==, 1);
}

static void
test_long_device (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = NULL;
  g_autoptr (GPtrArray) events = NULL;
  const SpEvent *event = NULL;

  /* The 64th byte is the first of an umlaut, which is left out rather than halved. */
  fixture->environment
      .device_name = "012345678901234567890123456789012345678901234567890123456789012\303\274x";
  vault_fixture_create_and_close (fixture);
  fail_once (fixture);
  vault = vault_fixture_open (fixture);
  g_assert_cmpuint (count_failures_in_log (vault, &event, &events), ==, 1);
  g_assert_cmpstr (event->device, ==,
                   "012345678901234567890123456789012345678901234567890123456789012");
}

/* An event as somebody without the vault key may make it. */
static void
add_forged_event (VaultFixture *fixture, guint8 kind)
{
  guint8 plain[128] = { 1, kind, 5 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) sealed = NULL;
  g_autoptr (SpDb) db = sp_db_open (fixture->path, SP_DB_READ_WRITE, &error);
  guint8 key[32];
  guint64 failures;
  gint64 last_ms;

  g_assert_true (sp_lockout_read (db, &failures, &last_ms, key, &error));
  sealed = sp_sealed_box_seal (key, plain, sizeof plain, &error);
  g_assert_true (sp_locked_event_add (db, sealed, 256, &error));
  g_assert_no_error (error);
}

static guint
open_and_count (VaultFixture *fixture)
{
  g_autoptr (SpVault) vault = vault_fixture_open (fixture);
  g_autoptr (GPtrArray) events = NULL;
  g_autoptr (GPtrArray) left = NULL;
  g_autoptr (GError) error = NULL;
  const SpEvent *event = NULL;

  left = sp_locked_event_read (vault->db, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (left->len, ==, 0);
  return count_failures_in_log (vault, &event, &events);
}

static void
test_only_failures_are_taken (VaultFixture *fixture, gconstpointer data)
{
  vault_fixture_create_and_close (fixture);
  add_forged_event (fixture, SP_EVENT_ITEM_PURGED);
  g_assert_cmpuint (open_and_count (fixture), ==, 0);
  add_forged_event (fixture, SP_EVENT_UNLOCK_FAILED);
  g_assert_cmpuint (open_and_count (fixture), ==, 1);
}

static void
test_rubbish_is_dropped (VaultFixture *fixture, gconstpointer data)
{
  vault_fixture_create_and_close (fixture);
  vault_fixture_sql (fixture, "INSERT INTO locked_event (data) VALUES (x''), (zeroblob (176)),"
                              " (randomblob (176)), (randomblob (47))");
  g_assert_cmpuint (open_and_count (fixture), ==, 0);
}

static void
test_at_most_256 (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpDb) db = open_db (fixture);
  g_autoptr (GPtrArray) events = NULL;
  g_autoptr (GError) error = NULL;

  vault_fixture_sql (fixture, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                              " WHERE i < 255) INSERT INTO locked_event (data)"
                              " SELECT zeroblob (176) FROM n");
  sp_lockout_record_failure (db, VAULT_FIXTURE_START_MS, "desk");
  sp_lockout_record_failure (db, VAULT_FIXTURE_START_MS, "desk");
  events = sp_locked_event_read (db, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (events->len, ==, 256);
  g_assert_cmpuint (g_bytes_get_size (g_ptr_array_index (events, 255)), ==, 176);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  vault_fixture_test ("/vault/lockout/four-are-free", test_four_are_free);
  vault_fixture_test ("/vault/lockout/fifth-waits", test_fifth_waits);
  vault_fixture_test ("/vault/lockout/unlock-resets", test_unlock_resets);
  vault_fixture_test ("/vault/lockout/waits", test_waits);
  vault_fixture_test ("/vault/lockout/future-ends", test_future_ends);
  vault_fixture_test ("/vault/lockout/future-read-only", test_future_read_only);
  vault_fixture_test ("/vault/lockout/before-1970", test_before_1970);
  vault_fixture_test ("/vault/lockout/no-row", test_no_row);
  vault_fixture_test ("/vault/lockout/comes-into-the-log", test_comes_into_the_log);
  vault_fixture_test ("/vault/lockout/comes-once", test_comes_once);
  vault_fixture_test ("/vault/lockout/long-device", test_long_device);
  vault_fixture_test ("/vault/lockout/only-failures-are-taken", test_only_failures_are_taken);
  vault_fixture_test ("/vault/lockout/rubbish-is-dropped", test_rubbish_is_dropped);
  vault_fixture_test ("/vault/lockout/at-most-256", test_at_most_256);
  return sp_test_run ();
}
