/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "services/sp-session-drafts.h"

#include <glib/gstdio.h>

#include "sp-session-fixture.h"

static GPtrArray *
load_drafts (SessionFixture *self)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *drafts;

  sp_session_load_drafts_async (self->session, NULL, session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  drafts = sp_session_load_drafts_finish (self->session, self->result, &error);
  g_assert_no_error (error);
  return drafts;
}

static void
assert_no_draft (SessionFixture *self)
{
  g_autoptr (GPtrArray) drafts = load_drafts (self);

  g_assert_cmpuint (drafts->len, ==, 0);
}

static SpItem *
new_draft (const char *title)
{
  SpItem *item = sp_item_new (SP_ITEM_LOGIN, title);
  g_autoptr (GError) error = NULL;
  gboolean named = sp_session_name_draft (item, &error);

  g_assert_no_error (error);
  g_assert_true (named);
  return item;
}

static void
test_named_once (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpItem) item = new_draft ("New");
  const SpId id = item->id;

  g_assert_false (sp_id_is_null (&id));
  g_assert_true (sp_session_name_draft (item, NULL));
  g_assert_true (sp_id_equal (&item->id, &id));
}

/* What is kept in ::locking is there after the next unlock. */
static void
locking_cb (SpSession *session, int reason, const SpItem *item)
{
  sp_session_save_draft (session, item);
}

static void
test_kept_on_locking (SessionFixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) drafts = NULL;
  g_autoptr (SpItem) item = NULL;
  const SpDraft *draft;

  session_fixture_unlock_or_abort (self);
  item = session_fixture_load (self, session_fixture_first_number (self));
  sp_item_set_title (item, "Half a title");
  g_signal_connect (self->session, "locking", G_CALLBACK (locking_cb), item);
  session_fixture_lock_and_flush (self);
  g_signal_handlers_disconnect_by_func (self->session, locking_cb, item);

  session_fixture_unlock_or_abort (self);
  drafts = load_drafts (self);
  g_assert_cmpuint (drafts->len, ==, 1);
  draft = g_ptr_array_index (drafts, 0);
  g_assert_cmpstr (draft->item->title, ==, "Half a title");
  g_assert_cmpuint (draft->item->number, ==, item->number);
  g_assert_cmpuint (draft->item->revision, ==, item->revision);
  g_assert_false (draft->moved);
  g_assert_false (draft->saved);
  session_fixture_lock_and_flush (self);
}

/* Of one item there is one draft, the latest; dropped, there is none. */
static void
test_replaced_and_dropped (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpItem) item = new_draft ("First");

  session_fixture_unlock_or_abort (self);
  sp_session_save_draft (self->session, item);
  sp_item_set_title (item, "Second");
  sp_session_save_draft (self->session, item);
  {
    g_autoptr (GPtrArray) drafts = load_drafts (self);
    const SpDraft *draft;

    g_assert_cmpuint (drafts->len, ==, 1);
    draft = g_ptr_array_index (drafts, 0);
    g_assert_cmpstr (draft->item->title, ==, "Second");
    g_assert_true (sp_id_equal (&draft->item->id, &item->id));
  }
  sp_session_drop_draft (self->session, &item->id);
  assert_no_draft (self);
  session_fixture_lock_and_flush (self);
}

/* A draft is no change of the vault: nobody is told, and nothing has moved. */
static void
test_no_change (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpItem) item = new_draft ("New");
  guint64 sequence;

  session_fixture_unlock_or_abort (self);
  session_fixture_flush (self);
  sequence = sp_session_peek_info (self->session)->sequence;
  self->n_changed = 0;
  sp_session_save_draft (self->session, item);
  session_fixture_flush (self);
  g_assert_cmpuint (self->n_changed, ==, 0);
  g_assert_cmpuint (sp_session_peek_info (self->session)->sequence, ==, sequence);
  session_fixture_lock_and_flush (self);
}

/* A new item that was saved from its draft has the draft's id, and what is left of the draft says so. */
static void
test_saved_under_its_id (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpItem) item = new_draft ("New");
  g_autoptr (SpItem) stored = NULL;
  g_autoptr (GPtrArray) drafts = NULL;

  session_fixture_unlock_or_abort (self);
  sp_session_save_draft (self->session, item);
  sp_session_save_item_async (self->session, item, session_fixture_answer_cb, self);
  session_fixture_wait_for_answer (self);
  stored = sp_session_save_item_finish (self->session, self->result, NULL);
  g_assert_nonnull (stored);
  g_assert_true (sp_id_equal (&stored->id, &item->id));
  drafts = load_drafts (self);
  g_assert_cmpuint (drafts->len, ==, 1);
  g_assert_true (((const SpDraft *) g_ptr_array_index (drafts, 0))->saved);
  session_fixture_lock_and_flush (self);
}

static SpItem *
load_half_edited (SessionFixture *self)
{
  SpItem *item;

  session_fixture_unlock_or_abort (self);
  session_fixture_flush (self);
  item = session_fixture_load (self, session_fixture_first_number (self));
  sp_item_set_title (item, "Half a title");
  return item;
}

/* It is a draft in the file again, and nowhere else. */
static void
assert_came_home (SessionFixture *self)
{
  g_autoptr (GPtrArray) drafts = NULL;

  session_fixture_unlock_or_abort (self);
  drafts = load_drafts (self);
  g_assert_cmpuint (drafts->len, ==, 1);
  g_assert_cmpstr (((const SpDraft *) g_ptr_array_index (drafts, 0))->item->title, ==,
                   "Half a title");
  g_assert_false (sp_session_keeps_edits (self->session));
  session_fixture_lock_and_flush (self);
}

