/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One pass over the overviews. What a search finds in a place is what is counted there: favourites, types and tags
 * have the archived items too. Tags are told apart as they are written. */

#define G_LOG_DOMAIN "sp-tally"

#include "config.h"

#include "services/sp-tally.h"

#include <string.h>

#include "vault/sp-search.h"

#define MAX_TYPES 32

/* While it is counted. */
typedef struct {
  char *path;
  char *key; /* by which they are sorted */
  guint depth;
  guint n_items;
  SpPosition last; /* the item that was counted last, so that none is twice */
} Count;

struct _SpTally {
  gatomicrefcount count;
  guint n_items;
  guint n_favourites;
  guint n_archived;
  guint n_trashed;
  guint n_of_type[MAX_TYPES];
  GArray *tags;          /* (element-type SpTallyTag) (owned) */
  GStringChunk *strings; /* (owned) of the tags */
};

static void
count_free (gpointer data)
{
  Count *self = data;

  g_free (self->path);
  g_free (self->key);
  g_free (self);
}

/* Part by part, each folded and then as it is written, since "Work" and "work" may both have others nested in them.
 * What stands between is lower than any character, so that nested tags follow theirs. */
static char *
make_key (const char *path, guint *out_depth)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);
  GString *key = g_string_new (NULL);

  *out_depth = 0;
  for (guint i = 0; parts[i] != NULL; i++) {
    g_autofree char *folded = sp_search_fold (parts[i]);

    if (*parts[i] == '\0')
      continue;
    if (key->len > 0) {
      g_string_append_c (key, '\x01');
      *out_depth += 1;
    }
    g_string_append (key, folded);
    g_string_append_c (key, '\x02');
    g_string_append (key, parts[i]);
  }
  return g_string_free (key, FALSE);
}

static void
count_tag (GHashTable *counts, const char *path, SpPosition position)
{
  Count *count = g_hash_table_lookup (counts, path);

  if (count == NULL) {
    count = g_new0 (Count, 1);
    count->path = g_strdup (path);
    count->key = make_key (path, &count->depth);
    count->last = SP_POSITION_NONE;
    g_hash_table_insert (counts, count->path, count);
  }
  if (count->last != position)
    count->n_items++;
  count->last = position;
}

/* The tag, and all that it is nested in. Empty parts, as in "/a" or "a//b", are none. */
static void
count_nested (GHashTable *counts, const char *tag, SpPosition position, GString *path)
{
  g_string_assign (path, tag);
  for (gsize i = 1; i < path->len; i++) {
    if (path->str[i] != '/' || path->str[i - 1] == '/')
      continue;
    path->str[i] = '\0';
    count_tag (counts, path->str, position);
    path->str[i] = '/';
  }
  while (path->len > 1 && path->str[path->len - 1] == '/')
    g_string_truncate (path, path->len - 1);
  if (path->len > 0)
    count_tag (counts, path->str, position);
}

static void
count_item (SpTally *self,
            GHashTable *counts,
            const SpOverview *overview,
            SpPosition position,
            GString *path)
{
  if ((overview->flags & SP_OVERVIEW_TRASHED) != 0) {
    self->n_trashed++;
    return;
  }
  if ((overview->flags & SP_OVERVIEW_ARCHIVED) != 0)
    self->n_archived++;
  else
    self->n_items++;
  if ((overview->flags & SP_OVERVIEW_FAVOURITE) != 0)
    self->n_favourites++;
  if ((guint) overview->type < MAX_TYPES)
    self->n_of_type[overview->type]++;
  for (guint i = 0; i < overview->n_tags; i++)
    count_nested (counts, sp_overview_get_tag (overview, i), position, path);
}

static int
compare_counts_cb (gconstpointer a, gconstpointer b)
{
  const Count *count_a = *(Count *const *) a, *count_b = *(Count *const *) b;
  int difference = strcmp (count_a->key, count_b->key);

  return difference != 0 ? difference : strcmp (count_a->path, count_b->path);
}

