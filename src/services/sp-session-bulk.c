/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether a change does anything to an item is known from the item alone: an overview holds tags only so far. So each
 * is loaded, inside the batch, where what was changed before it shows. */

#define G_LOG_DOMAIN "sp-session-bulk"

#include "config.h"

#include "services/sp-session-bulk.h"

#include <string.h>

#include "services/sp-session-job.h"
#include "services/sp-tally.h"

typedef struct {
  SpChange change;
  char *text;      /* (nullable) */
  GArray *numbers; /* (element-type guint64) (owned) */
} Step;

struct _SpBulk {
  GPtrArray *steps; /* (element-type Step) (owned) */
};

static void
step_free (gpointer data)
{
  Step *self = data;

  g_free (self->text);
  g_array_unref (self->numbers);
  g_free (self);
}

static Step *
step_new (SpChange change, const char *text)
{
  Step *self = g_new0 (Step, 1);

  self->change = change;
  self->text = g_strdup (text);
  self->numbers = g_array_new (FALSE, FALSE, sizeof (guint64));
  return self;
}

/**
 * sp_bulk_new:
 *
 * Returns: (transfer full): no changes
 */
SpBulk *
sp_bulk_new (void)
{
  SpBulk *self = g_new0 (SpBulk, 1);

  self->steps = g_ptr_array_new_with_free_func (step_free);
  return self;
}

/**
 * sp_bulk_free:
 * @self: changes
 */
void
sp_bulk_free (SpBulk *self)
{
  g_ptr_array_unref (self->steps);
  g_free (self);
}

/**
 * sp_bulk_add:
 * @self: changes
 * @change: one that can be taken back
 * @text: (nullable): the tag, for the two changes of tags
 * @numbers: (array length=n_numbers): the items
 * @n_numbers: how many
 *
 * Adds a change, to be made after those that are there.
 */
void
sp_bulk_add (SpBulk *self,
             SpChange change,
             const char *text,
             const guint64 *numbers,
             gsize n_numbers)
{
  Step *step;

  g_return_if_fail (change != SP_CHANGE_PURGE && n_numbers <= G_MAXUINT);

  step = step_new (change, text);
  g_array_append_vals (step->numbers, numbers, (guint) n_numbers);
  g_ptr_array_add (self->steps, step);
}

/**
 * sp_bulk_get_n_items:
 * @self: changes
 *
 * Returns: how many items they are of
 */
guint
sp_bulk_get_n_items (const SpBulk *self)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (guint i = 0; i < self->steps->len; i++) {
    const Step *step = g_ptr_array_index (self->steps, i);

    for (guint j = 0; j < step->numbers->len; j++)
      g_hash_table_add (seen, &g_array_index (step->numbers, guint64, j));
  }
  return g_hash_table_size (seen);
}

/* ---- in the thread ---------------------------------------------------------------------------------- */

static SpChange
get_inverse (SpChange change)
{
  switch (change) {
  case SP_CHANGE_TRASH:
    return SP_CHANGE_RESTORE;
  case SP_CHANGE_RESTORE:
    return SP_CHANGE_TRASH;
  case SP_CHANGE_FAVOURITE:
    return SP_CHANGE_UNFAVOURITE;
  case SP_CHANGE_UNFAVOURITE:
    return SP_CHANGE_FAVOURITE;
  case SP_CHANGE_ARCHIVE:
    return SP_CHANGE_UNARCHIVE;
  case SP_CHANGE_UNARCHIVE:
    return SP_CHANGE_ARCHIVE;
  case SP_CHANGE_ADD_TAG:
    return SP_CHANGE_REMOVE_TAG;
  case SP_CHANGE_REMOVE_TAG:
    return SP_CHANGE_ADD_TAG;
  case SP_CHANGE_PURGE:
  default:
    g_assert_not_reached ();
  }
}

