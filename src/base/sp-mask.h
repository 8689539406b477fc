/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Comparing what is secret: the answers are masks, all ones or zero, made without a branch and without a table, so that
 * neither the time taken nor the memory touched tells what was compared. All arguments are below 2^31. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* All ones if both are the same. */
static inline guint
sp_mask_equal (guint a, guint b)
{
  return 0u - (((a ^ b) - 1u) >> 31);
}

/* All ones if low <= c <= high. */
static inline guint
sp_mask_range (guint c, guint low, guint high)
{
  return 0u - (((low - 1u - c) & (c - high - 1u)) >> 31);
}

/* All ones for what g_ascii_isspace() calls a space, and the vertical tab. */
static inline guint
sp_mask_space (guint c)
{
  return sp_mask_equal (c, ' ') | sp_mask_range (c, '\t', '\r');
}

G_END_DECLS
