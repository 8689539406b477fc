/* SPDX-License-Identifier: GPL-3.0-or-later */

/* See the header. The key derivation costs what the floor demands, and is run once a vault. */

#include "config.h"

#include "formats/sp-test-vault.h"

#include <string.h>

#include "vault/sp-snapshot.h"
#include "vault/sp-vault-items.h"

void
sp_test_vault_init (SpTestVault *self)
{
  const SpKdfCost cost = { .memory_kib = 64 * 1024, .passes = 3, .lanes = 4 };
  g_autoptr (SpSecret) password = sp_secret_new_text ("correct horse battery staple");
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  SpVaultEnvironment environment;

  self->dir = sp_test_scratch_dir_new ();
  sp_test_clock_init (&self->clock, SP_TEST_VAULT_NOW);
  environment = (SpVaultEnvironment){ NULL, "test", &self->clock.clock };
  path = g_build_filename (self->dir, "test.vault", NULL);
  self->vault = sp_vault_create (path, "Test", password, &cost, &environment, &error);
  g_assert_no_error (error);
}

void
sp_test_vault_clear (SpTestVault *self)
{
  g_clear_pointer (&self->vault, sp_vault_close);
  g_clear_pointer (&self->dir, sp_test_scratch_dir_free);
}

SpImport *
sp_test_open_text (const char *text)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (
      text, (gssize) strlen (text), NULL);
  g_autoptr (GError) error = NULL;
  SpImport *import = sp_import_open (stream, NULL, NULL, &error);

  g_assert_no_error (error);
  return import;
}

void
sp_test_import (SpVault *vault,
                const char *text,
                SpImportDuplicates duplicates,
                SpImportSummary *out_summary)
{
  g_autoptr (SpImport) import = sp_test_open_text (text);
  const SpImportRun run = { .duplicates = duplicates };
  g_autoptr (GError) error = NULL;
  gboolean done = sp_import_run (import, vault, &run, out_summary, &error);

  g_assert_no_error (error);
  g_assert_true (done);
}

guint
sp_test_vault_count (const SpTestVault *self)
{
  return sp_snapshot_get_n_items (sp_vault_get_snapshot (self->vault));
}

SpItem *
sp_test_vault_load (const SpTestVault *self, guint index)
{
  SpSnapshot *snapshot = sp_vault_get_snapshot (self->vault);
  SpPosition position = sp_snapshot_first (snapshot);
  g_autoptr (GError) error = NULL;
  SpOverview overview;
  SpItem *item;

  while (index-- > 0)
    position = sp_snapshot_next (snapshot, position);
  g_assert_cmpuint (position, !=, SP_POSITION_NONE);
  sp_snapshot_get_overview (snapshot, position, &overview);
  item = sp_vault_load (self->vault, overview.number, &error);
  g_assert_no_error (error);
  return item;
}
