/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Import and export by way of the session (sp-import.h, sp-export.h). */

#pragma once

#include "formats/sp-export.h"
#include "formats/sp-import.h"
#include "services/sp-session-job.h"

G_BEGIN_DECLS

/* What is known of a file before it is imported. */
typedef struct {
  char *format;       /* name of the format found, or asked for */
  char *format_label; /* for people */
  guint n_rows;
  guint n_duplicates;  /* rows that are in the vault already, or twice in the file */
  gboolean mapped;     /* whether the columns tell enough to import it as it is */
  GPtrArray *columns;  /* (element-type utf8) as the file names them */
  GPtrArray *targets;  /* (element-type utf8) as sp_import_get_target(); same length */
  GPtrArray *examples; /* (element-type SpItem) the first rows as items */
} SpImportPreview;

void sp_import_preview_free (SpImportPreview *self); /* wipes the examples */

/* `options` (nullable) is copied. At most `max_examples` examples. Columns that tell nothing are no error here.
 * What is not a regular file, or too large to be an export, is refused unread. */
void sp_session_preview_import_async (SpSession *self,
                                      GFile *file,
                                      const SpImportOptions *options,
                                      guint max_examples,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
SpImportPreview *sp_session_preview_import_finish (SpSession *self,
                                                   GAsyncResult *result,
                                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* All rows or none; an import that is cancelled before it is durable, or during which the vault is locked, leaves the
 * vault as it was. */
void sp_session_import_async (SpSession *self,
                              GFile *file,
                              const SpImportOptions *options,
                              SpImportDuplicates duplicates,
                              SpJobProgress progress,
                              gpointer progress_data,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
/* `out_notes`: (transfer full) (optional) (element-type SpImportNote) in the order of rows */
gboolean sp_session_import_finish (SpSession *self,
                                   GAsyncResult *result,
                                   SpImportSummary *out_summary,
                                   GArray **out_notes,
                                   GError **error);

/* sp_vault_undo_import() */
void
sp_session_undo_import_async (SpSession *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean sp_session_undo_import_finish (SpSession *self,
                                        GAsyncResult *result,
                                        guint *out_undone,
                                        guint *out_kept,
                                        GError **error);

typedef enum {
  SP_EXPORT_FORMAT_JSON,
  SP_EXPORT_FORMAT_CSV,
} SpExportFormat;

/* Checks the password first (WRONG_KEY writes nothing); then writes a file of mode 0600 that takes its name only once it
 * is whole. The vault's own path is refused. `numbers` NULL is everything. Afterwards there is the whole file, or what
 * was there before. */
void sp_session_export_async (SpSession *self,
                              const SpSecret *password,
                              GFile *file,
                              SpExportFormat format,
                              SpExportFlags flags,
                              const guint64 *numbers,
                              gsize n_numbers,
                              SpJobProgress progress,
                              gpointer progress_data,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean sp_session_export_finish (SpSession *self, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpImportPreview, sp_import_preview_free)

G_END_DECLS
