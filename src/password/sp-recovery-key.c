/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Recovery keys on paper (VAULT-FORMAT.md §4.4): Crockford's base32, and two words of the Reed-Solomon code
 * [20,16,5] over GF(32), shortened from [31,27,5], with the roots a^1 to a^4.
 *
 * A half is the polynomial whose highest coefficient is its first symbol. Its syndromes are its values at the
 * roots; all are zero exactly for a word of the code. One or two errors are found by Peterson's equations
 * (W. W. Peterson, 1960), with the quotient multiplied out, so that nothing is inverted:
 *
 *   one error at degree d:      S1 x + S2 = 0 for x = a^d, and S2^2 = S1 S3, S3^2 = S2 S4
 *   two, at the degrees d, e:   D x^2 + (S2 S3 + S1 S4) x + (S3^2 + S2 S4) = 0 for x = a^d and a^e,
 *                               with D = S2^2 + S1 S3, which is zero for fewer than two
 *
 * A symbol never is an index: products are made bit by bit, and characters are compared with every one of the
 * alphabet. What is not constant is how many symbols there are, where separators stand, and what is wrong. */

#define G_LOG_DOMAIN "sp-recovery-key"

#include "config.h"

#include "password/sp-recovery-key.h"

#include <string.h>

#include "base/sp-mask.h"
#include "base/sp-wipe.h"
#include "crypto/sp-random.h"
#include "password/sp-password-error.h"

#define HALF_LEN     20
#define DATA_LEN     16
#define N_CHECKS     4
#define FIELD_BITS   5
#define FIELD_POLY   0x25 /* x^5 + x^2 + 1 */
#define NO_SYMBOL    0xff
#define TEXT_MAX_LEN 4096
#define MINUS_SIGN   0x2212
#define UTF8_MAX_LEN 6
#define RETYPE       "Compare it with what is written down."

G_STATIC_ASSERT (2 * HALF_LEN == SP_RECOVERY_KEY_SYMBOLS);
G_STATIC_ASSERT (2 * DATA_LEN * FIELD_BITS == SP_RECOVERY_KEY_LEN * 8);

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* What else is read, and as what. */
static const char aliases[] = "abcdefghjkmnpqrstvwxyzOoIiLl";
static const char alias_of[] = "ABCDEFGHJKMNPQRSTVWXYZ001111";

static guint
multiply (guint a, guint b)
{
  guint product = 0;

  for (guint i = 0; i < FIELD_BITS; i++)
    product ^= (a << i) & (0u - ((b >> i) & 1u));
  for (guint i = 2 * FIELD_BITS - 2; i >= FIELD_BITS; i--)
    product ^= ((guint) FIELD_POLY << (i - FIELD_BITS)) & (0u - ((product >> i) & 1u));
  return product;
}

/* a^exponent, for an exponent that is no secret. */
static guint
power (guint exponent)
{
  guint result = 1;

  for (guint i = 0; i < exponent; i++)
    result = multiply (result, 2);
  return result;
}

/* g(x) = (x + a)(x + a^2)(x + a^3)(x + a^4), without its leading 1, highest coefficient first. */
static void
make_generator (guint out_generator[static N_CHECKS])
{
  guint polynomial[N_CHECKS + 1] = { 1 };

  for (guint root = 1; root <= N_CHECKS; root++)
    for (guint i = root; i > 0; i--)
      polynomial[i] ^= multiply (polynomial[i - 1], power (root));
  for (guint i = 0; i < N_CHECKS; i++)
    out_generator[i] = polynomial[i + 1];
}

/* The last four symbols of a half: the remainder of its first sixteen, as a division leaves it. */
static void
append_checks (guint8 half[static HALF_LEN])
{
  guint generator[N_CHECKS];
  guint remainder[N_CHECKS] = { 0 };

  make_generator (generator);
  for (guint i = 0; i < DATA_LEN; i++) {
    guint factor = half[i] ^ remainder[0];

    for (guint j = 0; j < N_CHECKS; j++)
      remainder[j] = (j + 1 < N_CHECKS ? remainder[j + 1] : 0) ^ multiply (factor, generator[j]);
  }
  for (guint i = 0; i < N_CHECKS; i++)
    half[DATA_LEN + i] = (guint8) remainder[i];
  SP_WIPE_ARRAY (remainder);
}

