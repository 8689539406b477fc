/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Several processes with one vault open. Each writer is this program again, since secret memory does not
 * survive a fork. Every change is acknowledged or tried again; afterwards the vault must hold exactly
 * what was acknowledged, and its sequence count exactly the transactions.
 *
 * Change i of a writer, by i % 5:
 *   0, 1  adds an item              3  adds one to the item that all writers share
 *   2     edits the one of change 0   4  puts the one of change 1 into the trash */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "common/sp-test-item.h"
#include "sp-vault-fixture.h"
#include "vault/sp-vault-items.h"
#include "vault/sp-vault-log.h"
#include "vault/sp-vault-repair.h"

#define N_WRITERS   8
#define N_CHANGES   200
#define N_INCREASES (N_CHANGES / 5)
#define N_ADDED     (N_CHANGES / 5 * 2)
#define SHARED      "shared"
#define TRIES       1000
#define THINKING_US \
  5000 /* between reading the shared item and saving it, so that others come between */

typedef struct {
  SpVault *vault;
  guint writer;
  guint64 numbers[N_CHANGES]; /* of the items it added */
  guint n_busy;
  guint n_conflicts;
} Writer;

/* --- what a writer process does --- */

/* TRUE: done. FALSE: try again. Anything else than BUSY and CONFLICT ends the program. The error goes in by
 * address: it may be set only while the arguments are put together. */
static gboolean
settle (Writer *self, gboolean done, GError **error)
{
  g_autoptr (GError) owned = g_steal_pointer (error);

  if (done)
    return TRUE;
  if (g_error_matches (owned, SP_VAULT_ERROR, SP_VAULT_ERROR_BUSY))
    self->n_busy++;
  else if (g_error_matches (owned, SP_VAULT_ERROR, SP_VAULT_ERROR_CONFLICT))
    self->n_conflicts++;
  else
    g_assert_no_error (owned);
  g_assert_nonnull (owned);
  return FALSE;
}

static gboolean
add (Writer *self, guint change)
{
  g_autofree char *title = g_strdup_printf ("writer %u change %u", self->writer, change);
  g_autoptr (SpItem) item = sp_item_new (SP_ITEM_LOGIN, title);
  GError *error = NULL;
  gboolean done;

  sp_test_item_set (item, "password", "first");
  done = sp_vault_save (self->vault, item, &error);
  g_assert_true (done || item->number == 0);
  self->numbers[change] = item->number;
  return settle (self, done, &error);
}

static gboolean
edit (Writer *self, guint64 number, guint add_to_shared)
{
  GError *error = NULL;
  g_autoptr (SpItem) item = sp_vault_load (self->vault, number, &error);

  if (item == NULL)
    return settle (self, FALSE, &error);
  if (add_to_shared > 0) {
    const char *text = sp_secret_peek_text (sp_item_peek_value (item, "password"));
    g_autofree char *sum = g_strdup_printf ("%" G_GUINT64_FORMAT,
                                            g_ascii_strtoull (text, NULL, 10) + add_to_shared);

    sp_test_item_set (item, "password", sum);
    g_usleep (THINKING_US);
  } else {
    sp_test_item_set (item, "password", "second");
  }
  return settle (self, sp_vault_save (self->vault, item, &error), &error);
}

static gboolean
trash (Writer *self, guint64 number)
{
  GError *error = NULL;

  return settle (self, sp_vault_change (self->vault, SP_CHANGE_TRASH, NULL, &number, 1, &error),
                 &error);
}

/* The shared item is the first of all. */
static guint64
find_shared (const Writer *self)
{
  SpSnapshot *snapshot = sp_vault_get_snapshot (self->vault);
  SpOverview overview;

  sp_snapshot_get_overview (snapshot, sp_snapshot_first (snapshot), &overview);
  g_assert_cmpstr (overview.title, ==, SHARED);
  return overview.number;
}

/* A conflict is told until this process has seen what the other did. */
static gboolean
increase_shared (Writer *self)
{
  guint n_conflicts = self->n_conflicts;
  gboolean done = edit (self, find_shared (self), 1);

  if (self->n_conflicts > n_conflicts) {
    GError *error = NULL;
    gboolean changed;

    settle (self, sp_vault_refresh (self->vault, &changed, &error), &error);
  }
  return done;
}

static gboolean
try_change (Writer *self, guint change)
{
  switch (change % 5) {
  case 2:
    return edit (self, self->numbers[change - 2], 0);
  case 3:
    return increase_shared (self);
  case 4:
    return trash (self, self->numbers[change - 3]);
  default:
    return add (self, change);
  }
}

static int
run_writer (char **arguments)
{
  g_autoptr (SpSecret) password = sp_secret_new_text (VAULT_FIXTURE_PASSWORD);
  SpVaultEnvironment environment = { .state_dir = arguments[1], .device_name = arguments[2] };
  Writer self = { .writer = (guint) g_ascii_strtoull (arguments[2], NULL, 10) };
  g_autoptr (GError) error = NULL;

  self.vault = sp_vault_open (arguments[0], password, SP_VAULT_OPEN_DEFAULT, &environment, &error);
  g_assert_no_error (error);
  g_assert_cmpint (sp_vault_get_state (self.vault), ==, SP_VAULT_STATE_SOUND);
  for (guint change = 0; change < N_CHANGES; change++) {
    guint tries = 0;

    while (!try_change (&self, change))
      g_assert_cmpuint (++tries, <, TRIES);
  }
  sp_vault_close (self.vault);
  printf ("# writer %u: busy %u times, in conflict %u times\n", self.writer, self.n_busy,
          self.n_conflicts);
  return 0;
}

