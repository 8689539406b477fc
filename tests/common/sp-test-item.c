/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-test"

#include "config.h"

#include "common/sp-test-item.h"

#include "common/sp-test.h"

static guint
below (guint64 *state, guint bound)
{
  return (guint) (sp_test_random (state) % bound);
}

static gint64
random_time (guint64 *state)
{
  switch (below (state, 4)) {
  case 0:
    return 0;
  case 1:
    return G_MAXINT64;
  default:
    return (gint64) (sp_test_random (state) % G_GUINT64_CONSTANT (4102444800000));
  }
}

/**
 * sp_test_text_random:
 * @state: not zero
 * @max_characters: the most that it may have
 *
 * Returns: (transfer full): a text
 */
char *
sp_test_text_random (guint64 *state, guint max_characters)
{
  static const gunichar starts[] = {
    'A', 'a', '0', ' ', 0x01, 0xc0, 0x391, 0x5d0, 0x4e00, 0x1f500
  };
  GString *text = g_string_new (NULL);
  guint n = below (state, max_characters + 1);
  gboolean ascii = below (state, 2) == 0;

  for (guint i = 0; i < n; i++)
    g_string_append_unichar (text, starts[below (state, ascii ? 5 : 10)] + below (state, 26));
  return g_string_free (text, FALSE);
}

/**
 * sp_test_secret:
 * @text: a text
 *
 * Returns: (transfer full): the same as a secret
 */
SpSecret *
sp_test_secret (const char *text)
{
  return sp_secret_new_text (text);
}

/**
 * sp_test_item_set:
 * @item: an item
 * @name: a field of its template
 * @text: its new value
 */
void
sp_test_item_set (SpItem *item, const char *name, const char *text)
{
  g_autoptr (SpSecret) value = sp_secret_new_text (text);

  sp_item_set_field (item, name, value);
}

static SpSecret *
random_secret (guint64 *state)
{
  g_autofree char *text = sp_test_text_random (state, below (state, 8) == 0 ? 400 : 20);

  return sp_secret_new_text (text);
}

static void
add_random_field (guint64 *state, SpItem *item)
{
  const SpItemTypeInfo *info = sp_item_type_get_info (item->type);
  g_autoptr (SpSecret) value = random_secret (state);

  if (info != NULL && info->n_fields > 0 && below (state, 3) > 0) {
    sp_item_add_field (item, info->fields[below (state, (guint) info->n_fields)].name, value);
  } else {
    g_autofree char *label = sp_test_text_random (state, 12);
    g_autofree char *section = sp_test_text_random (state, 12);

    sp_item_add_custom (item, *section != '\0' ? section : NULL, label,
                        (SpFieldKind) (1 + below (state, 9)), value);
  }
}

static void
add_random_attachment (guint64 *state, SpItem *item)
{
  SpAttachment *attachment = g_new0 (SpAttachment, 1);

  attachment->number = 1 + (sp_test_random (state) >> (22 + below (state, 42)));
  sp_test_random_fill (state, attachment->key_id.bytes, SP_ID_LEN);
  attachment->name = sp_test_text_random (state, 20);
  attachment->media_type = sp_test_text_random (state, 10);
  attachment->size = sp_test_random (state) >> below (state, 64);
  sp_test_random_fill (state, attachment->sha256, sizeof attachment->sha256);
  attachment->added_ms = random_time (state);
  g_ptr_array_add (item->attachments, attachment);
}

/**
 * sp_test_item_random:
 * @state: not zero
 *
 * Returns: (transfer full): an item
 */
SpItem *
sp_test_item_random (guint64 *state)
{
  g_autofree char *title = sp_test_text_random (state, below (state, 8) == 0 ? 700 : 30);
  SpItem *item = sp_item_new ((SpItemType) (1 + below (state, 14)), title);
  g_autoptr (SpSecret) notes = random_secret (state);
  guint n;

  sp_test_random_fill (state, item->id.bytes, SP_ID_LEN);
  item->number = 1 + (sp_test_random (state) >> (2 + below (state, 62)));
  sp_item_set_notes (item, notes);
  n = below (state, 4) == 0 ? 40 : below (state, 6);
  for (guint i = 0; i < n; i++)
    add_random_field (state, item);
  n = below (state, 8) == 0 ? 40 : below (state, 4);
  for (guint i = 0; i < n; i++) {
    g_autofree char *tag = sp_test_text_random (state, below (state, 8) == 0 ? 200 : 12);

    sp_item_add_tag (item, tag);
  }
  n = below (state, 3);
  for (guint i = 0; i < n; i++)
    add_random_attachment (state, item);
  item->favourite = below (state, 2);
  item->archived = below (state, 2);
  item->trashed = below (state, 2);
  item->unproven = below (state, 2);
  item->created_ms = random_time (state);
  item->modified_ms = random_time (state);
  item->trashed_ms = random_time (state);
  item->expires_ms = random_time (state);
  item->used_ms = random_time (state);
  item->use_count = (guint32) sp_test_random (state) >> below (state, 32);
  return item;
}
