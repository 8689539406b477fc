/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A plan: what each column of one file is. What the person said goes first, then the manager's table, then
 * the guesses by name; what has only one place in an item (title, notes, a template field that is no URL)
 * is given once, and a second column of the kind becomes a custom field. */

#define G_LOG_DOMAIN "sp-import-plan"

#include "config.h"

#include <string.h>

#include "formats/sp-import-private.h"

/* Names that --map and previews use; SP_ROLE_FIELD goes by the template field's own name. */
static const struct {
  const char *name;
  SpImportRole role;
} roles[] = {
  { "custom", SP_ROLE_CUSTOM },       { "hidden", SP_ROLE_HIDDEN },
  { "ignore", SP_ROLE_IGNORE },       { "title", SP_ROLE_TITLE },
  { "notes", SP_ROLE_NOTES },         { "tags", SP_ROLE_TAGS },
  { "folder", SP_ROLE_FOLDER },       { "type", SP_ROLE_TYPE },
  { "favourite", SP_ROLE_FAVOURITE }, { "archived", SP_ROLE_ARCHIVED },
  { "created", SP_ROLE_CREATED },     { "modified", SP_ROLE_MODIFIED },
  { "expires", SP_ROLE_EXPIRES },     { "fields", SP_ROLE_FIELD_LINES },
};

const char *
sp_import_role_to_name (SpImportRole role)
{
  for (gsize i = 0; i < G_N_ELEMENTS (roles); i++) {
    if (roles[i].role == role)
      return roles[i].name;
  }
  return "custom";
}

/* The constant name of a template field that any type has; NULL if none. */
static const char *
find_template_field (const char *name)
{
  gsize n = 0;
  const SpItemTypeInfo *types = sp_item_type_list (&n);

  for (gsize i = 0; i < n; i++) {
    const SpFieldTemplate *field = sp_item_type_find_field (&types[i], name);

    if (field != NULL)
      return field->name;
  }
  return NULL;
}

static gboolean
parse_target (const char *name, SpImportRole *out_role, const char **out_field)
{
  *out_field = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (roles); i++) {
    if (g_ascii_strcasecmp (roles[i].name, name) == 0) {
      *out_role = roles[i].role;
      return TRUE;
    }
  }
  *out_role = SP_ROLE_FIELD;
  *out_field = find_template_field (name);
  return *out_field != NULL;
}

static gboolean
may_repeat (SpImportRole role, const char *field)
{
  switch (role) {
  case SP_ROLE_CUSTOM:
  case SP_ROLE_HIDDEN:
  case SP_ROLE_IGNORE:
  case SP_ROLE_TAGS:
  case SP_ROLE_FOLDER:
  case SP_ROLE_FIELD_LINES:
    return TRUE;
  case SP_ROLE_FIELD:
    return strcmp (field, "url") == 0;
  case SP_ROLE_TITLE:
  case SP_ROLE_NOTES:
  case SP_ROLE_TYPE:
  case SP_ROLE_FAVOURITE:
  case SP_ROLE_ARCHIVED:
  case SP_ROLE_CREATED:
  case SP_ROLE_MODIFIED:
  case SP_ROLE_EXPIRES:
  default:
    return FALSE;
  }
}

static gboolean
is_taken (const SpImportPlan *self, SpImportRole role, const char *field)
{
  if (may_repeat (role, field))
    return FALSE;
  for (guint i = 0; i < self->n_columns; i++) {
    if (self->columns[i].role == role && g_strcmp0 (self->columns[i].field, field) == 0)
      return TRUE;
  }
  return FALSE;
}

/* "Column 7", counted from 1, for a column that the header leaves nameless. */
static char *
make_label (const SpCsv *csv, guint index)
{
  const char *name = sp_csv_get_column (csv, index);

  return *name != '\0' ? g_strdup (name) : g_strdup_printf ("Column %u", index + 1);
}

static gboolean
has_column (GPtrArray *names, const char *wanted)
{
  return g_ptr_array_find_with_equal_func (names, wanted, g_str_equal, NULL);
}

/* How many columns a spec requires, if all of them are there; else 0. */
static guint
match_spec (const SpImportSpec *spec, GPtrArray *names)
{
  g_auto (GStrv) required = g_strsplit (spec->required, " ", -1);
  guint n = g_strv_length (required);

  if (*spec->required == '\0' ||
      ((spec->traits & SP_TRAIT_NO_OTHER_COLUMNS) != 0 && names->len > spec->n_rules))
    return 0;
  for (guint i = 0; i < n; i++) {
    if (!has_column (names, required[i]))
      return 0;
  }
  return n;
}

