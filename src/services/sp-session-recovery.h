/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Key slots and recovery keys by way of the session: other ways in than the password alone, and replacing the vault key
 * (sp-vault-slots.h, sp-vault-rotate.h).
 *
 * A vault that was opened with a recovery key is held, but the session stays OPENING, and nothing can be seen of it, until a
 * new master password was planned and the plan carried out; sp_session_lock() gives up. */

#pragma once

#include "services/sp-session-job.h"
#include "vault/sp-vault-rotate.h"
#include "vault/sp-vault-slots.h"

G_BEGIN_DECLS

/* sp_session_unlock_async() for any kind of slot and all factors; ends in sp_session_unlock_finish(). */
void sp_session_unlock_with_async (SpSession *self,
                                   SpSlotKind kind,
                                   const SpKeyslotFactors *factors,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean sp_session_is_recovering (SpSession *self);

/* (element-type SpSlotInfo), as the vault lists them */
void sp_session_list_slots_async (SpSession *self,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
GPtrArray *sp_session_list_slots_finish (SpSession *self,
                                         GAsyncResult *result,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Any password slot will do, with what it asks for besides; a failure is counted, also that of a call which was cancelled. */
void sp_session_check_factors_async (SpSession *self,
                                     const SpKeyslotFactors *factors,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean sp_session_check_factors_finish (SpSession *self, GAsyncResult *result, GError **error);

/* Changes of one slot, without a proof: that is the caller's to ask for. */
void sp_session_rename_slot_async (SpSession *self,
                                   const SpId *id,
                                   const char *name,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
void sp_session_set_slot_expiry_async (SpSession *self,
                                       const SpId *id,
                                       gint64 expires_ms,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
/* Without replacing the vault key. */
void sp_session_remove_slot_async (SpSession *self,
                                   const SpId *id,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
/* Of the slot that opened the session: asks for `new_factors` from now on. `old_factors` are checked first. */
void sp_session_change_factors_async (SpSession *self,
                                      const SpKeyslotFactors *old_factors,
                                      const SpKeyslotFactors *new_factors,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
gboolean sp_session_change_slot_finish (SpSession *self, GAsyncResult *result, GError **error);

/* A recovery key that is to be written down before it counts. */
typedef struct {
  char *name;
  gint64 created_ms;
  gint64 expires_ms; /* 0: never */
  SpSecret *key;     /* 20 bytes, for sp_recovery_key_format() */
} SpNewRecoveryKey;

void sp_new_recovery_key_free (SpNewRecoveryKey *self);

/* Adds its slot, once it is on paper; until then it opens nothing. Ends in sp_session_change_slot_finish(). */
void sp_session_add_recovery_key_async (SpSession *self,
                                        const SpNewRecoveryKey *key,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
/* NULL without random numbers. */
SpNewRecoveryKey *sp_new_recovery_key_new (const char *name,
                                           gint64 created_ms,
                                           gint64 expires_ms,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What replacing the vault key would do. */
typedef struct {
  GPtrArray *keys; /* (element-type SpNewRecoveryKey) take the place of those that are void then */
  GPtrArray *lost; /* (element-type SpSlotInfo) slots that open the vault no more */
} SpKeyPlan;

void sp_key_plan_free (SpKeyPlan *self);

/* While recovering: a new master password, and new recovery keys in the place of all there are. */
void sp_session_plan_recovery_async (SpSession *self,
                                     const SpKeyslotFactors *new_factors,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
/* While open: what `factors` open stays, new recovery keys take the place of all others; `dropped` (nullable) is revoked. */
void sp_session_plan_rotation_async (SpSession *self,
                                     const SpKeyslotFactors *factors,
                                     const SpId *dropped,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
SpKeyPlan *sp_session_plan_finish (SpSession *self,
                                   GAsyncResult *result,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Carries the plan out that was made last: all or nothing. After a recovery the session is open then. */
void sp_session_rotate_async (SpSession *self,
                              SpJobProgress progress,
                              gpointer progress_data,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean sp_session_rotate_finish (SpSession *self, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpKeyPlan, sp_key_plan_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpNewRecoveryKey, sp_new_recovery_key_free)

G_END_DECLS
