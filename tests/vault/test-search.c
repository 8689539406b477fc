/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The search, in snapshots made by hand, and against a naive one that is written here from its description:
 * thousands of random queries over random items, from nothing and typed letter by letter. */

#define G_LOG_DOMAIN "sp-test"

#include "config.h"

#include "vault/sp-search.h"

#include <string.h>

#include "common/sp-test-item.h"
#include "common/sp-test-snapshot.h"
#include "common/sp-test.h"

#define NOW_MS     G_GINT64_CONSTANT (1700000000000)
#define MS_PER_DAY (24 * 60 * 60 * 1000)
#define N_STRINGS  3
#define MAX_TOKENS 4

/* An item of a test; what is not given is empty, or a login last changed in 1970. */
typedef struct {
  const char *title;
  const char *user;
  const char *urls[N_STRINGS];
  const char *tags[N_STRINGS];
  guint32 use;
  gint64 modified_ms;
  gint64 expires_ms;
  SpItemType type;
  gboolean favourite;
  gboolean archived;
  gboolean trashed;
} Entry;

static void
add_entry (SpTestSnapshot *snapshot, const Entry *entry)
{
  g_autoptr (SpItem) item = sp_item_new (entry->type != 0 ? entry->type : SP_ITEM_LOGIN,
                                         entry->title);

  if (entry->user != NULL)
    sp_test_item_set (item, "username", entry->user);
  for (guint i = 0; i < N_STRINGS && entry->urls[i] != NULL; i++) {
    g_autoptr (SpSecret) url = sp_test_secret (entry->urls[i]);

    sp_item_add_field (item, "url", url);
  }
  for (guint i = 0; i < N_STRINGS && entry->tags[i] != NULL; i++)
    sp_item_add_tag (item, entry->tags[i]);
  item->use_count = entry->use;
  item->modified_ms = entry->modified_ms;
  item->expires_ms = entry->expires_ms;
  item->favourite = entry->favourite;
  item->archived = entry->archived;
  item->trashed = entry->trashed;
  sp_test_snapshot_add (snapshot, item);
}

static SpSnapshot *
make_snapshot (const Entry *entries, gsize n)
{
  SpTestSnapshot *snapshot = sp_test_snapshot_new ();

  for (gsize i = 0; i < n; i++)
    add_entry (snapshot, &entries[i]);
  return sp_test_snapshot_finish (snapshot);
}

#define SNAPSHOT(entries) make_snapshot ((entries), G_N_ELEMENTS (entries))

static SpResults *
search (SpSnapshot *snapshot, const char *text, SpResults *previous)
{
  g_autoptr (SpQuery) query = sp_query_new (text);

  return sp_search (snapshot, query, previous, NOW_MS);
}

/* The titles of what is found, best first, with commas between them. */
static void
assert_found (SpSnapshot *snapshot, const char *text, const char *expected)
{
  g_autoptr (SpResults) results = search (snapshot, text, NULL);
  g_autoptr (GString) titles = g_string_new (NULL);
  const SpPosition *positions;
  gsize n;

  positions = sp_results_peek (results, &n);
  for (gsize i = 0; i < n; i++) {
    SpOverview overview;

    sp_snapshot_get_overview (snapshot, positions[i], &overview);
    g_string_append_printf (titles, "%s%s", i > 0 ? "," : "", overview.title);
  }
  if (!g_str_equal (titles->str, expected))
    g_error ("\"%s\" finds %s instead of %s", text, titles->str, expected);
}

static void
test_words (void)
{
  static const Entry entries[] = {
    { "Aurora Bank", "quinn@example.org", { "https://aurora.example/login" }, { "finance" } },
    { "Aurora Mail", "quinn", { NULL }, { "work" } },
    { "Blue Bank", NULL, { NULL }, { NULL } },
  };
  g_autoptr (SpSnapshot) snapshot = SNAPSHOT (entries);

  assert_found (snapshot, "aurora bank", "Aurora Bank");
  assert_found (snapshot, "bank aurora", "Aurora Bank");
  assert_found (snapshot, "  QUINN   fin ", "Aurora Bank");
  assert_found (snapshot, "quinn", "Aurora Mail,Aurora Bank");
  assert_found (snapshot, "example login", "Aurora Bank");
  assert_found (snapshot, "aurora zzz", "");
  assert_found (snapshot, "a", "Aurora Mail,Aurora Bank,Blue Bank");
}

