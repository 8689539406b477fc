/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SOURCE.csv OUT.json: imports a file into an empty vault and exports that; for compare_import.py. */

#include "config.h"

#include "formats/sp-export.h"
#include "formats/sp-test-vault.h"

static gboolean
convert (SpVault *vault, const char *source, const char *target, GError **error)
{
  const SpImportOptions options = { .windows_1252 = TRUE };
  g_autoptr (SpImport) import = sp_import_open_path (source, &options, NULL, error);
  g_autoptr (GFile) file = g_file_new_for_path (target);
  g_autoptr (GFileOutputStream) stream = NULL;

  if (import == NULL || !sp_import_run (import, vault, NULL, NULL, error))
    return FALSE;
  stream = g_file_replace (file, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL, error);
  return stream != NULL && sp_export_json (vault, G_OUTPUT_STREAM (stream), NULL, error) &&
         g_output_stream_close (G_OUTPUT_STREAM (stream), NULL, error);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;
  SpTestVault vault;
  gboolean done;

  if (argc != 3)
    return 2;
  sp_test_vault_init (&vault);
  done = convert (vault.vault, argv[1], argv[2], &error);
  sp_test_vault_clear (&vault);
  if (!done)
    g_printerr ("%s\n", error->message);
  return done ? 0 : 1;
}
