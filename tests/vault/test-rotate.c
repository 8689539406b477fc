/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Replacing the vault key: everything is there afterwards, nothing old opens or is left, and what goes wrong
 * leaves the vault as it was. */

#include "config.h"

#include <string.h>

#include "common/sp-test-item.h"
#include "password/sp-recovery-key.h"
#include "sp-vault-fixture.h"
#include "store/sp-records.h"
#include "vault/sp-keyslot.h"
#include "vault/sp-transaction.h"
#include "vault/sp-vault-draft.h"
#include "vault/sp-vault-history.h"
#include "vault/sp-vault-items.h"
#include "vault/sp-vault-log.h"
#include "vault/sp-vault-private.h"
#include "vault/sp-vault-rotate.h"

static const SpKdfCost cheap_cost = { .memory_kib = 8, .passes = 1, .lanes = 1 };

static SpKeyslotFactors
with (const SpSecret *secret)
{
  return (SpKeyslotFactors){ .secret = secret };
}

/* A plan by which the fixture's password goes on opening the vault. */
static SpRotation *
plan_keep (SpVault *vault)
{
  g_autoptr (SpSecret) password = sp_secret_new_text (VAULT_FIXTURE_PASSWORD);
  SpKeyslotFactors factors = with (password);
  g_autoptr (GError) error = NULL;
  SpRotation *plan = sp_rotation_new (vault, &error);

  g_assert_no_error (error);
  g_assert_true (sp_rotation_keep (plan, SP_SLOT_PASSWORD, &factors, &error));
  g_assert_no_error (error);
  return plan;
}

static void
rotate (SpVault *vault)
{
  g_autoptr (SpRotation) plan = plan_keep (vault);
  g_autoptr (GError) error = NULL;
  gboolean done = sp_vault_rotate_keys (vault, plan, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (done);
}

static guint64
attach (SpVault *vault, guint64 number, gsize len)
{
  guint8 *data = g_malloc (len + 1);
  guint64 state = len + 1;
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GError) error = NULL;

  sp_test_random_fill (&state, data, len);
  stream = g_memory_input_stream_new_from_data (data, (gssize) len, g_free);
  g_assert_true (sp_vault_attach (vault, number, "a file", stream, NULL, &error));
  g_assert_no_error (error);
  return number;
}

/* Items with histories longer and shorter than what is kept, attachments, trash, tags, a draft, another slot. */
static void
fill (SpVault *vault)
{
  g_autoptr (GError) error = NULL;
  guint64 state = 11;
  guint64 first = 0;

  g_assert_true (sp_vault_begin (vault, SP_BATCH_EDIT, &error));
  for (guint i = 0; i < 150; i++) {
    g_autoptr (SpItem) item = sp_test_item_random (&state);

    memset (&item->id, 0, sizeof item->id);
    item->number = 0;
    g_ptr_array_set_size (item->attachments, 0);
    g_assert_true (sp_vault_save (vault, item, &error));
    for (guint j = 0; j < (i == 3 ? SP_ITEM_MAX_HISTORY + 5u : i % 4); j++) {
      g_autofree char *title = g_strdup_printf ("Version %u of %u", j, i);

      sp_item_set_title (item, title);
      g_assert_true (sp_vault_save (vault, item, &error));
    }
    if (i == 0)
      first = item->number;
    if (i % 50 == 0)
      attach (vault, item->number, i * 2000);
    if (i % 9 == 0)
      g_assert_true (sp_vault_change (vault, SP_CHANGE_TRASH, NULL, &item->number, 1, &error));
    g_assert_no_error (error);
  }
  g_assert_true (sp_vault_commit (vault, &error));
  {
    g_autoptr (SpItem) edited = sp_vault_load (vault, first, &error);
    g_autoptr (SpItem) fresh = sp_item_new (SP_ITEM_LOGIN, "Not saved yet");

    g_assert_true (sp_vault_save_draft (vault, edited, &error));
    g_assert_true (sp_vault_save_draft (vault, fresh, &error));
    g_assert_no_error (error);
  }
}

