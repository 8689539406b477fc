/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpCli: one run of the command line: its arguments, the vault it works on, where it asks and where it
 * answers. A command is a row of main.c's table and a function that returns FALSE with an error, whose
 * domain and code decide the exit code (sp-cli-error.h). */

#pragma once

#include <glib.h>

#include "base/sp-json-writer.h"
#include "base/sp-secret.h"
#include "cli/sp-cli-error.h"
#include "cli/sp-cli-output.h"
#include "vault/sp-item.h"
#include "vault/sp-vault.h"

G_BEGIN_DECLS

typedef struct _SpCli SpCli;

typedef struct {
  const char *name;
  const char *arguments; /* N_()-marked, as the usage shows them */
  const char *summary;   /* N_()-marked sentence; NULL keeps the command out of the list */
  gboolean (*run) (SpCli *cli, GError **error);
} SpCliCommand;

int sp_cli_main (int argc, char **argv, const SpCliCommand *commands, gsize n_commands);

/* The command's own options, and the global ones again. Returns the operands; between min and max. */
char **sp_cli_parse (SpCli *self,
                     const GOptionEntry *entries,
                     guint min_operands,
                     guint max_operands,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean sp_cli_wants_json (const SpCli *self);
SpCliOutput *sp_cli_get_output (const SpCli *self);
SpJsonWriter *sp_cli_get_json (SpCli *self); /* onto standard output */
/* A line on standard error; made harmless for a terminal. Never a secret. */
void sp_cli_note (SpCli *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* sp-cli-vault.c. The vault is opened once and belongs to the run. */
const char *sp_cli_get_vault_path (SpCli *self);
const SpVaultEnvironment *sp_cli_get_environment (SpCli *self);
gboolean sp_cli_check_vault_exists (SpCli *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
SpVault *sp_cli_open (SpCli *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
SpVault *sp_cli_open_for_writing (SpCli *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Refuses a vault that a rotation could not write either. */
SpVault *sp_cli_open_with_recovery_key (SpCli *self,
                                        const SpSecret *key,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sp_cli_take_vault (SpCli *self, SpVault *vault);
/* Counts a use of the item and logs it, as far as the vault may be written. */
gboolean
sp_cli_refuse_vault_path (SpCli *self, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sp_cli_record_use (SpCli *self, const SpItem *item, gboolean copied);

/* sp-cli-password.c. All passwords come from the lines of --password-file, one after the other, or from
 * the terminal. */
const SpSecret *sp_cli_get_password (SpCli *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A line of --password-file, or an answer to the question. */
SpSecret *
sp_cli_ask_password (SpCli *self, const char *question, GError **error) G_GNUC_WARN_UNUSED_RESULT;
SpSecret *sp_cli_ask_recovery_key (SpCli *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
SpSecret *sp_cli_ask_new_password (SpCli *self,
                                   const char *vault_name,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_cli_check_password_again (SpCli *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
SpSecret *sp_cli_get_password_again (SpCli *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* sp-cli-key-file.c. *out_key is NULL without --key-file; borrowed. */
gboolean sp_cli_get_key_file (SpCli *self,
                              const SpSecret **out_key,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The key in that file, which is made if it is not there. */
SpSecret *
sp_cli_take_key_file (SpCli *self, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
SpSecret *
sp_cli_ask_secret (SpCli *self, const char *question, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_cli_has_password_file (const SpCli *self);
gboolean
sp_cli_confirm (SpCli *self, const char *question, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
