/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Strength by zxcvbn-c, after sp-strength-fold.c has made the password readable for it.
 *
 * Length: zxcvbn-c looks closely at the first 100 bytes, and adds some bits for the rest whatever
 * it is; 300 times "x" would be a good password. So we cut the password into pieces of 100 bytes,
 * up to three, and take the strongest: whoever guesses the whole has guessed that piece. What lies
 * beyond adds nothing.
 *
 * Repetition: zxcvbn-c rates what is repeated as if by chance, so that "Password1!" twice over
 * would do. Of a password that is one part again and again, we rate that part, and add how often it
 * comes.
 *
 * Memory (read in zxcvbn-c 2.5, and measured in the tests): its matches hold positions and numbers,
 * no characters; the one copy that it makes on the heap, the reversed password, it overwrites with
 * flags before it is freed. Nothing is left to wipe.
 *
 * Guesses per second. Behind our Argon2id, at 256 MiB and three passes, one guess moves some 2.4 GB
 * through memory; a graphics card of 1 TB/s makes at best 400 a second, and a farm of 2,500 such
 * cards a million: SP_STRENGTH_VAULT_RATE. Behind a fast unsalted hash, such as sites still lose, a
 * single machine with eight cards makes 10^12 a second: SP_STRENGTH_FAST_RATE. Both are for an
 * attacker who has the file, and both in the attacker's favour. */

#define G_LOG_DOMAIN "sp-strength"

#include "config.h"

#include "password/sp-strength.h"

#include <math.h>
#include <string.h>

#include <glib/gi18n-lib.h>
#include <zxcvbn.h>

#include "base/sp-wipe.h"
#include "password/sp-strength-fold-private.h"

#define MAX_PIECE_LEN     100 /* what zxcvbn-c is built to look at */
#define MAX_PIECES        3
#define MAX_USER_WORDS    64
#define MAX_USER_WORD_LEN 64
#define MIN_USER_PART_LEN 3
#define MIN_COMMON_LEN    3

/* Years of 365.2425 days. */
#define SECONDS_PER_DAY   86400.0
#define SECONDS_PER_YEAR  31556952.0
#define SECONDS_PER_MONTH (SECONDS_PER_YEAR / 12)

/* The user's words, folded, one after the other with NULs between; words leads into them. */
typedef struct {
  SpSecretBuffer *text;
  gsize starts[MAX_USER_WORDS];
  const char *words[MAX_USER_WORDS + 1];
  guint n_words;
} Words;

static void
words_add (Words *self, const char *text, gsize len)
{
  static const guint8 nul = 0;
  gsize start = sp_secret_buffer_get_length (self->text);

  if (self->n_words == MAX_USER_WORDS)
    return;

  sp_strength_fold (self->text, text, len, MAX_USER_WORD_LEN);
  if (sp_secret_buffer_get_length (self->text) < start + MIN_USER_PART_LEN) {
    sp_secret_buffer_truncate (self->text, start);
    return;
  }
  sp_secret_buffer_append (self->text, &nul, 1);
  self->starts[self->n_words++] = start;
}

static gboolean
is_part_of_word (char c)
{
  return g_ascii_isalnum (c) || (guint8) c >= 0x80;
}

/* "Ada Lovelace", "ada@example.org": the parts are words of their own. */
static void
words_add_parts (Words *self, const char *text)
{
  gsize len = strlen (text);
  gsize start = 0;

  for (gsize i = 0; i <= len; i++) {
    if (i < len && is_part_of_word (text[i]))
      continue;
    if (i > start && i - start < len)
      words_add (self, text + start, i - start);
    start = i + 1;
  }
}

static void
words_init (Words *self, const char *const *user_words)
{
  memset (self, 0, sizeof *self);
  self->text = sp_secret_buffer_new ();

  for (guint i = 0; user_words != NULL && user_words[i] != NULL; i++) {
    words_add (self, user_words[i], strlen (user_words[i]));
    words_add_parts (self, user_words[i]);
  }
  /* Only now does the buffer stay where it is. */
  for (guint i = 0; i < self->n_words; i++)
    self->words[i] = (const char *) sp_secret_buffer_peek (self->text) + self->starts[i];
}

