/* SPDX-License-Identifier: GPL-3.0-or-later */

/* LastPass keeps everything but logins as notes of lines "Label:value", the first being "NoteType:...". A
 * value may run over several lines (keys, notes), so a line only begins a new field if its label is one of
 * the type's, or looks like a label where the type has fields of the user's own. Labels, order and values
 * come through; nothing is left out. */

#define G_LOG_DOMAIN "sp-import-note"

#include "config.h"

#include <string.h>

#include "base/sp-wipe.h"
#include "formats/sp-import-private.h"

#define NOTE_TYPE     "NoteType:"
#define MAX_LABEL_LEN 48

typedef struct {
  const char *label; /* of LastPass */
  const char *field; /* the template's; NULL: a custom field */
} NoteField;

typedef struct {
  const char *name;
  SpItemType type;
  const NoteField *fields;
  gsize n_fields;
} NoteKind;

static const NoteField card[] = {
  { "Language", NULL },
  { "Name on Card", "cardholder" },
  { "Type", "brand" },
  { "Number", "number" },
  { "Security Code", "cvv" },
  { "Start Date", "valid-from" },
  { "Expiration Date", "expiry" },
};

static const NoteField bank[] = {
  { "Language", NULL },
  { "Bank Name", "bank" },
  { "Account Type", "account-type" },
  { "Routing Number", "routing-number" },
  { "Account Number", "account-number" },
  { "SWIFT Code", "bic" },
  { "IBAN Number", "iban" },
  { "Pin", "pin" },
  { "Branch Address", "address" },
  { "Branch Phone", "phone" },
};

static const NoteField address[] = {
  { "Language", NULL },
  { "Title", "salutation" },
  { "First Name", "first-name" },
  { "Middle Name", "middle-name" },
  { "Last Name", "last-name" },
  { "Username", "username" },
  { "Gender", "gender" },
  { "Birthday", "birth-date" },
  { "Company", "company" },
  { "Address 1", "address" },
  { "Address 2", NULL },
  { "Address 3", NULL },
  { "City / Town", "city" },
  { "County", NULL },
  { "State", "region" },
  { "Zip / Postal Code", "postal-code" },
  { "Country", "country" },
  { "Timezone", NULL },
  { "Email Address", "email" },
  { "Phone", "phone" },
  { "Evening Phone", NULL },
  { "Mobile Phone", "mobile" },
  { "Fax", NULL },
};

static const NoteField server[] = {
  { "Language", NULL },
  { "Hostname", "host" },
  { "Username", "username" },
  { "Password", "password" },
};

static const NoteField database[] = {
  { "Language", NULL },       { "Type", "database-type" },
  { "Hostname", "host" },     { "Port", "port" },
  { "Database", "database" }, { "Username", "username" },
  { "Password", "password" }, { "SID", "sid" },
  { "Alias", "alias" },
};

static const NoteField ssh_key[] = {
  { "Language", NULL },
  { "Bit Strength", NULL },
  { "Format", "key-type" },
  { "Passphrase", "passphrase" },
  { "Private Key", "private-key" },
  { "Public Key", "public-key" },
  { "Hostname", "host" },
  { "Date", NULL },
};

static const NoteField wifi[] = {
  { "Language", NULL },        { "SSID", "ssid" },          { "Password", "password" },
  { "Connection Type", NULL }, { "Connection Mode", NULL }, { "Authentication", "security" },
  { "Encryption", NULL },      { "Use 802.1X", NULL },      { "FIPS Mode", NULL },
  { "Key Type", NULL },        { "Protected", NULL },       { "Key Index", NULL },
};

static const NoteField licence[] = {
  { "Language", NULL },
  { "License Key", "licence-key" },
  { "Licensee", "licensee" },
  { "Version", "version" },
  { "Publisher", "publisher" },
  { "Support Email", NULL },
  { "Website", "url" },
  { "Price", NULL },
  { "Purchase Date", "purchase-date" },
  { "Order Number", "order-number" },
  { "Number of Licenses", NULL },
  { "Order Total", NULL },
};

static const NoteField passport[] = {
  { "Language", NULL },
  { "Type", "kind" },
  { "Name", "full-name" },
  { "Country", "issuing-country" },
  { "Number", "number" },
  { "Sex", "gender" },
  { "Nationality", "nationality" },
  { "Issuing Authority", "issuing-authority" },
  { "Date of Birth", "birth-date" },
  { "Issued Date", "issue-date" },
  { "Expiration Date", "expiry" },
};

static const NoteField driving_licence[] = {
  { "Language", NULL },
  { "Number", "number" },
  { "Expiration Date", "expiry" },
  { "License Class", "class" },
  { "Name", "full-name" },
  { "Address", "address" },
  { "City / Town", NULL },
  { "State", NULL },
  { "ZIP / Postal Code", NULL },
  { "Country", "issuing-country" },
  { "Date of Birth", "birth-date" },
  { "Sex", "gender" },
  { "Height", NULL },
};

static const NoteField social_security[] = {
  { "Language", NULL },
  { "Name", "full-name" },
  { "Number", "number" },
};

#define FIELDS(table) table, G_N_ELEMENTS (table)