static void
describe_item (GString *text, const SpItem *item)
{
  g_string_append_printf (text, "%d %d %s\n", (int) item->type, item->trashed, item->title);
  for (guint i = 0; i < item->fields->len; i++) {
    const SpField *field = g_ptr_array_index (item->fields, i);

    g_string_append_printf (text, " %s %s\n", field->name, sp_secret_peek_text (field->value));
  }
  for (guint i = 0; i < item->attachments->len; i++)
    g_string_append_printf (
        text, " attachment %" G_GUINT64_FORMAT "\n",
        ((const SpAttachment *) g_ptr_array_index (item->attachments, i))->size);
}

static void
describe_one (SpVault *vault, guint64 number, GString *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpItem) item = sp_vault_load (vault, number, &error);
  g_autoptr (GPtrArray) history = sp_vault_load_history (vault, number, &error);

  g_assert_no_error (error);
  describe_item (text, item);
  for (guint i = 0; i < history->len; i++)
    describe_item (text, g_ptr_array_index (history, i));
  for (guint i = 0; i < item->attachments->len; i++) {
    g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();

    g_assert_true (sp_vault_read_attachment (vault, g_ptr_array_index (item->attachments, i),
                                             stream, NULL, &error));
    g_assert_no_error (error);
  }
}

static char *
describe (SpVault *vault)
{
  SpSnapshot *snapshot = sp_vault_get_snapshot (vault);
  g_autofree char *name = sp_vault_dup_name (vault);
  GString *text = g_string_new (name);

  for (SpPosition position = sp_snapshot_first (snapshot); position != SP_POSITION_NONE;
       position = sp_snapshot_next (snapshot, position)) {
    SpOverview overview;

    sp_snapshot_get_overview (snapshot, position, &overview);
    g_string_append_printf (text, "%s %u %d\n", overview.title, overview.use_count,
                            (int) overview.flags);
    describe_one (vault, overview.number, text);
  }
  return g_string_free (text, FALSE);
}

static void
assert_drafts (SpVault *vault)
{
  g_autoptr (GPtrArray) problems = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) drafts = sp_vault_load_drafts (vault, &problems, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (problems->len, ==, 0);
  g_assert_cmpuint (drafts->len, ==, 2);
  for (guint i = 0; i < drafts->len; i++)
    g_assert_false (((const SpDraft *) g_ptr_array_index (drafts, i))->moved);
}

static void
test_everything (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (self);
  g_autofree char *before = NULL;
  SpVaultInfo info, rotated;

  fill (vault);
  before = describe (vault);
  sp_vault_get_info (vault, &info);
  for (guint i = 0; i < 2; i++) {
    g_autofree char *now = NULL;

    rotate (vault);
    now = describe (vault);
    g_assert_cmpstr (now, ==, before);
    vault_fixture_assert_verifies (vault);
    assert_drafts (vault);
  }
  sp_vault_get_info (vault, &rotated);
  g_assert_cmpuint (rotated.key_epoch, ==, 3);
  g_assert_cmpuint (rotated.n_items, ==, info.n_items);
  g_assert_cmpuint (rotated.n_trashed, ==, info.n_trashed);
  g_assert_cmpuint (rotated.n_encryptions, >, 150);
  g_assert_cmpuint (rotated.n_encryptions, <, info.n_encryptions);
  g_assert_true (sp_id_equal (&rotated.lineage, &info.lineage));

  /* It goes on being a vault, in this session and in the next. */
  vault_fixture_add_item (vault, "Later");
  g_clear_pointer (&vault, sp_vault_close);
  vault_fixture_assert_sound (self);
  vault = vault_fixture_open (self);
  assert_drafts (vault);
}

static gboolean
file_has (const char *path, const guint8 *needle, gsize len)
{
  g_autofree char *data = NULL;
  gsize data_len;

  g_assert_true (g_file_get_contents (path, &data, &data_len, NULL));
  return memmem (data, data_len, needle, len) != NULL;
}

static gboolean
collect_row (guint64 id, guint64 revision, const guint8 *data, gsize len, gpointer user_data)
{
  g_ptr_array_add (user_data, g_bytes_new (data, len));
  return TRUE;
}

