/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A plain value. All text that is not an SpSecret is wiped before it is freed: titles, tags and labels are
 * not concealed, but they say what somebody has accounts for.
 *
 * Invariants: title, notes, fields, tags and attachments are never NULL, and no field's value is. */

#define G_LOG_DOMAIN "sp-item"

#include "config.h"

#include "vault/sp-item.h"

#include <string.h>

#include "base/sp-wipe.h"

static void
text_free (char *text)
{
  if (text != NULL)
    sp_wipe (text, strlen (text));
  g_free (text);
}

static void
text_free_cb (gpointer data)
{
  text_free (data);
}

static void
field_free_cb (gpointer data)
{
  sp_field_free (data);
}

static void
attachment_free_cb (gpointer data)
{
  sp_attachment_free (data);
}

static gpointer
text_copy_cb (gconstpointer source, gpointer user_data)
{
  return g_strdup (source);
}

static gpointer
field_copy_cb (gconstpointer source, gpointer user_data)
{
  return sp_field_copy (source);
}

static gpointer
attachment_copy_cb (gconstpointer source, gpointer user_data)
{
  return sp_attachment_copy (source);
}

/* Like g_ptr_array_copy(), whose argument and callback are not const. */
static void
copy_into (GPtrArray *target, const GPtrArray *source, gpointer (*copy) (gconstpointer, gpointer))
{
  for (guint i = 0; i < source->len; i++)
    g_ptr_array_add (target, copy (g_ptr_array_index (source, i), NULL));
}

/* Nobody can tell a text that is missing from one that is empty, for they are stored alike. */
static gboolean
text_equal (const char *a, const char *b)
{
  return g_str_equal (a != NULL ? a : "", b != NULL ? b : "");
}

/**
 * sp_item_new:
 * @type: the item's type
 * @title: (nullable): its title
 *
 * Makes an item that is not stored yet, without fields.
 *
 * Returns: (transfer full): the item
 */
SpItem *
sp_item_new (SpItemType type, const char *title)
{
  SpItem *self = g_new0 (SpItem, 1);

  self->type = type;
  self->title = g_strdup (title != NULL ? title : "");
  self->notes = sp_secret_new (NULL, 0);
  self->fields = g_ptr_array_new_with_free_func (field_free_cb);
  self->tags = g_ptr_array_new_with_free_func (text_free_cb);
  self->attachments = g_ptr_array_new_with_free_func (attachment_free_cb);
  return self;
}

/**
 * sp_item_copy:
 * @self: an item
 *
 * Returns: (transfer full): a copy, which shares only the immutable secrets with @self
 */
SpItem *
sp_item_copy (const SpItem *self)
{
  SpItem *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new (SpItem, 1);
  *copy = *self;
  copy->title = g_strdup (self->title);
  copy->notes = sp_secret_ref (self->notes);
  copy->fields = g_ptr_array_new_with_free_func (field_free_cb);
  copy->tags = g_ptr_array_new_with_free_func (text_free_cb);
  copy->attachments = g_ptr_array_new_with_free_func (attachment_free_cb);
  copy_into (copy->fields, self->fields, field_copy_cb);
  copy_into (copy->tags, self->tags, text_copy_cb);
  copy_into (copy->attachments, self->attachments, attachment_copy_cb);
  return copy;
}

/**
 * sp_item_free:
 * @self: (transfer full) (nullable): an item
 *
 * Frees the item with all that is in it; wipes its texts first.
 */
void
sp_item_free (SpItem *self)
{
  if (self == NULL)
    return;

  text_free (self->title);
  sp_secret_unref (self->notes);
  g_ptr_array_unref (self->fields);
  g_ptr_array_unref (self->tags);
  g_ptr_array_unref (self->attachments);
  g_free (self);
}

static gboolean
field_equal (const SpField *a, const SpField *b)
{
  return a->kind == b->kind && text_equal (a->name, b->name) && text_equal (a->label, b->label) &&
         text_equal (a->section, b->section) && sp_secret_equal (a->value, b->value);
}

static gboolean
attachment_equal (const SpAttachment *a, const SpAttachment *b)
{
  return a->number == b->number && sp_id_equal (&a->key_id, &b->key_id) &&
         text_equal (a->name, b->name) && text_equal (a->media_type, b->media_type) &&
         a->size == b->size && sp_bytes_equal (a->sha256, b->sha256, sizeof a->sha256);
}

