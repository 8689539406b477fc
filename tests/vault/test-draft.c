/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Edits that are not saved yet: kept through a lock, replaced, dropped, limited in number; never a change of the
 * vault, and never in the way of one. */

#include "config.h"

#include <string.h>

#include "common/sp-test-item.h"
#include "sp-vault-fixture.h"
#include "vault/sp-vault-draft.h"
#include "vault/sp-vault-items.h"
#include "vault/sp-vault-repair.h"

#define CANARY "canary-Zw4kQ9"
/* Sixteen bytes in the middle of the first draft's record become others. */
#define FLIP_FIRST                                                                                \
  "UPDATE draft SET data = CAST (substr (data, 1, 40) || X'5a5aa5a55a5aa5a55a5aa5a55a5aa5a5' || " \
  "substr (data, 57) AS BLOB) WHERE id = 1"

static void
save_draft (SpVault *vault, SpItem *item)
{
  g_autoptr (GError) error = NULL;
  gboolean done = sp_vault_save_draft (vault, item, &error);

  g_assert_no_error (error);
  g_assert_true (done);
}

/* Keeps an edit of a stored item: its password is `password` now. */
static void
draft_password (SpVault *vault, guint64 number, const char *password)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpItem) item = sp_vault_load (vault, number, &error);

  g_assert_no_error (error);
  sp_test_item_set (item, "password", password);
  save_draft (vault, item);
}

static GPtrArray *
load_drafts (SpVault *vault, guint n_expected, guint n_problems)
{
  g_autoptr (GPtrArray) problems = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *drafts = sp_vault_load_drafts (vault, &problems, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (drafts->len, ==, n_expected);
  g_assert_cmpuint (problems->len, ==, n_problems);
  for (guint i = 0; i < problems->len; i++)
    g_assert_cmpstr (((const SpProblem *) g_ptr_array_index (problems, i))->table, ==, "draft");
  return drafts;
}

static void
assert_n_drafts (SpVault *vault, guint n_expected)
{
  g_ptr_array_unref (load_drafts (vault, n_expected, 0));
}

static void
drop (SpVault *vault, const SpId *id)
{
  g_autoptr (GError) error = NULL;
  gboolean done = sp_vault_drop_draft (vault, id, &error);

  g_assert_no_error (error);
  g_assert_true (done);
}

static void
assert_password (const SpItem *item, const char *expected)
{
  g_assert_cmpstr (sp_secret_peek_text (sp_item_peek_value (item, "password")), ==, expected);
}

static guint
count_problems (SpVault *vault)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) problems = sp_vault_verify (vault, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return problems->len;
}

/* What is kept is there after a lock, whole, and can be saved as if nothing had come between. */
static void
test_survives_lock (VaultFixture *fixture, gconstpointer data)
{
  guint64 state = 7;
  g_autoptr (SpItem) edited = NULL;
  g_autoptr (GError) error = NULL;

  {
    g_autoptr (SpVault) vault = vault_fixture_create (fixture);
    g_autoptr (SpItem) item = sp_test_item_random (&state);

    item->number = 0;
    g_ptr_array_set_size (item->attachments, 0);
    g_assert_true (sp_vault_save (vault, item, &error));
    edited = sp_vault_load (vault, item->number, &error);
    g_assert_no_error (error);
    sp_item_set_title (edited, CANARY);
    fixture->clock.now_ms += 5000;
    save_draft (vault, edited);
  }
  {
    g_autoptr (SpVault) vault = vault_fixture_open (fixture);
    g_autoptr (GPtrArray) drafts = load_drafts (vault, 1, 0);
    const SpDraft *draft = g_ptr_array_index (drafts, 0);

    g_assert_cmpint (sp_vault_get_state (vault), ==, SP_VAULT_STATE_SOUND);
    g_assert_cmpint (draft->saved_ms, ==, VAULT_FIXTURE_START_MS + 5000);
    g_assert_false (draft->moved);
    g_assert_false (draft->saved);
    g_assert_true (sp_item_equal_content (draft->item, edited));
    g_assert_true (sp_id_equal (&draft->item->id, &edited->id));
    g_assert_cmpuint (draft->item->number, ==, edited->number);
    g_assert_cmpuint (draft->item->revision, ==, edited->revision);
    g_assert_cmpint (draft->item->created_ms, ==, edited->created_ms);
    g_assert_true (sp_vault_save (vault, draft->item, &error));
    g_assert_no_error (error);
    /* Saving leaves the draft alone, and tells that it is of no more use. */
    g_ptr_array_unref (g_steal_pointer (&drafts));
    drafts = load_drafts (vault, 1, 0);
    g_assert_true (((const SpDraft *) g_ptr_array_index (drafts, 0))->saved);
    drop (vault, &edited->id);
    assert_n_drafts (vault, 0);
    vault_fixture_assert_verifies (vault);
  }
}

