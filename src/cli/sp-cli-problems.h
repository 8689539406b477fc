/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Listing what is wrong with a vault. */

#pragma once

#include "cli/sp-cli.h"

G_BEGIN_DECLS

/* problems: (element-type SpProblem) */
void sp_cli_print_problems (SpCliOutput *output, const GPtrArray *problems);
void sp_cli_note_problems (SpCli *cli, const GPtrArray *problems);            /* the first 10 */
void sp_cli_write_problems (SpJsonWriter *writer, const GPtrArray *problems); /* an array */

G_END_DECLS
