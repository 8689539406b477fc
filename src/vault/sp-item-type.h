/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Item types and field kinds: a type is a row of a table, not code (VAULT-FORMAT.md §6.3). */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Stored numbers: never renumbered, never reused. */
typedef enum {
  SP_ITEM_LOGIN = 1,
  SP_ITEM_PASSWORD = 2,
  SP_ITEM_NOTE = 3,
  SP_ITEM_CARD = 4,
  SP_ITEM_IDENTITY = 5,
  SP_ITEM_BANK_ACCOUNT = 6,
  SP_ITEM_SSH_KEY = 7,
  SP_ITEM_API_CREDENTIAL = 8,
  SP_ITEM_WIFI = 9,
  SP_ITEM_SOFTWARE_LICENCE = 10,
  SP_ITEM_DOCUMENT = 11,
  SP_ITEM_SERVER = 12,
  SP_ITEM_DATABASE = 13,
} SpItemType;

typedef enum {
  SP_FIELD_TEXT = 1,
  SP_FIELD_HIDDEN = 2, /* concealed until revealed */
  SP_FIELD_EMAIL = 3,
  SP_FIELD_URL = 4,
  SP_FIELD_DATE = 5, /* free text; ISO 8601 preferred */
  SP_FIELD_PHONE = 6,
  SP_FIELD_OTP = 7, /* an otpauth:// link, or what was given in its place; concealed */
  SP_FIELD_MULTILINE = 8,
  SP_FIELD_HIDDEN_MULTILINE = 9, /* private keys */
} SpFieldKind;

typedef struct {
  const char *name;  /* stored and spoken by the command line: "username", "password", "url", ... */
  const char *label; /* N_()-marked, for people */
  SpFieldKind kind;
  gboolean is_subtitle; /* shown under the title and searched: user name, card holder, ... */
} SpFieldTemplate;

typedef struct {
  SpItemType type;
  const char *name;  /* "login", "note", "card", ...: the command line's and the exports' word */
  const char *label; /* N_()-marked */
  const SpFieldTemplate *fields;
  gsize n_fields;
} SpItemTypeInfo;

const SpItemTypeInfo *
sp_item_type_get_info (SpItemType type); /* NULL for a number not known here */
const SpItemTypeInfo *sp_item_type_from_name (const char *name);
const SpItemTypeInfo *sp_item_type_list (gsize *out_n);
const SpFieldTemplate *sp_item_type_find_field (const SpItemTypeInfo *info, const char *name);

gboolean sp_field_kind_is_secret (SpFieldKind kind); /* concealed when shown */
const char *sp_field_kind_to_name (SpFieldKind kind);
gboolean sp_field_kind_from_name (const char *name,
                                  SpFieldKind *out_kind) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
