/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-item-row"

#include "config.h"

#include "ui/sp-item-row.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/sp-initials.h"
#include "vault/sp-search.h"

/* No row is wider than that; what is longer costs time in each layout. */
#define MAX_CHARACTERS 200
#define MARGIN_PX      7 /* above and below */
#define GAP_PX         12
#define LINE_GAP_PX    2
#define STAR_PX        16
#define MIN_TEXT_PX    48
#define TEXT_PX        160

struct _SpItemRow {
  GtkWidget parent_instance;

  SpRowLook *look;     /* (owned) */
  SpResultRow *result; /* (owned) (nullable) */
  gboolean is_drawn;   /* else it was out of sight when it would have been */
  gboolean is_named;   /* its accessible name is that of what it shows */
  guint serial;        /* of the look for which it was measured */
};

G_DEFINE_FINAL_TYPE (SpItemRow, sp_item_row, GTK_TYPE_WIDGET)

/* One line: what breaks lines, turns the direction of what follows, or does anything else becomes a space. */
static char *
make_line (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *line = g_string_new (NULL);
  const char *c = valid;

  for (guint i = 0; i < MAX_CHARACTERS && *c != '\0'; i++, c += g_utf8_skip[(guchar) *c]) {
    gunichar letter = g_utf8_get_char (c);
    gboolean breaks = g_unichar_iscntrl (letter) || letter == 0x2028 || letter == 0x2029 ||
                      (letter >= 0x202a && letter <= 0x202e) ||
                      (letter >= 0x2066 && letter <= 0x2069);

    g_string_append_unichar (line, breaks ? ' ' : letter);
  }
  if (*c != '\0')
    g_string_append (line, "…");
  return g_string_free (line, FALSE);
}

/* The folded line, and for each of its bytes the character of the line from which it came, and the end of that. */
static char *
fold_line (const char *line, GArray *starts)
{
  GString *folded = g_string_new (NULL);
  gboolean ascii = g_str_is_ascii (line);

  for (const char *c = line; *c != '\0'; c += g_utf8_skip[(guchar) *c]) {
    guint start = (guint) (c - line);

    if (ascii) {
      g_string_append_c (folded, g_ascii_tolower (*c));
    } else {
      g_autofree char *letter = g_strndup (c, (gsize) g_utf8_skip[(guchar) *c]);
      g_autofree char *plain = sp_search_fold (letter);

      g_string_append (folded, plain);
    }
    while (starts->len < folded->len)
      g_array_append_val (starts, start);
  }
  return g_string_free (folded, FALSE);
}

static void
mark_words (PangoAttrList *attributes, const char *line, const char *const *words)
{
  g_autoptr (GArray) starts = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autofree char *folded = fold_line (line, starts);

  for (; *words != NULL; words++) {
    gsize len = strlen (*words);
    const char *found = len > 0 ? strstr (folded, *words) : NULL;
    PangoAttribute *attribute;
    guint last;

    if (found == NULL)
      continue;
    last = g_array_index (starts, guint, (gsize) (found - folded) + len - 1);
    attribute = pango_attr_weight_new (PANGO_WEIGHT_BOLD);
    attribute->start_index = g_array_index (starts, guint, found - folded);
    attribute->end_index = last + (guint) g_utf8_skip[(guchar) line[last]];
    pango_attr_list_change (attributes, attribute);
    attribute = pango_attr_underline_new (PANGO_UNDERLINE_SINGLE);
    attribute->start_index = g_array_index (starts, guint, found - folded);
    attribute->end_index = last + (guint) g_utf8_skip[(guchar) line[last]];
    pango_attr_list_change (attributes, attribute);
  }
}

/* ---- drawing ---------------------------------------------------------------------------------------- */

typedef struct {
  GtkSnapshot *snapshot;
  GtkWidget *widget;
  SpRowLook *look;
  GdkRGBA colour; /* of the title */
  int x, width;   /* of the text; from the left, whatever the direction */
} Drawing;

static gboolean
is_rtl (const Drawing *self)
{
  return gtk_widget_get_direction (self->widget) == GTK_TEXT_DIR_RTL;
}

/* Moves what follows to a place on the side where a line begins, or where it ends. */
static void
save_and_move (const Drawing *self, gboolean at_start, int width, int height)
{
  gboolean at_left = at_start != is_rtl (self);
  int x = at_left ? 0 : gtk_widget_get_width (self->widget) - width;
  int y = (gtk_widget_get_height (self->widget) - height) / 2;

  gtk_snapshot_save (self->snapshot);
  gtk_snapshot_translate (self->snapshot, &GRAPHENE_POINT_INIT ((float) x, (float) y));
}

