/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The managers that we know, by the columns of their exports. A column that is not in a table goes to
 * the guesses of sp-import-guess.c where its name is plain, and becomes a custom field where it is
 * not. Names are normalised: lower case, letters and digits only.
 *
 * The order of specs matters where one export's columns are a part of another's: the first whose required
 * columns are all there, and that has the most of them, wins. */

#define G_LOG_DOMAIN "sp-import-specs"

#include "config.h"

#include "formats/sp-import-private.h"

static const SpColumnRule bitwarden_rules[] = {
  { "folder", SP_ROLE_FOLDER, NULL },
  { "collections", SP_ROLE_FOLDER, NULL },
  { "favorite", SP_ROLE_FAVOURITE, NULL },
  { "type", SP_ROLE_TYPE, NULL },
  { "name", SP_ROLE_TITLE, NULL },
  { "notes", SP_ROLE_NOTES, NULL },
  { "fields", SP_ROLE_FIELD_LINES, NULL },
  { "reprompt", SP_ROLE_CUSTOM, NULL },
  { "archiveddate", SP_ROLE_CUSTOM, NULL },
  { "loginuri", SP_ROLE_FIELD, "url" },
  { "loginusername", SP_ROLE_FIELD, "username" },
  { "loginpassword", SP_ROLE_FIELD, "password" },
  { "logintotp", SP_ROLE_FIELD, "otp" },
};

static const SpColumnRule lastpass_rules[] = {
  { "url", SP_ROLE_FIELD, "url" },           { "username", SP_ROLE_FIELD, "username" },
  { "password", SP_ROLE_FIELD, "password" }, { "totp", SP_ROLE_FIELD, "otp" },
  { "extra", SP_ROLE_NOTES, NULL },          { "name", SP_ROLE_TITLE, NULL },
  { "grouping", SP_ROLE_FOLDER, NULL },      { "fav", SP_ROLE_FAVOURITE, NULL },
};

static const SpColumnRule firefox_rules[] = {
  { "url", SP_ROLE_FIELD, "url" },
  { "username", SP_ROLE_FIELD, "username" },
  { "password", SP_ROLE_FIELD, "password" },
  { "httprealm", SP_ROLE_CUSTOM, NULL },
  { "formactionorigin", SP_ROLE_CUSTOM, NULL },
  { "guid", SP_ROLE_CUSTOM, NULL },
  { "timecreated", SP_ROLE_CREATED, NULL },
  { "timelastused", SP_ROLE_CUSTOM, NULL },
  { "timepasswordchanged", SP_ROLE_MODIFIED, NULL },
};

static const SpColumnRule onepassword_rules[] = {
  { "title", SP_ROLE_TITLE, NULL },
  { "url", SP_ROLE_FIELD, "url" },
  { "urls", SP_ROLE_FIELD, "url" },
  { "username", SP_ROLE_FIELD, "username" },
  { "password", SP_ROLE_FIELD, "password" },
  { "otpauth", SP_ROLE_FIELD, "otp" },
  { "onetimepassword", SP_ROLE_FIELD, "otp" },
  { "favorite", SP_ROLE_FAVOURITE, NULL },
  { "favoritestatus", SP_ROLE_FAVOURITE, NULL },
  { "archived", SP_ROLE_ARCHIVED, NULL },
  { "archivedstatus", SP_ROLE_ARCHIVED, NULL },
  { "website", SP_ROLE_FIELD, "url" },
  { "tags", SP_ROLE_TAGS, NULL },
  { "notes", SP_ROLE_NOTES, NULL },
};

static const SpColumnRule safari_rules[] = {
  { "title", SP_ROLE_TITLE, NULL },          { "url", SP_ROLE_FIELD, "url" },
  { "username", SP_ROLE_FIELD, "username" }, { "password", SP_ROLE_FIELD, "password" },
  { "notes", SP_ROLE_NOTES, NULL },          { "otpauth", SP_ROLE_FIELD, "otp" },
};

static const SpColumnRule keepass2_rules[] = {
  { "account", SP_ROLE_TITLE, NULL },        { "loginname", SP_ROLE_FIELD, "username" },
  { "password", SP_ROLE_FIELD, "password" }, { "website", SP_ROLE_FIELD, "url" },
  { "comments", SP_ROLE_NOTES, NULL },
};

