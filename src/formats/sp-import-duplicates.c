/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which item is a row the same as? Title, user name (the subtitle, for types without one) and URLs, in any
 * order, must be equal. Items in the trash do not count. Each item answers for one row only, so that two rows
 * which look alike match two items, and a file that is read twice matches itself.
 *
 * A table with open addressing of the positions of one snapshot. Overviews cut long texts, so hashes only
 * look at beginnings that are never cut, and a cut text is compared as far as it goes. */

#define G_LOG_DOMAIN "sp-import-duplicates"

#include "config.h"

#include <string.h>

#include "crypto/sp-random.h"
#include "formats/sp-import-private.h"

#define HASHED_LEN   64 /* bytes of each text; under every limit of overviews */
#define HASHED_URLS  8  /* as many as an overview holds */
#define SMALLEST_LOG 6

typedef struct {
  guint64 hash;
  SpPosition position;
  gboolean used;
} Slot;

struct _SpDuplicates {
  SpSnapshot *snapshot; /* (owned) */
  Slot *slots;          /* (owned); position NONE: empty */
  gsize mask;
  guint64 seed;
};

/* Seen from either side. */
typedef struct {
  const char *title;
  const char *subtitle;
  GPtrArray *urls; /* (element-type utf8) not owned */
} Key;

/* FNV-1a (RFC 9923) with a random start, so that nobody can prepare a file whose rows all collide. */
static guint64
hash_text (guint64 seed, const char *text)
{
  guint64 hash = seed ^ G_GUINT64_CONSTANT (0xcbf29ce484222325);

  for (gsize i = 0; i < HASHED_LEN && text[i] != '\0'; i++)
    hash = (hash ^ (guint8) text[i]) * G_GUINT64_CONSTANT (0x100000001b3);
  return hash ^ hash >> 29;
}

static guint64
hash_key (guint64 seed, const Key *key)
{
  guint64 hash = hash_text (seed, key->title) + 3 * hash_text (seed, key->subtitle);

  for (guint i = 0; i < key->urls->len && i < HASHED_URLS; i++)
    hash += 7 * hash_text (seed, g_ptr_array_index (key->urls, i));
  return hash ^ hash >> 31;
}

static void
key_of_overview (const SpOverview *overview, Key *key)
{
  key->title = overview->title;
  key->subtitle = overview->subtitle;
  g_ptr_array_set_size (key->urls, 0);
  for (guint i = 0; i < overview->n_urls; i++)
    g_ptr_array_add (key->urls, (gpointer) (guintptr) sp_overview_get_url (overview, i));
}

static void
key_of_item (const SpItem *item, Key *key)
{
  key->title = item->title;
  key->subtitle = sp_item_peek_subtitle (item);
  g_ptr_array_set_size (key->urls, 0);
  for (guint i = 0; i < item->fields->len; i++) {
    const SpField *field = g_ptr_array_index (item->fields, i);

    if (field->kind == SP_FIELD_URL && !sp_secret_is_empty (field->value))
      g_ptr_array_add (key->urls, (gpointer) (guintptr) sp_secret_peek_text (field->value));
  }
}

/* `cut`: the overview's text may be the beginning only. */
static gboolean
text_equals (const char *whole, const char *stored, gboolean cut)
{
  if (!cut)
    return strcmp (whole, stored) == 0;
  return strncmp (whole, stored, strlen (stored)) == 0;
}

static gboolean
has_url (const Key *stored, const char *url, gboolean cut)
{
  for (guint i = 0; i < stored->urls->len; i++) {
    if (text_equals (url, g_ptr_array_index (stored->urls, i), cut))
      return TRUE;
  }
  return FALSE;
}

