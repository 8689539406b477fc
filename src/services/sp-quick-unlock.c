/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The file: "SPQ1", the vault's id, when it expires (64 bits, little-endian, ms since 1970), and the half. Its name tells of
 * the vault's path no more than a hash does. */

#define G_LOG_DOMAIN "sp-quick-unlock"

#include "config.h"

#include "services/sp-quick-unlock.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "services/sp-keyring.h"
#include "services/sp-private-file.h"
#include "vault/sp-vault-quick.h"

#define MAGIC      "SPQ1"
#define HALF_LEN   (SP_QUICK_KEY_LEN / 2)
#define ID_AT      4
#define EXPIRES_AT (ID_AT + SP_ID_LEN)
#define HALF_AT    (EXPIRES_AT + 8)
#define FILE_LEN   (HALF_AT + HALF_LEN)

/* NULL: there is none that is surely emptied. In a sandbox each start of the program has another one but for its "app". */
static char *
dup_folder (void)
{
  const char *runtime = g_getenv ("XDG_RUNTIME_DIR");
  const char *flatpak = g_getenv ("FLATPAK_ID");

  if (runtime == NULL || !g_path_is_absolute (runtime))
    return NULL;
  if (flatpak != NULL)
    return g_build_filename (runtime, "app", flatpak, "quick-unlock", NULL);
  return g_build_filename (runtime, "securepass", "quick-unlock", NULL);
}

static char *
dup_file_name (const char *path)
{
  g_autofree char *folder = dup_folder ();
  g_autofree char *name = NULL;

  if (folder == NULL)
    return NULL;
  name = g_compute_checksum_for_string (G_CHECKSUM_SHA256, path, -1);
  return g_build_filename (folder, name, NULL);
}

/* What others could have put there, or read, is not believed. */
static gboolean
is_private (int fd)
{
  struct stat status;

  return fstat (fd, &status) == 0 && S_ISREG (status.st_mode) && status.st_uid == geteuid () &&
         (status.st_mode & 077) == 0 && status.st_size == FILE_LEN;
}

static SpSecret *
read_file (const char *path)
{
  g_autofree char *name = dup_file_name (path);
  SpSecret *content = NULL;
  guint8 *data;
  int fd;

  if (name == NULL)
    return NULL;
  fd = open (name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0)
    return NULL;
  if (is_private (fd)) {
    content = sp_secret_new_uninitialized (FILE_LEN, &data);
    if (read (fd, data, FILE_LEN) != FILE_LEN || memcmp (data, MAGIC, ID_AT) != 0)
      g_clear_pointer (&content, sp_secret_unref);
  }
  close (fd);
  return content;
}

static gint64
get_expiry (const SpSecret *content)
{
  gint64 expires_ms;

  memcpy (&expires_ms, sp_secret_peek (content, NULL) + EXPIRES_AT, sizeof expires_ms);
  return GINT64_FROM_LE (expires_ms);
}

static void
get_vault_id (const SpSecret *content, SpId *out_id)
{
  memcpy (out_id->bytes, sp_secret_peek (content, NULL) + ID_AT, SP_ID_LEN);
}

static gboolean
write_file (const char *name, const SpSecret *content, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (name);
  SpPrivateFile *file;
  gboolean written;

  if (g_mkdir_with_parents (folder, 0700) != 0) {
    g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (errno),
                 "The folder of this login's files cannot be used: %s", g_strerror (errno));
    return FALSE;
  }
  file = sp_private_file_new (name, error);
  if (file == NULL)
    return FALSE;
  written = g_output_stream_write_all (sp_private_file_get_stream (file),
                                       sp_secret_peek (content, NULL), FILE_LEN, NULL, NULL, error);
  return sp_private_file_finish (file, written, written ? error : NULL) && written;
}

static SpSecret *
make_content (const SpId *vault_id, gint64 expires_ms, const guint8 *half)
{
  gint64 expires_le = GINT64_TO_LE (expires_ms);
  guint8 *data;
  SpSecret *content = sp_secret_new_uninitialized (FILE_LEN, &data);

  memcpy (data, MAGIC, ID_AT);
  memcpy (data + ID_AT, vault_id->bytes, SP_ID_LEN);
  memcpy (data + EXPIRES_AT, &expires_le, sizeof expires_le);
  memcpy (data + HALF_AT, half, HALF_LEN);
  return content;
}

gboolean
sp_quick_unlock_save (const char *path,
                      const SpId *vault_id,
                      const char *label,
                      gint64 expires_ms,
                      const SpSecret *key,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autofree char *name = dup_file_name (path);
  const guint8 *bytes = sp_secret_peek (key, NULL);
  g_autoptr (SpSecret) first = NULL;
  g_autoptr (SpSecret) content = NULL;

  g_return_val_if_fail (sp_secret_get_length (key) == SP_QUICK_KEY_LEN, FALSE);

  if (name == NULL) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                         "This login has no folder of its own that is emptied when it ends.");
    return FALSE;
  }
  first = sp_secret_new (bytes, HALF_LEN);
  content = make_content (vault_id, expires_ms, bytes + HALF_LEN);
  if (!sp_keyring_store (SP_KEYRING_QUICK_UNLOCK, vault_id, label, first, cancellable, error))
    return FALSE;
  if (write_file (name, content, error))
    return TRUE;
  if (!sp_keyring_clear (SP_KEYRING_QUICK_UNLOCK, vault_id, NULL, NULL))
    g_warning ("Half of a key that is of no use is left in the keyring.");
  return FALSE;
}

static SpSecret *
join_halves (const SpSecret *first, const SpSecret *content)
{
  guint8 *data;
  SpSecret *key = sp_secret_new_uninitialized (SP_QUICK_KEY_LEN, &data);

  memcpy (data, sp_secret_peek (first, NULL), HALF_LEN);
  memcpy (data + HALF_LEN, sp_secret_peek (content, NULL) + HALF_AT, HALF_LEN);
  return key;
}

SpSecret *
sp_quick_unlock_load (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (SpSecret) content = read_file (path);
  g_autoptr (SpSecret) first = NULL;
  g_autoptr (GError) local_error = NULL;
  SpId vault_id;

  if (content != NULL) {
    get_vault_id (content, &vault_id);
    first = sp_keyring_lookup (SP_KEYRING_QUICK_UNLOCK, &vault_id, cancellable, &local_error);
  }
  if (local_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return NULL;
  }
  if (first == NULL || sp_secret_get_length (first) != HALF_LEN) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no quick unlock.");
    return NULL;
  }
  return join_halves (first, content);
}

void
sp_quick_unlock_forget (const char *path)
{
  g_autofree char *name = dup_file_name (path);
  g_autoptr (SpSecret) content = read_file (path);
  g_autoptr (GError) error = NULL;
  SpId vault_id;

  if (name != NULL && g_unlink (name) != 0 && errno != ENOENT)
    g_warning ("Half of the key of the quick unlock cannot be removed: %s", g_strerror (errno));
  if (content == NULL)
    return;
  get_vault_id (content, &vault_id);
  if (!sp_keyring_clear (SP_KEYRING_QUICK_UNLOCK, &vault_id, NULL, &error))
    g_warning ("Half of a key that is of no use is left in the keyring: %s", error->message);
}

gint64
sp_quick_unlock_get_expiry (const char *path)
{
  g_autoptr (SpSecret) content = read_file (path);

  return content != NULL ? get_expiry (content) : 0;
}