static const SpColumnRule keepassxc_rules[] = {
  { "group", SP_ROLE_FOLDER, NULL },
  { "title", SP_ROLE_TITLE, NULL },
  { "username", SP_ROLE_FIELD, "username" },
  { "password", SP_ROLE_FIELD, "password" },
  { "url", SP_ROLE_FIELD, "url" },
  { "notes", SP_ROLE_NOTES, NULL },
  { "totp", SP_ROLE_FIELD, "otp" },
  { "icon", SP_ROLE_CUSTOM, NULL },
  { "lastmodified", SP_ROLE_MODIFIED, NULL },
  { "created", SP_ROLE_CREATED, NULL },
  { "tags", SP_ROLE_TAGS, NULL },
};

static const SpColumnRule dashlane_rules[] = {
  { "username", SP_ROLE_FIELD, "username" }, { "username2", SP_ROLE_CUSTOM, NULL },
  { "username3", SP_ROLE_CUSTOM, NULL },     { "title", SP_ROLE_TITLE, NULL },
  { "password", SP_ROLE_FIELD, "password" }, { "note", SP_ROLE_NOTES, NULL },
  { "url", SP_ROLE_FIELD, "url" },           { "category", SP_ROLE_FOLDER, NULL },
  { "otpurl", SP_ROLE_FIELD, "otp" },        { "otpsecret", SP_ROLE_FIELD, "otp" },
};

static const SpColumnRule dashlane_payment_rules[] = {
  { "type", SP_ROLE_TYPE, NULL },
  { "name", SP_ROLE_TITLE, NULL },
  { "accountname", SP_ROLE_TITLE, NULL },
  { "accountholder", SP_ROLE_FIELD, "cardholder|account-holder" },
  { "ccnumber", SP_ROLE_FIELD, "number" },
  { "code", SP_ROLE_FIELD, "cvv" },
  { "expirationmonth", SP_ROLE_CUSTOM, NULL },
  { "expirationyear", SP_ROLE_CUSTOM, NULL },
  { "routingnumber", SP_ROLE_FIELD, "routing-number" },
  { "accountnumber", SP_ROLE_FIELD, "account-number" },
  { "country", SP_ROLE_CUSTOM, NULL },
  { "issuingbank", SP_ROLE_FIELD, "issuer|bank" },
  { "note", SP_ROLE_NOTES, NULL },
};

static const SpColumnRule dashlane_id_rules[] = {
  { "type", SP_ROLE_TYPE, NULL },
  { "number", SP_ROLE_FIELD, "number" },
  { "name", SP_ROLE_FIELD, "full-name" },
  { "issuedate", SP_ROLE_FIELD, "issue-date" },
  { "expirationdate", SP_ROLE_FIELD, "expiry" },
  { "placeofissue", SP_ROLE_CUSTOM, NULL },
  { "state", SP_ROLE_CUSTOM, NULL },
};

static const SpColumnRule dashlane_personal_rules[] = {
  { "type", SP_ROLE_TYPE, NULL },
  { "itemname", SP_ROLE_TITLE, NULL },
  { "title", SP_ROLE_FIELD, "salutation" },
  { "firstname", SP_ROLE_FIELD, "first-name" },
  { "lastname", SP_ROLE_FIELD, "last-name" },
  { "login", SP_ROLE_FIELD, "username" },
  { "middlename", SP_ROLE_FIELD, "middle-name" },
  { "dateofbirth", SP_ROLE_FIELD, "birth-date" },
  { "email", SP_ROLE_FIELD, "email" },
  { "phonenumber", SP_ROLE_FIELD, "phone" },
  { "address", SP_ROLE_FIELD, "address" },
  { "city", SP_ROLE_FIELD, "city" },
  { "zip", SP_ROLE_FIELD, "postal-code" },
  { "state", SP_ROLE_FIELD, "region" },
  { "country", SP_ROLE_FIELD, "country" },
  { "jobtitle", SP_ROLE_FIELD, "job-title" },
  { "url", SP_ROLE_FIELD, "url" },
};

static const SpColumnRule dashlane_note_rules[] = {
  { "title", SP_ROLE_TITLE, NULL },
  { "note", SP_ROLE_NOTES, NULL },
  { "category", SP_ROLE_FOLDER, NULL },
};

