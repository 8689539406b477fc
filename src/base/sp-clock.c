/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The clock and the one form in which times are written: ISO 8601 in UTC, `2026-01-31T23:59:59Z`. Whole
 * seconds are written without a fraction; a time that is none gets exactly three decimals, so that
 * writing and reading again never changes it. Years run from 1 to 9999 in the proleptic Gregorian
 * calendar (ISO 8601), what GDate counts. */

#define G_LOG_DOMAIN "sp-clock"

#include "config.h"

#include "base/sp-clock.h"

#define MS_PER_SECOND   G_GINT64_CONSTANT (1000)
#define MS_PER_DAY      (MS_PER_SECOND * 24 * 60 * 60)
#define EPOCH_JULIAN    719163  /* GDate's number of 1970-01-01; its number 1 is 0001-01-01 */
#define LAST_JULIAN     3652059 /* 9999-12-31 */
#define FRACTION_DIGITS 3

static gint64
system_now_ms (gpointer data)
{
  return g_get_real_time () / 1000;
}

/**
 * sp_clock_get_system:
 *
 * Returns: (transfer none): the clock of this machine
 */
const SpClock *
sp_clock_get_system (void)
{
  static const SpClock system_clock = { system_now_ms, NULL };

  return &system_clock;
}

/**
 * sp_clock_now_ms:
 * @self: (nullable): a clock; %NULL is the system's
 *
 * Returns: milliseconds since 1970-01-01T00:00:00Z
 */
gint64
sp_clock_now_ms (const SpClock *self)
{
  if (self == NULL)
    return system_now_ms (NULL);
  return self->now_ms (self->data);
}

/**
 * sp_time_to_iso8601:
 * @ms: milliseconds since 1970-01-01T00:00:00Z
 *
 * Writes a time in UTC, with milliseconds only if it is not a whole second.
 *
 * Returns: (transfer full) (nullable): the text, or %NULL outside the years 1 to 9999
 */
char *
sp_time_to_iso8601 (gint64 ms)
{
  gint64 days = ms / MS_PER_DAY;
  gint64 rest = ms % MS_PER_DAY;
  int seconds;
  int fraction;
  GDate date;
  char fraction_text[FRACTION_DIGITS + 2] = "";

  if (rest < 0) {
    rest += MS_PER_DAY;
    days--;
  }
  days += EPOCH_JULIAN;
  if (days < 1 || days > LAST_JULIAN)
    return NULL;

  g_date_clear (&date, 1);
  g_date_set_julian (&date, (guint32) days);
  seconds = (int) (rest / MS_PER_SECOND);
  fraction = (int) (rest % MS_PER_SECOND);
  if (fraction != 0)
    g_snprintf (fraction_text, sizeof fraction_text, ".%03u", (guint) fraction % 1000);

  return g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02d%sZ", (int) g_date_get_year (&date),
                          (int) g_date_get_month (&date), (int) g_date_get_day (&date),
                          seconds / 3600, seconds / 60 % 60, seconds % 60, fraction_text);
}

/* Reads exactly `digits` decimal digits and moves on. */
static gboolean
read_number (const char **text, int digits, int min, int max, int *out_number)
{
  int number = 0;

  for (int i = 0; i < digits; i++) {
    if (!g_ascii_isdigit (**text))
      return FALSE;
    number = number * 10 + g_ascii_digit_value (**text);
    (*text)++;
  }
  if (number < min || number > max)
    return FALSE;

  *out_number = number;
  return TRUE;
}

static gboolean
skip_char (const char **text, char c)
{
  if (**text != c)
    return FALSE;
  (*text)++;
  return TRUE;
}

static gboolean
read_date (const char **text, gint64 *out_days)
{
  GDate date;
  int year;
  int month;
  int day;

  if (!read_number (text, 4, 1, 9999, &year) || !skip_char (text, '-') ||
      !read_number (text, 2, 1, 12, &month) || !skip_char (text, '-') ||
      !read_number (text, 2, 1, 31, &day))
    return FALSE;
  if (!g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year))
    return FALSE;

  g_date_clear (&date, 1);
  g_date_set_dmy (&date, (GDateDay) day, (GDateMonth) month, (GDateYear) year);
  *out_days = (gint64) g_date_get_julian (&date) - EPOCH_JULIAN;
  return TRUE;
}

