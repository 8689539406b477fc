/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "services/sp-session-bulk.h"

#include "sp-session-fixture.h"
#include "vault/sp-format.h"

/* Stores a new item with these tags, separated by spaces. */
static guint64
add_item (SessionFixture *self, const char *title, const char *tags)
{
  g_autoptr (SpItem) item = sp_item_new (SP_ITEM_LOGIN, title);
  g_auto (GStrv) split = g_strsplit (tags, " ", -1);
  g_autoptr (SpItem) stored = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; split[i] != NULL; i++)
    sp_item_add_tag (item, split[i]);
  sp_session_save_item_async (self->session, item, session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  stored = sp_session_save_item_finish (self->session, self->result, &error);
  g_assert_no_error (error);
  return stored->number;
}

static void
assert_tags (SessionFixture *self, guint64 number, const char *tags)
{
  g_autoptr (SpItem) item = session_fixture_load (self, number);
  g_auto (GStrv) split = g_strsplit (tags, " ", -1);
  guint n = *tags != '\0' ? g_strv_length (split) : 0;

  g_assert_cmpuint (item->tags->len, ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_true (g_ptr_array_find_with_equal_func (item->tags, split[i], g_str_equal, NULL));
}

static guint64
get_sequence (SessionFixture *self)
{
  return sp_session_peek_info (self->session)->sequence;
}

static SpBulk *
run (SessionFixture *self, SpBulk *bulk, GError **error)
{
  sp_session_bulk_async (self->session, bulk, session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  return sp_session_bulk_finish (self->session, self->result, error);
}

static SpBulk *
run_or_abort (SessionFixture *self, SpBulk *bulk)
{
  g_autoptr (GError) error = NULL;
  SpBulk *undo = run (self, bulk, &error);

  g_assert_no_error (error);
  g_assert_nonnull (undo);
  return undo;
}

static SpBulk *
change (SessionFixture *self, SpChange kind, const char *text, const guint64 *numbers, gsize n)
{
  SpBulk *bulk = sp_bulk_new ();

  sp_bulk_add (bulk, kind, text, numbers, n);
  return run_or_abort (self, bulk);
}

static SpBulk *
rename_tag (SessionFixture *self, const char *tag, const char *new_tag)
{
  g_autoptr (GError) error = NULL;
  SpBulk *undo;

  sp_session_rename_tag_async (self->session, tag, new_tag, session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  undo = sp_session_bulk_finish (self->session, self->result, &error);
  g_assert_no_error (error);
  g_assert_nonnull (undo);
  return undo;
}

/* One transaction there, one back, and one there again; what was in the trash before stays in it. */
static void
test_trash (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpBulk) first = NULL;
  g_autoptr (SpBulk) undo = NULL;
  SpBulk *redo;
  guint64 numbers[3], sequence;

  session_fixture_unlock_or_abort (self);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    numbers[i] = add_item (self, "Item", "");
  first = change (self, SP_CHANGE_TRASH, NULL, numbers, 1);
  g_assert_cmpuint (sp_bulk_get_n_items (first), ==, 1);

  sequence = get_sequence (self);
  undo = change (self, SP_CHANGE_TRASH, NULL, numbers, 3);
  g_assert_cmpuint (sp_bulk_get_n_items (undo), ==, 2);
  g_assert_cmpuint (get_sequence (self), ==, sequence + 1);
  g_assert_cmpuint (sp_session_peek_info (self->session)->n_trashed, ==, 3);

  redo = run_or_abort (self, g_steal_pointer (&undo));
  g_assert_cmpuint (get_sequence (self), ==, sequence + 2);
  g_assert_cmpuint (sp_session_peek_info (self->session)->n_trashed, ==, 1);
  g_assert_cmpuint (sp_bulk_get_n_items (redo), ==, 2);
  undo = run_or_abort (self, redo);
  g_assert_cmpuint (sp_session_peek_info (self->session)->n_trashed, ==, 3);
  session_fixture_lock_and_flush (self);
}

/* What changes nothing leaves no trace in the vault. */
static void
test_nothing (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpBulk) undo = NULL;
  guint64 number, sequence;

  session_fixture_unlock_or_abort (self);
  number = add_item (self, "Item", "work");
  sequence = get_sequence (self);
  undo = change (self, SP_CHANGE_ADD_TAG, "work", &number, 1);
  g_assert_cmpuint (sp_bulk_get_n_items (undo), ==, 0);
  g_assert_cmpuint (get_sequence (self), ==, sequence);
  session_fixture_lock_and_flush (self);
}

static void
test_tags (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpBulk) undo = NULL;
  g_autoptr (SpBulk) redo = NULL;
  guint64 numbers[2];

  session_fixture_unlock_or_abort (self);
  numbers[0] = add_item (self, "Has it", "work home");
  numbers[1] = add_item (self, "Has it not", "home");
  undo = change (self, SP_CHANGE_ADD_TAG, "work", numbers, 2);
  assert_tags (self, numbers[1], "home work");
  redo = run_or_abort (self, g_steal_pointer (&undo));
  assert_tags (self, numbers[0], "home work");
  assert_tags (self, numbers[1], "home");
  session_fixture_lock_and_flush (self);
}

