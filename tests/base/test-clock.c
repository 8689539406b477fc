/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "base/sp-clock.h"

#include "common/sp-test.h"

#define FIRST_MS (-G_GINT64_CONSTANT (62135596800000))     /* 0001-01-01T00:00:00Z */
#define LAST_MS  (G_GINT64_CONSTANT (253402300800000) - 1) /* 9999-12-31T23:59:59.999Z */

typedef struct {
  const char *text;
  gint64 ms;
} TimeVector;

static void
test_system (void)
{
  gint64 before = g_get_real_time () / 1000;
  gint64 now = sp_clock_now_ms (NULL);
  gint64 also_now = sp_clock_now_ms (sp_clock_get_system ());
  gint64 after = g_get_real_time () / 1000;

  g_assert_cmpint (now, >=, before);
  g_assert_cmpint (also_now, >=, now);
  g_assert_cmpint (after, >=, also_now);
}

static void
test_frozen (void)
{
  SpTestClock clock;

  sp_test_clock_init (&clock, 1234567);
  g_assert_cmpint (sp_clock_now_ms (&clock.clock), ==, 1234567);
  g_assert_cmpint (sp_clock_now_ms (&clock.clock), ==, 1234567);
  clock.now_ms += 1000;
  g_assert_cmpint (sp_clock_now_ms (&clock.clock), ==, 1235567);
}

/* Milliseconds computed by date(1): date -u -d TEXT +%s. */
static void
test_write (void)
{
  static const TimeVector vectors[] = {
    { "1970-01-01T00:00:00Z", 0 },
    { "2000-02-29T12:34:56Z", G_GINT64_CONSTANT (951827696000) },
    { "2026-11-24T04:05:00Z", G_GINT64_CONSTANT (1795493100000) },
    { "1969-12-31T23:59:59Z", -1000 },
    { "1969-12-31T23:59:59.999Z", -1 },
    { "1970-01-01T00:00:00.007Z", 7 },
    { "0001-01-01T00:00:00Z", FIRST_MS },
    { "9999-12-31T23:59:59.999Z", LAST_MS },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++) {
    g_autofree char *text = sp_time_to_iso8601 (vectors[i].ms);
    gint64 ms;

    g_assert_cmpstr (text, ==, vectors[i].text);
    g_assert_true (sp_time_from_iso8601 (text, &ms));
    g_assert_cmpint (ms, ==, vectors[i].ms);
  }
}

static void
test_write_out_of_range (void)
{
  static const gint64 outside[] = { FIRST_MS - 1, LAST_MS + 1, G_MININT64, G_MAXINT64 };

  for (gsize i = 0; i < G_N_ELEMENTS (outside); i++)
    g_assert_null (sp_time_to_iso8601 (outside[i]));
}

static void
test_read (void)
{
  static const TimeVector vectors[] = {
    { "2000-02-29", G_GINT64_CONSTANT (951782400000) },
    { "2000-02-29T12:34:56", G_GINT64_CONSTANT (951827696000) },
    { "2000-02-29 12:34:56Z", G_GINT64_CONSTANT (951827696000) },
    { "2000-02-29t12:34:56z", G_GINT64_CONSTANT (951827696000) },
    { "2000-02-29T12:34Z", G_GINT64_CONSTANT (951827640000) },
    { "2000-02-29T14:34:56+02:00", G_GINT64_CONSTANT (951827696000) },
    { "2000-02-29T14:34:56+0200", G_GINT64_CONSTANT (951827696000) },
    { "2000-02-29T14:34:56+02", G_GINT64_CONSTANT (951827696000) },
    { "2000-02-29T09:04:56-03:30", G_GINT64_CONSTANT (951827696000) },
    { "2000-02-29T12:34:56.5Z", G_GINT64_CONSTANT (951827696500) },
    { "2000-02-29T12:34:56,25Z", G_GINT64_CONSTANT (951827696250) },
    { "2000-02-29T12:34:56.123456789Z", G_GINT64_CONSTANT (951827696123) },
    { "0001-01-01T00:30:00-01:00", FIRST_MS + 90 * 60 * 1000 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++) {
    gint64 ms;

    g_test_message ("%s", vectors[i].text);
    g_assert_true (sp_time_from_iso8601 (vectors[i].text, &ms));
    g_assert_cmpint (ms, ==, vectors[i].ms);
  }
}

static void
test_malformed (void)
{
  static const char *const malformed[] = {
    "",
    "yesterday",
    "2000",
    "2000-02",
    "2000-02-30",
    "1900-02-29",
    "2000-13-01",
    "2000-00-01",
    "2000-01-00",
    "0000-01-01",
    "10000-01-01",
    "-001-01-01",
    "2000-2-29",
    "20000229",
    "2000-02-29T",
    "2000-02-29T12",
    "2000-02-29T12:3",
    "2000-02-29T24:00:00Z",
    "2000-02-29T12:60:00Z",
    "2000-02-29T12:34:60Z",
    "2000-02-29T12:34:56.Z",
    "2000-02-29T12:34:56ZZ",
    "2000-02-29T12:34:56 Z",
    "2000-02-29T12:34:56+2",
    "2000-02-29T12:34:56+02:",
    "2000-02-29T12:34:56+02:60",
    "2000-02-29T12:34:56+24:00",
    "2000-02-29X12:34:56Z",
    " 2000-02-29",
    "2000-02-29 ",
    "0001-01-01T00:00:00+00:01",
    "9999-12-31T23:59:59-00:01",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (malformed); i++) {
    gint64 ms = 99;

    g_test_message ("%s", malformed[i]);
    g_assert_false (sp_time_from_iso8601 (malformed[i], &ms));
    g_assert_cmpint (ms, ==, 99);
  }
}

static void
test_round_trip (void)
{
  guint64 state = 11;

  for (guint i = 0; i < 20000; i++) {
    gint64 ms = FIRST_MS + (gint64) (sp_test_random (&state) % (guint64) (LAST_MS - FIRST_MS + 1));
    g_autofree char *text = sp_time_to_iso8601 (ms);
    gint64 again;

    g_assert_true (sp_time_from_iso8601 (text, &again));
    g_assert_cmpint (again, ==, ms);
  }
}

/* Each prefix of a time either is a time or is refused: no read goes past the end. */
static void
test_truncated (void)
{
  const char *whole = "2000-02-29T14:34:56.125+02:00";
  gsize n_times = 0;

  for (gsize len = 0; whole[len] != '\0'; len++) {
    g_autofree char *text = g_strndup (whole, len);
    gint64 ms;

    n_times += sp_time_from_iso8601 (text, &ms);
  }
  /* The date; hours and minutes; seconds; one, two, three decimals; the offset's hours. */
  g_assert_cmpuint (n_times, ==, 7);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/clock/system", test_system);
  g_test_add_func ("/base/clock/frozen", test_frozen);
  g_test_add_func ("/base/clock/write", test_write);
  g_test_add_func ("/base/clock/write-out-of-range", test_write_out_of_range);
  g_test_add_func ("/base/clock/read", test_read);
  g_test_add_func ("/base/clock/malformed", test_malformed);
  g_test_add_func ("/base/clock/round-trip", test_round_trip);
  g_test_add_func ("/base/clock/truncated", test_truncated);

  return sp_test_run ();
}
