/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The item types and their fields, as one table (VAULT-FORMAT.md §6.3, §7.1): adding a type is adding a row.
 *
 * Invariants:
 *  - Names are stored in vaults and written into exports: lower-case English with hyphens, never renamed
 *    and never given another meaning. Labels are for people, and may change.
 *  - The fields stand in their order on screen. The first one that is marked as a subtitle, and is not
 *    empty, is shown under the title and searched, so it is never of a concealed kind.
 *  - The row of type n is the n-th. */

#define G_LOG_DOMAIN "sp-item-type"

#include "config.h"

#include "vault/sp-item-type.h"

#include <glib/gi18n-lib.h>

static const SpFieldTemplate login_fields[] = {
  { "username", N_ ("User name"), SP_FIELD_TEXT, TRUE },
  { "password", N_ ("Password"), SP_FIELD_HIDDEN, FALSE },
  { "url", N_ ("Website"), SP_FIELD_URL, FALSE },
  { "otp", N_ ("One-time code"), SP_FIELD_OTP, FALSE },
};

static const SpFieldTemplate password_fields[] = {
  { "password", N_ ("Password"), SP_FIELD_HIDDEN, FALSE },
  { "url", N_ ("Website"), SP_FIELD_URL, FALSE },
};

static const SpFieldTemplate card_fields[] = {
  { "cardholder", N_ ("Cardholder"), SP_FIELD_TEXT, TRUE },
  { "number", N_ ("Card number"), SP_FIELD_HIDDEN, FALSE },
  { "expiry", N_ ("Expiry date"), SP_FIELD_DATE, FALSE },
  { "cvv", N_ ("Security code"), SP_FIELD_HIDDEN, FALSE },
  { "pin", N_ ("PIN"), SP_FIELD_HIDDEN, FALSE },
  { "brand", N_ ("Brand"), SP_FIELD_TEXT, TRUE },
  { "issuer", N_ ("Issuer"), SP_FIELD_TEXT, FALSE },
  { "valid-from", N_ ("Valid from"), SP_FIELD_DATE, FALSE },
};

static const SpFieldTemplate identity_fields[] = {
  { "salutation", N_ ("Salutation"), SP_FIELD_TEXT, FALSE },
  { "full-name", N_ ("Full name"), SP_FIELD_TEXT, TRUE },
  { "first-name", N_ ("First name"), SP_FIELD_TEXT, TRUE },
  { "middle-name", N_ ("Middle name"), SP_FIELD_TEXT, FALSE },
  { "last-name", N_ ("Last name"), SP_FIELD_TEXT, TRUE },
  { "username", N_ ("User name"), SP_FIELD_TEXT, TRUE },
  { "birth-date", N_ ("Date of birth"), SP_FIELD_DATE, FALSE },
  { "gender", N_ ("Gender"), SP_FIELD_TEXT, FALSE },
  { "company", N_ ("Company"), SP_FIELD_TEXT, TRUE },
  { "job-title", N_ ("Job title"), SP_FIELD_TEXT, FALSE },
  { "email", N_ ("E-mail"), SP_FIELD_EMAIL, TRUE },
  { "phone", N_ ("Phone"), SP_FIELD_PHONE, FALSE },
  { "mobile", N_ ("Mobile phone"), SP_FIELD_PHONE, FALSE },
  { "address", N_ ("Address"), SP_FIELD_MULTILINE, FALSE },
  { "city", N_ ("City"), SP_FIELD_TEXT, FALSE },
  { "region", N_ ("State or region"), SP_FIELD_TEXT, FALSE },
  { "postal-code", N_ ("Postal code"), SP_FIELD_TEXT, FALSE },
  { "country", N_ ("Country"), SP_FIELD_TEXT, FALSE },
  { "url", N_ ("Website"), SP_FIELD_URL, FALSE },
  { "national-id", N_ ("National ID number"), SP_FIELD_HIDDEN, FALSE },
  { "passport-number", N_ ("Passport number"), SP_FIELD_HIDDEN, FALSE },
  { "licence-number", N_ ("Driver’s licence number"), SP_FIELD_HIDDEN, FALSE },
};

