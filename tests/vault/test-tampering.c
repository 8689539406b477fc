/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Somebody who can write the file and has no key: each test stands for one way in which the engine once
 * believed, hid or lost something. */

#define G_LOG_DOMAIN "sp-test"

#include "config.h"

#include <sqlite3.h>
#include <string.h>

#include "crypto/sp-hash.h"
#include "sp-vault-fixture.h"
#include "vault/sp-transaction.h"
#include "vault/sp-vault-items.h"
#include "vault/sp-vault-slots.h"

#define SECOND_PASSWORD "battery staple"
#define FIXED_ID        8 /* VAULT-FORMAT.md §4.1: vault id, then slot id */
#define FIXED_CHECKSUM  196
#define DAMAGED_PAGE    "UPDATE page SET data = zeroblob (length (data))"

static const SpKdfCost cheap_cost = { .memory_kib = 8, .passes = 1, .lanes = 1 };

/* Puts a copy of the vault beside it, for put_back() and for SQL that says OLD. */
static void
keep_copy (VaultFixture *fixture)
{
  g_autofree char *old = g_strconcat (fixture->path, "-old", NULL);

  vault_fixture_copy (fixture->path, old);
}

static void
put_back (VaultFixture *fixture)
{
  g_autofree char *old = g_strconcat (fixture->path, "-old", NULL);

  vault_fixture_copy (old, fixture->path);
}

static void
sql_with_old (VaultFixture *fixture, const char *statements)
{
  g_autofree char *sql = g_strdup_printf ("ATTACH '%s-old' AS old; %s", fixture->path, statements);

  vault_fixture_sql (fixture, sql);
}

/* A vault with a second slot, "second", at row 2. */
static void
make_with_two_slots (VaultFixture *fixture, SpId *out_second)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  g_autoptr (SpSecret) password = sp_secret_new_text (SECOND_PASSWORD);
  g_autoptr (GError) error = NULL;
  gboolean done = sp_vault_add_password_slot (vault, "second", password, &cheap_cost, out_second,
                                              &error);

  g_assert_no_error (error);
  g_assert_true (done);
}

static guint
count_problems (const GPtrArray *problems, const char *table, SpProblemKind kind, const char *words)
{
  guint n = 0;

  for (guint i = 0; i < problems->len; i++) {
    const SpProblem *problem = g_ptr_array_index (problems, i);

    g_test_message ("%s %s %" G_GUINT64_FORMAT ": %s", sp_problem_kind_to_name (problem->kind),
                    problem->table, problem->record, problem->text);
    n += problem->kind == kind && g_str_equal (problem->table, table) &&
         strstr (problem->text, words) != NULL;
  }
  return n;
}

static guint
count_found (SpVault *vault, const char *table, SpProblemKind kind, const char *words)
{
  return count_problems (sp_vault_peek_problems (vault), table, kind, words);
}

static guint
count_log (SpVault *vault, SpEventKind kind)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) events = sp_vault_read_log (vault, 0, 1000, &error);
  guint n = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < events->len; i++)
    n += ((const SpEvent *) g_ptr_array_index (events, i))->kind == kind;
  return n;
}

static void
accept_state (VaultFixture *fixture, SpVault *vault)
{
  g_autofree char *copy = g_strconcat (fixture->path, "-before", NULL);
  g_autoptr (GError) error = NULL;
  gboolean done = sp_vault_accept (vault, copy, &error);

  g_assert_no_error (error);
  g_assert_true (done);
  g_assert_cmpint (sp_vault_get_state (vault), ==, SP_VAULT_STATE_SOUND);
}

/* The whole folder of pins, as one string. */
static char *
read_pins (VaultFixture *fixture)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->state_dir, 0, NULL);
  g_autoptr (GString) all = g_string_new (NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (fixture->state_dir, name, NULL);
    g_autofree char *text = NULL;

    g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
    g_string_append_printf (all, "%s\n%s", name, text);
  }
  return g_string_free (g_steal_pointer (&all), FALSE);
}

