/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A row becomes an item. The rule that everything else serves: each cell that is not empty stands in exactly
 * one place of the item, as it is written, or as what it means (a type, a flag, a date, tags). So what
 * cannot be taken in its column's sense, or finds its place taken, becomes a custom field.
 *
 * First the template's fields, at their places on screen; then the custom ones, in the file's order. */

#define G_LOG_DOMAIN "sp-import-row"

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/sp-wipe.h"
#include "formats/sp-import-private.h"
#include "password/sp-otp.h"

#define MAX_TYPE_LEN 64

typedef struct {
  const SpImportPlan *plan;
  const SpCsvRow *row;
  SpImportSummary *counts;
  SpItem *item;
  const char *section; /* heading of what only its own manager has a use for */
} Build;

/* Text that is handed to functions which take a C string, and wiped. */
static char *
dup_cell (SpCsvCell cell)
{
  return g_strndup (cell.text, cell.len);
}

static void
free_text (char *text)
{
  sp_wipe (text, strlen (text));
  g_free (text);
}

static SpFieldKind
kind_for_value (SpFieldKind kind, SpCsvCell cell)
{
  if (cell.len == 0 || memchr (cell.text, '\n', cell.len) == NULL)
    return kind;
  return sp_field_kind_is_secret (kind) ? SP_FIELD_HIDDEN_MULTILINE : SP_FIELD_MULTILINE;
}

void
sp_import_add_custom (SpItem *item,
                      const char *section,
                      const char *label,
                      SpFieldKind kind,
                      SpCsvCell cell)
{
  g_autoptr (SpSecret) value = sp_cell_to_secret (cell);

  sp_item_add_custom (item, section, label, kind_for_value (kind, cell), value);
}

static gboolean
has_template_field (const SpItem *item, const char *name)
{
  return sp_item_type_find_field (sp_item_type_get_info (item->type), name) != NULL;
}

static gboolean
is_good_otp (const SpSecret *text)
{
  g_autoptr (SpOtp) otp = sp_otp_parse (text, NULL);

  return otp != NULL;
}

gboolean
sp_import_add_field (SpItem *item, const char *name, SpCsvCell cell, SpImportSummary *counts)
{
  g_autoptr (SpSecret) value = NULL;

  if (!has_template_field (item, name) || sp_item_find_field (item, name) != NULL)
    return FALSE;

  value = sp_cell_to_secret (cell);
  sp_item_set_field (item, name, value);
  if (strcmp (name, "otp") == 0 && !is_good_otp (value))
    counts->n_bad_otp++;
  return TRUE;
}

static gboolean
add_urls (const Build *build, SpCsvCell cell)
{
  gboolean bare_hosts = (build->plan->spec->traits & SP_TRAIT_BARE_HOSTS) != 0;
  SpCsvCell url;

  if (!has_template_field (build->item, "url"))
    return FALSE;
  while (sp_cell_next_url (&cell, bare_hosts, &url)) {
    g_autoptr (SpSecret) value = sp_cell_to_secret (url);

    if (sp_item_find_field (build->item, "url") == NULL)
      sp_item_set_field (build->item, "url", value);
    else
      sp_item_add_field (build->item, "url", value);
  }
  return TRUE;
}

/* LastPass writes "http://sn" for a note's URL and "http://" for none: not what anyone would open. */
static gboolean
is_lastpass_marker (const SpImportPlan *plan, SpCsvCell cell)
{
  return (plan->spec->traits & SP_TRAIT_LASTPASS) != 0 &&
         (sp_cell_equals (cell, "http://sn") || sp_cell_equals (cell, "http://"));
}

/* `names`: one field's name, or several for several types, parted by bars. */
static gboolean
add_named_field (const Build *build, const char *names, SpCsvCell cell)
{
  const char *bar = strchr (names, '|');
  g_autofree char *first = bar != NULL ? g_strndup (names, (gsize) (bar - names)) : NULL;

  if (bar != NULL)
    return sp_import_add_field (build->item, first, cell, build->counts) ||
           add_named_field (build, bar + 1, cell);
  if (strcmp (names, "url") == 0)
    return !is_lastpass_marker (build->plan, cell) && add_urls (build, cell);
  return sp_import_add_field (build->item, names, cell, build->counts);
}

static void
add_tag (SpItem *item, SpCsvCell cell)
{
  char *tag = dup_cell (cell);

  sp_item_add_tag (item, tag);
  free_text (tag);
}

