/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Everything random comes through fill(): from OpenSSL's private DRBG (RAND_priv_bytes, which is seeded from
 * the system and again after a fork), or from a test's source. On failure the output is wiped, so that a
 * caller who ignores the error has zeros and not half a key.
 *
 * The pool's bytes lie in pages that no child inherits (sp-pages.h): a copy of the pool in another process
 * would hand out the same nonces twice, and with AES-GCM that gives the key away. */

#define G_LOG_DOMAIN "sp-random"

#include "config.h"

#include "crypto/sp-random.h"

#include <limits.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/rand.h>

#include "base/sp-pages.h"
#include "base/sp-wipe.h"
#include "crypto/sp-crypto.h"

#define POOL_SIZE ((gsize) 4096)

/* Each draw is refused with a probability under one half, so that a working source never needs so many. */
#define UNIFORM_DRAWS_MAX 128

struct _SpRandomPool {
  guint8 *data;
  gsize available; /* the last bytes of data were not given out yet */
};

static SpRandomSource test_source; /* (nullable) set by tests only, atomically */

static gboolean
fill (guint8 *data, gsize len)
{
  SpRandomSource source = g_atomic_pointer_get (&test_source);

  if (source != NULL)
    return source (data, len);

  while (len > 0) {
    int part = (int) MIN (len, (gsize) INT_MAX);

    if (RAND_priv_bytes (data, part) != 1) {
      ERR_clear_error ();
      return FALSE;
    }
    data += part;
    len -= (gsize) part;
  }
  return TRUE;
}

/**
 * sp_random_bytes:
 * @out_data: (out caller-allocates) (array length=len): where to write; zeros on failure
 * @len: how many bytes
 * @error: return location for %SP_CRYPTO_ERROR_RANDOM
 *
 * Draws unpredictable bytes, good enough for keys.
 *
 * Returns: %FALSE if there are none to be had
 */
gboolean
sp_random_bytes (guint8 *out_data, gsize len, GError **error)
{
  g_return_val_if_fail (out_data != NULL || len == 0, FALSE);

  if (len == 0 || fill (out_data, len))
    return TRUE;

  sp_wipe (out_data, len);
  g_set_error_literal (error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_RANDOM,
                       "the system gave no random bytes");
  return FALSE;
}

/**
 * sp_random_secret:
 * @len: how many bytes
 * @error: return location for %SP_CRYPTO_ERROR_RANDOM
 *
 * Returns: (transfer full) (nullable): a secret of random bytes, or %NULL with @error set
 */
SpSecret *
sp_random_secret (gsize len, GError **error)
{
  guint8 *data;
  g_autoptr (SpSecret) secret = sp_secret_new_uninitialized (len, &data);

  if (!sp_random_bytes (data, len, error))
    return NULL;
  return g_steal_pointer (&secret);
}

/**
 * sp_random_id:
 * @out_id: (out): a new id
 * @error: return location for %SP_CRYPTO_ERROR_RANDOM
 *
 * Makes a UUID of version 4 (RFC 4122 section 4.4): 122 random bits.
 *
 * Returns: %FALSE if there are no random bytes to be had
 */
gboolean
sp_random_id (SpId *out_id, GError **error)
{
  SpId id;

  g_return_val_if_fail (out_id != NULL, FALSE);

  if (!sp_random_bytes (id.bytes, sizeof id.bytes, error))
    return FALSE;

  id.bytes[6] = (guint8) ((id.bytes[6] & 0x0f) | 0x40);
  id.bytes[8] = (guint8) ((id.bytes[8] & 0x3f) | 0x80);
  *out_id = id;
  return TRUE;
}

/**
 * sp_random_uniform:
 * @bound: over 0
 * @out_value: (out): a number below @bound, each with the same probability
 * @error: return location for %SP_CRYPTO_ERROR_RANDOM
 *
 * Draws 32 bits until they are below the largest multiple of @bound, so that no remainder is likelier.
 *
 * Returns: %FALSE if there are no random bytes to be had
 */
gboolean
sp_random_uniform (guint32 bound, guint32 *out_value, GError **error)
{
  guint64 range = G_GUINT64_CONSTANT (1) << 32;
  guint64 limit;
  guint32 drawn;

  g_return_val_if_fail (bound > 0, FALSE);
  g_return_val_if_fail (out_value != NULL, FALSE);

  limit = range - range % bound;
  for (guint i = 0; i < UNIFORM_DRAWS_MAX; i++) {
    if (!sp_random_bytes ((guint8 *) &drawn, sizeof drawn, error))
      return FALSE;
    if (drawn < limit) {
      *out_value = drawn % bound;
      SP_WIPE_STRUCT (drawn);
      return TRUE;
    }
  }

  g_set_error_literal (error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_RANDOM,
                       "the random bytes are not random");
  return FALSE;
}

/**
 * sp_random_pool_new:
 *
 * Returns: (transfer full): a pool, still empty
 */
SpRandomPool *
sp_random_pool_new (void)
{
  SpRandomPool *self = g_new0 (SpRandomPool, 1);

  self->data = sp_pages_alloc (POOL_SIZE, SP_PAGES_DEFAULT);
  if (self->data == NULL)
    g_error ("no memory for random bytes");
  return self;
}

/**
 * sp_random_pool_free:
 * @self: (nullable): a pool
 */
void
sp_random_pool_free (SpRandomPool *self)
{
  if (self == NULL)
    return;

  sp_pages_free (self->data, POOL_SIZE, SP_PAGES_DEFAULT);
  g_free (self);
}

/**
 * sp_random_pool_take:
 * @self: a pool
 * @out_data: (out caller-allocates) (array length=len): where to write; zeros on failure
 * @len: how many bytes
 * @error: return location for %SP_CRYPTO_ERROR_RANDOM
 *
 * Takes bytes that nobody was given before, and forgets them.
 *
 * Returns: %FALSE if there are none to be had
 */
gboolean
sp_random_pool_take (SpRandomPool *self, guint8 *out_data, gsize len, GError **error)
{
  guint8 *next;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (out_data != NULL || len == 0, FALSE);

  if (len > POOL_SIZE)
    return sp_random_bytes (out_data, len, error);

  if (self->available < len) {
    self->available = 0;
    if (!sp_random_bytes (self->data, POOL_SIZE, error)) {
      sp_wipe (out_data, len);
      return FALSE;
    }
    self->available = POOL_SIZE;
  }
  if (len == 0)
    return TRUE;

  next = self->data + (POOL_SIZE - self->available);
  memcpy (out_data, next, len);
  sp_wipe (next, len);
  self->available -= len;
  return TRUE;
}

/**
 * sp_random_set_source_for_tests:
 * @source: (nullable): what to draw from; %NULL restores the real source
 */
void
sp_random_set_source_for_tests (SpRandomSource source)
{
  g_atomic_pointer_set (&test_source, source);
}
