/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpCliInput: secrets from a file, standard input or an open descriptor, straight into guarded memory.
 * Lines are read byte by byte, so that nothing beyond a line is taken from a pipe that others share. */

#pragma once

#include <glib.h>

#include "base/sp-secret.h"

G_BEGIN_DECLS

#define SP_CLI_INPUT_MAX_LINE  (64 * 1024)
#define SP_CLI_INPUT_MAX_VALUE (1024 * 1024)

typedef struct _SpCliInput SpCliInput;

SpCliInput *sp_cli_input_open (const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes the descriptor. */
SpCliInput *sp_cli_input_new_for_fd (int fd, const char *name) G_GNUC_WARN_UNUSED_RESULT;
void sp_cli_input_close (SpCliInput *self);
SpSecret *sp_cli_input_read_line (SpCliInput *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
SpSecret *sp_cli_input_read_all (SpCliInput *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpCliInput, sp_cli_input_close)

G_END_DECLS
