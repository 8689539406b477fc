/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Quick unlock by way of the session (sp-quick-unlock.h): off until somebody asks for it, and never for long. */

#pragma once

#include "services/sp-session-job.h"
#include "vault/sp-vault-slots.h"

G_BEGIN_DECLS

#define SP_SESSION_MAX_QUICK_HOURS 24

/* `proof` is the password, with what is asked for besides; `hours` from 1 to SP_SESSION_MAX_QUICK_HOURS. */
void sp_session_set_quick_unlock_async (SpSession *self,
                                        const SpKeyslotFactors *proof,
                                        guint hours,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
gboolean sp_session_set_quick_unlock_finish (SpSession *self, GAsyncResult *result, GError **error);
/* Which lessens nothing that protects, so nothing is asked. */
void sp_session_remove_quick_unlock_async (SpSession *self,
                                           GAsyncReadyCallback callback,
                                           gpointer user_data);
gboolean
sp_session_remove_quick_unlock_finish (SpSession *self, GAsyncResult *result, GError **error);

/* Until when the vault at the session's path can be unlocked so, whether it is open or not; 0: it cannot. */
gint64 sp_session_get_quick_unlock (SpSession *self);
/* G_IO_ERROR_NOT_FOUND, WRONG_KEY and EXPIRED: it is over. What no longer opens is forgotten. The session stays LOCKED while
 * the keyring is asked; CANCELLED when it was unlocked otherwise meanwhile. */
void sp_session_unlock_quickly_async (SpSession *self,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
gboolean sp_session_unlock_quickly_finish (SpSession *self, GAsyncResult *result, GError **error);

G_END_DECLS
