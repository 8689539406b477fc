/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The rows of the places: icon, title, count, and an arrow for tags that others are nested in. Items can be dropped on
 * them, and tags and the trash have a context menu. */

#define G_LOG_DOMAIN "sp-sidebar"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/sp-sidebar-private.h"

#define INDENT_PX 16
#define MAX_DEPTH 6 /* deeper ones are not indented further */

typedef struct {
  GtkWidget *icon;
  GtkWidget *title;
  GtkWidget *count;
  GtkWidget *arrow;
} Row;

static void
get_row (GtkListItem *list_item, Row *row)
{
  row->icon = gtk_widget_get_first_child (gtk_list_item_get_child (list_item));
  row->title = gtk_widget_get_next_sibling (row->icon);
  row->count = gtk_widget_get_next_sibling (row->title);
  row->arrow = gtk_widget_get_next_sibling (row->count);
}

static SpSidebar *
get_sidebar (GtkListItem *list_item)
{
  return SP_SIDEBAR (
      gtk_widget_get_ancestor (gtk_list_item_get_child (list_item), SP_TYPE_SIDEBAR));
}

static void
show_count (SpPlace *place, GParamSpec *pspec, GtkListItem *list_item)
{
  guint n = sp_place_get_count (place);
  g_autofree char *text = n > 0 ? g_strdup_printf ("%u", n) : g_strdup ("");
  g_autofree char *name = NULL;
  Row row;

  get_row (list_item, &row);
  gtk_label_set_text (GTK_LABEL (row.count), text);
  /* Translators: what a screen reader says for a place of the vault: its name, and how many items there are. */
  name = g_strdup_printf (ngettext ("%s, %u item", "%s, %u items", n), sp_place_get_title (place),
                          n);
  /* COMPAT (gtk-4.12): gtk_list_item_set_accessible_label(). What has the focus is the list's own widget. */
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (gtk_widget_get_parent (gtk_list_item_get_child (list_item))),
      GTK_ACCESSIBLE_PROPERTY_LABEL,
      sp_place_get_filter (place) != NULL ? name : sp_place_get_title (place), -1);
}

static void
show_arrow (SpPlace *place, GtkWidget *arrow)
{
  gboolean expanded = sp_place_is_expanded (place);
  const char *text = expanded ? _ ("Hide Nested Tags") : _ ("Show Nested Tags");

  gtk_widget_set_visible (arrow, sp_place_has_nested (place));
  gtk_button_set_icon_name (GTK_BUTTON (arrow),
                            expanded ? "pan-down-symbolic" : "pan-end-symbolic");
  gtk_widget_set_tooltip_text (arrow, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (arrow), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
arrow_clicked_cb (GtkButton *arrow, GtkListItem *list_item)
{
  SpPlace *place = gtk_list_item_get_item (list_item);

  sp_sidebar_set_expanded (get_sidebar (list_item), place, !sp_place_is_expanded (place));
}

/* Folded, a click is what chooses a place, the one that is selected too. */
static void
row_released_cb (GtkGestureClick *gesture, int n_press, double x, double y, GtkListItem *list_item)
{
  SpSidebar *self = get_sidebar (list_item);
  SpPlace *place = gtk_list_item_get_item (list_item);

  if (self->folded && sp_place_get_filter (place) != NULL)
    sp_sidebar_choose (self, place);
}

/* ---- the context menu ------------------------------------------------------------------------------- */

void
sp_sidebar_close_menu (SpSidebar *self)
{
  GtkWidget *menu = g_steal_pointer (&self->menu);

  if (menu != NULL)
    gtk_widget_unparent (menu);
}

static void
append (GMenu *menu, const char *label, const char *action, const char *target)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target_value (item, action,
                                           target != NULL ? g_variant_new_string (target) : NULL);
  g_menu_append_item (menu, item);
}

static GMenu *
make_menu (SpPlace *place)
{
  GMenu *menu = g_menu_new ();
  const char *tag = sp_place_get_tag (place);

  if (tag != NULL) {
    append (menu, _ ("_Rename Tag…"), "tags.rename", tag);
    append (menu, _ ("_Delete Tag…"), "tags.delete", tag);
  } else if (g_strcmp0 (sp_place_get_filter (place), "is:trashed") == 0) {
    append (menu, _ ("_Empty Trash…"), "win.empty-trash", NULL);
  }
  return menu;
}

static gboolean
open_menu (GtkListItem *list_item, const GdkRectangle *at)
{
  SpSidebar *self = get_sidebar (list_item);
  g_autoptr (GMenu) menu = make_menu (gtk_list_item_get_item (list_item));

  if (g_menu_model_get_n_items (G_MENU_MODEL (menu)) == 0)
    return FALSE;
  sp_sidebar_close_menu (self);
  self->menu = gtk_popover_menu_new_from_model (G_MENU_MODEL (menu));
  gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
  gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), at);
  gtk_widget_set_parent (self->menu, gtk_list_item_get_child (list_item));
  gtk_popover_popup (GTK_POPOVER (self->menu));
  return TRUE;
}

