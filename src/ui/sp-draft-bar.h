/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpDraftBar: offers, after an unlock, what was being edited and not saved; a strip that is not there when there is
 * nothing to offer. It knows titles only, and reads a draft when somebody wants to go on with it. */

#pragma once

#include <adwaita.h>

#include "services/sp-session.h"
#include "vault/sp-vault-draft.h"

G_BEGIN_DECLS

#define SP_TYPE_DRAFT_BAR (sp_draft_bar_get_type ())
G_DECLARE_FINAL_TYPE (SpDraftBar, sp_draft_bar, SP, DRAFT_BAR, AdwBin)

/* Property: "session". Signal: ::chosen, when somebody wants to go on with a draft. The handler takes it, or else it
 * stays on offer. */

const SpDraft *sp_draft_bar_peek_chosen (SpDraftBar *self);
SpDraft *sp_draft_bar_take_chosen (SpDraftBar *self) G_GNUC_WARN_UNUSED_RESULT;
/* Chooses the draft of the item with that id; FALSE when there is none on offer. */
gboolean sp_draft_bar_choose (SpDraftBar *self, const SpId *id);

G_END_DECLS
