/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A row to type a secret into: the only kind of entry that secrets are typed into.
 *
 * The text lies in GTK's secure memory, has no undo history and cannot be copied, and is forgotten when the row is unmapped.
 * While it is concealed, what is selected in it reads as bullets for everybody else; while it is revealed, nothing stays
 * selected, as a selection could be pasted elsewhere with the middle button. */

#pragma once

#include <adwaita.h>

#include "base/sp-secret.h"

G_BEGIN_DECLS

#define SP_TYPE_SECRET_ROW (sp_secret_row_get_type ())
G_DECLARE_FINAL_TYPE (SpSecretRow, sp_secret_row, SP, SECRET_ROW, AdwEntryRow)

/* Properties: "revealed"; "caps-lock" (read-only): it is on, and the row has the focus.
 * Signals, inherited: GtkEditable::changed, AdwEntryRow::entry-activated. */

SpSecret *sp_secret_row_dup_secret (SpSecretRow *self) G_GNUC_WARN_UNUSED_RESULT;
void sp_secret_row_set_secret (SpSecretRow *self, const SpSecret *secret);
gboolean sp_secret_row_is_empty (SpSecretRow *self);
gboolean sp_secret_row_get_revealed (SpSecretRow *self);
void sp_secret_row_set_revealed (SpSecretRow *self, gboolean revealed);
void sp_secret_row_clear (SpSecretRow *self);  /* and conceals */
void sp_secret_row_select (SpSecretRow *self); /* focuses it, too */

G_END_DECLS
