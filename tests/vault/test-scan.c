/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Scanning: every way of this machine against a loop over bytes, on random and on awkward strings. Strings lie
 * at the end of a mapping whose next page may not be read, and at its start. */

#define G_LOG_DOMAIN "sp-test"

#include "config.h"

#include "vault/sp-scan.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/sp-test.h"

#define ROOM_LEN 8192

typedef struct {
  char *mapping;
  char *room; /* ROOM_LEN bytes between two pages that may not be read */
  gsize page_len;
} Guarded;

static void
guarded_init (Guarded *self)
{
  self->page_len = (gsize) sysconf (_SC_PAGESIZE);
  self->mapping = mmap (NULL, ROOM_LEN + 2 * self->page_len, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
                        -1, 0);
  g_assert_true (self->mapping != MAP_FAILED);
  self->room = self->mapping + self->page_len;
  g_assert_cmpint (mprotect (self->room, ROOM_LEN, PROT_READ | PROT_WRITE), ==, 0);
}

static void
guarded_clear (Guarded *self)
{
  munmap (self->mapping, ROOM_LEN + 2 * self->page_len);
}

static gboolean
is_letter_before (const char *string, gsize at)
{
  const char *before = g_utf8_prev_char (string + at);
  gunichar c = g_utf8_get_char (before);

  return g_unichar_isalnum (c) || g_unichar_ismark (c);
}

/* What is asked for, byte by byte. */
static SpPlace
get_best_place (const char *string, gsize len, const char *needle, gsize needle_len)
{
  SpPlace best = SP_PLACE_NONE;

  for (gsize at = 0; at + needle_len <= len; at++) {
    gsize same = 0;

    while (same < needle_len && string[at + same] == needle[same])
      same++;
    if (same < needle_len)
      continue;
    if (at == 0)
      return SP_PLACE_START;
    best = MIN (best, is_letter_before (string, at) ? SP_PLACE_ELSEWHERE : SP_PLACE_WORD);
  }
  return best;
}

static void
assert_variant (const SpScanVariant *variant,
                const char *strings,
                gsize len,
                const char *needle,
                gsize needle_len)
{
  guint8 places[SP_SCAN_MAX_STRINGS];
  guint64 found = variant->scan_strings (strings, len, needle, needle_len, places);
  guint index = 0;

  g_assert_cmphex (variant->scan_strings (strings, len, needle, needle_len, NULL), ==, found);
  for (gsize begin = 0; begin < len; index++) {
    const char *nul = memchr (strings + begin, '\0', len - begin);
    gsize end = nul != NULL ? (gsize) (nul - strings) : len;
    SpPlace expected = get_best_place (strings + begin, end - begin, needle, needle_len);

    if (places[index] != expected || (found >> index & 1) != (expected != SP_PLACE_NONE))
      g_error ("%s: place %u instead of %u, of \"%.*s\" in string %u, \"%.*s\"", variant->name,
               places[index], expected, (int) needle_len, needle, index, (int) (end - begin),
               strings + begin);
    begin = end + 1;
  }
  g_assert_cmphex (index == 64 ? 0 : found >> index, ==, 0);
}

/* At both ends of the room, so that a read outside of it ends the test. */
static void
assert_all (Guarded *guarded, const char *strings, gsize len, const char *needle, gsize needle_len)
{
  gsize n;
  const SpScanVariant *variants = sp_scan_list_variants (&n);

  g_assert_cmpuint (len, <=, ROOM_LEN);
  memcpy (guarded->room, strings, len);
  for (gsize i = 0; i < n; i++)
    assert_variant (&variants[i], guarded->room, len, needle, needle_len);
  memcpy (guarded->room + ROOM_LEN - len, strings, len);
  for (gsize i = 0; i < n; i++)
    assert_variant (&variants[i], guarded->room + ROOM_LEN - len, len, needle, needle_len);
}

static gsize
below (guint64 *state, gsize bound)
{
  return (gsize) (sp_test_random (state) % bound);
}

/* Few different characters, so that needles are found, and nearly. */
static void
append_random (GString *text, guint64 *state, gsize max)
{
  static const char *const characters[] = { "a", "b", "a", " ", "/", "1", "ж", "·", "銀", "\x01" };
  gsize n = below (state, max + 1);

  for (gsize i = 0; i < n; i++)
    g_string_append (text, characters[below (state, G_N_ELEMENTS (characters))]);
}

static void
test_random (void)
{
  guint64 state = 4711;
  Guarded guarded;

  guarded_init (&guarded);
  for (guint i = 0; i < 4000; i++) {
    g_autoptr (GString) strings = g_string_new (NULL);
    g_autoptr (GString) needle = g_string_new (NULL);
    gsize n = 1 + below (&state, 12);

    for (gsize j = 0; j < n; j++) {
      append_random (strings, &state, 60);
      g_string_append_c (strings, '\0');
    }
    append_random (needle, &state, i % 16 == 0 ? 40 : 4);
    g_string_append_c (needle, 'a');
    assert_all (&guarded, strings->str, strings->len - i % 2, needle->str, needle->len);
  }
  guarded_clear (&guarded);
}

