/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Import and export in the session's thread. A file of another manager is opened anew for the preview and for the
 * import: between the two it lies on the disk only, not in memory. */

#define G_LOG_DOMAIN "sp-session-transfer"

#include "config.h"

#include "services/sp-session-transfer.h"

#include <string.h>
#include <sys/stat.h>

#include "formats/sp-csv.h"
#include "services/sp-private-file.h"
#include "services/sp-session-private.h"
#include "vault/sp-vault-slots.h"

/* ---- a file to import ------------------------------------------------------------------------------- */

typedef struct {
  GFile *file;
  char *format;
  GPtrArray *mappings; /* (element-type utf8) NULL-terminated once there are options */
  GPtrArray *targets;  /* (element-type utf8) NULLs among them */
  gboolean windows_1252;
} Source;

static void
source_init (Source *self, GFile *file, const SpImportOptions *options)
{
  self->file = g_object_ref (file);
  self->mappings = g_ptr_array_new_with_free_func (g_free);
  self->targets = g_ptr_array_new_with_free_func (g_free);
  if (options == NULL)
    return;
  self->format = g_strdup (options->format);
  for (gsize i = 0; options->mappings != NULL && options->mappings[i] != NULL; i++)
    g_ptr_array_add (self->mappings, g_strdup (options->mappings[i]));
  g_ptr_array_add (self->mappings, NULL);
  self->windows_1252 = options->windows_1252;
  for (gsize i = 0; i < options->n_targets; i++)
    g_ptr_array_add (self->targets, g_strdup (options->targets[i]));
}

static void
source_clear (Source *self)
{
  g_clear_object (&self->file);
  g_clear_pointer (&self->format, g_free);
  g_clear_pointer (&self->mappings, g_ptr_array_unref);
  g_clear_pointer (&self->targets, g_ptr_array_unref);
}

/* A pipe would be waited for, and a device never ends. */
static gboolean
check_file (GFile *file, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFileInfo) info = g_file_query_info (
      file, G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE,
      G_FILE_QUERY_INFO_NONE, cancellable, error);

  if (info == NULL)
    return FALSE;
  switch (g_file_info_get_file_type (info)) {
  case G_FILE_TYPE_REGULAR:
    break;
  case G_FILE_TYPE_DIRECTORY:
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY, "That is a folder.");
    return FALSE;
  case G_FILE_TYPE_UNKNOWN:
  case G_FILE_TYPE_SYMBOLIC_LINK:
  case G_FILE_TYPE_SPECIAL:
  case G_FILE_TYPE_SHORTCUT:
  case G_FILE_TYPE_MOUNTABLE:
  default:
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, "That is not a file.");
    return FALSE;
  }
  if ((guint64) g_file_info_get_size (info) > SP_CSV_MAX_SIZE) {
    g_set_error_literal (error, SP_FORMAT_ERROR, SP_FORMAT_ERROR_TOO_LARGE,
                         "The file is too large to be an export of a password manager.");
    return FALSE;
  }
  return TRUE;
}

static SpImport *
open_source (const Source *self, gboolean unmapped, GCancellable *cancellable, GError **error)
{
  const SpImportOptions options = {
    .format = self->format,
    .mappings = (const char *const *) self->mappings->pdata,
    .targets = (const char *const *) self->targets->pdata,
    .n_targets = self->targets->len,
    .windows_1252 = self->windows_1252,
    .unmapped = unmapped,
  };
  g_autoptr (GFileInputStream) stream = NULL;

  if (!check_file (self->file, cancellable, error))
    return NULL;
  stream = g_file_read (self->file, cancellable, error);
  if (stream == NULL)
    return NULL;
  return sp_import_open (G_INPUT_STREAM (stream), &options, cancellable, error);
}

/* ---- looking at it ---------------------------------------------------------------------------------- */

typedef struct {
  Source source;
  guint max_examples;
  SpImportPreview *preview; /* out */
} Preview;

/**
 * sp_import_preview_free:
 * @self: (transfer full): a preview
 */
void
sp_import_preview_free (SpImportPreview *self)
{
  g_free (self->format);
  g_free (self->format_label);
  g_ptr_array_unref (self->columns);
  g_ptr_array_unref (self->targets);
  g_ptr_array_unref (self->examples);
  g_free (self);
}

static void
preview_free (gpointer data)
{
  Preview *self = data;

  source_clear (&self->source);
  g_clear_pointer (&self->preview, sp_import_preview_free);
  g_free (self);
}

