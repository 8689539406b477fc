/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A main() for fuzz targets where there is no libFuzzer: replays every file of the corpora named on the
 * command line, and the empty input. Each input lies in an allocation of exactly its size, so that a
 * sanitizer sees a read beyond its end. A corpus that is not there, or empty, is a failure. */

#include "config.h"

#include <glib.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize len);

static gboolean
replay_file (const char *path)
{
  g_autofree char *content = NULL;
  g_autofree guint8 *exact = NULL;
  g_autoptr (GError) error = NULL;
  gsize len;

  if (!g_file_get_contents (path, &content, &len, &error)) {
    g_printerr ("%s\n", error->message);
    return FALSE;
  }
  exact = g_memdup2 (content, len);
  LLVMFuzzerTestOneInput (exact, len);
  return TRUE;
}

static gboolean
replay_corpus (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  const char *name;
  guint n_replayed = 0;

  if (dir == NULL) {
    g_printerr ("%s\n", error->message);
    return FALSE;
  }
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    if (!replay_file (path))
      return FALSE;
    n_replayed++;
  }
  g_print ("%u inputs of %s replayed\n", n_replayed, folder);
  return n_replayed > 0;
}

int
main (int argc, char **argv)
{
  guint8 nothing = 0;

  if (argc < 2) {
    g_printerr ("Usage: %s CORPUS...\n", argv[0]);
    return 2;
  }
  LLVMFuzzerTestOneInput (&nothing, 0);
  for (int i = 1; i < argc; i++)
    if (!replay_corpus (argv[i]))
      return 1;
  return 0;
}