/* Puts a slot of a vault that nobody has heard of into slot_a. */
static void
forge_slot (VaultFixture *fixture, gint64 position)
{
  sqlite3 *db;
  sqlite3_stmt *statement;
  guint8 fixed[SP_KEYSLOT_LEN];

  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  sqlite3_prepare_v2 (db, "SELECT fixed FROM slot_b WHERE id = 1", -1, &statement, NULL);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  g_assert_cmpint (sqlite3_column_bytes (statement, 0), ==, SP_KEYSLOT_LEN);
  memcpy (fixed, sqlite3_column_blob (statement, 0), sizeof fixed);
  sqlite3_finalize (statement);

  memset (fixed + FIXED_ID, 0x5a, 2 * SP_ID_LEN);
  g_assert_true (sp_sha256 (fixed, FIXED_CHECKSUM, fixed + FIXED_CHECKSUM, NULL));
  sqlite3_prepare_v2 (db,
                      "REPLACE INTO slot_a SELECT ?1, ?2, revision, changing FROM slot_b "
                      "WHERE id = 1",
                      -1, &statement, NULL);
  sqlite3_bind_int64 (statement, 1, position);
  sqlite3_bind_blob (statement, 2, fixed, sizeof fixed, SQLITE_STATIC);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_DONE);
  sqlite3_finalize (statement);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
}

/* An older copy, and a forged slot before the true one: it stays older, and the pin what it is. */
static void
assert_forged_slot_hides_nothing (VaultFixture *fixture, gint64 position, gboolean shift)
{
  g_autofree char *before = NULL;

  vault_fixture_create_and_close (fixture);
  keep_copy (fixture);
  vault_fixture_rename (fixture, "newer");
  before = read_pins (fixture);
  put_back (fixture);
  if (shift)
    vault_fixture_sql (fixture, "UPDATE slot_a SET id = id + 1");
  forge_slot (fixture, position);
  for (guint i = 0; i < 2; i++) {
    g_autoptr (SpVault) vault = vault_fixture_open (fixture);
    g_autofree char *after = read_pins (fixture);

    g_assert_cmpint (sp_vault_get_state (vault), ==, SP_VAULT_STATE_OLDER);
    g_assert_false (sp_vault_is_writable (vault));
    g_assert_cmpstr (after, ==, before);
  }
}

static void
test_forged_slot_at_zero (VaultFixture *fixture, gconstpointer data)
{
  assert_forged_slot_hides_nothing (fixture, 0, FALSE);
}

static void
test_forged_slot_in_place (VaultFixture *fixture, gconstpointer data)
{
  assert_forged_slot_hides_nothing (fixture, 1, FALSE);
}

static void
test_forged_slot_before_shifted (VaultFixture *fixture, gconstpointer data)
{
  assert_forged_slot_hides_nothing (fixture, 1, TRUE);
}

/* The same, but nothing is older: the forged slot is told, and does not stand in the way. */
static void
test_forged_slot_alone (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = NULL;

  vault_fixture_create_and_close (fixture);
  forge_slot (fixture, 7);
  vault = vault_fixture_open (fixture);
  g_assert_cmpint (sp_vault_get_state (vault), ==, SP_VAULT_STATE_SOUND);
  g_assert_cmpuint (count_found (vault, "slot_a", SP_PROBLEM_FOREIGN, ""), ==, 1);
  g_assert_cmpuint (count_log (vault, SP_EVENT_DAMAGE_FOUND), ==, 1);
  vault_fixture_assert_verifies (vault);
}

static void
test_damage_hides_no_rollback (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = NULL;

  vault_fixture_create_with_item (fixture);
  keep_copy (fixture);
  vault_fixture_rename (fixture, "newer");
  put_back (fixture);
  vault_fixture_sql (fixture, DAMAGED_PAGE);
  vault = vault_fixture_open (fixture);
  g_assert_cmpint (sp_vault_get_state (vault), ==, SP_VAULT_STATE_DAMAGED);
  g_assert_cmpuint (count_found (vault, "page", SP_PROBLEM_DAMAGED, ""), ==, 1);
  g_assert_cmpuint (count_found (vault, "seal", SP_PROBLEM_OTHER, "older"), ==, 1);
  accept_state (fixture, vault);
  g_assert_cmpuint (count_log (vault, SP_EVENT_ROLLBACK_ACCEPTED), ==, 1);
  g_clear_pointer (&vault, sp_vault_close);
  vault_fixture_assert_sound (fixture);
}

