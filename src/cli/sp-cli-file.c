/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A file is made with O_EXCL and mode 0600. With force, an existing name is unlinked first: neither a
 * symbolic link nor another's wider permissions are written through. */

#define G_LOG_DOMAIN "sp-cli-file"

#include "config.h"

#include "cli/sp-cli-file.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gfiledescriptorbased.h>
#include <gio/gunixoutputstream.h>
#include <glib/gi18n.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/sp-cli-error.h"

static gboolean
is_standard_output (const char *path)
{
  return path == NULL || g_str_equal (path, "-");
}

static gboolean
is_special (const char *path)
{
  struct stat status;

  return stat (path, &status) == 0 && !S_ISREG (status.st_mode);
}

/**
 * sp_cli_file_create:
 * @path: (nullable) (type filename): where to; `NULL` or `-` for standard output
 * @force: whether a file of that name may be replaced
 * @error: return location
 *
 * Returns: (transfer full) (nullable): a stream, or `NULL` with @error set
 */
GOutputStream *
sp_cli_file_create (const char *path, gboolean force, GError **error)
{
  int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  int fd;

  if (is_standard_output (path))
    return g_unix_output_stream_new (STDOUT_FILENO, FALSE);
  /* /dev/full, /dev/fd/N and named pipes are there to be written to. */
  if (is_special (path))
    flags = O_WRONLY | O_CLOEXEC | O_NOCTTY;
  else if (force)
    (void) unlink (path);
  fd = open (path, flags, 0600);
  if (fd >= 0)
    return g_unix_output_stream_new (fd, TRUE);
  if (errno == EEXIST || errno == ELOOP)
    g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_IO,
                 _("There is a file “%s” already; --force replaces it."), path);
  else
    sp_cli_error_set_errno (error, errno, _("“%s” cannot be made"), path);
  return NULL;
}

/**
 * sp_cli_file_finish:
 * @stream: of sp_cli_file_create()
 * @path: (nullable): as given there
 * @keep: whether all was written
 * @error: return location
 *
 * Closes the file, durably. One that was not written in full is removed.
 *
 * Returns: %FALSE, with @error set, if @keep and the file could not be finished
 */
gboolean
sp_cli_file_finish (GOutputStream *stream, const char *path, gboolean keep, GError **error)
{
  gboolean special = is_standard_output (path) || is_special (path);
  int fd = g_file_descriptor_based_get_fd (G_FILE_DESCRIPTOR_BASED (stream));
  gboolean synced = special || !keep || fsync (fd) == 0;
  int errsv = errno;
  gboolean closed = g_output_stream_close (stream, NULL, keep && synced ? error : NULL);

  if (!synced)
    sp_cli_error_set_errno (error, errsv, _("“%s” cannot be written"), path);
  if ((!keep || !synced || !closed) && !special)
    (void) unlink (path);
  return keep && synced && closed;
}