static gboolean
find_syndromes (const guint8 half[static HALF_LEN], guint out_syndromes[static N_CHECKS])
{
  guint any = 0;

  for (guint i = 0; i < N_CHECKS; i++) {
    guint root = power (i + 1);
    guint value = 0;

    for (guint j = 0; j < HALF_LEN; j++)
      value = multiply (value, root) ^ half[j];
    out_syndromes[i] = value;
    any |= value;
  }
  return any != 0;
}

/* The groups of a wrong half (bit 0 is its first) in which one or two wrong symbols explain it; 0 for none. */
static guint
locate (const guint s[static N_CHECKS])
{
  guint determinant = multiply (s[1], s[1]) ^ multiply (s[0], s[2]);
  guint linear = multiply (s[1], s[2]) ^ multiply (s[0], s[3]);
  guint constant = multiply (s[2], s[2]) ^ multiply (s[1], s[3]);
  gboolean one = determinant == 0;
  guint n_found = 0;
  guint groups = 0;
  guint x = 1; /* a^degree */

  if (one && (linear != 0 || constant != 0 || s[0] == 0))
    return 0;
  for (guint degree = 0; degree < HALF_LEN; degree++, x = multiply (x, 2)) {
    guint position = HALF_LEN - 1 - degree;
    guint value = one ? multiply (s[0], x) ^ s[1]
                      : multiply (multiply (determinant, x) ^ linear, x) ^ constant;

    if (value != 0)
      continue;
    n_found++;
    groups |= 1u << (position / SP_RECOVERY_KEY_GROUP_LEN);
  }
  return n_found == (one ? 1 : 2) ? groups : 0;
}

/* NO_SYMBOL for what no recovery key has. */
static guint8
read_symbol (guint8 character)
{
  guint value = NO_SYMBOL;
  guint letter = character;

  for (guint i = 0; i < sizeof aliases - 1; i++)
    letter ^= (letter ^ (guint8) alias_of[i]) & sp_mask_equal (character, (guint8) aliases[i]);
  for (guint i = 0; i < sizeof alphabet - 1; i++)
    value ^= (value ^ i) & sp_mask_equal (letter, (guint8) alphabet[i]);
  return (guint8) value;
}

static char
write_symbol (guint value)
{
  guint character = 0;

  for (guint i = 0; i < sizeof alphabet - 1; i++)
    character |= (guint8) alphabet[i] & sp_mask_equal (value, i);
  return (char) character;
}

/* Whether the bytes at `data` are a character to pass over, and how many they are if they are not ASCII. A
 * hyphen may have become a dash on its way through a document. */
static gboolean
is_separator (const guint8 *data, gsize len, gsize *out_len)
{
  gunichar c;

  *out_len = 1;
  if (*data < 0x80)
    return *data == '-' || sp_mask_space (*data) != 0;
  c = g_utf8_get_char_validated ((const char *) data, (gssize) MIN (len, UTF8_MAX_LEN));
  if (c == (gunichar) -1 || c == (gunichar) -2)
    return FALSE;
  *out_len = g_utf8_skip[*data];
  return g_unichar_isspace (c) || c == MINUS_SIGN ||
         g_unichar_type (c) == G_UNICODE_DASH_PUNCTUATION;
}

/* One symbol, or NO_SYMBOL, for each character that is no separator; stops behind the one too many, which a text
 * that is longer than can be looked at counts as. */
static guint
read_symbols (const SpSecret *text, guint8 out_symbols[static SP_RECOVERY_KEY_SYMBOLS])
{
  guint n_symbols = 0;
  gsize len;
  const guint8 *data = sp_secret_peek (text, &len);
  gboolean cut = len > TEXT_MAX_LEN;
  gsize i = 0;

  memset (out_symbols, NO_SYMBOL, SP_RECOVERY_KEY_SYMBOLS);
  len = MIN (len, TEXT_MAX_LEN);
  while (i < len && n_symbols <= SP_RECOVERY_KEY_SYMBOLS) {
    gsize character_len;

    if (!is_separator (data + i, len - i, &character_len)) {
      if (n_symbols < SP_RECOVERY_KEY_SYMBOLS)
        out_symbols[n_symbols] = character_len == 1 ? read_symbol (data[i]) : NO_SYMBOL;
      n_symbols++;
    }
    i += character_len;
  }
  return cut ? SP_RECOVERY_KEY_SYMBOLS + 1 : n_symbols;
}