static gboolean
key_equals (const Key *key, const Key *stored, gboolean cut)
{
  if (!text_equals (key->title, stored->title, cut) ||
      !text_equals (key->subtitle, stored->subtitle, cut) ||
      MIN (key->urls->len, HASHED_URLS) != stored->urls->len)
    return FALSE;
  for (guint i = 0; i < key->urls->len && i < HASHED_URLS; i++) {
    if (!has_url (stored, g_ptr_array_index (key->urls, i), cut))
      return FALSE;
  }
  return TRUE;
}

static void
insert (SpDuplicates *self, guint64 hash, SpPosition position)
{
  gsize i = (gsize) hash & self->mask;

  while (self->slots[i].position != SP_POSITION_NONE)
    i = (i + 1) & self->mask;
  self->slots[i] = (Slot){ hash, position, FALSE };
}

static void
fill (SpDuplicates *self)
{
  g_autoptr (GPtrArray) urls = g_ptr_array_new ();
  SpPosition position = sp_snapshot_first (self->snapshot);

  for (; position != SP_POSITION_NONE; position = sp_snapshot_next (self->snapshot, position)) {
    Key key = { .urls = urls };
    SpOverview overview;

    sp_snapshot_get_overview (self->snapshot, position, &overview);
    if ((overview.flags & SP_OVERVIEW_TRASHED) != 0)
      continue;
    key_of_overview (&overview, &key);
    insert (self, hash_key (self->seed, &key), position);
  }
}

/* NULL only when the system gives no random bytes. */
SpDuplicates *
sp_duplicates_new (SpSnapshot *snapshot, GError **error)
{
  SpDuplicates *self;
  gsize n = (gsize) 1 << SMALLEST_LOG;
  guint64 seed;

  if (!sp_random_bytes ((guint8 *) &seed, sizeof seed, error))
    return NULL;

  while (n < (gsize) sp_snapshot_get_n_items (snapshot) * 2)
    n *= 2;
  self = g_new0 (SpDuplicates, 1);
  self->snapshot = sp_snapshot_ref (snapshot);
  self->mask = n - 1;
  self->seed = seed;
  self->slots = g_new (Slot, n);
  for (gsize i = 0; i < n; i++)
    self->slots[i] = (Slot){ 0, SP_POSITION_NONE, FALSE };
  fill (self);
  return self;
}

void
sp_duplicates_free (SpDuplicates *self)
{
  if (self == NULL)
    return;
  sp_snapshot_unref (self->snapshot);
  g_free (self->slots);
  g_free (self);
}

/* Walks through the items that are the same as `item` and not used yet: begin with `*cursor` zero. Returns
 * the item's number, or 0 behind the last one. */
guint64
sp_duplicates_find (const SpDuplicates *self, const SpItem *item, SpDuplicateCursor *cursor)
{
  g_autoptr (GPtrArray) urls = g_ptr_array_new ();
  g_autoptr (GPtrArray) stored_urls = g_ptr_array_new ();
  Key key = { .urls = urls };

  key_of_item (item, &key);
  if (!cursor->begun) {
    cursor->hash = hash_key (self->seed, &key);
    cursor->index = (gsize) cursor->hash & self->mask;
    cursor->begun = TRUE;
  } else {
    cursor->index = (cursor->index + 1) & self->mask;
  }

  for (; self->slots[cursor->index].position != SP_POSITION_NONE;
       cursor->index = (cursor->index + 1) & self->mask) {
    const Slot *slot = &self->slots[cursor->index];
    Key stored = { .urls = stored_urls };
    SpOverview overview;

    if (slot->hash != cursor->hash || slot->used)
      continue;
    sp_snapshot_get_overview (self->snapshot, slot->position, &overview);
    key_of_overview (&overview, &stored);
    if (key_equals (&key, &stored, (overview.flags & SP_OVERVIEW_TRUNCATED) != 0))
      return overview.number;
  }
  return 0;
}

/* The item that was found last answers for no further row. */
void
sp_duplicates_use (SpDuplicates *self, const SpDuplicateCursor *cursor)
{
  self->slots[cursor->index].used = TRUE;
}
