/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Making the changes, in this order: type, title, new custom fields, removals, values, tags, flags, expiry.
 * Nothing is read or asked here, so it can be done again to an item that has moved on. */

#define G_LOG_DOMAIN "sp-cli-changes"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cli/sp-cli-changes-private.h"
#include "cli/sp-cli-item.h"
#include "cli/sp-cli-options.h"

/**
 * sp_cli_changes_is_title:
 * @field: what the user calls a field
 *
 * Returns: whether the item's title is meant
 */
gboolean
sp_cli_changes_is_title (const char *field)
{
  return g_str_equal (field, "title");
}

/**
 * sp_cli_changes_is_notes:
 * @field: what the user calls a field
 *
 * Returns: whether the item's notes are meant
 */
gboolean
sp_cli_changes_is_notes (const char *field)
{
  return g_str_equal (field, "notes");
}

/**
 * sp_cli_changes_get_kind:
 * @item: an item
 * @name: what the user calls a field
 * @out_kind: (out): its kind; the title counts as text
 * @error: return location
 *
 * Returns: whether the item has or can have such a field
 */
gboolean
sp_cli_changes_get_kind (const SpItem *item,
                         const char *name,
                         SpFieldKind *out_kind,
                         GError **error)
{
  const SpItemTypeInfo *info = sp_item_type_get_info (item->type);
  const SpFieldTemplate *template = info != NULL ? sp_item_type_find_field (info, name) : NULL;
  g_autoptr (GPtrArray) fields = NULL;
  g_autofree char *names = NULL;

  if (sp_cli_changes_is_title (name) || sp_cli_changes_is_notes (name)) {
    *out_kind = sp_cli_changes_is_notes (name) ? SP_FIELD_MULTILINE : SP_FIELD_TEXT;
    return TRUE;
  }
  if (template != NULL) {
    *out_kind = template->kind;
    return TRUE;
  }
  fields = sp_cli_item_match_fields (item, name);
  if (fields->len > 0) {
    *out_kind = ((const SpField *) fields->pdata[0])->kind;
    return TRUE;
  }
  names = sp_cli_item_list_fields (item);
  g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE,
               _("There is no field “%s”; there are: %s. --custom adds one."), name, names);
  return FALSE;
}

/**
 * sp_cli_changes_refuse_secret:
 * @option: the option's name with its dashes
 * @field: what the user calls the field
 * @error: return location
 *
 * Says why a concealed field takes no value from the arguments, and how else to give it.
 *
 * Returns: %FALSE, with @error set
 */
gboolean
sp_cli_changes_refuse_secret (const char *option, const char *field, GError **error)
{
  g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE,
               _("%s does not take “%s”: what is in the arguments can be read by others. Use "
                 "--set-from “%s=FILE” (or =-), or --prompt “%s”."),
                  option, field, field, field);
  return FALSE;
}

/* One "KIND:LABEL[=VALUE]". */
static gboolean
add_custom (SpItem *item, const char *text, GError **error)
{
  g_autoptr (SpSecret) secret = NULL;
  g_autofree char *left = NULL;
  g_autofree char *kind_name = NULL;
  const char *value = NULL;
  const char *colon;
  SpFieldKind kind;

  if (!sp_cli_split ("--custom", text, &left, &value, error))
    return FALSE;
  colon = strchr (left, ':');
  kind_name = g_strndup (left, colon != NULL ? (gsize) (colon - left) : 0);
  if (colon == NULL || colon[1] == '\0' || !sp_field_kind_from_name (kind_name, &kind)) {
    g_set_error (
        error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE,
        _("--custom takes KIND:LABEL=VALUE with a kind like text, hidden or url, not “%s”."),
           left);
    return FALSE;
  }
  if (value != NULL && sp_field_kind_is_secret (kind))
    return sp_cli_changes_refuse_secret ("--custom", colon + 1, error);
  secret = sp_secret_new_text (value != NULL ? value : "");
  (void) sp_item_add_custom (item, NULL, colon + 1, kind, secret);
  return TRUE;
}

/**
 * sp_cli_changes_add_customs:
 * @self: changes
 * @item: an item
 * @error: return location
 *
 * Adds the new custom fields.
 *
 * Returns: %FALSE, with @error set, if one of them makes no sense or would carry a secret
 */
gboolean
sp_cli_changes_add_customs (const SpCliChanges *self, SpItem *item, GError **error)
{
  for (gsize i = 0; self->custom != NULL && self->custom[i] != NULL; i++) {
    if (!add_custom (item, self->custom[i], error))
      return FALSE;
  }
  return TRUE;
}

/* What the new type has no place for stays, as a custom field under its old label. */
static void
change_type (SpItem *item, SpItemType type)
{
  const SpItemTypeInfo *info = sp_item_type_get_info (type);

  for (guint i = 0; i < item->fields->len; i++) {
    SpField *field = item->fields->pdata[i];
    const SpFieldTemplate *template;

    if (field->name == NULL)
      continue;
    template = sp_item_type_find_field (info, field->name);
    if (template != NULL) {
      field->kind = template->kind;
      continue;
    }
    if (field->label == NULL)
      field->label = g_strdup (sp_item_get_field_label (item, field));
    g_clear_pointer (&field->name, g_free);
  }
  item->type = type;
}

