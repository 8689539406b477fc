/* SPDX-License-Identifier: GPL-3.0-or-later */

/* libargon2 with memory of ours: in huge pages it is over twice as fast, since nearly every block read is
 * elsewhere and would miss the TLB; and the pages are neither dumped nor inherited.
 *
 * libargon2 wipes its memory before it gives it back (FLAG_clear_internal_memory, on by default), so that the
 * pages go back to the kernel without a second pass, which would cost some 20 ms for 256 MiB. It does not
 * wipe the password (ARGON2_FLAG_CLEAR_PASSWORD): that is a secret with owners. */

#define G_LOG_DOMAIN "sp-kdf"

#include "config.h"

#include "crypto/sp-kdf.h"

#include <argon2.h>

#include "base/sp-pages.h"
#include "crypto/sp-crypto-private.h"

#define HUGE_FROM ((gsize) 2 * 1024 * 1024)

static SpPagesFlags
flags_for_size (gsize size)
{
  return size >= HUGE_FROM ? SP_PAGES_HUGE : SP_PAGES_DEFAULT;
}

static int
allocate_cb (uint8_t **memory, size_t size)
{
  *memory = sp_pages_alloc (size, flags_for_size (size));
  return *memory != NULL ? ARGON2_OK : ARGON2_MEMORY_ALLOCATION_ERROR;
}

static void
free_cb (uint8_t *memory, size_t size)
{
  sp_pages_free (memory, size, flags_for_size (size) | SP_PAGES_WIPED);
}

static void
set_argon2_error (GError **error, int result)
{
  SpCryptoError code = SP_CRYPTO_ERROR_PARAMETERS;

  if (result == ARGON2_MEMORY_ALLOCATION_ERROR)
    code = SP_CRYPTO_ERROR_MEMORY;
  else if (result == ARGON2_THREAD_FAIL)
    code = SP_CRYPTO_ERROR_FAILED;
  g_set_error (error, SP_CRYPTO_ERROR, code, "Argon2: %s", argon2_error_message (result));
}

/**
 * sp_kdf_argon2:
 * @kind: which Argon2
 * @cost: memory in KiB, passes, lanes
 * @password: any bytes
 * @salt: (array length=salt_len): at least 8 bytes
 * @salt_len: its size in bytes
 * @out_len: how many bytes are wanted, at least 4
 * @error: return location for a [error@CryptoError]
 *
 * Derives a key from a password (RFC 9106, version 0x13), on as many threads as there are lanes and
 * processors. Takes the memory in one piece, which may not be had: that is %SP_CRYPTO_ERROR_MEMORY, like
 * costs out of libargon2's range %SP_CRYPTO_ERROR_PARAMETERS.
 *
 * Returns: (transfer full) (nullable): the key, or %NULL with @error set
 */
SpSecret *
sp_kdf_argon2 (SpKdfKind kind,
               const SpKdfCost *cost,
               const SpSecret *password,
               const guint8 *salt,
               gsize salt_len,
               gsize out_len,
               GError **error)
{
  argon2_context context = { 0 };
  g_autoptr (SpSecret) out = NULL;
  const guint8 *password_data;
  gsize password_len;
  guint8 *out_data;
  int result;

  g_return_val_if_fail (cost != NULL && password != NULL, NULL);
  g_return_val_if_fail (salt != NULL || salt_len == 0, NULL);

  password_data = sp_secret_peek (password, &password_len);
  if (password_len > G_MAXUINT32 || salt_len > G_MAXUINT32 || out_len < ARGON2_MIN_OUTLEN ||
      out_len > G_MAXUINT16) {
    set_argon2_error (error, ARGON2_INCORRECT_PARAMETER);
    return NULL;
  }

  out = sp_secret_new_uninitialized (out_len, &out_data);
  context.out = out_data;
  context.outlen = (guint32) out_len;
  context.pwd = SP_CRYPTO_UNCONST (password_data);
  context.pwdlen = (guint32) password_len;
  context.salt = SP_CRYPTO_UNCONST (salt);
  context.saltlen = (guint32) salt_len;
  context.t_cost = cost->passes;
  context.m_cost = cost->memory_kib;
  context.lanes = cost->lanes;
  context.threads = MIN (cost->lanes, g_get_num_processors ());
  context.version = ARGON2_VERSION_13;
  context.allocate_cbk = allocate_cb;
  context.free_cbk = free_cb;
  context.flags = ARGON2_DEFAULT_FLAGS;

  result = argon2_ctx (&context, kind == SP_KDF_ARGON2D ? Argon2_d : Argon2_id);
  if (result != ARGON2_OK) {
    set_argon2_error (error, result);
    return NULL;
  }
  return g_steal_pointer (&out);
}
