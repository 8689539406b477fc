/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The activity log: what is in it, in which order, and that a damaged, lost or moved entry is noticed. */

#define G_LOG_DOMAIN "sp-test"

#include "config.h"

#include <string.h>

#include "crypto/sp-hash.h"
#include "sp-vault-fixture.h"
#include "vault/sp-vault-private.h"

static const SpId subject = { { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 } };

static GPtrArray *
read_log (SpVault *vault, guint64 before, guint limit)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *events = sp_vault_read_log (vault, before, limit, &error);

  g_assert_no_error (error);
  g_assert_nonnull (events);
  return events;
}

static void
log_event (SpVault *vault, SpEventKind kind, guint64 count)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (sp_vault_log (vault, kind, &subject, count, &error));
  g_assert_no_error (error);
}

static gboolean
run_chain (SpVault *vault, guint64 *out_bad)
{
  g_autoptr (GError) error = NULL;
  guint8 chain[SP_HASH_LEN];
  gboolean holds;

  memcpy (chain, vault->seal->audit_base, sizeof chain);
  *out_bad = 0;
  holds = sp_vault_run_chain (vault, vault->seal->audit_first, vault->seal->audit_last, chain,
                              out_bad, &error);
  g_assert_no_error (error);
  return holds && memcmp (chain, vault->seal->audit_head, sizeof chain) == 0;
}

static void
test_created (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  g_autoptr (GPtrArray) events = read_log (vault, 0, 100);
  const SpEvent *event;

  g_assert_cmpuint (events->len, ==, 1);
  event = g_ptr_array_index (events, 0);
  g_assert_cmpuint (event->number, ==, 1);
  g_assert_cmpint (event->kind, ==, SP_EVENT_CREATED);
  g_assert_cmpint (event->time_ms, ==, VAULT_FIXTURE_START_MS);
  g_assert_cmpstr (event->device, ==, "desk");
  g_assert_true (sp_id_equal (&event->session, sp_vault_get_session_id (vault)));
  g_assert_true (sp_id_is_null (&event->subject));
  g_assert_false (event->while_locked);
}

static void
test_opened (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = NULL;
  g_autoptr (GPtrArray) events = NULL;
  const SpEvent *event;

  vault_fixture_create_and_close (fixture);
  fixture->clock.now_ms += 5000;
  vault = vault_fixture_open (fixture);
  events = read_log (vault, 0, 100);
  g_assert_cmpuint (events->len, ==, 2);
  event = g_ptr_array_index (events, 0);
  g_assert_cmpint (event->kind, ==, SP_EVENT_OPENED);
  g_assert_cmpint (event->time_ms, ==, VAULT_FIXTURE_START_MS + 5000);
}

static void
test_fields_come_back (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  g_autoptr (GPtrArray) events = NULL;
  const SpEvent *event;

  log_event (vault, SP_EVENT_EXPORTED, G_MAXUINT64);
  events = read_log (vault, 0, 1);
  event = g_ptr_array_index (events, 0);
  g_assert_cmpint (event->kind, ==, SP_EVENT_EXPORTED);
  g_assert_true (sp_id_equal (&event->subject, &subject));
  g_assert_cmpuint (event->count, ==, G_MAXUINT64);
}

static void
test_newest_first_in_pieces (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  guint64 expected = 8;
  guint64 before = 0;

  for (guint i = 0; i < 7; i++)
    log_event (vault, SP_EVENT_EXPORTED, i);
  while (expected > 0) {
    g_autoptr (GPtrArray) events = read_log (vault, before, 3);

    g_assert_cmpuint (events->len, ==, MIN (expected, 3));
    for (guint i = 0; i < events->len; i++) {
      const SpEvent *event = g_ptr_array_index (events, i);

      g_assert_cmpuint (event->number, ==, expected);
      expected--;
      before = event->number;
    }
  }
}

static void
test_rolled_back (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) events = NULL;
  guint64 bad;

  g_assert_true (sp_vault_begin (vault, SP_BATCH_EDIT, &error));
  log_event (vault, SP_EVENT_EXPORTED, 1);
  sp_vault_rollback (vault);
  events = read_log (vault, 0, 100);
  g_assert_cmpuint (events->len, ==, 1);
  log_event (vault, SP_EVENT_EXPORTED, 2);
  g_assert_true (run_chain (vault, &bad));
}