static const SpColumnRule nordpass_rules[] = {
  { "name", SP_ROLE_TITLE, NULL },
  { "url", SP_ROLE_FIELD, "url" },
  { "additionalurls", SP_ROLE_FIELD, "url" },
  { "username", SP_ROLE_FIELD, "username" },
  { "password", SP_ROLE_FIELD, "password" },
  { "note", SP_ROLE_NOTES, NULL },
  { "cardholdername", SP_ROLE_FIELD, "cardholder" },
  { "cardnumber", SP_ROLE_FIELD, "number" },
  { "cvc", SP_ROLE_FIELD, "cvv" },
  { "pin", SP_ROLE_FIELD, "pin" },
  { "expirydate", SP_ROLE_FIELD, "expiry" },
  { "zipcode", SP_ROLE_FIELD, "postal-code" },
  { "folder", SP_ROLE_FOLDER, NULL },
  { "fullname", SP_ROLE_FIELD, "full-name" },
  { "phonenumber", SP_ROLE_FIELD, "phone" },
  { "email", SP_ROLE_FIELD, "email" },
  { "address1", SP_ROLE_FIELD, "address" },
  { "address2", SP_ROLE_CUSTOM, NULL },
  { "city", SP_ROLE_FIELD, "city" },
  { "country", SP_ROLE_FIELD, "country" },
  { "state", SP_ROLE_FIELD, "region" },
  { "type", SP_ROLE_TYPE, NULL },
  { "customfields", SP_ROLE_HIDDEN, NULL },
};

static const SpColumnRule protonpass_rules[] = {
  { "type", SP_ROLE_TYPE, NULL },
  { "name", SP_ROLE_TITLE, NULL },
  { "url", SP_ROLE_FIELD, "url" },
  { "email", SP_ROLE_FIELD, "email" },
  { "username", SP_ROLE_FIELD, "username" },
  { "password", SP_ROLE_FIELD, "password" },
  { "note", SP_ROLE_NOTES, NULL },
  { "totp", SP_ROLE_FIELD, "otp" },
  { "createtime", SP_ROLE_CREATED, NULL },
  { "modifytime", SP_ROLE_MODIFIED, NULL },
  { "vault", SP_ROLE_FOLDER, NULL },
};

static const SpColumnRule chrome_rules[] = {
  { "name", SP_ROLE_TITLE, NULL },           { "url", SP_ROLE_FIELD, "url" },
  { "username", SP_ROLE_FIELD, "username" }, { "password", SP_ROLE_FIELD, "password" },
  { "note", SP_ROLE_NOTES, NULL },
};

static const SpColumnRule roboform_rules[] = {
  { "name", SP_ROLE_TITLE, NULL },      { "url", SP_ROLE_FIELD, "url" },
  { "matchurl", SP_ROLE_CUSTOM, NULL }, { "login", SP_ROLE_FIELD, "username" },
  { "pwd", SP_ROLE_FIELD, "password" }, { "note", SP_ROLE_NOTES, NULL },
  { "folder", SP_ROLE_FOLDER, NULL },   { "rffieldsv2", SP_ROLE_HIDDEN, NULL },
};

/* What sp-export-csv.c writes. */
static const SpColumnRule own_rules[] = {
  { "group", SP_ROLE_FOLDER, NULL },
  { "title", SP_ROLE_TITLE, NULL },
  { "username", SP_ROLE_FIELD, "username" },
  { "password", SP_ROLE_FIELD, "password" },
  { "url", SP_ROLE_FIELD, "url" },
  { "notes", SP_ROLE_NOTES, NULL },
  { "totp", SP_ROLE_FIELD, "otp" },
  { "lastmodified", SP_ROLE_MODIFIED, NULL },
  { "created", SP_ROLE_CREATED, NULL },
  { "tags", SP_ROLE_TAGS, NULL },
  { "type", SP_ROLE_TYPE, NULL },
  { "favourite", SP_ROLE_FAVOURITE, NULL },
  { "archived", SP_ROLE_ARCHIVED, NULL },
  { "expires", SP_ROLE_EXPIRES, NULL },
  { "additionalurls", SP_ROLE_FIELD, "url" },
  { "fields", SP_ROLE_FIELD_LINES, NULL },
};