/* Adds one item when it is told to, and tells when that was acknowledged. */
static int
run_single (char **arguments)
{
  g_autoptr (SpSecret) password = sp_secret_new_text (VAULT_FIXTURE_PASSWORD);
  SpVaultEnvironment environment = { .state_dir = arguments[1], .device_name = arguments[2] };
  Writer self = { 0 };
  g_autoptr (GError) error = NULL;

  self.vault = sp_vault_open (arguments[0], password, SP_VAULT_OPEN_DEFAULT, &environment, &error);
  g_assert_no_error (error);
  printf ("open\n");
  fflush (stdout);
  while (getchar () == 'a') {
    g_assert_true (add (&self, 0));
    printf ("%" G_GINT64_FORMAT "\n", g_get_monotonic_time ());
    fflush (stdout);
  }
  sp_vault_close (self.vault);
  return 0;
}

/* --- what the test does --- */

static GSubprocess *
spawn (VaultFixture *fixture, const char *verb, guint number, GSubprocessFlags flags)
{
  g_autofree char *device = g_strdup_printf ("%u", number);
  g_autoptr (GError) error = NULL;
  GSubprocess *process = g_subprocess_new (flags, &error, "/proc/self/exe", verb, fixture->path,
                                           fixture->state_dir, device, NULL);

  g_assert_no_error (error);
  return process;
}

static void
create_shared (VaultFixture *fixture)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  g_autoptr (SpItem) item = sp_item_new (SP_ITEM_LOGIN, SHARED);
  g_autoptr (GError) error = NULL;

  sp_test_item_set (item, "password", "0");
  g_assert_true (sp_vault_save (vault, item, &error));
  g_assert_no_error (error);
}

static void
assert_password (const SpItem *item, const char *expected)
{
  g_assert_cmpstr (sp_secret_peek_text (sp_item_peek_value (item, "password")), ==, expected);
}

/* `seen` has a flag for each change of each writer. */
static void
assert_item (SpVault *vault, const SpOverview *overview, gboolean *seen)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SpItem) item = sp_vault_load (vault, overview->number, &error);
  guint writer, change;

  g_assert_no_error (error);
  if (strcmp (item->title, SHARED) == 0) {
    g_autofree char *sum = g_strdup_printf ("%d", N_WRITERS * N_INCREASES);

    assert_password (item, sum);
    return;
  }
  g_assert_cmpint (sscanf (item->title, "writer %u change %u", &writer, &change), ==, 2);
  g_assert_cmpuint (writer, <, N_WRITERS);
  g_assert_cmpuint (change, <, N_CHANGES);
  g_assert_false (seen[writer * N_CHANGES + change]);
  seen[writer * N_CHANGES + change] = TRUE;
  assert_password (item, change % 5 == 0 ? "second" : "first");
  g_assert_cmpuint (overview->n_history, ==, change % 5 == 0 ? 1 : 0);
  g_assert_true (item->trashed == (change % 5 == 1));
}

static void
assert_items (SpVault *vault)
{
  SpSnapshot *snapshot = sp_vault_get_snapshot (vault);
  gboolean seen[N_WRITERS * N_CHANGES] = { FALSE };

  g_assert_cmpuint (sp_snapshot_get_n_items (snapshot), ==, 1 + N_WRITERS * N_ADDED);
  for (SpPosition position = sp_snapshot_first (snapshot); position != SP_POSITION_NONE;
       position = sp_snapshot_next (snapshot, position)) {
    SpOverview overview;

    sp_snapshot_get_overview (snapshot, position, &overview);
    assert_item (vault, &overview, seen);
  }
}

/* How often one writer's change came after another's. */
static guint
count_turns (SpVault *vault)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) events = sp_vault_read_log (vault, 0, G_MAXUINT, &error);
  guint n = 0;

  g_assert_no_error (error);
  for (guint i = 1; i < events->len; i++) {
    const SpEvent *event = g_ptr_array_index (events, i);
    const SpEvent *later = g_ptr_array_index (events, i - 1);

    if (strcmp (event->device, later->device) != 0)
      n++;
  }
  return n;
}

static guint
count_events (SpVault *vault, SpEventKind kind)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) events = sp_vault_read_log (vault, 0, G_MAXUINT, &error);
  guint n = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < events->len; i++) {
    if (((const SpEvent *) g_ptr_array_index (events, i))->kind == kind)
      n++;
  }
  return n;
}

static void
assert_clean (SpVault *vault)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) problems = NULL;

  g_assert_cmpint (sp_vault_get_state (vault), ==, SP_VAULT_STATE_SOUND);
  g_assert_cmpuint (sp_vault_peek_problems (vault)->len, ==, 0);
  problems = sp_vault_verify (vault, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (problems->len, ==, 0);
}

