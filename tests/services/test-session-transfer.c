/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Import and export by way of the session: real vaults, the sample files of other managers, and what goes wrong. */

#include "services/sp-session-transfer.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "formats/sp-csv.h"
#include "sp-fault-vfs.h"
#include "sp-session-fixture.h"
#include "vault/sp-vault-items.h"

#define HEADER    "name,url,username,password,note\n"
#define MANY_ROWS 20000

/* ---- what the tests have in common ------------------------------------------------------------------ */

static guint
count_items (SessionFixture *self)
{
  return sp_snapshot_get_n_items (sp_session_get_snapshot (self->session));
}

static GFile *
new_path (SessionFixture *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->vault.dir, name, NULL);

  return g_file_new_for_path (path);
}

static GFile *
write_file (SessionFixture *self, const char *name, const char *content, gssize len)
{
  g_autoptr (GFile) file = new_path (self, name);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (g_file_peek_path (file), content, len, &error);
  g_assert_no_error (error);
  return g_steal_pointer (&file);
}

static GFile *
sample (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "formats", "data", name, NULL);

  return g_file_new_for_path (path);
}

static GFile *
write_many_rows (SessionFixture *self)
{
  g_autoptr (GString) text = g_string_new (HEADER);

  for (guint i = 0; i < MANY_ROWS; i++)
    g_string_append_printf (text, "Title %u,https://%u.example,user%u,pw%u,\n", i, i, i, i);
  return write_file (self, "many.csv", text->str, -1);
}

static SpImportPreview *
preview (SessionFixture *self, GFile *file, const SpImportOptions *options, GError **error)
{
  sp_session_preview_import_async (self->session, file, options, 3, NULL, session_fixture_answer_cb,
                                   self);
  session_fixture_wait_for_answer (self);
  return sp_session_preview_import_finish (self->session, self->result, error);
}