static void
check_half (const guint8 *symbols, guint half, SpRecoveryCheck *check)
{
  guint first_group = half * SP_RECOVERY_KEY_HALF_GROUPS;
  guint syndromes[N_CHECKS];

  for (guint i = 0; i < HALF_LEN && half * HALF_LEN + i < check->n_symbols; i++)
    if (symbols[i] == NO_SYMBOL)
      check->foreign |= 1u << (first_group + i / SP_RECOVERY_KEY_GROUP_LEN);
  if (check->n_symbols < (half + 1) * HALF_LEN)
    return;

  check->halves[half] = SP_RECOVERY_HALF_WRONG;
  if ((check->foreign >> first_group & 0xf) != 0)
    return;
  if (find_syndromes (symbols, syndromes))
    check->suspects |= locate (syndromes) << first_group;
  else
    check->halves[half] = SP_RECOVERY_HALF_RIGHT;
  SP_WIPE_ARRAY (syndromes);
}

static void
check_symbols (const guint8 *symbols, guint n_symbols, SpRecoveryCheck *out_check)
{
  memset (out_check, 0, sizeof *out_check);
  out_check->n_symbols = n_symbols;
  for (guint half = 0; half < 2; half++)
    check_half (symbols + half * HALF_LEN, half, out_check);
}

/**
 * sp_recovery_key_new:
 * @error: return location for an error of the crypto layer
 *
 * Returns: (transfer full) (nullable): 160 random bits
 */
SpSecret *
sp_recovery_key_new (GError **error)
{
  return sp_random_secret (SP_RECOVERY_KEY_LEN, error);
}

/**
 * sp_recovery_key_format:
 * @key: the 20 bytes of a recovery key
 *
 * Returns: (transfer full): the key as it is written down, eight groups of five symbols with hyphens between
 */
SpSecret *
sp_recovery_key_format (const SpSecret *key)
{
  guint8 symbols[SP_RECOVERY_KEY_SYMBOLS];
  guint8 *text;
  SpSecret *formatted;
  const guint8 *data;
  gsize len;

  g_return_val_if_fail (sp_secret_get_length (key) == SP_RECOVERY_KEY_LEN, NULL);

  data = sp_secret_peek (key, &len);
  for (guint i = 0; i < 2 * DATA_LEN; i++) {
    guint bit = i * FIELD_BITS;
    guint pair = (guint) data[bit / 8] << 8 | (bit / 8 + 1 < len ? data[bit / 8 + 1] : 0u);

    symbols[i / DATA_LEN * HALF_LEN + i % DATA_LEN] = (pair >> (16 - FIELD_BITS - bit % 8)) & 0x1f;
  }
  append_checks (symbols);
  append_checks (symbols + HALF_LEN);

  formatted = sp_secret_new_uninitialized (SP_RECOVERY_KEY_TEXT_LEN, &text);
  for (guint i = 0; i < SP_RECOVERY_KEY_SYMBOLS; i++) {
    if (i > 0 && i % SP_RECOVERY_KEY_GROUP_LEN == 0)
      *text++ = '-';
    *text++ = (guint8) write_symbol (symbols[i]);
  }
  SP_WIPE_ARRAY (symbols);
  return formatted;
}

/**
 * sp_recovery_key_check:
 * @text: what was typed so far
 * @out_check: (out caller-allocates): what can be said of it
 *
 * Says which groups are probably wrong, as soon as their half is complete.
 */
void
sp_recovery_key_check (const SpSecret *text, SpRecoveryCheck *out_check)
{
  guint8 symbols[SP_RECOVERY_KEY_SYMBOLS];

  g_return_if_fail (text != NULL && out_check != NULL);

  check_symbols (symbols, read_symbols (text, symbols), out_check);
  SP_WIPE_ARRAY (symbols);
}

/* "3", or "3 and 5". */
static char *
name_groups (guint groups, guint *out_n)
{
  g_autoptr (GString) names = g_string_new (NULL);
  guint left = 0;

  *out_n = 0;
  for (guint i = 0; i < SP_RECOVERY_KEY_GROUPS; i++)
    left += groups >> i & 1u;
  for (guint i = 0; i < SP_RECOVERY_KEY_GROUPS; i++) {
    if ((groups >> i & 1u) == 0)
      continue;
    if (*out_n > 0)
      g_string_append (names, left == 1 ? " and " : ", ");
    g_string_append_printf (names, "%u", i + 1);
    (*out_n)++;
    left--;
  }
  return g_string_free (g_steal_pointer (&names), FALSE);
}

