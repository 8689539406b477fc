/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One field of an item, shown: its label, its value or dots in its place, and what can be done with it. */

#pragma once

#include <adwaita.h>

#include "services/sp-session.h"

G_BEGIN_DECLS

#define SP_FIELD_ROW_DOTS           "••••••••••" /* in place of a value: always as many */
#define SP_FIELD_ROW_REVEAL_SECONDS 30

#define SP_TYPE_FIELD_ROW (sp_field_row_get_type ())
G_DECLARE_FINAL_TYPE (SpFieldRow, sp_field_row, SP, FIELD_ROW, AdwPreferencesRow)

/* Signals, when the user asks for it: ::copy, ::large-type, ::next-code, ::open-link, and ::revealed when a concealed
 * value is shown. */

/* `session` tells the time. */
SpFieldRow *sp_field_row_new (SpSession *session,
                              const char *label,
                              SpFieldKind kind,
                              const SpSecret *value) G_GNUC_WARN_UNUSED_RESULT;
const char *sp_field_row_get_label (SpFieldRow *self);
/* A one-time code that counts instead of asking the time. The one that was taken last is shown: the field has the next
 * number, as each counts once. */
gboolean sp_field_row_is_counter (SpFieldRow *self);
gboolean sp_field_row_has_code (SpFieldRow *self); /* FALSE as long as none was taken */
/* What copying it gives: the value, or the code of this moment. */
SpSecret *sp_field_row_dup_copy (SpFieldRow *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What opening it opens; NULL for what is no link, or one of a scheme that is not opened. */
SpSecret *sp_field_row_dup_link (SpFieldRow *self) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_field_row_is_secret (SpFieldRow *self); /* concealed until asked for */
gboolean sp_field_row_is_revealed (SpFieldRow *self);
void sp_field_row_set_conceal_seconds (SpFieldRow *self, guint seconds); /* 0 is never */
void sp_field_row_reveal (SpFieldRow *self);                             /* for that long */
void sp_field_row_conceal (SpFieldRow *self);
void sp_field_row_set_peeking (SpFieldRow *self,
                               gboolean peeking); /* shown as long as it is TRUE */

G_END_DECLS
