/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "common/sp-test.h"
#include "damage.h"

static const char *const kind_names[DAMAGE_N_KINDS] = {
  "bits of slots and seal, one copy",
  "bits of slots and seal, both copies",
  "bits elsewhere",
  "truncations",
  "swapped pages",
  "zeroed pages",
};

/* Of those that are drawn by lot. */
static const guint n_drawn[DAMAGE_N_KINDS] = {
  [DAMAGE_FLIP] = 10000,
  [DAMAGE_TRUNCATION] = 2000,
  [DAMAGE_SWAP] = 1000,
  [DAMAGE_ZERO] = 500,
};

const char *
damage_kind_to_name (DamageKind kind)
{
  return kind_names[kind];
}

static guint
count_region_bits (const DamageModel *model)
{
  gsize n = 0;

  for (guint i = 0; i < model->regions->len; i++)
    n += g_array_index (model->regions, DamageRegion, i).len * 8;
  return (guint) n;
}

guint
damage_count_cases (const DamageModel *model, DamageKind kind)
{
  if (kind == DAMAGE_ONE_COPY)
    return 2 * count_region_bits (model);
  if (kind == DAMAGE_BOTH_COPIES)
    return count_region_bits (model);
  return n_drawn[kind];
}

static void
flip (GByteArray *file, gsize offset, guint bit)
{
  file->data[offset] ^= (guint8) (1u << bit);
}

static char *
flip_region_bit (const DamageModel *model, GByteArray *file, guint number, guint first, guint last)
{
  gsize bit = number;

  for (guint i = 0; i < model->regions->len; i++) {
    const DamageRegion *region = &g_array_index (model->regions, DamageRegion, i);

    if (bit < region->len * 8) {
      for (guint copy = first; copy <= last; copy++)
        flip (file, region->offsets[copy] + bit / 8, bit % 8);
      return g_strdup_printf ("%s %u, copy %u to %u, bit %" G_GSIZE_FORMAT, region->name, i, first,
                              last, bit);
    }
    bit -= region->len * 8;
  }
  g_assert_not_reached ();
}

static gboolean
is_in_region (const DamageModel *model, gsize offset)
{
  for (guint i = 0; i < model->regions->len; i++) {
    const DamageRegion *region = &g_array_index (model->regions, DamageRegion, i);

    for (guint copy = 0; copy < 2; copy++) {
      if (offset >= region->offsets[copy] && offset < region->offsets[copy] + region->len)
        return TRUE;
    }
  }
  return FALSE;
}

static char *
flip_elsewhere (const DamageModel *model, GByteArray *file, guint64 *state)
{
  gsize offset;
  guint bit = (guint) (sp_test_random (state) % 8);

  do {
    offset = sp_test_random (state) % file->len;
  } while (is_in_region (model, offset));
  flip (file, offset, bit);
  return g_strdup_printf ("byte %" G_GSIZE_FORMAT " (page %" G_GSIZE_FORMAT "), bit %u", offset,
                          offset / DAMAGE_PAGE_SIZE + 1, bit);
}

static char *
swap_pages (GByteArray *file, guint64 *state)
{
  guint n_pages = file->len / DAMAGE_PAGE_SIZE;
  guint a = (guint) (sp_test_random (state) % n_pages);
  guint b = (a + 1 + (guint) (sp_test_random (state) % (n_pages - 1))) % n_pages;
  guint8 page[DAMAGE_PAGE_SIZE];

  memcpy (page, file->data + a * DAMAGE_PAGE_SIZE, sizeof page);
  memcpy (file->data + a * DAMAGE_PAGE_SIZE, file->data + b * DAMAGE_PAGE_SIZE, sizeof page);
  memcpy (file->data + b * DAMAGE_PAGE_SIZE, page, sizeof page);
  return g_strdup_printf ("pages %u and %u", a + 1, b + 1);
}

static char *
zero_page (GByteArray *file, guint64 *state)
{
  guint page = (guint) (sp_test_random (state) % (file->len / DAMAGE_PAGE_SIZE));

  memset (file->data + page * DAMAGE_PAGE_SIZE, 0, DAMAGE_PAGE_SIZE);
  return g_strdup_printf ("page %u", page + 1);
}

static char *
truncate_file (GByteArray *file, guint number, guint64 *state)
{
  guint len = (guint) (sp_test_random (state) % file->len);

  /* Every second one at the end of a page. */
  if (number % 2 == 1)
    len -= len % DAMAGE_PAGE_SIZE;
  g_byte_array_set_size (file, len);
  return g_strdup_printf ("at %u", len);
}

static char *
damage (const DamageModel *model, DamageKind kind, guint number, GByteArray *file)
{
  guint64 state = ((guint64) kind + 1) << 32 | (number + 1);

  for (guint i = 0; i < 4; i++)
    (void) sp_test_random (&state);
  switch (kind) {
  case DAMAGE_ONE_COPY:
    return flip_region_bit (model, file, number / 2, number % 2, number % 2);
  case DAMAGE_BOTH_COPIES:
    return flip_region_bit (model, file, number, 0, 1);
  case DAMAGE_FLIP:
    return flip_elsewhere (model, file, &state);
  case DAMAGE_TRUNCATION:
    return truncate_file (file, number, &state);
  case DAMAGE_SWAP:
    return swap_pages (file, &state);
  case DAMAGE_ZERO:
    return zero_page (file, &state);
  default:
    g_assert_not_reached ();
  }
}

GByteArray *
damage_make_case (const DamageModel *model, DamageKind kind, guint number, char **out_what)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (model->file, &len);
  GByteArray *file = g_byte_array_sized_new ((guint) len);
  g_autofree char *detail = NULL;

  g_byte_array_append (file, data, (guint) len);
  detail = damage (model, kind, number, file);
  *out_what = g_strdup_printf ("%s, number %u: %s", kind_names[kind], number, detail);
  return file;
}