static void
test_accents_and_scripts (void)
{
  static const Entry entries[] = {
    { "Käserei", NULL, { NULL }, { NULL } },  { "Kaserne", NULL, { NULL }, { NULL } },
    { "Мой банк", NULL, { NULL }, { NULL } }, { "中国銀行", NULL, { NULL }, { NULL } },
    { "한국은행", NULL, { NULL }, { NULL } }, { "Straße", NULL, { NULL }, { "Łódź" } },
  };
  g_autoptr (SpSnapshot) snapshot = SNAPSHOT (entries);

  assert_found (snapshot, "kas", "Kaserne,Käserei");
  assert_found (snapshot, "KÄS", "Kaserne,Käserei");
  assert_found (snapshot, "БАНК мой", "Мой банк");
  assert_found (snapshot, "銀行", "中国銀行");
  assert_found (snapshot, "하", "한국은행");
  assert_found (snapshot, "strasse lodz", "Straße");
  assert_found (snapshot, "tag:łódź", "Straße");
}

static void
test_quotes (void)
{
  static const Entry entries[] = {
    { "blue bank", NULL, { NULL }, { NULL } },
    { "bank blue", NULL, { NULL }, { NULL } },
    { "tag:work", NULL, { NULL }, { "two words" } },
  };
  g_autoptr (SpSnapshot) snapshot = SNAPSHOT (entries);

  assert_found (snapshot, "\"blue bank\"", "blue bank");
  /* While it is typed it is not closed yet. */
  assert_found (snapshot, "\"blue b", "blue bank");
  assert_found (snapshot, "\"tag:work\"", "tag:work");
  assert_found (snapshot, "tag:\"two w\"", "tag:work");
  assert_found (snapshot, "\"\"", "tag:work,bank blue,blue bank");
}

static void
test_filter_tag (void)
{
  static const Entry entries[] = {
    { "a", NULL, { NULL }, { "work" } },         { "b", NULL, { NULL }, { "work/admin" } },
    { "c", NULL, { NULL }, { "home/work" } },    { "d", NULL, { NULL }, { "homework" } },
    { "work", "work", { "work" }, { "other" } }, { "f", NULL, { NULL }, { "x", "worker" } },
  };
  g_autoptr (SpSnapshot) snapshot = SNAPSHOT (entries);

  assert_found (snapshot, "tag:work", "f,c,b,a");
  assert_found (snapshot, "tag:wo", "f,c,b,a");
  assert_found (snapshot, "tag:work/", "b");
  assert_found (snapshot, "tag:home tag:work", "c");
  assert_found (snapshot, "TAG:Admin", "b");
  assert_found (snapshot, "tag:work b", "b");
}

static void
test_filter_url (void)
{
  static const Entry entries[] = {
    { "a", NULL, { "https://bank.example", "https://other.example" }, { NULL } },
    { "bank", "bank", { "https://x.example" }, { "bank" } },
    { "c", NULL, { "https://x.example", "https://my.BANK.example" }, { NULL } },
  };
  g_autoptr (SpSnapshot) snapshot = SNAPSHOT (entries);

  assert_found (snapshot, "url:bank", "c,a");
  assert_found (snapshot, "url:bank url:other", "a");
  assert_found (snapshot, "url:bank.example/", "");
}

static void
test_filter_type (void)
{
  static const Entry entries[] = {
    { "a", .type = SP_ITEM_LOGIN },
    { "b", .type = SP_ITEM_CARD },
    { "c", .type = SP_ITEM_BANK_ACCOUNT },
    { "card", .type = SP_ITEM_NOTE },
  };
  g_autoptr (SpSnapshot) snapshot = SNAPSHOT (entries);

  assert_found (snapshot, "type:card", "b");
  assert_found (snapshot, "type:ca", "b");
  assert_found (snapshot, "type:bank-account", "c");
  assert_found (snapshot, "type:nothing", "");
}