static void
take_tags (SpTally *self, GHashTable *counts)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_ptr_array_add (sorted, value);
  g_ptr_array_sort (sorted, compare_counts_cb);
  for (guint i = 0; i < sorted->len; i++) {
    const Count *count = g_ptr_array_index (sorted, i);
    const char *path = g_string_chunk_insert (self->strings, count->path);
    const char *slash = strrchr (path, '/');
    SpTallyTag tag = { path, slash != NULL && slash[1] != '\0' ? slash + 1 : path, count->depth,
                       count->n_items };

    g_array_append_val (self->tags, tag);
  }
}

/**
 * sp_tally_new:
 * @snapshot: the items
 *
 * Counts them, in one pass.
 *
 * Returns: (transfer full): how many there are where
 */
SpTally *
sp_tally_new (const SpSnapshot *snapshot)
{
  SpTally *self = g_new0 (SpTally, 1);
  g_autoptr (GHashTable) counts = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, count_free);
  g_autoptr (GString) path = g_string_new (NULL);

  g_atomic_ref_count_init (&self->count);
  self->tags = g_array_new (FALSE, FALSE, sizeof (SpTallyTag));
  self->strings = g_string_chunk_new (1024);
  for (SpPosition position = sp_snapshot_first (snapshot); position != SP_POSITION_NONE;
       position = sp_snapshot_next (snapshot, position)) {
    SpOverview overview;

    sp_snapshot_get_overview (snapshot, position, &overview);
    count_item (self, counts, &overview, position, path);
  }
  take_tags (self, counts);
  return self;
}

/**
 * sp_tally_ref:
 * @self: a tally
 *
 * Returns: (transfer full): @self
 */
SpTally *
sp_tally_ref (SpTally *self)
{
  g_atomic_ref_count_inc (&self->count);
  return self;
}

/**
 * sp_tally_unref:
 * @self: a tally
 */
void
sp_tally_unref (SpTally *self)
{
  if (!g_atomic_ref_count_dec (&self->count))
    return;
  g_array_unref (self->tags);
  g_string_chunk_free (self->strings);
  g_free (self);
}

/**
 * sp_tally_get_n_items:
 * @self: a tally
 *
 * Returns: how many items are neither archived nor in the trash
 */
guint
sp_tally_get_n_items (const SpTally *self)
{
  return self->n_items;
}

/**
 * sp_tally_get_n_favourites:
 * @self: a tally
 *
 * Returns: how many items are favourites
 */
guint
sp_tally_get_n_favourites (const SpTally *self)
{
  return self->n_favourites;
}

/**
 * sp_tally_get_n_archived:
 * @self: a tally
 *
 * Returns: how many items are archived, and not in the trash
 */
guint
sp_tally_get_n_archived (const SpTally *self)
{
  return self->n_archived;
}

/**
 * sp_tally_get_n_trashed:
 * @self: a tally
 *
 * Returns: how many items are in the trash
 */
guint
sp_tally_get_n_trashed (const SpTally *self)
{
  return self->n_trashed;
}

/**
 * sp_tally_get_n_of_type:
 * @self: a tally
 * @type: a type
 *
 * Returns: how many items are of that type
 */
guint
sp_tally_get_n_of_type (const SpTally *self, SpItemType type)
{
  return (guint) type < MAX_TYPES ? self->n_of_type[type] : 0;
}

/**
 * sp_tally_peek_tags:
 * @self: a tally
 * @out_n: (out): how many
 *
 * Returns: (array length=out_n) (transfer none): all tags
 */
const SpTallyTag *
sp_tally_peek_tags (const SpTally *self, gsize *out_n)
{
  *out_n = self->tags->len;
  return (const SpTallyTag *) (const void *) self->tags->data;
}

/**
 * sp_tally_has_tag:
 * @overview: an item
 * @path: a tag
 *
 * Returns: whether it has that tag, or one nested in it
 */
gboolean
sp_tally_has_tag (const SpOverview *overview, const char *path)
{
  gsize len = strlen (path);

  for (guint i = 0; i < overview->n_tags; i++) {
    const char *tag = sp_overview_get_tag (overview, i);

    if (strncmp (tag, path, len) == 0 && (tag[len] == '\0' || tag[len] == '/'))
      return TRUE;
  }
  return FALSE;
}
