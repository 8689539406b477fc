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

typedef enum {
  SP_FACTOR_KEY_FILE = 1 << 0,
  SP_FACTOR_DEVICE_KEY = 1 << 1,
} SpFactors;

/* What a person gave: the secret of the slot's kind (a password, or the 20 bytes of a recovery key), and what
 * the slot asks for besides (NULL when not given; sp-key-file.h reads key files). */
typedef struct {
  const SpSecret *secret;
  const SpSecret *key_file;
  const SpSecret *device_key;
} SpKeyslotFactors;

/* When a recovery key expires whose changing part could not be read: it opens, but nobody knows how long, so it never
 * counts as a slot that opens the vault for good, until somebody says when it expires. */
#define SP_SLOT_EXPIRY_UNKNOWN G_MAXINT64

typedef struct {
  SpId id;
  SpSlotKind kind;
  char *name;
  gint64 created_ms;
  gint64 changed_ms; /* its secret was last changed */
  gint64 used_ms;    /* 0 for never */
  gint64 expires_ms; /* 0 for never, or SP_SLOT_EXPIRY_UNKNOWN */
  SpKdfCost cost;
  SpFactors factors;   /* asked for besides */
  gboolean is_current; /* this session was opened with it */
} SpSlotInfo;

void sp_slot_info_free (SpSlotInfo *self);
/* FALSE when it is not known. */
gboolean sp_slot_info_is_expired (const SpSlotInfo *self, gint64 now_ms);

/* What everything would be lost with. Slots that expire and quick unlocks are no way in for good, and do not count. */
typedef enum {
  SP_SLOTS_RISK_NONE,
  SP_SLOTS_RISK_ONE_PASSWORD, /* there is one way in, and it is in somebody's head */
  SP_SLOTS_RISK_ONE_KEY,      /* there is one way in, a recovery key */
  SP_SLOTS_RISK_KEY_FILE,     /* all ask for a key file */
  SP_SLOTS_RISK_DEVICE_KEY,   /* all ask for the key of a device */
} SpSlotsRisk;

SpSlotsRisk sp_slots_get_risk (const GPtrArray *slots); /* (element-type SpSlotInfo) */

/* sp_vault_open() for any kind of slot and all factors. The lockout does not apply to recovery keys. A vault opened
 * with one takes no change but the rotation that sets a new master password and renews or drops the key that
 * was used (sp-vault-rotate.h). EXPIRED: the recovery key is right, but its time is over; its slot stays, since the clock may be wrong. */
SpVault *sp_vault_open_with (const char *path,
                             SpSlotKind kind,
                             const SpKeyslotFactors *factors,
                             SpVaultOpenFlags flags,
                             const SpVaultEnvironment *environment,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_vault_must_set_password (const SpVault *self);

GPtrArray *sp_vault_list_slots (SpVault *self, GError **error)
    G_GNUC_WARN_UNUSED_RESULT; /* (element-type SpSlotInfo) */
/* `cost` NULL calibrates. The password's strength is the caller's to check (sp-password-policy.h). */
gboolean sp_vault_add_password_slot (SpVault *self,
                                     const char *name,
                                     const SpSecret *password,
                                     const SpKdfCost *cost,
                                     SpId *out_id,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same, with what the slot is to ask for besides. */
gboolean sp_vault_add_password_slot_with (SpVault *self,
                                          const char *name,
                                          const SpKeyslotFactors *factors,
                                          const SpKdfCost *cost,
                                          SpId *out_id,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A new recovery key, which is returned this once: 20 bytes, for sp_recovery_key_format(). `expires_ms` 0: never. */
SpSecret *sp_vault_add_recovery_key (SpVault *self,
                                     const char *name,
                                     gint64 expires_ms,
                                     SpId *out_id,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same of a key that was made before, by sp_recovery_key_new(), and is on paper by now. */
gboolean sp_vault_add_made_recovery_key (SpVault *self,
                                         const SpSecret *key,
                                         const char *name,
                                         gint64 expires_ms,
                                         SpId *out_id,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_vault_rename_slot (SpVault *self, const SpId *id, const char *name, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* Of a recovery key; 0: never. */
gboolean sp_vault_set_slot_expiry (SpVault *self, const SpId *id, gint64 expires_ms, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* LAST_SLOT when no slot would be left that opens the vault for good: one that neither expires nor is a quick unlock.
 * Does not rotate the vault key: copies of the file made earlier still open with it (sp-vault-rotate.h does). */
gboolean
sp_vault_remove_slot (SpVault *self, const SpId *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Wraps the vault key anew in the slot `id` (NULL: the one that opened this session). */
gboolean sp_vault_change_password (SpVault *self,
                                   const SpId *id,
                                   const SpSecret *password,
                                   const SpKdfCost *cost,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for a slot of any factors: it asks for those given from now on. */
gboolean sp_vault_change_password_with (SpVault *self,
                                        const SpId *id,
                                        const SpKeyslotFactors *factors,
                                        const SpKdfCost *cost,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Asks again, before an export or a change of slots: any password slot will do. A failure is counted
 * and logged as a failed unlock. */
gboolean sp_vault_check_password (SpVault *self,
                                  const SpSecret *password,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_vault_check_factors (SpVault *self,
                                 const SpKeyslotFactors *factors,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* About `target_ms` on this machine, memory first, never below the floor. */
gboolean
sp_vault_calibrate (guint target_ms, SpKdfCost *out_cost, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_vault_cost_is_allowed (const SpKdfCost *cost, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpSlotInfo, sp_slot_info_free)

G_END_DECLS
