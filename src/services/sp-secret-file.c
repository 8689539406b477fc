/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-secret-file"

#include "config.h"

#include "services/sp-secret-file.h"

#include "password/sp-key-file.h"
#include "services/sp-private-file.h"

static gboolean
write_content (GFile *file, const SpSecret *content, GCancellable *cancellable, GError **error)
{
  const char *path = g_file_peek_path (file);
  SpPrivateFile *target;
  gboolean written;

  if (path == NULL) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                         "The place is not on this computer.");
    return FALSE;
  }
  target = sp_private_file_new (path, error);
  if (target == NULL)
    return FALSE;
  written = g_output_stream_write_all (sp_private_file_get_stream (target),
                                       sp_secret_peek (content, NULL),
                                       sp_secret_get_length (content), NULL, cancellable, error);
  return sp_private_file_finish (target, written, written ? error : NULL) && written;
}

/* ---- saving ----------------------------------------------------------------------------------------- */

static void
save_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (write_content (G_FILE (source), data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
sp_secret_file_save_async (GFile *file,
                           const SpSecret *content,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (file, cancellable, callback, user_data);

  g_task_set_source_tag (task, sp_secret_file_save_async);
  g_task_set_task_data (task, sp_secret_ref (content), (GDestroyNotify) sp_secret_unref);
  g_task_run_in_thread (task, save_in_thread);
}

gboolean
sp_secret_file_save_finish (GFile *file, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, file), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- key files -------------------------------------------------------------------------------------- */

static gboolean
check_is_file (GFile *file, GCancellable *cancellable, GError **error)
{
  GFileType type = g_file_query_file_type (file, G_FILE_QUERY_INFO_NONE, cancellable);

  if (type == G_FILE_TYPE_REGULAR)
    return TRUE;
  if (type == G_FILE_TYPE_UNKNOWN)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no such file.");
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, "That is not a file.");
  return FALSE;
}

/* One byte more than a key file may have, so that one that is too large is told from one that just fits. */
static SpSecret *
read_content (GFile *file, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFileInputStream) stream = NULL;
  g_autoptr (SpSecret) room = NULL;
  guint8 *data;
  gsize len;

  if (!check_is_file (file, cancellable, error))
    return NULL;
  stream = g_file_read (file, cancellable, error);
  if (stream == NULL)
    return NULL;
  room = sp_secret_new_uninitialized (SP_KEY_FILE_MAX_LEN + 1, &data);
  if (!g_input_stream_read_all (G_INPUT_STREAM (stream), data, SP_KEY_FILE_MAX_LEN + 1, &len,
                                cancellable, error))
    return NULL;
  return sp_secret_new (data, len);
}

static void
load_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  g_autoptr (SpSecret) content = read_content (G_FILE (source), cancellable, &error);
  SpSecret *key = content != NULL ? sp_key_file_parse (content, &error) : NULL;

  if (key != NULL)
    g_task_return_pointer (task, key, (GDestroyNotify) sp_secret_unref);
  else
    g_task_return_error (task, error);
}

void
sp_key_file_load_async (GFile *file,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (file, cancellable, callback, user_data);

  g_task_set_source_tag (task, sp_key_file_load_async);
  g_task_run_in_thread (task, load_in_thread);
}

SpSecret *
sp_key_file_load_finish (GFile *file, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, file), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static SpSecret *
make (GFile *file, GCancellable *cancellable, GError **error)
{
  g_autoptr (SpSecret) key = NULL;
  g_autoptr (SpSecret) content = NULL;

  if (g_file_query_file_type (file, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, cancellable) !=
      G_FILE_TYPE_UNKNOWN) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                         "There is a file of that name already.");
    return NULL;
  }
  key = sp_key_file_new (error);
  content = key != NULL ? sp_key_file_format (key, error) : NULL;
  if (content == NULL || !write_content (file, content, cancellable, error))
    return NULL;
  return g_steal_pointer (&key);
}

static void
make_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  SpSecret *key = make (G_FILE (source), cancellable, &error);

  if (key != NULL)
    g_task_return_pointer (task, key, (GDestroyNotify) sp_secret_unref);
  else
    g_task_return_error (task, error);
}

void
sp_key_file_make_async (GFile *file,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (file, cancellable, callback, user_data);

  g_task_set_source_tag (task, sp_key_file_make_async);
  g_task_run_in_thread (task, make_in_thread);
}

SpSecret *
sp_key_file_make_finish (GFile *file, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, file), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