static gboolean
add_tags (const Build *build, SpCsvCell cell)
{
  guint before = build->item->tags->len;
  SpCsvCell tag;

  while (sp_cell_next_tag (&cell, &tag))
    add_tag (build->item, tag);
  return build->item->tags->len > before;
}

/* A folder is a tag; levels are parted by slashes. */
static gboolean
add_folder (const Build *build, SpCsvCell cell)
{
  guint before = build->item->tags->len;
  char *folder = dup_cell (cell);

  if ((build->plan->spec->traits & SP_TRAIT_LASTPASS) != 0)
    g_strdelimit (folder, "\\", '/');
  sp_item_add_tag (build->item, folder[0] == '/' ? folder + 1 : folder);
  free_text (folder);
  return build->item->tags->len > before;
}

/* Returns FALSE if the line begins no field. */
static gboolean
split_line (SpCsvCell line, SpCsvCell *out_label, SpCsvCell *out_value)
{
  const char *colon = line.len >= 2 ? memmem (line.text, line.len, ": ", 2) : NULL;

  if (colon == NULL || colon == line.text)
    return FALSE;
  *out_label = (SpCsvCell){ line.text, (gsize) (colon - line.text) };
  *out_value = (SpCsvCell){ colon + 2, line.len - out_label->len - 2 };
  return TRUE;
}

/* In our own files every further line of a value begins with a tab. */
static SpSecret *
unindent (SpCsvCell cell)
{
  g_autoptr (SpSecretBuffer) buffer = sp_secret_buffer_new ();
  gboolean is_first = TRUE;
  SpCsvCell line;

  while (sp_cell_next_line (&cell, &line)) {
    if (!is_first) {
      sp_secret_buffer_append_text (buffer, "\n");
      if (line.len > 0 && line.text[0] == '\t') {
        line.text++;
        line.len--;
      }
    }
    sp_secret_buffer_append (buffer, (const guint8 *) line.text, line.len);
    is_first = FALSE;
  }
  return sp_secret_buffer_finish (buffer);
}

static void
add_line_field (const Build *build, SpCsvCell label_cell, SpCsvCell cell)
{
  char *label = dup_cell (label_cell);
  g_autoptr (SpSecret) value = NULL;

  if ((build->plan->spec->traits & SP_TRAIT_OWN_LINES) != 0) {
    value = unindent (cell);
    if (has_template_field (build->item, label) &&
        sp_item_find_field (build->item, label) == NULL) {
      sp_item_set_field (build->item, label, value);
      free_text (label);
      return;
    }
  } else {
    value = sp_cell_to_secret (cell);
  }
  sp_item_add_custom (build->item, NULL, label, kind_for_value (sp_import_guess_kind (label), cell),
                      value);
  free_text (label);
}

/* Lines "name: value"; a line that is not one belongs to the value above it. */
static gboolean
add_field_lines (const Build *build, SpCsvCell cell)
{
  gboolean indented = (build->plan->spec->traits & SP_TRAIT_OWN_LINES) != 0;
  SpCsvCell line;
  SpCsvCell label;
  SpCsvCell value;

  if (!sp_cell_next_line (&cell, &line) || !split_line (line, &label, &value))
    return FALSE;
  while (sp_cell_next_line (&cell, &line)) {
    SpCsvCell next_label;
    SpCsvCell next_value;

    if ((indented && line.len > 0 && line.text[0] == '\t') ||
        !split_line (line, &next_label, &next_value)) {
      value.len = (gsize) (line.text + line.len - value.text);
      continue;
    }
    add_line_field (build, label, value);
    label = next_label;
    value = next_value;
  }
  add_line_field (build, label, value);
  return TRUE;
}

static gboolean
add_notes (const Build *build, SpCsvCell cell)
{
  g_autoptr (SpSecret) notes = NULL;

  if ((build->plan->spec->traits & SP_TRAIT_LASTPASS) != 0 && sp_lastpass_note_type (cell) != 0) {
    sp_lastpass_note_add (build->item, build->section, cell, build->counts);
    return TRUE;
  }
  notes = sp_cell_to_secret (cell);
  sp_item_set_notes (build->item, notes);
  return TRUE;
}

