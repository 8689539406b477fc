/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Fields are the same if they have the same name, or label and section, and are the same one of several such. A field
 * without a value is as good as none. */

#define G_LOG_DOMAIN "sp-item-diff"

#include "config.h"

#include "ui/sp-item-diff.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/sp-shown-time.h"

static void
add (GPtrArray *differences,
     const char *label,
     SpFieldKind field_kind,
     const SpSecret *before,
     const SpSecret *after)
{
  SpDifference *difference;

  if (before == NULL && after == NULL)
    return;
  difference = g_new0 (SpDifference, 1);
  difference->label = g_strdup (label);
  difference->field_kind = field_kind;
  difference->before = before != NULL ? sp_secret_ref (before) : NULL;
  difference->after = after != NULL ? sp_secret_ref (after) : NULL;
  if (before == NULL)
    difference->kind = SP_DIFFERENCE_ADDED;
  else if (after == NULL)
    difference->kind = SP_DIFFERENCE_REMOVED;
  else
    difference->kind = sp_secret_equal (before, after) ? SP_DIFFERENCE_NONE : SP_DIFFERENCE_CHANGED;
  g_ptr_array_add (differences, difference);
}

static void
add_values (GPtrArray *differences,
            const char *label,
            SpFieldKind field_kind,
            const SpSecret *before,
            const SpSecret *after)
{
  if (before != NULL && sp_secret_is_empty (before))
    before = NULL;
  if (after != NULL && sp_secret_is_empty (after))
    after = NULL;
  add (differences, label, field_kind, before, after);
}

static void
add_texts (GPtrArray *differences, const char *label, const char *before, const char *after)
{
  g_autoptr (SpSecret) old = before != NULL ? sp_secret_new_text (before) : NULL;
  g_autoptr (SpSecret) now = after != NULL ? sp_secret_new_text (after) : NULL;

  add_values (differences, label, SP_FIELD_TEXT, old, now);
}

/* ---- fields ----------------------------------------------------------------------------------------- */

static gboolean
is_same_field (const SpField *a, const SpField *b)
{
  if (g_strcmp0 (a->name, b->name) != 0 || g_strcmp0 (a->section, b->section) != 0)
    return FALSE;
  return a->name != NULL || g_strcmp0 (a->label, b->label) == 0;
}

/* Which one it is of several such in its item. */
static guint
count_before (const SpItem *item, guint index)
{
  guint n = 0;

  for (guint i = 0; i < index; i++)
    if (is_same_field (g_ptr_array_index (item->fields, i),
                       g_ptr_array_index (item->fields, index)))
      n++;
  return n;
}

static const SpField *
find_same (const SpItem *item, const SpField *field, guint nth)
{
  for (guint i = 0; i < item->fields->len; i++)
    if (is_same_field (g_ptr_array_index (item->fields, i), field) && nth-- == 0)
      return g_ptr_array_index (item->fields, i);
  return NULL;
}

/* What was concealed in either version stays so in both; `other` is the same field of the other version, if it has it. */
static SpFieldKind
get_shown_kind (const SpField *field, const SpField *other)
{
  SpFieldKind kind = other != NULL ? other->kind : field->kind;

  if (kind == SP_FIELD_OTP || field->kind == SP_FIELD_OTP)
    return SP_FIELD_HIDDEN;
  if (sp_field_kind_is_secret (field->kind) && !sp_field_kind_is_secret (kind))
    return SP_FIELD_HIDDEN;
  return kind;
}

static void
add_fields (GPtrArray *differences, const SpItem *older, const SpItem *newer)
{
  for (guint i = 0; i < older->fields->len; i++) {
    const SpField *field = g_ptr_array_index (older->fields, i);
    const SpField *other = find_same (newer, field, count_before (older, i));

    add_values (differences, sp_item_get_field_label (older, field), get_shown_kind (field, other),
                field->value, other != NULL ? other->value : NULL);
  }
  for (guint i = 0; i < newer->fields->len; i++) {
    const SpField *field = g_ptr_array_index (newer->fields, i);

    if (find_same (older, field, count_before (newer, i)) == NULL)
      add_values (differences, sp_item_get_field_label (newer, field), get_shown_kind (field, NULL),
                  NULL, field->value);
  }
}

/* ---- the rest --------------------------------------------------------------------------------------- */

static gboolean
has_tag (const SpItem *item, const char *tag)
{
  return g_ptr_array_find_with_equal_func (item->tags, tag, g_str_equal, NULL);
}

static void
add_tags (GPtrArray *differences, const SpItem *older, const SpItem *newer)
{
  for (guint i = 0; i < older->tags->len; i++) {
    const char *tag = g_ptr_array_index (older->tags, i);

    add_texts (differences, _ ("Tag"), tag, has_tag (newer, tag) ? tag : NULL);
  }
  for (guint i = 0; i < newer->tags->len; i++)
    if (!has_tag (older, g_ptr_array_index (newer->tags, i)))
      add_texts (differences, _ ("Tag"), NULL, g_ptr_array_index (newer->tags, i));
}

