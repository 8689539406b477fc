/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Wiping memory in a way that the compiler keeps, and comparing in constant time. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

void sp_wipe (void *data, gsize len);
gboolean sp_bytes_equal (const guint8 *a, const guint8 *b, gsize len) G_GNUC_WARN_UNUSED_RESULT;

/* SP_WIPE_ARRAY refuses pointers, whose sizeof would wipe eight bytes of the wrong thing. */
#define SP_WIPE_ARRAY(array)                                                           \
  G_STMT_START                                                                         \
  {                                                                                    \
    G_STATIC_ASSERT (                                                                  \
        !__builtin_types_compatible_p (__typeof__ (array), __typeof__ (&(array)[0]))); \
    sp_wipe ((array), sizeof (array));                                                 \
  }                                                                                    \
  G_STMT_END
#define SP_WIPE_STRUCT(object) sp_wipe (&(object), sizeof (object))

G_END_DECLS
