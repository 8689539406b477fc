/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The main menu is in the pane of places. Where that is folded away, the menu comes without it. */

#define G_LOG_DOMAIN "sp-browser"

#include "config.h"

#include "ui/sp-browser-private.h"

#define HEADER_HEIGHT 46

static void
menu_closed_cb (SpBrowser *self)
{
  if (self->menu_focus != NULL && gtk_widget_get_mapped (self->menu_focus))
    (void) gtk_widget_grab_focus (self->menu_focus);
  g_clear_weak_pointer (&self->menu_focus);
}

static void
ensure_menu (SpBrowser *self)
{
  if (self->menu != NULL)
    return;
  self->menu = gtk_popover_menu_new_from_model (sp_sidebar_get_menu (self->sidebar));
  gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
  gtk_widget_set_halign (self->menu, GTK_ALIGN_END);
  gtk_widget_set_parent (self->menu, GTK_WIDGET (self));
  g_signal_connect_object (self->menu, "closed", G_CALLBACK (menu_closed_cb), self,
                           G_CONNECT_SWAPPED);
}

void
sp_browser_show_menu (SpBrowser *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean leftwards = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GdkRectangle at = { leftwards ? 0 : gtk_widget_get_width (widget) - 1, 0, 1, HEADER_HEIGHT };

  g_return_if_fail (SP_IS_BROWSER (self));

  ensure_menu (self);
  if (gtk_widget_get_mapped (self->menu))
    return;
  g_set_weak_pointer (&self->menu_focus, gtk_root_get_focus (gtk_widget_get_root (widget)));
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), &at);
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

void
sp_browser_close_menu (SpBrowser *self)
{
  g_clear_weak_pointer (&self->menu_focus);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
}