/* Favourite and archived: each way, and back. */
static void
test_flags (SessionFixture *self, gconstpointer data)
{
  static const SpChange changes[] = { SP_CHANGE_FAVOURITE, SP_CHANGE_ARCHIVE, SP_CHANGE_UNFAVOURITE,
                                      SP_CHANGE_UNARCHIVE };
  guint64 number;

  session_fixture_unlock_or_abort (self);
  number = add_item (self, "Item", "");
  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++) {
    g_autoptr (SpItem) before = session_fixture_load (self, number);
    g_autoptr (SpBulk) undo = change (self, changes[i], NULL, &number, 1);
    g_autoptr (SpItem) after = session_fixture_load (self, number);
    g_autoptr (SpItem) back = NULL;
    g_autoptr (SpBulk) redo = NULL;

    g_assert_true (before->favourite != after->favourite || before->archived != after->archived);
    redo = run_or_abort (self, g_steal_pointer (&undo));
    back = session_fixture_load (self, number);
    g_assert_cmpint (before->favourite, ==, back->favourite);
    g_assert_cmpint (before->archived, ==, back->archived);
    undo = run_or_abort (self, g_steal_pointer (&redo));
  }
  session_fixture_lock_and_flush (self);
}

/* An item that was purged meanwhile does not keep the others from coming back. */
static void
test_gone (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpBulk) undo = NULL;
  g_autoptr (SpBulk) redo = NULL;
  guint64 numbers[2];

  session_fixture_unlock_or_abort (self);
  numbers[0] = add_item (self, "One", "");
  numbers[1] = add_item (self, "Two", "");
  undo = change (self, SP_CHANGE_TRASH, NULL, numbers, 2);
  sp_session_change_async (self->session, SP_CHANGE_PURGE, NULL, numbers, 1,
                           session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  g_assert_true (sp_session_change_finish (self->session, self->result, NULL));
  redo = run_or_abort (self, g_steal_pointer (&undo));
  g_assert_cmpuint (sp_bulk_get_n_items (redo), ==, 1);
  g_assert_cmpuint (sp_session_peek_info (self->session)->n_trashed, ==, 0);
  session_fixture_lock_and_flush (self);
}

/* One item that cannot be changed, and none is. */
static void
test_all_or_none (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GString) many = g_string_new ("t0");
  SpBulk *bulk = sp_bulk_new ();
  g_autoptr (SpBulk) undo = NULL;
  g_autoptr (GError) error = NULL;
  guint64 numbers[2], sequence;

  session_fixture_unlock_or_abort (self);
  for (guint i = 1; i < SP_DETAIL_MAX_TAGS; i++)
    g_string_append_printf (many, " t%u", i);
  numbers[0] = add_item (self, "Few tags", "home");
  numbers[1] = add_item (self, "As many as there may be", many->str);
  sequence = get_sequence (self);
  sp_bulk_add (bulk, SP_CHANGE_ADD_TAG, "work", numbers, 2);
  undo = run (self, bulk, &error);
  g_assert_null (undo);
  g_assert_nonnull (error);
  g_assert_cmpuint (get_sequence (self), ==, sequence);
  assert_tags (self, numbers[0], "home");
  session_fixture_lock_and_flush (self);
}

