/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A slab allocator over libsodium's guarded memory. One sodium_malloc() per secret would cost 140 us and,
 * at four mappings each, meet the kernel's limit of 65,530 after 16,000 of them. So secrets are slots of
 * slabs, of one size class each; what is over the largest class gets a sodium_malloc() of its own.
 *
 *     slab:  | Slab | slot | slot | ... | slot |   then an inaccessible page; another is in front
 *     slot:  | SpSecret (16 bytes) | the bytes | NUL |
 *
 * Invariants:
 *  - sodium_malloc() puts a block at the END of its pages, behind a canary of 16 bytes. A size of whole
 *    pages less 16 therefore starts at a multiple of 16, and wastes no page.
 *  - A slot knows how far behind the start of its slab it lies, so that freeing is O(1).
 *  - Free slots are wiped and form a list through their first bytes; slots behind `fresh` were never used.
 *  - A slab with free slots and some in use is on its class's list; a full one is on none; an empty one is
 *    the class's spare, or given back if there is a spare already.
 *  - Slabs, lists and the count are guarded by the pool's mutex; the bytes of a secret are its owners'.
 *
 * The pool is the one mutable global of this file: secrets must not need a pool handed to each function. */

#define G_LOG_DOMAIN "sp-secret"

#include "config.h"

#include "base/sp-secret.h"

#include <string.h>

#include <sodium.h>

#include "base/sp-wipe.h"

#define GUARD_CANARY_LEN 16
#define SLOT_ALIGNMENT   16
#define SMALLEST_SLOT    ((gsize) 32)
#define N_CLASSES        8 /* slots of 32, 64, ... 4096 bytes */
#define NO_CLASS         N_CLASSES
#define SMALL_SLAB_SIZE  ((gsize) 64 * 1024 - GUARD_CANARY_LEN)
#define LARGE_SLAB_SIZE  ((gsize) 1024 * 1024 - GUARD_CANARY_LEN)
/* From so many slabs on, a class takes large ones, to stay far from the limit on mappings. */
#define SMALL_SLABS_MAX 16

/* Sixteen bytes, so that the secret itself is as aligned as its slot. */
struct _SpSecret {
  gint ref_count;
  guint32 slab_offset : 24; /* in units of SLOT_ALIGNMENT */
  guint32 class_index : 8;
  gsize len;
};

typedef struct _Slab Slab;

struct _Slab {
  Slab *next;
  Slab *previous;
  gpointer free_list; /* (nullable) slots that were used */
  guint8 *fresh;      /* the first slot never used; there is none at `end` or behind it */
  guint8 *end;
  guint n_used;
  guint class_index;
};

typedef struct {
  Slab *partial; /* (nullable) */
  Slab *spare;   /* (nullable) */
  guint n_slabs;
} SlabClass;

static struct {
  GMutex mutex;
  SlabClass classes[N_CLASSES];
  gsize n_live;
} pool;

G_STATIC_ASSERT (sizeof (SpSecret) == SLOT_ALIGNMENT);
G_STATIC_ASSERT (LARGE_SLAB_SIZE / SLOT_ALIGNMENT < 1 << 24);

/* Guarded memory, filled with garbage. Like g_malloc(), it has no failure that a caller could mend. */
static gpointer
guarded_alloc (gsize size)
{
  gpointer data;

  if (sodium_init () < 0)
    g_error ("libsodium could not be initialised");
  data = sodium_malloc (size);
  if (data == NULL)
    g_error ("no guarded memory for %" G_GSIZE_FORMAT " bytes", size);
  g_assert (GPOINTER_TO_SIZE (data) % SLOT_ALIGNMENT == 0);
  return data;
}

static gsize
slot_size (guint class_index)
{
  return SMALLEST_SLOT << class_index;
}

/* The smallest class with room for the header, `len` bytes and the NUL; NO_CLASS if there is none. */
static guint
class_for_length (gsize len)
{
  guint class_index = 0;

  if (len >= slot_size (N_CLASSES - 1) - sizeof (SpSecret))
    return NO_CLASS;
  while (len >= slot_size (class_index) - sizeof (SpSecret))
    class_index++;
  return class_index;
}

static void
push_partial (SlabClass *slab_class, Slab *slab)
{
  slab->previous = NULL;
  slab->next = slab_class->partial;
  if (slab->next != NULL)
    slab->next->previous = slab;
  slab_class->partial = slab;
}

