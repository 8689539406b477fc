/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "script.h"

#include <string.h>

#include "base/sp-encoding.h"
#include "common/sp-test-item.h"
#include "common/sp-test.h"
#include "crypto/sp-hash.h"

guint
script_get_edited (guint step)
{
  return (step - SCRIPT_FIRST_EDIT) * 37 % SCRIPT_N_INSERTS;
}

guint
script_get_deleted (guint step)
{
  return (step - SCRIPT_FIRST_DELETE) * 9 + 4;
}

guint
script_get_updated (guint index)
{
  return index * 20 + 3;
}

static gboolean
is_edited (guint item, guint state)
{
  for (guint step = SCRIPT_FIRST_EDIT; step < SCRIPT_FIRST_DELETE && step <= state; step++) {
    if (script_get_edited (step) == item)
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_deleted (guint item, guint state)
{
  for (guint step = SCRIPT_FIRST_DELETE; step < SCRIPT_ADD_RECOVERY && step <= state; step++) {
    if (script_get_deleted (step) == item)
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_updated (guint item, guint state)
{
  for (guint i = 0; state >= SCRIPT_IMPORT && i < SCRIPT_N_UPDATES; i++) {
    if (script_get_updated (i) == item)
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_there (guint item, guint state)
{
  if (item >= SCRIPT_N_INSERTS)
    return state >= SCRIPT_IMPORT;
  return state >= SCRIPT_FIRST_INSERT + item &&
         !(state >= SCRIPT_PURGE && is_deleted (item, state));
}

guint
script_get_version (guint item, guint state)
{
  if (!is_there (item, state))
    return 0;
  return 1U + (is_edited (item, state) ? 1U : 0U) + (is_updated (item, state) ? 1U : 0U);
}

void
script_get_id (guint item, SpId *out_id)
{
  memset (out_id, 0x40, sizeof *out_id);
  out_id->bytes[0] = (guint8) (item >> 8);
  out_id->bytes[1] = (guint8) item;
}

void
script_apply_version (SpItem *stored, guint item, guint version)
{
  g_autofree char *password = g_strdup_printf ("Pa$$word %u of %u", version, item);

  sp_test_item_set (stored, "password", password);
  if (version > 1) {
    g_autofree char *text = g_strdup_printf ("Notes of version %u.\n%s", version,
                                             item % 3 == 0 ? "Süß" : "");
    g_autoptr (SpSecret) notes = sp_test_secret (text);

    sp_item_set_notes (stored, notes);
  }
}

SpItem *
script_make_item (guint item, guint version)
{
  g_autofree char *title = g_strdup_printf (item % 7 == 0 ? "Übung %u" : "Service number %u", item);
  g_autofree char *user = g_strdup_printf ("user%u@example.org", item);
  g_autofree char *url = g_strdup_printf ("https://host%u.example.org/login", item);
  g_autofree char *tag = g_strdup_printf ("group/%u", item % 10);
  SpItem *made = sp_item_new (SP_ITEM_LOGIN, title);

  script_get_id (item, &made->id);
  sp_test_item_set (made, "username", user);
  sp_test_item_set (made, "url", url);
  sp_item_add_tag (made, tag);
  made->favourite = item % 5 == 0;
  for (guint i = 1; i <= version; i++)
    script_apply_version (made, item, i);
  return made;
}

guint8 *
script_make_attachment (void)
{
  guint8 *data = g_malloc (SCRIPT_ATTACHMENT_SIZE);
  guint64 state = 42;

  sp_test_random_fill (&state, data, SCRIPT_ATTACHMENT_SIZE);
  return data;
}

void
script_describe (GString *text, const SpItem *item)
{
  char id[SP_ID_STRING_LEN + 1];

  sp_id_to_string (&item->id, id);
  g_string_append_printf (text, "%s %s%s%s notes=\"%s\"", id, item->title,
                          item->favourite ? " favourite" : "", item->trashed ? " trashed" : "",
                          sp_secret_peek_text (item->notes));
  for (guint i = 0; i < item->fields->len; i++) {
    const SpField *field = g_ptr_array_index (item->fields, i);

    g_string_append_printf (text, " %s=\"%s\"", field->name, sp_secret_peek_text (field->value));
  }
  for (guint i = 0; i < item->tags->len; i++)
    g_string_append_printf (text, " #%s", (const char *) g_ptr_array_index (item->tags, i));
  for (guint i = 0; i < item->attachments->len; i++) {
    const SpAttachment *attachment = g_ptr_array_index (item->attachments, i);
    g_autofree char *hash = sp_hex_encode (attachment->sha256, sizeof attachment->sha256);

    g_string_append_printf (text, " [%s %" G_GUINT64_FORMAT " %s]", attachment->name,
                            attachment->size, hash);
  }
  g_string_append_c (text, '\n');
}

static void
add_attachment (SpItem *item)
{
  g_autofree guint8 *data = script_make_attachment ();
  SpAttachment *attachment = g_new0 (SpAttachment, 1);

  attachment->name = g_strdup ("photo.jpg");
  attachment->size = SCRIPT_ATTACHMENT_SIZE;
  g_assert_true (sp_sha256 (data, SCRIPT_ATTACHMENT_SIZE, attachment->sha256, NULL));
  g_ptr_array_add (item->attachments, attachment);
}

static void
expect_item (GString *text, guint number, guint state)
{
  guint version = script_get_version (number, state);
  gboolean attached = number == SCRIPT_ATTACHED_ITEM && state >= SCRIPT_ATTACH;
  g_autoptr (SpItem) item = NULL;

  if (version == 0)
    return;
  item = script_make_item (number, version);
  item->trashed = is_deleted (number, state);
  if (attached)
    add_attachment (item);
  script_describe (text, item);
  for (guint earlier = attached ? version : version - 1; earlier > 0; earlier--) {
    g_autoptr (SpItem) old = script_make_item (number, earlier);

    g_string_append (text, "  earlier: ");
    script_describe (text, old);
  }
}

char *
script_expect (guint state)
{
  GString *text = g_string_new ("name \"Crash\"\nslot \"\"\n");

  if (state >= SCRIPT_ADD_RECOVERY)
    g_string_append (text, "slot \"Paper\"\n");
  if (state >= SCRIPT_ADD_SLOT && state < SCRIPT_REMOVE_SLOT)
    g_string_append (text, "slot \"Second\"\n");
  for (guint item = 0; item < SCRIPT_N_ITEMS; item++)
    expect_item (text, item, state);
  return g_string_free (text, FALSE);
}

const char *
script_get_password (guint state)
{
  if (state >= SCRIPT_CHANGE_PASSWORD)
    return "A third master password, 3";
  return state >= SCRIPT_USE_RECOVERY ? "A second master password, 2"
                                      : "The first master password, 1";
}
