/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading overviews where they lie (VAULT-FORMAT.md §6.3).
 *
 *   id | number | type | flags | strength | times | use count | title | subtitle | URLs | tags
 *      | folded text (flag 64) | detail | history | attachments
 *
 * These functions walk over checked bytes and check nothing but by assertion-free arithmetic: they may only be
 * given what sp_overview_check() accepted. */

#define G_LOG_DOMAIN "sp-overview"

#include "config.h"

#include <string.h>

#include "vault/sp-overview-private.h"

#define KNOWN_FLAGS ((guint) 0xff)

static const char *
skip_strings (const guint8 **at, guint n)
{
  const char *first = NULL;

  for (guint i = 0; i < n; i++) {
    gsize len;
    const char *text = sp_overview_next_string (at, &len);

    if (i == 0)
      first = text;
  }
  return first;
}

static void
next_ref (const guint8 **at, SpRef *out_ref)
{
  out_ref->number = sp_overview_next_varint (at);
  out_ref->revision = sp_overview_next_varint (at);
  memcpy (out_ref->tag, *at, SP_AEAD_TAG_LEN);
  *at += SP_AEAD_TAG_LEN;
}

/* To the number of history versions; `overview` has all before it. */
static const guint8 *
decode_head (const guint8 *data, SpOverview *overview, guint8 **out_detail_tag)
{
  const guint8 *at = data + SP_ID_LEN;
  gsize len;

  overview->id = (const SpId *) data;
  overview->number = sp_overview_next_varint (&at);
  overview->type = (SpItemType) sp_overview_next_varint (&at);
  overview->flags = (SpOverviewFlags) sp_overview_next_varint (&at);
  overview->strength = *at++;
  overview->created_ms = (gint64) sp_overview_next_varint (&at);
  overview->modified_ms = (gint64) sp_overview_next_varint (&at);
  overview->trashed_ms = (gint64) sp_overview_next_varint (&at);
  overview->expires_ms = (gint64) sp_overview_next_varint (&at);
  overview->used_ms = (gint64) sp_overview_next_varint (&at);
  overview->use_count = (guint32) sp_overview_next_varint (&at);
  overview->title = sp_overview_next_string (&at, &len);
  overview->subtitle = sp_overview_next_string (&at, &len);
  overview->n_urls = (guint) sp_overview_next_varint (&at);
  overview->first_url = skip_strings (&at, overview->n_urls);
  overview->n_tags = (guint) sp_overview_next_varint (&at);
  overview->first_tag = skip_strings (&at, overview->n_tags);
  if ((overview->flags & SP_OVERVIEW_FOLDED) != 0)
    sp_overview_next_string (&at, &len);
  overview->revision = sp_overview_next_varint (&at);
  if (out_detail_tag != NULL)
    memcpy (*out_detail_tag, at, SP_AEAD_TAG_LEN);
  return at + SP_AEAD_TAG_LEN;
}

/**
 * sp_overview_decode:
 * @data: (array length=len): one checked overview
 * @len: its size in bytes
 * @out_overview: (out caller-allocates): what it says; its pointers lead into @data
 */
void
sp_overview_decode (const guint8 *data, gsize len, SpOverview *out_overview)
{
  const guint8 *at;
  SpRef history;

  g_return_if_fail (data != NULL && out_overview != NULL);

  at = decode_head (data, out_overview, NULL);
  out_overview->n_history = (guint) sp_overview_next_varint (&at);
  if (out_overview->n_history > 0)
    next_ref (&at, &history);
  out_overview->n_attachments = (guint) sp_overview_next_varint (&at);
}

/**
 * sp_overview_decode_links:
 * @data: (array length=len): one checked overview
 * @len: its size in bytes
 * @out_links: (out caller-allocates): the records that it names; clear with sp_overview_links_clear()
 */
void
sp_overview_decode_links (const guint8 *data, gsize len, SpOverviewLinks *out_links)
{
  SpOverview overview;
  SpOverviewLinks links = { 0 };
  guint8 *tag = links.detail.tag;
  const guint8 *at;
  guint64 n;

  g_return_if_fail (data != NULL && out_links != NULL);

  at = decode_head (data, &overview, &tag);
  links.detail.number = overview.number;
  links.detail.revision = overview.revision;
  links.strength = overview.strength;
  links.unknown_flags = (guint) overview.flags & ~KNOWN_FLAGS;
  links.n_history = (guint) sp_overview_next_varint (&at);
  if (links.n_history > 0)
    next_ref (&at, &links.history);

  n = sp_overview_next_varint (&at);
  if (n > 0)
    links.attachments = g_array_new (FALSE, TRUE, sizeof (SpAttachmentRef));
  for (guint64 i = 0; i < n; i++) {
    SpAttachmentRef attachment;

    attachment.number = sp_overview_next_varint (&at);
    memcpy (attachment.key_id.bytes, at, SP_ID_LEN);
    at += SP_ID_LEN;
    attachment.size = sp_overview_next_varint (&at);
    g_array_append_val (links.attachments, attachment);
  }
  *out_links = links;
}

/* The n-th of strings that follow each other in a record; `text` is the first one's. */
static const char *
nth_string (const char *text, guint index)
{
  for (guint i = 0; i < index; i++) {
    const guint8 *at = (const guint8 *) text + strlen (text) + 1;
    gsize len;

    text = sp_overview_next_string (&at, &len);
  }
  return text;
}

/**
 * sp_overview_get_url:
 * @self: an overview
 * @index: of a URL, from 0
 *
 * Returns: (transfer none): the URL; lives as long as the snapshot
 */
const char *
sp_overview_get_url (const SpOverview *self, guint index)
{
  g_return_val_if_fail (self != NULL && index < self->n_urls, NULL);

  return nth_string (self->first_url, index);
}

/**
 * sp_overview_get_tag:
 * @self: an overview
 * @index: of a tag, from 0
 *
 * Returns: (transfer none): the tag; lives as long as the snapshot
 */
const char *
sp_overview_get_tag (const SpOverview *self, guint index)
{
  g_return_val_if_fail (self != NULL && index < self->n_tags, NULL);

  return nth_string (self->first_tag, index);
}
