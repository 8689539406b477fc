/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpArena: memory for decrypted overviews, in few large runs of wiped pages (base/sp-pages.h) rather than
 * on the heap.
 *
 * Blocks are carved from the end of the newest run, or taken from a list of freed ones of about the same
 * size; they are wiped when freed. Runs go back to the system with the arena's last reference, which is
 * that of the last page in it. Safe from any thread. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _SpArena SpArena;

SpArena *sp_arena_new (gsize expected) G_GNUC_WARN_UNUSED_RESULT;
SpArena *sp_arena_ref (SpArena *self);
void sp_arena_unref (SpArena *self);

void *sp_arena_alloc (SpArena *self, gsize len, gsize *out_capacity) G_GNUC_WARN_UNUSED_RESULT;
void sp_arena_free (SpArena *self, void *block, gsize capacity);
gsize sp_arena_shrink (SpArena *self, void *block, gsize capacity, gsize len);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpArena, sp_arena_unref)

G_END_DECLS