static const SpFieldTemplate bank_account_fields[] = {
  { "account-holder", N_ ("Account holder"), SP_FIELD_TEXT, TRUE },
  { "bank", N_ ("Bank"), SP_FIELD_TEXT, TRUE },
  { "account-type", N_ ("Account type"), SP_FIELD_TEXT, FALSE },
  { "iban", N_ ("IBAN"), SP_FIELD_TEXT, FALSE },
  { "bic", N_ ("BIC or SWIFT code"), SP_FIELD_TEXT, FALSE },
  { "account-number", N_ ("Account number"), SP_FIELD_TEXT, FALSE },
  { "routing-number", N_ ("Routing number or sort code"), SP_FIELD_TEXT, FALSE },
  { "pin", N_ ("PIN"), SP_FIELD_HIDDEN, FALSE },
  { "branch", N_ ("Branch"), SP_FIELD_TEXT, FALSE },
  { "phone", N_ ("Phone"), SP_FIELD_PHONE, FALSE },
  { "address", N_ ("Address"), SP_FIELD_MULTILINE, FALSE },
  { "url", N_ ("Website"), SP_FIELD_URL, FALSE },
};

static const SpFieldTemplate ssh_key_fields[] = {
  { "username", N_ ("User name"), SP_FIELD_TEXT, TRUE },
  { "host", N_ ("Host"), SP_FIELD_TEXT, TRUE },
  { "private-key", N_ ("Private key"), SP_FIELD_HIDDEN_MULTILINE, FALSE },
  { "passphrase", N_ ("Passphrase"), SP_FIELD_HIDDEN, FALSE },
  { "public-key", N_ ("Public key"), SP_FIELD_MULTILINE, FALSE },
  { "fingerprint", N_ ("Fingerprint"), SP_FIELD_TEXT, FALSE },
  { "key-type", N_ ("Key type"), SP_FIELD_TEXT, FALSE },
};

static const SpFieldTemplate api_credential_fields[] = {
  { "username", N_ ("User name"), SP_FIELD_TEXT, TRUE },
  { "key-id", N_ ("Key ID"), SP_FIELD_TEXT, TRUE },
  { "credential", N_ ("Credential"), SP_FIELD_HIDDEN, FALSE },
  { "secret", N_ ("Secret"), SP_FIELD_HIDDEN, FALSE },
  { "credential-type", N_ ("Credential type"), SP_FIELD_TEXT, FALSE },
  { "host", N_ ("Host"), SP_FIELD_TEXT, TRUE },
  { "url", N_ ("Website"), SP_FIELD_URL, FALSE },
  { "valid-from", N_ ("Valid from"), SP_FIELD_DATE, FALSE },
  { "expiry", N_ ("Expiry date"), SP_FIELD_DATE, FALSE },
};

static const SpFieldTemplate wifi_fields[] = {
  { "ssid", N_ ("Network name"), SP_FIELD_TEXT, TRUE },
  { "password", N_ ("Password"), SP_FIELD_HIDDEN, FALSE },
  { "security", N_ ("Security"), SP_FIELD_TEXT, FALSE },
  { "username", N_ ("User name"), SP_FIELD_TEXT, TRUE },
  { "url", N_ ("Router’s address"), SP_FIELD_URL, FALSE },
  { "router-password", N_ ("Router’s password"), SP_FIELD_HIDDEN, FALSE },
};

static const SpFieldTemplate software_licence_fields[] = {
  { "licensee", N_ ("Licensed to"), SP_FIELD_TEXT, TRUE },
  { "email", N_ ("E-mail"), SP_FIELD_EMAIL, TRUE },
  { "company", N_ ("Company"), SP_FIELD_TEXT, FALSE },
  { "licence-key", N_ ("Licence key"), SP_FIELD_HIDDEN_MULTILINE, FALSE },
  { "version", N_ ("Version"), SP_FIELD_TEXT, TRUE },
  { "publisher", N_ ("Publisher"), SP_FIELD_TEXT, FALSE },
  { "order-number", N_ ("Order number"), SP_FIELD_TEXT, FALSE },
  { "purchase-date", N_ ("Date of purchase"), SP_FIELD_DATE, FALSE },
  { "expiry", N_ ("Expiry date"), SP_FIELD_DATE, FALSE },
  { "url", N_ ("Website"), SP_FIELD_URL, FALSE },
};