static void
test_damage_alone_is_no_rollback (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = NULL;

  vault_fixture_create_with_item (fixture);
  vault_fixture_sql (fixture, DAMAGED_PAGE);
  vault = vault_fixture_open (fixture);
  g_assert_cmpuint (count_found (vault, "seal", SP_PROBLEM_OTHER, ""), ==, 0);
  accept_state (fixture, vault);
  g_assert_cmpuint (count_log (vault, SP_EVENT_ROLLBACK_ACCEPTED), ==, 0);
  g_assert_cmpuint (count_log (vault, SP_EVENT_DAMAGE_ACCEPTED), ==, 1);
}

static void
test_older_seal_serves (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = NULL;

  vault_fixture_create_with_item (fixture);
  keep_copy (fixture);
  vault = vault_fixture_open (fixture);
  vault_fixture_add_item (vault, "Two");
  g_clear_pointer (&vault, sp_vault_close);
  sql_with_old (fixture, "REPLACE INTO main.seal_b SELECT * FROM old.seal_b;"
                         "REPLACE INTO main.index_block SELECT * FROM old.index_block;"
                         "REPLACE INTO main.page SELECT * FROM old.page");
  vault = vault_fixture_open (fixture);
  g_assert_cmpint (sp_vault_get_state (vault), ==, SP_VAULT_STATE_DAMAGED);
  g_assert_cmpuint (count_found (vault, "seal_b", SP_PROBLEM_COPY, "OLDER"), ==, 1);
}

