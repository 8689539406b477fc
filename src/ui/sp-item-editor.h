/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One item, being edited. */

#pragma once

#include <adwaita.h>

#include "services/sp-session.h"
#include "vault/sp-vault-draft.h"

G_BEGIN_DECLS

#define SP_TYPE_ITEM_EDITOR (sp_item_editor_get_type ())
G_DECLARE_FINAL_TYPE (SpItemEditor, sp_item_editor, SP, ITEM_EDITOR, AdwBin)

/* Signal: ::done (guint64 number), when it was saved, or, with the number it had (0 for a new one), left.
 *
 * What is not saved is kept as a draft, and outlives a lock; to be offered again, by SpDraftBar. */

/* Begins to edit a copy of `item`; one with number 0 is new. */
void sp_item_editor_edit (SpItemEditor *self, const SpItem *item);
/* Goes on with what was kept. */
void sp_item_editor_continue (SpItemEditor *self, const SpDraft *draft);
gboolean sp_item_editor_is_editing (SpItemEditor *self);
gboolean sp_item_editor_has_changes (SpItemEditor *self);

/* Asks, if there are changes; ::done is emitted unless the answer is to go on editing, and `then` (nullable) is called
 * after it, or at once when there is nothing to leave. */
typedef void (*SpItemEditorThen) (gpointer user_data);
void sp_item_editor_leave (SpItemEditor *self, SpItemEditorThen then, gpointer user_data);

G_END_DECLS
