/* SPDX-License-Identifier: GPL-3.0-or-later */

/* crash-damage [--full] [--sample N] [--jobs N] [--kind K --number N]: without --full, a fixed sample that takes
 * seconds; with a kind and a number, that case alone, and its file is kept. The report is TAP. A case that takes too long ends its process by a signal, which is a failure. */

#include "config.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/sp-test.h"
#include "crypto/sp-crypto.h"
#include "damage.h"

#define DEFAULT_SAMPLE 60
#define CASE_SECONDS   60

typedef struct {
  gboolean full;
  gint sample;
  gint jobs;
  gint kind;
  gint number;
} Options;

/* A disk in memory where there is one: syncing is what takes the time. */
static char *
make_folder (void)
{
  static const char *const memory = "/dev/shm";
  g_autofree char *template = g_build_filename (memory, "securepass-damage-XXXXXX", NULL);

  if (g_file_test (memory, G_FILE_TEST_IS_DIR) && g_mkdtemp (template) != NULL)
    return g_steal_pointer (&template);
  return sp_test_scratch_dir_new ();
}

static void
run_case (Damage *self, guint number)
{
  g_autoptr (GByteArray) file = damage_make_case (self->model, self->kind, number, &self->what);

  self->number = number;
  self->n_messages = 0;
  alarm (CASE_SECONDS);
  damage_check_case (self, file);
  alarm (0);
  g_clear_pointer (&self->what, g_free);
}

static void
run_all (Damage *self, const Options *options, guint job)
{
  guint step = options->full ? 1 : (guint) options->sample;

  for (self->kind = 0; self->kind < DAMAGE_N_KINDS; self->kind++) {
    guint n_cases = damage_count_cases (self->model, self->kind);

    /* Each a little further on, so that it is not always the same bit of a byte. */
    for (guint i = job; i * step < n_cases; i += (guint) options->jobs)
      run_case (self, MIN (i * step + i % step, n_cases - 1));
  }
}

static void
keep_case (Damage *self, const Options *options)
{
  g_autofree char *what = NULL;
  g_autoptr (GByteArray) file = NULL;
  g_autoptr (GError) error = NULL;

  self->kind = (DamageKind) options->kind;
  self->verbose = TRUE;
  run_case (self, (guint) options->number);
  file = damage_make_case (self->model, self->kind, (guint) options->number, &what);
  g_assert_true (g_file_set_contents ("damaged.securepass", (const char *) file->data,
                                      (gssize) file->len, &error));
  g_assert_no_error (error);
  g_print ("# %s: damaged.securepass\n", what);
}

static void
run_job (DamageCounts *counts, const Options *options, guint job)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "damaged.securepass", NULL);
  g_autoptr (GError) error = NULL;
  DamageModel *model;
  Damage damage;

  g_assert_true (sp_crypto_init (&error));
  g_assert_no_error (error);
  model = damage_model_new (folder);
  damage = (Damage){ .model = model, .counts = counts, .folder = folder, .path = path };
  if (job == 0)
    g_print ("# a vault of %u items in %" G_GSIZE_FORMAT " bytes\n",
             g_hash_table_size (model->items), g_bytes_get_size (model->file));
  if (options->number >= 0)
    keep_case (&damage, options);
  else
    run_all (&damage, options, job);
  damage_model_free (model);
  sp_test_scratch_dir_free (g_steal_pointer (&folder));
}

/* Children are made before anything else: key material does not survive a fork. */
static gboolean
run_jobs (DamageCounts *counts, const Options *options)
{
  gboolean all_done = TRUE;

  fflush (stdout);
  for (guint job = 0; job < (guint) options->jobs; job++) {
    pid_t child = fork ();

    g_assert_cmpint (child, >=, 0);
    if (child == 0) {
      run_job (counts, options, job);
      fflush (stdout);
      _exit (sp_secret_count_live () == 0 ? 0 : 3);
    }
  }
  for (guint job = 0; job < (guint) options->jobs; job++) {
    int status = 0;

    g_assert_cmpint (waitpid (-1, &status, 0), >, 0);
    if (!WIFEXITED (status) || WEXITSTATUS (status) != 0) {
      g_print ("# a process ended with status %#x\n", (guint) status);
      all_done = FALSE;
    }
  }
  return all_done;
}

static int
report (const DamageCounts *counts, gboolean all_done)
{
  gboolean good = all_done && counts->n_failures == 0;

  for (guint i = 0; i < DAMAGE_N_KINDS; i++)
    g_print (
        "# %s: %d; %d refused, %d opened with nothing lost, %d with what is lost named (%d items)\n",
        damage_kind_to_name (i), counts->n_cases[i], counts->n_refused[i], counts->n_sound[i],
        counts->n_named[i], counts->n_lost_items[i]);
  g_print ("# salvages: %d; SQLite reached %d items, %d were brought; %d failures\n",
           counts->n_salvages, counts->n_reached, counts->n_salvaged, counts->n_failures);
  g_print ("%s 1 - damage: nothing wrong is shown, and what is lost is named\n",
           good ? "ok" : "not ok");
  return good ? 0 : 1;
}

int
main (int argc, char **argv)
{
  Options options = { .sample = DEFAULT_SAMPLE, .jobs = 2, .number = -1 };
  const GOptionEntry entries[] = {
    { "full", 0, 0, G_OPTION_ARG_NONE, &options.full, "Try every case", NULL },
    { "sample", 0, 0, G_OPTION_ARG_INT, &options.sample, "Try one case in N", "N" },
    { "jobs", 0, 0, G_OPTION_ARG_INT, &options.jobs, "Use N processes", "N" },
    { "kind", 0, 0, G_OPTION_ARG_INT, &options.kind, "Try one case: its kind, from 0", "K" },
    { "number", 0, 0, G_OPTION_ARG_INT, &options.number, "Try one case: its number", "N" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  DamageCounts *counts = mmap (NULL, sizeof *counts, PROT_READ | PROT_WRITE,
                               MAP_SHARED | MAP_ANONYMOUS, -1, 0);

  g_assert_true (counts != MAP_FAILED);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || options.sample < 1 ||
      options.jobs < 1 || options.kind < 0 || options.kind >= DAMAGE_N_KINDS) {
    g_printerr ("%s\n", error != NULL ? error->message : "--sample and --jobs are 1 or more");
    return 2;
  }
  if (options.number >= 0)
    options.jobs = 1;
  g_print ("1..1\n");
  return report (counts, run_jobs (counts, &options));
}