/* A fraction of a second: any number of digits, of which milliseconds count. */
static gboolean
read_fraction (const char **text, int *out_ms)
{
  int ms = 0;
  int digits = 0;

  for (; g_ascii_isdigit (**text); (*text)++) {
    if (digits++ < FRACTION_DIGITS)
      ms = ms * 10 + g_ascii_digit_value (**text);
  }
  if (digits == 0)
    return FALSE;
  for (; digits < FRACTION_DIGITS; digits++)
    ms *= 10;

  *out_ms = ms;
  return TRUE;
}

static gboolean
read_time_of_day (const char **text, gint64 *out_ms)
{
  int hour;
  int minute;
  int second = 0;
  int fraction = 0;

  if (!read_number (text, 2, 0, 23, &hour) || !skip_char (text, ':') ||
      !read_number (text, 2, 0, 59, &minute))
    return FALSE;
  if (skip_char (text, ':')) {
    if (!read_number (text, 2, 0, 59, &second))
      return FALSE;
    if ((skip_char (text, '.') || skip_char (text, ',')) && !read_fraction (text, &fraction))
      return FALSE;
  }

  *out_ms = ((hour * 60 + minute) * 60 + second) * MS_PER_SECOND + fraction;
  return TRUE;
}

/* `Z`, `+hh:mm`, `+hhmm`, `+hh`, or nothing, which is read as UTC. */
static gboolean
read_offset (const char **text, gint64 *out_ms)
{
  int sign;
  int hours;
  int minutes = 0;

  *out_ms = 0;
  if (**text == '\0' || skip_char (text, 'Z') || skip_char (text, 'z'))
    return TRUE;
  if (**text != '+' && **text != '-')
    return FALSE;

  sign = **text == '-' ? -1 : 1;
  (*text)++;
  if (!read_number (text, 2, 0, 23, &hours))
    return FALSE;
  if (**text != '\0') {
    skip_char (text, ':');
    if (!read_number (text, 2, 0, 59, &minutes))
      return FALSE;
  }

  *out_ms = sign * (hours * 60 + minutes) * 60 * MS_PER_SECOND;
  return TRUE;
}

/**
 * sp_time_from_iso8601:
 * @text: a date (`2026-01-31`), or a date and a time, after `T` or a space
 * @out_ms: (out): milliseconds since 1970-01-01T00:00:00Z
 *
 * Reads ISO 8601's extended form: seconds, their fraction (cut to milliseconds) and the offset from UTC
 * may be missing. A date alone is its first instant, and a time without offset is one, in UTC.
 *
 * Returns: %TRUE if @text is such a time in the years 1 to 9999; else @out_ms is left alone
 */
gboolean
sp_time_from_iso8601 (const char *text, gint64 *out_ms)
{
  gint64 days;
  gint64 time_of_day = 0;
  gint64 offset = 0;
  gint64 ms;

  g_return_val_if_fail (text != NULL && out_ms != NULL, FALSE);

  if (!read_date (&text, &days))
    return FALSE;
  if (*text != '\0') {
    if (!skip_char (&text, 'T') && !skip_char (&text, 't') && !skip_char (&text, ' '))
      return FALSE;
    if (!read_time_of_day (&text, &time_of_day) || !read_offset (&text, &offset) || *text != '\0')
      return FALSE;
  }

  /* An offset may carry the time over either end of the calendar. */
  ms = days * MS_PER_DAY + time_of_day - offset;
  if (ms < (1 - EPOCH_JULIAN) * MS_PER_DAY || ms >= (LAST_JULIAN + 1 - EPOCH_JULIAN) * MS_PER_DAY)
    return FALSE;

  *out_ms = ms;
  return TRUE;
}