static void
remove_partial (SlabClass *slab_class, Slab *slab)
{
  if (slab->previous != NULL)
    slab->previous->next = slab->next;
  else
    slab_class->partial = slab->next;
  if (slab->next != NULL)
    slab->next->previous = slab->previous;
  slab->next = slab->previous = NULL;
}

static gboolean
slab_is_full (const Slab *slab)
{
  return slab->free_list == NULL && slab->fresh + slot_size (slab->class_index) > slab->end;
}

static Slab *
slab_new (guint class_index)
{
  SlabClass *slab_class = &pool.classes[class_index];
  gsize size = slab_class->n_slabs < SMALL_SLABS_MAX ? SMALL_SLAB_SIZE : LARGE_SLAB_SIZE;
  Slab *slab = guarded_alloc (size);
  gsize header = (sizeof *slab + SLOT_ALIGNMENT - 1) / SLOT_ALIGNMENT * SLOT_ALIGNMENT;

  memset (slab, 0, sizeof *slab);
  slab->fresh = (guint8 *) slab + header;
  slab->end = (guint8 *) slab + size;
  slab->class_index = class_index;
  slab_class->n_slabs++;
  return slab;
}

/* Takes a slot; the mutex is held. */
static SpSecret *
take_slot (guint class_index)
{
  SlabClass *slab_class = &pool.classes[class_index];
  Slab *slab = slab_class->partial;
  gpointer slot;

  if (slab == NULL) {
    slab = slab_class->spare != NULL ? slab_class->spare : slab_new (class_index);
    slab_class->spare = NULL;
    push_partial (slab_class, slab);
  }

  slot = slab->free_list;
  if (slot != NULL) {
    memcpy (&slab->free_list, slot, sizeof slab->free_list);
  } else {
    slot = slab->fresh;
    slab->fresh += slot_size (class_index);
  }
  slab->n_used++;
  if (slab_is_full (slab))
    remove_partial (slab_class, slab);

  ((SpSecret *) slot)->slab_offset = (guint32) ((gsize) ((guint8 *) slot - (guint8 *) slab) /
                                                SLOT_ALIGNMENT) &
                                     0xffffff;
  return slot;
}

/* Gives a wiped slot back; the mutex is held. Returns the slab if it is to be freed. */
static Slab *
give_slot (gpointer slot, gsize slab_offset)
{
  Slab *slab = (Slab *) (gpointer) ((guint8 *) slot - slab_offset * SLOT_ALIGNMENT);
  SlabClass *slab_class = &pool.classes[slab->class_index];

  if (slab_is_full (slab))
    push_partial (slab_class, slab);
  memcpy (slot, &slab->free_list, sizeof slab->free_list);
  slab->free_list = slot;
  slab->n_used--;
  if (slab->n_used > 0)
    return NULL;

  remove_partial (slab_class, slab);
  if (slab_class->spare == NULL) {
    slab_class->spare = slab;
    return NULL;
  }
  slab_class->n_slabs--;
  return slab;
}

static SpSecret *
alloc_large (gsize len)
{
  gsize size;

  /* One more for the NUL, and then up to a multiple of the alignment. */
  if (!g_size_checked_add (&size, len, sizeof (SpSecret) + SLOT_ALIGNMENT))
    g_error ("a secret of %" G_GSIZE_FORMAT " bytes is too large", len);
  return guarded_alloc (size / SLOT_ALIGNMENT * SLOT_ALIGNMENT);
}

/**
 * sp_secret_new_uninitialized:
 * @len: the size in bytes
 * @out_data: (out) (transfer none): where to write the bytes
 *
 * Makes a secret whose bytes the caller writes at once, before it shows the secret to anybody: from then on
 * it is immutable. Like g_malloc(), ends the program if there is no memory; check a @len that comes from
 * input first.
 *
 * Returns: (transfer full): the secret
 */
SpSecret *
sp_secret_new_uninitialized (gsize len, guint8 **out_data)
{
  guint class_index = class_for_length (len);
  SpSecret *self = NULL;
  guint8 *data;

  g_return_val_if_fail (out_data != NULL, NULL);

  if (class_index == NO_CLASS)
    self = alloc_large (len);

  g_mutex_lock (&pool.mutex);
  if (class_index != NO_CLASS)
    self = take_slot (class_index);
  pool.n_live++;
  g_mutex_unlock (&pool.mutex);

  g_atomic_int_set (&self->ref_count, 1);
  self->class_index = class_index & 0xff;
  self->len = len;
  data = (guint8 *) (self + 1);
  data[len] = '\0';
  *out_data = data;
  return self;
}

