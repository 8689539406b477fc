/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-keyring"

#include "config.h"

#include "services/sp-keyring.h"

#include <libsecret/secret.h>

static const SecretSchema schema = {
  SP_APP_ID ".Vault",
  SECRET_SCHEMA_NONE,
  { { "vault", SECRET_SCHEMA_ATTRIBUTE_STRING }, { "use", SECRET_SCHEMA_ATTRIBUTE_STRING } },
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
};

static const char *
get_name (SpKeyringUse use)
{
  switch (use) {
  case SP_KEYRING_QUICK_UNLOCK:
  default:
    return "quick-unlock";
  }
}

gboolean
sp_keyring_store (SpKeyringUse use,
                  const SpId *vault_id,
                  const char *label,
                  const SpSecret *secret,
                  GCancellable *cancellable,
                  GError **error)
{
  char vault[SP_ID_STRING_LEN + 1];
  SecretValue *value;
  gsize len;
  const guint8 *data = sp_secret_peek (secret, &len);
  gboolean done;

  sp_id_to_string (vault_id, vault);
  value = secret_value_new ((const char *) data, (gssize) len, "application/octet-stream");
  done = secret_password_store_binary_sync (&schema, SECRET_COLLECTION_DEFAULT, label, value,
                                            cancellable, error, "vault", vault, "use",
                                            get_name (use), NULL);
  secret_value_unref (value);
  return done;
}

SpSecret *
sp_keyring_lookup (SpKeyringUse use,
                   const SpId *vault_id,
                   GCancellable *cancellable,
                   GError **error)
{
  char vault[SP_ID_STRING_LEN + 1];
  SecretValue *value;
  SpSecret *secret;
  const char *data;
  gsize len;

  sp_id_to_string (vault_id, vault);
  value = secret_password_lookup_binary_sync (&schema, cancellable, error, "vault", vault, "use",
                                              get_name (use), NULL);
  if (value == NULL)
    return NULL;
  data = secret_value_get (value, &len);
  secret = sp_secret_new ((const guint8 *) data, len);
  secret_value_unref (value);
  return secret;
}

gboolean
sp_keyring_clear (SpKeyringUse use, const SpId *vault_id, GCancellable *cancellable, GError **error)
{
  char vault[SP_ID_STRING_LEN + 1];
  GError *local_error = NULL;

  sp_id_to_string (vault_id, vault);
  /* FALSE without an error: there was none. */
  if (!secret_password_clear_sync (&schema, cancellable, &local_error, "vault", vault, "use",
                                   get_name (use), NULL) &&
      local_error != NULL) {
    g_propagate_error (error, local_error);
    return FALSE;
  }
  return TRUE;
}