/* All rows of a vault's file, and the fixed parts of its slots. */
static GPtrArray *
collect_rows (const char *path)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (SpDb) db = sp_db_open (path, SP_DB_READ_ONLY, NULL);
  gboolean complete;

  for (guint i = 0; i < SP_N_RECORDS; i++)
    g_assert_true (sp_records_visit (db, (SpRecords) i, collect_row, rows, &complete, NULL));
  for (guint i = 0; i < 2; i++) {
    g_autoptr (GPtrArray) slots = sp_slot_rows_read (db, i, &complete, NULL);

    for (guint j = 0; j < slots->len; j++)
      g_ptr_array_add (rows, g_bytes_ref (((SpSlotRow *) g_ptr_array_index (slots, j))->fixed));
  }
  return rows;
}

/* No 16 bytes of any former record are in the file afterwards. */
static void
test_no_old_bytes (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (self);
  g_autoptr (GPtrArray) rows = NULL;
  guint n_old = 0;

  fill (vault);
  g_clear_pointer (&vault, sp_vault_close);
  rows = collect_rows (self->path);
  g_assert_cmpuint (rows->len, >, 500);
  vault = vault_fixture_open (self);
  for (guint i = 0; i < rows->len; i++) {
    gsize len;
    const guint8 *row = g_bytes_get_data (g_ptr_array_index (rows, i), &len);

    n_old += file_has (self->path, row + len - 16, 16);
  }
  /* The test can fail: but for the few that the unlock changed, they all are there before. */
  g_assert_cmpuint (n_old, >, rows->len - 20);

  rotate (vault);
  g_clear_pointer (&vault, sp_vault_close);
  for (guint i = 0; i < rows->len; i++) {
    gsize len;
    const guint8 *row = g_bytes_get_data (g_ptr_array_index (rows, i), &len);

    /* A slot begins with what is no secret and stays; its ciphertext stands at 116. */
    g_assert_false (file_has (self->path, len == SP_KEYSLOT_LEN ? row + 116 : row, 16));
    g_assert_false (file_has (self->path, row + len - 16, 16));
  }
}

/* Slots whose secret is not at hand die, are listed, and open the copy that was made before, only. */
static void
test_lost_slots (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (self);
  g_autofree char *copy = g_build_filename (self->dir, "copy.vault", NULL);
  g_autoptr (SpSecret) second = sp_secret_new_text ("second");
  g_autoptr (SpSecret) kept = NULL;
  g_autoptr (SpSecret) paper = NULL;
  g_autoptr (SpSecret) successor = NULL;
  g_autoptr (SpRotation) plan = NULL;
  g_autoptr (GPtrArray) lost = NULL;
  g_autoptr (GError) error = NULL;
  SpKeyslotFactors factors;
  SpId paper_id;

  g_assert_true (sp_vault_add_password_slot (vault, "Second", second, &cheap_cost, NULL, &error));
  kept = sp_vault_add_recovery_key (vault, "Kept", 0, NULL, &error);
  paper = sp_vault_add_recovery_key (vault, "Paper", 0, &paper_id, &error);
  g_assert_no_error (error);
  g_clear_pointer (&vault, sp_vault_close);
  vault_fixture_copy (self->path, copy);

  vault = vault_fixture_open (self);
  plan = plan_keep (vault);
  lost = sp_rotation_list_lost (plan);
  g_assert_cmpuint (lost->len, ==, 3);
  factors = with (kept);
  g_assert_true (sp_rotation_keep (plan, SP_SLOT_RECOVERY, &factors, &error));
  successor = sp_rotation_renew_recovery_key (plan, &paper_id, &error);
  g_assert_no_error (error);
  g_clear_pointer (&lost, g_ptr_array_unref);
  lost = sp_rotation_list_lost (plan);
  g_assert_cmpuint (lost->len, ==, 1);
  g_assert_cmpstr (((SpSlotInfo *) g_ptr_array_index (lost, 0))->name, ==, "Second");
  g_assert_true (sp_vault_rotate_keys (vault, plan, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  g_clear_pointer (&plan, sp_rotation_free);
  g_clear_pointer (&vault, sp_vault_close);

  g_assert_null (vault_fixture_try (self, "second", &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY);
  g_clear_error (&error);
  {
    const SpSecret *keys[] = { kept, successor, paper };

    for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
      SpVault *opened;

      factors = with (keys[i]);
      opened = sp_vault_open_with (self->path, SP_SLOT_RECOVERY, &factors, SP_VAULT_OPEN_DEFAULT,
                                   &self->environment, NULL);
      g_assert_true ((opened != NULL) == (i < 2));
      if (opened != NULL)
        sp_vault_close (opened);
    }
  }
  vault_fixture_assert_sound (self);
}

/* The slot of before, pasted back into the rotated file, opens nothing. */
static void
test_pasted_slot (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (self);
  g_autofree char *copy = g_build_filename (self->dir, "copy.vault", NULL);
  g_autofree char *sql = NULL;
  g_autoptr (SpSecret) second = sp_secret_new_text ("second");
  g_autoptr (GError) error = NULL;

  g_assert_true (sp_vault_add_password_slot (vault, "Second", second, &cheap_cost, NULL, &error));
  g_clear_pointer (&vault, sp_vault_close);
  vault_fixture_copy (self->path, copy);
  vault = vault_fixture_open (self);
  rotate (vault);
  g_clear_pointer (&vault, sp_vault_close);
  sql = g_strdup_printf ("ATTACH '%s' AS old;"
                         "INSERT INTO slot_a SELECT * FROM old.slot_a WHERE id = 2;"
                         "INSERT INTO slot_b SELECT * FROM old.slot_b WHERE id = 2;",
                         copy);
  vault_fixture_sql (self, sql);
  g_assert_null (vault_fixture_try (self, "second", &error));
  g_assert_true (g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY) ||
                 g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED));
}

