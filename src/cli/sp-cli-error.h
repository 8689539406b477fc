/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the command line itself has to complain about, and the exit code of every error there is. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Promised to scripts (securepass-cli(1)): never renumbered. */
typedef enum {
  SP_CLI_EXIT_DONE = 0,
  SP_CLI_EXIT_NOT_FOUND = 1,
  SP_CLI_EXIT_USAGE = 2,
  SP_CLI_EXIT_WRONG_KEY = 3,
  SP_CLI_EXIT_DAMAGED = 4,
  SP_CLI_EXIT_IO = 5,
  SP_CLI_EXIT_DENIED = 6,
} SpCliExit;

#define SP_CLI_ERROR (sp_cli_error_quark ())
GQuark sp_cli_error_quark (void);

typedef enum {
  SP_CLI_ERROR_NOT_FOUND, /* no such item, field, version, attachment; or several that could be meant */
  SP_CLI_ERROR_USAGE,     /* the command line makes no sense, or asks for what is not done */
  SP_CLI_ERROR_DAMAGED, /* verify found problems; a write to a vault that does not hold */
  SP_CLI_ERROR_IO,      /* no such vault, no clipboard, ... */
  SP_CLI_ERROR_DENIED,  /* not permitted, not confirmed */
} SpCliError;

SpCliExit sp_cli_error_to_exit (const GError *error);
void sp_cli_error_set_errno (GError **error, int errsv, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

G_END_DECLS
