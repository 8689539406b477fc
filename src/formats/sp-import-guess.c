/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a column is, told by its name alone, for files of managers that nobody wrote a table for; and the
 * kind of a custom field. The names are those that exports were seen to use, in English and, for the few
 * that a person would type into a spreadsheet, in some other languages. */

#define G_LOG_DOMAIN "sp-import-guess"

#include "config.h"

#include "formats/sp-import-private.h"

#include <string.h>

typedef struct {
  const char *names; /* normalised, parted by spaces */
  SpColumnRule rule;
} Guess;

static const Guess guesses[] = {
  { "title name itemname entryname entry account accountname sitename servicename service "
    "titel bezeichnung titre nom titulo nombre titolo",
    { NULL, SP_ROLE_TITLE, NULL } },
  { "url urls uri uris loginurl loginuri website websiteurl websiteaddress webaddress webpage site "
    "siteurl siteaddress link hostname origin originurl web additionalurls webseite internetadresse "
    "siteweb sitioweb sitoweb",
    { NULL, SP_ROLE_FIELD, "url" } },
  { "username user userid login loginname loginusername loginid benutzername benutzer identifiant "
    "utilisateur usuario nombredeusuario nomeutente",
    { NULL, SP_ROLE_FIELD, "username" } },
  { "password pass pwd passwd loginpassword passwort kennwort motdepasse contrasena contraseña "
    "senha",
    { NULL, SP_ROLE_FIELD, "password" } },
  { "notes note comment comments extra memo remarks notizen notiz bemerkung kommentar "
    "commentaire commentaires notas",
    { NULL, SP_ROLE_NOTES, NULL } },
  { "totp otp otpauth otpurl otpuri otpsecret totpsecret totpurl totpuri logintotp onetimepassword "
    "onetimecode twofactor twofactorsecret twofactorcode 2fa 2fasecret tfa authenticator "
    "authenticatorkey mfa",
    { NULL, SP_ROLE_FIELD, "otp" } },
  { "email emailaddress mail useremail", { NULL, SP_ROLE_FIELD, "email" } },
  { "tags tag labels label keywords schlagworte etiquettes etiquetas",
    { NULL, SP_ROLE_TAGS, NULL } },
  { "folder folders group groups grouping grouppath category categories collection collections "
    "vault path ordner gruppe kategorie dossier groupe carpeta grupo",
    { NULL, SP_ROLE_FOLDER, NULL } },
  { "type itemtype recordtype typ", { NULL, SP_ROLE_TYPE, NULL } },
  { "favorite favourite favorites favourites fav starred favoritestatus isfavorite favorit favori "
    "favorito",
    { NULL, SP_ROLE_FAVOURITE, NULL } },
  { "archived isarchived", { NULL, SP_ROLE_ARCHIVED, NULL } },
  { "created createdat createddate createdon createtime creationtime creationdate datecreated "
    "timecreated erstellt",
    { NULL, SP_ROLE_CREATED, NULL } },
  { "modified modifiedat modifieddate modifytime modificationdate lastmodified lastmodifiedat "
    "datemodified updated updatedat lastupdated lastupdate timepasswordchanged geändert",
    { NULL, SP_ROLE_MODIFIED, NULL } },
  { "expires expiresat expiry expirydate expirationdate expiration",
    { NULL, SP_ROLE_EXPIRES, NULL } },
};

/* A custom field whose label holds one of these words (normalised) is of that kind; the first one wins. */
static const struct {
  const char *words;
  SpFieldKind kind;
} kinds[] = {
  { "otpauth totp otpurl otpsecret", SP_FIELD_OTP },
  { "password passwort passwd passphrase pwd kennwort secret pincode cvv cvc securitycode privatekey "
    "secretkey apikey accesskey recoverykey recoverycode backupcode token seed securityanswer "
    "licensekey licencekey mnemonic",
    SP_FIELD_HIDDEN },
  { "email", SP_FIELD_EMAIL },
  { "phone telephone mobile fax", SP_FIELD_PHONE },
  { "url website webaddress", SP_FIELD_URL },
  { "date birthday", SP_FIELD_DATE },
};