static SpImportPreview *
describe (SpImport *import, guint max_examples)
{
  SpImportPreview *self = g_new0 (SpImportPreview, 1);
  const SpImportFormat *format = sp_import_get_format (import);

  self->format = g_strdup (format->name);
  self->format_label = g_strdup (format->label);
  self->n_rows = sp_import_get_n_rows (import);
  self->mapped = sp_import_is_mapped (import);
  self->columns = g_ptr_array_new_with_free_func (g_free);
  self->targets = g_ptr_array_new_with_free_func (g_free);
  self->examples = g_ptr_array_new_with_free_func ((GDestroyNotify) sp_item_free);
  for (guint i = 0; i < sp_import_get_n_columns (import); i++) {
    g_ptr_array_add (self->columns, g_strdup (sp_import_get_column (import, i)));
    g_ptr_array_add (self->targets, g_strdup (sp_import_get_target (import, i)));
  }
  sp_import_rewind (import);
  while (self->examples->len < max_examples) {
    SpItem *item = sp_import_next (import);

    if (item == NULL)
      break;
    g_ptr_array_add (self->examples, item);
  }
  return self;
}

static gboolean
preview_import (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Preview *self = data;
  GCancellable *cancellable = sp_job_get_cancellable (job);
  g_autoptr (SpImport) import = open_source (&self->source, TRUE, cancellable, error);
  g_autoptr (SpImportPreview) preview = NULL;

  if (import == NULL)
    return FALSE;
  preview = describe (import, self->max_examples);
  if (preview->mapped &&
      !sp_import_count_duplicates (import, vault, cancellable, &preview->n_duplicates, error))
    return FALSE;
  self->preview = g_steal_pointer (&preview);
  return TRUE;
}

/**
 * sp_session_preview_import_async:
 * @self: a session
 * @file: the file
 * @options: (nullable): format, mapping, consents; copied
 * @max_examples: how many items to show
 * @cancellable: (nullable): gives it up at once
 * @callback: (scope async): what to call when it is done
 * @user_data: for @callback
 *
 * Reads a file, and says what an import of it would bring.
 */
void
sp_session_preview_import_async (SpSession *self,
                                 GFile *file,
                                 const SpImportOptions *options,
                                 guint max_examples,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  Preview *data;

  g_return_if_fail (SP_IS_SESSION (self) && G_IS_FILE (file));

  data = g_new0 (Preview, 1);
  source_init (&data->source, file, options);
  data->max_examples = max_examples;
  sp_session_run_async (self, SP_JOB_INTERACTIVE | SP_JOB_ABANDON, preview_import, data,
                        preview_free, cancellable, callback, user_data);
}

/**
 * sp_session_preview_import_finish:
 * @self: a session
 * @result: the answer
 * @error: return location for a SP_FORMAT_ERROR, a SP_VAULT_ERROR or a G_IO_ERROR
 *
 * Returns: (transfer full): the preview, or `NULL` with @error set
 */
SpImportPreview *
sp_session_preview_import_finish (SpSession *self, GAsyncResult *result, GError **error)
{
  Preview *data = sp_session_run_finish (self, result, error);

  return data != NULL ? g_steal_pointer (&data->preview) : NULL;
}

/* ---- importing it ----------------------------------------------------------------------------------- */

typedef struct {
  Source source;
  SpImportDuplicates duplicates;
  SpImportSummary summary; /* out */
  GArray *notes;           /* (element-type SpImportNote) out */
} Import;

static void
import_free (gpointer data)
{
  Import *self = data;

  source_clear (&self->source);
  g_clear_pointer (&self->notes, g_array_unref);
  g_free (self);
}

static void
import_progress_cb (guint n_done, guint n_rows, gpointer data)
{
  sp_job_report (data, n_done, n_rows);
}

static gboolean
import_file (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Import *self = data;
  const SpImportRun run = {
    .duplicates = self->duplicates,
    .cancellable = sp_job_get_cancellable (job),
    .progress = import_progress_cb,
    .progress_data = job,
    .notes = self->notes,
  };
  g_autoptr (SpImport) import = open_source (&self->source, FALSE, run.cancellable, error);

  return import != NULL && sp_import_run (import, vault, &run, &self->summary, error);
}