static void
test_last_slot_that_opens (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = NULL;
  g_autoptr (GError) error = NULL;
  SpId second;

  make_with_two_slots (fixture, &second);
  vault = vault_fixture_open (fixture);
  vault_fixture_sql (fixture, "UPDATE slot_a SET fixed = zeroblob (228) WHERE id = 2;"
                              "UPDATE slot_b SET fixed = zeroblob (228) WHERE id = 2");
  g_assert_false (sp_vault_remove_slot (vault, &vault->slot_id, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_LAST_SLOT);
  g_clear_pointer (&vault, sp_vault_close);
  sp_vault_close (vault_fixture_open (fixture));
}

/* The damaged one may go, of course. */
static void
test_damaged_slot_is_removed (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = NULL;
  g_autoptr (GError) error = NULL;
  SpId second;

  make_with_two_slots (fixture, &second);
  vault = vault_fixture_open (fixture);
  vault_fixture_sql (fixture, "UPDATE slot_a SET fixed = zeroblob (228) WHERE id = 2;"
                              "UPDATE slot_b SET fixed = zeroblob (228) WHERE id = 2");
  g_assert_true (sp_vault_remove_slot (vault, &second, &error));
  g_assert_no_error (error);
  g_clear_pointer (&vault, sp_vault_close);
  vault_fixture_assert_sound (fixture);
}

static void
test_lost_slot (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = NULL;
  SpVaultInfo info;
  SpId second;

  make_with_two_slots (fixture, &second);
  vault_fixture_sql (fixture, "UPDATE slot_a SET fixed = zeroblob (228) WHERE id = 2;"
                              "DELETE FROM slot_b WHERE id = 2");
  vault = vault_fixture_open (fixture);
  g_assert_cmpint (sp_vault_get_state (vault), ==, SP_VAULT_STATE_DAMAGED);
  g_assert_cmpuint (count_found (vault, "slot_a", SP_PROBLEM_MISSING, ""), ==, 1);
  accept_state (fixture, vault);
  sp_vault_get_info (vault, &info);
  g_assert_cmpuint (info.n_slots, ==, 1);
  g_clear_pointer (&vault, sp_vault_close);
  vault_fixture_assert_sound (fixture);
}

/* One copy is gone, and the other has lost its name only: the slot still opens, so nothing is lost. */
static void
test_slot_held_by_one_fixed_part (VaultFixture *fixture, gconstpointer data)
{
  SpId second;

  make_with_two_slots (fixture, &second);
  vault_fixture_sql (fixture, "DELETE FROM slot_a WHERE id = 2;"
                              "UPDATE slot_b SET changing = zeroblob (92) WHERE id = 2");
  vault_fixture_assert_sound (fixture);
}

static void
assert_setting_is_named (VaultFixture *fixture)
{
  g_autoptr (SpVault) vault = vault_fixture_open (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) problems = sp_vault_verify (vault, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (sp_vault_get_state (vault), ==, SP_VAULT_STATE_DAMAGED);
  g_assert_cmpuint (count_found (vault, "setting", SP_PROBLEM_DAMAGED, ""), ==, 1);
  g_assert_cmpuint (count_problems (problems, "setting", SP_PROBLEM_DAMAGED, ""), ==, 1);
  accept_state (fixture, vault);
  g_assert_true (sp_vault_set_name (vault, "a new name", &error));
  g_assert_no_error (error);
  g_clear_pointer (&vault, sp_vault_close);
  vault_fixture_assert_sound (fixture);
}

static void
test_setting_deleted (VaultFixture *fixture, gconstpointer data)
{
  vault_fixture_create_and_close (fixture);
  vault_fixture_sql (fixture, "DELETE FROM setting");
  assert_setting_is_named (fixture);
}

static void
test_setting_replayed (VaultFixture *fixture, gconstpointer data)
{
  vault_fixture_create_and_close (fixture);
  keep_copy (fixture);
  vault_fixture_rename (fixture, "newer");
  sql_with_old (fixture, "REPLACE INTO main.setting SELECT * FROM old.setting");
  assert_setting_is_named (fixture);
}

static void
test_slot_copied_to_zero (VaultFixture *fixture, gconstpointer data)
{
  vault_fixture_create_and_close (fixture);
  vault_fixture_sql (fixture, "INSERT INTO slot_a SELECT 0, fixed, revision, changing FROM slot_a "
                              "WHERE id = 1");
  vault_fixture_assert_sound (fixture);
}

/* The slot that is left stands in row 2, so that a copy of it fits before it. */
static void
test_slot_copied_before (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = NULL;
  g_autoptr (GError) error = NULL;
  SpId second;

  make_with_two_slots (fixture, &second);
  vault = vault_fixture_open (fixture);
  g_assert_true (sp_vault_remove_slot (vault, &vault->slot_id, &error));
  g_clear_pointer (&vault, sp_vault_close);
  vault_fixture_sql (fixture, "INSERT INTO slot_a SELECT 1, fixed, revision, changing FROM slot_a "
                              "WHERE id = 2");
  vault = vault_fixture_try (fixture, SECOND_PASSWORD, &error);
  g_assert_no_error (error);
  g_assert_cmpint (sp_vault_get_state (vault), ==, SP_VAULT_STATE_SOUND);
  vault_fixture_assert_verifies (vault);
}

/* A vault with one item, and before its slot that of another vault with the same password. */
static void
make_with_foreign_slot (VaultFixture *fixture)
{
  char *path = fixture->path;
  g_autofree char *other = g_strconcat (path, "-old", NULL);

  vault_fixture_create_with_item (fixture);
  fixture->path = other;
  vault_fixture_create_and_close (fixture);
  fixture->path = path;
  sql_with_old (fixture, "REPLACE INTO main.slot_a SELECT * FROM old.slot_a");
}

static void
test_foreign_slot (VaultFixture *fixture, gconstpointer data)
{
  make_with_foreign_slot (fixture);
  vault_fixture_assert_sound (fixture);
}

static void
test_foreign_slot_and_salvage (VaultFixture *fixture, gconstpointer data)
{
  g_autofree char *target = g_strconcat (fixture->path, "-salvaged", NULL);
  g_autoptr (SpSecret) password = sp_secret_new_text (VAULT_FIXTURE_PASSWORD);
  g_autoptr (SpSalvageReport) report = NULL;
  g_autoptr (GError) error = NULL;

  make_with_foreign_slot (fixture);
  report = sp_vault_salvage (fixture->path, password, target, &fixture->environment, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report->n_items, ==, 1);
  g_assert_cmpuint (report->n_lost, ==, 0);
}

/* The changing part of slot 2 comes back from an older state: it is authentic, and yet not the one. */
static void
test_changing_part_replayed (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = NULL;
  g_autoptr (GPtrArray) slots = NULL;
  g_autoptr (GError) error = NULL;
  const SpSlotInfo *info;
  SpId second;

  make_with_two_slots (fixture, &second);
  keep_copy (fixture);
  sp_vault_close (vault_fixture_try (fixture, SECOND_PASSWORD, &error));
  sql_with_old (fixture, "REPLACE INTO main.slot_a SELECT * FROM old.slot_a WHERE id = 2;"
                         "REPLACE INTO main.slot_b SELECT * FROM old.slot_b WHERE id = 2");
  vault = vault_fixture_open (fixture);
  g_assert_cmpuint (count_found (vault, "slot_a", SP_PROBLEM_DAMAGED, "name"), ==, 1);
  slots = sp_vault_list_slots (vault, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (slots->len, ==, 2);
  info = g_ptr_array_index (slots, 1);
  g_assert_true (sp_id_equal (&info->id, &second));
  g_assert_cmpstr (info->name, ==, "");
  g_assert_cmpint (info->created_ms, ==, 0);
  vault_fixture_assert_verifies (vault);
}

static void
assert_seal_is_repaired (VaultFixture *fixture, const char *sql)
{
  g_autoptr (SpVault) vault = NULL;
  g_autoptr (GError) error = NULL;
  gboolean changed;
  gboolean done;

  vault_fixture_create_and_close (fixture);
  vault_fixture_sql (fixture, sql);
  vault = vault_fixture_open (fixture);
  g_assert_cmpint (sp_vault_get_state (vault), ==, SP_VAULT_STATE_SOUND);
  vault_fixture_sql (fixture, sql); /* opening has repaired it; now with the vault open */
  g_assert_true (sp_vault_refresh (vault, &changed, &error));
  g_assert_no_error (error);
  g_assert_false (changed);
  done = sp_vault_set_name (vault, "another", &error);
  g_assert_no_error (error);
  g_assert_true (done);
  vault_fixture_assert_verifies (vault);
}

static void
test_seal_a_unreadable (VaultFixture *fixture, gconstpointer data)
{
  assert_seal_is_repaired (fixture, "UPDATE seal_a SET revision = -1");
}

static void
test_seal_b_unreadable (VaultFixture *fixture, gconstpointer data)
{
  assert_seal_is_repaired (fixture, "UPDATE seal_b SET revision = -1");
}

static void
test_seal_a_unreadable_and_accepted (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = NULL;

  vault_fixture_create_with_item (fixture);
  vault_fixture_sql (fixture, "UPDATE seal_a SET revision = -1; " DAMAGED_PAGE);
  vault = vault_fixture_open (fixture);
  g_assert_cmpint (sp_vault_get_state (vault), ==, SP_VAULT_STATE_DAMAGED);
  accept_state (fixture, vault);
  vault_fixture_assert_verifies (vault);
}

static void
fail_to_open (VaultFixture *fixture, guint n)
{
  for (guint i = 0; i < n; i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (vault_fixture_try (fixture, "wrong", &error));
    g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY);
  }
}

/* Zeroes the first page of the table of details. */
static void
break_details (VaultFixture *fixture)
{
  g_autofree char *data = NULL;
  sqlite3_stmt *statement;
  gsize offset;
  gsize len;
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  sqlite3_prepare_v2 (db, "SELECT rootpage FROM sqlite_schema WHERE name = 'detail'", -1,
                      &statement, NULL);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  offset = ((gsize) sqlite3_column_int (statement, 0) - 1) * 2048;
  sqlite3_finalize (statement);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);

  g_assert_true (g_file_get_contents (fixture->path, &data, &len, NULL));
  g_assert_cmpuint (offset + 2048, <=, len);
  memset (data + offset, 0, 2048);
  g_assert_true (g_file_set_contents (fixture->path, data, (gssize) len, NULL));
}

static void
test_salvage_waits (VaultFixture *fixture, gconstpointer data)
{
  g_autofree char *target = g_strconcat (fixture->path, "-salvaged", NULL);
  g_autoptr (SpSecret) password = sp_secret_new_text (VAULT_FIXTURE_PASSWORD);
  g_autoptr (SpSalvageReport) report = NULL;
  g_autoptr (GError) error = NULL;

  vault_fixture_create_with_item (fixture);
  fail_to_open (fixture, 5);
  report = sp_vault_salvage (fixture->path, password, target, &fixture->environment, &error);
  g_assert_null (report);
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_LOCKED_OUT);
  g_assert_false (g_file_test (target, G_FILE_TEST_EXISTS));
  g_clear_error (&error);
  fixture->clock.now_ms += 30000;
  report = sp_vault_salvage (fixture->path, password, target, &fixture->environment, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report->n_items, ==, 1);
}

