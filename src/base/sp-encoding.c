/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Hexadecimal (for digests, nonces and other public bytes) and base32 (RFC 4648 section 6, for one-time
 * code seeds). Base32 maps symbols by arithmetic instead of a table, so that no cache line depends on a
 * secret, and touches only guarded memory. */

#define G_LOG_DOMAIN "sp-encoding"

#include "config.h"

#include "base/sp-encoding.h"

#include <string.h>

#include "base/sp-wipe.h"

/**
 * sp_hex_encode:
 * @data: (array length=len) (nullable): public bytes
 * @len: how many
 *
 * Returns: (transfer full): two lower-case digits for each byte
 */
char *
sp_hex_encode (const guint8 *data, gsize len)
{
  static const char digits[] = "0123456789abcdef";
  char *text;

  g_return_val_if_fail (data != NULL || len == 0, NULL);
  g_return_val_if_fail (len <= (G_MAXSIZE - 1) / 2, NULL);

  text = g_malloc (len * 2 + 1);
  for (gsize i = 0; i < len; i++) {
    text[2 * i] = digits[data[i] >> 4];
    text[2 * i + 1] = digits[data[i] & 0x0f];
  }
  text[2 * len] = '\0';
  return text;
}

/**
 * sp_hex_decode:
 * @text: hexadecimal digits in either case
 * @out_data: (out caller-allocates) (array length=len): the bytes
 * @len: how many bytes are expected
 *
 * Reads exactly 2 * @len digits.
 *
 * Returns: %TRUE if @text is exactly that; else @out_data is left alone
 */
gboolean
sp_hex_decode (const char *text, guint8 *out_data, gsize len)
{
  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (out_data != NULL || len == 0, FALSE);

  if (len > G_MAXSIZE / 2 || strlen (text) != len * 2)
    return FALSE;
  for (gsize i = 0; i < len * 2; i++) {
    if (!g_ascii_isxdigit (text[i]))
      return FALSE;
  }

  for (gsize i = 0; i < len; i++)
    out_data[i] = (guint8) (g_ascii_xdigit_value (text[2 * i]) << 4 |
                            g_ascii_xdigit_value (text[2 * i + 1]));
  return TRUE;
}

/* All ones if low <= value <= high, else zero: a difference below zero shows in the highest bit. */
static guint32
range_mask (guint32 value, guint32 low, guint32 high)
{
  return (((value - low) | (high - value)) >> 31) - 1;
}

/* The value of a symbol in either case, or 32 for none. */
static guint32
symbol_value (guint8 symbol)
{
  guint32 upper = range_mask (symbol, 'A', 'Z');
  guint32 lower = range_mask (symbol, 'a', 'z');
  guint32 digit = range_mask (symbol, '2', '7');

  return (upper & (symbol - 'A')) | (lower & (symbol - 'a')) | (digit & (symbol - '2' + 26u)) |
         (~(upper | lower | digit) & 32);
}

static guint8
value_symbol (guint32 value)
{
  return (guint8) ((range_mask (value, 0, 25) & (value + 'A')) |
                   (range_mask (value, 26, 31) & (value - 26 + '2')));
}

static gboolean
is_separator (guint8 c)
{
  return c == '-' || g_ascii_isspace (c);
}

/* Counts the symbols; FALSE if there is something that is none, or padding before the end. */
static gboolean
base32_scan (const char *text, gsize len, gsize *out_symbols)
{
  gsize symbols = 0;
  gboolean padded = FALSE;

  for (gsize i = 0; i < len; i++) {
    guint8 c = (guint8) text[i];

    if (is_separator (c))
      continue;
    if (c == '=') {
      padded = TRUE;
      continue;
    }
    if (padded || symbol_value (c) > 31)
      return FALSE;
    symbols++;
  }

  *out_symbols = symbols;
  return TRUE;
}

/**
 * sp_base32_decode:
 * @text: (array length=len): base32 as RFC 4648 section 6 has it
 * @len: the length of @text in bytes
 *
 * Reads base32 as people paste it: case, white space, hyphens and padding are forgiven, and so are bits
 * set after the last whole byte, which some services give out. A number of symbols that no encoder makes
 * (1, 3 or 6 after the last group of 8) is not.
 *
 * Returns: (transfer full) (nullable): the bytes, or %NULL if @text is not base32
 */
SpSecret *
sp_base32_decode (const char *text, gsize len)
{
  SpSecret *secret;
  guint8 *data;
  gsize symbols;
  gsize position = 0;
  guint32 bits = 0;
  guint n_bits = 0;

  g_return_val_if_fail (text != NULL || len == 0, NULL);

  if (!base32_scan (text, len, &symbols))
    return NULL;
  if (symbols % 8 == 1 || symbols % 8 == 3 || symbols % 8 == 6)
    return NULL;

  secret = sp_secret_new_uninitialized (symbols / 8 * 5 + symbols % 8 * 5 / 8, &data);
  for (gsize i = 0; i < len; i++) {
    guint8 c = (guint8) text[i];

    if (is_separator (c) || c == '=')
      continue;
    bits = bits << 5 | symbol_value (c);
    n_bits += 5;
    if (n_bits >= 8) {
      n_bits -= 8;
      data[position++] = (guint8) (bits >> n_bits);
    }
  }
  g_assert (position == sp_secret_get_length (secret));

  SP_WIPE_STRUCT (bits);
  return secret;
}

/**
 * sp_base32_encode:
 * @data: bytes
 *
 * Returns: (transfer full): them in base32 (RFC 4648 section 6), upper case, without padding
 */
SpSecret *
sp_base32_encode (const SpSecret *data)
{
  SpSecret *text;
  const guint8 *bytes;
  guint8 *symbols;
  gsize len;
  gsize position = 0;
  guint32 bits = 0;
  guint n_bits = 0;

  g_return_val_if_fail (data != NULL, NULL);

  bytes = sp_secret_peek (data, &len);
  text = sp_secret_new_uninitialized (len / 5 * 8 + (len % 5 * 8 + 4) / 5, &symbols);
  for (gsize i = 0; i < len; i++) {
    bits = bits << 8 | bytes[i];
    n_bits += 8;
    while (n_bits >= 5) {
      n_bits -= 5;
      symbols[position++] = value_symbol (bits >> n_bits & 31);
    }
  }
  if (n_bits > 0)
    symbols[position++] = value_symbol (bits << (5 - n_bits) & 31);
  g_assert (position == sp_secret_get_length (text));

  SP_WIPE_STRUCT (bits);
  return text;
}
