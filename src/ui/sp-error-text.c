/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The engine's sentences are for people, too, but they are long where the window shows the circumstances, and
 * they are English. Those that a person meets in daily use are said here; all others stand as they are. */

#define G_LOG_DOMAIN "sp-error-text"

#include "config.h"

#include "ui/sp-error-text.h"

#include <gio/gio.h>
#include <glib/gi18n.h>

#include "formats/sp-format-error.h"
#include "password/sp-password-error.h"
#include "vault/sp-vault-error.h"

#define MAX_WAIT_SECONDS (24 * 60 * 60)

typedef struct {
  int code;
  const char *text;
} Text;

static const Text io_texts[] = {
  { G_IO_ERROR_NOT_FOUND, N_ ("There is no such file or folder.") },
  { G_IO_ERROR_PERMISSION_DENIED, N_ ("The system does not allow that here.") },
  { G_IO_ERROR_NO_SPACE, N_ ("The disk is full. Nothing was written; free some space, and try "
                             "again.") },
  { G_IO_ERROR_READ_ONLY, N_ ("Nothing can be written there: the disk or folder is read-only.") },
  { G_IO_ERROR_EXISTS, N_ ("There is a file of that name already. It was not touched.") },
  { G_IO_ERROR_IS_DIRECTORY, N_ ("That is a folder, not a file.") },
  { G_IO_ERROR_NOT_REGULAR_FILE, N_ ("That is not a file.") },
};

static const Text format_texts[] = {
  { SP_FORMAT_ERROR_ENCODING,
    N_ ("The file’s characters are in an encoding that is not understood, or it is not a text.") },
  { SP_FORMAT_ERROR_EMPTY, N_ ("There is nothing in the file.") },
  { SP_FORMAT_ERROR_TOO_LARGE,
    N_ ("The file is too large to be an export of a password manager.") },
};

static const Text password_texts[] = {
  { SP_PASSWORD_ERROR_KEY_FILE,
    N_ ("That cannot be used as a key file: it is empty, too large or damaged.") },
};

static const Text texts[] = {
  { SP_VAULT_ERROR_WRONG_KEY, N_ ("That is not the password of this vault.") },
  { SP_VAULT_ERROR_KEY_FILE_NEEDED,
    N_ ("The password is not all that this vault asks for: a key file belongs to "
        "it.") },
  { SP_VAULT_ERROR_KEY_FILE_OTHER,
    N_ ("That is not the key file that belongs to this password, or none does.") },
  { SP_VAULT_ERROR_DEVICE_KEY_NEEDED,
    N_ ("The password is not all that this vault asks for: it opens only on the device that has its key.") },
  { SP_VAULT_ERROR_LAST_SLOT,
    N_ ("Nothing else would open the vault for good. Nothing was changed.") },
  { SP_VAULT_ERROR_NOT_A_VAULT, N_ ("This file is not a SecurePass vault.") },
  { SP_VAULT_ERROR_NEWER_FORMAT, N_ ("This vault was made by a newer version of SecurePass.") },
  { SP_VAULT_ERROR_READ_ONLY, N_ ("The vault is open for reading only. Nothing was changed.") },
  { SP_VAULT_ERROR_CONFLICT,
    N_ ("This item was changed elsewhere in the meantime. Nothing was overwritten.") },
  { SP_VAULT_ERROR_UNCERTAIN,
    N_ ("The disk failed at the very end. The change may be there or not: keep what opened the vault "
        "before, and what was to open it.") },
  { SP_VAULT_ERROR_PERMISSION, N_ ("The system does not allow it. Nothing was changed.") },
  { SP_VAULT_ERROR_NO_SPACE, N_ ("The disk is full. Nothing was changed; free some space, and try "
                                 "again.") },
  { SP_VAULT_ERROR_REPLACED,
    N_ ("The vault’s file is not where it was, or another one is in its place. Nothing was changed.") },
  { SP_VAULT_ERROR_BUSY, N_ ("Another program is writing to the vault. Nothing was changed; try "
                             "again.") },
};

static const char *
find (const Text *table, gsize n, int code)
{
  for (gsize i = 0; i < n; i++)
    if (table[i].code == code)
      return table[i].text;
  return NULL;
}

/**
 * sp_error_get_wait_seconds:
 * @error: an error
 *
 * Returns: how many seconds there are to wait after failed attempts; 0 if that is not what @error says
 */
guint
sp_error_get_wait_seconds (const GError *error)
{
  gint64 seconds = 0;

  if (!g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_LOCKED_OUT))
    return 0;
  /* It is the last number in the engine's sentence. */
  for (const char *at = error->message; *at != '\0'; at++) {
    char *end;

    if (!g_ascii_isdigit (*at))
      continue;
    seconds = g_ascii_strtoll (at, &end, 10);
    at = end - 1;
  }
  return (guint) CLAMP (seconds, 0, MAX_WAIT_SECONDS);
}

/**
 * sp_error_text:
 * @error: an error
 *
 * Returns: (transfer full): a sentence for the user; never a secret
 */
char *
sp_error_text (const GError *error)
{
  guint seconds = sp_error_get_wait_seconds (error);
  const char *text = NULL;

  g_return_val_if_fail (error != NULL, NULL);

  /* Translators: %u counts down the seconds after which a password may be tried again. */
  if (seconds > 0)
    return g_strdup_printf (ngettext ("Too many failed attempts. Try again in %u second.",
                                      "Too many failed attempts. Try again in %u seconds.",
                                      seconds),
                            seconds);
  if (error->domain == SP_VAULT_ERROR)
    text = find (texts, G_N_ELEMENTS (texts), error->code);
  else if (error->domain == SP_FORMAT_ERROR)
    text = find (format_texts, G_N_ELEMENTS (format_texts), error->code);
  else if (error->domain == SP_PASSWORD_ERROR)
    text = find (password_texts, G_N_ELEMENTS (password_texts), error->code);
  else if (error->domain == G_IO_ERROR)
    text = find (io_texts, G_N_ELEMENTS (io_texts), error->code);
  return g_strdup (text != NULL ? _ (text) : error->message);
}
