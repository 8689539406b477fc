/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-generator-window"

#include "config.h"

#include "ui/sp-generator-window.h"

#include <glib/gi18n.h>

#include "ui/sp-generator-view.h"
#include "ui/sp-ui.h"

struct _SpGeneratorWindow {
  AdwWindow parent_instance;

  SpSession *session;     /* (owned) */
  SpClipboard *clipboard; /* (owned) */

  AdwToastOverlay *toasts;
  SpGeneratorView *view;
};

G_DEFINE_FINAL_TYPE (SpGeneratorWindow, sp_generator_window, ADW_TYPE_WINDOW)

static void
use_cb (SpGeneratorWindow *self)
{
  g_autoptr (SpSecret) secret = sp_generator_view_dup_secret (self->view);

  if (secret == NULL)
    return;
  sp_clipboard_copy (self->clipboard, secret, _ ("Password"));
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (_ ("Copied")));
}

static void
session_state_cb (SpGeneratorWindow *self)
{
  if (!sp_session_is_open (self->session))
    gtk_window_destroy (GTK_WINDOW (self));
}

static void
sp_generator_window_dispose (GObject *object)
{
  SpGeneratorWindow *self = SP_GENERATOR_WINDOW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_GENERATOR_WINDOW);
  g_clear_object (&self->clipboard);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sp_generator_window_parent_class)->dispose (object);
}

static void
sp_generator_window_class_init (SpGeneratorWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sp_generator_window_dispose;

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               SP_UI_RESOURCE "/sp-generator-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SpGeneratorWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, SpGeneratorWindow, view);
  gtk_widget_class_bind_template_callback (widget_class, use_cb);
}

static void
sp_generator_window_init (SpGeneratorWindow *self)
{
  g_type_ensure (SP_TYPE_GENERATOR_VIEW);
  gtk_widget_init_template (GTK_WIDGET (self));
  sp_generator_view_set_use_label (self->view, _ ("_Copy"));
}

GtkWindow *
sp_generator_window_new (GtkWindow *parent, SpSession *session, SpClipboard *clipboard)
{
  SpGeneratorWindow *self = g_object_new (SP_TYPE_GENERATOR_WINDOW, "transient-for", parent,
                                          "modal", TRUE, NULL);

  self->session = g_object_ref (session);
  self->clipboard = g_object_ref (clipboard);
  g_signal_connect_object (session, "notify::state", G_CALLBACK (session_state_cb), self,
                           G_CONNECT_SWAPPED);
  return GTK_WINDOW (self);
}