static const NoteKind kinds[] = {
  { "Credit Card", SP_ITEM_CARD, FIELDS (card) },
  { "Bank Account", SP_ITEM_BANK_ACCOUNT, FIELDS (bank) },
  { "Address", SP_ITEM_IDENTITY, FIELDS (address) },
  { "Server", SP_ITEM_SERVER, FIELDS (server) },
  { "Database", SP_ITEM_DATABASE, FIELDS (database) },
  { "SSH Key", SP_ITEM_SSH_KEY, FIELDS (ssh_key) },
  { "Wi-Fi Password", SP_ITEM_WIFI, FIELDS (wifi) },
  { "Software License", SP_ITEM_SOFTWARE_LICENCE, FIELDS (licence) },
  { "Passport", SP_ITEM_DOCUMENT, FIELDS (passport) },
  { "Driver's License", SP_ITEM_DOCUMENT, FIELDS (driving_licence) },
  { "Social Security", SP_ITEM_DOCUMENT, FIELDS (social_security) },
};

/* Types whose every field is a custom one, the user's own templates among them. */
static const NoteKind other_kind = { "", SP_ITEM_NOTE, NULL, 0 };

/* Takes the first line off `note`. */
static gboolean
read_note_type (SpCsvCell *note, SpCsvCell *out_name)
{
  gsize n = strlen (NOTE_TYPE);
  SpCsvCell line;

  if (!sp_cell_next_line (note, &line) || line.len <= n || memcmp (line.text, NOTE_TYPE, n) != 0)
    return FALSE;

  *out_name = (SpCsvCell){ line.text + n, line.len - n };
  return TRUE;
}

static const NoteKind *
find_kind (SpCsvCell name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
    if (sp_cell_equals (name, kinds[i].name))
      return &kinds[i];
  }
  return &other_kind;
}

SpItemType
sp_lastpass_note_type (SpCsvCell note)
{
  SpCsvCell name;

  return read_note_type (&note, &name) ? find_kind (name)->type : 0;
}

static const NoteField *
find_field (const NoteKind *kind, SpCsvCell label)
{
  for (gsize i = 0; i < kind->n_fields; i++) {
    if (sp_cell_equals (label, kind->fields[i].label))
      return &kind->fields[i];
  }
  return NULL;
}

/* Letters, digits and a few marks, beginning with a letter: what people call a field. */
static gboolean
looks_like_label (SpCsvCell label, SpCsvCell value)
{
  if (label.len == 0 || label.len > MAX_LABEL_LEN || g_ascii_isspace (label.text[0]) ||
      (value.len >= 2 && memcmp (value.text, "//", 2) == 0))
    return FALSE;
  for (gsize i = 0; i < label.len; i++) {
    if (!g_ascii_isalnum (label.text[i]) && (guint8) label.text[i] < 0x80 &&
        strchr (" /'()._-&#", label.text[i]) == NULL)
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_multiline (const char *field)
{
  return g_strcmp0 (field, "private-key") == 0 || g_strcmp0 (field, "public-key") == 0;
}

/* Where one field of the note ends and the next begins. */
typedef struct {
  const NoteKind *kind;
  SpCsvCell label;
  const NoteField *field; /* NULL for a label that the kind does not have */
  SpCsvCell value;        /* all its lines */
  gboolean is_notes;
} NoteEntry;

static gboolean
begins_entry (const NoteEntry *current, SpCsvCell line, NoteEntry *out)
{
  const char *colon = line.len > 0 ? memchr (line.text, ':', line.len) : NULL;

  if (colon == NULL || current->is_notes)
    return FALSE;

  out->kind = current->kind;
  out->label = (SpCsvCell){ line.text, (gsize) (colon - line.text) };
  out->value = (SpCsvCell){ colon + 1, line.len - out->label.len - 1 };
  out->field = find_field (current->kind, out->label);
  out->is_notes = sp_cell_equals (out->label, "Notes");
  if (out->field != NULL || out->is_notes)
    return TRUE;
  return !(current->field != NULL && is_multiline (current->field->field)) &&
         looks_like_label (out->label, out->value);
}

static void
add_entry (SpItem *item, const char *section, const NoteEntry *entry, SpImportSummary *counts)
{
  char *label;

  if (entry->value.len == 0)
    return;
  if (entry->is_notes) {
    g_autoptr (SpSecret) notes = sp_cell_to_secret (entry->value);

    sp_item_set_notes (item, notes);
    return;
  }
  if (entry->field != NULL && entry->field->field != NULL &&
      sp_import_add_field (item, entry->field->field, entry->value, counts))
    return;

  label = g_strndup (entry->label.text, entry->label.len);
  sp_import_add_custom (item, section, label, sp_import_guess_kind (label), entry->value);
  sp_wipe (label, entry->label.len);
  g_free (label);
}

/* Adds all lines of a typed note to an item of sp_lastpass_note_type(). */
void
sp_lastpass_note_add (SpItem *item, const char *section, SpCsvCell note, SpImportSummary *counts)
{
  SpCsvCell name;
  SpCsvCell line;
  NoteEntry current = { 0 };

  if (!read_note_type (&note, &name))
    return;

  current.kind = find_kind (name);
  current.label = (SpCsvCell){ NOTE_TYPE, strlen (NOTE_TYPE) - 1 };
  current.value = name;
  while (sp_cell_next_line (&note, &line)) {
    NoteEntry next = { 0 };

    if (begins_entry (&current, line, &next)) {
      add_entry (item, section, &current, counts);
      current = next;
    } else {
      current.value.len = (gsize) (line.text + line.len - current.value.text);
    }
  }
  add_entry (item, section, &current, counts);
}
