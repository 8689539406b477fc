/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A vault's content in the clear: JSON with everything, CSV with what fits into rows (docs/EXPORT.md).
 *
 * The caller has asked for the password again, and warned. Both write to the stream as they go and hold
 * one item at a time; neither closes the stream. Items come in order of creation. */

#pragma once

#include <gio/gio.h>

#include "base/sp-json-writer.h"
#include "vault/sp-item.h"
#include "vault/sp-vault.h"

G_BEGIN_DECLS

typedef enum {
  SP_EXPORT_DEFAULT = 0,         /* JSON: all; CSV: all but the trash */
  SP_EXPORT_NO_TRASH = 1 << 0,   /* JSON without what is in the trash */
  SP_EXPORT_NO_HISTORY = 1 << 1, /* JSON without earlier versions */
  SP_EXPORT_CONCEAL = 1 << 2,    /* sp_export_write_item(): values of concealed fields are null */
} SpExportFlags;

typedef void (*SpExportProgress) (guint64 n_done, guint64 n_items, gpointer data);

typedef struct {
  SpExportFlags flags;
  const guint64 *numbers; /* (nullable) only these items, also those in the trash; NULL is all */
  gsize n_numbers;
  GCancellable *cancellable; /* (nullable) */
  SpExportProgress progress; /* (nullable) called after each item, in the calling thread */
  gpointer progress_data;
} SpExportRun;

/* Each writes an entry into the activity log (SP_EVENT_EXPORTED) before its first byte; of a vault that
 * is read-only, it writes none. `run` NULL exports everything. NOT_FOUND: one of the numbers is no item. */
gboolean sp_export_json (SpVault *vault,
                         GOutputStream *stream,
                         const SpExportRun *run,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_export_csv (SpVault *vault,
                        GOutputStream *stream,
                        const SpExportRun *run,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One object each, for `show --json` and `list --json`. `history` (element-type SpItem) (nullable): earlier
 * versions, newest first; NULL leaves the key out. */
void sp_export_write_item (SpJsonWriter *writer,
                           const SpItem *item,
                           const GPtrArray *history,
                           SpExportFlags flags);
void sp_export_write_overview (SpJsonWriter *writer, const SpOverview *overview);

G_END_DECLS
