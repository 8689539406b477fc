/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whatever is done to the records behind the engine's back is refused or named; what is accepted verifies
 * afterwards; what can be read is salvaged. */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "common/sp-test-item.h"
#include "sp-vault-fixture.h"
#include "vault/sp-vault-items.h"
#include "vault/sp-vault-repair.h"

#define N_ITEMS        150 /* some pages of them */
#define ATTACHMENT_LEN 150000
#define FLIP(column) \
#column " = CAST (substr (" #column ", 1, 14) || X'5a5aa5a5' || substr (" #column ", 19) AS BLOB)"
#define FLIP_ROW(table) \
  "UPDATE " table " SET " FLIP (data) " WHERE id = (SELECT min (id) FROM " table ")"
#define DROP_ROW(table) "DELETE FROM " table " WHERE id = (SELECT max (id) FROM " table ")"
#define FOREIGN(table) \
  "INSERT INTO " table " SELECT max (id) + 70000000, revision, data FROM " table
#define SWAP(table)                                                            \
  "UPDATE " table " SET (revision, data) = (SELECT revision, data FROM " table \
  " ORDER BY id LIMIT 1) WHERE id = (SELECT max (id) FROM " table ")"
#define REPLAY(table) "ATTACH 'OLD' AS old; REPLACE INTO main." table " SELECT * FROM old." table

/* OLD stands for the path of an older state of the same vault. */
static const char *const manipulations[] = {
  FLIP_ROW ("seal_a"),
  FLIP_ROW ("seal_b"),
  FLIP_ROW ("setting"),
  FLIP_ROW ("index_block"),
  FLIP_ROW ("page"),
  FLIP_ROW ("detail"),
  FLIP_ROW ("history"),
  FLIP_ROW ("attachment"),
  FLIP_ROW ("audit"),
  "UPDATE slot_a SET " FLIP (fixed),
  "UPDATE slot_b SET " FLIP (changing),
  "UPDATE slot_a SET " FLIP (changing) "; UPDATE slot_b SET " FLIP (changing),
  DROP_ROW ("seal_a"),
  DROP_ROW ("seal_b"),
  DROP_ROW ("slot_a"),
  DROP_ROW ("slot_b"),
  DROP_ROW ("setting"),
  DROP_ROW ("index_block"),
  DROP_ROW ("page"),
  DROP_ROW ("detail"),
  DROP_ROW ("history"),
  DROP_ROW ("attachment"),
  DROP_ROW ("audit"),
  FOREIGN ("seal_a"),
  FOREIGN ("setting"),
  FOREIGN ("index_block"),
  FOREIGN ("page"),
  FOREIGN ("detail"),
  FOREIGN ("history"),
  FOREIGN ("attachment"),
  FOREIGN ("audit"),
  "INSERT INTO draft VALUES (1, 1, X'00')",
  "INSERT INTO draft VALUES (17, 1, X'00')",
  "INSERT INTO slot_a SELECT id + 9, fixed, revision, changing FROM slot_a",
  SWAP ("page"),
  SWAP ("detail"),
  SWAP ("history"),
  SWAP ("attachment"),
  SWAP ("audit"),
  REPLAY ("page"),
  REPLAY ("index_block"),
  REPLAY ("detail"),
  REPLAY ("setting") "; UPDATE setting SET revision = revision + 1",
  REPLAY ("seal_a"),
  REPLAY ("seal_a") "; REPLACE INTO main.seal_b SELECT * FROM old.seal_b",
  "UPDATE detail SET revision = revision + 1",
  "UPDATE attachment SET revision = revision + 1",
  "UPDATE audit SET revision = revision + 1",
  "CREATE TRIGGER keep AFTER DELETE ON detail BEGIN SELECT 1; END",
  "CREATE TABLE more (id INTEGER PRIMARY KEY) STRICT",
};

