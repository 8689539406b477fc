/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A needle of n bytes can only stand where its first byte is, with its last one n - 1 bytes on. Both are
 * compared at 64 places at once, and the bytes between only where both agree (W. Mula, "SIMD-friendly algorithms
 * for substring searching", 2016).
 *
 *   strings   . . . . 0 . . . . . 0 . . . . . 0 . .      number of a string: how many NULs are before
 *   first     [i ........ i + 63]
 *   last          [i + n - 1 .... i + n + 62]
 *
 * Which string a place is in is told by counting the bits of the NULs before it, so nothing but the text is read.
 * The last blocks, in which that would reach beyond the text, are copied and filled up with NULs, which no needle
 * has. Few branches depend on the text, since half of all items may have a word, in an order that no processor
 * foresees. */

#define G_LOG_DOMAIN "sp-scan"

#include "config.h"

#include "vault/sp-scan.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define BLOCK_LEN  64
#define PREFIX_LEN 8 /* bytes of a needle that are compared as one number */

/* Longer needles are left to memmem(), whose time does not grow with the product of both lengths. */
#define BLOCK_NEEDLE_MAX 256

/* What a place is, from the byte before: that of a letter or digit of ASCII, of another character, or a NUL. */
static inline guint8
get_place (const char *at)
{
  guint8 before = (guint8) at[-1];
  gunichar c;

  if (G_LIKELY (before < 0x80))
    return before == '\0' ? SP_PLACE_START : (guint8) (SP_PLACE_WORD + g_ascii_isalnum (before));
  c = g_utf8_get_char (g_utf8_prev_char (at));
  return g_unichar_isalnum (c) || g_unichar_ismark (c) ? SP_PLACE_ELSEWHERE : SP_PLACE_WORD;
}

/**
 * sp_scan: (skip)
 * @haystack: where to look
 * @len: its length in bytes
 * @needle: what to look for
 * @needle_len: its length in bytes, at least 1
 *
 * Returns: (nullable): the first place where it stands
 */
const char *
sp_scan (const char *haystack, gsize len, const char *needle, gsize needle_len)
{
  if (needle_len == 1)
    return memchr (haystack, needle[0], len);
  return memmem (haystack, len, needle, needle_len);
}

static guint64
scan_strings_portable (const char *strings,
                       gsize len,
                       const char *needle,
                       gsize needle_len,
                       guint8 *out_places)
{
  guint64 found = 0;

  for (guint i = 0; i < SP_SCAN_MAX_STRINGS; i++) {
    const char *nul = memchr (strings, '\0', len);
    gsize string_len = nul != NULL ? (gsize) (nul - strings) : len;
    const char *at = strings;

    if (out_places != NULL)
      out_places[i] = SP_PLACE_NONE;
    while ((at = sp_scan (at, string_len - (gsize) (at - strings), needle, needle_len)) != NULL) {
      found |= G_GUINT64_CONSTANT (1) << i;
      if (out_places == NULL)
        break;
      out_places[i] = MIN (out_places[i], at == strings ? SP_PLACE_START : get_place (at));
      at++;
    }
    strings += MIN (string_len + 1, len);
    len -= MIN (string_len + 1, len);
  }
  return found;
}

#if defined(__x86_64__)

#define ALWAYS_INLINE inline __attribute__ ((always_inline))
#define AVX2          __attribute__ ((target ("avx2,popcnt")))

/* The 64 places from `at` on where one byte is `first`, and that at a distance is `last`. */
typedef guint64 (*CompareFunc) (const char *at, char first, gsize distance, char last);
/* Which of 64 bytes are ASCII letters and digits, and which are no ASCII. */
typedef guint64 (*ClassifyFunc) (const char *at, guint64 *out_high);

typedef struct {
  CompareFunc compare;
  ClassifyFunc classify;
} Vectors;

/* What is looked for. */
typedef struct {
  const char *text;
  gsize len;
  guint64 prefix; /* up to PREFIX_LEN bytes of it, as one number */
  guint64 prefix_mask;
} Needle;

/* 64 bytes of the strings. */
typedef struct {
  const char *at; /* may be a copy */
  guint64 bits;   /* where the needle stands */
  guint64 nuls;
  guint64 starts; /* where a string begins */
  guint64 words;  /* where a word does, or a string */
} Block;

static inline guint64
load_word (const char *at)
{
  guint64 word;

  memcpy (&word, at, sizeof word);
  return word;
}

static ALWAYS_INLINE void
needle_init (Needle *self, const char *text, gsize len)
{
  gsize prefix_len = MIN (len, PREFIX_LEN);

  self->text = text;
  self->len = len;
  self->prefix = 0;
  memcpy (&self->prefix, text, prefix_len);
  self->prefix_mask = G_MAXUINT64 >> (64 - 8 * prefix_len);
}

/* Of the places where its first and last byte are, those where all of it is. */
static ALWAYS_INLINE guint64
verify (const Needle *needle, const char *at, guint64 bits)
{
  guint64 left = bits;

  if (needle->len <= 2)
    return bits;
  for (; bits != 0; bits &= bits - 1) {
    const char *place = at + __builtin_ctzll (bits);

    if ((load_word (place) & needle->prefix_mask) != needle->prefix ||
        (needle->len > PREFIX_LEN &&
         memcmp (place + PREFIX_LEN, needle->text + PREFIX_LEN, /* lint: no secrets */
                 needle->len - PREFIX_LEN) != 0))
      left &= ~(bits & -bits);
  }
  return left;
}

/* A block from which one may read as far as is needed to compare. */
static ALWAYS_INLINE const char *
get_block (const char *at, gsize left, gsize needle_len, char *copy)
{
  if (G_LIKELY (left >= BLOCK_LEN + MAX (needle_len, PREFIX_LEN)))
    return at;
  memset (copy, 0, BLOCK_LEN + BLOCK_NEEDLE_MAX);
  memcpy (copy, at, left);
  return copy;
}

/* `strings` is where all begins, and `distance` that of the block. */
static ALWAYS_INLINE void
find_starts (Block *block, const char *strings, gsize distance, const Vectors *vectors)
{
  guint64 high;
  guint64 letters = vectors->classify (block->at, &high);
  /* The byte before is in another block, or has to be looked up as a part of a character. */
  guint64 unsure = block->bits & (high << 1 | 1);

  block->starts = block->nuls << 1;
  block->words = ~(letters | high) << 1;
  for (; unsure != 0; unsure &= unsure - 1) {
    const char *place = strings + distance + __builtin_ctzll (unsure);
    guint8 what = place == strings ? SP_PLACE_START : get_place (place);

    if (what == SP_PLACE_START)
      block->starts |= unsure & -unsure;
    if (what <= SP_PLACE_WORD)
      block->words |= unsure & -unsure;
  }
}

/* The strings in which bits are set, the first of which has the number `index`. */
static ALWAYS_INLINE guint64
take_strings (const Block *block, guint index, guint8 *places)
{
  guint64 bits = block->bits, found = 0;

  while (bits != 0) {
    guint64 before = (bits & -bits) - 1;
    guint64 end = block->nuls & ~before;
    guint64 here = bits & ((end & -end) - 1);
    guint i = (index + (guint) __builtin_popcountll (block->nuls & before)) % SP_SCAN_MAX_STRINGS;

    found |= G_GUINT64_CONSTANT (1) << i;
    if (places != NULL) {
      guint8 place = (guint8) (SP_PLACE_ELSEWHERE - ((here & block->words) != 0) -
                               ((here & block->starts) != 0));

      places[i] = MIN (places[i], place);
    }
    bits ^= here;
  }
  return found;
}

static ALWAYS_INLINE guint64
scan_blocks (const char *strings,
             gsize len,
             const Needle *needle,
             guint8 *places,
             const Vectors *vectors)
{
  char copy[BLOCK_LEN + BLOCK_NEEDLE_MAX];
  char first = needle->text[0], last = needle->text[needle->len - 1];
  guint64 found = 0;
  guint n_nuls = 0;

  if (places != NULL)
    memset (places, SP_PLACE_NONE, SP_SCAN_MAX_STRINGS);
  for (gsize i = 0; i < len; i += BLOCK_LEN) {
    Block block = { .starts = 0, .words = 0 };

    block.at = get_block (strings + i, len - i, needle->len, copy);
    block.bits = vectors->compare (block.at, first, needle->len - 1, last);
    block.nuls = vectors->compare (block.at, '\0', 0, '\0');
    if (block.bits != 0)
      block.bits = verify (needle, block.at, block.bits);
    if (block.bits != 0) {
      if (places != NULL)
        find_starts (&block, strings, i, vectors);
      found |= take_strings (&block, n_nuls, places);
    }
    n_nuls += (guint) __builtin_popcountll (block.nuls);
  }
  return found;
}

static ALWAYS_INLINE guint64
compare_sse2 (const char *at, char first, gsize distance, char last)
{
  guint64 bits = 0;

  for (guint i = 0; i < BLOCK_LEN; i += 16) {
    const __m128i a = _mm_loadu_si128 ((const __m128i *) (const void *) (at + i));
    const __m128i b = _mm_loadu_si128 ((const __m128i *) (const void *) (at + i + distance));
    const __m128i both = _mm_and_si128 (_mm_cmpeq_epi8 (a, _mm_set1_epi8 (first)),
                                        _mm_cmpeq_epi8 (b, _mm_set1_epi8 (last)));

    bits |= (guint64) (guint) _mm_movemask_epi8 (both) << i;
  }
  return bits;
}

static ALWAYS_INLINE __m128i
is_between_sse2 (__m128i bytes, char from, char to)
{
  const __m128i distance = _mm_sub_epi8 (bytes, _mm_set1_epi8 (from));

  return _mm_cmpeq_epi8 (_mm_min_epu8 (distance, _mm_set1_epi8 ((char) (to - from))), distance);
}

static ALWAYS_INLINE guint64
classify_sse2 (const char *at, guint64 *out_high)
{
  guint64 letters = 0, high = 0;

  for (guint i = 0; i < BLOCK_LEN; i += 16) {
    const __m128i bytes = _mm_loadu_si128 ((const __m128i *) (const void *) (at + i));
    const __m128i lower = _mm_or_si128 (bytes, _mm_set1_epi8 (0x20));
    const __m128i either = _mm_or_si128 (is_between_sse2 (lower, 'a', 'z'),
                                         is_between_sse2 (bytes, '0', '9'));

    letters |= (guint64) (guint) _mm_movemask_epi8 (either) << i;
    high |= (guint64) (guint) _mm_movemask_epi8 (bytes) << i;
  }
  *out_high = high;
  return letters;
}

static const Vectors vectors_sse2 = { compare_sse2, classify_sse2 };

/* Every x86-64 processor has SSE2. */
static guint64
scan_strings_sse2 (const char *strings,
                   gsize len,
                   const char *needle,
                   gsize needle_len,
                   guint8 *out_places)
{
  Needle self;

  if (needle_len > BLOCK_NEEDLE_MAX)
    return scan_strings_portable (strings, len, needle, needle_len, out_places);
  needle_init (&self, needle, needle_len);
  return scan_blocks (strings, len, &self, out_places, &vectors_sse2);
}

AVX2 static ALWAYS_INLINE guint64
compare_avx2 (const char *at, char first, gsize distance, char last)
{
  guint64 bits = 0;

  for (guint i = 0; i < BLOCK_LEN; i += 32) {
    const __m256i a = _mm256_loadu_si256 ((const __m256i *) (const void *) (at + i));
    const __m256i b = _mm256_loadu_si256 ((const __m256i *) (const void *) (at + i + distance));
    const __m256i both = _mm256_and_si256 (_mm256_cmpeq_epi8 (a, _mm256_set1_epi8 (first)),
                                           _mm256_cmpeq_epi8 (b, _mm256_set1_epi8 (last)));

    bits |= (guint64) (guint) _mm256_movemask_epi8 (both) << i;
  }
  return bits;
}

AVX2 static ALWAYS_INLINE __m256i
is_between_avx2 (__m256i bytes, char from, char to)
{
  const __m256i distance = _mm256_sub_epi8 (bytes, _mm256_set1_epi8 (from));

  return _mm256_cmpeq_epi8 (_mm256_min_epu8 (distance, _mm256_set1_epi8 ((char) (to - from))),
                            distance);
}

AVX2 static ALWAYS_INLINE guint64
classify_avx2 (const char *at, guint64 *out_high)
{
  guint64 letters = 0, high = 0;

  for (guint i = 0; i < BLOCK_LEN; i += 32) {
    const __m256i bytes = _mm256_loadu_si256 ((const __m256i *) (const void *) (at + i));
    const __m256i lower = _mm256_or_si256 (bytes, _mm256_set1_epi8 (0x20));
    const __m256i either = _mm256_or_si256 (is_between_avx2 (lower, 'a', 'z'),
                                            is_between_avx2 (bytes, '0', '9'));

    letters |= (guint64) (guint) _mm256_movemask_epi8 (either) << i;
    high |= (guint64) (guint) _mm256_movemask_epi8 (bytes) << i;
  }
  *out_high = high;
  return letters;
}

static const Vectors vectors_avx2 = { compare_avx2, classify_avx2 };

AVX2 static guint64
scan_strings_avx2 (const char *strings,
                   gsize len,
                   const char *needle,
                   gsize needle_len,
                   guint8 *out_places)
{
  Needle self;

  if (needle_len > BLOCK_NEEDLE_MAX)
    return scan_strings_portable (strings, len, needle, needle_len, out_places);
  needle_init (&self, needle, needle_len);
  return scan_blocks (strings, len, &self, out_places, &vectors_avx2);
}

#endif

/**
 * sp_scan_list_variants: (skip)
 * @out_n: (out): how many
 *
 * Returns: (transfer none) (array length=out_n): the ways to scan that this machine has, the best last
 */
const SpScanVariant *
sp_scan_list_variants (gsize *out_n)
{
  static const SpScanVariant variants[] = {
    { "portable", scan_strings_portable },
#if defined(__x86_64__)
    { "sse2", scan_strings_sse2 },
    { "avx2", scan_strings_avx2 },
#endif
  };

  *out_n = G_N_ELEMENTS (variants);
#if defined(__x86_64__)
  if (!__builtin_cpu_supports ("avx2") || !__builtin_cpu_supports ("popcnt"))
    *out_n -= 1;
#endif
  return variants;
}

/**
 * sp_scan_strings: (skip)
 * @strings: (array length=len): at most `SP_SCAN_MAX_STRINGS` strings, with a NUL behind each
 * @len: their length in bytes, NULs included
 * @needle: what to look for, without a NUL
 * @needle_len: its length in bytes, at least 1
 * @out_places: (out caller-allocates): its best place in each string
 *
 * Returns: a bit for each string, the lowest for the first: whether it has the needle
 */
guint64
sp_scan_strings (const char *strings,
                 gsize len,
                 const char *needle,
                 gsize needle_len,
                 guint8 *out_places)
{
  gsize n;
  const SpScanVariant *variants = sp_scan_list_variants (&n);

  return variants[n - 1].scan_strings (strings, len, needle, needle_len, out_places);
}
