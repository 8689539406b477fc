/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Items by way of the session. Each call is a struct of what goes in and what comes out, a function that runs
 * in the thread, and a pair of _async() and _finish(). */

#define G_LOG_DOMAIN "sp-session-items"

#include "config.h"

#include <sys/stat.h>

#include "services/sp-session-items.h"
#include "services/sp-session-job.h"

/* What all calls of this file take and give; each uses what it needs. */
typedef struct {
  guint64 number;
  guint index;
  SpChange change;
  char *text;
  GArray *numbers; /* (element-type guint64) */
  GFile *file;
  SpAttachment *attachment;
  gsize limit;

  SpItem *item;       /* in and out */
  GPtrArray *history; /* out */
  SpSecret *content;  /* out */
  SpResults *results; /* out */
  gint64 count;       /* out */
} Call;

static void
call_free (gpointer data)
{
  Call *self = data;

  g_free (self->text);
  g_clear_pointer (&self->numbers, g_array_unref);
  g_clear_object (&self->file);
  g_clear_pointer (&self->attachment, sp_attachment_free);
  g_clear_pointer (&self->item, sp_item_free);
  g_clear_pointer (&self->history, g_ptr_array_unref);
  g_clear_pointer (&self->content, sp_secret_unref);
  g_clear_pointer (&self->results, sp_results_unref);
  g_free (self);
}

/* ---- one item --------------------------------------------------------------------------------------- */

static gboolean
load_item (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Call *call = data;

  call->item = sp_vault_load (vault, call->number, error);
  return call->item != NULL;
}

void
sp_session_load_item_async (SpSession *self,
                            guint64 number,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  Call *call = g_new0 (Call, 1);

  call->number = number;
  sp_session_run_async (self, SP_JOB_INTERACTIVE | SP_JOB_ABANDON, load_item, call, call_free,
                        cancellable, callback, user_data);
}

SpItem *
sp_session_load_item_finish (SpSession *self, GAsyncResult *result, GError **error)
{
  Call *call = sp_session_run_finish (self, result, error);

  return call != NULL ? g_steal_pointer (&call->item) : NULL;
}

static gboolean
save_item (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Call *call = data;

  return sp_vault_save (vault, call->item, error);
}

void
sp_session_save_item_async (SpSession *self,
                            const SpItem *item,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  Call *call = g_new0 (Call, 1);

  call->item = sp_item_copy (item);
  sp_session_run_async (self, SP_JOB_INTERACTIVE | SP_JOB_HOME, save_item, call, call_free, NULL,
                        callback, user_data);
}

SpItem *
sp_session_save_item_finish (SpSession *self, GAsyncResult *result, GError **error)
{
  return sp_session_load_item_finish (self, result, error);
}

static gboolean
duplicate (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Call *call = data;

  call->number = sp_vault_duplicate (vault, call->number, call->text, error);
  return call->number != 0;
}

void
sp_session_duplicate_async (SpSession *self,
                            guint64 number,
                            const char *title,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  Call *call = g_new0 (Call, 1);

  call->number = number;
  call->text = g_strdup (title);
  sp_session_run_async (self, SP_JOB_INTERACTIVE | SP_JOB_HOME, duplicate, call, call_free, NULL,
                        callback, user_data);
}

guint64
sp_session_duplicate_finish (SpSession *self, GAsyncResult *result, GError **error)
{
  Call *call = sp_session_run_finish (self, result, error);

  return call != NULL ? call->number : 0;
}

/* ---- many items ------------------------------------------------------------------------------------- */

static gboolean
change (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Call *call = data;

  return sp_vault_change (vault, call->change, call->text,
                          &g_array_index (call->numbers, guint64, 0), call->numbers->len, error);
}

void
sp_session_change_async (SpSession *self,
                         SpChange kind,
                         const char *text,
                         const guint64 *numbers,
                         gsize n_numbers,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  Call *call = g_new0 (Call, 1);

  g_assert (n_numbers <= G_MAXUINT);
  call->change = kind;
  call->text = g_strdup (text);
  call->numbers = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_array_append_vals (call->numbers, numbers, (guint) n_numbers);
  sp_session_run_async (self, SP_JOB_INTERACTIVE | SP_JOB_HOME, change, call, call_free, NULL,
                        callback, user_data);
}

