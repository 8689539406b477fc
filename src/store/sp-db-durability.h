/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How hard SQLite syncs. A constant of its own object file: a test program links another one with "OFF",
 * to prove that the crash suite notices; no setting, file or variable of a release build reaches it. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

extern const char *const sp_db_synchronous;

G_END_DECLS