static int
get_score (double guesses_log10)
{
  /* zxcvbn's own thresholds. */
  static const double thresholds[SP_STRENGTH_MAX_SCORE] = { 3, 6, 8, 10 };
  int score = 0;

  while (score < SP_STRENGTH_MAX_SCORE && guesses_log10 >= thresholds[score])
    score++;
  return score;
}

static SpCrackTime
get_crack_time (double guesses_log10, double rate)
{
  static const struct {
    SpCrackTimeUnit unit;
    double seconds;
  } units[] = {
    { SP_CRACK_TIME_YEARS, SECONDS_PER_YEAR },
    { SP_CRACK_TIME_MONTHS, SECONDS_PER_MONTH },
    { SP_CRACK_TIME_DAYS, SECONDS_PER_DAY },
    { SP_CRACK_TIME_HOURS, 3600 },
    { SP_CRACK_TIME_MINUTES, 60 },
    { SP_CRACK_TIME_SECONDS, 1 },
  };
  SpCrackTime time = { .unit = SP_CRACK_TIME_INSTANT };
  double seconds;

  time.log10_seconds = guesses_log10 - log10 (rate);
  if (time.log10_seconds >= log10 (100 * SECONDS_PER_YEAR)) {
    time.unit = SP_CRACK_TIME_CENTURIES;
    return time;
  }

  seconds = pow (10, time.log10_seconds);
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++) {
    if (seconds >= units[i].seconds) {
      time.unit = units[i].unit;
      time.count = (guint) (seconds / units[i].seconds);
      break;
    }
  }
  return time;
}

static SpStrengthWarning
get_warning_of (int type)
{
  if (type >= MULTIPLE_MATCH)
    return SP_STRENGTH_WARNING_REPEAT;

  switch (type) {
  case DICTIONARY_MATCH:
  case DICT_LEET_MATCH:
    return SP_STRENGTH_WARNING_DICTIONARY;
  case USER_MATCH:
  case USER_LEET_MATCH:
    return SP_STRENGTH_WARNING_USER_WORD;
  case REPEATS_MATCH:
    return SP_STRENGTH_WARNING_REPEAT;
  case SEQUENCE_MATCH:
    return SP_STRENGTH_WARNING_SEQUENCE;
  case SPATIAL_MATCH:
    return SP_STRENGTH_WARNING_KEYBOARD;
  case DATE_MATCH:
  case YEAR_MATCH:
    return SP_STRENGTH_WARNING_DATE;
  default:
    return SP_STRENGTH_WARNING_NONE;
  }
}

/* The longest part that is not by chance says what is wrong with the whole. */
static SpStrengthWarning
get_warning (const ZxcMatch_t *parts)
{
  SpStrengthWarning warning = SP_STRENGTH_WARNING_NONE;
  int longest = 0;

  for (const ZxcMatch_t *part = parts; part != NULL; part = part->Next) {
    SpStrengthWarning own = get_warning_of ((int) part->Type);

    if (own != SP_STRENGTH_WARNING_NONE && part->Length > longest) {
      longest = part->Length;
      warning = own;
    }
  }
  return warning;
}

static gboolean
is_one_word (const ZxcMatch_t *parts)
{
  if (parts == NULL || parts->Next != NULL)
    return FALSE;

  switch ((int) parts->Type % MULTIPLE_MATCH) {
  case DICTIONARY_MATCH:
  case DICT_LEET_MATCH:
  case USER_MATCH:
  case USER_LEET_MATCH:
    return TRUE;
  default:
    return FALSE;
  }
}

/* Takes over what one piece of the password says, if it is the strongest so far. */
static void
estimate_piece (const char *piece, Words *words, SpStrength *strength)
{
  ZxcMatch_t *parts = NULL;
  double bits = ZxcvbnMatch (piece, words->words, &parts);

  if (bits >= strength->bits) {
    strength->bits = bits;
    strength->common = is_one_word (parts);
    strength->warning = strength->common ? SP_STRENGTH_WARNING_COMMON : get_warning (parts);
  }
  ZxcvbnFreeInfo (parts);
}

/* The shortest beginning that, said again and again, makes the whole. */
static gsize
get_period (const char *text, gsize len)
{
  for (gsize period = 1; period <= len / 2; period++) {
    if (sp_bytes_equal ((const guint8 *) text, (const guint8 *) text + period, len - period))
      return period;
  }
  return len;
}