static void
test_filter_state (void)
{
  static const Entry entries[] = {
    { "plain", .expires_ms = NOW_MS + 1 },
    { "liked", .favourite = TRUE, .expires_ms = NOW_MS },
    { "old", .archived = TRUE },
    { "gone", .trashed = TRUE, .favourite = TRUE },
    { "old gone", .trashed = TRUE, .archived = TRUE, .expires_ms = 1 },
  };
  g_autoptr (SpSnapshot) snapshot = SNAPSHOT (entries);

  assert_found (snapshot, "is:favourite", "liked");
  assert_found (snapshot, "is:favorite", "liked");
  assert_found (snapshot, "is:archived", "old");
  assert_found (snapshot, "is:expired", "liked");
  assert_found (snapshot, "is:trashed", "gone,old gone");
  assert_found (snapshot, "is:trashed is:favourite", "gone");
  assert_found (snapshot, "is:trashed is:archived is:expired", "old gone");
  /* In the trash nothing is found unless it is asked for. */
  assert_found (snapshot, "gone", "");
  assert_found (snapshot, "gone is:trashed", "gone,old gone");
}

/* What is in the archive is found by words, after all others, and is in no list that nobody asked for. */
static void
test_archive (void)
{
  static const Entry entries[] = {
    { "bank", .archived = TRUE, .use = 99 },
    { "my bank" },
    { "mybank" },
  };
  g_autoptr (SpSnapshot) snapshot = SNAPSHOT (entries);

  assert_found (snapshot, "bank", "my bank,mybank,bank");
  assert_found (snapshot, "", "mybank,my bank");
  assert_found (snapshot, "type:login", "mybank,my bank,bank");
}

static void
test_unknown_filters (void)
{
  static const Entry entries[] = {
    { "is:odd", NULL, { NULL }, { NULL } },
    { "host:8080", NULL, { "ssh://host:22" }, { NULL } },
    { "tag: x", NULL, { NULL }, { NULL } },
  };
  g_autoptr (SpSnapshot) snapshot = SNAPSHOT (entries);

  assert_found (snapshot, "is:odd", "is:odd");
  assert_found (snapshot, "host:8080", "host:8080");
  assert_found (snapshot, "host:22", "host:8080");
  assert_found (snapshot, "tag: x", "tag: x");
}

static void
test_query (void)
{
  g_autoptr (SpQuery) empty = sp_query_new ("   ");
  g_autoptr (SpQuery) words = sp_query_new ("a");
  g_autoptr (SpQuery) all = sp_query_new ("a in:all");
  g_autoptr (SpQuery) invalid = sp_query_new ("\xff\xc3");

  g_assert_true (sp_query_is_empty (empty));
  g_assert_false (sp_query_is_empty (words));
  g_assert_false (sp_query_is_empty (invalid));
  g_assert_false (sp_query_wants_all (words));
  g_assert_true (sp_query_wants_all (all));
}

static void
test_order_of_places (void)
{
  static const Entry entries[] = {
    { "Mybank" },
    { "My bank" },
    { "Bank" },
    { "None", "bank", .use = 500 },
    { "Other", "xbank", .use = 900 },
    { "Also", NULL, { "https://my-bank.example" } },
  };
  g_autoptr (SpSnapshot) snapshot = SNAPSHOT (entries);

  assert_found (snapshot, "bank", "Bank,None,Also,My bank,Other,Mybank");
  /* The first word decides. */
  assert_found (snapshot, "bank my", "Also,My bank,Mybank");
  assert_found (snapshot, "my bank", "My bank,Mybank,Also");
}

static void
test_order_of_use_and_age (void)
{
  static const Entry entries[] = {
    { "x1", .use = 1, .modified_ms = NOW_MS },
    { "x2", .use = 3, .modified_ms = 5 },
    { "x3", .use = 3, .modified_ms = 6 },
    /* More than the rank can tell apart. */
    { "x4", .use = 70000, .modified_ms = NOW_MS },
    { "x5", .use = 70001, .modified_ms = 1 },
    { "x6", .use = 1, .modified_ms = NOW_MS + 1 },
    { "x7", .use = 1, .modified_ms = G_MAXINT64 },
    { "x8", .use = 1, .modified_ms = G_MAXINT64 - 1 },
    { "x9", .use = 3, .modified_ms = 5 },
  };
  g_autoptr (SpSnapshot) snapshot = SNAPSHOT (entries);

  assert_found (snapshot, "x", "x5,x4,x3,x9,x2,x7,x8,x6,x1");
  assert_found (snapshot, "", "x5,x4,x3,x9,x2,x7,x8,x6,x1");
}

