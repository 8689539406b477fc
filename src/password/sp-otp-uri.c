/* SPDX-License-Identifier: GPL-3.0-or-later */

/* otpauth:// links (the "Key Uri Format" of Google Authenticator), read and written.
 *
 *   otpauth://totp/Example:alice@example.com?secret=JBSWY3DPEHPK3PXP&issuer=Example&period=30
 *             kind  label: issuer:account     parameters, in any order
 *
 * The reader is total: any bytes give a one-time code or an error. The text carries the secret, so
 * it is read where it lies, and what has to be decoded goes into secret memory. Issuer and account
 * are not secret. Unknown parameters are passed over; of a known one that comes twice, the last
 * counts.
 *
 * Invariant: what was read once is read the same again after sp_otp_to_uri(). */

#define G_LOG_DOMAIN "sp-otp"

#include "config.h"

#include "password/sp-otp.h"

#include <string.h>

#include "base/sp-encoding.h"
#include "base/sp-wipe.h"
#include "password/sp-password-error.h"

#define MAX_NUMBER_LEN 20

/* A piece of the text, borrowed. */
typedef struct {
  const char *data;
  gsize len;
} Span;

static gboolean
refuse (GError **error, const char *sentence)
{
  g_set_error_literal (error, SP_PASSWORD_ERROR, SP_PASSWORD_ERROR_OTP, sentence);
  return FALSE;
}

static Span
span_strip (Span span)
{
  while (span.len > 0 && g_ascii_isspace (span.data[0])) {
    span.data++;
    span.len--;
  }
  while (span.len > 0 && g_ascii_isspace (span.data[span.len - 1]))
    span.len--;
  return span;
}

static gboolean
span_equal (Span span, const char *text)
{
  return span.len == strlen (text) && g_ascii_strncasecmp (span.data, text, span.len) == 0;
}

static gboolean
span_skip (Span *span, const char *prefix)
{
  gsize len = strlen (prefix);

  if (span->len < len || g_ascii_strncasecmp (span->data, prefix, len) != 0)
    return FALSE;

  span->data += len;
  span->len -= len;
  return TRUE;
}

/* Takes what stands before the first of the stops, or everything. The stop itself stays. */
static Span
span_take_until (Span *span, const char *stops)
{
  Span taken = { span->data, 0 };

  while (taken.len < span->len && strchr (stops, span->data[taken.len]) == NULL)
    taken.len++;
  span->data += taken.len;
  span->len -= taken.len;
  return taken;
}

/* Undoes percent-encoding. A percent sign without two hexadecimal digits is itself, as browsers do. */
static SpSecret *
span_decode (Span span, gboolean plus_is_space)
{
  g_autoptr (SpSecretBuffer) buffer = sp_secret_buffer_new ();

  for (gsize i = 0; i < span.len; i++) {
    guint8 byte = (guint8) span.data[i];

    if (byte == '+' && plus_is_space) {
      byte = ' ';
    } else if (byte == '%' && span.len - i > 2 && g_ascii_isxdigit (span.data[i + 1]) &&
               g_ascii_isxdigit (span.data[i + 2])) {
      byte = (guint8) (g_ascii_xdigit_value (span.data[i + 1]) * 16 +
                       g_ascii_xdigit_value (span.data[i + 2]));
      i += 2;
    }
    sp_secret_buffer_append (buffer, &byte, 1);
    sp_wipe (&byte, sizeof byte);
  }
  return sp_secret_buffer_finish (buffer);
}

/* The same for what is not secret: NULL when it is not UTF-8 or has a NUL. */
static char *
span_dup_decoded (Span span, gboolean plus_is_space)
{
  g_autoptr (SpSecret) decoded = span_decode (span, plus_is_space);
  gsize len;
  const char *data = (const char *) sp_secret_peek (decoded, &len);

  if (len > 0 && !g_utf8_validate_len (data, len, NULL))
    return NULL;
  return g_strndup (data, len);
}

