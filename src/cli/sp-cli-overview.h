/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Printing many items, as far as their overviews tell. */

#pragma once

#include <glib.h>

#include "cli/sp-cli.h"

G_BEGIN_DECLS

/* A table, or with --json an array. */
void sp_cli_print_overviews (SpCli *self,
                             const SpSnapshot *snapshot,
                             const SpPosition *positions,
                             gsize n);

G_END_DECLS
