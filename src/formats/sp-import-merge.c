/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Updating an item by a row. Nothing that only the item has is taken away; what the row says otherwise goes
 * over it, and is in the item's history from then on. */

#define G_LOG_DOMAIN "sp-import-merge"

#include "config.h"

#include <string.h>

#include "formats/sp-import-private.h"

static gboolean
is_same_field (const SpField *a, const SpField *b)
{
  if (a->name != NULL || b->name != NULL)
    return g_strcmp0 (a->name, b->name) == 0;
  return g_strcmp0 (a->label, b->label) == 0 && g_strcmp0 (a->section, b->section) == 0;
}

/* Of several fields of one name, the one of equal value if there is one, else the first. */
static SpField *
find_same_field (const SpItem *item, const SpField *wanted)
{
  SpField *first = NULL;

  for (guint i = 0; i < item->fields->len; i++) {
    SpField *field = g_ptr_array_index (item->fields, i);

    if (!is_same_field (field, wanted))
      continue;
    if (sp_secret_equal (field->value, wanted->value))
      return field;
    if (first == NULL)
      first = field;
  }
  return first;
}

static gboolean
merge_field (SpItem *target, const SpField *source)
{
  SpField *field = find_same_field (target, source);

  if (field != NULL && sp_secret_equal (field->value, source->value))
    return FALSE;

  /* One more URL is one more place to use the item at. */
  if (field != NULL && g_strcmp0 (field->name, "url") == 0)
    field = NULL;

  if (field != NULL) {
    sp_secret_unref (field->value);
    field->value = sp_secret_ref (source->value);
    field->kind = source->kind;
  } else if (source->name != NULL && sp_item_find_field (target, source->name) == NULL) {
    sp_item_set_field (target, source->name, source->value);
  } else if (source->name != NULL) {
    sp_item_add_field (target, source->name, source->value);
  } else {
    sp_item_add_custom (target, source->section, source->label, source->kind, source->value);
  }
  return TRUE;
}

static gboolean
merge_tags (SpItem *target, const SpItem *source)
{
  guint before = target->tags->len;

  for (guint i = 0; i < source->tags->len; i++)
    sp_item_add_tag (target, g_ptr_array_index (source->tags, i));
  return target->tags->len > before;
}

static gboolean
merge_flags (SpItem *target, const SpItem *source)
{
  gboolean changed = (source->favourite && !target->favourite) ||
                     (source->archived && !target->archived) ||
                     (source->expires_ms != 0 && source->expires_ms != target->expires_ms);

  target->favourite = target->favourite || source->favourite;
  target->archived = target->archived || source->archived;
  if (source->expires_ms != 0)
    target->expires_ms = source->expires_ms;
  return changed;
}

gboolean
sp_import_merge (SpItem *target, const SpItem *source)
{
  gboolean changed = FALSE;

  for (guint i = 0; i < source->fields->len; i++)
    changed |= merge_field (target, g_ptr_array_index (source->fields, i));
  if (!sp_secret_is_empty (source->notes) && !sp_secret_equal (source->notes, target->notes)) {
    sp_item_set_notes (target, source->notes);
    changed = TRUE;
  }
  changed |= merge_tags (target, source);
  changed |= merge_flags (target, source);
  return changed;
}