static void
test_salvage_counts (VaultFixture *fixture, gconstpointer data)
{
  g_autofree char *target = g_strconcat (fixture->path, "-salvaged", NULL);
  g_autoptr (SpSecret) wrong = sp_secret_new_text ("wrong");
  g_autoptr (SpVault) vault = NULL;
  g_autoptr (GError) error = NULL;

  vault_fixture_create_with_item (fixture);
  for (guint i = 0; i < 5; i++) {
    g_assert_null (sp_vault_salvage (fixture->path, wrong, target, &fixture->environment, &error));
    g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY);
    g_clear_error (&error);
  }
  g_assert_null (sp_vault_salvage (fixture->path, wrong, target, &fixture->environment, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_LOCKED_OUT);
  fixture->clock.now_ms += 30000;
  vault = vault_fixture_open (fixture);
  g_assert_cmpuint (count_log (vault, SP_EVENT_UNLOCK_FAILED), ==, 5);
}

static void
assert_salvage_writes_nothing (VaultFixture *fixture)
{
  g_autofree char *target = g_strconcat (fixture->path, "-salvaged", NULL);
  g_autoptr (SpSecret) wrong = sp_secret_new_text ("wrong");
  g_autoptr (GError) error = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gsize len;
  gsize len_after;

  g_assert_true (g_file_get_contents (fixture->path, &before, &len, NULL));
  g_assert_null (sp_vault_salvage (fixture->path, wrong, target, &fixture->environment, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY);
  g_assert_true (g_file_get_contents (fixture->path, &after, &len_after, NULL));
  sp_test_assert_mem (after, len_after, before, len);
}

/* The root of the table of details is broken: nothing is written, whatever was typed. */
static void
test_salvage_leaves_broken_alone (VaultFixture *fixture, gconstpointer data)
{
  vault_fixture_create_with_item (fixture);
  break_details (fixture);
  assert_salvage_writes_nothing (fixture);
}

/* Maybe the password is that of the slot that is damaged. */
static void
test_salvage_blames_no_password (VaultFixture *fixture, gconstpointer data)
{
  SpId second;

  make_with_two_slots (fixture, &second);
  vault_fixture_sql (fixture, "UPDATE slot_a SET fixed = zeroblob (228) WHERE id = 2;"
                              "UPDATE slot_b SET fixed = zeroblob (228) WHERE id = 2");
  assert_salvage_writes_nothing (fixture);
}

static void
test_asking_again_waits (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  g_autoptr (SpSecret) right = sp_secret_new_text (VAULT_FIXTURE_PASSWORD);
  g_autoptr (SpSecret) wrong = sp_secret_new_text ("wrong");
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 5; i++) {
    g_assert_false (sp_vault_check_password (vault, wrong, &error));
    g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY);
    g_clear_error (&error);
  }
  g_assert_false (sp_vault_check_password (vault, right, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_LOCKED_OUT);
  g_clear_error (&error);
  fixture->clock.now_ms += 30000;
  g_assert_true (sp_vault_check_password (vault, right, &error));
  g_assert_no_error (error);
}