/* All lines of a list stand on the same heights, whatever font a letter comes from. */
static void
draw_line (const Drawing *self, SpRowLine line, const char *text, gboolean marked, int y)
{
  PangoLayout *layout = sp_row_look_get_layout (self->look, line);
  const char *const *words = sp_row_look_get_words (self->look);
  GdkRGBA colour = self->colour;
  PangoRectangle extents;
  int x = self->x;

  if (marked && words != NULL && *words != NULL)
    mark_words (pango_layout_get_attributes (layout), text, words);
  pango_layout_set_width (layout, self->width * PANGO_SCALE);
  pango_layout_set_text (layout, text, -1);
  pango_layout_get_pixel_extents (layout, NULL, &extents);
  x += is_rtl (self) ? self->width - extents.width - extents.x : -extents.x;
  y += sp_row_look_get_baseline (self->look, line) -
       PANGO_PIXELS (pango_layout_get_baseline (layout));
  if (line == SP_ROW_SUBTITLE)
    colour.alpha *= (float) sp_row_look_get_dim_opacity (self->look);
  gtk_snapshot_save (self->snapshot);
  gtk_snapshot_translate (self->snapshot, &GRAPHENE_POINT_INIT ((float) x, (float) y));
  gtk_snapshot_append_layout (self->snapshot, layout, &colour);
  gtk_snapshot_restore (self->snapshot);
}

static void
draw_text (const Drawing *self, const char *title, const char *subtitle)
{
  int height = sp_row_look_get_height (self->look, SP_ROW_TITLE);
  int subtitle_height = sp_row_look_get_height (self->look, SP_ROW_SUBTITLE);
  int y;

  if (*subtitle != '\0')
    height += LINE_GAP_PX + subtitle_height;
  y = (gtk_widget_get_height (self->widget) - height) / 2;
  draw_line (self, SP_ROW_TITLE, *title != '\0' ? title : _ ("No title"), *title != '\0', y);
  if (*subtitle != '\0')
    draw_line (self, SP_ROW_SUBTITLE, subtitle, TRUE, y + height - subtitle_height);
}

static void
draw_initials (const Drawing *self, const char *title, SpItemType type)
{
  GtkSymbolicPaintable *icon = NULL;

  if (type != SP_ITEM_LOGIN || *title == '\0')
    icon = sp_row_look_get_icon (self->look, sp_item_type_icon_name (type));
  save_and_move (self, TRUE, SP_INITIALS_PX, SP_INITIALS_PX);
  sp_initials_snapshot (self->snapshot, title, sp_row_look_get_layout (self->look, SP_ROW_INITIALS),
                        icon);
  gtk_snapshot_restore (self->snapshot);
}

static void
draw_star (const Drawing *self)
{
  GdkRGBA colour = self->colour;

  colour.alpha *= (float) sp_row_look_get_dim_opacity (self->look);
  save_and_move (self, FALSE, STAR_PX, STAR_PX);
  gtk_symbolic_paintable_snapshot_symbolic (
      sp_row_look_get_icon (self->look, "sp-favourite-filled-symbolic"), self->snapshot, STAR_PX,
      STAR_PX, &colour, 1);
  gtk_snapshot_restore (self->snapshot);
}

/* What is out of sight is drawn when it comes into sight: see sp_item_row_draw_late(). */
static void
sp_item_row_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  SpItemRow *self = SP_ITEM_ROW (widget);
  Drawing drawing = { .snapshot = snapshot, .widget = widget, .look = self->look };
  g_autofree char *title = NULL;
  g_autofree char *subtitle = NULL;
  SpOverview overview;
  int star;

  self->is_drawn = sp_row_look_is_seen (self->look, widget);
  if (!self->is_drawn || self->result == NULL ||
      !sp_result_row_get_overview (self->result, &overview))
    return;
  title = make_line (overview.title);
  subtitle = make_line (overview.subtitle);
  star = (overview.flags & SP_OVERVIEW_FAVOURITE) != 0 ? STAR_PX + GAP_PX : 0;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &drawing.colour);
  drawing.x = is_rtl (&drawing) ? star : SP_INITIALS_PX + GAP_PX;
  drawing.width = MAX (gtk_widget_get_width (widget) - SP_INITIALS_PX - GAP_PX - star, 0);
  draw_initials (&drawing, title, overview.type);
  draw_text (&drawing, title, subtitle);
  if (star > 0)
    draw_star (&drawing);
}

/* All rows are of one height. */
static void
sp_item_row_measure (GtkWidget *widget,
                     GtkOrientation orientation,
                     int for_size,
                     int *minimum,
                     int *natural,
                     int *minimum_baseline,
                     int *natural_baseline)
{
  SpItemRow *self = SP_ITEM_ROW (widget);
  int text;

  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = SP_INITIALS_PX + GAP_PX + MIN_TEXT_PX;
    *natural = SP_INITIALS_PX + GAP_PX + TEXT_PX;
    return;
  }
  text = sp_row_look_get_height (self->look, SP_ROW_TITLE) + LINE_GAP_PX +
         sp_row_look_get_height (self->look, SP_ROW_SUBTITLE);
  self->serial = sp_row_look_get_serial (self->look);
  *minimum = *natural = MAX (text, SP_INITIALS_PX) + 2 * MARGIN_PX;
}

/* ---- the object ------------------------------------------------------------------------------------- */

/* A row has no text of its own that GTK would know of. */
static void
sp_item_row_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  SpItemRow *self = SP_ITEM_ROW (widget);

  GTK_WIDGET_CLASS (sp_item_row_parent_class)->css_changed (widget, change);
  gtk_widget_queue_draw (widget);
  if (self->serial != sp_row_look_get_serial (self->look))
    gtk_widget_queue_resize (widget);
}