static void
attach (SpVault *vault, guint64 number)
{
  g_autofree char *data = g_malloc0 (ATTACHMENT_LEN);
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (data, ATTACHMENT_LEN,
                                                                         NULL);
  g_autoptr (GError) error = NULL;
  gboolean done = sp_vault_attach (vault, number, "notes.bin", stream, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (done);
}

static void
save (SpVault *vault, SpItem *item)
{
  g_autoptr (GError) error = NULL;
  gboolean done = sp_vault_save (vault, item, &error);

  g_assert_no_error (error);
  g_assert_true (done);
}

/* Changes the item numbered `number` three times. */
static void
change (SpVault *vault, guint64 number, const char *text)
{
  for (guint i = 0; i < 3; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (SpItem) item = sp_vault_load (vault, number, &error);
    g_autofree char *title = g_strdup_printf ("%s %u", text, i);

    g_assert_no_error (error);
    sp_item_set_title (item, title);
    save (vault, item);
  }
}

/* A vault with all kinds of records in it; an older state of it is kept beside, and a copy of the last. */
static void
make_vault (VaultFixture *fixture)
{
  g_autofree char *old = g_strconcat (fixture->path, "-old", NULL);
  g_autofree char *kept = g_strconcat (fixture->path, "-kept", NULL);
  SpVault *vault = vault_fixture_create (fixture);
  g_autoptr (GError) error = NULL;
  guint64 first = 0;

  fixture->environment.state_dir = NULL;
  g_assert_true (sp_vault_begin (vault, SP_BATCH_EDIT, &error));
  for (guint i = 0; i < N_ITEMS; i++) {
    g_autofree char *title = g_strdup_printf ("Item %u", i);
    g_autoptr (SpItem) item = sp_item_new (SP_ITEM_LOGIN, title);

    sp_test_item_set (item, "password", title);
    save (vault, item);
    if (first == 0)
      first = item->number;
  }
  g_assert_true (sp_vault_commit (vault, &error));
  change (vault, first, "Early");
  attach (vault, first);
  vault_fixture_copy (fixture->path, old);
  change (vault, first, "Late");
  g_assert_true (sp_vault_set_name (vault, "Another name", &error));
  attach (vault, first + 1);
  sp_vault_close (vault);
  vault_fixture_copy (fixture->path, kept);
}

static void
put_back (VaultFixture *fixture)
{
  g_autofree char *kept = g_strconcat (fixture->path, "-kept", NULL);

  (void) g_unlink (fixture->path);
  vault_fixture_copy (kept, fixture->path);
}

static void
manipulate (VaultFixture *fixture, const char *sql)
{
  g_autofree char *old = g_strconcat (fixture->path, "-old", NULL);
  g_auto (GStrv) parts = g_strsplit (sql, "OLD", -1);
  g_autofree char *text = g_strjoinv (old, parts);

  put_back (fixture);
  vault_fixture_sql (fixture, text);
}

static guint
count_problems (SpVault *vault)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) problems = sp_vault_verify (vault, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (problems);
  for (guint i = 0; i < problems->len; i++) {
    const SpProblem *problem = g_ptr_array_index (problems, i);

    g_test_message ("%s %s %" G_GUINT64_FORMAT ": %s", sp_problem_kind_to_name (problem->kind),
                    problem->table, problem->record, problem->text);
  }
  return problems->len;
}

static void
test_sound (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = NULL;

  make_vault (fixture);
  vault = vault_fixture_open (fixture);
  g_assert_cmpint (sp_vault_get_state (vault), ==, SP_VAULT_STATE_SOUND);
  g_assert_cmpuint (count_problems (vault), ==, 0);
}

static void
test_every_manipulation_is_named (VaultFixture *fixture, gconstpointer data)
{
  make_vault (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (manipulations); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (SpVault) vault = NULL;
    guint n_problems;

    g_test_message ("%s", manipulations[i]);
    manipulate (fixture, manipulations[i]);
    vault = vault_fixture_try (fixture, VAULT_FIXTURE_PASSWORD, &error);
    if (vault == NULL) {
      g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED);
      continue;
    }
    n_problems = sp_vault_peek_problems (vault)->len;
    g_assert_cmpuint (n_problems + count_problems (vault), >, 0);
  }
}

static void
test_accepted_is_clean (VaultFixture *fixture, gconstpointer data)
{
  g_autofree char *copy = NULL;

  make_vault (fixture);
  copy = g_strconcat (fixture->path, "-copy", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (manipulations); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (SpVault) vault = NULL;
    SpVaultInfo before, after;
    gboolean done;

    g_test_message ("%s", manipulations[i]);
    manipulate (fixture, manipulations[i]);
    vault = vault_fixture_try (fixture, VAULT_FIXTURE_PASSWORD, NULL);
    if (vault == NULL)
      continue;
    sp_vault_get_info (vault, &before);
    done = sp_vault_accept (vault, copy, &error);
    g_assert_no_error (error);
    g_assert_true (done);
    g_assert_true (g_file_test (copy, G_FILE_TEST_EXISTS));
    (void) g_unlink (copy);
    sp_vault_get_info (vault, &after);
    g_assert_false (sp_id_equal (&before.lineage, &after.lineage));
    g_assert_cmpuint (after.sequence, >, before.sequence + G_MAXUINT32);
    g_assert_cmpuint (count_problems (vault), ==, 0);

    g_clear_pointer (&vault, sp_vault_close);
    vault = vault_fixture_open (fixture);
    g_assert_cmpint (sp_vault_get_state (vault), ==, SP_VAULT_STATE_SOUND);
    g_assert_cmpuint (count_problems (vault), ==, 0);
  }
}