/**
 * sp_item_equal_content:
 * @a: an item
 * @b: another
 *
 * Compares what a person can edit: type, title, notes, fields, tags, attachments, favourite, archived and
 * expiry; the order of fields, tags and attachments counts. Dates, use, trash and numbers do not.
 *
 * Returns: %TRUE if saving one over the other would change nothing
 */
gboolean
sp_item_equal_content (const SpItem *a, const SpItem *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  if (a->type != b->type || !a->favourite != !b->favourite || !a->archived != !b->archived ||
      a->expires_ms != b->expires_ms || !text_equal (a->title, b->title) ||
      !sp_secret_equal (a->notes, b->notes) || a->fields->len != b->fields->len ||
      a->tags->len != b->tags->len || a->attachments->len != b->attachments->len)
    return FALSE;

  for (guint i = 0; i < a->fields->len; i++)
    if (!field_equal (g_ptr_array_index (a->fields, i), g_ptr_array_index (b->fields, i)))
      return FALSE;
  for (guint i = 0; i < a->tags->len; i++)
    if (!text_equal (g_ptr_array_index (a->tags, i), g_ptr_array_index (b->tags, i)))
      return FALSE;
  for (guint i = 0; i < a->attachments->len; i++)
    if (!attachment_equal (g_ptr_array_index (a->attachments, i),
                           g_ptr_array_index (b->attachments, i)))
      return FALSE;
  return TRUE;
}

/**
 * sp_item_set_title:
 * @self: an item
 * @title: its new title
 */
void
sp_item_set_title (SpItem *self, const char *title)
{
  char *copy;

  g_return_if_fail (self != NULL && title != NULL);

  copy = g_strdup (title);
  text_free (self->title);
  self->title = copy;
}

/**
 * sp_item_set_notes:
 * @self: an item
 * @notes: (nullable): its new notes
 */
void
sp_item_set_notes (SpItem *self, const SpSecret *notes)
{
  SpSecret *copy;

  g_return_if_fail (self != NULL);

  copy = notes != NULL ? sp_secret_ref (notes) : sp_secret_new (NULL, 0);
  sp_secret_unref (self->notes);
  self->notes = copy;
}

/**
 * sp_item_add_tag:
 * @self: an item
 * @tag: a tag, with slashes if it is a nested one
 *
 * Appends a tag, without white space around it, unless it is empty or there already.
 */
void
sp_item_add_tag (SpItem *self, const char *tag)
{
  char *copy;

  g_return_if_fail (self != NULL && tag != NULL);

  /* In this order: moving the text inside its block would leave letters behind the end, unwiped. */
  while (g_ascii_isspace (*tag))
    tag++;
  copy = g_strchomp (g_strdup (tag));
  if (*copy == '\0' || g_ptr_array_find_with_equal_func (self->tags, copy, g_str_equal, NULL))
    text_free (copy);
  else
    g_ptr_array_add (self->tags, copy);
}

/**
 * sp_item_remove_tag:
 * @self: an item
 * @tag: a tag, exactly as it stands in the item
 *
 * Returns: %FALSE if the item does not have it
 */
gboolean
sp_item_remove_tag (SpItem *self, const char *tag)
{
  guint index;

  g_return_val_if_fail (self != NULL && tag != NULL, FALSE);

  if (!g_ptr_array_find_with_equal_func (self->tags, tag, g_str_equal, &index))
    return FALSE;
  g_ptr_array_remove_index (self->tags, index);
  return TRUE;
}

/**
 * sp_item_find_field:
 * @self: an item
 * @name: the name of a template field
 *
 * Returns: (transfer none) (nullable): the first field of that name
 */
SpField *
sp_item_find_field (const SpItem *self, const char *name)
{
  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  for (guint i = 0; i < self->fields->len; i++) {
    SpField *field = g_ptr_array_index (self->fields, i);

    if (g_strcmp0 (field->name, name) == 0)
      return field;
  }
  return NULL;
}

