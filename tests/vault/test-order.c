/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Orders, in snapshots made by hand. */

#define G_LOG_DOMAIN "sp-test"

#include "config.h"

#include "vault/sp-order.h"

#include "common/sp-test-item.h"
#include "common/sp-test-snapshot.h"
#include "common/sp-test.h"
#include "vault/sp-search.h"

typedef struct {
  const char *title;
  const char *user;
  gint64 used_ms;
  gint64 modified_ms;
  gboolean archived;
} Entry;

static SpSnapshot *
make_snapshot (const Entry *entries, gsize n)
{
  SpTestSnapshot *snapshot = sp_test_snapshot_new ();

  for (gsize i = 0; i < n; i++) {
    g_autoptr (SpItem) item = sp_item_new (SP_ITEM_LOGIN, entries[i].title);

    if (entries[i].user != NULL)
      sp_test_item_set (item, "username", entries[i].user);
    item->used_ms = entries[i].used_ms;
    item->modified_ms = entries[i].modified_ms;
    item->archived = entries[i].archived;
    sp_test_snapshot_add (snapshot, item);
  }
  return sp_test_snapshot_finish (snapshot);
}

static GArray *
list_positions (SpSnapshot *snapshot)
{
  GArray *positions = g_array_new (FALSE, FALSE, sizeof (SpPosition));

  for (SpPosition position = sp_snapshot_first (snapshot); position != SP_POSITION_NONE;
       position = sp_snapshot_next (snapshot, position))
    g_array_append_val (positions, position);
  return positions;
}

static void
sort (const SpOrder *order, GArray *positions)
{
  sp_order_sort (order, (SpPosition *) (void *) positions->data, positions->len);
}

static void
assert_order (const Entry *entries, gsize n, SpOrderKind kind, const char *expected)
{
  g_autoptr (SpSnapshot) snapshot = make_snapshot (entries, n);
  g_autoptr (SpOrder) order = sp_order_new (snapshot, kind);
  g_autoptr (GArray) positions = list_positions (snapshot);
  g_autoptr (GString) titles = g_string_new (NULL);

  sort (order, positions);
  for (guint i = 0; i < positions->len; i++) {
    SpOverview overview;

    sp_snapshot_get_overview (snapshot, g_array_index (positions, SpPosition, i), &overview);
    g_string_append_printf (titles, "%s%s%s", i > 0 ? "," : "", overview.title, overview.subtitle);
  }
  g_assert_cmpstr (titles->str, ==, expected);
}

static void
test_title (void)
{
  static const Entry entries[] = {
    { "Zebra" },      { "apple pie" },
    { "Apple" },      { "Überraschung" },
    { "ubahn" },      { "apple", "zoe" },
    { "APPLE", "b" }, { "aardvark", NULL, 0, 0, TRUE },
    { "" },           { "apple pie with cream" },
  };

  assert_order (entries, G_N_ELEMENTS (entries), SP_ORDER_TITLE,
                ",Apple,APPLEb,applezoe,apple pie,apple pie with cream,ubahn,Überraschung,Zebra,"
                "aardvark");
}

static void
test_times (void)
{
  static const Entry entries[] = {
    { "never", NULL, 0, 50 },   { "often", NULL, 900, 10 },
    { "once", NULL, 100, 90 },  { "put away", NULL, 999, 99, TRUE },
    { "neither", NULL, 0, 50 },
  };

  assert_order (entries, G_N_ELEMENTS (entries), SP_ORDER_USED,
                "often,once,neither,never,put away");
  assert_order (entries, G_N_ELEMENTS (entries), SP_ORDER_MODIFIED,
                "once,neither,never,often,put away");
}

/* Some of many items, over several pages, against each title of its neighbour. */
static void
test_some_of_many (void)
{
  SpTestSnapshot *builder = sp_test_snapshot_new ();
  g_autoptr (SpSnapshot) snapshot = NULL;
  g_autoptr (SpOrder) order = NULL;
  g_autoptr (GArray) positions = g_array_new (FALSE, FALSE, sizeof (SpPosition));
  g_autofree char *last = NULL;
  guint64 state = 7;
  guint i = 0;

  for (i = 0; i < 2000; i++) {
    g_autofree char *title = sp_test_text_random (&state, 12);
    g_autoptr (SpItem) item = sp_item_new (SP_ITEM_NOTE, title);

    sp_test_snapshot_add (builder, item);
  }
  snapshot = sp_test_snapshot_finish (builder);
  order = sp_order_new (snapshot, SP_ORDER_TITLE);
  i = 0;
  for (SpPosition position = sp_snapshot_first (snapshot); position != SP_POSITION_NONE;
       position = sp_snapshot_next (snapshot, position))
    if (i++ % 3 != 0)
      g_array_append_val (positions, position);
  sort (order, positions);
  for (i = 0; i < positions->len; i++) {
    SpOverview overview;
    g_autofree char *folded = NULL;

    sp_snapshot_get_overview (snapshot, g_array_index (positions, SpPosition, i), &overview);
    folded = sp_search_fold (overview.title);
    g_assert_cmpint (g_strcmp0 (last, folded), <=, 0);
    g_free (last);
    last = g_steal_pointer (&folded);
  }
  g_assert_cmpuint (positions->len, ==, 1333);
}

static void
assert_begins_like (const GArray *a, const GArray *b, guint n)
{
  for (guint i = 0; i < n; i++)
    g_assert_cmpuint (g_array_index (a, SpPosition, i), ==, g_array_index (b, SpPosition, i));
}