gboolean
sp_session_change_finish (SpSession *self, GAsyncResult *result, GError **error)
{
  return sp_session_run_finish (self, result, error) != NULL;
}

static gboolean
purge_trash (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Call *call = data;
  guint n_purged = 0;

  if (!sp_vault_purge_trash (vault, &n_purged, error))
    return FALSE;
  call->count = n_purged;
  return TRUE;
}

void
sp_session_purge_trash_async (SpSession *self, GAsyncReadyCallback callback, gpointer user_data)
{
  sp_session_run_async (self, SP_JOB_INTERACTIVE | SP_JOB_HOME, purge_trash, g_new0 (Call, 1),
                        call_free, NULL, callback, user_data);
}

gint64
sp_session_purge_trash_finish (SpSession *self, GAsyncResult *result, GError **error)
{
  Call *call = sp_session_run_finish (self, result, error);

  return call != NULL ? call->count : -1;
}

/* ---- history ---------------------------------------------------------------------------------------- */

static gboolean
load_history (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Call *call = data;

  call->history = sp_vault_load_history (vault, call->number, error);
  return call->history != NULL;
}

void
sp_session_load_history_async (SpSession *self,
                               guint64 number,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  Call *call = g_new0 (Call, 1);

  call->number = number;
  sp_session_run_async (self, SP_JOB_INTERACTIVE | SP_JOB_ABANDON, load_history, call, call_free,
                        cancellable, callback, user_data);
}

GPtrArray *
sp_session_load_history_finish (SpSession *self, GAsyncResult *result, GError **error)
{
  Call *call = sp_session_run_finish (self, result, error);

  return call != NULL ? g_steal_pointer (&call->history) : NULL;
}

static gboolean
restore_version (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Call *call = data;

  return sp_vault_restore_version (vault, call->number, call->index, error);
}

void
sp_session_restore_version_async (SpSession *self,
                                  guint64 number,
                                  guint index,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  Call *call = g_new0 (Call, 1);

  call->number = number;
  call->index = index;
  sp_session_run_async (self, SP_JOB_INTERACTIVE | SP_JOB_HOME, restore_version, call, call_free,
                        NULL, callback, user_data);
}

gboolean
sp_session_restore_version_finish (SpSession *self, GAsyncResult *result, GError **error)
{
  return sp_session_run_finish (self, result, error) != NULL;
}

/* ---- attachments ------------------------------------------------------------------------------------ */

static gboolean
attach (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Call *call = data;
  GCancellable *cancellable = sp_job_get_cancellable (job);
  g_autofree char *name = g_file_get_basename (call->file);
  g_autofree char *shown = g_filename_display_name (name);
  g_autoptr (GFileInputStream) stream = g_file_read (call->file, cancellable, error);

  return stream != NULL &&
         sp_vault_attach (vault, call->number, shown, G_INPUT_STREAM (stream), cancellable, error);
}

void
sp_session_attach_async (SpSession *self,
                         guint64 number,
                         GFile *file,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  Call *call = g_new0 (Call, 1);

  call->number = number;
  call->file = g_object_ref (file);
  sp_session_run_async (self, SP_JOB_INTERACTIVE, attach, call, call_free, cancellable, callback,
                        user_data);
}

gboolean
sp_session_attach_finish (SpSession *self, GAsyncResult *result, GError **error)
{
  return sp_session_run_finish (self, result, error) != NULL;
}

static gboolean
detach (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Call *call = data;

  return sp_vault_detach (vault, call->number, (guint64) call->count, error);
}

void
sp_session_detach_async (SpSession *self,
                         guint64 number,
                         guint64 attachment_number,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  Call *call = g_new0 (Call, 1);

  call->number = number;
  call->count = (gint64) attachment_number;
  sp_session_run_async (self, SP_JOB_INTERACTIVE | SP_JOB_HOME, detach, call, call_free, NULL,
                        callback, user_data);
}

gboolean
sp_session_detach_finish (SpSession *self, GAsyncResult *result, GError **error)
{
  return sp_session_run_finish (self, result, error) != NULL;
}

static gboolean
is_vault (SpVault *vault, GFile *file)
{
  const char *path = g_file_peek_path (file);
  struct stat target;
  struct stat own;

  return path != NULL && stat (path, &target) == 0 && stat (sp_vault_get_path (vault), &own) == 0 &&
         target.st_dev == own.st_dev && target.st_ino == own.st_ino;
}

