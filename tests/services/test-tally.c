/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is counted, and that a search finds as many. */

#include "services/sp-tally.h"

#include "common/sp-test-snapshot.h"
#include "common/sp-test.h"
#include "vault/sp-search.h"

typedef struct {
  SpItemType type;
  const char *tags[3];
  gboolean favourite;
  gboolean archived;
  gboolean trashed;
} Entry;

static const Entry entries[] = {
  { SP_ITEM_LOGIN, { "work/mail", "work/chat" } },
  { SP_ITEM_LOGIN, { "work" }, TRUE },
  { SP_ITEM_CARD, { "Home" }, TRUE, TRUE },
  { SP_ITEM_CARD, { "home", "work" }, TRUE, FALSE, TRUE },
  { SP_ITEM_NOTE, { "workshop", "home/attic/" } },
  { SP_ITEM_NOTE, { "/odd//one" }, FALSE, FALSE, FALSE },
  { SP_ITEM_LOGIN, { NULL } },
};

static SpSnapshot *
make_snapshot (void)
{
  SpTestSnapshot *snapshot = sp_test_snapshot_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (entries); i++) {
    g_autoptr (SpItem) item = sp_item_new (entries[i].type, "Title");

    for (gsize j = 0; j < G_N_ELEMENTS (entries[i].tags) && entries[i].tags[j] != NULL; j++)
      sp_item_add_tag (item, entries[i].tags[j]);
    item->favourite = entries[i].favourite;
    item->archived = entries[i].archived;
    item->trashed = entries[i].trashed;
    sp_test_snapshot_add (snapshot, item);
  }
  return sp_test_snapshot_finish (snapshot);
}

static gsize
count_found (SpSnapshot *snapshot, const char *text)
{
  g_autoptr (SpQuery) query = sp_query_new (text);
  g_autoptr (SpResults) results = sp_search (snapshot, query, NULL, 0);
  gsize n;

  (void) sp_results_peek (results, &n);
  return n;
}

static void
test_places (void)
{
  g_autoptr (SpSnapshot) snapshot = make_snapshot ();
  g_autoptr (SpTally) tally = sp_tally_new (snapshot);

  g_assert_cmpuint (sp_tally_get_n_items (tally), ==, 5);
  g_assert_cmpuint (sp_tally_get_n_items (tally), ==, count_found (snapshot, ""));
  g_assert_cmpuint (sp_tally_get_n_favourites (tally), ==, 2);
  g_assert_cmpuint (sp_tally_get_n_favourites (tally), ==, count_found (snapshot, "is:favourite"));
  g_assert_cmpuint (sp_tally_get_n_archived (tally), ==, 1);
  g_assert_cmpuint (sp_tally_get_n_archived (tally), ==, count_found (snapshot, "is:archived"));
  g_assert_cmpuint (sp_tally_get_n_trashed (tally), ==, 1);
  g_assert_cmpuint (sp_tally_get_n_trashed (tally), ==, count_found (snapshot, "is:trashed"));
  g_assert_cmpuint (sp_tally_get_n_of_type (tally, SP_ITEM_LOGIN), ==, 3);
  g_assert_cmpuint (sp_tally_get_n_of_type (tally, SP_ITEM_CARD), ==, 1);
  g_assert_cmpuint (sp_tally_get_n_of_type (tally, SP_ITEM_CARD), ==,
                    count_found (snapshot, "type:card"));
  g_assert_cmpuint (sp_tally_get_n_of_type (tally, SP_ITEM_WIFI), ==, 0);
  g_assert_cmpuint (sp_tally_get_n_of_type (tally, (SpItemType) 4000), ==, 0);
}

static void
test_tags (void)
{
  static const SpTallyTag expected[] = {
    { "Home", "Home", 0, 1 },      { "home", "home", 0, 1 },      { "home/attic", "attic", 1, 1 },
    { "/odd", "odd", 0, 1 },       { "/odd//one", "one", 1, 1 },  { "work", "work", 0, 2 },
    { "work/chat", "chat", 1, 1 }, { "work/mail", "mail", 1, 1 }, { "workshop", "workshop", 0, 1 },
  };
  g_autoptr (SpSnapshot) snapshot = make_snapshot ();
  g_autoptr (SpTally) tally = sp_tally_new (snapshot);
  const SpTallyTag *tags;
  gsize n;

  tags = sp_tally_peek_tags (tally, &n);
  for (gsize i = 0; i < MIN (n, G_N_ELEMENTS (expected)); i++) {
    guint has = 0;

    g_assert_cmpstr (tags[i].path, ==, expected[i].path);
    g_assert_cmpstr (tags[i].name, ==, expected[i].name);
    g_assert_cmpuint (tags[i].depth, ==, expected[i].depth);
    g_assert_cmpuint (tags[i].n_items, ==, expected[i].n_items);
    for (SpPosition position = sp_snapshot_first (snapshot); position != SP_POSITION_NONE;
         position = sp_snapshot_next (snapshot, position)) {
      SpOverview overview;

      sp_snapshot_get_overview (snapshot, position, &overview);
      if ((overview.flags & SP_OVERVIEW_TRASHED) == 0 && sp_tally_has_tag (&overview, tags[i].path))
        has++;
    }
    g_assert_cmpuint (has, ==, tags[i].n_items);
  }
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (expected));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/services/tally/places", test_places);
  g_test_add_func ("/services/tally/tags", test_tags);
  return sp_test_run ();
}
