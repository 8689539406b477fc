/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Key files: reading the one that belongs to the vault's password, and making new ones. */

#define G_LOG_DOMAIN "sp-cli-key-file"

#include "config.h"

#include <glib/gi18n.h>

#include "cli/sp-cli-file.h"
#include "cli/sp-cli-private.h"
#include "password/sp-key-file.h"

static SpSecret *
read_key_file (const char *path, GError **error)
{
  g_autoptr (SpCliInput) input = sp_cli_input_open (path, error);
  g_autoptr (SpSecret) content = input != NULL ? sp_cli_input_read_all (input, error) : NULL;

  return content != NULL ? sp_key_file_parse (content, error) : NULL;
}

/**
 * sp_cli_get_key_file:
 * @self: a run
 * @out_key: (out) (nullable) (transfer none): the key in the file that `--key-file` names
 * @error: return location
 *
 * Returns: whether it could be read, or none was named
 */
gboolean
sp_cli_get_key_file (SpCli *self, const SpSecret **out_key, GError **error)
{
  if (self->key_file != NULL && self->key_file_key == NULL) {
    self->key_file_key = read_key_file (self->key_file, error);
    if (self->key_file_key == NULL)
      return FALSE;
  }
  *out_key = self->key_file_key;
  return TRUE;
}

static SpSecret *
make_key_file (SpCli *self, const char *path, GError **error)
{
  g_autoptr (SpSecret) key = sp_key_file_new (error);
  g_autoptr (SpSecret) content = key != NULL ? sp_key_file_format (key, error) : NULL;
  SpCliFile *file = content != NULL ? sp_cli_file_create (path, FALSE, error) : NULL;
  gboolean written;

  if (file == NULL)
    return NULL;
  written = g_output_stream_write_all (sp_cli_file_get_stream (file),
                                       sp_secret_peek (content, NULL),
                                       sp_secret_get_length (content), NULL, NULL, error);
  if (!sp_cli_file_finish (file, written, written ? error : NULL) || !written)
    return NULL;
  sp_cli_note (self, _("The key file “%s” was made. Keep a copy of it: without it the key slot "
                       "opens no more."),
                        path);
  return g_steal_pointer (&key);
}

/**
 * sp_cli_take_key_file:
 * @self: a run
 * @path: (type filename): a key file, or where one is to be
 * @error: return location
 *
 * Returns: (transfer full) (nullable): its key, or `NULL` with @error set
 */
SpSecret *
sp_cli_take_key_file (SpCli *self, const char *path, GError **error)
{
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return read_key_file (path, error);
  return make_key_file (self, path, error);
}
