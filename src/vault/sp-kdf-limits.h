/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a native slot may cost. A constant of its own object file: test programs link another one with a
 * low floor, and no setting, file or variable of a release build reaches it. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  guint32 min_memory_kib;
  guint32 max_memory_kib;
  guint32 min_passes;
  guint32 max_passes;
  guint32 min_lanes;
  guint32 max_lanes;
} SpKdfLimits;

extern const SpKdfLimits sp_kdf_limits;

G_END_DECLS
