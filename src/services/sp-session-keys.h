/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Key slots and the vault as a whole, by way of the session (sp-vault-slots.h, sp-vault-repair.h). */

#pragma once

#include "services/sp-session-job.h"
#include "vault/sp-vault-repair.h"
#include "vault/sp-vault-slots.h"

G_BEGIN_DECLS

/* Any password slot will do; a failure is counted and logged as a failed unlock, also that of a call which was
 * cancelled: it answers at once, and the KDF runs to its end. */
void sp_session_check_password_async (SpSession *self,
                                      const SpSecret *password,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
gboolean sp_session_check_password_finish (SpSession *self, GAsyncResult *result, GError **error);

/* Asks for the old one again, and changes the slot that opened this session. It can be cancelled until the old one
 * has been found right; from there on it is done, also when the vault is locked meanwhile, and answers so. */
void sp_session_change_password_async (SpSession *self,
                                       const SpSecret *old_password,
                                       const SpSecret *new_password,
                                       GCancellable *cancellable,
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

/* sp_vault_accept(); when it fails there is no copy either. */
void sp_session_accept_async (SpSession *self,
                              const char *copy_path,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean sp_session_accept_finish (SpSession *self, GAsyncResult *result, GError **error);

/* sp_vault_salvage() of the vault that is open, which is left as it is. Cancelled, or locked meanwhile, it leaves no
 * new vault. */
void sp_session_salvage_async (SpSession *self,
                               const SpSecret *password,
                               const char *target_path,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
SpSalvageReport *sp_session_salvage_finish (SpSession *self,
                                            GAsyncResult *result,
                                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Deletes the vault file, its journal and its pin, and locks. The password is asked again: a wrong one deletes
 * nothing, nor does a call that was cancelled, or locked, before. The answer names what could not be deleted of
 * the rest (element-type filename). */
void sp_session_delete_vault_async (SpSession *self,
                                    const SpSecret *password,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
GPtrArray *sp_session_delete_vault_finish (SpSession *self,
                                           GAsyncResult *result,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
