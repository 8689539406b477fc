/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-import-review"

#include "config.h"

#include "ui/sp-import-review.h"

#include <glib/gi18n.h>

#include "ui/sp-import-targets.h"
#include "ui/sp-shown-path.h"
#include "ui/sp-ui.h"

/* A file of thousands of columns is no export of a password manager: the rest are taken as they are. */
#define MAX_COLUMN_ROWS 100
#define MAX_VALUE_LEN   100 /* characters; no limit of lines, which GTK takes badly of short texts */
#define MAX_TITLE_LEN   80
#define CONCEALED       "••••••••"

/* What a person may choose; a preview that was refused takes it back. */
typedef struct {
  char *format;       /* (nullable) */
  GPtrArray *targets; /* (element-type utf8) */
} Choice;

struct _SpImportReview {
  AdwBin parent_instance;

  SpImportPreview *preview; /* (owned) (nullable) */
  Choice choice;
  Choice shown; /* what the preview came from */
  gboolean updating;

  GtkStringList *target_labels; /* (owned) */
  GPtrArray *target_names;      /* (element-type utf8) (owned) */
  GPtrArray *column_rows;       /* (element-type AdwComboRow) (owned), in columns_row */
  GPtrArray *example_rows;      /* (element-type AdwExpanderRow) (owned), in examples_group */

  AdwExpanderRow *columns_row;
  AdwPreferencesGroup *duplicates_group;
  AdwPreferencesGroup *examples_group;
  AdwActionRow *file_row;
  AdwComboRow *format_row;
  GtkCheckButton *keep_button;
  AdwActionRow *rows_row;
  GtkCheckButton *skip_button;
  GtkCheckButton *update_button;
};

G_DEFINE_FINAL_TYPE (SpImportReview, sp_import_review, ADW_TYPE_BIN)

enum {
  SIGNAL_CHANGED,
  SIGNAL_CHOOSE_FILE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* ---- what was chosen -------------------------------------------------------------------------------- */

static void
choice_clear (Choice *self)
{
  g_clear_pointer (&self->format, g_free);
  g_ptr_array_set_size (self->targets, 0);
}

static void
choice_copy (Choice *self, const Choice *source)
{
  choice_clear (self);
  self->format = g_strdup (source->format);
  for (guint i = 0; i < source->targets->len; i++)
    g_ptr_array_add (self->targets, g_strdup (g_ptr_array_index (source->targets, i)));
}

/* What only one column can be is taken away from the one that was it before. */
static void
choose_target (Choice *self, guint column, const char *target)
{
  if (!sp_import_target_may_repeat (target))
    for (guint i = 0; i < self->targets->len; i++)
      if (g_strcmp0 (g_ptr_array_index (self->targets, i), target) == 0)
        g_clear_pointer (&self->targets->pdata[i], g_free);
  g_free (self->targets->pdata[column]);
  self->targets->pdata[column] = g_strdup (target);
}

static void
format_selected_cb (SpImportReview *self)
{
  guint selected = adw_combo_row_get_selected (self->format_row);
  gsize n_formats;
  const SpImportFormat *formats = sp_import_list_formats (&n_formats);

  if (self->updating || selected >= n_formats)
    return;
  g_free (self->choice.format);
  self->choice.format = g_strdup (formats[selected].name);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
target_selected_cb (SpImportReview *self, GParamSpec *pspec, AdwComboRow *row)
{
  guint selected = adw_combo_row_get_selected (row);
  guint column;

  if (self->updating || selected >= self->target_names->len ||
      !g_ptr_array_find (self->column_rows, row, &column))
    return;
  choose_target (&self->choice, column, g_ptr_array_index (self->target_names, selected));
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
choose_file_cb (SpImportReview *self)
{
  g_signal_emit (self, signals[SIGNAL_CHOOSE_FILE], 0);
}

/* The beginning, on one line. */
static char *
dup_shortened (const char *text, glong max_len)
{
  g_autofree char *beginning = NULL;
  char *shown;

  if (g_utf8_strlen (text, -1) <= max_len) {
    shown = g_strdup (text);
  } else {
    beginning = g_utf8_substring (text, 0, max_len);
    shown = g_strconcat (beginning, "…", NULL);
  }
  return g_strdelimit (shown, "\r\n\t", ' ');
}

/* ---- the columns ------------------------------------------------------------------------------------ */

static void
clear_columns (SpImportReview *self)
{
  for (guint i = 0; i < self->column_rows->len; i++)
    adw_expander_row_remove (self->columns_row, g_ptr_array_index (self->column_rows, i));
  g_ptr_array_set_size (self->column_rows, 0);
}

static void
add_column (SpImportReview *self, const char *name)
{
  GtkWidget *row = adw_combo_row_new ();
  g_autofree char *title = dup_shortened (name, MAX_TITLE_LEN);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (self->target_labels));
  g_signal_connect_object (row, "notify::selected", G_CALLBACK (target_selected_cb), self,
                           G_CONNECT_SWAPPED);
  adw_expander_row_add_row (self->columns_row, row);
  g_ptr_array_add (self->column_rows, g_object_ref (row));
}

static gboolean
has_same_columns (SpImportReview *self)
{
  const GPtrArray *columns = self->preview->columns;

  if (self->column_rows->len != MIN (columns->len, MAX_COLUMN_ROWS))
    return FALSE;
  for (guint i = 0; i < self->column_rows->len; i++) {
    g_autofree char *title = dup_shortened (g_ptr_array_index (columns, i), MAX_TITLE_LEN);

    if (g_strcmp0 (adw_preferences_row_get_title (g_ptr_array_index (self->column_rows, i)),
                   title) != 0)
      return FALSE;
  }
  return TRUE;
}

static void
show_columns (SpImportReview *self)
{
  const GPtrArray *columns = self->preview->columns;
  const GPtrArray *targets = self->preview->targets;
  g_autofree char *title = NULL;
  g_autofree char *subtitle = NULL;
  guint n_own = 0;

  if (!has_same_columns (self)) {
    clear_columns (self);
    for (guint i = 0; i < columns->len && i < MAX_COLUMN_ROWS; i++)
      add_column (self, g_ptr_array_index (columns, i));
  }
  for (guint i = 0; i < columns->len; i++) {
    const char *target = g_ptr_array_index (targets, i);

    if (i < self->column_rows->len)
      adw_combo_row_set_selected (g_ptr_array_index (self->column_rows, i),
                                  sp_import_targets_find (self->target_names, target));
    if (g_str_equal (target, "custom") || g_str_equal (target, "hidden"))
      n_own++;
  }
  /* Translators: %u is the number of columns of a table. */
  title = g_strdup_printf (ngettext ("%u column", "%u columns", columns->len), columns->len);
  if (!self->preview->mapped)
    subtitle = g_strdup (_ ("Their names do not tell what is in them. Choose at least the title."));
  else if (n_own == 0)
    subtitle = g_strdup (_ ("All have their place in an item"));
  else
    /* Translators: %u is a number of columns. */
    subtitle = g_strdup_printf (
        ngettext ("%u becomes a field of its own", "%u become fields of their own", n_own), n_own);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->columns_row), title);
  adw_expander_row_set_subtitle (self->columns_row, subtitle);
  if (!self->preview->mapped)
    adw_expander_row_set_expanded (self->columns_row, TRUE);
}