/**
 * sp_cli_changes_apply_type:
 * @self: changes
 * @item: an item
 * @error: return location
 *
 * Returns: whether the item is now of the type asked for, if any
 */
gboolean
sp_cli_changes_apply_type (const SpCliChanges *self, SpItem *item, GError **error)
{
  SpItemType type;

  if (self->type == NULL)
    return TRUE;
  if (!sp_cli_changes_get_type (self, &type, error))
    return FALSE;
  if (type != item->type)
    change_type (item, type);
  return TRUE;
}

static void
remove_fields (SpItem *item, const char *name)
{
  g_autoptr (GPtrArray) fields = sp_cli_item_match_fields (item, name);

  for (guint i = 0; i < fields->len; i++)
    (void) sp_item_remove_field (item, fields->pdata[i]);
}

static gboolean
apply_unset (const SpCliChanges *self, SpItem *item, GError **error)
{
  for (gsize i = 0; self->unset != NULL && self->unset[i] != NULL; i++) {
    SpFieldKind kind;

    if (!sp_cli_changes_get_kind (item, self->unset[i], &kind, error))
      return FALSE;
    if (sp_cli_changes_is_notes (self->unset[i])) {
      g_autoptr (SpSecret) nothing = sp_secret_new_text ("");

      sp_item_set_notes (item, nothing);
    }
    remove_fields (item, self->unset[i]);
  }
  return TRUE;
}

/* Whether an assignment before this one was for the same field: then it is one more of several URLs. */
static gboolean
is_repeated (const SpCliChanges *self, guint index)
{
  const Assignment *assignment = self->assignments->pdata[index];

  for (guint i = 0; i < index; i++) {
    if (g_str_equal (((const Assignment *) self->assignments->pdata[i])->field, assignment->field))
      return TRUE;
  }
  return FALSE;
}

static void
assign_template (SpItem *item, const Assignment *assignment, SpFieldKind kind, gboolean repeated)
{
  if (kind == SP_FIELD_URL && repeated) {
    (void) sp_item_add_field (item, assignment->field, assignment->value);
    return;
  }
  if (kind == SP_FIELD_URL || sp_secret_is_empty (assignment->value))
    remove_fields (item, assignment->field);
  if (!sp_secret_is_empty (assignment->value))
    (void) sp_item_set_field (item, assignment->field, assignment->value);
}

static gboolean
apply_assignment (const SpCliChanges *self, SpItem *item, guint index, GError **error)
{
  const Assignment *assignment = self->assignments->pdata[index];
  SpFieldKind kind;

  if (!sp_cli_changes_get_kind (item, assignment->field, &kind, error))
    return FALSE;
  if (sp_cli_changes_is_title (assignment->field)) {
    sp_item_set_title (item, sp_secret_peek_text (assignment->value));
  } else if (sp_cli_changes_is_notes (assignment->field)) {
    sp_item_set_notes (item, assignment->value);
  } else if (sp_cli_item_has_template_field (item, assignment->field)) {
    assign_template (item, assignment, kind, is_repeated (self, index));
  } else {
    g_autoptr (GPtrArray) fields = sp_cli_item_match_fields (item, assignment->field);
    SpField *field = fields->pdata[fields->len - 1];

    sp_secret_unref (field->value);
    field->value = sp_secret_ref (assignment->value);
  }
  return TRUE;
}

static void
apply_tags_and_flags (const SpCliChanges *self, SpItem *item)
{
  for (gsize i = 0; self->untags != NULL && self->untags[i] != NULL; i++)
    (void) sp_item_remove_tag (item, self->untags[i]);
  for (gsize i = 0; self->tags != NULL && self->tags[i] != NULL; i++)
    sp_item_add_tag (item, self->tags[i]);
  if (self->favourite || self->no_favourite)
    item->favourite = self->favourite;
  if (self->archive || self->no_archive)
    item->archived = self->archive;
}

/**
 * sp_cli_changes_apply:
 * @self: prepared changes
 * @item: an item
 * @error: return location
 *
 * Makes the changes in @item.
 *
 * Returns: %FALSE, with @error set, if one of them could not be made; @item is then half changed
 */
gboolean
sp_cli_changes_apply (const SpCliChanges *self, SpItem *item, GError **error)
{
  if (!sp_cli_changes_apply_type (self, item, error))
    return FALSE;
  if (self->title != NULL)
    sp_item_set_title (item, self->title);
  if (!sp_cli_changes_add_customs (self, item, error) || !apply_unset (self, item, error))
    return FALSE;
  for (guint i = 0; i < self->assignments->len; i++) {
    if (!apply_assignment (self, item, i, error))
      return FALSE;
  }
  apply_tags_and_flags (self, item);
  if (self->expires != NULL && !sp_cli_parse_date (self->expires, &item->expires_ms, error))
    return FALSE;
  if (*item->title == '\0') {
    g_set_error_literal (error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE, _("An item needs a title."));
    return FALSE;
  }
  return TRUE;
}
