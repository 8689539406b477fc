/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpCliTable: rows of text in columns as wide as their widest cell (but for the last). */

#pragma once

#include <glib.h>

#include "cli/sp-cli-output.h"

G_BEGIN_DECLS

#define SP_CLI_TABLE_MAX_COLUMNS 8

typedef struct _SpCliTable SpCliTable;

SpCliTable *sp_cli_table_new (guint n_columns) G_GNUC_WARN_UNUSED_RESULT;
void sp_cli_table_free (SpCliTable *self);
/* Borrowed until the table is printed: what comes from a vault is not copied about. */
void sp_cli_table_add (SpCliTable *self, const char *text);
void sp_cli_table_add_copy (SpCliTable *self, const char *text); /* nothing secret */
void sp_cli_table_add_date (SpCliTable *self, gint64 ms);        /* 0 prints as "-" */
void sp_cli_table_print (const SpCliTable *self, SpCliOutput *output);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpCliTable, sp_cli_table_free)

G_END_DECLS
