/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-db-durability"

#include "config.h"

#include "store/sp-db-durability.h"

/* VAULT-FORMAT.md §2.1: with EXTRA the folder is synced after the journal was deleted, so that a commit
 * that was acknowledged cannot be rolled back by a journal that comes back after a power loss. */
const char *const sp_db_synchronous = "EXTRA";