/* VAULT-FORMAT.md §9, computed from the row as it stands in the file. */
static void
test_chain_is_the_format_s (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  g_autoptr (GByteArray) message = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  guint8 head[SP_HASH_LEN + 16] = { 0 };
  guint8 mac[SP_HASH_LEN];
  const guint8 *row;
  guint64 revision;
  gsize len;

  g_assert_true (sp_records_get (vault->db, SP_RECORDS_AUDIT, 1, &revision, &row, &len, &error));
  g_assert_nonnull (row);
  g_assert_cmpuint (revision, ==, 1);
  head[SP_HASH_LEN] = 1;
  head[SP_HASH_LEN + 8] = 1;
  g_byte_array_append (message, head, sizeof head);
  g_byte_array_append (message, row, (guint) len);
  g_assert_true (
      sp_hmac (SP_HASH_SHA256, vault->audit_key, message->data, message->len, mac, &error));
  sp_test_assert_mem (vault->seal->audit_head, SP_HASH_LEN, mac, sizeof mac);
}

static void
test_chain_holds (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = NULL;
  guint64 bad;

  vault_fixture_create_and_close (fixture);
  vault = vault_fixture_open (fixture);
  for (guint i = 0; i < 5; i++)
    log_event (vault, SP_EVENT_EXPORTED, i);
  g_assert_true (run_chain (vault, &bad));
}

/* Five entries, then `sql`: the chain must break at entry `expected`. */
static void
assert_breaks (VaultFixture *fixture, const char *sql, guint64 expected)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  guint64 bad;

  for (guint i = 0; i < 4; i++)
    log_event (vault, SP_EVENT_EXPORTED, i);
  vault_fixture_sql (fixture, sql);
  g_assert_false (run_chain (vault, &bad));
  g_assert_cmpuint (bad, ==, expected);
}

static void
test_lost_entry (VaultFixture *fixture, gconstpointer data)
{
  assert_breaks (fixture, "DELETE FROM audit WHERE id = 3", 3);
}

static void
test_damaged_entry (VaultFixture *fixture, gconstpointer data)
{
  assert_breaks (fixture, "UPDATE audit SET data = zeroblob (length (data)) WHERE id = 2", 2);
}

static void
test_other_revision (VaultFixture *fixture, gconstpointer data)
{
  assert_breaks (fixture, "UPDATE audit SET revision = revision + 1 WHERE id = 5", 5);
}

static void
test_moved_entry (VaultFixture *fixture, gconstpointer data)
{
  assert_breaks (fixture,
                 "UPDATE audit SET (revision, data) ="
                 " (SELECT revision, data FROM audit AS other WHERE other.id = 4) WHERE id = 3",
                 3);
}

static void
test_read_damaged (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  g_autoptr (GError) error = NULL;

  vault_fixture_sql (fixture, "UPDATE audit SET data = zeroblob (length (data))");
  g_assert_null (sp_vault_read_log (vault, 0, 10, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED);
}

static void
test_kinds_have_names (void)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  guint n = 0;

  for (guint kind = 0; kind < 100; kind++) {
    const char *name = sp_event_kind_to_name ((SpEventKind) kind);

    if (g_str_equal (name, "unknown"))
      continue;
    g_assert_true (g_hash_table_add (names, (gpointer) (guintptr) name));
    n++;
  }
  g_assert_cmpuint (n, ==, 35);
  g_assert_cmpstr (sp_event_kind_to_name (SP_EVENT_ITEM_ADDED), ==, "item-added");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  vault_fixture_test ("/vault/log/created", test_created);
  vault_fixture_test ("/vault/log/opened", test_opened);
  vault_fixture_test ("/vault/log/fields-come-back", test_fields_come_back);
  vault_fixture_test ("/vault/log/newest-first-in-pieces", test_newest_first_in_pieces);
  vault_fixture_test ("/vault/log/rolled-back", test_rolled_back);
  vault_fixture_test ("/vault/log/chain-is-the-format's", test_chain_is_the_format_s);
  vault_fixture_test ("/vault/log/chain-holds", test_chain_holds);
  vault_fixture_test ("/vault/log/lost-entry", test_lost_entry);
  vault_fixture_test ("/vault/log/damaged-entry", test_damaged_entry);
  vault_fixture_test ("/vault/log/other-revision", test_other_revision);
  vault_fixture_test ("/vault/log/moved-entry", test_moved_entry);
  vault_fixture_test ("/vault/log/read-damaged", test_read_damaged);
  g_test_add_func ("/vault/log/kinds-have-names", test_kinds_have_names);
  return sp_test_run ();
}
