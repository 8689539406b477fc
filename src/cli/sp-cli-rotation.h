/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Replacing the vault key, as "rotate", "slot remove" and "recovery use" do. */

#pragma once

#include "cli/sp-cli.h"
#include "vault/sp-vault-rotate.h"

G_BEGIN_DECLS

/* A plan by which what opened the vault now goes on opening it; asks for the password once more. */
SpRotation *
sp_cli_plan_rotation (SpCli *self, SpVault *vault, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Renews the recovery keys that would be lost, and prints their successors; names the other slots that are, and asks
 * whether to go on unless `yes`. Only then is anything written. */
gboolean sp_cli_rotate (SpCli *self, SpVault *vault, SpRotation *plan, gboolean yes, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* A recovery key as it is written down, with its name; `id` may be NULL. */
void sp_cli_print_recovery_key (SpCli *self, const SpId *id, const char *name, const SpSecret *key);
gboolean sp_cli_flush_keys (SpCli *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* That keys which were printed do not open the vault, or may not. */
void sp_cli_note_void_keys (SpCli *self, const GError *error);

G_END_DECLS
