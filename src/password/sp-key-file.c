/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Key files. Everything is done in secret memory, with a scanner of our own: GLib's XML parser copies what it reads
 * to the heap. No byte of a key is an index into memory.
 *
 * What begins like a key file of ours or of KeePass and does not hold is an error, and not hashed as any other file
 * would be: a key file in which a bit turned would quietly become another key. */

#define G_LOG_DOMAIN "sp-key-file"

#include "config.h"

#include "password/sp-key-file.h"

#include <string.h>

#include "base/sp-mask.h"
#include "base/sp-wipe.h"
#include "crypto/sp-hash.h"
#include "crypto/sp-random.h"
#include "password/sp-password-error.h"

#define FIRST_LINE  "securepass-key-file 1\n"
#define KEY_LINE    "key "
#define CHECK_LINE  "\ncheck "
#define LABEL       "securepass/1/key-file"
#define CHECK_LEN   8
#define HEX_LEN     (2 * SP_KEY_FILE_KEY_LEN)
#define XML_HASH    4 /* bytes of the key's SHA-256 in KeePass's second version */
#define NO_DIGIT    0xff
#define BASE64_BITS 6

typedef struct {
  const guint8 *data;
  gsize len;
} Span;

static SpSecret *
fail (GError **error, const char *message)
{
  g_set_error_literal (error, SP_PASSWORD_ERROR, SP_PASSWORD_ERROR_KEY_FILE, message);
  return NULL;
}

static SpSecret *
fail_damaged (GError **error)
{
  return fail (error, "The key file is damaged: it is not as it was made.");
}

static guint8
read_hex_digit (guint8 c)
{
  guint value = NO_DIGIT;

  value ^= (value ^ (c - (guint) '0')) & sp_mask_range (c, '0', '9');
  value ^= (value ^ (c - (guint) 'a' + 10)) & sp_mask_range (c, 'a', 'f');
  value ^= (value ^ (c - (guint) 'A' + 10)) & sp_mask_range (c, 'A', 'F');
  return (guint8) value;
}

static guint8
read_base64_digit (guint8 c)
{
  guint value = NO_DIGIT;

  value ^= (value ^ (c - (guint) 'A')) & sp_mask_range (c, 'A', 'Z');
  value ^= (value ^ (c - (guint) 'a' + 26)) & sp_mask_range (c, 'a', 'z');
  value ^= (value ^ (c - (guint) '0' + 52)) & sp_mask_range (c, '0', '9');
  value ^= (value ^ 62u) & sp_mask_range (c, '+', '+');
  value ^= (value ^ 63u) & sp_mask_range (c, '/', '/');
  return (guint8) value;
}

static guint8
write_hex_digit (guint value)
{
  return (guint8) (value + '0' + (sp_mask_range (value, 10, 15) & ('a' - '0' - 10)));
}

/* Exactly `len` bytes, with white space between the digits passed over. */
static gboolean
decode_hex (Span text, guint8 *out, gsize len)
{
  gsize n_digits = 0;
  guint wrong = 0;

  for (gsize i = 0; i < text.len; i++) {
    guint8 digit;

    if (sp_mask_space (text.data[i]) != 0)
      continue;
    digit = read_hex_digit (text.data[i]);
    wrong |= digit & 0xf0;
    if (n_digits / 2 < len)
      out[n_digits / 2] = (guint8) (n_digits % 2 == 0 ? digit << 4 : out[n_digits / 2] | digit);
    n_digits++;
  }
  return wrong == 0 && n_digits == 2 * len;
}

static gboolean
decode_base64 (Span text, guint8 *out, gsize len)
{
  guint bits = 0, n_bits = 0, wrong = 0;
  gsize n = 0;

  for (gsize i = 0; i < text.len; i++) {
    guint8 digit;

    if (sp_mask_space (text.data[i]) != 0 || text.data[i] == '=')
      continue;
    digit = read_base64_digit (text.data[i]);
    wrong |= digit & 0xc0;
    bits = (bits << BASE64_BITS | (digit & 0x3fu)) & 0xffff;
    n_bits += BASE64_BITS;
    if (n_bits < 8)
      continue;
    n_bits -= 8;
    if (n < len)
      out[n] = (guint8) (bits >> n_bits);
    n++;
  }
  return wrong == 0 && n == len;
}

