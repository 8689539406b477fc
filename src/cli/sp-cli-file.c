/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A file is made with O_EXCL and mode 0600. With force, it is made under a name of its own beside the old
 * one, and takes its place when all of it is on the disk: neither a symbolic link nor another's wider
 * permissions are written through, and a failure leaves the old one.
 *
 * Pipes and devices are there to be written to. In a folder that others may write, one of them can lie in
 * wait under the name that a file was meant to get; so what was opened is looked at before it is used. */

#define G_LOG_DOMAIN "sp-cli-file"

#include "config.h"

#include "cli/sp-cli-file.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gfiledescriptorbased.h>
#include <gio/gunixoutputstream.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/sp-cli-error.h"

struct _SpCliFile {
  GOutputStream *stream; /* (owned) */
  char *path;            /* (owned) (nullable) of a regular file; else there is nothing to finish */
  char *temporary;       /* (owned) (nullable) what takes its place */
};

static gboolean
is_special (const char *path)
{
  struct stat status;

  return stat (path, &status) == 0 && !S_ISREG (status.st_mode);
}

/* A descriptor that whoever started the program handed down: a link by nature, and his own choice. */
static gboolean
is_descriptor (const char *path)
{
  static const char *const folders[] = { "/dev/fd/", "/proc/self/fd/" };

  if (g_str_equal (path, "/dev/stdout") || g_str_equal (path, "/dev/stderr"))
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++) {
    const char *number = path + strlen (folders[i]);

    if (g_str_has_prefix (path, folders[i]) && *number != '\0' &&
        strspn (number, "0123456789") == strlen (number))
      return TRUE;
  }
  return FALSE;
}

static gboolean
check_special (const char *path, const struct stat *status, GError **error)
{
  gboolean own = status->st_uid == geteuid ();

  if (S_ISDIR (status->st_mode)) {
    sp_cli_error_set_errno (error, EISDIR, _("“%s” cannot be made"), path);
    return FALSE;
  }
  if (!S_ISFIFO (status->st_mode) && !S_ISCHR (status->st_mode)) {
    g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_DENIED,
                 _("“%s” is not a file, pipe or terminal that could be written to; nothing was "
                   "written."),
                    path);
    return FALSE;
  }
  /* A link in a shared folder can lead to another's terminal, but devices are root's. */
  if (own || is_descriptor (path) || (S_ISCHR (status->st_mode) && status->st_uid == 0))
    return TRUE;
  g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_DENIED,
               _("“%s” belongs to another user, who could read what is written; nothing was "
                 "written."),
                  path);
  return FALSE;
}

/* Looks before, since a pipe without a reader would be waited for, and again at what was opened. */
static int
open_special (const char *path, GError **error)
{
  int flags = O_WRONLY | O_CLOEXEC | O_NOCTTY;
  struct stat status;
  int fd;

  if (stat (path, &status) != 0) {
    sp_cli_error_set_errno (error, errno, _("“%s” cannot be opened"), path);
    return -1;
  }
  if (!check_special (path, &status, error))
    return -1;
  if (!S_ISCHR (status.st_mode) && !is_descriptor (path))
    flags |= O_NOFOLLOW;
  fd = open (path, flags);
  if (fd < 0 && errno == ELOOP)
    g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_DENIED,
                 _("“%s” is a link to a pipe; name the pipe itself."), path);
  else if (fd < 0)
    sp_cli_error_set_errno (error, errno, _("“%s” cannot be opened"), path);
  if (fd < 0)
    return -1;
  if (fstat (fd, &status) == 0 && check_special (path, &status, error))
    return fd;
  if (error != NULL && *error == NULL)
    sp_cli_error_set_errno (error, errno, _("“%s” cannot be opened"), path);
  close (fd);
  return -1;
}

static int
open_new (const char *path, GError **error)
{
  int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

  if (fd < 0 && (errno == EEXIST || errno == ELOOP))
    g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_IO,
                 _("There is a file “%s” already; --force replaces it."), path);
  else if (fd < 0)
    sp_cli_error_set_errno (error, errno, _("“%s” cannot be made"), path);
  return fd;
}

/* Not a hidden name: should the program be killed, what it leaves is in the clear, and is to be seen. */
static int
open_temporary (const char *path, char **out_temporary, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *temporary = g_build_filename (folder, "securepass-XXXXXX.part", NULL);
  int fd = g_mkstemp_full (temporary, O_WRONLY | O_CLOEXEC, 0600);

  if (fd < 0)
    sp_cli_error_set_errno (error, errno, _("“%s” cannot be made"), path);
  else
    *out_temporary = g_steal_pointer (&temporary);
  return fd;
}

static void
file_free (SpCliFile *self)
{
  g_clear_object (&self->stream);
  g_free (self->path);
  g_free (self->temporary);
  g_free (self);
}

/**
 * sp_cli_file_create:
 * @path: (nullable) (type filename): where to; `NULL` or `-` for standard output
 * @force: whether a file of that name may be replaced
 * @error: return location
 *
 * Opens what is to be written. A pipe, or the descriptor of one, must be the user's own.
 *
 * Returns: (transfer full) (nullable): a file, for sp_cli_file_finish(), or `NULL` with @error set
 */
SpCliFile *
sp_cli_file_create (const char *path, gboolean force, GError **error)
{
  SpCliFile *self = g_new0 (SpCliFile, 1);
  gboolean standard = path == NULL || g_str_equal (path, "-");
  int fd;

  if (standard) {
    fd = STDOUT_FILENO;
  } else if (is_special (path)) {
    fd = open_special (path, error);
  } else {
    fd = force ? open_temporary (path, &self->temporary, error) : open_new (path, error);
    self->path = g_strdup (path);
  }
  if (fd < 0) {
    file_free (self);
    return NULL;
  }
  self->stream = g_unix_output_stream_new (fd, !standard);
  return self;
}

/**
 * sp_cli_file_get_stream:
 * @self: a file
 *
 * Returns: (transfer none): what to write to
 */
GOutputStream *
sp_cli_file_get_stream (const SpCliFile *self)
{
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
put_into_place (const SpCliFile *self, GError **error)
{
  int fd = g_file_descriptor_based_get_fd (G_FILE_DESCRIPTOR_BASED (self->stream));

  if (fsync (fd) != 0) {
    sp_cli_error_set_errno (error, errno, _("“%s” cannot be written"), self->path);
    return FALSE;
  }
  if (!g_output_stream_close (self->stream, NULL, error))
    return FALSE;
  if (self->temporary != NULL && rename (self->temporary, self->path) != 0) {
    sp_cli_error_set_errno (error, errno, _("“%s” cannot be replaced"), self->path);
    return FALSE;
  }
  sync_folder (self->path);
  return TRUE;
}

/**
 * sp_cli_file_finish:
 * @self: (transfer full): a file
 * @keep: whether all was written
 * @error: return location
 *
 * Closes the file, durably, and puts it into its place. One that was not written in full is removed.
 *
 * Returns: %FALSE, with @error set, if @keep and the file could not be finished
 */
gboolean
sp_cli_file_finish (SpCliFile *self, gboolean keep, GError **error)
{
  gboolean done;

  if (self->path == NULL)
    done = g_output_stream_close (self->stream, NULL, keep ? error : NULL) && keep;
  else
    done = keep && put_into_place (self, error);
  if (self->path != NULL && !done)
    (void) unlink (self->temporary != NULL ? self->temporary : self->path);
  file_free (self);
  return done;
}
