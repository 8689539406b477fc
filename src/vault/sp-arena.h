/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpArena: memory for decrypted overviews, in few large runs of wiped pages (base/sp-pages.h) rather than
 * on the heap. Blocks are wiped when freed; a run goes back to the system when its last block does.
 * Safe from any thread. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _SpArena SpArena;

SpArena *sp_arena_new (gsize expected) G_GNUC_WARN_UNUSED_RESULT; /* bytes of the first run */
SpArena *sp_arena_ref (SpArena *self);
void sp_arena_unref (SpArena *self);
void *sp_arena_alloc (SpArena *self, gsize len)
    G_GNUC_WARN_UNUSED_RESULT; /* 16-aligned; NULL when there is no memory */
void sp_arena_free (SpArena *self, void *block, gsize len);
/* Gives back the unused end of the block that was allocated last. */
void sp_arena_shrink (SpArena *self, void *block, gsize old_len, gsize new_len);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpArena, sp_arena_unref)

G_END_DECLS
