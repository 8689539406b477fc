/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-vault-settings"

#include "config.h"

#include <string.h>

#include "vault/sp-transaction.h"

static gint
find_setting (const SpSeal *seal, guint64 setting)
{
  for (guint i = 0; i < seal->settings->len; i++)
    if (g_array_index (seal->settings, SpRef, i).number == setting)
      return (gint) i;
  return -1;
}

/**
 * sp_vault_read_setting: (skip)
 * @self: a vault
 * @seal: its seal
 * @setting: which
 * @error: return location for a [error@VaultError]
 *
 * Returns: (transfer full) (nullable): its bytes; `NULL` without an error when it is not set
 */
SpSecret *
sp_vault_read_setting (SpVault *self, const SpSeal *seal, guint64 setting, GError **error)
{
  gint index = find_setting (seal, setting);
  SpRecordBytes content;

  if (index < 0 ||
      !sp_vault_read_record (self, SP_TABLE_SETTING, &g_array_index (seal->settings, SpRef, index),
                             &content, error))
    return NULL;
  return sp_secret_new (content.data, content.len);
}

static void
list_setting (SpSeal *seal, const SpRef *ref)
{
  guint i = 0;

  while (i < seal->settings->len && g_array_index (seal->settings, SpRef, i).number < ref->number)
    i++;
  g_array_insert_val (seal->settings, i, *ref);
}

/**
 * sp_vault_write_setting: (skip)
 * @tx: a transaction
 * @setting: which
 * @data: (nullable): its bytes, or `NULL` to remove it
 * @len: how many
 * @error: return location for an error
 *
 * Returns: whether that was done
 */
gboolean
sp_vault_write_setting (SpTransaction *tx,
                        guint64 setting,
                        const guint8 *data,
                        gsize len,
                        GError **error)
{
  gint index = find_setting (tx->seal, setting);
  SpRef ref;

  if (data == NULL) {
    if (!sp_records_delete (tx->vault->db, SP_RECORDS_SETTING, setting, error))
      return FALSE;
  } else {
    sp_writer_fixed (sp_record_begin (tx->vault->cipher), data, len);
    if (!sp_transaction_put (tx, SP_TABLE_SETTING, setting, &ref, error))
      return FALSE;
  }
  if (index >= 0)
    g_array_remove_index (tx->seal->settings, (guint) index);
  if (data != NULL)
    list_setting (tx->seal, &ref);
  return TRUE;
}

/**
 * sp_vault_dup_name:
 * @self: a vault
 *
 * Returns: (transfer full): its name for people; empty when it cannot be read
 */
char *
sp_vault_dup_name (const SpVault *self)
{
  union {
    const SpVault *read;
    SpVault *write;
  } vault = { .read = self }; /* reading a record uses the cipher's buffer, not the vault's state */
  g_autoptr (SpSecret) name = sp_vault_read_setting (vault.write, self->seal, SP_SETTING_NAME,
                                                     NULL);

  return name != NULL ? g_utf8_make_valid (sp_secret_peek_text (name), -1) : g_strdup ("");
}

/**
 * sp_vault_set_name:
 * @self: a vault
 * @name: at most 1,024 bytes of UTF-8
 * @error: return location for a [error@VaultError]
 *
 * Returns: whether that is its name now
 */
gboolean
sp_vault_set_name (SpVault *self, const char *name, GError **error)
{
  SpTransaction *tx;
  gboolean done;

  if (!g_utf8_validate (name, -1, NULL) || strlen (name) > 1024) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID,
                         "A vault's name is at most 1,024 bytes of UTF-8.");
    return FALSE;
  }
  tx = sp_transaction_join (self, error);
  if (tx == NULL)
    return FALSE;
  done = sp_vault_write_setting (tx, SP_SETTING_NAME, (const guint8 *) name, strlen (name),
                                 error) &&
         sp_transaction_log (tx, SP_EVENT_SETTING_CHANGED, NULL, SP_SETTING_NAME, error);
  return sp_transaction_leave (tx, done, error) || sp_vault_translate (error);
}
