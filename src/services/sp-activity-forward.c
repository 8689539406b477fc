/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Kind and time of an entry, for the system journal; no item, no device, no number that says how many there are.
 * Where there is no journal, nothing happens. */

#define G_LOG_DOMAIN "sp-activity-forward"

#include "config.h"

#include "base/sp-clock.h"
#include "services/sp-activity-private.h"

#define NOTICE "5"

void
sp_activity_forward (const SpLogEntry *entry)
{
  const char *kind = sp_event_kind_to_name ((SpEventKind) entry->kind);
  g_autofree char *time = sp_time_to_iso8601 (entry->time_ms);
  g_autofree char *message = g_strdup_printf ("%s at %s", kind, time);
  const GLogField fields[] = {
    { "MESSAGE", message, -1 },
    { "PRIORITY", NOTICE, -1 },
    { "SYSLOG_IDENTIFIER", "securepass", -1 },
    { "SECUREPASS_EVENT", kind, -1 },
    { "SECUREPASS_TIME", time, -1 },
  };

  if (g_log_writer_journald (G_LOG_LEVEL_MESSAGE, fields, G_N_ELEMENTS (fields), NULL) !=
      G_LOG_WRITER_HANDLED)
    g_debug ("There is no journal to forward to.");
}
