/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Folding: what finds each other and what does not, in many scripts; no separator comes out of it. */

#define G_LOG_DOMAIN "sp-test"

#include "config.h"

#include <string.h>

#include "common/sp-test-item.h"
#include "common/sp-test.h"
#include "vault/sp-search.h"

#define LAST_CHARACTER 0x10ffff

static void
assert_folded (const char *text, const char *expected)
{
  g_autofree char *folded = sp_search_fold (text);

  g_assert_cmpstr (folded, ==, expected);
}

/* Both are one to the search. */
static void
assert_same (const char *a, const char *b)
{
  g_autofree char *folded = sp_search_fold (b);

  assert_folded (a, folded);
}

static gboolean
is_found (const char *text, const char *word)
{
  g_autofree char *folded_text = sp_search_fold (text);
  g_autofree char *folded_word = sp_search_fold (word);

  return strstr (folded_text, folded_word) != NULL;
}

static void
test_ascii (void)
{
  assert_folded ("", "");
  assert_folded ("GitHub-Login 42_@.~", "github-login 42_@.~");
}

static void
test_control_characters (void)
{
  assert_folded ("a\x01"
                 "b\x02"
                 "c\td\n\x7f"
                 "e",
                 "a b c d  e");
  assert_folded ("\xc3\xa4\x01"
                 "b\x02\xc2\x85\xc3\xa4\x7f",
                 "a b  a ");
}

static void
test_latin (void)
{
  assert_folded ("Ä ä Ö Ü é È ñ ç Š ž", "a a o u e e n c s z");
  assert_folded ("Straße STRASSE ẞ", "strasse strasse ss");
  assert_folded ("Ærø Œuvre Łódź Đakovo Þór Ħal ð ŧ", "aero oeuvre lodz dakovo thor hal d t");
  assert_folded ("İstanbul ısı ISI", "istanbul isi isi");
  assert_folded ("Nguyễn Đường", "nguyen duong");
  assert_folded ("ǽ ǿ", "ae o");
  /* As one character and as two. */
  assert_same ("caf\xc3\xa9", "cafe\xcc\x81");
}

static void
test_compatibility (void)
{
  assert_folded ("ﬁnance ①② ｂａｎｋ ℌ ㎏ Å", "finance 12 bank h kg a");
  assert_folded ("a\xc2\xa0"
                 "b\xe3\x80\x80"
                 "c",
                 "a b c");
  assert_same ("ﾊﾞﾝｸ", "バンク");
}

static void
test_quotes_and_dashes (void)
{
  assert_folded ("O’Brien ‘n’ Söhne – Bank—Mail", "o'brien 'n' sohne - bank-mail");
}

static void
test_greek (void)
{
  assert_folded ("Τράπεζα", "τραπεζα");
  /* The final sigma is a sigma. */
  assert_same ("ΟΔΟΣ", "οδός");
  g_assert_true (is_found ("Οδός", "οδοσ"));
  g_assert_true (is_found ("ΟΔΟΣ", "οδος"));
}

static void
test_cyrillic (void)
{
  assert_folded ("Почта ЁЛКА", "почта елка");
  g_assert_true (is_found ("Мой банк", "мой"));
  g_assert_true (is_found ("Мой банк", "мои"));
  g_assert_true (is_found ("Київ", "киів"));
  g_assert_false (is_found ("Мой банк", "мои б1"));
}

static void
test_hebrew_and_arabic (void)
{
  /* With points and without. */
  assert_same ("שָׁלוֹם", "שלום");
  assert_same ("مُحَمَّد", "محمد");
  assert_same ("أحمد", "احمد");
  assert_same ("بـنـك", "بنك");
}

/* There a mark is as much as a letter. */
static void
test_marks_that_stay (void)
{
  g_assert_false (is_found ("ที่", "ทา"));
  g_assert_true (is_found ("ธนาคารที่ดี", "ที่"));
  g_assert_false (is_found ("ที่", "ทู"));
  g_assert_false (is_found ("कि", "कु"));
  g_assert_true (is_found ("किताब", "किता"));
  g_assert_false (is_found ("はし", "ばし"));
  assert_same ("ガス", "カ\xe3\x82\x99"
                       "ス");
  g_assert_true (is_found ("น้ำ", "น้ำ"));
}

static void
test_east_asia (void)
{
  assert_folded ("銀行 中国", "銀行 中国");
  /* Found while the syllable is typed. */
  g_assert_true (is_found ("한국은행", "한"));
  g_assert_true (is_found ("한국은행", "하"));
  g_assert_false (is_found ("한국은행", "허"));
}

static void
test_invisible (void)
{
  assert_same ("Pass\xc2\xad"
               "wort\xe2\x80\x8b ä",
               "Passwort ä");
  assert_same ("\xef\xbb\xbf"
               "Bank",
               "bank");
  assert_same ("\xe2\x9d\xa4\xef\xb8\x8f", "\xe2\x9d\xa4");
}

static void
test_not_utf8 (void)
{
  g_autofree char *folded = sp_search_fold ("A\xff\xc3");

  g_assert_true (g_utf8_validate (folded, -1, NULL));
  g_assert_true (g_str_has_prefix (folded, "a"));
}

/* Each character alone: valid, without separators, and folding again changes nothing. */
static void
test_all_characters (void)
{
  for (gunichar c = 1; c <= LAST_CHARACTER; c++) {
    g_autofree char *folded = NULL;
    g_autofree char *again = NULL;
    char text[7] = { 0 };

    if (!g_unichar_validate (c))
      continue;
    g_unichar_to_utf8 (c, text);
    folded = sp_search_fold (text);
    again = sp_search_fold (folded);
    if (!g_str_equal (folded, again))
      g_error ("U+%04X is folded to %s, and that to %s", c, folded, again);
    g_assert_true (g_utf8_validate (folded, -1, NULL));
    for (const char *at = folded; *at != '\0'; at++)
      g_assert_false (g_ascii_iscntrl (*at));
  }
}

/* The first half of a text is found in it, whatever it is. */
static void
test_prefixes_are_found (void)
{
  guint64 state = 20261124;

  for (guint i = 0; i < 3000; i++) {
    g_autofree char *text = sp_test_text_random (&state, 30);
    glong n = g_utf8_strlen (text, -1);
    g_autofree char *half = g_utf8_substring (text, 0, n / 2);

    g_assert_true (is_found (text, half));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/vault/fold/ascii", test_ascii);
  g_test_add_func ("/vault/fold/control-characters", test_control_characters);
  g_test_add_func ("/vault/fold/latin", test_latin);
  g_test_add_func ("/vault/fold/compatibility", test_compatibility);
  g_test_add_func ("/vault/fold/quotes-and-dashes", test_quotes_and_dashes);
  g_test_add_func ("/vault/fold/greek", test_greek);
  g_test_add_func ("/vault/fold/cyrillic", test_cyrillic);
  g_test_add_func ("/vault/fold/hebrew-and-arabic", test_hebrew_and_arabic);
  g_test_add_func ("/vault/fold/marks-that-stay", test_marks_that_stay);
  g_test_add_func ("/vault/fold/east-asia", test_east_asia);
  g_test_add_func ("/vault/fold/invisible", test_invisible);
  g_test_add_func ("/vault/fold/not-utf8", test_not_utf8);
  g_test_add_func ("/vault/fold/all-characters", test_all_characters);
  g_test_add_func ("/vault/fold/prefixes-are-found", test_prefixes_are_found);

  return sp_test_run ();
}
