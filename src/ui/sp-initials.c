/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-initials"

#include "config.h"

#include "ui/sp-initials.h"

#define SIZE_PX      36
#define ICON_PX      16
#define RADIUS_PX    9
#define MAX_INITIALS 2

struct _SpInitials {
  GtkWidget parent_instance;

  char *text;
  const char *icon_name;  /* (nullable) an interned string */
  PangoLayout *layout;    /* (owned) (nullable) of the initials, as soon as it was drawn */
  GtkIconPaintable *icon; /* (owned) (nullable) the same */
};

G_DEFINE_FINAL_TYPE (SpInitials, sp_initials, GTK_TYPE_WIDGET)

/* Dark enough for white text (at least 4.5:1), in a light surrounding and in a dark one. */
static const guint32 colours[] = {
  0x1a5fb4, 0x1b6f83, 0x1d7044, 0x4c6b1f, 0x8a5a00, 0xa34300,
  0xa51d2d, 0x9c2463, 0x813d9c, 0x5e4fb3, 0x63452c, 0x4a5663,
};

static GdkRGBA
pick_colour (const char *text)
{
  guint32 colour = colours[g_str_hash (text) % G_N_ELEMENTS (colours)];

  return (GdkRGBA){ (float) (colour >> 16 & 0xff) / 255.0F, (float) (colour >> 8 & 0xff) / 255.0F,
                    (float) (colour & 0xff) / 255.0F, 1.0F };
}

/* The first letters or digits of the first words; of a text without any, nothing. */
static char *
make_initials (const char *text)
{
  GString *initials = g_string_new (NULL);
  gboolean in_word = FALSE;
  guint n = 0;

  if (g_ascii_strncasecmp (text, "www.", 4) == 0)
    text += 4;
  for (guint i = 0; i < 256 && *text != '\0' && n < MAX_INITIALS; i++) {
    gunichar c = g_utf8_get_char (text);

    if (g_unichar_isalnum (c) && !in_word) {
      g_string_append_unichar (initials, g_unichar_toupper (c));
      n++;
    }
    in_word = g_unichar_isalnum (c) || g_unichar_ismark (c) || c == '\'' || c == 0x2019;
    text += g_utf8_skip[(guchar) *text];
  }
  return g_string_free (initials, FALSE);
}

static void
sp_initials_measure (GtkWidget *widget,
                     GtkOrientation orientation,
                     int for_size,
                     int *minimum,
                     int *natural,
                     int *minimum_baseline,
                     int *natural_baseline)
{
  *minimum = *natural = SIZE_PX;
}

/* A list makes many more rows than are seen, so that nothing is prepared that is not drawn. */
static void
ensure_content (SpInitials *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  if (self->icon != NULL || self->layout != NULL)
    return;
  if (self->icon_name != NULL) {
    GtkIconTheme *theme = gtk_icon_theme_get_for_display (gtk_widget_get_display (widget));

    self->icon = gtk_icon_theme_lookup_icon (theme, self->icon_name, NULL, ICON_PX,
                                             gtk_widget_get_scale_factor (widget),
                                             gtk_widget_get_direction (widget), 0);
  } else {
    g_autofree char *initials = make_initials (self->text);
    g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

    pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
    self->layout = gtk_widget_create_pango_layout (widget, initials);
    pango_layout_set_attributes (self->layout, attributes);
  }
}

static void
snapshot_icon (SpInitials *self, GtkSnapshot *snapshot, int width, int height)
{
  const GdkRGBA white = { 1, 1, 1, 1 };

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) (width - ICON_PX) / 2,
                                                          (float) (height - ICON_PX) / 2));
  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (self->icon), snapshot, ICON_PX,
                                            ICON_PX, &white, 1);
  gtk_snapshot_restore (snapshot);
}

static void
snapshot_text (SpInitials *self, GtkSnapshot *snapshot, int width, int height)
{
  const GdkRGBA white = { 1, 1, 1, 1 };
  int text_width, text_height;

  pango_layout_get_pixel_size (self->layout, &text_width, &text_height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) (width - text_width) / 2,
                                                          (float) (height - text_height) / 2));
  gtk_snapshot_append_layout (snapshot, self->layout, &white);
  gtk_snapshot_restore (snapshot);
}

static void
sp_initials_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  SpInitials *self = SP_INITIALS (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height);
  GdkRGBA colour = pick_colour (self->text);
  GskRoundedRect outline;

  ensure_content (self);
  gsk_rounded_rect_init_from_rect (&outline, &bounds, RADIUS_PX);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, &colour, &bounds);
  if (self->icon != NULL)
    snapshot_icon (self, snapshot, width, height);
  else
    snapshot_text (self, snapshot, width, height);
  gtk_snapshot_pop (snapshot);
}

static void
sp_initials_dispose (GObject *object)
{
  SpInitials *self = SP_INITIALS (object);

  g_clear_object (&self->layout);
  g_clear_object (&self->icon);
  G_OBJECT_CLASS (sp_initials_parent_class)->dispose (object);
}

static void
sp_initials_finalize (GObject *object)
{
  g_free (SP_INITIALS (object)->text);
  G_OBJECT_CLASS (sp_initials_parent_class)->finalize (object);
}

static void
sp_initials_class_init (SpInitialsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sp_initials_dispose;
  object_class->finalize = sp_initials_finalize;
  widget_class->measure = sp_initials_measure;
  widget_class->snapshot = sp_initials_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
sp_initials_init (SpInitials *self)
{
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  self->text = g_strdup ("");
}

void
sp_initials_set (SpInitials *self, const char *text, const char *icon_name)
{
  g_return_if_fail (SP_IS_INITIALS (self));

  g_clear_object (&self->icon);
  g_clear_object (&self->layout);
  g_free (self->text);
  self->text = g_strdup (text);
  self->icon_name = g_intern_string (icon_name);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
