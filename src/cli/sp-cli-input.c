/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reads secrets from descriptors with read(2) alone: stdio and GIO would leave copies in the heap.
 *
 * "-" and "/dev/fd/N" stand for a descriptor that is open already. It is duplicated and not opened anew,
 * which works for sockets too and goes on where the last reader stopped: the password may be the first
 * line of standard input and the value of a field the rest of it. */

#define G_LOG_DOMAIN "sp-cli-input"

#include "config.h"

#include "cli/sp-cli-input.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <unistd.h>

#include "base/sp-wipe.h"
#include "cli/sp-cli-error.h"

#define FD_PREFIX "/dev/fd/"

struct _SpCliInput {
  int fd;
  char *name; /* as the user wrote it, for errors */
};

/* The descriptor that the name stands for; -1 if it is a file's name. */
static int
descriptor_of (const char *name)
{
  guint64 number = 0;

  if (g_str_equal (name, "-") || g_str_equal (name, "/dev/stdin"))
    return STDIN_FILENO;
  if (g_str_has_prefix (name, FD_PREFIX) &&
      g_ascii_string_to_unsigned (name + strlen (FD_PREFIX), 10, 0, G_MAXINT, &number, NULL))
    return (int) number;
  return -1;
}

/**
 * sp_cli_input_open:
 * @name: (type filename): a file, `-` for standard input, or `/dev/fd/N`
 * @error: return location for a #GIOErrorEnum
 *
 * Opens what secrets are read from.
 *
 * Returns: (transfer full) (nullable): the input, or `NULL` with @error set
 */
SpCliInput *
sp_cli_input_open (const char *name, GError **error)
{
  int number;
  int fd;

  g_return_val_if_fail (name != NULL, NULL);

  number = descriptor_of (name);
  if (number >= 0)
    fd = fcntl (number, F_DUPFD_CLOEXEC, 3);
  else
    fd = open (name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) {
    sp_cli_error_set_errno (error, errno, _("“%s” cannot be opened"), name);
    return NULL;
  }
  return sp_cli_input_new_for_fd (fd, name);
}

/**
 * sp_cli_input_new_for_fd:
 * @fd: an open descriptor, which the input closes in the end
 * @name: what errors call it
 *
 * Returns: (transfer full): the input
 */
SpCliInput *
sp_cli_input_new_for_fd (int fd, const char *name)
{
  SpCliInput *self = g_new0 (SpCliInput, 1);

  self->fd = fd;
  self->name = g_strdup (name);
  return self;
}

/**
 * sp_cli_input_close:
 * @self: (transfer full): an input
 *
 * Closes the input. Of `-` and `/dev/fd/N` only the duplicate is closed.
 */
void
sp_cli_input_close (SpCliInput *self)
{
  if (self == NULL)
    return;
  close (self->fd);
  g_free (self->name);
  g_free (self);
}

/* The number of bytes read, 0 at the end, -1 with the error set. */
static gssize
read_some (SpCliInput *self, guint8 *data, gsize len, GError **error)
{
  gssize n;

  do
    n = read (self->fd, data, len);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    sp_cli_error_set_errno (error, errno, _("“%s” cannot be read"), self->name);
  return n;
}

static void
set_too_long (SpCliInput *self, GError **error)
{
  g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE,
               _("“%s” is too long to be a secret."), self->name);
}

/**
 * sp_cli_input_read_line:
 * @self: an input
 * @error: return location
 *
 * Reads one line, without its newline (or carriage return and newline). The last line may lack one.
 *
 * Returns: (transfer full) (nullable): the line, or `NULL` with @error set: there was no further line, it
 *   was too long, or reading failed
 */
SpSecret *
sp_cli_input_read_line (SpCliInput *self, GError **error)
{
  g_autoptr (SpSecretBuffer) line = sp_secret_buffer_new ();
  gboolean ended = FALSE;
  gsize len;

  while (!ended) {
    guint8 byte = 0;
    gssize n = read_some (self, &byte, 1, error);

    if (n < 0)
      return NULL;
    if (n == 0 && sp_secret_buffer_get_length (line) == 0) {
      g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE,
                   _("“%s” ends before the line with the password that is needed."), self->name);
      return NULL;
    }
    ended = n == 0 || byte == '\n';
    if (n > 0)
      sp_secret_buffer_append (line, &byte, 1);
    sp_wipe (&byte, 1);
    if (sp_secret_buffer_get_length (line) > SP_CLI_INPUT_MAX_LINE) {
      set_too_long (self, error);
      return NULL;
    }
  }
  len = sp_secret_buffer_get_length (line);
  if (sp_secret_buffer_peek (line)[len - 1] == '\n') {
    len--;
    if (len > 0 && sp_secret_buffer_peek (line)[len - 1] == '\r')
      len--;
  }
  sp_secret_buffer_truncate (line, len);
  return sp_secret_buffer_finish (line);
}

/**
 * sp_cli_input_read_all:
 * @self: an input
 * @error: return location
 *
 * Reads all that is left, at most 1 MiB.
 *
 * Returns: (transfer full) (nullable): the bytes, or `NULL` with @error set
 */
SpSecret *
sp_cli_input_read_all (SpCliInput *self, GError **error)
{
  g_autoptr (SpSecretBuffer) all = sp_secret_buffer_new ();
  guint8 chunk[4096];
  gssize n;

  while ((n = read_some (self, chunk, sizeof chunk, error)) > 0) {
    sp_secret_buffer_append (all, chunk, (gsize) n);
    if (sp_secret_buffer_get_length (all) > SP_CLI_INPUT_MAX_VALUE) {
      set_too_long (self, error);
      n = -1;
      break;
    }
  }
  SP_WIPE_ARRAY (chunk);
  if (n < 0)
    return NULL;
  return sp_secret_buffer_finish (all);
}