static void
sp_item_row_system_setting_changed (GtkWidget *widget, GtkSystemSetting setting)
{
  GTK_WIDGET_CLASS (sp_item_row_parent_class)->system_setting_changed (widget, setting);
  gtk_widget_queue_resize (widget);
}

static void
sp_item_row_dispose (GObject *object)
{
  g_clear_object (&SP_ITEM_ROW (object)->result);
  G_OBJECT_CLASS (sp_item_row_parent_class)->dispose (object);
}

static void
sp_item_row_finalize (GObject *object)
{
  g_clear_pointer (&SP_ITEM_ROW (object)->look, sp_row_look_unref);
  G_OBJECT_CLASS (sp_item_row_parent_class)->finalize (object);
}

static void
sp_item_row_class_init (SpItemRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sp_item_row_dispose;
  object_class->finalize = sp_item_row_finalize;
  widget_class->css_changed = sp_item_row_css_changed;
  widget_class->measure = sp_item_row_measure;
  widget_class->snapshot = sp_item_row_snapshot;
  widget_class->system_setting_changed = sp_item_row_system_setting_changed;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LABEL);
  gtk_widget_class_set_css_name (widget_class, "item-row");
}

static void
sp_item_row_init (SpItemRow *self)
{
  self->is_named = TRUE;
}

GtkWidget *
sp_item_row_new (SpRowLook *look)
{
  SpItemRow *self = g_object_new (SP_TYPE_ITEM_ROW, NULL);

  self->look = sp_row_look_ref (look);
  return GTK_WIDGET (self);
}

void
sp_item_row_set_result (SpItemRow *self, SpResultRow *result)
{
  g_return_if_fail (SP_IS_ITEM_ROW (self));

  g_set_object (&self->result, result);
  sp_item_row_update (self);
}

void
sp_item_row_update (SpItemRow *self)
{
  g_return_if_fail (SP_IS_ITEM_ROW (self));

  self->is_named = FALSE;
  if (self->is_drawn)
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
sp_item_row_draw_late (SpItemRow *self)
{
  g_return_if_fail (SP_IS_ITEM_ROW (self));

  if (!self->is_drawn)
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* The title is this widget's; all that it says is that of the list's own widget around it, which has the focus. */
static void
name (SpItemRow *self, const SpOverview *overview)
{
  const SpItemTypeInfo *info = sp_item_type_get_info (overview->type);
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));
  g_autofree char *line = make_line (overview->title);
  g_autofree char *subtitle = make_line (overview->subtitle);
  const char *title = *line != '\0' ? line : _ ("No title");
  gboolean is_favourite = (overview->flags & SP_OVERVIEW_FAVOURITE) != 0;
  g_autofree char *all = g_strjoin (", ", title, *subtitle != '\0' ? subtitle : "–",
                                    info != NULL ? _ (info->label) : "–",
                                                      is_favourite ? _ ("Favourite") : NULL, NULL);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  if (parent != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (parent), GTK_ACCESSIBLE_PROPERTY_LABEL, all,
                                    -1);
}

gboolean
sp_item_row_update_name (SpItemRow *self)
{
  SpOverview overview;

  g_return_val_if_fail (SP_IS_ITEM_ROW (self), FALSE);

  if (self->is_named)
    return FALSE;
  self->is_named = TRUE;
  if (self->result != NULL && sp_result_row_get_overview (self->result, &overview))
    name (self, &overview);
  return TRUE;
}

guint64
sp_item_row_get_number (SpItemRow *self)
{
  SpOverview overview;

  return self->result != NULL && sp_result_row_get_overview (self->result, &overview)
             ? overview.number
             : 0;
}

const char *
sp_item_type_icon_name (SpItemType type)
{
  static const char *const names[] = {
    [SP_ITEM_LOGIN] = "sp-login-symbolic",
    [SP_ITEM_PASSWORD] = "sp-password-symbolic",
    [SP_ITEM_NOTE] = "sp-note-symbolic",
    [SP_ITEM_CARD] = "sp-card-symbolic",
    [SP_ITEM_IDENTITY] = "sp-identity-symbolic",
    [SP_ITEM_BANK_ACCOUNT] = "sp-bank-account-symbolic",
    [SP_ITEM_SSH_KEY] = "sp-ssh-key-symbolic",
    [SP_ITEM_API_CREDENTIAL] = "sp-api-credential-symbolic",
    [SP_ITEM_WIFI] = "sp-wifi-symbolic",
    [SP_ITEM_SOFTWARE_LICENCE] = "sp-software-licence-symbolic",
    [SP_ITEM_DOCUMENT] = "sp-document-symbolic",
    [SP_ITEM_SERVER] = "sp-server-symbolic",
    [SP_ITEM_DATABASE] = "sp-database-symbolic",
  };

  return (guint) type < G_N_ELEMENTS (names) && names[type] != NULL ? names[type]
                                                                    : "sp-key-symbolic";
}
