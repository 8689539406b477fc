/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a save costs in an open vault: one edit of one item and its commit, again and again. One JSON object on
 * standard output: times in microseconds; bytes handed to the kernel and syncs asked of it, for one save.
 *
 *   bench-save VAULT PASSWORD-FILE [EDITS]
 *
 * Reading the item and composing the edit are not in the time; all that a save is made of is: catching up,
 * encrypting, the transaction with its syncs, the log entry, the pin. */

#define G_LOG_DOMAIN "bench-save"

#include "config.h"

#include <gio/gunixoutputstream.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/sp-json-writer.h"
#include "common/sp-test.h"
#include "vault/sp-vault-items.h"

#define N_EDITS_DEFAULT 300
#define N_EDITS_MAX     100000

/* SQLite's and GLib's calls come here rather than to the C library, which is how they are counted. */
static int n_syncs; /* (atomic) */

int
fsync (int fd)
{
  g_atomic_int_inc (&n_syncs);
  return (int) syscall (SYS_fsync, fd);
}

int
fdatasync (int fd)
{
  g_atomic_int_inc (&n_syncs);
  return (int) syscall (SYS_fdatasync, fd);
}

typedef struct {
  GArray *times; /* (element-type double) microseconds */
  GArray *bytes; /* (element-type double) */
  GArray *syncs; /* (element-type double) */
} Costs;

static double
get_now_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (double) now.tv_sec * 1e6 + (double) now.tv_nsec / 1e3;
}

/* All that this process ever wrote, to whatever, in bytes. */
static double
get_written (void)
{
  g_autofree char *text = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/io", &text, NULL, NULL))
    return 0;
  line = strstr (text, "wchar: ");
  return line == NULL ? 0 : (double) g_ascii_strtoull (line + strlen ("wchar: "), NULL, 10);
}

static GArray *
list_numbers (SpVault *vault)
{
  GArray *numbers = g_array_new (FALSE, FALSE, sizeof (guint64));
  SpSnapshot *snapshot = sp_vault_get_snapshot (vault);
  SpOverview overview;

  for (SpPosition at = sp_snapshot_first (snapshot); at != SP_POSITION_NONE;
       at = sp_snapshot_next (snapshot, at)) {
    sp_snapshot_get_overview (snapshot, at, &overview);
    g_array_append_val (numbers, overview.number);
  }
  return numbers;
}

static gboolean
edit_one (SpVault *vault, guint64 number, guint edit, Costs *costs, GError **error)
{
  g_autoptr (SpItem) item = sp_vault_load (vault, number, error);
  g_autoptr (SpSecret) value = NULL;
  g_autofree char *text = NULL;
  double begin, took, written, bytes, syncs;

  if (item == NULL)
    return FALSE;
  /* Nothing that an earlier run may have written: saving what is there already changes nothing. */
  text = g_strdup_printf ("edited.%u.%" G_GUINT64_FORMAT "@example.org", edit, item->revision);
  value = sp_secret_new_text (text);
  sp_item_set_field (item, "username", value);
  written = get_written ();
  g_atomic_int_set (&n_syncs, 0);
  begin = get_now_us ();
  if (!sp_vault_save (vault, item, error))
    return FALSE;
  took = get_now_us () - begin;
  syncs = g_atomic_int_get (&n_syncs);
  bytes = get_written () - written;
  g_array_append_val (costs->times, took);
  g_array_append_val (costs->bytes, bytes);
  g_array_append_val (costs->syncs, syncs);
  return TRUE;
}

static gboolean
edit_many (SpVault *vault, guint n_edits, Costs *costs, GError **error)
{
  g_autoptr (GArray) numbers = list_numbers (vault);
  guint64 state = 20240607;

  if (numbers->len == 0) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "The vault is empty.");
    return FALSE;
  }
  for (guint i = 0; i < n_edits; i++) {
    guint index = (guint) (sp_test_random (&state) % numbers->len);

    if (!edit_one (vault, g_array_index (numbers, guint64, index), i, costs, error))
      return FALSE;
  }
  return TRUE;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double value_a = *(const double *) a;
  double value_b = *(const double *) b;

  return (value_a > value_b) - (value_a < value_b);
}

static void
write_spread (SpJsonWriter *writer, const char *name, GArray *values)
{
  static const struct {
    const char *name;
    guint percent;
  } marks[] = { { "median", 50 }, { "p99", 99 }, { "worst", 100 } };

  g_array_sort (values, compare_doubles);
  sp_json_key (writer, name);
  sp_json_begin_object (writer);
  for (guint i = 0; i < G_N_ELEMENTS (marks); i++) {
    sp_json_key (writer, marks[i].name);
    sp_json_double (writer,
                    g_array_index (values, double, (values->len - 1) * marks[i].percent / 100), 1);
  }
  sp_json_end_object (writer);
}

static gboolean
run (const char *path, const char *password_path, guint n_edits, GError **error)
{
  g_autoptr (GOutputStream) stream = g_unix_output_stream_new (STDOUT_FILENO, FALSE);
  g_autoptr (SpJsonWriter) writer = sp_json_writer_new (stream, TRUE);
  g_autofree char *state_dir = g_build_filename (g_get_user_state_dir (), "securepass", NULL);
  SpVaultEnvironment environment = { .state_dir = state_dir };
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) bytes = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) syncs = g_array_new (FALSE, FALSE, sizeof (double));
  Costs costs = { times, bytes, syncs };
  g_autoptr (SpSecret) password = NULL;
  g_autoptr (SpVault) vault = NULL;
  g_autofree char *text = NULL;

  if (!g_file_get_contents (password_path, &text, NULL, error))
    return FALSE;
  password = sp_secret_new_text (g_strchomp (text));
  vault = sp_vault_open (path, password, SP_VAULT_OPEN_DEFAULT, &environment, error);
  if (vault == NULL || !edit_many (vault, n_edits, &costs, error))
    return FALSE;
  sp_json_begin_object (writer);
  sp_json_key (writer, "edits");
  sp_json_int (writer, n_edits);
  write_spread (writer, "save_us", times);
  write_spread (writer, "bytes", bytes);
  write_spread (writer, "syncs", syncs);
  sp_json_end_object (writer);
  return sp_json_writer_flush (writer, error);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  guint64 n_edits = N_EDITS_DEFAULT;

  if (argc < 3 || argc > 4 ||
      (argc == 4 && !g_ascii_string_to_unsigned (argv[3], 10, 1, N_EDITS_MAX, &n_edits, NULL))) {
    g_printerr ("usage: bench-save VAULT PASSWORD-FILE [EDITS]\n");
    return 2;
  }
  if (!run (argv[1], argv[2], (guint) n_edits, &error)) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  return 0;
}