static void
test_nothing (void)
{
  g_autoptr (SpSnapshot) snapshot = make_snapshot (NULL, 0);

  assert_found (snapshot, "", "");
  assert_found (snapshot, "a", "");
}

static void
test_results_hold_snapshot (void)
{
  static const Entry entries[] = { { "a" } };
  SpSnapshot *snapshot = SNAPSHOT (entries);
  SpResults *results = search (snapshot, "a", NULL);
  SpResults *same = sp_results_ref (results);
  SpOverview overview;
  gsize n;

  g_assert_true (sp_results_get_snapshot (results) == snapshot);
  sp_snapshot_unref (snapshot);
  sp_results_unref (results);
  g_assert_cmpuint (sp_results_peek (same, &n)[0], ==, 0);
  g_assert_cmpuint (n, ==, 1);
  sp_snapshot_get_overview (sp_results_get_snapshot (same), 0, &overview);
  g_assert_cmpstr (overview.title, ==, "a");
  sp_results_unref (same);
}

/* Results of another snapshot, or of a query that found less, are of no use and do no harm. */
static void
test_previous_that_does_not_fit (void)
{
  static const Entry few[] = { { "ab" } };
  static const Entry more[] = { { "ac" }, { "ab" }, { "abc" }, { "x", .archived = TRUE } };
  static const char *const befores[] = { "abc",       "b",      "\"ab c",     "is:favourite",
                                         "tag:a",     "url:ab", "is:trashed", "ab zz",
                                         "type:card", "",       "in:all ab" };
  g_autoptr (SpSnapshot) snapshot = SNAPSHOT (more);
  g_autoptr (SpSnapshot) other = SNAPSHOT (few);
  g_autoptr (SpResults) of_other = search (other, "a", NULL);
  g_autoptr (SpResults) results = search (snapshot, "ab", of_other);
  gsize n;

  sp_results_peek (results, &n);
  g_assert_cmpuint (n, ==, 2);
  for (gsize i = 0; i < G_N_ELEMENTS (befores); i++) {
    g_autoptr (SpResults) before = search (snapshot, befores[i], NULL);
    g_autoptr (SpResults) after = search (snapshot, "ab", before);
    g_autoptr (SpResults) archived = search (snapshot, "x", before);

    sp_results_peek (after, &n);
    g_assert_cmpuint (n, ==, 2);
    sp_results_peek (archived, &n);
    g_assert_cmpuint (n, ==, 1);
  }
}

/* Time goes on while somebody types. */
static void
test_expires_while_typing (void)
{
  static const Entry entries[] = { { "ab", .expires_ms = NOW_MS + 1 } };
  g_autoptr (SpSnapshot) snapshot = SNAPSHOT (entries);
  g_autoptr (SpQuery) query = sp_query_new ("is:expired a");
  g_autoptr (SpQuery) longer = sp_query_new ("is:expired ab");
  g_autoptr (SpResults) before = sp_search (snapshot, query, NULL, NOW_MS);
  g_autoptr (SpResults) after = sp_search (snapshot, longer, before, NOW_MS + 1);
  gsize n;

  sp_results_peek (before, &n);
  g_assert_cmpuint (n, ==, 0);
  sp_results_peek (after, &n);
  g_assert_cmpuint (n, ==, 1);
}

/* The naive search. */

typedef struct {
  Entry entry;
  char *strings[2 + 2 * N_STRINGS]; /* folded: title, user, URLs, tags; NULL where there is none */
  SpPosition position;
} Known;

typedef struct {
  char *words[MAX_TOKENS];
  guint n_words;
  char *tag;
  char *url;
  const char *type;
  gboolean favourite;
  gboolean archived;
  gboolean trashed;
  gboolean expired;
} Wanted;

typedef struct {
  const Known *known;
  guint place;
  gsize index;
} Match;

static gboolean
is_letter (const char *text, const char *at)
{
  gunichar c;

  if (at == text)
    return FALSE;
  c = g_utf8_get_char (g_utf8_prev_char (at));
  return g_unichar_isalnum (c) || g_unichar_ismark (c);
}