/* Half a file would stand there in the clear, or in place of a whole one. */
static void
throw_away (GFileOutputStream *stream, GFile *file, gboolean existed)
{
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancelled);
  (void) g_output_stream_close (G_OUTPUT_STREAM (stream), cancelled, NULL);
  if (!existed && !g_file_delete (file, NULL, &error))
    g_warning ("A part of an attachment could not be removed: %s", error->message);
}

static gboolean
save_attachment (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Call *call = data;
  GCancellable *cancellable = sp_job_get_cancellable (job);
  gboolean existed = g_file_query_exists (call->file, NULL);
  g_autoptr (GFileOutputStream) stream = NULL;

  if (is_vault (vault, call->file)) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID,
                         "That is the vault itself. Nothing was written.");
    return FALSE;
  }
  stream = g_file_replace (call->file, NULL, FALSE,
                           G_FILE_CREATE_PRIVATE | G_FILE_CREATE_REPLACE_DESTINATION, cancellable,
                           error);
  if (stream == NULL)
    return FALSE;
  if (!sp_vault_read_attachment (vault, call->attachment, G_OUTPUT_STREAM (stream), cancellable,
                                 error)) {
    throw_away (stream, call->file, existed);
    return FALSE;
  }
  return g_output_stream_close (G_OUTPUT_STREAM (stream), cancellable, error);
}

void
sp_session_save_attachment_async (SpSession *self,
                                  const SpAttachment *attachment,
                                  GFile *file,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  Call *call = g_new0 (Call, 1);

  call->attachment = sp_attachment_copy (attachment);
  call->file = g_object_ref (file);
  sp_session_run_async (self, SP_JOB_INTERACTIVE, save_attachment, call, call_free, cancellable,
                        callback, user_data);
}

gboolean
sp_session_save_attachment_finish (SpSession *self, GAsyncResult *result, GError **error)
{
  return sp_session_run_finish (self, result, error) != NULL;
}

/* Into guarded memory, as an attachment may well be a key. */
static gboolean
read_attachment (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Call *call = data;
  gsize size = (gsize) call->attachment->size;
  g_autoptr (GOutputStream) stream = NULL;
  guint8 *bytes;

  if (call->attachment->size > call->limit) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID,
                         "The attachment is too large to be shown.");
    return FALSE;
  }
  call->content = sp_secret_new_uninitialized (size, &bytes);
  stream = g_memory_output_stream_new (bytes, size, NULL, NULL);
  return sp_vault_read_attachment (vault, call->attachment, stream, sp_job_get_cancellable (job),
                                   error);
}

void
sp_session_read_attachment_async (SpSession *self,
                                  const SpAttachment *attachment,
                                  gsize limit,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  Call *call = g_new0 (Call, 1);

  call->attachment = sp_attachment_copy (attachment);
  call->limit = limit;
  sp_session_run_async (self, SP_JOB_INTERACTIVE | SP_JOB_ABANDON, read_attachment, call, call_free,
                        cancellable, callback, user_data);
}

SpSecret *
sp_session_read_attachment_finish (SpSession *self, GAsyncResult *result, GError **error)
{
  Call *call = sp_session_run_finish (self, result, error);

  return call != NULL ? g_steal_pointer (&call->content) : NULL;
}

/* ---- searching in everything ------------------------------------------------------------------------ */

static gboolean
search (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Call *call = data;
  g_autoptr (SpQuery) query = sp_query_new (call->text);

  call->results = sp_vault_search (vault, query, NULL, sp_job_get_cancellable (job), error);
  return call->results != NULL;
}

void
sp_session_search_async (SpSession *self,
                         const char *text,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  Call *call = g_new0 (Call, 1);

  call->text = g_strdup (text);
  sp_session_run_async (self, SP_JOB_INTERACTIVE | SP_JOB_ABANDON, search, call, call_free,
                        cancellable, callback, user_data);
}

SpResults *
sp_session_search_finish (SpSession *self, GAsyncResult *result, GError **error)
{
  Call *call = sp_session_run_finish (self, result, error);

  return call != NULL ? g_steal_pointer (&call->results) : NULL;
}