static const SpImportFormat formats[] = {
  { "bitwarden", "Bitwarden" },
  { "lastpass", "LastPass" },
  { "1password", "1Password" },
  { "keepassxc", "KeePassXC" },
  { "keepass2", "KeePass 2" },
  { "chrome", "Chrome" },
  { "edge", "Edge" },
  { "brave", "Brave" },
  { "firefox", "Firefox" },
  { "safari", "Safari" },
  { "dashlane", "Dashlane" },
  { "nordpass", "NordPass" },
  { "protonpass", "Proton Pass" },
  { "roboform", "RoboForm" },
  { "securepass", "SecurePass" },
  { "generic", "Other file" },
};

#define RULES(table) table, G_N_ELEMENTS (table)

static const SpImportSpec specs[] = {
  { "securepass", "title username password type favourite archived additionalurls fields",
    RULES (own_rules), 0, SP_TRAIT_OWN_LINES },
  { "bitwarden", "name loginuri loginusername loginpassword", RULES (bitwarden_rules), 0,
    SP_TRAIT_BARE_HOSTS },
  { "lastpass", "url username password extra name grouping", RULES (lastpass_rules), 0,
    SP_TRAIT_LASTPASS },
  { "firefox", "url username password httprealm formactionorigin", RULES (firefox_rules),
    SP_ITEM_LOGIN, SP_TRAIT_NONE },
  { "keepassxc", "group title username password url notes", RULES (keepassxc_rules), 0,
    SP_TRAIT_NONE },
  { "keepass2", "account loginname password website comments", RULES (keepass2_rules), 0,
    SP_TRAIT_NONE },
  { "nordpass", "name url username password note cardholdername cardnumber", RULES (nordpass_rules),
    0, SP_TRAIT_PASSWORD_IS_LOGIN | SP_TRAIT_BARE_HOSTS },
  { "protonpass", "name url password note createtime modifytime", RULES (protonpass_rules), 0,
    SP_TRAIT_PASSWORD_IS_LOGIN },
  { "1password", "title username password otpauth archived", RULES (onepassword_rules), 0,
    SP_TRAIT_NONE },
  { "1password", "title username password onetimepassword favoritestatus",
    RULES (onepassword_rules), 0, SP_TRAIT_NONE },
  { "dashlane", "username username2 title password note", RULES (dashlane_rules), 0,
    SP_TRAIT_NONE },
  { "dashlane", "accountname accountholder ccnumber code", RULES (dashlane_payment_rules),
    SP_ITEM_CARD, SP_TRAIT_NONE },
  { "dashlane", "type number name issuedate expirationdate placeofissue", RULES (dashlane_id_rules),
    SP_ITEM_DOCUMENT, SP_TRAIT_NONE },
  { "dashlane", "type firstname lastname dateofbirth placeofbirth", RULES (dashlane_personal_rules),
    SP_ITEM_IDENTITY, SP_TRAIT_NONE },
  { "roboform", "name url matchurl login pwd note", RULES (roboform_rules), 0, SP_TRAIT_NONE },
  { "safari", "title url username password otpauth", RULES (safari_rules), 0, SP_TRAIT_NONE },
  { "chrome", "name url username password", RULES (chrome_rules), SP_ITEM_LOGIN, SP_TRAIT_NONE },
  { "edge", "name url username password", RULES (chrome_rules), SP_ITEM_LOGIN, SP_TRAIT_NONE },
  { "brave", "name url username password", RULES (chrome_rules), SP_ITEM_LOGIN, SP_TRAIT_NONE },
  { "dashlane", "title note", RULES (dashlane_note_rules), SP_ITEM_NOTE,
    SP_TRAIT_NO_OTHER_COLUMNS },
  { "generic", "", NULL, 0, 0, SP_TRAIT_NONE },
};

const SpImportSpec *
sp_import_specs (gsize *out_n)
{
  *out_n = G_N_ELEMENTS (specs);
  return specs;
}

/**
 * sp_import_list_formats:
 * @out_n: (out): how many
 *
 * Returns: (transfer none) (array length=out_n): the managers whose files are known by name
 */
const SpImportFormat *
sp_import_list_formats (gsize *out_n)
{
  *out_n = G_N_ELEMENTS (formats);
  return formats;
}

/* NULL for a name that is not on the list. */
const SpImportFormat *
sp_import_find_format (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++) {
    if (g_ascii_strcasecmp (formats[i].name, name) == 0)
      return &formats[i];
  }
  return NULL;
}