/* ---- the first items -------------------------------------------------------------------------------- */

static char *
dup_shown_value (const SpField *field)
{
  const char *text = sp_secret_peek_text (field->value);

  if (sp_field_kind_is_secret (field->kind))
    return g_strdup (*text != '\0' ? CONCEALED : "");
  return dup_shortened (text, MAX_VALUE_LEN);
}

static void
add_value (AdwExpanderRow *row, const char *label, const char *value)
{
  GtkWidget *child = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (child), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (child), label);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (child), value);
  adw_expander_row_add_row (row, child);
}

static void
add_tags (AdwExpanderRow *row, const SpItem *item)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < item->tags->len; i++) {
    if (i > 0)
      g_string_append (text, ", ");
    g_string_append (text, g_ptr_array_index (item->tags, i));
  }
  if (item->tags->len > 0)
    add_value (row, _ ("Tags"), text->str);
}

static char *
dup_example_subtitle (const SpItem *item)
{
  const SpItemTypeInfo *info = sp_item_type_get_info (item->type);
  const char *label = info != NULL ? _ (info->label) : "";
  g_autofree char *subtitle = dup_shortened (sp_item_peek_subtitle (item), MAX_TITLE_LEN);

  if (*subtitle == '\0')
    return g_strdup (label);
  /* Translators: a type of item, such as “Login”, and what stands under its title, such as a user name. */
  return g_strdup_printf (C_ ("type and user name", "%s · %s"), label, subtitle);
}