static gboolean
does_anything (const Step *step, const SpItem *item)
{
  gboolean has_tag = step->text != NULL &&
                     g_ptr_array_find_with_equal_func (item->tags, step->text, g_str_equal, NULL);

  switch (step->change) {
  case SP_CHANGE_TRASH:
    return !item->trashed;
  case SP_CHANGE_RESTORE:
    return item->trashed;
  case SP_CHANGE_FAVOURITE:
    return !item->favourite;
  case SP_CHANGE_UNFAVOURITE:
    return item->favourite;
  case SP_CHANGE_ARCHIVE:
    return !item->archived;
  case SP_CHANGE_UNARCHIVE:
    return item->archived;
  case SP_CHANGE_ADD_TAG:
    return !has_tag;
  case SP_CHANGE_REMOVE_TAG:
    return has_tag;
  case SP_CHANGE_PURGE:
  default:
    g_assert_not_reached ();
  }
}

/* NULL with `error` set, or without when there is no such item. */
static SpItem *
load_if_there (SpVault *vault, guint64 number, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  SpItem *item = sp_vault_load (vault, number, &local_error);

  if (item == NULL && !g_error_matches (local_error, SP_VAULT_ERROR, SP_VAULT_ERROR_NOT_FOUND))
    g_propagate_error (error, g_steal_pointer (&local_error));
  return item;
}

/* Makes a change; what was really changed goes before what is in `undo`. */
static gboolean
make_step (SpVault *vault, const Step *step, SpBulk *undo, GError **error)
{
  Step *back = step_new (get_inverse (step->change), step->text);

  g_ptr_array_insert (undo->steps, 0, back);
  for (guint i = 0; i < step->numbers->len; i++) {
    guint64 number = g_array_index (step->numbers, guint64, i);
    g_autoptr (GError) local_error = NULL;
    g_autoptr (SpItem) item = load_if_there (vault, number, &local_error);

    if (local_error != NULL) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
    if (item != NULL && does_anything (step, item))
      g_array_append_val (back->numbers, number);
  }
  return back->numbers->len == 0 ||
         sp_vault_change (vault, step->change, step->text,
                          &g_array_index (back->numbers, guint64, 0), back->numbers->len, error);
}

/* Ends the batch. One that changed nothing leaves no trace. */
static gboolean
end_batch (SpVault *vault, gboolean done, const SpBulk *undo, GError **error)
{
  if (done && sp_bulk_get_n_items (undo) > 0)
    return sp_vault_commit (vault, error);
  sp_vault_rollback (vault);
  return done;
}

typedef struct {
  SpBulk *bulk;  /* (owned) */
  char *tag;     /* (nullable) */
  char *new_tag; /* (nullable) */
  SpBulk *undo;  /* (owned) out */
} Call;

static void
call_free (gpointer data)
{
  Call *self = data;

  g_clear_pointer (&self->bulk, sp_bulk_free);
  g_clear_pointer (&self->undo, sp_bulk_free);
  g_free (self->tag);
  g_free (self->new_tag);
  g_free (self);
}

static gboolean
make_steps (SpVault *vault, const SpBulk *bulk, SpBulk *undo, GError **error)
{
  for (guint i = 0; i < bulk->steps->len; i++)
    if (!make_step (vault, g_ptr_array_index (bulk->steps, i), undo, error))
      return FALSE;
  return TRUE;
}

static gboolean
run (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Call *call = data;

  call->undo = sp_bulk_new ();
  return sp_vault_begin (vault, SP_BATCH_EDIT, error) &&
         end_batch (vault, make_steps (vault, call->bulk, call->undo, error), call->undo, error);
}

/* ---- tags ------------------------------------------------------------------------------------------- */

/* The step for that tag, made when it is first needed. */
static void
add_number (GHashTable *steps, SpBulk *bulk, SpChange change, const char *tag, guint64 number)
{
  Step *step = g_hash_table_lookup (steps, tag);

  if (step == NULL) {
    step = step_new (change, tag);
    g_hash_table_insert (steps, step->text, step);
    g_ptr_array_add (bulk->steps, step);
  }
  g_array_append_val (step->numbers, number);
}

typedef struct {
  const Call *call;
  GHashTable *removed; /* (element-type utf8 Step) */
  GHashTable *added;   /* (element-type utf8 Step) */
  SpBulk *removing;
  SpBulk *adding;
} Renaming;