/* Neither the draft nor what it replaced can be read in the file. */
static void
test_encrypted (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpItem) item = sp_item_new (SP_ITEM_LOGIN, CANARY);
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  g_autoptr (GError) error = NULL;
  g_autofree char *bytes = NULL;
  gsize len;

  sp_test_item_set (item, "password", CANARY);
  save_draft (vault, item);
  g_assert_true (g_file_get_contents (fixture->path, &bytes, &len, &error));
  g_assert_null (memmem (bytes, len, CANARY, strlen (CANARY)));
  g_assert_null (memmem (bytes, len, item->id.bytes, SP_ID_LEN));
}

/* A draft is not a change: no sequence, no entry of the log, nothing for another process to catch up with. */
static void
test_no_change (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  guint64 number = vault_fixture_add_item (vault, "One");
  g_autoptr (SpVault) other = vault_fixture_open (fixture);
  g_autoptr (GError) error = NULL;
  SpVaultInfo before, after;
  gboolean changed = TRUE;

  g_assert_true (sp_vault_refresh (vault, NULL, &error));
  sp_vault_get_info (vault, &before);
  draft_password (vault, number, "first");
  sp_vault_get_info (vault, &after);
  g_assert_cmpuint (after.sequence, ==, before.sequence);
  g_assert_cmpuint (after.n_log_entries, ==, before.n_log_entries);
  g_assert_cmpuint (after.n_encryptions, ==, before.n_encryptions);
  g_assert_true (sp_vault_refresh (other, &changed, &error));
  g_assert_false (changed);
  vault_fixture_assert_verifies (other);

  /* But what it encrypted is counted, with the next change. */
  g_assert_true (sp_vault_set_name (vault, "Another", &error));
  sp_vault_get_info (vault, &after);
  g_assert_true (sp_vault_set_name (vault, "A third", &error));
  before = after;
  sp_vault_get_info (vault, &after);
  draft_password (vault, number, "second");
  g_assert_true (sp_vault_set_name (vault, "A fourth", &error));
  {
    guint64 n_without = after.n_encryptions - before.n_encryptions;

    before = after;
    sp_vault_get_info (vault, &after);
    g_assert_cmpuint (after.n_encryptions - before.n_encryptions, ==, n_without + 1);
  }
}

static void
test_replaced (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  guint64 first = vault_fixture_add_item (vault, "One");
  guint64 second = vault_fixture_add_item (vault, "Two");
  g_autoptr (GPtrArray) drafts = NULL;

  draft_password (vault, first, "first");
  fixture->clock.now_ms++;
  draft_password (vault, second, "other");
  fixture->clock.now_ms++;
  draft_password (vault, first, "second");
  drafts = load_drafts (vault, 2, 0);
  /* The latest first. */
  assert_password (((const SpDraft *) g_ptr_array_index (drafts, 0))->item, "second");
  assert_password (((const SpDraft *) g_ptr_array_index (drafts, 1))->item, "other");
  vault_fixture_assert_verifies (vault);
}

/* A new item has an id of its own from its first draft on, under which it is stored in the end. */
static void
test_new_items (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  g_autoptr (SpItem) first = sp_item_new (SP_ITEM_LOGIN, "First");
  g_autoptr (SpItem) second = sp_item_new (SP_ITEM_LOGIN, "Second");
  g_autoptr (GPtrArray) drafts = NULL;
  g_autoptr (GError) error = NULL;
  const SpDraft *draft;
  SpId id;

  save_draft (vault, first);
  save_draft (vault, second);
  g_assert_false (sp_id_is_null (&first->id));
  g_assert_cmpuint (first->number, ==, 0);
  id = first->id;
  sp_item_set_title (first, "First, changed");
  save_draft (vault, first);
  g_assert_true (sp_id_equal (&first->id, &id));
  drop (vault, &second->id);
  drafts = load_drafts (vault, 1, 0);
  draft = g_ptr_array_index (drafts, 0);
  g_assert_cmpstr (draft->item->title, ==, "First, changed");
  g_assert_cmpuint (draft->item->number, ==, 0);
  g_assert_false (draft->moved);
  g_assert_true (sp_vault_save (vault, draft->item, &error));
  g_assert_true (sp_id_equal (&draft->item->id, &id));
}

