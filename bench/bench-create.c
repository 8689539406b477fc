/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Makes an empty vault with the least KDF that a vault may have, on one lane: what bench-kdf then measures as
 * its processor time is the same in every process, however its threads would have been scheduled.
 *
 *   bench-create VAULT PASSWORD-FILE */

#define G_LOG_DOMAIN "bench-create"

#include "config.h"

#include "vault/sp-kdf-limits.h"
#include "vault/sp-vault.h"

int
main (int argc, char **argv)
{
  SpKdfCost cost = { sp_kdf_limits.min_memory_kib, sp_kdf_limits.min_passes, 1 };
  g_autofree char *state_dir = g_build_filename (g_get_user_state_dir (), "securepass", NULL);
  SpVaultEnvironment environment = { .state_dir = state_dir };
  g_autofree char *text = NULL;
  g_autoptr (SpSecret) password = NULL;
  g_autoptr (SpVault) vault = NULL;
  g_autoptr (GError) error = NULL;

  if (argc != 3) {
    g_printerr ("usage: bench-create VAULT PASSWORD-FILE\n");
    return 2;
  }
  if (g_file_get_contents (argv[2], &text, NULL, &error)) {
    password = sp_secret_new_text (g_strchomp (text));
    vault = sp_vault_create (argv[1], "Bench", password, &cost, &environment, &error);
  }
  if (vault == NULL) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  return 0;
}
