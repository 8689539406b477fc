/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Importing into a vault: duplicates, all or nothing, undo. */

#include "config.h"

#include <string.h>

#include "formats/sp-test-vault.h"
#include "vault/sp-vault-items.h"
#include "vault/sp-vault-log.h"

#define HEADER "name,url,username,password,note\n"

static void
test_add (SpTestVault *vault, gconstpointer data)
{
  SpImportSummary summary;
  g_autoptr (SpItem) item = NULL;

  sp_test_import (vault->vault,
                  HEADER "A,https://a.example,ann,pw1,\n,,,,\n,https://b.example,ben,pw2,n\n",
                  SP_DUPLICATES_SKIP, &summary);
  g_assert_cmpuint (summary.n_rows, ==, 3);
  g_assert_cmpuint (summary.n_added, ==, 2);
  g_assert_cmpuint (summary.n_blank, ==, 1);
  g_assert_cmpuint (summary.n_untitled, ==, 1);
  g_assert_cmpuint (sp_test_vault_count (vault), ==, 2);

  item = sp_test_vault_load (vault, 1);
  g_assert_cmpstr (item->title, ==, "b.example");
  g_assert_cmpstr (sp_secret_peek_text (sp_item_peek_value (item, "password")), ==, "pw2");
  g_assert_cmpint (item->created_ms, ==, SP_TEST_VAULT_NOW);
}

static void
test_dates_kept (SpTestVault *vault, gconstpointer data)
{
  SpImportSummary summary;
  g_autoptr (SpItem) item = NULL;

  sp_test_import (vault->vault,
                  "Group,Title,Username,Password,URL,Notes,Last Modified,Created\n"
                  ",A,ann,pw,,,2020-02-02T00:00:00Z,2020-01-01T00:00:00Z\n",
                  SP_DUPLICATES_SKIP, &summary);
  item = sp_test_vault_load (vault, 0);
  g_assert_cmpint (item->created_ms, ==, G_GINT64_CONSTANT (1577836800000));
  g_assert_cmpint (item->modified_ms, ==, G_GINT64_CONSTANT (1580601600000));
}

static const char two_rows[] = HEADER "A,https://a.example,ann,pw1,\nB,,ben,pw2,\n";

static void
test_skip (SpTestVault *vault, gconstpointer data)
{
  SpImportSummary summary;

  sp_test_import (vault->vault, two_rows, SP_DUPLICATES_SKIP, &summary);
  sp_test_import (vault->vault,
                  HEADER
                  "A,https://a.example,ann,other,\nA,https://c.example,ann,pw1,\nB,,ben,pw2,\n",
                  SP_DUPLICATES_SKIP, &summary);
  g_assert_cmpuint (summary.n_skipped, ==, 2);
  g_assert_cmpuint (summary.n_added, ==, 1);
  g_assert_cmpuint (sp_test_vault_count (vault), ==, 3);
}

/* Two accounts that look alike are two; a row that is repeated letter by letter is one. */
static void
test_skip_within_file (SpTestVault *vault, gconstpointer data)
{
  static const char text[] = HEADER "A,,ann,pw1,\nA,,ann,pw2,\nA,,ann,pw1,\n";
  SpImportSummary summary;

  sp_test_import (vault->vault, text, SP_DUPLICATES_SKIP, &summary);
  g_assert_cmpuint (summary.n_added, ==, 2);
  g_assert_cmpuint (summary.n_skipped, ==, 1);
  sp_test_import (vault->vault, text, SP_DUPLICATES_SKIP, &summary);
  g_assert_cmpuint (summary.n_added, ==, 0);
  g_assert_cmpuint (summary.n_skipped, ==, 3);
}

/* A title alone is too little to leave out a note with another text. */
static void
test_skip_notes (SpTestVault *vault, gconstpointer data)
{
  SpImportSummary summary;

  sp_test_import (vault->vault, "title,notes\nNote,one\nNote,two\n", SP_DUPLICATES_SKIP, &summary);
  g_assert_cmpuint (summary.n_added, ==, 2);
  sp_test_import (vault->vault, "title,notes\nNote,two\nNote,three\n", SP_DUPLICATES_SKIP,
                  &summary);
  g_assert_cmpuint (summary.n_added, ==, 1);
  g_assert_cmpuint (summary.n_skipped, ==, 1);
}

