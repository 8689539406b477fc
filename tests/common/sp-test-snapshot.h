/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Snapshots built in memory, without a vault: for tests of the search and for measuring it. */

#pragma once

#include <glib.h>

#include "vault/sp-item.h"
#include "vault/sp-snapshot.h"

G_BEGIN_DECLS

typedef struct _SpTestSnapshot SpTestSnapshot;

SpTestSnapshot *sp_test_snapshot_new (void) G_GNUC_WARN_UNUSED_RESULT;
/* Encodes the item under the next number. Pages are filled as a vault's are (VAULT-FORMAT.md §6.2). */
void sp_test_snapshot_add (SpTestSnapshot *self, SpItem *item);
SpSnapshot *sp_test_snapshot_finish (SpTestSnapshot *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
