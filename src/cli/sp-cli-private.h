/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The struct behind SpCli, for sp-cli.c, sp-cli-vault.c and sp-cli-password.c alone. */

#pragma once

#include "cli/sp-cli-input.h"
#include "cli/sp-cli.h"

G_BEGIN_DECLS

struct _SpCli {
  const SpCliCommand *command;
  int argc; /* the command's: argv[0] is its name */
  char **argv;

  char *vault_path;
  char *password_file; /* NULL: ask on the terminal */
  char *key_file;      /* NULL: none */
  gboolean json;
  gboolean timings;

  SpCliInput *password_input; /* (owned) (nullable) opened at the first password */
  SpSecret *password; /* (owned) (nullable) of the vault; kept only when it came from a file */

  SpSecret *key_file_key; /* (owned) (nullable) of the vault's key file */

  char *state_dir;
  SpVaultEnvironment environment;
  SpVault *vault; /* (owned) (nullable) */
  guint64 opened_sequence;
  gint64 work_start_us; /* monotonic */
  gint64 waited_us;     /* for answers, since then */

  SpCliOutput *output;       /* (owned) */
  SpJsonWriter *json_writer; /* (owned) (nullable) */
};

void sp_cli_print_timings (SpCli *self);

G_END_DECLS