/* The needle at every place around the borders of blocks, in strings of every length. */
static void
test_every_place (void)
{
  static const char *const needles[] = {
    "x", "xy", "xyz", "xyzxyzx", "xyzxyzxy", "xyzxyzxyz", "xyzxyzxyzxyzxyzxyzxyzxyzxyzxyzxyzxyz"
  };
  Guarded guarded;

  guarded_init (&guarded);
  for (gsize i = 0; i < G_N_ELEMENTS (needles); i++) {
    gsize needle_len = strlen (needles[i]);

    for (gsize len = 1; len <= 150; len += len < 140 ? 3 : 1)
      for (gsize at = 0; at + needle_len <= len; at += 1 + at % 3) {
        char text[150];

        memset (text, '.', sizeof text);
        memcpy (text + at, needles[i], needle_len);
        assert_all (&guarded, text, len, needles[i], needle_len);
      }
  }
  guarded_clear (&guarded);
}

/* All that a page may have, each string found and none. */
static void
test_many_strings (void)
{
  g_autoptr (GString) strings = g_string_new (NULL);
  Guarded guarded;
  guint8 places[SP_SCAN_MAX_STRINGS];

  guarded_init (&guarded);
  for (guint i = 0; i < SP_SCAN_MAX_STRINGS; i++) {
    g_string_append_printf (strings, "%s%u", i % 3 == 0 ? "needle" : "a needle", i);
    g_string_append_c (strings, '\0');
  }
  g_assert_cmphex (sp_scan_strings (strings->str, strings->len, "needle", 6, places), ==,
                   G_MAXUINT64);
  for (guint i = 0; i < SP_SCAN_MAX_STRINGS; i++)
    g_assert_cmpuint (places[i], ==, i % 3 == 0 ? SP_PLACE_START : SP_PLACE_WORD);
  assert_all (&guarded, strings->str, strings->len, "needle", 6);
  assert_all (&guarded, strings->str, strings->len, "63", 2);
  assert_all (&guarded, strings->str, strings->len, "needles", 7);
  guarded_clear (&guarded);
}

/* Empty strings count, and have nothing. */
static void
test_empty_strings (void)
{
  static const char strings[] = "\0\0a\0\0\0a";
  Guarded guarded;

  guarded_init (&guarded);
  g_assert_cmphex (sp_scan_strings (strings, sizeof strings, "a", 1, NULL), ==, 0x24);
  assert_all (&guarded, strings, sizeof strings, "a", 1);
  assert_all (&guarded, strings, sizeof strings - 1, "a", 1);
  assert_all (&guarded, "", 0, "a", 1);
  guarded_clear (&guarded);
}

/* Where nearly every place looks as if it were one, and needles longer than a block or than any vector takes. */
static void
test_awkward (void)
{
  static const gsize lens[] = { 2, 8, 9, 63, 64, 65, 128, 255, 256, 257, 700 };
  g_autofree char *text = g_strnfill (3000, 'a');
  Guarded guarded;

  guarded_init (&guarded);
  text[1500] = 'b';
  text[2200] = '\0';
  for (gsize i = 0; i < G_N_ELEMENTS (lens); i++) {
    g_autofree char *needle = g_strnfill (lens[i], 'a');

    assert_all (&guarded, text, 3000, needle, lens[i]);
    needle[lens[i] / 2] = 'b';
    assert_all (&guarded, text, 3000, needle, lens[i]);
    needle[lens[i] - 1] = 'c';
    assert_all (&guarded, text, 3000, needle, lens[i]);
  }
  guarded_clear (&guarded);
}

static void
assert_place (const char *string, const char *needle, SpPlace expected)
{
  guint8 places[SP_SCAN_MAX_STRINGS];

  sp_scan_strings (string, strlen (string), needle, strlen (needle), places);
  g_assert_cmpuint (places[0], ==, expected);
}

static void
test_places (void)
{
  assert_place ("bank", "bank", SP_PLACE_START);
  assert_place ("my bank", "bank", SP_PLACE_WORD);
  assert_place ("mybank", "bank", SP_PLACE_ELSEWHERE);
  assert_place ("mybank my-bank", "bank", SP_PLACE_WORD);
  assert_place ("1bank", "bank", SP_PLACE_ELSEWHERE);
  assert_place ("«банк", "банк", SP_PLACE_WORD);
  assert_place ("збанк", "банк", SP_PLACE_ELSEWHERE);
  assert_place ("中国銀行", "銀行", SP_PLACE_ELSEWHERE);
  assert_place ("ก่bank", "bank", SP_PLACE_ELSEWHERE);
  assert_place ("ban", "bank", SP_PLACE_NONE);
}

static void
test_variants (void)
{
  gsize n;
  const SpScanVariant *variants = sp_scan_list_variants (&n);

  g_assert_cmpstr (variants[0].name, ==, "portable");
#if defined(__x86_64__)
  g_assert_cmpuint (n, >=, 2);
  g_assert_cmpstr (variants[1].name, ==, "sse2");
#endif
}

static void
test_first (void)
{
  static const char text[] = "abcabc";

  g_assert_true (sp_scan (text, 6, "c", 1) == text + 2);
  g_assert_true (sp_scan (text, 6, "ca", 2) == text + 2);
  g_assert_null (sp_scan (text, 5, "bcab c", 6));
  g_assert_null (sp_scan (text, 5, "cabc", 4));
  g_assert_null (sp_scan (text, 0, "a", 1));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/vault/scan/random", test_random);
  g_test_add_func ("/vault/scan/every-place", test_every_place);
  g_test_add_func ("/vault/scan/many-strings", test_many_strings);
  g_test_add_func ("/vault/scan/empty-strings", test_empty_strings);
  g_test_add_func ("/vault/scan/awkward", test_awkward);
  g_test_add_func ("/vault/scan/places", test_places);
  g_test_add_func ("/vault/scan/variants", test_variants);
  g_test_add_func ("/vault/scan/first", test_first);

  return sp_test_run ();
}
