/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-item-badge"

#include "config.h"

#include "ui/sp-item-badge.h"

#include "ui/sp-initials.h"
#include "ui/sp-item-row.h"

#define SIZE_PX 54
#define TEXT_PX 15 /* high, before it is made as large as the badge */

struct _SpItemBadge {
  GtkWidget parent_instance;

  char *title;
  const char *icon_name; /* (nullable) of the type, in place of initials */
};

G_DEFINE_FINAL_TYPE (SpItemBadge, sp_item_badge, GTK_TYPE_WIDGET)

static PangoLayout *
make_layout (GtkWidget *widget)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (widget, NULL);
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  pango_attr_list_insert (attributes, pango_attr_size_new_absolute (TEXT_PX * PANGO_SCALE));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  return layout;
}

static GtkIconPaintable *
look_up_icon (SpItemBadge *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gtk_widget_get_display (widget));

  return gtk_icon_theme_lookup_icon (theme, self->icon_name, NULL, SP_INITIALS_ICON_PX,
                                     gtk_widget_get_scale_factor (widget),
                                     gtk_widget_get_direction (widget), 0);
}

static void
sp_item_badge_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  SpItemBadge *self = SP_ITEM_BADGE (widget);
  g_autoptr (PangoLayout) layout = make_layout (widget);
  g_autoptr (GtkIconPaintable) icon = self->icon_name != NULL ? look_up_icon (self) : NULL;
  const float scale = (float) SIZE_PX / SP_INITIALS_PX;

  if (self->title == NULL)
    return;
  gtk_snapshot_scale (snapshot, scale, scale);
  sp_initials_snapshot (snapshot, self->title, layout,
                        icon != NULL ? GTK_SYMBOLIC_PAINTABLE (icon) : NULL);
}

static void
sp_item_badge_measure (GtkWidget *widget,
                       GtkOrientation orientation,
                       int for_size,
                       int *minimum,
                       int *natural,
                       int *minimum_baseline,
                       int *natural_baseline)
{
  *minimum = *natural = SIZE_PX;
}

static void
sp_item_badge_finalize (GObject *object)
{
  SpItemBadge *self = SP_ITEM_BADGE (object);

  g_free (self->title);

  G_OBJECT_CLASS (sp_item_badge_parent_class)->finalize (object);
}

static void
sp_item_badge_class_init (SpItemBadgeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = sp_item_badge_finalize;
  widget_class->measure = sp_item_badge_measure;
  widget_class->snapshot = sp_item_badge_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
sp_item_badge_init (SpItemBadge *self)
{
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}

/**
 * sp_item_badge_set_item:
 * @self: a badge
 * @item: (nullable): what is shown; nothing without one
 */
void
sp_item_badge_set_item (SpItemBadge *self, const SpItem *item)
{
  g_return_if_fail (SP_IS_ITEM_BADGE (self));

  g_clear_pointer (&self->title, g_free);
  self->icon_name = NULL;
  if (item != NULL) {
    self->title = g_strdup (item->title);
    if (item->type != SP_ITEM_LOGIN || *item->title == '\0')
      self->icon_name = sp_item_type_icon_name (item->type);
  }
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