static SpField *
find_custom (const SpItem *self, const char *label, gboolean any_case)
{
  char *wanted = any_case ? g_utf8_casefold (label, -1) : g_strdup (label);
  SpField *found = NULL;

  for (guint i = 0; i < self->fields->len && found == NULL; i++) {
    SpField *field = g_ptr_array_index (self->fields, i);
    char *have;

    if (field->name != NULL || field->label == NULL)
      continue;
    have = any_case ? g_utf8_casefold (field->label, -1) : g_strdup (field->label);
    if (g_str_equal (have, wanted))
      found = field;
    text_free (have);
  }

  text_free (wanted);
  return found;
}

/**
 * sp_item_find_field_by_label:
 * @self: an item
 * @label: the label of a custom field
 *
 * Returns: (transfer none) (nullable): the first custom field with exactly that label, else the first one
 *   whose label is the same in another case
 */
SpField *
sp_item_find_field_by_label (const SpItem *self, const char *label)
{
  SpField *field;

  g_return_val_if_fail (self != NULL && label != NULL, NULL);

  field = find_custom (self, label, FALSE);
  return field != NULL ? field : find_custom (self, label, TRUE);
}

/**
 * sp_item_peek_value:
 * @self: an item
 * @name: the name of a template field
 *
 * Returns: (transfer none) (nullable): the value of the first field of that name
 */
const SpSecret *
sp_item_peek_value (const SpItem *self, const char *name)
{
  const SpField *field = sp_item_find_field (self, name);

  return field != NULL ? field->value : NULL;
}

static SpField *
field_new (const char *name,
           const char *label,
           const char *section,
           SpFieldKind kind,
           const SpSecret *value)
{
  SpField *self = g_new0 (SpField, 1);

  self->name = g_strdup (name);
  self->label = g_strdup (label);
  self->section = g_strdup (section);
  self->kind = kind;
  self->value = value != NULL ? sp_secret_ref (value) : sp_secret_new (NULL, 0);
  return self;
}

static SpField *
template_field_new (const SpItem *self, const char *name, const SpSecret *value)
{
  const SpFieldTemplate *template = sp_item_type_find_field (sp_item_type_get_info (self->type),
                                                             name);

  return field_new (name, NULL, NULL, template != NULL ? template->kind : SP_FIELD_TEXT, value);
}

/* Behind the last field that the template has before or at this one's place; the end for a name that the
 * template does not have. */
static guint
template_place (const SpItem *self, const char *name)
{
  const SpItemTypeInfo *info = sp_item_type_get_info (self->type);
  const SpFieldTemplate *template = sp_item_type_find_field (info, name);

  if (template == NULL)
    return self->fields->len;
  for (guint i = self->fields->len; i > 0; i--) {
    const SpField *field = g_ptr_array_index (self->fields, i - 1);
    const SpFieldTemplate *other = field->name != NULL ? sp_item_type_find_field (info, field->name)
                                                       : NULL;

    if (other != NULL && other <= template)
      return i;
  }
  return 0;
}

/**
 * sp_item_set_field:
 * @self: an item
 * @name: the name of a template field
 * @value: (nullable): its new value; %NULL is the empty one
 *
 * Replaces the value of the first field of that name, or adds the field at its place in the template.
 *
 * Returns: (transfer none): the field
 */
SpField *
sp_item_set_field (SpItem *self, const char *name, const SpSecret *value)
{
  SpField *field;

  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  field = sp_item_find_field (self, name);
  if (field == NULL) {
    field = template_field_new (self, name, value);
    g_ptr_array_insert (self->fields, (int) template_place (self, name), field);
  } else {
    SpSecret *old = field->value;

    field->value = value != NULL ? sp_secret_ref (value) : sp_secret_new (NULL, 0);
    sp_secret_unref (old);
  }
  return field;
}

/**
 * sp_item_add_field:
 * @self: an item
 * @name: the name of a template field
 * @value: (nullable): its value; %NULL is the empty one
 *
 * Appends a field, also when there is one of that name already.
 *
 * Returns: (transfer none): the field
 */
SpField *
sp_item_add_field (SpItem *self, const char *name, const SpSecret *value)
{
  SpField *field;

  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  field = template_field_new (self, name, value);
  g_ptr_array_add (self->fields, field);
  return field;
}