static SpItemType
read_type (const SpImportPlan *plan, SpCsvCell cell, gboolean *out_exact)
{
  char name[MAX_TYPE_LEN + 1];
  SpItemType type;

  *out_exact = FALSE;
  if (cell.len == 0 || cell.len > MAX_TYPE_LEN)
    return 0;
  memcpy (name, cell.text, cell.len);
  name[cell.len] = '\0';

  type = sp_import_type_from_name (name, out_exact);
  if (type == SP_ITEM_PASSWORD && (plan->spec->traits & SP_TRAIT_PASSWORD_IS_LOGIN) != 0) {
    *out_exact = FALSE;
    return SP_ITEM_LOGIN;
  }
  return type;
}

/* A type that we have no equal word for is remembered as a field, besides. */
static gboolean
take_type (const Build *build, SpCsvCell cell)
{
  gboolean exact;

  return read_type (build->plan, cell, &exact) == build->item->type && exact;
}

static gboolean
take_time (SpCsvCell cell, gint64 *out_ms)
{
  return *out_ms == 0 && sp_cell_to_time (cell, out_ms);
}

static gboolean
take_title (const Build *build, SpCsvCell cell)
{
  char *title;

  if (sp_cell_is_blank (cell))
    return FALSE;
  title = dup_cell (cell);
  sp_item_set_title (build->item, title);
  free_text (title);
  return TRUE;
}

/* FALSE if the cell cannot be taken in the sense of its column. */
static gboolean
take_cell (const Build *build, const SpPlanColumn *column, SpCsvCell cell)
{
  switch (column->role) {
  case SP_ROLE_IGNORE:
    return TRUE;
  case SP_ROLE_FIELD:
    return add_named_field (build, column->field, cell);
  case SP_ROLE_TITLE:
    return take_title (build, cell);
  case SP_ROLE_NOTES:
    return add_notes (build, cell);
  case SP_ROLE_TAGS:
    return add_tags (build, cell);
  case SP_ROLE_FOLDER:
    return add_folder (build, cell);
  case SP_ROLE_TYPE:
    return take_type (build, cell);
  case SP_ROLE_FAVOURITE:
    return sp_cell_to_bool (cell, &build->item->favourite);
  case SP_ROLE_ARCHIVED:
    return sp_cell_to_bool (cell, &build->item->archived);
  case SP_ROLE_CREATED:
    return take_time (cell, &build->item->created_ms);
  case SP_ROLE_MODIFIED:
    return take_time (cell, &build->item->modified_ms);
  case SP_ROLE_EXPIRES:
    return take_time (cell, &build->item->expires_ms);
  case SP_ROLE_CUSTOM:
  case SP_ROLE_HIDDEN:
  case SP_ROLE_FIELD_LINES:
  default:
    return FALSE;
  }
}

/* Template field or not, a password does not stand open: the name of the field it would have been tells. */
static SpFieldKind
custom_kind (const SpPlanColumn *column)
{
  if (column->role == SP_ROLE_FIELD && column->kind == SP_FIELD_TEXT) {
    if (strcmp (column->field, "password") == 0)
      return SP_FIELD_HIDDEN;
    if (strcmp (column->field, "otp") == 0)
      return SP_FIELD_OTP;
  }
  return column->kind;
}

static void
add_cell_as_custom (const Build *build, guint index, SpCsvCell cell)
{
  const SpPlanColumn *column;
  g_autofree char *label = NULL;

  if (index >= build->plan->n_columns) {
    label = g_strdup_printf ("Column %u", index + 1);
    sp_import_add_custom (build->item, build->section, label, SP_FIELD_HIDDEN, cell);
    return;
  }
  column = &build->plan->columns[index];
  if (column->role == SP_ROLE_FIELD_LINES && add_field_lines (build, cell))
    return;
  sp_import_add_custom (
      build->item, column->known ? build->section : NULL, column->label,
      is_lastpass_marker (build->plan, cell) ? SP_FIELD_TEXT : custom_kind (column), cell);
}

static gboolean
row_has (const SpImportPlan *plan, const SpCsvRow *row, SpImportRole role)
{
  for (guint i = 0; i < plan->n_columns; i++) {
    if (plan->columns[i].role == role && row->cells[i].len > 0 &&
        !is_lastpass_marker (plan, row->cells[i]))
      return TRUE;
  }
  return FALSE;
}

/* LastPass: the note's type, or a note at least where the URL says so; 0 for a login. */
static SpItemType
lastpass_type (const SpImportPlan *plan, const SpCsvRow *row)
{
  SpItemType type = 0;

  for (guint i = 0; i < plan->n_columns; i++) {
    const SpPlanColumn *column = &plan->columns[i];

    if (column->role == SP_ROLE_NOTES && sp_lastpass_note_type (row->cells[i]) != 0)
      return sp_lastpass_note_type (row->cells[i]);
    if (column->role == SP_ROLE_FIELD && sp_cell_equals (row->cells[i], "http://sn"))
      type = SP_ITEM_NOTE;
  }
  return type;
}