/* `format` NULL: any. */
static const SpImportSpec *
find_spec (GPtrArray *names, const char *format)
{
  gsize n = 0;
  const SpImportSpec *specs = sp_import_specs (&n);
  const SpImportSpec *best = NULL;
  guint best_score = 0;

  for (gsize i = 0; i < n; i++) {
    guint score;

    if (format != NULL && g_ascii_strcasecmp (format, specs[i].name) != 0)
      continue;
    score = match_spec (&specs[i], names);
    if (score > best_score || (best == NULL && *specs[i].required == '\0')) {
      best = &specs[i];
      best_score = score;
    }
  }
  return best;
}

static const SpColumnRule *
find_rule (const SpImportSpec *spec, const char *name)
{
  for (gsize i = 0; i < spec->n_rules; i++) {
    if (strcmp (spec->rules[i].column, name) == 0)
      return &spec->rules[i];
  }
  return NULL;
}

static SpPlanColumn *
find_column (SpImportPlan *self, GPtrArray *names, const char *wanted)
{
  g_autofree char *normalized = sp_import_normalize (wanted);

  for (guint i = 0; i < self->n_columns; i++) {
    if (strcmp (self->columns[i].label, wanted) == 0)
      return &self->columns[i];
  }
  for (guint i = 0; i < self->n_columns && *normalized != '\0'; i++) {
    if (strcmp (g_ptr_array_index (names, i), normalized) == 0)
      return &self->columns[i];
  }
  return NULL;
}

/* What a person said of a column. */
static gboolean
set_target (SpImportPlan *self, SpPlanColumn *column, const char *target, GError **error)
{
  SpImportRole role;
  const char *field;

  if (!parse_target (target, &role, &field)) {
    g_set_error (error, SP_FORMAT_ERROR, SP_FORMAT_ERROR_MAPPING,
                 "There is no field “%s” to put the column “%s” into.", target, column->label);
    return FALSE;
  }
  if (is_taken (self, role, field)) {
    g_set_error (error, SP_FORMAT_ERROR, SP_FORMAT_ERROR_MAPPING,
                 "Two columns cannot both be “%s”.", target);
    return FALSE;
  }
  column->role = role;
  column->field = field;
  return TRUE;
}

static gboolean
apply_targets (SpImportPlan *self,
               gboolean *is_mapped,
               const SpImportOptions *options,
               GError **error)
{
  for (gsize i = 0; i < options->n_targets && i < self->n_columns; i++) {
    if (options->targets[i] == NULL)
      continue;
    if (!set_target (self, &self->columns[i], options->targets[i], error))
      return FALSE;
    is_mapped[i] = TRUE;
  }
  return TRUE;
}

/* `mapping` is "COLUMN=FIELD"; a column's name may hold an equals sign, a field's does not. */
static gboolean
apply_mapping (SpImportPlan *self,
               GPtrArray *names,
               gboolean *is_mapped,
               const char *mapping,
               GError **error)
{
  const char *equals = strrchr (mapping, '=');
  g_autofree char *wanted = equals != NULL ? g_strndup (mapping, (gsize) (equals - mapping)) : NULL;
  SpPlanColumn *column = wanted != NULL ? find_column (self, names, g_strstrip (wanted)) : NULL;

  if (equals == NULL) {
    g_set_error (error, SP_FORMAT_ERROR, SP_FORMAT_ERROR_MAPPING,
                 "“%s” is no mapping: write COLUMN=FIELD.", mapping);
    return FALSE;
  }
  if (column == NULL) {
    g_set_error (error, SP_FORMAT_ERROR, SP_FORMAT_ERROR_MAPPING, "The file has no column “%s”.",
                 wanted);
    return FALSE;
  }
  if (!set_target (self, column, equals + 1, error))
    return FALSE;
  is_mapped[column - self->columns] = TRUE;
  return TRUE;
}

static void
apply_rule (SpImportPlan *self, SpPlanColumn *column, const SpColumnRule *rule)
{
  if (rule == NULL || is_taken (self, rule->role, rule->field))
    return;
  column->role = rule->role;
  column->field = rule->field;
}

