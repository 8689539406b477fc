/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Both values are concealed and revealed together, since they are looked at to be compared. As in SpFieldRow, a label
 * has a secret only while it may be seen. */

#define G_LOG_DOMAIN "sp-version-row"

#include "config.h"

#include "ui/sp-version-row.h"

#include <glib/gi18n.h>

#include "ui/sp-field-row.h"
#include "ui/sp-shown-value.h"
#include "ui/sp-ui.h"

struct _SpVersionRow {
  AdwPreferencesRow parent_instance;

  SpDifference *difference; /* (owned) */
  gboolean revealed;
  guint conceal_seconds; /* 0 is never */
  guint conceal_id;

  GtkWidget *after_box;
  GtkLabel *after_label;
  GtkLabel *before_heading;
  GtkLabel *before_label;
  GtkWidget *copy_button;
  GtkImage *mark_image;
  GtkLabel *mark_label;
  GtkLabel *name_label;
  GtkWidget *reveal_button;
  GtkBox *values;
};

G_DEFINE_FINAL_TYPE (SpVersionRow, sp_version_row, ADW_TYPE_PREFERENCES_ROW)

enum {
  SIGNAL_COPY,
  SIGNAL_REVEALED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

typedef struct {
  const char *icon; /* told apart by shape and word as well as by colour */
  const char *word;
  const char *css_class;
} Mark;

static const Mark marks[] = {
  [SP_DIFFERENCE_NONE] = { NULL, N_ ("Unchanged"), "dim-label" },
  [SP_DIFFERENCE_ADDED] = { "list-add-symbolic", N_ ("Added since"), "success" },
  [SP_DIFFERENCE_REMOVED] = { "list-remove-symbolic", N_ ("Removed since"), "error" },
  [SP_DIFFERENCE_CHANGED] = { "document-edit-symbolic", N_ ("Changed since"), "accent" },
};

static void
set_value (GtkLabel *label, const SpSecret *value, gboolean shown)
{
  if (value == NULL)
    gtk_label_set_text (label, "—");
  else if (shown)
    sp_shown_value_set (label, value);
  else
    gtk_label_set_text (label, SP_FIELD_ROW_DOTS);
}

static void
update_values (SpVersionRow *self)
{
  gboolean shown = self->revealed || !sp_field_kind_is_secret (self->difference->field_kind);
  const char *text = self->revealed ? _ ("Conceal") : _ ("Reveal");

  set_value (self->before_label, self->difference->before, shown);
  set_value (self->after_label, self->difference->after, shown);
  gtk_button_set_icon_name (GTK_BUTTON (self->reveal_button),
                            self->revealed ? "sp-conceal-symbolic" : "sp-reveal-symbolic");
  gtk_widget_set_tooltip_text (self->reveal_button, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->reveal_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static gboolean
conceal_cb (gpointer user_data)
{
  SpVersionRow *self = SP_VERSION_ROW (user_data);

  self->conceal_id = 0;
  sp_version_row_conceal (self);
  return G_SOURCE_REMOVE;
}

static void
reveal_clicked_cb (SpVersionRow *self)
{
  if (self->revealed) {
    sp_version_row_conceal (self);
    return;
  }
  self->revealed = TRUE;
  if (self->conceal_seconds > 0)
    self->conceal_id = g_timeout_add_seconds (self->conceal_seconds, conceal_cb, self);
  update_values (self);
  g_signal_emit (self, signals[SIGNAL_REVEALED], 0);
}

static void
copy_clicked_cb (SpVersionRow *self)
{
  g_signal_emit (self, signals[SIGNAL_COPY], 0);
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
sp_version_row_unmap (GtkWidget *widget)
{
  sp_version_row_conceal (SP_VERSION_ROW (widget));
  GTK_WIDGET_CLASS (sp_version_row_parent_class)->unmap (widget);
}

static void
sp_version_row_dispose (GObject *object)
{
  SpVersionRow *self = SP_VERSION_ROW (object);

  g_clear_handle_id (&self->conceal_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_VERSION_ROW);
  G_OBJECT_CLASS (sp_version_row_parent_class)->dispose (object);
}

static void
sp_version_row_finalize (GObject *object)
{
  SpVersionRow *self = SP_VERSION_ROW (object);

  g_clear_pointer (&self->difference, sp_difference_free);
  G_OBJECT_CLASS (sp_version_row_parent_class)->finalize (object);
}

static void
sp_version_row_class_init (SpVersionRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sp_version_row_dispose;
  object_class->finalize = sp_version_row_finalize;
  widget_class->unmap = sp_version_row_unmap;

  signals[SIGNAL_COPY] = g_signal_new ("copy", SP_TYPE_VERSION_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_REVEALED] = g_signal_new ("revealed", SP_TYPE_VERSION_ROW, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, SP_UI_RESOURCE "/sp-version-row.ui");
  gtk_widget_class_bind_template_child (widget_class, SpVersionRow, after_box);
  gtk_widget_class_bind_template_child (widget_class, SpVersionRow, after_label);
  gtk_widget_class_bind_template_child (widget_class, SpVersionRow, before_heading);
  gtk_widget_class_bind_template_child (widget_class, SpVersionRow, before_label);
  gtk_widget_class_bind_template_child (widget_class, SpVersionRow, copy_button);
  gtk_widget_class_bind_template_child (widget_class, SpVersionRow, mark_image);
  gtk_widget_class_bind_template_child (widget_class, SpVersionRow, mark_label);
  gtk_widget_class_bind_template_child (widget_class, SpVersionRow, name_label);
  gtk_widget_class_bind_template_child (widget_class, SpVersionRow, reveal_button);
  gtk_widget_class_bind_template_child (widget_class, SpVersionRow, values);
  gtk_widget_class_bind_template_callback (widget_class, copy_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, reveal_clicked_cb);
}

static void
sp_version_row_init (SpVersionRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * sp_version_row_new:
 * @difference: what is compared; copied
 * @conceal_seconds: how long its secrets stay revealed, 0 for until they are concealed
 *
 * Returns: (transfer floating): a row of a list
 */
SpVersionRow *
sp_version_row_new (const SpDifference *difference, guint conceal_seconds)
{
  SpVersionRow *self;
  const Mark *mark;
  gboolean differs;

  g_return_val_if_fail (difference != NULL, NULL);

  self = g_object_new (SP_TYPE_VERSION_ROW, NULL);
  self->difference = sp_difference_copy (difference);
  self->conceal_seconds = conceal_seconds;
  mark = &marks[difference->kind];
  differs = difference->kind != SP_DIFFERENCE_NONE;
  gtk_label_set_text (self->name_label, difference->label);
  gtk_label_set_text (self->mark_label, _(mark->word));
  gtk_image_set_from_icon_name (self->mark_image, mark->icon);
  gtk_widget_set_visible (GTK_WIDGET (self->mark_image), mark->icon != NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->mark_image), mark->css_class);
  gtk_widget_add_css_class (GTK_WIDGET (self->mark_label), mark->css_class);
  gtk_widget_set_visible (GTK_WIDGET (self->before_heading), differs);
  gtk_widget_set_visible (self->after_box, differs);
  gtk_widget_set_visible (self->copy_button, difference->before != NULL);
  gtk_widget_set_visible (self->reveal_button, sp_field_kind_is_secret (difference->field_kind));
  if (sp_field_kind_is_secret (difference->field_kind)) {
    gtk_widget_add_css_class (GTK_WIDGET (self->before_label), "monospace");
    gtk_widget_add_css_class (GTK_WIDGET (self->after_label), "monospace");
  }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  difference->label, -1);
  update_values (self);
  return self;
}

const SpDifference *
sp_version_row_peek_difference (SpVersionRow *self)
{
  g_return_val_if_fail (SP_IS_VERSION_ROW (self), NULL);
  return self->difference;
}

void
sp_version_row_set_stacked (SpVersionRow *self, gboolean stacked)
{
  g_return_if_fail (SP_IS_VERSION_ROW (self));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->values),
                                  stacked ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_box_set_homogeneous (self->values, !stacked);
}

void
sp_version_row_conceal (SpVersionRow *self)
{
  g_return_if_fail (SP_IS_VERSION_ROW (self));

  g_clear_handle_id (&self->conceal_id, g_source_remove);
  if (!self->revealed)
    return;
  self->revealed = FALSE;
  update_values (self);
}