/* The tag and those in it, in the trash too; not one that only begins like it. One transaction. */
static void
test_rename (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpBulk) trash = NULL;
  g_autoptr (SpBulk) undo = NULL;
  g_autoptr (SpBulk) redo = NULL;
  guint64 numbers[3], sequence;

  session_fixture_unlock_or_abort (self);
  numbers[0] = add_item (self, "One", "work home");
  numbers[1] = add_item (self, "Two", "work/mail workshop");
  numbers[2] = add_item (self, "Three", "work");
  trash = change (self, SP_CHANGE_TRASH, NULL, numbers + 2, 1);
  sequence = get_sequence (self);
  undo = rename_tag (self, "work", "office");
  g_assert_cmpuint (get_sequence (self), ==, sequence + 1);
  g_assert_cmpuint (sp_bulk_get_n_items (undo), ==, 3);
  assert_tags (self, numbers[0], "home office");
  assert_tags (self, numbers[1], "workshop office/mail");
  assert_tags (self, numbers[2], "office");
  redo = run_or_abort (self, g_steal_pointer (&undo));
  assert_tags (self, numbers[0], "work home");
  assert_tags (self, numbers[1], "work/mail workshop");
  assert_tags (self, numbers[2], "work");
  session_fixture_lock_and_flush (self);
}

/* Into another one that some have already, and into one that is nested in itself. */
static void
test_rename_into (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpBulk) undo = NULL;
  g_autoptr (SpBulk) redo = NULL;
  guint64 numbers[2];

  session_fixture_unlock_or_abort (self);
  numbers[0] = add_item (self, "One", "a b");
  numbers[1] = add_item (self, "Two", "a a/b");
  undo = rename_tag (self, "a", "a/b");
  assert_tags (self, numbers[0], "a/b b");
  assert_tags (self, numbers[1], "a/b a/b/b");
  redo = run_or_abort (self, g_steal_pointer (&undo));
  assert_tags (self, numbers[0], "a b");
  assert_tags (self, numbers[1], "a a/b");
  undo = rename_tag (self, "a", "b");
  assert_tags (self, numbers[0], "b");
  assert_tags (self, numbers[1], "b b/b");
  sp_bulk_free (g_steal_pointer (&redo));
  redo = run_or_abort (self, g_steal_pointer (&undo));
  assert_tags (self, numbers[0], "a b");
  assert_tags (self, numbers[1], "a a/b");
  session_fixture_lock_and_flush (self);
}

static void
test_delete_tag (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpBulk) undo = NULL;
  g_autoptr (SpBulk) redo = NULL;
  guint64 number;

  session_fixture_unlock_or_abort (self);
  number = add_item (self, "One", "work/mail home");
  undo = rename_tag (self, "work", NULL);
  assert_tags (self, number, "home");
  redo = run_or_abort (self, g_steal_pointer (&undo));
  assert_tags (self, number, "home work/mail");
  session_fixture_lock_and_flush (self);
}

/* A tag that is longer than what an overview holds of it. */
static void
test_long_tag (SessionFixture *self, gconstpointer data)
{
  g_autofree char *nested = g_strnfill (SP_OVERVIEW_MAX_TAG * 2, 'x');
  g_autofree char *tag = g_strconcat (nested, "/end", NULL);
  g_autoptr (SpBulk) undo = NULL;
  guint64 number;

  session_fixture_unlock_or_abort (self);
  number = add_item (self, "One", tag);
  undo = rename_tag (self, nested, "short");
  assert_tags (self, number, "short/end");
  session_fixture_lock_and_flush (self);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define add(path, function) session_fixture_test ("/services/session-bulk/" path, function)
  add ("trash", test_trash);
  add ("nothing", test_nothing);
  add ("tags", test_tags);
  add ("flags", test_flags);
  add ("gone", test_gone);
  add ("all-or-none", test_all_or_none);
  add ("rename", test_rename);
  add ("rename-into", test_rename_into);
  add ("delete-tag", test_delete_tag);
  add ("long-tag", test_long_tag);
#undef add
  return sp_test_run ();
}
