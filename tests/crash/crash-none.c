/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The real thing: no mutant. */

#include "config.h"

#include "crash.h"

const char *const crash_mutant = NULL;