/* `first` begins like the order of `all`, and has all of it. */
static void
assert_first (const SpOrder *order, GArray *all, GArray *first, guint n)
{
  g_autoptr (GArray) expected = g_array_copy (all);

  sort (order, expected);
  assert_begins_like (first, expected, n);
  sort (order, first);
  assert_begins_like (first, expected, expected->len);
}

/* However many are wanted first, they are those of the whole order, and none is lost. */
static void
test_first (void)
{
  static const SpOrderKind kinds[] = { SP_ORDER_TITLE, SP_ORDER_USED, SP_ORDER_MODIFIED };
  static const guint wanted[] = { 0, 1, 2, 63, 300, 999, 1000, 1001, 5000 };
  SpTestSnapshot *builder = sp_test_snapshot_new ();
  g_autoptr (SpSnapshot) snapshot = NULL;
  guint64 state = 11;

  for (guint i = 0; i < 1500; i++) {
    g_autofree char *title = sp_test_text_random (&state, 3);
    g_autoptr (SpItem) item = sp_item_new (SP_ITEM_NOTE, title);

    item->used_ms = i % 40;
    item->modified_ms = i * 7919 % 1500;
    item->archived = i % 7 == 0;
    sp_test_snapshot_add (builder, item);
  }
  snapshot = sp_test_snapshot_finish (builder);
  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++) {
    g_autoptr (SpOrder) order = sp_order_new (snapshot, kinds[k]);
    g_autoptr (GArray) sorted = list_positions (snapshot);

    for (guint i = 0; i < 500; i++)
      g_array_remove_index (sorted, 2 * i);
    g_assert_cmpuint (sorted->len, ==, 1000);
    for (guint i = 0; i < G_N_ELEMENTS (wanted); i++) {
      g_autoptr (GArray) first = g_array_copy (sorted);
      guint n = MIN (wanted[i], sorted->len);

      sp_order_put_first (snapshot, kinds[k], (SpPosition *) (void *) first->data, first->len,
                          wanted[i]);
      if (i == 0)
        assert_begins_like (first, sorted, sorted->len);
      else
        assert_first (order, sorted, first, n);
    }
  }
}

static GArray *
find (SpSnapshot *snapshot, const char *text, gboolean ranked)
{
  g_autoptr (SpQuery) query = sp_query_new (text);
  g_autoptr (SpResults) results = sp_search (snapshot, query, NULL, 0);
  g_autofree SpPosition *unranked = NULL;
  const SpPosition *positions;
  GArray *found = g_array_new (FALSE, FALSE, sizeof (SpPosition));
  gsize n;

  positions = sp_results_peek (results, &n);
  if (!ranked)
    positions = unranked = sp_search_unranked (snapshot, query, 0, &n);
  g_array_append_vals (found, positions, (guint) n);
  return found;
}

/* What is found without ranks is, once in order, what is found with them. */
static void
test_unranked (void)
{
  static const Entry entries[] = {
    { "one apple", "b", 0, 30 }, { "two", "apple", 0, 10 }, { "three", NULL, 0, 20 },
    { "apple four", NULL, 9 },   { "five", NULL, 0, 5 },    { "old apple", NULL, 0, 0, TRUE },
  };
  static const struct {
    const char *text;
    guint n;
  } cases[] = {
    { "", 5 }, { "type:login", 6 }, { "apple", 4 }, { "is:archived", 1 }, { "is:trashed", 0 },
  };
  g_autoptr (SpSnapshot) snapshot = make_snapshot (entries, G_N_ELEMENTS (entries));
  g_autoptr (SpOrder) order = sp_order_new (snapshot, SP_ORDER_TITLE);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GArray) ranked = find (snapshot, cases[i].text, TRUE);
    g_autoptr (GArray) unranked = find (snapshot, cases[i].text, FALSE);

    g_assert_cmpuint (ranked->len, ==, cases[i].n);
    g_assert_cmpuint (unranked->len, ==, cases[i].n);
    sort (order, ranked);
    sort (order, unranked);
    assert_begins_like (unranked, ranked, ranked->len);
  }
}

static void
test_empty (void)
{
  g_autoptr (SpSnapshot) snapshot = make_snapshot (NULL, 0);
  g_autoptr (SpOrder) order = sp_order_new (snapshot, SP_ORDER_TITLE);
  SpPosition none[1] = { 5 };

  sp_order_sort (order, none, 0);
  g_assert_cmpuint (none[0], ==, 5);
}

static void
test_carry (void)
{
  static const Entry entries[] = { { "one" }, { "two" }, { "three" } };
  g_autoptr (SpSnapshot) three = make_snapshot (entries, 3);
  g_autoptr (SpSnapshot) two = make_snapshot (entries, 2);
  const SpPosition positions[] = { 2, 0, 1 };
  SpPosition carried[3];

  sp_order_carry (three, two, positions, 3, carried);
  g_assert_cmpuint (carried[0], ==, SP_POSITION_NONE);
  g_assert_cmpuint (carried[1], ==, 0);
  g_assert_cmpuint (carried[2], ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vault/order/title", test_title);
  g_test_add_func ("/vault/order/times", test_times);
  g_test_add_func ("/vault/order/some-of-many", test_some_of_many);
  g_test_add_func ("/vault/order/first", test_first);
  g_test_add_func ("/vault/order/unranked", test_unranked);
  g_test_add_func ("/vault/order/empty", test_empty);
  g_test_add_func ("/vault/order/carry", test_carry);
  return sp_test_run ();
}
