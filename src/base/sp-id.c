/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Identifiers are public, so that nothing here needs constant time. Making one is sp_random_id()'s. */

#define G_LOG_DOMAIN "sp-id"

#include "config.h"

#include "base/sp-id.h"

#include <string.h>

static const char hex_digits[] = "0123456789abcdef";

static gboolean
is_hyphen_position (gsize position)
{
  return position == 8 || position == 13 || position == 18 || position == 23;
}

/**
 * sp_id_to_string:
 * @self: an id
 * @out_text: (out caller-allocates): 37 bytes for the text and its NUL
 *
 * Writes the id in the form of a UUID (RFC 4122 section 3), in lower case.
 */
void
sp_id_to_string (const SpId *self, char out_text[static SP_ID_STRING_LEN + 1])
{
  gsize position = 0;

  g_return_if_fail (self != NULL);

  for (gsize i = 0; i < SP_ID_LEN; i++) {
    if (is_hyphen_position (position))
      out_text[position++] = '-';
    out_text[position++] = hex_digits[self->bytes[i] >> 4];
    out_text[position++] = hex_digits[self->bytes[i] & 0x0f];
  }
  out_text[position] = '\0';
}

/**
 * sp_id_from_string:
 * @text: a UUID, in either case
 * @out_id: (out): the id
 *
 * Reads what sp_id_to_string() writes, and nothing shorter, longer or otherwise punctuated.
 *
 * Returns: %TRUE if @text is an id; else @out_id is left alone
 */
gboolean
sp_id_from_string (const char *text, SpId *out_id)
{
  SpId id;
  gsize position = 0;

  g_return_val_if_fail (text != NULL && out_id != NULL, FALSE);

  if (strnlen (text, SP_ID_STRING_LEN + 1) != SP_ID_STRING_LEN)
    return FALSE;

  for (gsize i = 0; i < SP_ID_LEN; i++) {
    int high;
    int low;

    if (is_hyphen_position (position) && text[position++] != '-')
      return FALSE;
    high = g_ascii_xdigit_value (text[position++]);
    low = g_ascii_xdigit_value (text[position++]);
    if (high < 0 || low < 0)
      return FALSE;
    id.bytes[i] = (guint8) (high << 4 | low);
  }

  *out_id = id;
  return TRUE;
}

/**
 * sp_id_is_null:
 * @self: an id
 *
 * Returns: %TRUE if all sixteen bytes are zero, which no random id is
 */
gboolean
sp_id_is_null (const SpId *self)
{
  static const SpId null_id = { { 0 } };

  g_return_val_if_fail (self != NULL, TRUE);
  return sp_id_equal (self, &null_id);
}

/**
 * sp_id_equal:
 * @a: (type SpId): an id
 * @b: (type SpId): another
 *
 * A #GEqualFunc.
 *
 * Returns: %TRUE if they are the same id
 */
gboolean
sp_id_equal (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, SP_ID_LEN) == 0; /* lint: ids are not secret */
}

/**
 * sp_id_hash:
 * @self: (type SpId): an id
 *
 * A #GHashFunc. All sixteen bytes take part, since ids of foreign files may differ in few of them.
 *
 * Returns: the hash
 */
guint
sp_id_hash (gconstpointer self)
{
  guint32 words[SP_ID_LEN / sizeof (guint32)];

  memcpy (words, self, SP_ID_LEN);
  return words[0] ^ (words[1] * 0x9e3779b1u) ^ (words[2] * 0x85ebca6bu) ^ (words[3] * 0xc2b2ae35u);
}
