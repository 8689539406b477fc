/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A build that does not sync: the suite must notice. */

#include "config.h"

#include "crash.h"
#include "store/sp-db-durability.h"

const char *const crash_mutant = "synchronous=OFF";
const char *const sp_db_synchronous = "OFF";