/**
 * sp_session_import_async:
 * @self: a session
 * @file: the file
 * @options: (nullable): format, mapping, consents; copied
 * @duplicates: what becomes of rows that are in the vault already
 * @progress: (nullable): called with the number of rows that are done
 * @progress_data: for @progress
 * @cancellable: (nullable): stops it, and nothing was imported
 * @callback: (scope async): what to call when it is done
 * @user_data: for @callback
 *
 * Brings all rows of a file into the vault, or none.
 */
void
sp_session_import_async (SpSession *self,
                         GFile *file,
                         const SpImportOptions *options,
                         SpImportDuplicates duplicates,
                         SpJobProgress progress,
                         gpointer progress_data,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  Import *data;

  g_return_if_fail (SP_IS_SESSION (self) && G_IS_FILE (file));

  data = g_new0 (Import, 1);
  source_init (&data->source, file, options);
  data->duplicates = duplicates;
  data->notes = g_array_new (FALSE, FALSE, sizeof (SpImportNote));
  sp_session_run_reporting_async (self, SP_JOB_LONG, import_file, data, import_free, progress,
                                  progress_data, cancellable, callback, user_data);
}

/**
 * sp_session_import_finish:
 * @self: a session
 * @result: the answer
 * @out_summary: (out caller-allocates) (optional): what was done
 * @out_notes: (out) (transfer full) (optional) (element-type SpImportNote): what deserves a look
 * @error: return location for a SP_FORMAT_ERROR, a SP_VAULT_ERROR or a G_IO_ERROR
 *
 * Returns: whether everything is in the vault, durably; else the vault is as it was
 */
gboolean
sp_session_import_finish (SpSession *self,
                          GAsyncResult *result,
                          SpImportSummary *out_summary,
                          GArray **out_notes,
                          GError **error)
{
  Import *data = sp_session_run_finish (self, result, error);

  if (data == NULL)
    return FALSE;
  if (out_summary != NULL)
    *out_summary = data->summary;
  if (out_notes != NULL)
    *out_notes = g_steal_pointer (&data->notes);
  return TRUE;
}

/* ---- taking it back --------------------------------------------------------------------------------- */

typedef struct {
  guint undone;
  guint kept;
} Undo;

static gboolean
undo_import (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Undo *self = data;

  return sp_vault_undo_import (vault, &self->undone, &self->kept, error);
}

/**
 * sp_session_undo_import_async:
 * @self: a session
 * @callback: (scope async): what to call when it is done
 * @user_data: for @callback
 *
 * Takes back the last import.
 */
void
sp_session_undo_import_async (SpSession *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (SP_IS_SESSION (self));

  sp_session_run_async (self, SP_JOB_INTERACTIVE | SP_JOB_HOME, undo_import, g_new0 (Undo, 1),
                        g_free, NULL, callback, user_data);
}

/**
 * sp_session_undo_import_finish:
 * @self: a session
 * @result: the answer
 * @out_undone: (out) (optional): items that are gone, or as before
 * @out_kept: (out) (optional): items that were changed since, and stay
 * @error: return location for a SP_VAULT_ERROR
 *
 * Returns: whether it was taken back; NOT_FOUND when there is none to take back
 */
gboolean
sp_session_undo_import_finish (SpSession *self,
                               GAsyncResult *result,
                               guint *out_undone,
                               guint *out_kept,
                               GError **error)
{
  const Undo *data = sp_session_run_finish (self, result, error);

  if (data == NULL)
    return FALSE;
  if (out_undone != NULL)
    *out_undone = data->undone;
  if (out_kept != NULL)
    *out_kept = data->kept;
  return TRUE;
}

/* ---- exporting -------------------------------------------------------------------------------------- */

typedef struct {
  SpSecret *password;
  GFile *file;
  SpExportFormat format;
  SpExportFlags flags;
  GArray *numbers; /* (element-type guint64) (nullable) */
} Export;

static void
export_free (gpointer data)
{
  Export *self = data;

  g_clear_pointer (&self->password, sp_secret_unref);
  g_clear_object (&self->file);
  g_clear_pointer (&self->numbers, g_array_unref);
  g_free (self);
}

static gboolean
is_same (const char *path, const char *other)
{
  struct stat a;
  struct stat b;

  return stat (path, &a) == 0 && stat (other, &b) == 0 && a.st_dev == b.st_dev &&
         a.st_ino == b.st_ino;
}