/* 0 start of title, 1 start of a word, 2 elsewhere, 3 nowhere. */
static guint
find_word (const Known *known, const char *word)
{
  guint best = 3;

  for (guint i = 0; i < G_N_ELEMENTS (known->strings); i++) {
    const char *string = known->strings[i];

    for (const char *at = string; at != NULL && (at = strstr (at, word)) != NULL; at++) {
      if (i == 0 && at == string)
        return 0;
      best = MIN (best, is_letter (string, at) ? 2u : 1u);
    }
  }
  return best;
}

static gboolean
has_tag (const Known *known, const char *wanted)
{
  for (guint i = 2 + N_STRINGS; i < G_N_ELEMENTS (known->strings); i++) {
    const char *at = known->strings[i];

    while (at != NULL) {
      if (g_str_has_prefix (at, wanted))
        return TRUE;
      at = strchr (at, '/');
      at = at != NULL ? at + 1 : NULL;
    }
  }
  return FALSE;
}

static gboolean
has_url (const Known *known, const char *wanted)
{
  for (guint i = 2; i < 2 + N_STRINGS; i++)
    if (known->strings[i] != NULL && strstr (known->strings[i], wanted) != NULL)
      return TRUE;
  return FALSE;
}

static gboolean
is_wanted (const Known *known, const Wanted *wanted)
{
  const Entry *entry = &known->entry;
  gboolean anything = wanted->n_words == 0 && wanted->tag == NULL && wanted->url == NULL &&
                      wanted->type == NULL && !wanted->favourite && !wanted->trashed &&
                      !wanted->expired && !wanted->archived;

  for (guint i = 0; i < wanted->n_words; i++)
    if (find_word (known, wanted->words[i]) == 3)
      return FALSE;
  if (entry->trashed != wanted->trashed || (wanted->favourite && !entry->favourite) ||
      (wanted->archived && !entry->archived) || (anything && entry->archived) ||
      (wanted->expired && (entry->expires_ms == 0 || entry->expires_ms > NOW_MS)))
    return FALSE;
  if (wanted->type != NULL &&
      !g_str_has_prefix (sp_item_type_get_info (entry->type)->name, wanted->type))
    return FALSE;
  return (wanted->tag == NULL || has_tag (known, wanted->tag)) &&
         (wanted->url == NULL || has_url (known, wanted->url));
}

static int
compare_matches_cb (gconstpointer a, gconstpointer b)
{
  const Match *match_a = a, *match_b = b;
  const Entry *entry_a = &match_a->known->entry, *entry_b = &match_b->known->entry;

  if (match_a->place != match_b->place)
    return match_a->place < match_b->place ? -1 : 1;
  if (entry_a->use != entry_b->use)
    return entry_a->use > entry_b->use ? -1 : 1;
  if (entry_a->modified_ms != entry_b->modified_ms)
    return entry_a->modified_ms > entry_b->modified_ms ? -1 : 1;
  return match_a->index > match_b->index ? -1 : 1;
}

/* (element-type Match) best first */
static GArray *
search_naively (const GArray *items, const Wanted *wanted)
{
  GArray *matches = g_array_new (FALSE, FALSE, sizeof (Match));

  for (gsize i = 0; i < items->len; i++) {
    const Known *known = &g_array_index (items, Known, i);
    Match match = { known, 0, i };

    if (!is_wanted (known, wanted))
      continue;
    if (wanted->n_words > 0)
      match.place = find_word (known, wanted->words[0]);
    match.place += known->entry.archived ? 3 : 0;
    g_array_append_val (matches, match);
  }
  g_array_sort (matches, compare_matches_cb);
  return matches;
}

static gsize
below (guint64 *state, gsize bound)
{
  return (gsize) (sp_test_random (state) % bound);
}

static const char *const vocabulary[] = { "Bank", "bank",  "Aurora", "Käse", "Straße", "Мой",
                                          "банк", "銀行",  "中国",   "한국", "a",      "ab",
                                          "aba",  "login", "Log-in", "x1",   "O’Hara", "ŁÓDŹ",
                                          "οδός", "e",     "42",     "ที่",    "mail",   "e-mail" };