/* What the row says it is; else what it looks like: a text without anything to log in with is a note. */
static SpItemType
choose_type (const SpImportPlan *plan, const SpCsvRow *row)
{
  SpItemType type = 0;
  gboolean exact;

  for (guint i = 0; i < plan->n_columns && type == 0; i++) {
    if (plan->columns[i].role == SP_ROLE_TYPE)
      type = read_type (plan, row->cells[i], &exact);
  }
  if (type == 0 && (plan->spec->traits & SP_TRAIT_LASTPASS) != 0)
    type = lastpass_type (plan, row);
  if (type == 0)
    type = plan->spec->type;
  if (type == 0)
    type = row_has (plan, row, SP_ROLE_NOTES) && !row_has (plan, row, SP_ROLE_FIELD)
               ? SP_ITEM_NOTE
               : SP_ITEM_LOGIN;
  return type;
}

/* The host of a URL, as slice; empty if it has no scheme. */
static SpCsvCell
get_host (const SpSecret *url)
{
  const char *text = sp_secret_peek_text (url);
  const char *host = strstr (text, "://");
  const char *at;
  gsize len;

  if (host == NULL)
    return (SpCsvCell){ "", 0 };
  host += 3;
  len = strcspn (host, "/?#");
  at = memrchr (host, '@', len);
  if (at != NULL) {
    len -= (gsize) (at + 1 - host);
    host = at + 1;
  }
  return (SpCsvCell){ host, len };
}

/* A title for a row without one: the host, else "Untitled" with what stands under it. Never a copy of a cell
 * alone, so that each cell stays in one place. */
static void
make_title (SpItem *item)
{
  const SpSecret *url = sp_item_peek_value (item, "url");
  SpCsvCell host = url != NULL ? get_host (url) : (SpCsvCell){ "", 0 };
  const char *untitled = g_dgettext (GETTEXT_PACKAGE, "Untitled");
  const char *subtitle = sp_item_peek_subtitle (item);
  char *title;

  if (host.len > 0)
    title = dup_cell (host);
  else if (*subtitle != '\0')
    title = g_strdup_printf ("%s (%s)", untitled, subtitle);
  else
    title = g_strdup (untitled);
  sp_item_set_title (item, title);
  free_text (title);
}

static gboolean
is_empty_row (const SpCsvRow *row)
{
  for (guint i = 0; i < row->n_cells; i++) {
    if (row->cells[i].len > 0)
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_url_column (const SpPlanColumn *column)
{
  return column->role == SP_ROLE_FIELD && strcmp (column->field, "url") == 0;
}

static void
add_cells (const Build *build)
{
  const SpCsvRow *row = build->row;
  g_autofree gboolean *taken = g_new0 (gboolean, row->n_cells);

  /* URLs first, so that those of several columns stand together: what else the template has finds its
   * place before or behind them. */
  for (guint i = 0; i < build->plan->n_columns; i++)
    taken[i] = row->cells[i].len == 0 ||
               (is_url_column (&build->plan->columns[i]) &&
                take_cell (build, &build->plan->columns[i], row->cells[i]));
  for (guint i = 0; i < build->plan->n_columns; i++)
    taken[i] = taken[i] || (!is_url_column (&build->plan->columns[i]) &&
                            take_cell (build, &build->plan->columns[i], row->cells[i]));
  for (guint i = 0; i < row->n_cells; i++) {
    if (!taken[i] && row->cells[i].len > 0)
      add_cell_as_custom (build, i, row->cells[i]);
  }
}

SpItem *
sp_import_build_item (const SpImportPlan *plan, const SpCsvRow *row, SpImportSummary *counts)
{
  SpItem *item;
  Build build = { plan, row, counts, NULL, NULL };

  if (is_empty_row (row)) {
    counts->n_blank++;
    return NULL;
  }

  item = sp_item_new (choose_type (plan, row), "");
  build.item = item;
  build.section = plan->spec->n_rules > 0 ? plan->format->label : NULL;
  add_cells (&build);
  if (row->n_present > plan->n_columns)
    counts->n_long_rows++;
  if (*item->title == '\0') {
    make_title (item);
    counts->n_untitled++;
  }
  return item;
}