static SpSalvageReport *
salvage (VaultFixture *fixture, const char *target)
{
  g_autoptr (SpSecret) password = sp_secret_new_text (VAULT_FIXTURE_PASSWORD);
  g_autoptr (GError) error = NULL;
  SpSalvageReport *report = sp_vault_salvage (fixture->path, password, target,
                                              &fixture->environment, &error);

  g_assert_no_error (error);
  g_assert_nonnull (report);
  return report;
}

static SpVault *
open_target (VaultFixture *fixture, const char *target)
{
  g_autoptr (SpSecret) password = sp_secret_new_text (VAULT_FIXTURE_PASSWORD);
  g_autoptr (GError) error = NULL;
  SpVault *vault = sp_vault_open (target, password, SP_VAULT_OPEN_DEFAULT, &fixture->environment,
                                  &error);

  g_assert_no_error (error);
  return vault;
}

/* Whatever is damaged, what was brought is a sound vault. */
static void
test_salvaged_is_clean (VaultFixture *fixture, gconstpointer data)
{
  g_autofree char *target = NULL;

  make_vault (fixture);
  target = g_strconcat (fixture->path, "-target", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (manipulations); i++) {
    g_autoptr (SpSalvageReport) report = NULL;
    g_autoptr (SpVault) vault = NULL;

    g_test_message ("%s", manipulations[i]);
    manipulate (fixture, manipulations[i]);
    report = salvage (fixture, target);
    g_assert_cmpuint (report->n_items + report->n_lost, >=, N_ITEMS);
    vault = open_target (fixture, target);
    g_assert_cmpuint (count_problems (vault), ==, 0);
    g_assert_cmpuint (sp_snapshot_get_n_items (sp_vault_get_snapshot (vault)), ==, report->n_items);
    g_clear_pointer (&vault, sp_vault_close);
    (void) g_unlink (target);
  }
}

static void
test_salvage_brings_all (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpSalvageReport) report = NULL;
  g_autoptr (GPtrArray) history = NULL;
  g_autofree char *target = NULL;
  g_autofree char *name = NULL;
  g_autoptr (SpVault) vault = NULL;
  g_autoptr (SpItem) item = NULL;
  SpOverview overview;

  make_vault (fixture);
  target = g_strconcat (fixture->path, "-target", NULL);
  report = salvage (fixture, target);
  g_assert_cmpuint (report->n_items, ==, N_ITEMS);
  g_assert_cmpuint (report->n_unproven + report->n_lost + report->n_attachments_lost, ==, 0);
  g_assert_cmpuint (report->problems->len, ==, 0);

  vault = open_target (fixture, target);
  name = sp_vault_dup_name (vault);
  g_assert_cmpstr (name, ==, "Another name");
  sp_snapshot_get_overview (sp_vault_get_snapshot (vault),
                            sp_snapshot_first (sp_vault_get_snapshot (vault)), &overview);
  g_assert_cmpstr (overview.title, ==, "Late 2");
  item = sp_vault_load (vault, overview.number, NULL);
  g_assert_nonnull (item);
  g_assert_cmpuint (item->attachments->len, ==, 1);
  history = sp_vault_load_history (vault, overview.number, NULL);
  g_assert_nonnull (history);
  g_assert_cmpuint (history->len, ==, 7);
}

static void
test_salvage_without_seals (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpSalvageReport) report = NULL;
  g_autofree char *target = NULL;

  make_vault (fixture);
  target = g_strconcat (fixture->path, "-target", NULL);
  vault_fixture_sql (fixture, "DELETE FROM seal_a; DELETE FROM seal_b; DELETE FROM page");
  report = salvage (fixture, target);
  g_assert_cmpuint (report->n_items, ==, N_ITEMS);
  g_assert_cmpuint (report->n_unproven, ==, N_ITEMS);
  g_assert_cmpuint (report->n_attachments_lost, ==, 0);
}