static const SpFieldTemplate document_fields[] = {
  { "kind", N_ ("Kind of document"), SP_FIELD_TEXT, FALSE },
  { "number", N_ ("Document number"), SP_FIELD_HIDDEN, FALSE },
  { "full-name", N_ ("Full name"), SP_FIELD_TEXT, TRUE },
  { "birth-date", N_ ("Date of birth"), SP_FIELD_DATE, FALSE },
  { "birth-place", N_ ("Place of birth"), SP_FIELD_TEXT, FALSE },
  { "gender", N_ ("Gender"), SP_FIELD_TEXT, FALSE },
  { "nationality", N_ ("Nationality"), SP_FIELD_TEXT, FALSE },
  { "issuing-country", N_ ("Issuing country"), SP_FIELD_TEXT, TRUE },
  { "issuing-authority", N_ ("Issuing authority"), SP_FIELD_TEXT, FALSE },
  { "issue-date", N_ ("Date of issue"), SP_FIELD_DATE, FALSE },
  { "expiry", N_ ("Expiry date"), SP_FIELD_DATE, FALSE },
  { "class", N_ ("Class"), SP_FIELD_TEXT, FALSE },
  { "address", N_ ("Address"), SP_FIELD_MULTILINE, FALSE },
};

static const SpFieldTemplate server_fields[] = {
  { "host", N_ ("Host"), SP_FIELD_TEXT, TRUE },
  { "port", N_ ("Port"), SP_FIELD_TEXT, FALSE },
  { "username", N_ ("User name"), SP_FIELD_TEXT, TRUE },
  { "password", N_ ("Password"), SP_FIELD_HIDDEN, FALSE },
  { "protocol", N_ ("Protocol"), SP_FIELD_TEXT, FALSE },
  { "url", N_ ("Admin console"), SP_FIELD_URL, FALSE },
  { "otp", N_ ("One-time code"), SP_FIELD_OTP, FALSE },
};

static const SpFieldTemplate database_fields[] = {
  { "database-type", N_ ("Database type"), SP_FIELD_TEXT, FALSE },
  { "host", N_ ("Host"), SP_FIELD_TEXT, TRUE },
  { "port", N_ ("Port"), SP_FIELD_TEXT, FALSE },
  { "database", N_ ("Database"), SP_FIELD_TEXT, TRUE },
  { "username", N_ ("User name"), SP_FIELD_TEXT, TRUE },
  { "password", N_ ("Password"), SP_FIELD_HIDDEN, FALSE },
  { "sid", N_ ("SID"), SP_FIELD_TEXT, FALSE },
  { "alias", N_ ("Alias"), SP_FIELD_TEXT, FALSE },
  { "options", N_ ("Connection options"), SP_FIELD_TEXT, FALSE },
  { "url", N_ ("Admin console"), SP_FIELD_URL, FALSE },
};

#define FIELDS(array) (array), G_N_ELEMENTS (array)

static const SpItemTypeInfo types[] = {
  { SP_ITEM_LOGIN, "login", N_ ("Login"), FIELDS (login_fields) },
  { SP_ITEM_PASSWORD, "password", N_ ("Password"), FIELDS (password_fields) },
  { SP_ITEM_NOTE, "note", N_ ("Secure note"), NULL, 0 },
  { SP_ITEM_CARD, "card", N_ ("Credit card"), FIELDS (card_fields) },
  { SP_ITEM_IDENTITY, "identity", N_ ("Identity"), FIELDS (identity_fields) },
  { SP_ITEM_BANK_ACCOUNT, "bank-account", N_ ("Bank account"), FIELDS (bank_account_fields) },
  { SP_ITEM_SSH_KEY, "ssh-key", N_ ("SSH key"), FIELDS (ssh_key_fields) },
  { SP_ITEM_API_CREDENTIAL, "api-credential", N_ ("API credential"),
    FIELDS (api_credential_fields) },
  { SP_ITEM_WIFI, "wifi", N_ ("Wi-Fi"), FIELDS (wifi_fields) },
  { SP_ITEM_SOFTWARE_LICENCE, "software-licence", N_ ("Software licence"),
    FIELDS (software_licence_fields) },
  { SP_ITEM_DOCUMENT, "document", N_ ("Document"), FIELDS (document_fields) },
  { SP_ITEM_SERVER, "server", N_ ("Server"), FIELDS (server_fields) },
  { SP_ITEM_DATABASE, "database", N_ ("Database"), FIELDS (database_fields) },
};

