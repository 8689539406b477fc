/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-row-look"

#include "config.h"

#include "ui/sp-row-look.h"

#include <adwaita.h>

#define ICON_PX     16
#define INITIALS_PX 15 /* high, whatever the size of text: they have a square to stand in */
/* As libadwaita has them for captions and dimmed labels. */
#define CAPTION_SCALE     0.82
#define DIM_OPACITY       0.55
#define DIM_HIGH_CONTRAST 0.9

struct _SpRowLook {
  GtkWidget *view; /* (nullable) weak */
  char **words;    /* (nullable) */

  PangoLayout *layouts[SP_ROW_N_LINES]; /* (owned) (nullable) until one is asked for */
  guint serial;                         /* of the context for which what follows was measured */
  int heights[SP_ROW_N_LINES];
  int baselines[SP_ROW_N_LINES];

  GHashTable *icons; /* (element-type utf8 GtkIconPaintable) for this scale and direction: */
  int scale;
  GtkTextDirection direction;
};

SpRowLook *
sp_row_look_new (GtkWidget *view)
{
  SpRowLook *self = g_rc_box_new0 (SpRowLook);

  g_set_weak_pointer (&self->view, view);
  self->icons = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  return self;
}

SpRowLook *
sp_row_look_ref (SpRowLook *self)
{
  return g_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  SpRowLook *self = data;

  g_clear_weak_pointer (&self->view);
  g_strfreev (self->words);
  for (guint i = 0; i < SP_ROW_N_LINES; i++)
    g_clear_object (&self->layouts[i]);
  g_hash_table_unref (self->icons);
}

void
sp_row_look_unref (SpRowLook *self)
{
  g_rc_box_release_full (self, clear);
}

void
sp_row_look_set_words (SpRowLook *self, char **words)
{
  char **copy = g_strdupv (words);

  g_strfreev (self->words);
  self->words = copy;
}

const char *const *
sp_row_look_get_words (SpRowLook *self)
{
  return (const char *const *) self->words;
}

/* ---- lines ------------------------------------------------------------------------------------------ */

static void
make_layout (SpRowLook *self, SpRowLine line)
{
  PangoLayout *layout = pango_layout_new (gtk_widget_get_pango_context (self->view));

  if (line != SP_ROW_INITIALS)
    pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  self->layouts[line] = layout;
}

static PangoAttrList *
make_attributes (SpRowLine line)
{
  PangoAttrList *attributes = pango_attr_list_new ();

  if (line == SP_ROW_SUBTITLE)
    pango_attr_list_insert (attributes, pango_attr_scale_new (CAPTION_SCALE));
  if (line != SP_ROW_INITIALS)
    return attributes;
  pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  pango_attr_list_insert (attributes, pango_attr_size_new_absolute (INITIALS_PX * PANGO_SCALE));
  return attributes;
}

/* A context that changed, by another font or size of text, has another serial. */
static void
ensure_measured (SpRowLook *self)
{
  PangoContext *context = gtk_widget_get_pango_context (self->view);
  guint serial = pango_context_get_serial (context);

  if (self->layouts[SP_ROW_TITLE] != NULL && self->serial == serial)
    return;
  self->serial = serial;
  for (SpRowLine line = 0; line < SP_ROW_N_LINES; line++) {
    g_autoptr (PangoAttrList) attributes = make_attributes (line);

    if (self->layouts[line] == NULL)
      make_layout (self, line);
    pango_layout_set_attributes (self->layouts[line], attributes);
    pango_layout_set_text (self->layouts[line], "Ag", -1);
    pango_layout_get_pixel_size (self->layouts[line], NULL, &self->heights[line]);
    self->baselines[line] = PANGO_PIXELS (pango_layout_get_baseline (self->layouts[line]));
  }
}

PangoLayout *
sp_row_look_get_layout (SpRowLook *self, SpRowLine line)
{
  g_autoptr (PangoAttrList) attributes = make_attributes (line);

  ensure_measured (self);
  pango_layout_set_attributes (self->layouts[line], attributes);
  return self->layouts[line];
}

guint
sp_row_look_get_serial (SpRowLook *self)
{
  return pango_context_get_serial (gtk_widget_get_pango_context (self->view));
}

int
sp_row_look_get_height (SpRowLook *self, SpRowLine line)
{
  ensure_measured (self);
  return self->heights[line];
}

int
sp_row_look_get_baseline (SpRowLook *self, SpRowLine line)
{
  ensure_measured (self);
  return self->baselines[line];
}

/* ---- the rest --------------------------------------------------------------------------------------- */

GtkSymbolicPaintable *
sp_row_look_get_icon (SpRowLook *self, const char *name)
{
  int scale = gtk_widget_get_scale_factor (self->view);
  GtkTextDirection direction = gtk_widget_get_direction (self->view);
  GtkIconPaintable *icon;

  if (scale != self->scale || direction != self->direction)
    g_hash_table_remove_all (self->icons);
  self->scale = scale;
  self->direction = direction;
  icon = g_hash_table_lookup (self->icons, name);
  if (icon == NULL) {
    GdkDisplay *display = gtk_widget_get_display (self->view);

    icon = gtk_icon_theme_lookup_icon (gtk_icon_theme_get_for_display (display), name, NULL,
                                       ICON_PX, scale, direction, 0);
    g_hash_table_insert (self->icons, g_strdup (name), icon);
  }
  return GTK_SYMBOLIC_PAINTABLE (icon);
}

double
sp_row_look_get_dim_opacity (SpRowLook *self)
{
  AdwStyleManager *manager = adw_style_manager_get_for_display (
      gtk_widget_get_display (self->view));

  return adw_style_manager_get_high_contrast (manager) ? DIM_HIGH_CONTRAST : DIM_OPACITY;
}

gboolean
sp_row_look_is_seen (SpRowLook *self, GtkWidget *row)
{
  double x, y;

  return self->view != NULL && gtk_widget_translate_coordinates (row, self->view, 0, 0, &x, &y) &&
         y + gtk_widget_get_height (row) > 0 && y < gtk_widget_get_height (self->view);
}