/* The file is taken away: for as long as there is an edit the vault stays open, and after a lock the edit is there. */
static void
test_file_taken_away (SessionFixture *self, gconstpointer data)
{
  g_autofree char *away = g_strconcat (self->vault.path, "-away", NULL);
  g_autoptr (SpItem) item = load_half_edited (self);

  sp_session_set_editing (self->session, TRUE);
  g_assert_cmpint (g_rename (self->vault.path, away), ==, 0);
  session_fixture_wait_until (self, sp_session_is_missing (self->session));
  g_assert_true (sp_session_is_open (self->session));
  g_signal_connect (self->session, "locking", G_CALLBACK (locking_cb), item);
  session_fixture_lock_and_flush (self);
  g_signal_handlers_disconnect_by_func (self->session, locking_cb, item);
  sp_session_set_editing (self->session, FALSE);
  g_assert_true (sp_session_keeps_edits (self->session));

  g_assert_cmpint (g_rename (away, self->vault.path), ==, 0);
  assert_came_home (self);
}

/* It comes back while the vault is open: all is as before. Without an edit it is not waited for. */
static void
test_file_back (SessionFixture *self, gconstpointer data)
{
  g_autofree char *away = g_strconcat (self->vault.path, "-away", NULL);

  session_fixture_unlock_or_abort (self);
  sp_session_set_editing (self->session, TRUE);
  g_assert_cmpint (g_rename (self->vault.path, away), ==, 0);
  session_fixture_wait_until (self, sp_session_is_missing (self->session));
  g_assert_cmpint (g_rename (away, self->vault.path), ==, 0);
  session_fixture_wait_until (self, !sp_session_is_missing (self->session));
  g_assert_true (sp_session_is_open (self->session));

  g_assert_cmpint (g_rename (self->vault.path, away), ==, 0);
  session_fixture_wait_until (self, sp_session_is_missing (self->session));
  sp_session_set_editing (self->session, FALSE);
  session_fixture_wait_until (self, !sp_session_is_open (self->session));
  g_assert_cmpint (sp_session_get_lock_reason (self->session), ==, SP_LOCK_REPLACED);
  session_fixture_flush (self);
  g_assert_false (sp_session_keeps_edits (self->session));
}

/* Another file is in its place: it is locked at once, and nothing is written into that file before it is unlocked. */
static void
test_file_replaced (SessionFixture *self, gconstpointer data)
{
  g_autofree char *copy = g_strconcat (self->vault.path, "-copy", NULL);
  g_autoptr (SpItem) item = load_half_edited (self);

  sp_session_set_editing (self->session, TRUE);
  g_signal_connect (self->session, "locking", G_CALLBACK (locking_cb), item);
  vault_fixture_copy (self->vault.path, copy);
  g_assert_cmpint (g_rename (copy, self->vault.path), ==, 0);
  session_fixture_wait_until (self, !sp_session_is_open (self->session));
  g_signal_handlers_disconnect_by_func (self->session, locking_cb, item);
  session_fixture_flush (self);
  g_assert_cmpint (sp_session_get_lock_reason (self->session), ==, SP_LOCK_REPLACED);
  g_assert_true (sp_session_keeps_edits (self->session));
  sp_session_set_editing (self->session, FALSE);
  assert_came_home (self);
}

/* There is no room for one more in the file: it waits outside until there is. */
static void
test_too_many (SessionFixture *self, gconstpointer data)
{
  SpId first = { 0 };

  session_fixture_unlock_or_abort (self);
  for (guint i = 0; i <= SP_VAULT_MAX_DRAFTS; i++) {
    g_autoptr (SpItem) item = new_draft ("New");

    if (i == 0)
      first = item->id;
    sp_session_save_draft (self->session, item);
  }
  session_fixture_flush (self);
  g_assert_true (sp_session_keeps_edits (self->session));
  sp_session_drop_draft (self->session, &first);
  session_fixture_lock_and_flush (self);
  session_fixture_unlock_or_abort (self);
  {
    g_autoptr (GPtrArray) drafts = load_drafts (self);

    g_assert_cmpuint (drafts->len, ==, SP_VAULT_MAX_DRAFTS);
  }
  g_assert_false (sp_session_keeps_edits (self->session));
  session_fixture_lock_and_flush (self);
}

static void
test_locked (SessionFixture *self, gconstpointer data)
{
  g_autoptr (SpItem) item = new_draft ("New");

  sp_session_save_draft (self->session, item);
  sp_session_drop_draft (self->session, &item->id);
  session_fixture_unlock_or_abort (self);
  assert_no_draft (self);
  session_fixture_lock_and_flush (self);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define add(path, function) session_fixture_test ("/services/session-drafts/" path, function)
  add ("named-once", test_named_once);
  add ("kept-on-locking", test_kept_on_locking);
  add ("replaced-and-dropped", test_replaced_and_dropped);
  add ("no-change", test_no_change);
  add ("saved-under-its-id", test_saved_under_its_id);
  add ("file-taken-away", test_file_taken_away);
  add ("file-back", test_file_back);
  add ("file-replaced", test_file_replaced);
  add ("too-many", test_too_many);
  add ("locked", test_locked);
#undef add
  return sp_test_run ();
}
