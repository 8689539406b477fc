/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Many items changed as one: one transaction, all or none, and answered by what takes it back. */

#pragma once

#include "services/sp-session.h"
#include "vault/sp-vault-items.h"

G_BEGIN_DECLS

/* Changes that are made one after the other, each to items of its own. */
typedef struct _SpBulk SpBulk;

SpBulk *sp_bulk_new (void) G_GNUC_WARN_UNUSED_RESULT;
void sp_bulk_free (SpBulk *self);
/* Copies `text` and `numbers`. Not for PURGE, which nothing takes back. */
void sp_bulk_add (SpBulk *self,
                  SpChange change,
                  const char *text,
                  const guint64 *numbers,
                  gsize n_numbers);
guint sp_bulk_get_n_items (const SpBulk *self); /* each once */

/* Takes `bulk`. The answer takes back what was really changed: an item that was like that before, or is gone, is not
 * in it. Given to this function, it is answered by what makes the change again. */
void sp_session_bulk_async (SpSession *self,
                            SpBulk *bulk,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
SpBulk *sp_session_bulk_finish (SpSession *self,
                                GAsyncResult *result,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Gives each item that has the tag, or one that is nested in it, `new_tag` in its place, the trash included; NULL only
 * takes the tags away. Answered in the same way, by sp_session_bulk_finish(). */
void sp_session_rename_tag_async (SpSession *self,
                                  const char *tag,
                                  const char *new_tag,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpBulk, sp_bulk_free)

G_END_DECLS
