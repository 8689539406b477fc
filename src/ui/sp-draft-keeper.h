/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpDraftKeeper: keeps one edit in the vault for as long as it is not saved, so that it outlives a lock, and a kill but for
 * its last moment. What drafts are stands in vault/sp-vault-draft.h. */

#pragma once

#include "services/sp-session.h"

G_BEGIN_DECLS

typedef struct _SpDraftKeeper SpDraftKeeper;

/* The item as it stands, with its id; NULL when there is nothing that would be lost. (transfer full) */
typedef SpItem *(*SpDraftCollect) (gpointer user_data);

SpDraftKeeper *sp_draft_keeper_new (SpDraftCollect collect,
                                    gpointer user_data) G_GNUC_WARN_UNUSED_RESULT;
void sp_draft_keeper_free (SpDraftKeeper *self);

/* An edit begins of the item with that id; `kept`: it goes on from a draft, which is in the vault. */
void sp_draft_keeper_begin (SpDraftKeeper *self, SpSession *session, const SpId *id, gboolean kept);
void
sp_draft_keeper_changed (SpDraftKeeper *self);   /* something, perhaps; looks at it in a moment */
void sp_draft_keeper_keep (SpDraftKeeper *self); /* now */
/* From ::locking: also what was kept already, as it may have been in a file that is another one by now. */
void sp_draft_keeper_keep_last (SpDraftKeeper *self);
/* The edit ends. `drop`: nothing of it is to be offered again. */
void sp_draft_keeper_end (SpDraftKeeper *self, gboolean drop);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpDraftKeeper, sp_draft_keeper_free)

G_END_DECLS
