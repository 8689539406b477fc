/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One-time codes by time (RFC 6238) and by counter (RFC 4226).
 *
 * Both are HMAC of a 64-bit counter, "dynamically truncated" to 31 bits and written in decimal;
 * TOTP's counter is the number of periods since 1970. Steam takes the same 31 bits, and writes five
 * digits to the base 26, the lowest first. The links are in sp-otp-uri.c. */

#define G_LOG_DOMAIN "sp-otp"

#include "config.h"

#include "password/sp-otp.h"

#include "base/sp-wipe.h"
#include "password/sp-password-error.h"

#define MAX_MAC_LEN  64
#define MAX_CODE_LEN 8

static const char steam_alphabet[] = "23456789BCDFGHJKMNPQRTVWXY";

/**
 * sp_otp_new:
 * @secret: the shared secret, raw bytes
 *
 * Makes a one-time code with the usual parameters: by time, six digits, every 30 seconds, SHA-1.
 *
 * Returns: (transfer full): the one-time code
 */
SpOtp *
sp_otp_new (const SpSecret *secret)
{
  SpOtp *self;

  g_return_val_if_fail (secret != NULL, NULL);

  self = g_new0 (SpOtp, 1);
  self->kind = SP_OTP_TOTP;
  self->encoder = SP_OTP_ENCODER_DECIMAL;
  self->algorithm = SP_HASH_SHA1;
  self->digits = SP_OTP_DEFAULT_DIGITS;
  self->period = SP_OTP_DEFAULT_PERIOD;
  self->secret = sp_secret_ref (secret);
  return self;
}

/**
 * sp_otp_free:
 * @self: (transfer full) (nullable): a one-time code
 *
 * Frees a one-time code and drops its secret.
 */
void
sp_otp_free (SpOtp *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->secret, sp_secret_unref);
  g_free (self->issuer);
  g_free (self->account);
  g_free (self);
}

static gboolean
refuse (GError **error, const char *sentence)
{
  g_set_error_literal (error, SP_PASSWORD_ERROR, SP_PASSWORD_ERROR_OTP, sentence);
  return FALSE;
}

static gboolean
check (const SpOtp *self, gint64 now_ms, GError **error)
{
  if (sp_secret_is_empty (self->secret))
    return refuse (error, "The one-time code has an empty secret.");
  if (self->encoder == SP_OTP_ENCODER_STEAM && self->kind != SP_OTP_TOTP)
    return refuse (error, "Steam's one-time codes go by time, not by a counter.");
  if (self->encoder == SP_OTP_ENCODER_DECIMAL && (self->digits < 6 || self->digits > MAX_CODE_LEN))
    return refuse (error, "A one-time code has 6 to 8 digits.");
  if (self->kind == SP_OTP_TOTP && (self->period < 1 || self->period > SP_OTP_MAX_PERIOD))
    return refuse (error, "A one-time code changes every 1 to 86400 seconds.");
  if (self->kind == SP_OTP_TOTP && now_ms < 0)
    return refuse (error, "The clock stands before 1970, so there is no one-time code.");
  return TRUE;
}

static void
write_code (const SpOtp *self, guint32 number, char *out_code, gsize *out_len)
{
  if (self->encoder == SP_OTP_ENCODER_STEAM) {
    for (guint i = 0; i < SP_OTP_STEAM_DIGITS; i++, number /= 26)
      out_code[i] = steam_alphabet[number % 26];
    *out_len = SP_OTP_STEAM_DIGITS;
    return;
  }

  for (guint i = self->digits; i-- > 0; number /= 10)
    out_code[i] = (char) ('0' + number % 10);
  *out_len = self->digits;
}

static gboolean
compute_number (const SpOtp *self, guint64 counter, guint32 *out_number, GError **error)
{
  guint64 message = GUINT64_TO_BE (counter);
  guint8 mac[MAX_MAC_LEN];
  gsize mac_len = sp_hash_get_length (self->algorithm);
  guint offset;

  g_assert (mac_len <= sizeof mac);

  if (!sp_hmac (self->algorithm, self->secret, (const guint8 *) &message, sizeof message, mac,
                error))
    return FALSE;

  /* RFC 4226 section 5.3; offset is at most 15, and the shortest MAC has 20 bytes. */
  offset = mac[mac_len - 1] & 0x0f;
  *out_number = ((guint32) (mac[offset] & 0x7f) << 24) | ((guint32) mac[offset + 1] << 16) |
                ((guint32) mac[offset + 2] << 8) | (guint32) mac[offset + 3];
  SP_WIPE_ARRAY (mac);
  return TRUE;
}

/**
 * sp_otp_code:
 * @self: a one-time code
 * @now_ms: the time, milliseconds since 1970; not looked at for HOTP
 * @out_seconds_left: (out) (nullable): seconds until the next code, from 1 to the period; 0 for HOTP
 * @error: return location for a [error@PasswordError] or [error@CryptoError]
 *
 * Computes the code of a moment (RFC 6238), or of the counter (RFC 4226) that the structure holds,
 * which stays as it is.
 *
 * Returns: (transfer full) (nullable): the code as text, or `NULL` with @error set
 */
SpSecret *
sp_otp_code (const SpOtp *self, gint64 now_ms, gint *out_seconds_left, GError **error)
{
  char code[MAX_CODE_LEN];
  guint64 counter, seconds;
  guint32 number;
  gsize len;
  SpSecret *secret;

  g_return_val_if_fail (self != NULL && self->secret != NULL, NULL);

  if (!check (self, now_ms, error))
    return NULL;

  seconds = self->kind == SP_OTP_TOTP ? (guint64) now_ms / 1000 : 0;
  counter = self->kind == SP_OTP_TOTP ? seconds / self->period : self->counter;
  if (!compute_number (self, counter, &number, error))
    return NULL;

  write_code (self, number, code, &len);
  secret = sp_secret_new ((const guint8 *) code, len);
  SP_WIPE_ARRAY (code);
  SP_WIPE_STRUCT (number);
  if (out_seconds_left != NULL)
    *out_seconds_left = self->kind == SP_OTP_TOTP ? (gint) (self->period - seconds % self->period)
                                                  : 0;
  return secret;
}