static gboolean
span_to_number (Span span, guint64 max, guint64 *out_number)
{
  guint64 number = 0;

  if (span.len < 1 || span.len > MAX_NUMBER_LEN)
    return FALSE;

  for (gsize i = 0; i < span.len; i++) {
    guint64 digit = (guint64) span.data[i] - '0';

    if (!g_ascii_isdigit (span.data[i]) || !g_uint64_checked_mul (&number, number, 10) ||
        !g_uint64_checked_add (&number, number, digit))
      return FALSE;
  }
  *out_number = number;
  return number <= max;
}

static gboolean
parse_secret (SpOtp *self, Span value, GError **error)
{
  g_autoptr (SpSecret) text = span_decode (value, TRUE);
  g_autoptr (SpSecret) secret = NULL;

  if (sp_secret_get_length (text) > 0)
    secret = sp_base32_decode (sp_secret_peek_text (text), sp_secret_get_length (text));
  if (secret == NULL || sp_secret_is_empty (secret))
    return refuse (error, "The secret of the one-time code is not valid base32.");

  g_clear_pointer (&self->secret, sp_secret_unref);
  self->secret = g_steal_pointer (&secret);
  return TRUE;
}

static gboolean
parse_algorithm (SpOtp *self, Span value, GError **error)
{
  static const struct {
    const char *name;
    SpHashAlgorithm algorithm;
  } algorithms[] = {
    { "SHA1", SP_HASH_SHA1 },         { "SHA256", SP_HASH_SHA256 },
    { "SHA512", SP_HASH_SHA512 },     { "SHA-1", SP_HASH_SHA1 },
    { "SHA-256", SP_HASH_SHA256 },    { "SHA-512", SP_HASH_SHA512 },
    { "HmacSHA1", SP_HASH_SHA1 },     { "HmacSHA256", SP_HASH_SHA256 },
    { "HmacSHA512", SP_HASH_SHA512 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (algorithms); i++) {
    if (span_equal (value, algorithms[i].name)) {
      self->algorithm = algorithms[i].algorithm;
      return TRUE;
    }
  }
  return refuse (error,
                 "The one-time code asks for an algorithm other than SHA-1, SHA-256, SHA-512.");
}

static gboolean
parse_number (SpOtp *self, Span name, Span value, GError **error)
{
  guint64 number;

  if (span_equal (name, "digits")) {
    if (!span_to_number (value, 8, &number) || number < SP_OTP_STEAM_DIGITS)
      return refuse (error, "A one-time code has 6 to 8 digits.");
    self->digits = (guint) number;
  } else if (span_equal (name, "period")) {
    if (!span_to_number (value, SP_OTP_MAX_PERIOD, &number) || number < 1)
      return refuse (error, "A one-time code changes every 1 to 86400 seconds.");
    self->period = (guint) number;
  } else {
    if (!span_to_number (value, G_MAXUINT64, &number))
      return refuse (error, "The counter of the one-time code is not a number.");
    self->counter = number;
  }
  return TRUE;
}

static gboolean
parse_issuer (SpOtp *self, Span value, GError **error)
{
  g_free (self->issuer);
  self->issuer = span_dup_decoded (value, TRUE);
  if (self->issuer == NULL)
    return refuse (error, "The issuer in the one-time code's link is not valid UTF-8.");
  return TRUE;
}

static gboolean
parse_parameter (SpOtp *self, Span name, Span value, GError **error)
{
  if (span_equal (name, "secret"))
    return parse_secret (self, value, error);
  if (span_equal (name, "issuer"))
    return parse_issuer (self, value, error);
  if (span_equal (name, "algorithm"))
    return parse_algorithm (self, value, error);
  if (span_equal (name, "digits") || span_equal (name, "period") || span_equal (name, "counter"))
    return parse_number (self, name, value, error);
  if (span_equal (name, "encoder")) {
    if (!span_equal (value, "steam"))
      return refuse (error, "The one-time code asks for an encoder other than steam.");
    self->encoder = SP_OTP_ENCODER_STEAM;
  }
  return TRUE;
}

static gboolean
parse_parameters (SpOtp *self, Span query, GError **error)
{
  while (query.len > 0) {
    Span value = span_take_until (&query, "&");
    Span name = span_take_until (&value, "=");

    span_skip (&value, "=");
    span_skip (&query, "&");
    if (!parse_parameter (self, name, value, error))
      return FALSE;
  }
  return TRUE;
}

/* "Issuer:account" or "account". The parameter `issuer`, already read, says more surely what the
 * issuer is; a label that starts with something else is then all account, so that nothing is lost. */
static gboolean
parse_label (SpOtp *self, Span span, GError **error)
{
  g_autofree char *label = span_dup_decoded (span, FALSE);
  const char *account = label;
  const char *colon;

  if (label == NULL)
    return refuse (error, "The name in the one-time code's link is not valid UTF-8.");

  colon = strchr (label, ':');
  if (self->issuer != NULL && *self->issuer != '\0') {
    gsize len = strlen (self->issuer);

    if (strncmp (label, self->issuer, len) == 0 && label[len] == ':')
      account = label + len + 1;
  } else if (colon != NULL) {
    g_free (self->issuer);
    self->issuer = g_strndup (label, (gsize) (colon - label));
    account = colon + 1;
  }
  while (*account == ' ')
    account++;

  if (*account != '\0')
    self->account = g_strdup (account);
  if (self->issuer != NULL && *self->issuer == '\0')
    g_clear_pointer (&self->issuer, g_free);
  return TRUE;
}

/* What the parameters must be together, whatever order they came in. */
static gboolean
settle (SpOtp *self, GError **error)
{
  if (self->secret == NULL)
    return refuse (error, "The one-time code's link has no secret.");
  if (self->encoder == SP_OTP_ENCODER_STEAM) {
    if (self->kind != SP_OTP_TOTP)
      return refuse (error, "Steam's one-time codes go by time, not by a counter.");
    self->digits = SP_OTP_STEAM_DIGITS;
  } else if (self->digits == SP_OTP_STEAM_DIGITS) {
    return refuse (error, "A one-time code has 6 to 8 digits.");
  }
  if (self->kind == SP_OTP_TOTP)
    self->counter = 0;
  else
    self->period = SP_OTP_DEFAULT_PERIOD;
  return TRUE;
}

static gboolean
parse_link (SpOtp *self, Span link, GError **error)
{
  Span kind = span_take_until (&link, "/?");
  Span label;

  if (span_equal (kind, "hotp"))
    self->kind = SP_OTP_HOTP;
  else if (span_equal (kind, "steam"))
    self->encoder = SP_OTP_ENCODER_STEAM; /* as Aegis writes it */
  else if (!span_equal (kind, "totp"))
    return refuse (error, "The one-time code's link is neither of the kind totp nor hotp.");

  span_skip (&link, "/");
  label = span_take_until (&link, "?");
  span_skip (&link, "?");
  return parse_parameters (self, span_take_until (&link, "#"), error) &&
         parse_label (self, label, error) && settle (self, error);
}

/**
 * sp_otp_parse:
 * @text: an `otpauth://` link, a `steam://` link, or a secret in base32
 * @error: return location for a [error@PasswordError], `OTP`
 *
 * Reads a one-time code from a link, or from the secret alone as sites show it to be typed: base32,
 * in which case, white space, hyphens and padding do not matter, with the usual parameters.
 *
 * Returns: (transfer full) (nullable): the one-time code, or `NULL` with @error set
 */
SpOtp *
sp_otp_parse (const SpSecret *text, GError **error)
{
  g_autoptr (SpOtp) self = NULL;
  gboolean parsed;
  Span span;

  g_return_val_if_fail (text != NULL, NULL);

  span.data = (const char *) sp_secret_peek (text, &span.len);
  if (span.len > SP_OTP_MAX_TEXT) {
    refuse (error, "The text is too long for a one-time code's link or secret.");
    return NULL;
  }
  if (span.len > 0 && memchr (span.data, '\0', span.len) != NULL) {
    refuse (error, "The one-time code's link or secret has a NUL inside.");
    return NULL;
  }

  self = g_new0 (SpOtp, 1);
  self->digits = SP_OTP_DEFAULT_DIGITS;
  self->period = SP_OTP_DEFAULT_PERIOD;
  self->algorithm = SP_HASH_SHA1;
  span = span_strip (span);

  if (span_skip (&span, "otpauth://")) {
    parsed = parse_link (self, span, error);
  } else if (span_skip (&span, "steam://")) {
    self->encoder = SP_OTP_ENCODER_STEAM;
    parsed = parse_secret (self, span, error) && settle (self, error);
  } else {
    parsed = parse_secret (self, span, error);
  }
  return parsed ? g_steal_pointer (&self) : NULL;
}

static void
append_encoded (SpSecretBuffer *buffer, const char *text)
{
  static const char hex[] = "0123456789ABCDEF";

  for (const char *p = text; *p != '\0'; p++) {
    guint8 byte = (guint8) *p;
    guint8 escaped[3] = { '%', (guint8) hex[byte >> 4], (guint8) hex[byte & 15] };

    if (g_ascii_isalnum (*p) || strchr ("-._~@", *p) != NULL)
      sp_secret_buffer_append (buffer, &byte, 1);
    else
      sp_secret_buffer_append (buffer, escaped, sizeof escaped);
  }
}

static void
append_number (SpSecretBuffer *buffer, const char *name, guint64 value)
{
  char text[MAX_NUMBER_LEN + 1];

  g_snprintf (text, sizeof text, "%" G_GUINT64_FORMAT, value);
  sp_secret_buffer_append_text (buffer, name);
  sp_secret_buffer_append_text (buffer, text);
}

static void
append_label (SpSecretBuffer *buffer, const SpOtp *self)
{
  if (self->issuer != NULL) {
    append_encoded (buffer, self->issuer);
    sp_secret_buffer_append_text (buffer, ":");
  } else if (self->account != NULL && strchr (self->account, ':') != NULL) {
    /* An empty issuer, lest the account's beginning be taken for it. */
    sp_secret_buffer_append_text (buffer, ":");
  }
  if (self->account != NULL)
    append_encoded (buffer, self->account);
}

static const char *
get_algorithm_name (SpHashAlgorithm algorithm)
{
  switch (algorithm) {
  case SP_HASH_SHA256:
    return "SHA256";
  case SP_HASH_SHA512:
    return "SHA512";
  case SP_HASH_SHA1:
  default:
    return "SHA1";
  }
}

/**
 * sp_otp_to_uri:
 * @self: a one-time code
 *
 * Writes an `otpauth://` link with all parameters, that other programs read too. Steam's get
 * `encoder=steam`, as KeePassXC writes and reads them.
 *
 * Returns: (transfer full): the link
 */
SpSecret *
sp_otp_to_uri (const SpOtp *self)
{
  g_autoptr (SpSecretBuffer) buffer = NULL;
  g_autoptr (SpSecret) secret = NULL;

  g_return_val_if_fail (self != NULL && self->secret != NULL, NULL);

  buffer = sp_secret_buffer_new ();
  secret = sp_base32_encode (self->secret);
  sp_secret_buffer_append_text (buffer,
                                self->kind == SP_OTP_HOTP ? "otpauth://hotp/" : "otpauth://totp/");
  append_label (buffer, self);
  sp_secret_buffer_append_text (buffer, "?secret=");
  sp_secret_buffer_append_text (buffer, sp_secret_peek_text (secret));
  if (self->issuer != NULL) {
    sp_secret_buffer_append_text (buffer, "&issuer=");
    append_encoded (buffer, self->issuer);
  }
  sp_secret_buffer_append_text (buffer, "&algorithm=");
  sp_secret_buffer_append_text (buffer, get_algorithm_name (self->algorithm));
  append_number (buffer, "&digits=", self->digits);
  if (self->kind == SP_OTP_HOTP)
    append_number (buffer, "&counter=", self->counter);
  else
    append_number (buffer, "&period=", self->period);
  if (self->encoder == SP_OTP_ENCODER_STEAM)
    sp_secret_buffer_append_text (buffer, "&encoder=steam");
  return sp_secret_buffer_finish (buffer);
}