static void
test_keep (SpTestVault *vault, gconstpointer data)
{
  SpImportSummary summary;

  sp_test_import (vault->vault, two_rows, SP_DUPLICATES_KEEP, &summary);
  sp_test_import (vault->vault, two_rows, SP_DUPLICATES_KEEP, &summary);
  g_assert_cmpuint (summary.n_added, ==, 2);
  g_assert_cmpuint (sp_test_vault_count (vault), ==, 4);
}

static void
test_update (SpTestVault *vault, gconstpointer data)
{
  SpImportSummary summary;
  g_autoptr (SpItem) item = NULL;
  g_autoptr (GPtrArray) history = NULL;
  g_autoptr (GError) error = NULL;

  sp_test_import (vault->vault, two_rows, SP_DUPLICATES_UPDATE, &summary);
  vault->clock.now_ms += 1000;
  sp_test_import (vault->vault,
                  "title,url,username,password,notes,Colour,tags\n"
                  "A,https://a.example,ann,new,a note,red,x\nB,,ben,pw2,,,\n",
                  SP_DUPLICATES_UPDATE, &summary);
  g_assert_cmpuint (summary.n_updated, ==, 1);
  g_assert_cmpuint (summary.n_skipped, ==, 1);
  g_assert_cmpuint (summary.n_added, ==, 0);

  item = sp_test_vault_load (vault, 0);
  g_assert_cmpstr (sp_secret_peek_text (sp_item_peek_value (item, "password")), ==, "new");
  g_assert_cmpstr (sp_secret_peek_text (item->notes), ==, "a note");
  g_assert_nonnull (sp_item_find_field_by_label (item, "Colour"));
  g_assert_cmpuint (item->tags->len, ==, 1);
  history = sp_vault_load_history (vault->vault, item->number, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (history->len, ==, 1);
  g_assert_cmpstr (
      sp_secret_peek_text (sp_item_peek_value (g_ptr_array_index (history, 0), "password")), ==,
      "pw1");
}

static void
test_trash_is_no_duplicate (SpTestVault *vault, gconstpointer data)
{
  SpImportSummary summary;
  g_autoptr (SpItem) item = NULL;
  g_autoptr (GError) error = NULL;

  sp_test_import (vault->vault, two_rows, SP_DUPLICATES_SKIP, &summary);
  item = sp_test_vault_load (vault, 0);
  g_assert_true (sp_vault_change (vault->vault, SP_CHANGE_TRASH, NULL, &item->number, 1, &error));
  g_assert_no_error (error);
  sp_test_import (vault->vault, two_rows, SP_DUPLICATES_SKIP, &summary);
  g_assert_cmpuint (summary.n_added, ==, 1);
}

/* What an overview cuts is compared as far as it goes. */
static void
test_long_texts (SpTestVault *vault, gconstpointer data)
{
  SpImportSummary summary;
  g_autoptr (GString) text = g_string_new ("title,username,url\n");

  for (guint i = 0; i < 1000; i++)
    g_string_append (text, "ä");
  g_string_append (text, ",");
  for (guint i = 0; i < 1000; i++)
    g_string_append (text, "ü");
  g_string_append (text, ",\"");
  for (guint i = 0; i < 12; i++)
    g_string_append_printf (text, "https://host%u.example/\n", i);
  g_string_append (text, "\"\n");
  sp_test_import (vault->vault, text->str, SP_DUPLICATES_SKIP, &summary);
  sp_test_import (vault->vault, text->str, SP_DUPLICATES_SKIP, &summary);
  g_assert_cmpuint (summary.n_skipped, ==, 1);
  g_assert_cmpuint (sp_test_vault_count (vault), ==, 1);
}

static void
test_undo (SpTestVault *vault, gconstpointer data)
{
  SpImportSummary summary;
  g_autoptr (SpItem) item = NULL;
  g_autoptr (GError) error = NULL;
  guint undone = 0;
  guint kept = 0;

  sp_test_import (vault->vault, HEADER "A,https://a.example,ann,old,\n", SP_DUPLICATES_SKIP,
                  &summary);
  sp_test_import (vault->vault, two_rows, SP_DUPLICATES_UPDATE, &summary);
  g_assert_true (sp_vault_undo_import (vault->vault, &undone, &kept, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (undone, ==, 2);
  g_assert_cmpuint (sp_test_vault_count (vault), ==, 1);
  item = sp_test_vault_load (vault, 0);
  g_assert_cmpstr (sp_secret_peek_text (sp_item_peek_value (item, "password")), ==, "old");
}

static void
cancel_cb (guint n_done, guint n_rows, gpointer data)
{
  if (n_done >= 256)
    g_cancellable_cancel (data);
}

static char *
many_rows (guint n)
{
  GString *text = g_string_new (HEADER);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "T%u,,u%u,p%u,\n", i, i, i);
  return g_string_free (text, FALSE);
}

static void
test_cancel (SpTestVault *vault, gconstpointer data)
{
  g_autofree char *text = many_rows (600);
  g_autoptr (SpImport) import = sp_test_open_text (text);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  SpImportRun run = { SP_DUPLICATES_SKIP, cancellable, cancel_cb, cancellable };

  g_assert_false (sp_import_run (import, vault->vault, &run, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (sp_test_vault_count (vault), ==, 0);

  /* And the import can be run again. */
  run.cancellable = NULL;
  run.progress = NULL;
  g_clear_error (&error);
  g_assert_true (sp_import_run (import, vault->vault, &run, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (sp_test_vault_count (vault), ==, 600);
}

typedef struct {
  guint n_calls;
  guint last;
} Progress;

static void
count_cb (guint n_done, guint n_rows, gpointer data)
{
  Progress *progress = data;

  g_assert_cmpuint (n_rows, ==, 600);
  g_assert_true (progress->n_calls == 0 || n_done > progress->last);
  progress->n_calls++;
  progress->last = n_done;
}

static void
test_progress (SpTestVault *vault, gconstpointer data)
{
  g_autofree char *text = many_rows (600);
  g_autoptr (SpImport) import = sp_test_open_text (text);
  g_autoptr (GError) error = NULL;
  Progress progress = { 0, 0 };
  SpImportRun run = { SP_DUPLICATES_SKIP, NULL, count_cb, &progress };

  g_assert_true (sp_import_run (import, vault->vault, &run, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (progress.n_calls, ==, 4);
  g_assert_cmpuint (progress.last, ==, 600);
}

static void
assert_note (GArray *notes, guint index, SpImportNoteKind kind, guint row, gboolean named)
{
  const SpImportNote *note;

  g_assert_cmpuint (index, <, notes->len);
  note = &g_array_index (notes, SpImportNote, index);
  g_assert_cmpint (note->kind, ==, kind);
  g_assert_cmpuint (note->row, ==, row);
  g_assert_cmpint (note->number != 0, ==, named);
}

static void
test_notes (SpTestVault *vault, gconstpointer data)
{
  static const char text[] = "name,url,username,password,note,totp\n"
                             "A,https://a.example,ann,pw1,,\n"    /* there already */
                             "D,,dan,pw2,,no code\n"              /* bad code */
                             "D,,dan,pw2,,no code\n"              /* repeated */
                             ",,,,,\n"                            /* blank: no note */
                             ",https://c.example,cy,pw,,,more\n"; /* untitled, and too long */
  g_autoptr (GArray) notes = g_array_new (FALSE, FALSE, sizeof (SpImportNote));
  const SpImportRun run = { .duplicates = SP_DUPLICATES_SKIP, .notes = notes };
  g_autoptr (SpImport) import = sp_test_open_text (text);
  g_autoptr (GError) error = NULL;
  SpImportSummary summary;

  sp_test_import (vault->vault, two_rows, SP_DUPLICATES_SKIP, &summary);
  g_assert_true (sp_import_run (import, vault->vault, &run, &summary, &error));
  g_assert_no_error (error);
  assert_note (notes, 0, SP_IMPORT_NOTE_DUPLICATE, 2, TRUE);
  assert_note (notes, 1, SP_IMPORT_NOTE_BAD_OTP, 3, TRUE);
  assert_note (notes, 2, SP_IMPORT_NOTE_REPEATED, 4, FALSE);
  assert_note (notes, 3, SP_IMPORT_NOTE_LONG_ROW, 6, TRUE);
  assert_note (notes, 4, SP_IMPORT_NOTE_UNTITLED, 6, TRUE);
  g_assert_cmpuint (notes->len, ==, 5);
}

/* Counting says what skipping does, and stores nothing. */
static void
test_count_duplicates (SpTestVault *vault, gconstpointer data)
{
  static const char text[] = HEADER "A,https://a.example,ann,other,\nC,,cy,pw,\nC,,cy,pw,\n"
                                    "Note,,,,text\n,,,,\n";
  g_autoptr (SpImport) import = sp_test_open_text (text);
  g_autoptr (GError) error = NULL;
  SpImportSummary summary;
  guint before;
  guint n;

  sp_test_import (vault->vault, two_rows, SP_DUPLICATES_SKIP, &summary);
  sp_test_import (vault->vault, "title,notes\nNote,other text\n", SP_DUPLICATES_SKIP, &summary);
  before = sp_test_vault_count (vault);
  g_assert_true (sp_import_count_duplicates (import, vault->vault, NULL, &n, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpuint (sp_test_vault_count (vault), ==, before);

  g_assert_true (sp_import_run (import, vault->vault, NULL, &summary, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (summary.n_skipped, ==, n);
  g_assert_cmpuint (summary.n_added, ==, 2);
}

/* More fields than an item may have: the row is named, and no row before it is there. */
static void
test_row_too_large (SpTestVault *vault, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new (
      "title,fields,login_uri,name,login_username,login_password\n"
      "x,,,A,ann,pw\nx,\"");
  g_autoptr (SpImport) import = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 5000; i++)
    g_string_append_printf (text, "Field %u: v\n", i);
  g_string_append (text, "\",,B,ben,pw\n");
  import = sp_test_open_text (text->str);
  g_assert_false (sp_import_run (import, vault->vault, NULL, NULL, &error));
  g_assert_error (error, SP_FORMAT_ERROR, SP_FORMAT_ERROR_ROW);
  g_assert_nonnull (strstr (error->message, "Row 3 (line 3)"));
  g_assert_cmpuint (sp_test_vault_count (vault), ==, 0);
}

static void
test_broken_row (SpTestVault *vault, gconstpointer data)
{
  static const char text[] = HEADER "A,,ann,pw,\n\"B,,ben,pw,\n";
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (text, sizeof text - 1,
                                                                         NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (sp_import_open (stream, NULL, NULL, &error));
  g_assert_error (error, SP_FORMAT_ERROR, SP_FORMAT_ERROR_MALFORMED);
  g_assert_cmpuint (sp_test_vault_count (vault), ==, 0);
}

static void
test_logged (SpTestVault *vault, gconstpointer data)
{
  SpImportSummary summary;
  g_autoptr (GPtrArray) log = NULL;
  g_autoptr (GError) error = NULL;
  gboolean found = FALSE;

  sp_test_import (vault->vault, two_rows, SP_DUPLICATES_SKIP, &summary);
  log = sp_vault_read_log (vault->vault, 0, 10, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < log->len; i++) {
    const SpEvent *event = g_ptr_array_index (log, i);

    found = found || (event->kind == SP_EVENT_IMPORTED && event->count == 2);
  }
  g_assert_true (found);
}

static void
set_up (SpTestVault *vault, gconstpointer data)
{
  sp_test_vault_init (vault);
}

static void
tear_down (SpTestVault *vault, gconstpointer data)
{
  sp_test_vault_clear (vault);
}

static void
add_test (const char *path, void (*function) (SpTestVault *vault, gconstpointer data))
{
  g_test_add (path, SpTestVault, NULL, set_up, function, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_test ("/formats/import-run/add", test_add);
  add_test ("/formats/import-run/dates-kept", test_dates_kept);
  add_test ("/formats/import-run/skip", test_skip);
  add_test ("/formats/import-run/skip-within-file", test_skip_within_file);
  add_test ("/formats/import-run/skip-notes", test_skip_notes);
  add_test ("/formats/import-run/keep", test_keep);
  add_test ("/formats/import-run/update", test_update);
  add_test ("/formats/import-run/trash-is-no-duplicate", test_trash_is_no_duplicate);
  add_test ("/formats/import-run/long-texts", test_long_texts);
  add_test ("/formats/import-run/undo", test_undo);
  add_test ("/formats/import-run/cancel", test_cancel);
  add_test ("/formats/import-run/progress", test_progress);
  add_test ("/formats/import-run/row-too-large", test_row_too_large);
  add_test ("/formats/import-run/broken-row", test_broken_row);
  add_test ("/formats/import-run/notes", test_notes);
  add_test ("/formats/import-run/count-duplicates", test_count_duplicates);
  add_test ("/formats/import-run/logged", test_logged);
  return sp_test_run ();
}
