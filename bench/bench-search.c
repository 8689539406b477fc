/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a keystroke costs the search: items as people have them, invented from lists of words, always the same
 * ones; queries typed letter by letter. One JSON object on standard output, times in microseconds.
 *
 *   bench-search [ITEMS [REPEATS [QUERY...]]]
 *
 * For each query and key: hits, and median and worst of the repeats of a search from nothing ("full") and of
 * one that goes on from the results of the key before ("typed", as the window searches); the best
 * too, which other programs disturb the least. At the end best, median and worst of the keys' medians. */

#define G_LOG_DOMAIN "bench-search"

#include "config.h"

#include <gio/gunixoutputstream.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/sp-json-writer.h"
#include "common/sp-test-snapshot.h"
#include "common/sp-test.h"
#include "vault/sp-search.h"

#define N_ITEMS_DEFAULT   100000
#define N_REPEATS_DEFAULT 15
#define NOW_MS            G_GINT64_CONSTANT (1717000000000)
#define FIRST_MS          G_GINT64_CONSTANT (1500000000000)

static const char *const first_words[] = {
  "Aurora", "Banner",   "Beacon",   "Blue",   "Café",   "Cedar",  "Cloud",  "Coral",   "Delta",
  "Eagle",  "Falcon",   "Frost",    "Golden", "Harbor", "Indigo", "Jade",   "Kestrel", "Lumen",
  "Maple",  "Meridian", "Münchner", "Nova",   "Ocean",  "Orbit",  "Pine",   "Quartz",  "Raven",
  "Señor",  "Sierra",   "Stellar",  "Tango",  "Über",   "Velvet", "Violet", "Willow",  "Zen",
};
static const char *const second_words[] = {
  "Bank",      "Mail",   "Shop",    "Cloud",  "Works", "Labs",    "Pay",    "Games",
  "Media",     "Market", "Health",  "Travel", "Air",   "Hotel",   "Books",  "News",
  "Forum",     "Social", "Code",    "Drive",  "Notes", "Tax",     "Energy", "Mobile",
  "Insurance", "School", "Library", "Music",  "Photo", "Tickets", "Rail",   "Pizza",
};
static const char *const domains[] = { "com", "com", "com", "net", "org", "io", "de", "co.uk" };
static const char *const given_names[] = {
  "anna",  "ben", "carla", "david", "elena", "frank", "greta", "henry", "iris",   "jonas",
  "karin", "leo", "maria", "nico",  "olga",  "paul",  "quinn", "rosa",  "stefan", "zoe",
};
static const char *const family_names[] = {
  "smith", "meyer", "garcia", "rossi", "novak", "dubois", "jansen", "silva", "brown", "fischer",
};
static const char *const hosts[] = { "www.", "", "login.", "accounts.", "my." };
static const char *const paths[] = { "", "login", "signin", "account/login", "auth?next=%2Fhome" };
static const char *const tags[] = {
  "work", "personal", "finance", "family", "shared/home", "travel", "dev/admin", "shopping",
};
static const char *const queries[] = {
  "aurora bank quinn", "login example fischer", "b", "zzzz", "señor",
  "tag:work bank",     "url:bank com",          "",
};

#define PICK(state, array) ((array)[sp_test_random (state) % G_N_ELEMENTS (array)])

static void
set_field (SpItem *item, const char *name, char *text)
{
  g_autoptr (SpSecret) value = sp_secret_new_text (text);

  sp_item_set_field (item, name, value);
  g_free (text);
}

static char *
make_user (guint64 *state)
{
  const char *given = PICK (state, given_names);
  const char *family = PICK (state, family_names);

  switch (sp_test_random (state) % 3) {
  case 0:
    return g_strdup_printf ("%s.%s@example.%s", given, family, PICK (state, domains));
  case 1:
    return g_strdup_printf ("%s%s%u", given, family, (guint) (sp_test_random (state) % 100));
  default:
    return g_strdup_printf ("%c%s", given[0], family);
  }
}

static void
add_item (SpTestSnapshot *snapshot, guint64 *state, guint index)
{
  const char *first = PICK (state, first_words);
  const char *second = PICK (state, second_words);
  g_autofree char *title = index % 3 == 0 ? g_strdup_printf ("%s %s", first, second)
                                          : g_strdup_printf ("%s %s %u", first, second, index);
  g_autofree char *name = g_ascii_strdown (first, -1);
  g_autofree char *rest = g_ascii_strdown (second, -1);
  g_autoptr (SpItem) item = sp_item_new (SP_ITEM_LOGIN, title);
  guint n_tags = (guint) (sp_test_random (state) % 4);

  g_strcanon (name, "abcdefghijklmnopqrstuvwxyz", 'x');
  sp_test_random_fill (state, item->id.bytes, SP_ID_LEN);
  set_field (item, "username", make_user (state));
  set_field (item, "url",
             g_strdup_printf ("https://%s%s%s.%s/%s", PICK (state, hosts), name, rest,
                              PICK (state, domains), PICK (state, paths)));
  for (guint i = 0; i < n_tags; i++)
    sp_item_add_tag (item, PICK (state, tags));
  item->created_ms = FIRST_MS;
  item->modified_ms = FIRST_MS + (gint64) (sp_test_random (state) % (NOW_MS - FIRST_MS));
  item->use_count = sp_test_random (state) % 3 == 0 ? (guint32) (sp_test_random (state) % 40) : 0;
  item->trashed = sp_test_random (state) % 50 == 0;
  item->archived = sp_test_random (state) % 50 == 0;
  sp_test_snapshot_add (snapshot, item);
}