/* Saved, and killed before the draft was dropped: it does not become a second item of the same id. */
static void
test_new_item_saved_twice (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  g_autoptr (SpItem) item = sp_item_new (SP_ITEM_LOGIN, "New");
  g_autoptr (SpItem) copy = NULL;
  g_autoptr (GPtrArray) drafts = NULL;
  g_autoptr (GError) error = NULL;
  const SpDraft *draft;

  save_draft (vault, item);
  copy = sp_item_copy (item);
  g_assert_true (sp_vault_save (vault, item, &error));
  g_assert_false (sp_vault_save (vault, copy, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_CONFLICT);
  g_clear_error (&error);

  drafts = load_drafts (vault, 1, 0);
  draft = g_ptr_array_index (drafts, 0);
  g_assert_true (draft->saved);
  g_assert_cmpuint (draft->item->number, ==, item->number);
  sp_item_set_title (draft->item, "Changed since");
  g_assert_false (sp_vault_save (vault, draft->item, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_CONFLICT);

  /* In a batch, too, where the index in memory does not know it yet. */
  g_clear_error (&error);
  g_assert_true (sp_vault_begin (vault, SP_BATCH_EDIT, &error));
  {
    g_autoptr (SpItem) one = sp_item_new (SP_ITEM_LOGIN, "One");
    g_autoptr (SpItem) two = sp_item_new (SP_ITEM_LOGIN, "Two");

    memset (one->id.bytes, 7, SP_ID_LEN);
    two->id = one->id;
    g_assert_true (sp_vault_save (vault, one, &error));
    g_assert_false (sp_vault_save (vault, two, &error));
    g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_CONFLICT);
    g_clear_error (&error);
  }
  g_assert_true (sp_vault_commit (vault, &error));
  vault_fixture_assert_verifies (vault);
}

/* The item moved while the edit lay there: that is told, and nothing is overwritten. */
static void
test_conflict (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  guint64 number = vault_fixture_add_item (vault, "One");
  g_autoptr (SpVault) other = vault_fixture_open (fixture);
  g_autoptr (GPtrArray) drafts = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (SpItem) item = NULL;
  const SpDraft *draft;

  draft_password (vault, number, "mine");
  item = sp_vault_load (other, number, &error);
  sp_test_item_set (item, "password", "theirs");
  g_assert_true (sp_vault_save (other, item, &error));

  drafts = load_drafts (vault, 1, 0);
  draft = g_ptr_array_index (drafts, 0);
  g_assert_true (draft->moved);
  g_assert_false (draft->saved);
  g_assert_false (sp_vault_save (vault, draft->item, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_CONFLICT);
  assert_n_drafts (vault, 1);
}

/* Two processes: what one keeps the other finds, replaces and drops. */
static void
test_two_processes (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  guint64 number = vault_fixture_add_item (vault, "One");
  g_autoptr (SpVault) other = vault_fixture_open (fixture);
  g_autoptr (SpItem) new_item = sp_item_new (SP_ITEM_NOTE, "New");
  g_autoptr (GPtrArray) drafts = NULL;
  g_autoptr (GError) error = NULL;

  draft_password (vault, number, "first");
  save_draft (other, new_item);
  fixture->clock.now_ms++;
  g_assert_true (sp_vault_set_name (other, "Moved", &error));
  draft_password (other, number, "second");
  drafts = load_drafts (vault, 2, 0);
  assert_password (((const SpDraft *) g_ptr_array_index (drafts, 0))->item, "second");
  drop (vault, &new_item->id);
  assert_n_drafts (other, 1);
  vault_fixture_assert_verifies (vault);
  vault_fixture_assert_verifies (other);
}

/* None is let go for another one; a dropped one makes room. */
static void
test_cap (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  g_autoptr (SpItem) more = sp_item_new (SP_ITEM_LOGIN, "One more");
  g_autoptr (GError) error = NULL;
  SpId last = { { 0 } };

  for (guint i = 0; i < SP_VAULT_MAX_DRAFTS; i++) {
    g_autoptr (SpItem) item = sp_item_new (SP_ITEM_LOGIN, "New");

    save_draft (vault, item);
    last = item->id;
  }
  g_assert_false (sp_vault_save_draft (vault, more, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID);
  g_assert_true (sp_id_is_null (&more->id));
  assert_n_drafts (vault, SP_VAULT_MAX_DRAFTS);
  drop (vault, &last);
  save_draft (vault, more);
  assert_n_drafts (vault, SP_VAULT_MAX_DRAFTS);
}

static void
test_too_large (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  g_autoptr (SpItem) item = sp_item_new (SP_ITEM_NOTE, "Note");
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strnfill (33 * 1024 * 1024, 'x');
  g_autoptr (SpSecret) notes = NULL;

  save_draft (vault, item);
  notes = sp_test_secret (text);
  sp_item_set_notes (item, notes);
  g_assert_false (sp_vault_save_draft (vault, item, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID);
  assert_n_drafts (vault, 1); /* the earlier one */
}

/* A damaged draft is left out and named, hinders nothing, and gives its row when there is no other. */
static void
test_damaged (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = NULL;
  g_autoptr (GPtrArray) drafts = NULL;
  guint64 first, second;

  vault = vault_fixture_create (fixture);
  first = vault_fixture_add_item (vault, "One");
  second = vault_fixture_add_item (vault, "Two");
  draft_password (vault, first, "first");
  draft_password (vault, second, "second");
  g_clear_pointer (&vault, sp_vault_close);
  vault_fixture_sql (fixture, FLIP_FIRST);

  vault = vault_fixture_open (fixture);
  g_assert_cmpint (sp_vault_get_state (vault), ==, SP_VAULT_STATE_SOUND);
  g_assert_cmpuint (sp_vault_peek_problems (vault)->len, ==, 0);
  drafts = load_drafts (vault, 1, 1);
  assert_password (((const SpDraft *) g_ptr_array_index (drafts, 0))->item, "second");
  g_assert_cmpuint (count_problems (vault), ==, 1);

  for (guint i = 2; i < SP_VAULT_MAX_DRAFTS; i++) {
    g_autoptr (SpItem) item = sp_item_new (SP_ITEM_LOGIN, "New");

    save_draft (vault, item);
    g_assert_cmpuint (count_problems (vault), ==, 1);
  }
  draft_password (vault, first, "again");
  assert_n_drafts (vault, SP_VAULT_MAX_DRAFTS);
  vault_fixture_assert_verifies (vault);
}

/* Rows that somebody moved, brought back, or took from elsewhere. */
static void
test_tampered (VaultFixture *fixture, gconstpointer data)
{
  g_autofree char *old = g_strconcat (fixture->path, "-old", NULL);
  g_autofree char *sql = g_strdup_printf (
      "ATTACH '%s' AS old; INSERT INTO draft VALUES (40, 1, X'00');"
      "INSERT INTO draft SELECT 5, revision, data FROM draft WHERE id = 1;" /* moved */
      "REPLACE INTO draft SELECT * FROM old.draft WHERE id = 2",            /* of the first item */
      old);
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  g_autoptr (GPtrArray) drafts = NULL;
  g_autoptr (SpItem) item = NULL;
  g_autoptr (GError) error = NULL;
  guint64 number = vault_fixture_add_item (vault, "One");

  item = sp_item_new (SP_ITEM_LOGIN, "New");
  save_draft (vault, item);
  draft_password (vault, number, "older");
  g_clear_pointer (&vault, sp_vault_close);
  vault_fixture_copy (fixture->path, old);
  vault = vault_fixture_open (fixture);
  drop (vault, &item->id);
  fixture->clock.now_ms++;
  g_clear_pointer (&item, sp_item_free);
  item = sp_vault_load (vault, number, &error);
  drop (vault, &item->id);
  draft_password (vault, number, "newer"); /* in the first row */
  g_clear_pointer (&vault, sp_vault_close);
  vault_fixture_sql (fixture, sql);

  vault = vault_fixture_open (fixture);
  drafts = load_drafts (vault, 1, 2);
  assert_password (((const SpDraft *) g_ptr_array_index (drafts, 0))->item, "newer");
  g_assert_cmpuint (count_problems (vault), ==, 3);

  /* Dropping drops both; accepting takes away the rest. */
  drop (vault, &item->id);
  g_clear_pointer (&drafts, g_ptr_array_unref);
  drafts = load_drafts (vault, 0, 1);
  g_clear_pointer (&drafts, g_ptr_array_unref);
  draft_password (vault, number, "kept");
  {
    g_autofree char *copy = g_strconcat (fixture->path, "-copy", NULL);

    g_assert_true (sp_vault_accept (vault, copy, &error));
    g_assert_no_error (error);
  }
  drafts = load_drafts (vault, 1, 0);
  assert_password (((const SpDraft *) g_ptr_array_index (drafts, 0))->item, "kept");
  vault_fixture_assert_verifies (vault);
}

/* What is deleted for good is not kept in a draft. */
static void
test_purged (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  guint64 numbers[3];
  g_autoptr (GPtrArray) drafts = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    numbers[i] = vault_fixture_add_item (vault, "Item");
    draft_password (vault, numbers[i], i == 2 ? "stays" : "goes");
  }
  g_assert_true (sp_vault_change (vault, SP_CHANGE_TRASH, NULL, numbers, 2, &error));
  assert_n_drafts (vault, 3);
  g_assert_true (sp_vault_change (vault, SP_CHANGE_PURGE, NULL, numbers, 2, &error));
  drafts = load_drafts (vault, 1, 0);
  assert_password (((const SpDraft *) g_ptr_array_index (drafts, 0))->item, "stays");
}

static void
test_read_only (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpSecret) password = sp_secret_new_text (VAULT_FIXTURE_PASSWORD);
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  g_autoptr (SpItem) item = sp_item_new (SP_ITEM_LOGIN, "New");
  g_autoptr (GError) error = NULL;

  save_draft (vault, item);
  sp_vault_close (vault);
  vault = sp_vault_open (fixture->path, password, SP_VAULT_OPEN_READ_ONLY, &fixture->environment,
                         &error);
  g_assert_no_error (error);
  g_assert_false (sp_vault_save_draft (vault, item, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_READ_ONLY);
  g_clear_error (&error);
  g_assert_false (sp_vault_drop_draft (vault, &item->id, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_READ_ONLY);
  assert_n_drafts (vault, 1);
}

/* Nothing is written into a file that is not a later state of the one that was opened. */
static void
test_replaced_file (VaultFixture *fixture, gconstpointer data)
{
  g_autofree char *old = g_strconcat (fixture->path, "-old", NULL);
  g_autofree char *sql = g_strdup_printf (
      "ATTACH '%s' AS old; REPLACE INTO main.seal_a SELECT * FROM old.seal_a;"
      "REPLACE INTO main.seal_b SELECT * FROM old.seal_b",
      old);
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  g_autoptr (SpItem) item = sp_item_new (SP_ITEM_LOGIN, "New");
  g_autoptr (GError) error = NULL;

  vault_fixture_copy (fixture->path, old);
  g_assert_true (sp_vault_set_name (vault, "Newer", &error));
  vault_fixture_sql (fixture, sql);
  g_assert_false (sp_vault_save_draft (vault, item, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_REPLACED);
}

/* What cannot be written is no secret either, and opens in the vault that it is of, and in no other one. */
static void
test_outside (VaultFixture *fixture, gconstpointer data)
{
  g_autofree char *other_path = g_strconcat (fixture->path, "-other", NULL);
  VaultFixture another = *fixture;
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  g_autoptr (SpVault) other = NULL;
  g_autoptr (SpItem) item = sp_item_new (SP_ITEM_LOGIN, "Unwritten title");
  g_autoptr (SpItem) opened = NULL;
  g_autoptr (GBytes) sealed = NULL;
  g_autoptr (GError) error = NULL;
  const char *bytes;
  gsize len;

  item->id.bytes[0] = 1;
  sealed = sp_vault_seal_draft (vault, item, &error);
  g_assert_no_error (error);
  bytes = g_bytes_get_data (sealed, &len);
  g_assert_null (memmem (bytes, len, "Unwritten", strlen ("Unwritten")));
  sp_vault_close (vault);
  vault = vault_fixture_open (fixture);
  opened = sp_vault_open_draft (vault, sealed, &error);
  g_assert_no_error (error);
  g_assert_true (sp_item_equal_content (opened, item));
  g_assert_true (sp_id_equal (&opened->id, &item->id));

  another.path = other_path;
  other = vault_fixture_create (&another);
  g_assert_null (sp_vault_open_draft (other, sealed, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  vault_fixture_test ("/vault/draft/survives-lock", test_survives_lock);
  vault_fixture_test ("/vault/draft/encrypted", test_encrypted);
  vault_fixture_test ("/vault/draft/no-change", test_no_change);
  vault_fixture_test ("/vault/draft/replaced", test_replaced);
  vault_fixture_test ("/vault/draft/new-items", test_new_items);
  vault_fixture_test ("/vault/draft/new-item-saved-twice", test_new_item_saved_twice);
  vault_fixture_test ("/vault/draft/conflict", test_conflict);
  vault_fixture_test ("/vault/draft/two-processes", test_two_processes);
  vault_fixture_test ("/vault/draft/cap", test_cap);
  vault_fixture_test ("/vault/draft/too-large", test_too_large);
  vault_fixture_test ("/vault/draft/damaged", test_damaged);
  vault_fixture_test ("/vault/draft/tampered", test_tampered);
  vault_fixture_test ("/vault/draft/purged", test_purged);
  vault_fixture_test ("/vault/draft/read-only", test_read_only);
  vault_fixture_test ("/vault/draft/replaced-file", test_replaced_file);
  vault_fixture_test ("/vault/draft/outside", test_outside);
  return sp_test_run ();
}
