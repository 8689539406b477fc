/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpTagChoice: a tag that some items have or get; a row of SpTagDialog. */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SP_TYPE_TAG_CHOICE (sp_tag_choice_get_type ())
G_DECLARE_FINAL_TYPE (SpTagChoice, sp_tag_choice, SP, TAG_CHOICE, GObject)

typedef enum {
  SP_TAG_OFF,
  SP_TAG_MIXED, /* some of the items have it */
  SP_TAG_ON,
} SpTagState;

/* Properties: "state" (SpTagState as int). */

SpTagChoice *sp_tag_choice_new (const char *tag, SpTagState state) G_GNUC_WARN_UNUSED_RESULT;
const char *sp_tag_choice_get_tag (SpTagChoice *self);
const char *sp_tag_choice_get_folded (SpTagChoice *self); /* to be searched */
SpTagState sp_tag_choice_get_state (SpTagChoice *self);
gboolean sp_tag_choice_is_changed (SpTagChoice *self);
void sp_tag_choice_toggle (SpTagChoice *self); /* from mixed to on, and through off back to mixed */

G_END_DECLS