static const struct {
  const char *names;
  SpItemType type;
} type_names[] = {
  { "login logins alias website websitelogin", SP_ITEM_LOGIN },
  { "password", SP_ITEM_PASSWORD },
  { "note notes securenote securenotes safenote encryptednote encryptednotes", SP_ITEM_NOTE },
  { "card creditcard debitcard paymentcard bankcard", SP_ITEM_CARD },
  { "identity identities personalinfo contact contacts contactinfo contactinformation address name "
    "email phone company",
    SP_ITEM_IDENTITY },
  { "bankaccount bank", SP_ITEM_BANK_ACCOUNT },
  { "sshkey sshkeys", SP_ITEM_SSH_KEY },
  { "apicredential apicredentials apikey", SP_ITEM_API_CREDENTIAL },
  { "wifi wifipassword wireless wirelessrouter wificredentials", SP_ITEM_WIFI },
  { "softwarelicence softwarelicense licence license", SP_ITEM_SOFTWARE_LICENCE },
  { "document passport driverslicense driverlicense drivinglicence idcard identitycard "
    "socialsecuritynumber socialsecurity taxnumber fiscalstatement",
    SP_ITEM_DOCUMENT },
  { "server servercredentials", SP_ITEM_SERVER },
  { "database databasecredentials", SP_ITEM_DATABASE },
};

/* Is `word` one of `words`? */
static gboolean
list_has (const char *words, const char *word)
{
  gsize len = strlen (word);

  if (len == 0)
    return FALSE;
  for (const char *p = strstr (words, word); p != NULL; p = strstr (p + 1, word)) {
    if ((p == words || p[-1] == ' ') && (p[len] == ' ' || p[len] == '\0'))
      return TRUE;
  }
  return FALSE;
}

/* Does `text` hold one of `words`? */
static gboolean
holds_any (const char *text, const char *words)
{
  g_auto (GStrv) list = g_strsplit (words, " ", -1);

  for (gsize i = 0; list[i] != NULL; i++) {
    if (strstr (text, list[i]) != NULL)
      return TRUE;
  }
  return FALSE;
}

/* Lower case, and of ASCII only letters and digits: "Web Site", "web_site" and "website" are one. */
char *
sp_import_normalize (const char *column)
{
  GString *out = g_string_new (NULL);

  for (const char *p = column; *p != '\0'; p += g_utf8_skip[(guchar) *p]) {
    gunichar c = g_utf8_get_char (p);

    if ((c < 0x80 && !g_ascii_isalnum ((char) c)) || c == 0xfeff || g_unichar_isspace (c))
      continue;
    g_string_append_unichar (out, g_unichar_tolower (c));
  }
  return g_string_free (out, FALSE);
}

/* NULL if the name tells nothing. */
const SpColumnRule *
sp_import_guess_column (const char *normalized)
{
  for (gsize i = 0; i < G_N_ELEMENTS (guesses); i++) {
    if (list_has (guesses[i].names, normalized))
      return &guesses[i].rule;
  }
  return NULL;
}

SpFieldKind
sp_import_guess_kind (const char *label)
{
  g_autofree char *normalized = sp_import_normalize (label);

  if (strcmp (normalized, "pin") == 0 || strcmp (normalized, "code") == 0)
    return SP_FIELD_HIDDEN;
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
    if (holds_any (normalized, kinds[i].words))
      return kinds[i].kind;
  }
  return SP_FIELD_TEXT;
}

/* `out_exact`: the name is ours, so that the type alone says it all. */
SpItemType
sp_import_type_from_name (const char *name, gboolean *out_exact)
{
  const SpItemTypeInfo *info = sp_item_type_from_name (name);
  g_autofree char *normalized = NULL;

  *out_exact = info != NULL;
  if (info != NULL)
    return info->type;

  normalized = sp_import_normalize (name);
  for (gsize i = 0; i < G_N_ELEMENTS (type_names); i++) {
    if (list_has (type_names[i].names, normalized)) {
      info = sp_item_type_get_info (type_names[i].type);
      *out_exact = info != NULL && g_ascii_strcasecmp (info->name, name) == 0;
      return type_names[i].type;
    }
  }
  return 0;
}
