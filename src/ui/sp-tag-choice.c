/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-tag-choice"

#include "config.h"

#include "ui/sp-tag-choice.h"

#include "vault/sp-search.h"

struct _SpTagChoice {
  GObject parent_instance;

  char *tag;
  char *folded;
  SpTagState before;
  SpTagState state;
};

G_DEFINE_FINAL_TYPE (SpTagChoice, sp_tag_choice, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_STATE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
sp_tag_choice_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  if (prop_id == PROP_STATE)
    g_value_set_int (value, (int) SP_TAG_CHOICE (object)->state);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
sp_tag_choice_finalize (GObject *object)
{
  SpTagChoice *self = SP_TAG_CHOICE (object);

  g_free (self->tag);
  g_free (self->folded);
  G_OBJECT_CLASS (sp_tag_choice_parent_class)->finalize (object);
}

static void
sp_tag_choice_class_init (SpTagChoiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = sp_tag_choice_finalize;
  object_class->get_property = sp_tag_choice_get_property;
  properties[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, SP_TAG_OFF, SP_TAG_ON, SP_TAG_OFF,
                                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
sp_tag_choice_init (SpTagChoice *self)
{
}

SpTagChoice *
sp_tag_choice_new (const char *tag, SpTagState state)
{
  SpTagChoice *self = g_object_new (SP_TYPE_TAG_CHOICE, NULL);

  self->tag = g_strdup (tag);
  self->folded = sp_search_fold (tag);
  self->before = state;
  self->state = state;
  return self;
}

const char *
sp_tag_choice_get_tag (SpTagChoice *self)
{
  return self->tag;
}

const char *
sp_tag_choice_get_folded (SpTagChoice *self)
{
  return self->folded;
}

SpTagState
sp_tag_choice_get_state (SpTagChoice *self)
{
  return self->state;
}

gboolean
sp_tag_choice_is_changed (SpTagChoice *self)
{
  return self->state != self->before;
}

void
sp_tag_choice_toggle (SpTagChoice *self)
{
  if (self->state != SP_TAG_ON && (self->state == SP_TAG_MIXED || self->before != SP_TAG_MIXED))
    self->state = SP_TAG_ON;
  else
    self->state = self->state == SP_TAG_ON ? SP_TAG_OFF : SP_TAG_MIXED;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}