/* Words of exports and of the command line, the n-th for kind n. */
static const char *const kind_names[] = {
  "text", "hidden", "email", "url", "date", "phone", "otp", "multiline", "hidden-multiline",
};

/**
 * sp_item_type_get_info:
 * @type: any number
 *
 * Returns: (transfer none) (nullable): the type's row, or %NULL for a type that a later version made
 */
const SpItemTypeInfo *
sp_item_type_get_info (SpItemType type)
{
  guint number = (guint) type;

  if (number < 1 || number > G_N_ELEMENTS (types))
    return NULL;
  return &types[number - 1];
}

/**
 * sp_item_type_from_name:
 * @name: a type's name, such as "bank-account"
 *
 * Returns: (transfer none) (nullable): the type's row
 */
const SpItemTypeInfo *
sp_item_type_from_name (const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_equal (types[i].name, name))
      return &types[i];
  return NULL;
}

/**
 * sp_item_type_list:
 * @out_n: (out): how many types there are
 *
 * Returns: (transfer none) (array length=out_n): all types, in the order of their numbers
 */
const SpItemTypeInfo *
sp_item_type_list (gsize *out_n)
{
  g_return_val_if_fail (out_n != NULL, NULL);

  *out_n = G_N_ELEMENTS (types);
  return types;
}

/**
 * sp_item_type_find_field:
 * @info: (nullable): a type's row
 * @name: the name of a field
 *
 * Returns: (transfer none) (nullable): the type's field of that name
 */
const SpFieldTemplate *
sp_item_type_find_field (const SpItemTypeInfo *info, const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  if (info == NULL)
    return NULL;
  for (gsize i = 0; i < info->n_fields; i++)
    if (g_str_equal (info->fields[i].name, name))
      return &info->fields[i];
  return NULL;
}

/**
 * sp_field_kind_is_secret:
 * @kind: a kind of field
 *
 * Returns: %TRUE if its value is concealed until somebody asks for it, as that of a kind not known here is
 */
gboolean
sp_field_kind_is_secret (SpFieldKind kind)
{
  guint number = (guint) kind;

  return number < 1 || number > G_N_ELEMENTS (kind_names) || kind == SP_FIELD_HIDDEN ||
         kind == SP_FIELD_OTP || kind == SP_FIELD_HIDDEN_MULTILINE;
}

/**
 * sp_field_kind_to_name:
 * @kind: a kind of field
 *
 * Returns: (transfer none): its word in exports and on the command line; a kind not known here is "hidden"
 */
const char *
sp_field_kind_to_name (SpFieldKind kind)
{
  guint number = (guint) kind;

  if (number < 1 || number > G_N_ELEMENTS (kind_names))
    return "hidden";
  return kind_names[number - 1];
}

/**
 * sp_field_kind_from_name:
 * @name: a word of sp_field_kind_to_name()
 * @out_kind: (out): the kind of field
 *
 * Returns: %FALSE if there is no such kind
 */
gboolean
sp_field_kind_from_name (const char *name, SpFieldKind *out_kind)
{
  g_return_val_if_fail (name != NULL && out_kind != NULL, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (kind_names); i++)
    if (g_str_equal (kind_names[i], name)) {
      *out_kind = (SpFieldKind) (i + 1);
      return TRUE;
    }
  return FALSE;
}