static gboolean
starts_with (Span span, const char *text)
{
  gsize len = strlen (text);

  return span.len >= len && sp_bytes_equal (span.data, (const guint8 *) text, len);
}

/* Moves behind the next `text`; FALSE when there is none. */
static gboolean
skip_past (Span *span, const char *text)
{
  gsize len = strlen (text);

  for (; span->len >= len; span->data++, span->len--) {
    if (!starts_with (*span, text))
      continue;
    span->data += len;
    span->len -= len;
    return TRUE;
  }
  return FALSE;
}

/* What stands in front of the next `end`. */
static gboolean
take_until (Span *span, const char *end, Span *out)
{
  const guint8 *start = span->data;

  if (!skip_past (span, end))
    return FALSE;
  out->data = start;
  out->len = (gsize) (span->data - start) - strlen (end);
  return TRUE;
}

/* SHA-256 (label || key): its first bytes are the checksum of our own files. */
static gboolean
make_check (const guint8 *key, guint8 out_hash[static SP_SHA256_LEN], GError **error)
{
  g_autoptr (SpSha256) hash = sp_sha256_new (error);

  return hash != NULL && sp_sha256_update (hash, (const guint8 *) LABEL, strlen (LABEL), error) &&
         sp_sha256_update (hash, key, SP_KEY_FILE_KEY_LEN, error) &&
         sp_sha256_finish (hash, out_hash, error);
}

static SpSecret *
parse_own (Span text, GError **error)
{
  guint8 check[CHECK_LEN];
  guint8 hash[SP_SHA256_LEN];
  guint8 *key;
  g_autoptr (SpSecret) secret = sp_secret_new_uninitialized (SP_KEY_FILE_KEY_LEN, &key);
  gboolean holds;
  Span line;

  if (!starts_with (text, FIRST_LINE KEY_LINE) || !skip_past (&text, KEY_LINE) ||
      !take_until (&text, CHECK_LINE, &line) || !decode_hex (line, key, SP_KEY_FILE_KEY_LEN) ||
      !decode_hex (text, check, sizeof check))
    return fail_damaged (error);
  if (!make_check (key, hash, error))
    return NULL;
  holds = sp_bytes_equal (hash, check, sizeof check);
  sp_wipe (hash, sizeof hash);
  return holds ? g_steal_pointer (&secret) : fail_damaged (error);
}

/* <Data Hash="...">: the key's hash, of which the first bytes are written. */
static gboolean
check_xml_hash (Span attributes, const guint8 *key, gboolean *out_holds, GError **error)
{
  guint8 wanted[XML_HASH];
  guint8 hash[SP_SHA256_LEN];
  Span text;

  *out_holds = FALSE;
  if (!sp_sha256 (key, SP_KEY_FILE_KEY_LEN, hash, error))
    return FALSE;
  *out_holds = skip_past (&attributes, "Hash=\"") && take_until (&attributes, "\"", &text) &&
               decode_hex (text, wanted, sizeof wanted) &&
               sp_bytes_equal (hash, wanted, sizeof wanted);
  sp_wipe (hash, sizeof hash);
  return TRUE;
}

static SpSecret *
parse_xml (Span text, GError **error)
{
  guint8 *key;
  g_autoptr (SpSecret) secret = sp_secret_new_uninitialized (SP_KEY_FILE_KEY_LEN, &key);
  Span version, attributes, data;
  gboolean holds;

  if (!skip_past (&text, "<Version>") || !take_until (&text, "</Version>", &version) ||
      !skip_past (&text, "<Data") || !take_until (&text, ">", &attributes) ||
      !take_until (&text, "</Data>", &data))
    return fail_damaged (error);
  if (starts_with (version, "1.")) {
    holds = decode_base64 (data, key, SP_KEY_FILE_KEY_LEN);
  } else if (starts_with (version, "2.")) {
    if (!decode_hex (data, key, SP_KEY_FILE_KEY_LEN))
      return fail_damaged (error);
    if (!check_xml_hash (attributes, key, &holds, error))
      return NULL;
  } else {
    return fail (error, "The key file is of a newer kind than is known here.");
  }
  if (!holds)
    return fail_damaged (error);
  return g_steal_pointer (&secret);
}