static void
row_menu_cb (GtkGesture *gesture, int n_press, double x, double y, GtkListItem *list_item)
{
  const GdkRectangle at = { (int) x, (int) y, 1, 1 };

  if (open_menu (list_item, &at))
    gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
row_long_pressed_cb (GtkGesture *gesture, double x, double y, GtkListItem *list_item)
{
  row_menu_cb (gesture, 1, x, y, list_item);
}

/* ---- keys ------------------------------------------------------------------------------------------- */

static GtkListItem *
find_focused (SpSidebar *self)
{
  GtkWidget *focus = gtk_widget_get_focus_child (GTK_WIDGET (self->view));
  GtkWidget *row = focus != NULL ? gtk_widget_get_first_child (focus) : NULL;

  return row != NULL ? g_object_get_data (G_OBJECT (row), "list-item") : NULL;
}

static gboolean
view_key_cb (GtkEventControllerKey *controller,
             guint key,
             guint code,
             GdkModifierType state,
             gpointer user_data)
{
  SpSidebar *self = SP_SIDEBAR (user_data);
  GtkListItem *list_item = find_focused (self);
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  SpPlace *place = list_item != NULL ? gtk_list_item_get_item (list_item) : NULL;

  if (place == NULL)
    return GDK_EVENT_PROPAGATE;
  if (key == GDK_KEY_Menu || (key == GDK_KEY_F10 && (state & GDK_SHIFT_MASK) != 0)) {
    GtkWidget *row = gtk_list_item_get_child (list_item);
    const GdkRectangle at = { 0, gtk_widget_get_height (row), 1, 1 };

    return open_menu (list_item, &at);
  }
  if ((key == GDK_KEY_Left || key == GDK_KEY_Right) && sp_place_has_nested (place)) {
    sp_sidebar_set_expanded (self, place, (key == GDK_KEY_Right) != rtl);
    return GDK_EVENT_STOP;
  }
  if (key == GDK_KEY_F2 && sp_place_get_tag (place) != NULL)
    return gtk_widget_activate_action (GTK_WIDGET (self), "tags.rename", "s",
                                       sp_place_get_tag (place));
  return GDK_EVENT_PROPAGATE;
}

/* ---- dropping --------------------------------------------------------------------------------------- */

static gboolean
takes_items (SpPlace *place)
{
  const char *filter = sp_place_get_filter (place);

  return sp_place_get_tag (place) != NULL || g_strcmp0 (filter, "is:favourite") == 0 ||
         g_strcmp0 (filter, "is:archived") == 0 || g_strcmp0 (filter, "is:trashed") == 0;
}

static GdkDragAction
drop_enter_cb (GtkDropTarget *target, double x, double y, GtkListItem *list_item)
{
  return takes_items (gtk_list_item_get_item (list_item)) ? GDK_ACTION_COPY : 0;
}

static gboolean
dropped_cb (GtkDropTarget *target, const GValue *value, double x, double y, GtkListItem *list_item)
{
  SpPlace *place = gtk_list_item_get_item (list_item);

  if (!takes_items (place))
    return FALSE;
  sp_sidebar_drop (get_sidebar (list_item), place, g_value_get_boxed (value));
  return TRUE;
}

/* ---- the factory ------------------------------------------------------------------------------------ */

static void
add_controllers (GtkWidget *row, GtkListItem *list_item)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *menu_click = gtk_gesture_click_new ();
  GtkGesture *long_press = gtk_gesture_long_press_new ();
  GtkDropTarget *target = gtk_drop_target_new (SP_TYPE_ITEM_NUMBERS, GDK_ACTION_COPY);

  g_signal_connect_object (click, "released", G_CALLBACK (row_released_cb), list_item, 0);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (click));
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (menu_click), GDK_BUTTON_SECONDARY);
  g_signal_connect_object (menu_click, "pressed", G_CALLBACK (row_menu_cb), list_item, 0);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (menu_click));
  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (long_press), TRUE);
  g_signal_connect_object (long_press, "pressed", G_CALLBACK (row_long_pressed_cb), list_item, 0);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (long_press));
  g_signal_connect_object (target, "enter", G_CALLBACK (drop_enter_cb), list_item, 0);
  g_signal_connect_object (target, "motion", G_CALLBACK (drop_enter_cb), list_item, 0);
  g_signal_connect_object (target, "drop", G_CALLBACK (dropped_cb), list_item, 0);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (target));
}