/**
 * sp_item_add_custom:
 * @self: an item
 * @section: (nullable): the heading that it stands under
 * @label: its label
 * @kind: its kind
 * @value: (nullable): its value; %NULL is the empty one
 *
 * Appends a custom field.
 *
 * Returns: (transfer none): the field
 */
SpField *
sp_item_add_custom (SpItem *self,
                    const char *section,
                    const char *label,
                    SpFieldKind kind,
                    const SpSecret *value)
{
  SpField *field;

  g_return_val_if_fail (self != NULL && label != NULL, NULL);

  field = field_new (NULL, label, section, kind, value);
  g_ptr_array_add (self->fields, field);
  return field;
}

/**
 * sp_item_remove_field:
 * @self: an item
 * @field: (transfer full): a field of @self, freed if it is
 *
 * Returns: %FALSE if it is not one of its fields
 */
gboolean
sp_item_remove_field (SpItem *self, SpField *field)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return g_ptr_array_remove (self->fields, field);
}

/**
 * sp_item_get_field_label:
 * @self: an item
 * @field: one of its fields
 *
 * Returns: (transfer none): the field's own label, else the template's in the user's language, else its name
 */
const char *
sp_item_get_field_label (const SpItem *self, const SpField *field)
{
  const SpFieldTemplate *template;

  g_return_val_if_fail (self != NULL && field != NULL, "");

  if (field->label != NULL && field->label[0] != '\0')
    return field->label;
  if (field->name == NULL)
    return "";
  template = sp_item_type_find_field (sp_item_type_get_info (self->type), field->name);
  return template != NULL ? g_dgettext (GETTEXT_PACKAGE, template->label) : field->name;
}

/* The first value that is not empty of the fields of that name that anybody may see; NULL if there is none. */
static const char *
peek_shown_value (const SpItem *self, const char *name)
{
  for (guint i = 0; i < self->fields->len; i++) {
    const SpField *field = g_ptr_array_index (self->fields, i);

    if (g_strcmp0 (field->name, name) == 0 && !sp_field_kind_is_secret (field->kind) &&
        !sp_secret_is_empty (field->value))
      return sp_secret_peek_text (field->value);
  }
  return NULL;
}

/**
 * sp_item_peek_subtitle:
 * @self: an item
 *
 * What is shown under the title: the first template field that is meant for it and not empty. Never a
 * concealed one, whatever somebody made of the field.
 *
 * Returns: (transfer none): the text, valid as long as the field; "" when there is none
 */
const char *
sp_item_peek_subtitle (const SpItem *self)
{
  const SpItemTypeInfo *info;

  g_return_val_if_fail (self != NULL, "");

  info = sp_item_type_get_info (self->type);
  for (gsize i = 0; info != NULL && i < info->n_fields; i++) {
    const char *text = info->fields[i].is_subtitle ? peek_shown_value (self, info->fields[i].name)
                                                   : NULL;

    if (text != NULL)
      return text;
  }
  return "";
}

/**
 * sp_field_copy:
 * @self: a field
 *
 * Returns: (transfer full): a copy that shares the immutable value
 */
SpField *
sp_field_copy (const SpField *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return field_new (self->name, self->label, self->section, self->kind, self->value);
}

/**
 * sp_field_free:
 * @self: (transfer full) (nullable): a field
 */
void
sp_field_free (SpField *self)
{
  if (self == NULL)
    return;

  text_free (self->name);
  text_free (self->label);
  text_free (self->section);
  sp_secret_unref (self->value);
  g_free (self);
}

/**
 * sp_attachment_copy:
 * @self: what an item says of an attachment
 *
 * Returns: (transfer full): a copy
 */
SpAttachment *
sp_attachment_copy (const SpAttachment *self)
{
  SpAttachment *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new (SpAttachment, 1);
  *copy = *self;
  copy->name = g_strdup (self->name);
  copy->media_type = g_strdup (self->media_type);
  return copy;
}

/**
 * sp_attachment_free:
 * @self: (transfer full) (nullable): what an item says of an attachment
 */
void
sp_attachment_free (SpAttachment *self)
{
  if (self == NULL)
    return;

  text_free (self->name);
  text_free (self->media_type);
  g_free (self);
}
