/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpItem: one item with everything in it, as read from the vault for showing or editing and handed back
 * for saving. A value: the vault copies nothing of it by reference and keeps no pointer to it.
 *
 * Every field's value and the notes are SpSecret, whether concealed or not, since people write secrets
 * anywhere. Title and tags are plain: they are part of the index that is in memory while unlocked; yet
 * they are wiped before they are freed.
 *
 * The order of `fields` is the order on screen. A field of the type's template carries the template's
 * `name`; a custom field has name NULL and a `label` of its own. The same template field may occur more
 * than once (several URLs). Two fields may have the same label. */

#pragma once

#include <glib.h>

#include "base/sp-id.h"
#include "base/sp-secret.h"
#include "vault/sp-item-type.h"

G_BEGIN_DECLS

typedef struct {
  char *name;    /* template field, or NULL for a custom one */
  char *label;   /* a custom field's label; NULL where the template's stands */
  char *section; /* heading it stands under, or NULL */
  SpFieldKind kind;
  SpSecret *value; /* never NULL; UTF-8 text */
} SpField;

typedef struct {
  guint64 number; /* 0 until stored */
  SpId key_id;    /* names the chunks; random */
  char *name;     /* file name, no folder */
  char *media_type;
  guint64 size;      /* bytes */
  guint8 sha256[32]; /* of the whole content */
  gint64 added_ms;
} SpAttachment;

typedef struct {
  SpId id;
  guint64 number;   /* this file's own number for the item; 0 for an item not yet stored */
  guint64 revision; /* of the state this was read at; 0 for an item not yet stored */
  guint8 tag[16];   /* of that state, opaque: a revision alone does not tell two states apart */
  SpItemType type;
  char *title;
  SpSecret *notes;        /* never NULL */
  GPtrArray *fields;      /* (element-type SpField) (owned) */
  GPtrArray *tags;        /* (element-type utf8) (owned); nested ones with slashes: "a/b" */
  GPtrArray *attachments; /* (element-type SpAttachment) (owned) */
  gboolean favourite;
  gboolean archived;
  gboolean trashed;
  guint32 unknown_flags; /* those of a later version, kept as they are */
  gboolean unproven;     /* rebuilt from its details: may be older, or was purged */
  gint64 created_ms;
  gint64 modified_ms;
  gint64 trashed_ms; /* 0 when not in the trash */
  gint64 expires_ms; /* 0 for never */
  gint64 used_ms;    /* last copied, revealed or opened; 0 for never; kept in the overview only */
  guint32 use_count;
} SpItem;

SpItem *sp_item_new (SpItemType type, const char *title) G_GNUC_WARN_UNUSED_RESULT;
SpItem *sp_item_copy (const SpItem *self) G_GNUC_WARN_UNUSED_RESULT;
void sp_item_free (SpItem *self);
gboolean sp_item_equal_content (const SpItem *a, const SpItem *b); /* what a person can edit */

void sp_item_set_title (SpItem *self, const char *title);
void sp_item_set_notes (SpItem *self, const SpSecret *notes);
void sp_item_add_tag (SpItem *self,
                      const char *tag); /* trimmed; empty ones and repeats are left out */
gboolean sp_item_remove_tag (SpItem *self, const char *tag);

/* First field with that template name; NULL if there is none. */
SpField *sp_item_find_field (const SpItem *self, const char *name);
SpField *sp_item_find_field_by_label (const SpItem *self,
                                      const char *label); /* custom, exact, then any case */
const SpSecret *sp_item_peek_value (const SpItem *self, const char *name);
/* Replaces the first field of that name, or adds it at the template's place. */
SpField *sp_item_set_field (SpItem *self, const char *name, const SpSecret *value);
/* Appends, also when there is one of that name already. */
SpField *sp_item_add_field (SpItem *self, const char *name, const SpSecret *value);
SpField *sp_item_add_custom (SpItem *self,
                             const char *section,
                             const char *label,
                             SpFieldKind kind,
                             const SpSecret *value);
gboolean sp_item_remove_field (SpItem *self, SpField *field);
const char *
sp_item_get_field_label (const SpItem *self,
                         const SpField *field);         /* translated template label, or its own */
const char *sp_item_peek_subtitle (const SpItem *self); /* "" when there is none */

SpField *sp_field_copy (const SpField *self) G_GNUC_WARN_UNUSED_RESULT;
void sp_field_free (SpField *self);
SpAttachment *sp_attachment_copy (const SpAttachment *self) G_GNUC_WARN_UNUSED_RESULT;
void sp_attachment_free (SpAttachment *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpItem, sp_item_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpField, sp_field_free)

G_END_DECLS
