/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-place"

#include "config.h"

#include "ui/sp-place.h"

struct _SpPlace {
  GObject parent_instance;

  char *filter; /* (nullable) */
  char *title;
  char *icon_name; /* (nullable) */
  char *tag;       /* (nullable) */
  gboolean has_nested;
  gboolean expanded;
  guint depth;
  guint count;
};

G_DEFINE_FINAL_TYPE (SpPlace, sp_place, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_COUNT,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
sp_place_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  if (prop_id == PROP_COUNT)
    g_value_set_uint (value, SP_PLACE (object)->count);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
sp_place_finalize (GObject *object)
{
  SpPlace *self = SP_PLACE (object);

  g_free (self->filter);
  g_free (self->title);
  g_free (self->icon_name);
  g_free (self->tag);
  G_OBJECT_CLASS (sp_place_parent_class)->finalize (object);
}

static void
sp_place_class_init (SpPlaceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = sp_place_finalize;
  object_class->get_property = sp_place_get_property;
  properties[PROP_COUNT] = g_param_spec_uint ("count", NULL, NULL, 0, G_MAXUINT, 0,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
sp_place_init (SpPlace *self)
{
}

SpPlace *
sp_place_new (const char *filter,
              const char *title,
              const char *icon_name,
              guint depth,
              guint count)
{
  SpPlace *self = g_object_new (SP_TYPE_PLACE, NULL);

  self->filter = g_strdup (filter);
  self->title = g_strdup (title);
  self->icon_name = g_strdup (icon_name);
  self->depth = depth;
  self->count = count;
  return self;
}

SpPlace *
sp_place_new_tag (const char *tag,
                  const char *title,
                  guint depth,
                  guint count,
                  gboolean has_nested,
                  gboolean expanded)
{
  g_autofree char *filter = g_strconcat ("tag:\"", tag, "\"", NULL);
  SpPlace *self = sp_place_new (filter, title, "sp-tag-symbolic", depth, count);

  self->tag = g_strdup (tag);
  self->has_nested = has_nested;
  self->expanded = expanded;
  return self;
}

const char *
sp_place_get_tag (SpPlace *self)
{
  return self->tag;
}

gboolean
sp_place_has_nested (SpPlace *self)
{
  return self->has_nested;
}

gboolean
sp_place_is_expanded (SpPlace *self)
{
  return self->expanded;
}

const char *
sp_place_get_filter (SpPlace *self)
{
  return self->filter;
}

const char *
sp_place_get_title (SpPlace *self)
{
  return self->title;
}

const char *
sp_place_get_icon_name (SpPlace *self)
{
  return self->icon_name;
}

guint
sp_place_get_depth (SpPlace *self)
{
  return self->depth;
}

guint
sp_place_get_count (SpPlace *self)
{
  return self->count;
}

void
sp_place_set_count (SpPlace *self, guint count)
{
  if (self->count == count)
    return;
  self->count = count;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COUNT]);
}

gboolean
sp_place_is_same (SpPlace *self, SpPlace *other)
{
  return self->depth == other->depth && self->has_nested == other->has_nested &&
         self->expanded == other->expanded && g_strcmp0 (self->filter, other->filter) == 0 &&
         g_strcmp0 (self->title, other->title) == 0;
}
