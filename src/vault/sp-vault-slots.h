/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Key slots: what opens a vault. */

#pragma once

#include "vault/sp-vault.h"

G_BEGIN_DECLS

typedef enum {
  SP_SLOT_PASSWORD = 1,
  SP_SLOT_RECOVERY = 2,
  SP_SLOT_QUICK = 3,
} SpSlotKind;

typedef struct {
  SpId id;
  SpSlotKind kind;
  char *name;
  gint64 created_ms;
  gint64 changed_ms; /* its secret was last changed */
  gint64 used_ms;    /* 0 for never */
  gint64 expires_ms; /* 0 for never */
  SpKdfCost cost;
  gboolean is_current; /* this session was opened with it */
} SpSlotInfo;

void sp_slot_info_free (SpSlotInfo *self);

GPtrArray *sp_vault_list_slots (SpVault *self, GError **error)
    G_GNUC_WARN_UNUSED_RESULT; /* (element-type SpSlotInfo) */
/* `cost` NULL calibrates. The password's strength is the caller's to check (sp-password-policy.h). */
gboolean sp_vault_add_password_slot (SpVault *self,
                                     const char *name,
                                     const SpSecret *password,
                                     const SpKdfCost *cost,
                                     SpId *out_id,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Does not rotate the vault key: copies of the file made earlier still open with it. */
gboolean
sp_vault_remove_slot (SpVault *self, const SpId *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Wraps the vault key anew in the slot `id` (NULL: the one that opened this session). */
gboolean sp_vault_change_password (SpVault *self,
                                   const SpId *id,
                                   const SpSecret *password,
                                   const SpKdfCost *cost,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Asks again, before an export or a change of slots: any password slot will do. A failure is counted
 * and logged as a failed unlock. */
gboolean sp_vault_check_password (SpVault *self,
                                  const SpSecret *password,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* About `target_ms` on this machine, memory first, never below the floor. */
gboolean
sp_vault_calibrate (guint target_ms, SpKdfCost *out_cost, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_vault_cost_is_allowed (const SpKdfCost *cost, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpSlotInfo, sp_slot_info_free)

G_END_DECLS
