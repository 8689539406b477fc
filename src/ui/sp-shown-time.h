/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A moment as people write it. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *sp_shown_time (gint64 ms) G_GNUC_WARN_UNUSED_RESULT;
char *sp_shown_date (gint64 ms) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
