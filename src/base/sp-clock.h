/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Time as something handed in, so that tests can stop it. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  gint64 (*now_ms) (gpointer data); /* wall clock, milliseconds since 1970-01-01T00:00Z */
  gpointer data;
} SpClock;

const SpClock *sp_clock_get_system (void);
gint64 sp_clock_now_ms (const SpClock *self); /* NULL is the system's clock */

char *sp_time_to_iso8601 (gint64 ms) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_time_from_iso8601 (const char *text, gint64 *out_ms) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