/* The vault itself, by whatever name, or a name that SQLite would take for a part of it. */
static gboolean
is_of_vault (SpVault *vault, const char *path)
{
  const char *const suffixes[] = { "", "-journal", "-wal", "-shm" };
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *own_folder = g_path_get_dirname (sp_vault_get_path (vault));
  g_autofree char *own_name = g_path_get_basename (sp_vault_get_path (vault));

  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++) {
    g_autofree char *own = g_strconcat (sp_vault_get_path (vault), suffixes[i], NULL);
    g_autofree char *reserved = g_strconcat (own_name, suffixes[i], NULL);

    if (is_same (path, own) || (strcmp (name, reserved) == 0 && is_same (folder, own_folder)))
      return TRUE;
  }
  return FALSE;
}

/* Before the password is asked of the KDF: nobody should type it in vain. */
gboolean
sp_session_check_target (SpVault *vault, GFile *file, GError **error)
{
  const char *path = g_file_peek_path (file);

  if (path == NULL) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                         "An export can only be written into a folder of this computer.");
    return FALSE;
  }
  if (is_of_vault (vault, path)) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID,
                         "That is the vault itself. Nothing was written.");
    return FALSE;
  }
  return TRUE;
}

static void
export_progress_cb (guint64 n_done, guint64 n_items, gpointer data)
{
  sp_job_report (data, n_done, n_items);
}

static gboolean
write_export (SpVault *vault, const Export *self, SpJob *job, GOutputStream *stream, GError **error)
{
  GCancellable *cancellable = sp_job_get_cancellable (job);
  const SpExportRun run = {
    .flags = self->flags,
    .numbers = self->numbers != NULL ? &g_array_index (self->numbers, guint64, 0) : NULL,
    .n_numbers = self->numbers != NULL ? self->numbers->len : 0,
    .cancellable = cancellable,
    .progress = export_progress_cb,
    .progress_data = job,
  };
  gboolean written = self->format == SP_EXPORT_FORMAT_JSON
                         ? sp_export_json (vault, stream, &run, error)
                         : sp_export_csv (vault, stream, &run, error);

  return written && !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static gboolean
export_items (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Export *self = data;
  SpPrivateFile *file;
  gboolean written;

  if (!sp_session_check_target (vault, self->file, error) ||
      !sp_vault_check_password (vault, self->password, error) ||
      g_cancellable_set_error_if_cancelled (sp_job_get_cancellable (job), error))
    return FALSE;
  file = sp_private_file_new (g_file_peek_path (self->file), error);
  if (file == NULL)
    return FALSE;
  written = write_export (vault, self, job, sp_private_file_get_stream (file), error);
  return sp_private_file_finish (file, written, written ? error : NULL);
}

/**
 * sp_session_export_async:
 * @self: a session
 * @password: what the person typed
 * @file: where to
 * @format: JSON with everything, or CSV with what fits into rows
 * @flags: what to leave out
 * @numbers: (nullable) (array length=n_numbers): which items; `NULL` is all
 * @n_numbers: how many
 * @progress: (nullable): called with the number of items that are done
 * @progress_data: for @progress
 * @cancellable: (nullable): stops it, and there is no file
 * @callback: (scope async): what to call when it is done
 * @user_data: for @callback
 *
 * Writes items in the clear, if the password is right.
 */
void
sp_session_export_async (SpSession *self,
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
                         gpointer user_data)
{
  Export *data;

  g_return_if_fail (SP_IS_SESSION (self) && password != NULL && G_IS_FILE (file));
  g_return_if_fail ((numbers == NULL) == (n_numbers == 0) && n_numbers <= G_MAXUINT);

  data = g_new0 (Export, 1);
  data->password = sp_secret_ref (password);
  data->file = g_object_ref (file);
  data->format = format;
  data->flags = flags;
  if (numbers != NULL) {
    data->numbers = g_array_new (FALSE, FALSE, sizeof (guint64));
    g_array_append_vals (data->numbers, numbers, (guint) n_numbers);
  }
  sp_session_run_reporting_async (self, SP_JOB_LONG, export_items, data, export_free, progress,
                                  progress_data, cancellable, callback, user_data);
}

/**
 * sp_session_export_finish:
 * @self: a session
 * @result: the answer
 * @error: return location for a SP_VAULT_ERROR or a G_IO_ERROR
 *
 * Returns: whether the file is there, whole; else what was there before is
 */
gboolean
sp_session_export_finish (SpSession *self, GAsyncResult *result, GError **error)
{
  return sp_session_run_finish (self, result, error) != NULL;
}