static void
setup_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *title = g_object_new (GTK_TYPE_INSCRIPTION, "min-chars", 4, "nat-chars", 12, "hexpand",
                                   TRUE, "text-overflow", GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END,
                                   NULL);
  GtkWidget *count = gtk_label_new (NULL);
  GtkWidget *arrow = gtk_button_new ();

  gtk_widget_set_valign (title, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (count, "dim-label");
  gtk_widget_add_css_class (count, "numeric");
  gtk_widget_add_css_class (arrow, "flat");
  gtk_widget_add_css_class (arrow, "sp-arrow");
  gtk_widget_set_focusable (arrow, FALSE);
  gtk_widget_add_css_class (row, "sp-place");
  gtk_box_append (GTK_BOX (row), gtk_image_new ());
  gtk_box_append (GTK_BOX (row), title);
  gtk_box_append (GTK_BOX (row), count);
  gtk_box_append (GTK_BOX (row), arrow);
  g_signal_connect_object (arrow, "clicked", G_CALLBACK (arrow_clicked_cb), list_item, 0);
  add_controllers (row, list_item);
  g_object_set_data (G_OBJECT (row), "list-item", list_item);
  gtk_list_item_set_child (list_item, row);
}

static void
bind_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  SpPlace *place = gtk_list_item_get_item (list_item);
  gboolean is_heading = sp_place_get_filter (place) == NULL;
  Row row;

  get_row (list_item, &row);
  gtk_list_item_set_selectable (list_item, !is_heading);
  gtk_list_item_set_activatable (list_item, !is_heading);
  gtk_widget_set_visible (row.icon, !is_heading);
  gtk_image_set_from_icon_name (GTK_IMAGE (row.icon), sp_place_get_icon_name (place));
  gtk_widget_set_margin_start (gtk_list_item_get_child (list_item),
                               INDENT_PX * (int) MIN (sp_place_get_depth (place), MAX_DEPTH));
  gtk_inscription_set_text (GTK_INSCRIPTION (row.title), sp_place_get_title (place));
  if (is_heading) {
    gtk_widget_add_css_class (row.title, "heading");
    gtk_widget_add_css_class (row.title, "dim-label");
  } else {
    gtk_widget_remove_css_class (row.title, "heading");
    gtk_widget_remove_css_class (row.title, "dim-label");
  }
  show_arrow (place, row.arrow);
  show_count (place, NULL, list_item);
  g_signal_connect_object (place, "notify::count", G_CALLBACK (show_count), list_item, 0);
}

static void
unbind_cb (GtkListItemFactory *factory, GtkListItem *list_item, SpSidebar *self)
{
  if (self->menu != NULL &&
      gtk_widget_get_parent (self->menu) == gtk_list_item_get_child (list_item))
    sp_sidebar_close_menu (self);
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (list_item), show_count, list_item);
}

void
sp_sidebar_init_rows (SpSidebar *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_cb), self, 0);
  gtk_list_view_set_factory (self->view, factory);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (view_key_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self->view), keys);
}
