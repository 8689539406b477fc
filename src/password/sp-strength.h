/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How many guesses a password would withstand, by zxcvbn. */

#pragma once

#include <glib.h>

#include "base/sp-secret.h"

G_BEGIN_DECLS

#define SP_STRENGTH_MAX_SCORE 4

/* Guesses per second that the crack times assume; sp-strength.c says why. */
#define SP_STRENGTH_VAULT_RATE 1e6
#define SP_STRENGTH_FAST_RATE  1e12

typedef enum {
  SP_STRENGTH_WARNING_NONE,
  SP_STRENGTH_WARNING_EMPTY,
  SP_STRENGTH_WARNING_COMMON,    /* all of it is one common password or word */
  SP_STRENGTH_WARNING_USER_WORD, /* it leans on the user's own words (name, title, address) */
  SP_STRENGTH_WARNING_DICTIONARY,
  SP_STRENGTH_WARNING_KEYBOARD,
  SP_STRENGTH_WARNING_REPEAT,
  SP_STRENGTH_WARNING_SEQUENCE,
  SP_STRENGTH_WARNING_DATE,
} SpStrengthWarning;

typedef enum {
  SP_CRACK_TIME_INSTANT, /* under a second */
  SP_CRACK_TIME_SECONDS,
  SP_CRACK_TIME_MINUTES,
  SP_CRACK_TIME_HOURS,
  SP_CRACK_TIME_DAYS,
  SP_CRACK_TIME_MONTHS,
  SP_CRACK_TIME_YEARS,
  SP_CRACK_TIME_CENTURIES, /* a hundred years or more */
} SpCrackTimeUnit;

typedef struct {
  SpCrackTimeUnit unit;
  guint count; /* in that unit, rounded down; 0 for INSTANT and CENTURIES */
  double log10_seconds;
} SpCrackTime;

typedef struct {
  int score; /* 0 (a thousand guesses) to 4 (over 10^10) */
  double bits;
  double guesses_log10;
  gboolean common;           /* all of it is one word: of the dictionary, or of the user's own */
  SpStrengthWarning warning; /* NONE from score 3 on */
  SpCrackTime vault_time;    /* behind our Argon2id */
  SpCrackTime fast_time;     /* behind a fast unsalted hash, as leaked by careless sites */
} SpStrength;

/* user_words: (nullable) NULL-terminated, UTF-8, not secret. Never fails: any bytes have a strength. */
void sp_strength_estimate (const SpSecret *password,
                           const char *const *user_words,
                           SpStrength *out_strength);
/* An untranslated, translatable sentence, or NULL for NONE. */
const char *sp_strength_warning_get_text (SpStrengthWarning warning);

G_END_DECLS
