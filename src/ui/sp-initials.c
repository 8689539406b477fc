/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-initials"

#include "config.h"

#include "ui/sp-initials.h"

#define RADIUS_PX    9
#define MAX_INITIALS 2
#define MAX_HASHED   64 /* characters */

/* Dark enough for white text (at least 4.5:1), in a light surrounding and in a dark one. */
static const guint32 colours[] = {
  0x1a5fb4, 0x1b6f83, 0x1d7044, 0x4c6b1f, 0x8a5a00, 0xa34300,
  0xa51d2d, 0x9c2463, 0x813d9c, 0x5e4fb3, 0x63452c, 0x4a5663,
};

/* By letters and digits alone: what else is in a title is not shown everywhere as it is. */
static GdkRGBA
pick_colour (const char *text)
{
  guint32 hash = 5381;
  guint32 colour;

  for (guint i = 0; i < MAX_HASHED && *text != '\0'; i++) {
    gunichar c = g_utf8_get_char (text);

    if (g_unichar_isalnum (c))
      hash = hash * 33 + c;
    text += g_utf8_skip[(guchar) *text];
  }
  colour = colours[hash % G_N_ELEMENTS (colours)];

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
snapshot_icon (GtkSnapshot *snapshot, GtkSymbolicPaintable *icon)
{
  const GdkRGBA white = { 1, 1, 1, 1 };
  const float offset = (SP_INITIALS_PX - SP_INITIALS_ICON_PX) / 2;

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (offset, offset));
  gtk_symbolic_paintable_snapshot_symbolic (icon, snapshot, SP_INITIALS_ICON_PX,
                                            SP_INITIALS_ICON_PX, &white, 1);
  gtk_snapshot_restore (snapshot);
}

static void
snapshot_text (GtkSnapshot *snapshot, const char *text, PangoLayout *layout)
{
  const GdkRGBA white = { 1, 1, 1, 1 };
  g_autofree char *initials = make_initials (text);
  int width, height;

  pango_layout_set_text (layout, initials, -1);
  pango_layout_get_pixel_size (layout, &width, &height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) (SP_INITIALS_PX - width) / 2,
                                                          (float) (SP_INITIALS_PX - height) / 2));
  gtk_snapshot_append_layout (snapshot, layout, &white);
  gtk_snapshot_restore (snapshot);
}

void
sp_initials_snapshot (GtkSnapshot *snapshot,
                      const char *text,
                      PangoLayout *layout,
                      GtkSymbolicPaintable *icon)
{
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, SP_INITIALS_PX, SP_INITIALS_PX);
  GdkRGBA colour = pick_colour (text);
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline, &bounds, RADIUS_PX);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, &colour, &bounds);
  if (icon != NULL)
    snapshot_icon (snapshot, icon);
  else
    snapshot_text (snapshot, text, layout);
  gtk_snapshot_pop (snapshot);
}