static void
rename_in_item (Renaming *self, const SpItem *item)
{
  const char *path = self->call->tag;
  gsize len = strlen (path);

  for (guint i = 0; i < item->tags->len; i++) {
    const char *tag = g_ptr_array_index (item->tags, i);
    g_autofree char *new_tag = NULL;

    if (strncmp (tag, path, len) != 0 || (tag[len] != '\0' && tag[len] != '/'))
      continue;
    add_number (self->removed, self->removing, SP_CHANGE_REMOVE_TAG, tag, item->number);
    if (self->call->new_tag == NULL)
      continue;
    new_tag = g_strconcat (self->call->new_tag, tag + len, NULL);
    add_number (self->added, self->adding, SP_CHANGE_ADD_TAG, new_tag, item->number);
  }
}

static gboolean
find_tagged (SpVault *vault, Renaming *renaming, GError **error)
{
  SpSnapshot *snapshot = sp_vault_get_snapshot (vault);

  for (SpPosition position = sp_snapshot_first (snapshot); position != SP_POSITION_NONE;
       position = sp_snapshot_next (snapshot, position)) {
    g_autoptr (SpItem) item = NULL;
    SpOverview overview;

    sp_snapshot_get_overview (snapshot, position, &overview);
    if ((overview.flags & SP_OVERVIEW_TRUNCATED) == 0 &&
        !sp_tally_has_tag (&overview, renaming->call->tag))
      continue;
    item = sp_vault_load (vault, overview.number, error);
    if (item == NULL)
      return FALSE;
    rename_in_item (renaming, item);
  }
  return TRUE;
}

/* All tags are taken away before the new ones are added, since "a" may become "a/b" where there is an "a/b". */
static gboolean
rename_tag (SpVault *vault, Call *call, GError **error)
{
  g_autoptr (GHashTable) removed = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) added = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (SpBulk) removing = sp_bulk_new ();
  g_autoptr (SpBulk) adding = sp_bulk_new ();
  Renaming renaming = { call, removed, added, removing, adding };

  return find_tagged (vault, &renaming, error) && make_steps (vault, removing, call->undo, error) &&
         make_steps (vault, adding, call->undo, error);
}

static gboolean
run_rename_tag (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  Call *call = data;

  call->undo = sp_bulk_new ();
  return sp_vault_begin (vault, SP_BATCH_EDIT, error) &&
         end_batch (vault, rename_tag (vault, call, error), call->undo, error);
}

/* ---- in the main loop ------------------------------------------------------------------------------- */

/**
 * sp_session_bulk_async:
 * @self: a session
 * @bulk: (transfer full): changes
 * @callback: called when they are made
 * @user_data: for @callback
 *
 * Makes changes to many items, all or none.
 */
void
sp_session_bulk_async (SpSession *self,
                       SpBulk *bulk,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  Call *call = g_new0 (Call, 1);

  call->bulk = bulk;
  sp_session_run_async (self, SP_JOB_INTERACTIVE | SP_JOB_HOME, run, call, call_free, NULL,
                        callback, user_data);
}

/**
 * sp_session_bulk_finish:
 * @self: a session
 * @result: the result
 * @error: return location for an error
 *
 * Returns: (transfer full): what takes the changes back, or `NULL` with @error set
 */
SpBulk *
sp_session_bulk_finish (SpSession *self, GAsyncResult *result, GError **error)
{
  Call *call = sp_session_run_finish (self, result, error);

  return call != NULL ? g_steal_pointer (&call->undo) : NULL;
}

/**
 * sp_session_rename_tag_async:
 * @self: a session
 * @tag: a tag
 * @new_tag: (nullable): what it is to be called
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Renames a tag, with those that are nested in it, or takes them away.
 */
void
sp_session_rename_tag_async (SpSession *self,
                             const char *tag,
                             const char *new_tag,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  Call *call = g_new0 (Call, 1);

  call->tag = g_strdup (tag);
  call->new_tag = g_strdup (new_tag);
  sp_session_run_async (self, SP_JOB_INTERACTIVE | SP_JOB_HOME, run_rename_tag, call, call_free,
                        NULL, callback, user_data);
}
