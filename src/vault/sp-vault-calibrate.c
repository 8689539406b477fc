/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a guess at a password may cost, and what it should cost on this machine. */

#define G_LOG_DOMAIN "sp-vault-calibrate"

#include "config.h"

#include <unistd.h>

#include "vault/sp-kdf-limits.h"
#include "vault/sp-vault-private.h"
#include "vault/sp-vault-slots.h"

#define CALIBRATION_MEMORY_KIB (256 * 1024)
#define CALIBRATION_PASSES     3
#define CALIBRATION_LANES      4
#define LANE_MIN_KIB           8 /* of Argon2's own */
#define MEMORY_STEP_KIB        (64 * 1024)
#define MEMORY_CEILING_KIB     (1024 * 1024)

/**
 * sp_vault_cost_is_allowed:
 * @cost: a cost
 * @error: return location for a [error@VaultError]
 *
 * Returns: whether a slot may have it; else KDF_LIMITS is set
 */
gboolean
sp_vault_cost_is_allowed (const SpKdfCost *cost, GError **error)
{
  return sp_keyslot_check_cost (cost, error);
}

static guint32
quarter_of_memory_kib (void)
{
  long n_pages = sysconf (_SC_PHYS_PAGES);
  long page_size = sysconf (_SC_PAGESIZE);
  guint64 quarter = (guint64) MAX (n_pages, 0) * (guint64) (MAX (page_size, 0) / 1024) / 4;

  return (guint32) CLAMP (quarter, sp_kdf_limits.min_memory_kib, MEMORY_CEILING_KIB);
}

/**
 * sp_vault_calibrate:
 * @target_ms: how long an unlock may take
 * @out_cost: (out): a cost that takes about that long here
 * @error: return location for a [error@VaultError]
 *
 * Measures one run and scales its memory, which is what makes guessing dear; passes and lanes stay.
 *
 * Returns: whether it could be measured
 */
gboolean
sp_vault_calibrate (guint target_ms, SpKdfCost *out_cost, GError **error)
{
  static const guint8 salt[16] = { 0 };
  guint32 ceiling = quarter_of_memory_kib ();
  SpKdfCost cost = { MIN (CALIBRATION_MEMORY_KIB, ceiling), CALIBRATION_PASSES, CALIBRATION_LANES };
  g_autoptr (SpSecret) password = sp_secret_new_text ("calibration");
  g_autoptr (SpSecret) key = NULL;
  gint64 start = g_get_monotonic_time ();
  guint64 scaled;
  gint64 elapsed;

  key = sp_kdf_argon2 (SP_KDF_ARGON2ID, &cost, password, salt, sizeof salt, 32, error);
  if (key == NULL)
    return sp_vault_translate (error);
  elapsed = MAX (g_get_monotonic_time () - start, 1);

  scaled = (guint64) cost.memory_kib * target_ms * 1000 / (guint64) elapsed;
  scaled = scaled / MEMORY_STEP_KIB * MEMORY_STEP_KIB;
  cost.memory_kib = (guint32) CLAMP (
      scaled, MAX (sp_kdf_limits.min_memory_kib, cost.lanes * LANE_MIN_KIB), ceiling);
  *out_cost = cost;
  return TRUE;
}
