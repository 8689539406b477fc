/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpNatural: natural numbers of up to 2048 bits, for counting passwords exactly. A plain value, to
 * be declared and assigned; private to the password layer. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SP_NATURAL_LIMBS 32

typedef struct {
  guint n_limbs; /* in use; the highest of them is not zero; 0 is the number zero */
  guint64 limbs[SP_NATURAL_LIMBS]; /* the lowest first */
} SpNatural;

void sp_natural_set (SpNatural *self, guint64 value);
int sp_natural_compare (const SpNatural *a, const SpNatural *b);
void sp_natural_add (SpNatural *self, const SpNatural *other);
void sp_natural_subtract (SpNatural *self, const SpNatural *other);
void sp_natural_multiply (const SpNatural *a, const SpNatural *b, SpNatural *out_product);
void sp_natural_scale (SpNatural *self, guint32 numerator, guint32 denominator);
double sp_natural_log2 (const SpNatural *self);
gboolean sp_natural_random (const SpNatural *bound,
                            SpNatural *out_value,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
