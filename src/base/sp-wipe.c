/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Two thin doors: glibc's explicit_bzero(), which is an ordinary memset() that no compiler may drop
 * (and so runs at full speed over large blocks), and libsodium's constant-time comparison. */

#define G_LOG_DOMAIN "sp-wipe"

#include "config.h"

#include "base/sp-wipe.h"

#include <string.h>

#include <sodium.h>

/**
 * sp_wipe:
 * @data: (nullable): memory to overwrite; may be %NULL if @len is 0
 * @len: its size in bytes
 *
 * Overwrites memory with zeros, also where the compiler can see that nobody reads it afterwards.
 */
void
sp_wipe (void *data, gsize len)
{
  if (len == 0)
    return;

  g_return_if_fail (data != NULL);
  explicit_bzero (data, len);
}

/**
 * sp_bytes_equal:
 * @a: first bytes
 * @b: second bytes
 * @len: the size of both
 *
 * Compares two blocks in a time that depends on @len alone.
 *
 * Returns: %TRUE if they are equal
 */
gboolean
sp_bytes_equal (const guint8 *a, const guint8 *b, gsize len)
{
  if (len == 0)
    return TRUE;

  g_return_val_if_fail (a != NULL && b != NULL, FALSE);
  return sodium_memcmp (a, b, len) == 0;
}