static void
cancel_cb (guint64 done, guint64 total, gpointer data)
{
  g_assert_cmpuint (total, ==, 150);
  if (done >= 64)
    g_cancellable_cancel (data);
}

static void
test_cancel (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (self);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (SpRotation) plan = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;
  SpVaultInfo info, then;

  fill (vault);
  before = describe (vault);
  sp_vault_get_info (vault, &info);
  plan = plan_keep (vault);
  g_assert_false (sp_vault_rotate_keys (vault, plan, cancel_cb, cancellable, cancellable, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_CANCELLED);
  g_clear_error (&error);
  sp_vault_get_info (vault, &then);
  g_assert_cmpuint (then.sequence, ==, info.sequence);
  g_assert_cmpuint (then.key_epoch, ==, 1);
  after = describe (vault);
  g_assert_cmpstr (after, ==, before);
  vault_fixture_add_item (vault, "Goes on");
  vault_fixture_assert_verifies (vault);

  /* The same plan still is one. */
  g_assert_true (sp_vault_rotate_keys (vault, plan, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  vault_fixture_assert_verifies (vault);
}

static GBytes *
read_file (const char *path)
{
  g_autoptr (GError) error = NULL;
  char *data;
  gsize len;

  g_assert_true (g_file_get_contents (path, &data, &len, &error));
  g_assert_no_error (error);
  return g_bytes_new_take (data, len);
}

/* Encrypted anew, damage would look sound. */
static void
test_damage (VaultFixture *self, gconstpointer data)
{
  static const char *const statements[] = {
    "UPDATE detail SET data = zeroblob (length (data)) WHERE id = (SELECT min (id) FROM detail)",
    "DELETE FROM history WHERE id = (SELECT max (id) FROM history)",
    "UPDATE attachment SET data = zeroblob (length (data))",
    "UPDATE audit SET data = zeroblob (length (data)) WHERE id = 2",
  };

  for (guint i = 0; i < G_N_ELEMENTS (statements); i++) {
    g_autofree char *path = g_strdup_printf ("%s/%u.vault", self->dir, i);
    g_autoptr (SpVault) vault = NULL;
    g_autoptr (SpRotation) plan = NULL;
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) before = NULL;
    g_autoptr (GBytes) after = NULL;
    SpVaultInfo info;

    g_free (self->path);
    self->path = g_steal_pointer (&path);
    vault = vault_fixture_create (self);
    fill (vault);
    g_clear_pointer (&vault, sp_vault_close);
    vault_fixture_sql (self, statements[i]);
    self->environment.state_dir = NULL;
    vault = vault_fixture_open (self);
    self->environment.state_dir = self->state_dir;
    plan = plan_keep (vault);
    before = read_file (self->path);
    g_assert_false (sp_vault_rotate_keys (vault, plan, NULL, NULL, NULL, &error));
    g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED);
    after = read_file (self->path);
    g_assert_true (g_bytes_equal (before, after));
    sp_vault_get_info (vault, &info);
    g_assert_cmpuint (info.key_epoch, ==, 1);
    vault_fixture_add_item (vault, "Goes on");
  }
}

static void
test_refused_plans (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (self);
  g_autoptr (SpSecret) wrong = sp_secret_new_text ("wrong");
  SpKeyslotFactors factors = with (wrong);
  g_autoptr (SpRotation) plan = sp_rotation_new (vault, NULL);
  g_autoptr (GPtrArray) slots = sp_vault_list_slots (vault, NULL);
  const SpId *id = &((SpSlotInfo *) g_ptr_array_index (slots, 0))->id;
  g_autoptr (SpSecret) key = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (sp_vault_rotate_keys (vault, plan, NULL, NULL, NULL, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_LAST_SLOT);
  g_clear_error (&error);
  g_assert_false (sp_rotation_keep (plan, SP_SLOT_PASSWORD, &factors, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY);
  g_clear_error (&error);
  g_assert_null (sp_rotation_renew_recovery_key (plan, id, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID);
  g_clear_error (&error);
  g_clear_pointer (&plan, sp_rotation_free);

  plan = plan_keep (vault);
  g_assert_true (sp_rotation_drop (plan, id, &error));
  g_assert_false (sp_vault_rotate_keys (vault, plan, NULL, NULL, NULL, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_LAST_SLOT);
  g_clear_error (&error);
  g_clear_pointer (&plan, sp_rotation_free);

  plan = plan_keep (vault);
  key = sp_vault_add_recovery_key (vault, "Later", 0, NULL, &error);
  g_assert_nonnull (key);
  g_assert_false (sp_vault_rotate_keys (vault, plan, NULL, NULL, NULL, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_CONFLICT);
  vault_fixture_assert_verifies (vault);
}

/* A key that nobody may have on paper is no way in. */
static void
test_renewed_alone (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (self);
  g_autoptr (SpRotation) plan = NULL;
  g_autoptr (SpSecret) key = NULL;
  g_autoptr (SpSecret) next = NULL;
  g_autoptr (GError) error = NULL;
  SpId id;

  key = sp_vault_add_recovery_key (vault, "Drawer", 0, &id, &error);
  g_assert_no_error (error);
  plan = sp_rotation_new (vault, &error);
  next = sp_rotation_renew_recovery_key (plan, &id, &error);
  g_assert_nonnull (next);
  g_assert_false (sp_vault_rotate_keys (vault, plan, NULL, NULL, NULL, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_LAST_SLOT);
}

/* What is to be revoked stays so. */
static void
test_dropped (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (self);
  g_autoptr (SpSecret) password = sp_secret_new_text ("another");
  SpKeyslotFactors factors = with (password);
  g_autoptr (GPtrArray) slots = sp_vault_list_slots (vault, NULL);
  const SpId *first = &((SpSlotInfo *) g_ptr_array_index (slots, 0))->id;
  g_autoptr (SpRotation) plan = NULL;
  g_autoptr (SpSecret) key = NULL;
  g_autoptr (GError) error = NULL;
  SpId id;

  key = sp_vault_add_recovery_key (vault, "Drawer", 0, &id, &error);
  g_assert_no_error (error);
  plan = sp_rotation_new (vault, &error);
  g_assert_true (sp_rotation_drop (plan, first, &error));
  g_assert_true (sp_rotation_drop (plan, &id, &error));
  g_assert_false (sp_rotation_set_password (plan, first, &factors, &cheap_cost, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (sp_rotation_renew_recovery_key (plan, &id, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID);
}

/* A key file is not dropped in passing. */
static void
test_key_file_stays (VaultFixture *self, gconstpointer data)
{
  static const guint8 bytes[32] = { 1, 2, 3 };
  g_autoptr (SpVault) vault = vault_fixture_create (self);
  g_autoptr (SpSecret) password = sp_secret_new_text ("another");
  g_autoptr (SpSecret) file = sp_secret_new (bytes, sizeof bytes);
  SpKeyslotFactors factors = { .secret = password, .key_file = file };
  g_autoptr (SpRotation) plan = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (sp_vault_change_password_with (vault, NULL, &factors, &cheap_cost, &error));
  plan = sp_rotation_new (vault, &error);
  factors.key_file = NULL;
  g_assert_false (sp_rotation_set_password (plan, NULL, &factors, &cheap_cost, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID);
  g_clear_error (&error);
  factors.key_file = file;
  g_assert_true (sp_rotation_set_password (plan, NULL, &factors, &cheap_cost, &error));
  g_assert_no_error (error);
}

/* The way out when the vault key was used as often as may be. */
static void
test_used_up (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (self);
  g_autoptr (GError) error = NULL;

  vault->seal->n_encryptions = G_GUINT64_CONSTANT (1) << 31;
  g_assert_false (sp_vault_set_name (vault, "Mine", &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID);
  g_clear_error (&error);
  rotate (vault);
  g_assert_true (sp_vault_set_name (vault, "Mine", &error));
  g_assert_no_error (error);
}

/* A vault without a password slot still knows which slot is its own. */
static void
test_current_slot (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (self);
  g_autoptr (SpRotation) plan = NULL;
  g_autoptr (SpSecret) key = NULL;
  g_autoptr (GError) error = NULL;
  SpKeyslotFactors factors;
  SpId id;

  key = sp_vault_add_recovery_key (vault, "Drawer", 0, &id, &error);
  g_assert_no_error (error);
  factors = with (key);
  plan = sp_rotation_new (vault, &error);
  g_assert_true (sp_rotation_keep (plan, SP_SLOT_RECOVERY, &factors, &error));
  g_assert_true (sp_vault_rotate_keys (vault, plan, NULL, NULL, NULL, &error));
  g_assert_true (sp_id_equal (&vault->slot_id, &id));
}

/* The one slot that comes along is given an expiry, after the plan was made. */
static void
test_expiry_after_plan (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (self);
  g_autoptr (SpVault) other = NULL;
  g_autoptr (SpRotation) plan = NULL;
  g_autoptr (SpSecret) key = NULL;
  g_autoptr (GError) error = NULL;
  SpKeyslotFactors factors;
  SpVaultInfo info;
  SpId id;

  key = sp_vault_add_recovery_key (vault, "Drawer", 0, &id, &error);
  g_assert_no_error (error);
  factors = with (key);
  plan = sp_rotation_new (vault, &error);
  g_assert_true (sp_rotation_keep (plan, SP_SLOT_RECOVERY, &factors, &error));
  other = vault_fixture_open (self);
  g_assert_true (sp_vault_set_slot_expiry (other, &id, self->clock.now_ms + 1000, &error));
  g_assert_false (sp_vault_rotate_keys (vault, plan, NULL, NULL, NULL, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_LAST_SLOT);
  g_clear_error (&error);
  sp_vault_get_info (vault, &info);
  g_assert_cmpuint (info.key_epoch, ==, 1);

  /* And the other way round. */
  g_assert_true (sp_vault_set_slot_expiry (other, &id, 0, &error));
  g_assert_true (sp_vault_rotate_keys (vault, plan, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
}

/* Another process that has the vault open locks it. */
static void
test_other_process (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (self);
  g_autoptr (SpVault) other = NULL;
  g_autoptr (SpItem) item = sp_item_new (SP_ITEM_LOGIN, "From there");
  g_autoptr (GError) error = NULL;

  other = vault_fixture_open (self);
  rotate (vault);
  g_assert_false (sp_vault_refresh (other, NULL, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_REPLACED);
  g_clear_error (&error);
  g_assert_false (sp_vault_save (other, item, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_REPLACED);
  vault_fixture_assert_verifies (vault);
}

/* What this machine, or another one, saw before the rotation still is the same vault; what another way shows
 * is still told. */
static void
test_pins (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (self);
  g_autofree char *other_state = g_build_filename (self->dir, "other", NULL);
  g_autofree char *copy = g_build_filename (self->dir, "copy.vault", NULL);
  SpVault *opened;

  vault_fixture_add_item (vault, "One");
  g_clear_pointer (&vault, sp_vault_close);
  vault_fixture_copy (self->path, copy);

  /* Another machine sees this state. */
  self->environment.state_dir = other_state;
  sp_vault_close (vault_fixture_open (self));
  self->environment.state_dir = self->state_dir;

  for (guint i = 0; i < 3; i++) {
    vault = vault_fixture_open (self);
    vault_fixture_add_item (vault, "Two");
    rotate (vault);
    g_clear_pointer (&vault, sp_vault_close);
    vault_fixture_assert_sound (self);
  }
  self->environment.state_dir = other_state;
  opened = vault_fixture_open (self);
  g_assert_cmpint (sp_vault_get_state (opened), ==, SP_VAULT_STATE_SOUND);
  sp_vault_close (opened);

  /* The copy goes its own way and is rotated, too; first to a vault key that is older than the one seen, then as often. */
  g_free (self->path);
  self->path = g_steal_pointer (&copy);
  for (guint i = 0; i < 3; i++) {
    self->environment.state_dir = NULL;
    vault = vault_fixture_open (self);
    for (guint j = 0; j < 20; j++)
      vault_fixture_add_item (vault, "Elsewhere");
    rotate (vault);
    g_clear_pointer (&vault, sp_vault_close);
    self->environment.state_dir = other_state;
    opened = vault_fixture_open (self);
    g_assert_cmpint (sp_vault_get_state (opened), ==,
                     i < 2 ? SP_VAULT_STATE_OLDER : SP_VAULT_STATE_FORKED);
    sp_vault_close (opened);
  }
}

/* The log is the same, entry by entry, and has the rotation at its end. */
static void
test_log (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (self);
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (vault_fixture_try (self, "wrong", NULL));
  vault_fixture_add_item (vault, "One");
  before = sp_vault_read_log (vault, 0, 100, &error);
  rotate (vault);
  rotate (vault);
  after = sp_vault_read_log (vault, 0, 100, &error);
  g_assert_no_error (error);
  /* The failed unlock came in with the first rotation. */
  g_assert_cmpuint (after->len, ==, before->len + 3);
  for (guint i = 0; i < before->len; i++) {
    const SpEvent *old = g_ptr_array_index (before, i);
    const SpEvent *new = g_ptr_array_index (after, i + 3);

    g_assert_cmpuint (old->number, ==, new->number);
    g_assert_cmpint (old->time_ms, ==, new->time_ms);
    g_assert_cmpint (old->kind, ==, new->kind);
    g_assert_true (sp_id_equal (&old->session, &new->session));
    g_assert_true (sp_id_equal (&old->subject, &new->subject));
    g_assert_cmpstr (old->device, ==, new->device);
  }
  g_assert_cmpint (((SpEvent *) g_ptr_array_index (after, 0))->kind, ==, SP_EVENT_KEYS_ROTATED);
  g_assert_cmpint (((SpEvent *) g_ptr_array_index (after, 2))->kind, ==, SP_EVENT_UNLOCK_FAILED);
  /* And what fails from now on is sealed to the new key. */
  g_clear_pointer (&vault, sp_vault_close);
  g_assert_null (vault_fixture_try (self, "wrong", NULL));
  vault = vault_fixture_open (self);
  g_clear_pointer (&after, g_ptr_array_unref);
  after = sp_vault_read_log (vault, 0, 2, &error);
  g_assert_cmpint (((SpEvent *) g_ptr_array_index (after, 1))->kind, ==, SP_EVENT_UNLOCK_FAILED);
}

/* Rows that nobody names go with the former key. */
static void
test_foreign (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (self);

  fill (vault);
  vault_fixture_sql (
      self, "INSERT INTO detail (id, revision, data) VALUES (999999, 1, x'00');"
            "INSERT INTO history (id, revision, data) VALUES (999999, 1, x'00');"
            "INSERT INTO audit (id, revision, data) VALUES (999999, 1, x'00');"
            "INSERT INTO draft (id, revision, data) VALUES (99, 1, x'00');"
            "INSERT INTO slot_a (id, fixed, revision, changing) VALUES (9, x'00', 1, x'00');");
  rotate (vault);
  vault_fixture_assert_verifies (vault);
}

/* An entry of a later version, with as many details as there may be. */
static void
append_full_entry (SpVault *vault)
{
  static const guint8 zeros[2 * SP_ID_LEN] = { 0 };
  g_autoptr (GError) error = NULL;
  SpTransaction *tx = sp_transaction_begin (vault, &error);
  SpRecordName name = { SP_TABLE_AUDIT, tx->seal->audit_last + 1, tx->seal->sequence, NULL };
  SpWriter *writer = sp_record_begin (vault->cipher);
  SpRecordBytes record;

  sp_writer_u8 (writer, 1);
  sp_writer_fixed (writer, tx->seal->audit_head, SP_HASH_LEN);
  sp_writer_varint (writer, 1);
  sp_writer_varint (writer, 900);
  sp_writer_u8 (writer, 0);
  sp_writer_fixed (writer, zeros, sizeof zeros);
  sp_writer_varint (writer, 0);
  sp_writer_string (writer, "desk");
  sp_writer_varint (writer, 16);
  for (guint64 key = 2; key < 18; key++) {
    sp_writer_varint (writer, key);
    sp_writer_varint (writer, 0);
  }
  g_assert_true (sp_record_seal (vault->cipher, &name, &record, &error));
  g_assert_true (sp_records_put (vault->db, SP_RECORDS_AUDIT, name.number, name.revision,
                                 record.data, record.len, &error));
  g_assert_true (sp_vault_extend_chain (vault, &name, record, tx->seal->audit_head, &error));
  tx->seal->audit_last++;
  g_assert_true (sp_transaction_commit (tx, &error));
  g_assert_no_error (error);
}

static void
test_full_entry (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (self);

  append_full_entry (vault);
  vault_fixture_assert_verifies (vault);
  rotate (vault);
  vault_fixture_assert_verifies (vault);
  g_clear_pointer (&vault, sp_vault_close);
  vault_fixture_assert_sound (self);
}

static void
test_last_epoch (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (self);
  g_autoptr (GError) error = NULL;

  vault->seal->key_epoch = G_MAXUINT32;
  g_assert_null (sp_rotation_new (vault, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID);
  vault->seal->key_epoch = 1;
}

/* What was read under the former key, before it was cancelled, is not left in memory. */
static void
test_cancel_forgets (VaultFixture *self, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (self);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (SpRotation) plan = NULL;
  g_autoptr (GError) error = NULL;
  const SpRef *ref;
  SpRecordBytes content;
  guint set = 0;

  fill (vault);
  plan = plan_keep (vault);
  g_assert_false (sp_vault_rotate_keys (vault, plan, cancel_cb, cancellable, cancellable, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_CANCELLED);
  g_clear_error (&error);
  ref = &g_array_index (vault->seal->settings, SpRef, 0);
  g_assert_true (sp_vault_read_record (vault, SP_TABLE_SETTING, ref, &content, &error));
  g_assert_false (sp_vault_rotate_keys (vault, plan, cancel_cb, cancellable, cancellable, &error));
  for (gsize i = 0; i < content.len; i++)
    set |= content.data[i];
  g_assert_cmpuint (set, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  vault_fixture_test ("/rotate/everything", test_everything);
  vault_fixture_test ("/rotate/no-old-bytes", test_no_old_bytes);
  vault_fixture_test ("/rotate/lost-slots", test_lost_slots);
  vault_fixture_test ("/rotate/pasted-slot", test_pasted_slot);
  vault_fixture_test ("/rotate/cancel", test_cancel);
  vault_fixture_test ("/rotate/damage", test_damage);
  vault_fixture_test ("/rotate/refused-plans", test_refused_plans);
  vault_fixture_test ("/rotate/renewed-alone", test_renewed_alone);
  vault_fixture_test ("/rotate/dropped", test_dropped);
  vault_fixture_test ("/rotate/key-file-stays", test_key_file_stays);
  vault_fixture_test ("/rotate/used-up", test_used_up);
  vault_fixture_test ("/rotate/current-slot", test_current_slot);
  vault_fixture_test ("/rotate/expiry-after-plan", test_expiry_after_plan);
  vault_fixture_test ("/rotate/other-process", test_other_process);
  vault_fixture_test ("/rotate/pins", test_pins);
  vault_fixture_test ("/rotate/log", test_log);
  vault_fixture_test ("/rotate/foreign", test_foreign);
  vault_fixture_test ("/rotate/full-entry", test_full_entry);
  vault_fixture_test ("/rotate/last-epoch", test_last_epoch);
  vault_fixture_test ("/rotate/cancel-forgets", test_cancel_forgets);
  return sp_test_run ();
}
