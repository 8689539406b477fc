/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpActivityChart: unlocks and failed unlocks of the last 30 days, a pair of bars a day. What it shows is also its text
 * for those who do not see it. */

#pragma once

#include <gtk/gtk.h>

#include "vault/sp-log.h"

G_BEGIN_DECLS

#define SP_TYPE_ACTIVITY_CHART (sp_activity_chart_get_type ())
G_DECLARE_FINAL_TYPE (SpActivityChart, sp_activity_chart, SP, ACTIVITY_CHART, GtkWidget)

#define SP_ACTIVITY_CHART_DAYS 30

/* `log` NULL empties it. */
void sp_activity_chart_set (SpActivityChart *self, const SpLog *log, gint64 now_ms);
guint sp_activity_chart_get_n_unlocks (SpActivityChart *self);
guint sp_activity_chart_get_n_failures (SpActivityChart *self);

G_END_DECLS