static void
estimate_folded (const SpSecretBuffer *folded, Words *words, SpStrength *strength)
{
  const char *text = (const char *) sp_secret_buffer_peek (folded);
  gsize len = sp_secret_buffer_get_length (folded);
  gsize period = get_period (text, len);
  char piece[MAX_PIECE_LEN + 1];

  for (gsize start = 0; start < period; start += MAX_PIECE_LEN) {
    gsize piece_len = MIN (period - start, MAX_PIECE_LEN);

    memcpy (piece, text + start, piece_len);
    piece[piece_len] = '\0';
    estimate_piece (piece, words, strength);
  }
  SP_WIPE_ARRAY (piece);

  if (period > MAX_PIECE_LEN)
    strength->common = FALSE;
  if (period < len) {
    strength->bits += log2 ((double) len / (double) period);
    /* The dictionary has single letters, too. */
    strength->common = strength->common && period >= MIN_COMMON_LEN;
    if (!strength->common)
      strength->warning = SP_STRENGTH_WARNING_REPEAT;
  }
}

/**
 * sp_strength_estimate:
 * @password: any bytes
 * @user_words: (nullable) (array zero-terminated=1): words that an attacker would try first, such as
 *   the user's name and address and the title of the item; not secret
 * @out_strength: (out): the strength
 *
 * Estimates how many guesses a password withstands, and how long that takes.
 */
void
sp_strength_estimate (const SpSecret *password,
                      const char *const *user_words,
                      SpStrength *out_strength)
{
  g_autoptr (SpSecretBuffer) folded = NULL;
  gsize len;
  const char *text;
  Words words;

  g_return_if_fail (password != NULL && out_strength != NULL);

  memset (out_strength, 0, sizeof *out_strength);
  folded = sp_secret_buffer_new ();
  text = (const char *) sp_secret_peek (password, &len);
  sp_strength_fold (folded, text, len, MAX_PIECES * MAX_PIECE_LEN);
  if (sp_secret_buffer_get_length (folded) == 0) {
    out_strength->warning = SP_STRENGTH_WARNING_EMPTY;
  } else {
    words_init (&words, user_words);
    estimate_folded (folded, &words, out_strength);
    sp_secret_buffer_free (words.text);
  }

  out_strength->guesses_log10 = out_strength->bits * log10 (2);
  out_strength->score = get_score (out_strength->guesses_log10);
  out_strength->vault_time = get_crack_time (out_strength->guesses_log10, SP_STRENGTH_VAULT_RATE);
  out_strength->fast_time = get_crack_time (out_strength->guesses_log10, SP_STRENGTH_FAST_RATE);
  if (out_strength->score >= 3)
    out_strength->warning = SP_STRENGTH_WARNING_NONE;
}

/**
 * sp_strength_warning_get_text:
 * @warning: a warning
 *
 * Gets what to tell the user, to be translated by whoever shows it.
 *
 * Returns: (nullable): a sentence, or `NULL` if there is nothing to say
 */
const char *
sp_strength_warning_get_text (SpStrengthWarning warning)
{
  switch (warning) {
  case SP_STRENGTH_WARNING_EMPTY:
    return N_ ("The password is empty.");
  case SP_STRENGTH_WARNING_COMMON:
    return N_ ("This is a single word or a password that many people use.");
  case SP_STRENGTH_WARNING_USER_WORD:
    return N_ ("This contains a name or a word that is known about you.");
  case SP_STRENGTH_WARNING_DICTIONARY:
    return N_ ("Words with little around them are guessed early.");
  case SP_STRENGTH_WARNING_KEYBOARD:
    return N_ ("Neighbouring keys are guessed early.");
  case SP_STRENGTH_WARNING_REPEAT:
    return N_ ("Repeated characters or parts add next to nothing.");
  case SP_STRENGTH_WARNING_SEQUENCE:
    return N_ ("Sequences such as “abc” or “6543” are guessed early.");
  case SP_STRENGTH_WARNING_DATE:
    return N_ ("Dates and years are guessed early.");
  case SP_STRENGTH_WARNING_NONE:
  default:
    return NULL;
  }
}