static SpSnapshot *
make_snapshot (guint n_items)
{
  SpTestSnapshot *snapshot = sp_test_snapshot_new ();
  guint64 state = 20240607;

  for (guint i = 0; i < n_items; i++)
    add_item (snapshot, &state, i);
  return sp_test_snapshot_finish (snapshot);
}

static double
get_now_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (double) now.tv_sec * 1e6 + (double) now.tv_nsec / 1e3;
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  double time_a = *(const double *) a;
  double time_b = *(const double *) b;

  return time_a < time_b ? -1 : time_a > time_b;
}

static void
sort_times (GArray *times)
{
  g_array_sort (times, compare_times);
}

typedef struct {
  SpSnapshot *snapshot;
  guint n_repeats;
  SpJsonWriter *writer;
  GArray *medians[2]; /* (element-type double) (owned) of each key: from nothing, and going on */
} Bench;

/* Writes "<name>_best_us", "<name>_median_us" and "<name>_worst_us"; `times` is sorted by it. Returns the median. */
static double
write_times (Bench *self, const char *name, GArray *times)
{
  g_autofree char *best_key = g_strconcat (name, "_best_us", NULL);
  g_autofree char *median_key = g_strconcat (name, "_median_us", NULL);
  g_autofree char *worst_key = g_strconcat (name, "_worst_us", NULL);
  double median;

  sort_times (times);
  median = g_array_index (times, double, times->len / 2);
  sp_json_key (self->writer, best_key);
  sp_json_double (self->writer, g_array_index (times, double, 0), 1);
  sp_json_key (self->writer, median_key);
  sp_json_double (self->writer, median, 1);
  sp_json_key (self->writer, worst_key);
  sp_json_double (self->writer, g_array_index (times, double, times->len - 1), 1);
  return median;
}

/* One keystroke, @text being what stands in the entry after it. */
static void
measure_key (Bench *self, const char *text, SpResults **previous)
{
  static const char *const names[] = { "full", "typed" };
  SpResults *results = NULL;
  gsize n_hits;

  sp_json_begin_object (self->writer);
  sp_json_key (self->writer, "text");
  sp_json_string (self->writer, text);
  for (guint kind = 0; kind < G_N_ELEMENTS (names); kind++) {
    g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
    double median;

    for (guint i = 0; i < self->n_repeats; i++) {
      double begin = get_now_us (), took;
      g_autoptr (SpQuery) query = sp_query_new (text);

      g_clear_pointer (&results, sp_results_unref);
      results = sp_search (self->snapshot, query, kind == 0 ? NULL : *previous, NOW_MS);
      took = get_now_us () - begin;
      g_array_append_val (times, took);
    }
    median = write_times (self, names[kind], times);
    g_array_append_val (self->medians[kind], median);
  }
  sp_results_peek (results, &n_hits);
  sp_json_key (self->writer, "hits");
  sp_json_int (self->writer, (gint64) n_hits);
  sp_json_end_object (self->writer);
  g_clear_pointer (previous, sp_results_unref);
  *previous = results;
}

static void
type_query (Bench *self, const char *query)
{
  SpResults *previous = NULL;
  gsize len = strlen (query);

  for (gsize end = MIN (len, 1); end <= len; end++) {
    g_autofree char *text = NULL;

    /* Not in the middle of a character. */
    if (((guint8) query[end] & 0xc0) == 0x80)
      continue;
    text = g_strndup (query, end);
    measure_key (self, text, &previous);
  }
  g_clear_pointer (&previous, sp_results_unref);
}

static void
run (Bench *self, const char *const *texts, gsize n_texts)
{
  sp_json_begin_object (self->writer);
  sp_json_key (self->writer, "items");
  sp_json_int (self->writer, sp_snapshot_get_n_items (self->snapshot));
  sp_json_key (self->writer, "repeats");
  sp_json_int (self->writer, self->n_repeats);
  sp_json_key (self->writer, "keys");
  sp_json_begin_array (self->writer);
  for (gsize i = 0; i < n_texts; i++)
    type_query (self, texts[i]);
  sp_json_end_array (self->writer);
  write_times (self, "full", self->medians[0]);
  write_times (self, "typed", self->medians[1]);
  sp_json_end_object (self->writer);
}

static guint
get_argument (int argc, char **argv, int index, guint otherwise)
{
  guint64 value;

  if (index >= argc)
    return otherwise;
  if (!g_ascii_string_to_unsigned (argv[index], 10, 1, 10000000, &value, NULL)) {
    g_printerr ("usage: bench-search [ITEMS [REPEATS [QUERY...]]]\n");
    exit (2);
  }
  return (guint) value;
}

int
main (int argc, char **argv)
{
  g_autoptr (GOutputStream) stream = g_unix_output_stream_new (STDOUT_FILENO, FALSE);
  g_autoptr (SpJsonWriter) writer = sp_json_writer_new (stream, TRUE);
  g_autoptr (GError) error = NULL;
  Bench self = { .writer = writer };

  self.snapshot = make_snapshot (get_argument (argc, argv, 1, N_ITEMS_DEFAULT));
  self.n_repeats = get_argument (argc, argv, 2, N_REPEATS_DEFAULT);
  for (guint i = 0; i < G_N_ELEMENTS (self.medians); i++)
    self.medians[i] = g_array_new (FALSE, FALSE, sizeof (double));
  if (argc > 3)
    run (&self, (const char *const *) argv + 3, (gsize) argc - 3);
  else
    run (&self, queries, G_N_ELEMENTS (queries));
  for (guint i = 0; i < G_N_ELEMENTS (self.medians); i++)
    g_array_unref (self.medians[i]);
  sp_snapshot_unref (self.snapshot);
  if (!sp_json_writer_flush (writer, &error)) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  return 0;
}
