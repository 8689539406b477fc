/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-welcome-page"

#include "config.h"

#include "ui/sp-welcome-page.h"

#include <glib/gi18n.h>

#include "ui/sp-ui.h"

struct _SpWelcomePage {
  AdwBin parent_instance;

  SpSession *session; /* (owned) (nullable) */
  guint focus_id;     /* until the page has got the focus */

  GtkWidget *create_button;
};

G_DEFINE_FINAL_TYPE (SpWelcomePage, sp_welcome_page, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SESSION,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

/* Later, since a stack moves the focus once its page is mapped. */
static gboolean
focus_cb (gpointer user_data)
{
  SpWelcomePage *self = SP_WELCOME_PAGE (user_data);

  self->focus_id = 0;
  (void) gtk_widget_grab_focus (self->create_button);
  return G_SOURCE_REMOVE;
}

static void
sp_welcome_page_map (GtkWidget *widget)
{
  SpWelcomePage *self = SP_WELCOME_PAGE (widget);

  GTK_WIDGET_CLASS (sp_welcome_page_parent_class)->map (widget);
  self->focus_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, focus_cb, self, NULL);
}

static void
sp_welcome_page_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&SP_WELCOME_PAGE (widget)->focus_id, g_source_remove);
  GTK_WIDGET_CLASS (sp_welcome_page_parent_class)->unmap (widget);
}

static void
sp_welcome_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SpWelcomePage *self = SP_WELCOME_PAGE (object);

  switch (prop_id) {
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
sp_welcome_page_set_property (GObject *object,
                              guint prop_id,
                              const GValue *value,
                              GParamSpec *pspec)
{
  SpWelcomePage *self = SP_WELCOME_PAGE (object);

  switch (prop_id) {
  case PROP_SESSION:
    if (g_set_object (&self->session, g_value_get_object (value)))
      g_object_notify_by_pspec (object, pspec);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
sp_welcome_page_dispose (GObject *object)
{
  SpWelcomePage *self = SP_WELCOME_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_WELCOME_PAGE);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sp_welcome_page_parent_class)->dispose (object);
}

static void
sp_welcome_page_class_init (SpWelcomePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sp_welcome_page_dispose;
  object_class->get_property = sp_welcome_page_get_property;
  object_class->set_property = sp_welcome_page_set_property;
  widget_class->map = sp_welcome_page_map;
  widget_class->unmap = sp_welcome_page_unmap;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, SP_TYPE_SESSION,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
                                                      G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, SP_UI_RESOURCE "/sp-welcome-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SpWelcomePage, create_button);
}

static void
sp_welcome_page_init (SpWelcomePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
