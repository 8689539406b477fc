/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-kdf-limits"

#include "config.h"

#include "vault/sp-kdf-limits.h"

/* VAULT-FORMAT.md §4.2: the floor of a native vault, and a cap against files that would eat the machine. */
const SpKdfLimits sp_kdf_limits = {
  .min_memory_kib = 64 * 1024,
  .max_memory_kib = 4 * 1024 * 1024,
  .min_passes = 3,
  .max_passes = 64,
  .min_lanes = 1,
  .max_lanes = 16,
};
