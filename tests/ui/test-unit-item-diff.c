/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What differs between two versions of an item. */

#include "ui/sp-item-diff.h"

#include "common/sp-test.h"

static SpItem *
make_item (void)
{
  SpItem *item = sp_item_new (SP_ITEM_LOGIN, "Mail");
  g_autoptr (SpSecret) name = sp_secret_new_text ("alice");
  g_autoptr (SpSecret) password = sp_secret_new_text ("first");
  g_autoptr (SpSecret) one = sp_secret_new_text ("https://one.example");
  g_autoptr (SpSecret) two = sp_secret_new_text ("https://two.example");

  (void) sp_item_add_field (item, "username", name);
  (void) sp_item_add_field (item, "password", password);
  (void) sp_item_add_field (item, "url", one);
  (void) sp_item_add_field (item, "url", two);
  sp_item_add_tag (item, "work");
  return item;
}

static const SpDifference *
get_only (const GPtrArray *differences)
{
  g_assert_cmpuint (differences->len, ==, 1);
  return g_ptr_array_index (differences, 0);
}

static void
test_same (void)
{
  g_autoptr (SpItem) older = make_item ();
  g_autoptr (SpItem) newer = sp_item_copy (older);
  g_autoptr (GPtrArray) differences = sp_item_diff (older, newer);
  g_autoptr (GPtrArray) all = sp_item_compare (older, newer);

  g_assert_cmpuint (differences->len, ==, 0);
  /* Title, user name, password, two websites, tag. */
  g_assert_cmpuint (all->len, ==, 6);
}

static void
test_changed (void)
{
  g_autoptr (SpItem) older = make_item ();
  g_autoptr (SpItem) newer = sp_item_copy (older);
  g_autoptr (SpSecret) password = sp_secret_new_text ("second");
  g_autoptr (GPtrArray) differences = NULL;
  g_autofree char *summary = NULL;
  const SpDifference *difference;

  (void) sp_item_set_field (newer, "password", password);
  differences = sp_item_diff (older, newer);
  difference = get_only (differences);
  g_assert_cmpint (difference->kind, ==, SP_DIFFERENCE_CHANGED);
  g_assert_cmpint (difference->field_kind, ==, SP_FIELD_HIDDEN);
  g_assert_cmpstr (sp_secret_peek_text (difference->before), ==, "first");
  g_assert_cmpstr (sp_secret_peek_text (difference->after), ==, "second");
  summary = sp_item_diff_summarise (older, newer);
  g_assert_cmpstr (summary, ==, "Password");
}

/* Of several of one name, each is compared with its own. */
static void
test_repeated (void)
{
  g_autoptr (SpItem) older = make_item ();
  g_autoptr (SpItem) newer = sp_item_copy (older);
  g_autoptr (GPtrArray) differences = NULL;
  const SpDifference *difference;

  g_assert_true (sp_item_remove_field (newer, g_ptr_array_index (newer->fields, 3)));
  differences = sp_item_diff (older, newer);
  difference = get_only (differences);
  g_assert_cmpint (difference->kind, ==, SP_DIFFERENCE_REMOVED);
  g_assert_cmpstr (sp_secret_peek_text (difference->before), ==, "https://two.example");
  g_assert_null (difference->after);
}

/* What was concealed once stays concealed in the comparison. */
static void
test_concealed (void)
{
  const SpFieldKind kinds[][2] = {
    { SP_FIELD_HIDDEN, SP_FIELD_TEXT },
    { SP_FIELD_TEXT, SP_FIELD_HIDDEN },
    { SP_FIELD_OTP, SP_FIELD_TEXT },
    { SP_FIELD_TEXT, SP_FIELD_OTP },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
    g_autoptr (SpItem) older = sp_item_new (SP_ITEM_NOTE, "");
    g_autoptr (SpItem) newer = sp_item_new (SP_ITEM_NOTE, "");
    g_autoptr (SpSecret) before = sp_secret_new_text ("one");
    g_autoptr (SpSecret) after = sp_secret_new_text ("two");
    g_autoptr (GPtrArray) differences = NULL;

    (void) sp_item_add_custom (older, NULL, "Answer", kinds[i][0], before);
    (void) sp_item_add_custom (newer, NULL, "Answer", kinds[i][1], after);
    differences = sp_item_diff (older, newer);
    g_assert_true (sp_field_kind_is_secret (get_only (differences)->field_kind));
  }
}

static void
test_rest (void)
{
  g_autoptr (SpItem) older = make_item ();
  g_autoptr (SpItem) newer = sp_item_copy (older);
  g_autofree char *summary = NULL;

  newer->type = SP_ITEM_SERVER;
  newer->favourite = TRUE;
  newer->expires_ms = 1000;
  sp_item_add_tag (newer, "home");
  g_assert_true (sp_item_remove_tag (newer, "work"));
  summary = sp_item_diff_summarise (older, newer);
  g_assert_cmpstr (summary, ==, "Type, Tag, Expires, Favourite");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/item-diff/same", test_same);
  g_test_add_func ("/ui/item-diff/changed", test_changed);
  g_test_add_func ("/ui/item-diff/repeated", test_repeated);
  g_test_add_func ("/ui/item-diff/concealed", test_concealed);
  g_test_add_func ("/ui/item-diff/rest", test_rest);
  return g_test_run ();
}
