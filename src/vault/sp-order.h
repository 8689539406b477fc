/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpOrder: the items of a snapshot in the order of their titles, uses or changes; immutable, counted, safe on any
 * thread. It is made once for a snapshot, and then puts whatever was found in it into that order. */

#pragma once

#include <glib.h>

#include "vault/sp-snapshot.h"

G_BEGIN_DECLS

typedef enum {
  SP_ORDER_TITLE,    /* folded, then the subtitle */
  SP_ORDER_USED,     /* last used first */
  SP_ORDER_MODIFIED, /* last changed first */
} SpOrderKind;

typedef struct _SpOrder SpOrder;

SpOrder *sp_order_new (SpSnapshot *snapshot, SpOrderKind kind) G_GNUC_WARN_UNUSED_RESULT;
SpOrder *sp_order_ref (SpOrder *self);
void sp_order_unref (SpOrder *self);
SpOrderKind sp_order_get_kind (const SpOrder *self);
SpSnapshot *sp_order_get_snapshot (const SpOrder *self); /* borrowed */
/* Puts positions of the same snapshot, each there once, into order. */
void sp_order_sort (const SpOrder *self, SpPosition *positions, gsize n);

/* Without an order: those that come first, in order, before all others. */
void sp_order_put_first (const SpSnapshot *snapshot,
                         SpOrderKind kind,
                         SpPosition *positions,
                         gsize n,
                         gsize n_first);

/* The same items' positions in a later snapshot; SP_POSITION_NONE for those that are gone. */
void sp_order_carry (const SpSnapshot *from,
                     const SpSnapshot *to,
                     const SpPosition *positions,
                     gsize n,
                     SpPosition *out_positions);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpOrder, sp_order_unref)

G_END_DECLS
