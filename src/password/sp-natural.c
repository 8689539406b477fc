/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Natural numbers in base 2^64, by the schoolbook.
 *
 * Made for one purpose: the number of strings that satisfy a recipe of the generator, at most
 * 95^256, which is below 2^1682. A result that does not fit is a programmer error and asserts. Not
 * in constant time: the numbers come from the recipe, and the one random number tells no more than
 * how many characters of each class a password has. */

#define G_LOG_DOMAIN "sp-natural"

#include "config.h"

#include "password/sp-natural-private.h"

#include <math.h>
#include <string.h>

#include "base/sp-wipe.h"
#include "crypto/sp-crypto.h"
#include "crypto/sp-random.h"

#define MAX_DRAWS 128 /* each fails with a probability of at most 1/2 */

G_GNUC_EXTENSION typedef unsigned __int128 Wide;

static void
trim (SpNatural *self)
{
  while (self->n_limbs > 0 && self->limbs[self->n_limbs - 1] == 0)
    self->n_limbs--;
}

static void
push_carry (SpNatural *self, guint64 carry)
{
  if (carry == 0)
    return;

  g_assert (self->n_limbs < SP_NATURAL_LIMBS);
  self->limbs[self->n_limbs++] = carry;
}

/**
 * sp_natural_set:
 * @self: (out): a number
 * @value: its new value
 *
 * Sets a number.
 */
void
sp_natural_set (SpNatural *self, guint64 value)
{
  self->n_limbs = 0;
  push_carry (self, value);
}

/**
 * sp_natural_compare:
 * @a: a number
 * @b: another
 *
 * Compares two numbers.
 *
 * Returns: less than, equal to or greater than zero, as @a is to @b
 */
int
sp_natural_compare (const SpNatural *a, const SpNatural *b)
{
  if (a->n_limbs != b->n_limbs)
    return a->n_limbs < b->n_limbs ? -1 : 1;

  for (guint i = a->n_limbs; i-- > 0;) {
    if (a->limbs[i] != b->limbs[i])
      return a->limbs[i] < b->limbs[i] ? -1 : 1;
  }
  return 0;
}

/**
 * sp_natural_add:
 * @self: a number
 * @other: what to add to it
 *
 * Adds in place.
 */
void
sp_natural_add (SpNatural *self, const SpNatural *other)
{
  Wide carry = 0;

  while (self->n_limbs < other->n_limbs)
    self->limbs[self->n_limbs++] = 0;

  for (guint i = 0; i < self->n_limbs; i++) {
    carry += self->limbs[i];
    if (i < other->n_limbs)
      carry += other->limbs[i];
    self->limbs[i] = (guint64) carry;
    carry >>= 64;
  }
  push_carry (self, (guint64) carry);
}

/**
 * sp_natural_subtract:
 * @self: a number
 * @other: what to take from it, at most @self
 *
 * Subtracts in place.
 */
void
sp_natural_subtract (SpNatural *self, const SpNatural *other)
{
  guint64 borrow = 0;

  g_assert (sp_natural_compare (self, other) >= 0);

  for (guint i = 0; i < self->n_limbs; i++) {
    Wide taken = (Wide) borrow + (i < other->n_limbs ? other->limbs[i] : 0);

    borrow = self->limbs[i] < taken;
    self->limbs[i] = (guint64) (self->limbs[i] - taken);
  }
  trim (self);
}

/**
 * sp_natural_multiply:
 * @a: a number
 * @b: another
 * @out_product: (out): their product, neither @a nor @b
 *
 * Multiplies two numbers.
 */
void
sp_natural_multiply (const SpNatural *a, const SpNatural *b, SpNatural *out_product)
{
  g_assert (out_product != a && out_product != b);

  out_product->n_limbs = 0;
  if (a->n_limbs == 0 || b->n_limbs == 0)
    return;

  /* The product has as many limbs as both together, or one fewer. */
  g_assert (a->n_limbs + b->n_limbs <= SP_NATURAL_LIMBS);
  out_product->n_limbs = a->n_limbs + b->n_limbs;
  memset (out_product->limbs, 0, out_product->n_limbs * sizeof (guint64));

  for (guint i = 0; i < a->n_limbs; i++) {
    Wide carry = 0;

    for (guint j = 0; j < b->n_limbs; j++) {
      carry += (Wide) a->limbs[i] * b->limbs[j] + out_product->limbs[i + j];
      out_product->limbs[i + j] = (guint64) carry;
      carry >>= 64;
    }
    out_product->limbs[i + b->n_limbs] = (guint64) carry;
  }
  trim (out_product);
}

/**
 * sp_natural_scale:
 * @self: a number
 * @numerator: what to multiply it by
 * @denominator: what to divide it by then, without remainder; not 0
 *
 * Multiplies by a fraction in place, as it takes a binomial coefficient to the next.
 */
void
sp_natural_scale (SpNatural *self, guint32 numerator, guint32 denominator)
{
  Wide carry = 0;

  g_assert (denominator != 0);

  for (guint i = 0; i < self->n_limbs; i++) {
    carry += (Wide) self->limbs[i] * numerator;
    self->limbs[i] = (guint64) carry;
    carry >>= 64;
  }
  push_carry (self, (guint64) carry);

  carry = 0;
  for (guint i = self->n_limbs; i-- > 0;) {
    carry = (carry << 64) | self->limbs[i];
    self->limbs[i] = (guint64) (carry / denominator);
    carry %= denominator;
  }
  g_assert (carry == 0);
  trim (self);
}

/**
 * sp_natural_log2:
 * @self: a number, not zero
 *
 * Computes the binary logarithm, to the precision of a double.
 *
 * Returns: the logarithm
 */
double
sp_natural_log2 (const SpNatural *self)
{
  double top = 0;

  g_assert (self->n_limbs > 0);

  /* Two limbs hold at least 65 significant bits, more than a double does. */
  for (guint i = 0; i < 2 && i < self->n_limbs; i++)
    top += ldexp ((double) self->limbs[self->n_limbs - 1 - i], -64 * (int) i);

  return log2 (top) + 64.0 * (self->n_limbs - 1);
}

/**
 * sp_natural_random:
 * @bound: the number that the result is below, not zero
 * @out_value: (out): a random number
 * @error: return location for a [error@CryptoError]
 *
 * Draws uniformly from [0, @bound): as many random bits as the bound has, until they are below it,
 * which takes two tries on average at worst.
 *
 * Returns: whether random bytes could be had
 */
gboolean
sp_natural_random (const SpNatural *bound, SpNatural *out_value, GError **error)
{
  guint64 top_mask;
  SpNatural value;

  g_assert (bound->n_limbs > 0);

  top_mask = G_MAXUINT64 >> __builtin_clzll (bound->limbs[bound->n_limbs - 1]);
  for (guint i = 0; i < MAX_DRAWS; i++) {
    value.n_limbs = bound->n_limbs;
    if (!sp_random_bytes ((guint8 *) value.limbs, bound->n_limbs * sizeof (guint64), error))
      return FALSE;
    value.limbs[bound->n_limbs - 1] &= top_mask;
    trim (&value);
    if (sp_natural_compare (&value, bound) < 0) {
      *out_value = value;
      SP_WIPE_STRUCT (value);
      return TRUE;
    }
  }

  SP_WIPE_STRUCT (value);
  g_set_error_literal (error, SP_CRYPTO_ERROR, SP_CRYPTO_ERROR_RANDOM,
                       "The random bytes are not random.");
  return FALSE;
}
