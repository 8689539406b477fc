/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The words for what is in the activity log. */

#pragma once

#include "services/sp-activity-log.h"

G_BEGIN_DECLS

/* What a person looks for: groups of kinds. */
typedef enum {
  SP_ACTIVITY_EVERYTHING,
  SP_ACTIVITY_UNLOCKS,
  SP_ACTIVITY_SECRETS, /* looked at, copied, used */
  SP_ACTIVITY_CHANGES, /* of items */
  SP_ACTIVITY_KEYS,
  SP_ACTIVITY_TRANSFER, /* import and export */
  SP_ACTIVITY_VAULT,    /* settings, and what was wrong */
  SP_N_ACTIVITY_GROUPS,
} SpActivityGroup;

const char *sp_activity_group_get_label (SpActivityGroup group); /* translated */
void sp_activity_group_add_to (SpActivityGroup group, SpLogFilter *filter);

const char *sp_activity_get_title (const SpLogEntry *entry); /* translated */
const char *sp_activity_get_icon_name (const SpLogEntry *entry);
gboolean sp_activity_is_about_item (const SpLogEntry *entry);
gboolean sp_activity_is_grave (const SpLogEntry *entry);
char *sp_activity_dup_count (const SpLogEntry *entry); /* (nullable) "3 items" */

char *sp_activity_fault_text (const SpLogFault *fault) G_GNUC_WARN_UNUSED_RESULT;
char *sp_activity_alarms_text (SpAlarms alarms) G_GNUC_WARN_UNUSED_RESULT; /* sentences */

G_END_DECLS