static void
set_groups_error (GError **error, guint groups, gboolean foreign)
{
  guint n;
  g_autofree char *names = name_groups (groups, &n);

  if (foreign)
    g_set_error (
        error, SP_PASSWORD_ERROR, SP_PASSWORD_ERROR_RECOVERY_KEY,
        n == 1 ? "Group %s of the recovery key has a character that no recovery key has. " RETYPE
               : "Groups %s of the recovery key have characters that no recovery key has. " RETYPE,
        names);
  else
    g_set_error (error, SP_PASSWORD_ERROR, SP_PASSWORD_ERROR_RECOVERY_KEY,
                 n == 1 ? "Group %s of the recovery key is probably wrong. " RETYPE
                        : "Groups %s of the recovery key are probably wrong. " RETYPE,
                 names);
}

static void
set_check_error (GError **error, const SpRecoveryCheck *check)
{
  if (check->foreign != 0)
    set_groups_error (error, check->foreign, TRUE);
  else if (check->n_symbols != SP_RECOVERY_KEY_SYMBOLS)
    g_set_error_literal (
        error, SP_PASSWORD_ERROR, SP_PASSWORD_ERROR_RECOVERY_KEY,
        check->n_symbols < SP_RECOVERY_KEY_SYMBOLS
            ? "The recovery key is not complete: it has eight groups of five characters."
            : "The recovery key is too long: it has eight groups of five characters.");
  else if (check->suspects != 0)
    set_groups_error (error, check->suspects, FALSE);
  else if (check->halves[0] == SP_RECOVERY_HALF_RIGHT)
    g_set_error_literal (
        error, SP_PASSWORD_ERROR, SP_PASSWORD_ERROR_RECOVERY_KEY,
        "Several characters in groups 5 to 8 of the recovery key are wrong. " RETYPE);
  else if (check->halves[1] == SP_RECOVERY_HALF_RIGHT)
    g_set_error_literal (
        error, SP_PASSWORD_ERROR, SP_PASSWORD_ERROR_RECOVERY_KEY,
        "Several characters in groups 1 to 4 of the recovery key are wrong. " RETYPE);
  else
    g_set_error_literal (error, SP_PASSWORD_ERROR, SP_PASSWORD_ERROR_RECOVERY_KEY,
                         "Several characters of the recovery key are wrong. " RETYPE);
}

static SpSecret *
pack (const guint8 symbols[static SP_RECOVERY_KEY_SYMBOLS])
{
  guint8 *data;
  SpSecret *key = sp_secret_new_uninitialized (SP_RECOVERY_KEY_LEN, &data);
  guint bits = 0;
  guint n_bits = 0;

  for (guint i = 0; i < 2 * DATA_LEN; i++) {
    bits = (bits << FIELD_BITS | symbols[i / DATA_LEN * HALF_LEN + i % DATA_LEN]) & 0xfff;
    n_bits += FIELD_BITS;
    if (n_bits >= 8) {
      n_bits -= 8;
      *data++ = (guint8) (bits >> n_bits);
    }
  }
  return key;
}

/**
 * sp_recovery_key_parse:
 * @text: a recovery key as a person typed or pasted it
 * @error: return location for a [error@PasswordError]
 *
 * Returns: (transfer full) (nullable): its 20 bytes; `NULL` with `SP_PASSWORD_ERROR_RECOVERY_KEY` if it is not
 *   one, and then the message names the group that is probably wrong, where that is known
 */
SpSecret *
sp_recovery_key_parse (const SpSecret *text, GError **error)
{
  guint8 symbols[SP_RECOVERY_KEY_SYMBOLS];
  SpRecoveryCheck check;
  SpSecret *key = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  check_symbols (symbols, read_symbols (text, symbols), &check);
  if (check.n_symbols == SP_RECOVERY_KEY_SYMBOLS && check.halves[0] == SP_RECOVERY_HALF_RIGHT &&
      check.halves[1] == SP_RECOVERY_HALF_RIGHT)
    key = pack (symbols);
  else
    set_check_error (error, &check);
  SP_WIPE_ARRAY (symbols);
  return key;
}