static gboolean
import (SessionFixture *self,
        GFile *file,
        SpImportDuplicates duplicates,
        SpImportSummary *out_summary,
        GError **error)
{
  sp_session_import_async (self->session, file, NULL, duplicates, NULL, NULL, NULL,
                           session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  return sp_session_import_finish (self->session, self->result, out_summary, NULL, error);
}

static void
import_or_abort (SessionFixture *self, GFile *file, SpImportSummary *out_summary)
{
  g_autoptr (GError) error = NULL;
  gboolean done = import (self, file, SP_DUPLICATES_SKIP, out_summary, &error);

  g_assert_no_error (error);
  g_assert_true (done);
}

typedef struct {
  SpExportFormat format;
  SpExportFlags flags;
  const guint64 *numbers;
  gsize n_numbers;
  const char *password; /* NULL is the right one */
} ExportCase;

static gboolean
export_to (SessionFixture *self, GFile *file, const ExportCase *how, GError **error)
{
  g_autoptr (SpSecret) password = sp_secret_new_text (
      how->password != NULL ? how->password : VAULT_FIXTURE_PASSWORD);

  sp_session_export_async (self->session, password, file, how->format, how->flags, how->numbers,
                           how->n_numbers, NULL, NULL, NULL, session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  return sp_session_export_finish (self->session, self->result, error);
}

static char *
read_file (GFile *file)
{
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (g_file_peek_path (file), &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static gboolean
exists (GFile *file)
{
  return g_file_test (g_file_peek_path (file), G_FILE_TEST_EXISTS);
}

/* Of what an export was written to before it had its name, nothing is left. */
static void
assert_no_parts (SessionFixture *self)
{
  g_autoptr (GDir) dir = g_dir_open (self->vault.dir, 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    g_assert_false (g_str_has_suffix (name, ".part"));
}

typedef struct {
  guint n_calls;
  guint64 done;
  guint64 total;
} Progress;

static void
progress_cb (guint64 done, guint64 total, gpointer user_data)
{
  Progress *self = user_data;

  g_assert_cmpuint (done, <=, total);
  g_assert_cmpuint (done, >=, self->done);
  self->n_calls++;
  self->done = done;
  self->total = total;
}

/* The session looks for changes by others for as long as it is open, so it is still in use. */
static void
teardown (SessionFixture *self, gconstpointer data)
{
  if (sp_session_is_open (self->session))
    session_fixture_lock_and_flush (self);
  session_fixture_teardown (self, data);
}

static void
add_test (const char *path, void (*function) (SessionFixture *self, gconstpointer data))
{
  g_test_add (path, SessionFixture, NULL, session_fixture_setup, function, teardown);
}

/* ---- looking at a file ------------------------------------------------------------------------------ */

static void
test_preview (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GFile) file = write_file (self, "a.csv",
                                       HEADER "A,https://a.example,ann,pw1,\nB,,ben,pw2,\n"
                                              "B,,ben,pw2,\n,,,,\nC,,cy,pw3,\nD,,di,pw4,\n",
                                       -1);
  g_autoptr (GError) error = NULL;
  g_autoptr (SpImportPreview) shown = NULL;
  const SpItem *item;

  session_fixture_unlock_or_abort (self);
  shown = preview (self, file, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (shown->format, ==, "chrome");
  g_assert_cmpstr (shown->format_label, ==, "Chrome");
  g_assert_cmpuint (shown->n_rows, ==, 6);
  g_assert_cmpuint (shown->n_duplicates, ==, 1);
  g_assert_true (shown->mapped);
  g_assert_cmpuint (shown->columns->len, ==, 5);
  g_assert_cmpstr (g_ptr_array_index (shown->columns, 4), ==, "note");
  g_assert_cmpstr (g_ptr_array_index (shown->targets, 0), ==, "title");
  g_assert_cmpuint (shown->targets->len, ==, 5);
  g_assert_cmpuint (shown->examples->len, ==, 3);
  item = g_ptr_array_index (shown->examples, 0);
  g_assert_cmpstr (item->title, ==, "A");
  g_assert_cmpuint (count_items (self), ==, 1);
}

/* What an import would leave out is said before. */
static void
test_preview_duplicates (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GFile) file = sample ("bitwarden.csv");
  g_autoptr (GError) error = NULL;
  g_autoptr (SpImportPreview) before = NULL;
  g_autoptr (SpImportPreview) after = NULL;
  SpImportSummary summary;

  session_fixture_unlock_or_abort (self);
  before = preview (self, file, NULL, &error);
  g_assert_no_error (error);
  import_or_abort (self, file, &summary);
  g_assert_cmpuint (summary.n_skipped, ==, before->n_duplicates);
  after = preview (self, file, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (after->n_duplicates, ==, summary.n_rows - summary.n_blank);
}

static void
test_preview_options (SessionFixture *self, gconstpointer data)
{
  const char *const targets[] = { NULL, "title", "hidden" };
  const SpImportOptions options = { .targets = targets, .n_targets = G_N_ELEMENTS (targets) };
  g_autoptr (GFile) file = write_file (self, "a.csv", "q,q,q\nx,Title,y\n", -1);
  g_autoptr (GError) error = NULL;
  g_autoptr (SpImportPreview) blind = NULL;
  g_autoptr (SpImportPreview) shown = NULL;
  const SpItem *item;

  session_fixture_unlock_or_abort (self);
  blind = preview (self, file, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (blind->mapped);
  g_assert_cmpuint (blind->columns->len, ==, 3);
  shown = preview (self, file, &options, &error);
  g_assert_no_error (error);
  g_assert_true (shown->mapped);
  g_assert_cmpstr (g_ptr_array_index (shown->targets, 2), ==, "hidden");
  item = g_ptr_array_index (shown->examples, 0);
  g_assert_cmpstr (item->title, ==, "Title");

  /* As it is, it is not imported. */
  g_assert_false (import (self, file, SP_DUPLICATES_SKIP, NULL, &error));
  g_assert_error (error, SP_FORMAT_ERROR, SP_FORMAT_ERROR_UNKNOWN);
}

static void
assert_refused (SessionFixture *self, GFile *file, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (preview (self, file, NULL, &error));
  g_assert_error (error, domain, code);
  g_clear_error (&error);
  g_assert_false (import (self, file, SP_DUPLICATES_SKIP, NULL, &error));
  g_assert_error (error, domain, code);
  g_assert_cmpuint (count_items (self), ==, 1);
}

static void
test_bad_files (SessionFixture *self, gconstpointer data)
{
  static const char binary[] = "\x7f"
                               "ELF\x02\x01\x01\xff\xfe\x80\n\0\0\xc3\x28";
  g_autoptr (GFile) missing = new_path (self, "missing.csv");
  g_autoptr (GFile) folder = g_file_new_for_path (self->vault.dir);
  g_autoptr (GFile) pipe = new_path (self, "pipe.csv");
  g_autoptr (GFile) empty = write_file (self, "empty.csv", "", 0);
  g_autoptr (GFile) garbage = write_file (self, "binary.csv", binary, sizeof binary - 1);
  g_autoptr (GFile) quote = write_file (self, "quote.csv", HEADER "\"A,,ann,pw,\n", -1);
  g_autoptr (GFile) huge = write_file (self, "huge.csv", HEADER, -1);

  g_assert_cmpint (mkfifo (g_file_peek_path (pipe), 0600), ==, 0);
  g_assert_cmpint (truncate (g_file_peek_path (huge), SP_CSV_MAX_SIZE + 1), ==, 0);
  session_fixture_unlock_or_abort (self);
  assert_refused (self, missing, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  assert_refused (self, folder, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
  assert_refused (self, pipe, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
  assert_refused (self, empty, SP_FORMAT_ERROR, SP_FORMAT_ERROR_EMPTY);
  assert_refused (self, garbage, SP_FORMAT_ERROR, SP_FORMAT_ERROR_MALFORMED);
  assert_refused (self, quote, SP_FORMAT_ERROR, SP_FORMAT_ERROR_MALFORMED);
  assert_refused (self, huge, SP_FORMAT_ERROR, SP_FORMAT_ERROR_TOO_LARGE);
}

static void
test_unreadable (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GFile) file = write_file (self, "a.csv", HEADER, -1);

  if (geteuid () == 0) {
    g_test_skip ("root may read everything");
    return;
  }
  g_assert_cmpint (g_chmod (g_file_peek_path (file), 0), ==, 0);
  session_fixture_unlock_or_abort (self);
  assert_refused (self, file, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
}

static void
test_consent (SessionFixture *self, gconstpointer data)
{
  const SpImportOptions options = { .windows_1252 = TRUE };
  g_autoptr (GFile) file = sample ("generic-windows-1252.csv");
  g_autoptr (GError) error = NULL;
  g_autoptr (SpImportPreview) shown = NULL;

  session_fixture_unlock_or_abort (self);
  assert_refused (self, file, SP_FORMAT_ERROR, SP_FORMAT_ERROR_ENCODING);
  shown = preview (self, file, &options, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (shown->n_rows, >, 0);
}

/* ---- importing -------------------------------------------------------------------------------------- */

static void
test_import (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GFile) file = write_many_rows (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) notes = NULL;
  Progress progress = { 0 };
  SpImportSummary summary;
  guint n_changed;

  session_fixture_unlock_or_abort (self);
  n_changed = self->n_changed;
  sp_session_import_async (self->session, file, NULL, SP_DUPLICATES_SKIP, progress_cb, &progress,
                           NULL, session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  g_assert_true (sp_session_import_finish (self->session, self->result, &summary, &notes, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (summary.n_added, ==, MANY_ROWS);
  g_assert_cmpuint (notes->len, ==, 0);
  g_assert_cmpuint (progress.n_calls, >=, 1);
  g_assert_cmpuint (progress.done, ==, MANY_ROWS);
  g_assert_cmpuint (count_items (self), ==, MANY_ROWS + 1);
  g_assert_cmpuint (self->n_changed, ==, n_changed + 1);
}

static void
test_notes (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GFile) file = write_file (self, "a.csv", HEADER ",https://a.example,ann,pw1,\n", -1);
  g_autoptr (GArray) notes = NULL;
  const SpImportNote *note;

  session_fixture_unlock_or_abort (self);
  sp_session_import_async (self->session, file, NULL, SP_DUPLICATES_SKIP, NULL, NULL, NULL,
                           session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  g_assert_true (sp_session_import_finish (self->session, self->result, NULL, &notes, NULL));
  g_assert_cmpuint (notes->len, ==, 1);
  note = &g_array_index (notes, SpImportNote, 0);
  g_assert_cmpint (note->kind, ==, SP_IMPORT_NOTE_UNTITLED);
  g_assert_cmpuint (note->row, ==, 2);
  g_assert_cmpint (
      (int) sp_snapshot_find_number (sp_session_get_snapshot (self->session), note->number), !=,
      (int) SP_POSITION_NONE);
}

static void
test_undo (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GFile) file = sample ("keepassxc.csv");
  g_autoptr (GError) error = NULL;
  SpImportSummary summary;
  guint n_undone;
  guint n_kept;

  session_fixture_unlock_or_abort (self);
  import_or_abort (self, file, &summary);
  g_assert_cmpuint (summary.n_added, >, 0);
  g_assert_cmpuint (count_items (self), ==, 1 + summary.n_added);
  for (guint i = 0; i < 2; i++) {
    sp_session_undo_import_async (self->session, session_fixture_answer_cb, self);
    session_fixture_wait_for_answer (self);
    if (i == 0)
      g_assert_true (
          sp_session_undo_import_finish (self->session, self->result, &n_undone, &n_kept, &error));
    else
      g_assert_false (
          sp_session_undo_import_finish (self->session, self->result, NULL, NULL, &error));
  }
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NOT_FOUND);
  g_assert_cmpuint (n_undone, ==, summary.n_added);
  g_assert_cmpuint (n_kept, ==, 0);
  g_assert_cmpuint (count_items (self), ==, 1);
}

static void
test_import_cancelled (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GFile) file = write_many_rows (self);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Progress progress = { 0 };

  session_fixture_unlock_or_abort (self);
  sp_session_import_async (self->session, file, NULL, SP_DUPLICATES_KEEP, progress_cb, &progress,
                           cancellable, session_fixture_answer_cb, self);
  session_fixture_wait_until (self, progress.n_calls > 0);
  g_cancellable_cancel (cancellable);
  session_fixture_wait_for_answer (self);
  g_assert_false (sp_session_import_finish (self->session, self->result, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (count_items (self), ==, 1);
  session_fixture_lock_and_flush (self);
  vault_fixture_assert_sound (&self->vault);
}

static void
test_locked_while_importing (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GFile) file = write_many_rows (self);
  g_autoptr (GError) error = NULL;
  Progress progress = { 0 };

  session_fixture_unlock_or_abort (self);
  sp_session_import_async (self->session, file, NULL, SP_DUPLICATES_KEEP, progress_cb, &progress,
                           NULL, session_fixture_answer_cb, self);
  session_fixture_wait_until (self, progress.n_calls > 0);
  sp_session_lock (self->session, SP_LOCK_IDLE);
  session_fixture_wait_for_answer (self);
  g_assert_false (sp_session_import_finish (self->session, self->result, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  session_fixture_flush (self);
  g_clear_object (&self->result);
  g_assert_cmpuint (sp_secret_count_live (), ==, 0);
  vault_fixture_assert_sound (&self->vault);
  session_fixture_unlock_or_abort (self);
  g_assert_cmpuint (count_items (self), ==, 1);
}

static void
test_import_disk_full (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GFile) file = sample ("chrome.csv");
  g_autoptr (SpFaultVfs) vfs = sp_fault_vfs_new ();
  g_autoptr (GError) error = NULL;

  session_fixture_unlock_or_abort (self);
  sp_fault_vfs_reset_count (vfs);
  sp_fault_vfs_fail (vfs, SP_FAULT_ENOSPC, 0, TRUE);
  g_assert_false (import (self, file, SP_DUPLICATES_SKIP, NULL, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NO_SPACE);
  g_assert_cmpuint (sp_fault_vfs_get_n_failed (vfs), >, 0);
  g_assert_cmpuint (count_items (self), ==, 1);

  /* And with some space it works. */
  sp_fault_vfs_fail (vfs, SP_FAULT_NONE, 0, FALSE);
  import_or_abort (self, file, NULL);
  g_assert_cmpuint (count_items (self), >, 1);
  session_fixture_lock_and_flush (self);
  g_clear_object (&self->result);
}

/* ---- exporting -------------------------------------------------------------------------------------- */

static void
test_export (SessionFixture *self, gconstpointer data)
{
  const ExportCase cases[] = { { SP_EXPORT_FORMAT_JSON }, { SP_EXPORT_FORMAT_CSV } };
  g_autoptr (GFile) samples = sample ("bitwarden.csv");
  SpImportSummary summary;

  session_fixture_unlock_or_abort (self);
  import_or_abort (self, samples, &summary);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GFile) file = new_path (self, "out");
    g_autoptr (GError) error = NULL;
    g_autofree char *text = NULL;
    GStatBuf status;

    /* What has the name before is replaced, wide permissions and all. */
    g_assert_true (g_file_set_contents (g_file_peek_path (file), "old", -1, NULL));
    g_assert_cmpint (g_chmod (g_file_peek_path (file), 0644), ==, 0);
    g_assert_true (export_to (self, file, &cases[i], &error));
    g_assert_no_error (error);
    text = read_file (file);
    g_assert_true (g_str_has_prefix (text, i == 0 ? "{" : "\"Group\""));
    g_assert_cmpint (g_stat (g_file_peek_path (file), &status), ==, 0);
    g_assert_cmpuint (status.st_mode & 07777, ==, 0600);
  }
  assert_no_parts (self);
}

/* What was exported is what a vault takes back. */
static void
test_export_round_trip (SessionFixture *self, gconstpointer data)
{
  const ExportCase csv = { SP_EXPORT_FORMAT_CSV };
  g_autoptr (GFile) file = new_path (self, "out.csv");
  g_autoptr (GError) error = NULL;
  SpImportSummary summary;

  session_fixture_unlock_or_abort (self);
  g_assert_true (export_to (self, file, &csv, &error));
  g_assert_no_error (error);
  g_assert_true (import (self, file, SP_DUPLICATES_KEEP, &summary, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (summary.n_added, ==, 1);
}

static void
test_export_wrong_password (SessionFixture *self, gconstpointer data)
{
  const ExportCase how = { .password = "incorrect horse" };
  g_autoptr (GFile) file = new_path (self, "out.json");
  g_autoptr (GFile) old = write_file (self, "old.json", "old", -1);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  session_fixture_unlock_or_abort (self);
  g_assert_false (export_to (self, file, &how, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY);
  g_assert_false (exists (file));
  g_clear_error (&error);
  g_assert_false (export_to (self, old, &how, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_WRONG_KEY);
  text = read_file (old);
  g_assert_cmpstr (text, ==, "old");
  assert_no_parts (self);
}

static void
assert_vault_refused (SessionFixture *self, GFile *file)
{
  const ExportCase how = { SP_EXPORT_FORMAT_JSON };
  g_autoptr (GError) error = NULL;

  g_assert_false (export_to (self, file, &how, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID);
}

/* By its name, by a link of either kind, and by the names that SQLite would take for a part of it. */
static void
test_export_onto_vault (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GFile) vault = g_file_new_for_path (self->vault.path);
  g_autofree char *journal_path = g_strconcat (self->vault.path, "-journal", NULL);
  g_autoptr (GFile) journal = g_file_new_for_path (journal_path);
  g_autoptr (GFile) symbolic = new_path (self, "symbolic.json");
  g_autoptr (GFile) hard = new_path (self, "hard.json");

  g_assert_cmpint (symlink (self->vault.path, g_file_peek_path (symbolic)), ==, 0);
  g_assert_cmpint (link (self->vault.path, g_file_peek_path (hard)), ==, 0);
  session_fixture_unlock_or_abort (self);
  assert_vault_refused (self, vault);
  assert_vault_refused (self, journal);
  assert_vault_refused (self, symbolic);
  assert_vault_refused (self, hard);
  g_assert_false (exists (journal));
  g_unlink (g_file_peek_path (hard));
  session_fixture_lock_and_flush (self);
  vault_fixture_assert_sound (&self->vault);
}

static void
test_export_bad_places (SessionFixture *self, gconstpointer data)
{
  const ExportCase how = { SP_EXPORT_FORMAT_JSON };
  g_autoptr (GFile) folder = g_file_new_for_path (self->vault.dir);
  g_autoptr (GFile) nowhere = new_path (self, "missing/out.json");
  g_autoptr (GFile) pipe = new_path (self, "pipe");
  g_autoptr (GFile) remote = g_file_new_for_uri ("sftp://host.example/out.json");
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (mkfifo (g_file_peek_path (pipe), 0600), ==, 0);
  session_fixture_unlock_or_abort (self);
  g_assert_false (export_to (self, folder, &how, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
  g_clear_error (&error);
  g_assert_false (export_to (self, nowhere, &how, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (export_to (self, pipe, &how, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
  g_clear_error (&error);
  g_assert_false (export_to (self, remote, &how, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
}

static void
test_export_selection (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GFile) samples = write_file (self, "a.csv", HEADER "Other,,ann,other-pw,\n", -1);
  g_autoptr (GFile) file = new_path (self, "out.json");
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  guint64 numbers[2];
  ExportCase how = { .numbers = numbers, .n_numbers = 1 };

  session_fixture_unlock_or_abort (self);
  numbers[0] = session_fixture_first_number (self);
  numbers[1] = G_MAXUINT32;
  import_or_abort (self, samples, NULL);
  g_assert_true (export_to (self, file, &how, &error));
  g_assert_no_error (error);
  text = read_file (file);
  g_assert_null (strstr (text, "other-pw"));
  g_assert_nonnull (strstr (text, "\"title\""));

  g_unlink (g_file_peek_path (file));
  how.n_numbers = 2;
  g_assert_false (export_to (self, file, &how, &error));
  g_assert_error (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NOT_FOUND);
  g_assert_false (exists (file));
  assert_no_parts (self);
}

/* Control characters grow sixfold in JSON, so there is a limit that the vault keeps and the export does not. */
static void
test_export_too_large_for_disk (SessionFixture *self, gconstpointer data)
{
  const ExportCase how = { SP_EXPORT_FORMAT_JSON };
  const rlim_t limit = 1 << 20;
  g_autofree char *notes = g_strnfill (300 << 10, '\x01');
  g_autofree char *text = g_strconcat (HEADER "A,,ann,pw,", notes, "\n", NULL);
  g_autoptr (GFile) samples = write_file (self, "a.csv", text, -1);
  g_autoptr (GFile) file = write_file (self, "out.json", "old", -1);
  g_autoptr (GError) error = NULL;
  g_autofree char *left = NULL;
  struct rlimit before;
  struct rlimit small;
  gboolean done;

  session_fixture_unlock_or_abort (self);
  import_or_abort (self, samples, NULL);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  small = (struct rlimit){ MIN (limit, before.rlim_max), before.rlim_max };
  (void) signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  done = export_to (self, file, &how, &error);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);

  g_assert_false (done);
  g_assert_nonnull (error);
  g_assert_cmpuint (error->domain, ==, G_IO_ERROR);
  left = read_file (file);
  g_assert_cmpstr (left, ==, "old");
  assert_no_parts (self);
}

static void
test_export_cancelled (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpSecret) password = sp_secret_new_text (VAULT_FIXTURE_PASSWORD);
  g_autoptr (GFile) samples = write_many_rows (self);
  g_autoptr (GFile) file = new_path (self, "out.json");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Progress progress = { 0 };

  session_fixture_unlock_or_abort (self);
  import_or_abort (self, samples, NULL);
  sp_session_export_async (self->session, password, file, SP_EXPORT_FORMAT_JSON, SP_EXPORT_DEFAULT,
                           NULL, 0, progress_cb, &progress, cancellable, session_fixture_answer_cb,
                           self);
  session_fixture_wait_until (self, progress.n_calls > 0);
  g_cancellable_cancel (cancellable);
  session_fixture_wait_for_answer (self);
  g_assert_false (sp_session_export_finish (self->session, self->result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (progress.total, ==, MANY_ROWS + 1);
  g_assert_false (exists (file));
  assert_no_parts (self);
}

static void
test_locked_while_exporting (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpSecret) password = sp_secret_new_text (VAULT_FIXTURE_PASSWORD);
  g_autoptr (GFile) samples = write_many_rows (self);
  g_autoptr (GFile) file = new_path (self, "out.csv");
  g_autoptr (GError) error = NULL;
  Progress progress = { 0 };

  session_fixture_unlock_or_abort (self);
  import_or_abort (self, samples, NULL);
  sp_session_export_async (self->session, password, file, SP_EXPORT_FORMAT_CSV, SP_EXPORT_DEFAULT,
                           NULL, 0, progress_cb, &progress, NULL, session_fixture_answer_cb, self);
  g_clear_pointer (&password, sp_secret_unref);
  session_fixture_wait_until (self, progress.n_calls > 0);
  sp_session_lock (self->session, SP_LOCK_SCREEN);
  session_fixture_wait_for_answer (self);
  g_assert_false (sp_session_export_finish (self->session, self->result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  session_fixture_flush (self);
  g_clear_object (&self->result);
  g_assert_false (exists (file));
  assert_no_parts (self);
  g_assert_cmpuint (sp_secret_count_live (), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_test ("/services/transfer/preview", test_preview);
  add_test ("/services/transfer/preview-duplicates", test_preview_duplicates);
  add_test ("/services/transfer/preview-options", test_preview_options);
  add_test ("/services/transfer/bad-files", test_bad_files);
  add_test ("/services/transfer/unreadable", test_unreadable);
  add_test ("/services/transfer/consent", test_consent);
  add_test ("/services/transfer/import", test_import);
  add_test ("/services/transfer/notes", test_notes);
  add_test ("/services/transfer/undo", test_undo);
  add_test ("/services/transfer/import-cancelled", test_import_cancelled);
  add_test ("/services/transfer/locked-while-importing", test_locked_while_importing);
  add_test ("/services/transfer/import-disk-full", test_import_disk_full);
  add_test ("/services/transfer/export", test_export);
  add_test ("/services/transfer/export-round-trip", test_export_round_trip);
  add_test ("/services/transfer/export-wrong-password", test_export_wrong_password);
  add_test ("/services/transfer/export-onto-vault", test_export_onto_vault);
  add_test ("/services/transfer/export-bad-places", test_export_bad_places);
  add_test ("/services/transfer/export-selection", test_export_selection);
  add_test ("/services/transfer/export-too-large", test_export_too_large_for_disk);
  add_test ("/services/transfer/export-cancelled", test_export_cancelled);
  add_test ("/services/transfer/locked-while-exporting", test_locked_while_exporting);
  return sp_test_run ();
}
