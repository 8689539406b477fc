/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-unlock-page"

#include "config.h"

#include "ui/sp-unlock-page.h"

#include <glib/gi18n.h>

#include "ui/sp-ui.h"

struct _SpUnlockPage {
  AdwBin parent_instance;

  SpSession *session; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (SpUnlockPage, sp_unlock_page, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SESSION,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
sp_unlock_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SpUnlockPage *self = SP_UNLOCK_PAGE (object);

  switch (prop_id) {
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
sp_unlock_page_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  SpUnlockPage *self = SP_UNLOCK_PAGE (object);

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
sp_unlock_page_dispose (GObject *object)
{
  SpUnlockPage *self = SP_UNLOCK_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_UNLOCK_PAGE);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sp_unlock_page_parent_class)->dispose (object);
}

static void
sp_unlock_page_class_init (SpUnlockPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sp_unlock_page_dispose;
  object_class->get_property = sp_unlock_page_get_property;
  object_class->set_property = sp_unlock_page_set_property;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, SP_TYPE_SESSION,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
                                                      G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, SP_UI_RESOURCE "/sp-unlock-page.ui");
}

static void
sp_unlock_page_init (SpUnlockPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