static GtkWidget *
make_example (const SpItem *item)
{
  GtkWidget *row = adw_expander_row_new ();
  AdwExpanderRow *expander = ADW_EXPANDER_ROW (row);
  g_autofree char *subtitle = dup_example_subtitle (item);
  g_autofree char *title = dup_shortened (item->title, MAX_TITLE_LEN);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_expander_row_set_subtitle (expander, subtitle);
  for (guint i = 0; i < item->fields->len; i++) {
    const SpField *field = g_ptr_array_index (item->fields, i);
    g_autofree char *value = dup_shown_value (field);

    if (*value != '\0')
      add_value (expander, sp_item_get_field_label (item, field), value);
  }
  if (!sp_secret_is_empty (item->notes))
    add_value (expander, _ ("Notes"), CONCEALED);
  add_tags (expander, item);
  return row;
}

static void
clear_examples (SpImportReview *self)
{
  for (guint i = 0; i < self->example_rows->len; i++)
    adw_preferences_group_remove (self->examples_group, g_ptr_array_index (self->example_rows, i));
  g_ptr_array_set_size (self->example_rows, 0);
}

static void
show_examples (SpImportReview *self)
{
  clear_examples (self);
  for (guint i = 0; i < self->preview->examples->len; i++) {
    GtkWidget *row = make_example (g_ptr_array_index (self->preview->examples, i));

    adw_preferences_group_add (self->examples_group, row);
    g_ptr_array_add (self->example_rows, g_object_ref (row));
  }
  gtk_widget_set_visible (GTK_WIDGET (self->examples_group), self->example_rows->len > 0);
}

/* ---- the rest --------------------------------------------------------------------------------------- */

static void
show_counts (SpImportReview *self)
{
  guint n_rows = self->preview->n_rows;
  guint n_duplicates = self->preview->n_duplicates;
  /* Translators: %'u is the number of rows of a table. */
  g_autofree char *rows = g_strdup_printf (ngettext ("%'u row", "%'u rows", n_rows), n_rows);
  g_autofree char *duplicates = NULL;

  if (n_duplicates == 0)
    duplicates = g_strdup (_ ("Nothing of it is in the vault already"));
  else
    /* Translators: %'u is a number of rows. */
    duplicates = g_strdup_printf (
        ngettext ("%'u is in the vault already, or repeats an earlier row",
                  "%'u are in the vault already, or repeat an earlier row", n_duplicates),
        n_duplicates);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->rows_row), rows);
  adw_action_row_set_subtitle (self->rows_row, self->preview->mapped ? duplicates : "");
  gtk_widget_set_visible (GTK_WIDGET (self->duplicates_group), n_duplicates > 0);
}

static void
show_format (SpImportReview *self)
{
  gsize n_formats;
  const SpImportFormat *formats = sp_import_list_formats (&n_formats);
  const char *subtitle = "";

  for (gsize i = 0; i < n_formats; i++)
    if (g_strcmp0 (formats[i].name, self->preview->format) == 0)
      adw_combo_row_set_selected (self->format_row, (guint) i);
  if (self->choice.format == NULL)
    subtitle = g_str_equal (self->preview->format, "generic") ? _ ("Columns guessed by name")
                                                              : _ ("Found by its columns");
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->format_row), subtitle);
}

static void
show_all (SpImportReview *self)
{
  self->updating = TRUE;
  show_format (self);
  show_counts (self);
  show_columns (self);
  show_examples (self);
  self->updating = FALSE;
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
sp_import_review_dispose (GObject *object)
{
  SpImportReview *self = SP_IMPORT_REVIEW (object);

  g_clear_pointer (&self->preview, sp_import_preview_free);
  g_ptr_array_set_size (self->column_rows, 0);
  g_ptr_array_set_size (self->example_rows, 0);
  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_IMPORT_REVIEW);
  g_clear_object (&self->target_labels);
  G_OBJECT_CLASS (sp_import_review_parent_class)->dispose (object);
}

static void
sp_import_review_finalize (GObject *object)
{
  SpImportReview *self = SP_IMPORT_REVIEW (object);

  choice_clear (&self->choice);
  choice_clear (&self->shown);
  g_ptr_array_unref (self->choice.targets);
  g_ptr_array_unref (self->shown.targets);
  g_ptr_array_unref (self->target_names);
  g_ptr_array_unref (self->column_rows);
  g_ptr_array_unref (self->example_rows);
  G_OBJECT_CLASS (sp_import_review_parent_class)->finalize (object);
}