static const char *const tag_names[] = {
  "work", "work/admin", "home/work", "Büro", "a b", "банк/x"
};
static const SpItemType item_types[] = { SP_ITEM_LOGIN, SP_ITEM_CARD, SP_ITEM_NOTE,
                                         SP_ITEM_BANK_ACCOUNT };

static char *
make_text (guint64 *state, const char *separators, guint max_words)
{
  GString *text = g_string_new (NULL);
  guint n = 1 + (guint) below (state, max_words);

  for (guint i = 0; i < n; i++) {
    if (i > 0)
      g_string_append_c (text, separators[below (state, strlen (separators))]);
    g_string_append (text, vocabulary[below (state, G_N_ELEMENTS (vocabulary))]);
  }
  return g_string_free (text, FALSE);
}

static void
known_clear_cb (gpointer data)
{
  Known *known = data;

  for (guint i = 0; i < G_N_ELEMENTS (known->strings); i++)
    g_free (known->strings[i]);
}

static void
know (Known *known, guint string, const char *text)
{
  known->strings[string] = sp_search_fold (text);
}

static void
fill_entry (guint64 *state, Entry *entry, gboolean same_times)
{
  entry->type = item_types[below (state, G_N_ELEMENTS (item_types))];
  entry->use = below (state, 3) == 0 ? (guint32) below (state, 400) : 0;
  entry->modified_ms = same_times ? NOW_MS - (gint64) below (state, 3)
                                  : (gint64) below (state, NOW_MS);
  entry->expires_ms = below (state, 3) == 0
                          ? NOW_MS - MS_PER_DAY + (gint64) below (state, 2 * MS_PER_DAY)
                          : 0;
  entry->favourite = below (state, 5) == 0;
  entry->archived = below (state, 8) == 0;
  entry->trashed = below (state, 8) == 0;
}

static void
add_random (SpTestSnapshot *snapshot, guint64 *state, GArray *items, gboolean same_times)
{
  g_autofree char *title = make_text (state, "  -x", 4);
  g_autofree char *user = make_text (state, ".@x", 3);
  char *urls[N_STRINGS] = { NULL };
  Known known = { .entry = { .title = title } };
  Entry *entry = &known.entry;
  guint n_urls = (guint) below (state, N_STRINGS + 1);
  guint n_tags = (guint) below (state, N_STRINGS + 1);

  fill_entry (state, entry, same_times);
  know (&known, 0, title);
  /* Logins have a user name; the other types have no such field, and URLs as some of them do. */
  if (entry->type == SP_ITEM_LOGIN) {
    entry->user = user;
    know (&known, 1, user);
    for (guint i = 0; i < n_urls; i++) {
      entry->urls[i] = urls[i] = make_text (state, "./", 3);
      know (&known, 2 + i, urls[i]);
    }
  }
  for (guint i = 0; i < n_tags; i++) {
    guint j = (guint) (i * 2 + below (state, 2));

    entry->tags[i] = tag_names[j];
    know (&known, 2 + N_STRINGS + i, tag_names[j]);
  }
  add_entry (snapshot, entry);
  for (guint i = 0; i < N_STRINGS; i++)
    g_free (urls[i]);
  g_array_append_val (items, known);
}

static SpSnapshot *
make_random (guint64 *state, gsize n, gboolean same_times, GArray **out_items)
{
  SpTestSnapshot *building = sp_test_snapshot_new ();
  SpPosition position;
  SpSnapshot *snapshot;

  *out_items = g_array_new (FALSE, TRUE, sizeof (Known));
  g_array_set_clear_func (*out_items, known_clear_cb);
  for (gsize i = 0; i < n; i++)
    add_random (building, state, *out_items, same_times);
  snapshot = sp_test_snapshot_finish (building);
  position = sp_snapshot_first (snapshot);
  for (gsize i = 0; i < n; i++) {
    g_array_index (*out_items, Known, i).position = position;
    position = sp_snapshot_next (snapshot, position);
  }
  return snapshot;
}

/* Some characters of a word. */
static char *
make_part (guint64 *state)
{
  const char *word = vocabulary[below (state, G_N_ELEMENTS (vocabulary))];
  glong n = g_utf8_strlen (word, -1);
  glong from = below (state, 3) == 0 ? (glong) below (state, (gsize) n) : 0;
  glong to = from + 1 + (glong) below (state, (gsize) (n - from));

  return g_utf8_substring (word, from, to);
}

