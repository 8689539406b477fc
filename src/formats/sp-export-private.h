/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What both kinds of export share. */

#pragma once

#include "formats/sp-export.h"

G_BEGIN_DECLS

/* Called for each item, in order of creation. */
typedef gboolean (*SpExportItem) (SpVault *vault, SpItem *item, gpointer data, GError **error);

/* `with_trash` is of no account when the items are named. */
gboolean sp_export_begin (SpVault *vault,
                          const SpExportRun *run,
                          gboolean with_trash,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_export_each (SpVault *vault,
                         const SpExportRun *run,
                         gboolean with_trash,
                         SpExportItem function,
                         gpointer data,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* sp-export-csv-row.c: one item as one row, line end included. */
void sp_export_csv_header (SpSecretBuffer *out);
void sp_export_csv_row (SpSecretBuffer *out, const SpItem *item);

G_END_DECLS
