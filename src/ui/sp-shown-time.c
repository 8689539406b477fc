/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-shown-time"

#include "config.h"

#include "ui/sp-shown-time.h"

#include <glib/gi18n.h>

/**
 * sp_shown_time:
 * @ms: milliseconds since 1970
 *
 * Returns: (transfer full): the moment in the local time zone
 */
char *
sp_shown_time (gint64 ms)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (ms / 1000);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  if (local == NULL)
    return g_strdup (_ ("unknown"));
  /* Translators: a date and a time of day, as g_date_time_format() takes it: "3 March 2024, 14:05". */
  return g_date_time_format (local, _ ("%-d %B %Y, %H:%M"));
}

/**
 * sp_shown_date:
 * @ms: milliseconds since 1970
 *
 * Returns: (transfer full): the day in the local time zone
 */
char *
sp_shown_date (gint64 ms)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (ms / 1000);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  if (local == NULL)
    return g_strdup (_ ("unknown"));
  /* Translators: a date, as g_date_time_format() takes it: "3 March 2024". */
  return g_date_time_format (local, _ ("%-d %B %Y"));
}