static void
test_event_key_replaced (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = NULL;

  vault_fixture_create_and_close (fixture);
  vault_fixture_sql (fixture, "UPDATE lockout SET event_key = randomblob (32)");
  fail_to_open (fixture, 1);
  vault = vault_fixture_open (fixture);
  g_assert_cmpuint (count_log (vault, SP_EVENT_UNLOCK_FAILED), ==, 0);
  g_assert_cmpuint (count_log (vault, SP_EVENT_DAMAGE_FOUND), ==, 1);
  g_clear_pointer (&vault, sp_vault_close);
  fail_to_open (fixture, 1);
  vault = vault_fixture_open (fixture);
  g_assert_cmpuint (count_log (vault, SP_EVENT_UNLOCK_FAILED), ==, 1);
  g_assert_cmpuint (count_log (vault, SP_EVENT_DAMAGE_FOUND), ==, 1);
}

/* A slot of a later version, shorter than ours, as a later program would have listed it. */
static void
add_newer_slot (SpVault *vault)
{
  guint8 fixed[100] = { 'S', 'P', 'K', '1', 2 };
  guint8 changing[] = { 1, 2, 3 };
  SpSealSlot listed = { .position = 2, .slot_id = { { 7 } } };
  SpSlotRow row = { .position = 2, .revision = 1 };
  g_autoptr (GError) error = NULL;
  SpTransaction *tx = sp_transaction_begin (vault, &error);

  g_assert_no_error (error);
  g_assert_true (
      sp_sha256 (fixed, sizeof fixed - SP_HASH_LEN, fixed + sizeof fixed - SP_HASH_LEN, NULL));
  g_assert_true (sp_sha256 (fixed, sizeof fixed, listed.fixed_hash, NULL));
  g_assert_true (
      sp_keyslot_changing_hash (1, changing, sizeof changing, listed.changing_hash, NULL));
  row.fixed = g_bytes_new (fixed, sizeof fixed);
  row.changing = g_bytes_new (changing, sizeof changing);
  g_assert_true (sp_slot_rows_put (vault->db, &row, &error));
  g_array_append_val (tx->seal->slots, listed);
  g_assert_true (sp_transaction_commit (tx, &error));
  g_bytes_unref (row.fixed);
  g_bytes_unref (row.changing);
}

