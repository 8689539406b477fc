/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The temporary name is not a hidden one: should the program be killed, what it leaves is in the clear, and is to be
 * seen. Renaming replaces a symbolic link itself, not what it points at. */

#define G_LOG_DOMAIN "sp-private-file"

#include "config.h"

#include "services/sp-private-file.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gfiledescriptorbased.h>
#include <gio/gunixoutputstream.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

struct _SpPrivateFile {
  GOutputStream *stream; /* (owned) */
  char *path;
  char *temporary;
};

static gboolean
set_errno (GError **error, int code)
{
  g_set_error_literal (error, G_IO_ERROR, (int) g_io_error_from_errno (code), g_strerror (code));
  return FALSE;
}

static gboolean
check_place (const char *path, GError **error)
{
  struct stat status;

  if (lstat (path, &status) != 0)
    return errno == ENOENT || set_errno (error, errno);
  if (S_ISREG (status.st_mode) || S_ISLNK (status.st_mode))
    return TRUE;
  if (S_ISDIR (status.st_mode))
    return set_errno (error, EISDIR);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE,
                       "There is something of that name that is not a file.");
  return FALSE;
}

/**
 * sp_private_file_new:
 * @path: (type filename): where it is to be
 * @error: return location for a G_IO_ERROR
 *
 * Makes an empty file beside its place.
 *
 * Returns: (transfer full) (nullable): a file, for sp_private_file_finish()
 */
SpPrivateFile *
sp_private_file_new (const char *path, GError **error)
{
  g_autofree char *folder = NULL;
  g_autofree char *temporary = NULL;
  SpPrivateFile *self;
  int fd;

  g_return_val_if_fail (path != NULL, NULL);

  if (!check_place (path, error))
    return NULL;
  folder = g_path_get_dirname (path);
  temporary = g_build_filename (folder, "securepass-XXXXXX.part", NULL);
  fd = g_mkstemp_full (temporary, O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0) {
    (void) set_errno (error, errno);
    return NULL;
  }
  self = g_new0 (SpPrivateFile, 1);
  self->stream = g_unix_output_stream_new (fd, TRUE);
  self->path = g_strdup (path);
  self->temporary = g_steal_pointer (&temporary);
  return self;
}

/**
 * sp_private_file_get_stream:
 * @self: a file
 *
 * Returns: (transfer none): what to write to; not to be closed
 */
GOutputStream *
sp_private_file_get_stream (const SpPrivateFile *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->stream;
}

/* That a name is durable is more than some file systems can promise; what it names is. */
static void
sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    return;
  (void) fsync (fd);
  close (fd);
}

static gboolean
put_into_place (const SpPrivateFile *self, GError **error)
{
  int fd = g_file_descriptor_based_get_fd (G_FILE_DESCRIPTOR_BASED (self->stream));

  if (fsync (fd) != 0)
    return set_errno (error, errno);
  if (!g_output_stream_close (self->stream, NULL, error))
    return FALSE;
  if (g_rename (self->temporary, self->path) != 0)
    return set_errno (error, errno);
  sync_folder (self->path);
  return TRUE;
}

/**
 * sp_private_file_finish:
 * @self: (transfer full): a file
 * @keep: whether all of it was written
 * @error: return location for a G_IO_ERROR
 *
 * Ends the writing. A file that is not kept, or cannot be put into its place, leaves nothing, and what had its name
 * before stays.
 *
 * Returns: %TRUE if the file is in its place; %FALSE without an error when it was not to be kept
 */
gboolean
sp_private_file_finish (SpPrivateFile *self, gboolean keep, GError **error)
{
  gboolean done;

  g_return_val_if_fail (self != NULL, FALSE);

  done = keep && put_into_place (self, error);
  if (!done && g_unlink (self->temporary) != 0)
    g_warning ("What was written of a file could not be removed: %s", g_strerror (errno));
  g_object_unref (self->stream);
  g_free (self->path);
  g_free (self->temporary);
  g_free (self);
  return done;
}
