/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the plan of a rotation says to the rotation. */

#pragma once

#include "vault/sp-vault-rotate.h"
#include "vault/sp-vault-slots-private.h"

G_BEGIN_DECLS

typedef enum {
  SP_FATE_LOST,
  SP_FATE_DROPPED,  /* lost, and meant to be */
  SP_FATE_KEPT,     /* opens with the same as before */
  SP_FATE_PASSWORD, /* has another password */
  SP_FATE_RENEWED,  /* is another recovery key */
} SpSlotFate;

typedef struct {
  SpSealSlot listed; /* as it was when the plan was made */
  SpSlotInfo *info;  /* (owned) */
  SpSlotFate fate;
  SpKeyslot slot; /* the new fixed part, of a slot that comes along */
} SpPlannedSlot;

struct _SpRotation {
  SpVault *vault;
  SpSecret *key;    /* (owned) the new vault key */
  guint32 epoch;    /* its epoch */
  GPtrArray *slots; /* (element-type SpPlannedSlot) (owned) all that the seal lists */
  gboolean has_new_slot;
  SpKeyslot new_slot; /* of a password, where there was none */
};

static inline gboolean
sp_planned_slot_comes_along (const SpPlannedSlot *slot)
{
  return slot->fate >= SP_FATE_KEPT;
}

/* INVALID, CONFLICT or LAST_SLOT when the plan may not be carried out on what `seal` lists; within the transaction. */
gboolean sp_rotation_check (const SpRotation *self,
                            const SpSeal *seal,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
