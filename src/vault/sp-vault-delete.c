/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Deleting a vault: its file, what SQLite may have left beside it, and its pins. */

#define G_LOG_DOMAIN "sp-vault-delete"

#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdlib.h>

#include "vault/sp-vault-private.h"

static const char *const suffixes[] = { "-journal", "-wal", "-shm" };

static gboolean
fail (int code, GError **error)
{
  gboolean forbidden = code == EACCES || code == EPERM || code == EROFS;

  g_set_error (error, SP_VAULT_ERROR, forbidden ? SP_VAULT_ERROR_PERMISSION : SP_VAULT_ERROR_IO,
               "The vault’s file could not be deleted: %s. Nothing was changed.",
               g_strerror (code));
  return FALSE;
}

static void
remove_or_name (const char *path, GPtrArray *left)
{
  if (g_unlink (path) != 0 && errno != ENOENT)
    g_ptr_array_add (left, g_strdup (path));
}

/* SQLite puts its files beside the one that a symbolic link leads to. */
static void
remove_companions (const char *file, GPtrArray *left)
{
  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++) {
    g_autofree char *path = g_strconcat (file, suffixes[i], NULL);

    remove_or_name (path, left);
  }
}

static void
remove_link (const char *path, GPtrArray *left)
{
  if (g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    remove_or_name (path, left);
}

/**
 * sp_vault_delete:
 * @self: a vault, whatever its state
 * @out_left: (out) (element-type filename) (transfer full): what could not be deleted of the rest; mostly empty
 * @error: return location for a [error@VaultError]
 *
 * Deletes the vault’s file, and then what belongs to it: SQLite's own files, a symbolic link that led to it, and
 * what was remembered of it on this machine. The vault can only be closed afterwards.
 *
 * Returns: whether the vault's file is gone; if not, nothing is
 */
gboolean
sp_vault_delete (SpVault *self, GPtrArray **out_left, GError **error)
{
  g_autoptr (GPtrArray) left = g_ptr_array_new_with_free_func (g_free);
  char *file;
  int code;

  g_return_val_if_fail (self->batch == NULL && out_left != NULL, FALSE);

  if (!sp_db_is_same_file (self->db)) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_REPLACED,
                         "The vault's file was replaced or removed while it was open.");
    return FALSE;
  }
  file = realpath (self->path, NULL);
  if (file == NULL)
    return fail (errno, error);
  code = g_unlink (file) == 0 ? 0 : errno;
  if (code == 0) {
    remove_companions (file, left);
    remove_link (self->path, left);
    sp_pin_forget (self->state_dir, &self->vault_id, left);
    *out_left = g_steal_pointer (&left);
  }
  free (file);
  return code == 0 || fail (code, error);
}
