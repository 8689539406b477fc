/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A program that needs the limits of the key derivation, for test-kdf-limits.py to look into. */

#include "config.h"

#include "vault/sp-keyslot.h"

int
main (int argc, char **argv)
{
  SpKdfCost cost = { 8, 1, 1 };
  g_autoptr (GError) error = NULL;

  return sp_keyslot_check_cost (&cost, &error) ? 0 : 1;
}