/* First all rules of the spec, so that a guess never takes the place of a column that is known. */
static void
apply_spec (SpImportPlan *self, GPtrArray *names, const gboolean *is_mapped)
{
  for (guint i = 0; i < self->n_columns; i++) {
    const SpColumnRule *rule = find_rule (self->spec, g_ptr_array_index (names, i));

    self->columns[i].known = rule != NULL;
    if (!is_mapped[i])
      apply_rule (self, &self->columns[i], rule);
  }
  for (guint i = 0; i < self->n_columns; i++) {
    if (!is_mapped[i] && !self->columns[i].known)
      apply_rule (self, &self->columns[i], sp_import_guess_column (g_ptr_array_index (names, i)));
  }
}

/* In a table without a user name, the e-mail address is what one signs in with. */
static void
promote_email (SpImportPlan *self, const gboolean *is_mapped)
{
  if (self->spec->n_rules > 0 || is_taken (self, SP_ROLE_FIELD, "username"))
    return;
  for (guint i = 0; i < self->n_columns; i++) {
    SpPlanColumn *column = &self->columns[i];

    if (!is_mapped[i] && column->role == SP_ROLE_FIELD && strcmp (column->field, "email") == 0)
      column->field = "username";
  }
}

gboolean
sp_import_plan_tells_anything (const SpImportPlan *self)
{
  for (guint i = 0; i < self->n_columns; i++) {
    if (self->columns[i].role == SP_ROLE_TITLE || self->columns[i].role == SP_ROLE_FIELD ||
        self->columns[i].role == SP_ROLE_NOTES)
      return TRUE;
  }
  return FALSE;
}

static GPtrArray *
normalize_columns (const SpCsv *csv)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < sp_csv_get_n_columns (csv); i++)
    g_ptr_array_add (names, sp_import_normalize (sp_csv_get_column (csv, i)));
  return names;
}

static gboolean
choose_spec (SpImportPlan *self, GPtrArray *names, const char *format, GError **error)
{
  if (format != NULL && sp_import_find_format (format) == NULL) {
    g_set_error (error, SP_FORMAT_ERROR, SP_FORMAT_ERROR_UNKNOWN, "There is no format named “%s”.",
                 format);
    return FALSE;
  }
  self->spec = find_spec (names, format);
  if (self->spec == NULL) {
    g_set_error (error, SP_FORMAT_ERROR, SP_FORMAT_ERROR_UNKNOWN,
                 "The file’s columns are not those of an export by %s.",
                 sp_import_find_format (format)->label);
    return FALSE;
  }
  self->format = sp_import_find_format (self->spec->name);
  return TRUE;
}

static void
finish_columns (SpImportPlan *self)
{
  for (guint i = 0; i < self->n_columns; i++) {
    SpPlanColumn *column = &self->columns[i];

    column->kind = column->role == SP_ROLE_HIDDEN ? SP_FIELD_HIDDEN
                                                  : sp_import_guess_kind (column->label);
  }
}

/* Errors: UNKNOWN, MAPPING. */
SpImportPlan *
sp_import_plan_new (const SpCsv *csv, const SpImportOptions *options, GError **error)
{
  const char *const *mappings = options->mappings;
  g_autoptr (SpImportPlan) self = g_new0 (SpImportPlan, 1);
  g_autoptr (GPtrArray) names = normalize_columns (csv);
  g_autofree gboolean *is_mapped = g_new0 (gboolean, names->len);

  self->n_columns = names->len;
  self->columns = g_new0 (SpPlanColumn, names->len);
  for (guint i = 0; i < self->n_columns; i++)
    self->columns[i].label = make_label (csv, i);

  if (!choose_spec (self, names, options->format, error) ||
      !apply_targets (self, is_mapped, options, error))
    return NULL;
  for (gsize i = 0; mappings != NULL && mappings[i] != NULL; i++) {
    if (!apply_mapping (self, names, is_mapped, mappings[i], error))
      return NULL;
  }
  apply_spec (self, names, is_mapped);
  promote_email (self, is_mapped);
  finish_columns (self);

  if (!options->unmapped && !sp_import_plan_tells_anything (self)) {
    g_set_error (
        error, SP_FORMAT_ERROR, SP_FORMAT_ERROR_UNKNOWN,
        "The names of the file’s columns do not tell what is in them. Map them to fields.");
    return NULL;
  }
  return g_steal_pointer (&self);
}

void
sp_import_plan_free (SpImportPlan *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->n_columns; i++)
    g_free (self->columns[i].label);
  g_free (self->columns);
  g_free (self);
}