static gboolean
is_xml_key_file (Span text)
{
  if (starts_with (text, "\xef\xbb\xbf")) {
    text.data += 3;
    text.len -= 3;
  }
  return (starts_with (text, "<?xml") && skip_past (&text, "<KeyFile")) ||
         starts_with (text, "<KeyFile");
}

/* As KeePass takes a file that is not one of its own. */
static SpSecret *
parse_any (const SpSecret *content, Span text, GError **error)
{
  guint8 *key;
  g_autoptr (SpSecret) secret = NULL;

  if (text.len == SP_KEY_FILE_KEY_LEN)
    return sp_secret_ref (content);
  secret = sp_secret_new_uninitialized (SP_KEY_FILE_KEY_LEN, &key);
  if (text.len == HEX_LEN && decode_hex (text, key, SP_KEY_FILE_KEY_LEN))
    return g_steal_pointer (&secret);
  if (!sp_sha256 (text.data, text.len, key, error))
    return NULL;
  return g_steal_pointer (&secret);
}

/**
 * sp_key_file_new:
 * @error: return location for an error of the crypto layer
 *
 * Returns: (transfer full) (nullable): 32 random bytes
 */
SpSecret *
sp_key_file_new (GError **error)
{
  return sp_random_secret (SP_KEY_FILE_KEY_LEN, error);
}

static void
append_hex (SpSecretBuffer *buffer, const guint8 *data, gsize len)
{
  for (gsize i = 0; i < len; i++) {
    guint8 digits[2] = { write_hex_digit (data[i] >> 4), write_hex_digit (data[i] & 0xf) };

    sp_secret_buffer_append (buffer, digits, sizeof digits);
    SP_WIPE_ARRAY (digits);
  }
}

/**
 * sp_key_file_format:
 * @key: 32 bytes
 * @error: return location for an error of the crypto layer
 *
 * Returns: (transfer full) (nullable): the content of a key file that has it
 */
SpSecret *
sp_key_file_format (const SpSecret *key, GError **error)
{
  g_autoptr (SpSecretBuffer) buffer = NULL;
  guint8 hash[SP_SHA256_LEN];

  g_return_val_if_fail (sp_secret_get_length (key) == SP_KEY_FILE_KEY_LEN, NULL);

  if (!make_check (sp_secret_peek (key, NULL), hash, error))
    return NULL;
  buffer = sp_secret_buffer_new ();
  sp_secret_buffer_append_text (buffer, FIRST_LINE KEY_LINE);
  append_hex (buffer, sp_secret_peek (key, NULL), SP_KEY_FILE_KEY_LEN);
  sp_secret_buffer_append_text (buffer, CHECK_LINE);
  append_hex (buffer, hash, CHECK_LEN);
  sp_secret_buffer_append_text (buffer, "\n");
  return sp_secret_buffer_finish (buffer);
}

/**
 * sp_key_file_parse:
 * @content: a whole file
 * @error: return location for a [error@PasswordError]
 *
 * Returns: (transfer full) (nullable): the key that the file stands for, 32 bytes; `NULL` with
 *   `SP_PASSWORD_ERROR_KEY_FILE` if it is none
 */
SpSecret *
sp_key_file_parse (const SpSecret *content, GError **error)
{
  Span text;

  g_return_val_if_fail (content != NULL, NULL);

  text.data = sp_secret_peek (content, &text.len);
  if (text.len == 0)
    return fail (error, "The key file is empty.");
  if (text.len > SP_KEY_FILE_MAX_LEN)
    return fail (error, "A key file can be at most 1 MiB large.");
  if (starts_with (text, "securepass-key-file "))
    return parse_own (text, error);
  if (is_xml_key_file (text))
    return parse_xml (text, error);
  return parse_any (content, text, error);
}
