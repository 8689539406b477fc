/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One field of an item, being edited. */

#pragma once

#include <adwaita.h>

#include "vault/sp-item.h"

G_BEGIN_DECLS

#define SP_TYPE_FIELD_EDITOR (sp_field_editor_get_type ())
G_DECLARE_FINAL_TYPE (SpFieldEditor, sp_field_editor, SP, FIELD_EDITOR, AdwPreferencesRow)

/* Signals: ::changed, at each key; ::remove; ::move (int: -1 up, 1 down, or by more); ::section, to
 * be asked for it. */

/* `label`: of a template field; NULL when the field has its own, which then can be edited. */
SpFieldEditor *sp_field_editor_new (const SpField *field,
                                    const char *label) G_GNUC_WARN_UNUSED_RESULT;
SpField *sp_field_editor_dup_field (SpFieldEditor *self) G_GNUC_WARN_UNUSED_RESULT;
const char *sp_field_editor_get_section (SpFieldEditor *self);
void sp_field_editor_set_section (SpFieldEditor *self, const char *section); /* NULL for none */
/* With nothing in it that is worth to be stored. */
gboolean sp_field_editor_is_empty (SpFieldEditor *self);
void sp_field_editor_focus (SpFieldEditor *self);
void sp_field_editor_clear (SpFieldEditor *self); /* forgets the value */

G_END_DECLS
