/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Drafts, by way of the session (vault/sp-vault-draft.h): nobody waits for one to be kept or dropped. One that cannot be
 * written, because the disk is full, or the file is not there, is kept by the session, encrypted under the vault's key, through
 * locks and until this process ends; it becomes a draft in the file when that vault is opened again and can be written. */

#pragma once

#include "services/sp-session.h"
#include "vault/sp-vault-draft.h"

G_BEGIN_DECLS

/* Gives a new item the id by which its drafts are told from those of others; it keeps one that it has. */
gboolean sp_session_name_draft (SpItem *item, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Keeps a copy of `item`, which has an id; also from ::locking. */
void sp_session_save_draft (SpSession *self, const SpItem *item);
void sp_session_drop_draft (SpSession *self, const SpId *id);
/* Somebody has, or has not, changed something that is not saved: meanwhile a vault whose file is missing stays open. */
void sp_session_set_editing (SpSession *self, gboolean editing);
/* Edits that could not be written. */
gboolean sp_session_keeps_edits (SpSession *self);

/* (element-type SpDraft) the latest first; what is damaged is left out */
void sp_session_load_drafts_async (SpSession *self,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
GPtrArray *sp_session_load_drafts_finish (SpSession *self,
                                          GAsyncResult *result,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
