/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whole memory pages outside the heap: never dumped, never in a child, locked as far as the limit
 * allows, in huge pages where there are any, wiped before they go back to the kernel. For what is too
 * large for SpSecret: the index arena, record buffers, the KDF's block. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  SP_PAGES_DEFAULT = 0,
  SP_PAGES_HUGE = 1 << 0,  /* ask for huge pages; the size is rounded up to 2 MiB */
  SP_PAGES_LOCK = 1 << 1,  /* lock in RAM if RLIMIT_MEMLOCK allows */
  SP_PAGES_WIPED = 1 << 2, /* when freeing only: the caller has wiped what it wrote */
} SpPagesFlags;

void *sp_pages_alloc (gsize size, SpPagesFlags flags) G_GNUC_WARN_UNUSED_RESULT;
void sp_pages_free (void *data, gsize size, SpPagesFlags flags);
gsize sp_pages_get_unlocked (void);

G_END_DECLS
