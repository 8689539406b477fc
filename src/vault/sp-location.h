/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What kind of place a file system is, for tests. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char *sp_location_describe_filesystem (guint64 magic);

G_END_DECLS