/* Under the sanitizer nothing may be read behind its end; the slot stays as it is. */
static void
test_short_newer_slot (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  SpVaultInfo info;

  add_newer_slot (vault);
  g_clear_pointer (&vault, sp_vault_close);
  vault_fixture_sql (fixture, "UPDATE slot_a SET changing = X'00' WHERE id = 2;"
                              "UPDATE slot_b SET changing = X'00' WHERE id = 2");
  vault = vault_fixture_open (fixture);
  g_assert_cmpint (sp_vault_get_state (vault), ==, SP_VAULT_STATE_SOUND);
  g_assert_cmpuint (count_found (vault, "slot_a", SP_PROBLEM_DAMAGED, ""), ==, 1);
  sp_vault_get_info (vault, &info);
  g_assert_cmpuint (info.n_slots, ==, 2);
}

/* What cannot be mended is not told as repaired, however often the vault is opened; the rest is, once. */
static void
test_repaired_once (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);

  add_newer_slot (vault);
  g_clear_pointer (&vault, sp_vault_close);
  vault_fixture_sql (fixture, "UPDATE slot_a SET changing = X'00' WHERE id = 2;"
                              "UPDATE slot_b SET changing = X'00' WHERE id = 2");
  vault = vault_fixture_open (fixture);
  g_assert_cmpuint (count_log (vault, SP_EVENT_DAMAGE_FOUND), ==, 1);
  g_assert_cmpuint (count_log (vault, SP_EVENT_REPAIRED), ==, 0);
  g_clear_pointer (&vault, sp_vault_close);
  vault_fixture_sql (fixture, "UPDATE slot_a SET fixed = zeroblob (228) WHERE id = 1");
  vault = vault_fixture_open (fixture);
  g_assert_cmpuint (count_log (vault, SP_EVENT_REPAIRED), ==, 1);
  g_clear_pointer (&vault, sp_vault_close);
  vault = vault_fixture_open (fixture);
  g_assert_cmpuint (count_log (vault, SP_EVENT_DAMAGE_FOUND), ==, 3);
  g_assert_cmpuint (count_log (vault, SP_EVENT_REPAIRED), ==, 1);
}