static void
add_filter (guint64 *state, GString *text, Wanted *wanted)
{
  static const char *const type_beginnings[] = { "login", "c", "note", "bank", "b", "q" };
  g_autofree char *part = make_part (state);
  g_autofree char *folded = sp_search_fold (part);

  switch (below (state, 7)) {
  case 0:
    g_string_append_printf (text, "tag:%s", part);
    wanted->tag = wanted->tag == NULL ? g_steal_pointer (&folded) : wanted->tag;
    break;
  case 1:
    g_string_append_printf (text, "url:%s", part);
    wanted->url = g_steal_pointer (&folded);
    break;
  case 2:
    wanted->type = type_beginnings[below (state, G_N_ELEMENTS (type_beginnings))];
    g_string_append_printf (text, "type:%s", wanted->type);
    break;
  case 3:
    wanted->favourite = TRUE;
    g_string_append (text, "is:favourite");
    break;
  case 4:
    wanted->archived = TRUE;
    g_string_append (text, "is:archived");
    break;
  case 5:
    wanted->trashed = TRUE;
    g_string_append (text, "is:trashed");
    break;
  default:
    wanted->expired = TRUE;
    g_string_append (text, "is:expired");
    break;
  }
}

/* At most one filter, since a second of a kind would have to be in `wanted` too. */
static char *
make_query (guint64 *state, Wanted *wanted)
{
  GString *text = g_string_new (NULL);
  guint n = (guint) below (state, MAX_TOKENS);
  guint filter = (guint) below (state, 2 * MAX_TOKENS);

  for (guint i = 0; i < n; i++) {
    g_string_append (text, i > 0 ? " " : "");
    if (i == filter) {
      add_filter (state, text, wanted);
    } else {
      g_autofree char *part = make_part (state);

      g_string_append (text, part);
      wanted->words[wanted->n_words++] = sp_search_fold (part);
    }
  }
  return g_string_free (text, FALSE);
}

static void
wanted_clear (Wanted *wanted)
{
  for (guint i = 0; i < wanted->n_words; i++)
    g_free (wanted->words[i]);
  g_free (wanted->tag);
  g_free (wanted->url);
}

