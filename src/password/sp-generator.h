/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Passwords, passphrases and PINs, each uniform over all that its recipe allows. */

#pragma once

#include <glib.h>

#include "base/sp-secret.h"

G_BEGIN_DECLS

#define SP_GENERATOR_MAX_LENGTH     256 /* characters, and digits of a PIN */
#define SP_GENERATOR_MAX_WORDS      64
#define SP_GENERATOR_MAX_SEPARATOR  16 /* bytes */
#define SP_GENERATOR_DEFAULT_LENGTH 20
#define SP_GENERATOR_DEFAULT_WORDS  6
#define SP_GENERATOR_DEFAULT_PIN    6

typedef enum {
  SP_GENERATOR_CHARACTERS,
  SP_GENERATOR_PASSPHRASE,
  SP_GENERATOR_PIN,
} SpGeneratorKind;

typedef enum {
  SP_GENERATOR_LOWER,
  SP_GENERATOR_UPPER,
  SP_GENERATOR_DIGITS,
  SP_GENERATOR_SYMBOLS,
  SP_GENERATOR_N_CLASSES,
} SpGeneratorClass;

typedef struct {
  gboolean enabled;
  guint minimum; /* at least so many of this class; only looked at when enabled */
} SpGeneratorClassRule;

/* A pure parameter: the strings are borrowed. Fill it by sp_generator_recipe_init(), then change. */
typedef struct {
  SpGeneratorKind kind;

  guint length; /* characters */
  SpGeneratorClassRule classes[SP_GENERATOR_N_CLASSES];
  gboolean exclude_ambiguous; /* what is easily taken for something else: 0 O o 1 l I | ... */
  const char *exclude;        /* (nullable) UTF-8; none of its characters occurs */

  guint words;
  const char *separator; /* UTF-8; NULL is "-" */
  gboolean capitalise;   /* the first letter of each word */
  gboolean add_digit;    /* one digit after one word, both by chance */

  guint pin_length;
} SpGeneratorRecipe;

void sp_generator_recipe_init (SpGeneratorRecipe *recipe, SpGeneratorKind kind);
gboolean sp_generator_recipe_check (const SpGeneratorRecipe *recipe,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* log2 of the number of passwords that the recipe allows; -1 when it allows none. */
double sp_generator_entropy_bits (const SpGeneratorRecipe *recipe);
SpSecret *sp_generate (const SpGeneratorRecipe *recipe, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
