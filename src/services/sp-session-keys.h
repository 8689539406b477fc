/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Key slots and the vault as a whole, by way of the session (sp-vault-slots.h, sp-vault-repair.h). */

#pragma once

#include "services/sp-session-job.h"
#include "vault/sp-vault-repair.h"
#include "vault/sp-vault-slots.h"

G_BEGIN_DECLS

/* Any password slot will do; a failure is counted and logged as a failed unlock. */
void sp_session_check_password_async (SpSession *self,
                                      const SpSecret *password,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
gboolean sp_session_check_password_finish (SpSession *self, GAsyncResult *result, GError **error);

/* Asks for the old one again, and changes the slot that opened this session. */
void sp_session_change_password_async (SpSession *self,
                                       const SpSecret *old_password,
                                       const SpSecret *new_password,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
gboolean sp_session_change_password_finish (SpSession *self, GAsyncResult *result, GError **error);

void sp_session_rename_async (SpSession *self,
                              const char *name,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean sp_session_rename_finish (SpSession *self, GAsyncResult *result, GError **error);

/* (element-type SpProblem); an empty array is a clean bill. */
void sp_session_verify_async (SpSession *self,
                              SpJobProgress progress,
                              gpointer progress_data,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
GPtrArray *sp_session_verify_finish (SpSession *self,
                                     GAsyncResult *result,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* sp_vault_accept() */
void sp_session_accept_async (SpSession *self,
                              const char *copy_path,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean sp_session_accept_finish (SpSession *self, GAsyncResult *result, GError **error);

/* Deletes the vault file, its journal and its pin. The vault must be open, and the password is asked again: a wrong
 * one deletes nothing. Afterwards the session is locked. */
void sp_session_delete_vault_async (SpSession *self,
                                    const SpSecret *password,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean sp_session_delete_vault_finish (SpSession *self, GAsyncResult *result, GError **error);

G_END_DECLS