/* Returns how many were found. */
static gsize
assert_as_naive (SpSnapshot *snapshot, const GArray *items, const char *text, const Wanted *wanted)
{
  g_autoptr (SpResults) results = search (snapshot, text, NULL);
  g_autoptr (GArray) matches = search_naively (items, wanted);
  const SpPosition *positions;
  gsize n;

  positions = sp_results_peek (results, &n);
  if (n != matches->len)
    g_error ("\"%s\" finds %" G_GSIZE_FORMAT " instead of %u", text, n, matches->len);
  for (gsize i = 0; i < n; i++)
    if (positions[i] != g_array_index (matches, Match, i).known->position)
      g_error ("\"%s\" finds another one at %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT, text, i, n);
  return n;
}

static void
check_random (guint64 seed, gsize n_items, guint n_queries, gboolean same_times)
{
  guint64 state = seed;
  g_autoptr (GArray) items = NULL;
  g_autoptr (SpSnapshot) snapshot = make_random (&state, n_items, same_times, &items);
  gsize n_found = 0;

  for (guint i = 0; i < n_queries; i++) {
    Wanted wanted = { 0 };
    g_autofree char *text = make_query (&state, &wanted);

    n_found += assert_as_naive (snapshot, items, text, &wanted);
    wanted_clear (&wanted);
  }
  /* Not a comparison of nothing with nothing. */
  g_assert_cmpuint (n_found, >, n_queries);
}

static void
test_random_few (void)
{
  for (guint64 seed = 1; seed <= 40; seed++)
    check_random (seed, 1 + seed * 3, 100, seed % 2 == 0);
}

/* Enough for the sort of many. */
static void
test_random_many (void)
{
  check_random (100, 1500, 150, FALSE);
}

static void
test_random_same_times (void)
{
  check_random (101, 1500, 100, TRUE);
}

static void
assert_same_results (SpResults *a, SpResults *b, const char *text)
{
  const SpPosition *positions_a, *positions_b;
  gsize n_a, n_b;

  positions_a = sp_results_peek (a, &n_a);
  positions_b = sp_results_peek (b, &n_b);
  if (n_a != n_b || memcmp (positions_a, positions_b, n_a * sizeof (SpPosition)) != 0)
    g_error ("\"%s\" finds another when typed: %" G_GSIZE_FORMAT ", %" G_GSIZE_FORMAT, text, n_a,
             n_b);
}

/* Each key goes on from the results of the one before, or of some earlier one, or of another query. */
static void
type_query (SpSnapshot *snapshot, guint64 *state, const char *query)
{
  g_autoptr (SpResults) previous = search (snapshot, "bank", NULL);
  glong n = g_utf8_strlen (query, -1);

  for (glong i = 0; i <= n; i++) {
    g_autofree char *text = g_utf8_substring (query, 0, i);
    g_autoptr (SpResults) typed = search (snapshot, text, previous);
    g_autoptr (SpResults) full = search (snapshot, text, NULL);

    assert_same_results (typed, full, text);
    if (below (state, 4) != 0) {
      sp_results_unref (previous);
      previous = g_steal_pointer (&typed);
    }
  }
}

static void
test_narrowing_is_full_search (void)
{
  guint64 state = 77;
  g_autoptr (GArray) items = NULL;
  g_autoptr (SpSnapshot) snapshot = make_random (&state, 900, FALSE, &items);

  for (guint i = 0; i < 250; i++) {
    Wanted wanted = { 0 };
    g_autofree char *text = make_query (&state, &wanted);

    type_query (snapshot, &state, text);
    wanted_clear (&wanted);
  }
  type_query (snapshot, &state, "tag:work/admin tag:home url:bank is:favourite aurora");
  type_query (snapshot, &state, "\"aurora bank\" \"tag:x");
}

/* Any two queries, whatever they have to do with each other. */
static void
test_any_previous (void)
{
  guint64 state = 78;
  g_autoptr (GArray) items = NULL;
  g_autoptr (SpSnapshot) snapshot = make_random (&state, 200, FALSE, &items);
  g_autoptr (SpResults) previous = search (snapshot, "", NULL);

  for (guint i = 0; i < 3000; i++) {
    Wanted wanted = { 0 };
    g_autofree char *text = make_query (&state, &wanted);
    SpResults *results = search (snapshot, text, previous);
    g_autoptr (SpResults) full = search (snapshot, text, NULL);

    assert_same_results (results, full, text);
    sp_results_unref (previous);
    previous = results;
    wanted_clear (&wanted);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/vault/search/words", test_words);
  g_test_add_func ("/vault/search/accents-and-scripts", test_accents_and_scripts);
  g_test_add_func ("/vault/search/quotes", test_quotes);
  g_test_add_func ("/vault/search/filter-tag", test_filter_tag);
  g_test_add_func ("/vault/search/filter-url", test_filter_url);
  g_test_add_func ("/vault/search/filter-type", test_filter_type);
  g_test_add_func ("/vault/search/filter-state", test_filter_state);
  g_test_add_func ("/vault/search/archive", test_archive);
  g_test_add_func ("/vault/search/unknown-filters", test_unknown_filters);
  g_test_add_func ("/vault/search/query", test_query);
  g_test_add_func ("/vault/search/order-of-places", test_order_of_places);
  g_test_add_func ("/vault/search/order-of-use-and-age", test_order_of_use_and_age);
  g_test_add_func ("/vault/search/nothing", test_nothing);
  g_test_add_func ("/vault/search/results-hold-snapshot", test_results_hold_snapshot);
  g_test_add_func ("/vault/search/previous-that-does-not-fit", test_previous_that_does_not_fit);
  g_test_add_func ("/vault/search/expires-while-typing", test_expires_while_typing);
  g_test_add_func ("/vault/search/random/few", test_random_few);
  g_test_add_func ("/vault/search/random/many", test_random_many);
  g_test_add_func ("/vault/search/random/same-times", test_random_same_times);
  g_test_add_func ("/vault/search/narrowing-is-full-search", test_narrowing_is_full_search);
  g_test_add_func ("/vault/search/any-previous", test_any_previous);

  return sp_test_run ();
}
