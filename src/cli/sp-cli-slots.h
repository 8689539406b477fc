/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which key slot is meant. */

#pragma once

#include <glib.h>

#include "vault/sp-vault-slots.h"

G_BEGIN_DECLS

/* slots: (element-type SpSlotInfo). By name, or by the beginning of the id; borrowed from the array. */
const SpSlotInfo *sp_cli_find_slot (const GPtrArray *slots,
                                    const char *text,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
const SpSlotInfo *sp_cli_find_current_slot (const GPtrArray *slots,
                                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
