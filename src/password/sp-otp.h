/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One-time codes: TOTP (RFC 6238), HOTP (RFC 4226), Steam's variant, and the otpauth:// links that
 * carry their secrets. */

#pragma once

#include <glib.h>

#include "base/sp-secret.h"
#include "crypto/sp-hash.h"

G_BEGIN_DECLS

#define SP_OTP_DEFAULT_DIGITS 6
#define SP_OTP_DEFAULT_PERIOD 30
#define SP_OTP_MAX_PERIOD     86400
#define SP_OTP_STEAM_DIGITS   5
#define SP_OTP_MAX_TEXT       8192 /* bytes of a link or typed secret */

typedef enum {
  SP_OTP_TOTP,
  SP_OTP_HOTP,
} SpOtpKind;

typedef enum {
  SP_OTP_ENCODER_DECIMAL,
  SP_OTP_ENCODER_STEAM, /* five of 26 characters, TOTP only */
} SpOtpEncoder;

typedef struct {
  SpOtpKind kind;
  SpOtpEncoder encoder;
  SpHashAlgorithm algorithm;
  guint digits;     /* 6 to 8; Steam 5 */
  guint period;     /* seconds; TOTP */
  guint64 counter;  /* HOTP: the next one to use; counting up is the caller's */
  SpSecret *secret; /* (owned) raw bytes */
  char *issuer;     /* (owned) (nullable) */
  char *account;    /* (owned) (nullable) */
} SpOtp;

SpOtp *sp_otp_new (const SpSecret *secret) G_GNUC_WARN_UNUSED_RESULT; /* six digits, 30 s, SHA-1 */
/* text: an otpauth:// link, a steam:// link, or a base32 secret as a person types it. */
SpOtp *sp_otp_parse (const SpSecret *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sp_otp_free (SpOtp *self);

SpSecret *sp_otp_to_uri (const SpOtp *self) G_GNUC_WARN_UNUSED_RESULT;
/* out_seconds_left: (nullable) until the next code, 1 to period; 0 for HOTP. */
SpSecret *sp_otp_code (const SpOtp *self, gint64 now_ms, gint *out_seconds_left, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpOtp, sp_otp_free)

G_END_DECLS
