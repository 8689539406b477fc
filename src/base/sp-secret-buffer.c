/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The growing kind of secret: a secret of its own, used as room to write in, that is replaced by one twice
 * the size when it is full. What lies behind the length is zero, always, so that the contents are a C
 * string too. */

#define G_LOG_DOMAIN "sp-secret"

#include "config.h"

#include "base/sp-secret.h"

#include <string.h>

#include "base/sp-wipe.h"

/* With the header and the NUL, exactly the second size class. */
#define FIRST_CAPACITY 47

#define UTF8_MAX_LEN 6

struct _SpSecretBuffer {
  SpSecret *room; /* (owned) (nullable) */
  guint8 *data;   /* in room */
  gsize capacity;
  gsize len;
};

/**
 * sp_secret_buffer_new:
 *
 * Returns: (transfer full): an empty buffer
 */
SpSecretBuffer *
sp_secret_buffer_new (void)
{
  return g_new0 (SpSecretBuffer, 1);
}

/**
 * sp_secret_buffer_free:
 * @self: (nullable): a buffer
 *
 * Wipes the contents and frees the buffer.
 */
void
sp_secret_buffer_free (SpSecretBuffer *self)
{
  if (self == NULL)
    return;

  sp_secret_unref (self->room);
  g_free (self);
}

static void
reserve (SpSecretBuffer *self, gsize needed)
{
  gsize capacity = MAX (self->capacity, FIRST_CAPACITY);
  SpSecret *room;
  guint8 *data;

  if (needed <= self->capacity)
    return;

  while (capacity < needed) {
    if (capacity > G_MAXSIZE / 2 - 1)
      g_error ("a secret of %" G_GSIZE_FORMAT " bytes is too large", needed);
    /* Header and NUL are 17 bytes: 47, 111, 239 ... fill their slots. */
    capacity = capacity * 2 + 17;
  }

  room = sp_secret_new_uninitialized (capacity, &data);
  memset (data, 0, capacity);
  if (self->len > 0)
    memcpy (data, self->data, self->len);
  sp_secret_unref (self->room);
  self->room = room;
  self->data = data;
  self->capacity = capacity;
}

/**
 * sp_secret_buffer_append:
 * @self: a buffer
 * @data: (array length=len) (nullable): bytes to copy, not those of @self
 * @len: how many
 */
void
sp_secret_buffer_append (SpSecretBuffer *self, const guint8 *data, gsize len)
{
  gsize needed;

  g_return_if_fail (self != NULL);
  g_return_if_fail (data != NULL || len == 0);

  if (len == 0)
    return;
  if (!g_size_checked_add (&needed, self->len, len))
    g_error ("a secret of over %" G_GSIZE_FORMAT " bytes is too large", self->len);
  reserve (self, needed);
  memcpy (self->data + self->len, data, len);
  self->len = needed;
}

/**
 * sp_secret_buffer_append_text:
 * @self: a buffer
 * @text: a C string to copy, not that of @self
 */
void
sp_secret_buffer_append_text (SpSecretBuffer *self, const char *text)
{
  g_return_if_fail (text != NULL);

  sp_secret_buffer_append (self, (const guint8 *) text, strlen (text));
}

/**
 * sp_secret_buffer_append_unichar:
 * @self: a buffer
 * @c: a Unicode character, appended as UTF-8
 */
void
sp_secret_buffer_append_unichar (SpSecretBuffer *self, gunichar c)
{
  char utf8[UTF8_MAX_LEN];

  g_return_if_fail (g_unichar_validate (c));

  sp_secret_buffer_append (self, (const guint8 *) utf8, (gsize) g_unichar_to_utf8 (c, utf8));
  SP_WIPE_ARRAY (utf8);
}

/**
 * sp_secret_buffer_truncate:
 * @self: a buffer
 * @len: the new length, not over the present one
 *
 * Wipes all behind the first @len bytes.
 */
void
sp_secret_buffer_truncate (SpSecretBuffer *self, gsize len)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (len <= self->len);

  if (len < self->len)
    sp_wipe (self->data + len, self->len - len);
  self->len = len;
}

/**
 * sp_secret_buffer_get_length:
 * @self: a buffer
 *
 * Returns: how many bytes it has
 */
gsize
sp_secret_buffer_get_length (const SpSecretBuffer *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->len;
}

/**
 * sp_secret_buffer_peek:
 * @self: a buffer
 *
 * Returns: (transfer none): its bytes and a NUL behind them, until the next change of @self
 */
const guint8 *
sp_secret_buffer_peek (const SpSecretBuffer *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->data != NULL ? self->data : (const guint8 *) "";
}

/**
 * sp_secret_buffer_finish:
 * @self: a buffer
 *
 * Takes the contents out. The buffer is empty afterwards; it is still the caller's to free.
 *
 * Returns: (transfer full): what the buffer held, maybe nothing
 */
SpSecret *
sp_secret_buffer_finish (SpSecretBuffer *self)
{
  SpSecret *secret;

  g_return_val_if_fail (self != NULL, NULL);

  secret = sp_secret_new (self->data, self->len);
  g_clear_pointer (&self->room, sp_secret_unref);
  self->data = NULL;
  self->capacity = 0;
  self->len = 0;
  return secret;
}