static gboolean
has_attachment (const SpItem *item, const SpAttachment *attachment)
{
  for (guint i = 0; i < item->attachments->len; i++) {
    const SpAttachment *other = g_ptr_array_index (item->attachments, i);

    if (other->number == attachment->number && g_str_equal (other->name, attachment->name))
      return TRUE;
  }
  return FALSE;
}

static void
add_attachments (GPtrArray *differences, const SpItem *older, const SpItem *newer)
{
  for (guint i = 0; i < older->attachments->len; i++) {
    const SpAttachment *attachment = g_ptr_array_index (older->attachments, i);

    add_texts (differences, _ ("Attachment"), attachment->name,
                               has_attachment (newer, attachment) ? attachment->name : NULL);
  }
  for (guint i = 0; i < newer->attachments->len; i++) {
    const SpAttachment *attachment = g_ptr_array_index (newer->attachments, i);

    if (!has_attachment (older, attachment))
      add_texts (differences, _ ("Attachment"), NULL, attachment->name);
  }
}

static void
add_expiry (GPtrArray *differences, const SpItem *older, const SpItem *newer)
{
  g_autofree char *before = older->expires_ms != 0 ? sp_shown_time (older->expires_ms) : NULL;
  g_autofree char *after = newer->expires_ms != 0 ? sp_shown_time (newer->expires_ms) : NULL;

  add_texts (differences, _ ("Expires"), before, after);
}

static const char *
get_type_label (const SpItem *item)
{
  const SpItemTypeInfo *info = sp_item_type_get_info (item->type);

  return info != NULL ? _(info->label) : _ ("Item of a later version");
}

static void
add_flag (GPtrArray *differences, const char *label, gboolean before, gboolean after)
{
  if (before || after)
    add_texts (differences, label, before ? _ ("Yes") : _ ("No"), after ? _ ("Yes") : _ ("No"));
}

/**
 * sp_item_compare:
 * @older: a version
 * @newer: a later one
 *
 * Returns: (transfer full) (element-type SpDifference): everything that is in either of them, in the order of the older
 *   one's fields
 */
GPtrArray *
sp_item_compare (const SpItem *older, const SpItem *newer)
{
  GPtrArray *all = NULL;

  g_return_val_if_fail (older != NULL && newer != NULL, NULL);

  all = g_ptr_array_new_with_free_func ((GDestroyNotify) sp_difference_free);
  add_texts (all, _ ("Title"), older->title, newer->title);
  if (older->type != newer->type)
    add_texts (all, _ ("Type"), get_type_label (older), get_type_label (newer));
  add_fields (all, older, newer);
  add_values (all, _ ("Notes"), SP_FIELD_MULTILINE, older->notes, newer->notes);
  add_tags (all, older, newer);
  add_attachments (all, older, newer);
  add_expiry (all, older, newer);
  add_flag (all, _ ("Favourite"), older->favourite, newer->favourite);
  add_flag (all, _ ("Archived"), older->archived, newer->archived);
  return all;
}

/**
 * sp_item_diff:
 * @older: a version
 * @newer: a later one
 *
 * Returns: (transfer full) (element-type SpDifference): of sp_item_compare(), what is not the same in both
 */
GPtrArray *
sp_item_diff (const SpItem *older, const SpItem *newer)
{
  GPtrArray *differences = sp_item_compare (older, newer);

  for (guint i = differences->len; i > 0; i--) {
    const SpDifference *difference = g_ptr_array_index (differences, i - 1);

    if (difference->kind == SP_DIFFERENCE_NONE)
      g_ptr_array_remove_index (differences, i - 1);
  }
  return differences;
}

/**
 * sp_item_diff_summarise:
 * @older: a version
 * @newer: the one after it
 *
 * Returns: (transfer full): the labels of what differs, each once; no values
 */
char *
sp_item_diff_summarise (const SpItem *older, const SpItem *newer)
{
  g_autoptr (GPtrArray) differences = sp_item_diff (older, newer);
  g_autoptr (GPtrArray) labels = g_ptr_array_new ();

  for (guint i = 0; i < differences->len; i++) {
    const SpDifference *difference = g_ptr_array_index (differences, i);

    if (!g_ptr_array_find_with_equal_func (labels, difference->label, g_str_equal, NULL))
      g_ptr_array_add (labels, difference->label);
  }
  if (labels->len == 0)
    return g_strdup (_ ("Order of the fields"));
  g_ptr_array_add (labels, NULL);
  /* Translators: between the names of fields: "Password, Website". */
  return g_strjoinv (_ (", "), (char **) labels->pdata);
}

SpDifference *
sp_difference_copy (const SpDifference *self)
{
  SpDifference *copy = g_new0 (SpDifference, 1);

  copy->kind = self->kind;
  copy->label = g_strdup (self->label);
  copy->field_kind = self->field_kind;
  copy->before = self->before != NULL ? sp_secret_ref (self->before) : NULL;
  copy->after = self->after != NULL ? sp_secret_ref (self->after) : NULL;
  return copy;
}

void
sp_difference_free (SpDifference *self)
{
  g_free (self->label);
  g_clear_pointer (&self->before, sp_secret_unref);
  g_clear_pointer (&self->after, sp_secret_unref);
  g_free (self);
}
