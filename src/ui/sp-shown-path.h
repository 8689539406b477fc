/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A path as people write it. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *sp_dup_shown_path (const char *path) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
