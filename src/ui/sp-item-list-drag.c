/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Dragging items: the one under the pointer, or all that are selected if it is one of them. What is dragged is their
 * numbers, and only this window takes them; the picture at the pointer says how many there are, and nothing else. */

#define G_LOG_DOMAIN "sp-item-list"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/sp-item-list-private.h"
#include "ui/sp-item-numbers.h"

static GdkContentProvider *
drag_prepare_cb (GtkDragSource *source, double x, double y, gpointer user_data)
{
  SpItemList *self = SP_ITEM_LIST (user_data);
  guint index = sp_item_list_pick_index (self, x, y);
  g_autoptr (GArray) numbers = NULL;

  if (index == G_MAXUINT || !sp_session_is_writable (self->session))
    return NULL;
  if (gtk_selection_model_is_selected (GTK_SELECTION_MODEL (self->selection), index)) {
    numbers = sp_item_selection_get_numbers (self->selection);
  } else {
    guint64 number = sp_results_model_get_number (self->model, index);

    numbers = g_array_new (FALSE, FALSE, sizeof number);
    g_array_append_val (numbers, number);
  }
  self->n_dragged = numbers->len;
  return gdk_content_provider_new_typed (SP_TYPE_ITEM_NUMBERS, numbers);
}

static void
drag_begin_cb (GtkDragSource *source, GdkDrag *drag, gpointer user_data)
{
  SpItemList *self = SP_ITEM_LIST (user_data);
  GtkWidget *icon = gtk_drag_icon_get_for_drag (drag);
  g_autofree char *text = NULL;
  GtkWidget *label;

  /* Translators: %u is a number of items that are being dragged. */
  text = g_strdup_printf (ngettext ("%u item", "%u items", self->n_dragged), self->n_dragged);
  label = gtk_label_new (text);
  gtk_widget_add_css_class (label, "sp-drag");
  gtk_drag_icon_set_child (GTK_DRAG_ICON (icon), label);
  gdk_drag_set_hotspot (drag, -12, -6);
}

void
sp_item_list_init_drag (SpItemList *self)
{
  GtkDragSource *source = gtk_drag_source_new ();

  gtk_drag_source_set_actions (source, GDK_ACTION_COPY | GDK_ACTION_MOVE);
  g_signal_connect_object (source, "prepare", G_CALLBACK (drag_prepare_cb), self, 0);
  g_signal_connect_object (source, "drag-begin", G_CALLBACK (drag_begin_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self->view), GTK_EVENT_CONTROLLER (source));
}