/* A copy that took another way: that is what is accepted, not damage. */
static void
test_fork_accepted (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = NULL;

  vault_fixture_create_with_item (fixture);
  keep_copy (fixture);
  vault_fixture_rename (fixture, "here");
  put_back (fixture);
  fixture->environment.state_dir = NULL;
  for (guint i = 0; i < 3; i++)
    vault_fixture_rename (fixture, "elsewhere");
  fixture->environment.state_dir = fixture->state_dir;
  vault = vault_fixture_open (fixture);
  g_assert_cmpint (sp_vault_get_state (vault), ==, SP_VAULT_STATE_FORKED);
  g_assert_cmpuint (count_found (vault, "seal", SP_PROBLEM_OTHER, "another way"), ==, 1);
  accept_state (fixture, vault);
  g_assert_cmpuint (count_log (vault, SP_EVENT_ROLLBACK_ACCEPTED), ==, 1);
  g_assert_cmpuint (count_log (vault, SP_EVENT_DAMAGE_ACCEPTED), ==, 0);
  g_clear_pointer (&vault, sp_vault_close);
  vault_fixture_assert_sound (fixture);
}

static const struct {
  const char *path;
  void (*function) (VaultFixture *fixture, gconstpointer data);
} tests[] = {
  { "forged-slot-at-zero", test_forged_slot_at_zero },
  { "forged-slot-in-place", test_forged_slot_in_place },
  { "forged-slot-before-shifted", test_forged_slot_before_shifted },
  { "forged-slot-alone", test_forged_slot_alone },
  { "damage-hides-no-rollback", test_damage_hides_no_rollback },
  { "damage-alone-is-no-rollback", test_damage_alone_is_no_rollback },
  { "older-seal-serves", test_older_seal_serves },
  { "last-slot-that-opens", test_last_slot_that_opens },
  { "damaged-slot-is-removed", test_damaged_slot_is_removed },
  { "lost-slot", test_lost_slot },
  { "slot-held-by-one-fixed-part", test_slot_held_by_one_fixed_part },
  { "setting-deleted", test_setting_deleted },
  { "setting-replayed", test_setting_replayed },
  { "slot-copied-to-zero", test_slot_copied_to_zero },
  { "slot-copied-before", test_slot_copied_before },
  { "foreign-slot", test_foreign_slot },
  { "foreign-slot-and-salvage", test_foreign_slot_and_salvage },
  { "changing-part-replayed", test_changing_part_replayed },
  { "seal-a-unreadable", test_seal_a_unreadable },
  { "seal-b-unreadable", test_seal_b_unreadable },
  { "seal-a-unreadable-and-accepted", test_seal_a_unreadable_and_accepted },
  { "salvage-waits", test_salvage_waits },
  { "salvage-counts", test_salvage_counts },
  { "salvage-leaves-broken-alone", test_salvage_leaves_broken_alone },
  { "salvage-blames-no-password", test_salvage_blames_no_password },
  { "asking-again-waits", test_asking_again_waits },
  { "event-key-replaced", test_event_key_replaced },
  { "short-newer-slot", test_short_newer_slot },
  { "repaired-once", test_repaired_once },
  { "fork-accepted", test_fork_accepted },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++) {
    g_autofree char *path = g_strconcat ("/vault/tampering/", tests[i].path, NULL);

    g_test_add (path, VaultFixture, NULL, vault_fixture_setup, tests[i].function,
                vault_fixture_teardown);
  }
  return sp_test_run ();
}
