/* SPDX-License-Identifier: GPL-3.0-or-later */

/* An open vault through its public functions: what is saved is there after opening again, and nothing
 * else is. */

#include "config.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "common/sp-test.h"
#include "vault/sp-vault-items.h"
#include "vault/sp-vault-log.h"
#include "vault/sp-vault-repair.h"
#include "vault/sp-vault-slots.h"

typedef struct {
  char *folder;
  char *path;
  char *state_dir;
  SpVaultEnvironment environment;
  SpTestClock clock;
  SpSecret *password;
  SpVault *vault;
} Fixture;

static const SpKdfCost cheap = { .memory_kib = 64, .passes = 1, .lanes = 1 };

static void
setup (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->folder = sp_test_scratch_dir_new ();
  self->path = g_build_filename (self->folder, "vault.securepass", NULL);
  self->state_dir = g_build_filename (self->folder, "state", NULL);
  sp_test_clock_init (&self->clock, 1700000000000);
  self->environment.state_dir = self->state_dir;
  self->environment.device_name = "test";
  self->environment.clock = &self->clock.clock;
  self->password = sp_secret_new_text ("correct horse battery staple");
  self->vault = sp_vault_create (self->path, "Test", self->password, &cheap, &self->environment,
                                 &error);
  g_assert_no_error (error);
}

static void
teardown (Fixture *self, gconstpointer data)
{
  g_clear_pointer (&self->vault, sp_vault_close);
  sp_secret_unref (self->password);
  g_free (self->state_dir);
  g_free (self->path);
  sp_test_scratch_dir_free (self->folder);
}

static SpVault *
open_vault (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  SpVault *vault = sp_vault_open (self->path, self->password, SP_VAULT_OPEN_DEFAULT,
                                  &self->environment, &error);

  g_assert_no_error (error);
  return vault;
}

static void
reopen (Fixture *self)
{
  g_clear_pointer (&self->vault, sp_vault_close);
  self->vault = open_vault (self);
  g_assert_cmpint (sp_vault_get_state (self->vault), ==, SP_VAULT_STATE_SOUND);
}

static SpItem *
make_item (const char *title, const char *password)
{
  g_autoptr (SpSecret) value = sp_secret_new_text (password);
  g_autoptr (SpSecret) user = sp_secret_new_text ("anna@example.org");
  SpItem *item = sp_item_new (SP_ITEM_LOGIN, title);

  sp_item_set_field (item, "username", user);
  sp_item_set_field (item, "password", value);
  return item;
}

static guint64
add_item (Fixture *self, const char *title, const char *password)
{
  g_autoptr (SpItem) item = make_item (title, password);
  g_autoptr (GError) error = NULL;

  g_assert_true (sp_vault_save (self->vault, item, &error));
  g_assert_no_error (error);
  return item->number;
}

static SpItem *
load (Fixture *self, guint64 number)
{
  g_autoptr (GError) error = NULL;
  SpItem *item = sp_vault_load (self->vault, number, &error);

  g_assert_no_error (error);
  return item;
}

static void
test_save_and_reopen (Fixture *self, gconstpointer data)
{
  guint64 number = add_item (self, "Bank", "secret one");
  g_autoptr (SpItem) item = NULL;

  reopen (self);
  g_assert_cmpuint (sp_snapshot_get_n_items (sp_vault_get_snapshot (self->vault)), ==, 1);
  item = load (self, number);
  g_assert_cmpstr (item->title, ==, "Bank");
  g_assert_cmpstr (sp_secret_peek_text (sp_item_peek_value (item, "password")), ==, "secret one");
}

static void
test_wrong_password (Fixture *self, gconstpointer data)
{
  g_autoptr (SpSecret) wrong = sp_secret_new_text ("wrong");
  g_autoptr (GError) error = NULL;

  g_assert_null (
      sp_vault_open (self->path, wrong, SP_VAULT_OPEN_DEFAULT, &self->environment, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY);
}

static void
test_lockout (Fixture *self, gconstpointer data)
{
  g_autoptr (SpSecret) wrong = sp_secret_new_text ("wrong");

  for (guint i = 0; i < 5; i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (
        sp_vault_open (self->path, wrong, SP_VAULT_OPEN_DEFAULT, &self->environment, &error));
    g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY);
  }
  {
    g_autoptr (GError) error = NULL;

    g_assert_null (sp_vault_open (self->path, self->password, SP_VAULT_OPEN_DEFAULT,
                                  &self->environment, &error));
    g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_LOCKED_OUT);
  }
  self->clock.now_ms += 31 * 1000;
  reopen (self);
  {
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) log = sp_vault_read_log (self->vault, 0, 100, &error);
    guint n_failed = 0;

    g_assert_no_error (error);
    for (guint i = 0; i < log->len; i++) {
      const SpEvent *event = g_ptr_array_index (log, i);

      n_failed += event->kind == SP_EVENT_UNLOCK_FAILED && event->while_locked;
    }
    g_assert_cmpuint (n_failed, ==, 5);
  }
}