static void
sp_import_review_class_init (SpImportReviewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sp_import_review_dispose;
  object_class->finalize = sp_import_review_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", SP_TYPE_IMPORT_REVIEW, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_CHOOSE_FILE] = g_signal_new (
      "choose-file", SP_TYPE_IMPORT_REVIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, SP_UI_RESOURCE "/sp-import-review.ui");
  gtk_widget_class_bind_template_callback (widget_class, choose_file_cb);
  gtk_widget_class_bind_template_callback (widget_class, format_selected_cb);
  gtk_widget_class_bind_template_child (widget_class, SpImportReview, columns_row);
  gtk_widget_class_bind_template_child (widget_class, SpImportReview, duplicates_group);
  gtk_widget_class_bind_template_child (widget_class, SpImportReview, examples_group);
  gtk_widget_class_bind_template_child (widget_class, SpImportReview, file_row);
  gtk_widget_class_bind_template_child (widget_class, SpImportReview, format_row);
  gtk_widget_class_bind_template_child (widget_class, SpImportReview, keep_button);
  gtk_widget_class_bind_template_child (widget_class, SpImportReview, rows_row);
  gtk_widget_class_bind_template_child (widget_class, SpImportReview, skip_button);
  gtk_widget_class_bind_template_child (widget_class, SpImportReview, update_button);
}

static void
fill_formats (SpImportReview *self)
{
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);
  gsize n_formats;
  const SpImportFormat *formats = sp_import_list_formats (&n_formats);

  for (gsize i = 0; i < n_formats; i++)
    gtk_string_list_append (labels, g_str_equal (formats[i].name, "generic") ? _ ("Another program")
                                                                             : formats[i].label);
  self->updating = TRUE;
  adw_combo_row_set_model (self->format_row, G_LIST_MODEL (labels));
  self->updating = FALSE;
}

static void
sp_import_review_init (SpImportReview *self)
{
  self->choice.targets = g_ptr_array_new_with_free_func (g_free);
  self->shown.targets = g_ptr_array_new_with_free_func (g_free);
  self->column_rows = g_ptr_array_new_with_free_func (g_object_unref);
  self->example_rows = g_ptr_array_new_with_free_func (g_object_unref);
  self->target_labels = sp_import_targets_new (&self->target_names);
  gtk_widget_init_template (GTK_WIDGET (self));
  fill_formats (self);
}

void
sp_import_review_set_file (SpImportReview *self, GFile *file)
{
  g_autoptr (GFile) folder = g_file_get_parent (file);
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *shown_name = g_filename_display_name (name);
  const char *path = folder != NULL ? g_file_peek_path (folder) : NULL;
  g_autofree char *shown_folder = path != NULL ? sp_dup_shown_path (path) : g_file_get_uri (file);

  g_return_if_fail (SP_IS_IMPORT_REVIEW (self));

  choice_clear (&self->choice);
  choice_clear (&self->shown);
  clear_columns (self);
  adw_expander_row_set_expanded (self->columns_row, FALSE);
  gtk_check_button_set_active (self->skip_button, TRUE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->file_row), shown_name);
  adw_action_row_set_subtitle (self->file_row, shown_folder);
}

void
sp_import_review_show (SpImportReview *self, SpImportPreview *preview)
{
  g_return_if_fail (SP_IS_IMPORT_REVIEW (self) && preview != NULL);

  g_clear_pointer (&self->preview, sp_import_preview_free);
  self->preview = preview;
  g_ptr_array_set_size (self->choice.targets, (int) preview->columns->len);
  choice_copy (&self->shown, &self->choice);
  show_all (self);
}

void
sp_import_review_revert (SpImportReview *self)
{
  g_return_if_fail (SP_IS_IMPORT_REVIEW (self));

  choice_copy (&self->choice, &self->shown);
  if (self->preview != NULL)
    show_all (self);
}

void
sp_import_review_forget (SpImportReview *self)
{
  g_return_if_fail (SP_IS_IMPORT_REVIEW (self));

  clear_examples (self);
  g_clear_pointer (&self->preview, sp_import_preview_free);
}

const char *
sp_import_review_get_format (SpImportReview *self)
{
  g_return_val_if_fail (SP_IS_IMPORT_REVIEW (self), NULL);

  return self->choice.format;
}

const GPtrArray *
sp_import_review_peek_targets (SpImportReview *self)
{
  g_return_val_if_fail (SP_IS_IMPORT_REVIEW (self), NULL);

  return self->choice.targets;
}

SpImportDuplicates
sp_import_review_get_duplicates (SpImportReview *self)
{
  g_return_val_if_fail (SP_IS_IMPORT_REVIEW (self), SP_DUPLICATES_SKIP);

  if (gtk_check_button_get_active (self->update_button))
    return SP_DUPLICATES_UPDATE;
  return gtk_check_button_get_active (self->keep_button) ? SP_DUPLICATES_KEEP : SP_DUPLICATES_SKIP;
}

gboolean
sp_import_review_is_ready (SpImportReview *self)
{
  g_return_val_if_fail (SP_IS_IMPORT_REVIEW (self), FALSE);

  return self->preview != NULL && self->preview->mapped && self->preview->examples->len > 0;
}
