/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Alarms: simple rules over what is in memory of the log. They are for the eyes of an honest user: whoever can unlock the
 * vault knows them, and can stay below. */

#define G_LOG_DOMAIN "sp-activity-alarms"

#include "config.h"

#include "services/sp-activity-private.h"

#define MS_PER_MINUTE G_GINT64_CONSTANT (60000)
#define MS_PER_HOUR   (60 * MS_PER_MINUTE)
#define MS_PER_DAY    (24 * MS_PER_HOUR)

#define MAX_AGE_MS      (30 * MS_PER_DAY)
#define MANY_FAILURES   5 /* within an hour */
#define MANY_ITEMS      20
#define ITEMS_SPAN_MS   (5 * MS_PER_MINUTE)
#define MAX_LOOK_BACK   200
#define ENOUGH_UNLOCKS  20   /* to say what is usual */
#define MAX_ENTRIES     5000 /* that are looked at, so that no change of the vault costs more */
#define HOURS_OF_A_DAY  24
#define HOURS_TOLERATED 1

typedef struct {
  const SpLog *log;
  const SpId *current;
  guint64 lowest;
  guint64 after;
  gint64 since_ms;
} Finder;

static gboolean
is_new (const Finder *self, const SpLogEntry *entry)
{
  return entry->number > self->after && entry->time_ms >= self->since_ms;
}

static gboolean
is_elsewhere (const Finder *self, const SpLogEntry *entry)
{
  return is_new (self, entry) && !sp_id_equal (&entry->session, self->current);
}

/* Whether `n` of the newest failures, taken as they stand in the log, lie within an hour. */
static gboolean
has_many_failures (const Finder *self)
{
  gint64 times[MANY_FAILURES] = { 0 };
  guint n = 0;

  for (guint64 number = sp_log_get_newest (self->log); number >= self->lowest && number > 0;
       number--) {
    const SpLogEntry *entry = sp_log_get (self->log, number);

    if (entry->kind != SP_EVENT_UNLOCK_FAILED || !is_new (self, entry))
      continue;
    times[n % MANY_FAILURES] = entry->time_ms;
    n++;
    if (n >= MANY_FAILURES && ABS (times[n % MANY_FAILURES] - entry->time_ms) < MS_PER_HOUR)
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_reveal (const SpLogEntry *entry)
{
  return entry->kind == SP_EVENT_ITEM_VIEWED || entry->kind == SP_EVENT_ITEM_COPIED;
}

/* How many items there are among the reveals of the minutes before `newest`. */
static guint
count_items (const Finder *self, const SpLogEntry *newest)
{
  g_autoptr (GHashTable) items = g_hash_table_new (sp_id_hash, sp_id_equal);
  guint64 lowest = MAX (self->lowest, newest->number - MIN (newest->number, MAX_LOOK_BACK));

  for (guint64 number = newest->number; number >= lowest && number > self->after; number--) {
    const SpLogEntry *entry = sp_log_get (self->log, number);

    if (entry->kind != 0 && entry->time_ms < newest->time_ms - ITEMS_SPAN_MS)
      break;
    if (is_reveal (entry) && sp_id_equal (&entry->session, &newest->session))
      g_hash_table_add (items, (gpointer) (guintptr) &entry->subject);
    if (g_hash_table_size (items) >= MANY_ITEMS)
      break;
  }
  return g_hash_table_size (items);
}

static gboolean
has_many_reveals (const Finder *self)
{
  for (guint64 number = sp_log_get_newest (self->log);
       number >= self->lowest && number > self->after; number--) {
    const SpLogEntry *entry = sp_log_get (self->log, number);

    if (is_reveal (entry) && is_elsewhere (self, entry) && count_items (self, entry) >= MANY_ITEMS)
      return TRUE;
  }
  return FALSE;
}

static gboolean
has_export (const Finder *self)
{
  for (guint64 number = sp_log_get_newest (self->log);
       number >= self->lowest && number > self->after; number--) {
    const SpLogEntry *entry = sp_log_get (self->log, number);

    if (entry->kind == SP_EVENT_EXPORTED && is_elsewhere (self, entry))
      return TRUE;
  }
  return FALSE;
}

static gint
get_hour (gint64 ms)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (ms / 1000);

  return time != NULL ? g_date_time_get_hour (time) : 0;
}

/* One day's unlock at three in the morning is unusual only if on other days there was none then. */
static gboolean
has_unusual_hour (const Finder *self)
{
  guint hours[HOURS_OF_A_DAY] = { 0 };
  guint n_known = 0;

  for (guint64 number = self->lowest; number > 0 && number <= sp_log_get_newest (self->log);
       number++) {
    const SpLogEntry *entry = sp_log_get (self->log, number);
    guint n_near = 0;
    gint hour;

    if (entry->kind != SP_EVENT_OPENED)
      continue;
    hour = get_hour (entry->time_ms);
    for (gint i = -HOURS_TOLERATED; i <= HOURS_TOLERATED; i++)
      n_near += hours[(hour + i + HOURS_OF_A_DAY) % HOURS_OF_A_DAY];
    if (n_known >= ENOUGH_UNLOCKS && n_near == 0 && is_new (self, entry))
      return TRUE;
    hours[hour]++;
    n_known++;
  }
  return FALSE;
}

SpAlarms
sp_activity_find_alarms (const SpLog *log, const SpId *current, guint64 after, gint64 now_ms)
{
  guint64 n_entries = MIN (sp_log_get_n_entries (log), MAX_ENTRIES);
  const Finder self = {
    .log = log,
    .current = current,
    .lowest = sp_log_get_newest (log) + 1 - n_entries,
    .after = after,
    .since_ms = now_ms - MAX_AGE_MS,
  };
  SpAlarms alarms = 0;

  if (n_entries == 0)
    return 0;
  if (has_many_failures (&self))
    alarms |= SP_ALARM_FAILURES;
  if (has_unusual_hour (&self))
    alarms |= SP_ALARM_UNUSUAL_HOUR;
  if (has_many_reveals (&self))
    alarms |= SP_ALARM_MANY_REVEALED;
  if (has_export (&self))
    alarms |= SP_ALARM_EXPORTED;
  return alarms;
}
