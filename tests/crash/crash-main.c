/* SPDX-License-Identifier: GPL-3.0-or-later */

/* crash-SUBJECT [--full] [--sample N] [--jobs N]: without --full, a fixed sample that takes seconds. The
 * report is TAP. */

#include "config.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/sp-test.h"
#include "crash.h"

#define DEFAULT_SAMPLE 100

typedef struct {
  gboolean full;
  gint sample;
  gint jobs;
} Options;

/* A disk in memory where there is one: syncing is what takes the time. */
static char *
make_folder (void)
{
  static const char *const memory = "/dev/shm";
  g_autofree char *template = g_build_filename (memory, "securepass-crash-XXXXXX", NULL);

  if (g_file_test (memory, G_FILE_TEST_IS_DIR) && g_mkdtemp (template) != NULL)
    return g_steal_pointer (&template);
  return sp_test_scratch_dir_new ();
}

static void
run_job (CrashCounts *counts, const Options *options, guint job)
{
  g_autoptr (SpFaultVfs) vfs = sp_fault_vfs_new ();
  Crash crash = { .subject = &crash_subject,
                  .vfs = vfs,
                  .counts = counts,
                  .base = make_folder (),
                  .texts = g_ptr_array_new_with_free_func (g_free),
                  .job = job,
                  .n_jobs = (guint) options->jobs,
                  .sample = options->full ? 1 : (guint) options->sample,
                  .n_chances = options->full ? 3 : 2,
                  .max_failures = crash_mutant != NULL ? 5 : 1000 };

  crash.folder = g_build_filename (crash.base, "vault", NULL);
  crash.side = crash_get_side_folder (crash.folder);
  g_assert_cmpint (g_mkdir (crash.folder, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (crash.side, 0700), ==, 0);
  for (guint state = 0; state < crash_subject.n_steps; state++)
    g_ptr_array_add (crash.texts, crash_subject.expect (state));
  crash_run_kills (&crash);
  if (crash_mutant == NULL)
    crash_run_faults (&crash);
  g_ptr_array_unref (crash.texts);
  sp_test_scratch_dir_free (crash.base);
  g_free (crash.folder);
  g_free (crash.side);
}

/* Children are made before anything else: key material does not survive a fork. */
static gboolean
run_jobs (CrashCounts *counts, const Options *options)
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
    all_done = all_done && WIFEXITED (status) && WEXITSTATUS (status) == 0;
  }
  return all_done;
}

static void
print_counts (const CrashCounts *counts)
{
  gint n_disks = 0;
  gint n_faults = 0;

  for (guint i = 0; i < SP_N_DISK_DAMAGES; i++) {
    g_print ("# %s: %d\n", sp_disk_damage_to_name (i), counts->n_disks[i]);
    n_disks += counts->n_disks[i];
  }
  for (guint i = SP_FAULT_NONE + 1; i < SP_N_FAULT_KINDS; i++) {
    g_print ("# %s: %d\n", sp_fault_kind_to_name (i), counts->n_faults[i]);
    n_faults += counts->n_faults[i];
  }
  g_print (
      "# %s: %u steps, %d distinct operations, %d of which change the disk; %d kills and power "
      "cuts, %d faults, %d failures\n",
      crash_subject.name, crash_subject.n_steps, counts->n_operations, counts->n_changes, n_disks,
      n_faults, counts->n_failures);
}

static int
report (const CrashCounts *counts, gboolean all_done)
{
  gboolean good = all_done && (counts->n_failures == 0) == (crash_mutant == NULL);

  print_counts (counts);
  if (crash_mutant != NULL)
    g_print ("%s 1 - %s: %s is noticed\n", good ? "ok" : "not ok", crash_subject.name,
             crash_mutant);
  else
    g_print ("%s 1 - %s: every acknowledged change is there\n", good ? "ok" : "not ok",
             crash_subject.name);
  return good ? 0 : 1;
}

int
main (int argc, char **argv)
{
  Options options = { .sample = DEFAULT_SAMPLE, .jobs = 2 };
  const GOptionEntry entries[] = {
    { "full", 0, 0, G_OPTION_ARG_NONE, &options.full, "Try every operation", NULL },
    { "sample", 0, 0, G_OPTION_ARG_INT, &options.sample, "Try one operation in N", "N" },
    { "jobs", 0, 0, G_OPTION_ARG_INT, &options.jobs, "Use N processes", "N" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  CrashCounts *counts = mmap (NULL, sizeof *counts, PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS, -1, 0);

  g_assert_true (counts != MAP_FAILED);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || options.sample < 1 ||
      options.jobs < 1) {
    g_printerr ("%s\n", error != NULL ? error->message : "--sample and --jobs are 1 or more");
    return 2;
  }
  g_print ("1..1\n");
  return report (counts, run_jobs (counts, &options));
}