/**
 * sp_secret_new:
 * @data: (array length=len) (nullable): bytes to copy
 * @len: how many
 *
 * Copies bytes into guarded memory. The caller wipes its own copy.
 *
 * Returns: (transfer full): the secret
 */
SpSecret *
sp_secret_new (const guint8 *data, gsize len)
{
  SpSecret *self;
  guint8 *copy;

  g_return_val_if_fail (data != NULL || len == 0, NULL);

  self = sp_secret_new_uninitialized (len, &copy);
  if (len > 0)
    memcpy (copy, data, len);
  return self;
}

/**
 * sp_secret_new_text:
 * @text: a C string
 *
 * Copies text into guarded memory. The caller wipes its own copy.
 *
 * Returns: (transfer full): the secret
 */
SpSecret *
sp_secret_new_text (const char *text)
{
  g_return_val_if_fail (text != NULL, NULL);
  return sp_secret_new ((const guint8 *) text, strlen (text));
}

/**
 * sp_secret_ref:
 * @self: a secret
 *
 * Returns: (transfer full): the same secret, with one more owner; secrets are const to everybody else
 */
SpSecret *
sp_secret_ref (const SpSecret *self)
{
  SpSecret *owned = (SpSecret *) GPOINTER_TO_SIZE (self);

  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_int_inc (&owned->ref_count);
  return owned;
}

static void
secret_free (SpSecret *self)
{
  guint class_index = self->class_index;
  gsize slab_offset = self->slab_offset;
  Slab *slab = NULL;

  if (class_index != NO_CLASS)
    sp_wipe (self, sizeof *self + self->len);

  g_mutex_lock (&pool.mutex);
  pool.n_live--;
  if (class_index != NO_CLASS)
    slab = give_slot (self, slab_offset);
  g_mutex_unlock (&pool.mutex);

  /* sodium_free() wipes, and checks the canary; it takes a while, so it is done outside the mutex. */
  if (class_index == NO_CLASS)
    sodium_free (self);
  else if (slab != NULL)
    sodium_free (slab);
}

/**
 * sp_secret_unref:
 * @self: (transfer full) (nullable): a secret
 *
 * Drops a reference. With the last one, the bytes are wiped.
 */
void
sp_secret_unref (SpSecret *self)
{
  if (self != NULL && g_atomic_int_dec_and_test (&self->ref_count))
    secret_free (self);
}

/**
 * sp_secret_get_length:
 * @self: a secret
 *
 * Returns: its size in bytes, without the NUL behind them
 */
gsize
sp_secret_get_length (const SpSecret *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->len;
}

/**
 * sp_secret_peek:
 * @self: a secret
 * @out_len: (out) (optional): its size in bytes
 *
 * Lends the bytes for use within one function. They are followed by a NUL.
 *
 * Returns: (transfer none): the bytes
 */
const guint8 *
sp_secret_peek (const SpSecret *self, gsize *out_len)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (out_len != NULL)
    *out_len = self->len;
  return (const guint8 *) (self + 1);
}

/**
 * sp_secret_peek_text:
 * @self: a secret
 *
 * Lends the bytes as a C string, which ends at a NUL within them, if there is one.
 *
 * Returns: (transfer none): the text
 */
const char *
sp_secret_peek_text (const SpSecret *self)
{
  return (const char *) sp_secret_peek (self, NULL);
}

/**
 * sp_secret_is_empty:
 * @self: (nullable): a secret
 *
 * Returns: %TRUE if there is none, or it has no bytes
 */
gboolean
sp_secret_is_empty (const SpSecret *self)
{
  return self == NULL || self->len == 0;
}

/**
 * sp_secret_equal:
 * @a: (nullable): a secret
 * @b: (nullable): another
 *
 * Compares in a time that depends on the lengths alone. %NULL equals %NULL only.
 *
 * Returns: %TRUE if the bytes are the same
 */
gboolean
sp_secret_equal (const SpSecret *a, const SpSecret *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  if (a->len != b->len)
    return FALSE;
  return sp_bytes_equal ((const guint8 *) (a + 1), (const guint8 *) (b + 1), a->len);
}

/**
 * sp_secret_count_live:
 *
 * Returns: how many secrets there are, a buffer that is not empty counting as one
 */
gsize
sp_secret_count_live (void)
{
  gsize n_live;

  g_mutex_lock (&pool.mutex);
  n_live = pool.n_live;
  g_mutex_unlock (&pool.mutex);
  return n_live;
}
