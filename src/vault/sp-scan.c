/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-scan"

#include "config.h"

#include "vault/sp-scan.h"

#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/**
 * sp_scan:
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
  gsize i = 0;

  if (needle_len == 1)
    return memchr (haystack, needle[0], len);
  if (len < needle_len)
    return NULL;

#if defined(__SSE2__)
  {
    const __m128i first = _mm_set1_epi8 (needle[0]);
    const __m128i last = _mm_set1_epi8 (needle[needle_len - 1]);

    for (; i + needle_len - 1 + 16 <= len; i += 16) {
      const __m128i a = _mm_loadu_si128 ((const __m128i *) (const void *) (haystack + i));
      const __m128i b = _mm_loadu_si128 (
          (const __m128i *) (const void *) (haystack + i + needle_len - 1));
      guint mask = (guint) _mm_movemask_epi8 (
          _mm_and_si128 (_mm_cmpeq_epi8 (a, first), _mm_cmpeq_epi8 (b, last)));

      while (mask != 0) {
        const char *place = haystack + i + __builtin_ctz (mask);

        if (memcmp (place + 1, needle + 1, needle_len - 2) == 0) /* lint: no secrets */
          return place;
        mask &= mask - 1;
      }
    }
  }
#endif
  return memmem (haystack + i, len - i, needle, needle_len);
}