static void
test_salvage_wrong_password (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpSecret) password = sp_secret_new_text ("wrong");
  g_autofree char *target = NULL;
  g_autoptr (GError) error = NULL;

  make_vault (fixture);
  target = g_strconcat (fixture->path, "-target", NULL);
  g_assert_null (sp_vault_salvage (fixture->path, password, target, &fixture->environment, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY);
  g_assert_false (g_file_test (target, G_FILE_TEST_EXISTS));
}

/* Nobody who can only write the file may use up the numbers. */
static void
test_foreign_numbers_do_not_count (VaultFixture *fixture, gconstpointer data)
{
  g_autofree char *copy = NULL;
  g_autoptr (SpVault) vault = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (SpItem) item = sp_item_new (SP_ITEM_LOGIN, "New");

  make_vault (fixture);
  copy = g_strconcat (fixture->path, "-copy", NULL);
  vault_fixture_sql (
      fixture, "INSERT INTO detail VALUES (9223372036854775807, 9223372036854775807, X'00');"
               "INSERT INTO attachment VALUES (9223372036854775807, 1, X'00');" FLIP_ROW ("page"));
  vault = vault_fixture_open (fixture);
  g_assert_cmpint (sp_vault_get_state (vault), ==, SP_VAULT_STATE_DAMAGED);
  g_assert_true (sp_vault_accept (vault, copy, &error));
  g_assert_no_error (error);
  save (vault, item);
  attach (vault, item->number);
  g_assert_cmpuint (count_problems (vault), ==, 0);
}

/* An older copy is read-only, until it is accepted; then it is the one that is known here. */
static void
test_older_is_accepted (VaultFixture *fixture, gconstpointer data)
{
  g_autofree char *old = NULL;
  g_autofree char *copy = NULL;
  g_autoptr (SpVault) vault = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (SpItem) item = sp_item_new (SP_ITEM_LOGIN, "New");

  make_vault (fixture);
  fixture->environment.state_dir = fixture->state_dir;
  old = g_strconcat (fixture->path, "-old", NULL);
  copy = g_strconcat (fixture->path, "-copy", NULL);
  sp_vault_close (vault_fixture_open (fixture));
  (void) g_unlink (fixture->path);
  vault_fixture_copy (old, fixture->path);
  vault = vault_fixture_open (fixture);
  g_assert_cmpint (sp_vault_get_state (vault), ==, SP_VAULT_STATE_OLDER);
  g_assert_false (sp_vault_save (vault, item, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_READ_ONLY);
  g_clear_error (&error);

  g_assert_true (sp_vault_accept (vault, copy, &error));
  g_assert_no_error (error);
  save (vault, item);
  g_clear_pointer (&vault, sp_vault_close);
  vault = vault_fixture_open (fixture);
  g_assert_cmpint (sp_vault_get_state (vault), ==, SP_VAULT_STATE_SOUND);
  g_assert_cmpuint (count_problems (vault), ==, 0);
}

static void
test_verify_is_cancelled (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (SpVault) vault = NULL;
  g_autoptr (GError) error = NULL;

  make_vault (fixture);
  vault = vault_fixture_open (fixture);
  g_cancellable_cancel (cancellable);
  g_assert_null (sp_vault_verify (vault, NULL, NULL, cancellable, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  vault_fixture_test ("/vault/repair/verify/sound", test_sound);
  vault_fixture_test ("/vault/repair/verify/every-manipulation", test_every_manipulation_is_named);
  vault_fixture_test ("/vault/repair/verify/cancelled", test_verify_is_cancelled);
  vault_fixture_test ("/vault/repair/accept/every-manipulation", test_accepted_is_clean);
  vault_fixture_test ("/vault/repair/accept/older", test_older_is_accepted);
  vault_fixture_test ("/vault/repair/accept/foreign-numbers", test_foreign_numbers_do_not_count);
  vault_fixture_test ("/vault/repair/salvage/every-manipulation", test_salvaged_is_clean);
  vault_fixture_test ("/vault/repair/salvage/brings-all", test_salvage_brings_all);
  vault_fixture_test ("/vault/repair/salvage/without-seals", test_salvage_without_seals);
  vault_fixture_test ("/vault/repair/salvage/wrong-password", test_salvage_wrong_password);
  return sp_test_run ();
}