/* Each transaction is one step of the sequence: making the vault, the shared item, each unlock that could be
 * recorded, each change; a try that failed is none. */
static void
assert_sequence (SpVault *vault)
{
  SpVaultInfo info;

  sp_vault_get_info (vault, &info);
  g_assert_cmpuint (count_events (vault, SP_EVENT_ITEM_ADDED), ==, 1 + N_WRITERS * N_ADDED);
  g_assert_cmpuint (count_events (vault, SP_EVENT_ITEM_CHANGED), ==, N_WRITERS * N_INCREASES * 2);
  g_assert_cmpuint (count_events (vault, SP_EVENT_ITEM_TRASHED), ==, N_WRITERS * N_CHANGES / 5);
  g_assert_cmpuint (info.sequence, ==,
                    2 + count_events (vault, SP_EVENT_OPENED) + N_WRITERS * N_CHANGES);
  g_assert_cmpuint (info.n_trashed, ==, N_WRITERS * N_CHANGES / 5);
  g_test_message ("sequence %" G_GUINT64_FORMAT ", %u unlocks recorded", info.sequence,
                  count_events (vault, SP_EVENT_OPENED));
}

static void
test_writers (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) writers = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (SpVault) vault = NULL;
  gint64 start = g_get_monotonic_time ();

  create_shared (fixture);
  for (guint i = 0; i < N_WRITERS; i++)
    g_ptr_array_add (writers, spawn (fixture, "--writer", i, G_SUBPROCESS_FLAGS_NONE));
  for (guint i = 0; i < N_WRITERS; i++) {
    g_autoptr (GError) error = NULL;

    g_subprocess_wait_check (g_ptr_array_index (writers, i), NULL, &error);
    g_assert_no_error (error);
  }
  g_test_message ("%d changes in %" G_GINT64_FORMAT " ms", N_WRITERS * N_CHANGES,
                  (g_get_monotonic_time () - start) / 1000);
  vault = vault_fixture_open (fixture);
  assert_clean (vault);
  assert_items (vault);
  assert_sequence (vault);
  g_test_message ("%u turns", count_turns (vault));
  g_assert_cmpuint (count_turns (vault), >, N_WRITERS);
}

static char *
read_line (GDataInputStream *stream)
{
  g_autoptr (GError) error = NULL;
  char *line = g_data_input_stream_read_line (stream, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (line);
  return line;
}

/* What was acknowledged elsewhere is there at the next look, so that whoever looks twice a second sees it within
 * one. */
static void
assert_seen_at_once (SpVault *vault, GSubprocess *other, GDataInputStream *answers)
{
  guint n_items = sp_snapshot_get_n_items (sp_vault_get_snapshot (vault));
  g_autoptr (GError) error = NULL;
  g_autofree char *acknowledged = NULL;
  gboolean changed = TRUE;

  g_assert_true (sp_vault_refresh (vault, &changed, &error));
  g_assert_false (changed);
  g_assert_true (
      g_output_stream_write_all (g_subprocess_get_stdin_pipe (other), "a", 1, NULL, NULL, &error));
  acknowledged = read_line (answers);
  g_assert_true (sp_vault_refresh (vault, &changed, &error));
  g_assert_no_error (error);
  g_assert_true (changed);
  g_assert_cmpuint (sp_snapshot_get_n_items (sp_vault_get_snapshot (vault)), ==, n_items + 1);
  g_test_message ("seen %" G_GINT64_FORMAT " us after it was acknowledged",
                  g_get_monotonic_time () - g_ascii_strtoll (acknowledged, NULL, 10));
}

static void
test_seen (VaultFixture *fixture, gconstpointer data)
{
  g_autoptr (SpVault) vault = vault_fixture_create (fixture);
  g_autoptr (GSubprocess) other = spawn (
      fixture, "--single", 1, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GDataInputStream) answers = g_data_input_stream_new (
      g_subprocess_get_stdout_pipe (other));
  g_autofree char *open = read_line (answers);
  g_autoptr (GError) error = NULL;
  gboolean changed = FALSE;

  g_assert_cmpstr (open, ==, "open");
  g_assert_true (sp_vault_refresh (vault, &changed, &error));
  g_assert_true (changed);
  for (guint i = 0; i < 20; i++)
    assert_seen_at_once (vault, other, answers);
  g_assert_true (g_output_stream_close (g_subprocess_get_stdin_pipe (other), NULL, &error));
  g_subprocess_wait_check (other, NULL, &error);
  g_assert_no_error (error);
  assert_clean (vault);
}

int
main (int argc, char **argv)
{
  if (argc == 5 && strcmp (argv[1], "--writer") == 0)
    return run_writer (argv + 2);
  if (argc == 5 && strcmp (argv[1], "--single") == 0)
    return run_single (argv + 2);

  g_test_init (&argc, &argv, NULL);
  vault_fixture_test ("/vault/processes/writers", test_writers);
  vault_fixture_test ("/vault/processes/seen", test_seen);
  return sp_test_run ();
}
