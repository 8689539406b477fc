/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The part of the generator for SP_GENERATOR_CHARACTERS; private to the password layer. */

#pragma once

#include "password/sp-generator.h"

G_BEGIN_DECLS

gboolean sp_generator_characters_check (const SpGeneratorRecipe *recipe,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
double sp_generator_characters_bits (const SpGeneratorRecipe *recipe);
SpSecret *sp_generator_characters_make (const SpGeneratorRecipe *recipe,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
