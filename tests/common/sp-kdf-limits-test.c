/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Low limits for test programs, in place of the product's. This object stands on their command line, so the
 * linker never looks for the one in the archive; nothing else is built with it. */

#define G_LOG_DOMAIN "sp-kdf-limits"

#include "config.h"

#include "vault/sp-kdf-limits.h"

const SpKdfLimits sp_kdf_limits = {
  .min_memory_kib = 8,
  .max_memory_kib = 4 * 1024 * 1024,
  .min_passes = 1,
  .max_passes = 64,
  .min_lanes = 1,
  .max_lanes = 16,
};