static void
test_history (Fixture *self, gconstpointer data)
{
  guint64 number = add_item (self, "Bank", "0");
  g_autoptr (GPtrArray) versions = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 1; i <= SP_ITEM_MAX_HISTORY + 5; i++) {
    g_autoptr (SpItem) item = load (self, number);
    g_autofree char *text = g_strdup_printf ("%u", i);
    g_autoptr (SpSecret) value = sp_secret_new_text (text);

    sp_item_set_field (item, "password", value);
    g_assert_true (sp_vault_save (self->vault, item, &error));
  }
  reopen (self);
  versions = sp_vault_load_history (self->vault, number, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (versions->len, ==, SP_ITEM_MAX_HISTORY);
  g_assert_cmpstr (
      sp_secret_peek_text (sp_item_peek_value (g_ptr_array_index (versions, 0), "password")), ==,
      "24");

  g_assert_true (sp_vault_restore_version (self->vault, number, 19, &error));
  g_assert_no_error (error);
  {
    g_autoptr (SpItem) item = load (self, number);

    g_assert_cmpstr (sp_secret_peek_text (sp_item_peek_value (item, "password")), ==, "5");
  }
}

static void
test_conflict (Fixture *self, gconstpointer data)
{
  guint64 number = add_item (self, "Bank", "one");
  g_autoptr (SpVault) other = open_vault (self);
  g_autoptr (SpItem) mine = load (self, number);
  g_autoptr (SpItem) theirs = NULL;
  g_autoptr (GError) error = NULL;

  theirs = sp_vault_load (other, number, &error);
  g_assert_no_error (error);
  sp_item_set_title (theirs, "Theirs");
  g_assert_true (sp_vault_save (other, theirs, &error));
  sp_item_set_title (mine, "Mine");
  g_assert_false (sp_vault_save (self->vault, mine, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_CONFLICT);
  g_clear_error (&error);

  g_assert_true (sp_vault_refresh (self->vault, NULL, &error));
  {
    g_autoptr (SpItem) now = load (self, number);

    g_assert_cmpstr (now->title, ==, "Theirs");
  }
}

static void
test_trash_and_purge (Fixture *self, gconstpointer data)
{
  guint64 number = add_item (self, "Bank", "one");
  g_autoptr (GError) error = NULL;
  guint n_purged = 0;

  g_assert_false (sp_vault_change (self->vault, SP_CHANGE_PURGE, NULL, &number, 1, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_true (sp_vault_change (self->vault, SP_CHANGE_TRASH, NULL, &number, 1, &error));
  reopen (self);
  g_assert_true (sp_vault_change (self->vault, SP_CHANGE_RESTORE, NULL, &number, 1, &error));
  g_assert_true (sp_vault_change (self->vault, SP_CHANGE_TRASH, NULL, &number, 1, &error));
  g_assert_true (sp_vault_purge_trash (self->vault, &n_purged, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_purged, ==, 1);
  reopen (self);
  g_assert_cmpuint (sp_snapshot_get_n_items (sp_vault_get_snapshot (self->vault)), ==, 0);
}

static void
test_attachment (Fixture *self, gconstpointer data)
{
  static const gsize sizes[] = { 0, 1, 65535, 65536, 65537, 300000 };
  guint64 number = add_item (self, "Bank", "one");
  guint64 state = 1;

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autofree guint8 *content = g_malloc (sizes[i] + 1);
    g_autoptr (GInputStream) input = NULL;
    g_autoptr (GError) error = NULL;

    sp_test_random_fill (&state, content, sizes[i]);
    input = g_memory_input_stream_new_from_data (content, (gssize) sizes[i], NULL);
    g_assert_true (sp_vault_attach (self->vault, number, "file.bin", input, NULL, &error));
    g_assert_no_error (error);
    reopen (self);
    {
      g_autoptr (SpItem) item = load (self, number);
      g_autoptr (GOutputStream) output = g_memory_output_stream_new_resizable ();
      GMemoryOutputStream *memory = G_MEMORY_OUTPUT_STREAM (output);

      g_assert_cmpuint (item->attachments->len, ==, i + 1);
      g_assert_true (sp_vault_read_attachment (
          self->vault, g_ptr_array_index (item->attachments, i), output, NULL, &error));
      g_assert_no_error (error);
      sp_test_assert_mem (g_memory_output_stream_get_data (memory),
                          g_memory_output_stream_get_data_size (memory), content, sizes[i]);
    }
  }
}

static void
test_slots (Fixture *self, gconstpointer data)
{
  g_autoptr (SpSecret) second = sp_secret_new_text ("another one");
  g_autoptr (SpSecret) third = sp_secret_new_text ("the third");
  g_autoptr (GError) error = NULL;
  SpId id;

  g_assert_true (sp_vault_add_password_slot (self->vault, "Partner", second, &cheap, &id, &error));
  g_assert_true (sp_vault_check_password (self->vault, second, &error));
  g_assert_true (sp_vault_change_password (self->vault, NULL, third, &cheap, &error));
  g_clear_pointer (&self->vault, sp_vault_close);
  g_assert_null (sp_vault_open (self->path, self->password, 0, &self->environment, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY);
  g_clear_error (&error);

  self->vault = sp_vault_open (self->path, third, 0, &self->environment, &error);
  g_assert_no_error (error);
  g_assert_true (sp_vault_remove_slot (self->vault, &id, &error));
  g_assert_false (sp_vault_remove_slot (self->vault, &id, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NOT_FOUND);
  g_clear_error (&error);
  {
    g_autoptr (GPtrArray) slots = sp_vault_list_slots (self->vault, &error);
    const SpSlotInfo *last = g_ptr_array_index (slots, 0);

    g_assert_cmpuint (slots->len, ==, 1);
    g_assert_false (sp_vault_remove_slot (self->vault, &last->id, &error));
    g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_LAST_SLOT);
  }
}

static void
test_import_undo (Fixture *self, gconstpointer data)
{
  guint64 kept = add_item (self, "Before", "one");
  g_autoptr (GError) error = NULL;
  guint undone, changed;
  guint64 last = 0;

  g_assert_true (sp_vault_begin (self->vault, SP_BATCH_IMPORT, &error));
  for (guint i = 0; i < 200; i++)
    last = add_item (self, "Imported", "two");
  {
    g_autoptr (SpItem) item = load (self, kept);

    sp_item_set_title (item, "Updated");
    g_assert_true (sp_vault_save (self->vault, item, &error));
  }
  g_assert_true (sp_vault_commit (self->vault, &error));
  {
    g_autoptr (SpItem) item = load (self, last);

    sp_item_set_title (item, "Edited since");
    g_assert_true (sp_vault_save (self->vault, item, &error));
  }
  reopen (self);
  g_assert_true (sp_vault_undo_import (self->vault, &undone, &changed, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (undone, ==, 200);
  g_assert_cmpuint (changed, ==, 1);
  g_assert_cmpuint (sp_snapshot_get_n_items (sp_vault_get_snapshot (self->vault)), ==, 2);
  {
    g_autoptr (SpItem) item = load (self, kept);

    g_assert_cmpstr (item->title, ==, "Before");
  }
  g_assert_false (sp_vault_undo_import (self->vault, &undone, &changed, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NOT_FOUND);
}

static void
test_failed_batch (Fixture *self, gconstpointer data)
{
  guint64 number = add_item (self, "Bank", "one");
  g_autoptr (GError) error = NULL;
  SpItem *item;

  g_assert_true (sp_vault_begin (self->vault, SP_BATCH_EDIT, &error));
  add_item (self, "In the batch", "two");
  g_assert_null (sp_vault_load (self->vault, 999, &error));
  g_clear_error (&error);
  item = load (self, number);
  sp_item_set_title (item, "not UTF-8: \xff");
  g_assert_false (sp_vault_save (self->vault, item, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID);
  g_clear_error (&error);
  sp_item_free (item);

  g_assert_false (sp_vault_commit (self->vault, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID);
  g_clear_error (&error);
  reopen (self);
  g_assert_cmpuint (sp_snapshot_get_n_items (sp_vault_get_snapshot (self->vault)), ==, 1);
  item = load (self, number);
  g_assert_cmpstr (item->title, ==, "Bank");
  sp_item_free (item);
}

static void
test_conflict_in_batch (Fixture *self, gconstpointer data)
{
  g_autoptr (SpItem) stale = load (self, add_item (self, "Bank", "one"));
  g_autoptr (GError) error = NULL;

  g_assert_true (
      sp_vault_change (self->vault, SP_CHANGE_FAVOURITE, NULL, &stale->number, 1, &error));
  g_assert_true (sp_vault_begin (self->vault, SP_BATCH_EDIT, &error));
  add_item (self, "In the batch", "two");
  sp_item_set_title (stale, "Late");
  g_assert_false (sp_vault_save (self->vault, stale, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_true (sp_vault_commit (self->vault, &error));
  reopen (self);
  g_assert_cmpuint (sp_snapshot_get_n_items (sp_vault_get_snapshot (self->vault)), ==, 2);
}

static void
test_rollback_is_noticed (Fixture *self, gconstpointer data)
{
  g_autofree char *old = NULL;
  g_autoptr (GError) error = NULL;
  gsize len;

  add_item (self, "Bank", "one");
  g_assert_true (g_file_get_contents (self->path, &old, &len, &error));
  add_item (self, "Shop", "two");
  g_clear_pointer (&self->vault, sp_vault_close);
  g_assert_true (g_file_set_contents (self->path, old, (gssize) len, &error));
  self->vault = open_vault (self);
  g_assert_cmpint (sp_vault_get_state (self->vault), ==, SP_VAULT_STATE_OLDER);
  g_assert_false (sp_vault_set_name (self->vault, "Other", &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_READ_ONLY);
}

static void
test_random_changes (Fixture *self, gconstpointer data)
{
  g_autoptr (GHashTable) model = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                                        g_free);
  guint64 state = 42;

  for (guint step = 0; step < 400; step++) {
    g_autofree char *title = g_strdup_printf ("%0*u", (int) (sp_test_random (&state) % 400) + 1,
                                              step);
    guint64 choice = sp_test_random (&state) % 10;
    g_autoptr (GList) numbers = g_hash_table_get_keys (model);
    g_autoptr (GError) error = NULL;
    guint64 number = 0;

    if (numbers != NULL)
      number = *(guint64 *) g_list_nth_data (
          numbers, (guint) (sp_test_random (&state) % g_hash_table_size (model)));
    if (choice < 6 || number == 0) {
      number = add_item (self, title, "x");
      g_hash_table_insert (model, g_memdup2 (&number, sizeof number), g_strdup (title));
    } else if (choice < 8) {
      g_autoptr (SpItem) item = load (self, number);

      sp_item_set_title (item, title);
      g_assert_true (sp_vault_save (self->vault, item, &error));
      g_hash_table_insert (model, g_memdup2 (&number, sizeof number), g_strdup (title));
    } else {
      g_assert_true (sp_vault_change (self->vault, SP_CHANGE_TRASH, NULL, &number, 1, &error));
      g_assert_true (sp_vault_change (self->vault, SP_CHANGE_PURGE, NULL, &number, 1, &error));
      g_hash_table_remove (model, &number);
    }
    g_assert_no_error (error);
    if (step % 80 == 0)
      reopen (self);
  }
  reopen (self);
  g_assert_cmpuint (sp_snapshot_get_n_items (sp_vault_get_snapshot (self->vault)), ==,
                    g_hash_table_size (model));
  {
    GHashTableIter iter;
    gpointer number, title;

    g_hash_table_iter_init (&iter, model);
    while (g_hash_table_iter_next (&iter, &number, &title)) {
      g_autoptr (SpItem) item = load (self, *(guint64 *) number);

      g_assert_cmpstr (item->title, ==, title);
    }
  }
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, setup, function, teardown)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/vault/vault/save-and-reopen", test_save_and_reopen);
  ADD ("/vault/vault/wrong-password", test_wrong_password);
  ADD ("/vault/vault/lockout", test_lockout);
  ADD ("/vault/vault/history", test_history);
  ADD ("/vault/vault/conflict", test_conflict);
  ADD ("/vault/vault/trash-and-purge", test_trash_and_purge);
  ADD ("/vault/vault/attachment", test_attachment);
  ADD ("/vault/vault/slots", test_slots);
  ADD ("/vault/vault/import-undo", test_import_undo);
  ADD ("/vault/vault/failed-batch", test_failed_batch);
  ADD ("/vault/vault/conflict-in-batch", test_conflict_in_batch);
  ADD ("/vault/vault/rollback-is-noticed", test_rollback_is_noticed);
  ADD ("/vault/vault/random-changes", test_random_changes);

  return sp_test_run ();
}
