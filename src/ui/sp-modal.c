/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When a file chooser over a modal window closes, some window managers (xfwm4) give the keyboard to the lowest window,
 * which does not take it. They also refuse to hand it on for an event that is older than their own choice, so the
 * request carries the server's time of now. */

#define G_LOG_DOMAIN "sp-modal"

#include "config.h"

#include "ui/sp-modal.h"

#ifdef GDK_WINDOWING_X11
#include <gdk/x11/gdkx.h>
#endif

static guint32
get_time (GtkWindow *self)
{
#ifdef GDK_WINDOWING_X11
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (self));

  if (GDK_IS_X11_SURFACE (surface))
    return gdk_x11_get_server_time (surface);
#endif
  return GDK_CURRENT_TIME;
}

static gboolean
has_window_over_it (GtkWindow *self)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *link = windows; link != NULL; link = link->next)
    if (gtk_window_get_transient_for (link->data) == self && gtk_widget_get_visible (link->data))
      return TRUE;
  return FALSE;
}

static void
parent_active_cb (GtkWindow *self, GParamSpec *pspec, GtkWindow *parent)
{
  if (gtk_window_is_active (parent) && gtk_widget_get_mapped (GTK_WIDGET (self)) &&
      !has_window_over_it (self))
    gtk_window_present_with_time (self, get_time (self));
}

void
sp_modal_keep_focus (GtkWindow *self, GtkWindow *parent)
{
  g_return_if_fail (GTK_IS_WINDOW (self) && GTK_IS_WINDOW (parent));

  g_signal_connect_object (parent, "notify::is-active", G_CALLBACK (parent_active_cb), self,
                           G_CONNECT_SWAPPED);
}
