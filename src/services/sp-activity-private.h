/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the files of the activity log's service share. */

#pragma once

#include "services/sp-activity-log.h"

G_BEGIN_DECLS

/* sp-activity-alarms.c */
SpAlarms
sp_activity_find_alarms (const SpLog *log, const SpId *current, guint64 after, gint64 now_ms);

/* sp-activity-forward.c */
void sp_activity_forward (const SpLogEntry *entry);

G_END_DECLS
