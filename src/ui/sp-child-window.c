/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-child-window"

#include "config.h"

#include "ui/sp-child-window.h"

static void
session_state_cb (GtkWindow *self, GParamSpec *pspec, SpSession *session)
{
  if (!sp_session_is_open (session))
    gtk_window_destroy (self);
}

static gboolean
close_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  gtk_window_close (GTK_WINDOW (widget));
  return GDK_EVENT_STOP;
}

static void
add_key (GtkShortcutController *keys, const char *trigger, GtkShortcutAction *action)
{
  gtk_shortcut_controller_add_shortcut (
      keys, gtk_shortcut_new (gtk_shortcut_trigger_parse_string (trigger), action));
}

void
sp_child_window_set_up (GtkWindow *self, GtkWindow *parent, SpSession *session)
{
  GtkEventController *keys;

  g_return_if_fail (GTK_IS_WINDOW (self) && GTK_IS_WINDOW (parent) && SP_IS_SESSION (session));

  keys = gtk_shortcut_controller_new ();
  add_key (GTK_SHORTCUT_CONTROLLER (keys), "Escape|<Control>w",
           gtk_callback_action_new (close_cb, NULL, NULL));
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_window_set_transient_for (self, parent);
  gtk_window_set_application (self, gtk_window_get_application (parent));
  gtk_window_set_destroy_with_parent (self, TRUE);
  g_signal_connect_object (session, "notify::state", G_CALLBACK (session_state_cb), self,
                           G_CONNECT_SWAPPED);
}
